/* ping_detail.c - chart, figures, outages and errors of one target. A chart spans a time: recent
 * probes are drawn one by one, a longer time by minutes. */
#include "ping_detail.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "monitors.h"
#include "number.h"
#include "panel.h"
#include "slow_why.h"
#include "sounder/engine.h"
#include "sounder/sanitize.h"

#define HOUR 60       /* minutes that the model keeps */
#define PER_MINUTE 20 /* samples that stand for one, so that its losses have a share */
#define BY_MINUTES (SDR_MINUTE / PER_MINUTE)
#define FIGURES_WIDTH 52
#define SLACK (5 * SDR_SECOND) /* that a probe may take to its end */
#define WRAP 256               /* bytes of a line about an outage */
#define LIST 16                /* outages and faults fetched at the most */

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

/* ---- the chart ---- */

sdr_ns ui_ping_interval(const struct sdr_target *target)
{
	return target->spec->interval > 0 ? target->spec->interval : SDR_SECOND;
}

/* What a chart shows: so long a time, which ended so long ago. */
struct reach {
	sdr_ns span, back;
};

/* Probes of a target that are newer than that. */
static uint64_t later_of(const struct reach *reach, const struct sdr_target *target)
{
	sdr_ns interval = ui_ping_interval(target);
	return (uint64_t)((reach->back + interval / 2) / interval);
}

/* A minute's samples: as many are lost as its share has it, the others took as long as its longest
 * round trip. */
static void spread_minute(const struct sdr_minute *minute, sdr_ns *samples)
{
	int lost = isnan(minute->loss) ? 0 : (int)ceil(minute->loss / 100 * PER_MINUTE);
	for (int i = 0; i < PER_MINUTE; i++)
		samples[i] = i < lost ? SDR_SAMPLE_LOST : minute->worst;
}

static uint32_t by_minutes(
	struct ui *ui, uint32_t position, const struct reach *reach, sdr_ns *samples)
{
	struct sdr_minute minutes[HOUR];
	uint32_t count = (uint32_t)((reach->span + SDR_MINUTE - 1) / SDR_MINUTE),
		 later = (uint32_t)(reach->back / SDR_MINUTE);
	later = later > HOUR - 2 ? HOUR - 2 : later;
	count = count < 2 ? 2 : count > HOUR - later ? HOUR - later : count;
	sdr_model_history(ui_model(ui), position, ui_now(ui), minutes, count + later);
	for (uint32_t i = 0; i < count; i++)
		spread_minute(&minutes[i], samples + i * PER_MINUTE);
	return PER_MINUTE * count;
}

/* How many samples of a target span that time; 0: more than are known one by one. */
static uint32_t by_probes(
	struct ui *ui, uint32_t position, const struct reach *reach, sdr_ns *samples)
{
	struct sdr_row row;
	sdr_model_row(ui_model(ui), position, &row);
	sdr_ns interval = ui_ping_interval(row.target);
	uint64_t later = later_of(reach, row.target),
		 count = later + (uint64_t)(reach->span / interval);
	if (later > 0 && count > UI_PING_SAMPLES)
		return 0;
	count = count < 2 ? 2 : count > UI_PING_SAMPLES ? UI_PING_SAMPLES : count;
	uint32_t known = sdr_model_series(ui_model(ui), position, samples, (uint32_t)count);
	bool whole = known + 2 >= count || row.sent <= known + 2 + (uint64_t)known / 8;
	return whole && count > later ? (uint32_t)(count - later) : 0;
}

/* Adds a target's line over the time that the chart spans. */
static void add_line(struct ui_ping_detail *detail, struct ui *ui, struct ui_chart *chart,
	uint32_t position, const struct reach *reach)
{
	sdr_ns *samples = detail->samples[chart->count];
	bool minutes = chart->count > 0 && chart->interval == BY_MINUTES;
	uint32_t count = minutes ? 0 : by_probes(ui, position, reach, samples);
	if (count == 0) {
		count = by_minutes(ui, position, reach, samples);
		chart->interval = chart->count == 0 ? BY_MINUTES : chart->interval;
	}
	uint64_t later = later_of(reach, sdr_model_target(ui_model(ui), position)),
		 number = chart->interval == BY_MINUTES
		? 0
		: sdr_model_series_number(ui_model(ui), position);
	number = number > later ? number - later : 0;
	chart->series[chart->count++] = (struct ui_series){samples, count, number};
}

/* When the newest sample was sent, computed from an earlier one while that is about right. */
static sdr_wall newest_of(struct ui_ping_detail *detail, struct ui *ui,
	const struct sdr_target *target, uint64_t number)
{
	sdr_ns interval = target->spec->interval,
	       passed = (sdr_ns)(number - detail->number) * interval;
	sdr_wall now = ui_wall(ui), when = detail->when + passed;
	bool goes_on = detail->id == target->id && detail->interval == interval &&
		number >= detail->number;
	if (!goes_on || when > now + interval || when < now - 2 * interval - SLACK)
		when = now;
	detail->id = target->id;
	detail->number = number;
	detail->interval = interval;
	detail->when = when;
	return when;
}

/* By whole intervals, so that a chart of what was stands still. */
static struct reach reach_of(struct ui *ui, const struct sdr_target *target, sdr_wall newest)
{
	const struct ui_charting *charting = ui_charting(ui);
	sdr_ns interval = ui_ping_interval(target),
	       back = charting->until ? newest - charting->until : 0;
	return (struct reach){interval * charting->probes,
		back > 0 ? (back + interval / 2) / interval * interval : 0};
}

static void format_reach(struct ui *ui, const struct sdr_target *target, char *out, size_t size)
{
	const struct ui_charting *charting = ui_charting(ui);
	char span[SDR_DURATION_TEXT], until[SDR_WALL_TEXT];
	sdr_ns time = ui_ping_interval(target) * charting->probes;
	sdr_duration_display(span, time > SDR_HOUR ? SDR_HOUR : time);
	if (charting->until == 0 || charting->until > ui_wall(ui)) /* the clock was set back */
		snprintf(out, size, "%s  + - time  [ earlier  v kind", span);
	else
		snprintf(out, size, "%s until %s  [ ] earlier, later  0 now", span,
			sdr_wall_clock(until, charting->until));
}

static void draw_chart(struct ui_ping_detail *detail, struct ui *ui, uint32_t position,
	const struct sdr_target *target, const struct ui_surface *s)
{
	const struct ui_charting *charting = ui_charting(ui);
	sdr_ns interval = ui_ping_interval(target);
	uint64_t number = sdr_model_series_number(ui_model(ui), position);
	sdr_wall newest = number > 0 ? newest_of(detail, ui, target, number) : ui_wall(ui);
	const struct reach reach = reach_of(ui, target, newest);
	struct ui_chart chart = {.kind = charting->kind,
		.interval = interval,
		.newest = newest - reach.back,
		.limit = sdr_session_limits(sdr_app_settings(ui_app(ui))).slow,
		.log = charting->log};
	add_line(detail, ui, &chart, position, &reach);
	for (unsigned i = 0; i < charting->marked && chart.count < UI_CHART_LINES; i++) {
		uint32_t other = sdr_model_position(ui_model(ui), charting->marks[i]);
		if (other != UINT32_MAX && other != position)
			add_line(detail, ui, &chart, other, &reach);
	}
	ui_chart_draw(s, &chart);
}

/* "1 db1  2 db3": whose lines the numbers at their ends are. */
static void format_marks(struct ui *ui, uint32_t position, char *out, size_t size)
{
	const struct ui_charting *charting = ui_charting(ui);
	size_t used = 0;
	unsigned number = 0;
	out[0] = '\0';
	for (unsigned i = 0; i < charting->marked && used < size; i++) {
		uint32_t other = sdr_model_position(ui_model(ui), charting->marks[i]);
		if (other == UINT32_MAX || other == position)
			continue;
		const struct sdr_target *target = sdr_model_target(ui_model(ui), other);
		const char *role = sdr_target_role(target); /* of a set the name is not enough */
		int more = snprintf(out + used, size - used, "  %u %.24s", ++number,
			role ? role : target->typed);
		used += more > 0 ? (size_t)more : 0;
	}
}

void ui_ping_detail_draw(struct ui_ping_detail *detail, struct ui *ui, uint32_t position,
	const struct sdr_row *row, const struct ui_surface *s)
{
	char title[SDR_HOST_TEXT + SDR_ADDR_TEXT + 128], address[SDR_ADDR_TEXT], marks[120],
		right[80];
	const struct sdr_target *target = row->target;
	if (s->height < 5)
		return;
	format_marks(ui, position, marks, sizeof(marks));
	snprintf(title, sizeof(title), "%s  %s%s", target->typed,
		target->addr.version ? sdr_addr_format(address, &target->addr) : "", marks);
	format_reach(ui, target, right, sizeof(right));
	ui_draw_rule(s, 0, title, right);
	bool beside = s->width >= 110 || s->height < 14;
	int chart_width =
		beside && s->width > FIGURES_WIDTH + 30 ? s->width - FIGURES_WIDTH - 2 : s->width;
	int chart_height = beside ? s->height - 1 : s->height - 10;
	struct ui_surface area = ui_surface_part(s, 1, 0, chart_height, chart_width);
	draw_chart(detail, ui, position, target, &area);
	if (chart_width == s->width && beside)
		return;
	struct ui_surface side = beside ? ui_surface_part(s, 1, chart_width + 2, -1, -1)
					: ui_surface_part(s, 1 + chart_height, 0, -1, -1);
	int used = draw_figures(ui, position, row, &side);
	struct ui_surface rest = ui_surface_part(&side, used, 0, -1, -1);
	draw_outages(ui, position, &rest);
}
