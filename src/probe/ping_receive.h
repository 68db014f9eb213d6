/* ping_receive.h - what comes back to ping's sockets. */
#ifndef SOUNDER_PROBE_PING_RECEIVE_H
#define SOUNDER_PROBE_PING_RECEIVE_H

#include "probe/ping_state.h"

/* The socket's events; context is the ping. */
void sdr_ping_on_reply(void *context, const struct icmp_reply *reply);
void sdr_ping_on_fault(void *context, const struct icmp_fault *fault);

#endif
