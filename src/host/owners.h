/* owners.h - which process holds a socket, as /proc shows it. */
#ifndef SOUNDER_HOST_OWNERS_H
#define SOUNDER_HOST_OWNERS_H

#include <stdbool.h>

#include "sounder/clock.h"
#include "sounder/listeners.h"

/* Looks through the open files of processes with an id above *after, in order of id, until `budget` ns are spent, and tells `found` of each
 * socket. Sets *after to the last one looked at. Returns true when there are no more. */
bool sdr_owners_walk(
	int32_t *after, sdr_ns budget, bool (*found)(void *context, uint32_t inode, int32_t pid, const char *process), void *context);

#endif
