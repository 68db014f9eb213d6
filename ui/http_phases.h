/* http_phases.h - where the time of an HTTP request went. */
#ifndef SOUNDER_UI_HTTP_PHASES_H
#define SOUNDER_UI_HTTP_PHASES_H

#include "draw.h"
#include "sounder/sheet.h"

/* Returns how long the request of that answer took; 0: it was not timed. */
sdr_ns ui_http_total(const struct sdr_item *root);

/* Draws the phases of the request, a line each. Returns the lines used: one a phase that took any
 * time and an empty one; 0 where nothing was timed, or there is no room. */
int ui_http_phases_draw(const struct sdr_item *root, const struct ui_surface *s);

#endif
