/* line_complete.c - candidates for the last word of a prompt: commands, options, files, settings
 * and their values, services, hosts. */
#include "app.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "sounder/app.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

/* A completion in progress. */
struct gather {
	struct sdr_app *app;
	struct sdr_arena *arena; /* of the candidates */
	const char *stem;        /* what has been typed of the word */
	const char **candidates; /* [room] */
	size_t room;
	size_t count; /* found so far, including those beyond `room` */
};

static void offer(struct gather *g, const char *prefix, const char *word, const char *suffix)
{
	char whole[4096];
	if ((size_t)snprintf(whole, sizeof(whole), "%s%s%s", prefix, word, suffix) >=
			sizeof(whole) ||
		strncmp(whole, g->stem, strlen(g->stem)) != 0)
		return;
	for (size_t i = 0; i < g->count && i < g->room; i++)
		if (strcmp(g->candidates[i], whole) == 0)
			return;
	if (g->count < g->room) {
		g->candidates[g->count] = sdr_arena_text(g->arena, whole, strlen(whole));
		if (!g->candidates[g->count])
			return;
	}
	g->count++;
}

static void offer_commands(struct gather *g)
{
	const struct sdr_command *command;
	for (unsigned i = 0; (command = sdr_command_at(g->app, i)); i++) {
		offer(g, "", command->name, "");
		for (const char *const *alias = command->aliases; *alias && *g->stem; alias++)
			offer(g, "", *alias, "");
	}
}

/* The first word of a command with verbs; returns whether it was that. */
static bool offer_verbs(struct gather *g, const struct sdr_command *command, size_t words_before)
{
	if (!command->verbs || words_before > 1)
		return false;
	for (const struct sdr_command *const *verb = command->verbs; *verb; verb++)
		offer(g, "", (*verb)->name + strlen(command->name) + 1, "");
	return true;
}

static void offer_options(struct gather *g, const struct sdr_command *command)
{
	for (unsigned set = 0; set <= SDR_OPTION_SETS_ALL; set++) {
		const struct sdr_option *option = set < SDR_OPTION_SETS_ALL
			? sdr_command_options(command, set)
			: sdr_options_common;
		for (; option && option->name; option++)
			offer(g, "--", option->name, "");
	}
}

static void offer_files(struct gather *g)
{
	const char *slash = strrchr(g->stem, '/');
	char folder[4096] = "./", prefix[4096] = "";
	if (slash) {
		snprintf(prefix, sizeof(prefix), "%.*s", (int)(slash - g->stem) + 1, g->stem);
		snprintf(folder, sizeof(folder), "%s", prefix);
	}
	DIR *dir = opendir(folder);
	struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		bool hidden =
			entry->d_name[0] == '.' && g->stem[slash ? slash + 1 - g->stem : 0] != '.';
		if (!hidden && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			offer(g, prefix, entry->d_name, entry->d_type == DT_DIR ? "/" : "");
	}
	if (dir)
		closedir(dir);
}

static void offer_hosts(struct gather *g)
{
	const struct sdr_engine *engine = g->app ? sdr_app_engine(g->app) : NULL;
	for (uint32_t id = 0; engine && id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		if (target && target->host)
			offer(g, "", target->host, "");
	}
}

static void offer_services(struct gather *g)
{
	const struct sdr_service_type *type;
	for (unsigned i = 0; (type = sdr_service_at(i)); i++)
		offer(g, "", type->name, "");
}

/* Eleven thousand names are no help: offer them only once a word is begun. */
static void offer_ports(struct gather *g)
{
	struct sdr_registry *registry = sdr_app_registry(g->app);
	struct sdr_port_row row;
	for (int transport = 0; transport < SDR_DDP; transport++)
		offer(g, "", sdr_transport_name((enum sdr_transport)transport), "");
	for (size_t i = 0; registry && g->stem[0] && g->count < g->room &&
		sdr_registry_port(registry, i, &row);
		i++)
		offer(g, "", row.name, "");
}

static void offer_settings(struct gather *g, const struct sdr_split *before)
{
	const struct sdr_setting *setting;
	for (unsigned i = 0; (setting = sdr_setting_at(i)); i++) {
		if (before->count == 1)
			offer(g, "", setting->name, "");
		else if (before->count == 2 && strcmp(before->words[1], setting->name) == 0) {
			for (const char *const *word = setting->words; word && *word; word++)
				offer(g, "", *word, "");
			if (setting->kind == SDR_SETTING_FLAG) {
				offer(g, "", "on", "");
				offer(g, "", "off", "");
			}
		}
	}
}

static void offer_themes(struct gather *g)
{
	const struct sdr_setting *setting;
	for (unsigned i = 0; (setting = sdr_setting_at(i)); i++)
		for (const char *const *word = strcmp(setting->name, "theme") == 0 ? setting->words
										   : NULL;
			word && *word; word++)
			offer(g, "", *word, "");
}

static void offer_words(
	struct gather *g, const struct sdr_command *command, const struct sdr_split *before)
{
	switch (command->complete) {
	case SDR_COMPLETE_HOST:
		offer_hosts(g);
		break;
	case SDR_COMPLETE_FILE:
		offer_files(g);
		break;
	case SDR_COMPLETE_COMMAND:
		offer_commands(g);
		break;
	case SDR_COMPLETE_SERVICE:
		offer_services(g);
		break;
	case SDR_COMPLETE_PORT:
		offer_ports(g);
		break;
	case SDR_COMPLETE_SETTING:
		offer_settings(g, before);
		break;
	case SDR_COMPLETE_THEME:
		offer_themes(g);
		break;
	case SDR_COMPLETE_NONE:
	case SDR_COMPLETE_PANEL: /* the screen knows its panels and keys, and offers them itself */
	case SDR_COMPLETE_KEY:
		break;
	}
}

/* Returns where the last word begins: after the last blank that is in no quotes. */
static size_t last_word(const char *text)
{
	size_t start = 0;
	char quote = 0;
	for (size_t i = 0; text[i]; i++) {
		if (text[i] == '\\' && quote != '\'' && text[i + 1])
			i++;
		else if (quote)
			quote = text[i] == quote ? 0 : quote;
		else if (text[i] == '"' || text[i] == '\'')
			quote = text[i];
		else if (text[i] == ' ' || text[i] == '\t')
			start = i + 1;
	}
	return start;
}

size_t sdr_line_complete(struct sdr_app *app, const char *text, const char **candidates, size_t n)
{
	size_t start = last_word(text);
	struct sdr_arena *arena = sdr_arena_new();
	if (!arena)
		return 0;
	struct sdr_arena **scratch = sdr_app_scratch(app);
	sdr_arena_free(*scratch);
	*scratch = arena;
	struct gather g = {.app = app,
		.arena = arena,
		.stem = text + start,
		.candidates = candidates,
		.room = n};
	struct sdr_split before = {0};
	if (start && sdr_split_line(arena, text, start, &before, NULL) != SDR_OK)
		return 0;
	if (!before.count) {
		offer_commands(&g);
		return g.count;
	}
	const struct sdr_command *command = sdr_command_find(app, before.words[0]);
	if (!command)
		return 0;
	if (g.stem[0] != '-' && offer_verbs(&g, command, before.count))
		return g.count;
	if (command->verbs && before.count > 1)
		command = sdr_command_verb(command, before.words[1]);
	if (!command)
		return 0;
	if (g.stem[0] == '-')
		offer_options(&g, command);
	else
		offer_words(&g, command, &before);
	return g.count;
}
