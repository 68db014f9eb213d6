/* journal_file.c - the journal's entries in a file. */
#include "session/journal_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sounder/file.h"

/* Bytes that wait for room on the disk; further entries are counted, and the count is written to
 * the file. */
#define KEPT 65536

struct sdr_journal_file {
	char *path; /* owned */
	int descriptor;
	char kept[KEPT];
	size_t length;
	unsigned long lost; /* entries that did not fit in */
	bool failing;       /* already reported */
};

enum sdr_status sdr_journal_file_open(
	const char *path, struct sdr_journal_file **result, struct sdr_error *error)
{
	struct sdr_journal_file *log = calloc(1, sizeof(*log));
	if (!log || !(log->path = strdup(path))) {
		free(log);
		return SDR_ENOMEM;
	}
	enum sdr_status status = sdr_file_open_append(path, &log->descriptor, error);
	if (status) {
		free(log->path);
		free(log);
		return status;
	}
	*result = log;
	return SDR_OK;
}

void sdr_journal_file_close(struct sdr_journal_file *log)
{
	struct sdr_error ignored;
	if (!log)
		return;
	sdr_journal_file_flush(log, &ignored);
	close(log->descriptor);
	free(log->path);
	free(log);
}

enum sdr_status sdr_journal_file_reopen(struct sdr_journal_file *log, struct sdr_error *error)
{
	int descriptor;
	enum sdr_status status = sdr_file_open_append(log->path, &descriptor, error);
	if (status)
		return status; /* the old one stays in use */
	close(log->descriptor);
	log->descriptor = descriptor;
	return SDR_OK;
}

bool sdr_journal_file_is_behind(const struct sdr_journal_file *log)
{
	return log->length > 0 || log->lost > 0;
}

static bool write_kept(struct sdr_journal_file *log)
{
	while (log->length > 0) {
		ssize_t put = write(log->descriptor, log->kept, log->length);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		log->length -= (size_t)put;
		memmove(log->kept, log->kept + put, log->length);
	}
	return true;
}

bool sdr_journal_file_flush(struct sdr_journal_file *log, struct sdr_error *error)
{
	bool good = write_kept(log);
	int number = errno;
	if (good && log->lost > 0) {
		log->length = (size_t)snprintf(log->kept, sizeof(log->kept),
			"%lu entries are missing here: the file could not be written\n", log->lost);
		log->lost = 0;
		good = write_kept(log);
		number = errno;
	}
	bool first = !good && !log->failing;
	log->failing = !good;
	if (first)
		sdr_error_set(error, 0,
			"%.200s can't be written: %s; entries are kept and tried again", log->path,
			strerror(number));
	return !first;
}

bool sdr_journal_file_add(
	struct sdr_journal_file *log, const char *line, size_t length, struct sdr_error *error)
{
	if (log->length + length + 1 > sizeof(log->kept)) {
		log->lost++;
	} else {
		memcpy(log->kept + log->length, line, length);
		log->length += length;
		log->kept[log->length++] = '\n';
	}
	return sdr_journal_file_flush(log, error);
}
