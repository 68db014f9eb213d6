/* journal_writer.c - events of servers into the journal, its entries into a file. */
#include "session/journal_writer.h"

#include <stdio.h>

#include "session/journal_file.h"
#include "sounder/sanitize.h"

void sdr_journal_note_service(void *context, const struct sdr_service_event *event)
{
	static const enum sdr_tone tones[] = {
		[SDR_SERVICE_LISTENING] = SDR_TONE_OK,
		[SDR_SERVICE_REFUSED] = SDR_TONE_WARNING,
		[SDR_SERVICE_FAILED] = SDR_TONE_BAD,
		[SDR_SERVICE_STOPPED] = SDR_TONE_PLAIN,
	};
	bool reported = event->kind == SDR_SERVICE_LISTENING ||
		event->kind == SDR_SERVICE_REFUSED || event->kind == SDR_SERVICE_FAILED ||
		event->kind == SDR_SERVICE_STOPPED;
	if (!reported)
		return;
	char subject[SDR_ENDPOINT_TEXT + 32], local[SDR_ENDPOINT_TEXT];
	snprintf(subject, sizeof(subject), "%s %s %s", event->type->name,
		event->transport == SDR_TCP ? "tcp" : "udp",
		sdr_endpoint_format(local, &event->local));
	sdr_model_note(context, event->when, tones[event->kind], subject, "%s%s%s",
		sdr_service_event_word(event->kind), event->why ? ": " : "",
		event->why ? event->why : "");
}

enum sdr_status sdr_journal_writer_open(
	struct journal_writer *writer, const char *path, struct sdr_error *error)
{
	if (writer->file) {
		sdr_error_set(error, 0, "%.200s: the log is written to a file already", path);
		return SDR_EINVAL;
	}
	enum sdr_status status = sdr_journal_file_open(path, &writer->file, error);
	if (status == SDR_ENOMEM)
		sdr_error_set(error, 0, "%.200s: %s", path, sdr_status_text(status));
	return status;
}

enum sdr_status sdr_journal_writer_reopen(struct journal_writer *writer, struct sdr_error *error)
{
	return writer->file ? sdr_journal_file_reopen(writer->file, error) : SDR_ENOENT;
}

static void take(struct journal_writer *writer, bool good, const struct sdr_error *error)
{
	if (!good && writer->complain)
		writer->complain(writer->context, error->text);
}

static void write_event(struct journal_writer *writer, const struct sdr_event *event)
{
	char when[SDR_WALL_TEXT], line[2 * SDR_ERROR_TEXT], clean[8 * SDR_ERROR_TEXT];
	struct sdr_error error;
	int length = snprintf(line, sizeof(line), "%s  %s  %s", sdr_wall_format(when, event->when),
		event->subject, event->text);
	size_t used = length < 0                ? 0
		: (size_t)length < sizeof(line) ? (size_t)length
						: sizeof(line) - 1;
	used = sdr_sanitize(clean, sizeof(clean), line, used, NULL);
	size_t whole = used < sizeof(clean) ? used : sizeof(clean) - 1;
	take(writer, sdr_journal_file_add(writer->file, clean, whole, &error), &error);
}

bool sdr_journal_writer_has_work(const struct journal_writer *writer, const struct sdr_model *model)
{
	return writer->file &&
		(sdr_model_event_count(model) != writer->written ||
			sdr_journal_file_is_behind(writer->file));
}

void sdr_journal_writer_write(struct journal_writer *writer, const struct sdr_model *model)
{
	uint64_t count = sdr_model_event_count(model);
	struct sdr_error error;
	if (!writer->file)
		return;
	if (count == writer->written)
		take(writer, sdr_journal_file_flush(writer->file, &error), &error);
	for (uint64_t back = count - writer->written; back > 0; back--) {
		const struct sdr_event *event =
			back > UINT32_MAX ? NULL : sdr_model_event(model, (uint32_t)back - 1);
		if (event)
			write_event(writer, event);
	}
	writer->written = count;
}

void sdr_journal_writer_close(struct journal_writer *writer, const struct sdr_model *model)
{
	sdr_journal_writer_write(writer, model);
	sdr_journal_file_close(writer->file);
	writer->file = NULL;
}
