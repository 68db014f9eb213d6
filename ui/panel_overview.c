/* panel_overview.c - everything at a glance: what is watched, worst first; its groups; recent
 * events; this host. */
#include <stdio.h>
#include <string.h>

#include "group_board.h"
#include "monitors.h"
#include "number.h"
#include "overview_first.h"
#include "overview_rooms.h"
#include "overview_strip.h"
#include "overview_tiles.h"
#include "page_view.h"
#include "recent.h"
#include "sounder/flaps.h"

extern const struct ui_panel ui_panel_overview;

#define NARROW 58          /* columns below which there is no room for why */
#define WHY_LEAST 4        /* rows of targets and their head from which that gets a line */
#define BESIDE 188         /* columns from which a page is beside the sections: a screen of 190 */
#define SECTIONS_WIDTH 119 /* that those have then */

/* Those that the keys may be in, in their order. */
enum section { TARGETS, GROUPS, LOG, RESOLVERS, SERVERS, SECTIONS };

struct overview_state {
	struct ui_monitors monitors;
	struct ui_group_board groups;
	struct ui_recent recent;
	struct ui_overview_tiles tiles;
	struct ui_page_view page; /* of the target under the cursor, where it is wide enough */
	unsigned focus;           /* of enum section */
	bool strip;               /* the totals are drawn, in the first row */
	uint32_t wrong;           /* targets, in this frame */
};

static const struct ui_column columns[] = {
	{.title = "", .width = 1, .sorts = true},
	{.title = "State", .width = 6},
	{.title = "Target", .width = 12, .grow = 2, .sorts = true},
	{.title = "Probe", .width = 7, .rank = 4, .sorts = true},
	{.title = "Loss %", .width = 6, .right = true, .sorts = true},
	{.title = "Last ms", .width = 7, .rank = 1, .right = true, .sorts = true},
	{.title = "Last minute", .width = 11, .grow = 2, .rank = 2, .picture = true},
	{.title = "", .key = "why", .width = 19, .grow = 4, .rank = 3},
	{0},
};

/* The state's duration is shown with the reason, so the first column has the state only. */
static const uint8_t shown[] = {UI_MONITORS_SIGN, UI_MONITORS_STATE, UI_MONITORS_TARGET,
	UI_MONITORS_KIND, UI_MONITORS_LOSS, UI_MONITORS_LAST, UI_MONITORS_SERIES, UI_MONITORS_WHY};

static enum sdr_status overview_open(struct ui *ui, void *state)
{
	struct overview_state *overview = state;
	ui_monitors_init(&overview->monitors, ui, columns, shown, NULL);
	overview->monitors.by_host = true;
	ui_group_board_init(&overview->groups);
	ui_recent_init(&overview->recent);
	ui_overview_tiles_init(&overview->tiles, ui);
	ui_page_view_init(&overview->page, ui);
	overview->page.monitors.table.passive = true;
	return SDR_OK;
}

static void overview_close(struct ui *ui, void *state)
{
	struct overview_state *overview = state;
	(void)ui;
	ui_monitors_done(&overview->monitors);
	ui_group_board_done(&overview->groups);
	ui_recent_done(&overview->recent);
	ui_overview_tiles_done(&overview->tiles);
	ui_page_view_done(&overview->page);
}

/* ---- the whole ---- */

static void draw_icmp(struct ui *ui, const struct ui_surface *s)
{
	char why[SDR_ERROR_TEXT];
	if (*sdr_privilege_why(sdr_app_privilege(ui_app(ui)), 4, why, sizeof(why)))
		ui_draw_printf(s, 0, 0, UI_WARNING, "%s; see Ping", why);
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t group_count(const struct sdr_model *model)
{
	struct sdr_target_group group;
	uint32_t count = 0;
	for (uint32_t i = 0; i < sdr_model_groups(model) && count < UI_FACTS_GROUPS; i++)
		count += sdr_model_group(model, i, &group);
	return count;
}

/* "3 of 52 wrong": with the totals above it the rule need not have them. */
static void format_wrong(
	struct ui *ui, const struct overview_state *overview, char *out, size_t size)
{
	char number[UI_NUMBER_TEXT], all[UI_NUMBER_TEXT];
	const char *held = overview->monitors.held ? ", held" : "";
	if (!overview->strip)
		ui_monitors_format(&overview->monitors, out, size);
	else if (overview->wrong > 0)
		snprintf(out, size, "%s of %s wrong, w only these%s",
			ui_number_count(number, overview->wrong),
			ui_number_count(all, sdr_model_count(ui_model(ui))), held);
	else
		snprintf(out, size, "nothing wrong%s", held);
}

/* Below the lines of an empty panel. Returns the rows used. */
static int draw_first(const struct ui_surface *s, const char *text)
{
	struct ui_surface inner = ui_surface_part(s, 0, s->width > 20 ? 2 : 0, -1, -1);
	return ui_draw_words(&inner, 0, UI_PLAIN, text);
}

/* The section's rule; on a narrow screen without totals those are worth more. */
static void draw_watching_head(
	struct ui *ui, struct overview_state *overview, const struct ui_surface *s)
{
	char summary[160], filtered[UI_TABLE_SUMMARY];
	const struct ui_table *table = &overview->monitors.table;
	format_wrong(ui, overview, summary, sizeof(summary));
	const char *right = ui_table_summary(table, filtered, sizeof(filtered), summary);
	if (s->width < NARROW && !overview->strip && table->count && right == summary)
		ui_overview_strip_draw(ui, s);
	else
		ui_draw_rule(s, 0, "Watching", table->count ? right : NULL);
}

/* The targets; below them, where no column has it, why the one under the cursor is not well. */
static void draw_table(struct overview_state *overview, const struct ui_surface *s)
{
	struct ui_surface rows = *s, why = ui_surface_line(s, s->height - 1);
	bool apart = s->width < NARROW && s->height >= WHY_LEAST;
	rows.height -= apart;
	ui_table_draw(&overview->monitors.table, &rows);
	if (apart)
		ui_monitors_draw_why(&overview->monitors, &why);
}

static void draw_watching(
	struct ui *ui, struct overview_state *overview, const struct ui_surface *s)
{
	char first[600];
	draw_watching_head(ui, overview, s);
	struct ui_surface body = ui_surface_part(s, 1, 0, -1, -1);
	if (overview->monitors.table.count) {
		draw_table(overview, &body);
		return;
	}
	int used = ui_draw_empty(&body, &ui_panel_overview);
	struct ui_surface rest = ui_surface_part(&body, used, 0, -1, -1);
	if (ui_overview_first_format(ui, first, sizeof(first)))
		rest = ui_surface_part(&rest, draw_first(&rest, first), 0, -1, -1);
	draw_icmp(ui, &rest);
}

/* Rows that the log could use: all that is free. */
static int wanted_log(struct ui *ui, int height)
{
	uint64_t events = sdr_model_event_count(ui_model(ui));
	return 1 + (events < 1 ? 1 : events < (uint64_t)height ? (int)events : height);
}

#define GROUPED 4 /* targets from which groups are worth their lines */
#define BLANK 6   /* rows where nothing is watched */

static struct ui_overview_rooms share_out(
	struct ui *ui, const struct overview_state *overview, const struct ui_surface *surface)
{
	const struct sdr_model *model = ui_model(ui);
	const struct ui_table *table = &overview->monitors.table;
	bool grouped = sdr_model_count(model) >= GROUPED;
	uint32_t most = (uint32_t)surface->height;
	const struct ui_overview_wants wants = {
		.table = table->count ? (int)least(ui_table_height(table), most) + 2 : BLANK,
		.wrong = (int)least(overview->wrong, most),
		.groups = grouped ? 1 + (int)group_count(model) : 0,
		.log = wanted_log(ui, surface->height),
		.tiles = ui_overview_tiles_want(ui, surface->width)};
	return ui_overview_share(&wants, surface->height);
}

static struct ui_table *table_of(struct overview_state *overview, unsigned section)
{
	switch (section) {
	case GROUPS:
		return &overview->groups.table;
	case LOG:
		return &overview->recent.table;
	case RESOLVERS:
		return &overview->tiles.resolvers;
	case SERVERS:
		return &overview->tiles.servers;
	default:
		return ui_monitors_table(&overview->monitors);
	}
}

/* A section that has no lines any more has no keys either. */
static void settle_focus(struct overview_state *overview)
{
	if (table_of(overview, overview->focus)->count == 0)
		overview->focus = TARGETS;
	for (unsigned i = 0; i < SECTIONS; i++)
		table_of(overview, i)->passive = i != overview->focus;
}

static struct ui_surface next_part(const struct ui_surface *surface, int *at, int rows, int gap)
{
	struct ui_surface part = ui_surface_part(surface, *at, 0, rows, -1);
	*at += rows ? rows + gap : 0;
	return part;
}

static void draw_sections(
	struct ui *ui, struct overview_state *overview, const struct ui_surface *surface)
{
	int at = 0;
	overview->wrong = sdr_model_wrong(ui_model(ui));
	struct ui_overview_rooms rooms = share_out(ui, overview, surface);
	overview->strip = rooms.strip > 0;
	ui_group_board_update(&overview->groups, ui, rooms.groups);
	ui_recent_update(&overview->recent, ui, rooms.log, surface->width);
	ui_overview_tiles_update(&overview->tiles, rooms.tiles > 0);
	settle_focus(overview);
	struct ui_surface part = next_part(surface, &at, rooms.strip, 0);
	if (rooms.strip)
		ui_overview_strip_draw(ui, &part);
	part = next_part(surface, &at, rooms.table, rooms.gap);
	draw_watching(ui, overview, &part);
	part = next_part(surface, &at, rooms.groups, rooms.gap);
	if (rooms.groups)
		ui_group_board_draw(&overview->groups, &part);
	part = next_part(surface, &at, rooms.log, rooms.gap);
	if (rooms.log)
		ui_recent_draw(&overview->recent, ui, &part);
	part = ui_surface_part(surface, surface->height - rooms.tiles, 0, -1, -1);
	if (rooms.tiles)
		ui_overview_tiles_draw(&overview->tiles, &part);
}

/* Draws the page of the host that the cursor is on, of a group's line its worst. */
static void draw_page(struct overview_state *overview, const struct ui_surface *surface)
{
	struct ui_page_view *page = &overview->page;
	struct sdr_row row;
	if (ui_monitors_row_or_worst(&overview->monitors, &row) == UINT32_MAX)
		return;
	struct ui_about about = ui_page_host_about(row.target);
	if (about.id != page->about.id || strcmp(about.host, page->about.host) != 0)
		ui_page_view_begin(page, &about);
	else
		ui_page_view_update(page);
	(void)ui_page_view_draw(page, surface, "Enter open");
}

static void draw_border(const struct ui_surface *surface, int column)
{
	for (int row = 0; row < surface->height; row++)
		ui_draw_cell(surface, row, column, UI_RULE, 0x2502);
}

static void overview_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct overview_state *overview = state;
	struct ui_surface left = *surface;
	ui_monitors_update(&overview->monitors);
	if (surface->width >= BESIDE && overview->monitors.table.count > 0) {
		struct ui_surface right = ui_surface_part(surface, 1, SECTIONS_WIDTH + 2, -1, -1);
		draw_border(surface, SECTIONS_WIDTH);
		draw_page(overview, &right);
		left.width = SECTIONS_WIDTH;
	}
	draw_sections(ui, overview, &left);
}

static struct ui_table *overview_table(struct ui *ui, void *state)
{
	struct overview_state *overview = state;
	(void)ui;
	return table_of(overview, overview->focus);
}

static bool overview_begin(struct ui *ui, void *state)
{
	(void)state;
	return ui_overview_first_watch(ui);
}

static bool overview_section(struct ui *ui, void *state, int step)
{
	struct overview_state *overview = state;
	unsigned before = overview->focus, at = step ? before : TARGETS;
	(void)ui;
	for (at += (unsigned)step; step && at < SECTIONS; at += (unsigned)step)
		if (table_of(overview, at)->count > 0)
			break;
	overview->focus = at < SECTIONS ? at : before;
	settle_focus(overview);
	return overview->focus != before;
}

static bool overview_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct overview_state *overview = state;
	switch (overview->focus) {
	case GROUPS:
		return ui_group_board_subject(&overview->groups, ui, subject);
	case LOG:
		return ui_recent_subject(&overview->recent, subject);
	case RESOLVERS:
		return ui_overview_tiles_resolver(&overview->tiles, subject);
	case SERVERS:
		return ui_overview_tiles_server(&overview->tiles, subject);
	default:
		return ui_monitors_subject(&overview->monitors, subject);
	}
}

static uint32_t overview_members(struct ui *ui, void *state, uint32_t *ids, uint32_t n)
{
	struct overview_state *overview = state;
	if (overview->focus == GROUPS)
		return ui_group_board_members(&overview->groups, ui, ids, n);
	return overview->focus == TARGETS ? ui_monitors_members(&overview->monitors, ids, n) : 0;
}

static bool overview_alarm(struct ui *ui, void *state)
{
	(void)state;
	return sdr_model_tally(ui_model(ui), SDR_STATE_DOWN) > 0;
}

static bool overview_work(struct ui *ui, void *state)
{
	struct overview_state *overview = state;
	bool more = ui_monitors_work(&overview->monitors);
	return ui_group_facts_work(&overview->groups.facts, ui_model(ui), ui_now(ui)) || more;
}

const struct ui_panel ui_panel_overview = {
	.name = "overview",
	.title = "Overview",
	.sentence = "everything at a glance: what is watched, recent "
		    "events, this host, its resolvers and servers",
	.empty = {"Nothing is watched yet, and nothing is sent to anyone unasked.",
		"Press a and type a host to ping it, : for any command, ? for all keys."},
	.size = sizeof(struct overview_state),
	.columns = columns,
	.open = overview_open,
	.close = overview_close,
	.draw = overview_draw,
	.table = overview_table,
	.section = overview_section,
	.begin = overview_begin,
	.subject = overview_subject,
	.members = overview_members,
	.alarm = overview_alarm,
	.work = overview_work,
};
