/* chart_each.c - small multiples: each with a head, its values, its losses; the times once. */
#include "chart_each.h"

#include <stdio.h>
#include <string.h>

#include "chart_area.h"
#include "chart_times.h"
#include "number.h"
#include "sounder/sanitize.h"

#define BESIDE 2      /* rows of a plot besides its values: its head, its losses */
#define VALUES 2      /* rows, at least */
#define VALUES_MORE 3 /* from which a row stays free before the next one */
#define SIGN 2        /* cells, with the space behind it */
#define FORMS 2       /* forms of the times in a head, behind the first */

struct stack {
	unsigned count; /* that fit */
	int rows;       /* from one to the next */
	int values;     /* of each */
};

static struct stack arrange(const struct ui_surface *s, const struct ui_chart *chart)
{
	int room = s->height - 1, each = VALUES + BESIDE;
	unsigned fit = room >= each ? (unsigned)(room / each) : 1;
	struct stack stack = {.count = fit < chart->count ? fit : chart->count};
	int rows = room / (int)stack.count, apart = (room + 1) / (int)stack.count;
	bool free = apart - BESIDE - 1 >= VALUES_MORE;
	stack.rows = free ? apart : rows;
	stack.values = stack.rows - BESIDE - free;
	stack.values = stack.values > 0 ? stack.values : 1;
	return stack;
}

int ui_chart_each_rows(const struct ui_surface *s, const struct ui_chart *chart)
{
	return arrange(s, chart).values;
}

/* The times in a head, the form number 0 most. */
static void format_times(const struct ui_chart_name *name, int form, char *out, size_t size)
{
	char p50[UI_NUMBER_TEXT], p95[UI_NUMBER_TEXT];
	const char *longer = name->minutes ? "max" : "p95";
	ui_number_ms(p50, name->p50);
	ui_number_ms(p95, name->p95);
	if (form == 0)
		snprintf(out, size, "p50 %s  %s %s ms  ", p50, longer, p95);
	else if (form == 1)
		snprintf(out, size, "%s %s ms  ", longer, p95);
	else
		out[0] = '\0';
}

/* Times go before the name does. */
static void draw_head(const struct ui_surface *s, const struct ui_chart_name *name)
{
	char times[3 * UI_NUMBER_TEXT], lost[UI_NUMBER_TEXT + 8], number[UI_NUMBER_TEXT];
	int form = 0, wanted = SIGN + (int)sdr_text_cells(name->name) + 2, at_times;
	snprintf(lost, sizeof(lost), "lost %s %%", ui_number_percent(number, name->loss));
	int at_lost = s->width - (int)strlen(lost);
	do {
		format_times(name, form, times, sizeof(times));
		at_times = at_lost - (int)strlen(times);
	} while (at_times < wanted && form++ < FORMS);
	struct ui_surface room = ui_surface_part(s, 0, SIGN, 1, at_times - SIGN - 2);
	ui_draw_text(s, 0, 0, name->style, ui_draw_glyph(s, name->sign));
	ui_draw_name(&room, 0, 0, UI_STRONG, name->name);
	ui_draw_text(s, 0, at_times, UI_DIM, times);
	ui_draw_text(s, 0, at_lost, name->loss > 0 ? UI_WARNING : UI_DIM, lost);
}

static void draw_one(const struct ui_surface *s, const struct ui_chart *chart, unsigned number,
	const struct ui_chart_scale *scale, int values)
{
	struct ui_surface head = ui_surface_part(s, 0, UI_SCALE_WIDTH, 1, -1),
			  room = ui_surface_part(s, 1 + values - scale->rows, 0, scale->rows, -1),
			  area = ui_surface_part(&room, 0, UI_SCALE_WIDTH, -1, -1),
			  lane = ui_surface_part(s, 1 + values, UI_SCALE_WIDTH, 1, -1),
			  label = ui_surface_part(s, 1 + values, 0, 1, UI_SCALE_WIDTH - 2);
	draw_head(&head, &chart->names[number]);
	ui_chart_scale_draw(scale, &room);
	ui_chart_limit_draw(&area, scale, chart->limit);
	ui_chart_area_draw(&area, chart, number, scale);
	ui_draw_right(&label, 0, UI_DIM, "lost");
	ui_draw_cell(s, 1 + values, UI_SCALE_WIDTH - 1, UI_RULE, 0x2502);
	ui_chart_lane_draw(&lane, chart, number);
}

void ui_chart_each_draw(const struct ui_surface *s, const struct ui_chart *chart,
	const struct ui_chart_scale *scale)
{
	struct stack stack = arrange(s, chart);
	int foot = ((int)stack.count - 1) * stack.rows + stack.values + BESIDE;
	struct ui_surface times = ui_surface_part(s, foot, UI_SCALE_WIDTH, 1, -1);
	for (unsigned i = 0; i < stack.count; i++) {
		struct ui_surface one = ui_surface_part(s, (int)i * stack.rows, 0, stack.rows, -1);
		draw_one(&one, chart, i, scale, stack.values);
	}
	ui_chart_times_draw(&times, chart);
	struct ui_surface label = ui_surface_part(s, foot, 0, 1, UI_SCALE_WIDTH - 2);
	if (stack.count < chart->count) {
		char more[32];
		snprintf(more, sizeof(more), "%u more", chart->count - stack.count);
		ui_draw_right(&label, 0, UI_DIM, more);
	}
}
