/* panel_page.c - all that is known of one host. Enter opens it from a line of any panel. */
#include "page_view.h"

extern const struct ui_panel ui_panel_page;

#define HINT "Esc back"

struct page_state {
	struct ui_page_view view;
	uint64_t version; /* of what it is about */
};

static enum sdr_status page_open(struct ui *ui, void *state)
{
	struct page_state *page = state;
	ui_page_view_init(&page->view, ui);
	return SDR_OK;
}

static void page_close(struct ui *ui, void *state)
{
	struct page_state *page = state;
	(void)ui;
	ui_page_view_done(&page->view);
}

/* Begins the page of another host. Returns whether there is one. */
static bool begin(struct ui *ui, struct page_state *page)
{
	if (page->version == ui_about_version(ui))
		return false;
	page->version = ui_about_version(ui);
	ui_page_view_begin(&page->view, ui_about(ui));
	return true;
}

static void page_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct page_state *page = state;
	if (!begin(ui, page))
		ui_page_view_update(&page->view);
	struct ui_surface rest = ui_surface_part(surface, 1, 0, -1, -1);
	bool any = page->view.monitors.table.count > 0;
	if (ui_charting(ui)->full && any && ui_ping_detail_fits(&rest)) {
		ui_page_view_draw_chart(&page->view, surface, HINT);
		return;
	}
	if (!ui_page_view_draw(&page->view, surface, HINT))
		ui_draw_empty(&rest, &ui_panel_page);
}

static struct ui_table *page_table(struct ui *ui, void *state)
{
	struct page_state *page = state;
	(void)begin(ui, page);
	return ui_monitors_table(&page->view.monitors);
}

static bool page_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct page_state *page = state;
	(void)ui;
	return ui_monitors_subject(&page->view.monitors, subject);
}

static bool page_work(struct ui *ui, void *state)
{
	struct page_state *page = state;
	(void)ui;
	return ui_monitors_work(&page->view.monitors);
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
	.columns = ui_page_columns,
	.keys = keys,
	.open = page_open,
	.close = page_close,
	.draw = page_draw,
	.table = page_table,
	.subject = page_subject,
	.work = page_work,
};
