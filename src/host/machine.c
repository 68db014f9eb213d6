/* machine.c - interfaces, addresses and routes of this machine, live.
 *
 * The idea: one netlink socket, subscribed to changes, over which each table is dumped once;
 * changes are then applied as they come. A dump fills a fresh table that replaces the old one at
 * its end, so a view never sees an incomplete one. What comes while a table is being dumped is
 * applied to the fresh one, in the order the kernel queued it. When the kernel had to drop changes
 * (ENOBUFS), all tables are dumped again. RFC 3549; rtnetlink(7), netlink(7). */
#include "host/machine.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "host/kinds.h"
#include "host/machine_state.h"
#include "host/rtnetlink.h"

#define FIRST_READS 64      /* rounds of reading before the loop runs */
#define FIRST_TRIES 16      /* restarts of interrupted dumps before the loop runs */
#define READS_PER_WAKEUP 64 /* datagrams; the loop has other work too */
#define DUMP_ALL ((1U << DUMP_COUNT) - 1)
/* Dumps that have to be made again wait, so that a busy router costs ten a second at most. */
#define AGAIN_MS 100

/* ---- dumps ---- */

/* What to ask for, and the table it fills. */
static const struct {
	uint16_t type;  /* RTM_GET... */
	uint8_t family; /* AF_UNSPEC: all that there are */
} dumps[DUMP_COUNT] = {
	[DUMP_LINKS] = {RTM_GETLINK, AF_UNSPEC},
	[DUMP_ADDRESSES] = {RTM_GETADDR, AF_UNSPEC},
	[DUMP_ROUTES4] = {RTM_GETROUTE, AF_INET},
	[DUMP_ROUTES6] = {RTM_GETROUTE, AF_INET6},
};

static struct table *table_of(struct sdr_host *host, enum dump dump)
{
	struct table *const tables[DUMP_COUNT] = {
		&host->interfaces, &host->addresses, &host->routes, &host->routes};
	return tables[dump];
}

/* IPv4 and IPv6 routes share a table: those of the other one are kept. */
static void keep_other_family(struct sdr_host *host, enum dump dump)
{
	uint8_t version = dump == DUMP_ROUTES4 ? 4 : 6;
	if (dumps[dump].type != RTM_GETROUTE)
		return;
	for (size_t i = 0; i < host->routes.count; i++) {
		const struct sdr_route *route = sdr_table_at(&host->routes, i);
		if (route->to.addr.version != version)
			(void)sdr_table_append(&host->fresh, route);
	}
}

/* The header differs by type; a route's asks the kernel (where it filters: NETLINK_GET_STRICT_CHK)
 * for the main table alone. */
static void put_header(struct nlmsghdr *message, enum dump dump)
{
	if (dumps[dump].type == RTM_GETLINK) {
		struct ifinfomsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
		info->ifi_family = dumps[dump].family;
	} else if (dumps[dump].type == RTM_GETADDR) {
		struct ifaddrmsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
		info->ifa_family = dumps[dump].family;
	} else {
		struct rtmsg *info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
		info->rtm_family = dumps[dump].family;
		info->rtm_table = RT_TABLE_MAIN;
		info->rtm_type = RTN_UNICAST;
	}
}

static bool send_dump(struct sdr_host *host, enum dump dump)
{
	_Alignas(struct nlmsghdr) char bytes[256] = {0};
	struct nlmsghdr *message = mnl_nlmsg_put_header(bytes);
	message->nlmsg_type = dumps[dump].type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	/* Zero is the sequence of changes. */
	host->sequence = host->sequence + 1 != 0 ? host->sequence + 1 : 1;
	message->nlmsg_seq = host->sequence;
	put_header(message, dump);
	return mnl_socket_sendto(host->socket, message, message->nlmsg_len) >= 0;
}

static void set_failed(struct sdr_host *host, enum dump dump, int number)
{
	host->version += host->failed[dump] != number;
	host->failed[dump] = number;
}

static void fail_all(struct sdr_host *host, int number)
{
	for (int i = 0; i < DUMP_COUNT; i++)
		set_failed(host, (enum dump)i, number);
}

/* Begins the next requested dump, if none is running. */
static void next_dump(struct sdr_host *host)
{
	if (host->dumping != DUMP_COUNT)
		return;
	for (int i = 0; i < DUMP_COUNT; i++) {
		if ((host->wanted >> i & 1) == 0)
			continue;
		host->wanted &= ~(1U << i);
		if (!send_dump(host, (enum dump)i)) {
			set_failed(host, (enum dump)i, errno);
			continue;
		}
		host->dumping = (enum dump)i;
		host->touched = host->interrupted = false;
		sdr_table_init(&host->fresh, table_of(host, host->dumping)->kind);
		keep_other_family(host, host->dumping);
		return;
	}
}

static void on_timer(uv_timer_t *timer)
{
	struct sdr_host *host = timer->data;
	host->wanted |= host->later;
	host->later = 0;
	next_dump(host);
}

static void dump_later(struct sdr_host *host, unsigned bits)
{
	if (host->later == 0)
		(void)uv_timer_start(&host->timer, on_timer, AGAIN_MS, 0);
	host->later |= bits;
}

/* `error` is what the kernel ended the dump with: it is busy while an earlier dump is not read to
 * its end. A dump that was interrupted is better than none, and made again. */
static void end_dump(struct sdr_host *host, int error)
{
	enum dump dump = host->dumping;
	bool again = host->fresh.lacking == ENOMEM;
	sdr_table_sort(&host->fresh);
	if (error == -ENOENT && dumps[dump].type == RTM_GETROUTE)
		error = 0; /* no such table: there has been no route in it yet */
	if (error == 0 && host->interrupted)
		error = -EINTR;
	if (error == 0 || error == -EINTR)
		host->version += sdr_table_take(table_of(host, dump), &host->fresh);
	if (error == -EBUSY || error == -EINTR || again)
		dump_later(host, 1U << dump);
	set_failed(host, dump, -error);
	sdr_table_done(&host->fresh);
	host->dumping = DUMP_COUNT;
	next_dump(host);
}

/* ---- messages ---- */

/* A value of a dump goes to the fresh table as it is; a change to the fresh one while its table is
 * being dumped, else to the live one. */
static bool apply(struct sdr_host *host, const struct nlmsghdr *message, enum dump dump,
	const void *value, bool removed)
{
	struct table *live = table_of(host, dump);
	bool dumping = host->dumping == dump;
	if (dumping && message->nlmsg_seq == host->sequence) {
		if (host->touched)
			return sdr_table_put(&host->fresh, value);
		return sdr_table_append(&host->fresh, value);
	}
	host->touched |= dumping;
	struct table *table = dumping ? &host->fresh : live;
	bool changed = removed ? sdr_table_remove(table, value) : sdr_table_put(table, value);
	if (table->lacking == ENOMEM && !dumping)
		dump_later(host, 1U << dump);
	host->version += changed && !dumping;
	return changed;
}

static void on_link(struct sdr_host *host, const struct nlmsghdr *message)
{
	struct sdr_interface interface;
	bool removed = message->nlmsg_type == RTM_DELLINK;
	if (!sdr_decode_link(message, &interface))
		return;
	/* The kernel drops IPv4 routes without a word when a link goes down. */
	if (apply(host, message, DUMP_LINKS, &interface, removed) && message->nlmsg_seq == 0)
		dump_later(host, 1U << DUMP_ROUTES4 | 1U << DUMP_ROUTES6);
}

static void on_address(struct sdr_host *host, const struct nlmsghdr *message)
{
	struct sdr_interface_address address;
	bool removed = message->nlmsg_type == RTM_DELADDR;
	memset(&address, 0, sizeof(address));
	if (!sdr_decode_address(message, &address))
		return;
	/* As with links: routes with the address as their source go silently. */
	if (apply(host, message, DUMP_ADDRESSES, &address, removed) && removed)
		dump_later(host, 1U << DUMP_ROUTES4);
}

/* `ip route replace`: the replaced route is not named; it had the same destination and metric. */
static void remove_replaced(struct sdr_host *host, const struct sdr_route *route, enum dump dump)
{
	struct table *table = host->dumping == dump ? &host->fresh : &host->routes;
	for (size_t i = 0; i < table->count; i++) {
		const struct sdr_route *old = sdr_table_at(table, i);
		if (sdr_prefix_compare(&old->to, &route->to) != 0 || old->metric != route->metric)
			continue;
		struct sdr_route copy = *old;
		host->version += sdr_table_remove(table, &copy);
		return;
	}
}

static void on_route(struct sdr_host *host, const struct nlmsghdr *message)
{
	struct sdr_route route;
	bool removed = message->nlmsg_type == RTM_DELROUTE;
	if (!sdr_decode_route(message, &route))
		return;
	enum dump dump = route.to.addr.version == 4 ? DUMP_ROUTES4 : DUMP_ROUTES6;
	/* A kernel without IPv6 answers its dump with the routes of IPv4. */
	if (host->dumping != dump && message->nlmsg_seq == host->sequence)
		return;
	/* While one address family's routes are dumped, the fresh table has the other's too; a dump
	 * of both follows, which is simpler than a rule for each. */
	if (host->dumping != dump &&
		(host->dumping == DUMP_ROUTES4 || host->dumping == DUMP_ROUTES6))
		dump_later(host, 1U << dump);
	if (message->nlmsg_seq != host->sequence && !removed &&
		(message->nlmsg_flags & NLM_F_REPLACE) != 0)
		remove_replaced(host, &route, dump);
	(void)apply(host, message, dump, &route, removed);
}

static void on_message(struct sdr_host *host, const struct nlmsghdr *message)
{
	bool ours = host->dumping != DUMP_COUNT && message->nlmsg_seq == host->sequence;
	if (ours && (message->nlmsg_flags & NLM_F_DUMP_INTR) != 0)
		host->interrupted = true;
	switch (message->nlmsg_type) {
	case NLMSG_DONE:
	case NLMSG_ERROR:
		if (ours)
			end_dump(host, sdr_decode_end(message));
		break;
	case RTM_NEWLINK:
	case RTM_DELLINK:
		on_link(host, message);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		on_address(host, message);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		on_route(host, message);
		break;
	}
}

/* ---- the socket ---- */

static void resync(struct sdr_host *host)
{
	sdr_table_done(&host->fresh);
	host->dumping = DUMP_COUNT;
	dump_later(host, DUMP_ALL);
}

/* Takes a datagram apart. libmnl's own loop would end at a dump's last message and leave the
 * changes behind it unread. */
static void take_apart(struct sdr_host *host, size_t size)
{
	const struct nlmsghdr *message = (const struct nlmsghdr *)(const void *)host->buffer;
	int left = (int)size;
	while (mnl_nlmsg_ok(message, left)) {
		on_message(host, message);
		message = mnl_nlmsg_next(message, &left);
	}
}

/* Reads what there is. False: the socket is of no more use. */
static bool receive(struct sdr_host *host)
{
	for (int i = 0; i < READS_PER_WAKEUP; i++) {
		ssize_t size =
			mnl_socket_recvfrom(host->socket, host->buffer, sizeof(host->buffer));
		if (size > 0) {
			take_apart(host, (size_t)size);
			continue;
		}
		if (size < 0 && errno == EAGAIN)
			return true;
		if (size < 0 && errno == EINTR)
			continue;
		if (size == 0 || (errno != ENOBUFS && errno != ENOSPC && errno != ENOMEM)) {
			fail_all(host, size == 0 ? EPROTO : errno);
			return false;
		}
		resync(host);
	}
	return true;
}

static void on_readable(uv_poll_t *poll, int status, int events);

static void start_polling(struct sdr_host *host)
{
	(void)uv_poll_start(&host->poll, UV_READABLE, on_readable);
}

/* libuv takes a pending error of the socket (ENOBUFS) for a bad descriptor and stops the handle: it
 * is started again. */
static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct sdr_host *host = poll->data;
	(void)events;
	bool usable = receive(host);
	next_dump(host);
	if (!usable)
		uv_poll_stop(poll);
	else if (status < 0)
		start_polling(host);
}

static void give_up(struct sdr_host *host, int number)
{
	fail_all(host, number);
	mnl_socket_close(host->socket);
	host->socket = NULL;
}

static bool open_socket(struct sdr_host *host)
{
	unsigned groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
		RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
	int on = 1, room = 1 << 20;
	host->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!host->socket) {
		fail_all(host, errno);
		return false;
	}
	/* Both are improvements only: an older kernel dumps all tables, a smaller buffer overruns
	 * sooner. */
	(void)mnl_socket_setsockopt(host->socket, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	(void)setsockopt(
		mnl_socket_get_fd(host->socket), SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (mnl_socket_bind(host->socket, groups, MNL_SOCKET_AUTOPID) == 0)
		return true;
	give_up(host, errno);
	return false;
}

/* The kernel answers a dump within the calls that request and read it, so this never blocks, and
 * the first view is complete. If its tables change meanwhile, the dump is repeated, a limited
 * number of times. */
static void dump_first(struct sdr_host *host)
{
	host->wanted = DUMP_ALL;
	for (int i = 0; i < FIRST_TRIES && host->wanted != 0; i++) {
		next_dump(host);
		for (int k = 0; k < FIRST_READS && host->dumping != DUMP_COUNT && receive(host);
			k++)
			;
		host->wanted |= host->later;
		host->later = 0;
	}
	if (host->wanted != 0)
		dump_later(host, host->wanted);
	host->wanted = 0;
}

struct sdr_host *sdr_host_new(struct uv_loop_s *loop)
{
	struct sdr_host *host = calloc(1, sizeof(*host));
	if (!host)
		return NULL;
	sdr_table_init(&host->interfaces, &sdr_kind_interfaces);
	sdr_table_init(&host->addresses, &sdr_kind_addresses);
	sdr_table_init(&host->routes, &sdr_kind_routes);
	host->dumping = DUMP_COUNT;
	if (gethostname(host->name, sizeof(host->name) - 1) != 0)
		host->name[0] = '\0';
	fail_all(host, HOST_NOT_YET);
	if (!open_socket(host))
		return host;
	int status = uv_poll_init(loop, &host->poll, mnl_socket_get_fd(host->socket));
	if (status != 0) {
		give_up(host, -status);
		return host;
	}
	(void)uv_timer_init(loop, &host->timer);
	host->poll.data = host->timer.data = host;
	host->handles = 2;
	dump_first(host);
	start_polling(host);
	/* Watching must not keep the loop alive. */
	uv_unref((uv_handle_t *)&host->poll);
	uv_unref((uv_handle_t *)&host->timer);
	return host;
}

static void release(struct sdr_host *host)
{
	if (host->socket)
		mnl_socket_close(host->socket);
	sdr_table_done(&host->interfaces);
	sdr_table_done(&host->addresses);
	sdr_table_done(&host->routes);
	sdr_table_done(&host->fresh);
	free(host);
}

static void on_closed(uv_handle_t *handle)
{
	struct sdr_host *host = handle->data;
	if (--host->handles == 0)
		release(host);
}

void sdr_host_free(struct sdr_host *host)
{
	if (!host)
		return;
	if (host->handles == 0) {
		release(host);
		return;
	}
	uv_close((uv_handle_t *)&host->poll, on_closed);
	uv_close((uv_handle_t *)&host->timer, on_closed);
}
