/* slow_why.h - why a target is SLOW, in one line: the figure that is over its limit, and which part
 * of the latest answer took the time. */
#ifndef SOUNDER_UI_SLOW_WHY_H
#define SOUNDER_UI_SLOW_WHY_H

#include <stddef.h>

#include "sounder/model.h"
#include "sounder/sheet.h"

/* Writes "the server took 1.10 of 1.15 s (first byte)" into out[size] where a part took at least
 * half of the time that an answer, `root`, has; of a name's "other servers took 1.2 of 1.21 s";
 * "" where nothing is known of parts. */
const char *ui_slow_part(const struct sdr_item *root, char *out, size_t size);

/* Writes the figure over its limit, then the part: "p95 655 ms over 1 min (limit 250ms); the
 * server took ..."; "" where the target at that position of the model is not SLOW. */
const char *ui_slow_why(
	const struct sdr_model *model, uint32_t position, sdr_ns now, char *out, size_t size);

#endif
