/* table_write.c - a whole table as CSV, JSON or Markdown.
 *
 * A cell has the text that it has on the screen, since it is drawn, with all the room it may want,
 * and read back: so every panel's table can be taken away, and nothing stands twice. */
#include "table_write.h"

#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "sounder/sanitize.h"
#include "table_columns.h"
#include "table_order.h"

#define ROOM 240                  /* cells of a column */
#define CELL_TEXT (ROOM * 12 + 1) /* bytes that they may take */
#define AT_ONCE 64                /* rows that a table surveys at a time */

struct writer {
	struct ui_table *table;
	enum ui_form form;
	FILE *file;
	struct ui_surface cell; /* a line of its own */
	char text[CELL_TEXT];
};

/* ---- the text of a cell ---- */

static void read_cell(struct writer *writer, uint32_t row, unsigned column)
{
	struct ui_grid grid = *writer->cell.grid;
	size_t length = 0, solid = 0;
	ui_grid_clear(&grid);
	writer->table->rows->cell(writer->table->context, row, column, &writer->cell);
	const struct ui_cell *cells = ui_grid_at(&grid, 0, 0);
	for (int at = 0; at < ROOM; at++) {
		for (int i = 0; i < 3 && cells[at].text[i] && length + 5 < CELL_TEXT; i++)
			if (cells[at].text[0] != ' ' || solid > 0) /* numbers stand at the right */
				length += sdr_text_encode(writer->text + length, cells[at].text[i]);
		if (cells[at].width > 0 && cells[at].text[0] != ' ')
			solid = length;
	}
	writer->text[solid] = '\0';
	if (!strcmp(writer->text, "-"))
		writer->text[0] = '\0';
}

/* Turns "11,490" into 11490, and milliseconds into seconds. Returns whether it is a
 * number. */
static bool make_number(struct writer *writer, const char *key)
{
	char digits[32], *end;
	size_t length = 0, all = strlen(writer->text), unit = strlen(key);
	for (size_t i = 0; i < all && length + 1 < sizeof(digits); i++)
		if (writer->text[i] != ',')
			digits[length++] = writer->text[i];
	digits[length] = '\0';
	if (length == 0 || all >= sizeof(digits) || strspn(digits, "0123456789.-+e") != length)
		return false;
	double value = strtod(digits, &end);
	if (*end)
		return false;
	bool seconds = unit > 8 && !strcmp(key + unit - 8, "_seconds");
	snprintf(writer->text, sizeof(writer->text), "%.9g", seconds ? value / 1000 : value);
	return true;
}

/* ---- how it is written ---- */

/* What has been cleaned holds no control characters: two are left to escape. */
static void put_string(FILE *file, const char *text)
{
	fputc('"', file);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', file);
		fputc(*text, file);
	}
	fputc('"', file);
}

static void put_json(struct writer *writer, const char *key, bool first, bool number)
{
	fputs(first ? "{" : ",", writer->file);
	put_string(writer->file, key);
	fputc(':', writer->file);
	if (!*writer->text)
		fputs("null", writer->file);
	else if (number)
		fputs(writer->text, writer->file);
	else
		put_string(writer->file, writer->text);
}

/* What a spreadsheet would compute is text behind an apostrophe. */
static void put_csv(struct writer *writer, bool first, bool number)
{
	bool formula = !number && *writer->text && strchr("=+-@", *writer->text);
	bool quoted = formula || strpbrk(writer->text, ",\"");
	fputs(first ? "" : ",", writer->file);
	fputs(formula ? "\"'" : quoted ? "\"" : "", writer->file);
	for (const char *at = writer->text; *at; at++) {
		if (*at == '"')
			fputc('"', writer->file);
		fputc(*at, writer->file);
	}
	fputs(quoted ? "\"" : "", writer->file);
}

static void put_markdown(struct writer *writer, bool first)
{
	fputs(first ? "| " : " | ", writer->file);
	for (const char *at = writer->text; *at; at++) {
		if (strchr("|\\`*_<[", *at))
			fputc('\\', writer->file);
		fputc(*at, writer->file);
	}
}

static void put(struct writer *writer, const char *key, bool first, bool number)
{
	if (writer->form == UI_FORM_JSON)
		put_json(writer, key, first, number);
	else if (writer->form == UI_FORM_CSV)
		put_csv(writer, first, number);
	else
		put_markdown(writer, first);
}

static void end_row(struct writer *writer)
{
	static const char *const ends[] = {
		[UI_FORM_CSV] = "\n", [UI_FORM_JSON] = "}\n", [UI_FORM_MARKDOWN] = " |\n"};
	fputs(ends[writer->form], writer->file);
}

/* Writes a column's name, or its text in a row; UINT32_MAX: the head. Returns whether it has
 * anything to read. */
static bool put_column(struct writer *writer, unsigned column, uint32_t row, bool first)
{
	const struct ui_column *about = &writer->table->columns[column];
	char key[UI_COLUMN_KEY];
	if (about->picture || writer->table->hidden >> column & 1 || !*ui_column_key(about, key))
		return false;
	if (row == UINT32_MAX)
		snprintf(writer->text, sizeof(writer->text), "%s",
			writer->form == UI_FORM_MARKDOWN && *about->title ? about->title : key);
	else
		read_cell(writer, row, column);
	put(writer, key, first, row != UINT32_MAX && about->right && make_number(writer, key));
	return true;
}

static void put_row(struct writer *writer, uint32_t row)
{
	unsigned count = 0;
	if (ui_table_columns(writer->table) == 0) { /* one that has no head */
		read_cell(writer, row, 0);
		put(writer, "text", true, false);
	}
	for (unsigned i = 0; i < ui_table_columns(writer->table); i++)
		count += put_column(writer, i, row, count == 0);
	end_row(writer);
}

static void put_head(struct writer *writer)
{
	if (writer->form == UI_FORM_JSON || ui_table_columns(writer->table) == 0)
		return;
	put_row(writer, UINT32_MAX);
	if (writer->form != UI_FORM_MARKDOWN)
		return;
	for (unsigned i = 0; i < ui_table_columns(writer->table); i++) {
		char key[UI_COLUMN_KEY];
		const struct ui_column *about = &writer->table->columns[i];
		if (!about->picture && !(writer->table->hidden >> i & 1) &&
			*ui_column_key(about, key))
			fputs(about->right ? "|---:" : "|---", writer->file);
	}
	fputs("|\n", writer->file);
}

/* Has the table survey some rows, which then have all the room that their names want. */
static void survey(struct writer *writer, uint32_t from)
{
	const struct ui_table *table = writer->table;
	uint32_t rows[AT_ONCE], count = 0;
	int widths[UI_TABLE_COLUMNS];
	for (unsigned i = 0; i < UI_TABLE_COLUMNS; i++)
		widths[i] = ROOM;
	while (count < AT_ONCE && from + count < table->line_count) {
		rows[count] = ui_table_row_at(table, from + count);
		count++;
	}
	if (table->rows->survey)
		table->rows->survey(table->context, rows, count);
	if (table->rows->fitted)
		table->rows->fitted(table->context, &writer->cell, widths);
}

static void put_rows(struct writer *writer)
{
	struct ui_table *table = writer->table;
	for (uint32_t line = 0; line < table->line_count; line++) {
		if (line % AT_ONCE == 0)
			survey(writer, line);
		uint32_t row = ui_table_row_at(table, line);
		bool about_others = row >= table->count ||
			(table->rows->heading && table->rows->heading(table->context, row));
		table->top = line; /* a cell that looks at its line finds this one */
		if (table->rows->look && !about_others)
			(void)table->rows->look(table->context, row);
		if (!about_others)
			put_row(writer, row);
	}
}

bool ui_table_write(struct ui_table *table, enum ui_form form, FILE *file)
{
	struct ui_grid grid = {0};
	struct ui_cursor cursor = {0};
	struct writer *writer = calloc(1, sizeof(*writer));
	ui_grid_resize(&grid, 1, ROOM);
	if (writer && grid.cells) {
		*writer = (struct writer){.table = table, .form = form, .file = file};
		writer->cell = (struct ui_surface){.grid = &grid,
			.cursor = &cursor,
			.theme = ui_theme_at(0),
			.height = 1,
			.width = ROOM};
		uint32_t top = table->top;
		int row = table->row;
		table->row = 0;
		put_head(writer);
		put_rows(writer);
		table->top = top;
		table->row = row;
	}
	bool done = writer && grid.cells;
	free(writer);
	ui_grid_done(&grid);
	return done;
}
