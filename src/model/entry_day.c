/* entry_day.c - a target's last day. Most are up all day: for these it follows from when they came
 * up, and takes no memory. */
#include <stdlib.h>

#include "model/entry.h"
#include "model/uptime.h"

static struct sdr_day *begun(const struct sdr_entry *entry)
{
	return entry->extras ? entry->extras->day : NULL;
}

/* NULL when out of memory: of what was before nothing is known then. */
static struct sdr_day *begin(struct sdr_entry *entry, sdr_ns ahead)
{
	struct sdr_extras *extras = sdr_entry_extras(entry);
	if (!extras)
		return NULL;
	extras->day = malloc(sizeof(*extras->day));
	if (extras->day)
		sdr_day_init(extras->day, entry->since_mono + ahead);
	return extras->day;
}

void sdr_entry_count_day(struct sdr_entry *entry, enum sdr_state state, sdr_ns until, sdr_ns ahead)
{
	struct sdr_day *day = begun(entry);
	if (!day && sdr_uptime_is_known(state))
		day = begin(entry, ahead);
	if (day)
		sdr_day_count(day, state, until + ahead);
}

sdr_ns sdr_entry_day(const struct sdr_entry *entry, sdr_ns now, sdr_ns ahead,
	double shares[static SDR_DAY_CELLS])
{
	struct sdr_day day;
	if (begun(entry))
		day = *begun(entry);
	else
		sdr_day_init(&day, entry->since_mono + ahead);
	sdr_day_count(&day, (enum sdr_state)entry->health.state, now + ahead);
	sdr_day_read(&day, shares);
	return day.to % SDR_DAY_CELL + (SDR_DAY_CELLS - 1) * SDR_DAY_CELL;
}
