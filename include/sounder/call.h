/* call.h - a call: a parsed line, its command with words and options. */
#ifndef SOUNDER_CALL_H
#define SOUNDER_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/status.h"

struct sdr_app;
struct sdr_command;
struct sdr_option;

struct sdr_arg {
	const struct sdr_option *option; /* NULL: a word */
	const char *text;                /* the word, or the option's value (NULL for a flag) */
	int64_t number;                  /* INTEGER, DURATION: parsed and checked */
};

struct sdr_call {
	const struct sdr_command *command;
	struct sdr_app *app;
	const struct sdr_arg *args; /* [count], in the order typed */
	size_t count;
};

/* Returns how many words the call has, options and their values not counted. */
size_t sdr_call_words(const struct sdr_call *call);

/* Returns a word by its position among the words; NULL past the end. It lives as long as the
 * line. */
const char *sdr_call_word(const struct sdr_call *call, size_t index);

/* Whether an option was given; `option` is its long name without dashes. */
bool sdr_call_has(const struct sdr_call *call, const char *option);

/* Returns the first of these options, ended by NULL, that was given; NULL: none was. */
const char *sdr_call_any(const struct sdr_call *call, const char *const *options);

/* Returns an option's value, as typed, of the last one given; NULL if none was, and for a flag. It
 * lives as long as the line. */
const char *sdr_call_text(const struct sdr_call *call, const char *option);

/* Returns the number of an INTEGER, or the nanoseconds of a DURATION, of the last one given;
 * `fallback` if none was. It is within the option's bounds. */
int64_t sdr_call_number(const struct sdr_call *call, const char *option, int64_t fallback);

/* Whether each option of the call means something there (one of enum sdr_where). ENOTSUP with
 * `error`, which names the one that does not. */
SDR_MUST_CHECK enum sdr_status sdr_call_check_where(
	const struct sdr_call *call, unsigned where, struct sdr_error *error);

/* Bytes that an argument as shown may be longer than it was typed, the NUL among them. */
#define SDR_ARG_SHOWN_MORE 8

/* Writes an argument as outputs may show it into out[size], cut where it does not fit: *** for the
 * user and password of a URL or proxy, and for a header that carries a secret
 * (sdr_text_is_secret_name). Returns `out`. */
const char *sdr_arg_shown(
	char *out, size_t size, const struct sdr_call *call, const struct sdr_arg *arg);

#endif
