/* record.c - the model beside a watch in the shell: a job's targets are in no model, so that
 * here it is fed with what comes to the sink. */
#include "shell/record.h"

#include <stdlib.h>

#include "model/model.h"

enum sdr_status sdr_record_open(
	struct record *record, struct sdr_app *app, const struct sdr_watch *watch)
{
	struct sdr_limits limits = sdr_session_limits(sdr_app_settings(app));
	limits.losses = watch->losses; /* --losses is what makes an outage, here as for --until */
	limits.replies = watch->replies;
	*record = (struct record){
		.clock.model = sdr_model_new(), .room = malloc(sizeof(*record->room))};
	if (!record->clock.model || !record->room) {
		sdr_record_close(record);
		return SDR_ENOMEM;
	}
	sdr_model_set_limits(record->clock.model, &limits);
	record->model = sdr_model_sink(record->clock.model);
	sdr_model_clock_advance(&record->clock);
	return SDR_OK;
}

void sdr_record_close(struct record *record)
{
	sdr_model_free(record->clock.model);
	free(record->room);
	*record = (struct record){0};
}

void sdr_record_target(
	struct record *record, const struct sdr_target *target, enum sdr_target_event event)
{
	if (record->model.context)
		record->model.on_target(record->model.context, target, event);
}

void sdr_record_result(
	struct record *record, const struct sdr_target *target, const struct sdr_result *result)
{
	if (!record->model.context)
		return;
	if (sdr_model_clock_is_due(&record->clock))
		sdr_model_clock_advance(&record->clock);
	record->model.on_result(record->model.context, target, result);
}

const struct sdr_report_record *sdr_record_of(struct record *record, uint32_t id)
{
	const struct sdr_model *model = record->model.context;
	uint32_t position = model ? sdr_model_position(model, id) : UINT32_MAX;
	struct sdr_report_record *room = record->room;
	sdr_ns now = sdr_clock_now();
	if (position == UINT32_MAX)
		return NULL;
	for (unsigned i = 0; i < SDR_WINDOW_COUNT; i++)
		sdr_model_figures(model, position, (enum sdr_window)i, now, &room->windows[i]);
	room->outage_count =
		sdr_model_outages(model, position, now, room->outages, SDR_REPORT_OUTAGES);
	return room;
}
