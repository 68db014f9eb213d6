/* input_lines.h (internal) - text that a job reads, in blocks of whole lines: a descriptor's,
 * read when it has something so that the loop goes on meanwhile, or text that is there already. */
#ifndef SOUNDER_JOB_INPUT_LINES_H
#define SOUNDER_JOB_INPUT_LINES_H

#include "job/procedure.h"
#include "sounder/file.h"

struct input_wait;

struct job_input {
	struct sdr_job *job;
	int fd;           /* borrowed */
	const char *text; /* [to], in place of it; borrowed */
	char *buffer;     /* [room], owned */
	size_t room;
	size_t from, to;               /* read but not passed on */
	bool over;                     /* the end of input was seen */
	struct sdr_file_source source; /* its name is NULL if any bytes are accepted */
	struct sdr_error error;        /* the error in the text */
	struct input_wait *wait;       /* NULL: it never had to be waited for */
};

/* Reads a descriptor, which stays the caller's. `name` for complaints about its text, which is
 * checked then; NULL: any bytes are taken. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_input_open(
	struct job_input *input, struct sdr_job *job, int fd, const char *name);

/* Reads what the request has for the word `-`: a front's text, or standard input. */
SDR_MUST_CHECK enum sdr_status sdr_input_open_front(
	struct job_input *input, struct sdr_job *job, bool checked);

/* Returns a stretch of whole lines in bytes[length], valid until the next call; at the end of input
 * the last line may lack its line feed, and then length is 0. EBUSY: nothing has come yet; the
 * job's `step` is called when something has. ERANGE: a line of more than 64 MiB. EINVAL: a NUL
 * byte, UTF-16. ESYSTEM with errno; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_input_next(
	struct job_input *input, const char **bytes, size_t *length);

/* Complains of what sdr_input_next returned, before anything else changes errno; `name` as in
 * "NAME: ...". The exit code is 2. */
void sdr_input_complain(struct job_input *input, enum sdr_status status, const char *name);

/* Zeroed is allowed. */
void sdr_input_close(struct job_input *input);

/* What a complaint calls the text of the word `-`. */
const char *sdr_input_front_name(const struct sdr_job *job);

#endif
