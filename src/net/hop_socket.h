/* hop_socket.h - one socket of a flow, by ICMP echo or UDP: probes with a limited number of hops to
 * any number of targets go out, answers of routers and targets come in by its error queue. No
 * privilege is needed, but for what errors quote of a probe's IP header (hop_quotes.h).
 *
 * All that routers may hash stays the same for a target: addresses, ports or identifier, and the
 * checksum of ICMP, which is a sum over each probe's number: a filler keeps it. */
#ifndef SOUNDER_NET_HOP_SOCKET_H
#define SOUNDER_NET_HOP_SOCKET_H

#include "net/hop.h"
#include "net/token.h"

struct uv_loop_s;
struct icmp_in;
struct hop_quotes;
struct hop_socket;

struct hop_socket_config {
	struct uv_loop_s *loop;
	struct icmp_in *in; /* to read into, shared by all sockets of a thread; borrowed */
	const struct token_key *token; /* borrowed */
	struct hop_quotes *quotes;     /* of the family; borrowed; NULL: none are to be had */
	uint8_t version;               /* 4, 6 */
	enum hop_protocol protocol;    /* ICMP or UDP */
	uint16_t number;  /* the identifier, or the port to send from, that is asked for; 0: any.
			    Where it is taken, another by the next hundreds */
	uint16_t keys[4]; /* random */
	struct hop_events events;
};

/* Opens it and starts reading. Returns 0, or an errno: EACCES, EPERM where ICMP is not permitted
 * without privileges (ping_group_range). */
int sdr_hop_socket_open(const struct hop_socket_config *config, struct hop_socket **socket);
void sdr_hop_socket_close(struct hop_socket *socket); /* is freed as the loop runs; NULL allowed */

/* Reads what came: before a burst, since the kernel reports an error of an earlier probe to the
 * next send. Answers may come from within. */
void sdr_hop_socket_read(struct hop_socket *socket);

/* Sends one probe. Returns 0, or an errno: it could not leave this host. No answer comes from
 * within. */
int sdr_hop_socket_send(struct hop_socket *socket, const struct hop_probe *probe);

/* No answer to that probe is waited for any more: one that quotes too little to be known is another
 * probe's. */
void sdr_hop_socket_forget(struct hop_socket *socket, const struct hop_tag *tag);

#endif
