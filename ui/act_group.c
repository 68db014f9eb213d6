/* act_group.c - `group`: labels what the cursor is on or what is marked. In a config file it labels
 * the lines that follow, see cmd/config.c. */
#include <stdlib.h>

#include "act.h"
#include "members.h"

/* What is to be labelled. */
struct wanted {
	uint32_t *ids; /* [count] */
	uint32_t count;
};

/* The marked targets, else the one under the cursor, else all under a head. Returns false when out
 * of memory. */
static bool choose_targets(struct ui *ui, const struct ui_subject *subject, struct wanted *wanted)
{
	uint32_t kept = 0;
	if (ui->charting.marked == 0 && subject->members) {
		wanted->ids = ui_members(ui, &wanted->count);
		return wanted->ids;
	}
	wanted->ids = malloc((UI_MARKS + 1) * sizeof(*wanted->ids));
	if (!wanted->ids)
		return false;
	for (unsigned i = 0; i < ui->charting.marked; i++)
		if (sdr_engine_find(sdr_app_engine(ui->app), ui->charting.marks[i]))
			wanted->ids[kept++] = ui->charting.marks[i];
	if (kept == 0 && subject->id != UI_NO_TARGET)
		wanted->ids[kept++] = subject->id;
	wanted->count = kept;
	return true;
}

static void report(struct ui *ui, const struct wanted *wanted, const char *group)
{
	const struct sdr_target *first = sdr_engine_find(sdr_app_engine(ui->app), wanted->ids[0]);
	bool one = wanted->count == 1 && first;
	char count[32];
	snprintf(count, sizeof(count), "%u targets", wanted->count);
	ui_notify(ui, SDR_TONE_PLAIN, "%s%s %s%s", one ? first->typed : count,
		one && sdr_target_set(first) ? ", with its whole set," : "",
		group         ? (one ? "is now of group " : "are now of group ")
			: one ? "has no label any more"
			      : "have no label any more",
		group ? group : "");
}

static enum sdr_status perform_group(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_subject subject;
	struct wanted wanted = {0};
	const char *name = sdr_call_word(call, 0);
	enum sdr_status status = SDR_OK;
	ui_subject(ui, &subject);
	sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	if (!choose_targets(ui, &subject, &wanted))
		return SDR_ENOMEM;
	for (uint32_t i = 0; i < wanted.count && status != SDR_ENOMEM; i++)
		status = sdr_session_set_group(sdr_app_session(ui->app), wanted.ids[i], name);
	if (wanted.count == 0) {
		sdr_error_set(error, 0,
			"there is no watched target on this line, and none is marked; "
			"\"group-by group\" lets groups stand together");
		status = SDR_ENOENT;
	} else if (status != SDR_ENOMEM) {
		report(ui, &wanted, name);
		status = SDR_OK; /* one that is gone needs no label */
	}
	free(wanted.ids);
	return status;
}

static enum sdr_status make_group(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	const char *name = sdr_call_word(call, 0);
	request->kind = SDR_REQUEST_ACTION;
	request->action.perform = perform_group;
	return name ? sdr_group_check(name, error) : SDR_OK;
}

static const char *const examples[] = {
	"group rack3",
	"the target under the cursor, or those that are marked, are of group rack3",
	"group",
	"they have no label any more",
	NULL,
};

static const struct sdr_command group = {.name = "group",
	.arguments = "[NAME]",
	.sentence = "label the marked targets, or that on this line; without NAME: no longer",
	.details = "Targets with one label stand and count together (group-by group, key o).  "
		   "Without a label those do whose names begin alike, up to the digits at the "
		   "end of the first label (web1, web2, web3: web), if there are three; else "
		   "those of a /24 or /64.  All addresses of a name have one label.\n\n"
		   "In a configuration file a line `group NAME` labels what the lines after it "
		   "add, up to the next such line or the end of the file; `group` alone ends it, "
		   "and --group on a line goes first.  `write-config` writes such lines.",
	.examples = examples,
	.words_max = 1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES,
	.make = make_group};

const struct sdr_command *const ui_act_group[] = {&group, NULL};
