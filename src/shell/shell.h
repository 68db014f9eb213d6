/* shell.h (internal) - what the files of the shell's front share: one run of one call. */
#ifndef SOUNDER_SHELL_SHELL_H
#define SOUNDER_SHELL_SHELL_H

#include "report/report.h"
#include "sounder/app.h"
#include "sounder/job.h"

/* A call being run to its end. */
struct shell_run {
	struct sdr_app *app;
	const struct sdr_call *call;
	struct sdr_request *request;
	struct sdr_out *out, *err;
	struct sdr_report report;
	enum sdr_exit exit; /* the worst so far */
};

/* A body that is written to stdout. */
struct shell_body {
	struct sdr_out *out;
	char held[4]; /* bytes of a character that is not whole yet */
	size_t held_length;
	int before; /* see sdr_text_style */
};

/* Writes a stretch of the body; `context` is a shell_body. Returns false once stdout fails. */
bool sdr_body_put(void *context, const void *bytes, size_t length);

/* Writes what is held. */
void sdr_body_end(struct shell_body *body);

/* Notes an exit code; the worst stays. */
void sdr_shell_exit_raise(struct shell_run *run, enum sdr_exit exit);

/* Writes "sounder: ..." to stderr. */
void sdr_shell_complain(struct shell_run *run, const char *format, ...) SDR_PRINTF(2, 3);

#endif
