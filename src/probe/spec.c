/* spec.c - a spec's bounds, and its copy: the same walk over its text first counts, then copies into one block. */
#include "probe/spec.h"

#include <stdlib.h>
#include <string.h>

#define INTERVAL_MIN (10 * SDR_MS)
#define INTERVAL_MAX SDR_HOUR
#define TIMEOUT_MAX SDR_HOUR

struct packer {
	char *at;    /* where the next piece goes; NULL while counting */
	size_t need; /* bytes so far */
};

static const char *pack(struct packer *packer, const char *text)
{
	if (!text)
		return NULL;
	size_t size = strlen(text) + 1;
	packer->need += size;
	if (!packer->at)
		return text;
	char *copy = memcpy(packer->at, text, size);
	packer->at += size;
	return copy;
}

/* Arrays come before all text, so that they stay aligned. */
static const char *const *pack_array(struct packer *packer, const char *const *list)
{
	if (!list)
		return NULL;
	size_t count = 1;
	while (list[count - 1])
		count++;
	packer->need += count * sizeof(*list);
	if (!packer->at)
		return list;
	const char **copy = memcpy(packer->at, list, count * sizeof(*list));
	packer->at += count * sizeof(*list);
	return copy;
}

static void pack_items(struct packer *packer, const char *const *list)
{
	for (const char **item = (const char **)list; item && *item; item++) {
		const char *copy = pack(packer, *item);
		if (packer->at)
			*item = copy;
	}
}

static void walk(struct packer *packer, struct sdr_spec *spec)
{
	spec->http.headers = pack_array(packer, spec->http.headers);
	spec->dns.types = pack_array(packer, spec->dns.types);
	pack_items(packer, spec->http.headers);
	pack_items(packer, spec->dns.types);
	bool same = spec->host && strcmp(spec->host, spec->target) == 0;
	spec->target = pack(packer, spec->target);
	spec->host = same ? spec->target : pack(packer, spec->host);
	const char **const texts[] = {&spec->server, &spec->line, &spec->ping.interface, &spec->ping.pattern, &spec->http.url,
		&spec->http.method, &spec->http.cacert, &spec->http.connect_to, &spec->http.proxy};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = pack(packer, *texts[i]);
}

static bool known_type(const struct sdr_probe_type *type)
{
	const struct sdr_probe_type *face;
	for (unsigned i = 0; (face = sdr_probe_at(i)) != NULL; i++)
		if (face == type)
			return true;
	return false;
}

enum sdr_status sdr_spec_check(const struct sdr_spec *spec, struct sdr_error *error)
{
	if (!spec->target || !known_type(spec->type)) {
		sdr_error_set(error, 0, "a probe needs a target and a type");
		return SDR_EINVAL;
	}
	if (spec->type->by_address && (!spec->host || !spec->host[0])) {
		sdr_error_set(error, 0, "'%s' names no host; give a name or an address", spec->target);
		return SDR_EINVAL;
	}
	if (spec->host && strlen(spec->host) >= SDR_HOST_TEXT) {
		sdr_error_set(error, 0, "'%.40s...' is too long for a host name; 253 characters at most", spec->host);
		return SDR_EINVAL;
	}
	if (spec->family != 0 && spec->family != 4 && spec->family != 6) {
		sdr_error_set(error, 0, "%u is no address family; 4 or 6", spec->family);
		return SDR_EINVAL;
	}
	if (spec->interval != 0 && (spec->interval < INTERVAL_MIN || spec->interval > INTERVAL_MAX)) {
		char text[SDR_DURATION_TEXT];
		sdr_error_set(error, 0, "an interval of %s is out of range; 10ms to 1h", sdr_duration_format(text, spec->interval));
		return SDR_ERANGE;
	}
	if (spec->timeout < 0 || spec->timeout > TIMEOUT_MAX) {
		char text[SDR_DURATION_TEXT];
		sdr_error_set(error, 0, "a time-out of %s is out of range; up to 1h", sdr_duration_format(text, spec->timeout));
		return SDR_ERANGE;
	}
	return SDR_OK;
}

enum sdr_status sdr_spec_copy(const struct sdr_spec *spec, struct sdr_spec *copy, void **memory)
{
	struct packer packer = {NULL, 0};
	struct sdr_spec walked = *spec;
	walk(&packer, &walked);
	char *block = malloc(packer.need);
	if (!block)
		return SDR_ENOMEM;
	packer = (struct packer){block, 0};
	walked = *spec;
	walk(&packer, &walked);
	*copy = walked;
	*memory = block;
	return SDR_OK;
}
