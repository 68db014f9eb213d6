/* path_rows.c - paths by the model's targets; what they look like is asked for only as results
 * come. */
#include "path_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/engine.h"

#define OPEN_MOST 8 /* paths beyond these begin folded */

void ui_path_rows_done(struct ui_path_rows *rows)
{
	for (uint32_t i = 0; i < rows->count; i++)
		free(rows->entries[i]);
	free(rows->entries);
	free(rows->folded);
	free(rows->rows);
	free(rows->of);
	free(rows->heads);
	*rows = (struct ui_path_rows){0};
}

/* ---- entries ---- */

static bool make_room(struct ui_path_rows *rows)
{
	uint32_t room = rows->room ? rows->room * 2 : 8;
	if (rows->count < rows->room)
		return true;
	struct ui_path_entry **entries = realloc(rows->entries, room * sizeof(*entries));
	if (!entries)
		return false;
	rows->entries = entries;
	bool *folded = realloc(rows->folded, room * sizeof(*folded));
	if (!folded)
		return false;
	rows->folded = folded;
	uint32_t *heads = realloc(rows->heads, room * sizeof(*heads));
	if (!heads)
		return false;
	rows->heads = heads;
	rows->room = room;
	return true;
}

static struct ui_path_entry *entry_of(struct ui_path_rows *rows, uint32_t id)
{
	for (uint32_t i = 0; i < rows->count; i++)
		if (rows->entries[i]->id == id)
			return rows->entries[i];
	if (!make_room(rows))
		return NULL;
	struct ui_path_entry *entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->id = id;
	rows->folded[rows->count] = rows->count >= OPEN_MOST;
	rows->entries[rows->count++] = entry;
	return entry;
}

static void note_leader(struct ui_path_rows *rows, const struct sdr_model *model, uint32_t position)
{
	struct sdr_row row;
	sdr_model_row(model, position, &row);
	struct ui_path_entry *entry = entry_of(rows, row.target->id);
	if (!entry)
		return;
	uint64_t stamp = 1 + row.received + row.lost + row.local + (row.transmitted << 32);
	entry->seen = true;
	entry->position = position;
	memset(entry->members, 0xff, sizeof(entry->members));
	if (entry->stamp == stamp && entry->path.count > 0)
		return;
	struct sdr_path path;
	if (entry->back > 0 && sdr_path_view_past(row.target, entry->back, &path))
		entry->path = path;
	else if (sdr_path_view(row.target, &path))
		entry->path = path;
	entry->back = entry->path.until ? entry->back : 0;
	for (unsigned i = 0; i < entry->path.count; i++)
		entry->path.hops[i].addrs = NULL; /* borrowed */
	entry->stamp = stamp;
}

static void note_member(
	struct ui_path_rows *rows, const struct sdr_target *target, uint32_t position)
{
	unsigned hop = 0;
	const char *role = sdr_target_role(target);
	if (!role || sscanf(role, "hop %u", &hop) != 1 || hop < 1 || hop > SDR_PATH_HOPS)
		return;
	for (uint32_t i = 0; i < rows->count; i++)
		if (rows->entries[i]->id == sdr_target_set(target)->leader)
			rows->entries[i]->members[hop - 1] = position;
}

static void drop_unseen(struct ui_path_rows *rows)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < rows->count; i++) {
		if (!rows->entries[i]->seen) {
			free(rows->entries[i]);
			continue;
		}
		rows->folded[kept] = rows->folded[i];
		rows->entries[kept++] = rows->entries[i];
	}
	rows->count = kept;
}

/* ---- rows ---- */

static bool make_row_room(struct ui_path_rows *rows, uint32_t count)
{
	if (count <= rows->row_room)
		return true;
	struct ui_path_row *list = realloc(rows->rows, count * sizeof(*list));
	if (!list)
		return false;
	rows->rows = list;
	uint32_t *of = realloc(rows->of, count * sizeof(*of));
	if (!of)
		return false;
	rows->of = of;
	rows->row_room = count;
	return true;
}

static void add_row(struct ui_path_rows *rows, uint32_t entry, unsigned hop)
{
	struct ui_path_row *row = &rows->rows[rows->row_count];
	if (row->entry != entry || row->hop != hop)
		rows->version++;
	*row = (struct ui_path_row){entry, hop};
	rows->of[rows->row_count++] = entry;
}

static void list_rows(struct ui_path_rows *rows)
{
	uint32_t before = rows->row_count, need = 0;
	for (uint32_t i = 0; i < rows->count; i++)
		need += 1 + rows->entries[i]->path.count;
	rows->row_count = 0;
	if (!make_row_room(rows, need))
		return;
	for (uint32_t i = 0; i < rows->count; i++) {
		rows->heads[i] = rows->row_count;
		add_row(rows, i, 0);
		for (unsigned hop = 1; hop <= rows->entries[i]->path.count; hop++)
			add_row(rows, i, hop);
	}
	rows->version += rows->row_count != before;
	rows->blocks = (struct ui_blocks){
		.count = rows->count, .of = rows->of, .folded = rows->folded, .heads = rows->heads};
}

void ui_path_rows_update(struct ui_path_rows *rows, const struct sdr_model *model)
{
	uint32_t count = sdr_model_count(model);
	for (uint32_t i = 0; i < rows->count; i++)
		rows->entries[i]->seen = false;
	for (uint32_t i = 0; i < count; i++) {
		const struct sdr_target *target = sdr_model_target(model, i);
		const char *panel = target->spec->type->panel;
		if (!panel || strcmp(panel, "path") != 0)
			continue;
		if (sdr_target_leads(target))
			note_leader(rows, model, i);
		else
			note_member(rows, target, i);
	}
	drop_unseen(rows);
	list_rows(rows);
}

const struct ui_path_entry *ui_path_rows_entry(const struct ui_path_rows *rows, uint32_t row)
{
	return rows->entries[rows->rows[row].entry];
}

const struct sdr_path_hop *ui_path_rows_hop(const struct ui_path_rows *rows, uint32_t row)
{
	unsigned hop = rows->rows[row].hop;
	return hop > 0 ? &ui_path_rows_entry(rows, row)->path.hops[hop - 1] : NULL;
}

uint32_t ui_path_rows_position(const struct ui_path_rows *rows, uint32_t row)
{
	unsigned hop = rows->rows[row].hop;
	const struct ui_path_entry *entry = ui_path_rows_entry(rows, row);
	return hop == 0           ? entry->position
		: entry->back > 0 ? UI_PATH_NOWHERE /* who is there now is another one */
				  : entry->members[hop - 1];
}

bool ui_path_rows_step_back(struct ui_path_rows *rows, uint32_t row)
{
	struct ui_path_entry *entry = rows->entries[rows->rows[row].entry];
	if (entry->path.past_count == 0)
		return false;
	entry->back = (entry->back + 1) % (entry->path.past_count + 1);
	entry->stamp = 0;
	rows->version++;
	return true;
}
