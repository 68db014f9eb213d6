/* diag.c - the kernel's sockets by NETLINK_SOCK_DIAG: one dump for a transport and an address
 * family. The kernel fills each datagram while it is read, so reading never blocks.
 * sock_diag(7). */
#include "host/diag.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "host/rtnetlink.h"

#define BUFFER_SIZE 32768 /* the kernel fills a dump's datagrams up to 32 KiB */

/* What is asked for: a socket that waits has no peer. */
static const struct {
	uint8_t protocol; /* IPPROTO_... */
	uint32_t states;  /* bits 1 << TCP_... */
} dumps[SDR_TRANSPORT_COUNT] = {
	[SDR_TCP] = {IPPROTO_TCP, 1U << TCP_LISTEN},
	[SDR_UDP] = {IPPROTO_UDP, 1U << TCP_CLOSE},
	[SDR_SCTP] = {IPPROTO_SCTP, 1U << TCP_LISTEN},
};

/* An IPv6 socket's message shows whether it accepts IPv4 as well. */
static bool is_dual(const struct nlmsghdr *message, const struct inet_diag_msg *socket)
{
	static const uint8_t any[16];
	const struct nlattr *attr = (const struct nlattr *)(const void *)(socket + 1);
	const char *end = (const char *)message + message->nlmsg_len;
	if (socket->idiag_family != AF_INET6 || memcmp(socket->id.idiag_src, any, sizeof(any)) != 0)
		return false;
	while ((const char *)attr < end && mnl_attr_ok(attr, (int)(end - (const char *)attr))) {
		if (mnl_attr_get_type(attr) == INET_DIAG_SKV6ONLY &&
			mnl_attr_get_payload_len(attr) >= 1)
			return *(const uint8_t *)mnl_attr_get_payload(attr) == 0;
		attr = mnl_attr_next(attr);
	}
	return false;
}

bool sdr_diag_decode(
	const struct nlmsghdr *message, enum sdr_transport transport, struct sdr_listener *listener)
{
	const struct inet_diag_msg *socket = mnl_nlmsg_get_payload(message);
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*socket) || socket->id.idiag_sport == 0)
		return false;
	if (socket->idiag_family != AF_INET && socket->idiag_family != AF_INET6)
		return false;
	memset(listener, 0, sizeof(*listener));
	listener->transport = transport;
	listener->endpoint.port = ntohs(socket->id.idiag_sport);
	listener->endpoint.addr.version = socket->idiag_family == AF_INET ? 4 : 6;
	memcpy(listener->endpoint.addr.bytes, socket->id.idiag_src,
		socket->idiag_family == AF_INET ? 4 : 16);
	listener->interface = socket->id.idiag_if;
	/* A link-local address means something only on its link. RFC 4007 sec. 6. */
	if (listener->endpoint.addr.version == 6 && listener->endpoint.addr.bytes[0] == 0xfe &&
		(listener->endpoint.addr.bytes[1] & 0xc0) == 0x80)
		listener->endpoint.addr.scope_id = socket->id.idiag_if;
	listener->uid = socket->idiag_uid;
	listener->inode = socket->idiag_inode;
	listener->dual = is_dual(message, socket);
	return true;
}

static bool ask(struct mnl_socket *socket, enum sdr_transport transport, int family)
{
	_Alignas(struct nlmsghdr) char bytes[256] = {0};
	struct nlmsghdr *message = mnl_nlmsg_put_header(bytes);
	message->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	message->nlmsg_seq = 1;
	struct inet_diag_req_v2 *request = mnl_nlmsg_put_extra_header(message, sizeof(*request));
	request->sdiag_family = (uint8_t)family;
	request->sdiag_protocol = dumps[transport].protocol;
	request->idiag_states = dumps[transport].states;
	return mnl_socket_sendto(socket, message, message->nlmsg_len) >= 0;
}

/* Where listeners go. */
struct taking {
	enum sdr_transport transport;
	void (*take)(void *context, const struct sdr_listener *listener);
	void *context;
};

/* Takes a datagram apart. Returns true at the dump's end, with what it failed with in *number. */
static bool take_apart(const void *bytes, size_t size, const struct taking *taking, int *number)
{
	const struct nlmsghdr *message = bytes;
	struct sdr_listener listener;
	for (int left = (int)size; mnl_nlmsg_ok(message, left);
		message = mnl_nlmsg_next(message, &left)) {
		if ((message->nlmsg_flags & NLM_F_DUMP_INTR) != 0)
			*number = EINTR;
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
			int end = -sdr_decode_end(message);
			*number = end != 0 ? end : *number;
			return true;
		}
		if (message->nlmsg_type == SOCK_DIAG_BY_FAMILY &&
			sdr_diag_decode(message, taking->transport, &listener))
			taking->take(taking->context, &listener);
	}
	return false;
}

static int read_all(struct mnl_socket *socket, const struct taking *taking)
{
	_Alignas(struct nlmsghdr) unsigned char buffer[BUFFER_SIZE];
	int number = 0;
	for (;;) {
		ssize_t size = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		if (size < 0 && errno == EINTR)
			continue;
		if (size <= 0)
			return size < 0 ? errno : EPROTO;
		if (take_apart(buffer, (size_t)size, taking, &number))
			return number;
	}
}

int sdr_diag_dump(enum sdr_transport transport, int family,
	void (*take)(void *context, const struct sdr_listener *listener), void *context)
{
	struct taking taking = {transport, take, context};
	struct mnl_socket *socket =
		mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!socket)
		return errno;
	bool asked = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
		ask(socket, transport, family);
	int number = asked ? read_all(socket, &taking) : errno;
	mnl_socket_close(socket);
	return number;
}
