/* multi.c - libcurl on the loop (its "multi_socket" interface).
 *
 * libcurl names the sockets to watch and one time to be woken; we tell it what happened. Jobs above the ceiling wait in a queue of our
 * own, because libcurl's pending list does not say whether a time-out was spent waiting for a socket or for the peer.
 * Nothing calls into libcurl from within one of its callbacks: a time-out of 0 becomes a timer of 0, that is the loop's next turn. */
#include "http/multi.h"

#include <stdlib.h>
#include <uv.h>

#define SWEEP_MS 50 /* how often waiting jobs are looked at */

struct job_list {
	struct sdr_multi_job *first, *last; /* in order of adding */
};

struct sdr_multi {
	uv_loop_t *loop; /* borrowed */
	struct sdr_curl curl;
	CURLM *handle;    /* owned */
	uv_timer_t timer; /* libcurl's */
	uv_timer_t turn;  /* starts and gives up waiting jobs */
	struct job_list waiting, running;
	unsigned count; /* jobs running */
	unsigned open;  /* handles to be closed before the memory goes */
	bool closing;   /* sdr_multi_free was called */
};

/* One watched socket. */
struct watch {
	uv_poll_t poll;
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

static void on_turn(uv_timer_t *timer);

static void turn_arm(struct sdr_multi *multi, uint64_t delay_ms)
{
	uv_timer_start(&multi->turn, on_turn, delay_ms, SWEEP_MS);
}

static void job_leave(struct sdr_multi *multi, struct sdr_multi_job *job)
{
	if (job->queued)
		list_take(&multi->waiting, job);
	if (job->running) {
		multi->curl.multi_remove_handle(multi->handle, job->easy);
		list_take(&multi->running, job);
		multi->count--;
		if (multi->waiting.first)
			turn_arm(multi, 0);
	}
	job->queued = job->running = false;
}

/* Hands out what libcurl has finished. */
static void jobs_reap(struct sdr_multi *multi)
{
	CURLMsg *message;
	int left;

	while (!multi->closing && (message = multi->curl.multi_info_read(multi->handle, &left))) {
		char *private_pointer = NULL;
		CURLcode code = message->data.result; /* the message dies with the handle's removal */

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

static void on_socket(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = poll->data;
	struct sdr_multi *multi = watch->multi;
	int flags = 0, running;

	/* libuv 1.44 reports the first POLLERR as UV_EBADF and stops: a refused connection looks like that, and libcurl asks SO_ERROR. */
	if (status < 0)
		flags = CURL_CSELECT_ERR | CURL_CSELECT_IN | CURL_CSELECT_OUT;
	if (events & (UV_READABLE | UV_DISCONNECT))
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	multi->curl.multi_socket_action(multi->handle, watch->fd, flags, &running);
	jobs_reap(multi);
}

static void on_closed(struct sdr_multi *multi)
{
	if (--multi->open == 0)
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
	multi->curl.multi_assign(multi->handle, fd, watch);
	return watch;
}

static int on_socket_wanted(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
	struct sdr_multi *multi = context;
	struct watch *watch = known;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch) {
			multi->curl.multi_assign(multi->handle, fd, NULL);
			uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
		}
		return 0;
	}
	if (!watch && !(watch = watch_new(multi, fd)))
		return -1;
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	uv_poll_start(&watch->poll, events, on_socket);
	return 0;
}

static void job_begin(struct sdr_multi *multi, struct sdr_multi_job *job)
{
	list_take(&multi->waiting, job);
	job->queued = false;
	if (job->begin)
		job->begin(job);
	multi->curl.easy_setopt(job->easy, CURLOPT_PRIVATE, (void *)job);
	if (multi->curl.multi_add_handle(multi->handle, job->easy) != CURLM_OK) {
		job->done(job, true, CURLE_OUT_OF_MEMORY);
		return;
	}
	job->running = true;
	list_push(&multi->running, job);
	multi->count++;
}

/* Gives turns while there are any, then gives up those who waited too long. */
static void on_turn(uv_timer_t *timer)
{
	struct sdr_multi *multi = timer->data;
	sdr_ns now = sdr_clock_now();

	while (multi->waiting.first && multi->count < SDR_MULTI_JOBS_MAX)
		job_begin(multi, multi->waiting.first);
	for (struct sdr_multi_job *job = multi->waiting.first; job;) {
		if (job->deadline > now) {
			job = job->next;
			continue;
		}
		job_leave(multi, job);
		job->done(job, false, CURLE_OPERATION_TIMEDOUT);
		job = multi->waiting.first; /* the callback may have changed the list */
	}
	if (!multi->waiting.first)
		uv_timer_stop(&multi->turn);
}

static enum sdr_status open_curl(struct sdr_multi *multi, struct sdr_error *error)
{
	enum sdr_status status = sdr_curl_load(&multi->curl, error);

	if (status != SDR_OK)
		return status;
	if (multi->curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
		if ((multi->handle = multi->curl.multi_init()))
			return SDR_OK;
		multi->curl.global_cleanup();
	}
	sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	return SDR_ENOMEM;
}

enum sdr_status sdr_multi_new(struct uv_loop_s *loop, struct sdr_multi **made, struct sdr_error *error)
{
	struct sdr_multi *multi = calloc(1, sizeof(*multi));
	enum sdr_status status = multi ? open_curl(multi, error) : SDR_ENOMEM;

	if (status != SDR_OK) {
		free(multi);
		return status;
	}
	multi->loop = loop;
	uv_timer_init(loop, &multi->timer);
	uv_timer_init(loop, &multi->turn);
	multi->timer.data = multi->turn.data = multi;
	multi->open = 2;
	multi->curl.multi_setopt(multi->handle, CURLMOPT_SOCKETFUNCTION, on_socket_wanted);
	multi->curl.multi_setopt(multi->handle, CURLMOPT_SOCKETDATA, multi);
	multi->curl.multi_setopt(multi->handle, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
	multi->curl.multi_setopt(multi->handle, CURLMOPT_TIMERDATA, multi);
	multi->curl.multi_setopt(multi->handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)SDR_MULTI_JOBS_MAX);
	multi->curl.multi_setopt(multi->handle, CURLMOPT_MAXCONNECTS, 1L); /* nothing is reused */
	*made = multi;
	return SDR_OK;
}

const struct sdr_curl *sdr_multi_curl(const struct sdr_multi *multi)
{
	return &multi->curl;
}

void sdr_multi_free(struct sdr_multi *multi)
{
	if (!multi)
		return;
	multi->closing = true;
	while (multi->running.first)
		job_leave(multi, multi->running.first);
	while (multi->waiting.first)
		job_leave(multi, multi->waiting.first);
	multi->curl.multi_cleanup(multi->handle);
	multi->curl.global_cleanup();
	uv_close((uv_handle_t *)&multi->timer, on_timer_closed);
	uv_close((uv_handle_t *)&multi->turn, on_timer_closed);
}

void sdr_multi_add(struct sdr_multi *multi, struct sdr_multi_job *job)
{
	job->queued = true;
	job->running = false;
	list_push(&multi->waiting, job);
	turn_arm(multi, 0);
}

void sdr_multi_remove(struct sdr_multi *multi, struct sdr_multi_job *job)
{
	job_leave(multi, job);
}
