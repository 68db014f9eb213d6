/* past.h - what the model knows of a target, taken out and given back: for undoing a reset or a
 * removal. */
#ifndef SOUNDER_PAST_H
#define SOUNDER_PAST_H

#include "sounder/model.h"

/* All that is known of a target: figures, series, state, outages, for when it is reset or removed
 * by mistake. */
struct sdr_past;

/* Returns a copy of it, to be freed or given back; NULL when out of memory, or without that
 * target. */
struct sdr_past *sdr_model_past(const struct sdr_model *model, uint32_t id);
void sdr_past_free(struct sdr_past *past); /* NULL is allowed */

/* Gives it back to the target `id`: the same one, whose results since then are not in it, or
 * another one in its place, which goes on after a gap as long as nobody was there. Takes it over in
 * any case. ENOENT: there is no such target; EINVAL: it is not probed in the same way. */
enum sdr_status sdr_model_set_past(struct sdr_model *model, uint32_t id, struct sdr_past *past);

#endif
