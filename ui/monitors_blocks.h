/* monitors_blocks.h - which rows of a table of targets stand under which: a group's under its line,
 * a set's under its leader, a host's probes under the worst of them. */
#ifndef SOUNDER_UI_MONITORS_BLOCKS_H
#define SOUNDER_UI_MONITORS_BLOCKS_H

#include "monitors.h"

/* Reads again who belongs together: of at most so many rows, which are added in order. */
void ui_monitors_blocks_begin(struct ui_monitors *monitors, uint32_t rows);
void ui_monitors_blocks_add(struct ui_monitors *monitors, uint32_t row, uint32_t position);
void ui_monitors_blocks_end(struct ui_monitors *monitors, uint32_t rows);

/* The table's verbs. */
const struct ui_blocks *ui_monitors_blocks(void *context);
void ui_monitors_fold(void *context, uint32_t block, bool fold);

/* Whether a row stands under another row. */
bool ui_monitors_is_under(const struct ui_monitors *monitors, uint32_t row);

/* Whether others are of a row's host, where hosts make the blocks. */
bool ui_monitors_has_others(const struct ui_monitors *monitors, uint32_t row);

/* Whether a row stands for all probes of its host, which are folded under it. */
bool ui_monitors_is_host(const struct ui_monitors *monitors, uint32_t row);

/* Whether a host's row is about its own probe: the only one in its state, which is bad. */
bool ui_monitors_is_alone(const struct ui_monitors *monitors, uint32_t row);

/* Returns what is folded under a row, whose target is in that state. */
struct ui_set_hidden ui_monitors_hidden(
	const struct ui_monitors *monitors, uint32_t row, enum sdr_state state);

/* Writes the types of a row's target and of those that it stands for into out[size], its own first:
 * "icmp tcp http". */
void ui_monitors_format_kinds(
	const struct ui_monitors *monitors, uint32_t row, char *out, size_t size);

#endif
