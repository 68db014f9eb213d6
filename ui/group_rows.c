/* group_rows.c - counts are kept as rows change; names are sorted only when a group comes or goes,
 * so that a change of state costs no more than one look at each group. */
#include "group_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ui_group_rows_done(struct ui_group_rows *groups)
{
	free(groups->of);
	free(groups->tally);
	free(groups->folded);
	free(groups->by_name);
	free(groups->order);
	*groups = (struct ui_group_rows){0};
}

/* Makes an array longer. Returns false when out of memory: it is as it was. */
static bool lengthen(void *array, uint32_t count, size_t size)
{
	void **at = array;
	void *longer = realloc(*at, count * size);
	*at = longer ? longer : *at;
	return longer;
}

/* Arrays move while a table still shows the rows as they were. */
static void hand_out(struct ui_group_rows *groups)
{
	groups->blocks.of = groups->of;
	groups->blocks.folded = groups->folded;
	groups->blocks.order = groups->order;
}

static bool make_room(struct ui_group_rows *groups, uint32_t room)
{
	if (room <= groups->room)
		return true;
	room += room / 4;
	bool longer = lengthen(&groups->tally, room, sizeof(*groups->tally)) &&
		lengthen(&groups->folded, room, sizeof(*groups->folded)) &&
		lengthen(&groups->by_name, room, sizeof(*groups->by_name)) &&
		lengthen(&groups->order, room, sizeof(*groups->order));
	hand_out(groups);
	if (!longer)
		return false;
	for (uint32_t i = groups->room; i < room; i++) {
		groups->folded[i] = false;
		memset(groups->tally[i], 0, sizeof(*groups->tally));
	}
	groups->room = room;
	return true;
}

static bool make_rows(struct ui_group_rows *groups, uint32_t rows)
{
	if (rows <= groups->row_room)
		return true;
	if (!lengthen(&groups->of, rows, sizeof(*groups->of)))
		return false;
	groups->row_room = rows;
	hand_out(groups);
	return true;
}

bool ui_group_rows_begin(struct ui_group_rows *groups, const struct sdr_model *model, uint32_t rows)
{
	groups->ready = make_room(groups, sdr_model_groups(model) + 1) && make_rows(groups, rows);
	if (groups->ready)
		memset(groups->tally, 0, groups->room * sizeof(*groups->tally));
	groups->version = UINT64_MAX;
	return groups->ready;
}

void ui_group_rows_add(struct ui_group_rows *groups, uint32_t row, uint32_t group, uint8_t rank)
{
	uint32_t block = group == SDR_GROUP_NONE ? 0 : group + 1;
	groups->ready = groups->ready && make_room(groups, block + 1);
	if (!groups->ready)
		return;
	groups->of[row] = block;
	groups->tally[block][rank]++;
}

void ui_group_rows_remove(struct ui_group_rows *groups, uint32_t row, uint8_t rank)
{
	if (groups->ready)
		groups->tally[groups->of[row]][rank]--;
}

/* ---- order ---- */

/* A block and its name, to be sorted. */
struct named {
	uint32_t block;
	const char *name;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int difference = strcmp(x->name, y->name);
	return difference != 0 ? difference : (x->block > y->block) - (x->block < y->block);
}

/* The block of those without a group comes last. Returns false when out of memory. */
static bool sort_names(struct ui_group_rows *groups, const struct sdr_model *model)
{
	struct named *list = malloc(groups->room * sizeof(*list));
	uint32_t count = 0;
	struct sdr_target_group group;
	if (!list)
		return false;
	for (uint32_t block = 1; block < groups->room; block++) {
		if (sdr_model_group(model, block - 1, &group))
			list[count++] = (struct named){block, group.name};
		else
			groups->folded[block] = false; /* another may get its number */
	}
	qsort(list, count, sizeof(*list), by_name);
	for (uint32_t i = 0; i < count; i++)
		groups->by_name[i] = list[i].block;
	groups->by_name[count++] = 0;
	groups->by_name_count = count;
	groups->version = sdr_model_group_version(model);
	free(list);
	return true;
}

unsigned ui_group_rows_worst(const struct ui_group_rows *groups, uint32_t block)
{
	unsigned rank = 0;
	while (rank < SDR_STATES && groups->tally[block][rank] == 0)
		rank++;
	return rank;
}

const struct ui_blocks *ui_group_rows_blocks(
	struct ui_group_rows *groups, const struct sdr_model *model)
{
	uint32_t count = 0;
	if (!groups->ready ||
		(groups->version != sdr_model_group_version(model) && !sort_names(groups, model)))
		return NULL;
	for (unsigned rank = 0; rank < SDR_STATES; rank++)
		for (uint32_t i = 0; i < groups->by_name_count; i++)
			if (ui_group_rows_worst(groups, groups->by_name[i]) == rank)
				groups->order[count++] = groups->by_name[i];
	groups->blocks.count = groups->room;
	groups->blocks.order_count = count;
	return &groups->blocks;
}

void ui_group_rows_fold(struct ui_group_rows *groups, uint32_t block, bool fold)
{
	if (block != UI_BLOCK_NONE)
		groups->folded[block] = fold;
	for (uint32_t i = 0; block == UI_BLOCK_NONE && i < groups->room; i++)
		groups->folded[i] = fold;
}

uint32_t ui_group_rows_size(const struct ui_group_rows *groups, uint32_t block)
{
	uint32_t sum = 0;
	for (unsigned rank = 0; rank < SDR_STATES && block < groups->room; rank++)
		sum += groups->tally[block][rank];
	return sum;
}

const char *ui_group_rows_name(
	const struct sdr_model *model, uint32_t block, char *out, size_t size)
{
	struct sdr_target_group group;
	bool found = block > 0 && sdr_model_group(model, block - 1, &group);
	snprintf(out, size, "%s", found ? group.name : "no group yet");
	return out;
}
