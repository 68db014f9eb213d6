/* act_columns.c - `columns`: chooses and orders the columns of a panel's table. */
#include "act_columns.h"

#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "places.h"
#include "sounder/line.h"
#include "table_columns.h"

#define LIST_TEXT (UI_TABLE_COLUMNS * UI_COLUMN_KEY)
#define TOGGLE "columns --toggle "

/* Names in their order. */
struct names {
	char of[UI_TABLE_COLUMNS][UI_COLUMN_KEY];
	unsigned count;
};

/* ---- what a panel has ---- */

/* A table of the panel's columns without rows, placed as the user wants. */
static struct ui_table table_of(const struct ui_slot *slot)
{
	struct ui_table table = {.columns = slot->panel->columns};
	const char *wrong;
	if (slot->columns)
		(void)ui_table_place(&table, slot->columns, &wrong);
	return table;
}

static void split(struct names *names, const char *text)
{
	names->count = 0;
	while (*text && names->count < UI_TABLE_COLUMNS) {
		size_t length = strcspn(text, " ");
		snprintf(names->of[names->count++], UI_COLUMN_KEY, "%.*s", (int)length, text);
		text += length + strspn(text + length, " ");
	}
}

static void get(const struct ui_slot *slot, struct names *names)
{
	char text[LIST_TEXT];
	struct ui_table table = table_of(slot);
	ui_table_placed(&table, text, sizeof(text));
	split(names, text);
}

static int find(const struct names *names, const char *name)
{
	for (unsigned i = 0; i < names->count; i++)
		if (!strcmp(names->of[i], name))
			return (int)i;
	return -1;
}

/* Takes names over, blank-separated; "": as the panel has them. */
static enum sdr_status set_names(struct ui_slot *slot, const char *names, struct sdr_error *error)
{
	struct ui_table table = {.columns = slot->panel->columns}, all = table;
	char text[LIST_TEXT];
	const char *wrong;
	if (!table.columns) {
		sdr_error_set(error, 0, "the %s panel has no columns to choose", slot->panel->name);
		return SDR_ENOENT;
	}
	ui_table_placed(&all, text, sizeof(text));
	if (!ui_table_place(&table, names, &wrong)) {
		sdr_error_set(error, 0, "\"%.*s\": the columns of %s are %s",
			(int)strcspn(wrong, " "), wrong, slot->panel->name, text);
		return SDR_EINVAL;
	}
	bool own = *names && strcmp(names, text) != 0;
	char *copy = own ? strdup(names) : NULL;
	if (own && !copy)
		return SDR_ENOMEM;
	free(slot->columns);
	slot->columns = copy;
	slot->columns_fresh = true;
	return SDR_OK;
}

static enum sdr_status put(struct ui_slot *slot, const struct names *names, struct sdr_error *error)
{
	char text[LIST_TEXT] = "";
	for (unsigned i = 0; i < names->count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? " " : "",
			names->of[i]);
	return set_names(slot, text, error);
}

void ui_columns_settle(struct ui *ui)
{
	struct ui_slot *slot = ui_focused(ui);
	struct ui_table *table = slot->columns_fresh ? ui_table_now(ui) : NULL;
	const char *wrong;
	if (!table || table->columns != slot->panel->columns)
		return;
	(void)ui_table_place(table, slot->columns ? slot->columns : "", &wrong);
	slot->columns_fresh = false;
}

/* ---- the list ---- */

static void add_entry(struct ui *ui, const char *name, bool shown)
{
	char text[UI_COLUMN_KEY + 8], line[UI_COLUMN_KEY + sizeof(TOGGLE)];
	snprintf(text, sizeof(text), "[%c] %s", shown ? 'x' : ' ', name);
	snprintf(line, sizeof(line), TOGGLE "%s", name);
	ui_overlay_add(&ui->overlay, &(struct ui_entry){.text = text, .line = line});
}

/* Lists what is shown, in order, then the rest; the cursor is on `name`. */
static void list(struct ui *ui, const char *name)
{
	struct names shown, all;
	struct ui_slot *slot = ui_focused(ui), plain = {.panel = slot->panel};
	get(slot, &shown);
	get(&plain, &all);
	ui_overlay_list(&ui->overlay, "Columns: Enter shows or hides, < > move", false);
	ui->overlay.lists_columns = true;
	for (unsigned i = 0; i < shown.count; i++)
		add_entry(ui, shown.of[i], true);
	for (unsigned i = 0; i < all.count; i++)
		if (find(&shown, all.of[i]) < 0)
			add_entry(ui, all.of[i], false);
	for (size_t i = 0; i < ui->overlay.entry_count; i++)
		if (!strcmp(ui->overlay.entries[i].line + strlen(TOGGLE), name))
			ui_table_go(&ui->overlay.table, (uint32_t)i);
}

void ui_columns_shift(struct ui *ui, int step)
{
	const char *line = ui->overlay.lists_columns ? ui_overlay_line(&ui->overlay) : NULL;
	struct ui_slot *slot = ui_focused(ui);
	struct names names;
	char name[UI_COLUMN_KEY];
	if (!line)
		return;
	snprintf(name, sizeof(name), "%s", line + strlen(TOGGLE));
	get(slot, &names);
	int at = find(&names, name), to = at + step;
	if (at < 0 || to < 0 || to >= (int)names.count)
		return;
	memcpy(names.of[at], names.of[to], UI_COLUMN_KEY);
	memcpy(names.of[to], name, UI_COLUMN_KEY);
	if (put(slot, &names, NULL) == SDR_OK)
		list(ui, name);
}

static enum sdr_status toggle(struct ui *ui, const char *name, struct sdr_error *error)
{
	struct ui_slot *slot = ui_focused(ui);
	struct names names;
	get(slot, &names);
	int at = find(&names, name);
	if (at >= 0 && names.count == 1) {
		sdr_error_set(error, 0, "one column stays");
		return SDR_EINVAL;
	}
	if (at < 0 && names.count < UI_TABLE_COLUMNS) {
		snprintf(names.of[names.count++], UI_COLUMN_KEY, "%s", name);
	} else if (at >= 0) {
		names.count--;
		memmove(names.of[at], names.of[at + 1],
			(names.count - (unsigned)at) * sizeof(names.of[0]));
	}
	enum sdr_status status = put(slot, &names, error);
	if (status == SDR_OK)
		list(ui, name);
	return status;
}

/* ---- the command ---- */

static struct ui_slot *slot_named(struct ui *ui, const char *name, struct sdr_error *error)
{
	if (!name)
		return ui_focused(ui);
	for (unsigned i = 0; i < ui->slot_count; i++)
		if (!strcmp(ui->slots[i].panel->name, name))
			return &ui->slots[i];
	sdr_error_set(error, 0, "there is no panel \"%s\"", name);
	return NULL;
}

static enum sdr_status perform_columns(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_slot *slot = slot_named(ui, sdr_call_text(call, "panel"), error);
	char text[LIST_TEXT] = "";
	if (!slot)
		return SDR_ENOENT;
	if (!slot->panel->columns)
		return set_names(slot, "", error);
	if (sdr_call_has(call, "toggle"))
		return toggle(ui, sdr_call_text(call, "toggle"), error);
	if (!sdr_call_word(call, 0) && !sdr_call_has(call, "all")) {
		if (slot != ui_focused(ui))
			ui_focus(ui, (unsigned)(slot - ui->slots));
		list(ui, "");
		return SDR_OK;
	}
	for (size_t i = 0; i < sdr_call_words(call); i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? " " : "",
			sdr_call_word(call, i));
	return set_names(slot, text, error);
}
UI_ACTION(columns)

void ui_columns_write(struct ui *ui, struct sdr_out *out)
{
	for (unsigned i = 0; i < ui->slot_count; i++)
		if (ui->slots[i].columns)
			sdr_out_line(out, SDR_TONE_PLAIN, "columns --panel %s %s",
				ui->slots[i].panel->name, ui->slots[i].columns);
}

static const struct sdr_option options[] = {
	{.name = "panel",
		.letter = 'p',
		.kind = SDR_OPTION_TEXT,
		.metavar = "PANEL",
		.sentence = "of that panel's table"},
	{.name = "toggle",
		.kind = SDR_OPTION_TEXT,
		.metavar = "NAME",
		.sentence = "show that column, or no longer, and list them all",
		.excludes = "panel all"},
	{.name = "all",
		.letter = 'a',
		.kind = SDR_OPTION_FLAG,
		.sentence = "all of them, as the panel has them"},
	{0},
};

static const struct sdr_command columns = {.name = "columns",
	.topic = UI_TOPIC_SCREEN,
	.arguments = "[NAME...]",
	.sentence = "choose the columns of the panel's table, and their order",
	.details = "Without names a list opens: Enter shows a column or hides it, < and > move it. "
		   "Where it gets narrow some give way all the same. write-config keeps them.",
	.options = {options},
	.words_max = -1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES | SDR_EFFECT_LOOKS,
	.make = make_columns};

const struct sdr_command *const ui_act_columns[] = {&columns, NULL};
