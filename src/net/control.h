/* control.h (internal) - ancillary data of a message: nothing is taken that is not wholly there,
 * and what is put has room. cmsg(3), ip(7), ipv6(7). */
#ifndef SOUNDER_NET_CONTROL_H
#define SOUNDER_NET_CONTROL_H

#include <time.h> /* before errqueue.h, which needs struct timespec */

#include <linux/errqueue.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "sounder/addr.h"

/* An entry of a socket's error queue. */
struct control_error {
	struct sock_extended_err what;
	struct sdr_addr offender; /* who sent it; version 0: not given */
};

/* Which control message is meant: cmsg_level and cmsg_type. */
struct control_kind {
	int level, type;
};

/* Whether a control message is of that kind and holds `size` bytes; then copies them. One that did
 * not fit its buffer is cut short by the kernel. */
bool sdr_control_take(const struct msghdr *message, const struct cmsghdr *control,
	struct control_kind kind, void *bytes, size_t size);

/* Whether a control message is an error of either family; then `error` is it. */
bool sdr_control_error(
	const struct msghdr *message, const struct cmsghdr *control, struct control_error *error);

/* How a packet is to leave. */
struct control_leave {
	uint8_t version;        /* of where it goes: 4, 6 */
	uint8_t hop_limit, tos; /* 0: the system's default */
	struct sdr_addr source; /* version 0: the system's choice */
	uint32_t interface;     /* index; 0: the same */
};

/* Bytes that all of it takes. */
#define SDR_CONTROL_LEAVE 128

/* Puts it into a message to send, whose msg_control has room and is zeroed, and whose
 * msg_controllen is what it holds so far. */
void sdr_control_put_leave(struct msghdr *message, const struct control_leave *leave);

#endif
