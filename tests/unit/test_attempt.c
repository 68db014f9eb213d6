/* test_attempt.c - tries of a question or connection: as a list for JSON, and as the clause that
 * names who failed before one answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/attempt.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct sdr_attempt attempt_at(const char *host, enum sdr_outcome outcome)
{
	struct sdr_attempt attempt = {.transport = "udp",
		.took = 5 * SDR_MS,
		.outcome = outcome,
		.icmp_type = -1,
		.icmp_code = -1,
		.to.port = 53};
	assert_int_equal(sdr_addr_parse(host, &attempt.to.addr, NULL), SDR_OK);
	return attempt;
}

static const struct sdr_item *child(const struct sdr_item *list, unsigned index)
{
	const struct sdr_item *item = list->first;
	while (item && index-- > 0)
		item = item->next;
	return item;
}

/* The value of a key as a reader sees it, which distinguishes null from 0. */
static void holds(const struct sdr_item *entry, const char *key, const char *wanted)
{
	char text[80];
	const struct sdr_item *item = sdr_item_find(entry, key);
	assert_non_null(item);
	sdr_item_format_value(text, sizeof(text), item);
	if (strcmp(text, wanted) != 0)
		fail_msg("%s: %s, not %s", key, text, wanted);
}

static void test_list(void **state)
{
	struct sdr_attempt tries[] = {attempt_at("127.0.0.1", SDR_OUTCOME_UNREACHABLE),
		attempt_at("::1", SDR_OUTCOME_OK), attempt_at("127.0.0.2", SDR_OUTCOME_OK)};
	struct sdr_sheet *sheet = sdr_sheet_new();
	(void)state;
	tries[0].error_name = "EHOSTUNREACH";
	tries[0].icmp_type = 3;
	tries[0].icmp_code = 0;
	tries[0].router = tries[1].to.addr;
	tries[1].began = 2 * SDR_MS;
	tries[2].open = true;
	sdr_attempts_write(sdr_sheet_root(sheet), "server", tries, COUNT(tries));
	sdr_attempts_write(
		sdr_item_object(sdr_sheet_root(sheet), "other", NULL), "address", NULL, 0);
	assert_false(sdr_sheet_failed(sheet));
	const struct sdr_item *list = sdr_item_find(sdr_sheet_view(sheet), "attempts");
	assert_int_equal(list->show, SDR_SHOW_HIDDEN);
	static const char *const keys[] = {"server", "transport", "began_seconds", "outcome",
		"errno", "icmp_type", "icmp_code", "router", "took_seconds"};
	static const char *const values[][COUNT(keys)] = {
		{"127.0.0.1:53", "udp", "0.000 ms", "unreachable", "EHOSTUNREACH", "3", "0", "::1",
			"5.000 ms"},
		{"[::1]:53", "udp", "2.000 ms", "ok", "-", "-", "-", "-", "5.000 ms"},
		{"127.0.0.2:53", "udp", "0.000 ms", "-", "-", "-", "-", "-", "-"},
	};
	for (unsigned i = 0; i < COUNT(values); i++) {
		const struct sdr_item *key = child(list, i)->first;
		for (size_t k = 0; k < COUNT(keys); k++, key = key->next) {
			assert_string_equal(key->key, keys[k]); /* in that order */
			holds(child(list, i), keys[k], values[i][k]);
		}
		assert_null(key);
	}
	assert_null(child(list, 3));
	const struct sdr_item *other = sdr_item_find(sdr_sheet_view(sheet), "other");
	assert_null(sdr_item_find(other, "attempts")->first);
	sdr_sheet_free(sheet);
}

#define A "127.0.0.1"
#define B "::1"

static void test_who_failed(void **state)
{
	static const struct {
		struct {
			const char *host;
			enum sdr_outcome outcome;
		} tries[4];
		const char *said;
	} cases[] = {
		{{{A, SDR_OUTCOME_OK}}, ""},
		{{{A, SDR_OUTCOME_TIMEOUT}, {B, SDR_OUTCOME_REFUSED}}, ""}, /* nobody answered */
		{{{A, SDR_OUTCOME_SERVFAIL}, {B, SDR_OUTCOME_OK}}, A ":53: server failure"},
		{{{A, SDR_OUTCOME_TIMEOUT}, {B, SDR_OUTCOME_NXDOMAIN}}, A ":53: no answer"},
		{{{A, SDR_OUTCOME_TIMEOUT}, {B, SDR_OUTCOME_NODATA}}, A ":53: no answer"},
		{{{A, SDR_OUTCOME_TIMEOUT}, {A, SDR_OUTCOME_OK}}, ""}, /* it did answer */
		{{{A, SDR_OUTCOME_OK}, {A, SDR_OUTCOME_TIMEOUT}}, ""},
		{{{A, SDR_OUTCOME_TIMEOUT}, {A, SDR_OUTCOME_TIMEOUT}, {B, SDR_OUTCOME_OK}},
			A ":53: no answer"},
		{{{A, SDR_OUTCOME_TIMEOUT}, {A, SDR_OUTCOME_REFUSED}, {B, SDR_OUTCOME_OK}},
			A ":53: no answer, " A ":53: refused"},
		{{{B, SDR_OUTCOME_REFUSED}, {A, SDR_OUTCOME_OK}}, "[::1]:53: refused"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_attempt tries[5];
		unsigned count = 0;
		char out[200];
		for (; count < 4 && cases[i].tries[count].host; count++)
			tries[count] = attempt_at(
				cases[i].tries[count].host, cases[i].tries[count].outcome);
		sdr_attempts_failed(out, sizeof(out), tries, count);
		assert_string_equal(out, cases[i].said);
		/* One whose end nobody knows is not reported, and answers nothing. */
		tries[count] = attempt_at("127.0.0.9", SDR_OUTCOME_OK);
		tries[count].open = true;
		sdr_attempts_failed(out, sizeof(out), tries, count + 1);
		assert_string_equal(out, cases[i].said);
	}
}

/* 64 of them in every size of room: cut, never past it. */
static void test_little_room(void **state)
{
	struct sdr_attempt tries[SDR_ATTEMPTS_MAX];
	char whole[4096], out[4096];
	(void)state;
	for (unsigned i = 0; i < SDR_ATTEMPTS_MAX; i++) {
		tries[i] = attempt_at(A, i ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK);
		tries[i].to.port = (uint16_t)(1000 + i);
	}
	sdr_attempts_failed(whole, sizeof(whole), tries, SDR_ATTEMPTS_MAX);
	assert_int_equal(strlen(whole), 63 * strlen(A ":1000: no answer, ") - 2);
	for (size_t size = 1; size <= strlen(whole) + 1; size++) {
		memset(out, 'x', sizeof(out));
		sdr_attempts_failed(out, size, tries, SDR_ATTEMPTS_MAX);
		assert_int_equal(strlen(out), size - 1);
		assert_memory_equal(out, whole, size - 1);
		assert_int_equal(out[size], 'x');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_who_failed),
		cmocka_unit_test(test_little_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
