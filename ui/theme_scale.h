/* theme_scale.h - the colours of what is measured: each scale has steps, each of which a place, a
 * height or a sign shows as well. Red and yellow are of no scale: they are states. */
#ifndef SOUNDER_UI_THEME_SCALE_H
#define SOUNDER_UI_THEME_SCALE_H

#include "theme.h"

/* What a theme's background is. */
enum ui_shade {
	UI_SHADE_ANY,
	UI_SHADE_DARK,
	UI_SHADE_LIGHT,
	UI_SHADE_CONTRAST, /* dark, and nothing muted */
	UI_SHADES
};

/* Returns the colour of a style from UI_LOOKS on: of 256, or where `rich` is false of 16. */
short ui_theme_scale_ink(enum ui_style style, enum ui_shade shade, bool rich);

#endif
