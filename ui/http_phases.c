/* http_phases.c - a bar for each phase, one after the other: curl's times are cumulative, from the
 * start. */
#include "http_phases.h"

#include "number.h"

static const struct {
	const char *key, *label;
} phases[] = {
	{"time_namelookup", "names"}, {"time_connect", "connect"}, {"time_appconnect", "TLS"},
	{"time_starttransfer", "first byte"},
	{"time_total", NULL}, /* the body; or the time that went by until it failed */
};

#define PHASES (sizeof(phases) / sizeof(phases[0]))

static sdr_ns phase_end(const struct sdr_item *root, const char *key)
{
	const struct sdr_item *item = sdr_item_find(root, key);
	return item && item->kind == SDR_ITEM_DURATION ? item->value.integer : 0;
}

sdr_ns ui_http_total(const struct sdr_item *root)
{
	return phase_end(root, "time_total");
}

int ui_http_phases_draw(const struct sdr_item *root, const struct ui_surface *s)
{
	sdr_ns total = phase_end(root, "time_total"), from = 0;
	bool answered = phase_end(root, "time_starttransfer") > 0;
	int line = 0;
	if (total <= 0 || s->width < 40 || s->height < (int)PHASES + 4)
		return 0;
	for (size_t i = 0; i < PHASES; i++) {
		sdr_ns to = phase_end(root, phases[i].key);
		char number[UI_NUMBER_TEXT];
		if (to <= from)
			continue;
		struct ui_surface value = ui_surface_part(s, line, 11, 1, 7),
				  bar = ui_surface_part(s, line, 23, 1, -1);
		ui_draw_text(s, line, 0, UI_DIM,
			phases[i].label    ? phases[i].label
				: answered ? "rest"
					   : "failed");
		ui_draw_right(&value, 0, UI_PLAIN, ui_number_ms(number, to - from));
		ui_draw_text(s, line++, 19, UI_DIM, "ms");
		ui_draw_bar(&bar, (enum ui_style)(UI_PHASE + (int)i), (double)from / (double)total,
			(double)to / (double)total);
		from = to;
	}
	return line ? line + 1 : 0;
}
