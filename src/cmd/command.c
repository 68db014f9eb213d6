/* command.c - the commands of an app: the core's, then those a screen registered. */
#include "sounder/command.h"

#include <string.h>

#include "app.h"
#include "sounder/app.h"
#include "sounder/probe.h"

/* Moves `index` past the commands of a table; NULL where it lies beyond. */
static const struct sdr_command *at(const struct sdr_command *const *table, unsigned *index)
{
	for (; table && *table; table++)
		if ((*index)-- == 0)
			return *table;
	return NULL;
}

const struct sdr_command *sdr_command_at(const struct sdr_app *app, unsigned index)
{
	const struct sdr_command *command = at(sdr_app_commands(app), &index);
	return command ? command : at(sdr_app_registered(app), &index);
}

const struct sdr_command *sdr_command_verb(const struct sdr_command *command, const char *verb)
{
	size_t length = strlen(command->name);
	for (const struct sdr_command *const *one = command->verbs; one && *one; one++)
		if (strcmp((*one)->name + length + 1, verb) == 0)
			return *one;
	return NULL;
}

const struct sdr_option *sdr_command_options(const struct sdr_command *command, unsigned set)
{
	const struct sdr_probe_type *type = command->probe ? sdr_probe_find(command->probe) : NULL;
	if (set > 0)
		return set <= SDR_OPTION_SETS ? command->options[set - 1] : NULL;
	return type ? type->options : NULL;
}

bool sdr_command_is(const struct sdr_command *command, const char *name)
{
	for (const char *const *alias = command->aliases; *alias; alias++)
		if (strcmp(*alias, name) == 0)
			return true;
	return strcmp(command->name, name) == 0;
}

const struct sdr_command *sdr_command_find(const struct sdr_app *app, const char *name)
{
	const struct sdr_command *command;
	for (unsigned i = 0; (command = sdr_command_at(app, i)); i++)
		if (sdr_command_is(command, name))
			return command;
	return NULL;
}
