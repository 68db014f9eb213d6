/* page_view.h - all that is known of one host, drawn into any surface: the page's panel, and beside
 * the overview where that is wide. */
#ifndef SOUNDER_UI_PAGE_VIEW_H
#define SOUNDER_UI_PAGE_VIEW_H

#include "monitors.h"
#include "page_host.h"
#include "ping_detail.h"

struct ui_page_view {
	struct ui_monitors monitors; /* the host's probes */
	struct ui_ping_detail detail;
	struct ui_page_host host;
	struct ui_about about;
	sdr_ns read_at; /* when it was last read which targets are the host's */
};

/* Of the table of probes, for a panel's `columns`. */
extern const struct ui_column ui_page_columns[];

void ui_page_view_init(struct ui_page_view *view, struct ui *ui);
void ui_page_view_done(struct ui_page_view *view);

/* Begins another host, with the cursor on the target that it is about. */
void ui_page_view_begin(struct ui_page_view *view, const struct ui_about *about);

/* Reads the model. Called before draw. */
void ui_page_view_update(struct ui_page_view *view);

/* Draws it; `hint` stands behind the number of probes. Returns false where nothing is watched of
 * the host: its name alone is drawn, then. */
bool ui_page_view_draw(
	struct ui_page_view *view, const struct ui_surface *surface, const char *hint);

/* Draws the chart alone, under the host's name. */
void ui_page_view_draw_chart(
	struct ui_page_view *view, const struct ui_surface *surface, const char *hint);

#endif
