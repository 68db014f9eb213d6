/* group_line.h - the line at the head of a group: its worst state, its name, how many of it are up,
 * and what the others are. */
#ifndef SOUNDER_UI_GROUP_LINE_H
#define SOUNDER_UI_GROUP_LINE_H

#include "monitors.h"

#define UI_MEMBER_INDENT 2 /* cells that members' names stand in from it */

/* Returns the cells for the name on a line of so many, so that counts stand below each other. */
static inline int ui_group_line_room(int width)
{
	return width / 2 < 24 ? width / 2 : 24;
}

/* For the verbs `cell`, `look` and `span` of the table's rows, with a block's number. */
void ui_group_line_draw(struct ui_monitors *monitors, uint32_t block, unsigned column,
	const struct ui_surface *surface);
uint64_t ui_group_line_stamp(const struct ui_monitors *monitors, uint32_t block);
unsigned ui_group_line_span(const struct ui_monitors *monitors, unsigned column);

#endif
