/* decode_mode.c - input that is no key while it lasts: a paste, a control string, the rest of an
 * old mouse report, a sequence too long to be one. Each mode takes bytes up to its end, then keys
 * go on. */
#include "decode_mode.h"

#include <string.h>

#define ST ((char)0x9c)
#define C1_LEAD ((char)0xc2) /* of a C1 control in UTF-8 */
#define PASTE_END "\033[201~"

/* ---- paste ---- */

static void keep(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	size_t room = UI_PASTE_MAX - decoder->paste_length, taken = length < room ? length : room;
	memcpy(decoder->paste + decoder->paste_length, bytes, taken);
	decoder->paste_length += taken;
	decoder->paste_dropped += length - taken;
}

static void end_paste(struct ui_decoder *decoder, bool unended)
{
	struct ui_event event = {.kind = UI_EVENT_PASTE,
		.bytes = decoder->paste,
		.length = decoder->paste_length,
		.dropped = decoder->paste_dropped,
		.unended = unended};
	decoder->mode = UI_DECODE_GROUND;
	decoder->on_event(decoder->context, &event);
}

void ui_decode_answer(const struct ui_decoder *decoder)
{
	struct ui_event event = {.kind = UI_EVENT_ANSWER};
	decoder->on_event(decoder->context, &event);
}

/* An answer may come amid a paste. Returns whether the byte belongs to one; what only looked so is
 * content. */
static bool is_of_answer(struct ui_decoder *decoder, char byte)
{
	const char seen[] = {UI_BYTE_ESC, '[', decoder->answer};
	if (decoder->answer) {
		decoder->answer = '\0';
		if (byte == 'n')
			ui_decode_answer(decoder);
		else
			keep(decoder, seen, sizeof(seen));
		return byte == 'n';
	}
	if (!decoder->expects || decoder->end_matched != 2 || (byte != '0' && byte != '3'))
		return false;
	decoder->answer = byte;
	decoder->end_matched = 0;
	return true;
}

/* Nothing but its end ends a paste: terminals and multiplexers let control bytes through, ^C among
 * them. */
size_t ui_decode_paste(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	static const char end[] = PASTE_END;
	for (size_t i = 0; i < length; i++) {
		if (is_of_answer(decoder, bytes[i]))
			continue;
		if (bytes[i] == end[decoder->end_matched]) {
			if (++decoder->end_matched == sizeof(end) - 1) {
				end_paste(decoder, false);
				return i + 1;
			}
			continue;
		}
		/* Only its first byte is an ESC, so after a mismatch a new match can only begin
		 * with this byte. */
		keep(decoder, end, decoder->end_matched);
		decoder->end_matched = bytes[i] == end[0];
		if (!decoder->end_matched)
			keep(decoder, bytes + i, 1);
	}
	return length;
}

void ui_decode_paste_give_up(struct ui_decoder *decoder)
{
	const char seen[] = {UI_BYTE_ESC, '[', decoder->answer};
	keep(decoder, seen, decoder->answer ? sizeof(seen) : 0);
	keep(decoder, PASTE_END, decoder->end_matched);
	end_paste(decoder, true);
}

/* ---- control strings ---- */

void ui_decode_string_begin(struct ui_decoder *decoder, char opener)
{
	decoder->mode = UI_DECODE_STRING;
	decoder->opener = opener;
	decoder->before = '\0';
	decoder->passed = 0;
}

/* ST (ESC \) ends each, BEL an OSC. An ESC before anything else is content here: a reply may
 * contain text from anywhere. */
size_t ui_decode_string(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool ends = (bytes[i] == '\\' && decoder->before == UI_BYTE_ESC) ||
			(bytes[i] == UI_BYTE_BEL && decoder->opener == ']') ||
			(bytes[i] == ST &&
				(decoder->c1 == UI_C1_EIGHT_BITS ||
					(decoder->c1 == UI_C1_UTF8 && decoder->before == C1_LEAD)));
		decoder->before = bytes[i];
		decoder->passed++;
		if (ends) {
			decoder->mode = UI_DECODE_GROUND;
			return i + 1;
		}
	}
	return length;
}

void ui_decode_string_give_up(struct ui_decoder *decoder)
{
	struct ui_event event = {.kind = UI_EVENT_LOST, .dropped = decoder->passed};
	bool closed = decoder->before == UI_BYTE_BEL; /* some end the others by BEL, too; a pause
							 after it distinguishes that from content */
	decoder->mode = UI_DECODE_GROUND;
	if (!closed)
		decoder->on_event(decoder->context, &event);
}

/* ---- mouse ---- */

void ui_decode_mouse(struct ui_decoder *decoder, int button, int column, int row, bool pressed)
{
	struct ui_event event = {.kind = UI_EVENT_MOUSE,
		.button = button & ~0x1c, /* without shift, alt, control */
		.column = column - 1,
		.row = row - 1,
		.pressed = pressed};
	if (event.column >= 0 && event.row >= 0)
		decoder->on_event(decoder->context, &event);
}

/* Takes one character of the report into `held`, two bytes as one where they are UTF-8. */
size_t ui_decode_report(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	unsigned char byte = (unsigned char)bytes[0];
	(void)length;
	bool second = decoder->held_length > 0 && (byte & 0xc0) == 0x80 &&
		((unsigned char)decoder->held[decoder->held_length - 1] & 0xe0) == 0xc0;
	if (!second &&
		decoder->report_left ==
			0) { /* the last one was a single byte; this one does not belong to it */
		decoder->mode = UI_DECODE_GROUND;
		decoder->held_length = 0;
		return 0;
	}
	decoder->report_left -= !second;
	decoder->held[decoder->held_length++] = bytes[0];
	if (decoder->report_left == 0 && (second || (byte & 0xe0) != 0xc0)) {
		const unsigned char *at = (const unsigned char *)decoder->held;
		decoder->mode = UI_DECODE_GROUND;
		if (decoder->held_length ==
			3) /* single bytes, each 32 more than its value; released is button 3 */
			ui_decode_mouse(decoder, at[0] - 32, at[1] - 32, at[2] - 32,
				((at[0] - 32) & 3) != 3);
		decoder->held_length = 0;
	}
	return 1;
}

/* ---- control strings ---- */

/* Skips a sequence that is too long to be one, up to its final byte. */
size_t ui_decode_long(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		if (byte < 0x20 || byte > 0x3f) {
			decoder->mode = UI_DECODE_GROUND;
			return byte >= 0x40 && byte <= 0x7e ? i + 1 : i;
		}
	}
	return length;
}
