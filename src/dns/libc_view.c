/* libc_view.c - getaddrinfo in threads. The idea: what a thread touches is counted, by it and by
 * the loop's side, so that neither waits for the other; the loop's side hears of an end by one
 * handle that is taken away from the threads before it is closed. */
#include "dns/libc_view.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <uv.h>

/* What the loop and the threads share. */
struct shared {
	uv_mutex_t lock;
	unsigned refs;     /* the loop's and each thread's */
	unsigned running;  /* threads */
	uv_async_t *ended; /* NULL: nobody is left who hears of it */
};

struct sdr_libc_call {
	TAILQ_ENTRY(sdr_libc_call) link;
	struct sdr_libc *libc;
	struct shared *shared;
	bool started, failed; /* failed: there is no thread for it */
	bool over;            /* the thread is done with it; by the lock */
	bool left;            /* nobody waits for it, and who is last frees it; by the lock */
	struct sdr_libc_question question; /* name: `name` */
	struct sdr_libc_answer answer;
	char name[SDR_HOST_TEXT];
};

struct sdr_libc {
	struct shared *shared;
	uv_async_t *ended; /* owned; referenced while there are calls */
	TAILQ_HEAD(libc_calls, sdr_libc_call) calls;
};

/* ---- in a thread ---- */

/* With the lock; takes it away. */
static void shared_drop(struct shared *shared)
{
	bool last = --shared->refs == 0;
	uv_mutex_unlock(&shared->lock);
	if (!last)
		return;
	uv_mutex_destroy(&shared->lock);
	free(shared);
}

static bool is_known(const struct sdr_libc_answer *answer, const struct sdr_addr *addr)
{
	for (unsigned i = 0; i < answer->count; i++)
		if (sdr_addr_compare(&answer->addrs[i], addr) == 0)
			return true;
	return false;
}

static void take_addresses(struct sdr_libc_answer *answer, const struct addrinfo *list)
{
	for (const struct addrinfo *at = list; at; at = at->ai_next) {
		struct sdr_endpoint endpoint;
		if (sdr_endpoint_from_sockaddr(at->ai_addr, &endpoint) != SDR_OK ||
			is_known(answer, &endpoint.addr))
			continue;
		if (answer->count < SDR_NAMES_ADDRESSES_MAX)
			answer->addrs[answer->count++] = endpoint.addr;
		else
			answer->more++;
	}
	if (list && list->ai_canonname)
		snprintf(answer->name, sizeof(answer->name), "%s", list->ai_canonname);
}

/* As getent ahosts asks. */
static void look_up(struct sdr_libc_call *call)
{
	struct addrinfo hints = {.ai_family = call->question.family == 4 ? AF_INET
					: call->question.family == 6     ? AF_INET6
									 : AF_UNSPEC,
				.ai_socktype = SOCK_STREAM,
				.ai_flags = AI_V4MAPPED | AI_ADDRCONFIG | AI_CANONNAME | AI_IDN},
			*list = NULL;
	call->answer.error = getaddrinfo(call->name, NULL, &hints, &list);
	call->answer.number = errno;
	if (call->answer.error != 0)
		return;
	take_addresses(&call->answer, list);
	freeaddrinfo(list);
}

static void look_up_address(struct sdr_libc_call *call)
{
	struct sockaddr_storage address;
	struct sdr_endpoint endpoint = {.port = 0};
	if (sdr_addr_parse(call->name, &endpoint.addr, NULL) != SDR_OK)
		return; /* cannot be: it was read before */
	socklen_t length = sdr_endpoint_to_sockaddr(&endpoint, &address);
	call->answer.error = getnameinfo((const struct sockaddr *)&address, length,
		call->answer.name, sizeof(call->answer.name), NULL, 0, NI_NAMEREQD);
	call->answer.number = errno;
}

static void run(void *argument)
{
	struct sdr_libc_call *call = argument;
	struct shared *shared = call->shared;
	if (call->question.reverse)
		look_up_address(call);
	else
		look_up(call);
	uv_mutex_lock(&shared->lock);
	shared->running--;
	call->over = true;
	if (call->left)
		free(call);
	if (shared->ended)
		uv_async_send(shared->ended);
	shared_drop(shared);
}

/* ---- on the loop ---- */

static bool start_thread(struct sdr_libc_call *call)
{
	uv_thread_t thread;
	if (uv_thread_create(&thread, run, call) != 0)
		return false;
	pthread_detach(thread);
	return true;
}

/* Starts what there is room for. */
static void start_some(struct sdr_libc *libc)
{
	struct sdr_libc_call *call;
	TAILQ_FOREACH(call, &libc->calls, link)
	{
		if (call->started)
			continue;
		uv_mutex_lock(&libc->shared->lock);
		bool room = libc->shared->running < SDR_LIBC_AT_ONCE;
		libc->shared->running += room;
		libc->shared->refs += room;
		uv_mutex_unlock(&libc->shared->lock);
		if (!room)
			return;
		call->started = true;
		if (start_thread(call))
			continue;
		uv_mutex_lock(&libc->shared->lock);
		libc->shared->running--;
		libc->shared->refs--;
		call->over = call->failed = true;
		uv_mutex_unlock(&libc->shared->lock);
		uv_async_send(libc->ended);
	}
}

static void call_remove(struct sdr_libc *libc, struct sdr_libc_call *call)
{
	TAILQ_REMOVE(&libc->calls, call, link);
	if (TAILQ_EMPTY(&libc->calls))
		uv_unref((uv_handle_t *)libc->ended);
}

static struct sdr_libc_call *first_over(struct sdr_libc *libc)
{
	struct sdr_libc_call *call;
	uv_mutex_lock(&libc->shared->lock);
	TAILQ_FOREACH(call, &libc->calls, link)
	if (call->over)
		break;
	uv_mutex_unlock(&libc->shared->lock);
	return call;
}

/* One at a time: what hears of it may ask, give up, or free all. */
static void on_ended(uv_async_t *async)
{
	struct sdr_libc *libc = async->data;
	struct sdr_libc_call *call = first_over(libc);
	start_some(libc);
	if (!call)
		return;
	call_remove(libc, call);
	uv_async_send(async);
	call->question.done(call->question.context, call->failed ? NULL : &call->answer);
	free(call);
}

struct sdr_libc *sdr_libc_new(struct uv_loop_s *loop)
{
	struct sdr_libc *libc = calloc(1, sizeof(*libc));
	struct shared *shared = calloc(1, sizeof(*shared));
	uv_async_t *ended = calloc(1, sizeof(*ended));
	if (!libc || !shared || !ended || uv_mutex_init(&shared->lock) != 0) {
		free(libc);
		free(shared);
		free(ended);
		return NULL;
	}
	if (uv_async_init(loop, ended, on_ended) != 0) {
		uv_mutex_destroy(&shared->lock);
		free(libc);
		free(shared);
		free(ended);
		return NULL;
	}
	uv_unref((uv_handle_t *)ended);
	ended->data = libc;
	shared->refs = 1;
	shared->ended = ended;
	*libc = (struct sdr_libc){.shared = shared, .ended = ended};
	TAILQ_INIT(&libc->calls);
	return libc;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle);
}

void sdr_libc_free(struct sdr_libc *libc)
{
	if (!libc)
		return;
	while (!TAILQ_EMPTY(&libc->calls))
		sdr_libc_cancel(TAILQ_FIRST(&libc->calls));
	uv_mutex_lock(&libc->shared->lock);
	libc->shared->ended = NULL;
	shared_drop(libc->shared);
	uv_close((uv_handle_t *)libc->ended, on_closed);
	free(libc);
}

enum sdr_status sdr_libc_ask(struct sdr_libc *libc, const struct sdr_libc_question *question,
	struct sdr_libc_call **call)
{
	struct sdr_libc_call *made = calloc(1, sizeof(*made));
	if (!made)
		return SDR_ENOMEM;
	made->libc = libc;
	made->shared = libc->shared;
	made->question = *question;
	snprintf(made->name, sizeof(made->name), "%s", question->name);
	uv_ref((uv_handle_t *)libc->ended);
	TAILQ_INSERT_TAIL(&libc->calls, made, link);
	start_some(libc);
	*call = made;
	return SDR_OK;
}

void sdr_libc_cancel(struct sdr_libc_call *call)
{
	struct shared *shared = call->shared;
	call_remove(call->libc, call);
	uv_mutex_lock(&shared->lock);
	bool ours = !call->started || call->over;
	call->left = !ours;
	uv_mutex_unlock(&shared->lock);
	if (ours)
		free(call);
}
