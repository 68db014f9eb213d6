/* ui_hook.c - what is done beside the screen when a target goes DOWN or comes up: the bell, and the
 * user's own program (down-command, up-command).
 *
 * Only targets that changed according to the model are checked. The program gets the target's name
 * as its only argument, without a shell, and no access to the terminal; only a few run at a time,
 * so that a failing network does not start a thousand of them. */
#include "ui_hook.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "sounder/model.h"

#define RUNNING_MAX 8

struct ui_hook {
	uv_process_t process;
	struct ui_hook *next;
	struct ui *ui; /* NULL once the screen is closed */
};

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void forget(struct ui_hook *hook)
{
	for (struct ui_hook **at = &hook->ui->hooks; *at; at = &(*at)->next) {
		if (*at == hook) {
			*at = hook->next;
			break;
		}
	}
	uv_close((uv_handle_t *)&hook->process, on_closed);
}

static void on_exit_of(uv_process_t *process, int64_t status, int number)
{
	(void)status;
	(void)number;
	forget(process->data);
}

static void run(struct ui *ui, const char *program, const char *target)
{
	unsigned running = 0;
	for (struct ui_hook *hook = ui->hooks; hook; hook = hook->next)
		running++;
	struct ui_hook *hook = running < RUNNING_MAX ? calloc(1, sizeof(*hook)) : NULL;
	if (!hook) {
		sdr_model_note(sdr_app_model(ui->app), ui->wall, SDR_TONE_WARNING, target,
			"%s was not run: %u run already", program, running);
		return;
	}
	char *words[] = {(char *)(uintptr_t)program, (char *)(uintptr_t)target, NULL};
	uv_stdio_container_t nothing[3] = {
		{.flags = UV_IGNORE}, {.flags = UV_IGNORE}, {.flags = UV_IGNORE}};
	uv_process_options_t options = {.file = program,
		.args = words,
		.exit_cb = on_exit_of,
		.stdio = nothing,
		.stdio_count = 3,
		.flags = UV_PROCESS_DETACHED};
	hook->ui = ui;
	hook->next = ui->hooks;
	ui->hooks = hook;
	hook->process.data = hook;
	int failed = uv_spawn(sdr_app_loop(ui->app), &hook->process, &options);
	if (failed) {
		sdr_model_note(sdr_app_model(ui->app), ui->wall, SDR_TONE_BAD, target,
			"%s could not be run: %s", program, uv_strerror(failed));
		forget(hook);
	}
}

static void change(
	struct ui *ui, const struct sdr_target *target, enum sdr_state state, enum sdr_state before)
{
	const struct sdr_settings *settings = sdr_app_settings(ui->app);
	bool went = state == SDR_STATE_DOWN,
	     came = before == SDR_STATE_DOWN && (state == SDR_STATE_UP || state == SDR_STATE_SLOW);
	if (before == state || (!went && !came))
		return;
	if (sdr_settings_number(settings, SDR_SET_BELL) && ui->term)
		ui_term_bell(ui->term);
	const char *program =
		sdr_settings_text(settings, went ? SDR_SET_DOWN_COMMAND : SDR_SET_UP_COMMAND);
	char label[SDR_TARGET_LABEL];
	if (*program && ui->loop)
		run(ui, program, sdr_target_label(label, target));
}

static bool make_room(struct ui *ui, uint32_t id)
{
	if (id < ui->state_count)
		return true;
	uint32_t count = (id + 1) * 2;
	uint8_t *states = realloc(ui->states, count);
	if (!states)
		return false;
	memset(states + ui->state_count, SDR_STATE_UNKNOWN, count - ui->state_count);
	ui->states = states;
	ui->state_count = count;
	return true;
}

static void look_at(struct ui *ui, const struct sdr_model *model, uint32_t position)
{
	const struct sdr_target *target = sdr_model_target(model, position);
	enum sdr_state state = sdr_model_state(model, position);
	if (!make_room(ui, target->id))
		return;
	enum sdr_state before = ui->states[target->id];
	ui->states[target->id] = (uint8_t)state;
	change(ui, target, state, before);
}

void ui_hook_look(struct ui *ui)
{
	const struct sdr_model *model = sdr_app_model(ui->app);
	uint64_t version = sdr_model_order_version(model), from = ui->state_version + 1;
	if (version == ui->state_version)
		return;
	ui->state_version = version;
	bool known = sdr_model_changed(model, from) != UINT32_MAX;
	for (uint32_t i = 0; !known && i < sdr_model_count(model); i++)
		look_at(ui, model, i);
	for (; known && from <= version; from++) {
		uint32_t position = sdr_model_position(model, sdr_model_changed(model, from));
		if (position != UINT32_MAX)
			look_at(ui, model, position);
	}
}

void ui_hook_close(struct ui *ui)
{
	while (ui->hooks)
		forget(ui->hooks);
	free(ui->states);
	ui->states = NULL;
	ui->state_count = 0;
}
