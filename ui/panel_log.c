/* panel_log.c - the journal: states that changed, what the servers met, messages; newest first. */
#include <stdio.h>

#include "draw.h"
#include "number.h"
#include "panel.h"
#include "sounder/model.h"
#include "table.h"

extern const struct ui_panel ui_panel_log;

struct log_state {
	struct ui_table table;
};

enum { LOG_WHEN, LOG_SUBJECT, LOG_TEXT };

static const struct ui_column columns[] = {
	[LOG_WHEN] = {.title = "Time", .width = 8, .rank = 1},
	[LOG_SUBJECT] = {.title = "Who", .width = 14, .grow = 1},
	[LOG_TEXT] = {.title = "What", .width = 20, .grow = 2},
	{0},
};

static void draw_cell(void *context, uint32_t row, unsigned column, const struct ui_surface *cell)
{
	const struct sdr_event *event = sdr_model_event(ui_model(context), row);
	char when[SDR_WALL_TEXT];
	if (!event)
		return;
	enum ui_style style = (enum ui_style)event->tone;
	switch (column) {
	case LOG_WHEN:
		ui_draw_text(cell, 0, 0, UI_DIM, sdr_wall_clock(when, event->when));
		break;
	case LOG_SUBJECT:
		ui_draw_name(cell, 0, 0, style, event->subject);
		break;
	default:
		ui_draw_text(cell, 0, 0, style, event->text);
	}
}

/* The row's number from the oldest, which stays as new ones come in above. */
static uint64_t row_key(void *context, uint32_t row)
{
	return sdr_model_event_count(ui_model(context)) - row;
}

static const struct ui_rows rows = {.cell = draw_cell, .key = row_key};

static enum sdr_status log_open(struct ui *ui, void *state)
{
	struct log_state *log = state;
	(void)ui;
	log->table.columns = columns;
	log->table.rows = &rows;
	return SDR_OK;
}

static void log_close(struct ui *ui, void *state)
{
	struct log_state *log = state;
	(void)ui;
	ui_table_done(&log->table);
}

/* How many events are kept: the model drops the oldest ones. */
static uint32_t kept(const struct sdr_model *model)
{
	uint64_t ever = sdr_model_event_count(model);
	uint32_t low = 0, high = ever > UINT32_MAX ? UINT32_MAX : (uint32_t)ever;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (sdr_model_event(model, middle))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void log_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct log_state *log = state;
	const struct sdr_model *model = ui_model(ui);
	uint64_t ever = sdr_model_event_count(model);
	char number[UI_NUMBER_TEXT], right[UI_NUMBER_TEXT + 16];
	snprintf(right, sizeof(right), "%s entries", ui_number_count(number, ever));
	ui_draw_rule(surface, 0, "Journal", right);
	struct ui_surface body = ui_surface_part(surface, 1, 0, -1, -1);
	ui_table_update(&log->table, ui, kept(model), ever);
	if (log->table.count == 0)
		ui_draw_empty(&body, &ui_panel_log);
	else
		ui_table_draw(&log->table, &body);
}

static struct ui_table *log_table(struct ui *ui, void *state)
{
	struct log_state *log = state;
	(void)ui;
	return &log->table;
}

static bool log_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct log_state *log = state;
	const struct sdr_event *event = sdr_model_event(ui_model(ui), ui_table_row(&log->table));
	if (!event)
		return false;
	snprintf(subject->target, sizeof(subject->target), "%s", event->subject);
	snprintf(subject->value, sizeof(subject->value), "%s: %s", event->subject, event->text);
	return true;
}

const struct ui_panel ui_panel_log = {
	.name = "log",
	.title = "Log",
	.sentence = "what happened: states that changed, what the servers met, messages",
	.empty = {"States that change, events of the servers and "
		  "messages are written here, newest first.",
		"Press a to add a target to watch; --log FILE "
		"keeps the journal in a file as well."},
	.size = sizeof(struct log_state),
	.open = log_open,
	.close = log_close,
	.draw = log_draw,
	.table = log_table,
	.subject = log_subject,
};
