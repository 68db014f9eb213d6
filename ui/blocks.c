/* blocks.c - puts rows under their heads, each block in one stretch: two passes over the rows,
 * however many blocks there are. */
#include "blocks.h"

#include <stddef.h>

/* In a place, beside how many lines the block has, its head apart: */
#define UNPLACED 0x80000000u /* its head has no line yet */
#define PRESENT 0x40000000u  /* any of its rows is shown */

static bool is_head(const struct ui_blocks *blocks, uint32_t block, uint32_t row)
{
	return blocks->heads && blocks->heads[block] == row;
}

/* Whether a row has a line under its block's head. */
static bool is_under(const struct ui_blocks *blocks, uint32_t block, uint32_t row)
{
	return block != UI_BLOCK_NONE && !blocks->folded[block] && !is_head(blocks, block, row);
}

/* Counts the lines of each block, its head apart. */
static void measure(const struct ui_blocks *blocks, const struct ui_sorted *sorted, uint32_t *sizes)
{
	for (uint32_t i = 0; i < blocks->count; i++)
		sizes[i] = 0;
	for (uint32_t i = 0; i < sorted->shown; i++) {
		uint32_t row = sorted->rows[i], block = blocks->of[row];
		if (block == UI_BLOCK_NONE)
			continue;
		sizes[block] |= PRESENT;
		sizes[block] += is_under(blocks, block, row);
	}
}

/* Puts the heads in their lines; the places are those of the first members then. Returns the line
 * after the last block. */
static uint32_t place_heads(
	const struct ui_blocks *blocks, uint32_t count, uint32_t *places, uint32_t *lines)
{
	uint32_t at = 0;
	for (uint32_t i = 0; i < blocks->order_count; i++) {
		uint32_t block = blocks->order[i], size = places[block] & ~PRESENT;
		if (!(places[block] & PRESENT))
			continue;
		lines[at] = blocks->heads ? blocks->heads[block] : count + block;
		places[block] = at + 1;
		at += 1 + size;
	}
	return at;
}

/* Rows without a block come after all; where blocks have no order of their own, each is where the
 * first of its rows is. Returns the line after the last. */
static uint32_t place_others(const struct ui_blocks *blocks, const struct ui_sorted *sorted,
	uint32_t *places, uint32_t *lines)
{
	uint32_t at = blocks->order ? place_heads(blocks, sorted->count, places, lines) : 0;
	for (uint32_t i = 0; !blocks->order && i < blocks->count; i++)
		places[i] |= UNPLACED;
	for (uint32_t i = 0; i < sorted->shown; i++) {
		uint32_t row = sorted->rows[i], block = blocks->of[row];
		if (block == UI_BLOCK_NONE) {
			lines[at++] = row;
		} else if (!blocks->order && places[block] & UNPLACED) {
			uint32_t size = places[block] & ~(UNPLACED | PRESENT);
			lines[at] = blocks->heads[block];
			places[block] = at + 1;
			at += 1 + size;
		}
	}
	return at;
}

/* Has the first of each block's rows as its head. */
static void find_tops(const struct ui_blocks *blocks, const struct ui_sorted *sorted)
{
	for (uint32_t i = 0; i < blocks->count; i++)
		blocks->tops[i] = UI_BLOCK_NONE;
	for (uint32_t i = 0; i < sorted->shown; i++) {
		uint32_t row = sorted->rows[i], block = blocks->of[row];
		uint32_t *top = block == UI_BLOCK_NONE ? NULL : &blocks->tops[block];
		if (top && (*top == UI_BLOCK_NONE || (blocks->minor[*top] && !blocks->minor[row])))
			*top = row;
	}
}

uint32_t ui_blocks_arrange(const struct ui_blocks *blocks, const struct ui_sorted *sorted,
	uint32_t *places, uint32_t *lines)
{
	if (blocks->tops)
		find_tops(blocks, sorted);
	measure(blocks, sorted, places);
	uint32_t count = place_others(blocks, sorted, places, lines);
	for (uint32_t i = 0; i < sorted->shown; i++) {
		uint32_t row = sorted->rows[i], block = blocks->of[row];
		if (is_under(blocks, block, row))
			lines[places[block]++] = row;
	}
	return count;
}
