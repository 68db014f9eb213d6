/* away.c - when the last key was, and what came since. */
#include "away.h"

#include "sounder/outage_sum.h"

static bool is_away(const struct ui *ui)
{
	return ui->now - ui->away.last >= UI_AWAY;
}

void ui_away_note(struct ui *ui)
{
	char text[UI_AWAY_TEXT];
	struct ui_away *away = &ui->away;
	if (is_away(ui)) {
		away->from = away->last;
		away->from_wall = away->last_wall;
		away->back = ui->now;
		if (ui_away_format(ui, text, sizeof(text)))
			ui_notify(ui, SDR_TONE_PLAIN, "%s", text);
	}
	away->last = ui->now;
	away->last_wall = ui->wall;
}

bool ui_away_format(struct ui *ui, char *out, size_t size)
{
	const struct ui_away *away = &ui->away;
	char clock[SDR_WALL_TEXT], lasted[SDR_DURATION_TEXT];
	struct sdr_outage_sum sum;
	bool gone = is_away(ui);
	sdr_ns from = gone ? away->last : away->from, to = gone ? ui->now : away->back;
	if (!gone && (away->back == 0 || ui->now - away->back >= UI_AWAY))
		return false;
	sdr_model_outage_sum(sdr_app_model(ui->app), from, to, &sum);
	sdr_wall_clock(clock, gone ? away->last_wall : away->from_wall);
	if (sum.outages == 0)
		snprintf(out, size, "since you left at %.5s: no outage", clock);
	else
		snprintf(out, size, "since you left at %.5s: %s%u outage%s, %s, %u target%s", clock,
			sum.at_least ? "over " : "", sum.outages, sum.outages == 1 ? "" : "s",
			sdr_duration_display(lasted, sum.lasted - sum.lasted % SDR_SECOND),
			sum.targets, sum.targets == 1 ? "" : "s");
	return true;
}
