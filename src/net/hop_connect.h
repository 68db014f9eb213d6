/* hop_connect.h - one SYN that may go so many hops only, from a port of one's own. No privilege is
 * needed. Two sockets can't share addresses and ports: of a flow one is under way at a time for
 * each target. RFC 9293 sec. 3.5. */
#ifndef SOUNDER_NET_HOP_CONNECT_H
#define SOUNDER_NET_HOP_CONNECT_H

#include "net/hop.h"

struct uv_loop_s;
struct icmp_in;
struct hop_quotes;
struct hop_connect;

struct hop_connect_config {
	struct uv_loop_s *loop;
	struct icmp_in *in;        /* as of hop_socket.h */
	struct hop_quotes *quotes; /* as of hop_socket.h */
	uint16_t port;             /* to leave from */
	struct hop_events events;
};

/* Sends a SYN. Returns 0, or an errno: it could not leave this host. What comes of it is reported
 * once, from the loop, after which it is gone; nothing is, where nothing comes: it is to be dropped
 * before the kernel would send the next SYN, after a second. */
int sdr_hop_connect_begin(const struct hop_connect_config *config, const struct hop_probe *probe,
	struct hop_connect **made);

/* Takes what came meanwhile, which may be reported from within; NULL is allowed. */
void sdr_hop_connect_read(struct hop_connect *connect);

/* Gives it up; NULL is allowed. */
void sdr_hop_connect_drop(struct hop_connect *connect);

#endif
