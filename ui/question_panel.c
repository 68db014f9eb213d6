/* question_panel.c - one question with its whole answer, and below it what is asked again and
 * again. */
#include "question_panel.h"
#include "ranking.h"

#include <stdio.h>
#include <string.h>

#define KEEP_OLD (300 * SDR_MS)

const struct ui_column ui_question_columns[] = {
	{.title = "", .width = 1, .sorts = true},
	{.title = "Watched", .width = 16, .grow = 3, .sorts = true},
	{.title = "State", .width = 11, .rank = 2},
	{.title = "Loss %", .width = 6, .rank = 4, .right = true, .sorts = true},
	{.title = "Last ms", .width = 7, .right = true, .sorts = true},
	{.title = "p95 ms", .width = 6, .rank = 5, .right = true, .sorts = true},
	{.title = "Last minute", .width = 11, .grow = 1, .rank = 1, .picture = true},
	{.title = "", .key = "why", .width = 20, .grow = 3, .rank = 3},
	{0},
};

static const uint8_t shown[] = {UI_MONITORS_SIGN, UI_MONITORS_TARGET, UI_MONITORS_STATE,
	UI_MONITORS_LOSS, UI_MONITORS_LAST, UI_MONITORS_P95, UI_MONITORS_SERIES, UI_MONITORS_WHY};

void ui_question_init(struct ui_question *question, struct ui *ui, const char *panel)
{
	ui_monitors_init(&question->monitors, ui, ui_question_columns, shown, panel);
}

void ui_question_done(struct ui_question *question)
{
	ui_monitors_done(&question->monitors);
	ui_sheet_done(&question->sheet);
}

static void begin(struct ui_question *question, const char *line)
{
	if (question->line[0] && strcmp(question->line, line) != 0) {
		memmove(question->before[1], question->before[0],
			sizeof(question->before) - sizeof(question->before[0]));
		snprintf(question->before[0], sizeof(question->before[0]), "%.63s", question->line);
	}
	snprintf(question->line, sizeof(question->line), "%s", line);
	question->asked = ui_now(question->monitors.ui);
	question->elapsed = 0;
	question->below = false;
}

void ui_question_answer(struct ui_question *question, const struct ui_answer *answer)
{
	if (answer->stage == UI_STAGE_BEGIN)
		begin(question, answer->line);
	question->waiting = answer->stage != UI_STAGE_DONE;
	if (answer->stage == UI_STAGE_SHEET)
		question->elapsed = answer->elapsed;
	ui_sheet_answer(&question->sheet, answer);
}

/* An answer stays in sight for a moment while the next one is awaited, so that fast ones don't
 * flicker; then it would only mislead. */
static bool is_shown(const struct ui_question *question)
{
	return question->sheet.sheet_count &&
		!(question->sheet.stale &&
			ui_now(question->monitors.ui) - question->asked > KEEP_OLD);
}

/* Gives the keys to the table that the cursor is in now: it moves from the answer's last line into
 * what is watched, and back. */
static void choose_table(struct ui_question *question)
{
	struct ui_table *answer = &question->sheet.table, *watched = &question->monitors.table;
	if (answer->overrun > 0 && watched->count)
		question->below = true;
	else if (watched->overrun < 0 || !watched->count)
		question->below = false;
	answer->overrun = watched->overrun = 0;
	watched->passive = is_shown(question) && !question->below;
	answer->passive = !watched->passive;
}

const struct sdr_item *ui_question_root(const struct ui_question *question)
{
	return is_shown(question)
		? sdr_sheet_view(question->sheet.sheets[question->sheet.sheet_count - 1])
		: NULL;
}

static void draw_before(const struct ui_question *question, const struct ui_surface *s)
{
	int at = ui_draw_text(s, 0, 0, UI_DIM, "Before: ");
	for (unsigned i = 0; i < UI_QUESTION_BEFORE && question->before[i][0]; i++)
		at += ui_draw_printf(s, 0, at, UI_DIM, "%s%s", i ? ", " : "", question->before[i]);
}

struct ui_surface ui_question_frame(struct ui_question *question, const struct ui_surface *surface,
	const char *title, const char *summary)
{
	const struct ui_table *rows = &question->monitors.table;
	char filtered[2][UI_TABLE_SUMMARY];
	ui_monitors_update(&question->monitors);
	choose_table(question);
	ui_draw_rule(surface, 0, question->line[0] ? question->line : title,
		question->waiting ? "asking; Esc gives up"
				  : ui_table_summary(&question->sheet.table, filtered[0],
					    sizeof(filtered[0]), summary));
	int watched = rows->count ? (int)ui_table_height(rows) + 2 : 0,
	    before = question->before[0][0] != '\0';
	if (watched > surface->height / 2)
		watched = surface->height / 2;
	int left = surface->height - 1 - watched - before;
	struct ui_surface last = ui_surface_part(surface, surface->height - 1, 0, before, -1);
	if (before)
		draw_before(question, &last);
	if (watched) {
		struct ui_surface table = ui_surface_part(surface, 1 + left, 0, watched, -1);
		ui_draw_rule(&table, 0, "Watched",
			ui_table_summary(rows, filtered[1], sizeof(filtered[1]), NULL));
		table = ui_surface_part(&table, 1, 0, -1, -1);
		ui_table_draw(&question->monitors.table, &table);
	}
	return ui_surface_part(surface, 1, 0, left > 0 ? left : 0, -1);
}

void ui_question_draw(struct ui_question *question, const struct ui_surface *surface,
	const struct ui_panel *panel)
{
	if (is_shown(question))
		ui_sheet_draw(&question->sheet, surface);
	else if (!question->waiting)
		ui_draw_empty(surface, panel);
}

struct ui_table *ui_question_table(struct ui_question *question)
{
	choose_table(question);
	return question->monitors.table.passive ? &question->sheet.table
						: ui_monitors_table(&question->monitors);
}

bool ui_question_subject(struct ui_question *question, struct ui_subject *subject)
{
	if (!question->monitors.table.passive)
		return ui_monitors_subject(&question->monitors, subject);
	snprintf(subject->command, sizeof(subject->command), "%s", question->line);
	subject->id = UI_NO_TARGET;
	return ui_sheet_subject(&question->sheet, subject);
}

bool ui_question_alarm(struct ui_question *question)
{
	ui_ranking_look(&question->monitors);
	return ui_monitors_tally(&question->monitors, SDR_STATE_DOWN) > 0;
}

bool ui_question_work(struct ui_question *question)
{
	return ui_monitors_work(&question->monitors);
}
