/* monitors.c - the table of watched targets: failing ones come first, healthy ones are dim. */
#include "monitors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "group_line.h"
#include "monitors_blocks.h"
#include "monitors_filter.h"
#include "monitors_labels.h"
#include "number.h"
#include "ranking.h"
#include "slow_why.h"
#include "sounder/engine.h"
#include "sounder/flaps.h"
#include "sounder/sanitize.h"
#include "spark.h"
#include "state_look.h"

#define WHY_TEXT (SDR_ERROR_TEXT + 96)
#define WINDOW_STEP (6 * SDR_SECOND) /* the window of a minute moves by this step */

static bool is_bad(const struct sdr_row *row)
{
	return row->flaps || row->state == SDR_STATE_SLOW || row->state == SDR_STATE_DOWN;
}

/* A cell of one target: everything a column may need. */
struct cell {
	struct ui_monitors *monitors;
	const struct ui_surface *surface;
	uint32_t number, position; /* in the table, in the model */
	const struct sdr_row *row;
	enum ui_style style; /* of the row's state */
};

static void draw_number(const struct cell *cell, const char *text)
{
	ui_draw_right(
		cell->surface, 0, cell->row->state == SDR_STATE_DOWN ? UI_STRONG : UI_PLAIN, text);
}

/* Those of the last minute, computed once per line. */
static const struct sdr_figures *figures_of(const struct cell *cell)
{
	struct ui_monitors_line *line = &cell->monitors->line;
	if (!line->computed)
		sdr_model_figures(ui_model(cell->monitors->ui), cell->position, SDR_WINDOW_1MIN,
			ui_now(cell->monitors->ui), &line->figures);
	line->computed = true;
	return &line->figures;
}

static void draw_sign(const struct cell *cell)
{
	bool up = cell->row->state == SDR_STATE_UP && !cell->row->flaps;
	ui_draw_text(cell->surface, 0, 0, up ? UI_OK : cell->style,
		ui_draw_glyph(cell->surface, ui_row_sign(cell->row)));
}

static void draw_state(const struct cell *cell)
{
	char since[SDR_DURATION_TEXT];
	const struct sdr_row *row = cell->row;
	int used = ui_draw_text(cell->surface, 0, 0, cell->style, ui_row_word(row));
	if (!is_bad(row))
		return;
	sdr_ns age = ui_now(cell->monitors->ui) - (row->flaps ? row->flaps_since : row->since_mono);
	if (age >= SDR_SECOND && cell->surface->width > 8)
		ui_draw_text(cell->surface, 0, used + 1, UI_PLAIN,
			sdr_duration_display(since, age - age % SDR_SECOND));
}

static void draw_target(const struct cell *cell)
{
	ui_monitors_draw_target(cell->monitors, cell->number, cell->row, cell->surface);
}

static void draw_kind(const struct cell *cell)
{
	char kinds[SDR_ERROR_TEXT];
	ui_monitors_format_kinds(cell->monitors, cell->number, kinds, sizeof(kinds));
	ui_draw_text(cell->surface, 0, 0, UI_DIM, kinds);
}

static void draw_address(const struct cell *cell)
{
	char text[SDR_ADDR_TEXT];
	if (cell->row->target->addr.version)
		ui_draw_name(cell->surface, 0, 0, UI_DIM,
			sdr_addr_format(text, &cell->row->target->addr));
	else if (cell->row->target->phase == SDR_PHASE_RESOLVING)
		ui_draw_text(cell->surface, 0, 0, UI_DIM, "resolving");
}

static void draw_loss(const struct cell *cell)
{
	char number[UI_NUMBER_TEXT];
	/* For a target that never answered, a first lost probe means nothing yet. */
	bool unknown = cell->row->state == SDR_STATE_UNKNOWN && cell->row->received == 0;
	draw_number(cell, ui_number_percent(number, unknown ? NAN : figures_of(cell)->loss));
}

static void draw_last(const struct cell *cell)
{
	char number[UI_NUMBER_TEXT];
	draw_number(cell, ui_number_ms(number, cell->row->last));
}

static void draw_p50(const struct cell *cell)
{
	char number[UI_NUMBER_TEXT];
	draw_number(cell, ui_number_ms(number, figures_of(cell)->p50));
}

static void draw_p95(const struct cell *cell)
{
	char number[UI_NUMBER_TEXT];
	draw_number(cell, ui_number_ms(number, figures_of(cell)->p95));
}

static void draw_jitter(const struct cell *cell)
{
	char number[UI_NUMBER_TEXT];
	draw_number(cell, ui_number_ms(number, figures_of(cell)->jitter));
}

/* The group's name, on its first row and on the first that is seen. */
static void draw_group(const struct cell *cell)
{
	const struct ui_monitors *monitors = cell->monitors;
	const struct ui_table *table = &monitors->table;
	char name[SDR_HOST_TEXT];
	uint32_t line = (uint32_t)(cell->surface->row - table->row) + table->top,
		 before = line ? ui_table_row_at(table, line - 1) : 0;
	bool first = line == table->top ||
		ui_ranking_group_of(monitors, before) !=
			ui_ranking_group_of(monitors, cell->number);
	ui_draw_name(cell->surface, 0, 0, first ? UI_STRONG : UI_DIM,
		first ? ui_ranking_group_name(monitors, cell->number, name, sizeof(name)) : "");
}

static void draw_sent(const struct cell *cell)
{
	char number[UI_NUMBER_TEXT];
	draw_number(cell, ui_number_count(number, cell->row->transmitted));
}

static void draw_series(const struct cell *cell)
{
	ui_spark_minute(cell->monitors->ui, cell->position, cell->surface);
}

/* Adds "First byte 811 ms" to out, after a comma where something is there already. */
static void add_value(
	const struct sdr_field *field, const struct sdr_value *value, char *out, size_t size)
{
	char number[UI_NUMBER_TEXT];
	size_t at = strlen(out);
	const char *text = value->text, *unit = "";
	if (!value->present)
		return;
	if (field->kind == SDR_FIELD_DURATION) {
		text = ui_number_ms(number, value->number);
		unit = " ms";
	} else if (field->kind == SDR_FIELD_BOOLEAN) {
		text = value->number ? "yes" : "no";
	} else if (field->kind == SDR_FIELD_INTEGER) {
		snprintf(number, sizeof(number), "%lld", (long long)value->number);
		text = number;
	} else if (field->kind == SDR_FIELD_ADDRESS) {
		return;
	}
	snprintf(out + at, size - at, "%s%s %s%s", at ? ", " : "", field->label, text ? text : "-",
		unit);
}

void ui_monitors_format_values(struct ui *ui, uint32_t position, char *out, size_t size)
{
	const struct sdr_model *model = ui_model(ui);
	const struct sdr_probe_type *type = sdr_model_target(model, position)->spec->type;
	out[0] = '\0';
	for (unsigned i = 0; i < type->field_count; i++)
		if (type->fields[i].brief)
			add_value(&type->fields[i], sdr_model_value(model, position, i), out, size);
}

static void format_values(const struct cell *cell, char *out, size_t size)
{
	ui_monitors_format_values(cell->monitors->ui, cell->position, out, size);
}

void ui_monitors_format_summary(const struct sdr_target *target, char *out, size_t size)
{
	const struct sdr_probe_type *type = target->spec->type;
	struct sdr_value values[SDR_SUMMARY_FIELDS_MAX];
	out[0] = '\0';
	sdr_target_summary(target, values);
	for (unsigned i = 0; i < type->summary_field_count; i++)
		add_value(&type->summary_fields[i], &values[i], out, size);
}

/* What makes it SLOW, then, where no part of the answer is known to, the answer's fields. */
static void format_slow(const struct cell *cell, int width, const char *why, char *out, size_t size)
{
	char values[SDR_ERROR_TEXT];
	ui_slow_why(ui_model(cell->monitors->ui), cell->position, ui_now(cell->monitors->ui), out,
		size);
	size_t used = strlen(out);
	format_values(cell, values, sizeof(values));
	const char *more = *why ? why : strstr(out, "; ") ? "" : values;
	if (*more)
		snprintf(out + used, size - used, "%s%s", used ? "  " : "", more);
	/* The part that takes the time is more useful than the figure. */
	if (cell->row->detail && sdr_text_cells(out) > width &&
		*ui_slow_part(sdr_sheet_view(cell->row->detail), values, sizeof(values)) &&
		strstr(out, values))
		snprintf(out, size, "%s", values);
}

/* "18 changes in 14m01s, DOWN for 3s: connection refused". */
static void format_flaps(const struct cell *cell, char *out, size_t size)
{
	const struct sdr_row *row = cell->row;
	sdr_ns now = ui_now(cell->monitors->ui), flapped = now - row->flaps_since,
	       age = now - row->since_mono;
	char in[SDR_DURATION_TEXT], since[SDR_DURATION_TEXT];
	const char *why = row->state == SDR_STATE_DOWN ? ui_state_why(row) : "";
	snprintf(out, size, "%u changes in %s, %s for %s%s%s", row->flaps,
		sdr_duration_display(in, flapped - flapped % SDR_SECOND),
		sdr_state_word(row->state), sdr_duration_display(since, age - age % SDR_SECOND),
		*why ? ": " : "", why);
}

/* Writes since when and why, as fits into so many cells. */
static void format_why(const struct cell *cell, int width, char *out, size_t size)
{
	char clock[SDR_WALL_TEXT], age[SDR_DURATION_TEXT];
	const struct sdr_row *row = cell->row;
	const char *why = ui_state_why(row);
	if (row->flaps) {
		format_flaps(cell, out, size);
	} else if (row->state == SDR_STATE_DOWN) {
		sdr_ns down = ui_now(cell->monitors->ui) - row->since_mono;
		snprintf(out, size, "since %s (%s)  %s", sdr_wall_clock(clock, row->since),
			sdr_duration_display(age, down - down % SDR_SECOND), why);
		if (sdr_text_cells(out) > width) /* the reason is more useful than the time */
			snprintf(out, size, "for %s: %s", age, why);
	} else if (row->state == SDR_STATE_SLOW) {
		format_slow(cell, width, why, out, size);
	} else if (*why || row->target->phase == SDR_PHASE_FAILED) {
		snprintf(out, size, "%s", why);
	} else {
		format_values(cell, out, size);
	}
}

static void draw_why(const struct cell *cell)
{
	char text[WHY_TEXT];
	format_why(cell, cell->surface->width, text, sizeof(text));
	ui_draw_text(cell->surface, 0, 0, is_bad(cell->row) ? UI_PLAIN : UI_DIM, text);
}

void ui_monitors_draw_why(struct ui_monitors *monitors, const struct ui_surface *s)
{
	struct sdr_row row;
	uint32_t position = ui_monitors_row_or_worst(monitors, &row);
	const struct cell cell = {.monitors = monitors,
		.surface = s,
		.number = ui_table_row(&monitors->table),
		.position = position,
		.row = &row,
		.style = UI_PLAIN};
	if (position != UINT32_MAX)
		draw_why(&cell);
}

static void (*const drawers[])(const struct cell *) = {
	[UI_MONITORS_SIGN] = draw_sign,
	[UI_MONITORS_STATE] = draw_state,
	[UI_MONITORS_TARGET] = draw_target,
	[UI_MONITORS_KIND] = draw_kind,
	[UI_MONITORS_ADDRESS] = draw_address,
	[UI_MONITORS_LOSS] = draw_loss,
	[UI_MONITORS_LAST] = draw_last,
	[UI_MONITORS_P50] = draw_p50,
	[UI_MONITORS_P95] = draw_p95,
	[UI_MONITORS_JITTER] = draw_jitter,
	[UI_MONITORS_SENT] = draw_sent,
	[UI_MONITORS_SERIES] = draw_series,
	[UI_MONITORS_WHY] = draw_why,
	[UI_MONITORS_GROUP] = draw_group,
};

static void draw_cell(
	void *context, uint32_t number, unsigned column, const struct ui_surface *surface)
{
	struct ui_monitors *monitors = context;
	const struct sdr_row *row = &monitors->line.row;
	if (number >= monitors->table.count) {
		ui_group_line_draw(monitors, number - monitors->table.count, column, surface);
		return;
	}
	struct cell cell = {monitors, surface, number, ui_monitors_position(monitors, number), row,
		ui_row_style(row)};
	drawers[monitors->shown[column]](&cell);
}

/* ---- what a line shows ---- */

/* Groups depend on the line before, and texts are long: lines that have either are drawn each
 * time. */
static bool is_simple(const struct ui_monitors *monitors)
{
	for (unsigned i = 0; monitors->table.columns[i].title; i++)
		if (monitors->shown[i] == UI_MONITORS_WHY)
			return false;
	return monitors->grouping == UI_GROUPING_NONE || monitors->grouping == UI_GROUPING_GROUP;
}

/* All figures and the series change with a count, or as the window moves on. */
static uint64_t look_at(void *context, uint32_t number)
{
	struct ui_monitors *monitors = context;
	struct sdr_row *row = &monitors->line.row;
	uint64_t stamp = UI_STAMP, address[2];
	sdr_ns now = ui_now(monitors->ui);
	if (number >= monitors->table.count)
		return ui_group_line_stamp(monitors, number - monitors->table.count);
	sdr_model_row(ui_model(monitors->ui), ui_monitors_position(monitors, number), row);
	monitors->line.computed = false;
	if (!is_simple(monitors))
		return 0;
	memcpy(address, row->target->addr.bytes, sizeof(address));
	const uint64_t parts[] = {monitors->grouping,
		ui_monitors_stamp_target(monitors, number, row), row->target->id,
		row->target->phase, row->target->addr.version, address[0], address[1],
		(uint64_t)row->target->spec->interval, row->state, (uint64_t)row->since_mono,
		row->received, row->lost, row->local, row->transmitted, (uint64_t)row->last,
		(uint64_t)(now / WINDOW_STEP), row->flaps,
		sdr_settings_version(sdr_app_settings(ui_app(monitors->ui))),
		is_bad(row) ? (uint64_t)((now - row->since_mono) / SDR_SECOND) : 0};
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		stamp = ui_stamp_mix(stamp, parts[i]);
	return stamp;
}

/* What is DOWN has no last minute worth drawing: since when and why take its place, too. */
static unsigned row_span(void *context, uint32_t number, unsigned column)
{
	const struct ui_monitors *monitors = context;
	if (number >= monitors->table.count)
		return ui_group_line_span(monitors, column);
	if (monitors->shown[column] != UI_MONITORS_SERIES ||
		!monitors->table.columns[column + 1].title ||
		monitors->shown[column + 1] != UI_MONITORS_WHY)
		return 1;
	uint32_t position = ui_monitors_position(monitors, number);
	if (sdr_model_flaps(ui_model(monitors->ui), position))
		return 1;
	return sdr_model_state(ui_model(monitors->ui), position) == SDR_STATE_DOWN ? 2 : 1;
}

static const struct ui_rows rows = {.cell = draw_cell,
	.look = look_at,
	.weigh = ui_ranking_weigh,
	.rank = ui_ranking_ranks,
	.group = ui_ranking_group,
	.blocks = ui_monitors_blocks,
	.fold = ui_monitors_fold,
	.key = ui_ranking_key,
	.holds = ui_monitors_holds,
	.find = ui_ranking_find,
	.span = row_span,
	.survey = ui_monitors_survey,
	.wants = ui_monitors_wants,
	.fitted = ui_monitors_fitted};

/* ---- the whole ---- */

static void hide_group(struct ui_monitors *monitors)
{
	bool hidden =
		monitors->grouping == UI_GROUPING_NONE || monitors->grouping == UI_GROUPING_GROUP;
	for (unsigned i = 0; monitors->table.columns[i].title; i++)
		if (monitors->shown[i] == UI_MONITORS_GROUP)
			monitors->table.hidden = hidden ? 1u << i : 0;
}

void ui_monitors_group(struct ui_monitors *monitors, enum ui_grouping grouping)
{
	monitors->grouping = grouping;
	monitors->members = UINT64_MAX; /* all is read again */
	monitors->sorted++;
	hide_group(monitors);
}

void ui_monitors_set_host(struct ui_monitors *monitors, const struct ui_page_host *host)
{
	monitors->host = host;
	monitors->members = UINT64_MAX; /* all is read again */
}

void ui_monitors_init(struct ui_monitors *monitors, struct ui *ui, const struct ui_column *columns,
	const uint8_t *shown, const char *panel)
{
	*monitors = (struct ui_monitors){.ui = ui,
		.shown = shown,
		.panel = panel,
		.members = UINT64_MAX,
		.order = UINT64_MAX};
	monitors->table.columns = columns;
	monitors->table.rows = &rows;
	monitors->table.sort = 1; /* the sign's column: worst first */
	hide_group(monitors);
}

void ui_monitors_done(struct ui_monitors *monitors)
{
	ui_table_done(&monitors->table);
	free(monitors->positions);
	free(monitors->ranks);
	free(monitors->weights);
	free(monitors->passes);
	ui_monitors_labels_done(monitors);
	ui_group_rows_done(&monitors->groups);
	ui_set_rows_done(&monitors->sets);
	ui_key_rows_done(&monitors->hosts);
}

void ui_monitors_update(struct ui_monitors *monitors)
{
	ui_ranking_look(monitors);
	ui_table_update(&monitors->table, monitors, monitors->table.count, monitors->sorted);
}

bool ui_monitors_work(struct ui_monitors *monitors)
{
	ui_ranking_look(monitors);
	return ui_ranking_work(monitors);
}

uint32_t ui_monitors_tally(const struct ui_monitors *monitors, enum sdr_state state)
{
	return monitors->panel || monitors->host ? monitors->tally[sdr_state_rank(state)]
						 : sdr_model_tally(ui_model(monitors->ui), state);
}

void ui_monitors_format(const struct ui_monitors *monitors, char *out, size_t size)
{
	char count[UI_NUMBER_TEXT], down[UI_NUMBER_TEXT + 8] = "", slow[UI_NUMBER_TEXT + 24] = "",
							  number[UI_NUMBER_TEXT];
	const struct sdr_engine *engine = sdr_app_engine(ui_app(monitors->ui));
	uint32_t downs = ui_monitors_tally(monitors, SDR_STATE_DOWN),
		 slows = ui_monitors_tally(monitors, SDR_STATE_SLOW);
	const char *held = monitors->held ? ", held" : "";
	/* Of a panel's targets those that flap count as slow. */
	bool any = monitors->panel && sdr_model_flapping(ui_model(monitors->ui)) > 0;
	const char *word = any ? "slow or flapping" : "slow";
	double demand = sdr_engine_demand(engine), rate = sdr_engine_rate(engine);
	if (downs)
		snprintf(down, sizeof(down), ", %s down", ui_number_count(number, downs));
	if (slows)
		snprintf(slow, sizeof(slow), ", %s %s", ui_number_count(number, slows), word);
	ui_number_count(count, monitors->table.count);
	const char *noun = monitors->table.count == 1 ? "target" : "targets";
	if (demand > rate)
		snprintf(out, size, "%s %s%s%s, paced to %.0f/s of %.0f/s, see rate%s", count, noun,
			down, slow, rate, demand, held);
	else
		snprintf(out, size, "%s %s%s%s, %.1f probes/s%s", count, noun, down, slow, demand,
			held);
}
