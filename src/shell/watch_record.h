/* watch_record.h (internal) - what the model knows of a watched target, for summaries that are
 * data: percentiles, windows, outages. */
#ifndef SOUNDER_SHELL_WATCH_RECORD_H
#define SOUNDER_SHELL_WATCH_RECORD_H

#include "shell/watch_items.h"

/* Has the model fed where the format's summaries show it. Call it once the watch's own sink is in
 * place, so that a target that is removed is still known when that hears of it. */
SDR_MUST_CHECK enum sdr_status sdr_watch_record_open(struct watching *w);

/* Notes in `item->gone` what is known of a target that is about to be forgotten. */
void sdr_watch_record_keep(const struct watching *w, struct item *item, uint32_t id);

/* Returns what is known of an item's target, in `room` or kept before; NULL where no record is
 * kept, or, with a complaint and exit 2, where there was no memory for it. */
const struct sdr_report_record *sdr_watch_record_of(
	const struct watching *w, const struct item *item, struct sdr_report_record *room);

#endif
