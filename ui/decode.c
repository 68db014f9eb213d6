/* decode.c - input bytes to keys. What has come and is not understood yet waits in `held`; each time, the longest thing that begins there
 * is taken: a learned sequence, a CSI or SS3 sequence by its grammar (ECMA-48 sec. 5.4), a UTF-8 character, or a control byte. csi.c says
 * what a sequence means; one that means nothing is swallowed whole, so that garbage presses no keys. Control strings, pastes and what
 * follows an old mouse report are not kept but passed over, in modes of their own. */
#include "decode.h"

#include <stdlib.h>
#include <string.h>

#include "csi.h"
#include "sounder/text.h"

#define HELD 64               /* bytes of an unfinished sequence; a longer one is garbage */
#define LEARNED 48            /* sequences */
#define SEQUENCE 16           /* bytes of a learned sequence */
#define STRING_MAX (8u << 20) /* bytes of a reply; one that is longer ends at the first pause */
#define ESC 0x1b
#define BEL 0x07
#define ST ((char)0x9c)
#define C1_LEAD ((char)0xc2) /* of a C1 control in UTF-8 */
#define PASTE_BEGIN 200
#define PASTE_END "\033[201~"

struct learned {
	char bytes[SEQUENCE];
	size_t length;
	uint32_t key;
};

enum mode {
	GROUND, /* keys */
	STRING, /* within a control string, on to its end */
	PASTE,
	REPORT, /* the coordinates behind an old mouse report */
	LONG    /* within a CSI too long to be one, on to its final byte */
};

struct ui_decoder {
	void (*on_event)(void *context, const struct ui_event *event);
	void *context;
	struct learned learned[LEARNED];
	size_t learned_count;
	enum mode mode;
	char held[HELD]; /* GROUND: what waits for more; REPORT: its characters */
	size_t held_length;
	bool escaped;  /* an ESC was taken for the key: what comes next may be the rest of a sequence that it began */
	bool rejoins;  /* `held` is such a rest, with its ESC put back; one more byte tells */
	char opener;   /* STRING: what followed its ESC */
	char before;   /* STRING: the last byte */
	size_t passed; /* STRING: bytes passed over */
	enum { SEVEN_BITS, EIGHT_BITS, UTF8 } c1; /* how the control in `held` came; a string's end comes likewise */
	size_t report_left;                       /* REPORT: characters to come */
	char paste[UI_PASTE_MAX];
	size_t paste_length, paste_dropped;
	size_t ending; /* PASTE: bytes of PASTE_END seen */
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
	if (key != UI_KEY_NONE)
		decoder->on_event(decoder->context, &event);
}

static void drop(struct ui_decoder *decoder, size_t taken)
{
	decoder->held_length -= taken;
	memmove(decoder->held, decoder->held + taken, decoder->held_length);
}

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
	decoder->mode = GROUND;
	decoder->on_event(decoder->context, &event);
}

/* Nothing but its end ends a paste: terminals and multiplexers let control bytes through, ^C among them. */
static size_t feed_paste(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	static const char end[] = PASTE_END;
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == end[decoder->ending]) {
			if (++decoder->ending == sizeof(end) - 1) {
				end_paste(decoder, false);
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

/* ---- control strings ---- */

static void begin_string(struct ui_decoder *decoder, char opener)
{
	decoder->mode = STRING;
	decoder->opener = opener;
	decoder->before = '\0';
	decoder->passed = 0;
}

/* ST (ESC \) ends each, BEL an OSC. An ESC before anything else is content here: what stands in a reply may come from anybody. */
static size_t feed_string(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool ends = (bytes[i] == '\\' && decoder->before == ESC) || (bytes[i] == BEL && decoder->opener == ']') ||
			(bytes[i] == ST && (decoder->c1 == EIGHT_BITS || (decoder->c1 == UTF8 && decoder->before == C1_LEAD)));
		decoder->before = bytes[i];
		decoder->passed++;
		if (ends) {
			decoder->mode = GROUND;
			return i + 1;
		}
	}
	return length;
}

static void give_string_up(struct ui_decoder *decoder)
{
	struct ui_event event = {.kind = UI_EVENT_LOST, .dropped = decoder->passed};
	bool closed = decoder->before == BEL; /* some end the others by BEL, too; a pause behind it tells that from content */
	decoder->mode = GROUND;
	if (!closed)
		decoder->on_event(decoder->context, &event);
}

/* ---- mouse ---- */

static void report_mouse(struct ui_decoder *decoder, int button, int column, int row, bool pressed)
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
static size_t feed_report(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	unsigned char byte = (unsigned char)bytes[0];
	(void)length;
	bool second = decoder->held_length > 0 && (byte & 0xc0) == 0x80 &&
		((unsigned char)decoder->held[decoder->held_length - 1] & 0xe0) == 0xc0;
	if (!second && decoder->report_left == 0) { /* the last one was a byte alone; this one is not of it */
		decoder->mode = GROUND;
		decoder->held_length = 0;
		return 0;
	}
	decoder->report_left -= !second;
	decoder->held[decoder->held_length++] = bytes[0];
	if (decoder->report_left == 0 && (second || (byte & 0xe0) != 0xc0)) {
		const unsigned char *at = (const unsigned char *)decoder->held;
		decoder->mode = GROUND;
		if (decoder->held_length == 3) /* bytes alone: 32 more than what they say; released is button 3 */
			report_mouse(decoder, at[0] - 32, at[1] - 32, at[2] - 32, ((at[0] - 32) & 3) != 3);
		decoder->held_length = 0;
	}
	return 1;
}

/* ---- sequences ---- */

static void act_on_csi(struct ui_decoder *decoder, const char *body, size_t length)
{
	struct ui_csi csi;
	ui_csi_parse(&csi, body, length);
	const int(*at)[UI_CSI_PARTS] = csi.parameters;
	if (csi.mark == '<' && !csi.intermediate && (csi.final == 'M' || csi.final == 'm')) { /* CSI < button ; column ; row */
		if (csi.count == 3)
			report_mouse(decoder, at[0][0], at[1][0], at[2][0], csi.final == 'M');
	} else if (!csi.mark && csi.final == '~' && at[0][0] == PASTE_BEGIN) {
		decoder->mode = PASTE;
		decoder->paste_length = decoder->paste_dropped = decoder->ending = 0;
	} else if (ui_csi_report_length(&csi, length)) {
		decoder->mode = REPORT;
		decoder->report_left = ui_csi_report_length(&csi, length);
	} else {
		press(decoder, ui_csi_key(&csi));
	}
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
			char body[HELD];
			memcpy(body, decoder->held + 2, i - 1);
			decoder->held_length = 0; /* its last byte is the last that came: what follows may be of another mode */
			act_on_csi(decoder, body, i - 1);
			return i + 1;
		}
		if (byte < 0x20 || byte > 0x7e)
			return i; /* broken off: what began is dropped, this byte is looked at anew */
	}
	if (decoder->held_length < HELD)
		return 0;
	decoder->mode = LONG;
	return HELD;
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
	return decoder->held_length < HELD ? 0 : HELD;
}

/* The bytes of a character that is none: its first one and what continues it. */
static size_t broken_length(const char *bytes, size_t length)
{
	size_t broken = 1;
	while (broken < length && ((unsigned char)bytes[broken] & 0xc0) == 0x80)
		broken++;
	return broken;
}

static size_t take_character(struct ui_decoder *decoder, const char *bytes, size_t length, uint32_t bits)
{
	static const unsigned char lengths[] = {0, 0, 0, 0, 2, 2, 3, 4}; /* by bits 6..4 of the first byte, from 0x80 on */
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
	/* More may come as long as what is there can go on; what cannot is no text and is dropped. */
	return length < whole && broken_length(bytes, length) == length ? 0 : broken_length(bytes, length);
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
	begin_string(decoder, opener);
	feed_string(decoder, decoder->held + 2, 1);
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
		begin_string(decoder, second);
		return 2;
	}
	if (second == ESC) { /* the first was the Esc key */
		press(decoder, UI_KEY_ESC);
		return 1;
	}
	taken = take_character(decoder, decoder->held + 1, decoder->held_length - 1, UI_KEY_ALT);
	return taken ? taken + 1 : 0;
}

/* A C1 control, as a byte or in UTF-8, becomes the ESC and the letter that mean the same (ECMA-48 sec. 5.3). */
static void unfold_c1(struct ui_decoder *decoder)
{
	unsigned char *held = (unsigned char *)decoder->held;
	bool utf8 = decoder->held_length == 2 && held[0] == 0xc2 && held[1] >= 0x80 && held[1] <= 0x9f;
	if (!utf8 && !(decoder->held_length == 1 && held[0] >= 0x80 && held[0] <= 0x9f))
		return;
	decoder->c1 = utf8 ? UTF8 : EIGHT_BITS;
	held[1] = (unsigned char)(held[utf8] - 0x40);
	held[0] = ESC;
	decoder->held_length =
		ui_csi_opens_string((char)held[1]) || held[1] == '[' || held[1] == 'O' ? 2 : 0; /* the others press nothing */
}

/* One byte at a time: a paste or a reply that begins must not find its text in `held`. */
static size_t feed_ground(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	(void)length;
	if (!decoder->held_length)
		decoder->c1 = SEVEN_BITS;
	decoder->held[decoder->held_length++] = bytes[0];
	unfold_c1(decoder);
	while (decoder->held_length > 0 && decoder->mode == GROUND) {
		size_t taken =
			decoder->held[0] == ESC ? take_escape(decoder) : take_character(decoder, decoder->held, decoder->held_length, 0);
		if (taken == 0)
			break;
		drop(decoder, taken < decoder->held_length ? taken : decoder->held_length);
	}
	return 1;
}

/* Skips a sequence that is too long to be one, up to its final byte. Returns the bytes skipped. */
static size_t feed_long(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		if (byte < 0x20 || byte > 0x3f) {
			decoder->mode = GROUND;
			return byte >= 0x40 && byte <= 0x7e ? i + 1 : i;
		}
	}
	return length;
}

/* ---- time ---- */

static unsigned wait_in_ground(const struct ui_decoder *decoder)
{
	if (decoder->held_length == 0)
		return decoder->escaped ? UI_DECODE_IDLE_MS : 0;
	if (decoder->rejoins)
		return UI_DECODE_REJOIN_MS;
	bool sequence = decoder->held_length > 1 && (decoder->held[1] == '[' || decoder->held[1] == 'O');
	/* rxvt's keys with shift end in a byte that no sequence ends in, CSI 3 $; not so reports of modes, CSI 12;2$y. */
	bool rxvt = decoder->held_length > 3 && decoder->held[decoder->held_length - 1] == '$' &&
		!memchr(decoder->held, ';', decoder->held_length);
	return decoder->held[0] == ESC && (!sequence || rxvt) ? UI_DECODE_ESCAPE_MS : UI_DECODE_IDLE_MS;
}

static unsigned wait_of(const struct ui_decoder *decoder)
{
	if (decoder->mode == GROUND)
		return wait_in_ground(decoder);
	bool may_be_over = decoder->mode == STRING && (decoder->before == BEL || decoder->passed > STRING_MAX);
	return may_be_over ? UI_DECODE_REJOIN_MS : UI_DECODE_IDLE_MS;
}

unsigned ui_decoder_feed(struct ui_decoder *decoder, const char *bytes, size_t length)
{
	static size_t (*const feeders[])(struct ui_decoder *, const char *, size_t) = {
		[GROUND] = feed_ground, [STRING] = feed_string, [PASTE] = feed_paste, [REPORT] = feed_report, [LONG] = feed_long};
	if (decoder->escaped && length > 0 && (ui_csi_opens_string(bytes[0]) || bytes[0] == '[')) {
		decoder->held[decoder->held_length++] = ESC;
		decoder->rejoins = true;
		decoder->c1 = SEVEN_BITS;
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
	if (decoder->rejoins) {
		press(decoder, (unsigned char)decoder->held[1]);
	} else if (decoder->held_length > 0 && decoder->held[0] == ESC) {
		decoder->escaped = decoder->held_length == 1;
		if (decoder->escaped)
			press(decoder, UI_KEY_ESC);
		else if (second && second != '[' && second != 'O')
			press(decoder, (unsigned char)second | UI_KEY_ALT);
	}
	/* A sequence that never ended, or a cut character, presses nothing. */
	decoder->rejoins = false;
	decoder->held_length = 0;
}

unsigned ui_decoder_flush(struct ui_decoder *decoder)
{
	if (decoder->mode == GROUND) {
		flush_ground(decoder);
	} else if (decoder->mode == STRING) {
		give_string_up(decoder);
	} else if (decoder->mode == PASTE) {
		keep(decoder, PASTE_END, decoder->ending);
		end_paste(decoder, true);
	} else {
		decoder->mode = GROUND;
		decoder->held_length = 0;
	}
	return wait_of(decoder);
}
