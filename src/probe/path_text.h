/* path_text.h (internal) - lines of `path`: hops as they are found, then only what is news. */
#ifndef SOUNDER_PROBE_PATH_TEXT_H
#define SOUNDER_PROBE_PATH_TEXT_H

#include "sounder/engine.h"

void sdr_path_text_header(struct sdr_out *out, const struct sdr_target *target);
void sdr_path_text_line(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_result *result);

#endif
