/* path_figures.h (internal) - a path's figures taken out and put back; as struct probe_type has
 * it. */
#ifndef SOUNDER_PROBE_PATH_FIGURES_H
#define SOUNDER_PROBE_PATH_FIGURES_H

void *sdr_path_take(void *state);
void sdr_path_give(void *state, void *figures);
void sdr_path_drop(void *figures);

#endif
