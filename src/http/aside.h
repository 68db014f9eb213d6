/* aside.h (internal) - work that takes too long for a loop iteration, in a thread of its own:
 * loading a library, reading a bundle of certificates. The work touches nothing but what it is
 * given. */
#ifndef SOUNDER_HTTP_ASIDE_H
#define SOUNDER_HTTP_ASIDE_H

#include <stdbool.h>

#include "sounder/status.h"

struct uv_loop_s;
struct sdr_aside;

/* Begins `work(context)`; when it is done, `after(context)` is called from the loop and the aside
 * is freed. Without a thread the work is done before this returns. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_aside_begin(struct uv_loop_s *loop, void (*work)(void *context),
	void (*after)(void *context), void *context, struct sdr_aside **aside);

/* Waits for the work to be done; `after` does not come. NULL is allowed. Returns false where it is
 * not done in three seconds, as OpenSSL 3.5 waits for itself for ever where it gets no memory at
 * its start: what the work was given must stay. */
SDR_MUST_CHECK bool sdr_aside_end(struct sdr_aside *aside);

#endif
