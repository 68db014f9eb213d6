/* recent.c - events of one second that read alike are one: a router that goes takes many along. */
#include "recent.h"

#include <stdio.h>
#include <string.h>

#include "event_line.h"

#define WHO_AT 10
#define WIDE 90      /* columns from which names have more room */
#define TOGETHER 256 /* events of one line that are counted */
#define MORE 5       /* cells of "+123" behind the names */

static bool is_alike(const struct sdr_event *a, const struct sdr_event *b)
{
	return a->when / SDR_SECOND == b->when / SDR_SECOND && a->tone == b->tone &&
		strcmp(a->text, b->text) == 0;
}

/* Takes the events of a line, from `*back` on. Returns false past the oldest. */
static bool take(
	const struct sdr_model *model, uint32_t *back, struct ui_recent_line *line, size_t room)
{
	const struct sdr_event *event = sdr_model_event(model, *back);
	uint32_t named = 0;
	size_t used = 0;
	if (!event)
		return false;
	*line = (struct ui_recent_line){

		.event = *event, .number = sdr_model_event_count(model) - *back};
	for (; event && line->count < TOGETHER && is_alike(event, &line->event); line->count++) {
		size_t more = strlen(event->subject) + (named ? 2 : 0);
		if (named == line->count && (named == 0 || used + more <= room)) {
			snprintf(line->who + used, sizeof(line->who) - used, "%s%s",
				named ? ", " : "", event->subject);
			used = strlen(line->who);
			named++;
		}
		event = sdr_model_event(model, ++*back);
	}
	if (line->count > named)
		snprintf(line->who + used, sizeof(line->who) - used, " +%u", line->count - named);
	return true;
}

static void draw_line(const struct ui_surface *s, int names, const struct ui_recent_line *line)
{
	char clock[SDR_WALL_TEXT];
	const struct sdr_event *event = &line->event;
	struct ui_surface who = ui_surface_part(s, 0, WHO_AT, 1, names);
	ui_draw_text(s, 0, 0, UI_DIM, sdr_wall_clock(clock, event->when));
	ui_draw_name(&who, 0, 0, event->tone == SDR_TONE_BAD ? UI_STRONG : UI_PLAIN, line->who);
	int at = WHO_AT + 1 + names;
	at += ui_event_line_draw(s, at, event->tone, event->text);
	if (line->count > 1)
		ui_draw_printf(s, 0, at + 2, UI_DIM, "%u targets in the same second", line->count);
}

static void draw_cell(void *context, uint32_t row, unsigned column, const struct ui_surface *cell)
{
	const struct ui_recent *recent = context;
	(void)column;
	if (row < recent->count)
		draw_line(cell, recent->names, &recent->lines[row]);
}

static uint64_t row_key(void *context, uint32_t row)
{
	const struct ui_recent *recent = context;
	return row < recent->count ? recent->lines[row].number : 0;
}

static const struct ui_rows rows = {.cell = draw_cell, .key = row_key};

void ui_recent_init(struct ui_recent *recent)
{
	recent->table.rows = &rows;
	recent->table.passive = true;
}

void ui_recent_done(struct ui_recent *recent)
{
	ui_table_done(&recent->table);
}

void ui_recent_update(struct ui_recent *recent, struct ui *ui, int room, int width)
{
	uint32_t back = 0, most = room > 1 ? (uint32_t)room - 1 : 0;
	most = most < UI_RECENT_LINES ? most : UI_RECENT_LINES;
	recent->names = width >= WIDE ? 26 : 16;
	recent->count = 0;
	while (recent->count < most &&
		take(ui_model(ui), &back, &recent->lines[recent->count],
			(size_t)recent->names - MORE))
		recent->count++;
	uint64_t version = ui_stamp_mix(UI_STAMP, sdr_model_event_count(ui_model(ui)));
	ui_table_update(&recent->table, recent, recent->count, version);
}

void ui_recent_draw(struct ui_recent *recent, struct ui *ui, const struct ui_surface *s)
{
	char away[UI_AWAY_TEXT];
	struct ui_surface lines = ui_surface_part(s, 1, 0, -1, -1);
	ui_draw_rule(s, 0, "Log", ui_away_format(ui, away, sizeof(away)) ? away : NULL);
	if (recent->count == 0)
		ui_draw_text(s, 1, 0, UI_DIM, "nothing so far");
	else
		ui_table_draw(&recent->table, &lines);
}

bool ui_recent_subject(const struct ui_recent *recent, struct ui_subject *subject)
{
	uint32_t row = ui_table_row(&recent->table);
	const struct ui_recent_line *line = row < recent->count ? &recent->lines[row] : NULL;
	if (!line)
		return false;
	snprintf(subject->target, sizeof(subject->target), "%s", line->event.subject);
	snprintf(subject->value, sizeof(subject->value), "%s: %s", line->who, line->event.text);
	return true;
}
