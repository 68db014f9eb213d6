/* frame_pace.c - when to look next. A picture that changes once a second as a whole is calmer to
 * read, and cheaper by far on a slow line, than one in which every answer changes a line by
 * itself. */
#include "frame_pace.h"

#include <string.h>

#include "frame.h"
#include "sounder/engine.h"
#include "sounder/model.h"

#define SECOND 1000
#define GATHER 30 /* ms: what was sent together is answered together */
#define EARLY 100 /* ms that a second may be short, so that looks keep step with the probes */

static sdr_ns fastest_of(struct ui_pace *pace, const struct sdr_model *model, double demand)
{
	uint64_t members = sdr_model_member_version(model);
	if (pace->fastest > 0 && members == pace->members && demand == pace->demand)
		return pace->fastest;
	pace->members = members;
	pace->demand = demand;
	pace->fastest = SDR_HOUR;
	for (uint32_t i = 0; i < sdr_model_count(model); i++) {
		sdr_ns interval = sdr_model_target(model, i)->spec->interval;
		if (interval > 0 && interval < pace->fastest)
			pace->fastest = interval;
	}
	return pace->fastest;
}

static bool is_calm(const struct ui_pace *pace)
{
	return pace->fastest >= SDR_SECOND;
}

/* Where data comes in, the clock goes with it; where none does, it is looked at as it changes. What
 * else was looked at since changes nothing about that. */
static int64_t until_clock(const struct ui_pace *pace, const struct ui *ui)
{
	int64_t due = pace->data_at + SECOND + EARLY - pace->looked_at;
	bool flows = pace->data_at > 0 && due > 0 && pace->fastest < SDR_SECOND + EARLY * SDR_MS;
	int64_t passed = flows ? due : 0;
	return passed + SECOND - (ui->wall / SDR_MS + passed) % SECOND;
}

void ui_pace_looked(struct ui_pace *pace, const struct ui *ui, int64_t now)
{
	int64_t rate = sdr_settings_number(sdr_app_settings(ui->app), SDR_SET_FRAME_RATE);
	uint64_t before = pace->looked.model;
	ui_frame_versions(ui, &pace->looked);
	fastest_of(pace, sdr_app_model(ui->app), sdr_engine_demand(sdr_app_engine(ui->app)));
	pace->looked_at = now;
	if (pace->looked.model != before)
		pace->data_at = now;
	pace->frame = SECOND / (rate > 0 ? rate : 4);
	int64_t wait = is_calm(pace) && !ui->working ? until_clock(pace, ui) : pace->frame;
	int64_t message = (ui->message_until - ui->now) / SDR_MS + 1;
	pace->next = now + (message > 0 && message < wait ? message : wait);
}

void ui_pace_drawn(struct ui_pace *pace, const struct ui *ui)
{
	pace->looked.model = ui->drawn.model;
}

bool ui_pace_hurries(struct ui_pace *pace, const struct ui *ui, int64_t now)
{
	struct ui_versions versions;
	int64_t at = pace->next, second = pace->data_at + SECOND - EARLY;
	ui_frame_versions(ui, &versions);
	bool data = versions.model != pace->looked.model;
	versions.model = pace->looked.model;
	versions.second = pace->looked.second; /* those two are waited for */
	versions.message = pace->looked.message;
	if (ui->due || memcmp(&versions, &pace->looked, sizeof(versions)) != 0)
		at = pace->looked_at + pace->frame;
	else if (data && is_calm(pace))
		at = now + GATHER > second ? now + GATHER : second;
	if (at < pace->looked_at + pace->frame)
		at = pace->looked_at + pace->frame;
	if (at >= pace->next)
		return false;
	pace->next = at > now ? at : now;
	return true;
}
