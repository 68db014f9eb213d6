/* test_path_rewritten.c - which hop is named where quotes differ from what was sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "path/rewritten.h"

#define HOPS 6

static struct path_quote hops[HOPS];
static const struct path_quotes quotes = {hops, HOPS, 0xb8};

/* All quote what was sent: TOS 0xb8, one hop left. */
static void all_plain(void)
{
	for (unsigned i = 0; i < HOPS; i++)
		hops[i] = (struct path_quote){
			.quoted = {.known = true, .ttl = 1, .tos = 0xb8, .nat = HOP_NAT_NONE},
			.exceeded = true};
}

/* What stands beside each hop, as "4: words\n". */
static const char *said(void)
{
	static char all[HOPS * (PATH_REWRITTEN_TEXT + 8)];
	char text[PATH_REWRITTEN_TEXT];
	size_t used = 0;
	all[0] = '\0';
	for (unsigned i = 0; i < HOPS; i++)
		if (*sdr_path_rewritten(&quotes, i, text))
			used += (size_t)snprintf(
				all + used, sizeof(all) - used, "%u: %s\n", i + 1, text);
	return all;
}

static void set_tos(unsigned from, unsigned to, uint8_t tos)
{
	for (unsigned i = from; i <= to; i++)
		hops[i - 1].quoted.tos = tos;
}

static void test_nothing(void **state)
{
	(void)state;
	all_plain();
	assert_string_equal(said(), "");
	memset(hops, 0, sizeof(hops));
	assert_string_equal(said(), "");
}

static void test_tos(void **state)
{
	(void)state;
	all_plain();
	set_tos(4, HOPS, 0);
	assert_string_equal(said(), "4: TOS rewritten 0xb8 -> 0 here or after hop 3\n");
	hops[2].quoted.known = false;
	assert_string_equal(said(), "4: TOS rewritten 0xb8 -> 0 here or after hop 2\n");
	set_tos(1, HOPS, 0);
	assert_string_equal(said(), "1: TOS rewritten 0xb8 -> 0 here or before\n");
}

/* Each change has its hop; one that is undone was none of the path's. */
static void test_tos_more_than_once(void **state)
{
	(void)state;
	all_plain();
	set_tos(2, 3, 0x28);
	set_tos(4, HOPS, 0);
	assert_string_equal(said(),
		"2: TOS rewritten 0xb8 -> 0x28 here or after hop 1\n"
		"4: TOS rewritten 0x28 -> 0 here or after hop 3\n");
	all_plain();
	set_tos(3, 3, 0);
	assert_string_equal(said(), "");
	set_tos(HOPS, HOPS, 0x28);
	assert_string_equal(said(), "6: TOS rewritten 0xb8 -> 0x28 here or after hop 5\n");
}

static void test_nat(void **state)
{
	(void)state;
	all_plain();
	for (unsigned i = 3; i < HOPS; i++)
		hops[i].quoted.nat = HOP_NAT_SEEN;
	assert_string_equal(said(), "4: NAT here or after hop 3\n");
	hops[4].quoted.nat = HOP_NAT_UNKNOWN;
	hops[2].quoted.nat = HOP_NAT_UNKNOWN;
	assert_string_equal(said(), "4: NAT here or after hop 2\n");
	hops[5].quoted.nat = HOP_NAT_NONE;
	assert_string_equal(said(), "");
}

/* More than was sent. */
static void test_ttl_above_what_was_sent(void **state)
{
	(void)state;
	all_plain();
	hops[5] = (struct path_quote){.quoted = {.known = true, .ttl = 61, .tos = 0xb8}};
	assert_string_equal(said(), "6: TTL rewritten, 61 left, here or after hop 5\n");
	hops[5].quoted.ttl = 7;
	assert_string_equal(said(), "6: TTL rewritten, 7 left, here or after hop 5\n");
	hops[5].quoted.ttl = 6; /* a target that is nearer than the probe could go */
	assert_string_equal(said(), "");
}

/* Less than was sent, but some, where none should be left: within labels it stands still. */
static void test_ttl_that_is_left(void **state)
{
	(void)state;
	all_plain();
	hops[3].quoted.ttl = 2;
	assert_string_equal(said(), "4: TTL 2 left, not 1: rewritten, or in a tunnel\n");
	hops[3].labelled = true;
	assert_string_equal(said(), "");
	hops[3] = hops[2];
	hops[3].quoted.ttl = 0;
	assert_string_equal(said(), "");
}

static void test_all_at_once(void **state)
{
	(void)state;
	all_plain();
	set_tos(5, HOPS, 0x28);
	for (unsigned i = 4; i < HOPS; i++) {
		hops[i].quoted.nat = HOP_NAT_SEEN;
		hops[i].quoted.ttl = 200;
	}
	assert_string_equal(said(),
		"5: TOS rewritten 0xb8 -> 0x28 here or after hop 4; TTL rewritten, 200 left, here "
		"or after hop 4; NAT here or after hop 4\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_tos),
		cmocka_unit_test(test_tos_more_than_once),
		cmocka_unit_test(test_nat),
		cmocka_unit_test(test_ttl_above_what_was_sent),
		cmocka_unit_test(test_ttl_that_is_left),
		cmocka_unit_test(test_all_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
