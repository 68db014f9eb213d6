/* connection_udp.h (internal) - a question by UDP to a name's addresses, one after the other: the
 * next where an ICMP error, or this host, reports at once that the last one can't be reached. Two
 * are never asked at the same time, and silence is no reason to ask another. */
#ifndef SOUNDER_PROBE_CONNECTION_UDP_H
#define SOUNDER_PROBE_CONNECTION_UDP_H

#include "probe/connection.h"

#define CONNECTION_WARNING (SDR_DIAL_WHY + 128)

/* Opens a socket to the next address. Failures are reported in the next loop iteration. */
void sdr_datagrams_begin(struct connection *connection);

/* Handles a failure of the present address before anything has come from it. Returns whether
 * another one is asked instead. */
bool sdr_datagrams_move(struct connection *connection, const struct sdr_fault *fault);

/* Adds the result to the attempts, and the text about several attempts to the result. */
void sdr_datagrams_conclude(struct connection *connection, struct sdr_result *result);

#endif
