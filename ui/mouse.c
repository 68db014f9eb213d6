/* mouse.c - a tab is gone to, a column is sorted by, a line gets the cursor, is opened by a second
 * click and has its menu by the right button. All of it is there by keys. */
#include "mouse.h"

#include "places.h"
#include "table.h"

#define DOUBLE (400 * SDR_MS) /* between the clicks of a double click */
#define WHEEL 3               /* lines */

enum { LEFT = 0, RIGHT = 2, WHEEL_UP = 64, WHEEL_DOWN = 65 };

#define NO_LINE UINT32_MAX

/* The line that was clicked at. */
static uint32_t line_at(const struct ui_table *table, const struct ui_event *event)
{
	if (table->flow > 1 || event->row < table->row || event->column < table->column ||
		event->column >= table->column + table->width)
		return NO_LINE;
	uint32_t line = table->top + (uint32_t)(event->row - table->row);
	return line >= table->line_count || line >= table->top + table->page ? NO_LINE : line;
}

/* Puts the cursor on the line that was clicked at. Returns false where there is none. */
static bool go_to_line(struct ui_table *table, const struct ui_event *event)
{
	uint32_t line = line_at(table, event);
	if (line == NO_LINE)
		return false;
	ui_table_go(table, line);
	return true;
}

/* Gives the keys to the section in which a line was clicked at; where there is none, they stay. */
static void enter_section(struct ui *ui, const struct ui_event *event)
{
	const struct ui_table *before = ui_table_now(ui), *table = before;
	if (!before || line_at(before, event) != NO_LINE)
		return;
	(void)ui_section(ui, 0);
	while ((table = ui_table_now(ui)) && line_at(table, event) == NO_LINE)
		if (!ui_section(ui, 1))
			break;
	if (table && line_at(table, event) != NO_LINE)
		return;
	(void)ui_section(ui, 0);
	while (ui_table_now(ui) != before && ui_section(ui, 1))
		;
}

static void turn_wheel(struct ui_table *table, int button)
{
	for (int i = 0; i < WHEEL; i++)
		ui_table_move(table, button == WHEEL_UP ? UI_MOVE_UP : UI_MOVE_DOWN);
}

/* A click beside a list closes it, as Esc does. */
static uint32_t in_overlay(struct ui *ui, const struct ui_event *event)
{
	struct ui_table *table = &ui->overlay.table;
	if (ui->overlay.kind != UI_OVERLAY_LIST)
		return 0;
	if (event->button == WHEEL_UP || event->button == WHEEL_DOWN)
		turn_wheel(table, event->button);
	else if (event->button == LEFT && go_to_line(table, event))
		return UI_KEY_ENTER;
	else if (event->button == LEFT && table->flow <= 1 && !ui->overlay.searching)
		return UI_KEY_ESC;
	return 0;
}

static bool on_tab(struct ui *ui, const struct ui_event *event)
{
	for (unsigned i = 0; event->row == 0 && ui->layout.header.height > 0 && i < ui->tab_count;
		i++) {
		if (event->column < ui->slots[i].tab_from || event->column >= ui->slots[i].tab_to)
			continue;
		ui_focus(ui, i);
		return true;
	}
	return false;
}

static void on_line(struct ui *ui, struct ui_table *table, const struct ui_event *event)
{
	uint32_t before = table->cursor;
	sdr_ns since = ui->now - ui->clicked_at;
	if (!go_to_line(table, event))
		return;
	ui->key_at = ui->now;
	ui->clicked_at = event->button == LEFT ? ui->now : 0;
	if (event->button == RIGHT) {
		ui_do(ui, "menu");
	} else if (table->cursor == before && since >= 0 && since <= DOUBLE) {
		ui->clicked_at = 0;
		ui_do(ui, "open");
	}
}

uint32_t ui_mouse(struct ui *ui, const struct ui_event *event)
{
	if (!ui->mouse || !event->pressed)
		return 0;
	if (ui->overlay.kind != UI_OVERLAY_NONE)
		return in_overlay(ui, event);
	enter_section(ui, event);
	struct ui_table *table = ui_table_now(ui);
	if (event->button == LEFT && on_tab(ui, event))
		ui->clicked_at = 0;
	else if (!table)
		return 0;
	else if (event->button == WHEEL_UP || event->button == WHEEL_DOWN)
		turn_wheel(table, event->button);
	else if (event->button == LEFT && event->row == table->row - 1)
		ui_table_sort_at(table, event->column - table->column);
	else if (event->button == LEFT || event->button == RIGHT)
		on_line(ui, table, event);
	return 0;
}
