/* address_scratch.h - the command scratch on the address panel's list. */
#ifndef SOUNDER_UI_ADDRESS_SCRATCH_H
#define SOUNDER_UI_ADDRESS_SCRATCH_H

#include "address_parts.h"
#include "panel.h"

/* Does `scratch add [NETWORK]|split [LENGTH]|merge|remove`. EINVAL, ENOENT and those of scratch.h,
 * with `error`. */
SDR_MUST_CHECK enum sdr_status ui_address_scratch(
	struct ui_address *address, const struct sdr_call *call, struct sdr_error *error);

#endif
