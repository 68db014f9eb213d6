/* neighbour.c - whether a neighbour answers for its address: one request to the kernel, answered at
 * once. RTM_GETNEIGH, rtnetlink(7); kernels before 5.0 answer it for none alone. */
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "sounder/host.h"

#define MESSAGE_SIZE 1024 /* bytes; a neighbour's answer has some hundred */

static void put_question(struct nlmsghdr *message, const struct sdr_addr *neighbour, uint32_t index)
{
	message->nlmsg_type = RTM_GETNEIGH;
	message->nlmsg_flags = NLM_F_REQUEST;
	struct ndmsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	info->ndm_family = neighbour->version == 4 ? AF_INET : AF_INET6;
	info->ndm_ifindex = (int)index;
	mnl_attr_put(message, NDA_DST, sdr_addr_bits(neighbour) / 8, neighbour->bytes);
}

bool sdr_host_neighbour_silent(const struct sdr_addr *neighbour, uint32_t index)
{
	_Alignas(struct nlmsghdr) char bytes[MESSAGE_SIZE] = {0};
	struct nlmsghdr *message = mnl_nlmsg_put_header(bytes);
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!socket)
		return false;
	put_question(message, neighbour, index);
	ssize_t size = -1;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
		mnl_socket_sendto(socket, message, message->nlmsg_len) >= 0)
		size = mnl_socket_recvfrom(socket, bytes, sizeof(bytes));
	mnl_socket_close(socket);
	if (size < 0 || !mnl_nlmsg_ok(message, (int)size) || message->nlmsg_type != RTM_NEWNEIGH)
		return false;
	const struct ndmsg *info = mnl_nlmsg_get_payload(message);
	return mnl_nlmsg_get_payload_len(message) >= sizeof(*info) &&
		(info->ndm_state & (NUD_INCOMPLETE | NUD_FAILED)) != 0;
}
