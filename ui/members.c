/* members.c - only what can be taken back by the same key is done to many at once. */
#include "members.h"

#include <stdio.h>
#include <stdlib.h>

#include "undo.h"

uint32_t *ui_members(struct ui *ui, uint32_t *count)
{
	struct ui_slot *slot = ui_focused(ui);
	uint32_t all = slot->panel->members ? slot->panel->members(ui, slot->state, NULL, 0) : 0;
	uint32_t *ids = all > 0 ? malloc(all * sizeof(*ids)) : NULL;
	*count = ids ? slot->panel->members(ui, slot->state, ids, all) : 0;
	return ids;
}

static bool runs(struct ui *ui, uint32_t id)
{
	const struct sdr_target *target = sdr_engine_find(sdr_app_engine(ui->app), id);
	return target && target->phase != SDR_PHASE_PAUSED && target->phase != SDR_PHASE_FINISHED;
}

static enum sdr_status no_memory(struct sdr_error *error)
{
	sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	return SDR_ENOMEM;
}

enum sdr_status ui_members_pause(struct ui *ui, struct sdr_error *error)
{
	uint32_t count, done = 0, *ids = ui_members(ui, &count);
	bool pause = false;
	if (!ids)
		return no_memory(error);
	for (uint32_t i = 0; i < count; i++)
		pause = pause || runs(ui, ids[i]);
	for (uint32_t i = 0; i < count; i++)
		done += sdr_session_pause(sdr_app_session(ui->app), ids[i], pause) == SDR_OK;
	free(ids);
	ui_notify(ui, SDR_TONE_PLAIN, "%u targets %s", done, pause ? "paused" : "go on");
	return SDR_OK;
}

enum sdr_status ui_members_again(struct ui *ui, struct sdr_error *error)
{
	uint32_t count, done = 0, *ids = ui_members(ui, &count);
	if (!ids)
		return no_memory(error);
	for (uint32_t i = 0; i < count; i++)
		done += sdr_session_again(sdr_app_session(ui->app), ids[i]) == SDR_OK;
	free(ids);
	ui_notify(ui, SDR_TONE_PLAIN, "%u targets are probed now", done);
	return SDR_OK;
}

enum sdr_status ui_members_remove(struct ui *ui, const char *host, struct sdr_error *error)
{
	uint32_t count, done = 0, *ids = ui_members(ui, &count);
	char what[SDR_ERROR_TEXT];
	if (!ids)
		return no_memory(error);
	snprintf(what, sizeof(what), "all %u targets of %s", count, host);
	ui_undo_begin(ui, what);
	for (uint32_t i = 0; i < count; i++) {
		const struct sdr_target *target = sdr_engine_find(sdr_app_engine(ui->app), ids[i]);
		if (!target) /* it went with the rest of its set */
			continue;
		ui_undo_remove(ui, target);
		done += sdr_session_remove(sdr_app_session(ui->app), ids[i]) == SDR_OK;
	}
	ui_undo_end(ui, done > 0);
	free(ids);
	ui_notify(ui, SDR_TONE_PLAIN, "removed %s; u brings them back", what);
	return SDR_OK;
}

void ui_members_refuse(const struct ui_subject *subject, struct sdr_error *error)
{
	sdr_error_set(error, 0, "%s has %u targets; this is done to one, on its own line",
		subject->value, subject->members);
}
