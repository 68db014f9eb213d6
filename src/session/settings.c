/* settings.c - what `set` changes: one table, and the present values beside it. */
#include "sounder/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sounder/user_path.h"

static const char *const themes[] = {"default", "dark", "light", "contrast", "mono", NULL};
static const char *const glyphs[] = {"auto", "braille", "block", "ascii", NULL};
static const char *const sparks[] = {"own", "common", NULL};
static const char *const clipboards[] = {"auto", "native", "osc52", NULL};

static const struct sdr_setting table[SDR_SETTINGS] = {
	[SDR_SET_FRAME_RATE] = {"frame-rate", SDR_SETTING_INTEGER, 1, 60, "4", NULL,
		"frames a second at most while data changes; a key always draws at once"},
	[SDR_SET_RATE] = {"rate", SDR_SETTING_INTEGER, 1, 1000000, "1000", NULL,
		"probes a second at most, over all targets"},
	[SDR_SET_THEME] = {"theme", SDR_SETTING_THEME, 0, 0, "default", themes,
		"the set of colours; also one of the user's, from "
		"~/.config/sounder/themes/NAME.theme"},
	[SDR_SET_LOSSES] = {"losses", SDR_SETTING_INTEGER, 1, 1000, "3", NULL,
		"probes lost in a row that make a target DOWN"},
	[SDR_SET_REPLIES] = {"replies", SDR_SETTING_INTEGER, 1, 1000, "2", NULL,
		"answers in a row that make a target up again"},
	[SDR_SET_SLOW] = {"slow", SDR_SETTING_DURATION, 0, SDR_HOUR, "500ms", NULL,
		"a target is SLOW when answers take longer; 0 turns it off"},
	/* Below 5 % lie one or two lost probes of a minute's sixty, which happen on any path;
	   above, calls break up and TCP slows down. */
	[SDR_SET_LOSS] = {"loss", SDR_SETTING_INTEGER, 0, 99, "5", NULL,
		"a target is SLOW when more percent of a "
		"minute's probes are lost; 0 never says so"},
	[SDR_SET_GLYPHS] = {"glyphs", SDR_SETTING_WORD, 0, 0, "auto", glyphs,
		"what charts are drawn with; auto: braille, but blocks on the console"},
	[SDR_SET_SPARKS] = {"sparks", SDR_SETTING_WORD, 0, 0, "own", sparks,
		"the heights of sparklines: of each by what it shows, or of all by one scale, 0.1 "
		"ms to 1 s"},
	[SDR_SET_SYNC] = {"sync", SDR_SETTING_FLAG, 0, 1, "on", NULL,
		"have the terminal show each frame at once (mode 2026)"},
	[SDR_SET_CLIPBOARD] = {"clipboard", SDR_SETTING_WORD, 0, 0, "auto", clipboards,
		"how y copies: by wl-copy, xclip or xsel, by the terminal (OSC 52), or what works"},
	[SDR_SET_MOUSE] = {"mouse", SDR_SETTING_FLAG, 0, 1, "off", NULL,
		"take the mouse (shift still selects text)"},
	[SDR_SET_BELL] = {"bell", SDR_SETTING_FLAG, 0, 1, "off", NULL,
		"ring the terminal's bell when a target goes DOWN or comes up"},
	[SDR_SET_DESKTOP] = {"desktop", SDR_SETTING_FLAG, 0, 1, "off", NULL,
		"show alerts (key !) on the desktop, too, through the terminal (OSC 9)"},
	[SDR_SET_TITLE] = {"title", SDR_SETTING_FLAG, 0, 1, "on", NULL,
		"put the state into the terminal's window title"},
	[SDR_SET_DOWN_COMMAND] = {"down-command", SDR_SETTING_TEXT, 0, 0, "", NULL,
		"a program to run when a target goes DOWN, with its name as the argument"},
	[SDR_SET_UP_COMMAND] = {"up-command", SDR_SETTING_TEXT, 0, 0, "", NULL,
		"a program to run when a target comes up, with its name as the argument"},
};

/* A present value. */
struct value {
	int64_t number;
	char *text; /* as typed; owned */
};

struct sdr_settings {
	struct value values[SDR_SETTINGS]; /* by the table's position */
	uint64_t version;                  /* changes with each `set` */
};

const struct sdr_setting *sdr_setting_at(unsigned index)
{
	return index < SDR_SETTINGS ? &table[index] : NULL;
}

static int position(const char *name)
{
	for (size_t i = 0; i < SDR_SETTINGS; i++)
		if (strcmp(table[i].name, name) == 0)
			return (int)i;
	return -1;
}

static enum sdr_status parse_integer(const struct sdr_setting *setting, const char *text,
	int64_t *number, struct sdr_error *error)
{
	char *end;
	errno = 0;
	long long value = strtoll(text, &end, 10);
	bool is_number = text[0] >= '0' && text[0] <= '9' && !*end;
	if (!is_number || errno || value < setting->min || value > setting->max) {
		sdr_error_set(error, 0,
			"%s %s: a whole number from %" PRId64 " to %" PRId64 " is right",
			setting->name, text, setting->min, setting->max);
		return is_number ? SDR_ERANGE : SDR_EINVAL;
	}
	*number = value;
	return SDR_OK;
}

static enum sdr_status parse_duration(const struct sdr_setting *setting, const char *text,
	int64_t *number, struct sdr_error *error)
{
	struct sdr_error inner;
	sdr_ns value;
	enum sdr_status status = sdr_duration_parse(text, &value, &inner);
	if (status != SDR_OK) {
		sdr_error_set(error, 0, "%s: %s", setting->name, inner.text);
		return status;
	}
	if (value < setting->min || value > setting->max) {
		char low[SDR_DURATION_TEXT], high[SDR_DURATION_TEXT];
		sdr_error_set(error, 0, "%s %s: %s to %s is right", setting->name, text,
			sdr_duration_format(low, setting->min),
			sdr_duration_format(high, setting->max));
		return SDR_ERANGE;
	}
	*number = value;
	return SDR_OK;
}

static enum sdr_status parse_flag(const struct sdr_setting *setting, const char *text,
	int64_t *number, struct sdr_error *error)
{
	static const char *const words[] = {"off", "on", "no", "yes", "false", "true", "0", "1"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(text, words[i]) == 0) {
			*number = (int64_t)(i & 1);
			return SDR_OK;
		}
	sdr_error_set(error, 0, "%s %s: on or off is right", setting->name, text);
	return SDR_EINVAL;
}

static enum sdr_status parse_word(const struct sdr_setting *setting, const char *text,
	int64_t *number, struct sdr_error *error)
{
	char all[128] = "";
	for (int i = 0; setting->words[i]; i++) {
		if (strcmp(text, setting->words[i]) == 0) {
			*number = i;
			return SDR_OK;
		}
		if (i)
			strncat(all, ", ", sizeof(all) - strlen(all) - 1);
		strncat(all, setting->words[i], sizeof(all) - strlen(all) - 1);
	}
	sdr_error_set(error, 0, "%s %s: one of %s is right", setting->name, text, all);
	return SDR_EINVAL;
}

/* Whether the user has a theme of that name. */
static bool is_own_theme(const char *name)
{
	char path[SDR_USER_PATH], file[256];
	int length = snprintf(file, sizeof(file), "themes/%s.theme", name);
	return name[0] && !strchr(name, '/') && length < (int)sizeof(file) &&
		sdr_user_path(SDR_USER_CONFIG, file, path, sizeof(path)) && access(path, R_OK) == 0;
}

static enum sdr_status parse_theme(const struct sdr_setting *setting, const char *text,
	int64_t *number, struct sdr_error *error)
{
	*number = -1;
	if (is_own_theme(text))
		return SDR_OK;
	enum sdr_status status = parse_word(setting, text, number, error);
	if (status != SDR_OK && error)
		strncat(error->text, "; a theme of your own is ~/.config/sounder/themes/NAME.theme",
			sizeof(error->text) - strlen(error->text) - 1);
	return status;
}

static enum sdr_status parse_text(const struct sdr_setting *setting, const char *text,
	int64_t *number, struct sdr_error *error)
{
	(void)setting;
	(void)error;
	*number = text[0] != '\0';
	return SDR_OK;
}

enum sdr_status sdr_settings_set(
	struct sdr_settings *settings, const char *name, const char *value, struct sdr_error *error)
{
	static enum sdr_status (*const parsers[])(
		const struct sdr_setting *, const char *, int64_t *, struct sdr_error *) = {
		[SDR_SETTING_INTEGER] = parse_integer,
		[SDR_SETTING_DURATION] = parse_duration,
		[SDR_SETTING_FLAG] = parse_flag,
		[SDR_SETTING_WORD] = parse_word,
		[SDR_SETTING_THEME] = parse_theme,
		[SDR_SETTING_TEXT] = parse_text,
	};
	int at = position(name);
	if (at < 0) {
		sdr_error_set(error, 0, "%s: no such setting; \"help set\" lists them", name);
		return SDR_ENOENT;
	}
	int64_t number;
	enum sdr_status status = parsers[table[at].kind](&table[at], value, &number, error);
	if (status != SDR_OK)
		return status;
	char *text = strdup(value);
	if (!text) {
		sdr_error_set(error, 0, "%s: %s", name, sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	free(settings->values[at].text);
	settings->values[at].number = number;
	settings->values[at].text = text;
	settings->version++;
	return SDR_OK;
}

enum sdr_status sdr_settings_assign(
	struct sdr_settings *settings, const char *text, struct sdr_error *error)
{
	char name[64];
	const char *value = strchr(text, '=');
	if (!value || value - text >= (int)sizeof(name)) {
		sdr_error_set(error, 0, "--set %s: NAME=VALUE is right", text);
		return SDR_EINVAL;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(value - text), text);
	return sdr_settings_set(settings, name, value + 1, error);
}

struct sdr_settings *sdr_settings_new(void)
{
	struct sdr_settings *settings = calloc(1, sizeof(*settings));
	for (size_t i = 0; settings && i < SDR_SETTINGS; i++)
		if (sdr_settings_set(settings, table[i].name, table[i].fallback, NULL) != SDR_OK) {
			sdr_settings_free(settings);
			return NULL;
		}
	return settings;
}

void sdr_settings_free(struct sdr_settings *settings)
{
	if (!settings)
		return;
	for (size_t i = 0; i < SDR_SETTINGS; i++)
		free(settings->values[i].text);
	free(settings);
}

int64_t sdr_settings_number(const struct sdr_settings *settings, enum sdr_setting_id id)
{
	return settings->values[id].number;
}

const char *sdr_settings_text(const struct sdr_settings *settings, enum sdr_setting_id id)
{
	return settings->values[id].text;
}

uint64_t sdr_settings_version(const struct sdr_settings *settings)
{
	return settings->version;
}
