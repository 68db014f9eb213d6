/* address_group.c - which addresses of a name have come and which have gone. What is known is kept
 * wherever the answer may not be all there is. */
#include "probe/address_group.h"

#include <stdlib.h>

#include "probe/engine_internal.h"

#define GONE "its name no longer has this address"

struct family {
	uint32_t number; /* of the engine's families */
	uint32_t count;  /* members */
	struct engine_target *first,
		*last; /* members, oldest first: linked by their lookups; borrowed */
	bool known;    /* its name was resolved once */
};

static struct family *family_of(const struct engine_target *target)
{
	return target->lookup ? target->lookup->family : NULL;
}

uint32_t sdr_address_group_number(const struct engine_target *target)
{
	return family_of(target) ? family_of(target)->number : 0;
}

struct engine_target *sdr_address_group_other(const struct engine_target *target)
{
	const struct family *family = family_of(target);
	if (!family)
		return NULL;
	return family->first != target ? family->first : target->lookup->next_member;
}

static enum sdr_status enter(struct family *family, struct engine_target *target)
{
	struct target_lookup *lookup = sdr_resolve_lookup(target);
	if (!lookup)
		return SDR_ENOMEM;
	lookup->family = family;
	*(family->last ? &family->last->lookup->next_member : &family->first) = target;
	family->last = target;
	family->count++;
	target->public.family = true;
	target->public.leads = family->first == target;
	return SDR_OK;
}

void sdr_address_group_leave(struct engine_target *target)
{
	struct family *family = family_of(target);
	struct engine_target *previous = NULL;
	if (!family)
		return;
	for (struct engine_target *at = family->first; at != target; at = at->lookup->next_member)
		previous = at;
	*(previous ? &previous->lookup->next_member : &family->first) = target->lookup->next_member;
	if (family->last == target)
		family->last = previous;
	target->lookup->family = NULL;
	target->lookup->next_member = NULL;
	if (--family->count == 0) {
		free(family);
	} else if (target->public.leads) {
		family->first->public.leads = true;
		family->first->public.cut = target->public.cut;
		family->first->public.starved = target->public.starved;
	}
}

enum sdr_status sdr_address_group_begin(struct sdr_engine *engine, struct engine_target *target)
{
	struct sdr_addr literal;
	if (!target->public.spec->all_addresses ||
		sdr_addr_parse(target->public.host, &literal, NULL) == SDR_OK)
		return SDR_OK;
	struct family *family = calloc(1, sizeof(*family));
	if (!family)
		return SDR_ENOMEM;
	if (enter(family, target) != SDR_OK) {
		free(family);
		return SDR_ENOMEM;
	}
	family->number = ++engine->families;
	return SDR_OK;
}

/* Adds one more target like `other`. NULL when out of memory. */
static struct engine_target *add_like(
	struct sdr_engine *engine, struct family *family, const struct engine_target *other)
{
	struct sdr_spec spec = *other->public.spec;
	spec.target = other->public.typed;
	spec.host = other->public.host;
	spec.port = other->public.port;
	struct engine_target *target = sdr_targets_make(&spec, sdr_targets_share(other));
	if (!target)
		return NULL;
	if (enter(family, target) != SDR_OK) {
		sdr_targets_free(target);
		return NULL;
	}
	if (sdr_engine_place(engine, target) != SDR_OK)
		return NULL;
	target->type = other->type;
	target->paused = other->paused;
	target->public.joined = family->known;
	target->public.phase = SDR_PHASE_RESOLVING;
	sdr_engine_notify(engine, target, SDR_TARGET_ADDED);
	return target;
}

static bool has(const struct family *family, const struct sdr_addr *addr)
{
	for (const struct engine_target *at = family->first; at; at = at->lookup->next_member)
		if (sdr_addr_compare(&at->public.addr, addr) == 0)
			return true;
	return false;
}

static bool offers(const struct sdr_names_answer *answer, const struct sdr_addr *addr)
{
	for (unsigned i = 0; i < answer->count; i++)
		if (sdr_addr_compare(&answer->addresses[i].addr, addr) == 0)
			return true;
	return false;
}

/* Returns whether there was no room for all of them; `starved`: nor memory. */
static bool add_new(struct sdr_engine *engine, struct family *family, struct engine_target *asked,
	const struct sdr_names_answer *answer, bool *starved)
{
	*starved = false;
	struct engine_target *unused = asked->public.addr.version == 0
		? asked
		: NULL; /* the first one before its first address */
	for (unsigned i = 0; i < answer->count; i++) {
		const struct sdr_names_address *address = &answer->addresses[i];
		if (has(family, &address->addr))
			continue;
		if (!unused && family->count == SDR_NAMES_ADDRESSES_MAX)
			return true;
		struct engine_target *target = unused ? unused : add_like(engine, family, asked);
		unused = NULL;
		if (!target) {
			*starved = true; /* there may be memory when the name is asked for again */
			break;
		}
		sdr_resolve_accept(
			&engine->resolver, target, &address->addr, answer->canonical_name);
		sdr_engine_resolved(engine, target);
	}
	return answer->cut;
}

static void remove_old(
	struct sdr_engine *engine, struct family *family, const struct sdr_names_answer *answer)
{
	struct engine_target *next;
	for (struct engine_target *at = family->first; at && family->count > 1; at = next) {
		next = at->lookup->next_member;
		if (!offers(answer, &at->public.addr))
			sdr_engine_drop(engine, at, GONE);
	}
}

/* Takes addresses that are gone away first where there would be no room for those that came. */
static void make_room(
	struct sdr_engine *engine, struct family *family, const struct sdr_names_answer *answer)
{
	struct engine_target *next;
	uint32_t wanted = 0;
	for (unsigned i = 0; i < answer->count; i++)
		wanted += !has(family, &answer->addresses[i].addr);
	for (struct engine_target *at = family->first; at; at = next) {
		next = at->lookup->next_member;
		if (family->count == 1 || family->count + wanted <= SDR_NAMES_ADDRESSES_MAX)
			return;
		if (!offers(answer, &at->public.addr))
			sdr_engine_drop(engine, at, GONE);
	}
}

static bool any_live(const struct family *family)
{
	for (const struct engine_target *at = family->first; at; at = at->lookup->next_member)
		if (at->live)
			return true;
	return false;
}

/* Asks for the name again when the shortest time to live is over, as long as any of them is
 * probed. */
static void plan(struct sdr_engine *engine, struct family *family, sdr_ns shortest)
{
	if (any_live(family))
		sdr_resolve_renew(&engine->resolver, family->first, shortest);
}

void sdr_address_group_take(struct sdr_engine *engine, struct engine_target *asked,
	const struct sdr_names_answer *answer)
{
	struct family *family = family_of(asked);
	sdr_ns shortest = SDR_NS_NONE;
	if (family->known && !any_live(family))
		return; /* nothing more is sent there */
	if (answer->outcome != SDR_OUTCOME_OK || answer->count == 0) {
		if (family->known) {
			plan(engine, family, SDR_RESOLVE_RETRY);
			return;
		}
		sdr_resolve_fail(asked, sdr_resolve_outcome(answer), answer->why);
		sdr_engine_resolved(engine, asked);
		return;
	}
	bool whole = !answer->partial && !answer->cut;
	if (whole && family->known)
		make_room(engine, family, answer);
	bool starved, cut = add_new(engine, family, asked, answer, &starved);
	if (whole)
		remove_old(engine, family, answer);
	if (whole && cut)
		cut = add_new(engine, family, asked, answer,
			&starved); /* the last of the old ones had its place */
	family->known = true;
	struct sdr_target *first = &family->first->public;
	if (first->cut != cut || first->starved != starved) {
		first->cut = cut;
		first->starved = starved;
		sdr_engine_notify(engine, family->first, SDR_TARGET_CHANGED);
	}
	for (unsigned i = 0; i < answer->count; i++) {
		sdr_ns time = answer->addresses[i].ttl * SDR_SECOND;
		if (time >= 0 && (shortest == SDR_NS_NONE || time < shortest))
			shortest = time;
	}
	plan(engine, family, shortest);
}
