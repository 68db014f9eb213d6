/* views_again.h (internal) - views asked again, and what changed. */
#ifndef SOUNDER_DNS_VIEWS_AGAIN_H
#define SOUNDER_DNS_VIEWS_AGAIN_H

#include "dns/views_state.h"

/* A view has an answer, the first or a later one: hands out what changed, and notes when it is due
 * again. */
void sdr_view_compare(struct view *view);
void sdr_view_note_due(struct view *view);

/* Asks what is due. Returns for how long nothing else is. */
sdr_ns sdr_views_again(struct sdr_views *views, sdr_ns now);

#endif
