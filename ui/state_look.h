/* state_look.h - how a target's state looks: a sign and a style. */
#ifndef SOUNDER_UI_STATE_LOOK_H
#define SOUNDER_UI_STATE_LOOK_H

#include "draw.h"
#include "sounder/model.h"

enum ui_style ui_state_style(enum sdr_state state);
enum ui_glyph ui_state_sign(enum sdr_state state);

#endif
