/* act_open.c - `open`: what the line under the cursor is about. */
#include <string.h>

#include "act.h"
#include "page_host.h"
#include "places.h"
#include "table.h"
#include "ui_job.h"

/* The watched target that a line without one of its own is about. */
static const struct sdr_target *target_of(struct ui *ui, const struct ui_subject *subject)
{
	const struct sdr_model *model = ui_model(ui);
	const char *const texts[] = {subject->target, subject->name, subject->address};
	uint32_t position =
		subject->id == UI_NO_TARGET ? UINT32_MAX : sdr_model_position(model, subject->id);
	for (size_t i = 0; position == UINT32_MAX && i < sizeof(texts) / sizeof(*texts); i++)
		position = ui_page_host_find(model, texts[i]);
	return position == UINT32_MAX ? NULL : sdr_model_target(model, position);
}

/* From a page on, to the panel that shows more of such probes. */
static enum sdr_status go_on(struct ui *ui, const struct sdr_target *target)
{
	const char *panel = target->spec->type->panel;
	return panel ? ui_go_on(ui, panel, target->id) : SDR_ENOENT;
}

/* A line may be about a router on the way to its target. */
static void about_address(struct ui_about *about, const char *text)
{
	snprintf(about->host, sizeof(about->host), "%s", text);
	(void)!sdr_addr_parse(text, &about->addr, NULL); /* it was written by us */
}

/* Of the panel's first section what a line of another one stands for. */
static enum sdr_status show_those(
	struct ui *ui, const struct ui_subject *subject, struct sdr_error *error)
{
	(void)ui_section(ui, 0);
	struct ui_table *table = ui_table_now(ui);
	enum sdr_status status =
		table ? ui_table_set_filter(table, subject->opens, error) : SDR_ENOENT;
	if (status == SDR_OK)
		ui_table_reorder(table);
	return status;
}

static enum sdr_status perform_open(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_subject subject;
	struct ui_table *table = ui_table_now(ui);
	(void)call;
	bool any = ui_subject(ui, &subject);
	struct ui_slot *slot = ui_focused(ui);
	if (!any && table && table->count == 0 && slot->panel->begin &&
		slot->panel->begin(ui, slot->state))
		return SDR_OK;
	struct ui_job *job = any ? ui_job_find(ui, subject.job) : NULL;
	if (job) {
		ui_job_show(ui, job);
		return SDR_OK;
	}
	if (any && subject.opens[0])
		return show_those(ui, &subject, error);
	if (any && subject.members > 0 && subject.id == UI_NO_TARGET && table)
		return ui_table_fold(table, false) ? SDR_OK : SDR_ENOENT;
	const struct sdr_target *target = any ? target_of(ui, &subject) : NULL;
	if (!target)
		return ui_open_menu(ui, error);
	if (ui_on_page(ui) && go_on(ui, target) == SDR_OK)
		return SDR_OK;
	struct ui_about about = ui_page_host_about(target);
	if (subject.id != UI_NO_TARGET && !subject.name[0] && subject.address[0])
		about_address(&about, subject.address);
	ui_open_page(ui, &about);
	return SDR_OK;
}
UI_ACTION(open)

static const struct sdr_command open_command = {.name = "open",
	.topic = UI_TOPIC_PANELS,
	.sentence = "open the page of the host that the line under the cursor is about",
	.details =
		"The page has all probes of the host, what is wrong and why, what to try. On a "
		"page it goes on to the panel of the probe under the cursor; on a group it folds "
		"it, in the overview it shows its targets; on a job it shows the answer. Where "
		"nothing is watched of what the line is about, it opens the menu. Esc (back) "
		"returns to the same line.",
	.where = SDR_WHERE_SCREEN,
	.make = make_open};

const struct sdr_command *const ui_act_open[] = {&open_command, NULL};
