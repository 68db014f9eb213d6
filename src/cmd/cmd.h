/* cmd.h (internal) - what the parser's files share: splitting, options, near misses, and the state
 * of a line. */
#ifndef SOUNDER_CMD_CMD_H
#define SOUNDER_CMD_CMD_H

#include "base/arena.h"
#include "sounder/command.h"
#include "sounder/line.h"

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

/* Returns whether the text holds one of %target %address %port %name. */
bool sdr_words_used(const char *text);

/* Replaces %words within one word into out (NULL: only counts). */
SDR_MUST_CHECK enum sdr_status sdr_words_replace(const char *text, const struct sdr_words *words,
	char *out, size_t *size, struct sdr_error *error);

/* Returns whether `word` is within a slip or two of `name`. Words with digits never are: they are
 * host names. */
bool sdr_suggest_near(const char *word, const char *name);

/* Writes the usage line "ping [OPTIONS] HOST..." into out[size]; returns what snprintf would. */
size_t sdr_usage_line(char *out, size_t size, const struct sdr_command *command);

/* Writes a line of `help WORD`: a command, and the piece of its help that has the word. */
void sdr_usage_found(struct sdr_out *out, const char *name, const char *piece);

/* Writes the output of `sounder --help`. */
void sdr_usage_all(struct sdr_out *out, const struct sdr_app *app);

/* The commands of the core by position; NULL past the end. */
const struct sdr_command *sdr_command_core(unsigned index);

#endif
