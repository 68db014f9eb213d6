/* test_ui_scratch.c - the list of networks: order, splitting, and joining against a second method,
 * sets of single addresses. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"
#include "sounder/model.h"
#include "ui_test.h"

static struct sdr_prefix network_of(const char *text)
{
	struct sdr_prefix prefix;
	assert_int_equal(sdr_prefix_parse(text, &prefix, NULL), SDR_OK);
	return prefix;
}

static enum sdr_status add(struct ui_scratch *scratch, const char *text)
{
	struct sdr_prefix prefix = network_of(text);
	return ui_scratch_add(scratch, &prefix, NULL);
}

static void holds(const struct ui_scratch *scratch, const char *wanted)
{
	char text[4096] = "", one[SDR_PREFIX_TEXT];
	for (unsigned i = 0; i < scratch->count; i++) {
		strcat(text, i > 0 ? " " : "");
		strcat(text, sdr_prefix_format(one, &scratch->networks[i]));
	}
	assert_string_equal(text, wanted);
}

static void keeps_order_and_clears_host_bits(void **state)
{
	struct ui_scratch scratch = {0};
	(void)state;
	assert_int_equal(add(&scratch, "192.168.1.7/24"), SDR_OK);
	assert_int_equal(add(&scratch, "2001:db8::1/32"), SDR_OK);
	assert_int_equal(add(&scratch, "10.0.0.0/8"), SDR_OK);
	assert_int_equal(add(&scratch, "10.0.0.0/16"), SDR_OK);
	assert_int_equal(add(&scratch, "192.168.1.0/24"), SDR_EEXIST);
	holds(&scratch, "10.0.0.0/8 10.0.0.0/16 192.168.1.0/24 2001:db8::/32");
	ui_scratch_remove(&scratch, 0);
	holds(&scratch, "10.0.0.0/16 192.168.1.0/24 2001:db8::/32");
}

static void splits_and_joins_back(void **state)
{
	struct ui_scratch scratch = {0};
	(void)state;
	assert_int_equal(add(&scratch, "10.0.0.0/24"), SDR_OK);
	assert_int_equal(ui_scratch_split(&scratch, 0, 26, NULL), SDR_OK);
	holds(&scratch, "10.0.0.0/26 10.0.0.64/26 10.0.0.128/26 10.0.0.192/26");
	assert_int_equal(ui_scratch_merge(&scratch), 3);
	holds(&scratch, "10.0.0.0/24");
	assert_int_equal(ui_scratch_split(&scratch, 0, 24, NULL), SDR_ERANGE);
	assert_int_equal(ui_scratch_split(&scratch, 0, 33, NULL), SDR_ERANGE);
	assert_int_equal(ui_scratch_split(&scratch, 0, 32, NULL), SDR_OK);
	assert_int_equal(scratch.count, 256);
	assert_int_equal(add(&scratch, "10.1.0.0/24"), SDR_ERANGE);
	assert_int_equal(ui_scratch_merge(&scratch), 255);
	holds(&scratch, "10.0.0.0/24");
}

static void joins_at_the_ends_of_the_space(void **state)
{
	struct ui_scratch scratch = {0};
	(void)state;
	assert_int_equal(add(&scratch, "0.0.0.0/1"), SDR_OK);
	assert_int_equal(add(&scratch, "128.0.0.0/1"), SDR_OK);
	assert_int_equal(add(&scratch, "::/1"), SDR_OK);
	assert_int_equal(add(&scratch, "8000::/1"), SDR_OK);
	assert_int_equal(ui_scratch_merge(&scratch), 2);
	holds(&scratch, "0.0.0.0/0 ::/0");
	assert_int_equal(ui_scratch_split(&scratch, 1, 2, NULL), SDR_OK);
	holds(&scratch, "0.0.0.0/0 ::/2 4000::/2 8000::/2 c000::/2");
}

/* Networks within 10.0.0.0/24, as a set of its 256 addresses. */
static void mark(const struct ui_scratch *scratch, bool set[static 256])
{
	memset(set, 0, 256 * sizeof(bool));
	for (unsigned i = 0; i < scratch->count; i++)
		for (unsigned j = 0; j < 256; j++) {
			struct sdr_addr addr = {.version = 4, .bytes = {10, 0, 0, (uint8_t)j}};
			set[j] |= sdr_prefix_contains(&scratch->networks[i], &addr);
		}
}

/* The fewest aligned blocks that make up a set: a block that is full counts once, any other is its
 * two halves. */
static unsigned fewest(const bool set[static 256], unsigned from, unsigned size)
{
	unsigned full = 0;
	for (unsigned i = from; i < from + size; i++)
		full += set[i];
	if (full == 0 || full == size)
		return full > 0;
	return fewest(set, from, size / 2) + fewest(set, from + size / 2, size / 2);
}

static void merges_to_the_fewest(void **state)
{
	static struct ui_scratch scratch;
	(void)state;
	srand(7);
	for (unsigned round = 0; round < 2000; round++) {
		bool before[256], after[256];
		scratch = (struct ui_scratch){0};
		for (int i = rand() % 40; i > 0; i--) {
			struct sdr_prefix prefix = {
				.addr = {.version = 4, .bytes = {10, 0, 0, (uint8_t)rand()}},
				.length = (uint8_t)(26 + rand() % 7)};
			(void)!ui_scratch_add(&scratch, &prefix, NULL);
		}
		mark(&scratch, before);
		ui_scratch_merge(&scratch);
		mark(&scratch, after);
		assert_memory_equal(before, after, sizeof(before));
		assert_int_equal(scratch.count, fewest(before, 0, 256));
	}
}

/* What the line under the cursor is about. */
static const char *under_cursor(struct ui_test *test)
{
	static struct ui_subject subject;
	ui_test_draw(test);
	return ui_subject(&test->ui, &subject) ? subject.value : "(a heading)";
}

/* The cursor stops on no heading, and what splits or removes leaves it in the list. */
static void test_KA8_the_cursor_in_the_list(void **state)
{
	struct ui_test test;
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	ui_test_open(&test, "xterm-256color", 24, 80);
	ui_do(&test.ui, "panel address");
	ui_do(&test.ui, "scratch add 10.0.0.0/24");
	ui_do(&test.ui, "scratch add 10.0.1.0/24");
	ui_do(&test.ui, "scratch add 10.0.2.0/24");
	ui_test_draw(&test);
	ui_test_keys(&test, "g");
	assert_string_equal(under_cursor(&test), "10.0.0.0/24");
	ui_test_keys(&test, "Up");
	assert_string_equal(under_cursor(&test), "10.0.0.0/24");
	ui_test_keys(&test, "Down . s");
	assert_string_equal(under_cursor(&test), "10.0.1.0/25");
	ui_test_keys(&test, ". s");
	assert_string_equal(under_cursor(&test), "10.0.1.0/26");
	ui_test_keys(&test, "d");
	assert_string_equal(under_cursor(&test), "10.0.1.64/26");
	ui_test_keys(&test, "Down Down d");
	assert_string_equal(under_cursor(&test), "10.0.1.128/25");
	ui_test_close(&test);
}

/* A plan is a line a network, as in the shell. */
static void test_KA8_a_plan_is_a_table(void **state)
{
	struct ui_test test;
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	ui_test_open(&test, "xterm-256color", 24, 80);
	ui_do(&test.ui, "subnet split 10.0.0.0/24 27");
	const char *picture = ui_test_draw(&test), *at = picture;
	unsigned lines = 0;
	while ((at = strstr(at, "/27 "))) {
		lines++;
		at++;
	}
	assert_int_equal(lines, 8); /* the title is cut off by no blank */
	assert_non_null(strstr(picture, "Network"));
	assert_non_null(strstr(picture, "10.0.0.224/27"));
	ui_test_close(&test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_order_and_clears_host_bits),
		cmocka_unit_test(splits_and_joins_back),
		cmocka_unit_test(joins_at_the_ends_of_the_space),
		cmocka_unit_test(merges_to_the_fewest),
		cmocka_unit_test(test_KA8_the_cursor_in_the_list),
		cmocka_unit_test(test_KA8_a_plan_is_a_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
