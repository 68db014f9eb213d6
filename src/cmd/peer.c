/* peer.c - from HOST:PORT words to specs. Names are resolved later, by the engine; services are
 * numbers or names of the registry. */
#include "cmd/peer.h"

#include <string.h>

#include "cmd/probe_options.h"
#include "cmd/repeat.h"
#include "sounder/app.h"
#include "sounder/line.h"
#include "sounder/registry.h"

static enum sdr_status find_port(const struct sdr_call *call, const struct sdr_hostport *parts,
	struct sdr_spec *spec, struct sdr_error *error)
{
	const char *word = spec->target;
	struct sdr_error inner = {0};
	spec->port = spec->type->default_port;
	if (!parts->has_service && spec->port == 0) {
		sdr_error_set(error, 0,
			"%s: no port; %s%s%s:80 would be right, or a service's name", word,
			strchr(parts->host, ':') ? "[" : "", parts->host,
			strchr(parts->host, ':') ? "]" : "");
		return SDR_EINVAL;
	}
	if (!parts->has_service)
		return SDR_OK;
	enum sdr_status status = sdr_registry_service_port(sdr_app_registry(call->app),
		parts->service, spec->udp ? SDR_UDP : SDR_TCP, &spec->port, &inner);
	if (status != SDR_OK) {
		sdr_error_set(error, 0, "%s: %s", word, inner.text);
		return status;
	}
	if (spec->port == 0) {
		sdr_error_set(error, 0, "%s: nothing answers on port 0; 1 to 65535 is right", word);
		return SDR_ERANGE;
	}
	return SDR_OK;
}

static enum sdr_status take_word(const struct sdr_call *call, struct sdr_request *request,
	struct sdr_spec *spec, struct sdr_error *error)
{
	const char *word = spec->target;
	struct sdr_hostport parts;
	enum sdr_status status = sdr_hostport_parse(word, &parts, error);
	if (status != SDR_OK)
		return status;
	if (parts.host[0] == '\0') {
		sdr_error_set(error, 0, "%s: no host; localhost%s would be right", word, word);
		return SDR_EINVAL;
	}
	status = find_port(call, &parts, spec, error);
	if (status != SDR_OK)
		return status;
	spec->host = sdr_request_text(request, "%s", parts.host);
	spec->line = sdr_request_line_add(request, sdr_request_line(request, call, false), word);
	return spec->host ? SDR_OK : SDR_ENOMEM;
}

static struct sdr_spec common_spec(const struct sdr_call *call)
{
	struct sdr_spec spec = {.type = sdr_probe_find(call->command->name),
		.server = sdr_call_text(call, "server"),
		.family = sdr_call_has(call, "ipv6") ? 6
			: sdr_call_has(call, "ipv4") ? 4
						     : 0,
		.timeout = sdr_call_number(call, "timeout", 0),
		.count = (uint64_t)sdr_call_number(call, "count", 0),
		.all_addresses = sdr_call_has(call, "all-addresses"),
		.udp = sdr_call_has(call, "udp")};
	spec.interval = sdr_repeat_interval(call);
	return spec;
}

enum sdr_status sdr_peer_make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	size_t count = sdr_call_words(call);
	struct sdr_spec *specs = sdr_request_alloc(request, count * sizeof(*specs));
	if (!specs)
		return SDR_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		specs[i] = common_spec(call);
		specs[i].target = sdr_call_word(call, i);
		enum sdr_status status = sdr_probe_options(call, request, &specs[i], error);
		if (status == SDR_OK)
			status = take_word(call, request, &specs[i], error);
		if (status != SDR_OK)
			return status;
	}
	request->kind = SDR_REQUEST_WATCH;
	request->watch = (struct sdr_watch){
		.specs = specs, .count = count, .single = specs[0].interval == 0};
	return sdr_repeat_take(call, &request->watch, error);
}
