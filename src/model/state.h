/* state.h (internal) - is a target up, slow or down? With hysteresis, so that one lost probe
 * changes nothing. */
#ifndef SOUNDER_MODEL_STATE_H
#define SOUNDER_MODEL_STATE_H

#include "sounder/model.h"

/* Parts of the loss window, which moves by one part at a time. */
#define SDR_LOSS_PARTS 4
#define SDR_LOSS_LEAST 20 /* least number of known probes for a loss figure */

/* How many were answered or lost recently, and how many lost, by parts of the window. If a part
 * exceeds a byte, both are halved: only the ratio matters. */
struct sdr_shares {
	uint8_t known[SDR_LOSS_PARTS], lost[SDR_LOSS_PARTS]; /* by a part's number */
	uint16_t newest;                                     /* part, low bits of its number */
};

/* What is known of one target's health. All-zero: unknown. */
struct sdr_health {
	uint8_t state;             /* enum sdr_state */
	uint8_t before : 7;        /* PAUSED: the state to go back to */
	bool lossy : 1;            /* loss was over its limit and is not well under it yet */
	uint16_t bad, good, local; /* probes lost, answered, not sent: in a row */
	uint16_t slow, fast;       /* answers over the threshold, and well under it: in a row */
	struct sdr_shares shares;
};

enum sdr_evidence { SDR_EVIDENCE_GOOD, SDR_EVIDENCE_BAD, SDR_EVIDENCE_LOCAL };

/* What a probe that ended so shows about its target. */
enum sdr_evidence sdr_state_evidence(enum sdr_outcome outcome);

/* Whether the end of a probe still means something: one that was lost before another that was
 * answered does not. `answered` is the latest of those by sequence, kept here; 0 at first. */
bool sdr_state_counts(uint64_t *answered, enum sdr_evidence evidence, uint64_t sequence);

/* Takes the end of one probe; `rtt` counts for GOOD. Returns whether the state changed. A paused
 * target's state stays. */
bool sdr_state_take(struct sdr_health *health, const struct sdr_limits *limits,
	enum sdr_evidence evidence, sdr_ns rtt);

/* Counts a probe that was answered or lost towards loss, whatever its place in a row; `part`
 * numbers the part of time in which it was sent. */
void sdr_state_share(struct sdr_health *health, uint32_t part, bool lost);

/* Goes into PAUSED or back. Returns whether the state changed. */
bool sdr_state_pause(struct sdr_health *health, bool pause);

/* Goes to a state without waiting for evidence. Returns whether it changed. */
bool sdr_state_force(struct sdr_health *health, enum sdr_state state);

/* Writes how the change came about: "after 3 lost probes". */
void sdr_state_reason(
	char *out, size_t size, const struct sdr_health *health, const struct sdr_limits *limits);

/* Writes how much is lost: "loss 12 % over 1 min (limit 5)". `window`: how long that is for this
 * target. */
void sdr_state_format_loss(
	char *out, size_t size, const struct sdr_health *health, unsigned limit, sdr_ns window);

#endif
