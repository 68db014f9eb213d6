/* event_line.c - what was, the arrow, what is, and why. */
#include "event_line.h"

#include <stdio.h>
#include <string.h>

#define ARROW " -> "

int ui_event_line_draw(const struct ui_surface *s, int column, enum sdr_tone tone, const char *text)
{
	const char *arrow = strstr(text, ARROW);
	enum ui_style style = (enum ui_style)tone;
	int at = column;
	if (!arrow)
		return ui_draw_text(s, 0, at, style, text);
	const char *state = arrow + strlen(ARROW), *rest = state + strcspn(state, " ");
	at += ui_draw_printf(s, 0, at, UI_DIM, "%.*s", (int)(state - text), text);
	at += ui_draw_printf(s, 0, at, style, "%.*s", (int)(rest - state), state);
	at += ui_draw_text(s, 0, at, UI_PLAIN, rest);
	return at - column;
}
