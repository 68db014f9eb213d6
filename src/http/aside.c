/* aside.c - not libuv's pool of threads: that one ends the program where it cannot have its
 * threads. */
#include "http/aside.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <uv.h>

#define PATIENCE_SECONDS 3

struct sdr_aside {
	uv_async_t done; /* first: closing it frees the whole */
	uv_thread_t thread;
	bool threaded;
	bool left; /* nobody is there any more whom `done` could wake */
	uv_mutex_t lock;
	void (*work)(void *context);
	void (*after)(void *context);
	void *context;
};

static void on_closed(uv_handle_t *handle)
{
	uv_mutex_destroy(&((struct sdr_aside *)handle)->lock);
	free(handle);
}

static void run(void *argument)
{
	struct sdr_aside *aside = argument;
	aside->work(aside->context);
	uv_mutex_lock(&aside->lock);
	if (!aside->left)
		uv_async_send(&aside->done);
	uv_mutex_unlock(&aside->lock);
}

static void on_done(uv_async_t *async)
{
	struct sdr_aside *aside = (struct sdr_aside *)async;
	void (*after)(void *context) = aside->after;
	void *context = aside->context;
	if (aside->threaded)
		uv_thread_join(&aside->thread); /* which has no more to do than to return */
	uv_close((uv_handle_t *)async, on_closed);
	after(context);
}

enum sdr_status sdr_aside_begin(struct uv_loop_s *loop, void (*work)(void *context),
	void (*after)(void *context), void *context, struct sdr_aside **made)
{
	struct sdr_aside *aside = calloc(1, sizeof(*aside));
	if (!aside)
		return SDR_ENOMEM;
	aside->work = work;
	aside->after = after;
	aside->context = context;
	if (uv_mutex_init(&aside->lock) != 0) {
		free(aside);
		return SDR_ENOMEM;
	}
	if (uv_async_init(loop, &aside->done, on_done) != 0) {
		uv_mutex_destroy(&aside->lock);
		free(aside);
		return SDR_ENOMEM;
	}
	aside->threaded = uv_thread_create(&aside->thread, run, aside) == 0;
	if (!aside->threaded)
		run(aside);
	*made = aside;
	return SDR_OK;
}

static bool join(struct sdr_aside *aside)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_SECONDS;
	return pthread_timedjoin_np(aside->thread, NULL, &until) == 0;
}

bool sdr_aside_end(struct sdr_aside *aside)
{
	if (!aside)
		return true;
	if (!aside->threaded || join(aside)) {
		uv_close((uv_handle_t *)&aside->done, on_closed);
		return true;
	}
	uv_mutex_lock(&aside->lock);
	aside->left = true;
	uv_mutex_unlock(&aside->lock);
	uv_close((uv_handle_t *)&aside->done, NULL);
	return false;
}
