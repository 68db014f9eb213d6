/* shell.h - the shell's front. */
#ifndef SOUNDER_SHELL_H
#define SOUNDER_SHELL_H

#include "sounder/out.h"
#include "sounder/status.h"

struct sdr_app;
struct sdr_call;

/* Runs a call to its end on the loop, answers to `out` and complaints to `err`, and returns the
 * exit code. SDR_EXIT_FAIL also where `out` could not be written; SDR_EXIT_NO at the least where
 * its reader went. */
enum sdr_exit sdr_shell_run(
	struct sdr_app *app, const struct sdr_call *call, struct sdr_out *out, struct sdr_out *err);

#endif
