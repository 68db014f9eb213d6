/* out.h - output to stdout and stderr: text goes through the sanitizer, line by line, and a failed
 * write is remembered. */
#ifndef SOUNDER_OUT_H
#define SOUNDER_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sounder/status.h"

/* What a stretch of text means; shown as colour only where colour is on. Colour means state and
 * nothing else. */
enum sdr_tone {
	SDR_TONE_PLAIN,
	SDR_TONE_OK,
	SDR_TONE_WARNING,
	SDR_TONE_BAD,
	SDR_TONE_DIM,
	SDR_TONE_STRONG
};

enum sdr_colour { SDR_COLOUR_AUTO, SDR_COLOUR_ALWAYS, SDR_COLOUR_NEVER };

struct sdr_out {
	FILE *file;       /* borrowed */
	bool ascii;       /* the locale is not UTF-8 */
	bool colour;      /* tones are drawn */
	bool is_terminal; /* the file is a terminal */
	bool held;   /* sdr_out_flush does nothing: more input is available whose output can go out
		      together */
	bool failed; /* a write failed (closed pipe, full disk); nothing more is written */
	int failure; /* its errno */
};

/* Looks at the file, which is borrowed, the locale (set by main), NO_COLOR (counts when not empty),
 * TERM and the user's choice, which comes before both. */
void sdr_out_init(struct sdr_out *out, FILE *file, enum sdr_colour colour);

/* Writes formatted text, everything in it sanitised (a line feed inside becomes \x0a), of any
 * length. A failure, here and below, is in out->failed. */
void sdr_out_put(struct sdr_out *out, enum sdr_tone tone, const char *format, ...) SDR_PRINTF(3, 4);

/* Writes bytes, sanitised; at most `cells_max` cells, -1 for no cap. */
void sdr_out_bytes(
	struct sdr_out *out, enum sdr_tone tone, const void *bytes, size_t length, int cells_max);

/* Ends the line and flushes. */
void sdr_out_end(struct sdr_out *out);

/* sdr_out_put and sdr_out_end in one. */
void sdr_out_line(struct sdr_out *out, enum sdr_tone tone, const char *format, ...)
	SDR_PRINTF(3, 4);

/* Writes bytes as they are: for JSON that is escaped already and for bodies into a pipe. Not
 * flushed: see sdr_out_end, sdr_out_flush. */
void sdr_out_raw(struct sdr_out *out, const void *bytes, size_t length);

/* Notes that something could not be written, with its errno: for what could not even be put
 * together. */
void sdr_out_fail(struct sdr_out *out, int number);

/* Hands what was written so far to the system; a failure is remembered. */
void sdr_out_flush(struct sdr_out *out);

/* Holds flushes back while more input is available whose answers can go out together, or releases
 * them and flushes. Output to a terminal is never held. */
void sdr_out_hold(struct sdr_out *out, bool held);

#endif
