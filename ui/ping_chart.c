/* ping_chart.c - a chart spans a time: recent probes are drawn one by one, a longer time by
 * minutes. */
#include "ping_chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart_legend.h"
#include "panel.h"
#include "sounder/engine.h"
#include "sounder/sanitize.h"
#include "state_look.h"

#define HOUR 60       /* minutes that the model keeps */
#define PER_MINUTE 20 /* samples that stand for one, so that its losses have a share */
#define BY_MINUTES (SDR_MINUTE / PER_MINUTE)
#define SLACK (5 * SDR_SECOND)   /* that a probe may take to its end */
#define SELDOM (20 * SDR_SECOND) /* intervals at which probes may reach back further than minutes */
#define FEW 256                  /* of such probes are kept at the most */

/* What a chart shows: so long a time, which ended so long ago. */
struct reach {
	sdr_ns span, back;
};

/* What a line is drawn from. */
struct line {
	sdr_ns *samples; /* [UI_PING_SAMPLES] */
	struct ui_chart_name *name;
};

sdr_ns ui_ping_interval(const struct sdr_target *target)
{
	return target->spec->interval > 0 ? target->spec->interval : SDR_SECOND;
}

sdr_ns ui_ping_kept(struct ui *ui, uint32_t position)
{
	sdr_ns interval = ui_ping_interval(sdr_model_target(ui_model(ui), position)), samples[FEW],
	       kept = SDR_HOUR;
	uint64_t number = sdr_model_series_number(ui_model(ui), position);
	if (interval >= SELDOM) {
		sdr_ns alone = interval * sdr_model_series(ui_model(ui), position, samples, FEW);
		kept = alone > kept ? alone : kept;
	}
	return number < (uint64_t)(kept / interval) ? (sdr_ns)number * interval : kept;
}

sdr_ns ui_ping_span(struct ui *ui, uint32_t position)
{
	sdr_ns interval = ui_ping_interval(sdr_model_target(ui_model(ui), position)),
	       kept = ui_ping_kept(ui, position);
	uint32_t probes = ui_charting(ui)->probes;
	while (probes / 2 >= UI_CHART_PROBES && probes / 2 * interval >= kept)
		probes /= 2;
	return probes * interval;
}

/* ---- samples ---- */

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

/* The figures of minutes: the middle one's median, the longest, the mean loss. */
static void sum_up(const struct sdr_minute *minutes, uint32_t count, struct ui_chart_name *name)
{
	sdr_ns typical[HOUR];
	double loss = 0;
	uint32_t known = 0;
	name->p95 = SDR_NS_NONE;
	for (uint32_t i = 0; i < count; i++) {
		typical[i] = minutes[i].typical; /* none is a gap */
		name->p95 = minutes[i].worst > name->p95 ? minutes[i].worst : name->p95;
		known += !isnan(minutes[i].loss);
		loss += isnan(minutes[i].loss) ? 0 : minutes[i].loss;
	}
	struct ui_chart_name middle = {0};
	const struct ui_series series = {typical, count, 0};
	ui_chart_name_count(&middle, &series);
	name->p50 = middle.p50;
	name->loss = known ? loss / known : NAN;
	name->minutes = true;
}

static uint32_t by_minutes(
	struct ui *ui, uint32_t position, const struct reach *reach, const struct line *line)
{
	struct sdr_minute minutes[HOUR];
	uint32_t later = (uint32_t)(reach->back / SDR_MINUTE);
	sdr_ns wanted = (reach->span + SDR_MINUTE - 1) / SDR_MINUTE;
	later = later > HOUR - 2 ? HOUR - 2 : later;
	uint32_t count = wanted < 2 ? 2 : wanted > HOUR - later ? HOUR - later : (uint32_t)wanted;
	sdr_model_history(ui_model(ui), position, ui_now(ui), minutes, count + later);
	for (uint32_t i = 0; i < count; i++)
		spread_minute(&minutes[i], line->samples + i * PER_MINUTE);
	sum_up(minutes, count, line->name);
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
	if (count > UI_PING_SAMPLES)
		return 0;
	count = count < 2 ? 2 : count;
	uint32_t known = sdr_model_series(ui_model(ui), position, samples, (uint32_t)count);
	bool whole = known + 2 >= count || row.sent <= known + 2 + (uint64_t)known / 8;
	return whole && count > later ? (uint32_t)(count - later) : 0;
}

static void name_line(struct ui *ui, uint32_t position, struct ui_chart_name *name)
{
	struct sdr_row row;
	sdr_model_row(ui_model(ui), position, &row);
	const char *role = sdr_target_role(row.target); /* of a set the name is not enough */
	const char *text = role ? role : row.target->typed;
	sdr_sanitize(name->name, sizeof(name->name), text, strlen(text), NULL);
	name->sign = ui_row_sign(&row);
	name->style = ui_row_style(&row);
}

/* The end of the newest minute that is drawn. */
static sdr_wall end_of_minute(struct ui *ui, const struct reach *reach)
{
	sdr_ns left = SDR_MINUTE - ui_now(ui) % SDR_MINUTE;
	return ui_wall(ui) + left - reach->back / SDR_MINUTE * SDR_MINUTE;
}

/* Adds a target's line over the time that the chart spans. */
static void add_line(struct ui_ping_chart *of, struct ui *ui, struct ui_chart *chart,
	uint32_t position, const struct reach *reach)
{
	const struct line line = {of->samples[chart->count], &chart->names[chart->count]};
	bool minutes = chart->count > 0 && chart->interval == BY_MINUTES;
	uint32_t count = minutes ? 0 : by_probes(ui, position, reach, line.samples);
	if (count == 0) {
		count = by_minutes(ui, position, reach, &line);
		if (chart->count == 0) {
			chart->interval = BY_MINUTES;
			chart->newest = end_of_minute(ui, reach);
		}
	}
	uint64_t later = later_of(reach, sdr_model_target(ui_model(ui), position)),
		 number = chart->interval == BY_MINUTES
		? 0
		: sdr_model_series_number(ui_model(ui), position);
	number = number > later ? number - later : 0;
	name_line(ui, position, line.name);
	chart->series[chart->count++] = (struct ui_series){line.samples, count, number};
}

/* ---- the time ---- */

/* When the newest sample was sent, computed from an earlier one while that is about right. */
static sdr_wall newest_of(
	struct ui_ping_chart *of, struct ui *ui, const struct sdr_target *target, uint64_t number)
{
	sdr_ns interval = target->spec->interval, passed = (sdr_ns)(number - of->number) * interval;
	sdr_wall now = ui_wall(ui), when = of->when + passed;
	bool goes_on = of->id == target->id && of->interval == interval && number >= of->number;
	if (!goes_on || when > now + interval || when < now - 2 * interval - SLACK)
		when = now;
	of->id = target->id;
	of->number = number;
	of->interval = interval;
	of->when = when;
	return when;
}

/* By whole intervals, so that a chart of what was stands still. */
static struct reach reach_of(struct ui *ui, uint32_t position, sdr_wall newest)
{
	const struct ui_charting *charting = ui_charting(ui);
	sdr_ns interval = ui_ping_interval(sdr_model_target(ui_model(ui), position)),
	       back = charting->until ? newest - charting->until : 0;
	return (struct reach){ui_ping_span(ui, position),
		back > 0 ? (back + interval / 2) / interval * interval : 0};
}

/* ---- the whole ---- */

void ui_ping_chart_fill(
	struct ui_ping_chart *of, struct ui *ui, uint32_t position, struct ui_chart *chart)
{
	const struct ui_charting *charting = ui_charting(ui);
	const struct sdr_target *target = sdr_model_target(ui_model(ui), position);
	uint64_t number = sdr_model_series_number(ui_model(ui), position);
	sdr_wall newest = number > 0 ? newest_of(of, ui, target, number) : ui_wall(ui);
	const struct reach reach = reach_of(ui, position, newest);
	*chart = (struct ui_chart){.kind = charting->kind,
		.interval = ui_ping_interval(target),
		.newest = newest - reach.back,
		.limit = sdr_session_limits(sdr_app_settings(ui_app(ui))).slow,
		.log = charting->log};
	add_line(of, ui, chart, position, &reach);
	for (unsigned i = 0; i < charting->marked && chart->count < UI_CHART_LINES; i++) {
		uint32_t other = sdr_model_position(ui_model(ui), charting->marks[i]);
		if (other != UINT32_MAX && other != position)
			add_line(of, ui, chart, other, &reach);
	}
	bool minutes = false;
	for (unsigned i = 0; i < chart->count; i++)
		minutes |= chart->names[i].minutes;
	for (unsigned i = 0; chart->count > 1 && i < chart->count; i++) {
		bool counted = chart->names[i].minutes;
		chart->names[i].minutes = minutes; /* the same figures of all */
		if (!counted)
			ui_chart_name_count(&chart->names[i], &chart->series[i]);
	}
}

void ui_ping_chart_format(
	struct ui *ui, uint32_t position, const struct ui_chart *chart, char *out, size_t size)
{
	sdr_wall end = ui_charting(ui)->until;
	char span[SDR_DURATION_TEXT], all[SDR_DURATION_TEXT], until[SDR_WALL_TEXT],
		of[SDR_DURATION_TEXT + 8] = "";
	sdr_ns time = chart->series->count * chart->interval, kept = ui_ping_kept(ui, position);
	if (kept > time)
		snprintf(of, sizeof(of), " of %s",
			sdr_duration_display(all, kept - kept % SDR_SECOND));
	sdr_duration_display(span, time);
	if (end == 0 || end > ui_wall(ui)) /* the clock was set back */
		snprintf(out, size, "%s%s  + - [ ] time  v kind", span, of);
	else
		snprintf(out, size, "%s until %s%s  [ ] time  0 back to now", span,
			sdr_wall_clock(until, end), of);
}
