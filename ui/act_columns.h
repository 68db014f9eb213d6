/* act_columns.h - which columns a panel's table has, and in what order: as the user wants them. */
#ifndef SOUNDER_UI_ACT_COLUMNS_H
#define SOUNDER_UI_ACT_COLUMNS_H

#include "sounder/out.h"

struct ui;

/* Has the focused panel's table drawn so; before a frame. */
void ui_columns_settle(struct ui *ui);

/* In the list of columns: moves the one under the cursor up (-1) or down (+1). Does nothing where
 * another list, or none, is open. */
void ui_columns_shift(struct ui *ui, int step);

/* Writes the lines that bring them about again. */
void ui_columns_write(struct ui *ui, struct sdr_out *out);

#endif
