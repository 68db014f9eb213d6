/* key_rows.c - rows of one key are found in one pass when rows come or go; which of them is the
 * head, the sort decides. */
#include "key_rows.h"

#include <stdlib.h>

/* Rows that are looked up while blocks are made. */
struct index {
	uint32_t *rows; /* [mask + 1] the first row of a key, UI_BLOCK_NONE: free */
	uint32_t mask;
};

/* Those that are open before all is made again. */
struct opened {
	uint64_t *keys; /* [count] */
	uint32_t count;
};

static void drop_blocks(struct ui_key_rows *rows)
{
	free(rows->of);
	free(rows->next);
	free(rows->tops);
	rows->of = rows->next = rows->tops = NULL;
}

void ui_key_rows_done(struct ui_key_rows *rows)
{
	drop_blocks(rows);
	free(rows->added);
	free(rows->minor);
	free(rows->keys);
	free(rows->folded);
	*rows = (struct ui_key_rows){0};
}

void ui_key_rows_begin(struct ui_key_rows *rows, uint32_t most)
{
	drop_blocks(rows);
	free(rows->added);
	free(rows->minor);
	rows->rows = 0;
	rows->added = malloc((most ? most : 1) * sizeof(*rows->added));
	rows->minor = malloc((most ? most : 1) * sizeof(*rows->minor));
}

void ui_key_rows_add(struct ui_key_rows *rows, uint64_t key, bool minor)
{
	if (!rows->added || !rows->minor)
		return;
	rows->added[rows->rows] = key;
	rows->minor[rows->rows++] = minor;
}

/* Where the first row of a key is, or goes, in the index. */
static uint32_t *find(const struct index *index, const uint64_t *keys, uint64_t key)
{
	uint32_t at = (uint32_t)(key ^ key >> 32) & index->mask;
	while (index->rows[at] != UI_BLOCK_NONE && keys[index->rows[at]] != key)
		at = (at + 1) & index->mask;
	return &index->rows[at];
}

/* Puts each row into the ring of its key's. */
static bool make_rings(struct ui_key_rows *rows)
{
	struct index index = {.mask = 1};
	while (index.mask < rows->rows * 2)
		index.mask = index.mask << 1 | 1;
	index.rows = malloc((index.mask + 1) * sizeof(*index.rows));
	if (!index.rows)
		return false;
	for (uint32_t i = 0; i <= index.mask; i++)
		index.rows[i] = UI_BLOCK_NONE;
	for (uint32_t row = 0; row < rows->rows; row++) {
		uint32_t *first = find(&index, rows->added, rows->added[row]);
		rows->next[row] = row;
		if (*first == UI_BLOCK_NONE) {
			*first = row;
			continue;
		}
		rows->next[row] = rows->next[*first];
		rows->next[*first] = row;
	}
	free(index.rows);
	return true;
}

/* Gives each ring of several rows a number. Returns how many there are. */
static uint32_t number_blocks(struct ui_key_rows *rows)
{
	uint32_t count = 0;
	for (uint32_t row = 0; row < rows->rows; row++)
		rows->of[row] = UI_BLOCK_NONE;
	for (uint32_t row = 0; row < rows->rows; row++) {
		if (rows->of[row] != UI_BLOCK_NONE || rows->next[row] == row)
			continue;
		uint32_t at = row;
		do {
			rows->of[at] = count;
			at = rows->next[at];
		} while (at != row);
		count++;
	}
	return count;
}

static struct opened note_opened(const struct ui_key_rows *rows)
{
	struct opened opened = {0};
	for (uint32_t i = 0; i < rows->blocks.count; i++)
		opened.count += !rows->folded[i];
	opened.keys = opened.count ? malloc(opened.count * sizeof(*opened.keys)) : NULL;
	opened.count = 0;
	for (uint32_t i = 0; opened.keys && i < rows->blocks.count; i++)
		if (!rows->folded[i])
			opened.keys[opened.count++] = rows->keys[i];
	return opened;
}

static bool is_opened(const struct opened *opened, uint64_t key)
{
	for (uint32_t i = 0; i < opened->count; i++)
		if (opened->keys[i] == key)
			return true;
	return false;
}

/* Makes room for what is known of blocks. Returns false when out of memory. */
static bool make_blocks(struct ui_key_rows *rows, uint32_t count)
{
	struct opened opened = note_opened(rows);
	free(rows->keys);
	free(rows->folded);
	rows->blocks.count = 0;
	rows->tops = malloc(count * sizeof(*rows->tops));
	rows->keys = malloc(count * sizeof(*rows->keys));
	rows->folded = malloc(count * sizeof(*rows->folded));
	bool done = rows->tops && rows->keys && rows->folded;
	for (uint32_t row = 0; done && row < rows->rows; row++)
		if (rows->of[row] != UI_BLOCK_NONE)
			rows->keys[rows->of[row]] = rows->added[row];
	for (uint32_t i = 0; done && i < count; i++) {
		rows->tops[i] = UI_BLOCK_NONE;
		rows->folded[i] = !is_opened(&opened, rows->keys[i]);
	}
	rows->blocks.count = done ? count : 0;
	free(opened.keys);
	return done;
}

/* Most lists have no key twice, and need none of this. */
static void forget(struct ui_key_rows *rows)
{
	drop_blocks(rows);
	free(rows->minor);
	rows->minor = NULL;
	rows->blocks.count = 0;
}

void ui_key_rows_end(struct ui_key_rows *rows)
{
	uint32_t most = rows->rows ? rows->rows : 1;
	bool added = rows->added && rows->minor;
	rows->of = added ? malloc(most * sizeof(*rows->of)) : NULL;
	rows->next = added ? malloc(most * sizeof(*rows->next)) : NULL;
	uint32_t count = rows->of && rows->next && make_rings(rows) ? number_blocks(rows) : 0;
	if (count == 0 || !make_blocks(rows, count))
		forget(rows);
	free(rows->added);
	rows->added = NULL;
	rows->blocks = (struct ui_blocks){.count = rows->blocks.count,
		.of = rows->of,
		.folded = rows->folded,
		.heads = rows->tops,
		.tops = rows->tops,
		.minor = rows->minor};
}

const struct ui_blocks *ui_key_rows_blocks(const struct ui_key_rows *rows)
{
	return rows->blocks.count ? &rows->blocks : NULL;
}

void ui_key_rows_fold(struct ui_key_rows *rows, uint32_t block, bool fold)
{
	for (uint32_t i = 0; i < rows->blocks.count; i++)
		if (block == UI_BLOCK_NONE || block == i)
			rows->folded[i] = fold;
}

/* The block that a row is in, UI_BLOCK_NONE: none. */
static uint32_t block_of(const struct ui_key_rows *rows, uint32_t row)
{
	return rows->blocks.count && row < rows->rows ? rows->of[row] : UI_BLOCK_NONE;
}

bool ui_key_rows_is_under(const struct ui_key_rows *rows, uint32_t row)
{
	uint32_t block = block_of(rows, row);
	return block != UI_BLOCK_NONE && rows->tops[block] != row;
}

bool ui_key_rows_is_folded(const struct ui_key_rows *rows, uint32_t row)
{
	uint32_t block = block_of(rows, row);
	return block != UI_BLOCK_NONE && rows->tops[block] == row && rows->folded[block];
}

uint32_t ui_key_rows_next(const struct ui_key_rows *rows, uint32_t row)
{
	return block_of(rows, row) == UI_BLOCK_NONE ? row : rows->next[row];
}

struct ui_set_hidden ui_key_rows_hidden(
	const struct ui_key_rows *rows, const uint8_t *ranks, uint32_t row)
{
	uint32_t tally[SDR_STATES] = {0}, members = 1;
	if (!ui_key_rows_is_folded(rows, row))
		return (struct ui_set_hidden){0};
	for (uint32_t at = rows->next[row]; at != row; at = rows->next[at], members++)
		tally[sdr_state_ranked(ranks[at])]++;
	return ui_set_hidden_of(tally, members - 1, sdr_state_ranked(ranks[row]));
}
