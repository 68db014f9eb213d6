/* decode.h - a terminal's input bytes to keys: UTF-8, terminfo's and xterm's sequences, bracketed
 * paste, mouse. Pure: bytes in, events out.
 *
 * Only what a person typed becomes a key. A terminal's replies (OSC, DCS, APC, PM, SOS) are dropped
 * up to their end (ECMA-48 sec. 5.6), and so is any control sequence that is no key. Both may
 * arrive in pieces. One that never ends is given up after a second without a byte: a paste is
 * passed on as far as it came, a reply is dropped and reported. */
#ifndef SOUNDER_UI_DECODE_H
#define SOUNDER_UI_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "key.h"

#define UI_DECODE_ESCAPE_MS 25 /* an ESC followed by nothing for that long is the Esc key */
/* How long bytes are checked for the rest of a sequence whose ESC was read as a key. */
#define UI_DECODE_REJOIN_MS 250
/* A sequence, a reply or a paste that does not go on for that long has lost its end. */
#define UI_DECODE_IDLE_MS 1000
/* Bytes of one paste that are handed on; the rest is counted and dropped. */
#define UI_PASTE_MAX 65536

enum ui_event_kind {
	UI_EVENT_KEY,
	UI_EVENT_PASTE,
	UI_EVENT_MOUSE,
	UI_EVENT_LOST,
	UI_EVENT_ANSWER /* to UI_ACK_REQUEST (frame_ack.h) */
};

struct ui_event {
	enum ui_event_kind kind;
	uint32_t key;      /* KEY */
	const char *bytes; /* PASTE: raw, valid during the call */
	size_t length;
	size_t dropped;  /* PASTE: bytes beyond UI_PASTE_MAX; LOST: bytes of a terminal's reply that
			    had no end */
	bool unended;    /* PASTE: its end never came */
	int row, column; /* MOUSE: from 0 */
	int button;      /* MOUSE: 0 left, 1 middle, 2 right, 64 wheel up, 65 wheel down */
	bool pressed;    /* MOUSE */
};

struct ui_decoder;

struct ui_decoder *ui_decoder_new(
	void (*on_event)(void *context, const struct ui_event *event), void *context);
void ui_decoder_free(struct ui_decoder *decoder);

/* Adds a sequence that the terminal sends for a key. */
void ui_decoder_learn(struct ui_decoder *decoder, const char *sequence, uint32_t key);

/* Whether an answer is to come. Then an ESC that stands alone is for UI_DECODE_REJOIN_MS taken for
 * its beginning, and an answer within a paste is no part of that. */
void ui_decoder_expects(struct ui_decoder *decoder, bool answer);

/* How many bytes of an answer were read whose rest has not come. */
size_t ui_decoder_begun(const struct ui_decoder *decoder);

/* Takes bytes. Returns after how many milliseconds without a byte ui_decoder_flush is to be called;
 * 0: nothing waits. */
unsigned ui_decoder_feed(struct ui_decoder *decoder, const char *bytes, size_t length);

/* Nothing more came within that time: decodes what waits as it is. Returns as ui_decoder_feed
 * does. */
unsigned ui_decoder_flush(struct ui_decoder *decoder);

#endif
