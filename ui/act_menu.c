/* act_menu.c - `menu`: what can be done with the line under the cursor, by its own facts. */
#include <string.h>

#include "act.h"
#include "front.h"
#include "sounder/line.h"
#include "ui_job.h"

/* The panel's own keys whose lines are about what is under the cursor come first. */
static void add_own(struct ui *ui, const struct ui_subject *subject)
{
	const struct ui_binding *binding;
	for (size_t i = 0; (binding = ui_keymap_at(ui->keymap, i)); i++) {
		char line[UI_INPUT_TEXT];
		if (binding->panel == (int)ui->focus && strchr(binding->text, '%') &&
			ui_expand_text(binding, subject, line, sizeof(line)))
			ui_overlay_add(&ui->overlay,
				&(struct ui_entry){.text = binding->note, .line = line});
	}
}

/* What finds out more about what is wrong. */
static void add_next(struct ui *ui, const struct ui_subject *subject)
{
	char line[UI_INPUT_TEXT];
	if (subject->next && ui_expand_line(ui, subject->next, subject, line, sizeof(line)))
		ui_overlay_add(
			&ui->overlay, &(struct ui_entry){.text = "find out more", .line = line});
}

/* The panel's verbs come first of all, with the letters that run them; those that name what the
 * line has not are left out. */
static void add_verbs(struct ui *ui, const struct ui_subject *subject)
{
	const struct ui_key *verb = ui_focused(ui)->panel->verbs;
	for (; verb && verb->key; verb++) {
		char line[UI_INPUT_TEXT];
		if (ui_expand_line(ui, verb->line, subject, line, sizeof(line)))
			ui_overlay_add(&ui->overlay,
				&(struct ui_entry){.key = (char *)(uintptr_t)verb->key,
					.text = (char *)(uintptr_t)verb->note,
					.line = line});
	}
}

/* Where there is nothing under the cursor: the verbs that need nothing, else the panel's input. */
static enum sdr_status offer_nothing(
	struct ui *ui, const struct ui_subject *subject, struct sdr_error *error)
{
	struct ui_slot *slot = ui_focused(ui);
	ui_overlay_list(&ui->overlay, slot->panel->title, false);
	add_verbs(ui, subject);
	if (ui->overlay.entry_count > 0)
		return SDR_OK;
	ui_overlay_close(&ui->overlay);
	slot->input.active = slot->panel->input;
	if (!slot->input.active)
		sdr_error_set(error, 0, "there is nothing under the cursor");
	return slot->input.active ? SDR_OK : SDR_ENOENT;
}

/* Whether an entry about HTTP is about the line's own URL where it has one, and only there. */
static bool fits_url(const struct ui_binding *binding, const struct ui_subject *subject)
{
	const char *name = sdr_line_call(binding->line)->command->name;
	if (strcmp(name, "head") != 0 && strcmp(name, "get") != 0)
		return true;
	return !strstr(binding->text, "%target") == !strstr(subject->target, "://");
}

/* Those that the menu leaves out on a line without a target. */
static const char *const on_target[] = {"remove", "edit", "again", "pause", "reset", NULL};

/* Whether a command has something to act on: those that act on a target need one, those that copy
 * something to copy. */
static bool has_object(const struct sdr_call *call, const struct ui_subject *subject)
{
	if (strcmp(call->command->name, "copy") == 0)
		return !sdr_call_has(call, "command") || subject->command[0] ||
			subject->id != UI_NO_TARGET;
	for (size_t i = 0; on_target[i]; i++)
		if (strcmp(on_target[i], call->command->name) == 0)
			return subject->id != UI_NO_TARGET;
	return true;
}

/* Offers what can be done with the line under the cursor: every offered line whose %words it
 * has. Of a job there is its answer to see. */
enum sdr_status ui_open_menu(struct ui *ui, struct sdr_error *error)
{
	struct ui_subject subject;
	const struct ui_binding *binding;
	if (!ui_subject(ui, &subject))
		return offer_nothing(ui, &subject, error);
	struct ui_job *job = ui_job_find(ui, subject.job);
	if (job) {
		ui_job_show(ui, job);
		return SDR_OK;
	}
	struct sdr_addr
		literal; /* an address in a name's place is offered as the address that it is */
	if (sdr_addr_parse(subject.name, &literal, NULL) == SDR_OK)
		subject.name[0] = '\0';
	const char *title = subject.target[0] ? subject.target : subject.value;
	ui_overlay_list(&ui->overlay, title, false);
	add_next(ui, &subject);
	add_verbs(ui, &subject);
	add_own(ui, &subject);
	for (size_t i = 0; (binding = ui_keymap_at(ui->keymap, i)); i++) {
		char line[UI_INPUT_TEXT];
		if (binding->panel == UI_KEYMAP_OFFER &&
			has_object(sdr_line_call(binding->line), &subject) &&
			fits_url(binding, &subject) &&
			ui_expand_text(binding, &subject, line, sizeof(line)))
			ui_overlay_add(&ui->overlay,
				&(struct ui_entry){.text = binding->note, .line = line});
	}
	return SDR_OK;
}

static enum sdr_status perform_menu(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	(void)call;
	return ui_open_menu(screen, error);
}
UI_ACTION(menu)

static const struct sdr_command menu = {.name = "menu",
	.sentence = "offer what can be done with the line under the cursor",
	.where = SDR_WHERE_SCREEN,
	.make = make_menu};

const struct sdr_command *const ui_act_menu[] = {&menu, NULL};
