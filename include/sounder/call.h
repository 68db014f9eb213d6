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

size_t sdr_call_words(const struct sdr_call *call);
const char *sdr_call_word(const struct sdr_call *call, size_t index); /* NULL past the end */
bool sdr_call_has(const struct sdr_call *call, const char *option);
const char *sdr_call_text(const struct sdr_call *call,
	const char *option); /* the last given (of one that repeats); NULL if none */
int64_t sdr_call_number(
	const struct sdr_call *call, const char *option, int64_t fallback); /* the last given */

/* Whether each option of the call means something there (one of enum sdr_where). ENOTSUP with
 * `error`, which names the one that does not. */
SDR_MUST_CHECK enum sdr_status sdr_call_check_where(
	const struct sdr_call *call, unsigned where, struct sdr_error *error);

/* Writes an argument as outputs may show it: *** for the user and password of a URL or proxy, and
 * for a header that carries a secret. Returns `out`. */
const char *sdr_arg_shown(
	char *out, size_t size, const struct sdr_call *call, const struct sdr_arg *arg);

#endif
