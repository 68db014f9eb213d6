/* recent.c - events of one second that read alike are one: a router that goes takes many along. */
#include "recent.h"

#include <stdio.h>
#include <string.h>

#include "event_line.h"
#include "sounder/model.h"

#define WHO_AT 10
#define WIDE 90      /* columns from which names have more room */
#define TOGETHER 256 /* events of one line that are counted */
#define MORE 5       /* cells of "+123" behind the names */

struct line {
	const struct sdr_event *event; /* the latest of them */
	uint32_t count;
	char who[160]; /* "db2, db2:22 +3" */
};

static bool is_alike(const struct sdr_event *a, const struct sdr_event *b)
{
	return a->when / SDR_SECOND == b->when / SDR_SECOND && a->tone == b->tone &&
		strcmp(a->text, b->text) == 0;
}

/* Takes the events of a line, from `*back` on. Returns false past the oldest. */
static bool take(const struct sdr_model *model, uint32_t *back, struct line *line, size_t room)
{
	const struct sdr_event *event = sdr_model_event(model, *back);
	uint32_t named = 0;
	size_t used = 0;
	if (!event)
		return false;
	*line = (struct line){.event = event};
	for (; event && line->count < TOGETHER && is_alike(event, line->event); line->count++) {
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

static void draw_line(const struct ui_surface *s, int row, int names, const struct line *line)
{
	char clock[SDR_WALL_TEXT];
	const struct sdr_event *event = line->event;
	struct ui_surface who = ui_surface_part(s, row, WHO_AT, 1, names);
	ui_draw_text(s, row, 0, UI_DIM, sdr_wall_clock(clock, event->when));
	ui_draw_name(&who, 0, 0, event->tone == SDR_TONE_BAD ? UI_STRONG : UI_PLAIN, line->who);
	int at = WHO_AT + 1 + names;
	struct ui_surface whole = ui_surface_line(s, row);
	at += ui_event_line_draw(&whole, at, event->tone, event->text);
	if (line->count > 1)
		ui_draw_printf(
			s, row, at + 2, UI_DIM, "%u targets in the same second", line->count);
}

void ui_recent_draw(struct ui *ui, const struct ui_surface *s)
{
	struct line line;
	char away[UI_AWAY_TEXT];
	int row = 1, names = s->width >= WIDE ? 26 : 16;
	uint32_t back = 0;
	ui_draw_rule(s, 0, "Log", ui_away_format(ui, away, sizeof(away)) ? away : NULL);
	while (row < s->height && take(ui_model(ui), &back, &line, (size_t)names - MORE))
		draw_line(s, row++, names, &line);
	if (row == 1)
		ui_draw_text(s, row, 0, UI_DIM, "nothing so far");
}
