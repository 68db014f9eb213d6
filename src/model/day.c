/* day.c - half hours by shares of a byte. */
#include "model/day.h"

#include <math.h>
#include <string.h>

#include "model/uptime.h"

#define WHOLE 200 /* all of a cell; each bound between two steps of a share is a whole number */
#define NOTHING 255

void sdr_day_init(struct sdr_day *day, sdr_ns from)
{
	*day = (struct sdr_day){.to = from};
	memset(day->shares, NOTHING, sizeof(day->shares));
}

/* All is only what was all, and none only what was none. */
static uint8_t share_of(const struct sdr_day *day)
{
	if (day->known == 0)
		return NOTHING;
	uint8_t share = (uint8_t)((uint64_t)day->up * WHOLE / day->known);
	return share == 0 && day->up > 0 ? 1 : share;
}

/* Within a cell. A failure shorter than what is counted is counted as the shortest. */
static void add(struct sdr_day *day, enum sdr_state state, sdr_ns until)
{
	uint32_t time = (uint32_t)(until / SDR_MS - day->to / SDR_MS);
	if (sdr_uptime_is_up(state)) {
		day->up += time;
		day->known += time;
	} else if (state == SDR_STATE_DOWN && until > day->to) {
		day->known += time > 0 ? time : 1;
	}
	day->to = until;
}

void sdr_day_count(struct sdr_day *day, enum sdr_state state, sdr_ns until)
{
	int64_t last = until / SDR_DAY_CELL;
	if (until <= day->to)
		return;
	if (last - day->to / SDR_DAY_CELL > SDR_DAY_CELLS) /* of what was before nothing is kept */
		sdr_day_init(day, (last - SDR_DAY_CELLS) * SDR_DAY_CELL);
	for (int64_t cell = day->to / SDR_DAY_CELL; cell < last; cell++) {
		add(day, state, (cell + 1) * SDR_DAY_CELL);
		day->shares[cell % SDR_DAY_CELLS] = share_of(day);
		day->up = day->known = 0;
	}
	add(day, state, until);
}

void sdr_day_read(const struct sdr_day *day, double shares[static SDR_DAY_CELLS])
{
	int64_t newest = day->to / SDR_DAY_CELL;
	for (int i = 0; i < SDR_DAY_CELLS; i++) {
		int64_t cell = newest - SDR_DAY_CELLS + 1 + i;
		uint8_t share = cell < 0 ? NOTHING
			: cell == newest ? share_of(day)
					 : day->shares[cell % SDR_DAY_CELLS];
		shares[i] = share == NOTHING ? NAN : (double)share / WHOLE;
	}
}
