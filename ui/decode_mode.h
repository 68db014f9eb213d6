/* decode_mode.h - the decoder's state, and its modes besides that of keys. For decode.c only;
 * others see decode.h. */
#ifndef SOUNDER_UI_DECODE_MODE_H
#define SOUNDER_UI_DECODE_MODE_H

#include "decode.h"

#define UI_DECODE_HELD 64     /* bytes of an unfinished sequence; a longer one is garbage */
#define UI_DECODE_LEARNED 48  /* sequences */
#define UI_DECODE_SEQUENCE 16 /* bytes of a learned sequence */
/* Bytes of a reply; one that is longer ends at the first pause. */
#define UI_DECODE_STRING_MAX (8u << 20)
#define UI_BYTE_ESC 0x1b
#define UI_BYTE_BEL 0x07

struct ui_learned {
	char bytes[UI_DECODE_SEQUENCE];
	size_t length;
	uint32_t key;
};

enum ui_decode_mode {
	UI_DECODE_GROUND, /* keys */
	UI_DECODE_STRING, /* within a control string, on to its end */
	UI_DECODE_PASTE,
	UI_DECODE_REPORT, /* the coordinates after an old mouse report */
	UI_DECODE_LONG    /* within a CSI too long to be one, on to its final byte */
};

struct ui_decoder {
	void (*on_event)(void *context, const struct ui_event *event);
	void *context;
	struct ui_learned learned[UI_DECODE_LEARNED];
	size_t learned_count;
	enum ui_decode_mode mode;
	char held[UI_DECODE_HELD]; /* GROUND: what waits for more; REPORT: its characters */
	size_t held_length;
	bool escaped;  /* an ESC was read as the key: what comes next may be the rest of a sequence
			 that it began */
	bool rejoins;  /* `held` is such a rest, with its ESC put back; one more byte decides */
	bool expects;  /* an answer is to come */
	bool late;     /* `held` is an ESC that would be the key, and perhaps a [: begins an answer,
			  or not */
	char opener;   /* STRING: what followed its ESC */
	char before;   /* STRING: the last byte */
	size_t passed; /* STRING: bytes skipped */
	enum {
		UI_C1_SEVEN_BITS,
		UI_C1_EIGHT_BITS,
		UI_C1_UTF8
	} c1;               /* how the control in `held` came; a string's end comes the same way */
	size_t report_left; /* REPORT: characters to come */
	char paste[UI_PASTE_MAX];
	size_t paste_length, paste_dropped;
	size_t end_matched; /* PASTE: bytes of PASTE_END seen */
	char answer;        /* PASTE: the digit of an answer of which the end is to come; 0: none */
};

/* Each takes bytes of its mode, `length` at least 1, and goes back to keys at its end. Returns how
 * many it took. */
size_t ui_decode_paste(struct ui_decoder *decoder, const char *bytes, size_t length);
size_t ui_decode_string(struct ui_decoder *decoder, const char *bytes, size_t length);
size_t ui_decode_report(struct ui_decoder *decoder, const char *bytes, size_t length);
size_t ui_decode_long(struct ui_decoder *decoder, const char *bytes, size_t length);

/* Goes into a control string; `opener` is what followed its ESC. */
void ui_decode_string_begin(struct ui_decoder *decoder, char opener);

/* Nothing more comes: a string is reported as lost, a paste is passed on as far as it came. */
void ui_decode_string_give_up(struct ui_decoder *decoder);
void ui_decode_paste_give_up(struct ui_decoder *decoder);

/* Reports an answer. */
void ui_decode_answer(const struct ui_decoder *decoder);

/* Reports a mouse button, with column and row from 1 as terminals count. */
void ui_decode_mouse(struct ui_decoder *decoder, int button, int column, int row, bool pressed);

#endif
