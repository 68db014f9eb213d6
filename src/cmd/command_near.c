/* command_near.c - near misses of commands, verbs and options. */
#include "cmd/cmd.h"
#include "registry/fuzzy.h"

#include <ctype.h>
#include <string.h>

bool sdr_suggest_near(const char *word, const char *name)
{
	struct fuzzy_text typed = {word, strlen(word)}, meant = {name, strlen(name)};
	unsigned most = meant.length >= 6 ? 2 : 1;
	for (size_t i = 0; i < typed.length; i++)
		if (isdigit((unsigned char)word[i]))
			return false;
	return typed.length >= 2 && sdr_fuzzy_slips(typed, meant, most) <= most;
}

const char *sdr_command_near(const struct sdr_app *app, const char *word)
{
	const struct sdr_command *command;
	for (unsigned i = 0; (command = sdr_command_at(app, i)); i++) {
		if (sdr_suggest_near(word, command->name))
			return command->name;
		for (const char *const *alias = command->aliases; *alias; alias++)
			if (sdr_suggest_near(word, *alias))
				return *alias;
	}
	return NULL;
}
