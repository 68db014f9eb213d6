/* decode.h - a terminal's input bytes to keys: UTF-8, terminfo's and xterm's sequences, bracketed paste, SGR mouse. Pure: bytes in, events out.
 * A sequence may arrive in pieces; an ESC followed by nothing for 25 ms is the Esc key (ui_decoder_flush). */
#ifndef SOUNDER_UI_DECODE_H
#define SOUNDER_UI_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "key.h"

#define UI_DECODE_WAIT_MS 25
#define UI_PASTE_MAX 4096 /* bytes of one paste that are handed on; the rest is counted and dropped */

enum ui_event_kind { UI_EVENT_KEY, UI_EVENT_PASTE, UI_EVENT_MOUSE };

struct ui_event {
	enum ui_event_kind kind;
	uint32_t key;      /* KEY */
	const char *bytes; /* PASTE: raw, valid during the call */
	size_t length;
	size_t dropped;  /* PASTE: bytes beyond UI_PASTE_MAX */
	int row, column; /* MOUSE: from 0 */
	int button;      /* MOUSE: 0 left, 1 middle, 2 right, 64 wheel up, 65 wheel down */
	bool pressed;    /* MOUSE */
};

struct ui_decoder;

struct ui_decoder *ui_decoder_new(void (*on_event)(void *context, const struct ui_event *event), void *context);
void ui_decoder_free(struct ui_decoder *decoder);

/* Adds a sequence that the terminal sends for a key. */
void ui_decoder_learn(struct ui_decoder *decoder, const char *sequence, uint32_t key);

/* Takes bytes. Returns whether something waits for more of them: call ui_decoder_flush if none come within UI_DECODE_WAIT_MS. */
bool ui_decoder_feed(struct ui_decoder *decoder, const char *bytes, size_t length);

/* Nothing more came: what waits is taken as it stands. An open paste goes on. */
void ui_decoder_flush(struct ui_decoder *decoder);

#endif
