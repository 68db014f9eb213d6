/* theme_scale.c - colours by scale, by background, by step. On a background that is not known they
 * stand out from black and from white alike. */
#include "theme_scale.h"

#define FEW UI_SHADES /* of 16 colours: the same on every background */

static const struct {
	enum ui_style first;
	short inks[UI_SHADES + 1][UI_STEPS];
} scales[] = {
	{UI_LATENCY,
		{
			[UI_SHADE_ANY] = {29, 30, 31, 68, 61, 97, 133},
			[UI_SHADE_DARK] = {72, 73, 74, 68, 104, 140, 176},
			[UI_SHADE_LIGHT] = {29, 30, 31, 25, 61, 97, 133},
			[UI_SHADE_CONTRAST] = {48, 50, 51, 117, 147, 183, 219},
			[FEW] = {2, 2, 6, 6, 12, 13, 13},
		}},
	{UI_AREA,
		{
			[UI_SHADE_ANY] = {30, 30, 31, 67, 68, 61, 97},
			[UI_SHADE_DARK] = {30, 30, 73, 74, 110, 146, 182},
			[UI_SHADE_LIGHT] = {66, 67, 31, 25, 61, 62, 98},
			[UI_SHADE_CONTRAST] = {37, 43, 44, 80, 117, 153, 189},
			[FEW] = {4, 4, 6, 6, 6, 14, 14},
		}},
	{UI_SHARE,
		{
			[UI_SHADE_ANY] = {30, 66, 101, 137, 131},
			[UI_SHADE_DARK] = {30, 66, 101, 137, 131},
			[UI_SHADE_LIGHT] = {30, 66, 101, 137, 131},
			[UI_SHADE_CONTRAST] = {44, 80, 187, 216, 211},
			[FEW] = {6, 6, 3, 3, 1},
		}},
	{UI_LABEL,
		{
			[UI_SHADE_ANY] = {-1, -1, -1, -1, -1, -1, -1},
			[UI_SHADE_DARK] = {110, 73, 146, 139, 109, 104, 108},
			[UI_SHADE_LIGHT] = {25, 23, 61, 96, 60, 63, 22},
			[UI_SHADE_CONTRAST] = {117, 80, 183, 176, 153, 147, 120},
			[FEW] = {12, 6, 14, 13, 6, 12, 2},
		}},
	{UI_PHASE,
		{
			[UI_SHADE_ANY] = {67, 30, 96, 31, 61},
			[UI_SHADE_DARK] = {109, 73, 139, 74, 146},
			[UI_SHADE_LIGHT] = {67, 30, 96, 31, 61},
			[UI_SHADE_CONTRAST] = {117, 44, 183, 80, 147},
			[FEW] = {14, 6, 5, 12, 7},
		}},
};

short ui_theme_scale_ink(enum ui_style style, enum ui_shade shade, bool rich)
{
	unsigned scale = sizeof(scales) / sizeof(*scales) - 1;
	while (scales[scale].first > style)
		scale--;
	return scales[scale].inks[rich ? shade : FEW][style - scales[scale].first];
}
