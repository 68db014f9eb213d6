/* path_cells.h - cells of a hop's line on the Path panel. */
#ifndef SOUNDER_UI_PATH_CELLS_H
#define SOUNDER_UI_PATH_CELLS_H

#include "draw.h"
#include "sounder/path.h"

/* Whether it has losses of the path, or the path ends before it. */
bool ui_path_loses(const struct sdr_path_hop *hop);
enum ui_style ui_path_style(const struct sdr_path_hop *hop);

void ui_path_draw_router(const struct sdr_path_hop *hop, const struct ui_surface *s);
void ui_path_draw_answers(const struct sdr_path_hop *hop, const struct ui_surface *s);

/* From when the hop before had answered to when this one has: where the time is spent. `hop` is
 * from 1. */
void ui_path_draw_time(const struct sdr_path *path, unsigned hop, const struct ui_surface *s);

#endif
