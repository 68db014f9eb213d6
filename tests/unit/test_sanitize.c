/* test_sanitize.c - the sanitizer: hostile strings, every code point, lengths and widths, against
 * Unicode's data of their own and the C library's idea of width (fault rows A1-A8, A11). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gnu/libc-version.h>
#include <locale.h>
#include <stdio.h>
#include <time.h>
#include <wchar.h>

#include "lib/hostile.h"
#include "lib/skip.h"
#include "sounder/sanitize.h"

static const struct sdr_text_style unicode = {.cells_max = -1},
				   ascii = {.cells_max = -1, .ascii = true};

/* A range of code points as Unicode's data have it. */
struct unicode_range {
	uint32_t first, last;
	const char *category; /* general category, "seen" for all that takes room */
	int wide;             /* East_Asian_Width is W or F */
};

static const struct unicode_range unicode_ranges[] = {
#include "unicode14.inc"
};

static int by_code(const void *key, const void *item)
{
	const struct unicode_range *range = item;
	uint32_t code = *(const uint32_t *)key;
	return code < range->first ? -1 : code > range->last;
}

/* Independent of the tested code and of the C library's version: cells that a terminal takes for
 * it, -1 if it is not to be shown. */
static int unicode_width(uint32_t code)
{
	const struct unicode_range *range = bsearch(&code, unicode_ranges,
		sizeof(unicode_ranges) / sizeof(*unicode_ranges), sizeof(*unicode_ranges), by_code);
	bool hangul_part = (code >= 0x1160 && code <= 0x11FF) ||
		(code >= 0xD7B0 && code <= 0xD7FF); /* drawn within its syllable */
	if (!range || range->category[0] == 'C' || range->category[0] == 'Z')
		return -1;
	return range->category[0] == 'M' || hangul_part ? 0 : range->wide ? 2 : 1;
}

/* Whether the C library is one whose widths are known to be those of all that is let through; a
 * later one may have changed its mind. */
static bool libc_is_known(void)
{
	return strverscmp(gnu_get_libc_version(), "2.41") <= 0;
}

/* Is this valid UTF-8 and what would a terminal make of it? Returns cells, -1 if something is not
 * to be shown. */
static int terminal_cells(const char *text, int *marks_in_a_row)
{
	mbstate_t state = {0};
	int cells = 0, marks = 0;
	*marks_in_a_row = 0;
	for (wchar_t wide; *text;) {
		size_t n = mbrtowc(&wide, text, strlen(text), &state);
		if (n == (size_t)-1 || n == (size_t)-2)
			return -1;
		int width = unicode_width((uint32_t)wide);
		if (width < 0 || (libc_is_known() && wcwidth(wide) != width))
			return -1;
		marks = width == 0 ? marks + 1 : 0;
		if (marks > *marks_in_a_row)
			*marks_in_a_row = marks;
		cells += width;
		text += n;
	}
	return cells;
}

/* All that holds for any input. */
static void check(const void *bytes, size_t length, const struct sdr_text_style *style)
{
	char *once = sdr_sanitize_new(bytes, length, style);
	size_t n = strlen(once);
	assert_true(n <= 10 * length + 32);
	for (size_t i = 0; i < n; i++)
		assert_false((unsigned char)once[i] < 0x20 || once[i] == 0x7F ||
			(style->ascii && (unsigned char)once[i] > 0x7E));
	int marks;
	assert_int_equal(terminal_cells(once, &marks), sdr_text_cells(once));
	assert_true(marks <= 2);
	assert_true(sdr_text_is_utf8(once, n));
	char *twice = sdr_sanitize_new(once, n, style);
	assert_string_equal(once, twice);
	free(twice);
	free(once);
}

static void expect(const char *bytes, size_t length, const char *clean)
{
	char out[1024];
	size_t need = sdr_sanitize(out, sizeof(out), bytes, length, NULL);
	assert_string_equal(out, clean);
	assert_int_equal(need, strlen(clean));
}

#define EXPECT(text, clean) expect(text, sizeof(text) - 1, clean)

static void test_A1_hostile_strings_come_out_harmless(void **state)
{
	(void)state;
	for (size_t i = 0; i < HOSTILE_COUNT; i++) {
		check(hostile_strings[i].bytes, hostile_strings[i].length, &unicode);
		check(hostile_strings[i].bytes, hostile_strings[i].length, &ascii);
	}
	EXPECT("\033]0;x\a", "\\x1b]0;x\\x07");
	EXPECT("plain text, \xc3\xa4 \xe4\xb8\xad", "plain text, \xc3\xa4 \xe4\xb8\xad");
	EXPECT("back\\slash \\x1b", "back\\slash \\x1b");
}

static void test_A2_c1_as_bytes_and_as_utf8(void **state)
{
	(void)state;
	for (unsigned c = 0x80; c < 0xA0; c++) {
		char byte = (char)c, utf8[2] = {(char)0xC2, (char)c}, wanted[16];
		snprintf(wanted, sizeof(wanted), "\\x%02x", c);
		expect(&byte, 1, wanted);
		snprintf(wanted, sizeof(wanted), "\\u{%x}", c);
		expect(utf8, 2, wanted);
	}
}

static bool among(uint32_t code, const uint32_t (*ranges)[2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (code >= ranges[i][0] && code <= ranges[i][1])
			return true;
	return false;
}

static const uint32_t bidi[][2] = {
	{0x61C, 0x61C}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}};

/* As fault row A4 lists them, and Unicode's separators, private use, surrogates and
 * non-characters. */
static const uint32_t invisible[][2] = {{0, 0x1F}, {0x7F, 0x9F}, {0xAD, 0xAD}, {0x180E, 0x180E},
	{0x200B, 0x200D}, {0x2028, 0x2029}, {0x2060, 0x2064}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB},
	{0xE0000, 0xE007F}, {0xFE00, 0xFE0F}, {0xE0100, 0xE01EF}, {0x115F, 0x1160},
	{0x3164, 0x3164}, {0xFFA0, 0xFFA0}, {0xE000, 0xF8FF}, {0xF0000, 0x10FFFF}, {0xD800, 0xDFFF},
	{0xFDD0, 0xFDEF}};

static void test_A3_bidi_is_written_out(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x2069; code++)
		if (among(code, bidi, sizeof(bidi) / sizeof(*bidi)))
			assert_false(sdr_text_is_plain(code));
	EXPECT("a\xe2\x80\xae"
	       "b",
		"a\\u{202e}b");
}

/* All 1,114,112 code points: what is let through has the width of Unicode's data and the C library,
 * and no other is of width 0 but combining marks. */
static void test_A4_every_code_point(void **state)
{
	(void)state;
	unsigned plain = 0, differ = 0;
	for (uint32_t code = 0; code <= 0x10FFFF; code++) {
		bool shut = among(code, invisible, sizeof(invisible) / sizeof(*invisible)) ||
			(code & 0xFFFE) == 0xFFFE;
		assert_false(shut && sdr_text_is_plain(code));
		char utf8[4], wanted[16], out[64];
		size_t n = code >= 0xD800 && code <= 0xDFFF ? 0 : sdr_text_encode(utf8, code);
		if (n == 0)
			continue;
		uint32_t back;
		assert_int_equal(sdr_text_decode(utf8, n, &back), n);
		assert_int_equal(back, code);
		sdr_sanitize(out, sizeof(out), utf8, n, NULL);
		if (!sdr_text_is_plain(code)) {
			snprintf(wanted, sizeof(wanted),
				code < 0x20 || code == 0x7F ? "\\x%02x" : "\\u{%x}", code);
			assert_string_equal(out, wanted);
			continue;
		}
		plain++;
		assert_int_equal(unicode_width(code), sdr_text_width(code));
		differ += wcwidth((wchar_t)code) != sdr_text_width(code);
		if (sdr_text_width(code) > 0)
			assert_memory_equal(out, utf8, n);
		else
			assert_int_equal(out[0], '\\'); /* a mark without a base */
	}
	assert_true(plain > 100000);
	if (libc_is_known())
		assert_int_equal(differ, 0);
	else
		print_message("the C library's widths differ for %u code points\n", differ);
}

static void test_A5_marks_are_capped(void **state)
{
	(void)state;
	EXPECT("e\xcc\x81\xcc\x81x", "e\xcc\x81\xcc\x81x");
	EXPECT("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81x", "e\xcc\x81\xcc\x81\xe2\x80\xa6x");
	EXPECT("\xcc\x81x", "\\u{301}x");
	char zalgo[20003] = "e";
	for (int i = 0; i < 10000; i++)
		memcpy(zalgo + 1 + 2 * i, "\xcc\x81", 2);
	zalgo[20001] = 'x';
	char *out = sdr_sanitize_new(zalgo, 20002, NULL);
	assert_string_equal(out, "e\xcc\x81\xcc\x81\xe2\x80\xa6x");
	free(out);
}

/* Cutting to any width: never wider, at most one cell narrower (half a wide character), and the
 * reported width is what it takes. */
static void check_cut(const char *clean, int width, bool in_ascii)
{
	char out[4096];
	for (int middle = 0; middle < 2; middle++) {
		int cells = middle ? sdr_text_cut_middle(out, sizeof(out), clean, width, in_ascii)
				   : sdr_text_cut_end(out, sizeof(out), clean, width, in_ascii);
		int marks, whole = sdr_text_cells(clean);
		assert_int_equal(cells, terminal_cells(out, &marks));
		assert_true(cells <= width);
		assert_true(marks <= 2);
		if (whole <= width)
			assert_string_equal(out, clean);
		else
			assert_true(cells >= width - 2 + !middle);
	}
}

static void test_A6_cut_at_every_width(void **state)
{
	(void)state;
	static const char *const samples[] = {"", "a", "db-production-eu1.example.net",
		"\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97\xe7\xac\xa6\xe4\xb8\xb2",
		"a\xe4\xb8\xad"
		"b\xe4\xb8\xad"
		"c\xe4\xb8\xad"
		"d",
		"e\xcc\x81"
		"e\xcc\x81\xcc\x82"
		"e\xcc\x81"
		"e\xcc\x81",
		"\xf0\x9f\x98\x80\xf0\x9f\x98\x80 mixed \xc3\xa4"};
	for (int width = 0; width <= 200; width++) {
		for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
			check_cut(samples[i], width, width % 2);
		for (size_t i = 0; i < HOSTILE_COUNT; i++) {
			char *clean = sdr_sanitize_new(
				hostile_strings[i].bytes, hostile_strings[i].length, &unicode);
			check_cut(clean, width, width % 3 == 0);
			free(clean);
		}
	}
	char out[16];
	assert_int_equal(sdr_text_cut_middle(out, sizeof(out), "db-prod-west-eu1", 9, false), 9);
	assert_string_equal(out, "db-p\xe2\x80\xa6-eu1");
}

static void test_A7_invalid_utf8_byte_by_byte(void **state)
{
	(void)state;
	EXPECT("\xc0\x9b", "\\xc0\\x9b");
	EXPECT("\xed\xa0\x80", "\\xed\\xa0\\x80");
	EXPECT("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
	EXPECT("a\xe2\x80", "a\\xe2\\x80");
	EXPECT("\xe2\x28\xa1", "\\xe2(\\xa1");
	uint64_t seed = 99;
	for (int round = 0; round < 20000; round++) {
		unsigned char bytes[40];
		size_t length = (size_t)round % sizeof(bytes);
		for (size_t i = 0; i < length; i++) {
			seed = seed * 6364136223846793005 + 1442695040888963407;
			unsigned r = (unsigned)(seed >> 33);
			bytes[i] = (unsigned char)(r & 0x100 ? r
					: r & 0x200          ? 0x80 | (r & 0x3F)
							     : 0xC0 | (r & 0x3F));
		}
		check(bytes, length, &unicode);
		check(bytes, length, &ascii);
	}
}

static void test_A8_nul_does_not_end_it(void **state)
{
	(void)state;
	EXPECT("a\0b\0", "a\\x00b\\x00");
}

/* With a cap: never more cells than it, the note has what is missing, and the result stays as it is
 * when cleaned again. */
static void test_A11_long_text_is_cut_and_counted(void **state)
{
	(void)state;
	static char big[64515];
	memset(big, 'a', sizeof(big));
	char *out = sdr_sanitize_new(big, sizeof(big), NULL);
	assert_int_equal(sdr_text_cells(out), SDR_TEXT_CELLS_MAX);
	assert_non_null(strstr(out, "a\xe2\x80\xa6(+64,019 bytes)"));
	free(out);
	for (int cap = 1; cap < 200; cap++) {
		struct sdr_text_style style = {.cells_max = cap, .ascii = cap % 2};
		for (size_t i = 0; i < HOSTILE_COUNT; i++) {
			char *once = sdr_sanitize_new(
				hostile_strings[i].bytes, hostile_strings[i].length, &style);
			assert_true(sdr_text_cells(once) <= cap);
			char *twice = sdr_sanitize_new(once, strlen(once), &style);
			assert_string_equal(once, twice);
			free(once);
			free(twice);
		}
	}
	expect(big, SDR_TEXT_CELLS_MAX, (big[SDR_TEXT_CELLS_MAX] = '\0', big));
}

/* As snprintf: whatever the size, what fits is a start of the whole, whole units only, and the
 * needed size is returned. */
static void test_small_outputs(void **state)
{
	(void)state;
	static const char text[] = "ab\033\xc3\xa4\xe2\x80\xae\xff";
	char *whole = sdr_sanitize_new(text, sizeof(text) - 1, NULL), out[64];
	for (size_t size = 0; size < sizeof(out); size++) {
		memset(out, '#', sizeof(out));
		assert_int_equal(
			sdr_sanitize(out, size, text, sizeof(text) - 1, NULL), strlen(whole));
		assert_int_equal(out[size], '#');
		if (size == 0)
			continue;
		assert_true(strlen(out) < size);
		assert_memory_equal(out, whole, strlen(out));
		assert_true(strlen(out) == strlen(whole) || strchr("ab\\\xc3", whole[strlen(out)]));
	}
	free(whole);
}

/* Where the note doesn't fit under the cap the ellipsis stands alone, where that doesn't, nothing;
 * and either is written whole or not at all. */
static void test_A11_under_the_smallest_caps(void **state)
{
	(void)state;
	static const struct {
		int cap;
		bool ascii;
		const char *clean;
	} rows[] = {{1, false, "\xe2\x80\xa6"}, {2, false, "a\xe2\x80\xa6"},
		{3, false, "aa\xe2\x80\xa6"}, {1, true, ""}, {2, true, ""}, {3, true, "..."},
		{4, true, "a..."}, {12, false, "aaaaaaaaaaa\xe2\x80\xa6"},
		{13, false, "\xe2\x80\xa6(+100 bytes)"}, {14, false, "a\xe2\x80\xa6(+99 bytes)"},
		{14, true, "aaaaaaaaaaa..."}, {15, true, "...(+100 bytes)"}};
	char text[100], out[64];
	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sdr_text_style style = {.cells_max = rows[i].cap, .ascii = rows[i].ascii};
		size_t need = sdr_sanitize(out, sizeof(out), text, sizeof(text), &style);
		assert_string_equal(out, rows[i].clean);
		assert_int_equal(need, strlen(rows[i].clean));
	}
	struct sdr_text_style least = {.cells_max = 1};
	for (size_t size = 1; size <= 4; size++) {
		assert_int_equal(sdr_sanitize(out, size, text, sizeof(text), &least), 3);
		assert_string_equal(out, size < 4 ? "" : "\xe2\x80\xa6");
	}
	/* One byte that is hidden is one byte. */
	struct sdr_text_style most = {.cells_max = 99};
	char *once = sdr_sanitize_new(text, 100, &most);
	assert_non_null(strstr(once, " bytes)"));
	free(once);
	assert_int_equal(sdr_sanitize(out, sizeof(out), text, 0, &least), 0);
	assert_string_equal(out, "");
}

static void test_breaks_are_kept_on_request(void **state)
{
	(void)state;
	struct sdr_text_style style = {.keep_breaks = true};
	char out[64];
	sdr_sanitize(out, sizeof(out), "a\tb\r\n\xcc\x81", 7, &style);
	assert_string_equal(out, "a\tb\\x0d\n\\u{301}");
}

static void test_secret_names(void **state)
{
	static const char *const secret[] = {"Authorization", "Proxy-Authorization", "Cookie",
		"SET-COOKIE", "X-Api-Key", "x-auth-token", "Session-Id", "password", "My-Secret"};
	static const char *const open[] = {"", "Accept", "Content-Type", "Host", "X-Au", "Cook"};
	(void)state;
	for (size_t i = 0; i < sizeof(secret) / sizeof(*secret); i++)
		assert_true(sdr_text_is_secret_name(secret[i], strlen(secret[i])));
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++)
		assert_false(sdr_text_is_secret_name(open[i], strlen(open[i])));
	assert_false(sdr_text_is_secret_name("Cookie", 5)); /* as long as said, and no longer */
}

static void test_runs_of_ascii(void **state)
{
	char bytes[64];
	(void)state;
	for (size_t length = 0; length < sizeof(bytes); length++)
		for (size_t at = 0; at <= length; at++)
			for (int odd = 0; odd < 256; odd += odd == 0x1f ? 0x60 : 1) {
				memset(bytes, 'a', sizeof(bytes));
				if (at < length)
					bytes[at] = (char)odd;
				bool plain = odd >= 0x20 && odd <= 0x7e;
				assert_int_equal(sdr_text_ascii_run(bytes, length),
					at < length && !plain ? at : length);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secret_names),
		cmocka_unit_test(test_runs_of_ascii),
		cmocka_unit_test(test_A1_hostile_strings_come_out_harmless),
		cmocka_unit_test(test_A2_c1_as_bytes_and_as_utf8),
		cmocka_unit_test(test_A3_bidi_is_written_out),
		cmocka_unit_test(test_A4_every_code_point),
		cmocka_unit_test(test_A5_marks_are_capped),
		cmocka_unit_test(test_A6_cut_at_every_width),
		cmocka_unit_test(test_A7_invalid_utf8_byte_by_byte),
		cmocka_unit_test(test_A8_nul_does_not_end_it),
		cmocka_unit_test(test_A11_long_text_is_cut_and_counted),
		cmocka_unit_test(test_A11_under_the_smallest_caps),
		cmocka_unit_test(test_small_outputs),
		cmocka_unit_test(test_breaks_are_kept_on_request),
	};
	if (!setlocale(LC_ALL, "C.UTF-8"))
		SKIP_ALL_BECAUSE(tests, "no C.UTF-8 here");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
