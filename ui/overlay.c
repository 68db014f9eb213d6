/* overlay.c - help, menus and answers over the panels. */
#include "overlay.h"

#include <stdio.h>
#include <string.h>

#include "overlay_list.h"

#define WIDTH_MAX 90
#define COLUMN_LEAST 35 /* cells of a column of keys, and the most that one is given */
#define COLUMN_MOST 58
#define COLUMNS_MOST 3
#define SENTENCE_LEAST 74 /* cells of a column of commands */

void ui_overlay_close(struct ui_overlay *overlay)
{
	ui_overlay_list_done(overlay);
	ui_table_done(&overlay->table);
	ui_text_lines_done(&overlay->lines);
	memset(overlay, 0, sizeof(*overlay));
}

/* ---- opening ---- */

void ui_overlay_list(struct ui_overlay *overlay, const char *title, bool searching)
{
	ui_overlay_close(overlay);
	overlay->kind = UI_OVERLAY_LIST;
	overlay->searching = overlay->search.active = searching;
	snprintf(overlay->title, sizeof(overlay->title), "%s", title);
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
	return row == UINT32_MAX || overlay->shown[row] == UINT32_MAX
		? NULL
		: overlay->entries[overlay->shown[row]].line;
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

/* Moves to the column beside; false: there is one column only, where keys edit the search. */
static bool move_beside(struct ui_overlay *overlay, uint32_t key)
{
	uint32_t at = overlay->table.cursor, column = (uint32_t)overlay->flow_height;
	if (overlay->kind != UI_OVERLAY_LIST || overlay->table.flow < 2)
		return false;
	if (key == UI_KEY_RIGHT)
		ui_table_go(&overlay->table, at + column);
	else if (key == UI_KEY_LEFT)
		ui_table_go(&overlay->table, at > column ? at - column : 0);
	return key == UI_KEY_RIGHT || key == UI_KEY_LEFT;
}

static bool turn_to_part(struct ui_overlay *overlay, uint32_t key)
{
	if (key != UI_KEY_TAB || overlay->kind != UI_OVERLAY_LIST || !overlay->parts[1] ||
		overlay->search.length > 0)
		return false;
	overlay->part = !overlay->part;
	ui_overlay_list_filter(overlay);
	return true;
}

/* Goes to the entry that a letter stands for. */
static bool go_to_letter(struct ui_overlay *overlay, uint32_t key)
{
	char name[UI_KEY_TEXT];
	ui_key_format(name, key);
	for (uint32_t line = 0; !overlay->searching && line < overlay->table.line_count; line++) {
		uint32_t shown = overlay->shown ? overlay->shown[line] : UINT32_MAX;
		if (shown == UINT32_MAX || !overlay->entries[shown].key ||
			strcmp(overlay->entries[shown].key, name) != 0)
			continue;
		ui_table_go(&overlay->table, line);
		return true;
	}
	return false;
}

enum ui_input_result ui_overlay_key(struct ui_overlay *overlay, uint32_t key)
{
	if (overlay->kind == UI_OVERLAY_LINES)
		return ui_text_lines_key(&overlay->lines, key);
	if (overlay->kind == UI_OVERLAY_LIST && go_to_letter(overlay, key))
		return UI_INPUT_ENTERED;
	if (move_beside(overlay, key) || turn_to_part(overlay, key))
		return UI_INPUT_MOVED;
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
		ui_overlay_list_filter(overlay);
	return result;
}

bool ui_overlay_paste(struct ui_overlay *overlay, const char *bytes, size_t length)
{
	if (overlay->kind == UI_OVERLAY_LINES)
		return ui_text_lines_add(&overlay->lines, bytes, length);
	if (overlay->kind != UI_OVERLAY_LIST || !overlay->searching)
		return false;
	if (ui_input_insert(&overlay->search, bytes, length))
		ui_overlay_list_filter(overlay);
	return true;
}

/* ---- drawing ---- */

/* The cells that the box needs. */
static int wanted_width(const struct ui_overlay *overlay, int columns)
{
	int most = 8 + overlay->text_width + overlay->line_width;
	if (columns > 1)
		return columns * COLUMN_MOST + 4;
	return overlay->searching || overlay->kind == UI_OVERLAY_SHEET || most > WIDTH_MAX
		? WIDTH_MAX
		: most < 36 ? 36
			    : most;
}

/* Columns that a list to search has room for. */
static int columns_of(const struct ui_overlay *overlay, const struct ui_surface *screen)
{
	int columns = (screen->width - 6) / COLUMN_LEAST;
	if (overlay->kind != UI_OVERLAY_LIST || !overlay->searching || columns < 2)
		return 1;
	return columns > COLUMNS_MOST ? COLUMNS_MOST : columns;
}

/* The rows that the box needs, at most `height`; `around`: those of it that are not the list's. */
static int wanted_height(
	const struct ui_overlay *overlay, const struct ui_surface *screen, int columns, int around)
{
	int height = screen->height - (columns > 1 ? 3 : 4);
	if (screen->height < 10)
		return screen->height;
	if (overlay->kind != UI_OVERLAY_LIST)
		return height;
	if (columns > 1)
		return ui_overlay_list_height(overlay, columns, height - around) + around;
	return !overlay->searching && (int)overlay->entry_count + 2 < height
		? (int)overlay->entry_count + 2
		: height;
}

/* The field, and at its right where in the list one is. */
static void draw_search(struct ui_overlay *overlay, const struct ui_surface *s)
{
	struct ui_surface field = *s;
	uint32_t page = overlay->table.page, pages;
	pages = page ? (overlay->table.line_count + page - 1) / page : 1;
	if (overlay->parts[1] && !overlay->search.length) {
		struct ui_surface right = ui_surface_part(s, 0, 0, 1, s->width - 1);
		char text[64] = "";
		if (pages > 1 && overlay->table.flow > 1)
			snprintf(text, sizeof(text), "%u of %u, PgDn turns   ",
				overlay->table.top / page + 1, pages);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "Tab %s",
			overlay->parts[!overlay->part]);
		int used = ui_draw_right(&right, 0, UI_DIM, text);
		field = ui_surface_part(s, 0, 0, 1, s->width - used - 2);
	}
	ui_input_draw(&overlay->search, &field, "Search", "type to search all help");
}

void ui_overlay_draw(struct ui_overlay *overlay, const struct ui_surface *screen)
{
	if (overlay->kind == UI_OVERLAY_NONE)
		return;
	int columns = columns_of(overlay, screen),
	    field = !overlay->searching || overlay->kind != UI_OVERLAY_LIST ? 0
		: overlay->note[0] && screen->height >= 20                  ? 3
									    : 2,
	    foot = !field || screen->height < 16 ? 0
		: screen->height < 30            ? 3
						 : 4,
	    width = wanted_width(overlay, columns),
	    height = wanted_height(overlay, screen, columns, field + foot + 2);
	if (width > screen->width - 4)
		width = screen->width > 24 ? screen->width - 4 : screen->width;
	ui_draw_fade(screen);
	struct ui_surface box = ui_surface_part(
		screen, (screen->height - height) / 2, (screen->width - width) / 2, height, width);
	struct ui_surface inside = ui_draw_box(&box, overlay->title);
	struct ui_surface search = ui_surface_line(&inside, 0),
			  list = ui_surface_part(&inside, field, 0, -1, -1);
	if (overlay->kind == UI_OVERLAY_SHEET) {
		ui_sheet_draw(overlay->sheet, &list);
	} else if (overlay->kind == UI_OVERLAY_LINES) {
		ui_text_lines_draw(&overlay->lines, &list);
	} else {
		if (overlay->part > 0)
			columns = list.width / SENTENCE_LEAST;
		ui_overlay_list_flow(overlay, columns > 1 ? columns : 1, list.height - foot);
		ui_overlay_list_draw(overlay, &list, foot);
	}
	if (field)
		draw_search(overlay, &search);
	if (field > 2 && !overlay->search.length)
		ui_draw_text(&inside, 1, 0, UI_DIM, overlay->note);
}
