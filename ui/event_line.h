/* event_line.h - the text of a journal's entry: of a change the state alone is in its colour. */
#ifndef SOUNDER_UI_EVENT_LINE_H
#define SOUNDER_UI_EVENT_LINE_H

#include "draw.h"
#include "sounder/model.h"

/* Draws "up -> DOWN after 3 lost probes" in the surface's first row. Returns the cells used. */
int ui_event_line_draw(
	const struct ui_surface *s, int column, enum sdr_tone tone, const char *text);

#endif
