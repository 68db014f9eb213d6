/* overview_rooms.c - each in turn gets what it could use of what is left. */
#include "overview_rooms.h"

#include <stdbool.h>

#define TABLE_LEAST 4 /* its rule, its head, two lines */
#define SMALL 12      /* rows below which the table is alone */
#define LOW 18        /* below which there are no totals, no groups, no log */
#define AIRY 36       /* from which sections stand apart */
#define LOG_FIRST 4   /* rows of the log that come before this host */
#define TILES_LEAST 4

static int least(int a, int b)
{
	return a < b ? a : b;
}

static void raise_to(int *rows, int wanted, int *left)
{
	int more = least(wanted - *rows, *left);
	if (more > 0) {
		*rows += more;
		*left -= more;
	}
}

/* The same of a section that may have none: a rule alone is no use. */
static void open_to(int *rows, int wanted, int *left)
{
	raise_to(rows, wanted, left);
	if (*rows == 1) {
		*rows = 0;
		*left += 1;
	}
}

struct ui_overview_rooms ui_overview_share(const struct ui_overview_wants *wants, int height)
{
	struct ui_overview_rooms rooms = {0};
	bool low = height < LOW;
	int left = height, table = wants->table > TABLE_LEAST ? wants->table : TABLE_LEAST;
	rooms.gap = height >= AIRY;
	if (!low && wants->groups) {
		rooms.strip = 1 + rooms.gap;
		left -= rooms.strip;
	}
	left -= rooms.gap * ((wants->groups > 0) + (wants->log > 0) + (wants->tiles > 0));
	raise_to(&rooms.table, TABLE_LEAST, &left);
	if (height < SMALL) {
		raise_to(&rooms.table, height, &left);
		return rooms;
	}
	raise_to(&rooms.table, least(least(wants->wrong + 3, table), height / 2), &left);
	if (!low) {
		open_to(&rooms.groups, least(wants->groups, height * 2 / 5), &left);
		open_to(&rooms.log, least(wants->log, LOG_FIRST), &left);
	}
	int share = height * 2 / 5, tiles = least(wants->tiles, share > left ? left : share);
	if (tiles >= least(TILES_LEAST, wants->tiles))
		raise_to(&rooms.tiles, tiles, &left);
	raise_to(&rooms.table, table, &left);
	raise_to(&rooms.tiles, rooms.tiles ? wants->tiles : 0, &left);
	open_to(&rooms.log, low ? 0 : wants->log, &left);
	return rooms;
}
