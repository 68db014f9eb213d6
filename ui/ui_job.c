/* ui_job.c - pending questions. A job owns its line and request until the last answer came, even if
 * it was cancelled: then it has no place to deliver to, and only waits for its end. */
#include "ui_job.h"

#include <stdlib.h>
#include <string.h>

#include "sounder/job.h"
#include "sounder/line.h"

struct ui_job {
	struct ui_job *next;
	struct ui *ui;              /* NULL once the screen is closed */
	struct ui_slot *slot;       /* where answers go; NULL: cancelled, or `overlay` */
	bool overlay;               /* answers go to the overlay */
	struct sdr_line *line;      /* owned */
	struct sdr_request request; /* owned */
	char *text;                 /* the line as asked; owned */
	sdr_ns began;
	unsigned waiting;       /* answers' ends that are still to come */
	bool starting;          /* within the loop that asks for each word */
	enum sdr_exit exit;     /* the worst so far */
	struct sdr_error error; /* the first complaint */
	bool failed, cancelled;
	struct sdr_job *work; /* what probes; NULL: a lookup, or it is over */
	uint64_t alive;       /* hosts of a sweep that answered */
};

sdr_ns ui_job_since(const struct ui_job *job)
{
	return job->began;
}

static void free_job(struct ui_job *job)
{
	sdr_request_done(&job->request);
	sdr_line_free(job->line);
	free(job->text);
	free(job);
}

static void unlink_job(struct ui_job *job)
{
	if (!job->ui)
		return;
	for (struct ui_job **at = &job->ui->jobs; *at; at = &(*at)->next) {
		if (*at == job) {
			*at = job->next;
			break;
		}
	}
	if (job->slot && job->slot->job == job)
		job->slot->job = NULL;
}

/* ---- delivering ---- */

static void deliver(struct ui_job *job, enum ui_stage stage, const struct sdr_sheet *sheet)
{
	struct ui *ui = job->ui;
	struct ui_answer answer = {.stage = stage,
		.command = sdr_line_call(job->line)->command->name,
		.line = job->text,
		.sheet = sheet,
		.exit = job->exit,
		.error = job->failed ? job->error.text : NULL};
	if (!ui || (!job->slot && !job->overlay))
		return;
	ui_tick_clock(ui);
	answer.elapsed = ui->now - job->began;
	ui->due = true;
	ui_want_frame(ui);
	if (job->overlay) {
		if (ui->overlay.kind == UI_OVERLAY_SHEET)
			ui_sheet_answer(&ui->overlay.sheet, &answer);
		if (answer.error)
			ui_notify(ui, SDR_TONE_BAD, "%s", answer.error);
		return;
	}
	struct ui_slot *slot = job->slot;
	if (slot->panel->answer)
		slot->panel->answer(ui, slot->state, &answer);
	if (stage != UI_STAGE_DONE || !answer.error)
		return;
	if (slot->panel->input)
		snprintf(slot->input.error, sizeof(slot->input.error), "%s", answer.error);
	else
		ui_notify(ui, SDR_TONE_BAD, "%s", answer.error);
}

static void note_end(struct ui_job *job, enum sdr_exit exit, const struct sdr_error *error)
{
	if (exit > job->exit)
		job->exit = exit;
	if (error && error->text[0] && !job->failed) {
		job->error = *error;
		job->failed = true;
	}
}

/* Ends a job for which nothing more is to come. */
static void settle(struct ui_job *job)
{
	if (job->waiting > 0 || job->starting)
		return;
	deliver(job, UI_STAGE_DONE, NULL);
	unlink_job(job);
	free_job(job);
}

static void on_sheet(void *context, const struct sdr_sheet *sheet)
{
	deliver(context, UI_STAGE_SHEET, sheet);
}

static void on_done(void *context, enum sdr_exit exit, const struct sdr_error *error)
{
	struct ui_job *job = context;
	note_end(job, exit, error);
	job->waiting--;
	settle(job);
}

/* A lookup that answers at once returns that it has ended. */
static void on_nothing(void *context, enum sdr_exit exit, const struct sdr_error *error)
{
	(void)context;
	(void)exit;
	(void)error;
}

/* Has its probes go, and notes that in the footer. */
static void cancel(struct ui_job *job)
{
	if (job->cancelled)
		return;
	job->cancelled = true;
	sdr_job_cancel(job->work);
	ui_notify(job->ui, SDR_TONE_WARNING, "cancelled: %s", job->text);
}

/* Nobody wants a job's answers any more: it only waits for its end, and its probes go. */
static void abandon(struct ui_job *job)
{
	job->slot = NULL;
	job->overlay = false;
	if (job->work)
		cancel(job);
}

void ui_job_drop(struct ui *ui, struct ui_slot *slot)
{
	struct ui_job *job = slot->job;
	(void)ui;
	slot->job = NULL;
	if (job)
		abandon(job);
}

void ui_job_drop_overlay(struct ui *ui)
{
	for (struct ui_job *job = ui->jobs; job; job = job->next)
		if (job->overlay)
			abandon(job);
}

/* ---- asking ---- */

/* The slot that shows a command's answers. */
static struct ui_slot *shower(struct ui *ui, const char *command)
{
	for (unsigned i = 0; i < ui->slot_count; i++) {
		const char *const *shows = ui->slots[i].panel->shows;
		for (; shows && *shows; shows++)
			if (!strcmp(*shows, command))
				return &ui->slots[i];
	}
	return NULL;
}

static char *call_text(const struct sdr_call *call, bool secrets)
{
	char *text = NULL, word[1024], shown[1024];
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	fputs(call->command->name, file);
	for (size_t i = 0; i < call->count; i++) {
		const struct sdr_arg *arg = &call->args[i];
		if (arg->option)
			fprintf(file, " --%s%s", arg->option->name, arg->text ? "=" : "");
		else
			fputc(' ', file);
		if (!arg->text)
			continue;
		sdr_word_quote(word, sizeof(word),
			secrets ? arg->text : sdr_arg_shown(shown, sizeof(shown), call, arg));
		fputs(word, file);
	}
	fclose(file);
	return text;
}

char *ui_call_text(const struct sdr_call *call)
{
	return call_text(call, true);
}

/* Makes a job, which takes line and request over, and finds the place for its answers. */
static struct ui_job *open_job(struct ui *ui, struct sdr_line *line, struct sdr_request *request)
{
	struct ui_job *job = calloc(1, sizeof(*job));
	const struct sdr_call *call = sdr_line_call(line);
	char *text = call_text(call, false);
	if (!job || !text) {
		free(job);
		free(text);
		sdr_request_done(request);
		sdr_line_free(line);
		return NULL;
	}
	*job = (struct ui_job){.ui = ui,
		.line = line,
		.request = *request,
		.text = text,
		.began = ui->now,
		.next = ui->jobs};
	ui->jobs = job;
	job->slot = ui->asking ? ui->asking : shower(ui, call->command->name);
	if (job->slot) {
		ui_job_drop(ui, job->slot);
		job->slot->job = job;
		job->slot->input.error[0] = '\0';
		if (!ui->asking)
			ui_focus(ui, (unsigned)(job->slot - ui->slots));
	} else {
		ui_job_drop_overlay(ui);
		job->overlay = true;
		ui_overlay_sheet(&ui->overlay, text);
	}
	deliver(job, UI_STAGE_BEGIN, NULL);
	return job;
}

static void ask_word(struct ui_job *job, const char *word)
{
	const struct sdr_call *call = sdr_line_call(job->line);
	const struct sdr_lookup *lookup = &job->request.lookup;
	struct sdr_answers answers = {.context = job,
		.emit = on_sheet,
		.done = lookup->answer ? on_nothing : on_done,
		.state = job->request.state};
	struct sdr_error error = {0};
	if (word && !strcmp(word, "-")) {
		sdr_error_set(&error, 0,
			"\"-\" reads standard input, which here is the "
			"keyboard; name what you look for");
		note_end(job, SDR_EXIT_FAIL, &error);
	} else if (lookup->answer) {
		enum sdr_exit exit = lookup->answer(call, word, &answers, &error);
		note_end(job, exit, exit == SDR_EXIT_YES ? NULL : &error);
	} else if (lookup->start(call, word, &answers, &error) == SDR_OK) {
		job->waiting++;
	} else {
		note_end(job, SDR_EXIT_FAIL, &error);
	}
}

static void finish_words(struct ui_job *job)
{
	struct sdr_answers answers = {
		.context = job, .emit = on_sheet, .done = on_nothing, .state = job->request.state};
	struct sdr_error error = {0};
	enum sdr_exit exit = job->request.lookup.finish(sdr_line_call(job->line), &answers, &error);
	note_end(job, exit, exit == SDR_EXIT_YES ? NULL : &error);
}

enum sdr_status ui_job_lookup(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error)
{
	const struct sdr_call *call = sdr_line_call(line);
	struct ui_job *job = open_job(ui, line, request);
	(void)error;
	if (!job)
		return SDR_ENOMEM;
	job->starting = true;
	if (!job->request.lookup.each_word)
		ask_word(job, NULL);
	else
		for (size_t i = job->request.lookup.words_first; i < sdr_call_words(call); i++)
			ask_word(job, sdr_call_word(call, i));
	if (job->request.lookup.finish && job->exit != SDR_EXIT_FAIL)
		finish_words(job);
	job->starting = false;
	settle(job);
	return SDR_OK;
}

/* ---- probes that are asked once ---- */

/* A sheet for a result without a detail of its own: what came of it, and the fields that the type
 * declares. */
static struct sdr_sheet *sheet_of(const struct sdr_target *target, const struct sdr_result *result)
{
	const struct sdr_probe_type *type = target->spec->type;
	struct sdr_sheet *sheet = sdr_sheet_new();
	char text[SDR_ADDR_TEXT];
	if (!sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_format(root, "outcome", "Outcome", "%s%s%s", sdr_outcome_sentence(result->outcome),
		result->why ? ": " : "", result->why ? result->why : "")
		->show = SDR_SHOW_HEADLINE;
	sdr_item_text(root, "target", "Target", target->typed);
	if (result->from.addr.version)
		sdr_item_text(
			root, "address", "Address", sdr_addr_format(text, &result->from.addr));
	sdr_item_duration(root, "time_seconds", "Time", result->rtt);
	for (unsigned i = 0; i < type->field_count; i++) {
		const struct sdr_field *field = &type->fields[i];
		const struct sdr_value *value = &result->values[i];
		if (!value->present)
			continue;
		if (field->kind == SDR_FIELD_DURATION)
			sdr_item_duration(root, field->name, field->label, value->number);
		else if (field->kind == SDR_FIELD_TEXT)
			sdr_item_text(root, field->name, field->label, value->text);
		else if (field->kind == SDR_FIELD_BOOLEAN)
			sdr_item_boolean(root, field->name, field->label, value->number != 0);
		else if (field->kind == SDR_FIELD_ADDRESS)
			sdr_item_text(root, field->name, field->label,
				sdr_addr_format(text, value->addr));
		else
			sdr_item_integer(root, field->name, field->label, value->number);
	}
	return sheet;
}

/* A host that is alive, as a row. */
static struct sdr_sheet *sheet_of_alive(
	const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	char label[SDR_TARGET_LABEL];
	if (!sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_text(root, "alive", "Alive", sdr_target_label(label, target));
	sdr_item_duration(root, "time_seconds", "Time", result->rtt);
	return sheet;
}

/* Puts into the overlay's title how far it is, or what it came to. */
static void show_progress(struct ui_job *job, const char *hint)
{
	struct sdr_progress progress;
	char total[32] = "", alive[40] = "";
	sdr_job_progress(job->work, &progress);
	if (!job->overlay || (progress.total == 1 && !job->request.watch.sweep))
		return; /* its answer is all there is */
	if (progress.total)
		snprintf(total, sizeof(total), " of %llu", (unsigned long long)progress.total);
	if (job->request.watch.sweep)
		snprintf(alive, sizeof(alive), ", %llu alive", (unsigned long long)job->alive);
	snprintf(job->ui->overlay.title, sizeof(job->ui->overlay.title), "%s: %llu%s %s%s%s",
		job->text, (unsigned long long)progress.done, total,
		progress.what ? progress.what : "", alive, hint);
	ui_want_frame(job->ui);
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct ui_job *job = context;
	const struct sdr_watch *watch = &job->request.watch;
	struct sdr_sheet *made = NULL;
	struct sdr_error why = {0};
	bool alive = result->outcome == SDR_OUTCOME_OK;
	job->alive += alive;
	show_progress(job, ", x cancels");
	if (watch->find_mtu)
		return;
	if (result->why && (watch->sweep ? result->outcome == SDR_OUTCOME_LOCAL : !alive))
		sdr_error_set(&why, 0, "%s", result->why);
	note_end(job, SDR_EXIT_YES, &why);
	if (watch->sweep)
		made = alive ? sheet_of_alive(target, result) : NULL;
	else if (!result->detail)
		made = sheet_of(target, result);
	if (made || (result->detail && !watch->sweep))
		deliver(job, UI_STAGE_SHEET, made ? made : result->detail);
	sdr_sheet_free(made);
}

/* A target that can't be probed never yields a result: its reason is the answer. */
static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct sdr_error error = {0};
	if (event != SDR_TARGET_CHANGED || target->phase != SDR_PHASE_FAILED)
		return;
	sdr_error_set(&error, 0, "%s", target->why);
	note_end(context, SDR_EXIT_YES, &error);
}

static void on_complaint(void *context, const char *text)
{
	struct sdr_error error = {0};
	sdr_error_set(&error, 0, "%s", text);
	note_end(context, SDR_EXIT_YES, &error);
}

static void on_work_done(void *context, enum sdr_exit exit)
{
	struct ui_job *job = context;
	show_progress(job, job->cancelled ? ", cancelled" : "");
	job->work = NULL;
	on_done(job, exit, NULL);
}

enum sdr_status ui_job_work(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error)
{
	struct ui_job *job = open_job(ui, line, request);
	if (!job)
		return SDR_ENOMEM;
	struct sdr_job_sink sink = {.context = job,
		.sheet = on_sheet,
		.target = on_target,
		.result = on_result,
		.complaint = on_complaint,
		.done = on_work_done};
	if (sdr_job_start(sdr_line_call(line), &job->request, &sink, &job->work, error) == SDR_OK)
		job->waiting = 1;
	else
		note_end(job, SDR_EXIT_FAIL, error);
	settle(job);
	return SDR_OK;
}

bool ui_job_cancel(struct ui *ui)
{
	for (struct ui_job *job = ui->jobs; job; job = job->next) {
		if (!job->overlay || !job->work)
			continue;
		cancel(job);
		return true;
	}
	return false;
}

/* ---- the screen comes and goes ---- */

void ui_job_close(struct ui *ui)
{
	struct ui_job *next;
	for (struct ui_job *job = ui->jobs; job; job = next) {
		next = job->next;
		job->ui = NULL;
		job->slot = NULL;
		if (!job->work)
			continue; /* a lookup's goes when its end comes */
		sdr_job_drop(job->work);
		free_job(job);
	}
	ui->jobs = NULL;
}
