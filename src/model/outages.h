/* outages.h (internal) - the outages and the faults of all targets, in memory of a fixed size: the
 * oldest make room. */
#ifndef SOUNDER_MODEL_OUTAGES_H
#define SOUNDER_MODEL_OUTAGES_H

#include "base/ring.h"
#include "sounder/model.h"
#include "sounder/outage_sum.h"

#define SDR_OUTAGES_KEPT 4096 /* outages, and faults; a power of two */

/* Which slot of a ring has a key: chains by hash, a link a slot. Slots count from 1, 0 is none. */
struct sdr_slot_index {
	uint64_t keys[SDR_OUTAGES_KEPT];
	uint32_t heads[SDR_OUTAGES_KEPT], next[SDR_OUTAGES_KEPT];
};

struct sdr_outage_log {
	struct sdr_ring outages, faults; /* of struct outage, struct fault */
	struct sdr_slot_index open;      /* the outages that go on, by serial */
	struct sdr_slot_index known;     /* the faults, by serial and outcome */
};

/* ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_outages_init(struct sdr_outage_log *log);
SDR_MUST_CHECK enum sdr_status sdr_outages_copy(
	struct sdr_outage_log *copy, const struct sdr_outage_log *log);
void sdr_outages_done(struct sdr_outage_log *log);

/* An outage of the target with that serial number begins; ends, if one goes on. `why` may be
 * NULL. */
void sdr_outages_begin(
	struct sdr_outage_log *log, uint32_t serial, sdr_ns at, sdr_wall wall, const char *why);
void sdr_outages_end(struct sdr_outage_log *log, uint32_t serial, sdr_ns at, sdr_wall wall);

/* Updates the cause of the open outage. */
void sdr_outages_explain(struct sdr_outage_log *log, uint32_t serial, const char *why);

/* A probe failed. `why` may be NULL. */
void sdr_outages_fault(struct sdr_outage_log *log, uint32_t serial, enum sdr_outcome outcome,
	const char *why, sdr_wall when);

/* As sdr_model_outage_sum. */
void sdr_outages_sum(
	const struct sdr_outage_log *log, sdr_ns from, sdr_ns to, struct sdr_outage_sum *sum);

/* As sdr_model_outages, sdr_model_faults. */
uint32_t sdr_outages_list(const struct sdr_outage_log *log, uint32_t serial, sdr_ns now,
	struct sdr_outage *outages, uint32_t n);
uint32_t sdr_outages_faults(
	const struct sdr_outage_log *log, uint32_t serial, struct sdr_fault *faults, uint32_t n);

#endif
