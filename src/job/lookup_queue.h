/* lookup_queue.h (internal) - a lookup's questions under way: some at a time, their answers
 * handed on in the order of asking, or as they come. */
#ifndef SOUNDER_JOB_LOOKUP_QUEUE_H
#define SOUNDER_JOB_LOOKUP_QUEUE_H

#include <sys/queue.h>

#include "job/procedure.h"

struct question;

/* An empty one has its job, and TAILQ_INIT(&queue->questions). */
struct lookup_queue {
	struct sdr_job *job;
	TAILQ_HEAD(questions, question) questions; /* in the order of asking; owned */
	unsigned count;
	uint64_t ended[SDR_EXIT_FAIL + 1]; /* how many, by exit code */
};

/* Asks about a word; NULL for a lookup without words. Faults are complained about in their turn. */
void sdr_lookup_queue_ask(struct lookup_queue *queue, const char *word);

/* Has the lookup answer about all words together. */
void sdr_lookup_queue_finish(struct lookup_queue *queue);

/* Whether as many are under way as may be; the job's `step` is called when one has ended. */
bool sdr_lookup_queue_full(const struct lookup_queue *queue);
bool sdr_lookup_queue_pending(const struct lookup_queue *queue);

/* Takes back what is under way. */
void sdr_lookup_queue_drop(struct lookup_queue *queue);

#endif
