/* path_names.h (internal) - names of routers by their addresses. */
#ifndef SOUNDER_PROBE_PATH_NAMES_H
#define SOUNDER_PROBE_PATH_NAMES_H

#include "probe/path.h"

/* Has a router's name looked up, where that is wanted, and was not done yet. */
void sdr_path_name_ask(struct path_target *target, const struct sdr_addr *addr);

/* Returns its name, NULL: not known. */
const char *sdr_path_name(const struct path_target *target, const struct sdr_addr *addr);
void sdr_path_names_done(struct path_target *target);

#endif
