/* table_columns.c - a table's columns: which are drawn, in what order, how wide; what they are
 * called. */
#include "table_columns.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "table_order.h"

#define ENOUGH 22   /* cells of a name that others make room for */
#define GIVES_WAY 4 /* rank from which they do */

/* Neither hidden by its panel nor left out by the user. */
static bool is_shown(const struct ui_table *table, unsigned column)
{
	bool wanted = table->placed == 0;
	for (unsigned place = 0; place < table->placed; place++)
		wanted = wanted || table->places[place] == column;
	return wanted && !(table->hidden >> column & 1);
}

static int wants(const struct ui_table *table, unsigned column)
{
	return table->rows->wants ? table->rows->wants(table->context, column) : 0;
}

/* A column that knows what it could use gets that, up to a readable part of it, before others. */
static int least_width(const struct ui_table *table, unsigned column)
{
	int least = table->columns[column].width, wanted = wants(table, column);
	if (wanted > ENOUGH)
		wanted = ENOUGH;
	return !is_shown(table, column) ? 0 : wanted > least ? wanted : least;
}

/* Gives the columns that know what they could use more of it: up to half of what is left, or all
 * where no other column grows. Returns what is left then. */
static int give_wanted(const struct ui_table *table, unsigned count, int left, int *widths)
{
	int shares = 0;
	for (unsigned i = 0; i < count; i++)
		shares += widths[i] && !wants(table, i) ? table->columns[i].grow : 0;
	for (unsigned i = 0; i < count; i++) {
		int more = widths[i] ? wants(table, i) - widths[i] : 0,
		    most = shares > 0 && widths[i] >= ENOUGH ? left / 2 : left;
		more = more > most ? most : more;
		widths[i] += more > 0 ? more : 0;
		left -= more > 0 ? more : 0;
	}
	return left;
}

/* The shown column that goes first; UI_TABLE_COLUMNS: none may. */
static unsigned first_to_go(
	const struct ui_table *table, unsigned count, const int *widths, int rank_least)
{
	unsigned worst = UI_TABLE_COLUMNS;
	for (unsigned i = 0; i < count; i++)
		if (widths[i] && table->columns[i].rank >= rank_least &&
			(worst == UI_TABLE_COLUMNS ||
				table->columns[i].rank >= table->columns[worst].rank))
			worst = i;
	return worst;
}

/* Narrows the columns that got what they wanted to their own widths; returns what is used. */
static int take_wanted(const struct ui_table *table, unsigned count, int over, int *widths)
{
	int taken = 0;
	for (unsigned i = 0; i < count; i++) {
		int more = widths[i] - table->columns[i].width;
		more = more > over - taken ? over - taken : more;
		widths[i] -= widths[i] && more > 0 ? more : 0;
		taken += widths[i] && more > 0 ? more : 0;
	}
	return taken;
}

/* Hides columns until the rest has room; a name is shortened before those of low rank go. Returns
 * the cells used. */
static int hide_columns(const struct ui_table *table, unsigned count, int room, int *widths)
{
	int used = -UI_TABLE_GAP;
	for (unsigned i = 0; i < count; i++)
		used += widths[i] ? widths[i] + UI_TABLE_GAP : 0;
	for (int least = GIVES_WAY; used > room && least >= 1; least = least > 1 ? 1 : 0) {
		unsigned worst;
		while (used > room &&
			(worst = first_to_go(table, count, widths, least)) != UI_TABLE_COLUMNS) {
			used -= widths[worst] + UI_TABLE_GAP;
			widths[worst] = 0;
		}
		if (used > room)
			used -= take_wanted(table, count, used - room, widths);
	}
	return used;
}

/* Chooses the columns that fit and how wide each is; a width of 0 hides. */
void ui_table_fit(const struct ui_table *table, int room, int widths[static UI_TABLE_COLUMNS])
{
	unsigned count = ui_table_columns(table);
	int shares = 0;
	for (unsigned i = 0; i < count; i++)
		widths[i] = least_width(table, i);
	int left = room - hide_columns(table, count, room, widths);
	left = give_wanted(table, count, left, widths);
	for (unsigned i = 0; i < count; i++)
		shares += widths[i] && !wants(table, i) ? table->columns[i].grow : 0;
	for (unsigned i = 0; i < count && left > 0 && shares > 0; i++) {
		if (!widths[i] || !table->columns[i].grow || wants(table, i))
			continue;
		int part = left * table->columns[i].grow / shares;
		widths[i] += part;
		left -= part;
		shares -= table->columns[i].grow;
	}
}

void ui_table_draw_head(const struct ui_table *table, const struct ui_surface *s, const int *widths)
{
	int at = 0;
	for (unsigned place = 0; place < ui_table_places(table); place++) {
		unsigned i = ui_table_column_at(table, place);
		const struct ui_column *column = &table->columns[i];
		bool sorted = table->sort == (int)i + 1;
		/* The mark of a sorted column is in the gap after a text and before a number. */
		struct ui_surface cell = ui_surface_part(s, 0, at, 1, widths[i]);
		enum ui_style style = sorted ? UI_STRONG : UI_DIM;
		if (!widths[i])
			continue;
		int used = column->right ? ui_draw_right(&cell, 0, style, column->title)
					 : ui_draw_text(&cell, 0, 0, style, column->title);
		const char *mark =
			ui_draw_glyph(s, table->invert ? UI_GLYPH_DESCENDING : UI_GLYPH_ASCENDING);
		if (sorted)
			ui_draw_text(s, 0, column->right ? at + widths[i] - used - 1 : at + used,
				UI_STRONG, mark);
		at += widths[i] + UI_TABLE_GAP;
	}
}

/* How many columns from the one at a place on are one cell; only neighbours in the source's order
 * are. */
static unsigned span_at(const struct ui_table *table, uint32_t row, unsigned place)
{
	unsigned span = table->rows->span
		? table->rows->span(table->context, row, ui_table_column_at(table, place))
		: 1;
	for (unsigned i = 1; i < span; i++)
		if (place + i >= ui_table_places(table) ||
			ui_table_column_at(table, place + i) !=
				ui_table_column_at(table, place) + i)
			return i;
	return span;
}

void ui_table_draw_row(const struct ui_table *table, const struct ui_surface *line,
	const int *widths, uint32_t row)
{
	int at = 0;
	if (line->bar)
		ui_draw_fill(line, UI_BAR);
	if (ui_table_columns(table) == 0)
		table->rows->cell(table->context, row, 0, line);
	for (unsigned place = 0; place < ui_table_places(table); place++) {
		unsigned last = place + span_at(table, row, place) - 1;
		int width = -UI_TABLE_GAP;
		for (; place < last; place++) {
			int one = widths[ui_table_column_at(table, place)];
			width += one ? one + UI_TABLE_GAP : 0;
		}
		unsigned column = ui_table_column_at(table, place);
		width += widths[column] ? widths[column] + UI_TABLE_GAP : 0;
		if (width <= 0)
			continue;
		struct ui_surface cell = ui_surface_part(line, 0, at, 1, width);
		if (cell.width > 0)
			table->rows->cell(table->context, row, column, &cell);
		at += width + UI_TABLE_GAP;
	}
}

uint64_t ui_table_layout(
	const struct ui_table *table, const struct ui_surface *s, const int *widths)
{
	uint64_t layout = ui_stamp_mix(UI_STAMP, s->ascii ? UINT8_MAX : s->drawing);
	for (unsigned i = 0; i < UI_TABLE_COLUMNS; i++)
		layout = ui_stamp_mix(layout, (uint64_t)widths[i]);
	for (unsigned place = 0; table->placed && place < table->placed; place++)
		layout = ui_stamp_mix(layout, table->places[place]);
	return layout;
}

/* ---- their names ---- */

const char *ui_column_key(const struct ui_column *column, char out[static UI_COLUMN_KEY])
{
	size_t used = 0;
	const char *from = column->key ? column->key : column->title;
	for (; *from && used + 10 < UI_COLUMN_KEY; from++) {
		if (!strcmp(from, " ms"))
			used += (size_t)snprintf(out + used, UI_COLUMN_KEY - used, "_seconds");
		else if (!strcmp(from, " %"))
			used += (size_t)snprintf(out + used, UI_COLUMN_KEY - used, "_percent");
		else
			out[used++] =
				(char)(isalnum((unsigned char)*from) ? tolower((unsigned char)*from)
								     : '_');
		if (!strcmp(from, " ms") || !strcmp(from, " %"))
			break;
	}
	out[used] = '\0';
	return out;
}

static const char *name_of(const struct ui_column *column, char out[static UI_COLUMN_KEY])
{
	static const char *const units[] = {"_seconds", "_percent"};
	size_t length = strlen(ui_column_key(column, out));
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (length > strlen(units[i]) && !strcmp(out + length - strlen(units[i]), units[i]))
			out[length - strlen(units[i])] = '\0';
	for (char *at = out; *at; at++)
		*at = *at == '_' ? '-' : *at;
	return out;
}

/* The column of a name; -1: there is none. */
static int column_named(const struct ui_table *table, const char *name, size_t length)
{
	char own[UI_COLUMN_KEY];
	for (unsigned i = 0; i < ui_table_columns(table); i++)
		if (strlen(name_of(&table->columns[i], own)) == length && length > 0 &&
			!strncmp(own, name, length))
			return (int)i;
	return -1;
}

bool ui_table_place(struct ui_table *table, const char *names, const char **wrong)
{
	uint8_t places[UI_TABLE_COLUMNS];
	unsigned placed = 0, seen = 0;
	/* A column without a name is a sign, which stays in front. */
	for (unsigned i = 0; *names && i < ui_table_columns(table); i++) {
		char own[UI_COLUMN_KEY];
		if (!*name_of(&table->columns[i], own))
			places[placed++] = (uint8_t)i;
	}
	for (*wrong = names; **wrong; *wrong += strspn(*wrong, " ")) {
		size_t length = strcspn(*wrong, " ");
		int column = column_named(table, *wrong, length);
		if (column < 0)
			return false;
		if (!(seen >> column & 1))
			places[placed++] = (uint8_t)column;
		seen |= 1u << column;
		*wrong += length;
	}
	memcpy(table->places, places, sizeof(places));
	table->placed = placed;
	return true;
}

void ui_table_placed(const struct ui_table *table, char *out, size_t size)
{
	size_t used = 0;
	out[0] = '\0';
	for (unsigned place = 0; place < ui_table_places(table); place++) {
		char name[UI_COLUMN_KEY];
		if (*name_of(&table->columns[ui_table_column_at(table, place)], name) &&
			used < size)
			used += (size_t)snprintf(
				out + used, size - used, "%s%s", used ? " " : "", name);
	}
}
