/* ping_text.h - iputils' text. */
#ifndef SOUNDER_PROBE_PING_TEXT_H
#define SOUNDER_PROBE_PING_TEXT_H

#include "sounder/engine.h"
#include "sounder/probe_options.h"

/* The places of ping's fields in a result's values. */
enum ping_field {
	PING_TTL,
	PING_BYTES,
	PING_ICMP_TYPE,
	PING_ICMP_CODE,
	PING_ROUTER,
	PING_MTU,
	PING_CLOCK,
	PING_ERROR,
	PING_FIELDS
};

void sdr_ping_text_header(struct sdr_out *out, const struct sdr_target *target);
void sdr_ping_text_line(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_result *result);
void sdr_ping_text_summary(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_totals *totals);
void sdr_ping_text_status(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_totals *totals);

/* The type's own options of a spec. */
static inline const struct sdr_ping_options *sdr_ping_options(const struct sdr_spec *spec)
{
	static const struct sdr_ping_options none = {0};
	return spec->options ? spec->options : &none;
}

/* Payload bytes of a spec: 56 if unset. */
uint32_t sdr_ping_size(const struct sdr_spec *spec);

#endif
