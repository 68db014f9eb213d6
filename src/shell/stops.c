/* stops.c - signals and a deadline as the loop's own callbacks. Each leaves the loop, since
 * UV_RUN_ONCE would go on to wait after a timer. */
#include "shell/stops.h"

#include <signal.h>
#include <stddef.h>

static const int numbers[] = {SIGINT, SIGTERM, SIGQUIT};
#define SIGNALS (sizeof(numbers) / sizeof(*numbers))

static void on_signal(uv_signal_t *handle, int number)
{
	struct shell_stops *stops = handle->data;
	if (number == SIGQUIT) {
		stops->on_status(stops->context);
		return;
	}
	stops->on_stop(stops->context, false);
	uv_stop(handle->loop);
}

static void on_deadline(uv_timer_t *timer)
{
	struct shell_stops *stops = timer->data;
	stops->on_stop(stops->context, true);
	uv_stop(timer->loop);
}

void sdr_stops_open(struct shell_stops *stops, uv_loop_t *loop, sdr_ns deadline)
{
	for (size_t i = 0; i < SIGNALS; i++) {
		uv_signal_init(loop, &stops->signals[i]);
		stops->signals[i].data = stops;
		if (numbers[i] != SIGQUIT || stops->on_status)
			uv_signal_start(&stops->signals[i], on_signal, numbers[i]);
	}
	uv_timer_init(loop, &stops->deadline);
	stops->deadline.data = stops;
	if (deadline > 0)
		uv_timer_start(&stops->deadline, on_deadline, (uint64_t)(deadline / SDR_MS), 0);
}

void sdr_stops_close(struct shell_stops *stops)
{
	for (size_t i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&stops->signals[i], NULL);
	uv_close((uv_handle_t *)&stops->deadline, NULL);
}
