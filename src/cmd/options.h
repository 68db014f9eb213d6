/* options.h (internal) - options: the sets that commands share, finding one, checking its value. */
#ifndef SOUNDER_CMD_OPTIONS_H
#define SOUNDER_CMD_OPTIONS_H

#include "sounder/command.h"

/* Sets shared by several commands. */
extern const struct sdr_option sdr_options_output[];    /* --json --csv */
extern const struct sdr_option sdr_options_names[];     /* --server -4 -6 */
extern const struct sdr_option sdr_options_addresses[]; /* --all-addresses */
extern const struct sdr_option sdr_options_many[];      /* --window --rate --ordered */
extern const struct sdr_option sdr_options_search[];    /* --like --fuzzy --getent */
/* -i/--interval -c/--count --timeout/-W -w/--deadline --until --losses --group */
extern const struct sdr_option sdr_options_repeat[];

/* Options every command takes: --help, --color. */
extern const struct sdr_option sdr_options_common[];

/* Finds an option of the command (or a common one); NULL if absent. */
const struct sdr_option *sdr_option_long(
	const struct sdr_command *command, const char *name, size_t length);
const struct sdr_option *sdr_option_letter(const struct sdr_command *command, char letter);

/* Parses and checks an option's value.  EINVAL, ERANGE with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_option_value(const struct sdr_option *option, const char *text,
	int64_t *number, struct sdr_error *error);

/* Whether the options of a call go together: no value twice, none that another makes meaningless.
 * EINVAL with `error`. */
enum sdr_status sdr_options_check(const struct sdr_call *call, struct sdr_error *error);

#endif
