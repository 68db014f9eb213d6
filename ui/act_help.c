/* act_help.c - `keys`: the help, made of the live key map and the table of commands. */
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "front.h"
#include "sounder/line.h"

#define KEYS_TEXT 64 /* the keys of one entry: "Down j" */

/* In this order. Keys whose command has no topic act on the line under the cursor. */
static const char *const topics[] = {
	UI_TOPIC_ACTING, UI_TOPIC_MOVING, UI_TOPIC_PANELS, UI_TOPIC_CHARTS, UI_TOPIC_SCREEN};

static const struct sdr_command *command_of(const struct ui_binding *binding)
{
	return sdr_line_call(binding->line)->command;
}

static const char *topic_of(const struct ui_binding *binding)
{
	const char *topic = command_of(binding)->topic;
	return topic ? topic : UI_TOPIC_ACTING;
}

/* Whether two keys are one entry: they say the same. */
static bool are_one(const struct ui_binding *a, const struct ui_binding *b)
{
	return a->panel == b->panel && command_of(a) == command_of(b) &&
		strcmp(a->note, b->note) == 0;
}

/* Whether both ends of the text, or the only key in it, go on with the next digit: "1" or "1-4". */
static bool counts_on(const char *keys, const char *key)
{
	size_t length = strlen(keys);
	return strlen(key) == 1 && *key > '1' && *key <= '9' && keys[length - 1] == *key - 1 &&
		(length == 1 || (length == 3 && keys[1] == '-'));
}

static void add_key(char keys[static KEYS_TEXT], const char *key)
{
	size_t used = strlen(keys);
	if (used == 0)
		snprintf(keys, KEYS_TEXT, "%s", key);
	else if (counts_on(keys, key))
		snprintf(keys + 1, KEYS_TEXT - 1, "-%s", key);
	else
		snprintf(keys + used, KEYS_TEXT - used, " %s", key);
}

static bool is_listed(const struct ui *ui, const struct ui_binding *binding, int panel)
{
	return binding->panel == panel && ui_keymap_is_live(ui->keymap, (int)ui->focus, binding);
}

/* Whether a binding before it has its entry. */
static bool has_entry(const struct ui *ui, size_t index)
{
	const struct ui_binding *binding = ui_keymap_at(ui->keymap, index);
	for (size_t i = 0; i < index; i++)
		if (are_one(ui_keymap_at(ui->keymap, i), binding) &&
			is_listed(ui, ui_keymap_at(ui->keymap, i), binding->panel))
			return true;
	return false;
}

/* Adds the entry of a binding, with the keys of all that say the same. Where they run different
 * lines, it opens the prompt for the one that is meant. */
static void add_binding(struct ui *ui, size_t index)
{
	const struct ui_binding *binding = ui_keymap_at(ui->keymap, index), *other;
	char keys[KEYS_TEXT] = "", name[UI_KEY_TEXT], line[UI_INPUT_TEXT], shown[UI_INPUT_TEXT];
	struct ui_subject subject;
	bool same = true;
	for (size_t i = index; (other = ui_keymap_at(ui->keymap, i)); i++) {
		if (!are_one(other, binding) || !is_listed(ui, other, binding->panel))
			continue;
		add_key(keys, ui_key_format(name, other->key));
		same = same && strcmp(other->text, binding->text) == 0;
	}
	ui_subject(ui, &subject);
	snprintf(shown, sizeof(shown), "%s", same ? binding->text : command_of(binding)->name);
	/* Bindings whose %words are missing here are listed too; running one reports what is
	 * missing. */
	if (!same)
		snprintf(line, sizeof(line), "prompt \"%s \"", command_of(binding)->name);
	else if (!ui_expand_text(binding, &subject, line, sizeof(line)))
		snprintf(line, sizeof(line), "%s", binding->text);
	ui_overlay_add(&ui->overlay,
		&(struct ui_entry){.key = keys,
			.text = binding->note,
			.line = line,
			.command = shown,
			.sentence = command_of(binding)->sentence});
}

/* Adds the live bindings of a panel, or the global ones, of a topic (NULL: of all). */
static bool add_bindings(struct ui *ui, int panel, const char *topic, const char *title)
{
	const struct ui_binding *binding;
	bool any = false;
	for (size_t i = 0; (binding = ui_keymap_at(ui->keymap, i)); i++) {
		if (!is_listed(ui, binding, panel) || has_entry(ui, i) ||
			(topic && strcmp(topic_of(binding), topic) != 0))
			continue;
		if (!any)
			ui_overlay_add(
				&ui->overlay, &(struct ui_entry){.text = (char *)(uintptr_t)title});
		any = true;
		add_binding(ui, i);
	}
	return any;
}

/* Commands that no key stands for can be searched and run as well. */
static void add_commands(struct ui *ui)
{
	const struct sdr_command *command;
	ui_overlay_add(&ui->overlay,
		&(struct ui_entry){.text = (char *)(uintptr_t) "Commands", .part = 1});
	for (unsigned i = 0; (command = sdr_command_at(ui->app, i)); i++) {
		char line[128], shown[256];
		if (!(command->where & SDR_WHERE_SCREEN))
			continue;
		snprintf(line, sizeof(line), "prompt \"%s \"", command->name);
		snprintf(shown, sizeof(shown), "%s %s", command->name,
			command->arguments ? command->arguments : "");
		struct ui_entry entry = {.key = (char *)(uintptr_t) ":",
			.text = (char *)(uintptr_t)command->sentence,
			.line = line,
			.command = shown,
			.about = command,
			.part = 1};
		ui_overlay_add(&ui->overlay, &entry);
	}
}

static enum sdr_status perform_keys(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	const struct ui_panel *panel = ui_focused(ui)->panel;
	(void)call;
	(void)error;
	ui_overlay_list(&ui->overlay, "Keys and commands", true);
	snprintf(ui->overlay.note, sizeof(ui->overlay.note), "%s: %s", panel->title,
		panel->sentence ? panel->sentence : "");
	ui->overlay.parts[0] = "keys";
	ui->overlay.parts[1] = "commands";
	(void)add_bindings(ui, (int)ui->focus, NULL, panel->title);
	for (size_t i = 0; i < sizeof(topics) / sizeof(*topics); i++)
		(void)add_bindings(ui, UI_KEYMAP_GLOBAL, topics[i], topics[i]);
	add_commands(ui);
	return SDR_OK;
}
UI_ACTION(keys)

static const struct sdr_command keys = {.name = "keys",
	.sentence = "show what the keys do now, and all commands, to search and run",
	.details =
		"What is typed is looked for in keys, notes and lines, then in the whole help of "
		"all commands.",
	.topic = UI_TOPIC_SCREEN,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_OPENS_FIELD,
	.make = make_keys};

const struct sdr_command *const ui_act_help[] = {&keys, NULL};
