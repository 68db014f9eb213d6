/* lookup_queue.c - a queue of questions. What the first one answers goes on at once, what those
 * behind it answer is kept until it is their turn. */
#include "job/lookup_queue.h"

#include <stdlib.h>

#define AT_A_TIME 16

struct question {
	struct lookup_queue *all;
	struct question *next;
	struct sdr_sheet **kept; /* [kept_count] answers that came before their turn; owned */
	size_t kept_count;
	void *handle;       /* what takes it back, see struct sdr_lookup */
	bool done, starved; /* starved: there was no memory to keep an answer */
	enum sdr_exit exit;
	struct sdr_error error;
};

bool sdr_lookup_queue_full(const struct lookup_queue *queue)
{
	return queue->count >= AT_A_TIME;
}

bool sdr_lookup_queue_pending(const struct lookup_queue *queue)
{
	return queue->first;
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

static void hand_on_kept(struct question *question)
{
	struct sdr_job *job = question->all->job;
	for (size_t i = 0; i < question->kept_count; i++) {
		hand_on(job, question->kept[i]);
		sdr_sheet_free(question->kept[i]);
	}
	if (question->starved)
		end(job, SDR_EXIT_FAIL, NULL);
	free(question->kept);
	question->kept = NULL;
	question->kept_count = 0;
	question->starved = false;
}

/* Hands on what it is the turn of. */
static void advance(struct lookup_queue *queue)
{
	struct question *first;
	while ((first = queue->first) && !queue->job->over) {
		hand_on_kept(first);
		if (!first->done)
			return;
		queue->job->progress.done++;
		end(queue->job, first->exit, &first->error);
		queue->first = first->next;
		if (!queue->first)
			queue->last = NULL;
		queue->count--;
		free(first);
	}
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
	if (question == question->all->first)
		hand_on(question->all->job, sheet);
	else
		keep(question, sheet);
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
	if (question == queue->first)
		advance(queue);
	sdr_procedure_wake(queue->job);
}

/* ---- asking ---- */

static void append(struct lookup_queue *queue, struct question *question)
{
	if (queue->last)
		queue->last->next = question;
	else
		queue->first = question;
	queue->last = question;
	queue->count++;
}

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
	append(queue, question);
	const struct sdr_answers answers = {
		question, on_emit, on_done, job->request->state, &question->handle};
	if (job->request->lookup.start(job->call, word, &answers, &question->error) == SDR_OK)
		return;
	question->done = true;
	question->exit = SDR_EXIT_FAIL;
	if (question == queue->first)
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
	const struct sdr_answers answers = {job, on_answer, NULL, job->request->state, NULL};
	struct sdr_error error = {0};
	enum sdr_exit exit = lookup->answer(job->call, word, &answers, &error);
	job->progress.done++;
	end(job, exit, &error);
}

void sdr_lookup_queue_finish(struct lookup_queue *queue)
{
	struct sdr_job *job = queue->job;
	const struct sdr_answers answers = {job, on_answer, NULL, job->request->state, NULL};
	struct sdr_error error = {0};
	enum sdr_exit exit = job->request->lookup.finish(job->call, &answers, &error);
	end(job, exit, &error);
}

void sdr_lookup_queue_drop(struct lookup_queue *queue)
{
	struct question *question = queue->first, *next;
	for (; question; question = next) {
		next = question->next;
		if (!question->done)
			queue->job->request->lookup.cancel(queue->job->call, question->handle);
		for (size_t i = 0; i < question->kept_count; i++)
			sdr_sheet_free(question->kept[i]);
		free(question->kept);
		free(question);
	}
	queue->first = queue->last = NULL;
	queue->count = 0;
}
