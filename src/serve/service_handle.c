/* service_handle.c - how long listeners and the set of them live: until the last handle is
 * closed. STOPPED is reported there. */
#include <stdlib.h>

#include "serve/serving.h"

void sdr_services_release(struct sdr_services *services)
{
	if (--services->handles > 0)
		return;
	sdr_guard_pace_done(&services->udp_pace);
	free(services->own);
	free(services->buffer);
	free(services->batch);
	free(services);
}

void sdr_service_listener_free(struct serve_listener *listener)
{
	sdr_guard_pace_done(&listener->own_pace);
	sdr_guard_sources_free(listener->sources);
	free(listener);
}

void sdr_service_handle_closed(struct serve_listener *listener)
{
	struct sdr_services *services = listener->services;
	if (--listener->handles == 0) {
		const struct serve_notice notice = {
			SDR_SERVICE_STOPPED, NULL, listener->bytes_in, listener->bytes_out, NULL};
		sdr_service_notify(listener, &notice);
		sdr_service_listener_free(listener);
	}
	sdr_services_release(services);
}

void sdr_service_tick_start(struct sdr_services *services)
{
	if (!uv_is_active((uv_handle_t *)&services->tick))
		uv_timer_start(&services->tick, services->on_tick, SERVE_TICK_MS, SERVE_TICK_MS);
}
