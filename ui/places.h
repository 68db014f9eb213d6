/* places.h - going to panels, opening pages over them, and back. */
#ifndef SOUNDER_UI_PLACES_H
#define SOUNDER_UI_PLACES_H

#include "ui_state.h"

/* Goes to a panel. What pages were opened over is forgotten. */
void ui_focus(struct ui *ui, unsigned index);

/* The same, to see an answer: from a page one comes back to it. */
void ui_focus_for_answer(struct ui *ui, unsigned index);

/* Whether the footer's message came after what was opened last, so that it is the first to go. */
bool ui_opened_before_message(const struct ui *ui);

/* Whether the page is in front. */
bool ui_on_page(const struct ui *ui);

/* The tab that is shown as the focused one: of a page the panel's that it was opened over. */
unsigned ui_tab(const struct ui *ui);

/* Leaves the page that was opened last, or the panel that was gone to from it. Returns false where
 * there is nothing to go back to. */
bool ui_leave_page(struct ui *ui);

#endif
