/* overview_strip.h - the totals, in one line. */
#ifndef SOUNDER_UI_OVERVIEW_STRIP_H
#define SOUNDER_UI_OVERVIEW_STRIP_H

#include "draw.h"
#include "ui.h"

/* "52 watched   x 3 down   ^ 2 slow   + 45 up      99.1 % up in 1 h   43.8 probes/s"; on a
 * narrow screen "52 x3 ^2 +45". */
void ui_overview_strip_draw(struct ui *ui, const struct ui_surface *s);

#endif
