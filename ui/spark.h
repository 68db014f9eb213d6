/* spark.h - the last minute of a target as a sparkline. */
#ifndef SOUNDER_UI_SPARK_H
#define SOUNDER_UI_SPARK_H

#include "draw.h"
#include "ui.h"

/* Draws the last minute of the target at that position of the model, as many probes a cell as it
 * takes: with the head's word, and the line changes every few seconds instead of with each
 * answer. */
void ui_spark_minute(struct ui *ui, uint32_t position, const struct ui_surface *s);

#endif
