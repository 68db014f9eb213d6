/* journal_writer.h (internal) - what goes into the journal that no result brings, and the journal
 * into a file. */
#ifndef SOUNDER_SESSION_JOURNAL_WRITER_H
#define SOUNDER_SESSION_JOURNAL_WRITER_H

#include "sounder/model.h"
#include "sounder/service.h"

struct sdr_journal_file;

/* Notes an event of a server that is worth an entry; a sink of services, whose context is the
 * model. */
void sdr_journal_note_service(void *context, const struct sdr_service_event *event);

/* Appends the journal's entries to a file. All zeros but `complain` and `context` at first. */
struct journal_writer {
	struct sdr_journal_file *file; /* owned; NULL: none */
	uint64_t written;              /* entries */
	void (*complain)(void *context, const char *text);
	void *context;
};

/* EINVAL, with `error`: there is a file already. Else as sdr_session_log. */
SDR_MUST_CHECK enum sdr_status sdr_journal_writer_open(
	struct journal_writer *writer, const char *path, struct sdr_error *error);
SDR_MUST_CHECK enum sdr_status sdr_journal_writer_reopen(
	struct journal_writer *writer, struct sdr_error *error);

/* Whether writing would do anything. */
bool sdr_journal_writer_has_work(
	const struct journal_writer *writer, const struct sdr_model *model);

/* Writes the entries that are not in the file yet, oldest first; what could not be written before
 * is tried again. */
void sdr_journal_writer_write(struct journal_writer *writer, const struct sdr_model *model);

/* Likewise, for the last time. */
void sdr_journal_writer_close(struct journal_writer *writer, const struct sdr_model *model);

#endif
