/* sweep.c - probes each of many targets once, as fast as this host sends: a target is added to the
 * engine when it is due and removed when its answer is in, so that memory is needed only for the
 * names and for what is in flight, however many there are. With all addresses of a name, the
 * targets stay, since one can't be removed without the others. */
#include <stdlib.h>

#include "job/sweep.h"

#define CATCH_UP (10 * SDR_MS) /* of a --rate that a late loop left unused */
#define AHEAD 64               /* targets that the engine has and whose probe has not left yet */

struct sweep {
	struct sdr_job job;    /* first */
	size_t given;          /* targets of the request that the engine has got */
	size_t joined;         /* targets beyond these: the other addresses of a name */
	size_t answered, gone; /* of all of them; `gone`: nothing more comes of them */
	size_t unknown;        /* names without an address, invalid targets */
	size_t faults;         /* probes that could not leave this host */
	uint32_t *over;        /* [over_count] ids to be taken back; owned */
	size_t over_count, over_capacity;
	sdr_ns next; /* by --rate, when the next target is due */
};

/* A sink may not remove a target: that is the next step's. Without memory for the note the target
 * just stays. */
static void note_over(struct sweep *s, const struct sdr_target *target)
{
	s->gone++;
	sdr_procedure_wake(&s->job);
	if (sdr_target_set(target))
		return;
	if (s->over_count == s->over_capacity) {
		size_t n = s->over_capacity ? s->over_capacity * 2 : 512;
		uint32_t *over = realloc(s->over, n * sizeof(*over));
		if (!over)
			return;
		s->over = over;
		s->over_capacity = n;
	}
	s->over[s->over_count++] = target->id;
}

static bool take_result(
	struct sdr_job *job, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sweep *s = (struct sweep *)job;
	(void)target;
	if (result->kind != SDR_RESULT_ANSWER)
		return false;
	job->progress.done++;
	s->answered += result->outcome == SDR_OUTCOME_OK;
	s->faults += result->outcome == SDR_OUTCOME_LOCAL;
	return true;
}

static bool note_event(
	struct sdr_job *job, const struct sdr_target *target, enum sdr_target_event event)
{
	struct sweep *s = (struct sweep *)job;
	bool failed = event == SDR_TARGET_CHANGED && target->phase == SDR_PHASE_FAILED;
	if (event == SDR_TARGET_ADDED && !sdr_target_leads(target)) {
		s->joined++;
		job->progress.total++;
	}
	s->unknown += failed;
	if (event == SDR_TARGET_CHANGED) {
		uint8_t noted = NOTED_MISSING; /* another family's answer is one */
		sdr_procedure_note_name(job, target, &noted);
	}
	job->progress.done += failed;
	if (failed || event == SDR_TARGET_FINISHED)
		note_over(s, target);
	return true;
}

/* --rate is the sweep's own: it stays below the engine's ceiling, which others share. */
static void check_rate(struct sdr_job *job)
{
	uint32_t rate = job->request->watch.rate, most = sdr_engine_rate(job->engine);
	if (rate != UINT32_MAX && rate > most)
		sdr_procedure_complain(job,
			"--rate %u: all probes together are held to %u a second; "
			"\"set rate\" changes that",
			rate, most);
}

/* Whether the next target is due; else it is waited for. */
static bool is_due(struct sweep *s)
{
	uint32_t rate = s->job.request->watch.rate;
	sdr_ns now = sdr_clock_now();
	if (rate == 0 || rate >= sdr_engine_rate(s->job.engine))
		return true;
	if (s->next > now) {
		sdr_procedure_wake_in(&s->job, s->next - now);
		return false;
	}
	s->next = (s->next > now - CATCH_UP ? s->next : now - CATCH_UP) + SDR_SECOND / rate;
	return true;
}

static void give(struct sweep *s)
{
	struct sdr_job *job = &s->job;
	const struct sdr_watch *watch = &job->request->watch;
	struct sdr_spec spec;
	sdr_watch_spec(watch, s->given++, &spec);
	if (sdr_procedure_begin(job, &spec, NULL) == SDR_OK)
		return;
	s->faults++;
	s->gone++;
	job->progress.done++;
	if (s->given == 1) /* no permission: it would be the same for all */
		sdr_procedure_end(job);
}

/* fping's codes where they were asked for: 2 for names without an address, 4 for what this host
 * refused; else ours. */
static enum sdr_exit exit_of(const struct sweep *s)
{
	const struct sdr_watch *watch = &s->job.request->watch;
	if (s->unknown > 0)
		return SDR_EXIT_FAIL;
	if (s->faults > 0 && !watch->fping)
		return SDR_EXIT_FAIL;
	if (s->faults > 0 && s->answered == 0)
		return SDR_EXIT_FPING_SYSTEM;
	return s->answered == watch->count + s->joined ? SDR_EXIT_YES : SDR_EXIT_NO;
}

static void step(struct sdr_job *job)
{
	struct sweep *s = (struct sweep *)job;
	size_t count = job->request->watch.count;
	if (s->given == 0)
		check_rate(job);
	job->progress.total = count + s->joined;
	for (size_t i = 0; i < s->over_count; i++)
		(void)sdr_engine_remove(job->engine, s->over[i]);
	s->over_count = 0;
	while (s->given < count && job->owner.waiting < AHEAD && !job->over && is_due(s))
		give(s);
	if (s->gone >= count + s->joined)
		sdr_procedure_end(job);
}

static void conclude(struct sdr_job *job)
{
	sdr_procedure_exit(job, exit_of((struct sweep *)job));
}

static void stop(struct sdr_job *job)
{
	free(((struct sweep *)job)->over);
}

const struct procedure sdr_job_sweep = {.size = sizeof(struct sweep),
	.what = "hosts",
	.step = step,
	.target = note_event,
	.result = take_result,
	.feeds = true,
	.conclude = conclude,
	.stop = stop};
