/* path_facts.h - a path in words, for its panel. */
#ifndef SOUNDER_UI_PATH_FACTS_H
#define SOUNDER_UI_PATH_FACTS_H

#include "draw.h"
#include "sounder/path.h"

/* Writes "icmp, 312 rounds, epoch 2 since 14:03:10, reached" into out[size]. */
void ui_path_format_facts(const struct sdr_path *path, char *out, size_t size);

/* Draws where loss begins, and what the path carries, in a line. */
void ui_path_draw_sentence(const struct sdr_path *path, const struct ui_surface *s);

/* Draws what is made of a hop, whole, and what it quotes of probes, in a line. False: there is
 * nothing. */
bool ui_path_draw_hop(const struct sdr_path_hop *hop, const struct ui_surface *s);

/* Draws the paths before the present one under a rule, latest first, as many as there is room for;
 * `back`: the one that is shown, from 1. */
void ui_path_draw_past(const struct sdr_path *path, unsigned back, const struct ui_surface *s);

#endif
