/* multi.h (internal) - libcurl's multi interface on our loop: sockets by uv_poll, its one timer by
 * uv_timer, and a ceiling on connections. */
#ifndef SOUNDER_HTTP_MULTI_H
#define SOUNDER_HTTP_MULTI_H

#include <stdbool.h>

#include "http/curl.h"
#include "http/tls.h"
#include "http/trust.h"
#include "sounder/clock.h"

struct uv_loop_s;
struct sdr_multi;

#define SDR_MULTI_JOBS_MAX 64 /* transfers at once, so sockets too; the rest wait in a queue */

/* One transfer: it waits in the queue, then prepares itself, then libcurl runs it. Embedded in its
 * owner, which outlives it. */
struct sdr_multi_job {
	CURL *easy;      /* owned by the embedder; from sdr_multi_run on */
	sdr_ns deadline; /* when waiting in the queue is given up; a running one is ended a second
			    later; 0: never */
	void (*begin)(struct sdr_multi_job *job); /* it may start: call sdr_multi_run or
						     sdr_multi_remove next */
	void (*arrived)(struct sdr_multi_job *job,
		int fd); /* bytes wait on its socket, libcurl has not read them yet; may be NULL */
	void (*done)(struct sdr_multi_job *job, bool run,
		CURLcode code);                /* once; `run` false: it was never started */
	int fd;                                /* its connection's, once libcurl has it; -1 */
	uint64_t received;                     /* what came over it in all, once it is closed */
	bool starved;                          /* private: its socket can't be watched */
	struct sdr_multi_job *next, *previous; /* private: in one of the lists */
	enum sdr_multi_place {
		SDR_MULTI_OUT,
		SDR_MULTI_WAITING,
		SDR_MULTI_PREPARING,
		SDR_MULTI_RUNNING
	} place; /* private */
};

/* Makes it. libcurl is loaded meanwhile, off the loop; jobs wait for that. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_multi_new(struct uv_loop_s *loop, struct sdr_multi **multi);

/* From a job's `begin` on: libcurl's functions; OpenSSL's, or NULL; trusted certificates; the
 * loop. */
const struct sdr_curl *sdr_multi_curl(const struct sdr_multi *multi);
const struct sdr_tls *sdr_multi_tls(const struct sdr_multi *multi);
struct sdr_trust *sdr_multi_trust(const struct sdr_multi *multi);
struct uv_loop_s *sdr_multi_loop(const struct sdr_multi *multi);

/* Returns why no job can run (a sentence): libcurl is not loaded yet, or could not be; NULL where
 * it is. */
const char *sdr_multi_fault(const struct sdr_multi *multi);

/* Returns the arrival time of the bytes that libcurl is reading: taken when poll returned, before
 * libcurl was called; the present time where libcurl found them by itself. Monotonic. */
sdr_ns sdr_multi_stamp(const struct sdr_multi *multi);

/* libcurl's CURLOPT_CLOSESOCKETFUNCTION, with the multi as its data: a connection may outlive its
 * job. */
int sdr_multi_close_socket(void *multi, curl_socket_t fd);

/* Gives up all jobs without a callback; the memory goes as the loop runs on. NULL is allowed. */
void sdr_multi_free(struct sdr_multi *multi);

/* Queues a job; it begins in the next loop iteration at the earliest. */
void sdr_multi_add(struct sdr_multi *multi, struct sdr_multi_job *job);

/* Has libcurl run a job that `begin` was called for; what can be sent is sent before this returns,
 * `done` is called later. False: libcurl refused. */
SDR_MUST_CHECK bool sdr_multi_run(struct sdr_multi *multi, struct sdr_multi_job *job);

/* Ends a running job before long, as a time-out, whatever libcurl would wait for. Also from within
 * its libcurl callbacks. */
void sdr_multi_hurry(struct sdr_multi *multi, struct sdr_multi_job *job, sdr_ns left);

/* Takes a job out; `done` will not be called. Not from within its own libcurl callbacks. */
void sdr_multi_remove(struct sdr_multi *multi, struct sdr_multi_job *job);

#endif
