/* spec.h - checking a spec's bounds and keeping a copy of it. */
#ifndef SOUNDER_PROBE_SPEC_H
#define SOUNDER_PROBE_SPEC_H

#include "sounder/probe.h"

/* Checks what holds for all types.  EINVAL, ERANGE with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_spec_check(const struct sdr_spec *spec, struct sdr_error *error);

/* Copies `spec` with all its text; `*memory` holds the text and is freed by the caller. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_spec_copy(const struct sdr_spec *spec, struct sdr_spec *copy, void **memory);

#endif
