/* ping_detail.h - one target in detail: a chart of its recent probes, its figures by window, its
 * outages, the errors it met, and its last day. */
#ifndef SOUNDER_UI_PING_DETAIL_H
#define SOUNDER_UI_PING_DETAIL_H

#include "draw.h"
#include "ping_chart.h"

/* All-zero is ready. */
struct ui_ping_detail {
	struct ui_ping_chart chart;
};

/* Whether there is room for one: below nothing is drawn. */
bool ui_ping_detail_fits(const struct ui_surface *s);

/* Draws the detail of the target at that position of the model. */
void ui_ping_detail_draw(struct ui_ping_detail *detail, struct ui *ui, uint32_t position,
	const struct sdr_row *row, const struct ui_surface *s);

#endif
