/* spec_share.c - checks a spec's bounds, and copies it: the same function over its strings first
 * counts, then copies into one block. Targets added one after the other mostly have the same
 * settings, so each is compared with the one before. */
#include "probe/spec_share.h"

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

#define TEXTS 14

/* Where a spec's texts are. */
static void texts_of(struct sdr_spec *spec, const char **texts[static TEXTS])
{
	const char **const all[TEXTS] = {&spec->server, &spec->line, &spec->group,
		&spec->ping.interface, &spec->ping.pattern, &spec->http.url, &spec->http.method,
		&spec->http.cacert, &spec->http.connect_to, &spec->http.proxy, &spec->http.user,
		&spec->http.password, &spec->http.proxy_user, &spec->http.proxy_password};
	memcpy(texts, all, sizeof(all));
}

static void pack_strings(struct packer *packer, struct sdr_spec *spec)
{
	const char **texts[TEXTS];
	spec->http.headers = pack_array(packer, spec->http.headers);
	spec->dns.types = pack_array(packer, spec->dns.types);
	pack_items(packer, spec->http.headers);
	pack_items(packer, spec->dns.types);
	texts_of(spec, texts);
	for (size_t i = 0; i < TEXTS; i++)
		*texts[i] = pack(packer, *texts[i]);
}

static bool known_type(const struct sdr_probe_type *type)
{
	const struct sdr_probe_type *public;
	for (unsigned i = 0; (public = sdr_probe_at(i)); i++)
		if (public == type)
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
		sdr_error_set(
			error, 0, "'%s' names no host; give a name or an address", spec->target);
		return SDR_EINVAL;
	}
	if (spec->all_addresses && !spec->type->by_address) {
		sdr_error_set(error, 0, "'%s': a probe of type %s has no addresses to follow",
			spec->target, spec->type->name);
		return SDR_EINVAL;
	}
	enum sdr_status status =
		spec->type->by_address ? sdr_host_check(spec->host, error) : SDR_OK;
	if (status)
		return status;
	if (spec->host && strlen(spec->host) >= SDR_HOST_TEXT) {
		sdr_error_set(error, 0,
			"'%.40s...' is too long for a host name; 253 characters at most",
			spec->host);
		return SDR_EINVAL;
	}
	if (spec->family != 0 && spec->family != 4 && spec->family != 6) {
		sdr_error_set(error, 0, "%u is no address family; 4 or 6", spec->family);
		return SDR_EINVAL;
	}
	if (spec->interval != 0 &&
		(spec->interval < INTERVAL_MIN || spec->interval > INTERVAL_MAX)) {
		char text[SDR_DURATION_TEXT];
		sdr_error_set(error, 0, "an interval of %s is out of range; 10ms to 1h",
			sdr_duration_format(text, spec->interval));
		return SDR_ERANGE;
	}
	if (spec->timeout < 0 || spec->timeout > TIMEOUT_MAX) {
		char text[SDR_DURATION_TEXT];
		sdr_error_set(error, 0, "a time-out of %s is out of range; up to 1h",
			sdr_duration_format(text, spec->timeout));
		return SDR_ERANGE;
	}
	return SDR_OK;
}

/* ---- sharing ---- */

/* The spec shared by all targets like it, with the defaults of its type. */
static struct sdr_spec common_part(const struct sdr_spec *spec)
{
	struct sdr_spec common = *spec;
	common.target = common.host = NULL;
	common.port = 0;
	if (common.interval == 0 && common.count > 1)
		common.interval = common.type->default_interval;
	if (common.interval == 0)
		common.count = 1;
	if (common.timeout == 0)
		common.timeout = common.type->default_timeout;
	return common;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_list(const char *const *a, const char *const *b)
{
	if (!a || !b)
		return a == b;
	for (; *a && *b && strcmp(*a, *b) == 0; a++)
		b++;
	return !*a && !*b;
}

/* Compares texts, then all the rest as bytes, for which `a` borrows the texts of `b`: where padding
 * differs, two shares hold the same, which is no harm. */
static bool same(struct sdr_spec a, const struct sdr_spec *b)
{
	const char **texts_a[TEXTS], **texts_b[TEXTS];
	texts_of(&a, texts_a);
	texts_of((struct sdr_spec *)(uintptr_t)b, texts_b);
	for (size_t i = 0; i < TEXTS; i++) {
		if (!same_text(*texts_a[i], *texts_b[i]))
			return false;
		*texts_a[i] = *texts_b[i];
	}
	if (!same_list(a.http.headers, b->http.headers) || !same_list(a.dns.types, b->dns.types))
		return false;
	a.http.headers = b->http.headers;
	a.dns.types = b->dns.types;
	return memcmp(&a, b, sizeof(a)) ==
		0; /* NOLINT(bugprone-suspicious-memory-comparison): see above */
}

struct spec_share *sdr_spec_share(const struct sdr_spec *spec, struct spec_share *latest)
{
	struct sdr_spec common = common_part(spec);
	struct packer packer = {NULL, 0};
	if (latest && same(common, &latest->spec)) {
		latest->users++;
		return latest;
	}
	struct sdr_spec walked = common;
	pack_strings(&packer, &walked);
	struct spec_share *share = malloc(sizeof(*share) + packer.need);
	if (!share)
		return NULL;
	packer = (struct packer){share->memory, 0};
	pack_strings(&packer, &common);
	share->spec = common;
	share->users = 1;
	return share;
}

void sdr_spec_release(struct spec_share *share)
{
	if (share && --share->users == 0)
		free(share);
}

void sdr_spec_hold(struct spec_share **held, struct spec_share *share)
{
	if (share == *held)
		return;
	share->users++;
	sdr_spec_release(*held);
	*held = share;
}
