/* help.c - `help [COMMAND]`: the command table, as text and as JSON; `help WORD`: the commands
 * whose help has the word. */
#include "cmd/cmd.h"
#include "cmd/options.h"

#include <string.h>

static void add_option(struct sdr_item *list, const struct sdr_option *option)
{
	struct sdr_item *item = sdr_item_object(list, NULL, NULL);
	char letter[2] = {option->letter, '\0'};
	sdr_item_text(item, "name", "Option", option->name);
	sdr_item_text(item, "letter", "Letter", option->letter ? letter : NULL);
	sdr_item_text(item, "value", "Value", option->metavar);
	sdr_item_text(item, "sentence", "Meaning", option->sentence);
}

static void fill(struct sdr_item *root, const struct sdr_command *command)
{
	char usage[256];
	sdr_usage_line(usage, sizeof(usage), command);
	sdr_item_text(root, "name", "Command", command->name)->show = SDR_SHOW_HEADLINE;
	struct sdr_item *aliases = sdr_item_list(root, "aliases", "Aliases");
	aliases->show = SDR_SHOW_HIDDEN;
	for (const char *const *alias = command->aliases; *alias; alias++)
		sdr_item_text(aliases, NULL, NULL, *alias);
	sdr_item_text(root, "usage", "Usage", usage);
	sdr_item_text(root, "sentence", "Does", command->sentence);
	sdr_item_text(root, "details", "More", command->details)->show = SDR_SHOW_HIDDEN;
	struct sdr_item *options = sdr_item_list(root, "options", "Options");
	options->show = SDR_SHOW_TABLE;
	for (unsigned set = 0; set < SDR_OPTION_SETS_ALL; set++)
		for (const struct sdr_option *option = sdr_command_options(command, set);
			option && option->name; option++)
			add_option(options, option);
	struct sdr_item *examples = sdr_item_list(root, "examples", "Examples");
	examples->show = SDR_SHOW_PAIRS;
	for (const char *const *example = command->examples; example && example[0] && example[1];
		example += 2) {
		struct sdr_item *pair = sdr_item_object(examples, NULL, NULL);
		sdr_item_text(pair, "line", "Line", example[0]);
		sdr_item_text(pair, "sentence", "Does", example[1]);
	}
}

static enum sdr_exit emit(const struct sdr_answers *answers, const struct sdr_command *command)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return SDR_EXIT_FAIL;
	fill(sdr_sheet_root(sheet), command);
	answers->emit(answers->context, sheet);
	sdr_sheet_free(sheet);
	return SDR_EXIT_YES;
}

static enum sdr_exit emit_found(
	const struct sdr_answers *answers, const struct sdr_command *command, const char *piece)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return SDR_EXIT_FAIL;
	sdr_item_text(sdr_sheet_root(sheet), "name", "Command", command->name);
	sdr_item_text(sdr_sheet_root(sheet), "found", "Found in its help", piece);
	answers->emit(answers->context, sheet);
	sdr_sheet_free(sheet);
	return SDR_EXIT_YES;
}

/* Those whose name has the words come first, then those that say it in their sentence, and so on.
 * NO: none does. */
static enum sdr_exit search(const struct sdr_call *call, const struct sdr_answers *answers)
{
	char text[256], piece[SDR_HELP_PIECE];
	const struct sdr_command *command;
	const char *second = sdr_call_word(call, 1);
	enum sdr_exit exit = SDR_EXIT_NO;
	snprintf(text, sizeof(text), "%s%s%s", sdr_call_word(call, 0), second ? " " : "",
		second ? second : "");
	for (enum sdr_help_place place = SDR_HELP_NAME; place < SDR_HELP_NOWHERE; place++)
		for (unsigned i = 0;
			exit != SDR_EXIT_FAIL && (command = sdr_command_at(call->app, i)); i++)
			if (sdr_command_mentions(command, text, piece, sizeof(piece)) == place)
				exit = emit_found(answers, command, piece);
	return exit;
}

/* Nothing is known of the name, nor is it in any help. */
static void complain(const struct sdr_app *app, const char *name, struct sdr_error *error)
{
	const char *near = sdr_command_near(app, name);
	if (near)
		sdr_error_set(error, 0, "%s: no such command; did you mean %s?", name, near);
	else
		sdr_error_set(error, 0,
			"%s: no such command, nor a word of their help; \"help\" alone lists them",
			name);
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	const char *name = sdr_call_word(call, 0), *verb = sdr_call_word(call, 1);
	const struct sdr_command *command = name ? sdr_command_find(call->app, name) : NULL;
	enum sdr_exit exit = SDR_EXIT_YES;
	(void)word;
	if (name && !command) {
		exit = search(call, answers);
		if (exit == SDR_EXIT_NO)
			complain(call->app, name, error);
		return exit == SDR_EXIT_YES ? exit : SDR_EXIT_FAIL;
	}
	if (name && verb && !sdr_command_verb(command, verb)) {
		sdr_error_set(error, 1, "%s has no verb \"%s\"; \"help %s\" lists what it takes",
			name, verb, name);
		return SDR_EXIT_FAIL;
	}
	if (name)
		return emit(answers, verb ? sdr_command_verb(command, verb) : command);
	for (unsigned i = 0; exit == SDR_EXIT_YES && (command = sdr_command_at(call->app, i)); i++)
		exit = emit(answers, command);
	return exit;
}

static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	const char *name = sdr_item_find(root, "name")->value.bytes;
	const char *asked = sdr_call_word(call, 0), *verb = sdr_call_word(call, 1);
	const struct sdr_command *command = asked ? sdr_command_find(call->app, asked) : NULL;
	const struct sdr_item *found = sdr_item_find(root, "found");
	if (found)
		sdr_usage_found(out, name, found->value.bytes);
	else if (command)
		sdr_command_help(out, verb ? sdr_command_verb(command, verb) : command);
	else if (strcmp(name, sdr_command_at(call->app, 0)->name) ==
		0) /* the first of all: the list is one text */
		sdr_usage_all(out, call->app);
}

static const char *const examples[] = {
	"help ping",
	"usage, options and examples of ping",
	NULL,
};

const struct sdr_command cmd_help = {
	.name = "help",
	.arguments = "[COMMAND [VERB] | WORD...]",
	.sentence =
		"show how a command is used, list the commands, or find a word in all their help",
	.details = "A word that is no command's name is looked for in the whole help of all "
		   "commands: names, options, details, examples, and names that other programs "
		   "have for the same.",
	.examples = examples,
	.options = {sdr_options_output},
	.words_min = 0,
	.words_max = 2,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_COMMAND,
	.lookup = {.answer = answer, .print = print},
};
