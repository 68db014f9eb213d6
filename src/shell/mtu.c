/* mtu.c - path MTU discovery: echo requests that may not be fragmented, with a binary search over
 * their size. An MTU reported by a router is used at once; where routers are silent (RFC 2923 sec.
 * 2.1), sizes are tried one by one. RFC 1191. */
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "shell/shell.h"

#define SIZE_FIRST 56
#define SIZE_LAST 65507
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
	struct shell_run *run;
};

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct trial *trial = context;
	if (target->id != trial->id || result->kind != SDR_RESULT_ANSWER)
		return;
	trial->header = target->addr.version == 4 ? 28 : 48;
	trial->outcome = result->outcome;
	snprintf(trial->why, sizeof(trial->why), "%s", result->why ? result->why : "");
	trial->answered |= result->outcome == SDR_OUTCOME_OK;
	for (unsigned i = 0; i < target->spec->type->field_count; i++)
		if (strcmp(target->spec->type->fields[i].name, "mtu") == 0 &&
			result->values[i].present)
			trial->mtu = result->values[i].number;
	trial->over |= trial->answered || result->outcome != SDR_OUTCOME_TIMEOUT;
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct trial *trial = context;
	if (target->id != trial->id || event == SDR_TARGET_REMOVED)
		return;
	trial->over |= event == SDR_TARGET_FINISHED;
	if (target->phase == SDR_PHASE_FAILED && !trial->failed) {
		trial->failed = trial->over = true;
		trial->outcome = target->outcome;
		snprintf(trial->why, sizeof(trial->why), "%s", target->why);
		sdr_shell_complain(trial->run, "%s: %s", target->typed, target->why);
	}
}

/* Returns whether a payload of `size` got through. */
static bool try_size(
	struct shell_run *run, struct sdr_spec *spec, uint32_t size, struct trial *trial)
{
	struct sdr_engine *engine = sdr_app_engine(run->app);
	struct sdr_sink sink = {trial, on_target, on_result};
	struct sdr_error error = {0};
	*trial = (struct trial){.run = run, .header = trial->header};
	spec->ping.size = size;
	spec->ping.has_size = true;
	if (sdr_engine_sink_add(engine, &sink) != SDR_OK ||
		sdr_engine_add(engine, spec, &trial->id, &error) != SDR_OK) {
		sdr_shell_complain(
			run, "%s", error.text[0] ? error.text : sdr_status_text(SDR_ENOMEM));
		trial->failed = true;
	}
	while (!trial->over && !trial->failed)
		uv_run(sdr_app_loop(run->app), UV_RUN_ONCE);
	sdr_engine_sink_remove(engine, trial);
	(void)sdr_engine_remove(engine, trial->id);
	return trial->answered;
}

static void print_found(struct shell_run *run, const char *target, uint32_t size, uint32_t header)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_text(root, "target", "Target", target);
	sdr_item_integer(root, "path_mtu", "Path MTU", size + header);
	sdr_item_integer(root, "payload", "Largest payload", size);
	run->report.format->sheet(&run->report, root);
	sdr_sheet_free(sheet);
}

/* Each target has its object, one that none was found for, too; text is on stderr. */
static void print_nothing(struct shell_run *run, const char *target, const struct trial *trial)
{
	struct sdr_sheet *sheet = run->report.format == &sdr_report_text ? NULL : sdr_sheet_new();
	if (!sheet)
		return;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_text(root, "target", "Target", target);
	sdr_item_null(root, "path_mtu", "Path MTU");
	sdr_item_null(root, "payload", "Largest payload");
	sdr_item_text(root, "outcome", "Outcome", sdr_outcome_word(trial->outcome));
	if (trial->why[0])
		sdr_item_text(root, "why", "Why", trial->why);
	else
		sdr_item_null(root, "why", "Why");
	run->report.format->sheet(&run->report, root);
	sdr_sheet_free(sheet);
}

static enum sdr_exit find(struct shell_run *run, struct sdr_spec *spec)
{
	struct trial trial = {0};
	uint32_t low = SIZE_FIRST, high = SIZE_LAST;
	spec->count = TRIES;
	spec->interval = TRY_WAIT;
	spec->ping.fragment = SDR_FRAGMENT_PROBE;
	if (!try_size(run, spec, low, &trial)) {
		if (!trial.failed)
			sdr_shell_complain(run, "%s: no answer even to %u bytes%s%s", spec->target,
				low, trial.why[0] ? ": " : "", trial.why);
		print_nothing(run, spec->target, &trial);
		return trial.failed || trial.outcome == SDR_OUTCOME_LOCAL ? SDR_EXIT_FAIL
									  : SDR_EXIT_NO;
	}
	for (uint32_t size = 1472; low < high && !trial.failed; size = low + (high - low + 1) / 2) {
		uint32_t asked = size > low && size <= high ? size : low + (high - low + 1) / 2;
		if (try_size(run, spec, asked, &trial))
			low = asked;
		else
			high = trial.mtu > trial.header + low && trial.mtu < asked + trial.header
				? (uint32_t)trial.mtu - trial.header
				: asked - 1;
	}
	print_found(run, spec->target, low, trial.header);
	return trial.failed ? SDR_EXIT_FAIL : SDR_EXIT_YES;
}

void sdr_mtu_run(struct shell_run *run)
{
	const struct sdr_watch *watch = &run->request->watch;
	for (size_t i = 0; i < watch->count && !run->out->failed; i++) {
		struct sdr_spec spec;
		sdr_watch_spec(watch, i, &spec);
		sdr_shell_exit_raise(run, find(run, &spec));
	}
}
