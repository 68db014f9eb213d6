/* view_ask.h (internal) - one view, asked. */
#ifndef SOUNDER_DNS_VIEW_ASK_H
#define SOUNDER_DNS_VIEW_ASK_H

#include "dns/views_state.h"

/* Asks a view for some of the types, view->asking[count]. */
void sdr_view_ask(struct view *view, unsigned count);

/* Ends a view that could not be asked, or is not waited for. */
void sdr_view_fail(struct view *view, enum sdr_outcome outcome, const char *why);

void sdr_view_give_up(struct view *view); /* what is under way */

#endif
