/* scan.c - addresses in text, at the speed of reading it.
 *
 * 64 bytes at a time become a bit mask of where the dots are. A few shifts leave those that may be
 * the third of three with one to three characters between; of colons, those that follow another or
 * may be the fourth of four close together: times of day and version numbers drop out there. Each
 * block begins 16 bytes before the last one ended, so that a dotted quad, with what is around it,
 * lies in one block whole. It is read from the masks without a branch on the length of its numbers,
 * which no processor could predict; unusual ends are left to a bytewise reader. */
#include "net/scan.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BLOCK 64u
#define STEP 48u /* from block to block */
#define BACK 12u /* before a third dot: "255.255.255" and what stands in front of it */
#define AHEAD 4u /* behind it: "255" and what follows */
#define ALL (~UINT64_C(0))

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- masks; bit 0 is the first byte ---- */

#if defined(__SSE2__)
static uint64_t sixteen(__m128i is, unsigned part)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(is) << (16 * part);
}

static __m128i load(const char *bytes, unsigned part)
{
	return _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * part));
}

static __m128i are_digits(__m128i text)
{
	__m128i value = _mm_sub_epi8(text, _mm_set1_epi8('0'));
	return _mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value);
}

/* Which of 64 bytes are `wanted`. */
static uint64_t mask_of(const char *bytes, char wanted)
{
	const __m128i all = _mm_set1_epi8(wanted);
	return sixteen(_mm_cmpeq_epi8(load(bytes, 0), all), 0) |
		sixteen(_mm_cmpeq_epi8(load(bytes, 1), all), 1) |
		sixteen(_mm_cmpeq_epi8(load(bytes, 2), all), 2) |
		sixteen(_mm_cmpeq_epi8(load(bytes, 3), all), 3);
}

/* Which of 64 bytes are digits. */
static uint64_t digits_of(const char *bytes)
{
	return sixteen(are_digits(load(bytes, 0)), 0) | sixteen(are_digits(load(bytes, 1)), 1) |
		sixteen(are_digits(load(bytes, 2)), 2) | sixteen(are_digits(load(bytes, 3)), 3);
}
#else
static uint64_t mask_of(const char *bytes, char wanted)
{
	uint64_t mask = 0;
	for (unsigned i = 0; i < BLOCK; i++)
		mask |= (uint64_t)(bytes[i] == wanted) << i;
	return mask;
}

static uint64_t digits_of(const char *bytes)
{
	uint64_t mask = 0;
	for (unsigned i = 0; i < BLOCK; i++)
		mask |= (uint64_t)is_digit(bytes[i]) << i;
	return mask;
}
#endif

/* Bits of `mask` that have another of it two to four places before. */
static uint64_t preceded(uint64_t mask)
{
	return mask & (mask << 2 | mask << 3 | mask << 4);
}

/* The same for colons, with up to four digits between. */
static uint64_t preceded_colon(uint64_t mask)
{
	return mask & (mask << 1 | mask << 2 | mask << 3 | mask << 4 | mask << 5);
}

/* Colons that an IPv6 address may be around. */
static uint64_t colons_of(const char *bytes)
{
	uint64_t colons = mask_of(bytes, ':');
	return colons == 0
		? 0
		: (colons & colons << 1) | preceded_colon(preceded_colon(preceded_colon(colons)));
}

/* ---- a byte at a time ---- */

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

/* Reads the quad that the run of digits and dots around `dot` is, dots at its ends apart: any dot
 * of a run gives the same answer, so it does not matter which of them were possible. Sets `*next`
 * to where to go on, whatever comes of it. */
static bool read_four(const struct sdr_scan *scan, size_t dot, uint32_t *value,
	struct sdr_scan_hit *hit, size_t *next)
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
static bool read_six(
	const struct sdr_scan *scan, size_t colon, struct sdr_scan_hit *hit, size_t *next)
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
	if (end - start > 2 &&
		(bytes[end - 1] == '.' || (bytes[end - 1] == ':' && bytes[end - 2] != ':')))
		end--;
	if (end - start < 2 || end - start >= sizeof(text))
		return false;
	memcpy(text, bytes + start, end - start);
	text[end - start] = '\0';
	hit->start = start;
	hit->end = end;
	hit->addr = (struct sdr_addr){.version = 6};
	return inet_pton(AF_INET6, text, hit->addr.bytes) == 1;
}

/* ---- from the masks ---- */

/* The one to three digits at `text` as hundreds, tens and ones in the upper three of four bytes;
 * four bytes are read. */
static uint64_t digits_at(const char *text, unsigned length)
{
	uint32_t word;
	memcpy(&word, text, sizeof(word));
	return le32toh(word) << (32 - 8 * length) & 0x0f0f0f0f;
}

/* The last eight bits of each of two numbers, side by side: the product has the sum of their
 * digits' values in the uppermost of each four bytes. */
static uint32_t values_of(uint64_t digits)
{
	uint64_t sums = digits * (100 << 16 | 10 << 8 | 1);
	return (uint32_t)(sums >> 16 & 0xff00) | (uint32_t)(sums >> 56);
}

/* Bits that are set where one of both is above 255 or has a leading zero. Turned round, digits
 * compare as their number does: what is more than 2, 5, 5 carries over, and what is less than the
 * least of so many digits borrows. */
static uint64_t misfits(uint64_t digits, unsigned one, unsigned other)
{
	static const uint32_t least[] = {0, 0, 0x000100, 0x010000};
	const uint64_t carry = UINT64_C(0x0100000001000000);
	uint64_t ordered = __builtin_bswap64(digits),
		 above = ordered + UINT64_C(0x00fdfafa00fdfafa);
	uint64_t enough = (ordered | carry) - ((uint64_t)least[one] << 32 | least[other]);
	return (above | ~enough) & carry;
}

/* The result of a check of a quad; ODD: dots at its ends, or a longer row of numbers. */
enum look { LOOK_NONE, LOOK_ODD, LOOK_QUAD };

/* Reads the quad whose third dot is at `dot` of a block. `others` are those bytes that are no
 * digits: the quad's dots must be the nearest of them. The numbers are assembled unconditionally
 * and checked once. */
static enum look look_four(const char *block, uint64_t others, unsigned dot, uint32_t *value,
	struct sdr_scan_hit *place)
{
	uint64_t below = others & ~(ALL << dot), above = others >> dot >> 1 | UINT64_C(1) << AHEAD;
	unsigned second = 63u - (unsigned)__builtin_clzll(below | 1);
	below &= ~(ALL << second);
	unsigned first = 63u - (unsigned)__builtin_clzll(below | 1);
	below &= ~(ALL << first);
	unsigned start = below ? 64u - (unsigned)__builtin_clzll(below) : 0;
	/* Of unsigned numbers, one less than none is the largest. */
	unsigned one = first - start, two = second - first - 1, three = dot - second - 1,
		 four = (unsigned)__builtin_ctzll(above);
	if (!((one - 1 < 3) & (two - 1 < 3) & (three - 1 < 3) & (four - 1 < 3)) ||
		block[first] != '.' || block[second] != '.')
		return LOOK_NONE;
	unsigned end = dot + 1 + four;
	if (block[end] == '.' || (start > 0 && block[start - 1] == '.'))
		return LOOK_ODD;
	uint64_t front = digits_at(block + start, one) | digits_at(block + first + 1, two) << 32;
	uint64_t back =
		digits_at(block + second + 1, three) | digits_at(block + dot + 1, four) << 32;
	*value = values_of(front) << 16 | values_of(back);
	place->start = start;
	place->end = end;
	bool whole = (misfits(front, one, two) | misfits(back, three, four)) == 0;
	return whole && !is_alnum(block[end]) ? LOOK_QUAD : LOOK_NONE;
}

/* A search in progress. */
struct search {
	const char *block; /* [BLOCK]; behind the text's end, zeros */
	uint64_t others;   /* which of its bytes are no digits */
	size_t base;       /* where in the text it is */
	size_t over4;      /* up to where dots were read and are no address */
	size_t over6; /* the same of colons: the dotted end of an IPv6 address is looked at again as
			 IPv4 */
};

static bool try_four(
	const struct sdr_scan *scan, struct search *search, unsigned dot, struct sdr_scan_hit *hit)
{
	struct sdr_scan_hit tried; /* `hit` stays as it is until there is one */
	uint32_t value;
	if (search->base + dot < search->over4)
		return false;
	enum look look = look_four(search->block, search->others, dot, &value, &tried);
	if (look == LOOK_QUAD) {
		tried.start += search->base;
		tried.end += search->base;
	} else if (look == LOOK_NONE ||
		!read_four(scan, search->base + dot, &value, &tried, &search->over4)) {
		return false;
	}
	tried.index = sdr_prefix_set_find4(scan->set, value);
	if (!scan->any && tried.index == SDR_PREFIX_NONE)
		return false;
	tried.addr = (struct sdr_addr){.version = 4,
		.bytes = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
			(uint8_t)value}};
	*hit = tried;
	return true;
}

static bool try_six(const struct sdr_scan *scan, struct search *search, unsigned colon,
	struct sdr_scan_hit *hit)
{
	struct sdr_scan_hit tried;
	if (search->base + colon < search->over6 ||
		!read_six(scan, search->base + colon, &tried, &search->over6))
		return false;
	tried.index = sdr_prefix_set_find6(scan->set, tried.addr.bytes);
	if (!scan->any && tried.index == SDR_PREFIX_NONE)
		return false;
	*hit = tried;
	return true;
}

/* Looks at the block's candidates one after the other. */
static bool try_block(const struct sdr_scan *scan, struct search *search, uint64_t candidates,
	struct sdr_scan_hit *hit)
{
	uint64_t digits = digits_of(search->block),
		 colons = scan->six ? mask_of(search->block, ':') : 0;
	search->others = ~digits;
	for (uint64_t left = candidates & (colons | (digits << 1 & digits >> 1)); left != 0;
		left &= left - 1) {
		unsigned at = (unsigned)__builtin_ctzll(left);
		if (colons >> at & 1 ? try_six(scan, search, at, hit)
				     : try_four(scan, search, at, hit))
			return true;
	}
	return false;
}

/* The candidates in a block: `first` is the text's first, which nothing stands before. Any dot of a
 * quad that is looked at gives the same answer, and any colon of an IPv6 address. */
static uint64_t candidates_in(const char *block, bool first, bool six)
{
	uint64_t dots = preceded(preceded(mask_of(block, '.'))) &
		(first ? ALL >> AHEAD : ALL >> AHEAD & ALL << BACK);
	return six ? dots | (colons_of(block) & (first ? ALL : ALL << (BLOCK - STEP))) : dots;
}

struct sdr_scan sdr_scan_of(const struct sdr_prefix_set *set, bool any)
{
	return (struct sdr_scan){
		.set = set, .any = any, .six = any || sdr_prefix_set_count(set, 6) > 0};
}

/* The block at `base`; the text's last one is shorter, and gets zeros behind it in `tail`. */
static const char *block_at(const struct sdr_scan *scan, size_t base, char tail[static BLOCK])
{
	if (scan->end - base >= BLOCK)
		return scan->bytes + base;
	memset(tail, 0, BLOCK);
	return memcpy(tail, scan->bytes + base, scan->end - base);
}

bool sdr_scan_find(const struct sdr_scan *scan, struct sdr_scan_hit *hit)
{
	struct search search = {.base = scan->at};
	char tail[BLOCK];
	for (; search.base < scan->end; search.base += STEP) {
		search.block = block_at(scan, search.base, tail);
		uint64_t found = candidates_in(search.block, search.base == scan->at, scan->six);
		if (found != 0 && try_block(scan, &search, found, hit))
			return true;
	}
	return false;
}
