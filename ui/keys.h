/* keys.h - what a key does, by where the screen stands. */
#ifndef SOUNDER_UI_KEYS_H
#define SOUNDER_UI_KEYS_H

#include "ui_state.h"

void ui_on_event(struct ui *ui, const struct ui_event *event);
void ui_typed(struct ui *ui, struct ui_slot *slot, bool enter);

#endif
