/* multi.c - libcurl on the loop (its "multi_socket" interface).
 *
 * libcurl names the sockets to watch and one time to be woken; we report the events to it. Jobs
 * above the limit wait in a queue of our own, because with libcurl's pending list it is unknown
 * whether a time-out was spent waiting for a socket or for the peer. Nothing calls into libcurl
 * from within one of its callbacks: a time-out of 0 becomes a timer of 0, that is the next loop
 * iteration. */
#include "http/multi.h"

#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#include "http/arrival.h"
#include "http/aside.h"

/* libcurl ends a job by its own time-out; 8.14 forgets it where memory ran out, so that nothing
 * would end the job. */
#define GRACE SDR_SECOND
#define SWEEP_MS 50 /* how often waiting jobs are checked */

struct job_list {
	struct sdr_multi_job *first, *last; /* in order of adding */
};

struct sdr_multi {
	uv_loop_t *loop; /* borrowed */
	struct sdr_curl curl;
	struct sdr_tls *tls;     /* owned; or NULL */
	struct sdr_trust *trust; /* owned; NULL until loaded */
	CURLM *handle;           /* owned; NULL until loaded */
	uv_timer_t timer;        /* libcurl's */
	uv_timer_t queue_timer;  /* starts and gives up waiting jobs */
	struct sdr_aside *loading;
	enum sdr_status loaded; /* how it went */
	struct sdr_error fault; /* why it did not */
	struct job_list waiting, preparing, running;
	unsigned count;        /* jobs preparing or running */
	struct watch *watches; /* those that libcurl wants */
	unsigned open;         /* handles to be closed before the memory goes */
	sdr_ns stamp; /* when poll reported readable; 0: libcurl was called for another reason */
	bool closing; /* sdr_multi_free was called */
};

/* One watched socket. */
struct watch {
	uv_poll_t poll;
	CURL *easy; /* whose it is now; libcurl may have handles of its own, which have no job.
		     * NULL: of one that has left: from 8.12 on its connection is closed later */
	struct watch *next;
	struct sdr_multi *multi;
	curl_socket_t fd;
};

static void list_push(struct job_list *list, struct sdr_multi_job *job)
{
	job->next = NULL;
	job->previous = list->last;
	if (list->last)
		list->last->next = job;
	else
		list->first = job;
	list->last = job;
}

static void list_take(struct job_list *list, struct sdr_multi_job *job)
{
	if (job->previous)
		job->previous->next = job->next;
	else
		list->first = job->next;
	if (job->next)
		job->next->previous = job->previous;
	else
		list->last = job->previous;
	job->next = job->previous = NULL;
}

static void on_queue_timer(uv_timer_t *timer);

static void queue_timer_arm(struct sdr_multi *multi, uint64_t delay_ms)
{
	uv_timer_start(&multi->queue_timer, on_queue_timer, delay_ms, SWEEP_MS);
}

static struct job_list *list_of(struct sdr_multi *multi, const struct sdr_multi_job *job)
{
	return job->place == SDR_MULTI_WAITING      ? &multi->waiting
		: job->place == SDR_MULTI_PREPARING ? &multi->preparing
						    : &multi->running;
}

static void job_move(struct sdr_multi *multi, struct sdr_multi_job *job, enum sdr_multi_place place)
{
	if (job->place != SDR_MULTI_OUT)
		list_take(list_of(multi, job), job);
	job->place = place;
	if (place != SDR_MULTI_OUT)
		list_push(list_of(multi, job), job);
}

static void handle_remove(struct sdr_multi *multi, CURL *easy)
{
	multi->curl.multi_remove_handle(multi->handle, easy);
	for (struct watch *watch = multi->watches; watch; watch = watch->next)
		if (watch->easy == easy)
			watch->easy = NULL;
}

static void job_leave(struct sdr_multi *multi, struct sdr_multi_job *job)
{
	bool counted = job->place == SDR_MULTI_PREPARING || job->place == SDR_MULTI_RUNNING;
	if (job->place == SDR_MULTI_RUNNING)
		handle_remove(multi, job->easy);
	job_move(multi, job, SDR_MULTI_OUT);
	multi->count -= counted;
	if (counted && multi->waiting.first && !multi->closing)
		queue_timer_arm(multi, 0);
}

/* Ends the jobs that libcurl has finished. */
static void jobs_reap(struct sdr_multi *multi)
{
	CURLMsg *message;
	int left;
	while (!multi->closing && (message = multi->curl.multi_info_read(multi->handle, &left))) {
		char *private_pointer = NULL;
		CURLcode code =
			message->data.result; /* the message dies with the handle's removal */

		if (message->msg != CURLMSG_DONE)
			continue;
		multi->curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private_pointer);
		struct sdr_multi_job *job = (struct sdr_multi_job *)(void *)private_pointer;
		job_leave(multi, job);
		job->done(job, true, code);
	}
}

static void on_timer(uv_timer_t *timer)
{
	struct sdr_multi *multi = timer->data;
	int running;
	multi->stamp = 0;
	multi->curl.multi_socket_action(multi->handle, CURL_SOCKET_TIMEOUT, 0, &running);
	jobs_reap(multi);
}

static int on_timer_wanted(CURLM *curl, long timeout_ms, void *context)
{
	struct sdr_multi *multi = context;
	(void)curl;
	if (multi->closing)
		return 0;
	if (timeout_ms < 0)
		uv_timer_stop(&multi->timer);
	else
		uv_timer_start(&multi->timer, on_timer, (uint64_t)timeout_ms, 0);
	return 0;
}

static void report_arrival(const struct watch *watch)
{
	char *private_pointer = NULL;
	if (!watch->easy)
		return;
	watch->multi->curl.easy_getinfo(watch->easy, CURLINFO_PRIVATE, &private_pointer);
	struct sdr_multi_job *job = (struct sdr_multi_job *)(void *)private_pointer;
	if (job && job->arrived)
		job->arrived(job, watch->fd);
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = poll->data;
	struct sdr_multi *multi = watch->multi;
	int flags = 0, running;

	sdr_ns now = sdr_clock_now();

	/* libuv 1.44 reports the first POLLERR as UV_EBADF and stops: a refused connection looks
	 * like that, and libcurl asks SO_ERROR. */
	if (status < 0)
		flags = CURL_CSELECT_ERR | CURL_CSELECT_IN | CURL_CSELECT_OUT;
	if (events & (UV_READABLE | UV_DISCONNECT))
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	multi->stamp = flags & CURL_CSELECT_IN ? now : 0;
	if (flags & CURL_CSELECT_IN &&
		status >= 0) /* leave an error to libcurl: the socket reports it only once */
		report_arrival(watch);
	multi->curl.multi_socket_action(multi->handle, watch->fd, flags, &running);
	jobs_reap(multi);
}

static void on_closed(struct sdr_multi *multi)
{
	if (--multi->open > 0)
		return;
	if (!sdr_trust_free(multi->trust))
		return;
	free(multi->tls);
	free(multi);
}

static void on_watch_closed(uv_handle_t *handle)
{
	struct watch *watch = handle->data;
	struct sdr_multi *multi = watch->multi;
	free(watch);
	on_closed(multi);
}

static void on_timer_closed(uv_handle_t *handle)
{
	on_closed(handle->data);
}

static struct watch *watch_new(struct sdr_multi *multi, curl_socket_t fd)
{
	struct watch *watch = calloc(1, sizeof(*watch));
	if (!watch)
		return NULL;
	watch->multi = multi;
	watch->fd = fd;
	watch->poll.data = watch;
	if (uv_poll_init(multi->loop, &watch->poll, fd) < 0) {
		free(watch);
		return NULL;
	}
	multi->open++;
	watch->next = multi->watches;
	multi->watches = watch;
	multi->curl.multi_assign(multi->handle, fd, watch);
	return watch;
}

static void watch_end(struct watch *watch)
{
	struct watch **at = &watch->multi->watches;
	while (*at != watch)
		at = &(*at)->next;
	*at = watch->next;
	uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}

/* No word comes from a socket that is not watched: its job ends at the next turn. */
static void give_up_unwatched(struct sdr_multi *multi, CURL *easy)
{
	char *private_pointer = NULL;
	multi->curl.easy_getinfo(easy, CURLINFO_PRIVATE, &private_pointer);
	struct sdr_multi_job *job = (struct sdr_multi_job *)(void *)private_pointer;
	if (!job)
		return;
	job->starved = true;
	queue_timer_arm(multi, 0);
}

static int on_socket_wanted(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
	struct sdr_multi *multi = context;
	struct watch *watch = known;
	int events = 0;
	if (what == CURL_POLL_REMOVE) {
		if (watch) {
			multi->curl.multi_assign(multi->handle, fd, NULL);
			watch_end(watch);
		}
		return 0;
	}
	if (!watch && !(watch = watch_new(multi, fd))) {
		give_up_unwatched(multi, easy);
		return 0; /* after -1 no transfer would ever run again (libcurl 7.88) */
	}
	watch->easy = easy;
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	uv_poll_start(&watch->poll, events, on_socket);
	return 0;
}

int sdr_multi_close_socket(void *context, curl_socket_t fd)
{
	struct sdr_multi *multi = context;
	for (struct sdr_multi_job *job = multi->running.first; job; job = job->next)
		if (job->fd == fd) {
			job->received = sdr_arrival_total(fd);
			job->fd = -1;
		}
	return close(fd);
}

static void start_waiting(struct sdr_multi *multi)
{
	bool ready = !multi->loading && multi->loaded == SDR_OK;
	while (ready && !multi->closing && multi->waiting.first &&
		multi->count < SDR_MULTI_JOBS_MAX) {
		struct sdr_multi_job *job = multi->waiting.first;

		job_move(multi, job, SDR_MULTI_PREPARING);
		multi->count++;
		job->begin(job);
	}
}

/* Ends those of a list whose deadline is over. Returns whether any has one. */
static bool give_up(struct sdr_multi *multi, struct job_list *list, bool all)
{
	sdr_ns now = sdr_clock_now();
	bool any = false;
	for (struct sdr_multi_job *job = list->first; job;) {
		bool run = list == &multi->running;

		if (!all && !job->starved && (job->deadline == 0 || job->deadline > now)) {
			any = any || job->deadline != 0;
			job = job->next;
			continue;
		}
		job_leave(multi, job);
		job->done(job, run, job->starved ? CURLE_OUT_OF_MEMORY : CURLE_OPERATION_TIMEDOUT);
		job = multi->closing ? NULL
				     : list->first; /* the callback may have changed the list */
	}
	return any;
}

/* Finishes what is done, starts waiting jobs while there is room, then gives up those that waited
 * too long. */
static void on_queue_timer(uv_timer_t *timer)
{
	struct sdr_multi *multi = timer->data;
	bool failed = !multi->loading && multi->loaded != SDR_OK;
	if (!multi->loading && !failed)
		jobs_reap(multi);
	start_waiting(multi);
	bool any = give_up(multi, &multi->running, false);
	give_up(multi, &multi->waiting, failed);
	if (!multi->waiting.first && !any && !multi->closing)
		uv_timer_stop(&multi->queue_timer);
}

/* In a thread: the library and those behind it take some ten milliseconds. */
static void load(void *context)
{
	struct sdr_multi *multi = context;
	multi->loaded = sdr_curl_load(&multi->curl, &multi->fault);
	if (multi->loaded != SDR_OK)
		return;
	multi->loaded = SDR_ENOMEM;
	sdr_error_set(&multi->fault, 0, "%s", sdr_status_text(SDR_ENOMEM));
	if (multi->curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return;
	multi->tls = sdr_tls_new(&multi->curl);
	multi->handle = multi->curl.multi_init();
	multi->trust = multi->handle ? sdr_trust_new(multi->loop, &multi->curl, multi->tls) : NULL;
	if (multi->trust) {
		multi->loaded = SDR_OK;
		return;
	}
	if (multi->handle)
		multi->curl.multi_cleanup(multi->handle);
	multi->curl.global_cleanup();
}

static void on_loaded(void *context)
{
	struct sdr_multi *multi = context;
	multi->loading = NULL;
	if (multi->loaded == SDR_OK) {
		multi->curl.multi_setopt(multi->handle, CURLMOPT_SOCKETFUNCTION, on_socket_wanted);
		multi->curl.multi_setopt(multi->handle, CURLMOPT_SOCKETDATA, multi);
		multi->curl.multi_setopt(multi->handle, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
		multi->curl.multi_setopt(multi->handle, CURLMOPT_TIMERDATA, multi);
		multi->curl.multi_setopt(
			multi->handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)SDR_MULTI_JOBS_MAX);
		multi->curl.multi_setopt(
			multi->handle, CURLMOPT_MAXCONNECTS, 1L); /* nothing is reused */
	}
	on_queue_timer(&multi->queue_timer);
}

enum sdr_status sdr_multi_new(struct uv_loop_s *loop, struct sdr_multi **made)
{
	struct sdr_multi *multi = calloc(1, sizeof(*multi));
	if (!multi)
		return SDR_ENOMEM;
	multi->loop = loop;
	if (sdr_aside_begin(loop, load, on_loaded, multi, &multi->loading) != SDR_OK) {
		free(multi);
		return SDR_ENOMEM;
	}
	uv_timer_init(loop, &multi->timer);
	uv_timer_init(loop, &multi->queue_timer);
	multi->timer.data = multi->queue_timer.data = multi;
	multi->open = 2;
	*made = multi;
	return SDR_OK;
}

const struct sdr_curl *sdr_multi_curl(const struct sdr_multi *multi)
{
	return &multi->curl;
}

const struct sdr_tls *sdr_multi_tls(const struct sdr_multi *multi)
{
	return multi->tls;
}

struct sdr_trust *sdr_multi_trust(const struct sdr_multi *multi)
{
	return multi->trust;
}

struct uv_loop_s *sdr_multi_loop(const struct sdr_multi *multi)
{
	return multi->loop;
}

const char *sdr_multi_fault(const struct sdr_multi *multi)
{
	if (multi->loading)
		return "libcurl was not loaded in time";
	return multi->loaded != SDR_OK ? multi->fault.text : NULL;
}

sdr_ns sdr_multi_stamp(const struct sdr_multi *multi)
{
	return multi->stamp ? multi->stamp : sdr_clock_now();
}

void sdr_multi_free(struct sdr_multi *multi)
{
	struct job_list *lists[] = {&multi->running, &multi->preparing, &multi->waiting};
	if (!multi)
		return;
	multi->closing = true;
	bool stuck = !sdr_aside_end(multi->loading);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		while (lists[i]->first)
			job_leave(multi, lists[i]->first);
	if (stuck) { /* and goes on writing there, should it ever */
		multi->open++;
		sdr_curl_skip_exit();
	} else if (multi->loaded == SDR_OK) {
		multi->curl.multi_cleanup(multi->handle);
		multi->curl.global_cleanup();
	}
	uv_close((uv_handle_t *)&multi->timer, on_timer_closed);
	uv_close((uv_handle_t *)&multi->queue_timer, on_timer_closed);
}

void sdr_multi_add(struct sdr_multi *multi, struct sdr_multi_job *job)
{
	job->place = SDR_MULTI_OUT;
	job_move(multi, job, SDR_MULTI_WAITING);
	queue_timer_arm(multi, 0);
}

bool sdr_multi_run(struct sdr_multi *multi, struct sdr_multi_job *job)
{
	int running;
	multi->curl.easy_setopt(job->easy, CURLOPT_PRIVATE, (void *)job);
	if (multi->curl.multi_add_handle(multi->handle, job->easy) != CURLM_OK)
		return false;
	if (job->deadline != 0)
		job->deadline += GRACE;
	job_move(multi, job, SDR_MULTI_RUNNING);
	multi->stamp = 0;
	multi->curl.multi_socket_action(multi->handle, CURL_SOCKET_TIMEOUT, 0, &running);
	queue_timer_arm(
		multi, 0); /* jobs that are already finished end then, not within this call */
	return true;
}

void sdr_multi_hurry(struct sdr_multi *multi, struct sdr_multi_job *job, sdr_ns left)
{
	job->deadline = sdr_clock_now() + left;
	queue_timer_arm(multi, SWEEP_MS);
}

void sdr_multi_remove(struct sdr_multi *multi, struct sdr_multi_job *job)
{
	job_leave(multi, job);
}
