/* inquiry.c - one question with its whole answer, and below it what is asked again and again. */
#include "inquiry.h"

#include <stdio.h>
#include <string.h>

#define KEEP_OLD (300 * SDR_MS)

static const struct ui_column columns[] = {
	{.title = "", .width = 1, .sorts = true},
	{.title = "Watched", .width = 16, .grow = 3, .sorts = true},
	{.title = "State", .width = 11, .rank = 2},
	{.title = "Loss %", .width = 6, .rank = 4, .right = true, .sorts = true},
	{.title = "Last ms", .width = 7, .right = true, .sorts = true},
	{.title = "p95 ms", .width = 6, .rank = 5, .right = true, .sorts = true},
	{.title = "Last minute", .width = 11, .grow = 1, .rank = 1},
	{.title = "", .width = 20, .grow = 3, .rank = 3},
	{0},
};

static const uint8_t shown[] = {UI_MONITORS_SIGN, UI_MONITORS_TARGET, UI_MONITORS_STATE, UI_MONITORS_LOSS, UI_MONITORS_LAST,
	UI_MONITORS_P95, UI_MONITORS_SERIES, UI_MONITORS_WHY};

void ui_inquiry_init(struct ui_inquiry *inquiry, struct ui *ui, const char *const *types)
{
	ui_monitors_init(&inquiry->monitors, ui, columns, shown, types);
}

void ui_inquiry_done(struct ui_inquiry *inquiry)
{
	ui_monitors_done(&inquiry->monitors);
	ui_sheet_done(&inquiry->sheet);
}

static void begin(struct ui_inquiry *inquiry, const char *line)
{
	if (inquiry->line[0] && strcmp(inquiry->line, line) != 0) {
		memmove(inquiry->before[1], inquiry->before[0], sizeof(inquiry->before) - sizeof(inquiry->before[0]));
		snprintf(inquiry->before[0], sizeof(inquiry->before[0]), "%.63s", inquiry->line);
	}
	snprintf(inquiry->line, sizeof(inquiry->line), "%s", line);
	inquiry->asked = ui_now(inquiry->monitors.ui);
	inquiry->elapsed = 0;
	inquiry->below = false;
}

void ui_inquiry_answer(struct ui_inquiry *inquiry, const struct ui_answer *answer)
{
	if (answer->stage == UI_STAGE_BEGIN)
		begin(inquiry, answer->line);
	inquiry->waiting = answer->stage != UI_STAGE_DONE;
	if (answer->stage == UI_STAGE_SHEET)
		inquiry->elapsed = answer->elapsed;
	ui_sheet_answer(&inquiry->sheet, answer);
}

/* An answer stays in sight for a moment while the next one is awaited, so that fast ones don't flicker; then it would only mislead. */
static bool is_shown(const struct ui_inquiry *inquiry)
{
	return inquiry->sheet.sheet_count && !(inquiry->sheet.stale && ui_now(inquiry->monitors.ui) - inquiry->asked > KEEP_OLD);
}

/* Gives the keys to the table that the cursor is in now: it walks from the answer's last line on into what is watched, and back. */
static void choose_table(struct ui_inquiry *inquiry)
{
	struct ui_table *answer = &inquiry->sheet.table, *watched = &inquiry->monitors.table;
	if (answer->past > 0 && watched->count)
		inquiry->below = true;
	else if (watched->past < 0 || !watched->count)
		inquiry->below = false;
	answer->past = watched->past = 0;
	watched->passive = is_shown(inquiry) && !inquiry->below;
	answer->passive = !watched->passive;
}

const struct sdr_item *ui_inquiry_root(const struct ui_inquiry *inquiry)
{
	return is_shown(inquiry) ? sdr_sheet_view(inquiry->sheet.sheets[inquiry->sheet.sheet_count - 1]) : NULL;
}

static void draw_before(const struct ui_inquiry *inquiry, const struct ui_surface *s)
{
	int at = ui_draw_text(s, 0, 0, UI_DIM, "Before: ");
	for (unsigned i = 0; i < UI_INQUIRY_BEFORE && inquiry->before[i][0]; i++)
		at += ui_draw_printf(s, 0, at, UI_DIM, "%s%s", i ? ", " : "", inquiry->before[i]);
}

struct ui_surface ui_inquiry_frame(struct ui_inquiry *inquiry, const struct ui_surface *surface, const char *title, const char *say)
{
	ui_monitors_update(&inquiry->monitors);
	choose_table(inquiry);
	ui_draw_rule(surface, 0, inquiry->line[0] ? inquiry->line : title, inquiry->waiting ? "asking; Esc gives up" : say);
	int watched = inquiry->monitors.table.count ? (int)inquiry->monitors.table.count + 2 : 0, before = inquiry->before[0][0] != '\0';
	if (watched > surface->height / 2)
		watched = surface->height / 2;
	int left = surface->height - 1 - watched - before;
	struct ui_surface last = ui_surface_part(surface, surface->height - 1, 0, before, -1);
	if (before)
		draw_before(inquiry, &last);
	if (watched) {
		struct ui_surface table = ui_surface_part(surface, 1 + left, 0, watched, -1);
		ui_draw_rule(&table, 0, "Watched", NULL);
		table = ui_surface_part(&table, 1, 0, -1, -1);
		ui_table_draw(&inquiry->monitors.table, &table);
	}
	return ui_surface_part(surface, 1, 0, left > 0 ? left : 0, -1);
}

void ui_inquiry_draw(struct ui_inquiry *inquiry, const struct ui_surface *surface, const struct ui_panel *panel)
{
	if (is_shown(inquiry))
		ui_sheet_draw(&inquiry->sheet, surface);
	else if (!inquiry->waiting)
		ui_draw_empty(surface, panel);
}

struct ui_table *ui_inquiry_table(struct ui_inquiry *inquiry)
{
	choose_table(inquiry);
	return inquiry->monitors.table.passive ? &inquiry->sheet.table : ui_monitors_table(&inquiry->monitors);
}

bool ui_inquiry_subject(struct ui_inquiry *inquiry, struct ui_subject *subject)
{
	if (!inquiry->monitors.table.passive)
		return ui_monitors_subject(&inquiry->monitors, subject);
	snprintf(subject->command, sizeof(subject->command), "%s", inquiry->line);
	subject->id = UI_NO_TARGET;
	return ui_sheet_subject(&inquiry->sheet, subject);
}

bool ui_inquiry_alarm(struct ui_inquiry *inquiry)
{
	ui_ranking_look(&inquiry->monitors);
	return ui_monitors_tally(&inquiry->monitors, SDR_STATE_DOWN) > 0;
}

bool ui_inquiry_work(struct ui_inquiry *inquiry)
{
	return ui_monitors_work(&inquiry->monitors);
}
