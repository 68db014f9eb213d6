/* ping.c - ICMP echo to any number of targets over one socket per address family.
 *
 * A reply is ours by the token in its payload, then by its source; an error by what it quotes: the
 * token, or destination and sequence. Round trips are differences of the kernel's own stamps where
 * both exist, and never come from the packet. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "probe/pace.h"
#include "probe/ping_receive.h"
#include "probe/ping_report.h"
#include "probe/ping_state.h"

#define RENEW (5 * SDR_MINUTE)
#define SILENCE (10 * SDR_SECOND)
#define RETRY_MIN_MS 10 /* after the kernel's queue was full */
#define RETRY_MAX_MS 160

/* ---- sending ---- */

static void on_drained(void *context)
{
	struct ping *ping = context;
	if (ping->inflight.count == 0)
		sdr_ping_arm_expiry(ping);
}

static struct inflight_entry *entry_of(const struct ping *ping, const struct icmp_tag *tag)
{
	struct inflight_entry *entry = &ping->inflight.entries[tag->index];
	return entry->target == tag->target && entry->sequence == tag->sequence ? entry : NULL;
}

static void on_sent(void *context, const struct icmp_tag *tag, sdr_ns when, int error)
{
	struct ping *ping = context;
	struct inflight_entry *entry = entry_of(ping, tag);
	if (!entry)
		return;
	entry->sent = when;
	if (error != 0 &&
		sdr_ping_defer(ping,
			(struct deferred){tag->target & (SDR_PING_TARGETS - 1), tag->target,
				tag->sequence, when, error}))
		sdr_inflight_remove(&ping->inflight, tag->index);
}

static void on_stamp(void *context, const struct icmp_tag *tag, sdr_ns when)
{
	struct inflight_entry *entry = entry_of(context, tag);
	if (entry)
		entry->stamp = when;
}

/* Reads up to 32 hexadecimal digits, two a byte. Returns the bytes, 0 for what is no pattern. */
static size_t parse_pattern(const char *text, uint8_t bytes[static 16])
{
	size_t length = strlen(text), n = 0;
	if (length > 32 || strspn(text, "0123456789abcdefABCDEF") != length)
		return 0;
	for (; n * 2 < length; n++) {
		char pair[3] = {text[n * 2], text[n * 2 + 1], '\0'};
		bytes[n] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return n;
}

static void set_pattern(struct ping *ping, const char *text)
{
	uint8_t bytes[16];
	size_t size = text ? parse_pattern(text, bytes) : 0;
	for (int i = 0; i < 2 && size > 0; i++)
		if (ping->sockets[i])
			sdr_icmp_socket_set_pattern(ping->sockets[i], bytes, size);
}

/* Returns NULL with an errno in `error`. */
static struct ping_target *enter(struct ping *ping, const struct sdr_target *public, int *error)
{
	const struct sdr_spec *spec = public->spec;
	struct ping_target *target = sdr_ping_table_add(&ping->table, public);
	struct ping_source source;
	*error = ENOMEM;
	if (!target)
		return NULL;
	sdr_ns interval = spec->interval > 0 ? spec->interval : SDR_PING_LATE_WINDOW;
	sdr_ns room = (spec->timeout + SDR_PING_LATE_WINDOW) / interval + 2;
	target->room = spec->count > 0 && spec->count + 1 < (uint64_t)room
		? (uint32_t)spec->count + 1
		: (uint32_t)room;
	set_pattern(ping, sdr_ping_options(spec)->pattern);
	if (sdr_ping_source_parse(spec->source, &source, NULL) !=
		SDR_OK) { /* gone since it was checked; it may come back */
		snprintf(source.name, sizeof(source.name), "%s", spec->source);
		source.interface = INT32_MAX;
	}
	if (spec->broadcast && !ping->responders)
		ping->responders = calloc(SDR_PING_RESPONDERS,
			sizeof(*ping->responders)); /* without it further answers count as
						       duplicates */
	if (sdr_ping_table_set_source(&ping->table, public->id, &source) == SDR_OK &&
		sdr_inflight_reserve(&ping->inflight, target->room) == SDR_OK)
		return target;
	sdr_ping_table_remove(&ping->table, public->id);
	return NULL;
}

static void leave(struct ping *ping, struct ping_target *target)
{
	sdr_inflight_release(&ping->inflight, target->room);
	sdr_ping_table_remove(&ping->table, target->public->id);
}

/* Reports to the sinks that the probe before had no answer yet, for -O. */
static void notice_late(struct ping *ping, const struct ping_target *target, uint32_t key)
{
	uint64_t before = target->public->begun - 1;
	uint32_t index = sdr_inflight_find(&ping->inflight, key, before);
	if (index != SDR_INFLIGHT_NONE)
		(void)sdr_ping_defer(ping,
			(struct deferred){target->public->id, key, before,
				ping->inflight.entries[index].sent, 0});
}

static void send_request(
	struct ping *ping, const struct ping_target *target, uint32_t key, uint32_t index)
{
	const struct sdr_spec *spec = target->public->spec;
	const struct ping_source *source = sdr_ping_table_source(&ping->table, target);
	struct icmp_request request = {.tag = {target->public->begun, key, index},
		.to = target->addr,
		.source = source->addr,
		.interface = source->interface,
		.size = sdr_ping_size(spec),
		.token = sdr_token_seal(&ping->token, key, (uint32_t)target->public->begun),
		.hop_limit = spec->hop_limit,
		.tos = spec->tos,
		.fragment = sdr_ping_options(spec)->fragment};
	struct icmp_socket *socket = ping->sockets[target->addr.version == 6];
	if (!socket)
		on_sent(ping, &request.tag, sdr_clock_now(), EAFNOSUPPORT);
	else if (!sdr_icmp_socket_queue(socket, &request))
		on_sent(ping, &request.tag, sdr_clock_now(), ENOBUFS);
}

static enum sdr_status defer(struct ping *ping, struct deferred deferred)
{
	return sdr_ping_defer(ping, deferred) ? SDR_OK : SDR_ENOMEM;
}

/* From time to time, while no answer is due, or if none has come for long: starts a new session, in
 * case a NAT has lost the old one. */
static void renew(struct ping *ping, sdr_ns now)
{
	bool due = ping->inflight.count > ping->inflight.late;
	if (now - ping->renewed_at < RENEW || (due && now - ping->heard_at < SILENCE))
		return;
	ping->renewed_at = now;
	for (int i = 0; i < 2; i++)
		if (ping->sockets[i])
			sdr_icmp_socket_renew(ping->sockets[i]);
}

/* Interfaces have changed: one that is named, after -I or in a zone, may be another now. */
static void renew_names(struct ping *ping)
{
	struct sdr_addr addr;
	ping->links_version = sdr_links_version(ping->links);
	sdr_ping_table_renew_sources(&ping->table);
	for (uint32_t id = 0; id < ping->table.capacity; id++) {
		struct ping_target *target = &ping->table.targets[id];
		if (!target->public || target->addr.scope_id == 0 || !target->public->host ||
			sdr_addr_parse(target->public->host, &addr, NULL) != SDR_OK ||
			addr.scope_id == 0)
			continue;
		target->addr.scope_id = addr.scope_id;
		ping->env->rescope(ping->env, id, addr.scope_id);
	}
}

static enum sdr_status start(
	void *shared, const struct sdr_target *public, uint64_t sequence, sdr_ns now)
{
	struct ping *ping = shared;
	struct ping_target *target = sdr_ping_table_by_id(&ping->table, public->id);
	renew(ping, now);
	if (sdr_links_version(ping->links) != ping->links_version)
		renew_names(ping);
	if (target && !sdr_ping_same_address(&target->addr, &public->addr))
		sdr_ping_table_move(&ping->table, public->id,
			(uint32_t)sequence); /* the name has got another address */
	int error;
	if (!target && !(target = enter(ping, public, &error)))
		return defer(
			ping, (struct deferred){public->id, SDR_PING_NONE, sequence, now, error});
	uint32_t key = sdr_ping_table_key(&ping->table, public->id);
	if (sdr_ping_options(public->spec)->late_notice && sequence > 1)
		notice_late(ping, target, key);
	uint32_t index =
		sdr_inflight_add(&ping->inflight, key, sequence, now, public->spec->timeout);
	if (index == SDR_INFLIGHT_NONE)
		return defer(ping, (struct deferred){public->id, key, sequence, now, ENOBUFS});
	ping->inflight.entries[index].sent = SDR_NS_NONE; /* until it is passed to the kernel */
	send_request(ping, target, key, index);
	return SDR_OK;
}

static void flush(void *shared, sdr_ns now);

static void on_retry(uv_timer_t *timer)
{
	flush(timer->data, 0);
}

static void flush(void *shared, sdr_ns now)
{
	struct ping *ping = shared;
	bool room = true;
	if (now == 0)
		now = sdr_clock_now();
	sdr_ping_look_at_clocks(ping, now);
	for (int i = 0; i < 2; i++)
		if (ping->sockets[i] && !sdr_icmp_socket_flush(ping->sockets[i]))
			room = false;
	sdr_ping_arm_expiry(ping);
	if (room) {
		ping->retry_ms = 0;
		return;
	}
	if (ping->env->pace)
		sdr_pace_slow(ping->env->pace, now);
	if (uv_is_active((uv_handle_t *)&ping->retry))
		return;
	ping->retry_ms = ping->retry_ms == 0    ? RETRY_MIN_MS
		: ping->retry_ms < RETRY_MAX_MS ? ping->retry_ms * 2
						: RETRY_MAX_MS;
	uv_timer_start(&ping->retry, on_retry, ping->retry_ms, 0);
}

static void stop(void *shared, const struct sdr_target *public)
{
	struct ping *ping = shared;
	struct ping_target *target = sdr_ping_table_by_id(&ping->table, public->id);
	if (target && target->public == public)
		leave(ping, target);
}

/* ---- life ---- */

static enum sdr_status check(const struct sdr_spec *spec, struct sdr_error *error)
{
	struct ping_source source;
	if (sdr_ping_options(spec)->has_size &&
		sdr_ping_options(spec)->size > SDR_ICMP_PAYLOAD_MAX) {
		sdr_error_set(error, 0, "a size of %u bytes is out of range; 0 to %u",
			sdr_ping_options(spec)->size, SDR_ICMP_PAYLOAD_MAX);
		return SDR_ERANGE;
	}
	uint8_t pattern[16];
	if (sdr_ping_options(spec)->pattern &&
		parse_pattern(sdr_ping_options(spec)->pattern, pattern) == 0) {
		sdr_error_set(error, 0,
			"'%.40s' is no pattern; up to 32 hexadecimal digits, like ff00",
			sdr_ping_options(spec)->pattern);
		return SDR_EINVAL;
	}
	return sdr_ping_source_parse(spec->source, &source, error);
}

static void on_closed(uv_handle_t *handle)
{
	struct ping *ping = handle->data;
	if (--ping->closing == 0)
		free(ping);
}

static void close_ping(void *shared)
{
	struct ping *ping = shared;
	sdr_icmp_socket_close(ping->sockets[0]);
	sdr_icmp_socket_close(ping->sockets[1]);
	sdr_inflight_done(&ping->inflight);
	sdr_ping_table_done(&ping->table);
	sdr_links_free(ping->links);
	free(ping->responders);
	free(ping->deferred);
	uv_timer_t *timers[] = {&ping->expiry, &ping->soon, &ping->retry};
	ping->closing = 3;
	for (int i = 0; i < 3; i++)
		uv_close((uv_handle_t *)timers[i], on_closed);
}

static enum sdr_status open_sockets(struct ping *ping, uint16_t identifier, uint32_t magic)
{
	const struct sdr_privilege *privilege = ping->env->privilege;
	struct icmp_socket_config config = {.loop = ping->env->loop,
		.fd = privilege->icmp4,
		.version = 4,
		.kind = privilege->kind4};
	config.identifier = identifier;
	config.magic = magic;
	config.events = (struct icmp_events){
		ping, sdr_ping_on_reply, sdr_ping_on_fault, on_sent, on_stamp, on_drained};
	enum sdr_status status = SDR_OK;
	if (config.kind != SDR_ICMP_NONE)
		status = sdr_icmp_socket_open(&config, &ping->sockets[0]);
	config.fd = privilege->icmp6;
	config.version = 6;
	config.kind = privilege->kind6;
	if (status == SDR_OK && config.kind != SDR_ICMP_NONE)
		status = sdr_icmp_socket_open(&config, &ping->sockets[1]);
	return status;
}

static struct ping *new_ping(struct probe_env *env)
{
	struct ping *ping = calloc(1, sizeof(*ping));
	if (!ping ||
		sdr_inflight_init(&ping->inflight, SDR_PING_LATE_WINDOW, sdr_clock_now()) !=
			SDR_OK) {
		free(ping);
		return NULL;
	}
	ping->env = env;
	ping->expiry_at = SDR_NS_NONE;
	ping->asleep = sdr_clock_boot() - sdr_clock_now();
	ping->renewed_at = ping->heard_at = sdr_clock_now();
	uv_timer_t *timers[] = {&ping->expiry, &ping->soon, &ping->retry};
	for (int i = 0; i < 3; i++) {
		uv_timer_init(env->loop, timers[i]);
		timers[i]->data = ping;
	}
	return ping;
}

/* Random per process, so that nobody can forge an answer. */
struct secrets {
	uint32_t key[4], magic;
	uint32_t identifier; /* low 16 bits */
};

static enum sdr_status open_ping(struct probe_env *env, void **shared, struct sdr_error *error)
{
	char why[256];
	struct secrets random;
	if (env->privilege->kind4 == SDR_ICMP_NONE && env->privilege->kind6 == SDR_ICMP_NONE) {
		sdr_error_set(
			error, 0, "%s", sdr_privilege_why(env->privilege, 4, why, sizeof(why)));
		return SDR_EPERM;
	}
	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random)) {
		sdr_error_set(error, 0, "no random numbers from the system: %s", strerror(errno));
		return SDR_ESYSTEM;
	}
	struct ping *ping = new_ping(env);
	if (!ping) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	sdr_token_init(&ping->token, random.key);
	enum sdr_status status = open_sockets(ping, (uint16_t)random.identifier, random.magic);
	if (status) {
		sdr_error_set(
			error, 0, "the ICMP sockets can't be set up: %s", sdr_status_text(status));
		close_ping(ping);
		return status;
	}
	ping->links = sdr_links_new(env->loop);
	ping->links_version = sdr_links_version(ping->links);
	*shared = ping;
	return SDR_OK;
}

static const struct sdr_field fields[PING_FIELDS] = {
	[PING_TTL] = {"ttl", "TTL", NULL, "hops the answer had left", SDR_FIELD_INTEGER},
	[PING_BYTES] = {"bytes", "Bytes", "bytes", "size of the answer with its ICMP header",
		SDR_FIELD_INTEGER},
	[PING_ICMP_TYPE] = {"icmp_type", "Type", NULL, "type of the ICMP error", SDR_FIELD_INTEGER},
	[PING_ICMP_CODE] = {"icmp_code", "Code", NULL, "code of the ICMP error", SDR_FIELD_INTEGER},
	[PING_ROUTER] = {"router", "Router", NULL, "who sent the ICMP error", SDR_FIELD_ADDRESS},
	[PING_MTU] = {"mtu", "MTU", "bytes",
		"what the next hop can carry, where the packet was too big", SDR_FIELD_INTEGER},
	[PING_CLOCK] = {"clock", "Clock", NULL,
		"what timed the round trip: kernel (both directions), "
		"receive (kernel on receipt), clock (this program)",
		SDR_FIELD_TEXT},
	[PING_ERROR] = {"error", "Error", NULL, "the system's name of a local fault",
		SDR_FIELD_TEXT},
};

static const unsigned texts[] = {SDR_PLACE(struct sdr_ping_options, pattern), 0};

const struct probe_type probe_ping = {
	.public = {.name = "ping",
		.label = "icmp",
		.panel = "ping",
		.sentence = "ICMP echo: is the host there, how far away, how much is lost",
		.fields = fields,
		.field_count = PING_FIELDS,
		.options_size = sizeof(struct sdr_ping_options),
		.texts = texts,
		.by_address = true,
		.counts = SDR_COUNT_DUPLICATES | SDR_COUNT_LATE | SDR_COUNT_CORRUPT,
		.default_interval = SDR_SECOND,
		.default_timeout = 2 * SDR_SECOND,
		.text = {sdr_ping_text_header, sdr_ping_text_line, sdr_ping_text_summary,
			sdr_ping_text_status}},
	.check = check,
	.open = open_ping,
	.close = close_ping,
	.start = start,
	.flush = flush,
	.stop = stop,
};
