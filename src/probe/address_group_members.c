/* address_group_members.c - who belongs to a family, and who leads it. */
#include "probe/address_group_members.h"

#include <stdlib.h>

#include "probe/address_group.h"
#include "probe/engine_internal.h"

struct family *sdr_address_group_of(const struct engine_target *target)
{
	return target->lookup ? target->lookup->family : NULL;
}

uint32_t sdr_address_group_number(const struct engine_target *target)
{
	return sdr_address_group_of(target) ? sdr_address_group_of(target)->number : 0;
}

struct engine_target *sdr_address_group_other(const struct engine_target *target)
{
	const struct family *family = sdr_address_group_of(target);
	if (!family)
		return NULL;
	return family->first != target ? family->first : target->lookup->next_member;
}

enum sdr_status sdr_address_group_enter(struct family *family, struct engine_target *target)
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
	struct family *family = sdr_address_group_of(target);
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
	if (sdr_address_group_enter(family, target) != SDR_OK) {
		free(family);
		return SDR_ENOMEM;
	}
	family->number = ++engine->families;
	return SDR_OK;
}
