/* set_rows.c - who is under whom is read when targets come or go; counts are the model's. */
#include "set_rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "number.h"
#include "sounder/sanitize.h"
#include "sounder/target_set.h"
#include "state_look.h"

#define NAME_ENOUGH 8 /* cells that are left for a name before there are words */
#define NAME_LEAST 3

void ui_set_rows_done(struct ui_set_rows *sets)
{
	free(sets->of);
	free(sets->heads);
	free(sets->numbers);
	free(sets->folded);
	*sets = (struct ui_set_rows){0};
}

static bool make_room(struct ui_set_rows *sets, uint32_t room, uint32_t rows)
{
	if (rows > sets->row_room) {
		uint32_t *of = realloc(sets->of, rows * sizeof(*of));
		if (!of)
			return false;
		sets->of = of;
		sets->row_room = rows;
	}
	if (room <= sets->room)
		return true;
	uint32_t *heads = realloc(sets->heads, room * sizeof(*heads));
	sets->heads = heads ? heads : sets->heads;
	uint32_t *numbers = realloc(sets->numbers, room * sizeof(*numbers));
	sets->numbers = numbers ? numbers : sets->numbers;
	bool *folded = realloc(sets->folded, room * sizeof(*folded));
	sets->folded = folded ? folded : sets->folded;
	if (!heads || !numbers || !folded)
		return false;
	for (; sets->room < room; sets->room++) {
		numbers[sets->room] = 0; /* no set's */
		folded[sets->room] = false;
	}
	return true;
}

void ui_set_rows_begin(struct ui_set_rows *sets, const struct sdr_model *model, uint32_t rows)
{
	uint32_t count = sdr_model_sets(model);
	if (count == 0)
		ui_set_rows_done(sets);
	sets->any = false;
	sets->ready = count > 0 && make_room(sets, count, rows);
	if (!sets->ready)
		return;
	for (uint32_t i = 0; i < count; i++)
		sets->heads[i] = UI_BLOCK_NONE;
	sets->blocks = (struct ui_blocks){
		.count = count, .of = sets->of, .folded = sets->folded, .heads = sets->heads};
}

void ui_set_rows_add(
	struct ui_set_rows *sets, const struct sdr_model *model, uint32_t row, uint32_t position)
{
	struct sdr_target_group group;
	if (!sets->ready)
		return;
	uint32_t block = sdr_model_set_of(model, position);
	bool several = sdr_model_set(model, block, &group) && group.members > 1;
	sets->of[row] = several ? block : UI_BLOCK_NONE;
	if (!several)
		return;
	const struct sdr_target *target = sdr_model_target(model, position);
	const struct sdr_set *set = sdr_target_set(target);
	if (sets->numbers[block] != set->number)
		sets->folded[block] = set->fed;
	sets->numbers[block] = set->number;
	/* A leader that the model has no memory for has no row. */
	if (sets->heads[block] == UI_BLOCK_NONE || set->leader == target->id)
		sets->heads[block] = row;
	sets->any = true;
}

const struct ui_blocks *ui_set_rows_blocks(const struct ui_set_rows *sets)
{
	return sets->any ? &sets->blocks : NULL;
}

void ui_set_rows_fold(struct ui_set_rows *sets, uint32_t block, bool fold)
{
	for (uint32_t i = 0; i < sets->room; i++)
		if (block == UI_BLOCK_NONE || block == i)
			sets->folded[i] = fold;
}

/* The block that a row is in, UI_BLOCK_NONE: none. */
static uint32_t block_of(const struct ui_set_rows *sets, uint32_t row)
{
	return sets->any ? sets->of[row] : UI_BLOCK_NONE;
}

bool ui_set_rows_is_under(const struct ui_set_rows *sets, uint32_t row)
{
	uint32_t block = block_of(sets, row);
	return block != UI_BLOCK_NONE && sets->heads[block] != row;
}

struct ui_set_hidden ui_set_hidden_of(
	const uint32_t tally[static SDR_STATES], uint32_t count, enum sdr_state own)
{
	struct ui_set_hidden hidden = {.count = count};
	for (unsigned rank = 0; rank < SDR_STATES; rank++) {
		enum sdr_state state = sdr_state_ranked(rank);
		bool bad = state == SDR_STATE_DOWN || state == SDR_STATE_SLOW;
		if (state == own && !bad && own != SDR_STATE_UP)
			break;
		if (state == SDR_STATE_UP || tally[state] == 0)
			continue;
		hidden.worst = state;
		hidden.worst_count = tally[state];
		break;
	}
	return hidden;
}

struct ui_set_hidden ui_set_rows_hidden(const struct ui_set_rows *sets,
	const struct sdr_model *model, uint32_t row, enum sdr_state own)
{
	uint32_t block = block_of(sets, row);
	struct sdr_target_group group;
	if (block == UI_BLOCK_NONE || sets->heads[block] != row || !sets->folded[block] ||
		!sdr_model_set(model, block, &group))
		return (struct ui_set_hidden){0};
	group.tally[own]--;
	return ui_set_hidden_of(group.tally, group.members - 1, own);
}

void ui_set_rows_format(const struct ui_set_hidden *hidden, const struct ui_surface *surface,
	char *out, size_t size)
{
	char number[UI_NUMBER_TEXT], worst[UI_NUMBER_TEXT];
	int room = surface->width - 1;
	out[0] = '\0';
	if (hidden->count == 0)
		return;
	ui_number_count(number, hidden->count);
	ui_number_count(worst, hidden->worst_count);
	snprintf(out, size, "+%s %s %s", number, worst, ui_state_counted(hidden->worst));
	if (sdr_text_cells(out) > room - NAME_ENOUGH)
		snprintf(out, size, "+%s %s%s", number,
			ui_draw_glyph(surface, ui_state_sign(hidden->worst)), worst);
	if (hidden->worst_count == 0 || sdr_text_cells(out) > room - NAME_LEAST)
		snprintf(out, size, "+%s", number);
}
