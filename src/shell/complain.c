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
	sdr_out_line(run->err, SDR_TONE_PLAIN, "sounder: %s", text);
}

void sdr_shell_report_cut(struct shell_run *run, const struct sdr_target *target)
{
	sdr_shell_complain(run, "%s has more than %d addresses; %d of them are followed",
		target->typed, SDR_NAMES_ADDRESSES_MAX, SDR_NAMES_ADDRESSES_MAX);
}

void sdr_shell_report_starved(struct shell_run *run, const struct sdr_target *target)
{
	sdr_shell_exit_raise(run, SDR_EXIT_FAIL);
	sdr_shell_complain(run, "%s: not all of its addresses are followed: %s", target->typed,
		sdr_status_text(SDR_ENOMEM));
}

bool sdr_shell_report_missing(struct shell_run *run, const struct sdr_target *target, bool reported)
{
	if (target->missing && !reported)
		sdr_shell_complain(run, "%s: %s", target->typed, target->missing);
	return reported || target->missing;
}
