/* incident.c - one target as a report: what somebody else needs to know of it, and where from. */
#include "incident.h"

#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "page_host.h"
#include "panel.h"
#include "slow_why.h"
#include "sounder/engine.h"
#include "sounder/host.h"
#include "sounder/model.h"
#include "state_look.h"

#define LIST 64     /* outages and failures at most */
#define EVENTS 4096 /* of the log that are looked at */

struct incident {
	struct ui *ui;
	struct sdr_model *model;
	uint32_t position;
	struct sdr_row row;
	struct sdr_out out;
};

static void put_reason(struct incident *incident)
{
	const struct sdr_row *row = &incident->row;
	char slow[SDR_ERROR_TEXT];
	const char *why = ui_state_why(row);
	if (*ui_slow_why(
		    incident->model, incident->position, ui_now(incident->ui), slow, sizeof(slow)))
		sdr_out_line(&incident->out, SDR_TONE_PLAIN, "- slow: %s", slow);
	if (*why)
		sdr_out_line(&incident->out, SDR_TONE_PLAIN, "- reason: %s", why);
}

static void put_head(struct incident *incident)
{
	const struct sdr_row *row = &incident->row;
	const struct sdr_target *target = row->target;
	char label[SDR_TARGET_LABEL], wall[SDR_WALL_TEXT], now[SDR_WALL_TEXT],
		age[SDR_DURATION_TEXT], address[SDR_ADDR_TEXT];
	sdr_ns lasted = ui_now(incident->ui) - row->since_mono;
	char *line = sdr_target_line(target, true);
	sdr_out_line(&incident->out, SDR_TONE_PLAIN, "# %s (%s): %s",
		sdr_target_label(label, target), target->spec->type->label,
		sdr_state_word(row->state));
	sdr_out_end(&incident->out);
	if (row->state != SDR_STATE_UNKNOWN)
		sdr_out_line(&incident->out, SDR_TONE_PLAIN, "- since: %s, for %s",
			sdr_wall_format(wall, row->since),
			sdr_duration_display(age, lasted - lasted % SDR_SECOND));
	put_reason(incident);
	if (target->addr.version)
		sdr_out_line(&incident->out, SDR_TONE_PLAIN, "- address: %s",
			sdr_addr_format(address, &target->addr));
	sdr_out_line(&incident->out, SDR_TONE_PLAIN, "- seen from: %s, %s",
		sdr_host_name(sdr_app_host(ui_app(incident->ui))),
		sdr_wall_format(now, ui_wall(incident->ui)));
	if (line)
		sdr_out_line(&incident->out, SDR_TONE_PLAIN, "- asked with: `sounder %s`", line);
	free(line);
}

static void put_figures(struct incident *incident)
{
	static const char *const labels[] = {"10 s", "1 min", "10 min", "all"};
	sdr_out_end(&incident->out);
	sdr_out_line(&incident->out, SDR_TONE_PLAIN, "%s",
		"| time | probes | lost % | p50 ms | p95 ms | p99 ms | max ms |");
	sdr_out_line(&incident->out, SDR_TONE_PLAIN, "|---|---:|---:|---:|---:|---:|---:|");
	for (enum sdr_window window = 0; window < SDR_WINDOW_COUNT; window++) {
		struct sdr_figures figures;
		char sent[UI_NUMBER_TEXT], loss[UI_NUMBER_TEXT], p50[UI_NUMBER_TEXT],
			p95[UI_NUMBER_TEXT], p99[UI_NUMBER_TEXT], most[UI_NUMBER_TEXT];
		sdr_model_figures(incident->model, incident->position, window, ui_now(incident->ui),
			&figures);
		sdr_out_line(&incident->out, SDR_TONE_PLAIN, "| %s | %s | %s | %s | %s | %s | %s |",
			labels[window], ui_number_count(sent, figures.sent),
			ui_number_percent(loss, figures.loss), ui_number_ms(p50, figures.p50),
			ui_number_ms(p95, figures.p95), ui_number_ms(p99, figures.p99),
			ui_number_ms(most, figures.max));
	}
}

static void put_title(struct incident *incident, const char *title)
{
	sdr_out_end(&incident->out);
	sdr_out_line(&incident->out, SDR_TONE_PLAIN, "## %s", title);
	sdr_out_end(&incident->out);
}

static void put_outages(struct incident *incident)
{
	struct sdr_outage outages[LIST];
	struct sdr_fault faults[LIST];
	uint32_t count = sdr_model_outages(
			 incident->model, incident->position, ui_now(incident->ui), outages, LIST),
		 fault_count = sdr_model_faults(incident->model, incident->position, faults, LIST);
	char from[SDR_WALL_TEXT], to[SDR_WALL_TEXT], lasted[SDR_DURATION_TEXT],
		number[UI_NUMBER_TEXT];
	if (count > 0)
		put_title(incident, "Outages, the latest first");
	for (uint32_t i = 0; i < count; i++)
		sdr_out_line(&incident->out, SDR_TONE_PLAIN, "- %s to %s, %s: %s",
			sdr_wall_format(from, outages[i].from),
			outages[i].to ? sdr_wall_format(to, outages[i].to) : "now",
			sdr_duration_display(
				lasted, outages[i].lasted - outages[i].lasted % SDR_SECOND),
			outages[i].why);
	if (fault_count > 0)
		put_title(incident, "Probes that failed");
	for (uint32_t i = 0; i < fault_count; i++)
		sdr_out_line(&incident->out, SDR_TONE_PLAIN, "- %s x %s%s%s, last %s",
			ui_number_count(number, faults[i].count),
			sdr_outcome_label(faults[i].outcome), faults[i].why[0] ? ": " : "",
			faults[i].why, sdr_wall_format(to, faults[i].last));
}

/* Its entries of the log, the latest first. */
static void put_events(struct incident *incident)
{
	char wall[SDR_WALL_TEXT];
	const struct sdr_event *event;
	unsigned count = 0;
	for (uint32_t i = 0; i < EVENTS && (event = sdr_model_event(incident->model, i)); i++) {
		if (!ui_page_host_is_subject(incident->row.target, event->subject))
			continue;
		if (count++ == 0)
			put_title(incident, "Log, the latest first");
		sdr_out_line(&incident->out, SDR_TONE_PLAIN, "- %s %s",
			sdr_wall_format(wall, event->when), event->text);
	}
}

void ui_incident_write(struct ui *ui, uint32_t position, FILE *file)
{
	struct incident incident = {.ui = ui, .model = ui_model(ui), .position = position};
	sdr_out_init(&incident.out, file, SDR_COLOUR_NEVER);
	sdr_model_row(incident.model, position, &incident.row);
	put_head(&incident);
	put_figures(&incident);
	put_outages(&incident);
	put_events(&incident);
}
