/* panel_ping.c - targets watched by round trips, worst first; of the one under the cursor, a chart, its figures and its outages:
 * beside the table where the screen is wide, below it else. Without any ICMP socket it says why and what mends it. */
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "monitors.h"
#include "sheet.h"

extern const struct ui_panel ui_panel_ping;

#define CHART_PROBES_MAX 3840 /* as ui_charting promises */
#define DETAIL_ROWS 12        /* of the detail below the table */
#define DETAIL_BESIDE 150     /* columns from which it stands beside it */

struct ping_state {
	struct ui_monitors monitors;
	struct ui_sheet fixes; /* what mends a missing permission */
	sdr_ns samples[CHART_PROBES_MAX];
};

static const struct ui_column columns[] = {
	{.title = "", .width = 1, .sorts = true},
	{.title = "Target", .width = 12, .grow = 3, .sorts = true},
	{.title = "Address", .width = 15, .grow = 1, .rank = 3, .sorts = true},
	{.title = "State", .width = 11, .rank = 2},
	{.title = "Loss %", .width = 6, .right = true, .sorts = true},
	{.title = "Last ms", .width = 7, .rank = 6, .right = true, .sorts = true},
	{.title = "p50 ms", .width = 6, .right = true, .sorts = true},
	{.title = "p95 ms", .width = 6, .rank = 1, .right = true, .sorts = true},
	{.title = "Jitter", .width = 6, .rank = 5, .right = true, .sorts = true},
	{.title = "Sent", .width = 7, .rank = 7, .right = true, .sorts = true},
	{.title = "Last minute", .width = 10, .grow = 4, .rank = 4},
	{0},
};

static const uint8_t shown[] = {UI_MONITORS_SIGN, UI_MONITORS_TARGET, UI_MONITORS_ADDRESS, UI_MONITORS_STATE, UI_MONITORS_LOSS,
	UI_MONITORS_LAST, UI_MONITORS_P50, UI_MONITORS_P95, UI_MONITORS_JITTER, UI_MONITORS_SENT, UI_MONITORS_SERIES};

static const char *const types[] = {"ping", "tcp", "echo", "daytime", NULL};

static void fetch_fixes(struct ui *ui, struct ping_state *ping)
{
	const struct sdr_privilege *privilege = sdr_app_privilege(ui_app(ui));
	if (privilege->kind4 != SDR_ICMP_NONE || privilege->kind6 != SDR_ICMP_NONE)
		return;
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return;
	sdr_privilege_explain(privilege, sheet);
	ui_sheet_add(&ping->fixes, sheet);
	sdr_sheet_free(sheet);
}

static enum sdr_status ping_open(struct ui *ui, void *state)
{
	struct ping_state *ping = state;
	ui_monitors_init(&ping->monitors, ui, columns, shown, types);
	fetch_fixes(ui, ping);
	return SDR_OK;
}

static void ping_close(struct ui *ui, void *state)
{
	struct ping_state *ping = state;
	(void)ui;
	ui_monitors_done(&ping->monitors);
	ui_sheet_done(&ping->fixes);
}

/* ---- detail ---- */

static void draw_window(const struct ui_surface *s, int line, const char *label, const struct sdr_figures *figures)
{
	char loss[UI_NUMBER_TEXT], p50[UI_NUMBER_TEXT], p95[UI_NUMBER_TEXT], p99[UI_NUMBER_TEXT];
	ui_draw_text(s, line, 0, UI_DIM, label);
	ui_draw_printf(s, line, 7, figures->lost ? UI_WARNING : UI_PLAIN, "%5s %% lost  p50 %5s  p95 %5s  p99 %5s",
		ui_number_percent(loss, figures->loss), ui_number_ms(p50, figures->p50), ui_number_ms(p95, figures->p95),
		ui_number_ms(p99, figures->p99));
}

static int draw_figures(struct ui *ui, uint32_t position, const struct sdr_row *row, const struct ui_surface *s)
{
	static const char *const labels[] = {"10 s", "1 min", "10 min", "all"};
	struct sdr_figures figures;
	char least[UI_NUMBER_TEXT], mean[UI_NUMBER_TEXT], most[UI_NUMBER_TEXT], deviation[UI_NUMBER_TEXT];
	int line = 0;
	for (enum sdr_window window = 0; window < SDR_WINDOW_COUNT; window++) {
		sdr_model_figures(ui_model(ui), position, window, ui_now(ui), &figures);
		draw_window(s, line++, labels[window], &figures);
	}
	ui_draw_printf(s, line++, 7, UI_DIM, "min %s  avg %s  max %s  mdev %s", ui_number_ms(least, figures.min),
		ui_number_ms(mean, figures.avg), ui_number_ms(most, figures.max), ui_number_ms(deviation, figures.mdev));
	ui_draw_printf(s, line++, 7, row->late || row->duplicates || row->corrupt ? UI_WARNING : UI_DIM,
		"late %llu  duplicate %llu  corrupt %llu", (unsigned long long)row->late, (unsigned long long)row->duplicates,
		(unsigned long long)row->corrupt);
	return line;
}

/* The journal's entries of this target, newest first. */
static void draw_outages(struct ui *ui, const struct sdr_row *row, const struct ui_surface *s)
{
	const struct sdr_event *event;
	int line = 0;
	for (uint32_t back = 0; line < s->height && (event = sdr_model_event(ui_model(ui), back)); back++) {
		char clock[SDR_WALL_TEXT];
		if (strncmp(event->subject, row->target->spec.target, sizeof(event->subject) - 1) != 0)
			continue;
		ui_draw_text(s, line, 0, UI_DIM, sdr_wall_clock(clock, event->when));
		ui_draw_text(s, line++, 10, (enum ui_style)event->tone, event->text);
	}
}

static void draw_detail(struct ui *ui, struct ping_state *ping, const struct ui_surface *s)
{
	struct sdr_row row;
	uint32_t position = ui_monitors_row(&ping->monitors, &row);
	char title[SDR_HOST_TEXT + SDR_ADDR_TEXT + 8], address[SDR_ADDR_TEXT];
	if (position == UINT32_MAX || s->height < 5)
		return;
	const struct sdr_target *target = row.target;
	snprintf(title, sizeof(title), "%s  %s", target->spec.target, target->addr.version ? sdr_addr_format(address, &target->addr) : "");
	ui_draw_rule(s, 0, title, "v kind  + - time");
	bool beside = s->width >= 110 || s->height < 14;
	int figures_width = 46, chart_width = beside && s->width > figures_width + 30 ? s->width - figures_width - 2 : s->width;
	int chart_height = beside ? s->height - 1 : s->height - 9;
	const struct ui_charting *charting = ui_charting(ui);
	uint32_t probes = charting->probes < CHART_PROBES_MAX ? charting->probes : CHART_PROBES_MAX;
	sdr_model_series(ui_model(ui), position, ping->samples, probes);
	struct ui_chart chart = {
		.series = {ping->samples, probes}, .kind = charting->kind, .interval = target->spec.interval, .newest = ui_wall(ui)};
	struct ui_surface area = ui_surface_part(s, 1, 0, chart_height, chart_width);
	ui_chart_draw(&area, &chart);
	if (chart_width == s->width && beside)
		return;
	struct ui_surface side = beside ? ui_surface_part(s, 1, chart_width + 2, -1, -1) : ui_surface_part(s, 1 + chart_height, 0, -1, -1);
	int used = draw_figures(ui, position, &row, &side);
	struct ui_surface rest = ui_surface_part(&side, used + beside, 0, -1, -1);
	draw_outages(ui, &row, &rest);
}

/* ---- the whole ---- */

static void draw_fixes(struct ping_state *ping, const struct ui_surface *s)
{
	ui_draw_rule(s, 0, "Why nothing can be pinged, and what mends it", NULL);
	struct ui_surface body = ui_surface_part(s, 1, 0, -1, -1);
	ui_sheet_draw(&ping->fixes, &body);
}

static void ping_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct ping_state *ping = state;
	char say[160];
	ui_monitors_update(&ping->monitors);
	ui_monitors_say(&ping->monitors, say, sizeof(say));
	ui_draw_rule(surface, 0, "Ping", ping->monitors.table.count ? say : NULL);
	struct ui_surface body = ui_surface_part(surface, 1, 0, -1, -1);
	if (ping->fixes.sheet_count && ping->monitors.table.count == 0) {
		draw_fixes(ping, &body);
		return;
	}
	if (ping->monitors.table.count == 0) {
		ui_draw_empty(&body, &ui_panel_ping);
		return;
	}
	bool beside = body.width >= DETAIL_BESIDE;
	int rows = (int)ping->monitors.table.count + 1, below = body.height - rows;
	if (below < DETAIL_ROWS)
		below = body.height >= DETAIL_ROWS * 2 - 4 ? DETAIL_ROWS : 0;
	struct ui_surface table =
		beside ? ui_surface_part(&body, 0, 0, -1, body.width / 2) : ui_surface_part(&body, 0, 0, body.height - below, -1);
	struct ui_surface detail =
		beside ? ui_surface_part(&body, 0, body.width / 2 + 2, -1, -1) : ui_surface_part(&body, table.height, 0, -1, -1);
	ui_table_draw(&ping->monitors.table, &table);
	if (beside || below)
		draw_detail(ui, ping, &detail);
}

static struct ui_table *ping_table(struct ui *ui, void *state)
{
	struct ping_state *ping = state;
	(void)ui;
	return ping->monitors.table.count || !ping->fixes.sheet_count ? &ping->monitors.table : &ping->fixes.table;
}

static bool ping_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct ping_state *ping = state;
	(void)ui;
	if (ping->monitors.table.count == 0 && ping->fixes.sheet_count)
		return ui_sheet_subject(&ping->fixes, subject);
	return ui_monitors_subject(&ping->monitors, subject);
}

static bool ping_alarm(struct ui *ui, void *state)
{
	struct ping_state *ping = state;
	(void)ui;
	ui_monitors_update(&ping->monitors);
	return ui_monitors_tally(&ping->monitors, SDR_STATE_DOWN) > 0;
}

static const struct ui_input_spec input = {.label = "Ping", .hint = "host, address or @file, and options", .command = "ping"};

const struct ui_panel ui_panel_ping = {
	.name = "ping",
	.title = "Ping",
	.sentence = "targets watched by round trips, worst first, with a chart of the one under the cursor",
	.empty = {"Hosts are pinged here without end: state, loss, percentiles, jitter, a chart and the outages of each.",
		"Press i and type a host, or a to add one with any probe."},
	.size = sizeof(struct ping_state),
	.input = &input,
	.open = ping_open,
	.close = ping_close,
	.draw = ping_draw,
	.table = ping_table,
	.subject = ping_subject,
	.alarm = ping_alarm,
};
