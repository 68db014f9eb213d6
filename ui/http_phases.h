/* http_phases.h - where the time of an HTTP request went. */
#ifndef SOUNDER_UI_HTTP_PHASES_H
#define SOUNDER_UI_HTTP_PHASES_H

#include "draw.h"
#include "sounder/sheet.h"

/* When a phase began and ended, from the request's start; equal where it took no time. */
struct ui_http_phase {
	sdr_ns from, to;
};

/* Fills in the phases of that answer's request, in the order of UI_PHASE: names, connect, TLS,
 * first byte, rest. Returns how long it took in all; 0: it was not timed. */
sdr_ns ui_http_phases(const struct sdr_item *root, struct ui_http_phase phases[static UI_PHASES]);

/* Draws the phases of the request, a line each. Returns the lines used: one a phase that took any
 * time and an empty one; 0 where nothing was timed, or there is no room. */
int ui_http_phases_draw(const struct sdr_item *root, const struct ui_surface *s);

#endif
