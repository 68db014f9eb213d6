/* monitors_labels.h - what the targets of a table are called, so that no two lines read alike. */
#ifndef SOUNDER_UI_MONITORS_LABELS_H
#define SOUNDER_UI_MONITORS_LABELS_H

#include "monitors.h"

/* Has the longest name be at least as long as that of a row, with its role or what a head hides. */
void ui_monitors_measure(struct ui_monitors *monitors, uint32_t row);

/* The table's verbs of these names. */
void ui_monitors_survey(void *context, const uint32_t *rows, uint32_t count);
int ui_monitors_wants(void *context, unsigned column);
void ui_monitors_fitted(void *context, const struct ui_surface *surface, const int *widths);

/* Returns what a row, or a head of a group, is called in this frame, as it fits; NULL: that is not
 * known. */
const char *ui_monitors_label(const struct ui_monitors *monitors, uint32_t row);

/* Draws the cell of a target's name, and of a set's head what it hides. */
void ui_monitors_draw_target(const struct ui_monitors *monitors, uint32_t number,
	const struct sdr_row *row, const struct ui_surface *cell);

/* Mixes what that cell shows into a line's stamp. */
uint64_t ui_monitors_stamp_target(
	const struct ui_monitors *monitors, uint32_t number, const struct sdr_row *row);

void ui_monitors_labels_done(struct ui_monitors *monitors);

#endif
