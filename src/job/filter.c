/* filter.c - text that passes through: of files, or what the word `-` stands for; a stretch of
 * whole lines a step, in constant memory. */
#include "job/filter.h"

#include <string.h>
#include <unistd.h>

#include "job/input_lines.h"

struct filter {
	struct sdr_job job; /* first */
	struct sdr_outlet outlet;
	struct job_input input;
	int fd;      /* of the file being read; -1: it is not ours to close */
	size_t word; /* the next */
	bool begun, reading;
};

static void on_put(void *context, const void *bytes, size_t length)
{
	const struct sdr_job_sink *sink = &((struct filter *)context)->job.sink;
	if (sink->text)
		sink->text(sink->context, bytes, length);
}

static void on_emit(void *context, const struct sdr_sheet *sheet)
{
	const struct sdr_job_sink *sink = &((struct filter *)context)->job.sink;
	if (sink->sheet)
		sink->sheet(sink->context, sheet);
}

static void begin(struct filter *f)
{
	const struct sdr_job *job = &f->job;
	f->begun = true;
	f->fd = -1;
	f->word = job->request->filter.words_first;
	f->outlet = (struct sdr_outlet){.context = f,
		.put = on_put,
		.emit = on_emit,
		.sheets = job->sink.sheets,
		.several = sdr_call_words(job->call) > f->word + 1,
		.name = "-"};
}

static const char *name_of(const struct filter *f)
{
	return strcmp(f->outlet.name, "-") == 0 ? sdr_input_front_name(&f->job) : f->outlet.name;
}

static void close_word(struct filter *f)
{
	sdr_input_close(&f->input);
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	f->reading = false;
}

static void open_word(struct filter *f, const char *word)
{
	struct sdr_error error = {0};
	enum sdr_status status;
	f->outlet.name = word;
	if (strcmp(word, "-") == 0) {
		status = sdr_input_open_front(&f->input, &f->job, false);
	} else if (sdr_file_open(word, &f->fd, &error) == SDR_OK) {
		status = sdr_input_open(&f->input, &f->job, f->fd, NULL);
	} else {
		sdr_procedure_complain(&f->job, "%s", error.text);
		sdr_procedure_exit(&f->job, SDR_EXIT_FAIL);
		f->fd = -1;
		return;
	}
	f->reading = true;
	if (status == SDR_OK)
		return;
	sdr_input_complain(&f->input, status, name_of(f));
	close_word(f);
}

/* Opens the next word; without any word, `-`. False: there is none. */
static bool open_next(struct filter *f)
{
	const struct sdr_call *call = f->job.call;
	size_t first = f->job.request->filter.words_first, words = sdr_call_words(call);
	bool none = words <= first && f->word == first;
	if (f->word >= words && !none)
		return false;
	size_t word = f->word++;
	open_word(f, none ? "-" : sdr_call_word(call, word));
	return true;
}

static void read_on(struct filter *f)
{
	const char *bytes = NULL;
	size_t length = 0;
	enum sdr_status status = sdr_input_next(&f->input, &bytes, &length);
	if (status == SDR_EBUSY)
		return;
	if (status != SDR_OK)
		sdr_input_complain(&f->input, status, name_of(f));
	else if (length > 0)
		f->job.request->filter.lines(f->job.request->state, bytes, length, &f->outlet);
	f->job.progress.done += length;
	if (length == 0)
		close_word(f);
	sdr_procedure_wake(&f->job);
}

static void step(struct sdr_job *job)
{
	struct filter *f = (struct filter *)job;
	if (!f->begun)
		begin(f);
	if (f->reading)
		read_on(f);
	else if (open_next(f))
		sdr_procedure_wake(job);
	else
		sdr_procedure_end(job);
}

static void conclude(struct sdr_job *job)
{
	struct filter *f = (struct filter *)job;
	if (!f->begun)
		begin(f);
	sdr_procedure_exit(job, job->request->filter.finish(job->request->state, &f->outlet));
}

static void stop(struct sdr_job *job)
{
	struct filter *f = (struct filter *)job;
	if (f->begun)
		close_word(f);
}

const struct procedure sdr_job_filter = {.size = sizeof(struct filter),
	.what = "bytes",
	.step = step,
	.conclude = conclude,
	.stop = stop};
