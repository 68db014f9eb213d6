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

#include "sounder/call.h"
#include "sounder/clock.h"
#include "sounder/option.h"
#include "sounder/request.h"
#include "sounder/status.h"

struct sdr_app;

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

/* What running a command on the screen does beyond showing something. What changes or leaves does
 * not run from text that looks pasted. */
enum sdr_effect {
	SDR_EFFECT_CHANGES = 1,     /* targets, servers, figures, keys, settings, files */
	SDR_EFFECT_LEAVES = 2,      /* the program or its terminal; runs without memory, too */
	SDR_EFFECT_OPENS_FIELD = 4, /* keys that follow are text */
	SDR_EFFECT_LOOKS = 8,       /* it changes how the screen looks, and nothing else */
};

#define SDR_OPTION_SETS 6
#define SDR_COMMAND_ALIASES 2

struct sdr_command {
	const char *name;
	const char *aliases[SDR_COMMAND_ALIASES + 1]; /* NULL-terminated */
	const char *arguments; /* "[-4|-6] HOST[:SERVICE]" without the options below */
	const char *sentence;  /* what it does, for lists */
	const char *details;   /* paragraphs for help and the manual, or NULL */
	const char *topic;     /* what the screen's help lists its keys under; NULL: the others */
	const char *const
		*examples; /* lines, each followed by its explanation; NULL-terminated; or NULL */
	const struct sdr_option *options[SDR_OPTION_SETS]; /* sets, each ended by a NULL name;
							      shared sets are shared arrays */
	int words_min, words_max;                          /* words_max -1: any number */
	unsigned where;                                    /* of enum sdr_where */
	unsigned privileges; /* of enum sdr_privilege_use: what running it needs; the rest is given
				away */
	unsigned parts;      /* of enum sdr_part (app.h): what is to be open before `make` */
	unsigned effects;    /* of enum sdr_effect; adding targets or servers is not listed */
	bool raw_words; /* the rest after the first word is one word (bind KEY "...") -- never split
			   again */
	enum sdr_complete complete;
	bool takes_targets; /* every word adds targets: on the screen `-` stands for words that are
			       asked for */
	/* Verbs, NULL-terminated, or NULL: the first word picks one, and what follows is checked
	 * against that one's table. A verb is a command whose name is both words ("subnet
	 * split"). */
	const struct sdr_command *const *verbs;
	/* The probe type whose options it has beside those above; NULL: none. They are the first
	 * set of sdr_command_options. */
	const char *probe;
	/* What it looks up, where it does: the request then is one for that before `make` sees
	 * it. */
	struct sdr_lookup lookup;
	/* Checks the arguments and fills the request; NULL: there is nothing to check, and `lookup`
	 * is all. EINVAL, ERANGE, ENOENT with `error` (offset: index of the word). */
	enum sdr_status (*make)(
		const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error);
};

/* Returns the verb of that name (its second word), or NULL, also where the command has none. */
const struct sdr_command *sdr_command_verb(const struct sdr_command *command, const char *verb);

#define SDR_OPTION_SETS_ALL (SDR_OPTION_SETS + 1)

/* Returns a set of its options, ended by a NULL name, by its number below SDR_OPTION_SETS_ALL: the
 * options of its probe type, then its own; NULL: that set is empty. */
const struct sdr_option *sdr_command_options(const struct sdr_command *command, unsigned set);

/* The core's commands (commands.def), NULL-terminated; for sdr_app_new. */
extern const struct sdr_command *const sdr_commands[];

/* Returns a command by its position: the core's, then those that a screen registered. NULL past the
 * end. */
const struct sdr_command *sdr_command_at(const struct sdr_app *app, unsigned index);

/* Whether that is the command's name, or one of its aliases; case counts. */
bool sdr_command_is(const struct sdr_command *command, const char *name);

/* Returns a command by its name or alias, in the case that the table has; NULL if absent. */
const struct sdr_command *sdr_command_find(const struct sdr_app *app, const char *name);

/* Returns the name or alias that `word` is a slip of the finger away from ("pnig"), two where the
 * name has six letters or more; NULL if none is. Words with digits are host names, never slips. */
const char *sdr_command_near(const struct sdr_app *app, const char *word);

/* Returns what to use instead of another program's name ("dig"), as a clause; NULL if it is none.
 * Static. */
const char *sdr_command_instead(const char *word);

/* Where a command's help has a text; the best place first. */
enum sdr_help_place {
	SDR_HELP_NAME,
	SDR_HELP_SENTENCE, /* or the text is another program's name for what it does */
	SDR_HELP_OPTION,   /* or in its arguments */
	SDR_HELP_DETAILS,  /* or in its examples and verbs */
	SDR_HELP_NOWHERE
};

#define SDR_HELP_PIECE 512

/* Returns where the whole help of a command has `text`, in any case, in its name or where a word
 * begins; writes the piece that has it ("--timeout TIME: how long ...") into out[size],
 * SDR_HELP_PIECE holds most; "" and NOWHERE for an empty text. */
enum sdr_help_place sdr_command_mentions(
	const struct sdr_command *command, const char *text, char *out, size_t size);

/* Writes usage and help of a command ("help COMMAND"), from the table; a failure is in `out`. */
void sdr_command_help(struct sdr_out *out, const struct sdr_command *command);

#endif
