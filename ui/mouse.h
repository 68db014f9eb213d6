/* mouse.h - what the mouse does, where it is taken: tabs, heads of columns, lines, the wheel. */
#ifndef SOUNDER_UI_MOUSE_H
#define SOUNDER_UI_MOUSE_H

#include "ui_state.h"

/* Returns the key that a click in the overlay stands for, 0: none. */
uint32_t ui_mouse(struct ui *ui, const struct ui_event *event);

#endif
