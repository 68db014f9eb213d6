/* ui_job.c - pending questions. A job owns its line and request until the last answer came, even if
 * it was cancelled: then it has no place to deliver to, and only waits for its end. */
#include <stdlib.h>
#include <string.h>

#include "sounder/engine.h"
#include "ui_state.h"

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
	bool failed;
	uint32_t *targets; /* [target_count] asked once of the engine; UI_NO_TARGET: done */
	uint32_t target_count;
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
	free(job->targets);
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

void ui_job_drop(struct ui *ui, struct ui_slot *slot)
{
	(void)ui;
	if (slot->job)
		slot->job->slot = NULL;
	slot->job = NULL;
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

static struct ui_job *find_target(const struct ui *ui, uint32_t id, uint32_t *index)
{
	for (struct ui_job *job = ui->jobs; job; job = job->next)
		for (*index = 0; *index < job->target_count; ++*index)
			if (job->targets[*index] == id)
				return job;
	return NULL;
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	const struct ui *ui = *(struct ui **)context;
	uint32_t index;
	struct ui_job *job = find_target(ui, target->id, &index);
	if (!job || result->kind != SDR_RESULT_ANSWER)
		return;
	struct sdr_error why = {0};
	if (result->outcome != SDR_OUTCOME_OK && result->why)
		sdr_error_set(&why, 0, "%s", result->why);
	note_end(job, sdr_outcome_exit(result->outcome), &why);
	struct sdr_sheet *made = result->detail ? NULL : sheet_of(target, result);
	if (result->detail || made)
		deliver(job, UI_STAGE_SHEET, result->detail ? result->detail : made);
	sdr_sheet_free(made);
}

/* A target that can't be probed never yields a result: its reason is the answer. */
static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	const struct ui *ui = *(struct ui **)context;
	uint32_t index;
	struct ui_job *job = event == SDR_TARGET_CHANGED && target->phase == SDR_PHASE_FAILED
		? find_target(ui, target->id, &index)
		: NULL;
	struct sdr_error error = {0};
	if (!job)
		return;
	sdr_error_set(&error, 0, "%s", target->why);
	note_end(job, sdr_outcome_exit(target->outcome), &error);
}

enum sdr_status ui_job_single(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error)
{
	struct ui_job *job = open_job(ui, line, request);
	if (!job)
		return SDR_ENOMEM;
	const struct sdr_watch *watch = &job->request.watch;
	job->targets = calloc(watch->count ? watch->count : 1, sizeof(*job->targets));
	for (size_t i = 0; i < watch->count && job->targets; i++) {
		struct sdr_spec spec;
		sdr_watch_spec(watch, i, &spec);
		uint32_t id;
		if (spec.count == 0)
			spec.count = 1;
		if (sdr_engine_add(sdr_app_engine(ui->app), &spec, &id, error) == SDR_OK) {
			job->targets[job->target_count++] = id;
			job->waiting++;
		} else {
			note_end(job, SDR_EXIT_FAIL, error);
		}
	}
	settle(job);
	return SDR_OK;
}

/* Takes the targets that are done out of the engine, which a sink may not do. */
static void sweep_job(struct ui *ui, struct ui_job *job)
{
	struct sdr_engine *engine = sdr_app_engine(ui->app);
	for (uint32_t i = 0; i < job->target_count; i++) {
		const struct sdr_target *target = job->targets[i] == UI_NO_TARGET
			? NULL
			: sdr_engine_find(engine, job->targets[i]);
		if (job->targets[i] == UI_NO_TARGET ||
			(target && target->phase != SDR_PHASE_FINISHED &&
				target->phase != SDR_PHASE_FAILED))
			continue;
		if (target)
			sdr_engine_remove(engine, job->targets[i]);
		job->targets[i] = UI_NO_TARGET;
		job->waiting--;
	}
}

void ui_job_sweep(struct ui *ui)
{
	struct ui_job *next;
	for (struct ui_job *job = ui->jobs; job; job = next) {
		next = job->next;
		if (job->target_count == 0)
			continue;
		sweep_job(ui, job);
		settle(job);
	}
}

/* ---- the screen comes and goes ---- */

/* The sink's context is the address of the jobs' owner, apart from the screen's own: it must differ
 * from other sinks' contexts. */
enum sdr_status ui_job_open(struct ui *ui)
{
	ui->self = ui;
	struct sdr_sink sink = {
		.context = &ui->self, .on_result = on_result, .on_target = on_target};
	return sdr_engine_sink_add(sdr_app_engine(ui->app), &sink);
}

void ui_job_close(struct ui *ui)
{
	struct ui_job *next;
	if (ui->self)
		sdr_engine_sink_remove(sdr_app_engine(ui->app), &ui->self);
	ui->self = NULL;
	for (struct ui_job *job = ui->jobs; job; job = next) {
		next = job->next;
		job->ui = NULL;
		job->slot = NULL;
		if (job->target_count > 0)
			free_job(job); /* a lookup's goes when its end comes */
	}
	ui->jobs = NULL;
}
