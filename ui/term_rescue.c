/* term_rescue.c - a crash leaves the terminal as it was. */
#include "term_rescue.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define RESCUE_MAX 320

/* What a fatal signal's handler needs; it has no argument. */
static struct {
	volatile sig_atomic_t armed;
	int descriptor;
	struct termios before;
	char bytes[RESCUE_MAX];
	size_t length;
} rescue;

static const int fatal_signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

void ui_rescue_send(void)
{
	tcflush(rescue.descriptor, TCOFLUSH);
	(void)!write(rescue.descriptor, rescue.bytes, rescue.length);
}

static void on_fatal(int number)
{
	static const char text[] = "sounder: internal error; the terminal was restored\n";
	if (rescue.armed) {
		rescue.armed = 0;
		ui_rescue_send();
		tcsetattr(rescue.descriptor, TCSANOW, &rescue.before);
		(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	}
	signal(number, SIG_DFL);
	raise(number);
}

void ui_rescue_arm(int descriptor, const struct termios *before)
{
	struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_RESETHAND | SA_NODEFER};
	rescue.descriptor = descriptor;
	rescue.before = *before;
	rescue.armed = 1;
	for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(*fatal_signals); i++)
		sigaction(fatal_signals[i], &action, NULL);
}

void ui_rescue_disarm(void)
{
	rescue.armed = 0;
	for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(*fatal_signals); i++)
		signal(fatal_signals[i], SIG_DFL);
}

void ui_rescue_set(bool modern, const char *bytes, size_t length)
{
	static const char modes[] = "\033[?2004l\033[?1006l\033[?1000l";
	size_t extra = modern ? sizeof(modes) - 1 : 0;
	if (length + extra > sizeof(rescue.bytes))
		return;
	memcpy(rescue.bytes, modes, extra);
	memcpy(rescue.bytes + extra, bytes, length);
	rescue.length = extra + length;
}
