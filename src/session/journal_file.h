/* journal_file.h - the journal's entries in a file (--log). What cannot be written now is kept, up
 * to a bound, and tried again. */
#ifndef SOUNDER_SESSION_JOURNAL_FILE_H
#define SOUNDER_SESSION_JOURNAL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "sounder/status.h"

struct sdr_journal_file;

/* Opens the file to append to; it is made with mode 0600. `path` is copied. Errors as
 * sdr_file_open_append's; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_journal_file_open(
	const char *path, struct sdr_journal_file **log, struct sdr_error *error);
void sdr_journal_file_close(struct sdr_journal_file *log);

/* Opens the file of that name again, since the old one was moved away (SIGHUP). */
SDR_MUST_CHECK enum sdr_status sdr_journal_file_reopen(
	struct sdr_journal_file *log, struct sdr_error *error);

/* Adds a line (without its line feed) and writes what is kept. Returns false, with `error`, on the
 * first failure; and again on the first one after it worked. */
bool sdr_journal_file_add(
	struct sdr_journal_file *log, const char *line, size_t length, struct sdr_error *error);

/* Whether something is kept that could not be written. */
bool sdr_journal_file_is_behind(const struct sdr_journal_file *log);

/* Writes what is kept; returns the same as adding. */
bool sdr_journal_file_flush(struct sdr_journal_file *log, struct sdr_error *error);

#endif
