/* command.h - one language: a line of words, the table of commands, and the request that a command
 * makes of its arguments.
 *
 * The same line works in the shell, at the dashboard's prompt, in a config file and bound to a key.
 * A command turns arguments into a request and runs nothing; the front (shell or dashboard) runs
 * it. Usage, --help, completion, help overlay and man page come from the table. */
#ifndef SOUNDER_COMMAND_H
#define SOUNDER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/clock.h"
#include "sounder/request.h"
#include "sounder/status.h"

struct sdr_app;
struct sdr_call;

/* ---- the table ---- */

enum sdr_option_kind { SDR_OPTION_FLAG, SDR_OPTION_TEXT, SDR_OPTION_INTEGER, SDR_OPTION_DURATION };

struct sdr_option {
	const char *name; /* long name without dashes; NULL ends a set */
	char letter;      /* or 0 */
	enum sdr_option_kind kind;
	const char *metavar;  /* "SECONDS"; NULL for a flag */
	const char *sentence; /* for help and the manual; begins lower case, no full stop */
	int64_t min, max;     /* INTEGER; DURATION in ns; both 0: unbounded */
	unsigned where; /* of enum sdr_where: only there; 0: wherever its command may be used */
	bool repeats;   /* may be given several times; else a second value is refused */
	const char *excludes; /* blank-separated names of options that it would make meaningless;
				 NULL: none */
};

/* What completes a word of the command. */
enum sdr_complete {
	SDR_COMPLETE_NONE,
	SDR_COMPLETE_HOST,
	SDR_COMPLETE_FILE,
	SDR_COMPLETE_COMMAND,
	SDR_COMPLETE_SERVICE, /* sounder's own servers */
	SDR_COMPLETE_PORT,    /* transports and services of the registry */
	SDR_COMPLETE_PANEL,
	SDR_COMPLETE_SETTING,
	SDR_COMPLETE_KEY,
	SDR_COMPLETE_THEME
};

/* Where a command may be used. */
enum sdr_where { SDR_WHERE_SHELL = 1, SDR_WHERE_SCREEN = 2, SDR_WHERE_CONFIG = 4 };
/* What running a command on the screen does beyond showing something. What changes or leaves does
 * not run from text that looks pasted. */
enum sdr_effect {
	SDR_EFFECT_CHANGES = 1,     /* targets, servers, figures, keys, settings, files */
	SDR_EFFECT_LEAVES = 2,      /* the program or its terminal; runs without memory, too */
	SDR_EFFECT_OPENS_FIELD = 4, /* keys that follow are text */
};

#define SDR_OPTION_SETS 6

struct sdr_command {
	const char *name;
	const char *alias;     /* or NULL */
	const char *arguments; /* "[-4|-6] HOST[:SERVICE]" without the options below */
	const char *sentence;  /* what it does, for lists */
	const char *details;   /* paragraphs for help and the manual, or NULL */
	const char *const
		*examples; /* lines, each followed by its explanation; NULL-terminated; or NULL */
	const struct sdr_option *options[SDR_OPTION_SETS]; /* sets, each ended by a NULL name;
							      shared sets are shared arrays */
	int words_min, words_max;                          /* words_max -1: any number */
	unsigned where;                                    /* of enum sdr_where */
	unsigned privileges; /* of enum sdr_privilege_use: what running it needs; the rest is given
				away */
	unsigned effects;    /* of enum sdr_effect; adding targets or servers is not listed */
	bool raw_words; /* the rest after the first word is one word (bind KEY "...") -- never split
			   again */
	enum sdr_complete complete;
	/* Verbs, NULL-terminated, or NULL: the first word picks one, and what follows is checked
	 * against that one's table. A verb is a command whose name is both words ("subnet
	 * split"). */
	const struct sdr_command *const *verbs;
	/* Checks the arguments and fills the request. EINVAL, ERANGE, ENOENT with `error` (offset:
	 * index of the word). */
	enum sdr_status (*make)(
		const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error);
};

/* Returns the verb of that name (its second word), or NULL. */
const struct sdr_command *sdr_command_verb(const struct sdr_command *command, const char *verb);

/* Sets shared by several commands. */
extern const struct sdr_option sdr_options_output[]; /* --json --csv */
extern const struct sdr_option sdr_options_names[];  /* --server -4 -6 */
extern const struct sdr_option sdr_options_search[]; /* --like --fuzzy --getent */
/* -i/--interval -c/--count --timeout/-W -w/--deadline */
extern const struct sdr_option sdr_options_repeat[];

/* Commands by position: the core's (commands.def), then those a screen registered. NULL past the
 * end. */
const struct sdr_command *sdr_command_at(const struct sdr_app *app, unsigned index);
const struct sdr_command *sdr_command_find(
	const struct sdr_app *app, const char *name); /* by name or alias; NULL if absent */

/* Returns the name that `word` is a slip of the finger away from ("pnig"), or NULL. Words with
 * digits are host names, never slips. */
const char *sdr_command_near(const struct sdr_app *app, const char *word);

/* Returns what to use instead of another program's name ("dig"), as a clause; NULL if it is none.
 * Static. */
const char *sdr_command_instead(const char *word);

/* Checks a word that names hosts as `ping` takes it: a host, a network, a range; a list (@FILE, -)
 * is not opened. EINVAL, ERANGE with `error`: it can be none (see sdr_host_check), or is a URL, has
 * a port. */
SDR_MUST_CHECK enum sdr_status sdr_hosts_check(const char *word, struct sdr_error *error);

/* ---- a call: a parsed line ---- */

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

/* ---- lines ---- */

/* What %target %address %port %name %endpoint stand for; NULL members are refused where used. */
struct sdr_words {
	const char *target, *address, *port, *name,
		*endpoint; /* endpoint: address and port, an IPv6 address in brackets */
};

struct sdr_line; /* a parsed line with its call: owns its memory */

/* Splits a line as sh does (quotes, backslash, # comments), then parses it as sdr_line_new does.
 * EINVAL with `error->offset` as byte offset into `text`; `*line` is NULL for an empty line or a
 * comment. */
SDR_MUST_CHECK enum sdr_status sdr_line_parse(
	struct sdr_app *app, const char *text, struct sdr_line **line, struct sdr_error *error);

/* Parses words that are split already (argv): finds the command, checks options, kinds, ranges and
 * the number of words. ENOENT (no such command, with "did you mean"), EINVAL, ERANGE;
 * `error->offset` is the word's index. */
SDR_MUST_CHECK enum sdr_status sdr_line_new(struct sdr_app *app, char *const *words, size_t count,
	struct sdr_line **line, struct sdr_error *error);
void sdr_line_free(struct sdr_line *line);
const struct sdr_call *sdr_line_call(const struct sdr_line *line);

/* Returns a copy with %words replaced inside each word, never split again; a value that starts with
 * '-' is refused. EINVAL with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_line_expand(const struct sdr_line *line,
	const struct sdr_words *words, struct sdr_line **expanded, struct sdr_error *error);

/* Completes the last word of `text` (a prompt's content): fills up to `n` candidates, each a whole
 * word in static or app memory valid until the next call. Returns how many there are in all. */
size_t sdr_line_complete(struct sdr_app *app, const char *text, const char **candidates, size_t n);

/* Quotes one word for a line, so that sdr_line_parse gives it back. Returns what snprintf would. */
size_t sdr_word_quote(char *out, size_t size, const char *word);

/* Writes an argument as outputs may show it: *** for the user and password of a URL or proxy, and
 * for a header that carries a secret. Returns `out`. */
const char *sdr_arg_shown(
	char *out, size_t size, const struct sdr_call *call, const struct sdr_arg *arg);

/* Writes usage and help of a command ("help COMMAND"), from the table. */
void sdr_command_help(struct sdr_out *out, const struct sdr_command *command);

#endif
