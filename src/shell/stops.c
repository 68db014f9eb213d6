/* stops.c - signals as the loop's own callbacks. */
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
	stops->on_stop(stops->context);
}

void sdr_stops_open(struct shell_stops *stops, uv_loop_t *loop)
{
	for (size_t i = 0; i < SIGNALS; i++) {
		uv_signal_init(loop, &stops->signals[i]);
		stops->signals[i].data = stops;
		if (numbers[i] != SIGQUIT || stops->on_status)
			uv_signal_start(&stops->signals[i], on_signal, numbers[i]);
	}
}

void sdr_stops_close(struct shell_stops *stops)
{
	for (size_t i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&stops->signals[i], NULL);
}
