/* test_ui_decode.c - input bytes to keys, whole and in pieces; pastes; replies of the terminal;
 * garbage. Rows G15, KT1, KT2. */
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

#define ESCAPE 0x1b

/* What came, as text: "Up C-r paste:3+0 mouse:0@4,2" */
struct heard {
	char text[8192];
	size_t length;
	unsigned keys, pastes;
	char pasted[UI_PASTE_MAX + 1]; /* of the last paste */
};

static void on_event(void *context, const struct ui_event *event)
{
	struct heard *heard = context;
	char name[UI_KEY_TEXT];
	size_t room = sizeof(heard->text) - heard->length;
	int used = 0;
	if (event->kind == UI_EVENT_KEY)
		used = snprintf(
			heard->text + heard->length, room, "%s ", ui_key_format(name, event->key));
	else if (event->kind == UI_EVENT_PASTE)
		used = snprintf(heard->text + heard->length, room, "paste%s:%zu+%zu ",
			event->unended ? "!" : "", event->length, event->dropped);
	else if (event->kind == UI_EVENT_LOST)
		used = snprintf(heard->text + heard->length, room, "lost:%zu ", event->dropped);
	else if (event->kind == UI_EVENT_MOUSE)
		used = snprintf(heard->text + heard->length, room, "mouse:%d@%d,%d%c ",
			event->button, event->row, event->column, event->pressed ? '+' : '-');
	if (event->kind == UI_EVENT_PASTE) {
		memcpy(heard->pasted, event->bytes, event->length);
		heard->pasted[event->length] = '\0';
	}
	heard->keys += event->kind == UI_EVENT_KEY;
	heard->pastes += event->kind == UI_EVENT_PASTE;
	if ((size_t)used < room)
		heard->length += (size_t)used;
}

static const struct {
	const char *bytes, *keys;
} cases[] = {
	{"aG?", "a G ? "}, {"\033[A\033[B", "Up Down "}, {"\033OA", "Up "},
	{"\033[1;5C", "C-Right "}, {"\033[1;4D", "M-S-Left "}, {"\033[5~\033[6;3~", "PgUp M-PgDn "},
	{"\033[Z\t", "S-Tab Tab "}, {"\033OP\033[15~", "F1 F5 "}, {"\x03\x12\x1a", "C-c C-r C-z "},
	{"\r\n", "Enter Enter "}, {"\x7f\b", "Backspace Backspace "}, {"\033x", "M-x "},
	{"\xc3\xa9\xe4\xb8\xad", "\xc3\xa9 \xe4\xb8\xad "},
	{"\xff\xc0\xaf"
	 "a",
		"a "},
	{"\033[<0;5;3M\033[<0;5;3m", "mouse:0@2,4+ mouse:0@2,4- "},
	{"\033[<64;1;1M", "mouse:64@0,0+ "}, {"\033[200~rm -rf /\r\033[201~q", "paste:9+0 q "},
	{"\033[200~a\033[20b\033[201~", "paste:6+0 "}, {"\033[999;999;999;999;999;999~", ""},
	{"\033[?1;2c\033[>41;354;0c", ""}, {"\033[M !!q", "mouse:0@0,0+ q "}, {" ", "Space "},
	{"\033[<0;0;3Ma\033[<0;3;0M\033[<0;3M\033[<0;1;2;3M", "a "}, /* beyond the edge; no place */
	{"\033[<28;2;1M\033[<67;2;1m", "mouse:0@0,1+ mouse:67@0,1- "}, /* shift, alt, control */
};

/* Feeds in pieces of `size` bytes. */
static void feed(struct heard *heard, const char *bytes, size_t length, size_t size)
{
	struct ui_decoder *decoder = ui_decoder_new(on_event, heard);
	ui_decoder_learn(decoder, "\033OA", UI_KEY_UP);
	memset(heard, 0, sizeof(*heard));
	for (size_t at = 0; at < length; at += size)
		ui_decoder_feed(decoder, bytes + at, length - at < size ? length - at : size);
	while (ui_decoder_flush(decoder))
		;
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
	assert_int_equal(ui_decoder_feed(decoder, "\033", 1), UI_DECODE_ESCAPE_MS);
	assert_int_equal(heard.keys, 0);
	ui_decoder_flush(decoder);
	assert_string_equal(heard.text, "Esc ");
	assert_int_equal(ui_decoder_feed(decoder, "\033", 1), UI_DECODE_ESCAPE_MS);
	assert_int_equal(ui_decoder_feed(decoder, "[A", 2), 0);
	assert_string_equal(heard.text, "Esc Up ");
	assert_int_equal(ui_decoder_feed(decoder, "\033\033", 2), UI_DECODE_ESCAPE_MS);
	ui_decoder_flush(decoder);
	assert_string_equal(heard.text, "Esc Up Esc Esc ");
	ui_decoder_free(decoder);
}

/* What may go on is waited for, what can't is dropped at once. */
static void test_characters_that_are_none(void **state)
{
	static const struct {
		const char *bytes;
		bool waits;
	} rows[] = {{"\xc3", true}, {"\xc0\xaf", false}, {"\xdf", true}, {"\xe4", true},
		{"\xe4\xb8", true}, {"\xe0\x80\x80", false}, {"\xf0\x9f\x98", true},
		{"\xf0\x80\x80\x80", false}, {"\xbf", false}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct heard heard = {0};
		struct ui_decoder *decoder = ui_decoder_new(on_event, &heard);
		unsigned wait = ui_decoder_feed(decoder, rows[i].bytes, strlen(rows[i].bytes));
		assert_int_equal(wait, rows[i].waits ? UI_DECODE_IDLE_MS : 0);
		assert_int_equal(ui_decoder_flush(decoder), 0);
		assert_int_equal(ui_decoder_feed(decoder, "q", 1), 0);
		assert_string_equal(heard.text, "q ");
		ui_decoder_free(decoder);
	}
}

static void test_the_least_character_above_c1(void **state)
{
	struct heard heard;
	(void)state;
	feed(&heard, "\xc2\xa0", 2, 1);
	assert_int_equal(heard.keys, 1);
	feed(&heard, "\xc2\x99", 2, 1);
	assert_int_equal(heard.keys, 0);
}

/* An old mouse report is over with its last byte: nothing is waited for. */
static void test_reports_end_at_once(void **state)
{
	static const char *const reports[] = {
		"\033[M !!", "\033[M \xc4\x80\xc5\x81", "\033[<0;5;3M"};
	(void)state;
	for (size_t i = 0; i < sizeof(reports) / sizeof(*reports); i++) {
		struct heard heard = {0};
		struct ui_decoder *decoder = ui_decoder_new(on_event, &heard);
		size_t length = strlen(reports[i]);
		assert_int_equal(
			ui_decoder_feed(decoder, reports[i], length - 1), UI_DECODE_IDLE_MS);
		assert_int_equal(ui_decoder_feed(decoder, reports[i] + length - 1, 1), 0);
		ui_decoder_free(decoder);
	}
}

/* How long an end is waited for, by what is there. */
static void test_what_is_waited_for(void **state)
{
	static const struct {
		const char *bytes;
		unsigned wait;
	} rows[] = {{"\033", UI_DECODE_ESCAPE_MS}, {"\033[", UI_DECODE_IDLE_MS},
		{"\033O", UI_DECODE_IDLE_MS}, {"\033[3", UI_DECODE_IDLE_MS},
		{"\033[3$", UI_DECODE_ESCAPE_MS}, {"\033[33$", UI_DECODE_ESCAPE_MS},
		{"\033[12;2$", UI_DECODE_IDLE_MS}, {"\033[$", UI_DECODE_IDLE_MS},
		{"\033[3$3", UI_DECODE_IDLE_MS}, {"\033]x", UI_DECODE_IDLE_MS},
		{"\033Px\a", UI_DECODE_REJOIN_MS}, {"a", 0}, {"\033[A", 0}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct heard heard = {0};
		struct ui_decoder *decoder = ui_decoder_new(on_event, &heard);
		assert_int_equal(ui_decoder_feed(decoder, rows[i].bytes, strlen(rows[i].bytes)),
			rows[i].wait);
		ui_decoder_free(decoder);
	}
}

/* What was given up leaves nothing to the next: not an ESC that a backslash would end it with. */
static void test_strings_after_one_without_end(void **state)
{
	struct heard heard = {0};
	struct ui_decoder *decoder = ui_decoder_new(on_event, &heard);
	(void)state;
	ui_decoder_feed(decoder, "\033]x\033", 4);
	ui_decoder_flush(decoder);
	assert_string_equal(heard.text, "lost:2 ");
	assert_int_equal(ui_decoder_feed(decoder, "\033P\\q", 4), UI_DECODE_IDLE_MS);
	assert_int_equal(ui_decoder_feed(decoder, "\033\\j", 3), 0);
	assert_string_equal(heard.text, "lost:2 j ");
	ui_decoder_free(decoder);
}

/* A sequence that is too long to be one ends with its last byte, or before a byte that is in
 * none. */
static void test_sequences_that_are_too_long(void **state)
{
	static const char *const ends[][2] = {{"Aj", "j "}, {"@j", "j "}, {"~j", "j "},
		{"\rj", "Enter j "}, {"\xc3\xa9j", "\xc3\xa9 j "}, {"\x7fj", "Backspace j "}};
	struct heard heard;
	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		for (size_t size = 1; size < 90; size += 11) {
			char bytes[200] = "\033[";
			memset(bytes + 2, ';', 80);
			strcpy(bytes + 82, ends[i][0]);
			feed(&heard, bytes, strlen(bytes), size);
			assert_string_equal(heard.text, ends[i][1]);
		}
}

/* A terminal's own sequences, whatever they look like, in pieces; a beginning of one alone is what
 * it would be without. */
static void test_sequences_of_the_terminal(void **state)
{
	struct heard heard = {0};
	(void)state;
	for (size_t size = 1; size <= 9; size++) {
		struct ui_decoder *decoder = ui_decoder_new(on_event, &heard);
		memset(&heard, 0, sizeof(heard));
		ui_decoder_learn(decoder, "\033zq", UI_KEY_F1);
		ui_decoder_learn(decoder, "\033zr", UI_KEY_F1 + 4);
		static const char bytes[] = "\033zq\033zr\033zsa";
		for (size_t at = 0; at < sizeof(bytes) - 1; at += size)
			ui_decoder_feed(decoder, bytes + at,
				sizeof(bytes) - 1 - at < size ? sizeof(bytes) - 1 - at : size);
		assert_string_equal(heard.text, "F1 F5 M-z s a ");
		assert_int_equal(ui_decoder_feed(decoder, "\033z", 2), UI_DECODE_ESCAPE_MS);
		ui_decoder_flush(decoder);
		assert_string_equal(heard.text, "F1 F5 M-z s a M-z ");
		ui_decoder_free(decoder);
	}
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
	assert_string_equal(heard.text, "paste:65536+983040 ");
}

/* Whether a key behind these bytes and a flush is that key. */
static bool key_is_a_key_after(const char *bytes, size_t length)
{
	struct heard heard = {.length = 0};
	struct ui_decoder *decoder = ui_decoder_new(on_event, &heard);
	ui_decoder_feed(decoder, bytes, length);
	while (ui_decoder_flush(decoder))
		;
	heard.length = 0;
	ui_decoder_feed(decoder, "q", 1);
	while (ui_decoder_flush(decoder))
		;
	ui_decoder_free(decoder);
	return strcmp(heard.text, "q ") == 0;
}

/* Whatever comes, it ends, means the same wherever it is cut, and after a flush a key is a key
 * again. */
static void test_G15_garbage(void **state)
{
	struct heard whole, pieces;
	unsigned seed = 1;
	(void)state;
	for (int round = 0; round < 2000; round++) {
		char bytes[300];
		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = (seed >> 16) % 3 ? (char)(seed >> 8)
						    : "\033[<;0M"[(seed >> 20) % 7];
		}
		feed(&whole, bytes, sizeof(bytes), sizeof(bytes));
		feed(&pieces, bytes, sizeof(bytes), 1 + (size_t)round % 40);
		assert_string_equal(pieces.text, whole.text);
		assert_true(key_is_a_key_after(bytes, sizeof(bytes)));
	}
}

/* ---- what no person typed ---- */

#define END_ST "\033\\"

static const char *const replies[] = {
	"\033P1$r0 q" END_ST,           /* DECRQSS */
	"\033P>|WezTerm q" END_ST,      /* XTVERSION */
	"\033P1+r436f=323536\a" END_ST, /* XTGETTCAP; a BEL within */
	"\033]52;c;cXVpdA==\a",         /* clipboard */
	"\033]52;c;cXVpdA==" END_ST,
	"\033]11;rgb:1414/1919/1f1f\a", /* colour */
	"\033]4;1;rgb:ff/00/00" END_ST,
	"\033]l:quit\r" END_ST, /* title, as anyone may have set it */
	"\033_Gi=31;OK" END_ST, /* kitty's graphics */
	"\033^quit\r" END_ST,
	"\033Xd\033[A\033Od" END_ST,
	"\033[?62;22c",
	"\033[>41;354;0c",
	"\033[=1;2c", /* device attributes */
	"\033[24;80R",
	"\033[?24;80;1R", /* cursor position */
	"\033[0n",
	"\033[8;24;80t",
	"\033[4;600;800t",
	"\033[?2026;2$y",
	"\033[12;2$y", /* modes */
	"\033[I",
	"\033[O", /* focus */
	"\033[?1u",
	"\033[?997;1n",
	"\033[48;24;80;600;800t",
	"\x9d"
	"11;rgb:0/0/0\x9c", /* the same as C1 bytes */
	"\xc2\x9d"
	"11;rgb:0/0/0\xc2\x9c",
	"\xc2\x9b?62c",
	"\x9b?62c",
};

/* Feeds a byte each `gap` ms, flushing when the decoder has waited long enough. */
static void feed_slowly(struct heard *heard, const char *bytes, unsigned gap)
{
	struct ui_decoder *decoder = ui_decoder_new(on_event, heard);
	memset(heard, 0, sizeof(*heard));
	for (; *bytes; bytes++) {
		unsigned left = gap, wait = ui_decoder_feed(decoder, bytes, 1);
		while (wait > 0 && wait <= left) {
			left -= wait;
			wait = ui_decoder_flush(decoder);
		}
	}
	while (ui_decoder_flush(decoder))
		;
	ui_decoder_free(decoder);
}

/* At any speed and cut anywhere, nothing of a reply is a key, and the key behind it is not lost. An
 * ESC alone for 25 ms is the Esc key. */
static void test_KT1_replies_press_nothing(void **state)
{
	static const unsigned gaps[] = {0, 10, 30, 100, 200};
	struct heard heard;
	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++) {
		char bytes[128];
		snprintf(bytes, sizeof(bytes), "%sj", replies[i]);
		for (size_t size = 1; size <= 32; size++) {
			feed(&heard, bytes, strlen(bytes), size);
			assert_string_equal(heard.text, "j ");
		}
		for (size_t g = 0; g < sizeof(gaps) / sizeof(*gaps); g++) {
			bool escape = bytes[0] == ESCAPE && gaps[g] >= UI_DECODE_ESCAPE_MS;
			feed_slowly(&heard, bytes, gaps[g]);
			assert_string_equal(heard.text, escape ? "Esc j " : "j ");
		}
	}
}

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16 & 0x7fff;
}

/* Fills with anything but what ends the string: for an OSC a BEL, for all ESC \ and for a paste its
 * own end. */
static void fill_randomly(char *bytes, size_t size, unsigned *seed)
{
	static const char hostile[] = "q\r:serve echo\rdy\033[A\033]\033P\x03\x18\x1a";
	for (size_t i = 0; i < size; i++) {
		bytes[i] = next_random(seed) % 2
			? (char)next_random(seed)
			: hostile[next_random(seed) % (sizeof(hostile) - 1)];
		if (bytes[i] == '\a' || (bytes[i] == '\\' && i > 0 && bytes[i - 1] == ESCAPE) ||
			(bytes[i] == '~' && i > 0))
			bytes[i] = 'x';
	}
	bytes[size - 1] = 'x'; /* an ESC here would be that of the end, twice */
}

static void test_KT1_KT2_random_bytes_inside(void **state)
{
	static const struct {
		const char *begin, *end, *then;
	} kinds[] = {{"\033P", END_ST, "j "}, {"\033]", END_ST, "j "}, {"\033]", "\a", "j "},
		{"\033_", END_ST, "j "}, {"\033^", END_ST, "j "}, {"\033X", END_ST, "j "},
		{"\033[200~", "\033[201~", "paste:"}};
	unsigned seed = 5;
	struct heard heard;
	(void)state;
	for (int round = 0; round < 1400; round++) {
		char bytes[1000 + 20];
		const char *begin = kinds[round % 7].begin, *end = kinds[round % 7].end;
		size_t at = strlen(begin), inside = 1 + next_random(&seed) % 999;
		memcpy(bytes, begin, at);
		fill_randomly(bytes + at, inside, &seed);
		memcpy(bytes + at + inside, end, strlen(end));
		at += inside + strlen(end);
		bytes[at++] = 'j';
		feed(&heard, bytes, at, 1 + next_random(&seed) % 64);
		assert_int_equal(heard.keys, 1);
		assert_int_equal(heard.pastes, round % 7 == 6);
		assert_memory_equal(
			heard.text, kinds[round % 7].then, strlen(kinds[round % 7].then));
		assert_string_equal(heard.text + heard.length - 2, "j ");
	}
}

/* A million in one string; an unterminated one is over after a second, and reported. */
static void test_KT1_a_long_reply_and_one_without_end(void **state)
{
	struct heard heard = {0};
	struct ui_decoder *decoder = ui_decoder_new(on_event, &heard);
	char *bytes = malloc(1000000);
	unsigned seed = 9;
	(void)state;
	fill_randomly(bytes, 1000000, &seed);
	ui_decoder_feed(decoder, "\033]52;c;", 7);
	for (size_t at = 0; at < 1000000; at += 4000)
		assert_int_equal(ui_decoder_feed(decoder, bytes + at, 4000), UI_DECODE_IDLE_MS);
	assert_int_equal(ui_decoder_feed(decoder, "\aj", 2), 0);
	assert_string_equal(heard.text, "j ");
	assert_int_equal(ui_decoder_feed(decoder, "\033P1$r", 5), UI_DECODE_IDLE_MS);
	assert_int_equal(ui_decoder_flush(decoder), 0);
	assert_int_equal(ui_decoder_feed(decoder, "k", 1), 0);
	assert_string_equal(heard.text, "j lost:3 k ");
	free(bytes);
	ui_decoder_free(decoder);
}

static void test_KT2_a_paste_ends_by_its_end_alone(void **state)
{
	static const char bytes[] = "\033[200~10.0.0.1\x03:serve echo\r\x1a\x18\033\033[201~j";
	struct heard heard;
	(void)state;
	for (size_t size = 1; size < sizeof(bytes); size++) {
		feed(&heard, bytes, sizeof(bytes) - 1, size);
		assert_string_equal(heard.text, "paste:24+0 j ");
		assert_string_equal(heard.pasted, "10.0.0.1\x03:serve echo\r\x1a\x18\033");
	}
}

static void test_KT2_a_paste_without_end_is_handed_on(void **state)
{
	struct heard heard = {0};
	struct ui_decoder *decoder = ui_decoder_new(on_event, &heard);
	(void)state;
	assert_int_equal(ui_decoder_feed(decoder, "\033[200~ping\033[20", 14), UI_DECODE_IDLE_MS);
	assert_int_equal(ui_decoder_flush(decoder), 0);
	assert_string_equal(heard.text, "paste!:8+0 ");
	ui_decoder_feed(decoder, "q", 1);
	assert_string_equal(heard.text, "paste!:8+0 q ");
	ui_decoder_free(decoder);
}

static const struct {
	const char *bytes, *keys;
} coded[] = {
	{"\033[27u\033[13u\033[9u\033[127u\033[32u", "Esc Enter Tab Backspace Space "},
	{"\033[99;5u\033[27;5;99~\033[67;6u", "C-c C-c C-c "},
	{"\033[113u\033[97;2u\033[97:65;2u\033[27;2;65~", "q A A A "},
	{"\033[49;2u", ""}, /* which character shift and 1 make only the terminal knows */
	{"\033[49:33;2u\033[58;2u", "! : "},
	{"\033[113;1:3u\033[113;1:1u\033[113;1:2u", "q q "}, /* released, pressed, repeated */
	{"\033[1;1:3A\033[1;1:1A", "Up "},
	{"\033[113;9u\033[113;33u\033[57441u\033[57358u",
		""},                           /* super, meta; shift alone, caps lock */
	{"\033[113;65u\033[113;129u", "q q "}, /* with caps lock, with num lock */
	{"\033[98;3u\033[9;2u\033[13;2u\033[127;2u", "M-b S-Tab Enter Backspace "},
	{"\033[57399u\033[57408u\033[57414u\033[57419u", "0 9 Enter Up "},
	{"\033[1114112u\033[55296u\033[0u\033[7u\033[233u", "\xc3\xa9 "},
	{"\033OM\033Oj\033Ok\033Ol\033Om\033On\033Oo\033Op\033Oy\033OX",
		"Enter * + , - . / 0 9 = "},
	{"\033O5A\033Oz\033OA", "C-Up Up "},
	{"\033[M !!j\033[M#\"#j", "mouse:0@0,0+ j mouse:3@2,1- j "},
	{"\033[M \xc4\x80!j\033[M \xc4\x80\xc5\x81j", "j j "}, /* mode 1005 */
	{"\033[3$\033[3^\033[3@j", "j "},                      /* rxvt's; the first at a pause */
	{"\033[[A\033[[Ej\033[[Z", "F1 F5 j "}, {"\033[5A\033[2;3H", ""},
	{"\033[1~\033[~j", "Home j "}, /* the last byte that may end one is ~ */
	{"\033[;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;"
	 ";;Zj",
		"j "}, /* too long to be one */
};

static void test_KT1_keys_with_codes(void **state)
{
	struct heard heard;
	(void)state;
	for (size_t i = 0; i < sizeof(coded) / sizeof(*coded); i++) {
		for (size_t size = 1; size <= 16; size++) {
			feed(&heard, coded[i].bytes, strlen(coded[i].bytes), size);
			assert_string_equal(heard.text, coded[i].keys);
		}
	}
}

/* What a user types after Esc is not mistaken for a reply's rest. */
static void test_keys_after_escape(void **state)
{
	struct heard heard;
	(void)state;
	feed_slowly(&heard, "\033]", 300);
	assert_string_equal(heard.text, "Esc ] ");
	feed_slowly(&heard, "\033[j", 60);
	assert_string_equal(heard.text, "Esc [ j ");
	feed_slowly(&heard, "\033Pq", 60);
	assert_string_equal(heard.text, "Esc P q ");
	feed_slowly(&heard, "\033q", 60);
	assert_string_equal(heard.text, "Esc q ");
}

static void test_key_names(void **state)
{
	static const char *const names[] = {"p", "G", "?", "Space", "Enter", "Esc", "Up", "PgDn",
		"F12", "C-r", "M-x", "S-Tab", "C-M-Left", "\xc3\xa9"};
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
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_G15_sequences_in_pieces),
		cmocka_unit_test(test_escape_alone_waits),
		cmocka_unit_test(test_characters_that_are_none),
		cmocka_unit_test(test_the_least_character_above_c1),
		cmocka_unit_test(test_reports_end_at_once),
		cmocka_unit_test(test_what_is_waited_for),
		cmocka_unit_test(test_strings_after_one_without_end),
		cmocka_unit_test(test_sequences_that_are_too_long),
		cmocka_unit_test(test_sequences_of_the_terminal),
		cmocka_unit_test(test_G15_paste_of_a_megabyte), cmocka_unit_test(test_G15_garbage),
		cmocka_unit_test(test_KT1_replies_press_nothing),
		cmocka_unit_test(test_KT1_KT2_random_bytes_inside),
		cmocka_unit_test(test_KT1_a_long_reply_and_one_without_end),
		cmocka_unit_test(test_KT2_a_paste_ends_by_its_end_alone),
		cmocka_unit_test(test_KT2_a_paste_without_end_is_handed_on),
		cmocka_unit_test(test_KT1_keys_with_codes),
		cmocka_unit_test(test_keys_after_escape), cmocka_unit_test(test_key_names)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
