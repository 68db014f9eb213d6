/* sheet_rows.c - the lines of a sheet as rows of a table, and their text. */
#include "sheet_rows.h"

#include <stdio.h>

#include "sounder/sanitize.h"

/* ---- text of the lines ---- */

const char *ui_sheet_format(const struct sdr_item *item, char out[static UI_SHEET_TEXT])
{
	if (item->kind == SDR_ITEM_TEXT)
		sdr_sanitize(out, UI_SHEET_TEXT, item->value.bytes, item->value.length, NULL);
	else if (item->kind == SDR_ITEM_OBJECT || item->kind == SDR_ITEM_LIST)
		snprintf(out, UI_SHEET_TEXT, "%s", item->first ? "..." : "-");
	else
		sdr_item_format_value(out, UI_SHEET_TEXT, item);
	return out;
}

/* ---- drawing ---- */

static void draw_scalar(
	const struct sdr_item *item, const struct ui_surface *s, enum ui_style style)
{
	char text[UI_SHEET_TEXT];
	if (item->kind == SDR_ITEM_TEXT)
		ui_draw_bytes(s, 0, style, item->value.bytes, item->value.length);
	else
		ui_draw_text(s, 0, 0, item->kind == SDR_ITEM_NULL ? UI_DIM : style,
			ui_sheet_format(item, text));
}

static void draw_cells(
	const struct ui_sheet *sheet, const struct ui_sheet_line *line, const struct ui_surface *s)
{
	bool head = line->kind == UI_LINE_HEAD;
	const short *widths = head ? line->widths : sheet->lines[line->head].widths;
	unsigned i = 0;
	int at = 2;
	char text[UI_SHEET_TEXT];
	for (const struct sdr_item *cell = line->item->first; cell && i < UI_SHEET_COLUMNS;
		cell = cell->next) {
		if (cell->show == SDR_SHOW_HIDDEN)
			continue;
		bool last = !cell->next || i == UI_SHEET_COLUMNS - 1;
		struct ui_surface area = ui_surface_part(s, 0, at, 1, last ? -1 : widths[i]);
		if (sdr_item_is_number(cell)) {
			area = ui_surface_part(s, 0, at, 1, widths[i]);
			ui_draw_right(&area, 0, head ? UI_DIM : UI_PLAIN,
				head ? sdr_item_name(cell) : ui_sheet_format(cell, text));
		} else if (head) {
			ui_draw_text(&area, 0, 0, UI_DIM, sdr_item_name(cell));
		} else {
			draw_scalar(cell, &area, UI_PLAIN);
		}
		at += widths[i++] + 2;
	}
}

static void draw_pair(const struct ui_sheet_line *line, const struct ui_surface *s)
{
	const struct sdr_item *name = line->item->first, *value = name ? name->next : NULL;
	char text[UI_SHEET_TEXT];
	if (!name)
		return;
	int at = 2 + ui_draw_printf(s, 0, 2, UI_DIM, "%s:", ui_sheet_format(name, text));
	struct ui_surface rest = ui_surface_part(s, 0, at + 1, 1, -1);
	if (value)
		draw_scalar(value, &rest, UI_PLAIN);
}

static void draw_line(void *context, uint32_t row, unsigned column, const struct ui_surface *s)
{
	const struct ui_sheet *sheet = context;
	const struct ui_sheet_line *line = &sheet->lines[row];
	struct ui_surface rest = ui_surface_part(s, 0, 2 + sheet->label_width + 2, 1, -1),
			  inner = ui_surface_part(s, 0, 2, 1, -1);
	(void)column;
	switch (line->kind) {
	case UI_LINE_HEADLINE:
		draw_scalar(line->item, &inner, UI_STRONG);
		break;
	case UI_LINE_FIELD:
		inner = ui_surface_part(s, 0, 2, 1, sheet->label_width);
		ui_draw_text(&inner, 0, 0, UI_DIM, line->label);
		draw_scalar(line->item, &rest, UI_PLAIN);
		break;
	case UI_LINE_MORE:
		draw_scalar(line->item, &rest, UI_PLAIN);
		break;
	case UI_LINE_TITLE:
		ui_draw_rule(s, 0, line->label, NULL);
		break;
	case UI_LINE_HEAD:
	case UI_LINE_ROW:
		draw_cells(sheet, line, s);
		break;
	case UI_LINE_PAIR:
		draw_pair(line, s);
		break;
	case UI_LINE_BLANK:
		break;
	}
}

static bool is_heading(void *context, uint32_t row)
{
	enum ui_line_kind kind = ((const struct ui_sheet *)context)->lines[row].kind;
	return kind == UI_LINE_TITLE || kind == UI_LINE_HEAD || kind == UI_LINE_BLANK;
}

/* Whether the filter holds for a line of cells, whatever words are in whichever. */
static bool cells_hold(const struct ui_sheet_line *line, const struct ui_filter *filter)
{
	char cells[UI_SHEET_TEXT * 2] = "", text[UI_SHEET_TEXT];
	size_t used = 0;
	for (const struct sdr_item *cell = line->item->first; cell; cell = cell->next) {
		if (cell->show == SDR_SHOW_HIDDEN || used >= sizeof(cells))
			continue;
		used += (size_t)snprintf(cells + used, sizeof(cells) - used, "%s%s",
			used ? "  " : "", ui_sheet_format(cell, text));
	}
	const char *const texts[UI_FILTER_TEXTS] = {cells};
	return ui_filter_holds_for(filter, texts);
}

/* Heads stay. */
static bool holds(void *context, uint32_t row, const struct ui_filter *filter)
{
	const struct ui_sheet_line *line = &((const struct ui_sheet *)context)->lines[row];
	char text[UI_SHEET_TEXT];
	if (is_heading(context, row))
		return true;
	if (line->kind == UI_LINE_ROW || line->kind == UI_LINE_PAIR)
		return cells_hold(line, filter);
	const char *const texts[UI_FILTER_TEXTS] = {ui_sheet_format(line->item, text), line->label};
	return ui_filter_holds_for(filter, texts);
}

const struct ui_rows ui_sheet_rows = {.cell = draw_line, .heading = is_heading, .holds = holds};

/* The last column of a row, and the cell where it begins; NULL if there is none. */
static const struct sdr_item *last_cell(
	const struct ui_sheet *sheet, const struct ui_sheet_line *line, int *at)
{
	const short *widths = sheet->lines[line->head].widths;
	const struct sdr_item *last = NULL;
	unsigned i = 0;
	*at = 0;
	for (const struct sdr_item *cell = line->item->first; cell && i < UI_SHEET_COLUMNS;
		cell = cell->next) {
		if (cell->show == SDR_SHOW_HIDDEN)
			continue;
		*at += i ? widths[i - 1] + 2 : 2;
		last = cell;
		i++;
	}
	return last;
}

bool ui_sheet_format_cut(const struct ui_sheet *sheet, int width, char text[static UI_SHEET_TEXT])
{
	uint32_t row = ui_table_row(&sheet->table);
	const struct ui_sheet_line *line = row < sheet->line_count ? &sheet->lines[row] : NULL;
	const struct sdr_item *item = line ? line->item : NULL;
	int at = 2;
	if (!item || sheet->table.passive)
		return false;
	if (line->kind == UI_LINE_FIELD || line->kind == UI_LINE_MORE) {
		at = 4 + sheet->label_width;
	} else if (line->kind == UI_LINE_ROW) {
		item = last_cell(sheet, line, &at);
	} else if (line->kind == UI_LINE_PAIR && item->first) {
		at = 4 + sdr_text_cells(ui_sheet_format(item->first, text));
		item = item->first->next;
	} else if (line->kind != UI_LINE_HEADLINE) {
		return false;
	}
	return item && at + sdr_text_cells(ui_sheet_format(item, text)) > width;
}
