/* target_resolve.c - the queue of names waiting for their lookup. Only few lookups run at once, to
 * respect a name server's limits (more than about 100 overflow its receive buffer). */
#include "probe/target_resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOKUPS_MAX 64
#define RETRY_TICK_MS 500
#define RENEWAL_MIN (5 * SDR_SECOND) /* however short its time to live */
#define BACKOFF_MAX (60 * SDR_SECOND)

static void pop_after(
	struct resolver *resolver, struct engine_target *previous, struct engine_target *target)
{
	*(previous ? &previous->lookup->next_wait : &resolver->first) = target->lookup->next_wait;
	if (resolver->last == target)
		resolver->last = previous;
	target->lookup->next_wait = NULL;
	target->lookup->in_wait = false;
	resolver->waiting--;
}

static void accept_address(
	struct resolver *resolver, struct engine_target *target, const struct sdr_addr *addr)
{
	const char *reason = sdr_target_filter_reason(&resolver->target_filter, addr);
	target->public->addr = *addr;
	if (reason && !target->public->spec->broadcast) {
		target->hopeless = true;
		sdr_resolve_fail(target, SDR_OUTCOME_LOCAL, reason);
		return;
	}
	target->hopeless = false;
	if (target->lookup)
		target->lookup->failures = 0;
}

static bool contains(const struct sdr_addr *addresses, unsigned count, const struct sdr_addr *addr)
{
	for (unsigned i = 0; i < count; i++)
		if (sdr_addr_compare(&addresses[i], addr) == 0)
			return true;
	return false;
}

/* Keeps all addresses of a name that may be probed, for a type that wants them; where one address
 * family's could not be resolved, those known before stay after the others. */
static enum sdr_status take_addresses(struct resolver *resolver, struct engine_target *target,
	const struct sdr_names_answer *answer)
{
	struct sdr_addr all[SDR_NAMES_ADDRESSES_MAX];
	const struct sdr_addr *old;
	unsigned count = 0;
	if (!target->public->spec->type->by_names || sdr_set_of(target) || !target->lookup)
		return SDR_OK;
	for (unsigned i = 0; i < answer->count && count < SDR_NAMES_ADDRESSES_MAX; i++)
		if (!sdr_target_filter_reason(
			    &resolver->target_filter, &answer->addresses[i].addr) &&
			!contains(all, count, &answer->addresses[i].addr))
			all[count++] = answer->addresses[i].addr;
	unsigned old_count = answer->partial ? sdr_target_addresses(target->public, &old) : 0;
	for (unsigned i = 0; i < old_count && count < SDR_NAMES_ADDRESSES_MAX; i++)
		if (!contains(all, count, &old[i]))
			all[count++] = old[i];
	return sdr_target_set_addresses(target->public, all, count);
}

/* The first address that may be probed; the first one if none may, which is then reported. */
static const struct sdr_addr *first_of(
	struct resolver *resolver, const struct sdr_names_answer *answer, bool by_names)
{
	for (unsigned i = 0; by_names && i < answer->count; i++)
		if (!sdr_target_filter_reason(&resolver->target_filter, &answer->addresses[i].addr))
			return &answer->addresses[i].addr;
	return &answer->addresses[0].addr;
}

void sdr_resolve_accept(struct resolver *resolver, struct engine_target *target,
	const struct sdr_addr *addr, const char *canonical)
{
	target->public->phase = SDR_PHASE_RESOLVING; /* it may have been FAILED before */
	sdr_target_set_name(target->public, canonical);
	accept_address(resolver, target, addr);
}

void sdr_resolve_renew(struct resolver *resolver, struct engine_target *target, sdr_ns time_to_live)
{
	if (time_to_live == SDR_NS_NONE ||
		target->public->spec->count == 1) /* its address can't change, or it has no time
						    to */
		return;
	(void)sdr_resolve_add(
		resolver, target, time_to_live > RENEWAL_MIN ? time_to_live : RENEWAL_MIN);
}

/* The TTL of the address used; the shortest of all if all are used. SDR_NS_NONE: it never
 * changes. */
static sdr_ns time_to_live(
	const struct engine_target *target, const struct sdr_names_answer *answer)
{
	int32_t shortest = answer->addresses[0].ttl;
	for (unsigned i = 1; target->public->spec->type->by_names && i < answer->count; i++)
		if (answer->addresses[i].ttl >= 0 &&
			(shortest < 0 || answer->addresses[i].ttl < shortest))
			shortest = answer->addresses[i].ttl;
	return shortest < 0 ? SDR_NS_NONE : shortest * SDR_SECOND;
}

/* A target that is being probed keeps its address as long as the name has it, or while that is
 * unknown. */
static void take_renewal(struct resolver *resolver, struct engine_target *target,
	const struct sdr_names_answer *answer)
{
	bool answered = answer->outcome == SDR_OUTCOME_OK && answer->count > 0;
	bool by_names = target->public->spec->type->by_names;
	const struct sdr_addr *known;
	sdr_resolve_renew(
		resolver, target, answered ? time_to_live(target, answer) : SDR_RESOLVE_RETRY);
	if (answered)
		(void)take_addresses(
			resolver, target, answer); /* without memory the old ones will do until the
						      name is asked for again */
	for (unsigned i = 0; i < answer->count; i++)
		if (sdr_addr_compare(&answer->addresses[i].addr, &target->public->addr) == 0)
			return;
	if (!answered || (answer->partial && sdr_target_addresses(target->public, &known) > 1))
		return;
	sdr_target_set_name(target->public, answer->canonical_name);
	accept_address(resolver, target, first_of(resolver, answer, by_names));
	resolver->done(resolver->context, target);
}

static void take_answer(struct resolver *resolver, struct engine_target *target,
	const struct sdr_names_answer *answer)
{
	enum sdr_phase phase = target->public->phase;
	if (phase == SDR_PHASE_FINISHED)
		return; /* nothing more is sent there */
	if (phase == SDR_PHASE_RUNNING || phase == SDR_PHASE_PAUSED) {
		take_renewal(resolver, target, answer);
		return;
	}
	if (answer->outcome == SDR_OUTCOME_OK && answer->count > 0) {
		bool by_names = target->public->spec->type->by_names;
		sdr_resolve_accept(resolver, target, first_of(resolver, answer, by_names),
			answer->canonical_name);
		if (target->public->phase != SDR_PHASE_FAILED &&
			take_addresses(resolver, target, answer) != SDR_OK)
			sdr_resolve_fail(target, SDR_OUTCOME_LOCAL, sdr_status_text(SDR_ENOMEM));
		if (target->public->phase != SDR_PHASE_FAILED)
			sdr_resolve_renew(resolver, target, time_to_live(target, answer));
	} else {
		sdr_resolve_fail(target, sdr_resolve_outcome(answer), answer->why);
	}
	resolver->done(resolver->context, target);
}

static void on_addresses(void *context, const struct sdr_names_answer *answer)
{
	struct target_lookup *lookup = context;
	struct engine_target *target = lookup->target;
	struct resolver *resolver = lookup->resolver;
	lookup->looking = false;
	lookup->call = NULL;
	resolver->in_flight--;
	target->public->resolve_time = answer->elapsed;
	sdr_target_set_missing(target->public, answer->missing);
	if (sdr_set_of(target))
		resolver->on_group_answer(resolver->context, target, answer);
	else
		take_answer(resolver, target, answer);
	sdr_resolve_pump(resolver);
}

static void look_up(struct resolver *resolver, struct engine_target *target)
{
	struct sdr_error error = {0};
	struct sdr_names_query query = {.name = target->public->host,
		.family = target->public->spec->family,
		.server = target->public->spec->server,
		.search = true,
		.connects = !sdr_set_of(target), /* all addresses are needed there, and no
						       connection waits */
		.done = on_addresses,
		.context = target->lookup};
	target->lookup->looking = true;
	resolver->in_flight++;
	if (resolver->names &&
		sdr_names_addresses(resolver->names, &query, &target->lookup->call, &error) ==
			SDR_OK)
		return;
	target->lookup->looking = false;
	resolver->in_flight--;
	if (target->public->addr.version != 0) { /* it keeps its address */
		sdr_resolve_renew(resolver, target, SDR_RESOLVE_RETRY);
		return;
	}
	sdr_resolve_fail(
		target, SDR_OUTCOME_LOCAL, error.text[0] ? error.text : "no name resolver");
	resolver->done(resolver->context, target);
}

/* Targets whose delay is not over stay in the line; while there are any, the timer looks again. */
static void on_retry(uv_timer_t *timer)
{
	sdr_resolve_pump(timer->data);
}

void sdr_resolve_init(struct resolver *resolver, uv_loop_t *loop, struct sdr_names *names)
{
	resolver->names = names;
	uv_timer_init(loop, &resolver->timer);
	resolver->timer.data = resolver;
}

struct target_lookup *sdr_resolve_lookup(struct engine_target *target)
{
	if (!target->lookup && (target->lookup = calloc(1, sizeof(*target->lookup))))
		target->lookup->target = target;
	return target->lookup;
}

enum sdr_status sdr_resolve_add(
	struct resolver *resolver, struct engine_target *target, sdr_ns delay)
{
	struct target_lookup *lookup = sdr_resolve_lookup(target);
	if (!lookup)
		return SDR_ENOMEM;
	lookup->resolver = resolver;
	lookup->retry_at = delay > 0 ? sdr_clock_now() + delay : 0;
	if (lookup->retry_at < resolver->next_at)
		resolver->next_at = lookup->retry_at;
	if (lookup->in_wait || lookup->looking)
		return SDR_OK;
	lookup->in_wait = true;
	resolver->waiting++;
	lookup->next_wait = NULL;
	*(resolver->last ? &resolver->last->lookup->next_wait : &resolver->first) = target;
	resolver->last = target;
	if (delay > 0 && !uv_is_active((uv_handle_t *)&resolver->timer))
		uv_timer_start(&resolver->timer, on_retry, RETRY_TICK_MS, RETRY_TICK_MS);
	return SDR_OK;
}

void sdr_resolve_remove(struct resolver *resolver, struct engine_target *target)
{
	struct target_lookup *lookup = target->lookup;
	if (lookup && lookup->looking) {
		sdr_names_cancel(resolver->names, lookup->call);
		lookup->looking = false;
		lookup->call = NULL;
		resolver->in_flight--;
	}
	if (!lookup || !lookup->in_wait)
		return;
	struct engine_target *previous = NULL;
	for (struct engine_target *at = resolver->first; at;
		previous = at, at = at->lookup->next_wait) {
		if (at == target) {
			pop_after(resolver, previous, target);
			return;
		}
	}
}

void sdr_resolve_pump(struct resolver *resolver)
{
	sdr_ns now = sdr_clock_now(), next_at = SDR_NS_NONE;
	if (!resolver->first)
		uv_timer_stop(&resolver->timer);
	if (!resolver->first || now < resolver->next_at || resolver->in_flight == LOOKUPS_MAX)
		return;
	resolver->next_at = INT64_MAX; /* entries put back meanwhile make it earlier */
	struct engine_target *previous = NULL, *next;
	for (struct engine_target *target = resolver->first;
		target && resolver->in_flight < LOOKUPS_MAX; target = next) {
		next = target->lookup->next_wait;
		if (target->lookup->retry_at > now) {
			previous = target;
			next_at = next_at == SDR_NS_NONE || target->lookup->retry_at < next_at
				? target->lookup->retry_at
				: next_at;
			continue;
		}
		pop_after(resolver, previous, target);
		look_up(resolver, target);
	}
	/* If the limit was reached, the rest of the queue follows as soon as a lookup ends. */
	if (resolver->in_flight == LOOKUPS_MAX)
		resolver->next_at = 0;
	else if (next_at != SDR_NS_NONE && next_at < resolver->next_at)
		resolver->next_at = next_at;
	if (!resolver->first)
		uv_timer_stop(&resolver->timer);
}

bool sdr_resolve_literal(struct resolver *resolver, struct engine_target *target)
{
	struct sdr_addr addr;
	if (sdr_addr_parse(target->public->host, &addr, NULL) != SDR_OK)
		return false;
	addr = sdr_addr_unmap(&addr); /* no ICMPv6 goes to a mapped address, and none is to be seen
					 on a wire (RFC 4291 sec. 2.5.5.2) */
	if (target->public->spec->family != 0 && addr.version != target->public->spec->family) {
		target->hopeless = true;
		char why[SDR_ADDR_TEXT + 64];
		struct sdr_addr source;
		const char *from = target->public->spec->source,
			   *wanted = addr.version == 4 ? "IPv6" : "IPv4";
		if (from && sdr_addr_parse(from, &source, NULL) == SDR_OK)
			snprintf(why, sizeof(why), "an IPv%u address, but the source %.*s is %s",
				addr.version, SDR_ADDR_TEXT, from, wanted);
		else
			snprintf(why, sizeof(why), "an IPv%u address, but %s was asked for",
				addr.version, wanted);
		sdr_resolve_fail(target, SDR_OUTCOME_LOCAL, why);
		return true;
	}
	accept_address(resolver, target, &addr);
	return true;
}

enum sdr_outcome sdr_resolve_outcome(const struct sdr_names_answer *answer)
{
	switch (answer->outcome) {
	case SDR_OUTCOME_OK:
		return SDR_OUTCOME_NODATA;
	case SDR_OUTCOME_NXDOMAIN:
	case SDR_OUTCOME_NODATA:
	case SDR_OUTCOME_LOCAL:
		return answer->outcome;
	default:
		return SDR_OUTCOME_RESOLVE_FAILED;
	}
}

void sdr_resolve_fail(struct engine_target *target, enum sdr_outcome outcome, const char *why)
{
	struct target_lookup *lookup = sdr_resolve_lookup(target);
	sdr_target_set_why(target->public, outcome, why);
	target->public->outcome = outcome;
	target->public->phase = SDR_PHASE_FAILED;
	if (lookup && lookup->failures < UINT8_MAX)
		lookup->failures++;
}

sdr_ns sdr_resolve_backoff(const struct engine_target *target)
{
	unsigned failures = target->lookup ? target->lookup->failures : 0,
		 doublings = failures > 0 ? failures - 1 : 0;
	sdr_ns delay = doublings < 6 ? SDR_SECOND << doublings : BACKOFF_MAX;
	return delay < BACKOFF_MAX ? delay : BACKOFF_MAX;
}
