/* alert.c - alerts at a target's next change, and which alarms were seen. */
#include "alert.h"

#include <string.h>

#include "sounder/sanitize.h"
#include "state_look.h"
#include "ui_state.h"

static int find(const struct ui *ui, uint32_t id)
{
	for (unsigned i = 0; i < ui->alert_count; i++)
		if (ui->alerts[i].id == id)
			return (int)i;
	return -1;
}

const char *ui_target_signs(const struct ui *ui, uint32_t id)
{
	static const char *const signs[] = {"", "*", "!", "*!"};
	unsigned marked = 0;
	for (unsigned i = 0; i < ui->charting.marked; i++)
		marked |= ui->charting.marks[i] == id;
	return signs[marked | (find(ui, id) >= 0 ? 2u : 0u)];
}

static void forget(struct ui *ui, int at)
{
	ui->alerts[at] = ui->alerts[--ui->alert_count];
}

bool ui_alert_toggle(struct ui *ui, uint32_t id, enum sdr_status *status)
{
	const struct sdr_model *model = sdr_app_model(ui->app);
	uint32_t position = sdr_model_position(model, id);
	int at = find(ui, id);
	*status = SDR_OK;
	if (at >= 0) {
		forget(ui, at);
		return false;
	}
	if (ui->alert_count == UI_ALERTS || position == UINT32_MAX) {
		*status = position == UINT32_MAX ? SDR_ENOENT : SDR_ENOMEM;
		return false;
	}
	ui->alerts[ui->alert_count++] = (struct ui_alert){id, sdr_model_state(model, position)};
	return true;
}

static void report(struct ui *ui, uint32_t position, enum sdr_state before)
{
	char label[SDR_TARGET_LABEL], text[SDR_ERROR_TEXT], clean[SDR_ERROR_TEXT];
	struct sdr_row row;
	sdr_model_row(sdr_app_model(ui->app), position, &row);
	const char *why = ui_state_why(&row);
	snprintf(text, sizeof(text), "%s (%s): %s, was %s%s%s", sdr_target_label(label, row.target),
		row.target->spec->type->label, sdr_state_word(row.state), sdr_state_word(before),
		*why ? ": " : "", why);
	ui_notify(ui, row.state == SDR_STATE_DOWN ? SDR_TONE_BAD : SDR_TONE_STRONG, "%s", text);
	ui->ring = true;
	sdr_sanitize(clean, sizeof(clean), text, strlen(text), NULL);
	if (ui->term && sdr_settings_number(sdr_app_settings(ui->app), SDR_SET_DESKTOP))
		ui_term_desktop(ui->term, clean);
}

void ui_alert_look(struct ui *ui)
{
	const struct sdr_model *model = sdr_app_model(ui->app);
	for (unsigned i = ui->alert_count; i-- > 0;) {
		struct ui_alert about = ui->alerts[i];
		uint32_t position = sdr_model_position(model, about.id);
		if (position != UINT32_MAX && sdr_model_state(model, position) == about.state)
			continue;
		forget(ui, (int)i);
		if (position != UINT32_MAX)
			report(ui, position, about.state);
	}
}

/* ---- alarms ---- */

bool ui_alert_alarm(struct ui *ui, struct ui_slot *slot)
{
	bool alarm = slot->panel->alarm && slot->panel->alarm(ui, slot->state);
	slot->acknowledged = slot->acknowledged && alarm;
	return alarm && !slot->acknowledged;
}

unsigned ui_alert_acknowledge(struct ui *ui)
{
	unsigned count = 0;
	for (unsigned i = 0; i < ui->slot_count; i++) {
		bool alarm = ui_alert_alarm(ui, &ui->slots[i]);
		count += alarm;
		ui->slots[i].acknowledged = ui->slots[i].acknowledged || alarm;
	}
	return count;
}

/* Whether targets of other types alone stand there. */
static bool is_of_others(const struct ui_slot *slot, const char *panel)
{
	const struct sdr_probe_type *type;
	if (panel && !strcmp(slot->panel->name, panel))
		return false;
	for (unsigned i = 0; (type = sdr_probe_at(i)); i++)
		if (type->panel && !strcmp(slot->panel->name, type->panel))
			return true;
	return false;
}

void ui_alert_down(struct ui *ui, const struct sdr_target *target)
{
	for (unsigned i = 0; i < ui->slot_count; i++)
		if (!is_of_others(&ui->slots[i], target->spec->type->panel))
			ui->slots[i].acknowledged = false;
}
