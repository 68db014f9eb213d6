/* monitors_labels.c - what targets are called: as typed, and where two are typed alike by what else
 * their lines say. Only what a frame shows is looked at. */
#include "monitors_labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "group_line.h"
#include "monitors_blocks.h"
#include "names_apart.h"
#include "page_host.h"
#include "sounder/engine.h"
#include "sounder/request.h"
#include "sounder/sanitize.h"
#include "sounder/target_set.h"
#include "state_look.h"

#define NAME_LEAST 3 /* cells; a shorter name is useless */
#define HIDDEN_TEXT 96
#define HIDDEN_MOST 12   /* cells of what a head hides, as a rule: "+12 1 down" */
#define HIDDEN_LOOKED 16 /* of those that a head hides, for words that set it apart */
#define KINDS_CELLS 13   /* of a host's probes: "icmp tcp http" */
#define SIGN_WIDTH 3     /* and the gap behind it */

/* A line that the frame shows. */
struct ui_label {
	struct ui_apart *name; /* one of `monitors->names`; NULL: its role is enough */
	uint32_t row;
	uint32_t older;                  /* targets of that name that were there before */
	const struct sdr_target *target; /* NULL: a column, or a head, has what sets it apart */
	char *line;                      /* the target's, once it is asked for in a frame */
};

void ui_monitors_labels_done(struct ui_monitors *monitors)
{
	free(monitors->labels);
	free(monitors->names);
	monitors->labels = NULL;
	monitors->names = NULL;
	monitors->name_count = monitors->label_count = monitors->label_size = 0;
}

/* ---- members of sets ---- */

static bool shows(const struct ui_monitors *monitors, enum ui_monitors_column column)
{
	for (unsigned i = 0; monitors->table.columns[i].title; i++)
		if (monitors->shown[i] == column)
			return !(monitors->table.narrow >> i & 1);
	return false;
}

static uint32_t members_of_set(const struct sdr_target *target)
{
	const struct sdr_set *set = sdr_target_set(target);
	return set ? set->count : 0;
}

/* Whether a row's name is that of all that it hides. */
static bool is_whole(
	const struct ui_monitors *monitors, uint32_t row, const struct ui_set_hidden *hidden)
{
	bool host = ui_monitors_is_host(monitors, row);
	return hidden->count > 0 && !(host && ui_monitors_is_alone(monitors, row));
}

/* Members of a set are distinguished by their role, addresses of one name if no column does it; a
 * head that hides the others stands for all. NULL: its name is enough. */
static const char *role_of(
	const struct ui_monitors *monitors, const struct sdr_target *target, bool whole_set)
{
	char address[SDR_ADDR_TEXT];
	const char *role = whole_set || members_of_set(target) < 2 ? NULL : sdr_target_role(target);
	bool shown = role && strcmp(role, sdr_addr_format(address, &target->addr)) == 0 &&
		shows(monitors, UI_MONITORS_ADDRESS);
	return shown ? NULL : role;
}

/* ---- what sets those apart that are typed alike ---- */

static void add_word(struct ui_label *label, const char *before, const char *word, size_t length)
{
	size_t used = strlen(label->name->text);
	snprintf(label->name->text + used, sizeof(label->name->text) - used, " %s%.*s", before,
		(int)length, word);
}

/* Whether a word is among those of a text, which are separated by blanks. */
static bool has_word(const char *text, const char *word, size_t length)
{
	for (const char *at = text; *at; at += strcspn(at, " "), at += strspn(at, " "))
		if (strcspn(at, " ") == length && memcmp(at, word, length) == 0)
			return true;
	return false;
}

/* Appends the words of a line that the other one has not; a server as dig writes it. */
static void add_words(struct ui_label *label, const char *line, const char *other)
{
	bool server = false;
	for (const char *at = line; *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");
		bool option = length == 8 && memcmp(at, "--server", 8) == 0;
		char word[UI_APART_TEXT];
		snprintf(word, sizeof(word), "%s%.*s", server ? "@" : "", (int)length, at);
		if (!option && !has_word(other, at, length) &&
			!has_word(label->name->text, word, strlen(word)))
			add_word(label, "", word, strlen(word));
		server = option;
		at += length;
	}
}

/* The line of a label's target; NULL when out of memory. */
static const char *line_of(struct ui_label *label)
{
	if (!label->line)
		label->line = sdr_target_line(label->target, false);
	return label->line;
}

/* Has a label have what its target's line has beside another one's. */
static void add_own_words(struct ui_label *label, struct ui_label *other)
{
	const char *line = line_of(label), *beside = line_of(other);
	if (line && beside)
		add_words(label, line, beside);
}

/* Adds to a name what others of it in the frame make needed: the probe's type if no column has it,
 * words of the line. */
static void qualify(const struct ui_monitors *monitors, struct ui_label *label)
{
	const struct sdr_probe_type *type = label->target->spec->type;
	bool kinds = shows(monitors, UI_MONITORS_KIND), kind = false;
	for (uint32_t i = 0; i < monitors->label_count; i++) {
		struct ui_label *other = &monitors->labels[i];
		if (other == label || !other->target ||
			strcmp(other->target->typed, label->target->typed) != 0)
			continue;
		if (other->target->spec->type == type)
			add_own_words(label, other);
		else if (!kinds && !kind)
			add_word(label, "", type->label, strlen(type->label));
		kind = kind || other->target->spec->type != type;
	}
}

/* The same for one of a host's probes that the others, which no line has, are called like. */
static void qualify_alone(const struct ui_monitors *monitors, struct ui_label *label)
{
	uint32_t row = label->row, left = HIDDEN_LOOKED;
	if (!ui_monitors_is_host(monitors, row))
		return;
	for (uint32_t at = ui_key_rows_next(&monitors->hosts, row); at != row && left > 0;
		at = ui_key_rows_next(&monitors->hosts, at), left--) {
		struct ui_label other = {.target = sdr_model_target(ui_model(monitors->ui),
						 ui_monitors_position(monitors, at))};
		if (other.target->spec->type == label->target->spec->type &&
			strcmp(other.target->typed, label->target->typed) == 0)
			add_own_words(label, &other);
		free(other.line);
	}
}

/* Of targets that are one in all but their ids, each but the first gets a number. */
static void number(struct ui_monitors *monitors)
{
	for (uint32_t i = 0; i < monitors->label_count; i++) {
		struct ui_label *label = &monitors->labels[i];
		label->older = 0;
		for (uint32_t j = 0; label->target && j < monitors->label_count; j++) {
			const struct ui_label *other = &monitors->labels[j];
			label->older += other->target && other->target->id < label->target->id &&
				other->target->spec->type == label->target->spec->type &&
				strcmp(other->name->text, label->name->text) == 0;
		}
	}
	for (uint32_t i = 0; i < monitors->label_count; i++) {
		char text[16];
		snprintf(text, sizeof(text), "%u", monitors->labels[i].older + 1);
		if (monitors->labels[i].target && monitors->labels[i].older > 0)
			add_word(&monitors->labels[i], "#", text, strlen(text));
	}
}

/* ---- the table's verbs ---- */

void ui_monitors_measure(struct ui_monitors *monitors, uint32_t row)
{
	const struct sdr_target *target =
		sdr_model_target(ui_model(monitors->ui), ui_monitors_position(monitors, row));
	bool set = members_of_set(target) > 1;
	const char *role = set ? sdr_target_role(target) : NULL;
	size_t length = strlen(target->typed), beside = role ? strlen(role) : 0;
	if (set || ui_monitors_has_others(monitors, row))
		length += 1 + (beside > HIDDEN_MOST ? beside : HIDDEN_MOST);
	if (length > monitors->longest)
		monitors->longest = (uint32_t)length;
}

void ui_monitors_survey(void *context, const uint32_t *rows, uint32_t count)
{
	struct ui_monitors *monitors = context;
	if (count > monitors->label_size) {
		ui_monitors_labels_done(monitors);
		monitors->labels = calloc(count, sizeof(*monitors->labels));
		monitors->names = calloc(count, sizeof(*monitors->names));
		monitors->label_size = monitors->labels && monitors->names ? count : 0;
	}
	monitors->label_count = count <= monitors->label_size ? count : 0;
	for (uint32_t i = 0; i < monitors->label_count; i++)
		monitors->labels[i].row = rows[i];
}

/* What stands at the end of a row's name. */
static const char *signs_of(const struct ui_monitors *monitors, uint32_t number)
{
	return ui_target_signs(monitors->ui,
		sdr_model_target(ui_model(monitors->ui), ui_monitors_position(monitors, number))
			->id);
}

/* What marks take behind the names, where there are any. */
static int signs_room(const struct ui_monitors *monitors)
{
	int most = 0;
	for (uint32_t i = 0; i < monitors->label_count; i++)
		if (monitors->labels[i].row < monitors->table.count &&
			(int)strlen(signs_of(monitors, monitors->labels[i].row)) > most)
			most = (int)strlen(signs_of(monitors, monitors->labels[i].row));
	return most ? most + 1 : 0;
}

int ui_monitors_wants(void *context, unsigned column)
{
	const struct ui_monitors *monitors = context;
	int indent = monitors->grouping == UI_GROUPING_GROUP ? UI_MEMBER_INDENT : 0;
	if (monitors->shown[column] == UI_MONITORS_KIND)
		return monitors->mixed ? KINDS_CELLS : 0;
	if (monitors->shown[column] != UI_MONITORS_TARGET || monitors->longest == 0)
		return 0;
	return (int)monitors->longest + indent + signs_room(monitors);
}

/* Where in its cell a row's name is, beside what a head hides, which is written into `text`. */
static struct ui_surface name_in(const struct ui_monitors *monitors, uint32_t number,
	const struct ui_set_hidden *hidden, const struct ui_surface *cell,
	char text[static HIDDEN_TEXT])
{
	bool indented =
		monitors->grouping == UI_GROUPING_GROUP || ui_monitors_is_under(monitors, number);
	struct ui_surface rest = ui_surface_part(cell, 0, indented ? UI_MEMBER_INDENT : 0, 1, -1);
	ui_set_rows_format(hidden, &rest, text, HIDDEN_TEXT);
	int end = *text ? rest.width - sdr_text_cells(text) - 1 : rest.width;
	if (number < monitors->table.count && *signs_of(monitors, number))
		end -= (int)strlen(signs_of(monitors, number)) + 1;
	return ui_surface_part(&rest, 0, 0, 1, end > 0 ? end : 0);
}

/* Begins a label with what was typed. */
static void begin(
	struct ui_monitors *monitors, struct ui_label *label, const struct ui_surface *cell)
{
	struct sdr_text_style style = {.ascii = cell->ascii, .cells_max = -1};
	char hidden_text[HIDDEN_TEXT];
	uint32_t position = ui_monitors_position(monitors, label->row);
	const struct sdr_target *target = sdr_model_target(ui_model(monitors->ui), position);
	struct ui_set_hidden hidden = ui_monitors_hidden(
		monitors, label->row, sdr_model_state(ui_model(monitors->ui), position));
	bool whole = is_whole(monitors, label->row, &hidden),
	     host = whole && ui_monitors_is_host(monitors, label->row);
	struct ui_about about = ui_page_host_about(target);
	const char *text = host ? about.host : target->typed;
	if (role_of(monitors, target, whole))
		return;
	/* Its address is in a column. */
	label->target = !whole && members_of_set(target) > 1 ? NULL : target;
	label->name = &monitors->names[monitors->name_count++];
	label->name->room = name_in(monitors, label->row, &hidden, cell, hidden_text).width;
	sdr_sanitize(label->name->text, sizeof(label->name->text), text, strlen(text), &style);
}

/* Begins that of a group's line, which is as wide as the table but for its sign. */
static void begin_head(
	struct ui_monitors *monitors, struct ui_label *label, const struct ui_surface *table)
{
	struct sdr_text_style style = {.ascii = table->ascii, .cells_max = -1};
	char name[SDR_HOST_TEXT];
	ui_group_rows_name(
		ui_model(monitors->ui), label->row - monitors->table.count, name, sizeof(name));
	label->name = &monitors->names[monitors->name_count++];
	label->name->room = ui_group_line_room(table->width - SIGN_WIDTH);
	sdr_sanitize(label->name->text, sizeof(label->name->text), name, strlen(name), &style);
}

void ui_monitors_fitted(void *context, const struct ui_surface *surface, const int *widths)
{
	struct ui_monitors *monitors = context;
	struct ui_surface cell = *surface;
	cell.width = 0;
	monitors->name_count = 0;
	for (unsigned i = 0; monitors->table.columns[i].title; i++)
		if (monitors->shown[i] == UI_MONITORS_TARGET)
			cell.width = widths[i];
	for (uint32_t i = 0; i < monitors->label_count; i++) {
		struct ui_label *label = &monitors->labels[i];
		label->target = NULL;
		label->name = NULL;
		if (label->row < monitors->table.count)
			begin(monitors, label, &cell);
		else
			begin_head(monitors, label, surface);
	}
	for (uint32_t i = 0; i < monitors->label_count; i++)
		if (monitors->labels[i].target) {
			qualify(monitors, &monitors->labels[i]);
			qualify_alone(monitors, &monitors->labels[i]);
		}
	number(monitors);
	ui_names_apart(monitors->names, monitors->name_count, surface->ascii);
	for (uint32_t i = 0; i < monitors->label_count; i++) {
		free(monitors->labels[i].line);
		monitors->labels[i].line = NULL;
	}
}

/* ---- drawing ---- */

const char *ui_monitors_label(const struct ui_monitors *monitors, uint32_t row)
{
	for (uint32_t i = 0; i < monitors->label_count; i++)
		if (monitors->labels[i].row == row)
			return monitors->labels[i].name ? monitors->labels[i].name->shown : NULL;
	return NULL;
}

/* The role gets all the room, and stands alone where the name is above. Returns the cells used. */
static int draw_name(const struct ui_monitors *monitors, uint32_t number, const struct sdr_row *row,
	const struct ui_surface *surface, bool whole_set)
{
	bool bad = row->state == SDR_STATE_SLOW || row->state == SDR_STATE_DOWN;
	enum ui_style style = bad ? UI_STRONG : UI_PLAIN;
	const char *role = role_of(monitors, row->target, whole_set),
		   *label = ui_monitors_label(monitors, number);
	if (!role)
		return ui_draw_name(surface, 0, 0, style, label ? label : row->target->typed);
	int left = surface->width - (int)sdr_text_cells(role) - 1;
	if (left < NAME_LEAST || ui_monitors_is_under(monitors, number))
		return ui_draw_name(surface, 0, 0, style, role);
	struct ui_surface name = ui_surface_part(surface, 0, 0, 1, left);
	int used = ui_draw_name(&name, 0, 0, style, row->target->typed) + 1;
	return used + ui_draw_text(surface, 0, used, style, role);
}

void ui_monitors_draw_target(const struct ui_monitors *monitors, uint32_t number,
	const struct sdr_row *row, const struct ui_surface *cell)
{
	char text[HIDDEN_TEXT];
	struct ui_set_hidden hidden = ui_monitors_hidden(monitors, number, row->state);
	struct ui_surface name = name_in(monitors, number, &hidden, cell, text);
	int indent = name.column - cell->column,
	    used = draw_name(monitors, number, row, &name, is_whole(monitors, number, &hidden));
	used += used > 0
		? ui_draw_text(cell, 0, indent + used + 1, UI_STRONG, signs_of(monitors, number))
		: 0;
	used += *signs_of(monitors, number) ? 1 : 0;
	ui_draw_text(cell, 0, indent + (used > 0 ? used + 1 : 0),
		hidden.worst_count > 0 ? ui_state_style(hidden.worst) : UI_DIM, text);
}

uint64_t ui_monitors_stamp_target(
	const struct ui_monitors *monitors, uint32_t number, const struct sdr_row *row)
{
	struct ui_set_hidden hidden = ui_monitors_hidden(monitors, number, row->state);
	uint64_t stamp = UI_STAMP;
	stamp = ui_stamp_mix(stamp, ui_monitors_is_under(monitors, number));
	stamp = ui_stamp_mix(stamp, hidden.count);
	stamp = ui_stamp_mix(stamp, hidden.worst);
	stamp = ui_stamp_mix(stamp, hidden.worst_count);
	stamp = ui_stamp_mix(stamp, members_of_set(row->target));
	stamp = ui_stamp_text(stamp, signs_of(monitors, number));
	return ui_stamp_text(stamp, ui_monitors_label(monitors, number));
}
