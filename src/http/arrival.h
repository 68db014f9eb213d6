/* arrival.h (internal) - a look at bytes that have come over TCP, before somebody else reads them,
 * and when they came by the kernel's own stamp: a busy machine wakes a program up some hundred
 * microseconds late. */
#ifndef SOUNDER_HTTP_ARRIVAL_H
#define SOUNDER_HTTP_ARRIVAL_H

#include <stdint.h>
#include <sys/types.h>

#include "sounder/clock.h"

/* Has the kernel note when packets come. */
void sdr_arrival_note(int fd);

/* Copies the first bytes that wait to be read, which stay. Returns how many, or -1 with errno,
 * which is told only once. `when`: monotonic, when the latest of them came; 0: not known. */
ssize_t sdr_arrival_peek(int fd, void *bytes, size_t size, sdr_ns *when);

/* Returns how many bytes ever came, those that wait to be read included; UINT64_MAX: not known. */
uint64_t sdr_arrival_total(int fd);

#endif
