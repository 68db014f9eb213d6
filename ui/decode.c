/* decode.c - input bytes to keys. Bytes not decoded yet wait in `held`; each time, the longest
 * match at its start is taken: a learned sequence, a CSI or SS3 sequence by its grammar (ECMA-48
 * sec. 5.4), a UTF-8 character, or a control byte. csi.c decodes sequences; an unknown one is
 * dropped as a whole, so that garbage presses no keys. Control strings, pastes and what follows an
 * old mouse report are not held but consumed in modes of their own (decode_mode.c). */
#include "decode.h"

#include <stdlib.h>
#include <string.h>

#include "csi.h"
#include "decode_mode.h"
#include "sounder/sanitize.h"

#define PASTE_BEGIN 200

struct ui_decoder *ui_decoder_new(
	void (*on_event)(void *context, const struct ui_event *event), void *context)
{
	struct ui_decoder *decoder = calloc(1, sizeof(*decoder));
	if (!decoder)
		return NULL;
	decoder->on_event = on_event;
	decoder->context = context;
	return decoder;
}

void ui_decoder_free(struct ui_decoder *decoder)
{
	free(decoder);
}

void ui_decoder_learn(struct ui_decoder *decoder, const char *sequence, uint32_t key)
{
	size_t length = strlen(sequence);
	if (length < 2 || length > UI_DECODE_SEQUENCE ||
		decoder->learned_count == UI_DECODE_LEARNED)
		return;
	struct ui_learned *one = &decoder->learned[decoder->learned_count++];
	memcpy(one->bytes, sequence, length);
	one->length = length;
	one->key = key;
}

static void press(struct ui_decoder *decoder, uint32_t key)
{
	struct ui_event event = {.kind = UI_EVENT_KEY, .key = key};
	if (key != UI_KEY_NONE)
		decoder->on_event(decoder->context, &event);
}

static void drop(struct ui_decoder *decoder, size_t taken)
{
	decoder->held_length -= taken;
	memmove(decoder->held, decoder->held + taken, decoder->held_length);
}

/* ---- sequences ---- */

static void act_on_csi(struct ui_decoder *decoder, const char *body, size_t length)
{
	struct ui_csi csi;
	ui_csi_parse(&csi, body, length);
	const int(*at)[UI_CSI_PARTS] = csi.parameters;
	if (csi.mark == '<' && !csi.intermediate &&
		(csi.final == 'M' || csi.final == 'm')) { /* CSI < button ; column ; row */
		if (csi.count == 3)
			ui_decode_mouse(decoder, at[0][0], at[1][0], at[2][0], csi.final == 'M');
	} else if (!csi.mark && csi.final == '~' && at[0][0] == PASTE_BEGIN) {
		decoder->mode = UI_DECODE_PASTE;
		decoder->paste_length = decoder->paste_dropped = decoder->end_matched = 0;
		decoder->answer = '\0';
	} else if (ui_csi_is_answer(body, length)) {
		ui_decode_answer(decoder);
	} else if (ui_csi_report_length(&csi, length)) {
		decoder->mode = UI_DECODE_REPORT;
		decoder->report_left = ui_csi_report_length(&csi, length);
	} else {
		press(decoder, ui_csi_key(&csi));
	}
}

/* ---- one thing at a time; each returns the bytes it took, 0 to wait for more ---- */

static size_t take_learned(struct ui_decoder *decoder, bool *may_grow)
{
	for (size_t i = 0; i < decoder->learned_count; i++) {
		const struct ui_learned *one = &decoder->learned[i];
		size_t common =
			one->length < decoder->held_length ? one->length : decoder->held_length;
		if (memcmp(one->bytes, decoder->held, common) != 0)
			continue;
		if (common == one->length) {
			press(decoder, one->key);
			return common;
		}
		*may_grow = true;
	}
	return 0;
}

/* The Linux console's F1 to F5 are CSI [ A to E. */
static size_t take_console_key(struct ui_decoder *decoder)
{
	if (decoder->held_length < 4)
		return 0;
	char letter = decoder->held[3];
	if (letter >= 'A' && letter <= 'E')
		press(decoder, UI_KEY_F1 + (uint32_t)(letter - 'A'));
	return 4;
}

static size_t take_csi(struct ui_decoder *decoder)
{
	for (size_t i = 2; i < decoder->held_length; i++) {
		unsigned char byte = (unsigned char)decoder->held[i];
		if (i == 2 && byte == '[')
			return take_console_key(decoder);
		if (byte >= 0x40 && byte <= 0x7e) {
			char body[UI_DECODE_HELD];
			memcpy(body, decoder->held + 2, i - 1);
			decoder->held_length = 0; /* its last byte is the last that came: what
						     follows may be of another mode */
			act_on_csi(decoder, body, i - 1);
			return i + 1;
		}
		if (byte < 0x20 || byte > 0x7e)
			/* Broken off: the beginning is dropped, this byte is decoded again. */
			return i;
	}
	if (decoder->held_length < UI_DECODE_HELD)
		return 0;
	decoder->mode = UI_DECODE_LONG;
	return UI_DECODE_HELD;
}

/* SS3: a final byte, in old xterms behind a number of modifiers. */
static size_t take_ss3(struct ui_decoder *decoder)
{
	int modifiers = 0;
	for (size_t i = 2; i < decoder->held_length; i++) {
		char byte = decoder->held[i];
		if (byte >= '0' && byte <= '9' && i < 5) {
			modifiers = modifiers * 10 + (byte - '0');
		} else if (byte != ';') {
			if (byte < 0x20 || byte > 0x7e)
				return i;
			press(decoder, ui_csi_ss3(modifiers, byte));
			return i + 1;
		}
	}
	return decoder->held_length < UI_DECODE_HELD ? 0 : UI_DECODE_HELD;
}

/* The bytes of an invalid character: its first one and its continuation bytes. */
static size_t broken_length(const char *bytes, size_t length)
{
	size_t broken = 1;
	while (broken < length && ((unsigned char)bytes[broken] & 0xc0) == 0x80)
		broken++;
	return broken;
}

static size_t take_character(
	struct ui_decoder *decoder, const char *bytes, size_t length, uint32_t bits)
{
	static const unsigned char lengths[] = {
		0, 0, 0, 0, 2, 2, 3, 4}; /* by bits 6..4 of the first byte, from 0x80 on */
	uint32_t code;
	unsigned char first = (unsigned char)bytes[0];
	if (first < 0x20 || first == 0x7f) {
		press(decoder, ui_csi_control(first) | bits);
		return 1;
	}
	if (first < 0x80) {
		press(decoder, first | bits);
		return 1;
	}
	size_t step = sdr_text_decode(bytes, length, &code), whole = lengths[(first >> 4) & 7];
	if (step > 0) {
		if (code >= 0xa0)
			press(decoder, code | bits);
		return step;
	}
	/* More may come as long as what is there can go on; what cannot is no text and is
	 * dropped. */
	return length < whole && broken_length(bytes, length) == length
		? 0
		: broken_length(bytes, length);
}

static size_t take_rejoined(struct ui_decoder *decoder)
{
	char opener = decoder->held[1];
	if (decoder->held_length < 3)
		return 0;
	decoder->rejoins = false;
	if (!ui_csi_goes_on(opener, decoder->held[2])) {
		press(decoder, (unsigned char)opener);
		return 2;
	}
	if (opener == '[')
		return take_csi(decoder);
	ui_decode_string_begin(decoder, opener);
	ui_decode_string(decoder, decoder->held + 2, 1);
	return 3;
}

static size_t take_escape(struct ui_decoder *decoder)
{
	bool may_grow = false;
	if (decoder->rejoins)
		return take_rejoined(decoder);
	size_t taken = take_learned(decoder, &may_grow);
	if (taken > 0)
		return taken;
	if (decoder->held_length < 2)
		return 0;
	char second = decoder->held[1];
	if (second == '[')
		return take_csi(decoder);
	if (second == 'O')
		return take_ss3(decoder);
	if (may_grow)
		return 0;
	if (ui_csi_opens_string(second)) {
		ui_decode_string_begin(decoder, second);
		return 2;
	}
	if (second == UI_BYTE_ESC) { /* the first was the Esc key */
		press(decoder, UI_KEY_ESC);
		return 1;
	}
	taken = take_character(decoder, decoder->held + 1, decoder->held_length - 1, UI_KEY_ALT);
	return taken ? taken + 1 : 0;
}

/* A C1 control, as a byte or in UTF-8, becomes the ESC and the letter that mean the same (ECMA-48
 * sec. 5.3). */
static void unfold_c1(struct ui_decoder *decoder)
{
	unsigned char *held = (unsigned char *)decoder->held;
	bool utf8 =
		decoder->held_length == 2 && held[0] == 0xc2 && held[1] >= 0x80 && held[1] <= 0x9f;
	if (!utf8 && !(decoder->held_length == 1 && held[0] >= 0x80 && held[0] <= 0x9f))
		return;
	decoder->c1 = utf8 ? UI_C1_UTF8 : UI_C1_EIGHT_BITS;
	held[1] = (unsigned char)(held[utf8] - 0x40);
	held[0] = UI_BYTE_ESC;
	decoder->held_length =
		ui_csi_opens_string((char)held[1]) || held[1] == '[' || held[1] == 'O'
		? 2
		: 0; /* the others press nothing */
}

/* After an ESC that would be the Esc key, only what goes on as a control sequence is one with
 * it. */
static void settle_late(struct ui_decoder *decoder, char byte)
{
	bool alone = decoder->held_length == 1;
	if (alone && byte == '[')
		return;
	decoder->late = false;
	if (!alone && ui_csi_goes_on('[', byte))
		return;
	press(decoder, UI_KEY_ESC);
	decoder->rejoins = !alone || ui_csi_opens_string(byte);
	decoder->held_length = decoder->rejoins ? decoder->held_length : 0;
}

/* One byte at a time: a paste or a reply that begins must not find its text in `held`. */
static size_t feed_ground(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	(void)length;
	if (decoder->late)
		settle_late(decoder, bytes[0]);
	if (!decoder->held_length)
		decoder->c1 = UI_C1_SEVEN_BITS;
	decoder->held[decoder->held_length++] = bytes[0];
	unfold_c1(decoder);
	while (decoder->held_length > 0 && decoder->mode == UI_DECODE_GROUND) {
		size_t taken = decoder->held[0] == UI_BYTE_ESC
			? take_escape(decoder)
			: take_character(decoder, decoder->held, decoder->held_length, 0);
		if (taken == 0)
			break;
		drop(decoder, taken < decoder->held_length ? taken : decoder->held_length);
	}
	return 1;
}

void ui_decoder_expects(struct ui_decoder *decoder, bool answer)
{
	decoder->expects = answer;
}

size_t ui_decoder_begun(const struct ui_decoder *decoder)
{
	static const char answers[][4] = {"\033[0", "\033[3"};
	size_t length = decoder->held_length;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		if (decoder->mode == UI_DECODE_GROUND && length < sizeof(*answers) &&
			!memcmp(decoder->held, answers[i], length))
			return length;
	return 0;
}

/* ---- time ---- */

static unsigned wait_in_ground(const struct ui_decoder *decoder)
{
	if (decoder->held_length == 0)
		return decoder->escaped ? UI_DECODE_IDLE_MS : 0;
	if (decoder->rejoins || decoder->late)
		return UI_DECODE_REJOIN_MS;
	bool sequence =
		decoder->held_length > 1 && (decoder->held[1] == '[' || decoder->held[1] == 'O');
	/* rxvt's keys with shift end in a byte that no sequence ends in, CSI 3 $; not so reports of
	 * modes, CSI 12;2$y. */
	bool rxvt = decoder->held_length > 3 && decoder->held[decoder->held_length - 1] == '$' &&
		!memchr(decoder->held, ';', decoder->held_length);
	return decoder->held[0] == UI_BYTE_ESC && (!sequence || rxvt) ? UI_DECODE_ESCAPE_MS
								      : UI_DECODE_IDLE_MS;
}

static unsigned wait_of(const struct ui_decoder *decoder)
{
	if (decoder->mode == UI_DECODE_GROUND)
		return wait_in_ground(decoder);
	bool may_be_over = decoder->mode == UI_DECODE_STRING &&
		(decoder->before == UI_BYTE_BEL || decoder->passed > UI_DECODE_STRING_MAX);
	return may_be_over ? UI_DECODE_REJOIN_MS : UI_DECODE_IDLE_MS;
}

unsigned ui_decoder_feed(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	static size_t (*const feeders[])(struct ui_decoder *, const char *, size_t) = {
		[UI_DECODE_GROUND] = feed_ground,
		[UI_DECODE_STRING] = ui_decode_string,
		[UI_DECODE_PASTE] = ui_decode_paste,
		[UI_DECODE_REPORT] = ui_decode_report,
		[UI_DECODE_LONG] = ui_decode_long};
	if (decoder->escaped && length > 0 && (ui_csi_opens_string(bytes[0]) || bytes[0] == '[')) {
		decoder->held[decoder->held_length++] = UI_BYTE_ESC;
		decoder->rejoins = true;
		decoder->c1 = UI_C1_SEVEN_BITS;
	}
	if (length > 0)
		decoder->escaped = false;
	while (length > 0) {
		size_t taken = feeders[decoder->mode](decoder, bytes, length);
		bytes += taken;
		length -= taken;
	}
	return wait_of(decoder);
}

static void flush_ground(struct ui_decoder *decoder)
{
	char second = decoder->held_length == 2 ? decoder->held[1] : '\0';
	decoder->escaped = false;
	if (decoder->late && decoder->held_length == 2) {
		press(decoder, UI_KEY_ESC);
		decoder->rejoins = true;
	}
	if (decoder->rejoins) {
		press(decoder, (unsigned char)decoder->held[1]);
	} else if (decoder->held_length > 0 && decoder->held[0] == UI_BYTE_ESC) {
		decoder->escaped = decoder->held_length == 1;
		if (decoder->escaped)
			press(decoder, UI_KEY_ESC);
		else if (second && second != '[' && second != 'O')
			press(decoder, (unsigned char)second | UI_KEY_ALT);
	}
	/* A sequence that never ended, or a cut character, presses nothing. */
	decoder->rejoins = decoder->late = false;
	decoder->held_length = 0;
}

/* An ESC may be the beginning of the answer, which the network split. */
static bool begins_answer(const struct ui_decoder *decoder)
{
	return decoder->expects && !decoder->late && !decoder->rejoins &&
		decoder->held_length == 1 && decoder->held[0] == UI_BYTE_ESC;
}

unsigned ui_decoder_flush(struct ui_decoder *decoder)
{
	if (decoder->mode == UI_DECODE_GROUND && begins_answer(decoder)) {
		decoder->late = true;
	} else if (decoder->mode == UI_DECODE_GROUND) {
		flush_ground(decoder);
	} else if (decoder->mode == UI_DECODE_STRING) {
		ui_decode_string_give_up(decoder);
	} else if (decoder->mode == UI_DECODE_PASTE) {
		ui_decode_paste_give_up(decoder);
	} else {
		decoder->mode = UI_DECODE_GROUND;
		decoder->held_length = 0;
	}
	return wait_of(decoder);
}
