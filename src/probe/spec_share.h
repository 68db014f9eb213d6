/* spec_share.h - checks a spec's bounds and stores it once for all targets with the same
 * settings. */
#ifndef SOUNDER_PROBE_SPEC_SHARE_H
#define SOUNDER_PROBE_SPEC_SHARE_H

#include "sounder/probe.h"

/* Checks what holds for all types.  EINVAL, ERANGE with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_spec_check(const struct sdr_spec *spec, struct sdr_error *error);

/* What targets with the same settings share. */
struct spec_share {
	struct sdr_spec spec;           /* defaults filled in; without the members of a single
					   target */
	uint32_t users;                 /* who hold it */
	_Alignas(void *) char memory[]; /* the spec's arrays, then its text */
};

/* Returns `latest` with one more reference, if it equals `spec`; else a new one, with one reference
 * and a copy of all text. `latest` may be NULL. NULL when out of memory. */
struct spec_share *sdr_spec_share(const struct sdr_spec *spec, struct spec_share *latest);

/* Has `*held` hold `share` instead of what it held, which may be NULL. */
void sdr_spec_hold(struct spec_share **held, struct spec_share *share);

/* Ends a hold; the last one frees it. NULL is allowed. */
void sdr_spec_release(struct spec_share *share);

#endif
