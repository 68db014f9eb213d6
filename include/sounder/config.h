/* config.h - config files. */
#ifndef SOUNDER_CONFIG_H
#define SOUNDER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "sounder/status.h"

struct sdr_app;
struct sdr_call;

/* How to read a config file. */
struct sdr_config {
	const char *file;   /* NULL: /etc/sounder.conf, then the user's, where they exist */
	bool only_settings; /* just the `set` lines (subcommands) */
	enum sdr_status (*run)(void *context, const struct sdr_call *call, struct sdr_error *error);
	void (*complain)(void *context,
		const char *message); /* "FILE:LINE:COLUMN: the error; what would be right" */
	void *context;
};

/* Runs a config's lines in order; each bad line goes to `complain`, and the rest still runs. A line
 * `group NAME` labels what the lines after it add, up to the next one or the end of the file; a
 * line's own --group goes first, and `group` alone ends it. A file that was not named is left out
 * where it is missing, and goes to `complain` where it can't be read. With `error`: that a named
 * one can't be read, with sdr_file_read's status; ENOMEM: a line could not be run, but the others
 * were. */
SDR_MUST_CHECK enum sdr_status sdr_config_run(
	struct sdr_app *app, const struct sdr_config *config, struct sdr_error *error);

/* What a config file holds. */
struct sdr_config_file {
	const char *name; /* as complaints show it */
	const char *text; /* [length], without a NUL in it */
	size_t length;
};

/* Runs the lines of a file that has been read, as sdr_config_run does; config->file does not count.
 * ENOMEM with `error`, likewise. */
SDR_MUST_CHECK enum sdr_status sdr_config_text(struct sdr_app *app, const struct sdr_config *config,
	const struct sdr_config_file *file, struct sdr_error *error);

#endif
