/* overview_first.h - what to begin with where nothing is watched: that on which this host
 * depends. */
#ifndef SOUNDER_UI_OVERVIEW_FIRST_H
#define SOUNDER_UI_OVERVIEW_FIRST_H

#include <stdbool.h>
#include <stddef.h>

struct ui;

/* Writes "Enter watches what this host depends on: gateway 10.2.0.1, resolver 10.2.0.53" into
 * out[size]; false where no such thing is known. */
bool ui_overview_first_format(struct ui *ui, char *out, size_t size);

/* Pings the gateways, and asks each resolver for the name servers of the root, every 10 s. Returns
 * false where nothing is known to watch. */
bool ui_overview_first_watch(struct ui *ui);

#endif
