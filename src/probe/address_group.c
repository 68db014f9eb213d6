/* address_group.c - adds and removes a name's addresses. Known ones are kept wherever the answer
 * may be incomplete. */
#include "probe/address_group.h"

#include "probe/engine_schedule.h"

#define WORD(macro) DIGITS(macro)
#define DIGITS(number) #number
#define GONE "its name no longer has this address"
#define CAME "its name has this address now"
#define CUT \
	"has more than " WORD(SDR_NAMES_ADDRESSES_MAX) " addresses; " WORD( \
		SDR_NAMES_ADDRESSES_MAX) " of them are followed"
#define STARVED "has addresses that are not followed: out of memory"

/* Adds one more address's target like `other`. NULL when out of memory. */
static struct engine_target *add_like(
	struct sdr_engine *engine, struct engine_set *group, const struct engine_target *other)
{
	struct engine_target *target = sdr_engine_add_like(engine, group, other, NULL);
	if (!target)
		return NULL;
	if (group->known)
		sdr_target_find(target->public)->origin = CAME;
	target->public->phase = SDR_PHASE_RESOLVING;
	sdr_engine_notify(engine, target, SDR_TARGET_ADDED);
	return target;
}

static bool has(const struct engine_set *group, const struct sdr_addr *addr)
{
	for (const struct engine_target *at = group->first; at; at = sdr_set_next(at))
		if (sdr_addr_compare(&at->public->addr, addr) == 0)
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
static bool add_new(struct sdr_engine *engine, struct engine_set *group,
	struct engine_target *asked, const struct sdr_names_answer *answer, bool *starved)
{
	char role[SDR_ADDR_TEXT];
	*starved = false;
	struct engine_target *unused = asked->public->addr.version == 0
		? asked
		: NULL; /* the first one before its first address */
	for (unsigned i = 0; i < answer->count; i++) {
		const struct sdr_names_address *address = &answer->addresses[i];
		if (has(group, &address->addr))
			continue;
		if (!unused && group->public.count == SDR_NAMES_ADDRESSES_MAX)
			return true;
		struct engine_target *target = unused ? unused : add_like(engine, group, asked);
		unused = NULL;
		if (!target) {
			*starved = true; /* there may be memory when the name is asked for again */
			break;
		}
		sdr_resolve_accept(
			&engine->resolver, target, &address->addr, answer->canonical_name);
		sdr_target_set_role(target->public, sdr_addr_format(role, &target->public->addr));
		sdr_engine_resolved(engine, target);
	}
	return answer->cut;
}

static void remove_old(
	struct sdr_engine *engine, struct engine_set *group, const struct sdr_names_answer *answer)
{
	struct engine_target *next;
	for (struct engine_target *at = group->first; at && group->public.count > 1; at = next) {
		next = sdr_set_next(at);
		if (!offers(answer, &at->public->addr))
			sdr_engine_drop(engine, at, GONE);
	}
}

/* Takes addresses that are gone away first where there would be no room for those that came. */
static void make_room(
	struct sdr_engine *engine, struct engine_set *group, const struct sdr_names_answer *answer)
{
	struct engine_target *next;
	uint32_t wanted = 0;
	for (unsigned i = 0; i < answer->count; i++)
		wanted += !has(group, &answer->addresses[i].addr);
	for (struct engine_target *at = group->first; at; at = next) {
		next = sdr_set_next(at);
		if (group->public.count == 1 ||
			group->public.count + wanted <= SDR_NAMES_ADDRESSES_MAX)
			return;
		if (!offers(answer, &at->public->addr))
			sdr_engine_drop(engine, at, GONE);
	}
}

static bool any_live(const struct engine_set *group)
{
	for (const struct engine_target *at = group->first; at; at = sdr_set_next(at))
		if (at->live)
			return true;
	return false;
}

/* Asks for the name again when the shortest time to live is over, as long as any of them is
 * probed. */
static void plan(struct sdr_engine *engine, struct engine_set *group, sdr_ns shortest)
{
	if (any_live(group))
		sdr_resolve_renew(&engine->resolver, group->first, shortest);
}

void sdr_address_group_take(struct sdr_engine *engine, struct engine_target *asked,
	const struct sdr_names_answer *answer)
{
	struct engine_set *group = sdr_set_of(asked);
	sdr_ns shortest = SDR_NS_NONE;
	if (group->known && !any_live(group))
		return; /* nothing more is sent there */
	if (answer->outcome != SDR_OUTCOME_OK || answer->count == 0) {
		if (group->known) {
			plan(engine, group, SDR_RESOLVE_RETRY);
			return;
		}
		sdr_resolve_fail(asked, sdr_resolve_outcome(answer), answer->why);
		sdr_engine_resolved(engine, asked);
		return;
	}
	bool whole = !answer->partial && !answer->cut;
	if (whole && group->known)
		make_room(engine, group, answer);
	bool starved, cut = add_new(engine, group, asked, answer, &starved);
	if (whole)
		remove_old(engine, group, answer);
	if (whole && cut)
		cut = add_new(engine, group, asked, answer,
			&starved); /* the last of the old ones had its place */
	group->known = true;
	const char *notice = starved ? STARVED : cut ? CUT : NULL;
	if (group->public.notice != notice) {
		group->public.notice = notice;
		group->public.incomplete = starved;
		sdr_engine_notify(engine, group->first, SDR_TARGET_CHANGED);
	}
	for (unsigned i = 0; i < answer->count; i++) {
		sdr_ns time = answer->addresses[i].ttl * SDR_SECOND;
		if (time >= 0 && (shortest == SDR_NS_NONE || time < shortest))
			shortest = time;
	}
	plan(engine, group, shortest);
}

enum sdr_status sdr_address_group_begin(struct sdr_engine *engine, struct engine_target *target)
{
	struct sdr_addr literal;
	if (!target->public->spec->all_addresses ||
		sdr_addr_parse(target->public->host, &literal, NULL) == SDR_OK)
		return SDR_OK;
	return sdr_set_begin(target, "addresses", ++engine->set_count);
}
