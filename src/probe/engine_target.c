/* engine_target.c - what the types and all others read of one target. */
#include "probe/engine_target.h"

#include <stdio.h>

unsigned sdr_target_addresses(const struct sdr_target *target, const struct sdr_addr **addresses)
{
	*addresses = &target->addr;
	if (!target->many)
		return target->addr.version != 0;
	const struct target_known *known = ((const struct target_block *)target)->known;
	*addresses = known->addresses;
	return known->address_count;
}

const char *sdr_target_label(char out[static SDR_TARGET_LABEL], const struct sdr_target *target)
{
	char address[SDR_ADDR_TEXT];
	if (!target->in_group || !target->addr.version)
		return target->typed;
	snprintf(out, SDR_TARGET_LABEL, "%s (%s)", target->typed,
		sdr_addr_format(address, &target->addr));
	return out;
}
