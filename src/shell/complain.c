/* complain.c - what all of the shell's front say alike, and the exit code. */
#include "shell/shell.h"

#include <stdarg.h>
#include <stdio.h>

void sdr_shell_exit_raise(struct shell_run *run, enum sdr_exit exit)
{
	if (exit > run->exit)
		run->exit = exit;
}

void sdr_shell_complain(struct shell_run *run, const char *format, ...)
{
	char text[1024];
	va_list rest;
	va_start(rest, format);
	vsnprintf(text, sizeof(text), format, rest);
	va_end(rest);
	bool held = run->out->held; /* lines that come before it are before it */
	sdr_out_hold(run->out, false);
	sdr_out_line(run->err, SDR_TONE_PLAIN, "sounder: %s", text);
	sdr_out_hold(run->out, held);
}
