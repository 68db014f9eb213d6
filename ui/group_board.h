/* group_board.h - the groups as a section of the overview: a line each, with a mark a member, the
 * last hour, and where its round trips are on a scale that all share. */
#ifndef SOUNDER_UI_GROUP_BOARD_H
#define SOUNDER_UI_GROUP_BOARD_H

#include "draw.h"
#include "group_facts.h"

/* Draws the section over the whole surface, its rule in the first row. */
void ui_group_board_draw(const struct ui_group_facts *facts, const struct ui_surface *s);

/* Draws the last hour of a group or of all, a cell each, and returns the cells used. */
int ui_group_board_hour(
	const struct ui_surface *s, int column, const double shares[static SDR_UPTIME_CELLS]);

#endif
