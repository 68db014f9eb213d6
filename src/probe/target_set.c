/* target_set.c - what all read of a target's set. */
#include "sounder/target_set.h"

#include "probe/engine_target.h"
#include "probe/target_set_members.h"

const struct sdr_set *sdr_target_set(const struct sdr_target *target)
{
	const struct target_known *known = sdr_target_found(target);
	return known && known->set ? &known->set->public : NULL;
}

bool sdr_target_leads(const struct sdr_target *target)
{
	const struct sdr_set *set = sdr_target_set(target);
	return !set || set->leader == target->id;
}

bool sdr_target_is_part(const struct sdr_target *target)
{
	const struct sdr_set *set = sdr_target_set(target);
	return target->spec->type->parts && set && set->fed && set->leader != target->id;
}

const char *sdr_target_role(const struct sdr_target *target)
{
	const struct target_known *known = sdr_target_found(target);
	return known ? known->role : NULL;
}

const char *sdr_target_origin(const struct sdr_target *target)
{
	const struct target_known *known = sdr_target_found(target);
	return known ? known->origin : NULL;
}
