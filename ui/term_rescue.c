/* term_rescue.c - a crash leaves the terminal as it was, and so does a library that ends the
 * process. */
#include "term_rescue.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sounder/status.h"
#include "term_reply.h"

#define RESCUE_MAX 320
#define ANSWER_WAIT_MS 200

static const int fatal_signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
#define SIGNALS (sizeof(fatal_signals) / sizeof(*fatal_signals))

/* What a fatal signal's handler needs; it has no argument. */
static struct {
	volatile sig_atomic_t armed;
	volatile sig_atomic_t awaits; /* answers */
	bool watches_exit;
	int descriptor;
	struct termios before;
	char bytes[RESCUE_MAX];
	size_t length;
	struct sigaction previous[SIGNALS];
} rescue;

void ui_rescue_send(void)
{
	tcflush(rescue.descriptor, TCOFLUSH);
	(void)!write(rescue.descriptor, rescue.bytes, rescue.length);
}

void ui_rescue_modes(void)
{
	for (int tries = 0; tries < 3 &&
		tcsetattr(rescue.descriptor, TCSANOW, &rescue.before) != 0 && errno != EIO;
		tries++)
		;
}

static void restore(const char *words, size_t length)
{
	rescue.armed = 0;
	ui_rescue_send();
	if (rescue.awaits > 0)
		ui_reply_take(rescue.descriptor, (unsigned)rescue.awaits, 0, ANSWER_WAIT_MS);
	ui_rescue_modes();
	(void)!write(STDERR_FILENO, words, length);
}

/* ncurses (6.4) calls exit(3) where it gets no memory for its colours. */
static void on_exit_armed(void)
{
	static const char ended[] = "sounder: a library ended the program, as some do without "
				    "memory; the terminal was restored\n";
	if (!rescue.armed)
		return;
	restore(ended, sizeof(ended) - 1);
	_exit(SDR_EXIT_FAIL);
}

static void on_fatal(int number, siginfo_t *info, void *context)
{
	static const char fault[] = "sounder: internal error; the terminal was restored\n",
			  refused[] = "sounder: the system refuses what the event loop can't go on "
				      "without; the terminal was restored\n";
	/* libuv's way, and ours, to end where the system refuses what is needed. */
	bool gives_up = number == SIGABRT && info->si_code == SI_TKILL && info->si_pid == getpid();
	(void)context;
	if (rescue.armed)
		restore(gives_up ? refused : fault,
			gives_up ? sizeof(refused) - 1 : sizeof(fault) - 1);
	if (gives_up)
		_exit(SDR_EXIT_FAIL);
	signal(number, SIG_DFL);
	raise(number);
}

void ui_rescue_arm(int descriptor, const struct termios *before)
{
	struct sigaction action = {
		.sa_sigaction = on_fatal, .sa_flags = SA_RESETHAND | SA_NODEFER | SA_SIGINFO};
	rescue.descriptor = descriptor;
	rescue.before = *before;
	rescue.awaits = 0;
	rescue.armed = 1;
	if (!rescue.watches_exit)
		rescue.watches_exit = atexit(on_exit_armed) == 0;
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(fatal_signals[i], &action, &rescue.previous[i]);
}

void ui_rescue_disarm(void)
{
	rescue.armed = 0;
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(fatal_signals[i], &rescue.previous[i], NULL);
}

void ui_rescue_awaits(unsigned answers)
{
	rescue.awaits = (sig_atomic_t)answers;
}

void ui_rescue_set(bool modern, const char *bytes, size_t length)
{
	static const char modes[] = "\033[?2026l\033[?2004l\033[?1006l\033[?1000l";
	size_t extra = modern ? sizeof(modes) - 1 : 0;
	if (length + extra > sizeof(rescue.bytes))
		return;
	memcpy(rescue.bytes, modes, extra);
	memcpy(rescue.bytes + extra, bytes, length);
	rescue.length = extra + length;
}
