/* transfer_options.h (internal) - a transfer's easy handle: made, its callbacks and time limits
 * set. */
#ifndef SOUNDER_HTTP_TRANSFER_OPTIONS_H
#define SOUNDER_HTTP_TRANSFER_OPTIONS_H

#include "http/transfer_state.h"

/* The handle is made while the connection is: which address wins is nothing to it. */
CURLcode sdr_transfer_make_easy(struct sdr_transfer *transfer, const struct sdr_trust_found *found);

/* Sets what depends on the time that is left. */
CURLcode sdr_transfer_set_limits(const struct sdr_transfer *transfer);

#endif
