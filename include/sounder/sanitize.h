/* sanitize.h - the one sanitizer: all outside text (names, TXT data, headers, banners,
 * certificates, file names, command-line words) passes here before it reaches any sink, screen,
 * stdout, log or JSON.
 *
 * What comes out is valid UTF-8 (or ASCII) without control, bidi, format, private, unassigned,
 * surrogate, variation-selector or filler code points and with at most two combining marks after a
 * base: such code points are written as \u{H}, bytes that are no UTF-8 and C0/DEL bytes as \xHH.
 * Running it on its own output changes nothing (a backslash is left alone). */
#ifndef SOUNDER_SANITIZE_H
#define SOUNDER_SANITIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Default cap of cells; what is cut is counted: "...(+64,003 bytes)". */
#define SDR_TEXT_CELLS_MAX 512

struct sdr_text_style {
	bool ascii; /* write everything above U+007E as \u{H} and cut marks as "..." (LC_ALL=C) */
	bool keep_breaks; /* let LF and TAB through (bodies on a terminal) */
	int cells_max;    /* 0: SDR_TEXT_CELLS_MAX; -1: no cap */
	/* Text in pieces: marks that begin a piece belong to the last base of the one before. */
	int before; /* what `after` was of the piece before; 0: this is the first */
	int *after; /* is set; NULL: nobody asks */
};

/* Cleans bytes[length] into out[size], always NUL-terminated if size > 0, never splitting an escape
 * or a character. Returns the bytes that the whole result needs without its NUL, as snprintf does.
 * `style` may be NULL: UTF-8, default cap. At most 10 * length + 32 bytes come out. */
size_t sdr_sanitize(char *out, size_t size, const void *bytes, size_t length,
	const struct sdr_text_style *style);

/* Like sdr_sanitize into memory of its own that the caller frees; NULL when out of memory. */
char *sdr_sanitize_new(const void *bytes, size_t length, const struct sdr_text_style *style);

/* Returns the cells that cleaned text takes: wide characters two, combining marks none. */
int sdr_text_cells(const char *clean);

/* Cuts cleaned text to at most `cells`, in the middle ("db-prod-...-eu1"; one ellipsis character
 * unless `ascii`), into out[size], always NUL-terminated if size > 0, no character split. Returns
 * the cells used. */
int sdr_text_cut_middle(char *out, size_t size, const char *clean, int cells, bool ascii);

/* The same at its end. */
int sdr_text_cut_end(char *out, size_t size, const char *clean, int cells, bool ascii);

/* Whether a header of that name carries a secret (Authorization, Cookie, X-Api-Key ...: one of nine
 * words is part of it, in any case): its value is shown nowhere. */
bool sdr_text_is_secret_name(const char *name, size_t length);

/* Whether bytes[length] is strictly valid UTF-8 (no overlong form, surrogate, value above 10FFFF).
 * RFC 3629. */
bool sdr_text_is_utf8(const void *bytes, size_t length);

/* Returns how many bytes from the start are U+0020..U+007E: so much is clean as it is, and each
 * byte is a cell. */
size_t sdr_text_ascii_run(const void *bytes, size_t length);

/* Decodes one code point from bytes[length], length >= 1. Returns the bytes it takes, or 0 where
 * they are not valid UTF-8. */
size_t sdr_text_decode(const void *bytes, size_t length, uint32_t *code);

/* Encodes one code point up to 10FFFF as UTF-8, without a NUL; returns the bytes written, 1..4. */
size_t sdr_text_encode(char out[static 4], uint32_t code);

/* Whether a code point may be written as it is (combining marks may: the cap of two is the
 * cleaner's). */
bool sdr_text_is_plain(uint32_t code);

/* Returns the cells of a plain code point: 0 (combining), 1 or 2. */
int sdr_text_width(uint32_t code);

#endif
