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

/* Between 4/5 of the threshold and the threshold lies nobody's land: it ends either row. */
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

static bool take_good(struct sdr_health *health, const struct sdr_limits *limits, sdr_ns rtt)
{
	health->bad = health->local = 0;
	count(&health->good);
	weigh(health, limits->slow, rtt);
	switch (health->state) {
	case SDR_STATE_UNKNOWN:
		return sdr_state_force(health, SDR_STATE_UP);
	case SDR_STATE_DOWN:
		return health->good >= limits->replies && sdr_state_force(health, SDR_STATE_UP);
	case SDR_STATE_UP:
		return health->slow >= limits->losses && sdr_state_force(health, SDR_STATE_SLOW);
	case SDR_STATE_SLOW:
		return health->fast >= limits->replies && sdr_state_force(health, SDR_STATE_UP);
	default:
		return false;
	}
}

bool sdr_state_take(struct sdr_health *health, const struct sdr_limits *limits, enum sdr_evidence evidence, sdr_ns rtt)
{
	if (health->state == SDR_STATE_PAUSED)
		return false;
	if (evidence == SDR_EVIDENCE_GOOD)
		return take_good(health, limits, rtt);
	health->good = health->slow = health->fast = 0;
	if (evidence == SDR_EVIDENCE_LOCAL) {
		count(&health->local);
		return health->local >= limits->losses && sdr_state_force(health, SDR_STATE_UNKNOWN);
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
	*health = (struct sdr_health){.state = pause ? SDR_STATE_PAUSED : health->before, .before = (uint8_t)before};
	return true;
}

static const char *plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

void sdr_state_reason(char *out, size_t size, const struct sdr_health *health, const struct sdr_limits *limits)
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
