/* test_ui_ack.c - frames that the terminal answers: what is asked, waited for and measured; answers
 * among keys and pastes, and those that are late when the terminal is given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "decode.h"
#include "frame_ack.h"
#include "lib/random.h"
#include "term_reply.h"

/* ---- requests ---- */

/* One that has answered at once. */
static struct ui_ack proven(void)
{
	struct ui_ack ack = {0};
	ui_ack_begin(&ack, true);
	assert_true(ui_ack_sent(&ack, 0, 1000));
	assert_true(ui_ack_answered(&ack, 1000));
	return ack;
}

static void test_what_is_not_able_is_not_asked(void **state)
{
	struct ui_ack ack = {0};
	(void)state;
	ui_ack_begin(&ack, false);
	for (int i = 0; i < 5; i++)
		assert_false(ui_ack_sent(&ack, 100, i));
	assert_int_equal(ui_ack_wait(&ack, 1), 0);
	assert_int_equal(ui_ack_farewell(&ack, 1), 0);
	assert_false(ui_ack_answered(&ack, 2)); /* typed, or a paste */
	assert_false(ui_ack_sent(&ack, 100, 3));
}

/* Asked twice, never waited for. */
static void test_silent(void **state)
{
	struct ui_ack ack = {0};
	unsigned asked = 0;
	(void)state;
	ui_ack_begin(&ack, true);
	for (int64_t now = 0; now < 100000; now += 250) {
		assert_int_equal(ui_ack_wait(&ack, now), 0);
		asked += ui_ack_sent(&ack, 500, now);
		assert_int_equal(ui_ack_room(&ack), 0);
	}
	assert_int_equal(asked, 2);
	assert_int_equal(ui_ack_farewell(&ack, 100000), 0);
	ui_ack_begin(&ack, true);
	assert_true(ui_ack_sent(&ack, 0, 100000));
	assert_in_range(ui_ack_farewell(&ack, 100001), 1, 500);
}

static void test_answered(void **state)
{
	struct ui_ack ack = proven();
	(void)state;
	assert_true(ui_ack_sent(&ack, 100, 2000));
	assert_int_equal(ui_ack_wait(&ack, 2000), UI_ACK_PATIENCE);
	assert_int_equal(ui_ack_wait(&ack, 2600), UI_ACK_PATIENCE - 600);
	assert_true(ui_ack_answered(&ack, 2601));
	assert_int_equal(ui_ack_wait(&ack, 2601), 0);
	assert_int_equal(ui_ack_farewell(&ack, 2601), 0);
	assert_false(ui_ack_answered(&ack, 2602)); /* nobody asked */
	assert_true(ui_ack_sent(&ack, 100, 2603));
	assert_true(ui_ack_wait(&ack, 2604) > 0);
}

/* The first frame, sent before the terminal has answered anything, is waited for once it does. */
static void test_the_first_frame(void **state)
{
	struct ui_ack ack = {0};
	(void)state;
	ui_ack_begin(&ack, true);
	assert_true(ui_ack_sent(&ack, 0, 0));
	assert_true(ui_ack_sent(&ack, 4800, 3));
	assert_int_equal(ui_ack_wait(&ack, 4), 0);
	assert_false(ui_ack_answered(&ack, 20));
	assert_int_equal(ui_ack_wait(&ack, 20), UI_ACK_PATIENCE - 17);
	assert_true(ui_ack_answered(&ack, 5020));
	assert_in_range(ack.rate, 950, 970);
}

/* One answer is lost: two waits, and all is as before. */
static void test_a_lost_answer(void **state)
{
	struct ui_ack ack = proven();
	(void)state;
	assert_true(ui_ack_sent(&ack, 100, 2000));
	assert_int_equal(ui_ack_wait(&ack, 2000 + UI_ACK_PATIENCE), 0);
	assert_true(ui_ack_sent(&ack, 100, 4000));
	assert_false(ui_ack_answered(&ack, 4001));
	assert_true(ui_ack_wait(&ack, 4002) > 0);
	assert_int_equal(ui_ack_wait(&ack, 4000 + UI_ACK_PATIENCE), 0);
	assert_true(ui_ack_sent(&ack, 100, 6000));
	assert_true(ui_ack_answered(&ack, 6001));
}

/* One that is late was of the frame before. */
static void test_a_late_answer(void **state)
{
	struct ui_ack ack = proven();
	(void)state;
	assert_true(ui_ack_sent(&ack, 3000, 2000));
	assert_true(ui_ack_sent(&ack, 300, 4000));
	assert_false(ui_ack_answered(&ack, 5000));
	assert_int_equal(ack.rate, 1000);
	assert_true(ui_ack_answered(&ack, 5300)); /* it had the line for 0.3 s */
	assert_int_equal(ack.rate, 1000);
	assert_int_equal(ack.asked, 0);
}

/* It misses as often as it may, answers, and misses again. */
static void test_misses_in_a_row(void **state)
{
	struct ui_ack ack = proven();
	int64_t now = 2000;
	(void)state;
	for (unsigned round = 0; round < 4; round++) {
		for (unsigned i = 0; i < UI_ACK_MISSES - 1; i++, now += UI_ACK_PATIENCE)
			assert_true(ui_ack_sent(&ack, 100, now));
		ui_ack_answered(&ack, now - 1);
	}
	assert_true(ui_ack_sent(&ack, 100, now));
	assert_true(ui_ack_wait(&ack, now) > 0);
}

/* It falls silent: some waits, then none and no more requests; an answer makes it good. */
static void test_falls_silent(void **state)
{
	struct ui_ack ack = proven();
	int64_t now = 2000;
	(void)state;
	for (unsigned i = 0; i < UI_ACK_MISSES; i++, now += UI_ACK_PATIENCE) {
		assert_true(ui_ack_sent(&ack, 500, now));
		assert_true(ui_ack_wait(&ack, now + 1) > 0);
	}
	assert_false(ui_ack_sent(&ack, 500, now));
	assert_int_equal(ui_ack_wait(&ack, now + 1), 0);
	assert_int_equal(ui_ack_room(&ack), 0);
	for (unsigned i = 0; i < UI_ACK_MISSES; i++)
		assert_int_equal(ui_ack_answered(&ack, now + 10), i + 1 == UI_ACK_MISSES);
	assert_true(ui_ack_sent(&ack, 500, now + 11));
	assert_true(ui_ack_wait(&ack, now + 12) > 0);
}

/* Whatever comes when: never is more waited than UI_ACK_PATIENCE, requests are counted, and once
 * the terminal answers each at once, so is each frame drawn at once, after two waits at most. */
static void test_any_order(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed < 300; seed++) {
		uint64_t random = seed;
		struct ui_ack ack = {0};
		int64_t now = 0;
		ui_ack_begin(&ack, true);
		for (int i = 0; i < 200; i++) {
			now += random_below(&random, 900);
			if (random_below(&random, 3) == 0)
				ui_ack_answered(&ack, now);
			else if (ui_ack_wait(&ack, now) == 0)
				ui_ack_sent(&ack, random_below(&random, 3000), now);
			assert_in_range(ui_ack_wait(&ack, now), 0, UI_ACK_PATIENCE);
			assert_in_range(ui_ack_farewell(&ack, now), 0, UI_ACK_PATIENCE);
			assert_in_range(ack.asked, 0, UI_ACK_ASKED);
		}
		if (!ack.answers) /* nothing makes it good but an answer */
			continue;
		unsigned waits = 0;
		for (int i = 0; i < 50; i++) {
			int64_t wait = ui_ack_wait(&ack, now);
			waits += wait > 0;
			now += wait;
			if (ui_ack_sent(&ack, 100, now))
				ui_ack_answered(&ack, now + 1);
			now += 2;
		}
		assert_true(waits <= 2);
	}
}

/* ---- the line ---- */

/* Sends a frame over a line with a rate and a latency, both ways, and waits for its answer. */
static void over_line(
	struct ui_ack *ack, size_t bytes, unsigned rate, int64_t latency, int64_t *now)
{
	int64_t took = latency + (int64_t)(bytes * 1000 / rate);
	assert_int_equal(ui_ack_wait(ack, *now), 0);
	if (ui_ack_sent(ack, bytes, *now))
		ui_ack_answered(ack, *now + took);
	*now += took + 1;
}

/* On any line a frame of the room takes 0.2 to 0.8 s more than the latency, or there is no limit; a
 * fast line has none however long the way. */
static void test_room(void **state)
{
	static const unsigned rates[] = {960, 2400, 9600, 100000, 10000000};
	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		for (int64_t latency = 0; latency <= 700; latency += 100) {
			struct ui_ack ack = {0};
			int64_t now = 0;
			ui_ack_begin(&ack, true);
			over_line(&ack, 0, rates[i], latency, &now);
			assert_int_equal(ui_ack_room(&ack), 0);
			for (int frame = 0; frame < 60; frame++) {
				size_t most = ui_ack_room(&ack), wanted = frame % 7 * 900 + 50;
				size_t bytes = most && most < wanted ? most : wanted;
				if (ui_ack_wait(&ack, now) > 0)
					now += ui_ack_wait(&ack, now);
				over_line(&ack, bytes, rates[i], latency, &now);
			}
			size_t room = ui_ack_room(&ack);
			if (rates[i] >= 100000)
				assert_int_equal(room, 0);
			else
				assert_in_range(room * 1000 / rates[i], 200, 800);
		}
	}
}

/* A hiccup does not make a line slow for long. */
static void test_hiccup(void **state)
{
	struct ui_ack ack = proven();
	int64_t now = 2000;
	(void)state;
	over_line(&ack, 4000, 1000000, 30, &now);
	assert_int_equal(ui_ack_room(&ack), 0);
	for (int i = 0; i < 10; i++)
		over_line(&ack, 300, 1000000, 1500, &now);
	over_line(&ack, 300, 1000000, 30, &now);
	over_line(&ack, 300, 1000000, 1, &now);
	assert_int_equal(ui_ack_room(&ack), 0);
}

/* ---- among input ---- */

struct input {
	char keys[256], paste[256];
	unsigned answers;
};

static void on_event(void *context, const struct ui_event *event)
{
	struct input *input = context;
	char name[UI_KEY_TEXT];
	if (event->kind == UI_EVENT_KEY) {
		strcat(input->keys, ui_key_format(name, event->key));
		strcat(input->keys, " ");
	} else if (event->kind == UI_EVENT_PASTE) {
		memcpy(input->paste, event->bytes, event->length);
		input->paste[event->length] = '\0';
	} else if (event->kind == UI_EVENT_ANSWER) {
		input->answers++;
	}
}

/* Feeds bytes that come `gap` ms apart, then nothing. */
static struct input feed(const char *bytes, unsigned gap, bool expects)
{
	struct input input = {0};
	struct ui_decoder *decoder = ui_decoder_new(on_event, &input);
	ui_decoder_expects(decoder, expects);
	for (; *bytes; bytes++) {
		unsigned wait = ui_decoder_feed(decoder, bytes, 1);
		for (unsigned passed = gap; wait > 0 && passed >= wait;) {
			passed -= wait;
			wait = ui_decoder_flush(decoder);
		}
	}
	while (ui_decoder_flush(decoder))
		;
	ui_decoder_free(decoder);
	return input;
}

/* An answer that is expected presses nothing, with up to 0.25 s between its bytes, and what stands
 * around it is as it would be without. */
static void test_answers_press_nothing(void **state)
{
	static const char *const cases[][3] = {{"\033[0n", "", ""}, {"\033[3n", "", ""},
		{"j\033[0nk", "j k ", ""}, {"\033[A\033[0n\033[B", "Up Down ", ""},
		{"\033[200~a\033[0nb\033[201~q", "q ", "ab"},
		{"\033[200~\033\033[3n\033[201~", "", "\033"},
		{"\033[200~\033[0x\033[0n\033[2n\033[201~", "", "\033[0x\033[2n"},
		{"\033[200~\033[0\033[0n\033[201~", "", "\033[0"}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (unsigned gap = 0; gap < UI_DECODE_REJOIN_MS; gap += 10) {
			if (gap >= UI_DECODE_ESCAPE_MS && strstr(cases[i][0], "\033[A"))
				continue;
			struct input input = feed(cases[i][0], gap, true);
			assert_string_equal(input.keys, cases[i][1]);
			assert_string_equal(input.paste, cases[i][2]);
			assert_int_equal(input.answers, 1);
		}
	}
}

static void test_no_answers(void **state)
{
	static const char *const none[] = {"\033[1n", "\033[?0n", "\033[n", "\033[00n", "\033[0;0n",
		"\033[0N", "\033[0 n", "\033]0n\a", "\033[5n"};
	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		assert_int_equal(feed(none[i], 0, true).answers, 0);
		assert_string_equal(feed(none[i], 0, true).keys, "");
	}
	/* Content where nothing is expected. */
	assert_string_equal(feed("\033[200~a\033[0nb\033[201~", 0, false).paste, "a\033[0nb");
	assert_string_equal(feed("\033[200~a\033[0", 0, true).paste, "a\033[0");
}

/* What a person types after Esc while an answer is to come is what it is without. */
static void test_escape_while_expecting(void **state)
{
	static const char *const typed[][2] = {{"\033", "Esc "}, {"\033q", "Esc q "},
		{"\033\033", "Esc Esc "}, {"\033[", "Esc [ "}, {"\033[j", "Esc [ j "},
		{"\033]", "Esc ] "}, {"\033Pq", "Esc P q "}, {"\033\xc3\xa9", "Esc \xc3\xa9 "}};
	(void)state;
	for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
		for (unsigned gap = 30; gap < 600; gap += 10)
			assert_string_equal(feed(typed[i][0], gap, true).keys, typed[i][1]);
		assert_string_equal(
			feed(typed[i][0], 0, true).keys, feed(typed[i][0], 0, false).keys);
	}
}

/* Nor is the rest of another reply, whose ESC came long before. */
static void test_other_replies_while_expecting(void **state)
{
	static const char *const replies[] = {"\033]11;rgb:0/0/0\a", "\033P1$r0 q\033\\",
		"\033_Gi=31;OK\033\\", "\033[?62;22c", "\033[24;80R"};
	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++)
		for (unsigned gap = 30; gap < UI_DECODE_REJOIN_MS; gap += 10)
			assert_string_equal(feed(replies[i], gap, true).keys,
				replies[i][1] == '[' ? "" : "Esc ");
}

static void test_begun(void **state)
{
	struct input input = {0};
	struct ui_decoder *decoder = ui_decoder_new(on_event, &input);
	(void)state;
	assert_int_equal(ui_decoder_begun(decoder), 0);
	for (size_t i = 0; i < 3; i++) {
		ui_decoder_feed(decoder, &"\033[3n"[i], 1);
		assert_int_equal(ui_decoder_begun(decoder), i + 1);
	}
	ui_decoder_feed(decoder, "n\033[4", 4);
	assert_int_equal(ui_decoder_begun(decoder), 0);
	assert_int_equal(input.answers, 1);
	ui_decoder_free(decoder);
}

/* ---- late ones ---- */

/* In a child on a terminal of its own: prints what is left to read after `answers` were taken, up
 * to a stop. */
static void take(int terminal, unsigned answers, size_t begun, int milliseconds)
{
	char left[256] = "";
	struct termios raw;
	size_t length = 0;
	tcgetattr(terminal, &raw);
	cfmakeraw(&raw);
	tcsetattr(terminal, TCSANOW, &raw);
	fcntl(terminal, F_SETFL, O_NONBLOCK);
	(void)!write(terminal, "ready", 5);
	ui_reply_take(terminal, answers, begun, milliseconds);
	struct pollfd wait = {.fd = terminal, .events = POLLIN};
	while (!memchr(left, '.', length) && poll(&wait, 1, 10000) == 1) {
		ssize_t got = read(terminal, left + length, sizeof(left) - length);
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	(void)!write(terminal, "<", 1);
	(void)!write(terminal, left, length);
	(void)!write(terminal, ">", 1);
	tcdrain(terminal);
	usleep(20000);
	_exit(ioctl(terminal, TIOCSTI, NULL) != 0 && errno == EFAULT ? 0 : 1);
}

/* Types so, in two parts and a stop; returns whether the system puts bytes back. */
static bool left_after(const char *first, const char *second, size_t begun, char *out, size_t size)
{
	int master, status = 0;
	size_t length = 0;
	const char *const parts[] = {first, second, "."};
	pid_t child = forkpty(&master, NULL, NULL, NULL);
	assert_true(child >= 0);
	if (child == 0)
		take(0, 1, begun, 300);
	assert_int_equal(poll(&(struct pollfd){.fd = master, .events = POLLIN}, 1, 10000), 1);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(write(master, parts[i], strlen(parts[i])), strlen(parts[i]));
		usleep(50000);
	}
	for (ssize_t got; length + 1 < size; length += (size_t)got)
		if ((got = read(master, out + length, size - length - 1)) <= 0)
			break;
	out[length] = '\0';
	assert_int_equal(waitpid(child, &status, 0), child);
	close(master);
	return status == 0;
}

/* Of what is typed around an answer nothing is lost or out of order. */
static void test_late_answers_are_taken(void **state)
{
	static const struct {
		const char *first, *second;
		size_t begun;
		const char *left, *kept;
	} cases[] = {{"\033[0n", "", 0, "", ""}, {"\033[", "3n", 0, "", ""},
		{"", "\033[0nls\r", 0, "ls\r", "ls\r"}, {"0n", "", 2, "", ""},
		{"ls", "\033[0n -l", 0, "ls -l", "ls\033[0n -l"},
		{"\033[0n\033[0n", "", 0, "\033[0n", "\033[0n\033[0n"},
		{"\033\033[0n", "x", 0, "\033x", "\033\033[0nx"},
		{"\033[A", "\033[0", 0, "\033[A\033[0", "\033[A\033[0"},
		{"typed", "", 0, "typed", "typed"}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char out[256], wanted[256];
		bool puts_back = left_after(
			cases[i].first, cases[i].second, cases[i].begun, out, sizeof(out));
		snprintf(wanted, sizeof(wanted), "ready<%s.>",
			puts_back ? cases[i].left : cases[i].kept);
		assert_string_equal(out, wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_not_able_is_not_asked),
		cmocka_unit_test(test_silent), cmocka_unit_test(test_answered),
		cmocka_unit_test(test_the_first_frame), cmocka_unit_test(test_a_lost_answer),
		cmocka_unit_test(test_a_late_answer), cmocka_unit_test(test_misses_in_a_row),
		cmocka_unit_test(test_falls_silent), cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_room), cmocka_unit_test(test_hiccup),
		cmocka_unit_test(test_answers_press_nothing), cmocka_unit_test(test_no_answers),
		cmocka_unit_test(test_escape_while_expecting),
		cmocka_unit_test(test_other_replies_while_expecting), cmocka_unit_test(test_begun),
		cmocka_unit_test(test_late_answers_are_taken)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
