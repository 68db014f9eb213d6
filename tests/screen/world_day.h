/* world_day.h - a past of half hours, for world.c. */
#ifndef WORLD_DAY_H
#define WORLD_DAY_H

#include "sounder/uptime.h"

struct sdr_clocks;

/* Whose half hours pass. */
struct world_watched {
	const struct sdr_target *target;
	uint64_t *sequence; /* of its latest probe */
	sdr_ns rtt;
};

/* Lets the sink know of one: `.` up, `x` down, `d` down for a third of it. The clocks move on. */
void world_day_pass(const struct world_watched *of, const struct sdr_sink *sink,
	struct sdr_clocks *clocks, char mark);

/* "3.x": "...x" */
void world_repeat(const char *text, char *out, size_t size);

#endif
