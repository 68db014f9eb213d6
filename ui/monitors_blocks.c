/* monitors_blocks.c - of groups, sets and hosts one kind at a time makes a table's blocks. */
#include "monitors_blocks.h"

#include <stdio.h>
#include <string.h>

#include "page_host.h"
#include "sounder/target_set.h"

#define KINDS_MOST 8 /* types that are written */

void ui_monitors_blocks_begin(struct ui_monitors *monitors, uint32_t rows)
{
	if (monitors->by_host)
		ui_key_rows_begin(&monitors->hosts, rows);
	else
		ui_set_rows_begin(&monitors->sets, monitors->model, rows);
}

void ui_monitors_blocks_add(struct ui_monitors *monitors, uint32_t row, uint32_t position)
{
	const struct sdr_target *target = sdr_model_target(monitors->model, position);
	const struct sdr_set *set = sdr_target_set(target);
	if (monitors->by_host)
		ui_key_rows_add(&monitors->hosts, ui_page_host_key(monitors->model, target),
			set && set->fed && set->leader != target->id);
	else if (!monitors->host) /* which has parts of sets: nothing to fold */
		ui_set_rows_add(&monitors->sets, monitors->model, row, position);
}

static const struct sdr_target *target_of(const struct ui_monitors *monitors, uint32_t row)
{
	return sdr_model_target(monitors->model, ui_monitors_position(monitors, row));
}

/* Whether any host has probes of two types. */
static bool is_mixed(const struct ui_monitors *monitors, uint32_t rows)
{
	for (uint32_t row = 0; row < rows; row++) {
		uint32_t next = ui_key_rows_next(&monitors->hosts, row);
		if (target_of(monitors, row)->spec->type != target_of(monitors, next)->spec->type)
			return true;
	}
	return false;
}

void ui_monitors_blocks_end(struct ui_monitors *monitors, uint32_t rows)
{
	if (!monitors->by_host)
		return;
	ui_key_rows_end(&monitors->hosts);
	monitors->mixed = monitors->hosts.blocks.count > 0 && is_mixed(monitors, rows);
}

const struct ui_blocks *ui_monitors_blocks(void *context)
{
	struct ui_monitors *monitors = context;
	if (monitors->grouping == UI_GROUPING_GROUP)
		return ui_group_rows_blocks(&monitors->groups, monitors->model);
	if (monitors->grouping != UI_GROUPING_NONE)
		return NULL;
	return monitors->by_host ? ui_key_rows_blocks(&monitors->hosts)
				 : ui_set_rows_blocks(&monitors->sets);
}

void ui_monitors_fold(void *context, uint32_t block, bool fold)
{
	struct ui_monitors *monitors = context;
	if (monitors->grouping == UI_GROUPING_GROUP)
		ui_group_rows_fold(&monitors->groups, block, fold);
	else if (monitors->by_host)
		ui_key_rows_fold(&monitors->hosts, block, fold);
	else
		ui_set_rows_fold(&monitors->sets, block, fold);
}

bool ui_monitors_is_under(const struct ui_monitors *monitors, uint32_t row)
{
	if (monitors->grouping != UI_GROUPING_NONE)
		return false;
	return monitors->by_host ? ui_key_rows_is_under(&monitors->hosts, row)
				 : ui_set_rows_is_under(&monitors->sets, row);
}

bool ui_monitors_has_others(const struct ui_monitors *monitors, uint32_t row)
{
	return monitors->by_host && ui_key_rows_next(&monitors->hosts, row) != row;
}

bool ui_monitors_is_host(const struct ui_monitors *monitors, uint32_t row)
{
	return monitors->by_host && monitors->grouping == UI_GROUPING_NONE &&
		ui_key_rows_is_folded(&monitors->hosts, row);
}

bool ui_monitors_is_alone(const struct ui_monitors *monitors, uint32_t row)
{
	uint8_t rank = monitors->ranks[row];
	uint32_t at = ui_key_rows_next(&monitors->hosts, row);
	while (at != row && monitors->ranks[at] != rank)
		at = ui_key_rows_next(&monitors->hosts, at);
	return at == row && rank < sdr_state_rank(SDR_STATE_UP);
}

struct ui_set_hidden ui_monitors_hidden(
	const struct ui_monitors *monitors, uint32_t row, enum sdr_state state)
{
	if (monitors->grouping != UI_GROUPING_NONE)
		return (struct ui_set_hidden){0};
	return monitors->by_host
		? ui_key_rows_hidden(&monitors->hosts, monitors->ranks, row)
		: ui_set_rows_hidden(&monitors->sets, ui_model(monitors->ui), row, state);
}

void ui_monitors_format_kinds(
	const struct ui_monitors *monitors, uint32_t row, char *out, size_t size)
{
	const struct sdr_probe_type *kinds[KINDS_MOST] = {target_of(monitors, row)->spec->type};
	unsigned count = 1;
	bool host = ui_monitors_is_host(monitors, row);
	size_t used = (size_t)snprintf(out, size, "%s", kinds[0]->label);
	for (uint32_t at = host ? ui_key_rows_next(&monitors->hosts, row) : row;
		at != row && count < KINDS_MOST; at = ui_key_rows_next(&monitors->hosts, at)) {
		const struct sdr_target *target = target_of(monitors, at);
		unsigned known = 0;
		while (known < count && kinds[known] != target->spec->type)
			known++;
		if (known < count || monitors->hosts.minor[at] || used >= size)
			continue;
		kinds[count++] = target->spec->type;
		used += (size_t)snprintf(out + used, size - used, " %s", target->spec->type->label);
	}
}
