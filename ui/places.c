/* places.c - where pages were opened from, so that one step back leads there. Cursors stay where
 * they are by themselves: each panel keeps its own. */
#include "places.h"

#include <stdlib.h>
#include <string.h>

#include "panel.h"
#include "table.h"

#define PLACES 16 /* more are forgotten, the oldest first */

struct place {
	unsigned focus;
	struct ui_about about;
};

struct ui_places {
	struct ui_about about; /* of the page in front */
	uint64_t version;
	sdr_ns since; /* when it was opened */
	unsigned count;
	struct place left[PLACES]; /* [count], the latest last */
};

static struct ui_places *places_of(struct ui *ui)
{
	if (!ui->places)
		ui->places = calloc(1, sizeof(*ui->places));
	return ui->places;
}

static void enter(struct ui *ui, unsigned focus, const struct ui_about *about)
{
	struct ui_places *places = ui->places;
	ui_show_slot(ui, focus);
	places->about = *about;
	places->version++;
	places->since = ui->now;
}

static void remember(struct ui *ui)
{
	struct ui_places *places = ui->places;
	if (places->count == PLACES)
		memmove(places->left, places->left + 1, sizeof(places->left[0]) * --places->count);
	places->left[places->count++] = (struct place){ui->focus, places->about};
}

void ui_open_page(struct ui *ui, const struct ui_about *about)
{
	if (!places_of(ui)) {
		ui_notify(ui, SDR_TONE_BAD, "out of memory");
		return;
	}
	remember(ui);
	enter(ui, ui->tab_count, about);
}

bool ui_opened_before_message(const struct ui *ui)
{
	return !ui->places || ui->places->count == 0 || ui->message_since > ui->places->since;
}

bool ui_on_page(const struct ui *ui)
{
	return ui->focus >= ui->tab_count;
}

/* Where an answer stands above what is watched, its table has the keys, until the cursor leaves
 * it. */
static void seek(struct ui *ui, uint32_t id)
{
	struct ui_table *table = ui_table_now(ui);
	if (!table || ui_table_seek(table, id))
		return;
	table->overrun = 1;
	table = ui_table_now(ui);
	if (table)
		(void)ui_table_seek(table, id);
}

enum sdr_status ui_go_on(struct ui *ui, const char *panel, uint32_t id)
{
	for (unsigned i = 0; i < ui->tab_count; i++) {
		if (strcmp(ui->slots[i].panel->name, panel) != 0)
			continue;
		if (!places_of(ui))
			return SDR_ENOMEM;
		if (i != ui->focus) {
			remember(ui);
			enter(ui, i, &ui->places->about);
		}
		if (id != UI_NO_TARGET)
			seek(ui, id);
		return SDR_OK;
	}
	return SDR_ENOENT;
}

bool ui_leave_page(struct ui *ui)
{
	if (!ui->places || ui->places->count == 0)
		return false;
	const struct place *place = &ui->places->left[--ui->places->count];
	enter(ui, place->focus, &place->about);
	return true;
}

void ui_focus_for_answer(struct ui *ui, unsigned index)
{
	if (!ui_on_page(ui)) {
		ui_focus(ui, index);
		return;
	}
	remember(ui);
	ui_show_slot(ui, index);
}

void ui_focus(struct ui *ui, unsigned index)
{
	if (ui->places)
		ui->places->count = 0;
	ui_show_slot(ui, index);
}

unsigned ui_tab(const struct ui *ui)
{
	if (!ui_on_page(ui))
		return ui->focus;
	for (unsigned i = ui->places ? ui->places->count : 0; i > 0; i--)
		if (ui->places->left[i - 1].focus < ui->tab_count)
			return ui->places->left[i - 1].focus;
	return 0;
}

const struct ui_about *ui_about(const struct ui *ui)
{
	static const struct ui_about nothing = {.id = UINT32_MAX};
	return ui->places ? &ui->places->about : &nothing;
}

uint64_t ui_about_version(const struct ui *ui)
{
	return ui->places ? ui->places->version : 0;
}
