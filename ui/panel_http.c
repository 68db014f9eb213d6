/* panel_http.c - HTTP: status, headers and phases of one request, and the URLs that are watched. */
#include <stdio.h>

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

/* ---- the phases as a bar each, one after the other: curl's times are cumulative, from the start
 * ---- */

static const struct {
	const char *key, *label;
} phases[] = {
	{"time_namelookup", "names"}, {"time_connect", "connect"}, {"time_appconnect", "TLS"},
	{"time_starttransfer", "first byte"},
	{"time_total", NULL}, /* the body; or the time that went by until it failed */
};

#define PHASES (sizeof(phases) / sizeof(phases[0]))

static sdr_ns phase_end(const struct sdr_item *root, const char *key)
{
	const struct sdr_item *item = sdr_item_find(root, key);
	return item && item->kind == SDR_ITEM_DURATION ? item->value.integer : 0;
}

/* Returns the rows used: one a phase that took any time, or none where nothing was timed. */
static int draw_phases(const struct sdr_item *root, const struct ui_surface *s)
{
	sdr_ns total = phase_end(root, "time_total"), from = 0;
	bool answered = phase_end(root, "time_starttransfer") > 0;
	int line = 0;
	if (total <= 0 || s->width < 40 || s->height < (int)PHASES + 4)
		return 0;
	for (size_t i = 0; i < PHASES; i++) {
		sdr_ns to = phase_end(root, phases[i].key);
		char number[UI_NUMBER_TEXT];
		if (to <= from)
			continue;
		struct ui_surface value = ui_surface_part(s, line, 11, 1, 7),
				  bar = ui_surface_part(s, line, 23, 1, -1);
		ui_draw_text(s, line, 0, UI_DIM,
			phases[i].label    ? phases[i].label
				: answered ? "rest"
					   : "failed");
		ui_draw_right(&value, 0, UI_PLAIN, ui_number_ms(number, to - from));
		ui_draw_text(s, line++, 19, UI_DIM, "ms");
		ui_draw_bar(
			&bar, UI_STRONG, (double)from / (double)total, (double)to / (double)total);
		from = to;
	}
	return line ? line + 1 : 0;
}

static void http_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct ui_question *http = state;
	const struct sdr_item *root = ui_question_root(http);
	char summary[UI_NUMBER_TEXT + 8], time[UI_NUMBER_TEXT];
	sdr_ns total = root ? phase_end(root, "time_total") : 0;
	(void)ui;
	snprintf(summary, sizeof(summary), "%s ms",
		ui_number_ms(time, total ? total : http->elapsed));
	struct ui_surface body = ui_question_frame(http, surface, "HTTP", root ? summary : NULL);
	int used = root ? draw_phases(root, &body) : 0;
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
	.open = http_open,
	.close = http_close,
	.draw = http_draw,
	.table = http_table,
	.subject = http_subject,
	.answer = http_answer,
	.alarm = http_alarm,
	.work = http_work,
};
