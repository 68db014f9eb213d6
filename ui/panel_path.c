/* panel_path.c - paths that are watched: each hop, what of its losses the path lost, where the time
 * is spent; of the hop under the cursor a chart and figures, and the paths that were. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "panel.h"
#include "path_cells.h"
#include "path_facts.h"
#include "path_rows.h"
#include "ping_detail.h"
#include "sounder/engine.h"
#include "sounder/sanitize.h"
#include "spark.h"
#include "state_look.h"
#include "table.h"

extern const struct ui_panel ui_panel_path;

#define DETAIL_ROWS 12 /* of the detail below the table */
#define DETAIL_LEAST 8 /* that it is any use with */
#define EPOCH_ROWS 3

struct path_state {
	struct ui_path_rows rows;
	struct ui_table table;
	struct ui_ping_detail detail;
	struct ui *ui;   /* borrowed */
	uint32_t wanted; /* the engine's target to put the cursor on; UI_NO_TARGET */
};

enum { SIGN, HOP, ROUTER, NAME, ANSWERS, LOSS, P50, P95, TIME, SERIES, WHY };

static const struct ui_column columns[] = {
	[SIGN] = {.title = "", .width = 1},
	[HOP] = {.title = "#", .key = "hop", .width = 2, .right = true},
	[ROUTER] = {.title = "Router", .width = 15, .grow = 2},
	[NAME] = {.title = "Name", .width = 12, .grow = 2, .rank = 1},
	[ANSWERS] = {.title = "Answers", .width = 7, .rank = 3, .right = true},
	[LOSS] = {.title = "Loss %", .width = 6, .right = true},
	[P50] = {.title = "p50 ms", .width = 6, .right = true},
	[P95] = {.title = "p95 ms", .width = 6, .rank = 4, .right = true},
	[TIME] = {.title = "Time spent", .width = 10, .grow = 1, .rank = 6, .picture = true},
	[SERIES] = {.title = "Last minute", .width = 11, .grow = 1, .rank = 5, .picture = true},
	[WHY] = {.title = "Why", .width = 10, .grow = 5, .rank = 2},
	{0},
};

/* ---- a line ---- */

static void draw_hop(
	const struct path_state *state, uint32_t row, unsigned column, const struct ui_surface *s)
{
	char number[UI_NUMBER_TEXT];
	const struct sdr_path_hop *hop = ui_path_rows_hop(&state->rows, row);
	uint32_t position = ui_path_rows_position(&state->rows, row);
	switch (column) {
	case SIGN:
		if (ui_path_loses(hop))
			ui_draw_text(s, 0, 0, UI_WARNING, ui_draw_glyph(s, UI_GLYPH_SLOW));
		break;
	case HOP:
		snprintf(number, sizeof(number), "%u", state->rows.rows[row].hop);
		ui_draw_right(s, 0, ui_path_style(hop), number);
		break;
	case ROUTER:
		ui_path_draw_router(hop, s);
		break;
	case NAME:
		ui_draw_name(s, 0, 0, UI_DIM, hop->name);
		break;
	case ANSWERS:
		ui_path_draw_answers(hop, s);
		break;
	case LOSS:
		ui_draw_right(s, 0, ui_path_loses(hop) ? UI_WARNING : UI_DIM,
			ui_number_percent(number, hop->path_loss < 0 ? NAN : hop->path_loss));
		break;
	case P50:
		ui_draw_right(s, 0, UI_PLAIN, ui_number_ms(number, hop->p50));
		break;
	case P95:
		ui_draw_right(s, 0, UI_DIM, ui_number_ms(number, hop->p95));
		break;
	case TIME:
		ui_path_draw_time(
			&ui_path_rows_entry(&state->rows, row)->path, state->rows.rows[row].hop, s);
		break;
	case SERIES:
		if (position != UI_PATH_NOWHERE)
			ui_spark_minute(state->ui, position, s);
		break;
	default:
		ui_draw_text(s, 0, 0, ui_path_loses(hop) ? UI_WARNING : UI_DIM, hop->why);
	}
}

static void draw_head(const struct path_state *state, uint32_t row, const struct ui_surface *s)
{
	char facts[160];
	struct sdr_row its;
	const struct ui_path_entry *entry = ui_path_rows_entry(&state->rows, row);
	sdr_model_row(ui_model(state->ui), entry->position, &its);
	enum ui_style style = ui_state_style(its.state);
	ui_draw_text(s, 0, 0, its.state == SDR_STATE_UP ? UI_OK : style,
		ui_draw_glyph(s, ui_state_sign(its.state)));
	int used = 2 +
		ui_draw_name(
			s, 0, 2, its.state == SDR_STATE_UP ? UI_STRONG : style, its.target->typed);
	ui_path_format_facts(&entry->path, facts, sizeof(facts));
	used += 2 + ui_draw_text(s, 0, used + 2, UI_DIM, facts);
	if (entry->path.why[0] && state->rows.count > 1)
		ui_draw_text(s, 0, used + 2, UI_WARNING, entry->path.why);
}

static void draw_cell(
	void *context, uint32_t row, unsigned column, const struct ui_surface *surface)
{
	struct path_state *state = context;
	if (state->rows.rows[row].hop == 0)
		draw_head(state, row, surface);
	else
		draw_hop(state, row, column, surface);
}

static unsigned row_span(void *context, uint32_t row, unsigned column)
{
	const struct path_state *state = context;
	return state->rows.rows[row].hop == 0 ? WHY + 1 - column : 1;
}

static uint64_t key_of(void *context, uint32_t row)
{
	const struct path_state *state = context;
	return (uint64_t)ui_path_rows_entry(&state->rows, row)->id << 8 | state->rows.rows[row].hop;
}

static const struct ui_blocks *blocks_of(void *context)
{
	const struct path_state *state = context;
	return &state->rows.blocks;
}

static void fold(void *context, uint32_t block, bool fold)
{
	struct path_state *state = context;
	for (uint32_t i = 0; i < state->rows.count; i++)
		if (block == UI_BLOCK_NONE || block == i)
			state->rows.folded[i] = fold;
	state->rows.version++;
}

/* A head by its target, a hop by its addresses' first, its name, what is known of its losses. */
static bool holds(void *context, uint32_t row, const struct ui_filter *filter)
{
	const struct path_state *state = context;
	const struct sdr_path_hop *hop = ui_path_rows_hop(&state->rows, row);
	const struct ui_path_entry *entry = ui_path_rows_entry(&state->rows, row);
	const struct sdr_target *target = sdr_model_target(ui_model(state->ui), entry->position);
	char address[SDR_ADDR_TEXT] = "";
	struct ui_filter_facts facts = {.texts = {target->typed, address}, .probe = "path"};
	for (unsigned i = 0; i < UI_FILTER_FIGURES; i++)
		facts.figures[i] = NAN;
	if (!hop) /* what is under it has them */
		return ui_filter_holds(filter, &facts) &&
			!ui_filter_asks(filter, UI_FILTER_HAS_FIGURE);
	sdr_addr_format(address, &hop->addr);
	facts.texts[0] = hop->name;
	facts.texts[2] = hop->state;
	facts.texts[3] = hop->why;
	facts.is = ui_path_loses(hop) ? 1u << UI_FILTER_IS_WRONG : 1u << UI_FILTER_IS_UP;
	if (hop->path_loss >= 0)
		facts.figures[UI_FILTER_LOSS] = hop->path_loss;
	if (hop->p50 != SDR_NS_NONE)
		facts.figures[UI_FILTER_P50] = (double)hop->p50 / 1e6;
	if (hop->p95 != SDR_NS_NONE)
		facts.figures[UI_FILTER_P95] = (double)hop->p95 / 1e6;
	return ui_filter_holds(filter, &facts) && ui_filter_figures_hold(filter, &facts);
}

static const struct ui_rows table_rows = {.cell = draw_cell,
	.span = row_span,
	.key = key_of,
	.blocks = blocks_of,
	.fold = fold,
	.holds = holds};

/* ---- below the table ---- */

static uint32_t row_of(const struct path_state *state)
{
	uint32_t row = ui_table_row(&state->table);
	return row < state->rows.row_count ? row : UINT32_MAX;
}

static void draw_detail(struct path_state *state, uint32_t row, const struct ui_surface *s)
{
	char title[16];
	uint32_t position = ui_path_rows_position(&state->rows, row);
	struct sdr_row its;
	if (position == UI_PATH_NOWHERE) {
		snprintf(title, sizeof(title), "Hop %u", state->rows.rows[row].hop);
		ui_draw_rule(s, 0, title, "silent");
		ui_draw_text(s, 1, 2, UI_DIM,
			"Nobody answers here. Many routers don't: it means nothing by itself.");
		return;
	}
	sdr_model_row(ui_model(state->ui), position, &its);
	const struct sdr_path_hop *hop = ui_path_rows_hop(&state->rows, row);
	struct ui_surface last = ui_surface_line(s, s->height - 1),
			  above = ui_surface_part(s, 0, 0, s->height - 1, -1);
	bool more = hop && ui_path_draw_hop(hop, &last);
	ui_ping_detail_draw(&state->detail, state->ui, position, &its, more ? &above : s);
}

/* ---- the whole ---- */

/* Names are looked up where that was asked for. */
static bool has_names(const struct ui_path_rows *rows)
{
	for (uint32_t i = 0; i < rows->count; i++)
		for (unsigned hop = 0; hop < rows->entries[i]->path.count; hop++)
			if (rows->entries[i]->path.hops[hop].name[0])
				return true;
	return false;
}

static void path_update(struct path_state *state)
{
	ui_path_rows_update(&state->rows, ui_model(state->ui));
	state->table.hidden = has_names(&state->rows) ? 0 : 1u << NAME;
	ui_table_update(&state->table, state, state->rows.row_count, state->rows.version);
	for (uint32_t line = 0; state->wanted != UI_NO_TARGET && line < state->table.line_count;
		line++) {
		uint32_t row = ui_table_row_at(&state->table, line);
		if (row >= state->rows.row_count ||
			ui_path_rows_entry(&state->rows, row)->id != state->wanted)
			continue;
		ui_table_go(&state->table, line);
		state->wanted = UI_NO_TARGET;
	}
}

/* Of a path that was there is no detail: those before it have the room. */
static void draw_body(struct path_state *state, const struct ui_surface *body)
{
	uint32_t row = row_of(state);
	const struct ui_path_entry *entry =
		row != UINT32_MAX ? ui_path_rows_entry(&state->rows, row) : NULL;
	bool full = ui_charting(state->ui)->full && ui_ping_detail_fits(body);
	if (full && entry && entry->back == 0) {
		draw_detail(state, row, body);
		return;
	}
	int past = entry && entry->path.past_count > 0 && body->height > DETAIL_ROWS * 2
		? EPOCH_ROWS
		: 0;
	bool now = !entry || entry->back == 0;
	if (past > 0 && !now)
		past = (int)entry->path.past_count + 1;
	int rows = (int)state->table.line_count + 1, below = body->height - rows - past - 1;
	if (below < DETAIL_LEAST)
		below = body->height >= DETAIL_ROWS * 2 ? DETAIL_ROWS : 0;
	below = now ? below : 0;
	struct ui_surface sentence = ui_surface_line(body, 0);
	struct ui_surface table = ui_surface_part(body, 1, 0, body->height - 1 - below - past, -1);
	struct ui_surface detail = ui_surface_part(body, 1 + table.height, 0, below, -1);
	struct ui_surface before = ui_surface_part(body, body->height - past, 0, past, -1);
	if (entry)
		ui_path_draw_sentence(&entry->path, &sentence);
	ui_table_draw(&state->table, &table);
	if (entry && below)
		draw_detail(state, row, &detail);
	if (entry && past)
		ui_path_draw_past(&entry->path, entry->back, &before);
}

static void path_draw(struct ui *ui, void *panel, const struct ui_surface *surface)
{
	struct path_state *state = panel;
	char summary[64], filtered[UI_TABLE_SUMMARY];
	(void)ui;
	path_update(state);
	snprintf(summary, sizeof(summary), "%u path%s", state->rows.count,
		state->rows.count == 1 ? "" : "s");
	ui_draw_rule(surface, 0, "Path",
		state->rows.count
			? ui_table_summary(&state->table, filtered, sizeof(filtered), summary)
			: NULL);
	struct ui_surface body = ui_surface_part(surface, 1, 0, -1, -1);
	if (state->rows.count == 0)
		ui_draw_empty(&body, &ui_panel_path);
	else
		draw_body(state, &body);
}

static enum sdr_status path_open(struct ui *ui, void *panel)
{
	struct path_state *state = panel;
	state->ui = ui;
	state->wanted = UI_NO_TARGET;
	state->table.columns = columns;
	state->table.rows = &table_rows;
	return SDR_OK;
}

static void path_close(struct ui *ui, void *panel)
{
	struct path_state *state = panel;
	(void)ui;
	ui_table_done(&state->table);
	ui_path_rows_done(&state->rows);
}

static struct ui_table *path_table(struct ui *ui, void *panel)
{
	struct path_state *state = panel;
	(void)ui;
	path_update(state);
	return &state->table;
}

static bool path_subject(struct ui *ui, void *panel, struct ui_subject *subject)
{
	struct path_state *state = panel;
	uint32_t row = row_of(state);
	(void)ui;
	if (row == UINT32_MAX)
		return false;
	const struct ui_path_entry *entry = ui_path_rows_entry(&state->rows, row);
	const struct sdr_path_hop *hop = ui_path_rows_hop(&state->rows, row);
	const struct sdr_target *target = sdr_model_target(ui_model(state->ui), entry->position);
	const struct sdr_addr *addr = hop ? &hop->addr : &target->addr;
	snprintf(subject->target, sizeof(subject->target), "%s", target->typed);
	if (addr->version)
		sdr_addr_format(subject->address, addr);
	if (!hop && target->host)
		snprintf(subject->name, sizeof(subject->name), "%s", target->host);
	snprintf(subject->value, sizeof(subject->value), "%s",
		subject->address[0] ? subject->address : target->typed);
	subject->id = entry->id;
	return true;
}

static bool path_alarm(struct ui *ui, void *panel)
{
	struct path_state *state = panel;
	struct sdr_row row;
	(void)ui;
	for (uint32_t i = 0; i < state->rows.count; i++) {
		if (state->rows.entries[i]->position >= sdr_model_count(ui_model(state->ui)))
			return false;
		sdr_model_row(ui_model(state->ui), state->rows.entries[i]->position, &row);
		if (row.target->id == state->rows.entries[i]->id && row.state == SDR_STATE_DOWN)
			return true;
	}
	return false;
}

/* ---- commands ---- */

/* Returns the target whose path to that address is watched. */
static uint32_t find_path(struct ui *ui, const char *text)
{
	char address[SDR_ADDR_TEXT];
	const struct sdr_model *model = ui_model(ui);
	for (uint32_t i = 0; i < sdr_model_count(model); i++) {
		const struct sdr_target *target = sdr_model_target(model, i);
		const char *panel = target->spec->type->panel;
		if (panel && strcmp(panel, ui_panel_path.name) == 0 && sdr_target_leads(target) &&
			(strcmp(target->typed, text) == 0 ||
				strcmp(sdr_addr_format(address, &target->addr), text) == 0))
			return target->id;
	}
	return UI_NO_TARGET;
}

static enum sdr_status perform_trace(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct path_state *state = ui_state(ui, &ui_panel_path);
	const char *host = sdr_call_word(call, 0);
	char line[SDR_HOST_TEXT + 64];
	state->wanted = find_path(ui, host);
	snprintf(line, sizeof(line), "path --interval 1s -- %s", host);
	if (state->wanted == UI_NO_TARGET)
		ui_do(ui, line);
	enum sdr_status status = ui_go_on(ui, ui_panel_path.name, UI_NO_TARGET);
	if (status != SDR_OK)
		sdr_error_set(error, 0, "%s", sdr_status_text(status));
	return status;
}

static enum sdr_status make_trace(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_ACTION;
	request->action.perform = perform_trace;
	return SDR_OK;
}

static const struct sdr_command trace = {.name = "trace",
	.arguments = "HOST",
	.sentence = "watch the path to a host, and show it",
	.details = "As `path --interval 1s HOST`, where its path is not watched yet, and then the "
		   "Path panel.",
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_HOST,
	.make = make_trace};

static enum sdr_status perform_epoch(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct path_state *state = ui_state(ui, &ui_panel_path);
	uint32_t row = row_of(state);
	(void)call;
	if (row != UINT32_MAX && ui_path_rows_step_back(&state->rows, row))
		return SDR_OK;
	sdr_error_set(error, 0, "no path before this one: none here has changed");
	return SDR_ENOENT;
}

static enum sdr_status make_epoch(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_ACTION;
	request->action.perform = perform_epoch;
	return SDR_OK;
}

static const struct sdr_command epoch = {.name = "epoch",
	.sentence = "show the path as it was before it changed, then before that, then as it is",
	.where = SDR_WHERE_SCREEN,
	.make = make_epoch};

static const struct sdr_command *const commands[] = {&trace, &epoch, NULL};

static const struct ui_key keys[] = {
	{"v", "chart-kind", "kind"},
	{"f", "fold", "fold"},
	{"b", "epoch", "before"},
	{NULL, NULL, NULL},
};

static const struct ui_input_spec input = {
	.label = "Path", .hint = "host or address, and options", .command = "path --interval 1s"};

const struct ui_panel ui_panel_path = {
	.name = "path",
	.title = "Path",
	.sentence = "each hop to a host, where loss begins and where the time is spent",
	.empty = {"Each hop to a host, over and over: who answers, how far away, what the path "
		  "loses and where that begins.",
		"Press i and type a host, or t on any line that has an address."},
	.charts = true,
	.size = sizeof(struct path_state),
	.keys = keys,
	.commands = commands,
	.input = &input,
	.columns = columns,
	.open = path_open,
	.close = path_close,
	.draw = path_draw,
	.table = path_table,
	.subject = path_subject,
	.alarm = path_alarm,
};
