/* ui.c - the screen's life: opened with its panels and keys, wired to loop and terminal, drawn when
 * something changed, closed.
 *
 * Callbacks change state and ask for a frame; a timer draws it in the next loop iteration, so that
 * all that one read brought is drawn once. For data, frame_pace.c says when to look: versions are
 * compared, and where nothing changed nothing is drawn. */
#include "ui.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "frame_pace.h"
#include "sounder/model.h"
#include "sounder/out.h"
#include "sounder/sanitize.h"
#include "ui_state.h"

#define MESSAGE_LEAST (4 * SDR_SECOND)
#define MESSAGE_PER_CHARACTER (40 * SDR_MS)

/* The loop's handles of a running screen. */
struct ui_loop {
	uv_loop_t *uv;
	uv_timer_t data;  /* looks at versions */
	uv_timer_t frame; /* a frame that is wanted at once */
	uv_check_t turn;  /* after each turn of the loop */
	struct ui_pace pace;
	bool running; /* the handles are there */
	bool done;
	int closing;
};

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
	/* Good news does not push out a complaint that nobody could read yet. */
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

/* ---- frames ---- */

/* A screen that can't be drawn says so, once, by what needs no memory; each look tries anew. */
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
	if (!ui->term || ui_term_is_busy(ui->term)) /* the terminal has not taken the last frame:
						       drawn when it has */
		return;
	ui->due = false;
	ui_tick_clock(ui);
	struct ui_surface screen = ui_canvas_begin(ui->canvas);
	ui_frame_draw(ui, &screen);
	ui_canvas_end(ui->canvas);
	ui_frame_versions(ui, &ui->drawn);
	ui_pace_drawn(&ui->loop->pace, ui);
	size_t length = ui_canvas_take(ui->canvas, &bytes);
	if (length > 0 && !ui_term_write(ui->term, bytes, length))
		ui_canvas_tear(ui->canvas);
	say_torn(ui);
}

static void on_frame(uv_timer_t *timer)
{
	struct ui *ui = timer->data;
	ui_job_sweep(ui);
	if (ui->quitting)
		ui->loop->done = true;
	else if (ui->due)
		draw(ui);
}

void ui_want_frame(struct ui *ui)
{
	ui->due = true;
	if (ui->loop && ui->loop->running)
		uv_timer_start(&ui->loop->frame, on_frame, 0, 0);
}

/* Brings what settings say to the terminal. */
static void settle(struct ui *ui)
{
	const struct sdr_settings *settings = sdr_app_settings(ui->app);
	const struct ui_theme *theme = ui->colourless
		? ui_theme_find("mono")
		: ui_theme_find(sdr_settings_text(settings, "theme"));
	bool mouse = sdr_settings_number(settings, "mouse") != 0;
	if (theme && theme != ui->theme) {
		ui->theme = theme;
		if (ui->canvas)
			ui_canvas_theme(ui->canvas, theme);
	}
	if (mouse != ui->mouse) {
		ui->mouse = mouse;
		if (ui->term)
			ui_term_mouse(ui->term, mouse);
	}
}

static void show_title(struct ui *ui)
{
	if (ui->term && sdr_settings_number(sdr_app_settings(ui->app), "title"))
		ui_term_title(ui->term, sdr_model_tally(sdr_app_model(ui->app), SDR_STATE_DOWN));
}

static void log_event(struct ui *ui, const struct sdr_event *event)
{
	char when[SDR_WALL_TEXT], line[2 * SDR_ERROR_TEXT], clean[8 * SDR_ERROR_TEXT];
	struct sdr_error error;
	int length = snprintf(line, sizeof(line), "%s  %s  %s", sdr_wall_format(when, event->when),
		event->subject, event->text);
	size_t used = length < 0                ? 0
		: (size_t)length < sizeof(line) ? (size_t)length
						: sizeof(line) - 1;
	used = sdr_sanitize(clean, sizeof(clean), line, used, NULL);
	if (!ui_log_file_add(
		    ui->log, clean, used < sizeof(clean) ? used : sizeof(clean) - 1, &error))
		ui_notify(ui, SDR_TONE_BAD, "%s", error.text);
}

/* Appends journal entries that are not in the log file yet, oldest first; what could not be written
 * before is tried again. */
static void write_log(struct ui *ui)
{
	uint64_t count = sdr_model_event_count(sdr_app_model(ui->app));
	struct sdr_error error;
	if (!ui->log)
		return;
	if (count == ui->logged && !ui_log_file_flush(ui->log, &error))
		ui_notify(ui, SDR_TONE_BAD, "%s", error.text);
	for (uint64_t back = count - ui->logged; back > 0; back--) {
		const struct sdr_event *event = back > UINT32_MAX
			? NULL
			: sdr_model_event(sdr_app_model(ui->app), (uint32_t)back - 1);
		if (event)
			log_event(ui, event);
	}
	ui->logged = count;
}

void ui_tick(struct ui *ui)
{
	struct ui_versions versions;
	ui_tick_clock(ui);
	ui_job_sweep(ui);
	settle(ui);
	ui_hook_look(ui);
	show_title(ui);
	write_log(ui);
	struct ui_slot *slot = ui_focused(ui);
	ui->working = slot->panel->work && slot->panel->work(ui, slot->state);
	ui_frame_versions(ui, &versions);
	if (memcmp(&versions, &ui->drawn, sizeof(versions)) != 0)
		ui->due = true;
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

static void on_turn(uv_check_t *check)
{
	struct ui *ui = check->data;
	if (ui_pace_hurries(&ui->loop->pace, ui, (int64_t)uv_now(ui->loop->uv)))
		wait_for_data(ui->loop);
}

/* ---- terminal's news ---- */

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

/* The terminal's end comes by poll as well; with a log, the signal says that its file was moved
 * away. */
static void on_hangup(void *context)
{
	struct ui *ui = context;
	struct sdr_error error = {0};
	if (!ui->log) {
		ui->quitting = true;
		ui->loop->done = true;
	} else if (ui_log_file_reopen(ui->log, &error)) {
		ui_notify(ui, SDR_TONE_BAD, "%s", error.text);
	}
}

static void on_gone(void *context)
{
	struct ui *ui = context;
	ui->quitting = true;
	ui->loop->done = true;
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

/* Config lines and hosts, before the first frame. */
static void begin(struct ui *ui, const struct ui_options *options)
{
	struct sdr_config config = {.file = options->config,
		.run = ui_front_config,
		.complain = on_complaint,
		.context = ui};
	struct sdr_error error = {0};
	if (sdr_config_run(ui->app, &config, &error))
		on_complaint(ui, error.text);
	for (size_t i = 0; i < options->host_count; i++) {
		char word[512], line[544];
		sdr_word_quote(word, sizeof(word), options->hosts[i]);
		snprintf(line, sizeof(line), "add %s", word);
		if (ui_front_run_text(ui, line, &error))
			on_complaint(ui, error.text);
	}
	if (options->log && ui_log_file_open(options->log, &ui->log, &error))
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
		(uv_handle_t *)&loop->turn};
	uv_timer_init(loop->uv, &loop->data);
	uv_timer_init(loop->uv, &loop->frame);
	uv_check_init(loop->uv, &loop->turn);
	loop->data.data = loop->frame.data = loop->turn.data = ui;
	uv_timer_start(&loop->data, on_data, 0, 0);
	uv_check_start(&loop->turn, on_turn);
	loop->running = true;
	settle(ui);
	ui_want_frame(ui);
	while (!loop->done)
		uv_run(loop->uv, UV_RUN_ONCE);
	loop->running = false;
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
	struct ui_loop loop = {.uv = sdr_app_loop(app)};
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
	ui.loop = &loop;
	if (sdr_app_watch_model(app) || ui_open(&ui, app)) {
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
