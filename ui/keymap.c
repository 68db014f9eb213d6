/* keymap.c - which key runs which line. A plain array in order of binding: there are about a
 * hundred, and a key is pressed by a hand. */
#include "keymap.h"

#include <stdlib.h>
#include <string.h>

#include "keymap_standard.h"
#include "panel.h"
#include "panels.h"
#include "sounder/line.h"
#include "sounder/out.h"

struct ui_keymap {
	struct ui_binding **bindings; /* [count] */
	size_t count, size;
};

struct ui_keymap *ui_keymap_new(void)
{
	return calloc(1, sizeof(struct ui_keymap));
}

static void free_binding(struct ui_binding *binding)
{
	if (!binding)
		return;
	sdr_line_free(binding->line);
	free(binding->text);
	free(binding->note);
	free(binding);
}

void ui_keymap_free(struct ui_keymap *map)
{
	if (!map)
		return;
	for (size_t i = 0; i < map->count; i++)
		free_binding(map->bindings[i]);
	free(map->bindings);
	free(map);
}

static bool make_room(struct ui_keymap *map)
{
	if (map->count < map->size)
		return true;
	size_t size = map->size ? map->size * 2 : 64;
	struct ui_binding **bindings = realloc(map->bindings, size * sizeof(*bindings));
	if (!bindings)
		return false;
	map->bindings = bindings;
	map->size = size;
	return true;
}

/* Returns where a binding of that key stands in that very place, or `count`. Entries of the menu
 * never replace one another. */
static size_t position(const struct ui_keymap *map, int panel, uint32_t key)
{
	for (size_t i = 0; i < map->count && panel != UI_KEYMAP_OFFER; i++)
		if (map->bindings[i]->panel == panel && map->bindings[i]->key == key)
			return i;
	return map->count;
}

static struct ui_binding *make_binding(const struct ui_bind *bind, struct sdr_line *line)
{
	struct ui_binding *binding = calloc(1, sizeof(*binding));
	if (!binding)
		return NULL;
	const char *note = bind->note ? bind->note : sdr_line_call(line)->command->sentence;
	binding->panel = bind->panel;
	binding->key = bind->key;
	binding->standard = bind->standard;
	binding->text = strdup(bind->line);
	binding->note = strdup(note);
	if (binding->text && binding->note) {
		binding->line = line;
		return binding;
	}
	free_binding(binding);
	return NULL;
}

enum sdr_status ui_keymap_bind(struct ui_keymap *map, struct sdr_app *app,
	const struct ui_bind *bind, struct sdr_error *error)
{
	struct sdr_line *line;
	enum sdr_status status = sdr_line_parse(app, bind->line, &line, error);
	if (status)
		return status;
	if (!line) {
		sdr_error_set(error, 0, "a key needs a command; unbind takes a key's command away");
		return SDR_EINVAL;
	}
	struct ui_binding *binding = make_room(map) ? make_binding(bind, line) : NULL;
	if (!binding) {
		sdr_line_free(line);
		return SDR_ENOMEM;
	}
	size_t at = position(map, bind->panel, bind->key);
	if (at < map->count)
		free_binding(map->bindings[at]);
	else
		map->count++;
	map->bindings[at] = binding;
	return SDR_OK;
}

enum sdr_status ui_keymap_unbind(struct ui_keymap *map, int panel, uint32_t key)
{
	size_t at = position(map, panel, key);
	if (at == map->count)
		return SDR_ENOENT;
	free_binding(map->bindings[at]);
	map->count--;
	memmove(&map->bindings[at], &map->bindings[at + 1],
		(map->count - at) * sizeof(*map->bindings));
	return SDR_OK;
}

const struct ui_binding *ui_keymap_find(const struct ui_keymap *map, int panel, uint32_t key)
{
	size_t at = panel >= 0 ? position(map, panel, key) : map->count;
	if (at == map->count)
		at = position(map, UI_KEYMAP_GLOBAL, key);
	return at < map->count ? map->bindings[at] : NULL;
}

const struct ui_binding *ui_keymap_at(const struct ui_keymap *map, size_t index)
{
	return index < map->count ? map->bindings[index] : NULL;
}

bool ui_keymap_is_live(const struct ui_keymap *map, int panel, const struct ui_binding *binding)
{
	if (binding->panel == UI_KEYMAP_GLOBAL)
		return ui_keymap_find(map, panel, binding->key) == binding;
	return binding->panel == panel;
}

static void write_binding(const struct ui_binding *binding, struct sdr_out *out)
{
	char key[UI_KEY_TEXT], words[3][1024];
	const struct ui_panel *panel =
		binding->panel >= 0 ? ui_panel_at((unsigned)binding->panel) : NULL;
	sdr_word_quote(words[0], sizeof(words[0]), ui_key_format(key, binding->key));
	sdr_word_quote(words[1], sizeof(words[1]), binding->text);
	sdr_word_quote(words[2], sizeof(words[2]), binding->note);
	if (binding->panel == UI_KEYMAP_OFFER)
		sdr_out_line(out, SDR_TONE_PLAIN, "offer %s %s", words[1], words[2]);
	else if (panel)
		sdr_out_line(out, SDR_TONE_PLAIN, "bind -p %s %s %s %s", panel->name, words[0],
			words[1], words[2]);
	else
		sdr_out_line(out, SDR_TONE_PLAIN, "bind %s %s %s", words[0], words[1], words[2]);
}

void ui_keymap_write(const struct ui_keymap *map, struct sdr_out *out)
{
	for (size_t i = 0; i < map->count; i++)
		if (!map->bindings[i]->standard)
			write_binding(map->bindings[i], out);
}

const char *ui_keymap_standard(void)
{
	return KEYMAP_STANDARD;
}
