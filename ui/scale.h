/* scale.h - which step of a scale's colours a measure has. */
#ifndef SOUNDER_UI_SCALE_H
#define SOUNDER_UI_SCALE_H

#include "sounder/clock.h"
#include "theme.h"

#define UI_LATENCY_DECADES 4 /* from 0.1 ms to 1 s */

/* Where a round trip is on that scale, 0.0 to 1.0, by its logarithm. */
double ui_latency_place(sdr_ns rtt);

/* The colour of a place, and of a round trip: the same means the same time everywhere. */
enum ui_style ui_latency_style_at(double place);
enum ui_style ui_latency_style(sdr_ns rtt);

/* How much of a time was good, 0.0 to 1.0, as a step from 0, all of it, to UI_SHARES - 1. */
unsigned ui_share_step(double share);

/* The hue of a name: the same wherever and whenever it is shown. */
enum ui_style ui_label_style(const char *name);

#endif
