/* frame_pace.h - when the screen is next looked over for what changed. It is never more often than
 * `frame-rate` allows; while no target is probed more than once a second, data waits until a second
 * is over, and only what a person should know at once (a state, a server, an answer) does not.
 * Reads no clock: times are milliseconds of the loop. */
#ifndef SOUNDER_UI_FRAME_PACE_H
#define SOUNDER_UI_FRAME_PACE_H

#include "ui_state.h"

struct ui_pace {
	struct ui_versions looked; /* as of the last look */
	int64_t looked_at, next;   /* ms: the last look, the next */
	int64_t data_at;           /* ms: the last look that saw new data */
	int64_t frame;             /* least ms between two checks */
	uint64_t members;          /* what `fastest` is of: the model's member version */
	double demand;             /* and the engine's demand */
	sdr_ns fastest;            /* shortest interval of all targets */
};

/* Called after each check: puts the time of the next one into `next`. */
void ui_pace_looked(struct ui_pace *pace, const struct ui *ui, int64_t now);

/* Data was drawn between looks, for a key. */
void ui_pace_drawn(struct ui_pace *pace, const struct ui *ui);

/* Returns whether `next` is earlier now because of an event. Called in every loop iteration. */
bool ui_pace_hurries(struct ui_pace *pace, const struct ui *ui, int64_t now);

#endif
