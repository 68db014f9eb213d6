/* panel_ping.c - targets watched by round trips, worst first; of the one under the cursor, a chart,
 * its figures and its outages: beside the table where the screen is wide, below it else. Without
 * any ICMP socket it shows the reason and the fix. */
#include <stdio.h>
#include <string.h>

#include "monitors.h"
#include "ping_detail.h"
#include "ranking.h"
#include "sheet_view.h"

extern const struct ui_panel ui_panel_ping;

#define DETAIL_ROWS 12    /* of the detail below the table */
#define DETAIL_BESIDE 150 /* columns from which the detail is beside the table */

struct ping_state {
	struct ui_monitors monitors;
	struct ui_sheet fixes; /* what mends a missing permission */
	struct ui_ping_detail detail;
};

static const struct ui_column columns[] = {
	{.title = "", .width = 1, .sorts = true},
	{.title = "Group", .width = 14, .grow = 1},
	{.title = "Target", .width = 12, .grow = 3, .sorts = true},
	{.title = "Address", .width = 15, .grow = 1, .rank = 6, .sorts = true},
	{.title = "State", .width = 11, .rank = 2},
	{.title = "Loss %", .width = 6, .right = true, .sorts = true},
	{.title = "Last ms", .width = 7, .rank = 7, .right = true, .sorts = true},
	{.title = "p50 ms", .width = 6, .right = true, .sorts = true},
	{.title = "p95 ms", .width = 6, .rank = 1, .right = true, .sorts = true},
	{.title = "Jitter",
		.key = "jitter_seconds",
		.width = 6,
		.rank = 4,
		.right = true,
		.sorts = true},
	{.title = "Probes", .width = 7, .rank = 5, .right = true, .sorts = true},
	{.title = "Last minute", .width = 11, .grow = 4, .rank = 3, .picture = true},
	{0},
};

static const uint8_t shown[] = {UI_MONITORS_SIGN, UI_MONITORS_GROUP, UI_MONITORS_TARGET,
	UI_MONITORS_ADDRESS, UI_MONITORS_STATE, UI_MONITORS_LOSS, UI_MONITORS_LAST, UI_MONITORS_P50,
	UI_MONITORS_P95, UI_MONITORS_JITTER, UI_MONITORS_SENT, UI_MONITORS_SERIES};

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
	ui_monitors_init(&ping->monitors, ui, columns, shown, ui_panel_ping.name);
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

static void draw_detail(struct ui *ui, struct ping_state *ping, const struct ui_surface *s)
{
	struct sdr_row row;
	uint32_t position = ui_monitors_row_or_worst(&ping->monitors, &row);
	if (position != UINT32_MAX)
		ui_ping_detail_draw(&ping->detail, ui, position, &row, s);
}

/* ---- commands ---- */

static enum sdr_status perform_group_by(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"off", "group", "name", "network", "state"};
	struct ui *ui = screen;
	struct ping_state *ping = ui_state(ui, &ui_panel_ping);
	const char *word = sdr_call_word(call, 0);
	unsigned next = ((unsigned)ping->monitors.grouping + 1) % UI_GROUPINGS;
	for (unsigned i = 0; word && i <= UI_GROUPINGS; i++) {
		if (i == UI_GROUPINGS) {
			sdr_error_set(error, 0,
				"\"%s\": one of off, group, name, network, state is right; "
				"\"group NAME\" labels a target",
				word);
			return SDR_EINVAL;
		}
		if (!strcmp(words[i], word)) {
			next = i;
			break;
		}
	}
	ui_monitors_group(&ping->monitors, (enum ui_grouping)next);
	ui_notify(ui, SDR_TONE_PLAIN, next ? "grouped by %s" : "groups are %s", words[next]);
	return SDR_OK;
}

static enum sdr_status make_group_by(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_ACTION;
	request->action.perform = perform_group_by;
	return SDR_OK;
}

static const struct sdr_command group_by = {.name = "group-by",
	.arguments = "[off|group|name|network|state]",
	.sentence =
		"let the pinged targets of a group, a name's domain, a network or a state stand "
		"together",
	.details = "Groups come worst first, each under a line with its counts, which f folds and "
		   "unfolds (F all of them); see `group` and `fold`.",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.make = make_group_by};

static const struct sdr_command *const commands[] = {&group_by, NULL};

static const struct ui_key keys[] = {
	{"*", "mark", "chart it too"},
	{"v", "chart-kind", "kind"},
	{"o", "group-by", "group"},
	{NULL, NULL, NULL},
};

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
	char summary[160], filtered[UI_TABLE_SUMMARY];
	const struct ui_table *rows_of = &ping->monitors.table;
	ui_monitors_update(&ping->monitors);
	ui_monitors_format(&ping->monitors, summary, sizeof(summary));
	ui_draw_rule(surface, 0, "Ping",
		rows_of->count ? ui_table_summary(rows_of, filtered, sizeof(filtered), summary)
			       : NULL);
	struct ui_surface body = ui_surface_part(surface, 1, 0, -1, -1);
	if (ping->fixes.sheet_count && ping->monitors.table.count == 0) {
		draw_fixes(ping, &body);
		return;
	}
	if (ping->monitors.table.count == 0) {
		ui_draw_empty(&body, &ui_panel_ping);
		return;
	}
	if (ui_charting(ui)->full && ui_ping_detail_fits(&body)) {
		draw_detail(ui, ping, &body);
		return;
	}
	bool beside = body.width >= DETAIL_BESIDE;
	int rows = (int)ui_table_height(rows_of) + 1, below = body.height - rows;
	if (below < DETAIL_ROWS)
		below = body.height >= DETAIL_ROWS * 2 - 4 ? DETAIL_ROWS : 0;
	struct ui_surface table = beside ? ui_surface_part(&body, 0, 0, -1, body.width / 2)
					 : ui_surface_part(&body, 0, 0, body.height - below, -1);
	struct ui_surface detail = beside ? ui_surface_part(&body, 0, body.width / 2 + 2, -1, -1)
					  : ui_surface_part(&body, table.height, 0, -1, -1);
	ui_table_draw(&ping->monitors.table, &table);
	if (beside || below)
		draw_detail(ui, ping, &detail);
}

static struct ui_table *ping_table(struct ui *ui, void *state)
{
	struct ping_state *ping = state;
	(void)ui;
	struct ui_table *table = ui_monitors_table(&ping->monitors);
	return table->count || !ping->fixes.sheet_count ? table : &ping->fixes.table;
}

static bool ping_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct ping_state *ping = state;
	(void)ui;
	if (ping->monitors.table.count == 0 && ping->fixes.sheet_count)
		return ui_sheet_subject(&ping->fixes, subject);
	return ui_monitors_subject(&ping->monitors, subject);
}

static uint32_t ping_members(struct ui *ui, void *state, uint32_t *ids, uint32_t n)
{
	struct ping_state *ping = state;
	(void)ui;
	return ui_monitors_members(&ping->monitors, ids, n);
}

static bool ping_alarm(struct ui *ui, void *state)
{
	struct ping_state *ping = state;
	(void)ui;
	ui_ranking_look(&ping->monitors);
	return ui_monitors_tally(&ping->monitors, SDR_STATE_DOWN) > 0;
}

static bool ping_work(struct ui *ui, void *state)
{
	struct ping_state *ping = state;
	(void)ui;
	return ui_monitors_work(&ping->monitors);
}

static const struct ui_input_spec input = {
	.label = "Ping", .hint = "host, address or @file, and options", .command = "ping"};

const struct ui_panel ui_panel_ping = {
	.name = "ping",
	.title = "Ping",
	.charts = true,
	.sentence = "targets watched by round trips, worst first, with "
		    "a chart of the one under the cursor",
	.empty = {"Hosts are pinged here without end: state, loss, "
		  "percentiles, jitter, a chart and the outages of each.",
		"Press i and type a host, or a to add one with any probe."},
	.size = sizeof(struct ping_state),
	.keys = keys,
	.commands = commands,
	.input = &input,
	.columns = columns,
	.open = ping_open,
	.close = ping_close,
	.draw = ping_draw,
	.table = ping_table,
	.subject = ping_subject,
	.members = ping_members,
	.alarm = ping_alarm,
	.work = ping_work,
};
