/* command_search.c - finds a word in the whole help of a command: its name, what it does, other
 * tools' names for it, options, details, examples, verbs. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sounder/command.h"

/* What is looked for, and the room for the piece of help that has it. */
struct search {
	const char *text;
	char *out;
	size_t size;
};

/* Whether `in` has the text where a word begins: "ip" is in "an IP", not in "skip". */
static bool has_word(const char *in, const char *text)
{
	for (const char *at = in; (at = strcasestr(at, text)); at++)
		if (at == in || !isalnum((unsigned char)at[-1]))
			return true;
	return false;
}

/* Keeps what is in `search->out` if it has the text. */
static bool keeps(const struct search *search)
{
	return has_word(search->out, search->text);
}

/* Whether a clause of sdr_command_instead ("mask ADDRESS" in quotes) is about the command. */
static bool is_about(const char *clause, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = clause; (at = strchr(at, '"')); at++)
		if (strncmp(at + 1, name, length) == 0 && strchr("\" ", at[1 + length]))
			return true;
	return false;
}

static bool in_options(const struct search *search, const struct sdr_command *command)
{
	for (unsigned set = 0; set < SDR_OPTION_SETS_ALL; set++)
		for (const struct sdr_option *o = sdr_command_options(command, set); o && o->name;
			o++) {
			snprintf(search->out, search->size, "--%s%s%s: %s", o->name,
				o->metavar ? " " : "", o->metavar ? o->metavar : "", o->sentence);
			if (keeps(search))
				return true;
		}
	return false;
}

/* The sentence of the details that has the text. */
static bool in_details(const struct search *search, const struct sdr_command *command)
{
	const char *at = command->details ? command->details : "";
	while (*at) {
		const char *end = at;
		while (*end && *end != '\n' &&
			!(end[0] == '.' && (end[1] == ' ' || end[1] == '\n' || !end[1])))
			end++;
		snprintf(search->out, search->size, "%.*s", (int)(end - at), at);
		if (keeps(search))
			return true;
		at = end + strspn(end, ". \n");
	}
	return false;
}

static bool in_examples(const struct search *search, const struct sdr_command *command)
{
	for (const char *const *example = command->examples; example && example[0] && example[1];
		example += 2) {
		snprintf(search->out, search->size, "%s: %s", example[0], example[1]);
		if (keeps(search))
			return true;
	}
	return false;
}

static bool in_verbs(const struct search *search, const struct sdr_command *command)
{
	for (const struct sdr_command *const *verb = command->verbs; verb && *verb; verb++) {
		char inner[SDR_HELP_PIECE];
		if (sdr_command_mentions(*verb, search->text, inner, sizeof(inner)) ==
			SDR_HELP_NOWHERE)
			continue;
		snprintf(search->out, search->size, "%s: %s", (*verb)->name, inner);
		return true;
	}
	return false;
}

enum sdr_help_place sdr_command_mentions(
	const struct sdr_command *command, const char *text, char *out, size_t size)
{
	struct search search = {text, out, size};
	const char *instead = sdr_command_instead(text);
	if (!*text)
		return SDR_HELP_NOWHERE;
	snprintf(out, size, "%s", command->sentence);
	for (const char *const *alias = command->aliases; *alias; alias++)
		if (strcasestr(*alias, text))
			return SDR_HELP_NAME;
	if (strcasestr(command->name, text))
		return SDR_HELP_NAME;
	if (keeps(&search))
		return SDR_HELP_SENTENCE;
	if (instead && is_about(instead, command->name))
		return SDR_HELP_SENTENCE;
	snprintf(out, size, "%s %s", command->name, command->arguments ? command->arguments : "");
	if (keeps(&search) || in_options(&search, command))
		return SDR_HELP_OPTION;
	if (in_details(&search, command) || in_examples(&search, command) ||
		in_verbs(&search, command))
		return SDR_HELP_DETAILS;
	if (size > 0)
		out[0] = '\0';
	return SDR_HELP_NOWHERE;
}
