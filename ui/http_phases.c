/* http_phases.c - a bar for each phase, one after the other: curl's times are cumulative, from the
 * start. */
#include "http_phases.h"

#include "number.h"

sdr_ns ui_http_phases(const struct sdr_item *root, struct ui_http_phase phases[static UI_PHASES])
{
	static const char *const keys[UI_PHASES] = {"time_namelookup", "time_connect",
		"time_appconnect", "time_starttransfer", "time_total"};
	sdr_ns from = 0;
	for (int i = 0; i < UI_PHASES; i++) {
		sdr_ns to = sdr_item_time(root, keys[i], 0);
		phases[i] = (struct ui_http_phase){from, to > from ? to : from};
		from = phases[i].to;
	}
	return sdr_item_time(root, keys[UI_PHASES - 1], 0);
}

int ui_http_phases_draw(const struct sdr_item *root, const struct ui_surface *s)
{
	static const char *const labels[UI_PHASES] = {"names", "connect", "TLS", "first byte"};
	struct ui_http_phase phases[UI_PHASES];
	sdr_ns total = ui_http_phases(root, phases);
	/* The body; or the time that went by until it failed. */
	const char *rest = sdr_item_time(root, "time_starttransfer", 0) > 0 ? "rest" : "failed";
	int line = 0;
	if (total <= 0 || s->width < 40 || s->height < UI_PHASES + 4)
		return 0;
	for (int i = 0; i < UI_PHASES; i++) {
		const struct ui_http_phase *phase = &phases[i];
		char number[UI_NUMBER_TEXT];
		if (phase->to == phase->from)
			continue;
		struct ui_surface value = ui_surface_part(s, line, 11, 1, 7),
				  bar = ui_surface_part(s, line, 23, 1, -1);
		ui_draw_text(s, line, 0, UI_DIM, labels[i] ? labels[i] : rest);
		ui_draw_right(&value, 0, UI_PLAIN, ui_number_ms(number, phase->to - phase->from));
		ui_draw_text(s, line++, 19, UI_DIM, "ms");
		ui_draw_bar(&bar, (enum ui_style)(UI_PHASE + i),
			(double)phase->from / (double)total, (double)phase->to / (double)total);
	}
	return line ? line + 1 : 0;
}
