/* path_cells.c - what stands in the line of a hop. */
#include "path_cells.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "scale.h"

bool ui_path_loses(const struct sdr_path_hop *hop)
{
	return strcmp(hop->state, "loss") == 0 || strcmp(hop->state, "unreached") == 0;
}

enum ui_style ui_path_style(const struct sdr_path_hop *hop)
{
	return ui_path_loses(hop) ? UI_WARNING : hop->addr.version == 0 ? UI_DIM : UI_PLAIN;
}

void ui_path_draw_router(const struct sdr_path_hop *hop, const struct ui_surface *s)
{
	char text[SDR_ADDR_TEXT];
	if (hop->addr.version == 0) {
		ui_draw_text(s, 0, 0, UI_DIM, "no answer");
		return;
	}
	int used = ui_draw_name(s, 0, 0, ui_path_style(hop), sdr_addr_format(text, &hop->addr));
	if (hop->more > 0)
		ui_draw_printf(s, 0, used + 1, UI_DIM, "+%u", hop->more);
}

void ui_path_draw_answers(const struct sdr_path_hop *hop, const struct ui_surface *s)
{
	char text[UI_NUMBER_TEXT + 2];
	uint64_t ended = hop->received + hop->lost;
	if (hop->addr.version == 0)
		snprintf(text, sizeof(text), "0 %%");
	else if (ended == 0)
		snprintf(text, sizeof(text), "-");
	else
		snprintf(text, sizeof(text), "%.0f %%",
			floor(100.0 * (double)hop->received / (double)ended));
	ui_draw_right(s, 0, UI_DIM, text);
}

void ui_path_draw_time(const struct sdr_path *path, unsigned hop, const struct ui_surface *s)
{
	sdr_ns from = 0, to = path->hops[hop - 1].p50, longest = 0;
	for (unsigned i = 0; i < path->count; i++)
		longest = path->hops[i].p50 > longest ? path->hops[i].p50 : longest;
	for (unsigned i = 0; i + 1 < hop; i++)
		if (path->hops[i].p50 != SDR_NS_NONE)
			from = path->hops[i].p50;
	if (to == SDR_NS_NONE || longest <= 0)
		return;
	double end = (double)to / (double)longest, begin = (double)from / (double)longest;
	if (begin > end) /* routers may be slower to answer than to forward */
		begin = end;
	if (end - begin < 1.0 / (s->width > 0 ? s->width : 1))
		begin = end - 1.0 / (s->width > 0 ? s->width : 1);
	ui_draw_bar(s, ui_latency_style(to), begin < 0 ? 0 : begin, end);
}
