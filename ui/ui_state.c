/* ui_state.c - what panels and the screen's other files ask of its state: the parts, the clock, the
 * focus, the message of the footer. */
#include "ui_state.h"

#include <stdarg.h>
#include <string.h>

#include "sounder/engine.h"
#include "sounder/model.h"
#include "table.h"

#define MESSAGE_LEAST (4 * SDR_SECOND)
#define MESSAGE_PER_CHARACTER (40 * SDR_MS)

/* ---- what panels ask ---- */

struct sdr_app *ui_app(struct ui *ui)
{
	return ui->app;
}

struct sdr_model *ui_model(struct ui *ui)
{
	return ui->frozen ? ui->frozen : sdr_app_model(ui->app);
}

sdr_ns ui_now(const struct ui *ui)
{
	return ui->frozen ? ui->frozen_now : ui->now;
}

sdr_wall ui_wall(const struct ui *ui)
{
	return ui->frozen ? ui->frozen_wall : ui->wall;
}

const struct ui_charting *ui_charting(const struct ui *ui)
{
	return &ui->charting;
}

bool ui_holds(const struct ui *ui)
{
	return ui->key_at > 0 && ui->now >= ui->key_at && ui->now - ui->key_at < UI_HOLD;
}

void *ui_state(struct ui *ui, const struct ui_panel *panel)
{
	struct ui_slot *slot = ui_slot_of(ui, panel);
	return slot ? slot->state : NULL;
}

struct ui_input *ui_panel_input(struct ui *ui, const struct ui_panel *panel)
{
	struct ui_slot *slot = ui_slot_of(ui, panel);
	return slot && panel->input ? &slot->input : NULL;
}

void ui_notify(struct ui *ui, enum sdr_tone tone, const char *format, ...)
{
	va_list arguments;
	/* A success does not replace an error that was not shown yet. */
	if (tone == SDR_TONE_PLAIN && ui->message_tone != SDR_TONE_PLAIN &&
		ui->message_until > ui->now && ui->now - ui->message_since < SDR_SECOND)
		return;
	va_start(arguments, format);
	vsnprintf(ui->message, sizeof(ui->message), format, arguments);
	va_end(arguments);
	ui->message_tone = tone;
	ui->message_since = ui->now;
	ui->message_until =
		ui->now + MESSAGE_LEAST + (sdr_ns)strlen(ui->message) * MESSAGE_PER_CHARACTER;
	ui_want_frame(ui);
}

void ui_tick_clock(struct ui *ui)
{
	if (ui->fixed_clock)
		return;
	ui->now = sdr_clock_now();
	ui->wall = sdr_clock_wall();
}

void ui_want_frame(struct ui *ui)
{
	ui->due = true;
	if (ui->wake)
		ui->wake(ui);
}

void ui_suspend(struct ui *ui)
{
	const char *bytes;
	if (!ui->term)
		return;
	ui_canvas_leave(ui->canvas);
	size_t length = ui_canvas_take(ui->canvas, &bytes);
	ui_term_suspend(ui->term, bytes, length);
}

/* ---- focus ---- */

struct ui_slot *ui_focused(struct ui *ui)
{
	return &ui->slots[ui->focus];
}

struct ui_slot *ui_slot_of(struct ui *ui, const struct ui_panel *panel)
{
	for (unsigned i = 0; i < ui->slot_count; i++)
		if (ui->slots[i].panel == panel)
			return &ui->slots[i];
	return NULL;
}

/* Other panels may act on what this one's cursor is on. */
static void keep_host(struct ui *ui)
{
	struct ui_subject subject;
	if (!ui_subject(ui, &subject))
		return;
	if (subject.name[0] || subject.address[0])
		snprintf(ui->host, sizeof(ui->host), "%s",
			subject.name[0] ? subject.name : subject.address);
}

/* The first target that is watched. */
static const char *first_host(struct ui *ui)
{
	const struct sdr_engine *engine = sdr_app_engine(ui->app);
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		if (target && !target->owned)
			return target->host ? target->host : target->typed;
	}
	return "";
}

void ui_current_host(struct ui *ui, char *out, size_t size)
{
	const char *host = ui->host[0] ? ui->host : first_host(ui);
	bool bare = strchr(host, ':') && host[0] != '[';
	snprintf(out, size, bare ? "[%s]" : "%s", host);
}

void ui_show_slot(struct ui *ui, unsigned index)
{
	if (index != ui->focus)
		keep_host(ui);
	ui_focused(ui)->input.active = ui->filter.active = false;
	ui->focus = index;
}

bool ui_section(struct ui *ui, int step)
{
	struct ui_slot *slot = ui_focused(ui);
	return slot->panel->section && slot->panel->section(ui, slot->state, step);
}

struct ui_table *ui_table_now(struct ui *ui)
{
	struct ui_slot *slot = ui_focused(ui);
	return slot->panel->table ? slot->panel->table(ui, slot->state) : NULL;
}

bool ui_subject(struct ui *ui, struct ui_subject *subject)
{
	struct ui_slot *slot = ui_focused(ui);
	memset(subject, 0, sizeof(*subject));
	subject->id = UI_NO_TARGET;
	/* Nothing is meant where what was drawn under the cursor is gone. */
	const struct ui_table *table = ui_table_now(ui);
	if (table && table->lost)
		return false;
	return slot->panel->subject && slot->panel->subject(ui, slot->state, subject);
}
