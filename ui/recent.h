/* recent.h - the latest events of the journal, as a part of the overview. */
#ifndef SOUNDER_UI_RECENT_H
#define SOUNDER_UI_RECENT_H

#include "draw.h"
#include "ui.h"

/* Draws as many as there is room for, the latest first; what happened to several targets in one
 * second is one line. */
void ui_recent_draw(struct ui *ui, const struct ui_surface *s);

#endif
