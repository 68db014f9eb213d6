/* monitors_filter.h - which targets a filter holds for; for the table of targets. */
#ifndef SOUNDER_UI_MONITORS_FILTER_H
#define SOUNDER_UI_MONITORS_FILTER_H

#include "monitors.h"

#define UI_MONITORS_MANY 1000 /* targets from which looking is rationed */

bool ui_monitors_holds(void *context, uint32_t row, const struct ui_filter *filter);

/* Of many targets figures are compared between frames, for some at a time. Returns whether there is
 * more to do. */
bool ui_monitors_compare(struct ui_monitors *monitors);

/* Begins again: rows are other ones. */
void ui_monitors_compare_again(struct ui_monitors *monitors);

/* Whether what is shown may be other rows where states, or figures, are other ones. */
bool ui_monitors_filters_states(const struct ui_monitors *monitors);
bool ui_monitors_filters_figures(const struct ui_monitors *monitors);

#endif
