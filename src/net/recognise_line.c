/* recognise_line.c - the first address in a line of a log, and the mask or the port after it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "net/recognise.h"

#define DIGITS "0123456789"
/* Bytes of an address's characters in a row, beyond which it is something else: keeps long lines
 * linear. */
#define RUN_MAX 200

/* Reads text[length] as an address or a network. */
static bool take_token(const char *text, size_t length, struct sdr_reading *reading)
{
	char token[SDR_PREFIX_TEXT];
	struct sdr_prefix prefix;
	if (length >= sizeof(token))
		return false;
	memcpy(token, text, length);
	token[length] = '\0';
	if (memchr(text, '/', length)) {
		if (sdr_prefix_parse(token, &prefix, NULL) != SDR_OK)
			return false;
		reading->addr = prefix.addr;
		reading->length = prefix.length;
		reading->has_length = true;
		return true;
	}
	reading->has_length = false;
	return sdr_addr_parse(token, &reading->addr, NULL) == SDR_OK;
}

/* Finds an address at the beginning of a run of its characters: whole, without what ends a
 * sentence, without a port or a path behind it. Returns its length, 0 if there is none. */
static size_t take_run(const char *run, size_t length, struct sdr_reading *reading)
{
	size_t all = length;
	while (length > 0 && strcspn(run, DIGITS) < length) {
		bool whole = length == all || strchr(".:/", run[length]);
		if (whole && take_token(run, length, reading))
			return length;
		if (strchr(".:/", run[length - 1]) &&
			!(length > 1 && run[length - 1] == ':' && run[length - 2] == ':')) {
			length--;
			continue;
		}
		/* 192.0.2.1:80, 192.0.2.1/index: what is behind the colon or slash goes. A group of
		 * an IPv6 address never does. */
		const char *slash = memrchr(run, '/', length), *colon = memrchr(run, ':', length);
		if (slash)
			length = (size_t)(slash - run);
		else if (colon && memchr(run, ':', length) == colon)
			length = (size_t)(colon - run);
		else
			return 0;
	}
	return 0;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* A zone behind an IPv6 address: its bytes, with the percent sign. */
static size_t take_zone(
	const struct sdr_paste *paste, size_t at, size_t size, struct sdr_reading *reading)
{
	size_t end = at + size;
	if (reading->addr.version != 6 || reading->has_length || end >= paste->length ||
		paste->text[end] != '%')
		return 0;
	do
		end++;
	while (end < paste->length &&
		(is_word(paste->text[end]) || strchr(".-", paste->text[end])));
	while (end > at + size && strchr(".-%", paste->text[end - 1]))
		end--;
	return sdr_recognise_zoned(paste->text + at, end - at, reading) ? end - at - size : 0;
}

/* Looks for the next address from `at` on; returns where it begins, `length` if there is none. */
static size_t find_next(const struct sdr_paste *paste, size_t at, struct sdr_reading *reading)
{
	while (at < paste->length) {
		size_t end = at;
		while (end < paste->length &&
			(isxdigit((unsigned char)paste->text[end]) ||
				strchr(".:/", paste->text[end])) &&
			paste->text[end] != '\0')
			end++;
		bool before = at == 0 || !is_word(paste->text[at - 1]);
		bool after = end == paste->length || !is_word(paste->text[end]) ||
			paste->text[end - (end > at)] == '/';
		size_t size = before && after && end - at >= 2 && end - at <= RUN_MAX
			? take_run(paste->text + at, end - at, reading)
			: 0;
		if (size > 0) {
			reading->size = size + take_zone(paste, at, size, reading);
			return at;
		}
		/* Within a run, an address may begin behind a slash or a colon: ://192.0.2.1 */
		if (end > at && end - at <= RUN_MAX && strchr(".:/", paste->text[at]))
			end = at;
		at = end > at ? end : at + 1;
	}
	return paste->length;
}

/* ---- what belongs to the address ---- */

/* A word of the rest of the line: up to a blank or a mark; "Mask:255.0.0.0" and "mask=..." are
 * two. */
static bool next_word(const char **at, const char *end, char out[static RUN_MAX])
{
	static const char gaps[] = " \t,;()[]=\"'";
	while (*at < end && (strchr(gaps, **at) || **at == ':'))
		(*at)++;
	size_t length = 0;
	while (*at + length < end && !strchr(gaps, (*at)[length]))
		length++;
	const char *colon = memchr(*at, ':', length);
	if (colon && strncasecmp(*at, "mask:", 5) == 0)
		length = (size_t)(colon - *at);
	if (length == 0 || length >= RUN_MAX)
		return false;
	memcpy(out, *at, length);
	out[length] = '\0';
	*at += length;
	return true;
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcasecmp(word, *words) == 0)
			return true;
	return false;
}

/* A dotted quad that can only be a mask where an address of its own would be odd: 255.255.254.0,
 * 0.0.1.255. */
static bool is_bare_mask(const char *word)
{
	struct sdr_addr mask;
	uint8_t length;
	bool wildcard;
	return sdr_addr_parse(word, &mask, NULL) == SDR_OK && mask.version == 4 &&
		(mask.bytes[0] == 255 || mask.bytes[0] == 0) && !sdr_addr_is_any(&mask) &&
		sdr_prefix_from_mask(&mask, &length, &wildcard, NULL) == SDR_OK;
}

/* "inet A netmask 0xffffff00", "ip route A M gateway", "A wildcard W", "from A port 22". Returns
 * where the mask's text ends; NULL: none. */
static const char *take_followers(const char *at, const char *end, struct sdr_reading *reading)
{
	static const char *const masks[] = {"netmask", "mask", "wildcard", NULL},
				 *const ports[] = {"port", NULL};
	char word[RUN_MAX];
	bool first = true, named = false, port = false;
	for (; next_word(&at, end, word); first = false) {
		if (port && word[strspn(word, DIGITS)] == '\0' && strlen(word) <= 5) {
			snprintf(reading->service, sizeof(reading->service), "%s", word);
			reading->form = "with the port behind it";
			return NULL;
		}
		if ((named || (first && is_bare_mask(word))) && !reading->has_length &&
			sdr_recognise_mask(word, reading)) {
			reading->form = reading->kind == SDR_READING_WILDCARD
				? "with the wildcard behind it"
				: "with the mask behind it";
			return at;
		}
		port = first && is_one_of(word, ports);
		named = is_one_of(word, masks);
	}
	return NULL;
}

/* Only what has blanks or punctuation around its parts is a line; a single word must have one of
 * the strict forms. */
enum sdr_match sdr_recognise_line(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	static const char marks[] = " \t\"'=,;()<>{}|@";
	struct sdr_reading next = {0};
	bool line = false;
	(void)error;
	for (size_t i = 0; i < paste->length && !line; i++)
		line = strchr(marks, paste->text[i]);
	if (!line)
		return SDR_MATCH_OTHER;
	size_t at = find_next(paste, 0, reading);
	if (at == paste->length) {
		sdr_error_set(error, 0,
			"\"%.*s%s\" has no address in it; one looks like 192.0.2.1 or 2001:db8::1",
			(int)(paste->length < 80 ? paste->length : 80), paste->text,
			paste->length < 80 ? "" : "...");
		return SDR_MATCH_WRONG;
	}
	reading->offset = at;
	const char *from = paste->text + at + reading->size, *end = paste->text + paste->length;
	const char *line_end = memchr(from, '\n', (size_t)(end - from));
	const char *mask = take_followers(from, line_end ? line_end : end, reading);
	reading->kind = SDR_READING_LINE;
	for (at += reading->size; (at = find_next(paste, at, &next)) < paste->length;
		at += next.size)
		reading->others += mask == NULL ||
			paste->text + at + next.size != mask; /* the mask is no address beside it */
	return SDR_MATCH_TAKEN;
}
