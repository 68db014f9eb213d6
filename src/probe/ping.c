/* ping.c - ICMP echo to any number of targets over one socket a family.
 *
 * A reply is ours by the token in its payload, then by its source; an error by what it quotes: the token, or destination and sequence.
 * Round trips are differences of the kernel's own stamps where both exist, and never come from the packet. */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <uv.h>

#include "net/icmp_socket.h"
#include "net/inflight.h"
#include "net/token.h"
#include "probe/ping_table.h"
#include "probe/ping_text.h"
#include "probe/probe.h"

#define SIZE_DEFAULT 56
#define LATE_WINDOW (10 * SDR_SECOND)
#define RETRY_MIN_MS 10 /* after the kernel's queue was full */
#define RETRY_MAX_MS 160

/* A result that came up while sending, told on the next turn. */
struct deferred {
	uint32_t id;
	uint32_t key; /* SDR_PING_NONE: the target could not even be entered */
	uint64_t sequence;
	sdr_ns sent;
	int error; /* errno; 0: "no answer yet" */
};

struct ping {
	struct probe_env *env;
	struct icmp_socket *sockets[2]; /* IPv4, IPv6; NULL where there is none */
	struct inflight inflight;
	struct ping_table table;
	struct token_key token;
	uv_timer_t expiry;         /* the next time-out */
	uv_timer_t soon;           /* deferred results */
	uv_timer_t retry;          /* the kernel's queue was full */
	unsigned closing;          /* handles whose close is under way */
	unsigned retry_ms;         /* how long to wait for room; 0: there is room */
	sdr_ns expiry_at;          /* when `expiry` fires; SDR_NS_NONE: not set */
	struct deferred *deferred; /* [deferred_count]; owned */
	size_t deferred_count, deferred_capacity;
	uint64_t foreign; /* replies that belong to none of our probes */
};

struct local_error {
	int number;
	const char *name;
	const char *why;
};

/* What a send was refused for: faults of this host, not losses. */
static const struct local_error local_errors[] = {
	{EPERM, "EPERM", "blocked by local firewall"}, {EACCES, "EACCES", "not permitted: a broadcast address?"},
	{ENETUNREACH, "ENETUNREACH", "network unreachable (local)"}, {EHOSTUNREACH, "EHOSTUNREACH", "host unreachable (local)"},
	{ENETDOWN, "ENETDOWN", "network down (local)"}, {ENOBUFS, "ENOBUFS", "local queue full"},
	{EMSGSIZE, "EMSGSIZE", "message too long for the interface"}, {EADDRNOTAVAIL, "EADDRNOTAVAIL", "source address not available"},
	{ENODEV, "ENODEV", "no such interface"}, {ENOMEM, "ENOMEM", "out of memory"},
	{EINVAL, "EINVAL", "refused by this system: invalid argument"},
	{EAFNOSUPPORT, "EAFNOSUPPORT", NULL}, /* sdr_privilege_why says more */
};

static const struct local_error *local_error_of(int number)
{
	for (size_t i = 0; i < sizeof(local_errors) / sizeof(*local_errors); i++)
		if (local_errors[i].number == number)
			return &local_errors[i];
	return NULL;
}

/* ---- telling ---- */

static void set_number(struct sdr_result *result, enum ping_field field, int64_t number)
{
	result->values[field] = (struct sdr_value){.present = true, .number = number};
}

static void set_text(struct sdr_result *result, enum ping_field field, const char *text)
{
	result->values[field] = (struct sdr_value){.present = true, .text = text};
}

static void emit(struct ping *ping, const struct ping_target *target, const struct sdr_result *result)
{
	ping->env->emit(ping->env, target->face->id, result);
}

static void emit_local(struct ping *ping, const struct deferred *failure)
{
	const struct ping_target *target = sdr_ping_table_by_key(&ping->table, failure->key);
	const struct local_error *known = local_error_of(failure->error);
	char why[256] = "";
	struct sdr_result result = {.outcome = SDR_OUTCOME_LOCAL, .sequence = failure->sequence, .sent = failure->sent, .rtt = SDR_NS_NONE};
	if (failure->error == EAFNOSUPPORT && target)
		sdr_privilege_why(ping->env->privilege, target->addr.version, why, sizeof(why));
	result.why = why[0] ? why : known && known->why ? known->why : strerror(failure->error);
	if (known)
		set_text(&result, PING_ERROR, known->name);
	ping->env->emit(ping->env, failure->id, &result);
}

static void on_soon(uv_timer_t *timer)
{
	struct ping *ping = timer->data;
	for (size_t i = 0; i < ping->deferred_count; i++) {
		const struct deferred *deferred = &ping->deferred[i];
		const struct ping_target *target = sdr_ping_table_by_key(&ping->table, deferred->key);
		if (!target && deferred->key != SDR_PING_NONE)
			continue; /* it has ended */
		if (deferred->error != 0) {
			emit_local(ping, deferred);
			continue;
		}
		struct sdr_result notice = {.kind = SDR_RESULT_PENDING, .outcome = SDR_OUTCOME_TIMEOUT, .rtt = SDR_NS_NONE};
		notice.sequence = deferred->sequence;
		notice.sent = deferred->sent;
		emit(ping, target, &notice);
	}
	ping->deferred_count = 0;
}

/* Keeps a result for the next turn. Without memory for it the probe just times out. */
static bool defer(struct ping *ping, struct deferred deferred)
{
	if (ping->deferred_count == ping->deferred_capacity) {
		size_t n = ping->deferred_capacity ? ping->deferred_capacity * 2 : 64;
		struct deferred *grown = realloc(ping->deferred, n * sizeof(*grown));
		if (!grown)
			return false;
		ping->deferred = grown;
		ping->deferred_capacity = n;
	}
	ping->deferred[ping->deferred_count++] = deferred;
	if (ping->deferred_count == 1)
		uv_timer_start(&ping->soon, on_soon, 0, 0);
	return true;
}

/* ---- time-outs ---- */

static void on_expiry(uv_timer_t *timer);

static void arm_expiry(struct ping *ping)
{
	sdr_ns next = sdr_inflight_next(&ping->inflight);
	if (next == ping->expiry_at)
		return;
	ping->expiry_at = next;
	if (next == SDR_NS_NONE) {
		uv_timer_stop(&ping->expiry);
		return;
	}
	sdr_ns wait = next - sdr_clock_now();
	uv_update_time(ping->env->loop);
	uv_timer_start(&ping->expiry, on_expiry, wait > 0 ? (uint64_t)((wait + SDR_MS - 1) / SDR_MS) : 0, 0);
}

static void expire(struct ping *ping, uint32_t index)
{
	struct inflight_entry *entry = &ping->inflight.entries[index];
	const struct ping_target *target = sdr_ping_table_by_key(&ping->table, entry->target);
	struct deferred unsent = {target ? target->face->id : 0, entry->target, entry->sequence, entry->due - LATE_WINDOW, ENOBUFS};
	bool was_sent = entry->sent != SDR_NS_NONE;
	struct sdr_result result = {.outcome = SDR_OUTCOME_TIMEOUT, .sequence = entry->sequence, .sent = entry->sent, .rtt = SDR_NS_NONE};
	if (!was_sent || !target)
		sdr_inflight_remove(&ping->inflight, index);
	if (target && was_sent)
		emit(ping, target, &result);
	else if (target)
		emit_local(ping, &unsent); /* never left: the kernel had no room for it all the while */
}

static void on_expiry(uv_timer_t *timer)
{
	struct ping *ping = timer->data;
	sdr_ns now = sdr_clock_now();
	uint32_t index;
	while ((index = sdr_inflight_expire(&ping->inflight, now)) != SDR_INFLIGHT_NONE)
		expire(ping, index);
	ping->expiry_at = SDR_NS_NONE;
	arm_expiry(ping);
}

/* ---- what comes back ---- */

/* Where a reply or error belongs. */
struct match {
	struct ping_target *target;
	uint64_t sequence;
	bool token; /* by its token, not only by address */
};

static bool match_token(const struct ping *ping, const struct icmp_echo *echo, struct match *match)
{
	uint32_t key, low;
	if (!echo->has_token)
		return false;
	sdr_token_open(&ping->token, echo->token, &key, &low);
	struct ping_target *target = sdr_ping_table_by_key(&ping->table, key);
	if (!target || target->size < SDR_ICMP_TOKEN || (uint16_t)low != echo->sequence)
		return false;
	uint64_t sequence = sdr_ping_widen(target->last, low, 32);
	*match = (struct match){target, sequence, true};
	return sequence > 0;
}

/* By address and the 16 bits of the sequence; rather one that is still in flight. Returns whether the address is one of ours at all. */
static bool match_address(const struct ping *ping, const struct sdr_addr *addr, const struct icmp_echo *echo, struct match *match)
{
	*match = (struct match){0};
	for (uint32_t id = sdr_ping_table_first(&ping->table, addr); id != SDR_PING_NONE;
		id = sdr_ping_table_next(&ping->table, id, addr)) {
		struct ping_target *target = sdr_ping_table_by_id(&ping->table, id);
		uint64_t sequence = sdr_ping_widen(target->last, echo->sequence, 16);
		bool flying = sdr_inflight_find(&ping->inflight, sdr_ping_table_key(&ping->table, id), sequence) != SDR_INFLIGHT_NONE;
		if (!match->target || flying)
			*match = (struct match){target, sequence, false};
		if (flying)
			break;
	}
	return match->target != NULL;
}

static void emit_extra(struct ping *ping, const struct match *match, const struct icmp_reply *reply, enum sdr_result_kind kind)
{
	struct sdr_result result = {.kind = kind, .outcome = SDR_OUTCOME_MALFORMED, .sequence = match->sequence, .sent = reply->read};
	result.rtt = SDR_NS_NONE;
	result.from.addr = reply->from;
	set_number(&result, PING_BYTES, (int64_t)reply->message.echo.size + SDR_ICMP_HEADER);
	emit(ping, match->target, &result);
}

/* A round trip and how it was had. */
static sdr_ns round_trip(const struct icmp_reply *reply, sdr_ns sent, sdr_ns stamp, const char **clock)
{
	if (reply->kernel && stamp != SDR_NS_NONE && reply->received >= stamp) {
		*clock = "kernel";
		return reply->received - stamp;
	}
	bool received = reply->kernel && reply->received >= sent;
	*clock = received ? "receive" : "clock";
	return (received ? reply->received : reply->read) - sent;
}

static void emit_reply(
	struct ping *ping, const struct match *match, const struct icmp_reply *reply, struct sdr_result *result, sdr_ns stamp)
{
	const char *clock = "clock";
	if (result->sent == SDR_NS_NONE) {
		result->rtt = SDR_NS_NONE;
		result->sent = reply->read;
	} else {
		result->rtt = round_trip(reply, result->sent, stamp, &clock);
	}
	result->sequence = match->sequence;
	result->from.addr = reply->from;
	if (reply->hop_limit >= 0)
		set_number(result, PING_TTL, reply->hop_limit);
	set_number(result, PING_BYTES, (int64_t)reply->message.echo.size + SDR_ICMP_HEADER);
	set_text(result, PING_CLOCK, clock);
	emit(ping, match->target, result);
}

/* The reply to a probe that is no longer in the table: answered before, or far too late. */
static void take_repeated(struct ping *ping, const struct match *match, const struct icmp_reply *reply)
{
	struct ping_target *target = match->target;
	sdr_ns interval = target->face->spec.interval;
	sdr_ns age = (sdr_ns)(target->last - match->sequence) * (interval > 0 ? interval : LATE_WINDOW);
	bool known = target->answered == match->sequence;
	struct sdr_result result = {.kind = known || age <= target->face->spec.timeout ? SDR_RESULT_DUPLICATE : SDR_RESULT_LATE};
	result.sent = known ? target->answered_sent : SDR_NS_NONE;
	emit_reply(ping, match, reply, &result, known ? target->answered_stamp : SDR_NS_NONE);
}

static void take_first(struct ping *ping, const struct match *match, const struct icmp_reply *reply, uint32_t index)
{
	const struct inflight_entry *entry = &ping->inflight.entries[index];
	struct sdr_result result = {.kind = entry->late ? SDR_RESULT_LATE : SDR_RESULT_ANSWER, .sent = entry->sent};
	sdr_ns stamp = entry->stamp;
	match->target->answered = match->sequence;
	match->target->answered_sent = entry->sent;
	match->target->answered_stamp = stamp;
	sdr_inflight_remove(&ping->inflight, index);
	emit_reply(ping, match, reply, &result, stamp);
}

static void on_reply(void *context, const struct icmp_reply *reply)
{
	struct ping *ping = context;
	const struct icmp_echo *echo = &reply->message.echo;
	struct match match;
	bool known = match_token(ping, echo, &match) || match_address(ping, &reply->from, echo, &match);
	if (!known) {
		ping->foreign++;
		return;
	}
	bool bare = match.target->size < SDR_ICMP_TOKEN; /* sent without a token */
	if ((!match.token && !bare && echo->has_token) || !sdr_ping_same_address(&reply->from, &match.target->addr)) {
		ping->foreign++;
		emit_extra(ping, &match, reply, SDR_RESULT_FOREIGN);
		return;
	}
	if (reply->damaged || echo->size != match.target->size || match.sequence == 0) {
		emit_extra(ping, &match, reply, SDR_RESULT_CORRUPT);
		return;
	}
	uint32_t key = sdr_ping_table_key(&ping->table, match.target->face->id);
	uint32_t index = sdr_inflight_find(&ping->inflight, key, match.sequence);
	if (index == SDR_INFLIGHT_NONE)
		take_repeated(ping, &match, reply);
	else
		take_first(ping, &match, reply, index);
}

/* One error a probe: whatever else says that it failed finds it gone from the table. */
static void on_fault(void *context, const struct icmp_fault *fault)
{
	struct ping *ping = context;
	struct match match;
	if (!match_token(ping, &fault->echo, &match) && !match_address(ping, &fault->to, &fault->echo, &match))
		return;
	uint32_t key = sdr_ping_table_key(&ping->table, match.target->face->id);
	uint32_t index = sdr_inflight_find(&ping->inflight, key, match.sequence);
	if (index == SDR_INFLIGHT_NONE || ping->inflight.entries[index].late)
		return;
	sdr_ns sent = ping->inflight.entries[index].sent;
	struct deferred failure = {match.target->face->id, key, match.sequence, sent, fault->number};
	sdr_inflight_remove(&ping->inflight, index);
	if (fault->local) {
		emit_local(ping, &failure);
		return;
	}
	char words[SDR_ICMP_WORDS];
	uint8_t version = match.target->addr.version;
	struct sdr_result result = {
		.outcome = sdr_icmp_outcome(version, fault->type, fault->code), .sequence = match.sequence, .sent = sent};
	result.rtt = SDR_NS_NONE;
	result.from.addr = fault->offender;
	result.why = sdr_icmp_words(words, version, fault->type, fault->code, fault->mtu);
	set_number(&result, PING_ICMP_TYPE, fault->type);
	set_number(&result, PING_ICMP_CODE, fault->code);
	result.values[PING_ROUTER] = (struct sdr_value){.present = fault->offender.version != 0, .addr = fault->offender};
	if (result.outcome == SDR_OUTCOME_TOO_BIG)
		set_number(&result, PING_MTU, fault->mtu);
	emit(ping, match.target, &result);
}

static void on_drained(void *context)
{
	struct ping *ping = context;
	if (ping->inflight.count == 0)
		arm_expiry(ping);
}

/* ---- sending ---- */

static struct inflight_entry *entry_of(const struct ping *ping, const struct icmp_ticket *ticket)
{
	struct inflight_entry *entry = &ping->inflight.entries[ticket->index];
	return entry->target == ticket->target && entry->sequence == ticket->sequence ? entry : NULL;
}

static void on_sent(void *context, const struct icmp_ticket *ticket, sdr_ns when, int error)
{
	struct ping *ping = context;
	struct inflight_entry *entry = entry_of(ping, ticket);
	if (!entry)
		return;
	entry->sent = when;
	if (error != 0 &&
		defer(ping, (struct deferred){ticket->target & (SDR_PING_TARGETS - 1), ticket->target, ticket->sequence, when, error}))
		sdr_inflight_remove(&ping->inflight, ticket->index);
}

static void on_stamp(void *context, const struct icmp_ticket *ticket, sdr_ns when)
{
	struct inflight_entry *entry = entry_of(context, ticket);
	if (entry)
		entry->stamp = when;
}

/* Reads -I: an address, or the name of an interface. */
static enum sdr_status parse_source(const char *text, struct sdr_addr *source, uint32_t *interface, struct sdr_error *error)
{
	if (!text || sdr_addr_parse(text, source, NULL) == SDR_OK)
		return SDR_OK;
	if ((*interface = if_nametoindex(text)) != 0)
		return SDR_OK;
	sdr_error_set(error, 0, "'%s' is no interface of this host and no address", text);
	return SDR_EINVAL;
}

static struct ping_target *enter(struct ping *ping, const struct sdr_target *face)
{
	const struct sdr_spec *spec = &face->spec;
	struct ping_target *target = sdr_ping_table_add(&ping->table, face);
	if (!target)
		return NULL;
	sdr_ns interval = spec->interval > 0 ? spec->interval : LATE_WINDOW;
	target->room = (uint32_t)((spec->timeout + LATE_WINDOW) / interval) + 2;
	target->size = sdr_ping_size(spec);
	if (sdr_inflight_reserve(&ping->inflight, target->room) != SDR_OK ||
		parse_source(spec->ping.interface, &target->source, &target->interface, NULL) != SDR_OK) {
		sdr_ping_table_remove(&ping->table, face->id);
		return NULL;
	}
	return target;
}

static void leave(struct ping *ping, struct ping_target *target)
{
	sdr_inflight_release(&ping->inflight, target->room);
	sdr_ping_table_remove(&ping->table, target->face->id);
}

/* Has the sinks told that the probe before had no answer yet, as -O wants it. */
static void notice_late(struct ping *ping, const struct ping_target *target, uint32_t key)
{
	uint32_t index = sdr_inflight_find(&ping->inflight, key, target->last);
	if (index != SDR_INFLIGHT_NONE)
		(void)defer(ping, (struct deferred){target->face->id, key, target->last, ping->inflight.entries[index].sent, 0});
}

static void send_request(struct ping *ping, const struct ping_target *target, uint32_t key, uint32_t index)
{
	const struct sdr_spec *spec = &target->face->spec;
	struct icmp_request request = {.ticket = {target->last, key, index},
		.to = target->addr,
		.source = target->source,
		.interface = target->interface,
		.size = target->size,
		.token = sdr_token_seal(&ping->token, key, (uint32_t)target->last),
		.hop_limit = spec->ping.hop_limit,
		.tos = spec->ping.tos};
	struct icmp_socket *socket = ping->sockets[target->addr.version == 6];
	if (!socket)
		on_sent(ping, &request.ticket, sdr_clock_now(), EAFNOSUPPORT);
	else if (!sdr_icmp_socket_queue(socket, &request))
		on_sent(ping, &request.ticket, sdr_clock_now(), ENOBUFS);
}

static void start(void *shared, const struct sdr_target *face, uint64_t sequence, sdr_ns now)
{
	struct ping *ping = shared;
	struct ping_target *target = sdr_ping_table_by_id(&ping->table, face->id);
	if (target && !sdr_ping_same_address(&target->addr, &face->addr)) {
		leave(ping, target); /* the name has got another address */
		target = NULL;
	}
	if (!target && !(target = enter(ping, face))) {
		(void)defer(ping, (struct deferred){face->id, SDR_PING_NONE, sequence, now, ENOMEM});
		return;
	}
	uint32_t key = sdr_ping_table_key(&ping->table, face->id);
	if (face->spec.ping.late_notice && target->last > 0)
		notice_late(ping, target, key);
	target->last = sequence;
	uint32_t index = sdr_inflight_add(&ping->inflight, key, sequence, now, face->spec.timeout);
	if (index == SDR_INFLIGHT_NONE) {
		(void)defer(ping, (struct deferred){face->id, key, sequence, now, ENOBUFS});
		return;
	}
	ping->inflight.entries[index].sent = SDR_NS_NONE; /* until it is handed to the kernel */
	send_request(ping, target, key, index);
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
	(void)now;
	for (int i = 0; i < 2; i++)
		if (ping->sockets[i] && !sdr_icmp_socket_flush(ping->sockets[i]))
			room = false;
	arm_expiry(ping);
	if (room) {
		ping->retry_ms = 0;
		return;
	}
	if (uv_is_active((uv_handle_t *)&ping->retry))
		return;
	ping->retry_ms = ping->retry_ms == 0 ? RETRY_MIN_MS : ping->retry_ms < RETRY_MAX_MS ? ping->retry_ms * 2 : RETRY_MAX_MS;
	uv_timer_start(&ping->retry, on_retry, ping->retry_ms, 0);
}

static void stop(void *shared, const struct sdr_target *face)
{
	struct ping *ping = shared;
	struct ping_target *target = sdr_ping_table_by_id(&ping->table, face->id);
	if (target && target->face == face)
		leave(ping, target);
}

/* ---- life ---- */

static enum sdr_status check(const struct sdr_spec *spec, struct sdr_error *error)
{
	struct sdr_addr source = {0};
	uint32_t interface = 0;
	if (spec->ping.has_size && spec->ping.size > SDR_ICMP_PAYLOAD_MAX) {
		sdr_error_set(error, 0, "a size of %u bytes is out of range; 0 to %u", spec->ping.size, SDR_ICMP_PAYLOAD_MAX);
		return SDR_ERANGE;
	}
	return parse_source(spec->ping.interface, &source, &interface, error);
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
	free(ping->deferred);
	uv_timer_t *timers[] = {&ping->expiry, &ping->soon, &ping->retry};
	ping->closing = 3;
	for (int i = 0; i < 3; i++)
		uv_close((uv_handle_t *)timers[i], on_closed);
}

static enum sdr_status open_sockets(struct ping *ping, uint16_t identifier, uint32_t magic)
{
	const struct sdr_privilege *privilege = ping->env->privilege;
	struct icmp_socket_config config = {.loop = ping->env->loop, .fd = privilege->icmp4, .version = 4, .kind = privilege->kind4};
	config.identifier = identifier;
	config.magic = magic;
	config.events = (struct icmp_events){ping, on_reply, on_fault, on_sent, on_stamp, on_drained};
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
	if (!ping || sdr_inflight_init(&ping->inflight, LATE_WINDOW, sdr_clock_now()) != SDR_OK) {
		free(ping);
		return NULL;
	}
	ping->env = env;
	ping->expiry_at = SDR_NS_NONE;
	uv_timer_t *timers[] = {&ping->expiry, &ping->soon, &ping->retry};
	for (int i = 0; i < 3; i++) {
		uv_timer_init(env->loop, timers[i]);
		timers[i]->data = ping;
	}
	return ping;
}

/* Random for the life of the process: nobody can guess what we would take for an answer. */
struct secrets {
	uint32_t key[4], magic;
	uint32_t identifier; /* low 16 bits */
};

static enum sdr_status open_ping(struct probe_env *env, void **shared, struct sdr_error *error)
{
	char why[256];
	struct secrets random;
	if (env->privilege->kind4 == SDR_ICMP_NONE && env->privilege->kind6 == SDR_ICMP_NONE) {
		sdr_error_set(error, 0, "%s", sdr_privilege_why(env->privilege, 4, why, sizeof(why)));
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
		sdr_error_set(error, 0, "the ICMP sockets can't be set up: %s", sdr_status_text(status));
		close_ping(ping);
		return status;
	}
	*shared = ping;
	return SDR_OK;
}

uint32_t sdr_ping_size(const struct sdr_spec *spec)
{
	return spec->ping.has_size ? spec->ping.size : SIZE_DEFAULT;
}

static const struct sdr_field fields[PING_FIELDS] = {
	[PING_TTL] = {"ttl", "TTL", NULL, "hops the answer had left", SDR_FIELD_INTEGER},
	[PING_BYTES] = {"bytes", "Bytes", "bytes", "size of the answer with its ICMP header", SDR_FIELD_INTEGER},
	[PING_ICMP_TYPE] = {"icmp_type", "Type", NULL, "type of the ICMP error", SDR_FIELD_INTEGER},
	[PING_ICMP_CODE] = {"icmp_code", "Code", NULL, "code of the ICMP error", SDR_FIELD_INTEGER},
	[PING_ROUTER] = {"router", "Router", NULL, "who sent the ICMP error", SDR_FIELD_ADDRESS},
	[PING_MTU] = {"mtu", "MTU", "bytes", "what the next hop can carry, where the packet was too big", SDR_FIELD_INTEGER},
	[PING_CLOCK] = {"clock", "Clock", NULL,
		"what timed the round trip: kernel (both ways), receive (kernel on receipt), clock (this program)", SDR_FIELD_TEXT},
	[PING_ERROR] = {"error", "Error", NULL, "the system's name of a local fault", SDR_FIELD_TEXT},
};

const struct probe_type probe_ping = {
	.face = {.name = "ping",
		.label = "icmp",
		.sentence = "ICMP echo: is the host there, how far away, how much is lost",
		.fields = fields,
		.field_count = PING_FIELDS,
		.by_address = true,
		.default_interval = SDR_SECOND,
		.default_timeout = 2 * SDR_SECOND,
		.text = {sdr_ping_text_header, sdr_ping_text_line, sdr_ping_text_summary, sdr_ping_text_status}},
	.check = check,
	.open = open_ping,
	.close = close_ping,
	.start = start,
	.flush = flush,
	.stop = stop,
};
