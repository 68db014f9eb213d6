/* panel_log.c - the jobs that run, while there are any; then the journal: states that changed, what
 * the servers met, messages, the newest first. */
#include <stdio.h>
#include <string.h>

#include "draw.h"
#include "event_line.h"
#include "group_line.h"
#include "job_list.h"
#include "key_rows.h"
#include "number.h"
#include "panel.h"
#include "sounder/model.h"
#include "table.h"

extern const struct ui_panel ui_panel_log;

struct log_state {
	struct ui_table table;
	struct ui *ui;
	uint32_t jobs;  /* rows of jobs; the journal's heading follows where there are any */
	bool by_target; /* entries about one stand together */
	struct ui_key_rows targets; /* with `by_target` */
};

enum { LOG_WHEN, LOG_SUBJECT, LOG_TEXT };

static const struct ui_column columns[] = {
	[LOG_WHEN] = {.title = "Time", .width = 8, .rank = 1},
	[LOG_SUBJECT] = {.title = "Who", .width = 14, .grow = 1},
	[LOG_TEXT] = {.title = "What", .width = 20, .grow = 2},
	{0},
};

/* What a row shows, a job's or the journal's. */
struct log_row {
	struct ui_job_row job; /* number 0: it is the journal's */
	sdr_wall when;
	enum ui_style who_style;
	enum sdr_tone tone; /* of what */
	const char *who, *what;
};

static uint32_t events_from(const struct log_state *log)
{
	return log->jobs ? log->jobs + 1 : 0;
}

static bool is_heading(void *context, uint32_t row)
{
	const struct log_state *log = context;
	return log->jobs && row == log->jobs;
}

static bool fetch_event(const struct log_state *log, uint32_t row, struct log_row *out)
{
	const struct sdr_event *event = row < events_from(log)
		? NULL
		: sdr_model_event(ui_model(log->ui), row - events_from(log));
	if (!event)
		return false;
	*out = (struct log_row){.when = event->when,
		.who_style = event->tone == SDR_TONE_BAD ? UI_STRONG : UI_PLAIN,
		.tone = event->tone,
		.who = event->subject,
		.what = event->text};
	return true;
}

static bool fetch(const struct log_state *log, uint32_t row, struct log_row *out)
{
	if (row >= log->jobs)
		return fetch_event(log, row, out);
	if (!ui_job_row(log->ui, row, &out->job))
		return false;
	out->when = out->job.began;
	out->who_style = out->job.over ? UI_DIM : UI_STRONG;
	out->tone = out->job.over ? SDR_TONE_DIM : SDR_TONE_PLAIN;
	out->who = out->job.line;
	out->what = out->job.text;
	return true;
}

static void draw_rule(const struct log_state *log, const struct ui_surface *s, bool jobs)
{
	char number[UI_NUMBER_TEXT], right[UI_NUMBER_TEXT + UI_AWAY_TEXT + 32],
		away[UI_AWAY_TEXT] = "", filtered[UI_TABLE_SUMMARY];
	struct ui_job_row job;
	unsigned running = 0;
	bool gone = !jobs && ui_away_format(log->ui, away, sizeof(away));
	for (uint32_t i = 0; jobs && ui_job_row(log->ui, i, &job); i++)
		running += !job.over;
	if (jobs)
		snprintf(right, sizeof(right), "%u running", running);
	else
		snprintf(right, sizeof(right), "%s%s%s entries", away, gone ? "  " : "",
			ui_number_count(number, sdr_model_event_count(ui_model(log->ui))));
	ui_draw_rule(s, 0, jobs ? "Jobs" : "Log",
		ui_table_summary(&log->table, filtered, sizeof(filtered), right));
}

/* Too narrow for both columns: who and what share the line. */
static bool is_narrow(const struct log_state *log)
{
	return log->table.width < columns[LOG_SUBJECT].width + columns[LOG_TEXT].width + 2;
}

static unsigned span(void *context, uint32_t row, unsigned column)
{
	if (is_heading(context, row))
		return LOG_TEXT + 1 - column;
	return column == LOG_SUBJECT && is_narrow(context) ? 2 : 1;
}

/* Draws whom a row is about, and how many older entries about it are folded under it. */
static void draw_who(const struct log_state *log, uint32_t row, const struct log_row *shown,
	const struct ui_surface *cell)
{
	char more[UI_NUMBER_TEXT + 1] = "", number[UI_NUMBER_TEXT];
	uint32_t count = 0;
	bool under = ui_key_rows_is_under(&log->targets, row);
	if (ui_key_rows_is_folded(&log->targets, row))
		for (uint32_t at = ui_key_rows_next(&log->targets, row); at != row; count++)
			at = ui_key_rows_next(&log->targets, at);
	if (count > 0)
		snprintf(more, sizeof(more), "+%s", ui_number_count(number, count));
	int indent = under ? UI_MEMBER_INDENT : 0,
	    room = cell->width - indent - (count > 0 ? (int)strlen(more) + 1 : 0);
	struct ui_surface who = ui_surface_part(cell, 0, indent, 1, room > 0 ? room : 0);
	int used = ui_draw_name(&who, 0, 0, shown->who_style, shown->who);
	ui_draw_text(cell, 0, indent + used + 1, UI_DIM, more);
}

static void draw_cell(void *context, uint32_t row, unsigned column, const struct ui_surface *cell)
{
	const struct log_state *log = context;
	struct log_row shown;
	char when[SDR_WALL_TEXT];
	if (is_heading(context, row)) {
		draw_rule(log, cell, false);
		return;
	}
	if (!fetch(log, row, &shown))
		return;
	bool shared = column == LOG_TEXT && is_narrow(log);
	struct ui_surface who = ui_surface_part(cell, 0, 0, 1, shared ? cell->width * 2 / 5 : -1),
			  what = ui_surface_part(
				  cell, 0, shared ? cell->width * 2 / 5 + 1 : 0, 1, -1);
	if (column == LOG_WHEN)
		ui_draw_text(cell, 0, 0, UI_DIM, sdr_wall_clock(when, shown.when));
	if (column == LOG_SUBJECT || shared)
		draw_who(log, row, &shown, &who);
	if (column == LOG_TEXT)
		(void)ui_event_line_draw(&what, 0, shown.tone, shown.what);
}

/* A job's number from above; an event's from the oldest, which stays as new ones come in above; 0
 * is the heading. */
static uint64_t row_key(void *context, uint32_t row)
{
	const struct log_state *log = context;
	struct ui_job_row job;
	if (row < log->jobs)
		return ui_job_row(log->ui, row, &job) ? UINT64_MAX - job.number : UINT64_MAX;
	return is_heading(context, row)
		? 0
		: sdr_model_event_count(ui_model(log->ui)) - (row - events_from(log));
}

static bool holds(void *context, uint32_t row, const struct ui_filter *filter)
{
	struct log_row shown;
	if (is_heading(context, row))
		return true;
	if (!fetch(context, row, &shown))
		return false;
	const char *const texts[UI_FILTER_TEXTS] = {shown.who, shown.what};
	return ui_filter_holds_for(filter, texts);
}

static const struct ui_blocks *blocks(void *context)
{
	const struct log_state *log = context;
	return log->by_target ? ui_key_rows_blocks(&log->targets) : NULL;
}

static void fold(void *context, uint32_t block, bool folded)
{
	struct log_state *log = context;
	ui_key_rows_fold(&log->targets, block, folded);
}

static const struct ui_rows rows = {.cell = draw_cell,
	.key = row_key,
	.span = span,
	.heading = is_heading,
	.holds = holds,
	.blocks = blocks,
	.fold = fold};

/* Reads which entries are about the same target; jobs are each their own. */
static void gather(struct log_state *log, uint32_t count)
{
	struct log_row row;
	ui_key_rows_begin(&log->targets, count);
	for (uint32_t i = 0; i < count; i++) {
		bool event = fetch_event(log, i, &row);
		ui_key_rows_add(&log->targets,
			event ? ui_stamp_text(UI_STAMP, row.who) : ui_stamp_mix(UI_STAMP, i),
			false);
	}
	ui_key_rows_end(&log->targets);
}

static enum sdr_status log_open(struct ui *ui, void *state)
{
	struct log_state *log = state;
	log->ui = ui;
	log->table.columns = columns;
	log->table.rows = &rows;
	return SDR_OK;
}

static void log_close(struct ui *ui, void *state)
{
	struct log_state *log = state;
	(void)ui;
	ui_table_done(&log->table);
	ui_key_rows_done(&log->targets);
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

/* Reads how many rows there are, and whether they are other ones. */
static void update(struct log_state *log)
{
	const struct sdr_model *model = ui_model(log->ui);
	uint64_t version = ui_stamp_mix(UI_STAMP, sdr_model_event_count(model));
	struct ui_job_row job;
	log->jobs = 0;
	while (ui_job_row(log->ui, log->jobs, &job)) {
		version = ui_stamp_mix(version, job.number);
		log->jobs++;
	}
	version = ui_stamp_mix(version, log->by_target);
	log->table.fixed = events_from(log);
	uint32_t count = events_from(log) + kept(model);
	if (log->by_target && (version != log->table.version || count != log->table.count))
		gather(log, count);
	else if (!log->by_target)
		ui_key_rows_done(&log->targets);
	ui_table_update(&log->table, log, count, version);
}

static void log_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct log_state *log = state;
	(void)ui;
	update(log);
	draw_rule(log, surface, log->jobs > 0);
	struct ui_surface body = ui_surface_part(surface, 1, 0, -1, -1);
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
	struct log_row row = {0};
	(void)ui;
	uint32_t at = ui_table_row(&log->table);
	if (!fetch(log, at, &row))
		return false;
	/* Jobs may have come and gone since they were drawn: only the one seen is meant. */
	if (row.job.number && row_key(log, at) != log->table.key)
		return false;
	subject->job = row.job.number;
	snprintf(subject->value, sizeof(subject->value), "%s: %s", row.who, row.what);
	if (subject->job)
		snprintf(subject->command, sizeof(subject->command), "%s", row.who);
	else
		snprintf(subject->target, sizeof(subject->target), "%s", row.who);
	return true;
}

/* ---- commands ---- */

static enum sdr_status perform_log_by(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct log_state *log = ui_state(ui, &ui_panel_log);
	const char *word = sdr_call_word(call, 0);
	bool time = word && strcmp(word, "time") == 0;
	if (word && !time && strcmp(word, "target") != 0) {
		sdr_error_set(error, 0, "\"%s\": one of time, target is right", word);
		return SDR_EINVAL;
	}
	log->by_target = word ? !time : !log->by_target;
	ui_notify(ui, SDR_TONE_PLAIN, "the log is by %s", log->by_target ? "target" : "time");
	return SDR_OK;
}

static enum sdr_status make_log_by(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_ACTION;
	request->action.perform = perform_log_by;
	return SDR_OK;
}

static const struct sdr_command log_by = {.name = "log-by",
	.arguments = "[time|target]",
	.sentence = "have the log's entries about one target stand together",
	.details = "Each target has a line, its latest entry; f unfolds the older ones below it, F "
		   "all. Without a word it goes from one to the other.",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.make = make_log_by};

static const struct sdr_command *const commands[] = {&log_by, NULL};

static const struct ui_key keys[] = {
	{"x", "jobs --cancel", "cancel"},
	{"o", "log-by", "by target"},
	{0},
};

const struct ui_panel ui_panel_log = {
	.name = "log",
	.title = "Log",
	.sentence = "what runs: sweeps, searches and --until, with their progress; what happened: "
		    "states that changed, what the servers met, messages",
	.empty = {"States that change, events of the servers and "
		  "messages are written here, newest first.",
		"Press a to add a target to watch; --log FILE "
		"keeps the log in a file as well."},
	.size = sizeof(struct log_state),
	.keys = keys,
	.commands = commands,
	.columns = columns,
	.open = log_open,
	.close = log_close,
	.draw = log_draw,
	.table = log_table,
	.subject = log_subject,
};
