/* group_board.c - what is now is bright, what is past is muted. */
#include "group_board.h"

#include <stdio.h>
#include <string.h>

#include "number.h"
#include "scale.h"
#include "share_cells.h"
#include "state_look.h"

#define GAP 2
#define NAME 16
#define MARKS 12
#define NAME_NARROW 12
#define MARKS_NARROW 10
#define NARROW 90
#define FIGURE 7
#define SPAN_LEAST 20 /* cells that the scale is any use with */

/* Where things stand in a line; a width of 0: there is no room. */
struct board {
	int marks, hour, up, p50, p95, span;
	int name_width, marks_width, span_width;
};

/* What goes first where it gets narrow: the scale, the hour, p50. */
static struct board arrange(int width)
{
	bool narrow = width < NARROW;
	struct board board = {.name_width = narrow ? NAME_NARROW : NAME,
		.marks_width = narrow ? MARKS_NARROW : MARKS};
	board.marks = board.name_width + GAP;
	int at = board.marks + board.marks_width, left = width - at;
	int figures = 3 * FIGURE, hour = SDR_UPTIME_CELLS + GAP;
	if (left >= hour + figures) {
		board.hour = at + GAP;
		at += hour;
		left -= hour;
	}
	board.up = left >= FIGURE ? at : 0;
	board.p50 = left >= figures ? at + FIGURE : 0;
	board.p95 = left >= figures ? at + 2 * FIGURE : left >= 2 * FIGURE ? at + FIGURE : 0;
	at += left >= figures        ? figures
		: left >= 2 * FIGURE ? 2 * FIGURE
		: left >= FIGURE     ? FIGURE
				     : 0;
	if (width - at - GAP - 1 >= SPAN_LEAST) {
		board.span = at + GAP + 1;
		board.span_width = width - board.span;
	}
	return board;
}

/* ---- the head, in the rule ---- */

static void draw_title(const struct ui_surface *s, int column, const char *text)
{
	ui_draw_printf(s, 0, column - 1, UI_DIM, " %s ", text);
}

/* One whose last letter is where the figures end. */
static void draw_figure_title(const struct ui_surface *s, int column, const char *text)
{
	struct ui_surface room = ui_surface_part(s, 0, column, 1, FIGURE);
	char title[16];
	if (column == 0)
		return;
	snprintf(title, sizeof(title), " %s", text);
	ui_draw_right(&room, 0, UI_DIM, title);
	ui_draw_text(s, 0, column + FIGURE, UI_DIM, " ");
}

static void draw_scale(const struct ui_surface *s, const struct board *board)
{
	static const char *const texts[UI_LATENCY_DECADES + 1] = {"0.1", "1", "10", "100", "1 s"};
	for (int i = 0; i < UI_LATENCY_DECADES; i++)
		draw_title(s, board->span + i * (board->span_width - 1) / UI_LATENCY_DECADES,
			texts[i]);
	struct ui_surface room = ui_surface_part(s, 0, 0, 1, board->span + board->span_width);
	ui_draw_right(&room, 0, UI_DIM, " 1 s");
}

static void draw_head(const struct ui_surface *s, const struct board *board)
{
	ui_draw_rule(s, 0, "Groups", NULL);
	draw_title(s, board->marks, "now");
	if (board->hour)
		draw_title(s, board->hour, "last hour, 2 min a cell");
	draw_figure_title(s, board->up, "up %");
	draw_figure_title(s, board->p50, "p50");
	draw_figure_title(s, board->p95, "p95 ms");
	if (board->span)
		draw_scale(s, board);
}

/* ---- a line ---- */

/* A mark a member, the worst first; as counts where they are many. */
static void draw_marks(const struct ui_surface *s, const struct sdr_target_group *group)
{
	int at = 0;
	bool counts = group->members > (uint32_t)s->width;
	for (unsigned rank = 0; rank < SDR_STATES; rank++) {
		char number[UI_NUMBER_TEXT];
		enum sdr_state state = sdr_state_ranked(rank);
		enum ui_style style = state == SDR_STATE_UP ? UI_QUIET : ui_state_style(state);
		const char *sign = ui_draw_glyph(s, ui_state_sign(state));
		if (group->tally[state] == 0)
			continue;
		if (counts) {
			at += ui_draw_printf(s, 0, at, style, "%s%s ", sign,
				ui_number_count(number, group->tally[state]));
			continue;
		}
		for (uint32_t i = 0; i < group->tally[state]; i++)
			at += ui_draw_text(s, 0, at, style, sign);
	}
}

static void draw_figure(const struct ui_surface *s, int column, const char *text)
{
	struct ui_surface room = ui_surface_part(s, 0, column, 1, FIGURE);
	if (column > 0)
		ui_draw_right(&room, 0, UI_PLAIN, text);
}

/* p50 to p95 bold, on to p99 thin, each cell in the colour of its place. */
static void draw_span(const struct ui_surface *s, const struct ui_spread *spread)
{
	int last = s->width - 1;
	for (int i = 0; i <= UI_LATENCY_DECADES; i++)
		ui_draw_text(s, 0, i * last / UI_LATENCY_DECADES, UI_RULE,
			ui_draw_glyph(s, UI_GLYPH_UNKNOWN));
	if (spread->p50 == SDR_NS_NONE)
		return;
	int p50 = (int)(ui_latency_place(spread->p50) * last),
	    p95 = (int)(ui_latency_place(spread->p95) * last),
	    p99 = (int)(ui_latency_place(spread->p99) * last);
	for (int at = p50; at <= p99; at++)
		ui_draw_cell(s, 0, at, ui_latency_style_at((double)at / last),
			at == p50 && p95 > p50 ? 0x257a
				: at <= p95    ? 0x2501
					       : 0x2500);
}

static void draw_line(
	const struct ui_surface *s, const struct board *board, const struct ui_group_fact *fact)
{
	char number[UI_NUMBER_TEXT];
	struct ui_surface part = ui_surface_part(s, 0, 0, 1, board->name_width);
	ui_draw_name(&part, 0, 0, ui_label_style(fact->name), fact->name);
	part = ui_surface_part(s, 0, board->marks, 1, board->marks_width);
	draw_marks(&part, &fact->group);
	if (board->hour)
		ui_share_cells_draw(s, board->hour, fact->shares, SDR_UPTIME_CELLS);
	draw_figure(s, board->up, ui_number_share(number, fact->up));
	draw_figure(s, board->p50, ui_number_ms(number, fact->spread.p50));
	draw_figure(s, board->p95, ui_number_ms(number, fact->spread.p95));
	if (board->span) {
		part = ui_surface_part(s, 0, board->span, 1, board->span_width);
		draw_span(&part, &fact->spread);
	}
}

static void draw_more(const struct ui_surface *s, const struct ui_group_facts *facts)
{
	char more[UI_NUMBER_TEXT], wrong[UI_NUMBER_TEXT];
	ui_number_count(more, facts->more);
	if (facts->more_wrong)
		ui_draw_printf(s, 0, 0, UI_WARNING, "%s more, %s with something wrong", more,
			ui_number_count(wrong, facts->more_wrong));
	else
		ui_draw_printf(s, 0, 0, UI_DIM, "%s more, with nothing wrong", more);
}

/* ---- the section ---- */

static void draw_cell(void *context, uint32_t row, unsigned column, const struct ui_surface *cell)
{
	const struct ui_group_board *board = context;
	struct board places = arrange(board->width);
	(void)column;
	if (row < board->facts.count)
		draw_line(cell, &places, &board->facts.facts[row]);
}

static uint64_t row_key(void *context, uint32_t row)
{
	const struct ui_group_board *board = context;
	return row < board->facts.count ? board->facts.facts[row].number : UINT64_MAX;
}

static const struct ui_rows rows = {.cell = draw_cell, .key = row_key};

void ui_group_board_init(struct ui_group_board *board)
{
	board->table.rows = &rows;
	board->table.passive = true;
}

void ui_group_board_done(struct ui_group_board *board)
{
	ui_table_done(&board->table);
}

void ui_group_board_update(struct ui_group_board *board, struct ui *ui, int room)
{
	uint64_t version = UI_STAMP;
	ui_group_facts_update(
		&board->facts, ui_model(ui), room > 1 ? (unsigned)room - 1 : 0, ui_now(ui));
	for (unsigned i = 0; i < board->facts.count; i++)
		version = ui_stamp_mix(version, board->facts.facts[i].number);
	ui_table_update(&board->table, board, board->facts.count, version);
}

void ui_group_board_draw(struct ui_group_board *board, const struct ui_surface *s)
{
	struct board places = arrange(s->width);
	struct ui_surface lines = ui_surface_part(s, 1, 0, (int)board->facts.count, -1),
			  last = ui_surface_line(s, 1 + (int)board->facts.count);
	board->width = s->width;
	draw_head(s, &places);
	ui_table_draw(&board->table, &lines);
	if (board->facts.more)
		draw_more(&last, &board->facts);
}

static const struct ui_group_fact *under_cursor(const struct ui_group_board *board)
{
	uint32_t row = ui_table_row(&board->table);
	return row < board->facts.count ? &board->facts.facts[row] : NULL;
}

bool ui_group_board_subject(
	const struct ui_group_board *board, struct ui *ui, struct ui_subject *subject)
{
	const struct ui_group_fact *fact = under_cursor(board);
	if (!fact || !ui_group_facts_still(fact, ui_model(ui)))
		return false;
	subject->members = fact->group.members;
	snprintf(subject->value, sizeof(subject->value), "%s", fact->name);
	bool blank = strchr(fact->name, ' ') && !strchr(fact->name, '"');
	const char *quote = blank ? "\"" : "";
	snprintf(subject->opens, sizeof(subject->opens), "group=%s%s%s", quote, fact->name, quote);
	return true;
}

uint32_t ui_group_board_members(
	const struct ui_group_board *board, struct ui *ui, uint32_t *ids, uint32_t n)
{
	const struct ui_group_fact *fact = under_cursor(board);
	const struct sdr_model *model = ui_model(ui);
	uint32_t found = 0;
	if (!fact || !ui_group_facts_still(fact, model))
		return 0;
	for (uint32_t i = 0; i < sdr_model_count(model) && found < n; i++)
		if (sdr_model_group_of(model, i) == fact->number)
			ids[found++] = sdr_model_target(model, i)->id;
	return found;
}
