/* reactions.h - the user's own programs (down-command, up-command), run when a target goes DOWN or
 * comes up. */
#ifndef SOUNDER_SESSION_REACTIONS_H
#define SOUNDER_SESSION_REACTIONS_H

#include <uv.h>

#include "sounder/model.h"

struct reaction;

/* What is run, and what waits. All zeros but `loop` and `model` at first. */
struct reactions {
	uv_loop_t *loop;
	struct sdr_model *model;         /* its journal gets what could not be run */
	struct reaction *running;        /* a list */
	struct reaction *waiting, *last; /* a queue */
	unsigned running_count, waiting_count;
};

/* Runs the program with the target's name as its only argument, without a shell or the terminal; or
 * later, if many run already. */
void sdr_reactions_run(
	struct reactions *reactions, const char *program, const struct sdr_target *target);

/* Forgets what waits; what runs is left alone. */
void sdr_reactions_close(struct reactions *reactions);

#endif
