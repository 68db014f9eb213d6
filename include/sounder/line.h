/* line.h - lines as they are typed: parsed, expanded, completed, quoted. */
#ifndef SOUNDER_LINE_H
#define SOUNDER_LINE_H

#include <stddef.h>

#include "sounder/status.h"

struct sdr_app;
struct sdr_call;

/* What %target %address %port %name %endpoint stand for; NULL members are refused where used. */
struct sdr_words {
	const char *target, *address, *port, *name,
		*endpoint; /* endpoint: address and port, an IPv6 address in brackets */
};

struct sdr_line; /* a parsed line with its call: owns its memory */

/* Splits a line as sh does (quotes, backslash, # comments), then parses it as sdr_line_new does,
 * with its statuses; EINVAL also for a quote without its twin. `error->offset` is a byte of `text`.
 * `*line` is NULL for an empty line or a comment. `app` is borrowed for the line's life. */
SDR_MUST_CHECK enum sdr_status sdr_line_parse(
	struct sdr_app *app, const char *text, struct sdr_line **line, struct sdr_error *error);

/* Parses words that are split already (argv): finds the command, checks options, kinds, ranges and
 * the number of words. The words are copied; `*line` is NULL where there are none. ENOENT (no such
 * command, with "did you mean"), EINVAL, ERANGE, ENOMEM with `error`, whose offset is the word's
 * index. */
SDR_MUST_CHECK enum sdr_status sdr_line_new(struct sdr_app *app, char *const *words, size_t count,
	struct sdr_line **line, struct sdr_error *error);

/* Frees a line with its call and all their text. NULL is allowed. */
void sdr_line_free(struct sdr_line *line);

/* Returns the line's call, which lives as long as the line. */
const struct sdr_call *sdr_line_call(const struct sdr_line *line);

/* Makes a copy with %words replaced inside each word, never split again, and parsed again; words of
 * a command with raw words stay as they are. EINVAL: a word stands for nothing here, or a value
 * starts with '-'; else as sdr_line_new. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_line_expand(const struct sdr_line *line,
	const struct sdr_words *words, struct sdr_line **expanded, struct sdr_error *error);

/* Makes a copy with the words of a text in the place of its first word `-`, and without another:
 * blanks between them, `#` before a comment to the line's end. EINVAL: one of them starts with '-';
 * else as sdr_line_new. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_line_fill(const struct sdr_line *line, const char *text,
	struct sdr_line **filled, struct sdr_error *error);

/* Completes the last word of `text` (a prompt's content): fills up to `n` candidates, each a whole
 * word in static or app memory valid until the next call. Returns how many there are in all; 0 also
 * without memory. */
size_t sdr_line_complete(struct sdr_app *app, const char *text, const char **candidates, size_t n);

/* Quotes one word for a line into out[size], so that sdr_line_parse gives it back. Returns what
 * snprintf would; `out` may be NULL where size is 0. */
size_t sdr_word_quote(char *out, size_t size, const char *word);

#endif
