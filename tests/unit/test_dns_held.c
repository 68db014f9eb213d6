/* Questions kept from c-ares: what a message that comes is the answer to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "dns/held.h"

enum { QUESTION = 19 };

/* x. A IN, with an id. */
static void question(uint8_t id, uint8_t out[static QUESTION])
{
	static const uint8_t asked[QUESTION] = {
		0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'x', 0, 0, 1, 0, 1};
	memcpy(out, asked, QUESTION);
	out[1] = id;
}

/* Asks, as if it had left. */
static struct held *ask(struct held_list *held, uint8_t id)
{
	uint8_t message[QUESTION], stand_in[HELD_STAND_IN];
	question(id, message);
	struct held *entry = sdr_held_ask(held, message, sizeof(message), stand_in);
	assert_non_null(entry);
	entry->sent = true;
	return entry;
}

/* Whether the answer with that id is one to a question that waits, or to one that has ended. */
static bool is_answer(struct held_list *held, uint8_t id, bool late)
{
	uint8_t message[HELD_STAND_IN] = {0};
	question(id, message);
	return late ? sdr_held_late(held, message, QUESTION)
		    : sdr_held_keep(held, message, QUESTION) > 0;
}

static void test_a_late_answer_is_known_once(void **state)
{
	struct held_list held = {.serial = 0};
	(void)state;
	TAILQ_INIT(&held.list);
	struct held *first = ask(&held, 1);
	ask(&held, 2);
	assert_false(is_answer(&held, 1, true)); /* it still waits */
	sdr_held_end(&held, first);
	assert_false(is_answer(&held, 1, false)); /* nobody is left who would take it */
	assert_false(is_answer(&held, 3, true));
	assert_false(is_answer(&held, 2, true));
	assert_true(is_answer(&held, 1, true));
	assert_false(is_answer(&held, 1, true));
	assert_true(is_answer(&held, 2, false));
	sdr_held_clear(&held);
	assert_true(TAILQ_EMPTY(&held.list));
	assert_int_equal(held.ended, 0);
}

/* One that never left, and one that has its answer, can get no late one. */
static void test_others_are_gone_at_their_end(void **state)
{
	struct held_list held = {.serial = 0};
	(void)state;
	TAILQ_INIT(&held.list);
	struct held *unsent = ask(&held, 1);
	unsent->sent = false;
	sdr_held_end(&held, unsent);
	struct held *answered = ask(&held, 2);
	assert_true(is_answer(&held, 2, false));
	sdr_held_end(&held, answered);
	assert_true(TAILQ_EMPTY(&held.list));
}

static void test_the_latest_alone_are_kept(void **state)
{
	struct held_list held = {.serial = 0};
	(void)state;
	TAILQ_INIT(&held.list);
	ask(&held, 200); /* waits all the time */
	for (uint8_t id = 0; id < HELD_ENDED + 3; id++)
		sdr_held_end(&held, ask(&held, id));
	assert_int_equal(held.ended, HELD_ENDED);
	for (uint8_t id = 0; id < HELD_ENDED + 3; id++)
		assert_int_equal(is_answer(&held, id, true), id >= 3);
	assert_int_equal(held.ended, 0);
	assert_true(is_answer(&held, 200, false));
	sdr_held_clear(&held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_late_answer_is_known_once),
		cmocka_unit_test(test_others_are_gone_at_their_end),
		cmocka_unit_test(test_the_latest_alone_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
