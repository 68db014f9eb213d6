/* panel_http.c - HTTP: status, headers and phases of one request, and the URLs that are watched. */
#include <stdio.h>

#include "http_phases.h"
#include "number.h"
#include "question_panel.h"

extern const struct ui_panel ui_panel_http;

static enum sdr_status http_open(struct ui *ui, void *state)
{
	ui_question_init(state, ui, ui_panel_http.name);
	return SDR_OK;
}

static void http_close(struct ui *ui, void *state)
{
	(void)ui;
	ui_question_done(state);
}

static void http_answer(struct ui *ui, void *state, const struct ui_answer *answer)
{
	(void)ui;
	ui_question_answer(state, answer);
}

static void http_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct ui_question *http = state;
	const struct sdr_item *root = ui_question_root(http);
	char summary[UI_NUMBER_TEXT + 8], time[UI_NUMBER_TEXT];
	sdr_ns total = sdr_item_time(root, "time_total", 0);
	(void)ui;
	snprintf(summary, sizeof(summary), "%s ms",
		ui_number_ms(time, total ? total : http->elapsed));
	struct ui_surface body = ui_question_frame(http, surface, "HTTP", root ? summary : NULL);
	int used = root ? ui_http_phases_draw(root, &body) : 0;
	struct ui_surface rest = ui_surface_part(&body, used, 0, -1, -1);
	ui_question_draw(http, &rest, &ui_panel_http);
}

static struct ui_table *http_table(struct ui *ui, void *state)
{
	(void)ui;
	return ui_question_table(state);
}

static bool http_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	(void)ui;
	return ui_question_subject(state, subject);
}

static bool http_alarm(struct ui *ui, void *state)
{
	(void)ui;
	return ui_question_alarm(state);
}

static bool http_work(struct ui *ui, void *state)
{
	(void)ui;
	return ui_question_work(state);
}

static const struct ui_input_spec input = {
	.label = "HTTP", .hint = "URL or host:port, and options", .command = "head"};
static const char *const shows[] = {"head", "get", NULL};

const struct ui_panel ui_panel_http = {
	.name = "http",
	.title = "HTTP",
	.sentence = "status, headers and phases of a request, once or watched",
	.empty = {"Sends a HEAD request and shows status, headers, "
		  "certificate and where the time went.",
		"Press i and type a URL or host:port; --interval 10s watches it."},
	.size = sizeof(struct ui_question),
	.shows = shows,
	.input = &input,
	.columns = ui_question_columns,
	.open = http_open,
	.close = http_close,
	.draw = http_draw,
	.table = http_table,
	.subject = http_subject,
	.answer = http_answer,
	.alarm = http_alarm,
	.work = http_work,
};
