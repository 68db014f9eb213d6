/* tty.c - the terminal: modes, bytes, size, signals. The only file that owns the tty, with
 * term_output.c, term_reply.c and term_rescue.c.
 *
 * The terminal is opened again, non-blocking, so that its flags don't change for the shell and a
 * terminal that does not read can't block the loop: what it does not take waits here, and meanwhile
 * no frame is drawn. Input is decoded by decode.c, which sets how long to wait for the rest of an
 * incomplete sequence. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "term_reply.h"
#include "term_rescue.h"
#include "tty_state.h"

#define CLOSE_WAIT_MS 500
#define STOP_WAIT_MS 200
#define SIZE_MAX_CELLS 1000 /* rows, and columns, that are drawn of a larger window */

static const int signal_numbers[SIGNALS] = {[ON_WINCH] = SIGWINCH,
	[ON_TSTP] = SIGTSTP,
	[ON_CONT] = SIGCONT,
	[ON_TERM] = SIGTERM,
	[ON_INT] = SIGINT,
	[ON_HUP] = SIGHUP};

/* ---- modes and size ---- */

static bool set_raw(const struct ui_term *term)
{
	struct termios raw = term->before;
	raw.c_iflag &= (tcflag_t) ~(IXON | ICRNL | INLCR | IGNCR | ISTRIP | BRKINT | PARMRK);
	raw.c_oflag &= (tcflag_t)~OPOST; /* curses, which sees no tty, expects a plain line feed */
	raw.c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(term->descriptor, TCSANOW, &raw) == 0;
}

static void read_size(struct ui_term *term)
{
	struct winsize size;
	term->rows = 24;
	term->columns = 80;
	if (ioctl(term->descriptor, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	/* Sixteen bits each come from anywhere (a peer's pty-req); curses' own coordinates are
	 * short, and cells cost memory and time. */
	term->rows = size.ws_row < SIZE_MAX_CELLS ? size.ws_row : SIZE_MAX_CELLS;
	term->columns = size.ws_col < SIZE_MAX_CELLS ? size.ws_col : SIZE_MAX_CELLS;
}

void ui_term_rescue(struct ui_term *term, const char *bytes, size_t length)
{
	ui_rescue_set(term->modern, bytes, length);
}

void ui_term_size(const struct ui_term *term, int *rows, int *columns)
{
	*rows = term->rows;
	*columns = term->columns;
}

static bool is_modern(const char *type)
{
	static const char *const begins[] = {"xterm", "tmux", "screen", "rxvt", "foot", "kitty",
		"alacritty", "st-", "vte", "wezterm", "konsole"};
	for (size_t i = 0; type && i < sizeof(begins) / sizeof(*begins); i++)
		if (!strncmp(type, begins[i], strlen(begins[i])))
			return true;
	return false;
}

/* ---- output ---- */

static void on_poll(uv_poll_t *poll, int status, int events);

static void watch(struct ui_term *term)
{
	int wanted =
		UV_READABLE | UV_DISCONNECT | (ui_output_is_busy(&term->output) ? UV_WRITABLE : 0);
	if (!term->gone && wanted != term->watched)
		uv_poll_start(&term->poll, wanted, on_poll);
	term->watched = wanted;
}

static void go(struct ui_term *term)
{
	if (term->gone)
		return;
	term->gone = true;
	uv_poll_stop(&term->poll);
	term->events.on_gone(term->events.context);
}

bool ui_term_write(struct ui_term *term, const char *bytes, size_t length)
{
	if (term->gone)
		return true;
	bool taken = ui_output_add(&term->output, bytes, length);
	ui_output_carry(&term->output); /* poll, too, notices that a terminal is gone: there is no
					   callback from here */
	watch(term);
	return taken;
}

static void write_text(struct ui_term *term, const char *text)
{
	ui_term_write(term, text, strlen(text));
}

/* Only before exit or a stop. Returns whether the terminal has taken everything. */
static bool drain(struct ui_term *term, int milliseconds)
{
	return term->gone ? !ui_output_is_busy(&term->output)
			  : ui_output_drain(&term->output, milliseconds);
}

static void enter_modes(struct ui_term *term)
{
	if (!term->modern)
		return;
	write_text(term, "\033[?2004h");
	if (term->mouse)
		write_text(term, "\033[?1000h\033[?1006h");
}

static void leave_modes(struct ui_term *term)
{
	if (!term->modern)
		return;
	write_text(term, "\033[?2026l\033[?2004l"); /* a frame may have been cut off */
	if (term->mouse)
		write_text(term, "\033[?1006l\033[?1000l");
	if (term->titled)
		write_text(term, "\033[23;0t");
	term->titled = false;
}

/* ---- answers ---- */

static int64_t now_ms(void)
{
	return (int64_t)(uv_hrtime() / 1000000);
}

static void on_patience(uv_timer_t *timer)
{
	struct ui_term *term = timer->data;
	if (!ui_term_is_busy(term))
		term->events.on_taken(term->events.context);
}

bool ui_term_is_busy(struct ui_term *term)
{
	int64_t wait = ui_ack_wait(&term->ack, now_ms());
	if (wait > 0 && !uv_is_active((uv_handle_t *)&term->patience))
		uv_timer_start(&term->patience, on_patience, (uint64_t)wait, 0);
	return wait > 0 || ui_output_is_busy(&term->output);
}

static void expect(struct ui_term *term)
{
	ui_decoder_expects(term->decoder, term->ack.asked > 0);
	ui_rescue_awaits(term->ack.asked);
}

bool ui_term_frame(struct ui_term *term, const char *bytes, size_t length)
{
	struct iovec parts[2] = {{(void *)(uintptr_t)bytes, length}, {UI_ACK_REQUEST, 0}};
	if (term->gone)
		return true;
	if (ui_ack_sent(&term->ack, length, now_ms()))
		parts[1].iov_len = strlen(UI_ACK_REQUEST);
	expect(term);
	bool taken = ui_output_add_both(&term->output, parts);
	watch(term);
	return taken;
}

/* With others' hands on the terminal in between, or none yet. */
static void begin_asking(struct ui_term *term)
{
	ui_ack_begin(&term->ack, term->ack.able);
	ui_term_frame(term, "", 0);
}

void ui_term_acknowledge(struct ui_term *term)
{
	term->ack.able = true;
	begin_asking(term);
}

size_t ui_term_room(const struct ui_term *term)
{
	return ui_ack_room(&term->ack);
}

/* Whoever reads the terminal next would take them for typed. */
static void take_answers(struct ui_term *term)
{
	int64_t wait = term->gone ? 0 : ui_ack_farewell(&term->ack, now_ms());
	if (wait > 0)
		ui_reply_take(term->descriptor, term->ack.asked, ui_decoder_begun(term->decoder),
			(int)wait);
}

/* ---- input ---- */

static void on_escape(uv_timer_t *timer);

static void wait_for_more(struct ui_term *term, unsigned milliseconds)
{
	uv_timer_stop(&term->escape);
	if (milliseconds > 0)
		uv_timer_start(&term->escape, on_escape, milliseconds, 0);
}

static void on_escape(uv_timer_t *timer)
{
	struct ui_term *term = timer->data;
	wait_for_more(term, ui_decoder_flush(term->decoder));
	term->events.on_read(term->events.context);
}

static void read_input(struct ui_term *term)
{
	char bytes[UI_TERM_READ];
	ssize_t got = read(term->descriptor, bytes, sizeof(bytes));
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
		go(term);
		return;
	}
	if (got < 0)
		return;
	wait_for_more(term, ui_decoder_feed(term->decoder, bytes, (size_t)got));
	term->events.on_read(term->events.context);
	if (term->shown && !ui_term_is_busy(term)) /* keys of the same read were first */
		term->events.on_taken(term->events.context);
	term->shown = false;
}

static void on_decoded(void *context, const struct ui_event *event)
{
	struct ui_term *term = context;
	if (event->kind == UI_EVENT_ANSWER) {
		term->shown = ui_ack_answered(&term->ack, now_ms()) || term->shown;
		uv_timer_stop(&term->patience);
		expect(term);
		return;
	}
	term->events.on_input(term->events.context, event);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct ui_term *term = poll->data;
	bool was_busy = ui_output_is_busy(&term->output);
	if (status < 0) { /* libuv reports POLLERR as EBADF */
		go(term);
		return;
	}
	if (events & (UV_READABLE | UV_DISCONNECT))
		read_input(term);
	if (term->gone || !(events & UV_WRITABLE))
		return;
	if (!ui_output_carry(&term->output)) {
		go(term);
		return;
	}
	watch(term);
	if (was_busy && !ui_term_is_busy(term))
		term->events.on_taken(term->events.context);
}

struct ui_decoder *ui_term_decoder(struct ui_term *term)
{
	return term->decoder;
}

/* ---- signals ---- */

static void resume(struct ui_term *term)
{
	set_raw(term);
	read_size(term);
	enter_modes(term);
	begin_asking(term);
	term->events.on_resumed(term->events.context);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct ui_term *term = handle->data;
	if (number == SIGWINCH) {
		read_size(term);
		if (!term->ack.answers) /* perhaps another terminal came */
			ui_ack_begin(&term->ack, term->ack.able);
		term->events.on_resize(term->events.context);
	} else if (number == SIGTSTP) {
		term->events.on_stop(term->events.context);
	} else if (number == SIGCONT) {
		resume(term);
	} else if (number == SIGHUP) {
		term->events.on_hangup(term->events.context);
	} else {
		term->events.on_gone(term->events.context);
	}
}

/* A SIGHUP that was ignored at the start (nohup) stays so; poll then reports that the terminal is
 * gone. */
static bool is_ignored(int number)
{
	struct sigaction action;
	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void ui_term_suspend(struct ui_term *term, const char *leave, size_t length)
{
	leave_modes(term);
	ui_term_write(term, leave, length);
	if (drain(term, STOP_WAIT_MS))
		take_answers(term);
	ui_rescue_modes();
	/* As the terminal's own ^Z does: the whole foreground group, by the signal's default. */
	uv_signal_stop(&term->signals[ON_TSTP]);
	kill(0, SIGTSTP);
	uv_signal_start(&term->signals[ON_TSTP], on_signal, SIGTSTP);
	resume(term);
}

/* ---- opening and closing ---- */

static void on_closed(uv_handle_t *handle)
{
	struct ui_term *term = handle->data;
	if (--term->handles > 0)
		return;
	ui_decoder_free(term->decoder);
	close(term->descriptor);
	free(term->output.bytes);
	free(term);
}

static int open_tty(void)
{
	char name[256];
	int descriptor = -1;
	if (ttyname_r(STDOUT_FILENO, name, sizeof(name)) == 0)
		descriptor = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (descriptor < 0)
		descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	return descriptor;
}

static void start_handles(struct ui_term *term)
{
	uv_timer_init(term->loop, &term->escape);
	uv_timer_init(term->loop, &term->patience);
	term->poll.data = term->escape.data = term->patience.data = term;
	term->handles = 3;
	for (int i = 0; i < SIGNALS; i++) {
		uv_signal_init(term->loop, &term->signals[i]);
		term->signals[i].data = term;
		term->handles++;
		if (signal_numbers[i] != SIGHUP || !is_ignored(SIGHUP))
			uv_signal_start(&term->signals[i], on_signal, signal_numbers[i]);
	}
	watch(term);
}

enum sdr_status ui_term_open(uv_loop_t *loop, const struct ui_term_events *events,
	struct ui_term **result, struct sdr_error *error)
{
	struct ui_term *term = calloc(1, sizeof(*term));
	if (!term)
		return SDR_ENOMEM;
	term->loop = loop;
	term->events = *events;
	term->modern = is_modern(getenv("TERM"));
	term->decoder = ui_decoder_new(on_decoded, term);
	term->descriptor = term->output.descriptor = open_tty();
	bool known = term->decoder && term->descriptor >= 0 &&
		tcgetattr(term->descriptor, &term->before) == 0;
	if (known) /* before there is anything to give back: libuv may abort */
		ui_rescue_arm(term->descriptor, &term->before);
	bool raw = known && set_raw(term);
	int number = raw ? -uv_poll_init(loop, &term->poll, term->descriptor) : errno;
	if (!raw || number) {
		sdr_error_set(error, 0, "the terminal can't be opened: %s", strerror(number));
		if (raw)
			tcsetattr(term->descriptor, TCSANOW, &term->before);
		if (known)
			ui_rescue_disarm();
		ui_decoder_free(term->decoder);
		if (term->descriptor >= 0)
			close(term->descriptor);
		free(term);
		return SDR_ESYSTEM;
	}
	read_size(term);
	start_handles(term);
	enter_modes(term);
	*result = term;
	return SDR_OK;
}

void ui_term_give_up(struct ui_term *term)
{
	if (!term->gone)
		ui_rescue_send();
}

void ui_term_close(struct ui_term *term)
{
	leave_modes(term);
	/* It takes nothing: what is queued goes, and there is room for the few bytes that leave the
	 * screen. One that seemed gone may be there yet. */
	if (!drain(term, CLOSE_WAIT_MS) || term->gone)
		ui_rescue_send();
	else
		take_answers(term);
	ui_rescue_modes();
	ui_rescue_disarm();
	uv_close((uv_handle_t *)&term->poll, on_closed);
	uv_close((uv_handle_t *)&term->escape, on_closed);
	uv_close((uv_handle_t *)&term->patience, on_closed);
	for (int i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&term->signals[i], on_closed);
}
