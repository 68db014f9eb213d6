/* world_path.h - a made-up path of the pictures. */
#ifndef WORLD_PATH_H
#define WORLD_PATH_H

#include "sounder/engine.h"

/* Gives a target of the probe type `path` 300 rounds of hops: "0.3ms 0.5ms/4 - 9ms/20": round trip,
 * and of a hundred probes so many lost; - is silent. The last is the target. After `change` the
 * hop before was another router for the first hundred rounds; from the hop before `nat` on quotes
 * have passed a NAT, from that before `tos` on their TOS is 0x28. */
void world_path_fill(struct sdr_target *target, const char *text);

/* Frees them all. */
void world_path_end(void);

#endif
