/* watch_exit.c - what a target that was watched amounts to as an exit code. */
#include "job/watch_exit.h"

#include "sounder/job.h"

enum sdr_exit sdr_watch_exit(
	const struct sdr_watch *watch, const struct sdr_tally *tally, bool reached, uint64_t wanted)
{
	uint64_t unsent = tally->local, ended = sdr_tally_ended(tally);
	enum sdr_exit no = unsent && !watch->fping ? SDR_EXIT_FAIL : SDR_EXIT_NO;
	if (unsent && unsent == ended)
		return no;
	if (watch->until != SDR_UNTIL_STOPPED)
		return reached ? SDR_EXIT_YES : no;
	if (watch->has_loss_max) {
		double missed = 100.0 * (double)(tally->lost + unsent);
		return ended && missed <= watch->loss_max * (double)ended ? SDR_EXIT_YES : no;
	}
	if (unsent && !watch->fping)
		return SDR_EXIT_FAIL;
	return tally->received && tally->received >= wanted ? SDR_EXIT_YES : SDR_EXIT_NO;
}

bool sdr_watch_refused(const struct sdr_target *target)
{
	struct sdr_addr addr;
	return target->phase == SDR_PHASE_FAILED && target->outcome == SDR_OUTCOME_LOCAL &&
		target->host && sdr_addr_parse(target->host, &addr, NULL) == SDR_OK;
}

enum sdr_exit sdr_watch_failure(const struct sdr_watch *watch, const struct sdr_target *target)
{
	return watch->names_must_exist ? SDR_EXIT_FAIL : sdr_outcome_exit(target->outcome);
}
