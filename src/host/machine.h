/* machine.h (internal) - makes the view of this machine that sounder/host.h describes. Internal
 * because only the app makes one. */
#ifndef SOUNDER_HOST_MACHINE_H
#define SOUNDER_HOST_MACHINE_H

#include "sounder/host.h"

struct uv_loop_s;

/* Reads interfaces, addresses and routes from the kernel and follows their changes on `loop`. The
 * kernel answers at once, so the first tables are there when this returns. Without netlink (a
 * sandbox) all counts stay 0; sdr_host_look returns the reason. NULL when out of memory. */
struct sdr_host *sdr_host_new(struct uv_loop_s *loop);

/* Stops following; the memory goes as the loop runs on. NULL is allowed. */
void sdr_host_free(struct sdr_host *host);

#endif
