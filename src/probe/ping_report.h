/* ping_report.h - reporting results to the engine. */
#ifndef SOUNDER_PROBE_PING_REPORT_H
#define SOUNDER_PROBE_PING_REPORT_H

#include "probe/ping_state.h"

/* A result with the values of all ping's fields, which start as unknown. */
struct ping_result {
	struct sdr_result public;
	struct sdr_value values[PING_FIELDS];
};

/* What is known of a target's failed probe. */
struct ping_failure sdr_ping_failure(
	struct ping *ping, const struct ping_target *target, int error);

/* Reports a result to the engine. From the loop's callbacks. */
void sdr_ping_emit(struct ping *ping, const struct ping_target *target, struct sdr_result *result);

/* The same, with its values. */
void sdr_ping_emit_values(
	struct ping *ping, const struct ping_target *target, struct ping_result *result);

/* Reports that a probe could not leave this host. */
void sdr_ping_report_local(struct ping *ping, const struct deferred *failure);

/* Keeps a result for the next iteration. Returns false without memory for it: then the probe just
 * times out. */
bool sdr_ping_defer(struct ping *ping, struct deferred deferred);

/* Notes a suspension, if there was one since the last call. */
void sdr_ping_look_at_clocks(struct ping *ping, sdr_ns now);

/* Sets the timer for the next time-out. */
void sdr_ping_arm_expiry(struct ping *ping);

/* Fill in a field. */
void sdr_ping_set_number(struct ping_result *result, enum ping_field field, int64_t number);
void sdr_ping_set_text(
	struct ping_result *result, enum ping_field field, const char *text); /* borrowed */

#endif
