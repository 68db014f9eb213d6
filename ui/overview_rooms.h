/* overview_rooms.h - who gets how many rows of the overview. */
#ifndef SOUNDER_UI_OVERVIEW_ROOMS_H
#define SOUNDER_UI_OVERVIEW_ROOMS_H

/* What each section could use, its rule included; 0: nothing. */
struct ui_overview_wants {
	int table; /* all targets */
	int wrong; /* those of them with something wrong */
	int groups;
	int log;
	int tiles;
};

struct ui_overview_rooms {
	int strip; /* the totals, with the blank row behind them */
	int table, groups, log, tiles;
	int gap; /* rows that are left blank before each section but the first */
};

/* Shares out `height` rows. What is wrong comes first, then groups, a few lines of the log, this
 * host; then all targets; what is left is the log's. */
struct ui_overview_rooms ui_overview_share(const struct ui_overview_wants *wants, int height);

#endif
