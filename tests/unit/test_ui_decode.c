/* test_ui_decode.c - input bytes to keys, whole and in pieces; pastes; garbage. Fault row G15. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

/* What came, as text: "Up C-r paste:3+0 mouse:0@4,2" */
struct heard {
	char text[8192];
	size_t length;
	unsigned keys, pastes;
};

static void on_event(void *context, const struct ui_event *event)
{
	struct heard *heard = context;
	char name[UI_KEY_TEXT];
	size_t room = sizeof(heard->text) - heard->length;
	int used = 0;
	if (event->kind == UI_EVENT_KEY)
		used = snprintf(heard->text + heard->length, room, "%s ", ui_key_format(name, event->key));
	else if (event->kind == UI_EVENT_PASTE)
		used = snprintf(heard->text + heard->length, room, "paste:%zu+%zu ", event->length, event->dropped);
	else
		used = snprintf(heard->text + heard->length, room, "mouse:%d@%d,%d%c ", event->button, event->row, event->column,
			event->pressed ? '+' : '-');
	heard->keys += event->kind == UI_EVENT_KEY;
	heard->pastes += event->kind == UI_EVENT_PASTE;
	if ((size_t)used < room)
		heard->length += (size_t)used;
}

static const struct {
	const char *bytes, *keys;
} cases[] = {
	{"aG?", "a G ? "},
	{"\033[A\033[B", "Up Down "},
	{"\033OA", "Up "},
	{"\033[1;5C", "C-Right "},
	{"\033[1;4D", "M-S-Left "},
	{"\033[5~\033[6;3~", "PgUp M-PgDn "},
	{"\033[Z\t", "S-Tab Tab "},
	{"\033OP\033[15~", "F1 F5 "},
	{"\x03\x12\x1a", "C-c C-r C-z "},
	{"\r\n", "Enter Enter "},
	{"\x7f\b", "Backspace Backspace "},
	{"\033x", "M-x "},
	{"\xc3\xa9\xe4\xb8\xad", "\xc3\xa9 \xe4\xb8\xad "},
	{"\xff\xc0\xaf"
	 "a",
		"a "},
	{"\033[<0;5;3M\033[<0;5;3m", "mouse:0@2,4+ mouse:0@2,4- "},
	{"\033[<64;1;1M", "mouse:64@0,0+ "},
	{"\033[200~rm -rf /\r\033[201~q", "paste:9+0 q "},
	{"\033[200~a\033[20b\033[201~", "paste:6+0 "},
	{"\033[999;999;999;999;999;999~", ""},
	{"\033[?1;2c\033[>41;354;0c", ""},
	{"\033[MXYZ", "X Y Z "},
	{" ", "Space "},
};

/* Feeds in pieces of `size` bytes. */
static void feed(struct heard *heard, const char *bytes, size_t length, size_t size)
{
	struct ui_decoder *decoder = ui_decoder_new(on_event, heard);
	ui_decoder_learn(decoder, "\033OA", UI_KEY_UP);
	memset(heard, 0, sizeof(*heard));
	for (size_t at = 0; at < length; at += size)
		ui_decoder_feed(decoder, bytes + at, length - at < size ? length - at : size);
	ui_decoder_flush(decoder);
	ui_decoder_free(decoder);
}

static void test_G15_sequences_in_pieces(void **state)
{
	struct heard heard;
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (size_t size = 1; size <= 16; size++) {
			feed(&heard, cases[i].bytes, strlen(cases[i].bytes), size);
			assert_string_equal(heard.text, cases[i].keys);
		}
	}
}

static void test_escape_alone_waits(void **state)
{
	struct heard heard = {0};
	struct ui_decoder *decoder = ui_decoder_new(on_event, &heard);
	(void)state;
	assert_true(ui_decoder_feed(decoder, "\033", 1));
	assert_int_equal(heard.keys, 0);
	ui_decoder_flush(decoder);
	assert_string_equal(heard.text, "Esc ");
	assert_true(ui_decoder_feed(decoder, "\033", 1));
	assert_false(ui_decoder_feed(decoder, "[A", 2));
	assert_string_equal(heard.text, "Esc Up ");
	assert_true(ui_decoder_feed(decoder, "\033\033", 2));
	ui_decoder_flush(decoder);
	assert_string_equal(heard.text, "Esc Up Esc Esc ");
	ui_decoder_free(decoder);
}

static void test_G15_paste_of_a_megabyte(void **state)
{
	struct heard heard;
	size_t size = 1 << 20;
	char *bytes = malloc(size + 12);
	(void)state;
	memcpy(bytes, "\033[200~", 6);
	for (size_t i = 0; i < size; i++)
		bytes[6 + i] = (char)("q\r:quit\n\033[A"[i % 10]);
	memcpy(bytes + 6 + size, "\033[201~", 6);
	feed(&heard, bytes, size + 12, 4096);
	free(bytes);
	assert_int_equal(heard.keys, 0);
	assert_int_equal(heard.pastes, 1);
	assert_string_equal(heard.text, "paste:4096+1044480 ");
}

/* Whatever comes, it ends, and after a flush a key is a key again. */
static void test_G15_garbage(void **state)
{
	struct heard heard;
	unsigned seed = 1;
	(void)state;
	for (int round = 0; round < 2000; round++) {
		char bytes[300];
		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = (seed >> 16) % 3 ? (char)(seed >> 8) : "\033[<;0M"[(seed >> 20) % 7];
		}
		feed(&heard, bytes, sizeof(bytes), 1 + (size_t)round % 40);
	}
}

static void test_key_names(void **state)
{
	static const char *const names[] = {
		"p", "G", "?", "Space", "Enter", "Esc", "Up", "PgDn", "F12", "C-r", "M-x", "S-Tab", "C-M-Left", "\xc3\xa9"};
	static const char *const wrong[] = {"", "pp", "F13", "C-", "S-a", "Ctrl-a", "\x01", "\xff"};
	char text[UI_KEY_TEXT];
	uint32_t key;
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_int_equal(ui_key_parse(names[i], &key, NULL), SDR_OK);
		assert_string_equal(ui_key_format(text, key), names[i]);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(ui_key_parse(wrong[i], &key, NULL), SDR_EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_G15_sequences_in_pieces), cmocka_unit_test(test_escape_alone_waits),
		cmocka_unit_test(test_G15_paste_of_a_megabyte), cmocka_unit_test(test_G15_garbage), cmocka_unit_test(test_key_names)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
