/* lookup_queue.c - a queue of questions. What the first one answers goes on at once, what those
 * behind it answer is kept until it is their turn, unless the order is of no concern. */
#include "job/lookup_queue.h"

#include <stdlib.h>
#include <string.h>

#define AT_A_TIME 16 /* unless the lookup has a number of its own */

struct question {
	struct lookup_queue *all;
	TAILQ_ENTRY(question) link;
	char *text; /* [text_length] lines that came before their turn; owned */
	size_t text_length;
	struct sdr_sheet **kept; /* [kept_count] answers that came before their turn; owned */
	size_t kept_count;
	void *handle;       /* what takes it back, see struct sdr_lookup */
	bool done, starved; /* starved: there was no memory to keep an answer */
	enum sdr_exit exit;
	struct sdr_error error;
};

bool sdr_lookup_queue_full(const struct lookup_queue *queue)
{
	unsigned most = queue->job->request->lookup.at_a_time;
	return queue->count >= (most > 0 ? most : AT_A_TIME);
}

bool sdr_lookup_queue_pending(const struct lookup_queue *queue)
{
	return !TAILQ_EMPTY(&queue->questions);
}

/* ---- handing on ---- */

static void end(struct sdr_job *job, enum sdr_exit exit, const struct sdr_error *error)
{
	if (error && error->text[0])
		sdr_procedure_complain(job, "%s", error->text);
	else if (exit == SDR_EXIT_FAIL)
		sdr_procedure_complain(
			job, "%s: %s", job->call->command->name, sdr_status_text(SDR_ENOMEM));
	sdr_procedure_exit(job, exit);
}

static void hand_on(struct sdr_job *job, const struct sdr_sheet *sheet)
{
	if (job->over)
		return;
	if (sdr_sheet_failed(sheet)) /* half an answer does not count */
		end(job, SDR_EXIT_FAIL, NULL);
	else if (job->sink.sheet)
		job->sink.sheet(job->sink.context, sheet);
}

static void hand_on_text(struct sdr_job *job, const void *bytes, size_t length)
{
	if (!job->over && job->sink.text)
		job->sink.text(job->sink.context, bytes, length);
}

static void hand_on_kept(struct question *question)
{
	struct sdr_job *job = question->all->job;
	for (size_t i = 0; i < question->kept_count; i++) {
		hand_on(job, question->kept[i]);
		sdr_sheet_free(question->kept[i]);
	}
	if (question->text_length > 0)
		hand_on_text(job, question->text, question->text_length);
	if (question->starved)
		end(job, SDR_EXIT_FAIL, NULL);
	free(question->kept);
	free(question->text);
	question->kept = NULL;
	question->text = NULL;
	question->kept_count = question->text_length = 0;
	question->starved = false;
}

/* Ends one that is done, and whose turn it is. */
static void question_end(struct question *question)
{
	struct lookup_queue *queue = question->all;
	hand_on_kept(question);
	queue->job->progress.done++;
	queue->ended[question->exit]++;
	end(queue->job, question->exit, &question->error);
	TAILQ_REMOVE(&queue->questions, question, link);
	queue->count--;
	free(question);
}

/* Hands on what it is the turn of. */
static void advance(struct lookup_queue *queue)
{
	struct question *first;
	while ((first = TAILQ_FIRST(&queue->questions)) && !queue->job->over) {
		hand_on_kept(first);
		if (!first->done)
			return;
		question_end(first);
	}
}

static bool is_its_turn(const struct question *question)
{
	const struct lookup_queue *queue = question->all;
	return queue->job->request->lookup.as_they_come ||
		question == TAILQ_FIRST(&queue->questions);
}

static void keep(struct question *question, const struct sdr_sheet *sheet)
{
	struct sdr_sheet *copy = sdr_sheet_copy(sheet),
			 **kept = realloc(question->kept,
				 (question->kept_count + 1) * sizeof(*question->kept));
	question->kept = kept ? kept : question->kept;
	if (copy && kept) {
		question->kept[question->kept_count++] = copy;
		return;
	}
	sdr_sheet_free(copy);
	question->starved = true;
}

static void on_emit(void *context, const struct sdr_sheet *sheet)
{
	struct question *question = context;
	if (question->all->job->over)
		return;
	if (is_its_turn(question))
		hand_on(question->all->job, sheet);
	else
		keep(question, sheet);
}

static void on_text(void *context, const void *bytes, size_t length)
{
	struct question *question = context;
	if (is_its_turn(question)) {
		hand_on_text(question->all->job, bytes, length);
		return;
	}
	char *grown = length > 0 ? realloc(question->text, question->text_length + length) : NULL;
	question->starved = question->starved || (length > 0 && !grown);
	if (!grown)
		return;
	memcpy(grown + question->text_length, bytes, length);
	question->text = grown;
	question->text_length += length;
}

static void on_done(void *context, enum sdr_exit exit, const struct sdr_error *error)
{
	struct question *question = context;
	struct lookup_queue *queue = question->all;
	question->done = true;
	question->exit = exit;
	question->error = error ? *error : (struct sdr_error){0};
	if (queue->job->over)
		return;
	struct sdr_job *job = queue->job;
	if (job->request->lookup.as_they_come)
		question_end(question);
	else if (question == TAILQ_FIRST(&queue->questions))
		advance(queue);
	sdr_procedure_wake(job);
}

/* ---- asking ---- */

static void start(struct lookup_queue *queue, const char *word)
{
	struct sdr_job *job = queue->job;
	struct question *question = calloc(1, sizeof(*question));
	if (!question) {
		job->progress.done++;
		end(job, SDR_EXIT_FAIL, NULL);
		return;
	}
	question->all = queue;
	TAILQ_INSERT_TAIL(&queue->questions, question, link);
	queue->count++;
	bool texts = job->request->lookup.texts && job->sink.text && !job->sink.sheets;
	const struct sdr_answers answers = {question, on_emit, texts ? on_text : NULL, on_done,
		job->request->state, &question->handle};
	if (job->request->lookup.start(job->call, word, &answers, &question->error) == SDR_OK)
		return;
	question->done = true;
	question->exit = SDR_EXIT_FAIL;
	if (job->request->lookup.as_they_come)
		question_end(question);
	else if (question == TAILQ_FIRST(&queue->questions))
		advance(queue);
}

/* Where answers are there at once, no question is ever under way. */
static void on_answer(void *context, const struct sdr_sheet *sheet)
{
	hand_on(context, sheet);
}

void sdr_lookup_queue_ask(struct lookup_queue *queue, const char *word)
{
	struct sdr_job *job = queue->job;
	const struct sdr_lookup *lookup = &job->request->lookup;
	if (!lookup->answer) {
		start(queue, word);
		return;
	}
	const struct sdr_answers answers = {
		.context = job, .emit = on_answer, .state = job->request->state};
	struct sdr_error error = {0};
	enum sdr_exit exit = lookup->answer(job->call, word, &answers, &error);
	job->progress.done++;
	end(job, exit, &error);
}

void sdr_lookup_queue_finish(struct lookup_queue *queue)
{
	struct sdr_job *job = queue->job;
	const struct sdr_answers answers = {
		.context = job, .emit = on_answer, .state = job->request->state};
	struct sdr_error error = {0};
	enum sdr_exit exit = job->request->lookup.finish(job->call, &answers, &error);
	end(job, exit, &error);
}

void sdr_lookup_queue_drop(struct lookup_queue *queue)
{
	struct question *question;
	if (!queue->job)
		return; /* it was never begun */
	while ((question = TAILQ_FIRST(&queue->questions))) {
		if (!question->done)
			queue->job->request->lookup.cancel(queue->job->call, question->handle);
		for (size_t i = 0; i < question->kept_count; i++)
			sdr_sheet_free(question->kept[i]);
		TAILQ_REMOVE(&queue->questions, question, link);
		free(question->kept);
		free(question->text);
		free(question);
	}
	queue->count = 0;
}
