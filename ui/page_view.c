/* page_view.c - a host's worst state and why, each of its probes, and of the one under the cursor
 * where its time goes, a chart, figures and outages. */
#include "page_view.h"

#include <stdio.h>

#include "http_phases.h"
#include "page_facts.h"

#define ROOMY 28              /* rows from which sections stand apart */
#define DETAIL_LEAST 6        /* rows */
#define READ_EVERY SDR_SECOND /* a host's addresses, where there are many targets */
#define MANY 1000

const struct ui_column ui_page_columns[] = {
	{.title = "", .width = 1, .sorts = true},
	{.title = "Probe", .width = 7, .sorts = true},
	{.title = "Target", .width = 12, .grow = 2, .rank = 1, .sorts = true},
	{.title = "State", .width = 11, .rank = 3},
	{.title = "Loss %", .width = 6, .rank = 2, .right = true, .sorts = true},
	{.title = "p50 ms", .width = 6, .rank = 6, .right = true, .sorts = true},
	{.title = "p95 ms", .width = 6, .rank = 4, .right = true, .sorts = true},
	{.title = "Last minute", .width = 11, .grow = 1, .rank = 5},
	{.title = "", .width = 19, .grow = 3, .rank = 7},
	{0},
};

static const uint8_t shown[] = {UI_MONITORS_SIGN, UI_MONITORS_KIND, UI_MONITORS_TARGET,
	UI_MONITORS_STATE, UI_MONITORS_LOSS, UI_MONITORS_P50, UI_MONITORS_P95, UI_MONITORS_SERIES,
	UI_MONITORS_WHY};

void ui_page_view_init(struct ui_page_view *view, struct ui *ui)
{
	ui_monitors_init(&view->monitors, ui, ui_page_columns, shown, NULL);
	view->about.id = UI_NO_TARGET;
	ui_monitors_set_host(&view->monitors, &view->host);
}

void ui_page_view_done(struct ui_page_view *view)
{
	ui_monitors_done(&view->monitors);
}

/* Reads which targets are of the host. */
static void read_host(struct ui_page_view *view)
{
	view->read_at = ui_now(view->monitors.ui);
	if (ui_page_host_read(&view->host, &view->about, ui_model(view->monitors.ui)))
		ui_monitors_set_host(&view->monitors, &view->host);
}

void ui_page_view_begin(struct ui_page_view *view, const struct ui_about *about)
{
	view->about = *about;
	read_host(view);
	ui_monitors_update(&view->monitors);
	(void)ui_table_seek(&view->monitors.table, about->id);
}

void ui_page_view_update(struct ui_page_view *view)
{
	struct ui *ui = view->monitors.ui;
	bool many = sdr_model_count(ui_model(ui)) > MANY;
	sdr_ns since = ui_now(ui) - view->read_at;
	if (!many || since < 0 || since >= READ_EVERY)
		read_host(view);
	ui_monitors_update(&view->monitors);
}

/* ---- drawing ---- */

static void draw_head(const struct ui_page_view *view, const struct ui_surface *s, const char *hint)
{
	char probes[64], right[UI_TABLE_SUMMARY];
	const struct ui_table *table = &view->monitors.table;
	snprintf(probes, sizeof(probes), "%u probe%s of this host  %s", table->count,
		table->count == 1 ? "" : "s", hint);
	ui_draw_rule(s, 0, view->about.host, ui_table_summary(table, right, sizeof(right), probes));
}

/* How many lines the facts may have: more where there is no room for a detail anyway. */
static int facts_room(const struct ui_page_view *view, int height)
{
	int usual = height >= ROOMY ? 9
		: height >= 18      ? 5
				    : 3,
	    left = height - 1 - ((int)ui_table_height(&view->monitors.table) + 1);
	if (left - usual >= DETAIL_LEAST)
		return usual;
	return left > 1 ? left : 1;
}

static int draw_probes(struct ui_page_view *view, const struct ui_surface *s, int most)
{
	int rows = (int)ui_table_height(&view->monitors.table) + 1;
	struct ui_surface area = ui_surface_part(s, 0, 0, rows < most ? rows : most, -1);
	ui_table_draw(&view->monitors.table, &area);
	return area.height;
}

static void draw_detail(struct ui_page_view *view, const struct ui_surface *s)
{
	struct sdr_row row;
	uint32_t position = ui_monitors_row_or_worst(&view->monitors, &row);
	if (position == UINT32_MAX || s->height < DETAIL_LEAST)
		return;
	int used = row.detail && s->height >= ROOMY / 2
		? ui_http_phases_draw(sdr_sheet_view(row.detail), s)
		: 0;
	struct ui_surface rest = ui_surface_part(s, used, 0, -1, -1);
	ui_ping_detail_draw(&view->detail, view->monitors.ui, position, &row, &rest);
}

bool ui_page_view_draw(
	struct ui_page_view *view, const struct ui_surface *surface, const char *hint)
{
	int height = surface->height, gap = height >= ROOMY;
	draw_head(view, surface, hint);
	if (view->monitors.table.count == 0)
		return false;
	struct ui_surface rest = ui_surface_part(surface, 1, 0, -1, -1);
	int used = gap +
		ui_page_facts_draw(&view->monitors, &view->host, &rest, facts_room(view, height));
	rest = ui_surface_part(&rest, used, 0, -1, -1);
	int most = rest.height - DETAIL_LEAST * 2 > 4 ? rest.height - DETAIL_LEAST * 2 : 4;
	used = draw_probes(view, &rest, most < rest.height ? most : rest.height) + gap;
	rest = ui_surface_part(&rest, used, 0, -1, -1);
	draw_detail(view, &rest);
	return true;
}

void ui_page_view_draw_chart(
	struct ui_page_view *view, const struct ui_surface *surface, const char *hint)
{
	struct ui_surface rest = ui_surface_part(surface, 1, 0, -1, -1);
	draw_head(view, surface, hint);
	draw_detail(view, &rest);
}
