/* uptime.c - time by cells. */
#include "model/uptime.h"

#include <math.h>
#include <string.h>

#define UNIT (SDR_SECOND / 100)
#define CELL_UNITS (SDR_UPTIME_CELL / UNIT)

bool sdr_uptime_is_up(enum sdr_state state)
{
	return state == SDR_STATE_UP || state == SDR_STATE_SLOW;
}

bool sdr_uptime_is_known(enum sdr_state state)
{
	return sdr_uptime_is_up(state) || state == SDR_STATE_DOWN;
}

/* Adds a span of units times a number of targets to cells; less than nothing is nothing. */
static void add(uint32_t *cells, int64_t from, int64_t to, int64_t targets)
{
	while (from < to) {
		int64_t cell = from / CELL_UNITS, end = (cell + 1) * CELL_UNITS;
		end = end < to ? end : to;
		uint32_t *at = &cells[cell % SDR_UPTIME_CELLS];
		int64_t sum = *at + (end - from) * targets;
		*at = sum < 0 ? 0 : sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
		from = end;
	}
}

/* The first unit of the oldest cell that is kept. */
static int64_t oldest(int64_t now)
{
	int64_t cell = now / CELL_UNITS - SDR_UPTIME_CELLS + 1;
	return cell > 0 ? cell * CELL_UNITS : 0;
}

/* Counts on up to `now`; cells that begin are blank. */
static void go_on(struct sdr_uptime *uptime, sdr_ns now)
{
	int64_t from = uptime->to / UNIT, to = now / UNIT;
	if (to <= from)
		return;
	if (from < oldest(to)) {
		memset(uptime->up, 0, sizeof(uptime->up));
		memset(uptime->known, 0, sizeof(uptime->known));
		from = oldest(to);
	} else {
		for (int64_t cell = from / CELL_UNITS + 1; cell <= to / CELL_UNITS; cell++)
			uptime->up[cell % SDR_UPTIME_CELLS] =
				uptime->known[cell % SDR_UPTIME_CELLS] = 0;
	}
	add(uptime->up, from, to, uptime->up_now);
	add(uptime->known, from, to, uptime->known_now);
	uptime->to = to * UNIT;
}

void sdr_uptime_join(struct sdr_uptime *uptime, enum sdr_state state, sdr_ns now)
{
	go_on(uptime, now);
	uptime->up_now += sdr_uptime_is_up(state);
	uptime->known_now += sdr_uptime_is_known(state);
}

void sdr_uptime_leave(struct sdr_uptime *uptime, enum sdr_state state, sdr_ns now)
{
	go_on(uptime, now);
	uptime->up_now -= sdr_uptime_is_up(state);
	uptime->known_now -= sdr_uptime_is_known(state);
}

void sdr_uptime_change(
	struct sdr_uptime *uptime, const struct sdr_uptime_change *change, sdr_ns now)
{
	int64_t from = change->since / UNIT, to, first;
	sdr_uptime_leave(uptime, change->from, now);
	sdr_uptime_join(uptime, change->to, now);
	to = uptime->to / UNIT;
	first = oldest(to);
	from = from > first ? from : first;
	add(uptime->up, from, to, sdr_uptime_is_up(change->to) - sdr_uptime_is_up(change->from));
	add(uptime->known, from, to,
		sdr_uptime_is_known(change->to) - sdr_uptime_is_known(change->from));
}

double sdr_uptime_read(
	const struct sdr_uptime *uptime, sdr_ns now, double shares[static SDR_UPTIME_CELLS])
{
	struct sdr_uptime copy = *uptime;
	double up = 0, known = 0;
	go_on(&copy, now);
	int64_t newest = copy.to / UNIT / CELL_UNITS;
	for (int i = 0; i < SDR_UPTIME_CELLS; i++) {
		int64_t cell = newest - SDR_UPTIME_CELLS + 1 + i;
		int64_t at = cell % SDR_UPTIME_CELLS;
		bool any = cell >= 0 && copy.known[at] > 0;
		shares[i] = any ? fmin((double)copy.up[at] / copy.known[at], 1) : NAN;
		up += any ? copy.up[at] : 0;
		known += any ? copy.known[at] : 0;
	}
	return known > 0 ? fmin(up / known, 1) : NAN;
}
