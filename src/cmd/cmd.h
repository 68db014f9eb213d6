/* cmd.h (internal) - what the parser's files share: splitting, options, near misses, and the state
 * of a line. */
#ifndef SOUNDER_CMD_CMD_H
#define SOUNDER_CMD_CMD_H

#include "base/arena.h"
#include "sounder/command.h"

#define SDR_LINE_MAX 65536 /* bytes of one line; longer ones are refused */

/* A line split into words. */
struct sdr_split {
	char **words;   /* [count], NUL-terminated, in the arena */
	size_t *starts; /* [count], byte offset of each word in the text */
	size_t count;
};

/* Splits text[length] as sh does. EINVAL with `error->offset` in bytes: an open quote, a lone
 * backslash at the end, a NUL byte. ERANGE: longer than SDR_LINE_MAX. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_split_line(struct sdr_arena *arena, const char *text,
	size_t length, struct sdr_split *split, struct sdr_error *error);

/* Returns the bytes of the first logical line of text[length], without its line feed: one after a
 * backslash does not end it. */
size_t sdr_split_logical(const char *text, size_t length);

/* A parsed line. */
struct sdr_line {
	struct sdr_arena *arena; /* owns all below */
	struct sdr_call call;
	struct sdr_split split; /* the words as they were split; `starts` is NULL for argv */
	size_t *origin;         /* [call.count]: the split word each argument came from */
};

/* Returns where a call's word `index` (as sdr_call_word counts) begins in the text that was parsed;
 * 0 where unknown. */
size_t sdr_line_offset(const struct sdr_line *line, size_t index);

/* Options every command takes: --help, --color. */
extern const struct sdr_option sdr_options_common[];

/* Finds an option of the command (or a common one); NULL if absent. */
const struct sdr_option *sdr_option_long(
	const struct sdr_command *command, const char *name, size_t length);
const struct sdr_option *sdr_option_letter(const struct sdr_command *command, char letter);

/* Parses and checks an option's value.  EINVAL, ERANGE with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_option_value(const struct sdr_option *option, const char *text,
	int64_t *number, struct sdr_error *error);

/* Returns whether the text holds one of %target %address %port %name. */
bool sdr_words_used(const char *text);

/* Returns whether `word` is within a slip or two of `name`. Words with digits never are: they are
 * host names. */
bool sdr_suggest_near(const char *word, const char *name);

/* Writes the usage line "ping [OPTIONS] HOST..." into out[size]; returns what snprintf would. */
size_t sdr_usage_line(char *out, size_t size, const struct sdr_command *command);

/* Writes the output of `sounder --help`. */
void sdr_usage_all(struct sdr_out *out, const struct sdr_app *app);

/* The commands of the core by position; NULL past the end. */
const struct sdr_command *sdr_command_core(unsigned index);

/* The last completion, owned by the app. */
struct sdr_arena **sdr_app_scratch(struct sdr_app *app);

/* Whether the options of a call go together: no value twice, none that another makes meaningless.
 * EINVAL with `error`. */
enum sdr_status sdr_options_check(const struct sdr_call *call, struct sdr_error *error);

#endif
