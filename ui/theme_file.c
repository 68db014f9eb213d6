/* theme_file.c - a theme read from a file. */
#include "theme_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/file.h"
#include "sounder/user_path.h"
#include "theme_look.h"

#define ENDING ".theme"
#define BLANKS " \t\r"

static const char *const styles[UI_LOOKS] = {"plain", "ok", "warning", "bad", "dim", "strong",
	"title", "tab", "rule", "bar", "field", "lost", "limit", "quiet", "accent"};

static const struct {
	const char *word;
	attr_t attribute;
} attributes[] = {
	{"bold", A_BOLD}, {"dim", A_DIM}, {"underline", A_UNDERLINE}, {"reverse", A_REVERSE}};

static bool parse_colour(const char *word, short *colour)
{
	static const char *const names[] = {
		"own", "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"};
	char *end;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i], word)) {
			*colour = (short)((int)i - 1);
			return true;
		}
	unsigned long number = strtoul(word, &end, 10);
	*colour = (short)number;
	return *word >= '0' && *word <= '9' && !*end && number <= 255;
}

static bool parse_attribute(const char *word, attr_t *attribute)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		if (!strcmp(attributes[i].word, word)) {
			*attribute |= attributes[i].attribute;
			return true;
		}
	return false;
}

/* Takes a line's style over. Returns NULL, or what is wrong with it. */
static const char *take_style(struct ui_theme *theme, const char *style, char **rest)
{
	const char *word = strtok_r(NULL, BLANKS, rest);
	short colour;
	attr_t attribute = A_NORMAL;
	unsigned at = 0;
	while (at < UI_LOOKS && strcmp(styles[at], style) != 0)
		at++;
	if (at == UI_LOOKS)
		return "no such style; they are plain, ok, warning, bad, dim, strong, title, tab, "
		       "rule, bar, field, lost, limit, quiet, accent";
	if (!word || !parse_colour(word, &colour))
		return "a colour comes behind the style: 0 to 255, a name as red, or own";
	while ((word = strtok_r(NULL, BLANKS, rest)))
		if (!parse_attribute(word, &attribute))
			return "behind the colour stand bold, dim, underline or reverse";
	if (at == UI_BAR) {
		theme->bar_rich = colour;
		theme->bar_plain = colour >= 0 && colour < 8 ? colour : theme->bar_plain;
		return NULL;
	}
	struct look *look = &theme->looks[at];
	look->attributes = attribute;
	look->rich = colour;
	look->plain = colour < 8 ? colour : look->plain;
	return NULL;
}

static const char *take_line(struct ui_theme *theme, char *line, bool *begun)
{
	char *rest, *word;
	const char *name = theme->name;
	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, BLANKS, &rest);
	if (!word)
		return NULL;
	if (strcmp(word, "like") != 0) {
		*begun = true;
		return take_style(theme, word, &rest);
	}
	if (*begun)
		return "like comes before all styles, which it would take back";
	const char *other = strtok_r(NULL, BLANKS, &rest);
	const struct ui_theme *like = other ? ui_theme_find(other) : NULL;
	if (!like)
		return "like takes default, dark, light, contrast or mono";
	*theme = *like;
	theme->name = name;
	return NULL;
}

void ui_theme_free(struct ui_theme *theme)
{
	if (!theme)
		return;
	free((char *)(uintptr_t)theme->name);
	free(theme);
}

struct ui_theme *ui_theme_read(
	const char *name, const char *path, char *text, struct sdr_error *error)
{
	struct ui_theme *theme = malloc(sizeof(*theme));
	char *own = strdup(name);
	if (!theme || !own) {
		sdr_error_set(error, 0, "%s: %s", path, sdr_status_text(SDR_ENOMEM));
		free(theme);
		free(own);
		return NULL;
	}
	*theme = *ui_theme_at(0);
	theme->name = own;
	unsigned number = 0;
	bool begun = false;
	while (text) {
		const char *wrong = (number++, take_line(theme, strsep(&text, "\n"), &begun));
		if (!wrong)
			continue;
		sdr_error_set(error, 0, "%s:%u: %s", path, number, wrong);
		ui_theme_free(theme);
		return NULL;
	}
	return theme;
}

struct ui_theme *ui_theme_load(const char *name, struct sdr_error *error)
{
	char path[SDR_USER_PATH], file[256], *text = NULL;
	size_t length;
	snprintf(file, sizeof(file), "themes/%s" ENDING, name);
	if (strchr(name, '/') || !sdr_user_path(SDR_USER_CONFIG, file, path, sizeof(path))) {
		sdr_error_set(error, 0, "there is no theme \"%s\"", name);
		return NULL;
	}
	if (sdr_file_read(path, SDR_FILE_CONFIG_MAX, &text, &length, error) != SDR_OK)
		return NULL;
	struct ui_theme *theme = ui_theme_read(name, path, text, error);
	free(text);
	return theme;
}

bool ui_theme_next_own(const char *name, char *out, size_t size)
{
	char path[SDR_USER_PATH];
	DIR *folder =
		sdr_user_path(SDR_USER_CONFIG, "themes", path, sizeof(path)) ? opendir(path) : NULL;
	const struct dirent *entry;
	bool found = false;
	while (folder && (entry = readdir(folder))) {
		char own[256];
		size_t length = strlen(entry->d_name), ending = sizeof(ENDING) - 1;
		if (length <= ending || strcmp(entry->d_name + length - ending, ENDING) != 0)
			continue;
		snprintf(own, sizeof(own), "%.*s", (int)(length - ending), entry->d_name);
		if (strcmp(own, name) <= 0 || (found && strcmp(own, out) >= 0) || length >= size)
			continue;
		memcpy(out, own, length - ending + 1);
		found = true;
	}
	if (folder)
		closedir(folder);
	return found;
}
