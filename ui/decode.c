/* decode.c - input bytes to keys. What has come and is not understood yet waits in `held`; each time, the longest thing that begins
 * there is taken: a learned sequence, a CSI or SS3 sequence by its grammar (ECMA-48 sec. 5.4), a UTF-8 character, or a control byte.
 * A sequence by the grammar that means nothing is swallowed whole, so that garbage presses no keys. */
#include "decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/text.h"

#define HELD 64     /* bytes of an unfinished sequence; a longer one is garbage */
#define LEARNED 48  /* sequences */
#define SEQUENCE 16 /* bytes of a learned sequence */
#define PARAMETERS 4
#define PASTE_END "\033[201~"
#define CTRL_C 3

struct learned {
	char bytes[SEQUENCE];
	size_t length;
	uint32_t key;
};

struct ui_decoder {
	void (*on_event)(void *context, const struct ui_event *event);
	void *context;
	struct learned learned[LEARNED];
	size_t learned_count;
	char held[HELD]; /* what waits for more */
	size_t held_length;
	bool swallowing; /* within a sequence too long to be one: on to its final byte */
	bool pasting;
	char paste[UI_PASTE_MAX];
	size_t paste_length, paste_dropped;
	size_t ending; /* bytes of PASTE_END seen */
};

struct ui_decoder *ui_decoder_new(void (*on_event)(void *context, const struct ui_event *event), void *context)
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
	if (length < 2 || length > SEQUENCE || decoder->learned_count == LEARNED)
		return;
	struct learned *one = &decoder->learned[decoder->learned_count++];
	memcpy(one->bytes, sequence, length);
	one->length = length;
	one->key = key;
}

static void press(struct ui_decoder *decoder, uint32_t key)
{
	struct ui_event event = {.kind = UI_EVENT_KEY, .key = key};
	decoder->on_event(decoder->context, &event);
}

/* ---- paste ---- */

static void keep(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	size_t room = UI_PASTE_MAX - decoder->paste_length, taken = length < room ? length : room;
	memcpy(decoder->paste + decoder->paste_length, bytes, taken);
	decoder->paste_length += taken;
	decoder->paste_dropped += length - taken;
}

static void end_paste(struct ui_decoder *decoder)
{
	struct ui_event event = {
		.kind = UI_EVENT_PASTE, .bytes = decoder->paste, .length = decoder->paste_length, .dropped = decoder->paste_dropped};
	decoder->pasting = false;
	decoder->on_event(decoder->context, &event);
}

/* Takes bytes of a paste; returns how many, fewer than `length` when it ended. */
static size_t feed_paste(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	static const char end[] = PASTE_END;
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == CTRL_C) { /* terminals paste no control bytes: a paste whose end was lost is given up */
			decoder->pasting = false;
			return i + 1;
		}
		if (bytes[i] == end[decoder->ending]) {
			if (++decoder->ending == sizeof(end) - 1) {
				end_paste(decoder);
				return i + 1;
			}
			continue;
		}
		/* Only its first byte is an ESC, so a broken match can begin anew with this byte alone. */
		keep(decoder, end, decoder->ending);
		decoder->ending = bytes[i] == end[0];
		if (!decoder->ending)
			keep(decoder, bytes + i, 1);
	}
	return length;
}

static void begin_paste(struct ui_decoder *decoder)
{
	decoder->pasting = true;
	decoder->paste_length = decoder->paste_dropped = decoder->ending = 0;
}

/* ---- sequences ---- */

/* xterm's modifier parameter: 1 plus a bit each for shift, alt, control. */
static uint32_t modifiers(int parameter)
{
	unsigned bits = parameter > 1 && parameter <= 16 ? (unsigned)parameter - 1 : 0;
	return (bits & 1 ? UI_KEY_SHIFT : 0) | (bits & 2 ? UI_KEY_ALT : 0) | (bits & 4 ? UI_KEY_CTRL : 0);
}

static uint32_t key_of_letter(char letter)
{
	static const struct {
		char letter;
		uint32_t key;
	} table[] = {{'A', UI_KEY_UP}, {'B', UI_KEY_DOWN}, {'C', UI_KEY_RIGHT}, {'D', UI_KEY_LEFT}, {'H', UI_KEY_HOME}, {'F', UI_KEY_END},
		{'P', UI_KEY_F1}, {'Q', UI_KEY_F1 + 1}, {'R', UI_KEY_F1 + 2}, {'S', UI_KEY_F1 + 3}, {'Z', UI_KEY_TAB | UI_KEY_SHIFT}};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].letter == letter)
			return table[i].key;
	return UI_KEY_NONE;
}

/* ESC [ number ~ */
static uint32_t key_of_number(int number)
{
	static const uint32_t table[] = {[1] = UI_KEY_HOME,
		[2] = UI_KEY_INSERT,
		[3] = UI_KEY_DELETE,
		[4] = UI_KEY_END,
		[5] = UI_KEY_PAGE_UP,
		[6] = UI_KEY_PAGE_DOWN,
		[7] = UI_KEY_HOME,
		[8] = UI_KEY_END,
		[11] = UI_KEY_F1,
		[12] = UI_KEY_F1 + 1,
		[13] = UI_KEY_F1 + 2,
		[14] = UI_KEY_F1 + 3,
		[15] = UI_KEY_F1 + 4,
		[17] = UI_KEY_F1 + 5,
		[18] = UI_KEY_F1 + 6,
		[19] = UI_KEY_F1 + 7,
		[20] = UI_KEY_F1 + 8,
		[21] = UI_KEY_F1 + 9,
		[23] = UI_KEY_F1 + 10,
		[24] = UI_KEY_F1 + 11};
	return number > 0 && number < (int)(sizeof(table) / sizeof(*table)) ? table[number] : UI_KEY_NONE;
}

/* ESC [ < button ; column ; row M (pressed) or m (released) */
static void mouse(struct ui_decoder *decoder, const int *parameters, int count, char final)
{
	struct ui_event event = {.kind = UI_EVENT_MOUSE,
		.button = parameters[0] & ~0x1c, /* without shift, alt, control */
		.column = parameters[1] - 1,
		.row = parameters[2] - 1,
		.pressed = final == 'M'};
	if (count == 3 && event.column >= 0 && event.row >= 0)
		decoder->on_event(decoder->context, &event);
}

static void act_on_csi(struct ui_decoder *decoder, const char *body, size_t length)
{
	int parameters[PARAMETERS] = {0}, count = 1;
	char mark = body[0] >= '<' && body[0] <= '?' ? body[0] : 0, final = body[length - 1];
	uint32_t key;
	for (size_t i = mark ? 1 : 0; i + 1 < length; i++) {
		if (body[i] == ';' && count < PARAMETERS)
			count++;
		else if (body[i] >= '0' && body[i] <= '9' && parameters[count - 1] < 100000)
			parameters[count - 1] = parameters[count - 1] * 10 + (body[i] - '0');
	}
	if (mark == '<' && (final == 'M' || final == 'm')) {
		mouse(decoder, parameters, count, final);
		return;
	}
	if (mark)
		return;
	if (final == '~' && parameters[0] == 200) {
		begin_paste(decoder);
		return;
	}
	key = final == '~' ? key_of_number(parameters[0]) : key_of_letter(final);
	if (key != UI_KEY_NONE)
		press(decoder, key | modifiers(parameters[1]));
}

/* ---- one thing at a time; each returns the bytes it took, 0 to wait for more ---- */

static size_t take_learned(struct ui_decoder *decoder, bool *may_grow)
{
	for (size_t i = 0; i < decoder->learned_count; i++) {
		const struct learned *one = &decoder->learned[i];
		size_t common = one->length < decoder->held_length ? one->length : decoder->held_length;
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

static size_t take_csi(struct ui_decoder *decoder)
{
	for (size_t i = 2; i < decoder->held_length; i++) {
		unsigned char byte = (unsigned char)decoder->held[i];
		if (byte >= 0x40 && byte <= 0x7e) {
			act_on_csi(decoder, decoder->held + 2, i - 1);
			return i + 1;
		}
		if (byte < 0x20 || byte > 0x7e)
			return i; /* broken off: what began is dropped, this byte is looked at anew */
	}
	if (decoder->held_length < HELD)
		return 0;
	decoder->swallowing = true;
	return HELD;
}

static size_t take_character(struct ui_decoder *decoder, const char *bytes, size_t length, uint32_t bits)
{
	static const unsigned char lengths[] = {0, 0, 0, 0, 2, 2, 3, 4}; /* by bits 6..4 of the first byte, from 0x80 on */
	uint32_t code;
	unsigned char first = (unsigned char)bytes[0];
	if (first >= 0x80) {
		size_t step = sdr_text_decode(bytes, length, &code);
		if (step > 0) {
			press(decoder, code | bits);
			return step;
		}
		return length < lengths[(first >> 4) & 7] ? 0 : 1; /* waits, or a byte that is no text: dropped */
	}
	if (first == '\r' || first == '\n')
		press(decoder, UI_KEY_ENTER | bits);
	else if (first == '\b' || first == 0x7f)
		press(decoder, UI_KEY_BACKSPACE | bits);
	else if (first == '\t' || first == 0x1b)
		press(decoder, first | bits);
	else if (first == 0)
		press(decoder, UI_KEY_SPACE | UI_KEY_CTRL | bits);
	else if (first < 0x20)
		press(decoder, (first + (first <= 26 ? 0x60u : 0x40u)) | UI_KEY_CTRL | bits);
	else
		press(decoder, first | bits);
	return 1;
}

static size_t take_escape(struct ui_decoder *decoder)
{
	bool may_grow = false;
	size_t taken = take_learned(decoder, &may_grow);
	if (taken > 0)
		return taken;
	if (decoder->held_length < 2)
		return 0;
	if (decoder->held[1] == '[')
		return take_csi(decoder);
	if (decoder->held[1] == 'O') {
		if (decoder->held_length < 3)
			return 0;
		uint32_t key = key_of_letter(decoder->held[2]);
		if (key != UI_KEY_NONE)
			press(decoder, key);
		return 3;
	}
	if (may_grow)
		return 0;
	if (decoder->held[1] == 0x1b) { /* the first was the Esc key */
		press(decoder, UI_KEY_ESC);
		return 1;
	}
	taken = take_character(decoder, decoder->held + 1, decoder->held_length - 1, UI_KEY_ALT);
	return taken ? taken + 1 : 0;
}

static void drop(struct ui_decoder *decoder, size_t taken)
{
	decoder->held_length -= taken;
	memmove(decoder->held, decoder->held + taken, decoder->held_length);
}

/* Takes from `held` as long as there is something whole. */
static void work(struct ui_decoder *decoder)
{
	while (decoder->held_length > 0 && !decoder->pasting) {
		size_t taken =
			decoder->held[0] == 0x1b ? take_escape(decoder) : take_character(decoder, decoder->held, decoder->held_length, 0);
		if (taken == 0)
			return;
		drop(decoder, taken);
	}
}

/* Skips a sequence that is too long to be one, up to its final byte. Returns the bytes skipped. */
static size_t swallow(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		if (byte < 0x20 || byte > 0x3f) {
			decoder->swallowing = false;
			return byte >= 0x40 && byte <= 0x7e ? i + 1 : i;
		}
	}
	return length;
}

bool ui_decoder_feed(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t taken;
		if (decoder->swallowing) {
			taken = swallow(decoder, bytes, length);
		} else if (decoder->pasting) {
			taken = feed_paste(decoder, bytes, length);
		} else {
			/* One byte at a time: a paste that begins must not find its text in `held`. */
			decoder->held[decoder->held_length++] = bytes[0];
			taken = 1;
			work(decoder);
		}
		bytes += taken;
		length -= taken;
	}
	return decoder->held_length > 0;
}

void ui_decoder_flush(struct ui_decoder *decoder)
{
	if (decoder->held_length == 0)
		return;
	if (decoder->held[0] == 0x1b && decoder->held_length == 1)
		press(decoder, UI_KEY_ESC);
	else if (decoder->held[0] == 0x1b && decoder->held_length == 2)
		press(decoder, (unsigned char)decoder->held[1] | UI_KEY_ALT);
	/* A longer one that never ended, or a cut character, presses nothing. */
	decoder->held_length = 0;
}
