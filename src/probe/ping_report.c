/* ping_report.c - how ping's results reach the engine: at once from the loop, in the next iteration
 * from within a send, and time-outs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe/ping_report.h"
#include "probe/ping_state.h"

#define SLEPT (500 * SDR_MS) /* of suspension: less is a hiccup between two readings of clocks */

void sdr_ping_set_number(struct ping_result *result, enum ping_field field, int64_t number)
{
	result->values[field] = (struct sdr_value){.present = true, .number = number};
}

void sdr_ping_set_text(struct ping_result *result, enum ping_field field, const char *text)
{
	result->values[field] = (struct sdr_value){.present = true, .text = text};
}

void sdr_ping_emit(struct ping *ping, const struct ping_target *target, struct sdr_result *result)
{
	ping->env->emit(ping->env, target->public->id, result);
}

static void attach_values(struct ping_result *result)
{
	result->public.values = result->values;
	result->public.value_count = PING_FIELDS;
}

void sdr_ping_emit_values(
	struct ping *ping, const struct ping_target *target, struct ping_result *result)
{
	attach_values(result);
	sdr_ping_emit(ping, target, &result->public);
}

struct ping_failure sdr_ping_failure(struct ping *ping, const struct ping_target *target, int error)
{
	return (struct ping_failure){.links = ping->links,
		.to = &target->addr,
		.source = sdr_ping_table_source(&ping->table, target),
		.spec = target->public->spec,
		.error = error,
		.routes = &ping->routes};
}

/* The result of a failed send to a known target. */
static void find_cause(
	struct ping *ping, const struct ping_target *target, int error, struct ping_cause *cause)
{
	struct ping_failure failure = sdr_ping_failure(ping, target, error);
	if (error == EAFNOSUPPORT) {
		cause->error = "EAFNOSUPPORT";
		sdr_privilege_why(
			ping->env->privilege, target->addr.version, cause->why, sizeof(cause->why));
		return;
	}
	sdr_links_read(ping->links);
	if (error == ENOBUFS)
		sdr_links_look(ping->links);
	sdr_ping_cause(&failure, cause);
}

void sdr_ping_report_local(struct ping *ping, const struct deferred *failure)
{
	const struct ping_target *target = sdr_ping_table_by_key(&ping->table, failure->key);
	struct ping_cause cause = {0};
	struct ping_result result = {.public = {.outcome = SDR_OUTCOME_LOCAL,
					     .sequence = failure->sequence,
					     .sent = failure->sent,
					     .rtt = SDR_NS_NONE}};
	if (target)
		find_cause(ping, target, failure->error, &cause);
	result.public.why = cause.why[0] ? cause.why : strerror(failure->error);
	if (cause.error)
		sdr_ping_set_text(&result, PING_ERROR, cause.error);
	if (cause.mtu)
		sdr_ping_set_number(&result, PING_MTU, cause.mtu);
	if (!ping->links)
		sdr_ping_table_renew_sources(
			&ping->table); /* the kernel does not report when an interface was
					  recreated */
	attach_values(&result);
	ping->env->emit(ping->env, failure->id, &result.public);
}

static void on_soon(uv_timer_t *timer)
{
	struct ping *ping = timer->data;
	for (size_t i = 0; i < ping->deferred_count; i++) {
		const struct deferred *deferred = &ping->deferred[i];
		const struct ping_target *target =
			sdr_ping_table_by_key(&ping->table, deferred->key);
		if (!target && (deferred->key != SDR_PING_NONE || deferred->error == 0))
			continue; /* it has ended */
		if (deferred->error != 0) {
			sdr_ping_report_local(ping, deferred);
			continue;
		}
		struct sdr_result notice = {.kind = SDR_RESULT_PENDING,
			.outcome = SDR_OUTCOME_TIMEOUT,
			.rtt = SDR_NS_NONE};
		notice.sequence = deferred->sequence;
		notice.sent = deferred->sent;
		sdr_ping_emit(ping, target, &notice);
	}
	ping->deferred_count = 0;
}

bool sdr_ping_defer(struct ping *ping, struct deferred deferred)
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

void sdr_ping_arm_expiry(struct ping *ping)
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
	uv_timer_start(&ping->expiry, on_expiry,
		wait > 0 ? (uint64_t)((wait + SDR_MS - 1) / SDR_MS) : 0, 0);
}

void sdr_ping_look_at_clocks(struct ping *ping, sdr_ns now)
{
	sdr_ns asleep = sdr_clock_boot() - now;
	if (asleep - ping->asleep > SLEPT)
		ping->resumed_at = now;
	ping->asleep = asleep;
}

/* Nothing came back; maybe because a link was in trouble. Changes long after an answer was due
 * don't count. */
static void emit_silence(
	struct ping *ping, const struct ping_target *target, struct sdr_result *result)
{
	struct ping_failure failure = sdr_ping_failure(ping, target, 0);
	struct ping_cause cause;
	if (sdr_ping_silence(&failure, result->sent,
		    result->sent + target->public->spec->timeout / 2, &cause))
		result->why = cause.why;
	sdr_ping_emit(ping, target, result);
}

static void expire(struct ping *ping, uint32_t index)
{
	struct inflight_entry *entry = &ping->inflight.entries[index];
	const struct ping_target *target = sdr_ping_table_by_key(&ping->table, entry->target);
	struct deferred unsent = {target ? target->public->id : 0, entry->target, entry->sequence,
		entry->due - SDR_PING_LATE_WINDOW, ENOBUFS};
	bool was_sent = entry->sent != SDR_NS_NONE;
	bool slept = was_sent && entry->sent <= ping->resumed_at;
	if (slept) {
		unsent.error = EINTR;
		unsent.sent = entry->sent;
	}
	struct sdr_result result = {.outcome = SDR_OUTCOME_TIMEOUT,
		.sequence = entry->sequence,
		.sent = entry->sent,
		.rtt = SDR_NS_NONE};
	for (int i = 0; i < 2 && !was_sent; i++)
		if (ping->sockets[i])
			sdr_icmp_socket_withdraw(ping->sockets[i], entry->target, entry->sequence);
	if (!was_sent || !target)
		sdr_inflight_remove(&ping->inflight, index);
	if (target && was_sent && !slept)
		emit_silence(ping, target, &result);
	else if (target)
		sdr_ping_report_local(ping, &unsent); /* never left, the kernel had no room for it
							 all the while; or this host slept */
}

static void on_expiry(uv_timer_t *timer)
{
	struct ping *ping = timer->data;
	sdr_ns now = sdr_clock_now();
	uint32_t index;
	sdr_ping_look_at_clocks(ping, now);
	for (int i = 0; i < 2; i++)
		if (ping->sockets[i])
			sdr_icmp_socket_read(ping->sockets[i]);
	sdr_links_read(ping->links);
	while ((index = sdr_inflight_expire(&ping->inflight, now)) != SDR_INFLIGHT_NONE)
		expire(ping, index);
	ping->expiry_at = SDR_NS_NONE;
	sdr_ping_arm_expiry(ping);
}
