/* half_rate.c - two ways to make the same counts, each weighed over all shares that may be: at half
 * the rate the share is the same, or twice as large. */
#include "path/half_rate.h"

#include <math.h>

#define STEPS 200
#define SHARE_MOST 0.995 /* that is answered where all may be: an accident is no proof */
#define DECIDES 4.6      /* log of 100 to 1 */

static double log_chance(const struct path_counts *counts, double share)
{
	return (double)counts->received * log(share) +
		(double)(counts->sent - counts->received) * log1p(-share);
}

/* The sum over all shares at the full rate, as a logarithm, where the half rate has `times` as
 * large a one. */
static double weigh(const struct path_counts *full, const struct path_counts *half, double times)
{
	double logs[STEPS], most = -INFINITY, sum = 0;
	for (unsigned i = 0; i < STEPS; i++) {
		double share = (i + 0.5) / STEPS;
		logs[i] = log_chance(full, fmin(share, SHARE_MOST)) +
			log_chance(half, fmin(share * times, SHARE_MOST));
		most = fmax(most, logs[i]);
	}
	for (unsigned i = 0; i < STEPS; i++)
		sum += exp(logs[i] - most);
	return most + log(sum);
}

enum path_half_rate sdr_path_half_rate(
	const struct path_counts *full, const struct path_counts *half)
{
	double limit = weigh(full, half, 2) - weigh(full, half, 1);
	return limit > DECIDES     ? PATH_HALF_LIMIT
		: limit < -DECIDES ? PATH_HALF_SHARE
				   : PATH_HALF_OPEN;
}

const char *sdr_path_half_rate_words(enum path_half_rate found)
{
	static const char *const words[] = {"", "asked half as often, it answers as many a second",
		"asked half as often, it answers the same share: loss, or a shared limit"};
	return words[found];
}
