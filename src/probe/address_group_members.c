/* address_group_members.c - who belongs to a group, and who leads it. */
#include "probe/address_group_members.h"

#include <stdlib.h>

#include "probe/address_group.h"
#include "probe/engine_internal.h"

struct address_group *sdr_address_group_of(const struct engine_target *target)
{
	return target->lookup ? target->lookup->group : NULL;
}

uint32_t sdr_address_group_number(const struct engine_target *target)
{
	return sdr_address_group_of(target) ? sdr_address_group_of(target)->number : 0;
}

struct engine_target *sdr_address_group_other(const struct engine_target *target)
{
	const struct address_group *group = sdr_address_group_of(target);
	if (!group)
		return NULL;
	return group->first != target ? group->first : target->lookup->next_member;
}

enum sdr_status sdr_address_group_enter(struct address_group *group, struct engine_target *target)
{
	struct target_lookup *lookup = sdr_resolve_lookup(target);
	if (!lookup)
		return SDR_ENOMEM;
	lookup->group = group;
	*(group->last ? &group->last->lookup->next_member : &group->first) = target;
	group->last = target;
	group->count++;
	target->public->in_group = true;
	target->public->leads = group->first == target;
	return SDR_OK;
}

void sdr_address_group_leave(struct engine_target *target)
{
	struct address_group *group = sdr_address_group_of(target);
	struct engine_target *previous = NULL;
	if (!group)
		return;
	for (struct engine_target *at = group->first; at != target; at = at->lookup->next_member)
		previous = at;
	*(previous ? &previous->lookup->next_member : &group->first) = target->lookup->next_member;
	if (group->last == target)
		group->last = previous;
	target->lookup->group = NULL;
	target->lookup->next_member = NULL;
	if (--group->count == 0) {
		free(group);
	} else if (target->public->leads) {
		group->first->public->leads = true;
		group->first->public->cut = target->public->cut;
		group->first->public->starved = target->public->starved;
	}
}

enum sdr_status sdr_address_group_begin(struct sdr_engine *engine, struct engine_target *target)
{
	struct sdr_addr literal;
	if (!target->public->spec->all_addresses ||
		sdr_addr_parse(target->public->host, &literal, NULL) == SDR_OK)
		return SDR_OK;
	struct address_group *group = calloc(1, sizeof(*group));
	if (!group)
		return SDR_ENOMEM;
	if (sdr_address_group_enter(group, target) != SDR_OK) {
		free(group);
		return SDR_ENOMEM;
	}
	group->number = ++engine->group_count;
	return SDR_OK;
}
