/* shell.h (internal) - what the files of the shell's front share: one run of one call. */
#ifndef SOUNDER_SHELL_SHELL_H
#define SOUNDER_SHELL_SHELL_H

#include "report/report.h"
#include "sounder/app.h"
#include "sounder/file.h"
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

/* Run a request of each kind; the exit code is run->exit. */
void sdr_lookup_run(struct shell_run *run);
void sdr_filter_run(struct shell_run *run);
void sdr_watch_run(struct shell_run *run);
void sdr_job_run(struct shell_run *run); /* a sweep, the search for an MTU */
void sdr_serve_run(struct shell_run *run);

/* The exit code of a target's probes, as in iputils: no reply is 1, and so are fewer than `wanted`
 * (0: any) at the deadline; a probe that could not leave is 2. --until (whether it was `reached`)
 * and --fail-over have rules of their own, and so has fping. */
enum sdr_exit sdr_watch_exit(const struct sdr_watch *watch, const struct sdr_tally *tally,
	bool reached, uint64_t wanted);

/* Whether a target was rejected for what it is, as a broadcast address: bad text, of which stdout
 * shows nothing. */
bool sdr_watch_refused(const struct sdr_target *target);

/* Whether a target's failure, shown on stderr, has a line on stdout, too: text, and fping's, have
 * none before a probe. */
bool sdr_watch_shows_failure(const struct shell_run *run, const struct sdr_target *target);

/* ---- lines of input ---- */

/* Reads a descriptor in large pieces and hands on whole lines, in constant memory. */
struct shell_lines {
	int fd;
	char *buffer; /* [room], owned */
	size_t room;
	size_t from, to;               /* read but not passed on */
	bool over;                     /* the end of input was seen */
	struct sdr_file_source source; /* its name is NULL if any bytes are accepted */
	struct sdr_error error;        /* the error in the text */
};

enum sdr_status sdr_lines_open(struct shell_lines *lines, int fd, const char *name) SDR_MUST_CHECK;
void sdr_lines_close(struct shell_lines *lines); /* the descriptor stays open */

/* Waits for input and returns a stretch of whole lines in bytes[length], valid until the next call;
 * at the end of input the last line may lack its line feed, and then length is 0. ERANGE: a line
 * of more than 64 MiB. EINVAL: a NUL byte, UTF-16. ESYSTEM with errno; ENOMEM. */
enum sdr_status sdr_lines_next(
	struct shell_lines *lines, const char **bytes, size_t *length) SDR_MUST_CHECK;

/* Prints an error for the user; call it before anything else changes errno. */
const char *sdr_lines_why(const struct shell_lines *lines, enum sdr_status status);

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

/* Reports that a name has more addresses than are followed. */
void sdr_shell_report_cut(struct shell_run *run, const struct sdr_target *target);

/* Reports that there was no memory to follow all of a name's addresses; the exit is 2. */
void sdr_shell_report_starved(struct shell_run *run, const struct sdr_target *target);

/* Reports on stderr, once, that one address family of a name could not be resolved; returns the new
 * value of `reported`. */
bool sdr_shell_report_missing(
	struct shell_run *run, const struct sdr_target *target, bool reported);

#endif
