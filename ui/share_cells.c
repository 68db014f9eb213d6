/* share_cells.c - five steps, by height and by colour. */
#include "share_cells.h"

#include <math.h>

#include "scale.h"

void ui_share_cells_draw(const struct ui_surface *s, int column, const double *shares, int count)
{
	static const uint32_t blocks[UI_SHARES] = {0x2586, 0x2585, 0x2584, 0x2582, 0x2581};
	for (int i = 0; i < count; i++) {
		unsigned step = isnan(shares[i]) ? 0 : ui_share_step(shares[i]);
		if (isnan(shares[i]))
			ui_draw_text(s, 0, column + i, UI_RULE, ui_draw_glyph(s, UI_GLYPH_UNKNOWN));
		else
			ui_draw_cell(s, 0, column + i, (enum ui_style)(UI_SHARE + (int)step),
				blocks[step]);
	}
}
