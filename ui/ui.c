/* ui.c - the screen's life: opened with its panels and keys, wired to loop and terminal, drawn when
 * something changed, closed.
 *
 * Callbacks change state and ask for a frame; a timer draws it in the next loop iteration, so that
 * all input of one read is drawn once. For data, frame_pace.c sets when to check: versions are
 * compared, and nothing is drawn without a change. */
#include "ui.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "frame.h"
#include "frame_pace.h"
#include "front.h"
#include "keys.h"
#include "open.h"
#include "sounder/config.h"
#include "sounder/line.h"
#include "sounder/model.h"
#include "sounder/out.h"
#include "ui_job.h"
#include "ui_state.h"
#include "ui_tick.h"

/* The loop's handles of a running screen. */
struct ui_loop {
	uv_loop_t *uv;
	uv_timer_t data;      /* compares versions */
	uv_timer_t frame;     /* a frame requested at once */
	uv_check_t iteration; /* after each loop iteration */
	struct ui_pace pace;
	sdr_ns key_drawn; /* when the key was pressed that the last frame drew the effect of */
	bool done;
	int closing;
};

/* ---- frames ---- */

/* A screen that can't be drawn reports it once, by what needs no memory; each look tries again. */
static void say_torn(struct ui *ui)
{
	static const char words[] = "\r\n out of memory: nothing can be drawn; q quits";
	bool torn = ui_canvas_is_torn(ui->canvas);
	if (torn && !ui->torn)
		(void)ui_term_write(ui->term, words, sizeof(words) - 1);
	ui->torn = torn;
	ui->due = ui->due || torn;
}

static void draw(struct ui *ui)
{
	const char *bytes;
	if (!ui->term || ui_term_is_busy(ui->term)) /* the terminal has not taken the last frame,
						       or not shown it: drawn when it has */
		return;
	ui->due = false;
	ui_tick_clock(ui);
	ui_canvas_room(ui->canvas, ui_term_room(ui->term));
	if (ui->key_at != ui->loop->key_drawn)
		ui_canvas_from_top(ui->canvas);
	ui->loop->key_drawn = ui->key_at;
	struct ui_surface screen = ui_canvas_begin(ui->canvas);
	ui_frame_draw(ui, &screen);
	ui_canvas_end(ui->canvas);
	ui->due = ui_canvas_is_behind(ui->canvas); /* the rest comes once this is shown */
	ui_frame_versions(ui, &ui->drawn);
	ui_pace_drawn(&ui->loop->pace, ui);
	size_t length = ui_canvas_take(ui->canvas, &bytes);
	if (length > 0 && !ui_term_frame(ui->term, bytes, length))
		ui_canvas_tear(ui->canvas);
	say_torn(ui);
}

static void on_frame(uv_timer_t *timer);

static void wake(struct ui *ui)
{
	uv_timer_start(&ui->loop->frame, on_frame, 0, 0);
}

/* What is answered at once is drawn once: the frame waits a turn of the loop for it. */
static void on_frame(uv_timer_t *timer)
{
	struct ui *ui = timer->data;
	bool waits = ui->job_fresh;
	ui->job_fresh = false;
	if (ui->quitting)
		ui->loop->done = true;
	else if (waits)
		wake(ui);
	else if (ui->due)
		draw(ui);
}

static void on_data(uv_timer_t *timer);

static void wait_for_data(struct ui_loop *loop)
{
	int64_t wait = loop->pace.next - (int64_t)uv_now(loop->uv);
	uv_timer_start(&loop->data, on_data, wait > 0 ? (uint64_t)wait : 0, 0);
}

static void on_data(uv_timer_t *timer)
{
	struct ui *ui = timer->data;
	ui_tick(ui);
	ui_pace_looked(&ui->loop->pace, ui, (int64_t)uv_now(ui->loop->uv));
	if (ui->due)
		draw(ui);
	wait_for_data(ui->loop);
}

static void on_iteration(uv_check_t *check)
{
	struct ui *ui = check->data;
	if (ui_pace_hurries(&ui->loop->pace, ui, (int64_t)uv_now(ui->loop->uv)))
		wait_for_data(ui->loop);
}

/* ---- events of the terminal ---- */

static void on_input(void *context, const struct ui_event *event)
{
	if (event->kind == UI_EVENT_KEY) {
		ui_typeahead_key(context, event->key);
		return;
	}
	ui_typeahead_run(context); /* the keys that came before it */
	ui_on_event(context, event);
}

static void on_read(void *context)
{
	ui_typeahead_run(context);
}

static void on_resize(void *context)
{
	struct ui *ui = context;
	int rows, columns;
	ui_term_size(ui->term, &rows, &columns);
	ui_canvas_resize(ui->canvas, rows, columns);
	ui->torn = false; /* what can't be drawn is reported again: the terminal may have dropped
			     the words */
	ui_want_frame(ui);
}

static void on_taken(void *context)
{
	struct ui *ui = context;
	if (ui->due)
		draw(ui);
}

static void on_resumed(void *context)
{
	struct ui *ui = context;
	ui_canvas_forget(ui->canvas);
	on_resize(ui);
}

/* poll reports the terminal's end as well; with a log, the signal means that its file was moved
 * away. */
static void on_hangup(void *context)
{
	struct ui *ui = context;
	struct sdr_error error = {0};
	struct sdr_session *session = sdr_app_session(ui->app);
	if (!sdr_session_logs(session)) {
		ui->quitting = true;
		ui->loop->done = true;
	} else if (sdr_session_log_reopen(session, &error)) {
		ui_notify(ui, SDR_TONE_BAD, "%s", error.text);
	}
}

static void on_gone(void *context)
{
	struct ui *ui = context;
	ui->quitting = true;
	ui->loop->done = true;
}

static void on_stop(void *context)
{
	ui_suspend(context);
}

/* ---- running ---- */

static void learn_key(void *context, const char *sequence, uint32_t key)
{
	ui_decoder_learn(context, sequence, key);
}

static enum sdr_status open_terminal(struct ui *ui, struct sdr_error *error)
{
	struct ui_term_events events = {.context = ui,
		.on_input = on_input,
		.on_read = on_read,
		.on_resize = on_resize,
		.on_taken = on_taken,
		.on_stop = on_stop,
		.on_resumed = on_resumed,
		.on_hangup = on_hangup,
		.on_gone = on_gone};
	char rescue[256];
	enum sdr_status status =
		ui_canvas_choose(&ui->canvas, ui->message, sizeof(ui->message), error);
	if (status)
		return status;
	if (ui->message[0])
		ui_notify(ui, SDR_TONE_WARNING, "%s", strdupa(ui->message));
	status = ui_term_open(ui->loop->uv, &events, &ui->term, error);
	if (status)
		return status;
	if (ui_canvas_is_ecma48(ui->canvas))
		ui_term_acknowledge(ui->term);
	ui_term_rescue(ui->term, rescue, ui_canvas_rescue(ui->canvas, rescue, sizeof(rescue)));
	ui_canvas_keys(ui->canvas, learn_key, ui_term_decoder(ui->term));
	on_resize(ui);
	return SDR_OK;
}

static void on_complaint(void *context, const char *message)
{
	ui_notify(context, SDR_TONE_BAD, "%s", message);
	sdr_model_note(sdr_app_model(((struct ui *)context)->app), sdr_clock_wall(), SDR_TONE_BAD,
		"config", "%s", message);
}

/* Nor is a program run for a target that goes DOWN. */
static void run_no_programs(struct ui *ui)
{
	static const char *const names[] = {"down-command", "up-command"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		(void)!sdr_settings_set(sdr_app_settings(ui->app), names[i], "", NULL);
}

/* Config lines and hosts, before the first frame. */
static void begin(struct ui *ui, const struct ui_options *options)
{
	struct sdr_config config = {.file = options->config,
		.run = ui_front_config,
		.complain = on_complaint,
		.context = ui};
	struct sdr_error error = {0};
	ui->beginning = true;
	ui->read_only = options->read_only;
	if (sdr_config_run(ui->app, &config, &error))
		on_complaint(ui, error.text);
	for (size_t i = 0; i < options->setting_count; i++)
		if (sdr_settings_assign(sdr_app_settings(ui->app), options->settings[i], &error))
			on_complaint(ui, error.text);
	sdr_app_settle(ui->app);
	if (ui->read_only)
		run_no_programs(ui);
	for (size_t i = 0; i < options->host_count; i++) {
		char word[512], line[544];
		sdr_word_quote(word, sizeof(word), options->hosts[i]);
		snprintf(line, sizeof(line), "add %s", word);
		if (ui_front_run_text(ui, line, &error))
			on_complaint(ui, error.text);
	}
	ui->beginning = false;
	if (options->log && sdr_session_log(sdr_app_session(ui->app), options->log, &error))
		on_complaint(ui, error.text);
}

static void on_closed(uv_handle_t *handle)
{
	struct ui_loop *loop = handle->data;
	loop->closing--;
}

static void run_loop(struct ui *ui)
{
	struct ui_loop *loop = ui->loop;
	uv_handle_t *const handles[] = {(uv_handle_t *)&loop->data, (uv_handle_t *)&loop->frame,
		(uv_handle_t *)&loop->iteration};
	uv_timer_init(loop->uv, &loop->data);
	uv_timer_init(loop->uv, &loop->frame);
	uv_check_init(loop->uv, &loop->iteration);
	loop->data.data = loop->frame.data = loop->iteration.data = ui;
	uv_timer_start(&loop->data, on_data, 0, 0);
	uv_check_start(&loop->iteration, on_iteration);
	ui->wake = wake;
	ui_settle(ui);
	ui_want_frame(ui);
	while (!loop->done)
		uv_run(loop->uv, UV_RUN_ONCE);
	ui->wake = NULL;
	for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++, loop->closing++) {
		handles[i]->data = loop;
		uv_close(handles[i], on_closed);
	}
}

/* The bytes that leave the screen; with --leave its picture as well. */
static void close_terminal(struct ui *ui)
{
	const char *bytes;
	char *text = NULL;
	size_t length = 0, size = 256 * 1024;
	if (ui->leaving && (text = malloc(size)))
		length = ui_canvas_text(ui->canvas, text, size);
	ui_canvas_leave(ui->canvas);
	size_t leave = ui_canvas_take(ui->canvas, &bytes);
	if (leave > 0)
		ui_term_write(ui->term, bytes, leave);
	else
		ui_term_give_up(ui->term);
	for (size_t i = 0; i < length; i++)
		ui_term_write(
			ui->term, text[i] == '\n' ? "\r\n" : &text[i], text[i] == '\n' ? 2 : 1);
	free(text);
	ui_term_close(ui->term);
	ui->term = NULL;
}

static enum sdr_exit refuse(struct ui *ui, struct sdr_out *err, const struct sdr_error *error)
{
	sdr_out_line(
		err, SDR_TONE_PLAIN, "sounder: %s", error->text[0] ? error->text : "out of memory");
	ui_close(ui);
	return SDR_EXIT_FAIL;
}

enum sdr_exit ui_run(struct sdr_app *app, const struct ui_options *options)
{
	struct ui ui = {0};
	struct ui_loop loop = {0};
	struct sdr_error error = {0};
	struct sdr_out err;
	const char *plain = getenv("NO_COLOR");
	sdr_out_init(&err, stderr, options->colour);
	ui.colourless = options->colour == SDR_COLOUR_NEVER ||
		(options->colour == SDR_COLOUR_AUTO && plain && *plain);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		sdr_out_line(&err, SDR_TONE_PLAIN,
			"sounder: the dashboard needs a terminal; in scripts use a "
			"subcommand, such as \"sounder ping -c 3 HOST\" (sounder --help)");
		return SDR_EXIT_FAIL;
	}
	if (sdr_app_open(app, SDR_PARTS_ALL, &error))
		return refuse(&ui, &err, &error);
	ui.loop = &loop;
	loop.uv = sdr_app_loop(app);
	if (ui_open(&ui, app)) {
		sdr_error_set(&error, 0, "%s", ui.message);
		return refuse(&ui, &err, &error);
	}
	if (open_terminal(&ui, &error))
		return refuse(&ui, &err, &error);
	begin(&ui, options);
	run_loop(&ui);
	close_terminal(&ui);
	while (loop.closing > 0)
		uv_run(loop.uv, UV_RUN_NOWAIT);
	ui_close(&ui);
	return SDR_EXIT_YES;
}
