/* aside.c - not libuv's pool of threads: that one ends the program where it cannot have its
 * threads. */
#include "http/aside.h"

#include <stdbool.h>
#include <stdlib.h>
#include <uv.h>

struct sdr_aside {
	uv_async_t done; /* first: closing it frees the whole */
	uv_thread_t thread;
	bool threaded;
	void (*work)(void *context);
	void (*after)(void *context);
	void *context;
};

static void on_closed(uv_handle_t *handle)
{
	free(handle);
}

static void run(void *argument)
{
	struct sdr_aside *aside = argument;
	aside->work(aside->context);
	uv_async_send(&aside->done);
}

static void on_done(uv_async_t *async)
{
	struct sdr_aside *aside = (struct sdr_aside *)async;
	void (*after)(void *context) = aside->after;
	void *context = aside->context;
	sdr_aside_end(aside);
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
	if (uv_async_init(loop, &aside->done, on_done) != 0) {
		free(aside);
		return SDR_ENOMEM;
	}
	aside->threaded = uv_thread_create(&aside->thread, run, aside) == 0;
	if (!aside->threaded)
		run(aside);
	*made = aside;
	return SDR_OK;
}

void sdr_aside_end(struct sdr_aside *aside)
{
	if (!aside)
		return;
	if (aside->threaded)
		uv_thread_join(&aside->thread);
	uv_close((uv_handle_t *)&aside->done, on_closed);
}
