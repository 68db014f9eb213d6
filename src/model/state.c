/* state.c - the up/down machine: counts in a row, thresholds, no clock. */
#include "model/state.h"

#include <stdio.h>

static const char *const words[] = {
	[SDR_STATE_UNKNOWN] = "new",
	[SDR_STATE_UP] = "up",
	[SDR_STATE_SLOW] = "SLOW",
	[SDR_STATE_DOWN] = "DOWN",
	[SDR_STATE_PAUSED] = "paused",
};

const char *sdr_state_word(enum sdr_state state)
{
	return words[state];
}

static void count(uint16_t *counter)
{
	if (*counter < UINT16_MAX)
		++*counter;
}

bool sdr_state_force(struct sdr_health *health, enum sdr_state state)
{
	if (health->state == state)
		return false;
	health->state = (uint8_t)state;
	return true;
}

/* Between 4/5 of the threshold and the threshold is neutral: it ends either row. */
static void weigh(struct sdr_health *health, sdr_ns slow, sdr_ns rtt)
{
	bool over = slow > 0 && rtt > slow, under = slow <= 0 || rtt <= slow / 5 * 4;
	if (over)
		count(&health->slow);
	else
		health->slow = 0;
	if (under)
		count(&health->fast);
	else
		health->fast = 0;
}

/* ---- loss ---- */

static uint32_t sum(const uint8_t parts[static SDR_LOSS_PARTS])
{
	uint32_t all = 0;
	for (unsigned i = 0; i < SDR_LOSS_PARTS; i++)
		all += parts[i];
	return all;
}

/* A part holds a byte: halves of odd numbers are rounded up and down alternately. */
static void halve(struct sdr_shares *shares, unsigned at, unsigned part)
{
	unsigned lost = shares->lost[at];
	shares->known[at] /= 2;
	shares->lost[at] = (uint8_t)((lost + ((lost / 2 ^ part) & 1)) / 2);
}

void sdr_state_share(struct sdr_health *health, uint32_t part, bool lost)
{
	struct sdr_shares *shares = &health->shares;
	uint16_t number = (uint16_t)part;
	unsigned at = number % SDR_LOSS_PARTS;
	if (sum(shares->known) == 0) /* the first, since it was begun or reset */
		shares->newest = number;
	uint16_t behind = (uint16_t)(shares->newest - number);
	/* No probe is reported so late that it could be counted in a future part. */
	if (behind > UINT8_MAX) {
		uint16_t ahead = (uint16_t)(number - shares->newest);
		for (uint16_t i = 0; i < ahead && i < SDR_LOSS_PARTS; i++)
			shares->known[(number - i) % SDR_LOSS_PARTS] =
				shares->lost[(number - i) % SDR_LOSS_PARTS] = 0;
		shares->newest = number;
	} else if (behind >= SDR_LOSS_PARTS) {
		return;
	}
	if (shares->known[at] == UINT8_MAX)
		halve(shares, at, part);
	shares->known[at]++;
	shares->lost[at] = (uint8_t)(shares->lost[at] + lost);
}

/* Between 4/5 of the limit and the limit all stays as it is. */
static void weigh_loss(struct sdr_health *health, unsigned limit)
{
	uint32_t known = sum(health->shares.known), lost = sum(health->shares.lost);
	if (limit == 0)
		health->lossy = false;
	else if (known >= SDR_LOSS_LEAST && lost * 100 > known * limit)
		health->lossy = true;
	else if (known >= SDR_LOSS_LEAST && lost * 500 <= known * limit * 4)
		health->lossy = false;
}

void sdr_state_format_loss(
	char *out, size_t size, const struct sdr_health *health, unsigned limit, sdr_ns window)
{
	char time[SDR_DURATION_TEXT];
	uint32_t known = sum(health->shares.known);
	double loss = known ? 100.0 * sum(health->shares.lost) / known : 0;
	snprintf(out, size, "loss %.*f %% over %s (limit %u)", loss < 9.95 ? 1 : 0, loss,
		window == SDR_MINUTE ? "1 min" : sdr_duration_display(time, window), limit);
}

/* An outage is reported separately. */
static bool come_up(struct sdr_health *health)
{
	health->shares = (struct sdr_shares){.newest = health->shares.newest};
	health->lossy = false;
	return sdr_state_force(health, SDR_STATE_UP);
}

static bool take_good(struct sdr_health *health, const struct sdr_limits *limits, sdr_ns rtt)
{
	health->bad = health->local = 0;
	count(&health->good);
	weigh(health, limits->slow, rtt);
	weigh_loss(health, limits->loss);
	switch (health->state) {
	case SDR_STATE_UNKNOWN:
		return sdr_state_force(health, SDR_STATE_UP);
	case SDR_STATE_DOWN:
		return health->good >= limits->replies && come_up(health);
	case SDR_STATE_UP:
		return (health->slow >= limits->losses || health->lossy) &&
			sdr_state_force(health, SDR_STATE_SLOW);
	case SDR_STATE_SLOW:
		return health->fast >= limits->replies && !health->lossy &&
			sdr_state_force(health, SDR_STATE_UP);
	default:
		return false;
	}
}

enum sdr_evidence sdr_state_evidence(enum sdr_outcome outcome)
{
	return outcome == SDR_OUTCOME_OK       ? SDR_EVIDENCE_GOOD
		: outcome == SDR_OUTCOME_LOCAL ? SDR_EVIDENCE_LOCAL
					       : SDR_EVIDENCE_BAD;
}

bool sdr_state_counts(uint64_t *answered, enum sdr_evidence evidence, uint64_t sequence)
{
	if (evidence == SDR_EVIDENCE_GOOD && sequence > *answered)
		*answered = sequence;
	return evidence != SDR_EVIDENCE_BAD || sequence >= *answered;
}

bool sdr_state_take(struct sdr_health *health, const struct sdr_limits *limits,
	enum sdr_evidence evidence, sdr_ns rtt)
{
	if (health->state == SDR_STATE_PAUSED)
		return false;
	if (evidence == SDR_EVIDENCE_GOOD)
		return take_good(health, limits, rtt);
	health->good = health->slow = health->fast = 0;
	if (evidence == SDR_EVIDENCE_LOCAL) {
		count(&health->local);
		return health->local >= limits->losses &&
			sdr_state_force(health, SDR_STATE_UNKNOWN);
	}
	health->local = 0;
	count(&health->bad);
	return health->bad >= limits->losses && sdr_state_force(health, SDR_STATE_DOWN);
}

bool sdr_state_pause(struct sdr_health *health, bool pause)
{
	if (pause == (health->state == SDR_STATE_PAUSED))
		return false;
	enum sdr_state before = health->state;
	*health = (struct sdr_health){
		.state = pause ? SDR_STATE_PAUSED : health->before, .before = before & 0x7F};
	return true;
}

static const char *plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

void sdr_state_reason(
	char *out, size_t size, const struct sdr_health *health, const struct sdr_limits *limits)
{
	char limit[SDR_DURATION_TEXT];
	sdr_duration_format(limit, limits->slow);
	if (health->bad)
		snprintf(out, size, "after %u lost probe%s", health->bad, plural(health->bad));
	else if (health->local)
		snprintf(out, size, "after %u local fault%s", health->local, plural(health->local));
	else if (health->state == SDR_STATE_SLOW)
		snprintf(out, size, "after %u answers over %s", health->slow, limit);
	else
		snprintf(out, size, "after %u answer%s", health->good, plural(health->good));
}
