/* table_order.c - the order of a table's lines: by column, by group, in blocks. */
#include "table_order.h"

#include "table_select.h"

#include <stdlib.h>
#include <string.h>

unsigned ui_table_columns(const struct ui_table *table)
{
	unsigned count = 0;
	while (table->columns && count < UI_TABLE_COLUMNS && table->columns[count].title)
		count++;
	return count;
}

void ui_table_drop_order(struct ui_table *table)
{
	free(table->order);
	table->order = NULL;
	table->order_size = 0;
}

static bool make_room(struct ui_table *table)
{
	if (table->order_size >= table->count && table->order)
		return true;
	uint32_t *order = realloc(table->order, (table->count ? table->count : 1) * sizeof(*order));
	if (!order)
		return false;
	table->order = order;
	table->order_size = table->count;
	return true;
}

/* Makes of how many rows have each byte where the first of them goes. */
static void counts_to_places(uint32_t at[static 256])
{
	uint32_t sum = 0;
	for (unsigned value = 0; value < 256; value++) {
		uint32_t here = at[value];
		at[value] = sum;
		sum += here;
	}
}

/* Puts `order` into `sorted` by a byte of the weights. */
static void sort_by_byte(const uint32_t *order, uint32_t *sorted, const uint64_t *weights,
	uint32_t count, unsigned shift)
{
	uint32_t at[256] = {0};
	for (uint32_t i = 0; i < count; i++)
		at[weights[i] >> shift & 0xFF]++;
	counts_to_places(at);
	for (uint32_t i = 0; i < count; i++)
		sorted[at[weights[order[i]] >> shift & 0xFF]++] = order[i];
}

/* Sorts `order` stably by weights[row], a byte at a time from the lowest (LSD radix sort); a byte
 * that is equal in all costs nothing. `spare` is as large as `order`. */
static void sort_rows(struct ui_table *table, uint32_t *spare, const uint64_t *weights)
{
	uint32_t count = table->found, *order = table->order;
	uint64_t differ = 0;
	for (uint32_t i = 0; i < count; i++)
		differ |= weights[order[i]] ^ weights[order[0]];
	for (unsigned shift = 0; shift < 64; shift += 8) {
		if (!(differ >> shift & 0xFF))
			continue;
		sort_by_byte(order, spare, weights, count, shift);
		uint32_t *other = order;
		order = spare;
		spare = other;
	}
	if (order != table->order)
		memcpy(table->order, order, count * sizeof(*order));
}

/* Sorts `order` by bytes. */
static void sort_by_rank(const struct ui_table *table, uint32_t *spare, const uint8_t *ranks)
{
	uint8_t flip = table->invert ? 0xFF : 0;
	uint32_t at[256] = {0};
	for (uint32_t i = 0; i < table->found; i++)
		at[ranks[table->order[i]] ^ flip]++;
	counts_to_places(at);
	for (uint32_t i = 0; i < table->found; i++)
		spare[at[ranks[table->order[i]] ^ flip]++] = table->order[i];
	memcpy(table->order, spare, table->found * sizeof(*spare));
}

/* Sorts `order` by the column's weights; `spare` and `weights` have room for all. */
static void sort_by_weight(struct ui_table *table, uint32_t *spare, uint64_t *weights)
{
	table->rows->weigh(table->context, (unsigned)table->sort - 1, weights);
	for (uint32_t i = 0; table->invert && i < table->count; i++)
		weights[i] = ~weights[i];
	sort_rows(table, spare, weights);
}

static void sort_by_group(struct ui_table *table, uint32_t *spare, uint64_t *weights)
{
	if (table->rows->group && table->rows->group(table->context, weights))
		sort_rows(table, spare, weights);
}

/* Sorts `order` by the column, then by group. Returns false when out of memory. */
static bool sort_table(struct ui_table *table)
{
	const struct ui_rows *rows = table->rows;
	uint32_t count = table->count;
	const uint8_t *ranks = rows->rank && table->sort > 0
		? rows->rank(table->context, (unsigned)table->sort - 1)
		: NULL;
	if (table->found == 0 || !rows->weigh)
		return true;
	uint32_t *spare = malloc(count * sizeof(*spare));
	uint64_t *weights = malloc(count * sizeof(*weights));
	bool done = spare && weights;
	if (spare && ranks)
		sort_by_rank(table, spare, ranks);
	else if (done && table->sort > 0)
		sort_by_weight(table, spare, weights);
	if (done)
		sort_by_group(table, spare, weights);
	free(spare);
	free(weights);
	return done;
}

/* Puts the rows under the heads of their blocks. Returns false when out of memory. */
static bool arrange(struct ui_table *table, const struct ui_blocks *blocks)
{
	struct ui_sorted sorted = {table->order, table->found, table->count};
	uint32_t *places = malloc((blocks->count + 1) * sizeof(*places)),
		 *lines = malloc((table->count + blocks->count + 1) * sizeof(*lines));
	if (places && lines) {
		table->line_count = ui_blocks_arrange(blocks, &sorted, places, lines);
		free(table->order);
		table->order = lines;
		table->order_size = table->count + blocks->count;
		table->blocks = blocks;
	} else {
		free(lines);
	}
	free(places);
	return table->blocks;
}

/* Shows the source's own order, and all of it. */
static void show_all(struct ui_table *table)
{
	ui_table_drop_order(table);
	table->found = table->line_count = table->count;
}

void ui_table_order(struct ui_table *table)
{
	const struct ui_rows *rows = table->rows;
	bool filtered = ui_table_is_filtered(table);
	table->fresh = true;
	table->blocks = NULL;
	const struct ui_blocks *blocks = rows->blocks ? rows->blocks(table->context) : NULL;
	if ((!rows->weigh && !filtered && !blocks) || !make_room(table)) {
		show_all(table);
		return;
	}
	ui_table_select(table);
	table->line_count = table->found;
	if (!sort_table(table) && !filtered) {
		show_all(table);
		return;
	}
	if (blocks && table->found > 0 && !arrange(table, blocks))
		table->line_count = table->found;
}

void ui_table_sort(struct ui_table *table, int step)
{
	int count = (int)ui_table_columns(table);
	if (!table->rows || !table->rows->weigh)
		return;
	for (int i = 0; i <= count; i++) {
		table->sort = (table->sort + step + count + 1) % (count + 1);
		if (table->sort == 0 || table->columns[table->sort - 1].sorts)
			break;
	}
	table->fresh = false;
}

void ui_table_invert(struct ui_table *table)
{
	table->invert = !table->invert;
	table->fresh = false;
}

unsigned ui_table_column_at(const struct ui_table *table, unsigned place)
{
	return table->placed ? table->places[place] : place;
}

unsigned ui_table_places(const struct ui_table *table)
{
	return table->placed ? table->placed : ui_table_columns(table);
}

void ui_table_sort_at(struct ui_table *table, int cell)
{
	int at = 0;
	for (unsigned place = 0; place < ui_table_places(table); place++) {
		unsigned i = ui_table_column_at(table, place);
		int width = table->widths[i];
		if (cell >= at && cell < at + width && table->columns[i].sorts &&
			table->rows->weigh) {
			table->invert = table->sort == (int)i + 1 && !table->invert;
			table->sort = (int)i + 1;
			table->fresh = false;
			return;
		}
		at += width ? width + UI_TABLE_GAP : 0;
	}
}
