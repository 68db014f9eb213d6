/* chart_scale.c - ticks of 1, 2 or 5 times a power of ten. */
#include "chart_scale.h"

#include <math.h>

#include "number.h"

#define TICK_ROWS 2    /* from one tick to the next, at least */
#define TICKS 5        /* at most: more are no help */
#define DOTS 6         /* cells from one dot to the next */
#define LEAST_LOG 100  /* ns */
#define LEAST_TICK 1e3 /* ns: less is 0.000 in a label */

/* ---- choosing ---- */

/* The next larger of 1 2 5 10 ... */
static double larger(double tick)
{
	double power = pow(10, floor(log10(tick) + 1e-9)), digit = round(tick / power);
	return digit < 2 ? 2 * power : digit < 5 ? 5 * power : 10 * power;
}

/* The smallest round tick of which so few are needed that each has its rows. */
static struct ui_chart_scale choose_linear(sdr_ns most, int rows)
{
	int room = rows / TICK_ROWS, fit = room < 1 ? 1 : room > TICKS ? TICKS : room;
	double tick = LEAST_TICK;
	while (ceil((double)most / tick) > fit)
		tick = larger(tick);
	int ticks = (int)ceil((double)most / tick);
	ticks = ticks > 0 ? ticks : 1;
	return (struct ui_chart_scale){
		.ticks = ticks, .step = rows / ticks, .top = (sdr_ns)(tick * ticks)};
}

/* Whole decades; where there are more than rows, from one tick to the next several. */
static struct ui_chart_scale choose_log(sdr_ns least, sdr_ns most, int rows)
{
	double bottom = floor(log10((double)(least > LEAST_LOG ? least : LEAST_LOG)) + 1e-9),
	       top = ceil(log10((double)(most > LEAST_LOG ? most : LEAST_LOG)) - 1e-9);
	int decades = top > bottom ? (int)(top - bottom) : 1, each = 1;
	while ((decades + each - 1) / each * TICK_ROWS > rows && each < decades)
		each++;
	int ticks = (decades + each - 1) / each;
	int step = rows / ticks > 0 ? rows / ticks : 1;
	return (struct ui_chart_scale){.log = true,
		.ticks = ticks,
		.step = step,
		.least = (sdr_ns)pow(10, bottom),
		.top = (sdr_ns)pow(10, bottom + ticks * each)};
}

struct ui_chart_scale ui_chart_scale_choose(sdr_ns least, sdr_ns most, int rows, bool log)
{
	struct ui_chart_scale scale =
		log ? choose_log(least, most, rows) : choose_linear(most, rows);
	scale.rows = scale.ticks * scale.step < rows ? scale.ticks * scale.step : rows;
	return scale;
}

double ui_chart_scale_place(const struct ui_chart_scale *scale, sdr_ns value)
{
	double place = scale->log
		? (log10((double)(value > 1 ? value : 1)) - log10((double)scale->least)) /
			(log10((double)scale->top) - log10((double)scale->least))
		: (double)value / (double)scale->top;
	return place > 0 ? place : 0;
}

sdr_ns ui_chart_scale_tick(const struct ui_chart_scale *scale, int i)
{
	double part = (double)i / scale->ticks;
	if (scale->log)
		return (sdr_ns)llround((double)scale->least *
			pow((double)scale->top / (double)scale->least, part));
	return (sdr_ns)llround((double)scale->top * part);
}

/* ---- drawing ---- */

static void draw_label(
	const struct ui_surface *s, int row, const struct ui_chart_scale *scale, int tick)
{
	char number[UI_NUMBER_TEXT];
	sdr_ns value = ui_chart_scale_tick(scale, tick);
	struct ui_surface label = ui_surface_part(s, row, 0, 1, UI_SCALE_WIDTH - 2);
	int used = ui_draw_right(&label, 0, UI_DIM, value ? ui_number_ms(number, value) : "0");
	if (tick < scale->ticks)
		return;
	/* The unit stands beside the topmost, or below it. */
	bool beside = used <= label.width - 3;
	struct ui_surface below = ui_surface_part(s, row + 1, 0, 1, UI_SCALE_WIDTH - 2);
	if (beside)
		ui_draw_text(&label, 0, label.width - used - 3, UI_DIM, "ms");
	else if (scale->step > 1)
		ui_draw_right(&below, 0, UI_DIM, "ms");
}

/* A tick stands at the upper edge of its row. */
void ui_chart_scale_draw(const struct ui_chart_scale *scale, const struct ui_surface *s)
{
	for (int row = 0; row < s->height; row++) {
		int up = s->height - row, tick = scale->step ? up / scale->step : 0;
		bool marked = up % scale->step == 0 && tick <= scale->ticks;
		ui_draw_cell(s, row, UI_SCALE_WIDTH - 1, UI_RULE, marked ? 0x2524 : 0x2502);
		if (!marked)
			continue;
		draw_label(s, row, scale, tick);
		for (int at = UI_SCALE_WIDTH + DOTS - 1; at < s->width; at += DOTS)
			ui_draw_text(s, row, at, UI_RULE, ui_draw_glyph(s, UI_GLYPH_UNKNOWN));
	}
}
