/* target_set_members.c - members in the order of their coming. */
#include "probe/target_set_members.h"

#include <stdlib.h>

#include "probe/target.h"

struct engine_set *sdr_set_of(const struct engine_target *target)
{
	const struct target_known *known = sdr_target_found(target->public);
	return known && known->member ? known->set : NULL;
}

struct engine_target *sdr_set_next(const struct engine_target *target)
{
	return sdr_target_found(target->public)->next_member;
}

struct engine_target *sdr_set_other(const struct engine_target *target)
{
	const struct engine_set *set = sdr_set_of(target);
	if (!set)
		return NULL;
	return set->first != target ? set->first : sdr_set_next(target);
}

enum sdr_status sdr_set_enter(struct engine_set *set, struct engine_target *target)
{
	struct target_known *known = sdr_target_find(target->public);
	if (!known)
		return SDR_ENOMEM;
	known->set = sdr_set_hold(set);
	known->member = true;
	*(set->last ? &sdr_target_find(set->last->public)->next_member : &set->first) = target;
	set->last = target;
	set->public.count++;
	return SDR_OK;
}

enum sdr_status sdr_set_begin(struct engine_target *target, const char *rule, uint32_t number)
{
	struct engine_set *set = calloc(1, sizeof(*set));
	if (!set)
		return SDR_ENOMEM;
	set->public.rule = rule;
	set->public.number = number;
	sdr_set_hold(set);
	enum sdr_status status = sdr_set_enter(set, target);
	sdr_set_release(set);
	return status;
}

void sdr_set_placed(const struct engine_target *target)
{
	struct engine_set *set = sdr_set_of(target);
	if (set && set->first == target)
		set->public.leader = target->public->id;
}

void sdr_set_leave(struct engine_target *target)
{
	struct engine_set *set = sdr_set_of(target);
	struct engine_target *previous = NULL;
	if (!set)
		return;
	struct target_known *known = sdr_target_find(target->public);
	for (struct engine_target *at = set->first; at != target; at = sdr_set_next(at))
		previous = at;
	*(previous ? &sdr_target_find(previous->public)->next_member : &set->first) =
		known->next_member;
	if (set->last == target)
		set->last = previous;
	known->next_member = NULL;
	known->member = false; /* what it was of stays readable as long as it is held */
	set->public.count--;
	if (set->first)
		set->public.leader = set->first->public->id;
}
