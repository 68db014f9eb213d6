/* record.c - the model beside a watch in the shell: a job's targets are in no model, so that
 * here it is fed with what comes to the sink. */
#include "shell/record.h"

#include <stdlib.h>

#include "model/model.h"

static void advance(struct record *record)
{
	struct sdr_clocks clocks = {sdr_clock_now(), sdr_clock_boot(), sdr_clock_wall()};
	sdr_model_advance(sdr_app_model(record->app), &clocks);
	record->advanced = clocks.boot;
}

/* --losses is what makes an outage, here as for --until. */
static void set_limits(struct sdr_app *app, const struct sdr_watch *watch)
{
	const struct sdr_settings *settings = sdr_app_settings(app);
	const struct sdr_limits limits = {.losses = watch->losses,
		.replies = watch->replies,
		.slow = sdr_settings_number(settings, SDR_SET_SLOW),
		.loss = (unsigned)sdr_settings_number(settings, SDR_SET_LOSS)};
	sdr_model_set_limits(sdr_app_model(app), &limits);
}

enum sdr_status sdr_record_open(
	struct record *record, struct sdr_app *app, const struct sdr_watch *watch)
{
	struct sdr_error error;
	*record = (struct record){.app = app, .room = malloc(sizeof(*record->room))};
	if (!record->room || sdr_app_open(app, SDR_PART_MODEL, &error) != SDR_OK)
		return SDR_ENOMEM;
	record->model = sdr_model_sink(sdr_app_model(app));
	set_limits(app, watch);
	advance(record);
	return SDR_OK;
}

void sdr_record_close(struct record *record)
{
	free(record->room);
	*record = (struct record){0};
}

void sdr_record_target(
	struct record *record, const struct sdr_target *target, enum sdr_target_event event)
{
	if (record->model.context)
		record->model.on_target(record->model.context, target, event);
}

/* About once a second, and after a suspension before anything else. */
void sdr_record_result(
	struct record *record, const struct sdr_target *target, const struct sdr_result *result)
{
	if (!record->model.context)
		return;
	if (sdr_clock_boot() - record->advanced > 900 * SDR_MS)
		advance(record);
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
