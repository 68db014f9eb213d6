/* panel_page.c - all that is known of one host: its worst state and why, each of its probes, and of
 * the one under the cursor where its time goes, a chart, figures and outages. Enter opens it from a
 * line of any panel. */
#include <stdio.h>
#include <string.h>

#include "http_phases.h"
#include "page_facts.h"
#include "ping_detail.h"

extern const struct ui_panel ui_panel_page;

#define ROOMY 28              /* rows from which sections stand apart */
#define DETAIL_LEAST 6        /* rows */
#define READ_EVERY SDR_SECOND /* a host's addresses, where there are many targets */
#define MANY 1000

struct page_state {
	struct ui_monitors monitors;
	struct ui_ping_detail detail;
	struct ui_page_host host;
	uint64_t version; /* of what it is about */
	sdr_ns read_at;
};

static const struct ui_column columns[] = {
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

static enum sdr_status page_open(struct ui *ui, void *state)
{
	struct page_state *page = state;
	ui_monitors_init(&page->monitors, ui, columns, shown, NULL);
	ui_monitors_set_host(&page->monitors, &page->host);
	return SDR_OK;
}

static void page_close(struct ui *ui, void *state)
{
	struct page_state *page = state;
	(void)ui;
	ui_monitors_done(&page->monitors);
}

/* Reads which targets are of the host; of many, now and then. */
static void read_host(struct ui *ui, struct page_state *page)
{
	bool many = sdr_model_count(ui_model(ui)) > MANY;
	sdr_ns now = ui_now(ui);
	if (many && now >= page->read_at && now - page->read_at < READ_EVERY)
		return;
	page->read_at = now;
	if (ui_page_host_read(&page->host, ui_about(ui), ui_model(ui)))
		ui_monitors_set_host(&page->monitors, &page->host);
}

/* Begins the page of another host, with the cursor where it was. Returns whether there is one. */
static bool begin(struct ui *ui, struct page_state *page)
{
	if (page->version == ui_about_version(ui))
		return false;
	page->version = ui_about_version(ui);
	page->read_at = ui_now(ui) - READ_EVERY;
	read_host(ui, page);
	ui_monitors_update(&page->monitors);
	(void)ui_table_seek(&page->monitors.table, ui_about(ui)->id);
	return true;
}

static void update(struct ui *ui, struct page_state *page)
{
	if (begin(ui, page))
		return;
	read_host(ui, page);
	ui_monitors_update(&page->monitors);
}

/* ---- drawing ---- */

static void draw_head(struct ui *ui, const struct page_state *page, const struct ui_surface *s)
{
	char probes[64], right[UI_TABLE_SUMMARY];
	const struct ui_table *table = &page->monitors.table;
	snprintf(probes, sizeof(probes), "%u probe%s of this host  Esc back", table->count,
		table->count == 1 ? "" : "s");
	ui_draw_rule(
		s, 0, ui_about(ui)->host, ui_table_summary(table, right, sizeof(right), probes));
}

/* How many lines the facts may have: more where there is no room for a detail anyway. */
static int facts_room(const struct page_state *page, int height)
{
	int usual = height >= ROOMY ? 9
		: height >= 18      ? 5
				    : 3,
	    left = height - 1 - ((int)ui_table_height(&page->monitors.table) + 1);
	if (left - usual >= DETAIL_LEAST)
		return usual;
	return left > 1 ? left : 1;
}

static int draw_probes(struct page_state *page, const struct ui_surface *s, int most)
{
	int rows = (int)ui_table_height(&page->monitors.table) + 1;
	struct ui_surface area = ui_surface_part(s, 0, 0, rows < most ? rows : most, -1);
	ui_table_draw(&page->monitors.table, &area);
	return area.height;
}

static void draw_detail(struct ui *ui, struct page_state *page, const struct ui_surface *s)
{
	struct sdr_row row;
	uint32_t position = ui_monitors_row_or_worst(&page->monitors, &row);
	if (position == UINT32_MAX || s->height < DETAIL_LEAST)
		return;
	int used = row.detail && s->height >= ROOMY / 2
		? ui_http_phases_draw(sdr_sheet_view(row.detail), s)
		: 0;
	struct ui_surface rest = ui_surface_part(s, used, 0, -1, -1);
	ui_ping_detail_draw(&page->detail, ui, position, &row, &rest);
}

static void page_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct page_state *page = state;
	int height = surface->height, gap = height >= ROOMY;
	update(ui, page);
	draw_head(ui, page, surface);
	struct ui_surface rest = ui_surface_part(surface, 1, 0, -1, -1);
	if (page->monitors.table.count == 0) {
		ui_draw_empty(&rest, &ui_panel_page);
		return;
	}
	if (ui_charting(ui)->full) {
		draw_detail(ui, page, &rest);
		return;
	}
	int used = gap +
		ui_page_facts_draw(&page->monitors, &page->host, &rest, facts_room(page, height));
	rest = ui_surface_part(&rest, used, 0, -1, -1);
	int most = rest.height - DETAIL_LEAST * 2 > 4 ? rest.height - DETAIL_LEAST * 2 : 4;
	used = draw_probes(page, &rest, most < rest.height ? most : rest.height) + gap;
	rest = ui_surface_part(&rest, used, 0, -1, -1);
	draw_detail(ui, page, &rest);
}

static struct ui_table *page_table(struct ui *ui, void *state)
{
	struct page_state *page = state;
	(void)begin(ui, page);
	return ui_monitors_table(&page->monitors);
}

static bool page_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct page_state *page = state;
	(void)ui;
	return ui_monitors_subject(&page->monitors, subject);
}

static bool page_work(struct ui *ui, void *state)
{
	struct page_state *page = state;
	(void)ui;
	return ui_monitors_work(&page->monitors);
}

static const struct ui_key keys[] = {
	{"*", "mark", "chart it too"},
	{"v", "chart-kind", "kind"},
	{NULL, NULL, NULL},
};

const struct ui_panel ui_panel_page = {
	.name = "page",
	.title = "Page",
	.sentence =
		"all that is known of one host: every probe of it, what is wrong and why, what to "
		"try; opened by Enter on any line about it",
	.empty = {"Nothing is watched of this host any more.",
		"u brings back what was removed just now; Esc goes back."},
	.page = true,
	.charts = true,
	.size = sizeof(struct page_state),
	.columns = columns,
	.keys = keys,
	.open = page_open,
	.close = page_close,
	.draw = page_draw,
	.table = page_table,
	.subject = page_subject,
	.work = page_work,
};
