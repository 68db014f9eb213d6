/* arrival.h (internal) - peeks at bytes received over TCP before libcurl reads them, with the
 * kernel's receive time: a busy host wakes a program up some hundred microseconds late. */
#ifndef SOUNDER_HTTP_ARRIVAL_H
#define SOUNDER_HTTP_ARRIVAL_H

#include <stdint.h>
#include <sys/types.h>

#include "sounder/clock.h"

/* Has the kernel note when packets come. */
void sdr_arrival_note(int fd);

/* Copies the first bytes that wait to be read, without consuming them. Returns how many, or -1 with
 * errno, which the socket reports only once. `when`: monotonic, when the latest of them came; 0:
 * unknown. */
ssize_t sdr_arrival_peek(int fd, void *bytes, size_t size, sdr_ns *when);

/* Returns how many bytes ever came, those that wait to be read included; UINT64_MAX: not known. */
uint64_t sdr_arrival_total(int fd);

#endif
