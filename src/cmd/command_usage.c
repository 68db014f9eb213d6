/* command_usage.c - help out of the table: the usage line, a command's help, the list of all
 * commands. */
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "sounder/sanitize.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 78
#define OPTION_COLUMN 26  /* where an option's sentence begins */
#define COMMAND_COLUMN 14 /* where a command's does */
#define VERB_COLUMN 20    /* and a verb's, with its command's name */

/* Writes words of `text`, wrapped at WIDTH and indented; the cursor stands at cell `at` already. */
static void put_wrapped(struct sdr_out *out, const char *text, int indent, int at)
{
	while (*text) {
		size_t length = strcspn(text, " ");
		if (at > indent && at + 1 + (int)length > WIDTH) {
			sdr_out_end(out);
			at = 0;
		}
		if (at < indent) {
			sdr_out_put(out, SDR_TONE_PLAIN, "%*s", indent - at, "");
			at = indent;
		} else if (at > indent) {
			sdr_out_put(out, SDR_TONE_PLAIN, " ");
			at++;
		}
		sdr_out_put(out, SDR_TONE_PLAIN, "%.*s", (int)length, text);
		at += (int)length;
		text += length + strspn(text + length, " ");
	}
	sdr_out_end(out);
}

/* Paragraphs are set off by a blank line in `text` ("\n\n"). */
static void put_paragraphs(struct sdr_out *out, const char *text)
{
	while (*text) {
		char paragraph[2048];
		size_t length = strcspn(text, "\n");
		snprintf(paragraph, sizeof(paragraph), "%.*s", (int)length, text);
		put_wrapped(out, paragraph, 0, 0);
		text += length;
		if (*text && text[strspn(text, "\n")])
			sdr_out_end(out);
		text += strspn(text, "\n");
	}
}

static void put_entry(struct sdr_out *out, const char *name, const char *sentence, int column)
{
	int used = 2 + sdr_text_cells(name);
	sdr_out_put(out, SDR_TONE_PLAIN, "  ");
	sdr_out_put(out, SDR_TONE_STRONG, "%s", name);
	if (used + 2 > column) {
		sdr_out_end(out);
		used = 0;
	}
	put_wrapped(out, sentence, column, used);
}

static void put_option(struct sdr_out *out, const struct sdr_option *option)
{
	char name[96], range[2 * SDR_DURATION_TEXT + 16] = "", sentence[512];
	char letter[8] = "    ";
	if (option->letter)
		snprintf(letter, sizeof(letter), "-%c, ", option->letter);
	snprintf(name, sizeof(name), "%s--%s%s%s", letter, option->name, option->metavar ? " " : "",
		option->metavar ? option->metavar : "");
	if (option->kind == SDR_OPTION_INTEGER && option->max)
		snprintf(range, sizeof(range), " (%lld to %lld)", (long long)option->min,
			(long long)option->max);
	if (option->kind == SDR_OPTION_DURATION && option->max) {
		char low[SDR_DURATION_TEXT], high[SDR_DURATION_TEXT];
		snprintf(range, sizeof(range), " (%s to %s)", sdr_duration_format(low, option->min),
			sdr_duration_format(high, option->max));
	}
	snprintf(sentence, sizeof(sentence), "%s%s", option->sentence, range);
	put_entry(out, name, sentence, OPTION_COLUMN);
}

size_t sdr_usage_line(char *out, size_t size, const struct sdr_command *command)
{
	const char *words = command->arguments ? command->arguments : "";
	bool options = false;
	for (unsigned set = 0; set < SDR_OPTION_SETS_ALL; set++) {
		const struct sdr_option *first = sdr_command_options(command, set);
		options = options || (first && first->name);
	}
	return (size_t)snprintf(out, size, "%s%s%s%s", command->name, options ? " [OPTION...]" : "",
		*words ? " " : "", words);
}

static void put_title(struct sdr_out *out, const char *title)
{
	sdr_out_end(out);
	sdr_out_line(out, SDR_TONE_STRONG, "%s", title);
}

void sdr_command_help(struct sdr_out *out, const struct sdr_command *command)
{
	char usage[256];
	sdr_usage_line(usage, sizeof(usage), command);
	sdr_out_put(out, SDR_TONE_STRONG, "Usage: ");
	sdr_out_line(out, SDR_TONE_PLAIN, "%s%s",
		command->where & SDR_WHERE_SHELL ? "sounder " : "", usage);
	for (const char *const *alias = command->aliases; *alias; alias++)
		sdr_out_line(out, SDR_TONE_PLAIN, "       (%s is another name of it)", *alias);
	sdr_out_end(out);
	char sentence[256];
	snprintf(sentence, sizeof(sentence), "%s.", command->sentence);
	if (sentence[0] >= 'a' && sentence[0] <= 'z')
		sentence[0] = (char)(sentence[0] - 'a' + 'A');
	put_wrapped(out, sentence, 0, 0);
	if (command->details) {
		sdr_out_end(out);
		put_paragraphs(out, command->details);
	}
	if (command->verbs)
		put_title(out, "Verbs");
	for (const struct sdr_command *const *verb = command->verbs; verb && *verb; verb++)
		put_entry(out, (*verb)->name, (*verb)->sentence, VERB_COLUMN);
	put_title(out, "Options");
	for (unsigned set = 0; set < SDR_OPTION_SETS_ALL; set++)
		for (const struct sdr_option *option = sdr_command_options(command, set);
			option && option->name; option++)
			put_option(out, option);
	for (const struct sdr_option *option = sdr_options_common; option->name; option++)
		put_option(out, option);
	if (!command->examples)
		return;
	put_title(out, "Examples");
	for (const char *const *example = command->examples; example[0] && example[1];
		example += 2) {
		sdr_out_put(out, SDR_TONE_PLAIN, "  ");
		sdr_out_line(out, SDR_TONE_STRONG, "%s%s",
			command->where & SDR_WHERE_SHELL ? "sounder " : "", example[0]);
		put_wrapped(out, example[1], 6, 0);
	}
}

void sdr_usage_found(struct sdr_out *out, const char *name, const char *piece)
{
	put_entry(out, name, piece, COMMAND_COLUMN);
}

void sdr_usage_all(struct sdr_out *out, const struct sdr_app *app)
{
	sdr_out_line(out, SDR_TONE_PLAIN,
		"sounder: a dashboard for network diagnosis, and its instruments as commands");
	sdr_out_end(out);
	sdr_out_put(out, SDR_TONE_STRONG, "Usage: ");
	sdr_out_line(out, SDR_TONE_PLAIN,
		"sounder [HOST...]            opens the dashboard, pinging the hosts");
	sdr_out_line(out, SDR_TONE_PLAIN, "       sounder COMMAND [ARGUMENT...]");
	put_title(out, "Commands");
	const struct sdr_command *command;
	for (unsigned i = 0; (command = sdr_command_at(app, i)); i++)
		put_entry(out, command->name, command->sentence, COMMAND_COLUMN);
	put_title(out, "Options before the command");
	put_entry(out, "-h, --help",
		"show this help; \"help COMMAND\" and \"COMMAND --help\" show more", OPTION_COLUMN);
	put_entry(out, "    --version", "show the version", OPTION_COLUMN);
	put_entry(out, "    --color=WHEN", "colours: auto, always or never (NO_COLOR is honoured)",
		OPTION_COLUMN);
	put_entry(out, "-f FILE",
		"read this configuration instead of /etc/sounder.conf and the user's",
		OPTION_COLUMN);
	put_entry(out, "    --set NAME=VALUE", "change a setting, after the configuration",
		OPTION_COLUMN);
	put_entry(out, "    --read-only",
		"have the dashboard change, write, serve and run nothing once it shows",
		OPTION_COLUMN);
	put_entry(out, "    --print-config", "print settings and keys as a configuration has them",
		OPTION_COLUMN);
	put_entry(out, "    --log FILE", "append the dashboard's log to a file", OPTION_COLUMN);
	sdr_out_end(out);
	sdr_out_line(
		out, SDR_TONE_PLAIN, "Exit status: 0 yes, 1 a negative answer, 2 anything else.");
}
