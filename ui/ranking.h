/* ranking.h - which targets are shown and how they are ordered. The verbs of the table's rows, with
 * a struct ui_monitors as context. */
#ifndef SOUNDER_UI_RANKING_H
#define SOUNDER_UI_RANKING_H

#include "monitors.h"

void ui_ranking_weigh(
	void *context, unsigned number, uint64_t *weights); /* `number`: the column's */
bool ui_ranking_group(void *context, uint64_t *groups);
uint64_t ui_ranking_key(void *context, uint32_t row);
uint32_t ui_ranking_find(void *context, uint64_t key);
const char *ui_ranking_group_name(
	const struct ui_monitors *monitors, uint32_t row, char *out, size_t size);
uint64_t ui_ranking_group_of(const struct ui_monitors *monitors, uint32_t row);
const uint8_t *ui_ranking_ranks(void *context, unsigned number); /* `number`: the column's */
void ui_ranking_look(
	struct ui_monitors *monitors); /* brings positions, tally and weights up to date; returns
					  quickly where nothing changed */
bool ui_ranking_work(struct ui_monitors *monitors);

#endif
