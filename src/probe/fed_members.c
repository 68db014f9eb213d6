/* fed_members.c - members by their role, which is what a type knows them by. */
#include "probe/fed_members.h"

#include <string.h>

#include "probe/engine_notify.h"
#include "probe/engine_owner.h"
#include "probe/engine_schedule.h"

static struct engine_target *find_role(const struct engine_target *leader, const char *role)
{
	struct engine_target *at = sdr_set_of(leader) ? sdr_set_next(leader) : NULL;
	for (; at; at = sdr_set_next(at)) {
		const char *its = sdr_target_role(at->public);
		if (its && strcmp(its, role) == 0)
			return at;
	}
	return NULL;
}

static struct engine_target *add_member(
	struct sdr_engine *engine, struct engine_target *leader, const char *role)
{
	if (!sdr_set_of(leader)) {
		const char *rule = leader->public->spec->type->members;
		if (sdr_set_begin(leader, rule, ++engine->set_count) != SDR_OK)
			return NULL;
		sdr_set_of(leader)->public.fed = true;
		sdr_set_placed(leader);
	}
	struct engine_target *member =
		sdr_engine_add_like(engine, sdr_set_of(leader), leader, role);
	if (!member)
		return NULL;
	member->fed = true;
	sdr_owner_begun(member); /* it waits for nothing */
	member->public->phase = leader->public->phase;
	sdr_engine_notify(engine, member, SDR_TARGET_ADDED);
	sdr_engine_notify_changes(engine); /* sinks know a target before its first result */
	return member;
}

enum sdr_status sdr_fed_emit(
	struct probe_env *env, uint32_t leader_id, const char *role, struct sdr_result *result)
{
	struct sdr_engine *engine = (struct sdr_engine *)env;
	struct engine_target *leader = sdr_targets_find(&engine->targets, leader_id);
	if (!leader)
		return SDR_OK; /* it went meanwhile, and its members with it */
	struct engine_target *member = find_role(leader, role);
	if (!member)
		member = add_member(engine, leader, role);
	if (!member)
		return SDR_ENOMEM;
	struct sdr_target *public = member->public;
	if (result->kind == SDR_RESULT_ANSWER)
	public->begun++;
	result->sequence = public->begun;
	if (result->from.addr.version != 0 &&
		sdr_addr_compare(&public->addr, &result->from.addr) != 0) {
		public->addr = result->from.addr;
		sdr_engine_notify(engine, member, SDR_TARGET_CHANGED);
		sdr_engine_arm(engine);
	}
	sdr_engine_deliver(engine, member, result);
	return SDR_OK;
}

void sdr_fed_remove(struct probe_env *env, uint32_t leader_id, const char *role, const char *why)
{
	struct sdr_engine *engine = (struct sdr_engine *)env;
	struct engine_target *leader = sdr_targets_find(&engine->targets, leader_id),
			     *member = leader ? find_role(leader, role) : NULL;
	if (member)
		sdr_engine_drop(engine, member, why);
}

void sdr_fed_follow(struct sdr_engine *engine, const struct engine_target *leader)
{
	enum sdr_phase phase = leader->public->phase;
	const struct engine_set *set = sdr_set_of(leader);
	struct engine_target *at = set && set->public.fed ? sdr_set_next(leader) : NULL;
	for (; at; at = sdr_set_next(at)) {
		if (at->public->phase == phase || phase == SDR_PHASE_RESOLVING)
			continue;
		if (phase == SDR_PHASE_FAILED) {
			sdr_target_set_why(
				at->public, leader->public->outcome, leader->public->why);
			at->public->outcome = leader->public->outcome;
			at->public->phase = phase;
			sdr_engine_notify(engine, at, SDR_TARGET_CHANGED);
		} else {
			sdr_engine_set_phase(engine, at, phase);
		}
	}
}

struct engine_target *sdr_fed_driver(struct engine_target *target)
{
	return target && target->fed ? sdr_set_of(target)->first : target;
}
