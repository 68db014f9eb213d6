/* test_ui_typeahead.c - the keys of one read: typed ahead, repeated, sent by a multiplexer, pasted
 * without brackets; and keys in text fields, which act nowhere else. Rows KT2, KT3, KT5, KT6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "sounder/model.h"
#include "sounder/sanitize.h"
#include "ui_test.h"
#include "ui_tick.h"

static int open_screen(void **state)
{
	struct ui_test *test = ui_test_new(24, 80);
	ui_do(&test->ui, "ping --tcp 1 --interval 1h 127.0.0.1");
	ui_do(&test->ui, "ping --tcp 1 --interval 1h 127.0.0.2");
	ui_test_draw(test);
	test->ui.message_until = 0;
	*state = test;
	return 0;
}

/* One read, soon after the one before, that brings these characters; \r is Enter, \033 Esc, other
 * control characters what they are on a keyboard. */
static void read_more(struct ui_test *test, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		uint32_t key = byte == '\r' || byte == 0x1b || byte == ' ' || byte == '\t' ? byte
			: byte < 0x20 ? (byte + 0x60u) | UI_KEY_CTRL
				      : byte;
		ui_typeahead_key(&test->ui, key);
	}
	ui_typeahead_run(&test->ui);
	ui_tick(&test->ui);
	ui_test_draw(test);
}

/* One read by itself. */
static void read_of(struct ui_test *test, const char *text)
{
	test->ui.now += SDR_SECOND;
	read_more(test, text);
}

static unsigned targets(const struct ui_test *test)
{
	unsigned count = 0;
	const struct sdr_engine *engine = sdr_app_engine(test->app);
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++)
		count += sdr_engine_find(engine, id) != NULL;
	return count;
}

static void test_KT5_what_looks_pasted_is_kept(void **state)
{
	struct ui_test *test = *state;
	read_of(test, "2");
	read_of(test, "db1-query1");
	assert_int_equal(targets(test), 2);
	assert_false(test->ui.quitting);
	assert_string_equal(test->ui.message,
		"looks pasted: 10 characters, i puts them into the input, Esc drops them");
	read_of(test, "i");
	assert_string_equal(ui_focused(&test->ui)->input.text, "db1-query1");
	assert_true(ui_focused(&test->ui)->input.active);
	read_of(test, "\033");
	read_of(test, "xq y"); /* x is not bound here: that is reported; q is held back with what
				  follows */
	assert_false(test->ui.quitting);
	assert_string_equal(test->ui.message,
		"looks pasted: 3 characters, i puts them into the input, Esc drops them");
	read_of(test, "\033");
	assert_false(ui_typeahead_has(&test->ui));
	read_of(test, "i");
	assert_string_equal(ui_focused(&test->ui)->input.text, "db1-query1");
}

/* What runs from a line that such a read enters is held back too, and stands there to be entered by
 * a person. */
static void test_KT5_lines_of_a_paste_do_not_run(void **state)
{
	struct ui_test *test = *state;
	read_of(test, "12k:tcp 127.0.0.9:1 --interval 1h\r");
	assert_int_equal(targets(test), 2);
	assert_true(ui_prompt_is_open(test->ui.prompt));
	assert_string_equal(ui_prompt_text(test->ui.prompt), "tcp 127.0.0.9:1 --interval 1h");
	read_of(test, "\033");
	read_of(test, "12k:tcp 127.0.0.9:1 --interval 1h\rq");
	assert_int_equal(targets(test), 2);
	assert_false(test->ui.quitting);
	read_of(test, "\033");
	read_of(test, "12k:serve echo --tcp 127.0.0.1:10099\r");
	struct sdr_service_view view;
	assert_false(sdr_services_view(sdr_app_services(test->app), 0, &view));
}

static void test_KT5_a_long_paste_comes_in_several_reads(void **state)
{
	struct ui_test *test = *state;
	read_of(test, "rxq rest of");
	test->ui.now += 20 * SDR_MS;
	read_more(test, "q");
	read_more(test, "d");
	assert_false(test->ui.quitting);
	assert_int_equal(targets(test), 2);
	read_of(test, "q");
	assert_true(test->ui.quitting);
}

static void test_KT5_type_ahead_and_repeat_run(void **state)
{
	struct ui_test *test = *state;
	read_of(test, "22222");
	assert_int_equal(test->ui.focus, 1);
	read_of(test, "jjjjj");
	read_of(test, "2jr"); /* three: kept */
	assert_true(ui_typeahead_has(&test->ui));
	read_of(test, "\033");
	read_of(test, "jr");
	assert_string_equal(test->ui.message, "figures of all targets were reset");
	read_of(test, ":tcp 127.0.0.7:1 --interval 1h\r:tcp 127.0.0.8:1 --interval 1h\r");
	assert_int_equal(targets(test), 4);
	read_of(test, "4i10.1.2.3/23\r");
	assert_int_equal(test->ui.focus, 3);
	assert_string_equal(ui_focused(&test->ui)->input.text, "10.1.2.3/23");
	read_of(test, "\033");
	read_of(test, ":quit\r");
	assert_true(test->ui.quitting);
}

static void test_KT2_a_paste_without_a_field_is_kept(void **state)
{
	struct ui_test *test = *state;
	struct ui_event paste = {
		.kind = UI_EVENT_PASTE, .bytes = "10.0.0.1\003q", .length = 10, .unended = true};
	read_of(test, "4");
	ui_on_event(&test->ui, &paste);
	assert_false(test->ui.quitting);
	assert_string_equal(test->ui.message,
		"pasted (its end never came): 10 characters, i puts "
		"them into the input, Esc drops them");
	read_of(test, "i");
	assert_string_equal(ui_focused(&test->ui)->input.text, "10.0.0.1 q");
}

/* Every key there is, in each kind of text field: no target goes, nothing quits, the typed line
 * stays (but where the key edits or leaves). */
static void test_KT3_keys_in_text_fields_act_nowhere_else(void **state)
{
	struct ui_test *test = *state;
	static const char *const fields[] = {":", "4i", "?"};
	for (size_t f = 0; f < sizeof(fields) / sizeof(*fields); f++) {
		for (uint32_t key = 0; key < 0x80 + 64; key++) {
			uint32_t code = key < 0x80 ? key : UI_KEY_UP + key - 0x80;
			for (unsigned bits = 0; bits < 8; bits++) {
				uint32_t all = code | (bits & 1 ? UI_KEY_ALT : 0) |
					(bits & 2 ? UI_KEY_CTRL : 0) |
					(bits & 4 ? UI_KEY_SHIFT : 0);
				if (code == UI_KEY_ENTER && bits == 0)
					continue;
				read_of(test, "\033");
				read_of(test, "\033");
				read_of(test, fields[f]);
				assert_true(ui_typeahead_in_field(&test->ui));
				ui_typeahead_key(&test->ui, all);
				ui_typeahead_run(&test->ui);
				assert_false(test->ui.quitting);
				assert_int_equal(targets(test), 2);
			}
		}
		read_of(test, "\033");
	}
}

static void test_KT3_readline_keys(void **state)
{
	struct ui_test *test = *state;
	const char *text = "ping db1.example --interval 5s";
	ui_test_keys(test, ":");
	ui_test_text(test, text);
	ui_test_keys(test, "M-q M-x M-d");
	assert_string_equal(ui_prompt_text(test->ui.prompt), text);
	ui_test_keys(test, "M-b M-b M-d");
	assert_string_equal(ui_prompt_text(test->ui.prompt), "ping db1.example -- 5s");
	ui_test_keys(test, "M-Backspace");
	assert_string_equal(ui_prompt_text(test->ui.prompt), "ping db1. 5s");
	ui_test_keys(test, "C-a M-f C-k");
	assert_string_equal(ui_prompt_text(test->ui.prompt), "ping");
	ui_test_keys(test, "C-c");
	assert_false(ui_prompt_is_open(test->ui.prompt));
	assert_false(test->ui.quitting);
}

/* Alt and a letter outside of text fields is not the letter, where that would change something. */
static void test_KT3_alt_is_not_the_letter(void **state)
{
	struct ui_test *test = *state;
	read_of(test, "2");
	ui_test_keys(test, "M-d M-q M-r M-p");
	assert_int_equal(targets(test), 2);
	assert_false(test->ui.quitting);
	assert_string_equal(test->ui.message, "M-p does nothing here; ? shows the keys");
	ui_test_keys(test, "M-4");
	assert_int_equal(test->ui.focus, 3);
}

static void test_KH6_a_sentence_is_no_list_of_hosts(void **state)
{
	struct ui_test *test = *state;
	read_of(test, ":ping --tcp 9 no such host\r");
	assert_int_equal(targets(test), 2);
	assert_string_equal(test->ui.message,
		"no, such, host: are these hosts? Then write each "
		"with a dot behind it (no.), or by itself");
	ui_do(&test->ui, "ping --tcp 9 127.0.0.3 127.0.0.4 127.0.0.5");
	assert_int_equal(targets(test), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_KT5_what_looks_pasted_is_kept, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_KT5_lines_of_a_paste_do_not_run, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(test_KT5_a_long_paste_comes_in_several_reads,
			open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_KT5_type_ahead_and_repeat_run, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_KT2_a_paste_without_a_field_is_kept, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(test_KT3_keys_in_text_fields_act_nowhere_else,
			open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_KT3_readline_keys, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_KT3_alt_is_not_the_letter, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_KH6_a_sentence_is_no_list_of_hosts, open_screen, ui_test_teardown)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
