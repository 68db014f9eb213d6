/* chart_legend.c - figures from samples, and forms of an entry, the longest that fits. */
#include "chart_legend.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart_lines.h"
#include "names_apart.h"
#include "number.h"
#include "sounder/sanitize.h"

#define GAP 3
#define NAME_LEAST 6    /* cells */
#define NAME_FIGURES 14 /* likewise, beside figures */
#define MORE 9          /* cells of "   8 more" */
#define LETTER 2        /* with the space behind it */

/* ---- figures ---- */

static int by_length(const void *a, const void *b)
{
	sdr_ns left = *(const sdr_ns *)a, right = *(const sdr_ns *)b;
	return (left > right) - (left < right);
}

/* The least that so large a part of them does not exceed. */
static sdr_ns ranked(const sdr_ns *sorted, uint32_t count, double part)
{
	uint32_t rank = (uint32_t)ceil(part * count);
	return count == 0 ? SDR_NS_NONE : sorted[rank > 0 ? rank - 1 : 0];
}

void ui_chart_name_count(struct ui_chart_name *name, const struct ui_series *series)
{
	sdr_ns *sorted = malloc((series->count + 1) * sizeof(*sorted));
	uint32_t answered = 0, lost = 0;
	for (uint32_t i = 0; i < series->count; i++) {
		lost += series->samples[i] == SDR_SAMPLE_LOST;
		if (sorted && series->samples[i] >= 0)
			sorted[answered++] = series->samples[i];
	}
	if (sorted)
		qsort(sorted, answered, sizeof(*sorted), by_length);
	name->p50 = ranked(sorted, answered, 0.50);
	name->p95 = ranked(sorted, answered, name->minutes ? 1 : 0.95);
	name->loss = answered + lost ? 100.0 * lost / (answered + lost) : NAN;
	free(sorted);
}

/* ---- the line ---- */

/* What an entry has. */
enum form { ALL, NO_P50, NAMES };

struct legend {
	const struct ui_chart_name *names;
	unsigned count;
	bool minutes; /* the longer figure is the longest */
	bool ascii;
	struct ui_apart shown[UI_CHART_LINES];
};

static void format_head(const struct legend *legend, enum form form, char *out, size_t size)
{
	const char *longer = legend->minutes ? "max" : "p95";
	if (form == NAMES)
		out[0] = '\0';
	else
		snprintf(out, size, "%s%s ms  lost %%", form == ALL ? "p50  " : "", longer);
}

/* "0.31  0.46  0.0": what stands behind a name, but for what was lost. */
static void format_times(const struct ui_chart_name *name, enum form form, char *out, size_t size)
{
	char p50[UI_NUMBER_TEXT], p95[UI_NUMBER_TEXT];
	ui_number_ms(p50, name->p50);
	ui_number_ms(p95, name->p95);
	if (form == ALL)
		snprintf(out, size, "  %s  %s", p50, p95);
	else
		snprintf(out, size, "  %s", p95);
}

/* Draws, or measures where `s` is NULL, one entry. Returns its cells. */
static int draw_entry(const struct legend *legend, unsigned i, enum form form,
	const struct ui_surface *s, int column)
{
	const struct ui_chart_name *name = &legend->names[i];
	char times[2 * UI_NUMBER_TEXT + 8] = "", lost[UI_NUMBER_TEXT + 2] = "",
					number[UI_NUMBER_TEXT];
	if (form != NAMES) {
		format_times(name, form, times, sizeof(times));
		snprintf(lost, sizeof(lost), "  %s", ui_number_percent(number, name->loss));
	}
	int at_times = LETTER + (int)sdr_text_cells(legend->shown[i].shown),
	    at_lost = at_times + (int)strlen(times), end = at_lost + (int)strlen(lost);
	if (!s)
		return end;
	ui_draw_printf(s, 0, column, ui_chart_hue(i), "%c", ui_chart_letter(i));
	ui_draw_text(s, 0, column + LETTER, ui_chart_hue(i), legend->shown[i].shown);
	ui_draw_text(s, 0, column + at_times, UI_PLAIN, times);
	ui_draw_text(s, 0, column + at_lost, name->loss > 0 ? UI_WARNING : UI_PLAIN, lost);
	return end;
}

/* The cells that the first `count` entries take, with their head. */
static int width_of(const struct legend *legend, enum form form, unsigned count)
{
	char head[32];
	format_head(legend, form, head, sizeof(head));
	int width = (int)strlen(head) + (head[0] ? GAP : 0);
	for (unsigned i = 0; i < count; i++)
		width += draw_entry(legend, i, form, NULL, 0) + (i ? GAP : 0);
	return width;
}

static void fit_names(struct legend *legend, int room)
{
	for (unsigned i = 0; i < legend->count; i++) {
		snprintf(legend->shown[i].text, UI_APART_TEXT, "%s", legend->names[i].name);
		legend->shown[i].room = room;
	}
	ui_names_apart(legend->shown, legend->count, legend->ascii);
}

static int longest_name(const struct legend *legend)
{
	int longest = 0;
	for (unsigned i = 0; i < legend->count; i++) {
		int cells = (int)sdr_text_cells(legend->names[i].name);
		longest = cells > longest ? cells : longest;
	}
	return longest < UI_CHART_NAME ? longest : UI_CHART_NAME;
}

/* Finds names, no shorter than that, with which all fit in that form. */
static bool fit_form(struct legend *legend, enum form form, int least, int width)
{
	for (int room = longest_name(legend); room >= least; room--) {
		fit_names(legend, room);
		if (width_of(legend, form, legend->count) <= width)
			return true;
	}
	/* Names that are shorter anyway. */
	fit_names(legend, least);
	return width_of(legend, form, legend->count) <= width;
}

/* Returns how many fit, in the form found. */
static unsigned fit_all(struct legend *legend, int width, enum form *form)
{
	for (*form = ALL; *form < NAMES; ++*form)
		if (fit_form(legend, *form, NAME_FIGURES, width))
			return legend->count;
	if (fit_form(legend, NAMES, NAME_LEAST, width))
		return legend->count;
	unsigned count = legend->count;
	while (count > 1 && width_of(legend, NAMES, count) + MORE > width)
		count--;
	return count;
}

void ui_chart_legend_draw(
	const struct ui_surface *s, const struct ui_chart_name *names, unsigned count)
{
	struct legend *legend = calloc(1, sizeof(*legend));
	char head[32];
	enum form form;
	if (!legend)
		return; /* the letters stay */
	*legend = (struct legend){
		.names = names, .count = count, .minutes = names->minutes, .ascii = s->ascii};
	unsigned fit = fit_all(legend, s->width, &form);
	format_head(legend, form, head, sizeof(head));
	int at = ui_draw_text(s, 0, 0, UI_DIM, head) + (head[0] ? GAP : 0);
	for (unsigned i = 0; i < fit; i++)
		at += draw_entry(legend, i, form, s, at) + GAP;
	if (fit < count)
		ui_draw_printf(s, 0, at, UI_DIM, "%u more", count - fit);
	free(legend);
}
