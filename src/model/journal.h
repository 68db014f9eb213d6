/* journal.h (internal) - the last so many events, in memory of a fixed size. */
#ifndef SOUNDER_MODEL_JOURNAL_H
#define SOUNDER_MODEL_JOURNAL_H

#include "base/ring.h"
#include "sounder/model.h"

struct sdr_journal {
	struct sdr_ring ring; /* of struct sdr_event */
};

/* ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_journal_init(struct sdr_journal *journal);
SDR_MUST_CHECK enum sdr_status sdr_journal_copy(
	struct sdr_journal *copy, const struct sdr_journal *journal);
void sdr_journal_done(struct sdr_journal *journal);

/* Adds an event and returns it, for its text to be filled in. */
struct sdr_event *sdr_journal_add(
	struct sdr_journal *journal, sdr_wall when, enum sdr_tone tone, const char *subject);

/* As sdr_model_event, sdr_model_event_count. */
const struct sdr_event *sdr_journal_event(const struct sdr_journal *journal, uint32_t back);
uint64_t sdr_journal_count(const struct sdr_journal *journal);

#endif
