/* OPT records: what goes into a question, and what is read of an answer's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"

#define OPT_HEAD 11

static struct sdr_prefix prefix(const char *text)
{
	struct sdr_prefix made;
	assert_int_equal(sdr_prefix_parse(text, &made, NULL), SDR_OK);
	return made;
}

static void holds(const struct sdr_manner *manner, const char *expected, size_t length)
{
	uint8_t out[SDR_MESSAGE_QUESTION];
	const uint8_t *end = sdr_edns_put(out, manner, (const uint8_t *)"\1\2\3\4\5\6\7\10", 8);
	assert_int_equal(end - out, length);
	assert_memory_equal(out, expected, length);
}

static void test_questions(void **state)
{
	(void)state;
	holds(&(struct sdr_manner){0}, "\0\0\51\4\320\0\0\0\0\0\0", OPT_HEAD);
	holds(&(struct sdr_manner){.size = 512, .dnssec = true}, "\0\0\51\2\0\0\0\200\0\0\0",
		OPT_HEAD);
	holds(&(struct sdr_manner){.nsid = true}, "\0\0\51\4\320\0\0\0\0\0\4\0\3\0\0",
		OPT_HEAD + 4);
	holds(&(struct sdr_manner){.cookie = true},
		"\0\0\51\4\320\0\0\0\0\0\14\0\12\0\10\1\2\3\4\5\6\7\10", OPT_HEAD + 12);
	holds(&(struct sdr_manner){.subnet =
					   prefix("10.255.7.7/13")}, /* no bit behind the length */
		"\0\0\51\4\320\0\0\0\0\0\12\0\10\0\6\0\1\15\0\12\370", OPT_HEAD + 10);
	holds(&(struct sdr_manner){.subnet = prefix("::/0")},
		"\0\0\51\4\320\0\0\0\0\0\10\0\10\0\4\0\2\0\0", OPT_HEAD + 8);
}

/* The longest question fits: SDR_MESSAGE_QUESTION. */
static void test_the_longest_question(void **state)
{
	char name[256];
	uint8_t wire[SDR_MESSAGE_QUESTION], cookie[SDR_COOKIE_MAX] = {0};
	(void)state;
	for (int i = 0; i < 253; i++)
		name[i] = i % 64 == 63 ? '.' : 'a';
	name[253] = '\0';
	struct sdr_manner manner = {.nsid = true, .cookie = true, .subnet = prefix("fd00::1/128")};
	struct sdr_message_question question = {.name = name,
		.edns = true,
		.manner = &manner,
		.cookie = cookie,
		.cookie_length = sizeof(cookie)};
	assert_int_equal(sdr_message_encode(wire, &question),
		12 + 255 + 4 + OPT_HEAD + 4 + 4 + 20 + 4 + SDR_COOKIE_MAX);
	assert_true(
		12 + 255 + 4 + OPT_HEAD + 4 + 4 + 20 + 4 + SDR_COOKIE_MAX <= SDR_MESSAGE_QUESTION);
}

static void test_bits_of_the_header(void **state)
{
	static const struct row {
		struct sdr_manner manner;
		bool authentic;
		unsigned bits;
	} rows[] = {
		{{0}, false, 0x0100},
		{{0}, true, 0x0120},
		{{.no_recurse = true}, false, 0},
		{{.checking_disabled = true}, false, 0x0110},
		{{.no_recurse = true, .checking_disabled = true}, true, 0x0030},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t wire[SDR_MESSAGE_QUESTION];
		struct sdr_message_question question = {
			.name = "x", .manner = &rows[i].manner, .authentic = rows[i].authentic};
		assert_int_equal(sdr_message_encode(wire, &question), 12 + 3 + 4);
		assert_int_equal(wire[2] << 8 | wire[3], rows[i].bits);
	}
}

static void test_answers(void **state)
{
	static const uint8_t data[] = "\0\3\0\2ns\0\10\0\6\0\1\15\30\12\370\0\12\0\20"
				      "12345678abcdefgh\0\17\0\4\0\7x\0\0\3\0\0";
	struct sdr_edns edns = {0};
	char text[SDR_EDNS_SUBNET];
	(void)state;
	assert_null(sdr_edns_wrong(data, sizeof(data) - 1));
	sdr_edns_take(&edns, data, sizeof(data) - 1);
	assert_true(edns.present && edns.has_nsid && sdr_edns_has_cookie(&edns));
	assert_int_equal(edns.nsid_length, 2); /* the first of two counts */
	assert_memory_equal(edns.nsid, "ns", 2);
	assert_string_equal(sdr_edns_format_subnet(text, &edns), "10.248.0.0/13/24");
	assert_int_equal(edns.cookie_length, 16);
	assert_int_equal(edns.ede_count, 1);
	assert_int_equal(edns.edes[0].code, 7);
	assert_int_equal(edns.edes[0].length, 1); /* its NUL is none of it */
	for (size_t cut = 1; cut < sizeof(data) - 1; cut++) {
		bool between = cut == 6 || cut == 16 || cut == 36 || cut == 44;
		assert_int_equal(sdr_edns_wrong(data, cut) == NULL, between);
	}
}

static void test_lengths_of_cookies(void **state)
{
	(void)state;
	for (uint8_t length = 0; length < 60; length++) {
		uint8_t data[64] = {0, 10, 0, length};
		bool good = length == 8 || (length >= 16 && length <= 40);
		assert_int_equal(sdr_edns_wrong(data, 4 + (size_t)length) == NULL, good);
	}
}

static void test_whose_answer(void **state)
{
	struct sdr_edns edns = {.cookie = (const uint8_t *)"12345678", .cookie_length = 8};
	struct sdr_prefix asked = prefix("10.1.7.7/16"), other = prefix("10.1.0.0/17"),
			  six = prefix("::/16"), none = {0};
	(void)state;
	edns.subnet = prefix("10.1.0.0/16");
	assert_null(sdr_edns_foreign(&edns, NULL, NULL));
	assert_null(sdr_edns_foreign(&edns, (const uint8_t *)"12345678", &asked));
	assert_null(sdr_edns_foreign(&edns, NULL, &none));
	assert_non_null(sdr_edns_foreign(&edns, (const uint8_t *)"12345679", &asked));
	assert_non_null(sdr_edns_foreign(&edns, NULL, &other));
	assert_non_null(sdr_edns_foreign(&edns, NULL, &six));
	assert_false(sdr_edns_has_cookie(&edns)); /* the server gave no part of its own */
	assert_null(sdr_edns_foreign(&(struct sdr_edns){0}, (const uint8_t *)"12345679", &other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_the_longest_question),
		cmocka_unit_test(test_bits_of_the_header),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_lengths_of_cookies),
		cmocka_unit_test(test_whose_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
