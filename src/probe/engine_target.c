/* engine_target.c - what the types and all others read of one target. */
#include "probe/engine_target.h"

#include <stdio.h>
#include <string.h>

#include "probe/probe_type.h"

unsigned sdr_target_addresses(const struct sdr_target *target, const struct sdr_addr **addresses)
{
	const struct target_known *known = sdr_target_found(target);
	bool several = known && known->addresses;
	*addresses = several ? known->addresses : &target->addr;
	return several ? known->address_count : target->addr.version != 0;
}

const char *sdr_target_missing(const struct sdr_target *target)
{
	const struct target_known *known = sdr_target_found(target);
	return known ? known->missing : NULL;
}

const char *sdr_target_label(char out[static SDR_TARGET_LABEL], const struct sdr_target *target)
{
	const char *role = sdr_target_role(target);
	if (!role)
		return target->typed;
	snprintf(out, SDR_TARGET_LABEL, "%s (%s)", target->typed, role);
	return out;
}

enum sdr_status sdr_target_sheet(const struct sdr_target *target, struct sdr_sheet **sheet)
{
	const struct probe_type *type = (const struct probe_type *)target->spec->type;
	const struct target_known *known = sdr_target_found(target);
	*sheet = NULL;
	if (!known || !known->state || !type->sheet)
		return SDR_OK;
	struct sdr_sheet *made = sdr_sheet_new();
	if (made)
		type->sheet(known->state, sdr_sheet_root(made));
	if (made && !sdr_sheet_failed(made)) {
		*sheet = made;
		return SDR_OK;
	}
	sdr_sheet_free(made);
	return SDR_ENOMEM;
}

void sdr_target_summary(
	const struct sdr_target *target, struct sdr_value values[static SDR_SUMMARY_FIELDS_MAX])
{
	const struct sdr_probe_type *public = target->spec->type;
	const struct target_known *known = sdr_target_found(target);
	memset(values, 0, SDR_SUMMARY_FIELDS_MAX * sizeof(*values));
	if (known && known->summary)
		memcpy(values, known->summary, public->summary_field_count * sizeof(*values));
	else if (known && known->state && public->summary_field_count > 0)
		((const struct probe_type *)public)->summarise(known->state, values);
}
