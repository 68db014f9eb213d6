/* command.c - the table of commands: the core's, then those a screen registered. */
#include "cmd/cmd.h"
#include "sounder/app.h"
#include "tables.h"

#include <string.h>

#define COMMAND(name) extern const struct sdr_command cmd_##name;
SDR_COMMANDS
#undef COMMAND

#define COMMAND(name) &cmd_##name,
static const struct sdr_command *const commands[] = {SDR_COMMANDS NULL};
#undef COMMAND

#define COMMANDS (sizeof(commands) / sizeof(*commands) - 1)

const struct sdr_command *sdr_command_core(unsigned index)
{
	return index < COMMANDS ? commands[index] : NULL;
}

const struct sdr_command *sdr_command_at(const struct sdr_app *app, unsigned index)
{
	if (index < COMMANDS)
		return commands[index];
	const struct sdr_command *const *registered = app ? sdr_app_registered(app) : NULL;
	if (!registered)
		return NULL;
	for (unsigned i = COMMANDS; *registered; registered++, i++)
		if (i == index)
			return *registered;
	return NULL;
}

const struct sdr_command *sdr_command_verb(const struct sdr_command *command, const char *verb)
{
	size_t length = strlen(command->name);
	for (const struct sdr_command *const *one = command->verbs; one && *one; one++)
		if (strcmp((*one)->name + length + 1, verb) == 0)
			return *one;
	return NULL;
}

const struct sdr_command *sdr_command_find(const struct sdr_app *app, const char *name)
{
	const struct sdr_command *command;
	for (unsigned i = 0; (command = sdr_command_at(app, i)); i++)
		if (strcmp(command->name, name) == 0 ||
			(command->alias && strcmp(command->alias, name) == 0))
			return command;
	return NULL;
}
