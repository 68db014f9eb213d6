/* day_strip.h - the strip of the day: how much of each half hour a target was up, in a row of
 * cells, with the times of the wall clock. */
#ifndef SOUNDER_UI_DAY_STRIP_H
#define SOUNDER_UI_DAY_STRIP_H

#include "draw.h"
#include "sounder/uptime.h"

struct ui_day {
	double shares[SDR_DAY_CELLS]; /* of sdr_model_day */
	sdr_ns since;                 /* likewise: how long ago the first of them began */
	sdr_wall now;
};

/* Draws it into the surface's first row; where there is a second one, hours under it. Where it is
 * narrow two half hours share a cell, as bad as the worse of them. Returns the rows used: 0 where
 * there is no room. */
int ui_day_strip_draw(const struct ui_surface *s, const struct ui_day *day);

#endif
