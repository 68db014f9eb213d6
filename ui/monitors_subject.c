/* monitors_subject.c - what is under the cursor: a target, or a group's head, which stands for its
 * members. */
#include <stdio.h>
#include <stdlib.h>

#include "monitors.h"
#include "monitors_blocks.h"
#include "next_step.h"
#include "ranking.h"
#include "sounder/engine.h"

/* A key may come between the end of a target and the next frame: nothing is to be asked of a row
 * that is no longer there. */
static void settle(struct ui_monitors *monitors)
{
	const struct sdr_model *model = ui_model(monitors->ui);
	if (model == monitors->model && sdr_model_member_version(model) == monitors->members)
		return;
	/* What was drawn under the cursor is meant, also at the top. */
	bool pinned = ui_table_pin(&monitors->table);
	ui_ranking_look(monitors);
	ui_table_unpin(&monitors->table, pinned);
}

struct ui_table *ui_monitors_table(struct ui_monitors *monitors)
{
	settle(monitors);
	return &monitors->table;
}

uint32_t ui_monitors_row(const struct ui_monitors *monitors, struct sdr_row *row)
{
	uint32_t number = ui_table_row(&monitors->table);
	if (number >= monitors->table.count)
		return UINT32_MAX;
	sdr_model_row(ui_model(monitors->ui), ui_monitors_position(monitors, number), row);
	return ui_monitors_position(monitors, number);
}

/* The block whose head the cursor is on; NONE: it is on a target, or there is nothing. */
static uint32_t head_of(const struct ui_monitors *monitors)
{
	uint32_t number = ui_table_row(&monitors->table);
	return number == UINT32_MAX || number < monitors->table.count
		? UI_BLOCK_NONE
		: number - monitors->table.count;
}

/* Whether the cursor is on a host's row. */
static bool is_on_host(const struct ui_monitors *monitors)
{
	uint32_t row = ui_table_row(&monitors->table);
	return row < monitors->table.count && ui_monitors_is_host(monitors, row);
}

/* Fills ids[n] with the targets that a host's row stands for; what others brought goes with
 * those. */
static uint32_t host_members(const struct ui_monitors *monitors, uint32_t *ids, uint32_t n)
{
	uint32_t row = ui_table_row(&monitors->table), at = row, count = 0;
	do {
		bool minor = monitors->hosts.minor[at];
		if (!minor && count < n)
			ids[count] = sdr_model_target(
				ui_model(monitors->ui), ui_monitors_position(monitors, at))
					     ->id;
		count += !minor;
		at = ui_key_rows_next(&monitors->hosts, at);
	} while (at != row);
	return count;
}

uint32_t ui_monitors_members(struct ui_monitors *monitors, uint32_t *ids, uint32_t n)
{
	settle(monitors);
	uint32_t head = head_of(monitors), count = 0;
	if (is_on_host(monitors))
		return host_members(monitors, ids, n);
	for (uint32_t i = 0; head != UI_BLOCK_NONE && i < monitors->table.count; i++) {
		if (monitors->groups.of[i] != head)
			continue;
		if (count < n)
			ids[count] = sdr_model_target(
				ui_model(monitors->ui), ui_monitors_position(monitors, i))
					     ->id;
		count++;
	}
	return count;
}

uint32_t ui_monitors_row_or_worst(const struct ui_monitors *monitors, struct sdr_row *row)
{
	uint32_t head = head_of(monitors), worst = UINT32_MAX;
	if (head == UI_BLOCK_NONE)
		return ui_monitors_row(monitors, row);
	for (uint32_t i = 0; i < monitors->table.count; i++)
		if (monitors->groups.of[i] == head && ui_table_shows(&monitors->table, i) &&
			(worst == UINT32_MAX || monitors->ranks[i] < monitors->ranks[worst]))
			worst = i;
	if (worst == UINT32_MAX)
		return UINT32_MAX;
	sdr_model_row(ui_model(monitors->ui), ui_monitors_position(monitors, worst), row);
	return ui_monitors_position(monitors, worst);
}

static bool head_subject(struct ui_monitors *monitors, struct ui_subject *subject)
{
	uint32_t head = head_of(monitors);
	ui_group_rows_name(ui_model(monitors->ui), head, subject->value, sizeof(subject->value));
	subject->members = ui_group_rows_size(&monitors->groups, head);
	return true;
}

bool ui_monitors_subject(struct ui_monitors *monitors, struct ui_subject *subject)
{
	struct sdr_row row;
	settle(monitors);
	if (head_of(monitors) != UI_BLOCK_NONE)
		return head_subject(monitors, subject);
	if (ui_monitors_row(monitors, &row) == UINT32_MAX)
		return false;
	ui_monitors_describe(&row, subject);
	uint32_t members = is_on_host(monitors) ? host_members(monitors, NULL, 0) : 0;
	subject->members = members > 1 ? members : 0;
	return true;
}

void ui_monitors_describe(const struct sdr_row *row, struct ui_subject *subject)
{
	const struct sdr_target *target = row->target;
	snprintf(subject->target, sizeof(subject->target), "%s", target->typed);
	if (!sdr_target_is_part(target)) /* a hop has an address of its own, and no name */
		snprintf(subject->name, sizeof(subject->name), "%s",
			target->host ? target->host : target->typed);
	struct sdr_addr addr = target->addr;
	if (addr.version || sdr_addr_parse(subject->name, &addr, NULL) == SDR_OK)
		sdr_addr_format(subject->address, &addr);
	if (target->port)
		snprintf(subject->port, sizeof(subject->port), "%u", target->port);
	char *line = sdr_target_line(target, true);
	snprintf(subject->command, sizeof(subject->command), "%s", line ? line : "");
	free(line);
	subject->id = target->id;
	subject->next = ui_next_step(row);
}
