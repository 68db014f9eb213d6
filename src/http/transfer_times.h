/* transfer_times.h (internal) - when what happened in a transfer: by our clock, the kernel's stamps
 * and libcurl's own account. */
#ifndef SOUNDER_HTTP_TRANSFER_TIMES_H
#define SOUNDER_HTTP_TRANSFER_TIMES_H

#include "http/transfer_state.h"

/* A monotonic time as one after the transfer's beginning; 0 where it was before. */
sdr_ns sdr_transfer_since(const struct sdr_transfer *transfer, sdr_ns when);

/* When what libcurl is reading came, after the beginning. */
sdr_ns sdr_transfer_stamp(const struct sdr_transfer *transfer);

/* Fills in the answer's times from the handshake on, at the end. */
void sdr_transfer_take_times(struct sdr_transfer *transfer);

#endif
