/* path_figures.c - hops' counters, epochs and rounds begin again, and come back. */
#include "probe/path_figures.h"

#include <stdlib.h>

#include "probe/path.h"

struct kept {
	struct sdr_addr addr; /* of the target, which may have been removed and added again */
	struct path_hops hops;
	uint32_t before; /* rounds before they began */
	uint32_t round;  /* the latest when they were taken */
};

void *sdr_path_take(void *state)
{
	struct path_target *target = ((struct path_own *)state)->own;
	struct kept *kept = target ? malloc(sizeof(*kept)) : NULL;
	struct path_hops hops;
	if (!target)
		return NULL;
	bool whole = path_hops_restart(&target->hops, target->round, &hops) == SDR_OK;
	if (kept && whole)
		*kept = (struct kept){target->addr, hops, target->before, target->round};
	else if (whole)
		path_hops_done(&hops);
	target->before = target->round;
	sdr_path_second_forget(target);
	sdr_path_half_rate_forget(target);
	if (whole)
		return kept;
	free(kept);
	return NULL;
}

void sdr_path_give(void *state, void *figures)
{
	struct path_target *target = ((struct path_own *)state)->own;
	struct kept *kept = figures;
	if (!target || sdr_addr_compare(&target->addr, &kept->addr) != 0 ||
		target->hops.max != kept->hops.max)
		return;
	uint32_t apart = target->round - kept->round;
	path_hops_give_back(&target->hops, &kept->hops, apart, target->round);
	kept->hops = (struct path_hops){0};
	target->before = kept->before + apart;
	sdr_path_second_forget(target);
	sdr_path_half_rate_forget(target);
}

void sdr_path_drop(void *figures)
{
	struct kept *kept = figures;
	path_hops_done(&kept->hops);
	free(kept);
}
