/* lookup.c - questions: one, or one a word, some of them at a time; their answers come in the order
 * in which they were asked. The word `-` stands for lines, read as they come. */
#include "job/lookup.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "job/input_lines.h"
#include "job/lookup_queue.h"

#define LINE_MAX_BYTES 65536 /* longer lines are refused */
#define STEP (10 * SDR_MS)   /* longer, and what else the loop has to do would wait */

struct lookup {
	struct sdr_job job; /* first */
	struct lookup_queue queue;
	size_t word;       /* the next */
	bool begun, asked; /* asked: nothing more is to be asked */
	bool reading;      /* `input` is open */
	struct job_input input;
	const char *bytes; /* [length], lines that have come and are not asked about yet */
	size_t length;
	char *line;     /* [LINE_MAX_BYTES], owned; NULL until lines are read */
	uint64_t lines; /* that were asked about */
	sdr_ns started;
};

/* ---- lines ---- */

static void close_lines(struct lookup *l)
{
	sdr_input_close(&l->input);
	l->reading = false;
	l->length = 0;
}

static void open_lines(struct lookup *l)
{
	enum sdr_status status = sdr_input_open_front(&l->input, &l->job, true);
	if (status == SDR_OK && !l->line && !(l->line = malloc(LINE_MAX_BYTES)))
		status = SDR_ENOMEM;
	l->reading = true;
	if (status == SDR_OK)
		return;
	sdr_input_complain(&l->input, status, sdr_input_front_name(&l->job));
	close_lines(l);
}

/* Cuts the next line off what has come, without blanks around it. NULL: it is blank, a comment or
 * too long. */
static const char *take_line(struct lookup *l)
{
	const char *from = l->bytes, *end = memchr(from, '\n', l->length);
	size_t length = end ? (size_t)(end - from) : l->length, taken = end ? length + 1 : length;
	l->bytes += taken;
	l->length -= taken;
	while (length && memchr("\r \t", from[length - 1], 3))
		length--;
	for (; length && (*from == ' ' || *from == '\t'); length--)
		from++;
	if (!length || *from == '#')
		return NULL;
	if (length >= LINE_MAX_BYTES) {
		sdr_procedure_complain(&l->job, "%s: a line of more than %d bytes; it is left out",
			sdr_input_front_name(&l->job), LINE_MAX_BYTES - 1);
		sdr_procedure_exit(&l->job, SDR_EXIT_FAIL);
		return NULL;
	}
	memcpy(l->line, from, length);
	l->line[length] = '\0';
	return l->line;
}

/* False: nothing has come yet. */
static bool read_lines(struct lookup *l)
{
	enum sdr_status status = sdr_input_next(&l->input, &l->bytes, &l->length);
	if (status == SDR_EBUSY)
		return false;
	if (status != SDR_OK)
		sdr_input_complain(&l->input, status, sdr_input_front_name(&l->job));
	if (status != SDR_OK || l->length == 0)
		close_lines(l);
	return true;
}

/* ---- words ---- */

static void ask(struct lookup *l, const char *word)
{
	l->job.progress.total++;
	sdr_lookup_queue_ask(&l->queue, word);
}

static void ask_word(struct lookup *l)
{
	const struct sdr_lookup *lookup = &l->job.request->lookup;
	size_t words = lookup->words_end > 0 ? lookup->words_end
		: lookup->each_word          ? sdr_call_words(l->job.call)
					     : l->word == 0;
	if (l->word >= words) {
		l->asked = true;
		return;
	}
	const char *word = lookup->each_word ? sdr_call_word(l->job.call, l->word) : NULL;
	l->word++;
	if (word && strcmp(word, "-") == 0)
		open_lines(l);
	else
		ask(l, word);
}

/* Whether the rate lets another question go; else the job is woken when it does. */
static bool is_permitted(struct lookup *l)
{
	uint32_t rate = l->job.request->lookup.rate;
	if (rate == 0)
		return true;
	sdr_ns now = sdr_clock_now(),
	       next = l->started + (sdr_ns)(l->job.progress.total * (uint64_t)SDR_SECOND / rate);
	if (next <= now)
		return true;
	sdr_procedure_wake_in(&l->job, next - now);
	return false;
}

/* "100000 lines: 99990 with data, 8 without, 2 failed; 1.2 s"; of one line its answer is all. */
static void count(struct lookup *l)
{
	char time[SDR_DURATION_TEXT];
	const uint64_t *ended = l->queue.ended;
	if (!l->job.request->lookup.counted || l->lines < 2)
		return;
	sdr_procedure_complain(&l->job,
		"%" PRIu64 " lines: %" PRIu64 " with data, %" PRIu64 " without, %" PRIu64
		" failed; %s",
		l->lines, ended[SDR_EXIT_YES], ended[SDR_EXIT_NO], ended[SDR_EXIT_FAIL],
		sdr_duration_display(time, sdr_clock_now() - l->started));
}

/* Does one thing of what there is to ask. False: it has to be waited for. */
static bool ask_on(struct lookup *l)
{
	if (sdr_lookup_queue_full(&l->queue) || !is_permitted(l))
		return false;
	if (!l->reading) {
		ask_word(l);
		return true;
	}
	if (l->length == 0)
		return read_lines(l);
	const char *line = take_line(l);
	if (line) {
		l->lines++;
		ask(l, line);
	}
	return true;
}

static void begin(struct lookup *l)
{
	const struct sdr_lookup *lookup = &l->job.request->lookup;
	l->begun = true;
	l->queue.job = &l->job;
	l->started = sdr_clock_now();
	TAILQ_INIT(&l->queue.questions);
	l->word = lookup->each_word ? lookup->words_first : 0;
}

static void step(struct sdr_job *job)
{
	struct lookup *l = (struct lookup *)job;
	sdr_ns end = sdr_clock_now() + STEP;
	if (!l->begun)
		begin(l);
	while (!l->asked && !job->over) {
		if (!ask_on(l))
			return;
		if (sdr_clock_now() < end)
			continue;
		sdr_procedure_wake(job);
		return;
	}
	if (job->over || sdr_lookup_queue_pending(&l->queue))
		return;
	if (job->request->lookup.finish && job->exit != SDR_EXIT_FAIL)
		sdr_lookup_queue_finish(&l->queue);
	count(l);
	sdr_procedure_end(job);
}

static void stop(struct sdr_job *job)
{
	struct lookup *l = (struct lookup *)job;
	sdr_lookup_queue_drop(&l->queue);
	if (l->reading)
		close_lines(l);
	free(l->line);
}

const struct procedure sdr_job_lookup = {
	.size = sizeof(struct lookup), .what = "answers", .step = step, .stop = stop};
