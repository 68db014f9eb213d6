/* group_board.h - the groups as a section of the overview: a line each, with a mark a member, the
 * last hour, and where its round trips are on a scale that all share. */
#ifndef SOUNDER_UI_GROUP_BOARD_H
#define SOUNDER_UI_GROUP_BOARD_H

#include "group_facts.h"
#include "panel.h"
#include "table.h"

struct ui_group_board {
	struct ui_group_facts facts;
	struct ui_table table; /* a line a group */
	int width;             /* of the surface that is drawn on */
};

void ui_group_board_init(struct ui_group_board *board);
void ui_group_board_done(struct ui_group_board *board);

/* Reads the groups that there is room for in so many rows, the section's rule included. */
void ui_group_board_update(struct ui_group_board *board, struct ui *ui, int rows);

/* Draws the section over the whole surface, its rule in the first row. */
void ui_group_board_draw(struct ui_group_board *board, const struct ui_surface *s);

/* Fills in the group under the cursor, and its targets. */
bool ui_group_board_subject(
	const struct ui_group_board *board, struct ui *ui, struct ui_subject *subject);
uint32_t ui_group_board_members(
	const struct ui_group_board *board, struct ui *ui, uint32_t *ids, uint32_t n);

#endif
