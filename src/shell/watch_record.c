/* watch_record.c - the model beside a watch in the shell. */
#include "shell/watch_record.h"

#include <stdlib.h>

enum sdr_status sdr_watch_record_open(struct watching *w)
{
	w->recorded = w->run->report.format == &sdr_report_json && !w->watch->single;
	return w->recorded ? sdr_app_open(w->run->app, SDR_PART_SESSION, NULL) : SDR_OK;
}

static bool take(const struct watching *w, uint32_t id, struct sdr_report_record *record)
{
	const struct sdr_model *model = sdr_app_model(w->run->app);
	uint32_t position = sdr_model_position(model, id);
	sdr_ns now = sdr_clock_now();
	if (position == UINT32_MAX)
		return false;
	for (unsigned i = 0; i < SDR_WINDOW_COUNT; i++)
		sdr_model_figures(model, position, (enum sdr_window)i, now, &record->windows[i]);
	record->outage_count =
		sdr_model_outages(model, position, now, record->outages, SDR_REPORT_OUTAGES);
	return true;
}

void sdr_watch_record_keep(const struct watching *w, struct item *item, uint32_t id)
{
	struct sdr_report_record *record =
		w->recorded && item->gone ? malloc(sizeof(*record)) : NULL;
	if (!record)
		return;
	if (take(w, id, record))
		item->gone->record = record;
	else
		free(record);
}

const struct sdr_report_record *sdr_watch_record_of(
	const struct watching *w, const struct item *item, struct sdr_report_record *room)
{
	const struct sdr_report_record *record = NULL;
	if (!w->recorded)
		return NULL;
	if (item->gone)
		record = item->gone->record;
	else if (item->added && take(w, item->id, room))
		record = room;
	if (!record) {
		sdr_shell_complain(
			w->run, "a summary lacks its percentiles: %s", sdr_status_text(SDR_ENOMEM));
		sdr_shell_exit_raise(w->run, SDR_EXIT_FAIL);
	}
	return record;
}
