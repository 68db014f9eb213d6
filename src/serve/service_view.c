/* service_view.c - what a panel may see of the listeners and their clients. A UDP source counts as
 * a client for a minute after its last datagram. */
#include "serve/serving.h"

#define SOURCE_MEMORY SDR_MINUTE

unsigned sdr_services_count(const struct sdr_services *services)
{
	unsigned count = 0;
	for (const struct serve_listener *listener = services->listeners; listener;
		listener = listener->next)
		count++;
	return count;
}

bool sdr_services_view(
	const struct sdr_services *services, unsigned index, struct sdr_service_view *view)
{
	const struct serve_listener *listener = services->listeners;
	while (listener && index-- > 0)
		listener = listener->next;
	if (!listener)
		return false;
	*view = (struct sdr_service_view){.id = listener->id,
		.type = &listener->type->public,
		.transport = listener->transport,
		.local = listener->local,
		.is_public = listener->is_public,
		.started = listener->started,
		.clients = sdr_services_client_count(services, listener->id),
		.served = listener->served,
		.refused = listener->refused,
		.dropped = listener->dropped,
		.bytes_in = listener->bytes_in,
		.bytes_out = listener->bytes_out,
		.why = listener->why[0] ? listener->why : NULL};
	return true;
}

static const struct serve_listener *find_listener(const struct sdr_services *services, uint32_t id)
{
	const struct serve_listener *listener = services->listeners;
	while (listener && listener->id != id)
		listener = listener->next;
	return listener;
}

unsigned sdr_services_client_count(const struct sdr_services *services, uint32_t id)
{
	const struct serve_listener *listener = find_listener(services, id);
	if (!listener)
		return 0;
	return listener->sources
		? sdr_guard_sources_count(listener->sources, sdr_clock_now() - SOURCE_MEMORY)
		: listener->client_count;
}

bool sdr_services_client(const struct sdr_services *services, uint32_t id, unsigned index,
	struct sdr_service_client *client)
{
	const struct serve_listener *listener = find_listener(services, id);
	if (!listener)
		return false;
	if (listener->sources) {
		const struct guard_source *source = sdr_guard_sources_at(
			listener->sources, index, sdr_clock_now() - SOURCE_MEMORY);
		if (source)
			*client = (struct sdr_service_client){source->last, source->since,
				source->seen, source->bytes_in, source->bytes_out};
		return source;
	}
	const struct serve_client *found = listener->clients;
	while (found && index-- > 0)
		found = found->next;
	if (found)
		*client = (struct sdr_service_client){
			found->peer, found->since, found->last, found->bytes_in, found->bytes_out};
	return found;
}

uint64_t sdr_services_version(const struct sdr_services *services)
{
	return services->version;
}
