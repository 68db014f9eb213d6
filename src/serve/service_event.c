/* service_event.c - what the sinks get. What clients do is reported at a bounded rate, so that no
 * log grows by their will. */
#include <stdio.h>

#include "serve/serving.h"

const char *sdr_service_event_word(enum sdr_service_event_kind kind)
{
	static const char *const words[] = {
		[SDR_SERVICE_LISTENING] = "listening",
		[SDR_SERVICE_ACCEPTED] = "accepted",
		[SDR_SERVICE_CLOSED] = "closed",
		[SDR_SERVICE_REFUSED] = "refused",
		[SDR_SERVICE_DROPPED] = "dropped",
		[SDR_SERVICE_ANSWERED] = "answered",
		[SDR_SERVICE_FAILED] = "failed",
		[SDR_SERVICE_STOPPED] = "stopped",
	};
	return words[kind];
}

static bool is_about_client(enum sdr_service_event_kind kind)
{
	return kind == SDR_SERVICE_ACCEPTED || kind == SDR_SERVICE_CLOSED ||
		kind == SDR_SERVICE_REFUSED || kind == SDR_SERVICE_DROPPED ||
		kind == SDR_SERVICE_ANSWERED;
}

/* Spends credit; it grows with time. */
static bool may_report(struct sdr_services *services, sdr_ns now)
{
	services->event_credit += now - services->event_credit_at;
	services->event_credit_at = now;
	if (services->event_credit > SERVE_EVENT_CREDIT_MAX)
		services->event_credit = SERVE_EVENT_CREDIT_MAX;
	if (services->event_credit < SERVE_EVENT_PRICE) {
		services->muted++;
		return false;
	}
	services->event_credit -= SERVE_EVENT_PRICE;
	return true;
}

void sdr_service_notify(struct serve_listener *listener, const struct serve_notice *notice)
{
	struct sdr_services *services = listener->services;
	if (services->sink_count == 0 ||
		(is_about_client(notice->kind) && !may_report(services, sdr_clock_now())))
		return;
	char why[SERVE_WHY];
	struct sdr_service_event event = {.kind = notice->kind,
		.when = sdr_clock_wall(),
		.id = listener->id,
		.type = &listener->type->public,
		.transport = listener->transport,
		.local = listener->local,
		.bytes_in = notice->bytes_in,
		.bytes_out = notice->bytes_out,
		.why = notice->why};
	if (notice->peer)
		event.peer = *notice->peer;
	if (services->muted > 0 && is_about_client(notice->kind)) {
		snprintf(why, sizeof(why), "%s%s%llu events before this one were left out",
			notice->why ? notice->why : "", notice->why ? "; " : "",
			(unsigned long long)services->muted);
		event.why = why;
		services->muted = 0;
	}
	for (unsigned i = 0; i < services->sink_count; i++)
		services->sinks[i].on_event(services->sinks[i].context, &event);
}

enum sdr_status sdr_services_sink_add(struct sdr_services *services,
	void (*on_event)(void *context, const struct sdr_service_event *), void *context)
{
	if (services->sink_count == SERVE_SINKS)
		return SDR_ENOMEM;
	services->sinks[services->sink_count].on_event = on_event;
	services->sinks[services->sink_count++].context = context;
	return SDR_OK;
}

void sdr_services_sink_remove(struct sdr_services *services, void *context)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < services->sink_count; i++)
		if (services->sinks[i].context != context)
			services->sinks[kept++] = services->sinks[i];
	services->sink_count = kept;
}
