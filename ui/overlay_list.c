/* overlay_list.c - the entries of an overlay's list. */
#include "overlay_list.h"

#include <stdlib.h>
#include <string.h>

#include "sounder/sanitize.h"

#define KEY_WIDTH 10
#define LABEL_WIDTH 12  /* of keys and names of commands in the help */
#define NONE UINT32_MAX /* a line without an entry */
#define HEAD_LEAST 3    /* lines that a heading is never the last but one of a column with */

static void free_entry(struct ui_entry *entry)
{
	free(entry->key);
	free(entry->text);
	free(entry->line);
	free(entry->command);
}

void ui_overlay_list_done(struct ui_overlay *overlay)
{
	for (size_t i = 0; i < overlay->entry_count; i++)
		free_entry(&overlay->entries[i]);
	free(overlay->entries);
	free(overlay->shown);
}

/* ---- which ---- */

/* Whether a key is one of an entry's: "Down j", "1-9". */
static bool is_key(const char *keys, const char *key)
{
	size_t length = strlen(key);
	if (length == 1 && strlen(keys) == 3 && keys[1] == '-' && *key >= keys[0] &&
		*key <= keys[2])
		return true;
	for (const char *at = keys; *at; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == length && memcmp(at, key, length) == 0)
			return true;
	return false;
}

/* How well an entry matches; what comes first, matches best. */
enum match { MATCH_WORDS, MATCH_HELP, MATCH_NONE };

static enum match match_of(
	const struct ui_overlay *overlay, const struct ui_entry *entry, char piece[SDR_HELP_PIECE])
{
	const char *search = overlay->search.text;
	if (!*search)
		return entry->part == overlay->part ? MATCH_WORDS : MATCH_NONE;
	if (!entry->line)
		return MATCH_NONE;
	if (is_key(entry->key, search) || strcasestr(entry->text, search) ||
		strcasestr(entry->line, search) ||
		(entry->command && strcasestr(entry->command, search)))
		return MATCH_WORDS;
	return entry->about &&
			sdr_command_mentions(entry->about, search, piece, SDR_HELP_PIECE) !=
				SDR_HELP_NOWHERE
		? MATCH_HELP
		: MATCH_NONE;
}

/* ---- how they are laid out ---- */

/* Where a heading comes, counted in lines: a blank one is before it, and it begins a column where
 * too few lines of that are left. */
static uint32_t heading_at(uint32_t at, int height)
{
	int row = (int)(at % (uint32_t)height);
	if (row == 0)
		return at;
	return height - row - 1 < HEAD_LEAST ? at + (uint32_t)(height - row) : at + 1;
}

/* Lays the entries out that match as well as that, from line `at` on; returns the line after. */
static uint32_t arrange(struct ui_overlay *overlay, enum match wanted, uint32_t at, int height)
{
	char piece[SDR_HELP_PIECE];
	bool flows = overlay->table.flow > 1 && !overlay->search.length;
	for (size_t i = 0; i < overlay->entry_count; i++) {
		if (match_of(overlay, &overlay->entries[i], piece) != wanted)
			continue;
		uint32_t to = flows && !overlay->entries[i].line ? heading_at(at, height) : at;
		while (at < to)
			overlay->shown[at++] = NONE;
		overlay->shown[at++] = (uint32_t)i;
	}
	return at;
}

int ui_overlay_list_height(const struct ui_overlay *overlay, int columns, int most)
{
	for (int height = HEAD_LEAST + 1; height < most; height++) {
		uint32_t at = 0;
		for (size_t i = 0; i < overlay->entry_count; i++) {
			const struct ui_entry *entry = &overlay->entries[i];
			at = columns > 1 && !entry->line ? heading_at(at, height) : at;
			at += entry->part == 0;
		}
		if (at <= (uint32_t)(height * columns))
			return height;
	}
	return most;
}

static void draw_entry(void *context, uint32_t row, unsigned column, const struct ui_surface *s);

static bool is_no_entry(void *context, uint32_t row)
{
	const struct ui_overlay *overlay = context;
	return overlay->shown[row] == NONE || !overlay->entries[overlay->shown[row]].line;
}

static const struct ui_rows rows = {.cell = draw_entry, .heading = is_no_entry};

static void lay_out(struct ui_overlay *overlay)
{
	int height = overlay->flow_height > HEAD_LEAST ? overlay->flow_height : HEAD_LEAST + 1;
	uint32_t count = arrange(overlay, MATCH_WORDS, 0, height);
	count = arrange(overlay, MATCH_HELP, count, height);
	overlay->table.rows = &rows;
	overlay->table.fresh = false;
	ui_table_update(&overlay->table, overlay, count, 0);
}

void ui_overlay_list_filter(struct ui_overlay *overlay)
{
	overlay->table.cursor = overlay->table.top = 0;
	overlay->table.pinned = false;
	overlay->table.flow = overlay->search.length ? 1 : overlay->flow;
	lay_out(overlay);
	for (uint32_t i = 0; i < overlay->table.count; i++) {
		if (!is_no_entry(overlay, i)) {
			ui_table_go(&overlay->table, i);
			break;
		}
	}
}

void ui_overlay_list_flow(struct ui_overlay *overlay, int columns, int height)
{
	uint32_t row = ui_table_row(&overlay->table),
		 entry = row == UINT32_MAX ? NONE : overlay->shown[row];
	if (overlay->flow == columns && overlay->flow_height == height)
		return;
	overlay->flow = columns;
	overlay->flow_height = height;
	overlay->table.flow = overlay->search.length ? 1 : columns;
	lay_out(overlay);
	for (uint32_t i = 0; entry != NONE && i < overlay->table.count; i++)
		if (overlay->shown[i] == entry)
			ui_table_go(&overlay->table, i);
}

/* ---- adding ---- */

static bool make_room(struct ui_overlay *overlay)
{
	if (overlay->entry_count < overlay->entry_size)
		return true;
	size_t size = overlay->entry_size ? overlay->entry_size * 2 : 32;
	struct ui_entry *entries = realloc(overlay->entries, size * sizeof(*entries));
	if (!entries)
		return false;
	overlay->entries = entries;
	/* Before a heading there are at most as many blank lines as one needs below it. */
	uint32_t *shown = realloc(overlay->shown, size * (HEAD_LEAST + 2) * sizeof(*shown));
	if (!shown)
		return false;
	overlay->shown = shown;
	overlay->entry_size = size;
	return true;
}

static void widen(struct ui_overlay *overlay, const struct ui_entry *entry)
{
	int text = sdr_text_cells(entry->text),
	    line = sdr_text_cells(entry->command ? entry->command : entry->line);
	if (text > overlay->text_width)
		overlay->text_width = text;
	if (line > overlay->line_width)
		overlay->line_width = line;
}

void ui_overlay_add(struct ui_overlay *overlay, const struct ui_entry *entry)
{
	if (!make_room(overlay))
		return;
	struct ui_entry copy = {.key = strdup(entry->key ? entry->key : ""),
		.text = strdup(entry->text ? entry->text : ""),
		.line = entry->line ? strdup(entry->line) : NULL,
		.command = entry->command ? strdup(entry->command) : NULL,
		.sentence = entry->sentence,
		.part = entry->part,
		.about = entry->about};
	if (!copy.key || !copy.text || (entry->line && !copy.line)) {
		free_entry(&copy);
		return;
	}
	overlay->entries[overlay->entry_count++] = copy;
	if (copy.line)
		widen(overlay, &copy);
	ui_overlay_list_filter(overlay);
}

/* ---- drawing ---- */

/* The key, or the command's name, and what it does. */
static void draw_short(const struct ui_entry *entry, const char *text, const struct ui_surface *s)
{
	int width = s->width < 34 ? 9 : LABEL_WIDTH;
	struct ui_surface key = ui_surface_part(s, 0, 1, 1, -1);
	int used =
		ui_draw_text(&key, 0, 0, UI_STRONG, entry->about ? entry->about->name : entry->key);
	int at = used + 2 < width ? width : used + 2;
	ui_draw_text(&key, 0, at, UI_PLAIN, text);
}

static void draw_entry(void *context, uint32_t row, unsigned column, const struct ui_surface *s)
{
	const struct ui_overlay *overlay = context;
	char piece[SDR_HELP_PIECE];
	(void)column;
	if (overlay->shown[row] == NONE)
		return;
	const struct ui_entry *entry = &overlay->entries[overlay->shown[row]];
	if (!entry->line) {
		ui_draw_rule(s, 0, entry->text, NULL);
		return;
	}
	bool found = match_of(overlay, entry, piece) == MATCH_HELP;
	if (overlay->searching && (!overlay->search.length || entry->about)) {
		draw_short(entry, found ? piece : entry->text, s);
		return;
	}
	int at = overlay->searching ? LABEL_WIDTH + 1
		: entry->key[0]     ? KEY_WIDTH
				    : 1,
	    half = at + overlay->text_width + 2;
	if (half + overlay->line_width > s->width)
		half = at + (s->width - at) * 3 / 5;
	struct ui_surface key = ui_surface_part(s, 0, 1, 1, at - 2),
			  text = ui_surface_part(s, 0, at, 1, half - at - 1),
			  line = ui_surface_part(s, 0, half, 1, -1);
	ui_draw_text(&key, 0, 0, UI_STRONG, entry->key);
	ui_draw_text(&text, 0, 0, UI_PLAIN, entry->text);
	ui_draw_name(&line, 0, 0, UI_DIM, entry->command ? entry->command : entry->line);
}

/* The whole line that the entry runs, and what it does; of what was searched for, the piece of help
 * that has it. */
static void draw_foot(const struct ui_overlay *overlay, const struct ui_surface *s)
{
	char piece[SDR_HELP_PIECE];
	uint32_t row = ui_table_row(&overlay->table);
	if (row == UINT32_MAX || overlay->shown[row] == NONE)
		return;
	const struct ui_entry *entry = &overlay->entries[overlay->shown[row]];
	bool found = match_of(overlay, entry, piece) == MATCH_HELP;
	int used = ui_draw_text(s, 0, 1, UI_STRONG,
		entry->command        ? entry->command
			: entry->line ? entry->line
				      : "");
	struct ui_surface rest = s->height > 1 ? ui_surface_part(s, 1, 1, -1, -1)
					       : ui_surface_part(s, 0, used + 3, -1, -1);
	ui_draw_words(&rest, 0, UI_DIM,
		found                     ? piece
			: entry->sentence ? entry->sentence
					  : entry->text);
}

void ui_overlay_list_draw(struct ui_overlay *overlay, const struct ui_surface *s, int foot)
{
	struct ui_surface list = ui_surface_part(s, 0, 0, s->height - foot, -1),
			  below = ui_surface_part(s, s->height - foot + 1, 0, -1, -1);
	ui_table_draw(&overlay->table, &list);
	if (foot > 1)
		draw_foot(overlay, &below);
}
