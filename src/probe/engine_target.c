/* engine_target.c - what the types and all others read of one target. */
#include "probe/engine_target.h"

#include <stdio.h>

unsigned sdr_target_addresses(const struct sdr_target *target, const struct sdr_addr **addresses)
{
	const struct target_known *known = sdr_target_found(target);
	bool several = known && known->addresses;
	*addresses = several ? known->addresses : &target->addr;
	return several ? known->address_count : target->addr.version != 0;
}

const char *sdr_target_label(char out[static SDR_TARGET_LABEL], const struct sdr_target *target)
{
	const char *role = sdr_target_role(target);
	if (!role)
		return target->typed;
	snprintf(out, SDR_TARGET_LABEL, "%s (%s)", target->typed, role);
	return out;
}
