/* panels.h - the table of panels. */
#ifndef SOUNDER_UI_PANELS_H
#define SOUNDER_UI_PANELS_H

#include "panel.h"

/* The panels in the order of panels.def, which is that of their digits. NULL past the end. */
const struct ui_panel *ui_panel_at(unsigned index);
unsigned ui_panel_count(void);

#endif
