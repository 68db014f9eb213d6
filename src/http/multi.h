/* multi.h (internal) - libcurl's multi interface on our loop: sockets by uv_poll, its one timer by uv_timer, and a ceiling on sockets. */
#ifndef SOUNDER_HTTP_MULTI_H
#define SOUNDER_HTTP_MULTI_H

#include <stdbool.h>

#include "http/curl.h"
#include "sounder/clock.h"

struct uv_loop_s;
struct sdr_multi;

#define SDR_MULTI_JOBS_MAX 64 /* transfers at once, so sockets too; the rest wait their turn */

/* One easy handle under way or waiting; embedded in its owner, which outlives it. */
struct sdr_multi_job {
	CURL *easy;                               /* owned by the embedder */
	sdr_ns deadline;                          /* when waiting for a turn is given up */
	void (*begin)(struct sdr_multi_job *job); /* its turn has come: set what depends on the time left; may be NULL */
	void (*done)(struct sdr_multi_job *job, bool run, CURLcode code); /* once; `run` false: its turn never came */
	struct sdr_multi_job *next, *previous;                            /* private: in the queue or among the running */
	bool queued, running;                                             /* private */
};

/* Makes the multi handle; the first one loads and initialises libcurl (some milliseconds, hence not at start-up). ENOENT without libcurl, with
 * `error`; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_multi_new(struct uv_loop_s *loop, struct sdr_multi **multi, struct sdr_error *error);

/* Returns libcurl's functions. */
const struct sdr_curl *sdr_multi_curl(const struct sdr_multi *multi);

/* Gives up all jobs without a callback; the memory goes as the loop runs on. NULL is allowed. */
void sdr_multi_free(struct sdr_multi *multi);

/* Queues a job; it begins on the loop's next turn at the earliest. */
void sdr_multi_add(struct sdr_multi *multi, struct sdr_multi_job *job);

/* Takes a job out; `done` will not be called. Not from within its own libcurl callbacks. */
void sdr_multi_remove(struct sdr_multi *multi, struct sdr_multi_job *job);

#endif
