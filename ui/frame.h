/* frame.h - one frame, and what shows whether the next would look the same. */
#ifndef SOUNDER_UI_FRAME_H
#define SOUNDER_UI_FRAME_H

#include "ui_state.h"

void ui_frame_draw(struct ui *ui, const struct ui_surface *screen);
void ui_frame_versions(const struct ui *ui, struct ui_versions *versions);

#endif
