/* line.c - words into a call: the command is found, options and their values are checked against
 * its table, words are counted. */
#include "cmd/cmd.h"
#include "cmd/options.h"

#include <stdio.h>
#include <string.h>

/* A parse in progress. */
struct parse {
	struct sdr_line *line;
	const struct sdr_command *command;
	struct sdr_arg *args; /* [2 * words]: a cluster of letters gives an argument a letter, so
				 room is counted beforehand */
	size_t count;         /* arguments so far */
	size_t words;         /* of them, words */
	size_t at;            /* index of the split word being read */
	bool over;            /* "--" was seen: only words follow */
	struct sdr_error *error;
};

static void add(struct parse *p, const struct sdr_option *option, const char *text, int64_t number)
{
	p->line->origin[p->count] = p->at;
	p->args[p->count++] = (struct sdr_arg){option, text, number};
	p->words += !option;
}

static enum sdr_status unknown_option(struct parse *p, const char *name, int length)
{
	char word[64];
	snprintf(word, sizeof(word), "%.*s", length, name);
	for (unsigned set = 0; length > 1 && set < SDR_OPTION_SETS_ALL; set++)
		for (const struct sdr_option *o = sdr_command_options(p->command, set);
			o && o->name; o++)
			if (sdr_suggest_near(word, o->name)) {
				sdr_error_set(p->error, p->at,
					"%s has no option --%s; did you mean --%s?",
					p->command->name, word, o->name);
				return SDR_EINVAL;
			}
	sdr_error_set(p->error, p->at, "%s has no option %s%s; \"help %s\" lists what it takes",
		p->command->name, length > 1 ? "--" : "-", word, p->command->name);
	return SDR_EINVAL;
}

/* Takes an option's value: `attached` to it, or the next word. */
static enum sdr_status take_value(
	struct parse *p, const struct sdr_option *option, const char *attached)
{
	size_t at = p->at;
	if (!attached) {
		if (p->at + 1 >= p->line->split.count) {
			sdr_error_set(p->error, p->at, "--%s needs a value: %s, %s", option->name,
				option->metavar, option->sentence);
			return SDR_EINVAL;
		}
		attached = p->line->split.words[++p->at];
	}
	int64_t number = 0;
	bool later = option->kind != SDR_OPTION_TEXT &&
		sdr_words_used(attached); /* checked once the %word is replaced */
	enum sdr_status status =
		later ? SDR_OK : sdr_option_value(option, attached, &number, p->error);
	if (status != SDR_OK) {
		if (p->error)
			p->error->offset = p->at;
		return status;
	}
	add(p, option, attached, number);
	p->line->origin[p->count - 1] = at;
	return SDR_OK;
}

static enum sdr_status read_long(struct parse *p, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : strlen(text);
	const struct sdr_option *option = sdr_option_long(p->command, text, length);
	if (!option)
		return unknown_option(p, text, length > 40 ? 40 : (int)length);
	if (option->kind != SDR_OPTION_FLAG)
		return take_value(p, option, equals ? equals + 1 : NULL);
	if (equals) {
		sdr_error_set(p->error, p->at, "--%s takes no value; leave out \"%s\"",
			option->name, equals);
		return SDR_EINVAL;
	}
	add(p, option, NULL, 0);
	return SDR_OK;
}

static enum sdr_status read_cluster(struct parse *p, const char *text)
{
	while (*text) {
		const struct sdr_option *option = sdr_option_letter(p->command, *text);
		if (!option)
			return unknown_option(p, text, 1);
		if (option->kind != SDR_OPTION_FLAG)
			return take_value(p, option, text[1] ? text + 1 : NULL);
		add(p, option, NULL, 0);
		text++;
	}
	return SDR_OK;
}

/* Joins the rest into one word, each part quoted unless it is alone: `bind p "ping %target"` and
 * `bind p ping %target` are the same. */
static enum sdr_status take_rest(struct parse *p)
{
	char *const *words = p->line->split.words;
	size_t count = p->line->split.count, size = 1;
	if (p->at + 1 == count) {
		add(p, NULL, words[p->at], 0);
		return SDR_OK;
	}
	for (size_t i = p->at; i < count; i++)
		size += sdr_word_quote(NULL, 0, words[i]) + 1;
	char *joined = sdr_arena_alloc(p->line->arena, size);
	if (!joined)
		return SDR_ENOMEM;
	size_t used = 0;
	for (size_t i = p->at; i < count; i++) {
		if (i > p->at)
			joined[used++] = ' ';
		used += sdr_word_quote(joined + used, size - used, words[i]);
	}
	add(p, NULL, joined, 0);
	p->at = count;
	return SDR_OK;
}

static enum sdr_status read_args(struct parse *p)
{
	for (p->at++; p->at < p->line->split.count; p->at++) {
		char *word = p->line->split.words[p->at];
		enum sdr_status status = SDR_OK;
		if (p->command->raw_words && p->words >= 1)
			status = take_rest(p);
		else if (p->over || word[0] != '-' || !word[1])
			add(p, NULL, word, 0);
		else if (strcmp(word, "--") == 0)
			p->over = true;
		else
			status =
				word[1] == '-' ? read_long(p, word + 2) : read_cluster(p, word + 1);
		if (status != SDR_OK)
			return status;
	}
	return SDR_OK;
}

static enum sdr_status check_count(struct parse *p)
{
	const struct sdr_command *command = p->command;
	char usage[256];
	if (sdr_call_has(&p->line->call, "help"))
		return SDR_OK;
	sdr_usage_line(usage, sizeof(usage), command);
	if ((int)p->words < command->words_min) {
		sdr_error_set(p->error, p->line->split.count, "%s needs more words; usage: %s",
			command->name, usage);
		return SDR_EINVAL;
	}
	if (command->words_max >= 0 && (int)p->words > command->words_max) {
		const char *extra = sdr_call_word(&p->line->call, (size_t)command->words_max);
		size_t at = 0;
		for (size_t i = 0; i < p->count; i++)
			if (p->args[i].text == extra)
				at = p->line->origin[i];
		sdr_error_set(p->error, at, "%s has no use for the word \"%s\"; usage: %s",
			command->name, extra, usage);
		return SDR_EINVAL;
	}
	return SDR_OK;
}

static enum sdr_status find_command(struct sdr_app *app, const char *word,
	const struct sdr_command **found, struct sdr_error *error)
{
	*found = sdr_command_find(app, word);
	if (*found)
		return SDR_OK;
	const char *near = sdr_command_near(app, word), *instead = sdr_command_instead(word);
	if (instead)
		sdr_error_set(error, 0, "%s: no such command; %s", word, instead);
	else if (near)
		sdr_error_set(error, 0, "%s: no such command; did you mean %s?", word, near);
	else
		sdr_error_set(error, 0, "%s: no such command; \"help\" lists them", word);
	return SDR_ENOENT;
}

/* The first word of a command with verbs picks one; it is read already then. An option in its place
 * is the command's own. */
static enum sdr_status find_verb(struct parse *p)
{
	const struct sdr_command *command = p->command;
	const char *word = p->line->split.count > 1 ? p->line->split.words[1] : "-";
	char list[SDR_ERROR_TEXT] = "";
	if (!command->verbs || word[0] == '-')
		return SDR_OK;
	p->command = sdr_command_verb(command, word);
	if (p->command) {
		p->at = 1;
		return SDR_OK;
	}
	for (const struct sdr_command *const *verb = command->verbs; *verb; verb++) {
		const char *name = (*verb)->name + strlen(command->name) + 1;
		if (sdr_suggest_near(word, name)) {
			sdr_error_set(p->error, 1, "%s has no verb \"%s\"; did you mean %s?",
				command->name, word, name);
			return SDR_EINVAL;
		}
		size_t used = strlen(list);
		snprintf(list + used, sizeof(list) - used, "%s%s", used ? ", " : "", name);
	}
	sdr_error_set(p->error, 1, "%s has no verb \"%.40s\"; these are right: %s", command->name,
		word, list);
	return SDR_EINVAL;
}

/* Room for an argument a word, and one a letter of each cluster. */
static size_t room_for(const struct sdr_split *split)
{
	size_t room = split->count + 1;
	for (size_t i = 0; i < split->count; i++)
		if (split->words[i][0] == '-')
			room += strlen(split->words[i]);
	return room;
}

static enum sdr_status parse_words(
	struct sdr_app *app, struct sdr_line *line, struct sdr_error *error)
{
	struct parse p = {.line = line, .error = error};
	enum sdr_status status = find_command(app, line->split.words[0], &p.command, error);
	if (status == SDR_OK)
		status = find_verb(&p);
	if (status != SDR_OK)
		return status;
	size_t room = room_for(&line->split);
	p.args = sdr_arena_alloc(line->arena, room * sizeof(*p.args));
	line->origin = sdr_arena_alloc(line->arena, room * sizeof(*line->origin));
	if (!p.args || !line->origin)
		return SDR_ENOMEM;
	status = read_args(&p);
	line->call = (struct sdr_call){
		.command = p.command, .app = app, .args = p.args, .count = p.count};
	if (status == SDR_OK)
		status = sdr_options_check(&line->call, error);
	return status == SDR_OK ? check_count(&p) : status;
}

static struct sdr_line *line_make(void)
{
	struct sdr_arena *arena = sdr_arena_new();
	struct sdr_line *line = sdr_arena_alloc(arena, sizeof(*line));
	if (!line) {
		sdr_arena_free(arena);
		return NULL;
	}
	line->arena = arena;
	return line;
}

enum sdr_status sdr_line_new(struct sdr_app *app, char *const *words, size_t count,
	struct sdr_line **line, struct sdr_error *error)
{
	struct sdr_line *made = line_make();
	sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	if (!made)
		return SDR_ENOMEM;
	if (count == 0) {
		sdr_line_free(made);
		*line = NULL;
		return SDR_OK;
	}
	made->split.words = sdr_arena_alloc(made->arena, count * sizeof(char *));
	made->split.count = count;
	bool whole = made->split.words;
	for (size_t i = 0; whole && i < count; i++)
		whole = (made->split.words[i] =
				 sdr_arena_text(made->arena, words[i], strlen(words[i])));
	enum sdr_status status = whole ? parse_words(app, made, error) : SDR_ENOMEM;
	if (status != SDR_OK) {
		sdr_line_free(made);
		return status;
	}
	*line = made;
	return SDR_OK;
}

enum sdr_status sdr_line_parse(
	struct sdr_app *app, const char *text, struct sdr_line **line, struct sdr_error *error)
{
	struct sdr_line *made = line_make();
	sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	if (!made)
		return SDR_ENOMEM;
	size_t length = strlen(text);
	enum sdr_status status = sdr_split_line(made->arena, text, length, &made->split, error);
	if (status == SDR_OK && made->split.count) {
		status = parse_words(app, made, error);
		/* The parser counts words, a person counts characters. */
		if (status != SDR_OK && error)
			error->offset = error->offset < made->split.count
				? made->split.starts[error->offset]
				: length;
	}
	bool empty = made->split.count == 0;
	if (status != SDR_OK || empty) {
		sdr_line_free(made);
		made = NULL;
	}
	if (status == SDR_OK)
		*line = made;
	return status;
}

void sdr_line_free(struct sdr_line *line)
{
	if (line)
		sdr_arena_free(line->arena);
}

const struct sdr_call *sdr_line_call(const struct sdr_line *line)
{
	return &line->call;
}

size_t sdr_line_offset(const struct sdr_line *line, size_t index)
{
	for (size_t i = 0; line->split.starts && i < line->call.count; i++)
		if (!line->call.args[i].option && index-- == 0)
			return line->split.starts[line->origin[i]];
	return line->split.starts ? line->split.starts[0] : 0;
}
