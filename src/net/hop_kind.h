/* hop_kind.h (internal) - what an entry of the error queue means of a hop: shared by hop_socket
 * and hop_connect. */
#ifndef SOUNDER_NET_HOP_KIND_H
#define SOUNDER_NET_HOP_KIND_H

#include "net/hop.h"
#include "net/icmp_in.h"

/* Has a socket's error queue say where the extensions of an error begin (Linux 5.9); without that
 * there are none. */
void sdr_hop_extensions(int fd, uint8_t version);

/* Fills in what an ICMP error holds, with its extension, of which bytes[length] is what it quotes
 * and what follows; borrowed from there. */
void sdr_hop_error(const struct icmp_extras *extras, const uint8_t *bytes, size_t length,
	struct hop_answer *answer);

/* What it means of a probe to that target. */
enum hop_answer_kind sdr_hop_kind(const struct hop_answer *answer, const struct sdr_addr *to);

/* When the kernel had it, on the monotonic clock; `now` where that is not known, or can't be. */
sdr_ns sdr_hop_received(const struct icmp_extras *extras, sdr_ns now);

#endif
