/* next_step.h - what to try where something is wrong: a command line that finds out more. */
#ifndef SOUNDER_UI_NEXT_STEP_H
#define SOUNDER_UI_NEXT_STEP_H

#include "sounder/model.h"

/* Returns a line with %words of the target, by how its probes end; NULL: nothing is wrong, or there
 * is nothing that would help. Static. */
const char *ui_next_step(const struct sdr_row *row);

#endif
