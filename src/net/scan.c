/* scan.c - addresses in text, at the speed of reading it.
 *
 * 64 bytes at a time become bit masks: which are digits, dots, colons. A few shifts leave those dots that may be the first of three with one
 * to three characters between, and those colons that stand beside another or may be the first of four close together; times of day and
 * version numbers drop out there. Only what is left is read byte by byte. Bits beyond the 64 count as possible, so nothing is missed
 * at the seams. */
#include "net/scan.h"

#include <arpa/inet.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BLOCK 64

/* Which of 64 bytes are what; bit 0 is the first byte. */
struct masks {
	uint64_t digits, dots, colons;
};

#if defined(__SSE2__)
static uint64_t sixteen(__m128i is, unsigned part)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(is) << (16 * part);
}

static struct masks masks_of(const char *bytes)
{
	struct masks masks = {0};
	const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9), dot = _mm_set1_epi8('.'), colon = _mm_set1_epi8(':');
	for (unsigned part = 0; part < 4; part++) {
		__m128i text = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * part));
		__m128i value = _mm_sub_epi8(text, zero);
		masks.digits |= sixteen(_mm_cmpeq_epi8(_mm_min_epu8(value, nine), value), part);
		masks.dots |= sixteen(_mm_cmpeq_epi8(text, dot), part);
		masks.colons |= sixteen(_mm_cmpeq_epi8(text, colon), part);
	}
	return masks;
}
#else
static struct masks masks_of(const char *bytes)
{
	struct masks masks = {0};
	for (unsigned i = 0; i < BLOCK; i++) {
		unsigned char c = (unsigned char)bytes[i];
		masks.digits |= (uint64_t)(c >= '0' && c <= '9') << i;
		masks.dots |= (uint64_t)(c == '.') << i;
		masks.colons |= (uint64_t)(c == ':') << i;
	}
	return masks;
}
#endif

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bits of `mask` that have another of it two to four places on, or might: what is beyond the block is not known. */
static uint64_t followed(uint64_t mask)
{
	return mask & (mask >> 2 | mask >> 3 | mask >> 4 | UINT64_C(0xf) << 60);
}

/* The same for colons, with up to four digits between. */
static uint64_t followed_colon(uint64_t mask)
{
	return mask & (mask >> 1 | mask >> 2 | mask >> 3 | mask >> 4 | mask >> 5 | UINT64_C(0x1f) << 59);
}

/* `before` and `after` are the bytes beside the block, 0 at the text's ends. */
static uint64_t candidates(const struct masks *masks, bool six, char before)
{
	uint64_t digit_before = masks->digits << 1 | (uint64_t)is_digit(before);
	uint64_t dots = followed(followed(masks->dots & digit_before & (masks->digits >> 1 | UINT64_C(1) << 63)));
	if (!six || masks->colons == 0)
		return dots;
	uint64_t doubles = masks->colons & (masks->colons << 1 | (uint64_t)(before == ':'));
	return dots | doubles | followed_colon(followed_colon(followed_colon(masks->colons)));
}

static bool is_alnum(char c)
{
	return is_digit(c) || ((unsigned char)c | 0x20u) - 'a' <= 25u;
}

static bool is_run(char c)
{
	return is_digit(c) || ((unsigned char)c | 0x20u) - 'a' <= 5u || c == ':' || c == '.';
}

/* Steps over the rest of a run of digits and dots. */
static size_t skip_four(const struct sdr_scan *scan, size_t at)
{
	while (at < scan->end && (is_digit(scan->bytes[at]) || scan->bytes[at] == '.'))
		at++;
	return at;
}

/* Reads up to three digits without a leading zero, at most 255, and steps over them. */
static bool read_number(const struct sdr_scan *scan, size_t *at, uint32_t *value)
{
	const char *text = scan->bytes + *at;
	size_t room = scan->end - *at, digits = 0;
	unsigned sum = 0;
	while (digits < room && digits < 4 && is_digit(text[digits]))
		sum = sum * 10 + (unsigned)(text[digits++] - '0');
	if (digits == 0 || digits > 3 || sum > 255 || (digits > 1 && text[0] == '0'))
		return false;
	*at += digits;
	*value = *value << 8 | sum;
	return true;
}

/* Dots may follow, but then no letter or digit. */
static bool ends_four(const struct sdr_scan *scan, size_t at)
{
	while (at < scan->end && scan->bytes[at] == '.')
		at++;
	return at == scan->end || !is_alnum(scan->bytes[at]);
}

/* Reads the quad that the run of digits and dots around `dot` is, dots at its ends apart: any dot of a run gives the same answer, so it does
 * not matter which of them were possible. Sets `*next` to where to go on, whatever comes of it. */
static bool read_four(const struct sdr_scan *scan, size_t dot, uint32_t *value, struct sdr_scan_hit *hit, size_t *next)
{
	const char *bytes = scan->bytes;
	size_t start = dot;
	while (start > scan->at && (is_digit(bytes[start - 1]) || bytes[start - 1] == '.'))
		start--;
	while (start < dot && bytes[start] == '.')
		start++;
	size_t at = start;
	bool whole = true;
	*value = 0;
	for (int i = 0; whole && i < 4; i++) {
		if (i > 0)
			whole = at < scan->end && bytes[at++] == '.';
		whole = whole && read_number(scan, &at, value);
	}
	whole = whole && ends_four(scan, at);
	*next = skip_four(scan, dot);
	hit->start = start;
	hit->end = at;
	return whole;
}

/* Reads the IPv6 address around the colon at `colon`. */
static bool read_six(const struct sdr_scan *scan, size_t colon, struct sdr_scan_hit *hit, size_t *next)
{
	const char *bytes = scan->bytes;
	char text[INET6_ADDRSTRLEN];
	size_t start = colon, end = colon;
	while (start > scan->at && is_run(bytes[start - 1]))
		start--;
	while (end < scan->end && is_run(bytes[end]))
		end++;
	*next = end;
	if (end - start >= 2 && bytes[start] == ':' && bytes[start + 1] != ':')
		start++;
	else if (start > scan->at && is_alnum(bytes[start - 1]))
		return false;
	if (end < scan->end && is_alnum(bytes[end]))
		return false;
	if (end - start > 2 && (bytes[end - 1] == '.' || (bytes[end - 1] == ':' && bytes[end - 2] != ':')))
		end--;
	if (end - start < 2 || end - start >= sizeof text)
		return false;
	memcpy(text, bytes + start, end - start);
	text[end - start] = '\0';
	hit->start = start;
	hit->end = end;
	hit->addr = (struct sdr_addr){.version = 6};
	return inet_pton(AF_INET6, text, hit->addr.bytes) == 1;
}

/* Looks at the candidate at `at`; returns whether it is a hit. */
static bool try_at(const struct sdr_scan *scan, size_t at, struct sdr_scan_hit *hit, size_t *next)
{
	if (scan->bytes[at] == ':') {
		if (!read_six(scan, at, hit, next))
			return false;
		hit->index = sdr_prefix_set_find6(scan->set, hit->addr.bytes);
		return scan->any || hit->index != SDR_PREFIX_NONE;
	}
	uint32_t value;
	if (!read_four(scan, at, &value, hit, next))
		return false;
	hit->index = sdr_prefix_set_find4(scan->set, value);
	if (!scan->any && hit->index == SDR_PREFIX_NONE)
		return false;
	hit->addr = (struct sdr_addr){
		.version = 4, .bytes = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value}};
	return true;
}

/* The candidates in the block at `base`. */
static uint64_t candidates_at(const struct sdr_scan *scan, size_t base)
{
	char tail[BLOCK] = "";
	const char *block = scan->bytes + base;
	if (scan->end - base < BLOCK) {
		memcpy(tail, block, scan->end - base);
		block = tail;
	}
	struct masks masks = masks_of(block);
	return candidates(&masks, scan->six, base > scan->at ? scan->bytes[base - 1] : '\0');
}

struct sdr_scan sdr_scan_of(const struct sdr_prefix_set *set, bool any)
{
	return (struct sdr_scan){.set = set, .any = any, .six = any || sdr_prefix_set_count(set, 6) > 0};
}

bool sdr_scan_find(const struct sdr_scan *scan, struct sdr_scan_hit *hit)
{
	/* A dotted end of an IPv6 address is looked at again as IPv4, but its colons are not. */
	size_t over4 = 0, over6 = 0;
	struct sdr_scan_hit tried; /* `hit` stays as it is until there is one */
	for (size_t base = scan->at; base < scan->end; base += BLOCK) {
		uint64_t found = candidates_at(scan, base);
		for (; found != 0; found &= found - 1) {
			size_t at = base + (unsigned)__builtin_ctzll(found);
			size_t *over = scan->bytes[at] == ':' ? &over6 : &over4;
			if (at < *over || !try_at(scan, at, &tried, over))
				continue;
			*hit = tried;
			return true;
		}
	}
	return false;
}
