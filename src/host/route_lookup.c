/* route_lookup.c - the route a packet to an address would take: one request to the kernel, answered
 * at once. rtnetlink(7), RTM_GETROUTE.
 *
 * It is asked twice: for the next hop and the source address, and (RTM_F_FIB_MATCH) for the route
 * that they came from. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "host/rtnetlink.h"

#define ANSWER_SIZE 8192 /* bytes; a route with many next hops */

static void put_question(struct nlmsghdr *message, const struct sdr_addr *to, unsigned flags)
{
	message->nlmsg_type = RTM_GETROUTE;
	message->nlmsg_flags = NLM_F_REQUEST;
	struct rtmsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	info->rtm_family = to->version == 4 ? AF_INET : AF_INET6;
	info->rtm_dst_len = (unsigned char)sdr_addr_bits(to);
	info->rtm_flags = flags;
	mnl_attr_put(message, RTA_DST, sdr_addr_bits(to) / 8, to->bytes);
	if (to->scope_id != 0)
		mnl_attr_put_u32(message, RTA_OIF, to->scope_id);
}

/* The result of a request. */
struct answer {
	bool answered; /* the kernel answered: `number` is its result, 0 or an errno value; else why
			  it could not be asked */
	int number;
};

static struct answer ask(struct mnl_socket *socket, const struct sdr_addr *to, unsigned flags,
	struct sdr_route_choice *choice)
{
	_Alignas(struct nlmsghdr) char bytes[ANSWER_SIZE] = {0};
	struct nlmsghdr *message = mnl_nlmsg_put_header(bytes);
	put_question(message, to, flags);
	if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return (struct answer){false, errno};
	ssize_t size;
	do
		size = mnl_socket_recvfrom(socket, bytes, sizeof(bytes));
	while (size < 0 && errno == EINTR);
	if (size < 0)
		return (struct answer){false, errno};
	if (!mnl_nlmsg_ok(message, (int)size))
		return (struct answer){false, EPROTO};
	if (message->nlmsg_type == NLMSG_ERROR) {
		int number = -sdr_decode_end(message);
		return (struct answer){true, number != 0 ? number : EPROTO};
	}
	bool good = message->nlmsg_type == RTM_NEWROUTE && sdr_decode_route_choice(message, choice);
	return (struct answer){good, good ? 0 : EPROTO};
}

/* The kernel reports unreachable, prohibit and blackhole routes as errors: fib_props in
 * net/ipv4/fib_semantics.c, and the same for IPv6. */
static enum sdr_status choice_of_error(
	struct answer answer, struct sdr_route_choice *choice, struct sdr_error *error)
{
	static const struct {
		int number;
		enum sdr_route_choice_kind kind;
	} answers[] = {{ENETUNREACH, SDR_ROUTE_CHOICE_NONE},
		{EHOSTUNREACH, SDR_ROUTE_CHOICE_UNREACHABLE}, {EACCES, SDR_ROUTE_CHOICE_PROHIBITED},
		{EINVAL, SDR_ROUTE_CHOICE_BLACKHOLE}};
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (!answer.answered || answers[i].number != answer.number)
			continue;
		*choice = (struct sdr_route_choice){.kind = answers[i].kind};
		return SDR_OK;
	}
	sdr_error_set(error, 0, "the kernel does not show the route: %s", strerror(answer.number));
	return SDR_ESYSTEM;
}

/* Uses the open socket: if_indextoname opens one of its own, and if it can't, its errno is
 * misleading. Returns 0 or an errno value. */
static int read_name(struct mnl_socket *socket, struct sdr_route_choice *choice)
{
	struct ifreq request = {.ifr_ifindex = (int)choice->index};
	if (choice->index == 0)
		return 0;
	if (ioctl(mnl_socket_get_fd(socket), SIOCGIFNAME, &request) != 0)
		return errno;
	snprintf(choice->interface, sizeof(choice->interface), "%s", request.ifr_name);
	return 0;
}

enum sdr_status sdr_host_route_lookup(
	const struct sdr_addr *to, struct sdr_route_choice *choice, struct sdr_error *error)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct sdr_route_choice found = {0}, match = {0};
	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) != 0) {
		sdr_error_set(error, 0, "netlink is not available here: %s", strerror(errno));
		if (socket)
			mnl_socket_close(socket);
		return SDR_ENOTSUP;
	}
	struct answer answer = ask(socket, to, RTM_F_LOOKUP_TABLE, &found);
	if (answer.number == 0)
		answer = ask(socket, to, RTM_F_FIB_MATCH, &match);
	if (answer.number == 0)
		answer = (struct answer){false, read_name(socket, &found)};
	mnl_socket_close(socket);
	if (answer.number != 0)
		return choice_of_error(answer, choice, error);
	found.to = match.to; /* an older kernel returns the address itself */
	found.metric = match.metric;
	*choice = found;
	return SDR_OK;
}

/* ---- for display ---- */

const char *sdr_route_choice_name(enum sdr_route_choice_kind kind)
{
	static const char *const names[SDR_ROUTE_CHOICE_COUNT] = {
		[SDR_ROUTE_CHOICE_UNICAST] = "unicast",
		[SDR_ROUTE_CHOICE_LOCAL] = "local",
		[SDR_ROUTE_CHOICE_BROADCAST] = "broadcast",
		[SDR_ROUTE_CHOICE_MULTICAST] = "multicast",
		[SDR_ROUTE_CHOICE_ANYCAST] = "anycast",
		[SDR_ROUTE_CHOICE_NONE] = "no route",
		[SDR_ROUTE_CHOICE_UNREACHABLE] = "unreachable",
		[SDR_ROUTE_CHOICE_PROHIBITED] = "prohibited",
		[SDR_ROUTE_CHOICE_BLACKHOLE] = "blackhole"};
	return names[kind];
}

const char *sdr_route_choice_format(
	char out[static SDR_ROUTE_CHOICE_TEXT], const struct sdr_route_choice *choice)
{
	static const char *const sentences[SDR_ROUTE_CHOICE_COUNT] = {
		[SDR_ROUTE_CHOICE_LOCAL] = "an address of this host",
		[SDR_ROUTE_CHOICE_NONE] = "no route from this host",
		[SDR_ROUTE_CHOICE_UNREACHABLE] = "a route of this host says: unreachable",
		[SDR_ROUTE_CHOICE_PROHIBITED] = "a route of this host says: prohibited",
		[SDR_ROUTE_CHOICE_BLACKHOLE] = "a route of this host drops it"};
	char via[SDR_ADDR_TEXT], source[SDR_ADDR_TEXT];
	if (sentences[choice->kind]) {
		snprintf(out, SDR_ROUTE_CHOICE_TEXT, "%s", sentences[choice->kind]);
		return out;
	}
	size_t used = 0;
	if (choice->kind != SDR_ROUTE_CHOICE_UNICAST)
		used += (size_t)snprintf(
			out, SDR_ROUTE_CHOICE_TEXT, "%s, ", sdr_route_choice_name(choice->kind));
	used += (size_t)snprintf(
		out + used, SDR_ROUTE_CHOICE_TEXT - used, "by %s", choice->interface);
	if (choice->via.version != 0)
		used += (size_t)snprintf(out + used, SDR_ROUTE_CHOICE_TEXT - used, " via %s",
			sdr_addr_format(via, &choice->via));
	if (choice->source.version != 0)
		snprintf(out + used, SDR_ROUTE_CHOICE_TEXT - used, " from %s",
			sdr_addr_format(source, &choice->source));
	return out;
}
