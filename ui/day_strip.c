/* day_strip.c - half hours, or hours, and where they are on the clock. */
#include "day_strip.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "share_cells.h"

#define LABEL 5 /* cells of "day  " */
#define CLOCK 5 /* of "14:32" */
#define HOURS 3 /* from one time under it to the next */
#define NOTE_GAP 3

/* To the nearest minute. Times are computed from the present one: cells don't move when a clock is
 * set, times do. */
static const char *clock_at(char out[static SDR_WALL_TEXT], const struct ui_day *day, int cell)
{
	sdr_wall_clock(out, day->now - day->since + cell * SDR_DAY_CELL + SDR_MINUTE / 2);
	out[CLOCK] = '\0';
	return out;
}

/* Of what is not known nothing is known; else the worse. */
static double worse(double a, double b)
{
	return isnan(a) ? b : isnan(b) || a < b ? a : b;
}

/* "00 03 06", each under the cell in which that hour begins. */
static void draw_hours(const struct ui_surface *s, const struct ui_day *day, int merged)
{
	char text[SDR_WALL_TEXT];
	for (int cell = 0; cell < SDR_DAY_CELLS; cell++) {
		clock_at(text, day, cell);
		int hour = atoi(text), minute = atoi(text + 3);
		if (hour % HOURS == 0 && minute < SDR_DAY_CELL / SDR_MINUTE)
			ui_draw_printf(s, 1, cell / merged, UI_DIM, "%02d", hour);
	}
}

int ui_day_strip_draw(const struct ui_surface *s, const struct ui_day *day)
{
	double shares[SDR_DAY_CELLS];
	char from[SDR_WALL_TEXT], to[SDR_WALL_TEXT];
	int around = LABEL + 2 * (CLOCK + 1), merged = 1;
	while (merged <= 2 && SDR_DAY_CELLS / merged + around > s->width)
		merged++;
	if (s->height < 1 || merged > 2)
		return 0;
	int cells = SDR_DAY_CELLS / merged, at = LABEL + CLOCK + 1;
	for (int i = 0; i < SDR_DAY_CELLS; i++)
		shares[i / merged] =
			i % merged ? worse(shares[i / merged], day->shares[i]) : day->shares[i];
	ui_draw_text(s, 0, 0, UI_DIM, "day");
	ui_draw_text(s, 0, LABEL, UI_DIM, clock_at(from, day, 0));
	ui_share_cells_draw(s, at, shares, cells);
	at += cells + 1;
	sdr_wall_clock(to, day->now);
	to[CLOCK] = '\0';
	ui_draw_text(s, 0, at, UI_DIM, to);
	struct ui_surface note = ui_surface_part(s, 0, at + CLOCK + NOTE_GAP, 1, -1);
	const char *text = merged > 1 ? "a cell 1 h, low = down" : "a cell 30 min, low = down";
	if (note.width > 24)
		ui_draw_text(&note, 0, 0, UI_DIM, text);
	if (s->height < 2)
		return 1;
	struct ui_surface hours = ui_surface_part(s, 0, LABEL + CLOCK + 1, 2, cells + 1);
	draw_hours(&hours, day, merged);
	return 2;
}
