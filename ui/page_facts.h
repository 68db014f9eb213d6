/* page_facts.h - what is known of a host, in lines: its worst state and why, what that is not, what
 * to try, and what its probes found out besides. */
#ifndef SOUNDER_UI_PAGE_FACTS_H
#define SOUNDER_UI_PAGE_FACTS_H

#include "draw.h"
#include "monitors.h"
#include "page_host.h"

/* Draws them in at most `most` lines, the least important ones first left out. `shown` has the
 * host's targets, at least one. Returns the lines used. */
int ui_page_facts_draw(struct ui_monitors *shown, const struct ui_page_host *host,
	const struct ui_surface *s, int most);

#endif
