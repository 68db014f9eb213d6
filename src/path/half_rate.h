/* half_rate.h - whether a hop that leaves probes unanswered limits how many it answers in a time:
 * asked half as often, it answers as many a second, which is twice the share. One that loses them
 * answers the same share; so does one whose limit the probes of others use up. Pure. */
#ifndef SOUNDER_PATH_HALF_RATE_H
#define SOUNDER_PATH_HALF_RATE_H

#include "path/loss.h"

enum path_half_rate {
	PATH_HALF_OPEN,  /* not decided at 1 % doubt */
	PATH_HALF_LIMIT, /* as many a second */
	PATH_HALF_SHARE  /* as large a share */
};

/* Weighs the counts of a hop at its full rate and, right after those, at half of it. */
enum path_half_rate sdr_path_half_rate(
	const struct path_counts *full, const struct path_counts *half);

/* Returns that in words; "" while it is open. Static. */
const char *sdr_path_half_rate_words(enum path_half_rate found);

#endif
