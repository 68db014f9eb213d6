/* state.h (internal) - is a target up, slow or down? With hysteresis, so that one lost probe changes nothing. */
#ifndef SOUNDER_MODEL_STATE_H
#define SOUNDER_MODEL_STATE_H

#include "sounder/model.h"

/* What is known of one target's health. All-zero: unknown. */
struct sdr_health {
	uint8_t state;             /* enum sdr_state */
	uint8_t before;            /* PAUSED: the state to go back to */
	uint16_t bad, good, local; /* probes lost, answered, not sent: in a row */
	uint16_t slow, fast;       /* answers over the threshold, and well under it: in a row */
};

enum sdr_evidence { SDR_EVIDENCE_GOOD, SDR_EVIDENCE_BAD, SDR_EVIDENCE_LOCAL };

/* Takes the end of one probe; `rtt` counts for GOOD. Returns whether the state changed. A paused target's state stays. */
bool sdr_state_take(struct sdr_health *health, const struct sdr_limits *limits, enum sdr_evidence evidence, sdr_ns rtt);

/* Goes into PAUSED or back. Returns whether the state changed. */
bool sdr_state_pause(struct sdr_health *health, bool pause);

/* Goes to a state without waiting for evidence. Returns whether it changed. */
bool sdr_state_force(struct sdr_health *health, enum sdr_state state);

/* Writes how the change came about: "after 3 lost probes". */
void sdr_state_reason(char *out, size_t size, const struct sdr_health *health, const struct sdr_limits *limits);

#endif
