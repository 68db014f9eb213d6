/* ui_hook.h - bell and programs for targets that go DOWN or come up. */
#ifndef SOUNDER_UI_UI_HOOK_H
#define SOUNDER_UI_UI_HOOK_H

#include "ui_state.h"

void ui_hook_look(struct ui *ui);
void ui_hook_close(struct ui *ui);

#endif
