/* act_line.c - the screen's commands that act on the line under the cursor and on targets, and
 * those that open something to type in. */
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "front.h"
#include "keys.h"
#include "members.h"
#include "sounder/engine.h"
#include "sounder/line.h"
#include "sounder/model.h"
#include "ui_job.h"
#include "undo.h"

/* What `a` and the hosts of the command line are watched by. */
#define WATCH_COMMAND "ping"

static bool need_target(struct ui *ui, struct ui_subject *subject, struct sdr_error *error)
{
	if (ui_subject(ui, subject) && subject->id != UI_NO_TARGET)
		return true;
	if (subject->members)
		ui_members_refuse(subject, error);
	else
		sdr_error_set(error, 0, "there is no watched target on this line");
	return false;
}

/* ---- targets ---- */

/* The line that watches a host ("": the line up to it), with the call's label; to be freed. */
static char *watch_line(const struct sdr_call *call, const char *host)
{
	char word[512], label[SDR_GROUP_TEXT * 4 + 8] = "", *line = NULL;
	const char *group = sdr_call_text(call, "group");
	sdr_word_quote(word, sizeof(word), host);
	if (group)
		sdr_word_quote(label, sizeof(label), group);
	int length = asprintf(&line, "%s%s%s %s", WATCH_COMMAND, group ? " --group " : "", label,
		*host ? word : "");
	return length < 0 ? NULL : line;
}

static enum sdr_status perform_add(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	enum sdr_status status = SDR_OK;
	size_t words = sdr_call_words(call);
	for (size_t i = 0; i < (words ? words : 1) && status == SDR_OK; i++) {
		char *line = watch_line(call, words ? sdr_call_word(call, i) : "");
		if (!line)
			status = SDR_ENOMEM;
		else if (words)
			status = ui_front_run_text(ui, line, error);
		else
			ui_prompt_open(ui->prompt, line);
		free(line);
	}
	return status;
}
UI_ACTION(add)

static enum sdr_status perform_remove(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_subject subject;
	(void)call;
	if (!need_target(ui, &subject, error))
		return SDR_ENOENT;
	if (subject.members)
		return ui_members_remove(ui, subject.name, error);
	const struct sdr_target *target = sdr_engine_find(sdr_app_engine(ui->app), subject.id);
	const struct sdr_set *set = target ? sdr_target_set(target) : NULL;
	char what[SDR_ERROR_TEXT];
	if (!target)
		return SDR_ENOENT;
	snprintf(what, sizeof(what), "%s (%s)%s", target->typed, target->spec->type->label,
		!set                                     ? ""
			: strcmp(set->rule, "addresses") ? ", with its set"
							 : ", all its addresses");
	ui_undo_begin(ui, what);
	ui_undo_remove(ui, target);
	enum sdr_status status = sdr_session_remove(sdr_app_session(ui->app), subject.id);
	ui_undo_end(ui, status == SDR_OK);
	if (status == SDR_OK)
		ui_notify(ui, SDR_TONE_PLAIN, "removed %s; u brings it back", what);
	return status;
}
UI_ACTION(remove)

/* Opens the prompt with the target's own line; entering it adds the changed one, and the old one
 * goes. */
static enum sdr_status perform_edit(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_subject subject;
	char name[SDR_HOST_TEXT * 4], *line = NULL;
	(void)call;
	if (!need_target(ui, &subject, error))
		return SDR_ENOENT;
	const struct sdr_target *target = sdr_engine_find(sdr_app_engine(ui->app), subject.id);
	char *whole = target ? sdr_target_line(target, true) : NULL;
	if (!whole && !subject.command[0]) {
		sdr_error_set(error, 0,
			"nothing is known of how this target was "
			"added; d removes it, a adds another");
		return SDR_ENOENT;
	}
	sdr_word_quote(name, sizeof(name), subject.target);
	int length = asprintf(&line, "replace %s %s", name, whole ? whole : subject.command);
	free(whole);
	if (length < 0)
		return SDR_ENOMEM;
	if (length < UI_INPUT_TEXT)
		ui_prompt_open(ui->prompt, line);
	else
		sdr_error_set(error, 0, "its line is longer than what can be typed here");
	free(line);
	ui->edited = subject.id;
	return length < UI_INPUT_TEXT ? SDR_OK : SDR_ERANGE;
}
UI_ACTION(edit)

/* Notes the targets that a line added, which are those that were not there before. */
static void note_added(struct ui *ui, const bool *were, uint32_t limit)
{
	const struct sdr_engine *engine = sdr_app_engine(ui->app);
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		if (target && !target->owned && !(were && id < limit && were[id]))
			ui_undo_added(ui, id);
	}
}

static enum sdr_status replace_target(
	struct ui *ui, const struct sdr_target *target, const char *line, struct sdr_error *error)
{
	const struct sdr_engine *engine = sdr_app_engine(ui->app);
	uint32_t limit = sdr_engine_limit(engine), old = target->id;
	bool *were = calloc(limit + 1, sizeof(*were));
	char what[SDR_ERROR_TEXT];
	if (!were)
		return SDR_ENOMEM;
	for (uint32_t id = 0; id < limit; id++)
		were[id] = sdr_engine_find(engine, id);
	snprintf(what, sizeof(what), "%s (%s) as it was", target->typed, target->spec->type->label);
	ui_undo_begin(ui, what);
	ui_undo_remove(ui, target);
	enum sdr_status status = ui_front_run_text(ui, line, error);
	if (status == SDR_OK)
		note_added(ui, were, limit);
	if (status == SDR_OK)
		status = sdr_session_remove(sdr_app_session(ui->app), old);
	ui_undo_end(ui, status == SDR_OK);
	free(were);
	if (status == SDR_OK)
		ui_notify(ui, SDR_TONE_PLAIN, "replaced; u brings %s back", what);
	return status;
}

/* The target of a name; of several, that which is being edited. NULL with `error`. */
static const struct sdr_target *find_named(struct ui *ui, const char *name, struct sdr_error *error)
{
	const struct sdr_engine *engine = sdr_app_engine(ui->app);
	const struct sdr_target *found = NULL;
	unsigned count = 0;
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		if (!target || target->owned || strcmp(target->typed, name) != 0)
			continue;
		if (id == ui->edited)
			return target;
		found = target;
		count++;
	}
	if (count == 0)
		sdr_error_set(error, 0,
			"no target \"%s\" is watched; e on its line writes the whole command",
			name);
	else if (count > 1)
		sdr_error_set(error, 0,
			"%u targets are called %s; e on the line of one means that one", count,
			name);
	return count == 1 ? found : NULL;
}

/* replace TARGET COMMAND ...: as edit puts it into the prompt. */
static enum sdr_status perform_replace(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	const char *line = sdr_call_word(call, 1);
	const struct sdr_target *target = find_named(ui, sdr_call_word(call, 0), error);
	if (!target || !line)
		return SDR_ENOENT;
	return replace_target(ui, target, line, error);
}
UI_ACTION(replace)

static enum sdr_status perform_again(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_subject subject;
	struct ui_slot *slot = ui_focused(ui);
	(void)call;
	/* In a panel that answers questions, "again" asks the last one again. */
	bool any = ui_subject(ui, &subject);
	if (subject.members)
		return ui_members_again(ui, error);
	if (any && subject.id != UI_NO_TARGET)
		return sdr_session_again(sdr_app_session(ui->app), subject.id);
	if (slot->panel->input && slot->input.length > 0) {
		ui_typed(ui, slot, true);
		return SDR_OK;
	}
	return need_target(ui, &subject, error) ? SDR_OK : SDR_ENOENT;
}
UI_ACTION(again)

/* Pauses one target or all: sending stops, results are kept. All are paused if any of them still
 * runs. */
static void pause_all(struct ui *ui)
{
	struct sdr_engine *engine = sdr_app_engine(ui->app);
	bool running = false;
	unsigned count = 0;
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		running = running ||
			(target && !target->owned && target->phase != SDR_PHASE_PAUSED &&
				target->phase != SDR_PHASE_FINISHED);
	}
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		count += target && !target->owned &&
			sdr_session_pause(sdr_app_session(ui->app), id, running) == SDR_OK;
	}
	ui_notify(ui, SDR_TONE_PLAIN, "%u targets %s", count, running ? "paused" : "go on");
}

static enum sdr_status perform_pause(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_subject subject;
	struct sdr_engine *engine = sdr_app_engine(ui->app);
	if (!sdr_call_has(call, "all") && ui_subject(ui, &subject) && subject.members)
		return ui_members_pause(ui, error);
	if (sdr_call_has(call, "all") || !ui_subject(ui, &subject) || subject.id == UI_NO_TARGET) {
		pause_all(ui);
		return SDR_OK;
	}
	const struct sdr_target *target = sdr_engine_find(engine, subject.id);
	if (!target)
		return SDR_ENOENT;
	bool pause = target->phase != SDR_PHASE_PAUSED;
	char label[SDR_TARGET_LABEL];
	ui_notify(ui, SDR_TONE_PLAIN, "%s %s", sdr_target_label(label, target),
		pause ? "is paused" : "goes on");
	return sdr_session_pause(sdr_app_session(ui->app), subject.id, pause);
}
UI_ACTION(pause)

#define KEPT_MOST 4096 /* targets whose figures are kept for a while */

/* Whose figures are reset. */
struct resets {
	uint32_t *ids; /* [count] */
	uint32_t count;
	bool all;
};

/* Whether a target is among them, or a part of such a one's set that has no figures but as such, a
 * hop. */
static bool is_reset(const struct resets *resets, const struct sdr_target *target)
{
	uint32_t leader = sdr_target_is_part(target) ? sdr_target_set(target)->leader : target->id;
	for (uint32_t i = 0; i < resets->count; i++)
		if (resets->ids[i] == target->id || resets->ids[i] == leader)
			return true;
	return resets->all;
}

/* Resets figures, and keeps them for a while; returns the words for that. */
static const char *reset_figures(struct ui *ui, const struct resets *resets, const char *what)
{
	struct sdr_model *model = sdr_app_model(ui->app);
	struct sdr_engine *engine = sdr_app_engine(ui->app);
	uint32_t count = sdr_model_count(model);
	bool kept = !resets->all || count <= KEPT_MOST;
	if (kept)
		ui_undo_begin(ui, what);
	for (uint32_t i = 0; i < count; i++) {
		const struct sdr_target *target = sdr_model_target(model, i);
		if (!is_reset(resets, target))
			continue;
		struct sdr_figures *figures = sdr_engine_take_figures(engine, target->id);
		if (kept)
			ui_undo_reset(ui, target, figures);
		else
			sdr_figures_free(figures);
		if (!resets->all)
			sdr_model_reset(model, i);
	}
	if (resets->all)
		sdr_model_reset(model, UINT32_MAX);
	if (!kept)
		return ", for good: they are too many to keep";
	ui_undo_end(ui, true);
	return count > 0 ? "; u brings them back" : "";
}

static enum sdr_status perform_undo(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	char what[SDR_ERROR_TEXT];
	(void)call;
	enum sdr_status status = ui_undo(screen, what, sizeof(what), error);
	if (status == SDR_OK)
		ui_notify(screen, SDR_TONE_PLAIN, "back: %s", what);
	return status;
}
UI_ACTION(undo)

static enum sdr_status perform_reset(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_subject subject;
	char what[SDR_ERROR_TEXT] = "figures of all targets";
	bool any = ui_subject(ui, &subject), all = sdr_call_has(call, "all");
	if (!all && subject.members && subject.id == UI_NO_TARGET) {
		ui_members_refuse(&subject, error);
		return SDR_ENOENT;
	}
	bool one =
		!all && any && sdr_model_position(sdr_app_model(ui->app), subject.id) != UINT32_MAX;
	struct resets resets = {.ids = &subject.id, .count = one, .all = !one};
	if (one && subject.members)
		resets.ids = ui_members(ui, &resets.count);
	if (!resets.ids) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	if (one)
		snprintf(what, sizeof(what), "figures of %s%s",
			subject.members ? "all targets of " : "",
			subject.members ? subject.name : subject.target);
	const char *kept = reset_figures(ui, &resets, what);
	if (resets.ids != &subject.id)
		free(resets.ids);
	ui_notify(ui, SDR_TONE_PLAIN, "%s were reset%s", what, kept);
	return SDR_OK;
}
UI_ACTION(reset)

/* ---- opening ---- */

static enum sdr_status perform_input(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_slot *slot = ui_focused(ui);
	bool puts = ui_typeahead_has(ui) && !sdr_call_word(call, 0);
	if (!slot->panel->input && puts) {
		ui_prompt_open(ui->prompt, "");
		ui_typeahead_put(ui, ui_prompt_input(ui->prompt));
		return SDR_OK;
	}
	if (!slot->panel->input) {
		sdr_error_set(error, 0, "this panel has no input; : opens the command line");
		return SDR_ENOENT;
	}
	if (sdr_call_word(call, 0)) {
		ui_input_set(&slot->input, sdr_call_word(call, 0));
		ui_typed(ui, slot, true);
		return SDR_OK;
	}
	slot->input.active = true;
	if (puts) {
		ui_typeahead_put(ui, &slot->input);
		ui_typed(ui, slot, false);
	}
	return SDR_OK;
}
UI_ACTION(input)

static enum sdr_status perform_prompt(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	const char *text = sdr_call_word(call, 0);
	(void)error;
	ui_prompt_open(ui->prompt, text ? text : "");
	return SDR_OK;
}
UI_ACTION(prompt)

static const struct sdr_option all_options[] = {
	{.name = "all",
		.letter = 'a',
		.kind = SDR_OPTION_FLAG,
		.sentence = "all targets, wherever the cursor is"},
	{0},
};

#define COMMAND(verb, does, words, about, least, most) \
	{ \
		.name = #verb, .arguments = words, .sentence = about, .words_min = least, \
		.words_max = most, .where = SDR_WHERE_SCREEN, .effects = does, .make = make_##verb \
	}

static const struct sdr_option add_options[] = {
	{.name = "group",
		.kind = SDR_OPTION_TEXT,
		.metavar = "NAME",
		.sentence = "label them, see `group`"},
	{0},
};

static const struct sdr_command add = {.name = "add",
	.topic = UI_TOPIC_SCREEN,
	.arguments = "[HOST...]",
	.sentence = "watch hosts by ping",
	.options = {add_options},
	.words_max = -1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES | SDR_EFFECT_OPENS_FIELD,
	.complete = SDR_COMPLETE_HOST,
	.make = make_add};
static const struct sdr_command replace = {.name = "replace",
	.arguments = "TARGET COMMAND",
	.sentence =
		"watch TARGET as COMMAND has it, in place of how it is watched now (edit writes "
		"this into the prompt)",
	.words_min = 2,
	.words_max = -1,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.raw_words = true,
	.make = make_replace};
static const struct sdr_command pause_command = {.name = "pause",
	.sentence = "stop sending to the target on this line, or to all; again: go on",
	.options = {all_options},
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.make = make_pause};
static const struct sdr_command reset = {.name = "reset",
	.sentence = "reset the figures of the target on this line",
	.options = {all_options},
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.make = make_reset};
static const struct sdr_command remove_command =
	COMMAND(remove, SDR_EFFECT_CHANGES, NULL, "stop watching the target on this line", 0, 0);
static const struct sdr_command undo = {.name = "undo",
	.topic = UI_TOPIC_SCREEN,
	.sentence = "bring back what remove, reset or replace took in the last minute, with its "
		    "figures",
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.make = make_undo};
static const struct sdr_command edit = COMMAND(
	edit, SDR_EFFECT_OPENS_FIELD, NULL, "change how the target on this line is watched", 0, 0);
static const struct sdr_command again = COMMAND(again, 0, NULL,
	"probe the target on this line now, or ask the panel's question again", 0, 0);
static const struct sdr_command input = {.name = "input",
	.topic = UI_TOPIC_SCREEN,
	.arguments = "[TEXT]",
	.sentence = "give the keys to the panel's input, or enter TEXT there",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_OPENS_FIELD,
	.make = make_input};
static const struct sdr_command prompt = {.name = "prompt",
	.topic = UI_TOPIC_SCREEN,
	.arguments = "[TEXT]",
	.sentence = "open the command line",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_OPENS_FIELD,
	.make = make_prompt};

const struct sdr_command *const ui_act_line[] = {&add, &remove_command, &edit, &replace, &again,
	&pause_command, &reset, &undo, &input, &prompt, NULL};
