/* plain_scan.h - the addresses in text found a byte at a time, by the definition in net/scan.h: the
 * reference for the scanner's blocks. */
#ifndef SOUNDER_TESTS_PLAIN_SCAN_H
#define SOUNDER_TESTS_PLAIN_SCAN_H

#include <arpa/inet.h>
#include <string.h>

#include "net/scan.h"

static inline bool plain_is(char c, const char *set)
{
	return c != '\0' && strchr(set, c);
}

#define PLAIN_DIGITS "0123456789"
#define PLAIN_ALNUM PLAIN_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Takes text[start..end) for an address of that version. */
static inline bool plain_take(const char *text, unsigned version, struct sdr_scan_hit *hit)
{
	char copy[INET6_ADDRSTRLEN] = "";
	if (hit->end - hit->start >= sizeof(copy))
		return false;
	memcpy(copy, text + hit->start, hit->end - hit->start);
	hit->addr = (struct sdr_addr){.version = (uint8_t)version};
	return strlen(copy) == hit->end - hit->start &&
		inet_pton(version == 4 ? AF_INET : AF_INET6, copy, hit->addr.bytes) == 1;
}

/* The address that the run of its characters around `at` is. */
static inline bool plain_read(const struct sdr_scan *scan, size_t at, struct sdr_scan_hit *hit)
{
	const char *text = scan->bytes;
	unsigned version = text[at] == '.' ? 4 : 6;
	const char *run = version == 4 ? PLAIN_DIGITS "." : PLAIN_DIGITS "abcdefABCDEF:.";
	size_t start = at, end = at;
	while (start > scan->at && plain_is(text[start - 1], run))
		start--;
	while (end < scan->end && plain_is(text[end], run))
		end++;
	bool joined = end < scan->end && plain_is(text[end], PLAIN_ALNUM);
	if (version == 4) {
		while (start < at && text[start] == '.')
			start++;
		while (end > at && text[end - 1] == '.')
			end--;
	} else {
		bool colon = end - start >= 2 && text[start] == ':' && text[start + 1] != ':';
		joined |= !colon && start > scan->at && plain_is(text[start - 1], PLAIN_ALNUM);
		start += colon;
		if (end - start > 2 &&
			(text[end - 1] == '.' || (text[end - 1] == ':' && text[end - 2] != ':')))
			end--;
	}
	hit->start = start;
	hit->end = end;
	return !joined && plain_take(text, version, hit);
}

/* What sdr_scan_find does. */
static inline bool plain_find(const struct sdr_scan *scan, struct sdr_scan_hit *hit)
{
	for (size_t at = scan->at; at < scan->end; at++) {
		struct sdr_prefix match;
		if (scan->bytes[at] != '.' && (scan->bytes[at] != ':' || !scan->six))
			continue;
		if (plain_read(scan, at, hit) &&
			(sdr_prefix_set_find(scan->set, &hit->addr, &match) || scan->any))
			return true;
	}
	return false;
}

/* Whether both find the same first address in every line of bytes[at..end), and continue from there
 * to the same next one. */
static inline bool plain_agrees(
	const struct sdr_prefix_set *set, bool any, const char *bytes, size_t at, size_t end)
{
	struct sdr_scan scan = sdr_scan_of(set, any);
	scan.bytes = bytes;
	scan.end = end;
	for (scan.at = at; scan.at < end;) {
		struct sdr_scan_hit one = {0}, other = {0};
		bool found = sdr_scan_find(&scan, &one);
		if (found != plain_find(&scan, &other))
			return false;
		if (!found)
			return true;
		struct sdr_prefix match, held = {0};
		bool in = sdr_prefix_set_find(set, &other.addr, &match);
		if (one.start != other.start || one.end != other.end ||
			sdr_addr_compare(&one.addr, &other.addr) != 0)
			return false;
		if (one.index != SDR_PREFIX_NONE)
			held = sdr_prefix_set_at(set, one.addr.version, one.index);
		if (in != (one.index != SDR_PREFIX_NONE) ||
			(in &&
				(held.length != match.length ||
					sdr_addr_compare(&held.addr, &match.addr) != 0)))
			return false;
		const char *line = memchr(bytes + one.end, '\n', end - one.end);
		scan.at = line ? (size_t)(line - bytes) + 1 : end;
	}
	return true;
}

#endif
