/* engine.h (internal) - making the engine. Internal because only the app makes one. */
#ifndef SOUNDER_PROBE_ENGINE_H
#define SOUNDER_PROBE_ENGINE_H

#include "sounder/engine.h"
#include "sounder/names.h"
#include "sounder/privilege.h"

struct uv_loop_s;

struct sdr_engine *sdr_engine_new(
	struct uv_loop_s *loop, struct sdr_names *names, const struct sdr_privilege *privilege);
void sdr_engine_free(struct sdr_engine *engine); /* closes handles; run the loop afterwards */

#endif
