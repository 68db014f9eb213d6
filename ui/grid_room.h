/* grid_room.h - on a slow line a frame has room for some of the rows that changed; the others
 * follow, as they look by then. Pure. */
#ifndef SOUNDER_UI_GRID_ROOM_H
#define SOUNDER_UI_GRID_ROOM_H

#include <stdbool.h>
#include <stddef.h>

#include "grid.h"

/* Chooses rows that changed, into grid->chosen: those of a cursor, which a key moved (`cursor`,
 * -1: none, and where a bar is or was), and of about `room` bytes in all, but one at least, from
 * *next on and from the top again. Returns whether that is all that changed; if not, *next is the
 * first row that was left out. */
bool ui_grid_choose(const struct ui_grid *grid, size_t room, int cursor, int *next);

#endif
