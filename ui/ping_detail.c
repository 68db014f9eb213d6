/* ping_detail.c - chart, figures, outages, errors and the last day of one target. */
#include "ping_detail.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart_legend.h"
#include "day_strip.h"
#include "monitors.h"
#include "number.h"
#include "panel.h"
#include "slow_why.h"
#include "sounder/engine.h"
#include "sounder/sanitize.h"

#define LEAST_ROWS 6
#define LEAST_WIDTH 12
#define FIGURES_WIDTH 52
#define FIGURES_ROWS 9   /* below a chart */
#define BESIDE_WIDTH 110 /* from which they are beside it */
#define BESIDE_ROWS 14   /* below which they have no rows of their own */
#define STRIP_LEAST 12   /* rows from which the day has one */
#define HOURS_ROWS 24    /* and from which it has */
#define STRIP_ROWS 3     /* of them: a free one, the cells, the hours */
#define WRAP 256         /* bytes of a line about an outage */
#define LIST 16          /* outages and faults fetched at the most */

/* A label, and a number that ends at a column. Returns the column behind it. */
static int draw_figure(const struct ui_surface *s, enum ui_style style, int column,
	const char *label, const char *number)
{
	int from = column + (int)strlen(label),
	    width = (int)strlen(number) > 5 ? (int)strlen(number) : 5;
	struct ui_surface room = ui_surface_part(s, 0, from, 1, width);
	ui_draw_text(s, 0, column, style, label);
	ui_draw_right(&room, 0, style, number);
	return from + width;
}

static void draw_window(
	const struct ui_surface *s, int line, const char *label, const struct sdr_figures *figures)
{
	char number[UI_NUMBER_TEXT];
	enum ui_style style = figures->lost ? UI_WARNING : UI_PLAIN;
	struct ui_surface row = ui_surface_line(s, line);
	ui_draw_text(&row, 0, 0, UI_DIM, label);
	int at = draw_figure(&row, style, 7, "", ui_number_percent(number, figures->loss));
	at = draw_figure(&row, style, at, " % lost  p50 ", ui_number_ms(number, figures->p50));
	at = draw_figure(&row, style, at, "  p95 ", ui_number_ms(number, figures->p95));
	draw_figure(&row, style, at, "  p99 ", ui_number_ms(number, figures->p99));
}

/* A count that the probe type can't know is "-". */
static const char *count_text(char out[static UI_NUMBER_TEXT], const struct sdr_row *row,
	enum sdr_count which, uint64_t count)
{
	if (row->target->spec->type->counts & which)
		snprintf(out, UI_NUMBER_TEXT, "%llu", (unsigned long long)count);
	else
		snprintf(out, UI_NUMBER_TEXT, "-");
	return out;
}

static void draw_counts(const struct ui_surface *s, int line, const struct sdr_row *row)
{
	char late[UI_NUMBER_TEXT], duplicates[UI_NUMBER_TEXT], corrupt[UI_NUMBER_TEXT];
	ui_draw_printf(s, line, 7,
		row->late || row->duplicates || row->corrupt ? UI_WARNING : UI_DIM,
		"late %s  duplicate %s  corrupt %s",
		count_text(late, row, SDR_COUNT_LATE, row->late),
		count_text(duplicates, row, SDR_COUNT_DUPLICATES, row->duplicates),
		count_text(corrupt, row, SDR_COUNT_CORRUPT, row->corrupt));
}

/* All probes and their results. */
static void draw_sum(const struct ui_surface *s, int line, const struct sdr_row *row)
{
	char all[UI_NUMBER_TEXT], received[UI_NUMBER_TEXT], lost[UI_NUMBER_TEXT],
		local[UI_NUMBER_TEXT], flying[UI_NUMBER_TEXT];
	ui_draw_printf(s, line, 7, row->local ? UI_WARNING : UI_DIM,
		"%s = %s ok + %s lost + %s unsent + %s pending",
		ui_number_count(all, row->transmitted), ui_number_count(received, row->received),
		ui_number_count(lost, row->lost), ui_number_count(local, row->local),
		ui_number_count(flying, row->in_flight));
}

static int draw_figures(
	struct ui *ui, uint32_t position, const struct sdr_row *row, const struct ui_surface *s)
{
	static const char *const labels[] = {"10 s", "1 min", "10 min", "all"};
	struct sdr_figures figures;
	char slow[SDR_ERROR_TEXT], more[160], least[UI_NUMBER_TEXT], mean[UI_NUMBER_TEXT],
		most[UI_NUMBER_TEXT], deviation[UI_NUMBER_TEXT];
	int line = 0;
	for (enum sdr_window window = 0; window < SDR_WINDOW_COUNT; window++) {
		sdr_model_figures(ui_model(ui), position, window, ui_now(ui), &figures);
		if (row->state == SDR_STATE_UNKNOWN && row->received == 0)
			figures.loss = NAN; /* as in the table: a first lost probe means nothing */
		draw_window(s, line++, labels[window], &figures);
	}
	ui_draw_printf(s, line++, 7, UI_DIM, "min %s  avg %s  max %s  mdev %s",
		ui_number_ms(least, figures.min), ui_number_ms(mean, figures.avg),
		ui_number_ms(most, figures.max), ui_number_ms(deviation, figures.mdev));
	draw_counts(s, line++, row);
	draw_sum(s, line++, row);
	ui_monitors_format_summary(row->target, more, sizeof(more));
	if (more[0])
		ui_draw_text(s, line++, 7, UI_DIM, more);
	if (*ui_slow_why(ui_model(ui), position, ui_now(ui), slow, sizeof(slow)))
		ui_draw_printf(
			s, line++, 0, UI_WARNING, "%s: %s", sdr_state_word(row->state), slow);
	return line;
}

/* Draws a text, its end on a second line where it is too long and `most` allows for it. Returns the
 * line behind it. */
static int draw_wrapped(
	const struct ui_surface *s, int line, int most, enum ui_style style, const char *text)
{
	char first[WRAP];
	int end = snprintf(first, sizeof(first), "%s", text) < WRAP ? (int)strlen(first) : 0;
	while (end > 0 && sdr_text_cells(first) > s->width) {
		do
			end--;
		while (end > 0 && text[end] != ' ');
		first[end] = '\0';
	}
	int clause = end; /* rather before one */
	while (text[end] != '\0' && clause > s->width / 2 &&
		!(text[clause] == ' ' && text[clause - 1] == ':'))
		clause--;
	if (text[end] != '\0' && clause > s->width / 2) {
		end = clause;
		first[end] = '\0';
	}
	bool whole = end == 0 || text[end] == '\0' || line + 1 >= most;
	ui_draw_text(s, line, 0, style, whole ? text : first);
	if (!whole)
		ui_draw_text(s, line + 1, 2, style, text + end + 1);
	return line + (whole ? 1 : 2);
}

static int draw_outage(
	const struct ui_surface *s, int line, int most, const struct sdr_outage *outage)
{
	char from[SDR_WALL_TEXT], to[SDR_WALL_TEXT], lasted[SDR_DURATION_TEXT], text[WRAP];
	bool over = outage->to != 0;
	snprintf(text, sizeof(text), "%s - %-8s %7s  %s", sdr_wall_clock(from, outage->from),
		over ? sdr_wall_clock(to, outage->to) : "now",
		sdr_duration_display(lasted, outage->lasted - outage->lasted % SDR_SECOND),
		outage->why);
	return draw_wrapped(s, line, most, over ? UI_DIM : UI_BAD, text);
}

/* Outages, newest first, then other failures of probes. */
static void draw_outages(struct ui *ui, uint32_t position, const struct ui_surface *s)
{
	struct sdr_outage outages[LIST];
	struct sdr_fault faults[LIST];
	uint32_t outage_count =
			 sdr_model_outages(ui_model(ui), position, ui_now(ui), outages, LIST),
		 fault_count = sdr_model_faults(ui_model(ui), position, faults, LIST);
	int line = 0, most = s->height - (int)(fault_count < 3 ? fault_count : 3);
	if (s->height < 1)
		return;
	if (outage_count == 0 && fault_count == 0)
		ui_draw_text(s, line++, 0, UI_DIM, "no outage so far");
	for (uint32_t i = 0; i < outage_count && line < (most > 0 ? most : 1); i++)
		line = draw_outage(s, line, most, &outages[i]);
	for (uint32_t i = 0; i < fault_count && line < s->height; i++) {
		char count[UI_NUMBER_TEXT], last[SDR_WALL_TEXT], text[WRAP];
		snprintf(text, sizeof(text), "%s x %s%s%s, last %s",
			ui_number_count(count, faults[i].count),
			sdr_outcome_label(faults[i].outcome), faults[i].why[0] ? ": " : "",
			faults[i].why, sdr_wall_clock(last, faults[i].last));
		line = draw_wrapped(s, line, s->height, UI_DIM, text);
	}
}

/* ---- the whole ---- */

/* Where things stand: rows from the top, columns from the left. */
struct layout {
	bool beside;       /* figures are beside the chart, not below it */
	int top;           /* of both */
	int width, height; /* of the chart */
	int strip;         /* rows of the strip of the day, at the foot; 0: there is no room */
};

/* Of several that are compared a legend, or heads, has the figures: where those of the one would be
 * below the chart, it has their rows. */
static struct layout arrange(const struct ui_surface *s, bool several, bool legend)
{
	struct layout layout = {
		.beside = s->width >= BESIDE_WIDTH || s->height < BESIDE_ROWS, .top = 1 + legend};
	layout.strip = s->height >= HOURS_ROWS ? STRIP_ROWS : s->height >= STRIP_LEAST ? 1 : 0;
	layout.width = layout.beside && s->width > FIGURES_WIDTH + 30 ? s->width - FIGURES_WIDTH - 2
								      : s->width;
	layout.height = s->height - layout.top - layout.strip -
		(layout.beside || several ? 0 : FIGURES_ROWS);
	return layout;
}

static void draw_strip(struct ui *ui, uint32_t position, const struct ui_surface *s)
{
	struct ui_day day = {.now = ui_wall(ui)};
	struct ui_surface strip = *s;
	day.since = sdr_model_day(ui_model(ui), position, ui_now(ui), day.shares);
	if (s->height == STRIP_ROWS) /* a free row, the cells, the hours */
		strip = ui_surface_part(s, 1, 0, -1, -1);
	(void)ui_day_strip_draw(&strip, &day);
}

bool ui_ping_detail_fits(const struct ui_surface *s)
{
	return s->height >= LEAST_ROWS && s->width >= LEAST_WIDTH;
}

void ui_ping_detail_draw(struct ui_ping_detail *detail, struct ui *ui, uint32_t position,
	const struct sdr_row *row, const struct ui_surface *s)
{
	char title[SDR_HOST_TEXT + SDR_ADDR_TEXT + 8], address[SDR_ADDR_TEXT], right[96];
	const struct sdr_target *target = row->target;
	struct ui_chart chart;
	if (!ui_ping_detail_fits(s))
		return;
	snprintf(title, sizeof(title), "%s  %s", target->typed,
		target->addr.version ? sdr_addr_format(address, &target->addr) : "");
	ui_ping_chart_fill(&detail->chart, ui, position, &chart);
	ui_ping_chart_format(ui, position, &chart, right, sizeof(right));
	ui_draw_rule(s, 0, title, right);
	bool legend =
		chart.count > 1 && chart.kind != UI_CHART_EACH && chart.kind != UI_CHART_HISTOGRAM;
	const struct layout layout = arrange(s, chart.count > 1, legend);
	struct ui_surface line = ui_surface_part(s, 1, 1, 1, -1);
	if (legend)
		ui_chart_legend_draw(&line, chart.names, chart.count);
	struct ui_surface area = ui_surface_part(s, layout.top, 0, layout.height, layout.width);
	ui_chart_draw(&area, &chart);
	struct ui_surface strip = ui_surface_part(s, s->height - layout.strip, 1, -1, -1),
			  rest = ui_surface_part(s, 0, 0, s->height - layout.strip, -1);
	if (layout.strip)
		draw_strip(ui, position, &strip);
	if (layout.width == s->width && (layout.beside || chart.count > 1))
		return;
	struct ui_surface side = layout.beside
		? ui_surface_part(&rest, layout.top, layout.width + 2, -1, -1)
		: ui_surface_part(&rest, layout.top + layout.height, 0, -1, -1);
	int used = draw_figures(ui, position, row, &side);
	struct ui_surface outages = ui_surface_part(&side, used, 0, -1, -1);
	draw_outages(ui, position, &outages);
}
