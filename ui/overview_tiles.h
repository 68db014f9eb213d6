/* overview_tiles.h - what the overview has of this host: a section each, side by side where there
 * is room. */
#ifndef SOUNDER_UI_OVERVIEW_TILES_H
#define SOUNDER_UI_OVERVIEW_TILES_H

#include "panel.h"
#include "table.h"

struct ui_overview_tiles {
	struct ui *ui; /* borrowed */
	struct ui_table resolvers, servers;
};

void ui_overview_tiles_init(struct ui_overview_tiles *tiles, struct ui *ui);
void ui_overview_tiles_done(struct ui_overview_tiles *tiles);

/* Returns the rows that they could use at that width. */
int ui_overview_tiles_want(struct ui *ui, int width);

/* Reads what there is; nothing where they are not shown. */
void ui_overview_tiles_update(struct ui_overview_tiles *tiles, bool shown);

/* Draws them over the whole surface. */
void ui_overview_tiles_draw(struct ui_overview_tiles *tiles, const struct ui_surface *s);

/* Fill in what is under the cursor of the resolvers, of the servers. */
bool ui_overview_tiles_resolver(const struct ui_overview_tiles *tiles, struct ui_subject *subject);
bool ui_overview_tiles_server(const struct ui_overview_tiles *tiles, struct ui_subject *subject);

#endif
