/* host_rows.c - hosts are found by a hash of their name, all in one pass when targets come or go;
 * of which row is a host's head the sort decides. */
#include "host_rows.h"

#include <stdlib.h>

#include "page_host.h"
#include "sounder/target_set.h"

/* Rows that are looked up while blocks are made. */
struct index {
	uint32_t *rows; /* [mask + 1] the first row of a host, UI_BLOCK_NONE: free */
	uint32_t mask;
};

/* Those that are open before all is made again. */
struct opened {
	uint64_t *keys; /* [count] */
	uint32_t count;
};

static void drop_blocks(struct ui_host_rows *hosts)
{
	free(hosts->of);
	free(hosts->next);
	free(hosts->tops);
	hosts->of = hosts->next = hosts->tops = NULL;
}

void ui_host_rows_done(struct ui_host_rows *hosts)
{
	drop_blocks(hosts);
	free(hosts->hosts);
	free(hosts->minor);
	free(hosts->keys);
	free(hosts->folded);
	*hosts = (struct ui_host_rows){0};
}

void ui_host_rows_begin(struct ui_host_rows *hosts, uint32_t rows)
{
	drop_blocks(hosts);
	free(hosts->hosts);
	free(hosts->minor);
	hosts->rows = 0;
	hosts->hosts = malloc((rows ? rows : 1) * sizeof(*hosts->hosts));
	hosts->minor = malloc((rows ? rows : 1) * sizeof(*hosts->minor));
}

void ui_host_rows_add(struct ui_host_rows *hosts, const struct sdr_model *model, uint32_t position)
{
	const struct sdr_target *target = sdr_model_target(model, position);
	if (!hosts->hosts || !hosts->minor)
		return;
	hosts->hosts[hosts->rows] = ui_page_host_key(model, target);
	const struct sdr_set *set = sdr_target_set(target);
	hosts->minor[hosts->rows++] = set && set->fed && set->leader != target->id;
}

/* Where a host's first row is, or goes, in the index. */
static uint32_t *find(const struct index *index, const uint64_t *hosts, uint64_t host)
{
	uint32_t at = (uint32_t)(host ^ host >> 32) & index->mask;
	while (index->rows[at] != UI_BLOCK_NONE && hosts[index->rows[at]] != host)
		at = (at + 1) & index->mask;
	return &index->rows[at];
}

/* Puts each row into the ring of its host's. */
static bool make_rings(struct ui_host_rows *hosts)
{
	struct index index = {.mask = 1};
	while (index.mask < hosts->rows * 2)
		index.mask = index.mask << 1 | 1;
	index.rows = malloc((index.mask + 1) * sizeof(*index.rows));
	if (!index.rows)
		return false;
	for (uint32_t i = 0; i <= index.mask; i++)
		index.rows[i] = UI_BLOCK_NONE;
	for (uint32_t row = 0; row < hosts->rows; row++) {
		uint32_t *first = find(&index, hosts->hosts, hosts->hosts[row]);
		hosts->next[row] = row;
		if (*first == UI_BLOCK_NONE) {
			*first = row;
			continue;
		}
		hosts->next[row] = hosts->next[*first];
		hosts->next[*first] = row;
	}
	free(index.rows);
	return true;
}

/* Gives each ring of several rows a number. Returns how many there are. */
static uint32_t number_blocks(struct ui_host_rows *hosts)
{
	uint32_t count = 0;
	for (uint32_t row = 0; row < hosts->rows; row++)
		hosts->of[row] = UI_BLOCK_NONE;
	for (uint32_t row = 0; row < hosts->rows; row++) {
		if (hosts->of[row] != UI_BLOCK_NONE || hosts->next[row] == row)
			continue;
		uint32_t at = row;
		do {
			hosts->of[at] = count;
			at = hosts->next[at];
		} while (at != row);
		count++;
	}
	return count;
}

static struct opened note_opened(const struct ui_host_rows *hosts)
{
	struct opened opened = {0};
	for (uint32_t i = 0; i < hosts->blocks.count; i++)
		opened.count += !hosts->folded[i];
	opened.keys = opened.count ? malloc(opened.count * sizeof(*opened.keys)) : NULL;
	opened.count = 0;
	for (uint32_t i = 0; opened.keys && i < hosts->blocks.count; i++)
		if (!hosts->folded[i])
			opened.keys[opened.count++] = hosts->keys[i];
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
static bool make_blocks(struct ui_host_rows *hosts, uint32_t count)
{
	struct opened opened = note_opened(hosts);
	free(hosts->keys);
	free(hosts->folded);
	hosts->blocks.count = 0;
	hosts->tops = malloc(count * sizeof(*hosts->tops));
	hosts->keys = malloc(count * sizeof(*hosts->keys));
	hosts->folded = malloc(count * sizeof(*hosts->folded));
	bool done = hosts->tops && hosts->keys && hosts->folded;
	for (uint32_t row = 0; done && row < hosts->rows; row++)
		if (hosts->of[row] != UI_BLOCK_NONE)
			hosts->keys[hosts->of[row]] = hosts->hosts[row];
	for (uint32_t i = 0; done && i < count; i++) {
		hosts->tops[i] = UI_BLOCK_NONE;
		hosts->folded[i] = !is_opened(&opened, hosts->keys[i]);
	}
	hosts->blocks.count = done ? count : 0;
	free(opened.keys);
	return done;
}

/* Most lists have no host with two probes, and need none of this. */
static void forget(struct ui_host_rows *hosts)
{
	drop_blocks(hosts);
	free(hosts->minor);
	hosts->minor = NULL;
	hosts->blocks.count = 0;
}

void ui_host_rows_end(struct ui_host_rows *hosts)
{
	uint32_t rows = hosts->rows ? hosts->rows : 1;
	bool added = hosts->hosts && hosts->minor;
	hosts->of = added ? malloc(rows * sizeof(*hosts->of)) : NULL;
	hosts->next = added ? malloc(rows * sizeof(*hosts->next)) : NULL;
	uint32_t count = hosts->of && hosts->next && make_rings(hosts) ? number_blocks(hosts) : 0;
	if (count == 0 || !make_blocks(hosts, count))
		forget(hosts);
	free(hosts->hosts);
	hosts->hosts = NULL;
	hosts->blocks = (struct ui_blocks){.count = hosts->blocks.count,
		.of = hosts->of,
		.folded = hosts->folded,
		.heads = hosts->tops,
		.tops = hosts->tops,
		.minor = hosts->minor};
}

const struct ui_blocks *ui_host_rows_blocks(const struct ui_host_rows *hosts)
{
	return hosts->blocks.count ? &hosts->blocks : NULL;
}

void ui_host_rows_fold(struct ui_host_rows *hosts, uint32_t block, bool fold)
{
	for (uint32_t i = 0; i < hosts->blocks.count; i++)
		if (block == UI_BLOCK_NONE || block == i)
			hosts->folded[i] = fold;
}

/* The block that a row is in, UI_BLOCK_NONE: none. */
static uint32_t block_of(const struct ui_host_rows *hosts, uint32_t row)
{
	return hosts->blocks.count && row < hosts->rows ? hosts->of[row] : UI_BLOCK_NONE;
}

bool ui_host_rows_is_under(const struct ui_host_rows *hosts, uint32_t row)
{
	uint32_t block = block_of(hosts, row);
	return block != UI_BLOCK_NONE && hosts->tops[block] != row;
}

bool ui_host_rows_is_folded(const struct ui_host_rows *hosts, uint32_t row)
{
	uint32_t block = block_of(hosts, row);
	return block != UI_BLOCK_NONE && hosts->tops[block] == row && hosts->folded[block];
}

uint32_t ui_host_rows_next(const struct ui_host_rows *hosts, uint32_t row)
{
	return block_of(hosts, row) == UI_BLOCK_NONE ? row : hosts->next[row];
}

struct ui_set_hidden ui_host_rows_hidden(
	const struct ui_host_rows *hosts, const uint8_t *ranks, uint32_t row)
{
	uint32_t tally[SDR_STATES] = {0}, members = 1;
	if (!ui_host_rows_is_folded(hosts, row))
		return (struct ui_set_hidden){0};
	for (uint32_t at = hosts->next[row]; at != row; at = hosts->next[at], members++)
		tally[sdr_state_ranked(ranks[at])]++;
	return ui_set_hidden_of(tally, members - 1, sdr_state_ranked(ranks[row]));
}
