/* overlay.c - help, menus and answers over the panels. */
#include "overlay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/sanitize.h"

#define WIDTH_MAX 90
#define KEY_WIDTH 10

static void free_entry(struct ui_entry *entry)
{
	free(entry->key);
	free(entry->text);
	free(entry->line);
	free(entry->command);
}

void ui_overlay_close(struct ui_overlay *overlay)
{
	for (size_t i = 0; i < overlay->entry_count; i++)
		free_entry(&overlay->entries[i]);
	free(overlay->entries);
	free(overlay->shown);
	ui_table_done(&overlay->table);
	ui_text_lines_done(&overlay->lines);
	memset(overlay, 0, sizeof(*overlay));
}

/* ---- lists ---- */

static bool is_match(const struct ui_overlay *overlay, const struct ui_entry *entry)
{
	const char *search = overlay->search.text;
	if (!*search)
		return true;
	if (!entry->line)
		return false;
	return !strcmp(entry->key, search) || strcasestr(entry->text, search) ||
		strcasestr(entry->line, search) ||
		(entry->command && strcasestr(entry->command, search));
}

static void draw_entry(void *context, uint32_t row, unsigned column, const struct ui_surface *s)
{
	const struct ui_overlay *overlay = context;
	const struct ui_entry *entry = &overlay->entries[overlay->shown[row]];
	(void)column;
	if (!entry->line) {
		ui_draw_rule(s, 0, entry->text, NULL);
		return;
	}
	int at = entry->key[0] ? KEY_WIDTH : 1, half = at + overlay->text_width + 2;
	if (half + overlay->line_width > s->width)
		half = at + (s->width - at) * 3 / 5;
	struct ui_surface key = ui_surface_part(s, 0, 1, 1, KEY_WIDTH - 2),
			  text = ui_surface_part(s, 0, at, 1, half - at - 1),
			  line = ui_surface_part(s, 0, half, 1, -1);
	ui_draw_text(&key, 0, 0, UI_STRONG, entry->key);
	ui_draw_text(&text, 0, 0, UI_PLAIN, entry->text);
	ui_draw_name(&line, 0, 0, UI_DIM, entry->command ? entry->command : entry->line);
}

static bool is_title(void *context, uint32_t row)
{
	const struct ui_overlay *overlay = context;
	return !overlay->entries[overlay->shown[row]].line;
}

static const struct ui_rows rows = {.cell = draw_entry, .heading = is_title};

/* Chooses the entries that match; the cursor goes to the first that can be run. */
static void filter(struct ui_overlay *overlay)
{
	uint32_t count = 0;
	for (size_t i = 0; i < overlay->entry_count; i++)
		if (is_match(overlay, &overlay->entries[i]))
			overlay->shown[count++] = (uint32_t)i;
	overlay->table.rows = &rows;
	overlay->table.cursor = overlay->table.top = 0;
	overlay->table.pinned = false;
	overlay->table.fresh = false;
	ui_table_update(&overlay->table, overlay, count, 0);
	for (uint32_t i = 0; i < count; i++) {
		if (overlay->entries[overlay->shown[i]].line) {
			ui_table_go(&overlay->table, i);
			break;
		}
	}
}

void ui_overlay_list(struct ui_overlay *overlay, const char *title, bool searching)
{
	ui_overlay_close(overlay);
	overlay->kind = UI_OVERLAY_LIST;
	overlay->searching = overlay->search.active = searching;
	snprintf(overlay->title, sizeof(overlay->title), "%s", title);
}

static bool make_room(struct ui_overlay *overlay)
{
	if (overlay->entry_count < overlay->entry_size)
		return true;
	size_t size = overlay->entry_size ? overlay->entry_size * 2 : 32;
	struct ui_entry *entries = realloc(overlay->entries, size * sizeof(*entries));
	if (!entries)
		return false;
	overlay->entries = entries;
	uint32_t *shown = realloc(overlay->shown, size * sizeof(*shown));
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
		.command = entry->command ? strdup(entry->command) : NULL};
	if (!copy.key || !copy.text || (entry->line && !copy.line)) {
		free_entry(&copy);
		return;
	}
	overlay->entries[overlay->entry_count++] = copy;
	if (copy.line)
		widen(overlay, &copy);
	filter(overlay);
}

void ui_overlay_lines(struct ui_overlay *overlay, const char *title)
{
	ui_overlay_close(overlay);
	overlay->kind = UI_OVERLAY_LINES;
	overlay->searching = true;
	snprintf(overlay->title, sizeof(overlay->title), "%s", title);
}

void ui_overlay_sheet(struct ui_overlay *overlay, const char *title, struct ui_sheet *sheet)
{
	ui_overlay_close(overlay);
	overlay->kind = UI_OVERLAY_SHEET;
	overlay->sheet = sheet;
	snprintf(overlay->title, sizeof(overlay->title), "%s", title);
}

const char *ui_overlay_line(const struct ui_overlay *overlay)
{
	uint32_t row =
		overlay->kind == UI_OVERLAY_LIST ? ui_table_row(&overlay->table) : UINT32_MAX;
	return row == UINT32_MAX ? NULL : overlay->entries[overlay->shown[row]].line;
}

/* ---- keys ---- */

static const struct {
	uint32_t key;
	enum ui_move move;
	bool searching; /* works while there is a search field, too */
} moves[] = {{UI_KEY_UP, UI_MOVE_UP, true}, {UI_KEY_DOWN, UI_MOVE_DOWN, true},
	{UI_KEY_PAGE_UP, UI_MOVE_PAGE_UP, true}, {UI_KEY_PAGE_DOWN, UI_MOVE_PAGE_DOWN, true},
	{UI_KEY_HOME, UI_MOVE_TOP, false}, {UI_KEY_END, UI_MOVE_BOTTOM, false},
	{'k', UI_MOVE_UP, false}, {'j', UI_MOVE_DOWN, false}, {'g', UI_MOVE_TOP, false},
	{'G', UI_MOVE_BOTTOM, false}};

static struct ui_table *table_of(struct ui_overlay *overlay)
{
	return overlay->kind == UI_OVERLAY_SHEET ? &overlay->sheet->table : &overlay->table;
}

const char *ui_overlay_hint(const struct ui_overlay *overlay)
{
	static const char *const hints[] = {[UI_OVERLAY_LIST] = "Enter takes the line   Esc closes",
		[UI_OVERLAY_SHEET] = "Esc closes   PgUp PgDn move",
		[UI_OVERLAY_LINES] = "C-d runs it   Esc closes"};
	return hints[overlay->kind];
}

enum ui_input_result ui_overlay_key(struct ui_overlay *overlay, uint32_t key)
{
	if (overlay->kind == UI_OVERLAY_LINES)
		return ui_text_lines_key(&overlay->lines, key);
	for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++) {
		if (moves[i].key == key && (moves[i].searching || !overlay->searching)) {
			ui_table_move(table_of(overlay), moves[i].move);
			return UI_INPUT_MOVED;
		}
	}
	if (key == UI_KEY_ESC || key == (UI_KEY_CTRL | 'c') || (!overlay->searching && key == 'q'))
		return UI_INPUT_LEFT;
	if (key == UI_KEY_ENTER)
		return ui_overlay_line(overlay) ? UI_INPUT_ENTERED : UI_INPUT_LEFT;
	if (!overlay->searching)
		return UI_INPUT_IGNORED;
	enum ui_input_result result = ui_input_key(&overlay->search, key);
	if (result == UI_INPUT_CHANGED)
		filter(overlay);
	return result;
}

bool ui_overlay_paste(struct ui_overlay *overlay, const char *bytes, size_t length)
{
	if (overlay->kind == UI_OVERLAY_LINES)
		return ui_text_lines_add(&overlay->lines, bytes, length);
	if (overlay->kind != UI_OVERLAY_LIST || !overlay->searching)
		return false;
	if (ui_input_insert(&overlay->search, bytes, length))
		filter(overlay);
	return true;
}

/* ---- drawing ---- */

/* The cells that the box needs. */
static int wanted_width(const struct ui_overlay *overlay)
{
	int most = 8 + overlay->text_width + overlay->line_width;
	return overlay->searching || overlay->kind == UI_OVERLAY_SHEET || most > WIDTH_MAX
		? WIDTH_MAX
		: most < 36 ? 36
			    : most;
}

void ui_overlay_draw(struct ui_overlay *overlay, const struct ui_surface *screen)
{
	int width = wanted_width(overlay), height = screen->height - 4,
	    field = overlay->searching && overlay->kind == UI_OVERLAY_LIST ? 2 : 0;
	if (overlay->kind == UI_OVERLAY_NONE)
		return;
	if (overlay->kind == UI_OVERLAY_LIST && !overlay->searching &&
		(int)overlay->entry_count + 2 < height)
		height = (int)overlay->entry_count + 2;
	if (width > screen->width - 4)
		width = screen->width > 24 ? screen->width - 4 : screen->width;
	if (screen->height < 10)
		height = screen->height;
	ui_draw_fade(screen);
	struct ui_surface box = ui_surface_part(
		screen, (screen->height - height) / 2, (screen->width - width) / 2, height, width);
	struct ui_surface inside = ui_draw_box(&box, overlay->title);
	struct ui_surface search = ui_surface_line(&inside, 0),
			  list = ui_surface_part(&inside, field, 0, -1, -1);
	if (field)
		ui_input_draw(&overlay->search, &search, "Search",
			"type to search, Enter to run, Esc to close");
	if (overlay->kind == UI_OVERLAY_SHEET)
		ui_sheet_draw(overlay->sheet, &list);
	else if (overlay->kind == UI_OVERLAY_LINES)
		ui_text_lines_draw(&overlay->lines, &list);
	else
		ui_table_draw(&overlay->table, &list);
}
