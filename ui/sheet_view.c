/* sheet_view.c - a typed tree as lines. The tree is flattened once, when it comes; a table of
 * ui_table's draws the lines that are in sight (sheet_rows.c). */
#include "sheet_view.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet_rows.h"
#include "sounder/sanitize.h"

#define LABEL_MAX 24  /* widest label column */
#define COLUMN_MAX 48 /* widest table column but the last */
#define DEPTH_MAX 8   /* levels of objects that are shown */

/* ---- flattening ---- */

static struct ui_sheet_line *add_line(
	struct ui_sheet *sheet, enum ui_line_kind kind, const struct sdr_item *item)
{
	if (sheet->line_count == sheet->line_size) {
		size_t size = sheet->line_size ? sheet->line_size * 2 : 64;
		struct ui_sheet_line *lines = realloc(sheet->lines, size * sizeof(*lines));
		if (!lines)
			return NULL;
		sheet->lines = lines;
		sheet->line_size = size;
	}
	struct ui_sheet_line *line = &sheet->lines[sheet->line_count++];
	*line = (struct ui_sheet_line){.kind = kind, .item = item};
	return line;
}

static void add_field(struct ui_sheet *sheet, const struct sdr_item *item, const char *label)
{
	struct ui_sheet_line *line = add_line(sheet, *label ? UI_LINE_FIELD : UI_LINE_MORE, item);
	int width = sdr_text_cells(label);
	if (line)
		line->label = label;
	if (width > sheet->label_width)
		sheet->label_width = width > LABEL_MAX ? LABEL_MAX : width;
}

static void add_title(struct ui_sheet *sheet, const struct sdr_item *item)
{
	if (sheet->line_count > 0)
		add_line(sheet, UI_LINE_BLANK, NULL);
	struct ui_sheet_line *line = add_line(sheet, UI_LINE_TITLE, item);
	if (line)
		line->label = sdr_item_name(item);
}

static void widen(short widths[UI_SHEET_COLUMNS], const struct sdr_item *row, bool heads)
{
	char text[UI_SHEET_TEXT];
	unsigned i = 0;
	for (const struct sdr_item *cell = row->first; cell && i < UI_SHEET_COLUMNS;
		cell = cell->next) {
		if (cell->show == SDR_SHOW_HIDDEN)
			continue;
		int cells =
			sdr_text_cells(heads ? sdr_item_name(cell) : ui_sheet_format(cell, text));
		if (cells > widths[i])
			widths[i] = (short)(cells > COLUMN_MAX ? COLUMN_MAX : cells);
		i++;
	}
}

static void add_rows(struct ui_sheet *sheet, const struct sdr_item *list)
{
	short widths[UI_SHEET_COLUMNS] = {0};
	size_t head = sheet->line_count;
	if (!list->first || !add_line(sheet, UI_LINE_HEAD, list->first))
		return;
	widen(widths, list->first, true);
	for (const struct sdr_item *row = list->first; row; row = row->next) {
		struct ui_sheet_line *line = add_line(sheet, UI_LINE_ROW, row);
		if (!line)
			break;
		line->head = head;
		widen(widths, row, false);
	}
	memcpy(sheet->lines[head].widths, widths, sizeof(widths));
}

static void add_list(struct ui_sheet *sheet, const struct sdr_item *list)
{
	bool objects = list->first && list->first->kind == SDR_ITEM_OBJECT;
	if (list->show == SDR_SHOW_PAIRS) {
		for (const struct sdr_item *pair = list->first; pair; pair = pair->next)
			add_line(sheet, UI_LINE_PAIR, pair);
		return;
	}
	if (objects) {
		add_title(sheet, list);
		add_rows(sheet, list);
		return;
	}
	if (list->show == SDR_SHOW_SECTION)
		add_title(sheet, list);
	const char *label = list->show == SDR_SHOW_SECTION ? "" : sdr_item_name(list);
	for (const struct sdr_item *one = list->first; one; one = one->next, label = "")
		add_field(sheet, one, label);
}

static void add_children(struct ui_sheet *sheet, const struct sdr_item *object, unsigned depth)
{
	for (const struct sdr_item *item = object->first; item; item = item->next) {
		if (item->show == SDR_SHOW_HIDDEN)
			continue;
		if (item->kind == SDR_ITEM_LIST) {
			add_list(sheet, item);
		} else if (item->kind == SDR_ITEM_OBJECT) {
			add_title(sheet, item);
			if (depth < DEPTH_MAX)
				add_children(sheet, item, depth + 1);
		} else if (item->show == SDR_SHOW_HEADLINE) {
			add_line(sheet, UI_LINE_HEADLINE, item);
		} else {
			add_field(sheet, item, sdr_item_name(item));
		}
	}
}

/* ---- drawing ---- */

static void refresh(struct ui_sheet *sheet)
{
	sheet->table.rows = &ui_sheet_rows;
	ui_table_update(&sheet->table, sheet, (uint32_t)sheet->line_count, ++sheet->version);
}

void ui_sheet_draw(struct ui_sheet *sheet, const struct ui_surface *surface)
{
	char text[UI_SHEET_TEXT];
	struct ui_surface body = *surface;
	sheet->table.rows = &ui_sheet_rows;
	ui_table_update(&sheet->table, sheet, (uint32_t)sheet->line_count, sheet->version);
	if (surface->height > 6 && surface->width > 20 &&
		ui_sheet_format_cut(sheet, surface->width, text)) {
		int need = 1 + (sdr_text_cells(text) + surface->width / 8) / (surface->width - 4),
		    most = surface->height / 3;
		body = ui_surface_part(
			surface, 0, 0, surface->height - 1 - (need < most ? need : most), -1);
		struct ui_surface whole = ui_surface_part(surface, body.height, 0, -1, -1),
				  words = ui_surface_part(&whole, 1, 2, -1, -1);
		ui_draw_rule(&whole, 0, "The whole of it", NULL);
		ui_draw_words(&words, 0, UI_PLAIN, text);
	}
	ui_table_draw(&sheet->table, &body);
}

/* ---- what it holds ---- */

void ui_sheet_clear(struct ui_sheet *sheet)
{
	for (size_t i = 0; i < sheet->sheet_count; i++)
		sdr_sheet_free(sheet->sheets[i]);
	free(sheet->sheets);
	sheet->sheets = NULL;
	sheet->sheet_count = sheet->line_count = 0;
	sheet->label_width = 0;
	sheet->stale = sheet->tabular = false;
	sheet->table.cursor = sheet->table.top = 0;
	sheet->table.pinned = false;
	refresh(sheet);
}

/* Whether two answers have the same fields, none of which holds others: then they are rows of one
 * table. */
static bool are_alike(const struct sdr_item *a, const struct sdr_item *b)
{
	unsigned shown = 0;
	for (a = a->first, b = b->first; a && b; a = a->next, b = b->next) {
		if (a->show != b->show || !a->key || !b->key || strcmp(a->key, b->key) != 0)
			return false;
		shown += a->show != SDR_SHOW_HIDDEN;
		if (a->show != SDR_SHOW_HIDDEN &&
			(a->kind == SDR_ITEM_OBJECT || a->kind == SDR_ITEM_LIST))
			return false;
	}
	return !a && !b && shown > 1 && shown <= UI_SHEET_COLUMNS;
}

static void add_row(struct ui_sheet *sheet, const struct sdr_item *root)
{
	if (add_line(sheet, UI_LINE_ROW, root)) /* its head is line 0 */
		widen(sheet->lines[0].widths, root, false);
}

static void add_block(struct ui_sheet *sheet, const struct sdr_item *root)
{
	if (sheet->line_count > 0)
		add_line(sheet, UI_LINE_BLANK, NULL);
	add_children(sheet, root, 0);
}

/* Makes all lines again, in the other layout. */
static void lay_out(struct ui_sheet *sheet, bool tabular)
{
	sheet->tabular = tabular;
	sheet->line_count = 0;
	sheet->label_width = 0;
	const struct sdr_item *first = sdr_sheet_view(sheet->sheets[0]);
	if (tabular && add_line(sheet, UI_LINE_HEAD, first))
		widen(sheet->lines[0].widths, first, true);
	for (size_t i = 0; i < sheet->sheet_count; i++) {
		const struct sdr_item *root = sdr_sheet_view(sheet->sheets[i]);
		if (tabular && sheet->line_count > 0)
			add_row(sheet, root);
		else
			add_block(sheet, root);
	}
}

void ui_sheet_add(struct ui_sheet *sheet, const struct sdr_sheet *answer)
{
	struct sdr_sheet **sheets =
		realloc(sheet->sheets, (sheet->sheet_count + 1) * sizeof(struct sdr_sheet *));
	if (!sheets)
		return;
	sheet->sheets = sheets;
	struct sdr_sheet *copy = sdr_sheet_copy(answer);
	if (!copy)
		return;
	sheets[sheet->sheet_count++] = copy;
	bool alike = sheet->sheet_count > 1 &&
		are_alike(sdr_sheet_view(sheets[0]), sdr_sheet_view(copy));
	if (alike && sheet->sheet_count == 2)
		lay_out(sheet, true);
	else if (sheet->tabular && !alike)
		lay_out(sheet, false);
	else if (sheet->tabular)
		add_row(sheet, sdr_sheet_view(copy));
	else
		add_block(sheet, sdr_sheet_view(copy));
	refresh(sheet);
}

void ui_sheet_answer(struct ui_sheet *sheet, const struct ui_answer *answer)
{
	if (answer->stage == UI_STAGE_BEGIN)
		sheet->stale = true;
	else if (sheet->stale)
		ui_sheet_clear(sheet);
	if (answer->stage == UI_STAGE_SHEET)
		ui_sheet_add(sheet, answer->sheet);
}

void ui_sheet_done(struct ui_sheet *sheet)
{
	ui_sheet_clear(sheet);
	ui_table_done(&sheet->table);
	free(sheet->lines);
	sheet->lines = NULL;
	sheet->line_size = 0;
}

/* ---- what is under the cursor ---- */

const struct sdr_item *ui_sheet_item(const struct ui_sheet *sheet)
{
	uint32_t row = ui_table_row(&sheet->table);
	return row < sheet->line_count ? sheet->lines[row].item : NULL;
}

/* A name as DNS has them: letters, digits, hyphens, dots; the trailing dot is left out. */
static bool copy_name(char out[static SDR_HOST_TEXT], const char *text)
{
	size_t length = strlen(text), dots = 0;
	for (size_t i = 0; i < length; i++) {
		dots += text[i] == '.';
		if (!isalnum((unsigned char)text[i]) && !strchr("-_.", text[i]))
			return false;
	}
	if (length > 0 && text[length - 1] == '.')
		length--;
	if (length == 0 || length >= SDR_HOST_TEXT || dots == 0)
		return false;
	memcpy(out, text, length);
	out[length] = '\0';
	return true;
}

/* Takes a fact from one scalar; the first one with that fact counts. */
static void learn(struct ui_subject *subject, const struct sdr_item *item)
{
	char text[UI_SHEET_TEXT];
	struct sdr_hostport parts;
	struct sdr_addr addr;
	bool port_key = item->key && strstr(item->key, "port");
	if (item->kind == SDR_ITEM_INTEGER && port_key && !subject->port[0] &&
		item->value.integer >= 0 && item->value.integer <= UINT16_MAX)
		snprintf(subject->port, sizeof(subject->port), "%u", (unsigned)item->value.integer);
	if (item->kind != SDR_ITEM_TEXT || item->value.length == 0 ||
		item->value.length > SDR_HOST_TEXT)
		return;
	snprintf(text, sizeof(text), "%s", item->value.bytes);
	if (sdr_hostport_parse(text, &parts, NULL) != SDR_OK)
		return;
	if (sdr_addr_parse(parts.host, &addr, NULL) == SDR_OK) {
		if (!subject->address[0])
			sdr_addr_format(subject->address, &addr);
		if (parts.has_service && !subject->port[0] &&
			strlen(parts.service) < sizeof(subject->port))
			strcpy(subject->port, parts.service);
	} else if (!subject->name[0] && !parts.has_service) {
		copy_name(subject->name, parts.host);
	}
}

bool ui_sheet_subject(const struct ui_sheet *sheet, struct ui_subject *subject)
{
	const struct sdr_item *item = ui_sheet_item(sheet);
	char text[UI_SHEET_TEXT];
	if (!item)
		return false;
	if (item->kind == SDR_ITEM_OBJECT || item->kind == SDR_ITEM_LIST) {
		size_t used = 0;
		for (const struct sdr_item *child = item->first;
			child && used < sizeof(subject->value); child = child->next) {
			learn(subject, child);
			used += (size_t)snprintf(subject->value + used,
				sizeof(subject->value) - used, "%s%s", used ? "\t" : "",
				ui_sheet_format(child, text));
		}
	} else {
		learn(subject, item);
		snprintf(subject->value, sizeof(subject->value), "%.*s",
			(int)sizeof(subject->value) - 1, ui_sheet_format(item, text));
	}
	snprintf(subject->target, sizeof(subject->target), "%s",
		subject->name[0] ? subject->name : subject->address);
	return true;
}
