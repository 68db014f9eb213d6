/* find_mtu.c - the largest packet that gets through to a host unbroken: echo requests that may not
 * be taken apart, their size halved in on. What routers say of the next link's MTU is believed at
 * once; where they are silent (RFC 2923 sec. 2.1), size by size is tried. RFC 1191. */
#include <stdio.h>
#include <string.h>

#include "job/find_mtu.h"

#include "sounder/probe_options.h"

#define SIZE_FIRST 56
#define SIZE_LAST 65507
#define SIZE_LIKELY 1472 /* Ethernet's, tried second */
#define TRIES 2
#define TRY_WAIT (250 * SDR_MS)

/* One size being tried. */
struct trial {
	uint32_t id;
	bool over, answered, failed;
	int64_t mtu;              /* as a router reported; 0: none did */
	uint32_t header;          /* of IP and ICMP, bytes */
	enum sdr_outcome outcome; /* its last result */
	char why[SDR_ERROR_TEXT];
};

struct find_mtu {
	struct sdr_job job;   /* first */
	size_t at;            /* which of the request's targets */
	uint32_t low, high;   /* the largest payload that got through, and the largest that may */
	uint32_t asked;       /* payload under way; 0: none */
	struct sdr_spec spec; /* the target's */
	struct sdr_ping_options options; /* of that */
	struct trial trial;
};

static void note_answer(
	struct trial *trial, const struct sdr_target *target, const struct sdr_result *result)
{
	trial->header = target->addr.version == 4 ? 28 : 48;
	trial->outcome = result->outcome;
	snprintf(trial->why, sizeof(trial->why), "%s", result->why ? result->why : "");
	trial->answered |= result->outcome == SDR_OUTCOME_OK;
	for (unsigned i = 0; i < target->spec->type->field_count; i++)
		if (strcmp(target->spec->type->fields[i].name, "mtu") == 0 &&
			sdr_result_value(result, i)->present)
			trial->mtu = sdr_result_value(result, i)->number;
}

/* The size being tried is through, or it is known that it is not. */
static void end_trial(struct find_mtu *f)
{
	f->job.progress.done += !f->trial.over;
	f->trial.over = true;
	sdr_procedure_wake(&f->job);
}

static bool take_result(
	struct sdr_job *job, const struct sdr_target *target, const struct sdr_result *result)
{
	struct find_mtu *f = (struct find_mtu *)job;
	if (target->id != f->trial.id || result->kind != SDR_RESULT_ANSWER)
		return false;
	note_answer(&f->trial, target, result);
	if (f->trial.answered || result->outcome != SDR_OUTCOME_TIMEOUT)
		end_trial(f);
	return true;
}

static bool note_event(
	struct sdr_job *job, const struct sdr_target *target, enum sdr_target_event event)
{
	struct find_mtu *f = (struct find_mtu *)job;
	struct trial *trial = &f->trial;
	if (target->id != trial->id || event == SDR_TARGET_REMOVED)
		return false;
	if (event == SDR_TARGET_FINISHED)
		end_trial(f);
	if (target->phase == SDR_PHASE_FAILED && !trial->failed) {
		trial->failed = true;
		trial->outcome = target->outcome;
		snprintf(trial->why, sizeof(trial->why), "%s", target->why);
		sdr_procedure_complain(job, "%s: %s", target->typed, target->why);
		end_trial(f);
	}
	return true;
}

/* Tries a payload of `size`. */
static void try_size(struct find_mtu *f, uint32_t size)
{
	struct sdr_job *job = &f->job;
	f->trial = (struct trial){.header = f->trial.header};
	f->asked = f->options.size = size;
	if (sdr_procedure_begin(job, &f->spec, &f->trial.id) == SDR_OK)
		return;
	f->trial.failed = true;
	end_trial(f);
}

static void describe(const struct find_mtu *f, bool found, struct sdr_item *root)
{
	const struct trial *trial = &f->trial;
	sdr_item_text(root, "target", "Target", f->spec.target);
	if (found) {
		sdr_item_integer(root, "path_mtu", "Path MTU", f->low + trial->header);
		sdr_item_integer(root, "payload", "Largest payload", f->low);
		return;
	}
	sdr_item_null(root, "path_mtu", "Path MTU");
	sdr_item_null(root, "payload", "Largest payload");
	sdr_item_text(root, "outcome", "Outcome", sdr_outcome_word(trial->outcome));
	if (trial->why[0])
		sdr_item_text(root, "why", "Why", trial->why);
	else
		sdr_item_null(root, "why", "Why");
}

/* What was found, or that nothing was; an object for each target. */
static void report(struct find_mtu *f, bool found)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet)
		describe(f, found, sdr_sheet_root(sheet));
	sdr_procedure_sheet(&f->job, sheet);
}

static void end_target(struct find_mtu *f, bool found, enum sdr_exit exit)
{
	report(f, found);
	sdr_procedure_exit(&f->job, exit);
	f->asked = 0;
	f->at++;
}

static void begin_target(struct find_mtu *f)
{
	sdr_watch_spec(&f->job.request->watch, f->at, &f->spec);
	f->low = SIZE_FIRST;
	f->high = SIZE_LAST;
	f->trial = (struct trial){0};
	f->spec.count = TRIES;
	f->spec.interval = TRY_WAIT;
	f->options = *(const struct sdr_ping_options *)f->spec.options;
	f->spec.options = &f->options;
	f->options.fragment = SDR_FRAGMENT_PROBE;
	f->options.has_size = true;
	try_size(f, SIZE_FIRST);
}

/* Not even the smallest size got through. */
static void end_silent(struct find_mtu *f)
{
	const struct trial *trial = &f->trial;
	if (!trial->failed)
		sdr_procedure_complain(&f->job, "%s: no answer even to %u bytes%s%s",
			f->spec.target, SIZE_FIRST, trial->why[0] ? ": " : "", trial->why);
	end_target(f, false,
		trial->failed || trial->outcome == SDR_OUTCOME_LOCAL ? SDR_EXIT_FAIL : SDR_EXIT_NO);
}

static void narrow(struct find_mtu *f)
{
	const struct trial *trial = &f->trial;
	bool reported = !trial->answered && trial->mtu >= trial->header + f->low &&
		trial->mtu < f->asked + trial->header;
	if (trial->answered)
		f->low = f->asked;
	else
		f->high = reported ? (uint32_t)trial->mtu - trial->header : f->asked - 1;
	if (f->low >= f->high || trial->failed) {
		end_target(f, true, trial->failed ? SDR_EXIT_FAIL : SDR_EXIT_YES);
		return;
	}
	bool second = f->asked == SIZE_FIRST && f->high >= SIZE_LIKELY;
	try_size(f,
		reported         ? f->high
			: second ? SIZE_LIKELY
				 : f->low + (f->high - f->low + 1) / 2);
}

static void step(struct sdr_job *job)
{
	struct find_mtu *f = (struct find_mtu *)job;
	if (f->asked && !f->trial.over)
		return;
	if (f->asked) {
		(void)sdr_engine_remove(job->engine, f->trial.id);
		if (!f->trial.answered && f->asked == SIZE_FIRST)
			end_silent(f);
		else
			narrow(f);
	}
	if (f->asked)
		return;
	if (f->at == job->request->watch.count)
		sdr_procedure_end(job);
	else
		begin_target(f);
}

const struct procedure sdr_job_find_mtu = {.size = sizeof(struct find_mtu),
	.what = "sizes",
	.step = step,
	.target = note_event,
	.result = take_result};
