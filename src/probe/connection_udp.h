/* connection_udp.h (internal) - a question by UDP to a name's addresses, one after the other: the
 * next where an ICMP error, or this host, says at once that the last one can't be asked. Nothing is
 * asked of two at the same time, and silence is no reason to ask another. */
#ifndef SOUNDER_PROBE_CONNECTION_UDP_H
#define SOUNDER_PROBE_CONNECTION_UDP_H

#include "probe/connection.h"

#define CONNECTION_WARNING (SDR_DIAL_WHY + 128)

/* Opens a socket to the next address. What can't be done is told in the next loop iteration. */
void sdr_datagrams_begin(struct connection *connection);

/* What went wrong with the address at hand, while nothing has come from it. Returns whether another
 * one is asked instead. */
bool sdr_datagrams_move(struct connection *connection, const struct sdr_fault *fault);

/* Takes the result into the attempts, and what is to be said of several of them into the result. */
void sdr_datagrams_conclude(struct connection *connection, struct sdr_result *result);

#endif
