/* record.h (internal) - what a model knows of watched targets, for summaries that are data:
 * percentiles, windows, outages. */
#ifndef SOUNDER_SHELL_RECORD_H
#define SOUNDER_SHELL_RECORD_H

#include "session/model_clock.h"
#include "shell/shell.h"

/* Zeroed: nothing is recorded. */
struct record {
	struct model_clock clock; /* its model is ours; NULL: nothing is recorded */
	struct sdr_sink model;    /* its context is NULL while nothing is recorded */
	struct sdr_report_record *room;
};

/* Has a model fed from now on, by the watch's limits. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_record_open(
	struct record *record, struct sdr_app *app, const struct sdr_watch *watch);
void sdr_record_close(struct record *record);

/* Feed it. */
void sdr_record_target(
	struct record *record, const struct sdr_target *target, enum sdr_target_event event);
void sdr_record_result(
	struct record *record, const struct sdr_target *target, const struct sdr_result *result);

/* Returns what is known of a target, valid until the next call; NULL: nothing. */
const struct sdr_report_record *sdr_record_of(struct record *record, uint32_t id);

#endif
