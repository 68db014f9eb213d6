/* links.c - interfaces and own addresses with their recent changes. One netlink socket, subscribed
 * to changes; both tables are dumped once, and again where the kernel had to drop changes
 * (ENOBUFS). Removed ones are remembered, as long as there is room. rtnetlink(7). */
#include "sounder/links.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "host/rtnetlink.h"

#define BUFFER_SIZE 32768
#define READS 256          /* datagrams a look: more than a dump of a thousand links has */
#define DRAIN_READS 100000 /* more than any receive buffer holds */
#define DUMPS 3            /* in a row, where changes go on being dropped */
#define GONE_MAX 64
#define LOOK_EVERY (100 * SDR_MS)

struct sdr_links {
	uv_poll_t poll;
	struct mnl_socket *socket;
	struct sdr_link *links; /* [link_count]; owned */
	size_t link_count;
	struct sdr_own_address *owns; /* [own_count]; owned */
	size_t own_count;
	uint64_t version;
	sdr_ns begun;  /* 0 while the first dump is being read: what it finds in trouble is so from
			  before */
	sdr_ns looked; /* when links were asked for once more */
	bool overrun;  /* the kernel dropped changes */
	bool dump_ended; /* the last one was read to its end, or refused */
	bool dump_whole; /* it was not refused */
	_Alignas(struct nlmsghdr) unsigned char buffer[BUFFER_SIZE];
};

/* ---- changes ---- */

static enum sdr_link_trouble trouble_of(const struct sdr_interface *public)
{
	return !public->up ? SDR_LINK_DOWN : !public->carrier ? SDR_LINK_NO_CARRIER : SDR_LINK_FINE;
}

static sdr_ns now_of(const struct sdr_links *links)
{
	return links->begun ? sdr_clock_now() : 0;
}

static void set_trouble(
	struct sdr_links *links, struct sdr_link *link, enum sdr_link_trouble trouble)
{
	if (trouble == link->trouble)
		return;
	links->version++;
	if (trouble == SDR_LINK_FINE)
		link->until = now_of(links);
	else if (link->trouble == SDR_LINK_FINE)
		link->since = now_of(links);
	if (trouble != SDR_LINK_FINE) {
		link->latest = trouble;
		link->until = SDR_NS_NONE;
	}
	link->trouble = trouble;
}

/* Returns the array of `count` with room for one more, moved if need be; NULL when out of memory:
 * it is as it was. */
static void *with_room(void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return array;
	return realloc(array, (count ? count * 2 : 1) * size);
}

static struct sdr_link *link_of(struct sdr_links *links, uint32_t index)
{
	for (size_t i = 0; i < links->link_count; i++)
		if (links->links[i].public.index == index &&
			links->links[i].trouble != SDR_LINK_GONE)
			return &links->links[i];
	return NULL;
}

/* A new one takes the place of its like of old, or of the oldest that is gone where there are
 * many. */
static struct sdr_link *new_link(struct sdr_links *links)
{
	struct sdr_link *oldest = NULL;
	size_t gone = 0;
	for (size_t i = 0; i < links->link_count; i++) {
		struct sdr_link *link = &links->links[i];
		if (link->trouble != SDR_LINK_GONE)
			continue;
		gone++;
		if (!oldest || link->since < oldest->since)
			oldest = link;
	}
	if (gone < GONE_MAX) {
		struct sdr_link *grown = with_room(links->links, links->link_count, sizeof(*grown));
		if (!grown)
			return NULL;
		links->links = grown;
		oldest = &grown[links->link_count++];
	}
	memset(oldest, 0, sizeof(*oldest));
	return oldest;
}

static void on_link(struct sdr_links *links, const struct nlmsghdr *message)
{
	struct sdr_interface public;
	if (!sdr_decode_link(message, &public))
		return;
	struct sdr_link *link = link_of(links, public.index);
	if (message->nlmsg_type == RTM_DELLINK) {
		if (link)
			set_trouble(links, link, SDR_LINK_GONE);
		return;
	}
	if (!link) {
		link = new_link(links);
		if (!link)
			return;
		link->until = SDR_NS_NONE;
		links->version++;
	}
	links->version += memcmp(&link->public, &public, sizeof(public)) != 0;
	link->public = public;
	link->named = true;
	set_trouble(links, link, trouble_of(&public));
}

static bool same_own(const struct sdr_own_address *own, const struct sdr_interface_address *public)
{
	return own->public.index == public->index &&
		own->public.prefix.length == public->prefix.length &&
		sdr_addr_compare(&own->public.prefix.addr, &public->prefix.addr) == 0;
}

static struct sdr_own_address *new_own(struct sdr_links *links)
{
	struct sdr_own_address *oldest = NULL;
	size_t gone = 0;
	for (size_t i = 0; i < links->own_count; i++) {
		struct sdr_own_address *own = &links->owns[i];
		gone += own->gone != SDR_NS_NONE;
		if (own->gone != SDR_NS_NONE && (!oldest || own->gone < oldest->gone))
			oldest = own;
	}
	if (gone >= GONE_MAX)
		return oldest;
	struct sdr_own_address *grown = with_room(links->owns, links->own_count, sizeof(*grown));
	if (!grown)
		return NULL;
	links->owns = grown;
	return &grown[links->own_count++];
}

static void on_address(struct sdr_links *links, const struct nlmsghdr *message)
{
	struct sdr_interface_address public;
	struct sdr_own_address *place = NULL;
	if (!sdr_decode_address(message, &public))
		return;
	for (size_t i = 0; i < links->own_count && !place; i++)
		place = same_own(&links->owns[i], &public) ? &links->owns[i] : NULL;
	bool removed = message->nlmsg_type == RTM_DELADDR;
	if (place && !removed && place->gone == SDR_NS_NONE) {
		place->named = true; /* as it was */
		return;
	}
	if (!place && removed)
		return;
	if (!place && !(place = new_own(links)))
		return;
	*place = (struct sdr_own_address){
		public, removed ? now_of(links) : SDR_NS_NONE, .named = !removed};
	links->version++;
}

/* ---- the socket ---- */

static void take_apart(struct sdr_links *links, size_t size)
{
	const struct nlmsghdr *message = (const struct nlmsghdr *)(const void *)links->buffer;
	for (int left = (int)size; mnl_nlmsg_ok(message, left);
		message = mnl_nlmsg_next(message, &left)) {
		if (message->nlmsg_type == RTM_NEWLINK || message->nlmsg_type == RTM_DELLINK)
			on_link(links, message);
		else if (message->nlmsg_type == RTM_NEWADDR || message->nlmsg_type == RTM_DELADDR)
			on_address(links, message);
		else if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
			links->dump_ended = true;
			links->dump_whole = message->nlmsg_type == NLMSG_DONE;
		}
	}
}

/* Reads what there is, or up to the end of a dump. */
static void receive(struct sdr_links *links, bool dump)
{
	links->dump_ended = links->dump_whole = false;
	for (int i = 0; i < READS && !(dump && links->dump_ended); i++) {
		ssize_t size =
			mnl_socket_recvfrom(links->socket, links->buffer, sizeof(links->buffer));
		if (size > 0)
			take_apart(links, (size_t)size);
		else if (size == 0 || errno == EAGAIN)
			return;
		else if (errno != EINTR) {
			links->overrun = true; /* the rest is no use any more, see drain */
			return;
		}
	}
}

/* The kernel answers a dump within the calls that ask and read. Returns whether it was read
 * whole. */
static bool dump(struct sdr_links *links, uint16_t type)
{
	_Alignas(struct nlmsghdr) char bytes[64] = {0};
	struct nlmsghdr *message = mnl_nlmsg_put_header(bytes);
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	message->nlmsg_seq = type;
	(void)mnl_nlmsg_put_extra_header(
		message, type == RTM_GETLINK ? sizeof(struct ifinfomsg) : sizeof(struct ifaddrmsg));
	if (mnl_socket_sendto(links->socket, message, message->nlmsg_len) < 0)
		return false;
	receive(links, true);
	return links->dump_whole && !links->overrun;
}

/* Throws away what came before the kernel dropped changes: the end of something may be among those
 * that are missing, and what is only in its beginning would stay. */
static void drain(struct sdr_links *links)
{
	ssize_t size = 1;
	for (int i = 0; i < DRAIN_READS && (size > 0 || errno != EAGAIN); i++)
		size = mnl_socket_recvfrom(links->socket, links->buffer, sizeof(links->buffer));
}

static void dump_links(struct sdr_links *links)
{
	for (size_t i = 0; i < links->link_count; i++)
		links->links[i].named = false;
	if (!dump(links, RTM_GETLINK))
		return;
	for (size_t i = 0; i < links->link_count; i++)
		if (!links->links[i].named)
			set_trouble(links, &links->links[i], SDR_LINK_GONE);
}

static void dump_owns(struct sdr_links *links)
{
	for (size_t i = 0; i < links->own_count; i++)
		links->owns[i].named = false;
	if (!dump(links, RTM_GETADDR))
		return;
	for (size_t i = 0; i < links->own_count; i++) {
		struct sdr_own_address *own = &links->owns[i];
		if (own->named || own->gone != SDR_NS_NONE)
			continue;
		own->gone = now_of(links);
		links->version++;
	}
}

/* What a new dump does not name is gone, if it could be read whole: what it does name was there all
 * the time, as far as is known. */
static void dump_all(struct sdr_links *links)
{
	drain(links);
	links->overrun = false;
	dump_links(links);
	dump_owns(links);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	(void)events;
	sdr_links_read(poll->data);
	if (status < 0)
		uv_poll_start(poll, UV_READABLE,
			on_readable); /* a pending error of the socket stopped it */
}

static struct mnl_socket *open_socket(void)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (socket &&
		mnl_socket_bind(socket, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
			MNL_SOCKET_AUTOPID) == 0)
		return socket;
	if (socket)
		mnl_socket_close(socket);
	return NULL;
}

struct sdr_links *sdr_links_new(struct uv_loop_s *loop)
{
	struct sdr_links *links = calloc(1, sizeof(*links));
	if (!links || !(links->socket = open_socket())) {
		free(links);
		return NULL;
	}
	if (uv_poll_init(loop, &links->poll, mnl_socket_get_fd(links->socket)) != 0) {
		mnl_socket_close(links->socket);
		free(links);
		return NULL;
	}
	links->poll.data = links;
	dump_all(links);
	links->begun = sdr_clock_now();
	uv_poll_start(&links->poll, UV_READABLE, on_readable);
	uv_unref((uv_handle_t *)&links->poll); /* watching must not keep the loop alive */
	return links;
}

static void on_closed(uv_handle_t *handle)
{
	struct sdr_links *links = handle->data;
	mnl_socket_close(links->socket);
	free(links->links);
	free(links->owns);
	free(links);
}

void sdr_links_free(struct sdr_links *links)
{
	if (links)
		uv_close((uv_handle_t *)&links->poll, on_closed);
}

void sdr_links_look(struct sdr_links *links)
{
	sdr_ns now = sdr_clock_now();
	if (!links || now - links->looked < LOOK_EVERY)
		return;
	links->looked = now;
	(void)dump(links, RTM_GETLINK);
}

void sdr_links_read(struct sdr_links *links)
{
	if (!links)
		return;
	receive(links, false);
	for (int i = 0; i < DUMPS && links->overrun; i++)
		dump_all(links);
}

/* ---- the view ---- */

uint64_t sdr_links_version(const struct sdr_links *links)
{
	return links ? links->version : 0;
}

const struct sdr_link *sdr_links_find(const struct sdr_links *links, uint32_t index)
{
	const struct sdr_link *found = NULL;
	for (size_t i = 0; links && i < links->link_count; i++) {
		const struct sdr_link *link = &links->links[i];
		if (link->public.index == index && (!found || link->trouble != SDR_LINK_GONE))
			found = link;
	}
	return found;
}

const struct sdr_link *sdr_links_named(const struct sdr_links *links, const char *name)
{
	const struct sdr_link *found = NULL;
	for (size_t i = 0; links && i < links->link_count; i++) {
		const struct sdr_link *link = &links->links[i];
		if (strcmp(link->public.name, name) == 0 &&
			(!found || link->trouble != SDR_LINK_GONE))
			found = link;
	}
	return found;
}

static bool zone_fits(const struct sdr_own_address *own, const struct sdr_addr *addr)
{
	return addr->scope_id == 0 || addr->scope_id == own->public.index;
}

const struct sdr_own_address *sdr_links_own(
	const struct sdr_links *links, const struct sdr_addr *addr)
{
	const struct sdr_own_address *found = NULL;
	for (size_t i = 0; links && i < links->own_count; i++) {
		const struct sdr_own_address *own = &links->owns[i];
		const struct sdr_addr *ours = &own->public.prefix.addr;
		if (ours->version != addr->version ||
			memcmp(ours->bytes, addr->bytes, sizeof(addr->bytes)) != 0 ||
			!zone_fits(own, addr))
			continue;
		if (!found || (own->gone == SDR_NS_NONE && found->gone != SDR_NS_NONE) ||
			(found->gone != SDR_NS_NONE && own->gone > found->gone))
			found = own;
	}
	return found;
}

const struct sdr_own_address *sdr_links_network(
	const struct sdr_links *links, const struct sdr_addr *addr)
{
	const struct sdr_own_address *found = NULL;
	for (size_t i = 0; links && i < links->own_count; i++) {
		const struct sdr_own_address *own = &links->owns[i];
		if (!zone_fits(own, addr) || !sdr_prefix_contains(&own->public.prefix, addr))
			continue;
		bool longer = found && own->public.prefix.length > found->public.prefix.length;
		bool there = found && own->gone == SDR_NS_NONE && found->gone != SDR_NS_NONE;
		if (!found || there ||
			(longer && (own->gone == SDR_NS_NONE || found->gone != SDR_NS_NONE)))
			found = own;
	}
	return found;
}

bool sdr_links_has(const struct sdr_links *links, uint32_t index, uint8_t version)
{
	for (size_t i = 0; links && i < links->own_count; i++)
		if (links->owns[i].gone == SDR_NS_NONE && links->owns[i].public.index == index &&
			links->owns[i].public.prefix.addr.version == version)
			return true;
	return false;
}

const struct sdr_link *sdr_links_latest(const struct sdr_links *links)
{
	const struct sdr_link *latest = NULL;
	for (size_t i = 0; links && i < links->link_count; i++) {
		const struct sdr_link *link = &links->links[i];
		/* One that is gone and there again under its name is no trouble any more. */
		if (link->trouble == SDR_LINK_FINE || link->since == 0 || link->public.loopback ||
			sdr_links_named(links, link->public.name)->trouble == SDR_LINK_FINE)
			continue;
		if (!latest || link->since > latest->since)
			latest = link;
	}
	return latest;
}

const struct sdr_own_address *sdr_links_latest_gone(const struct sdr_links *links, uint8_t version)
{
	const struct sdr_own_address *latest = NULL;
	for (size_t i = 0; links && i < links->own_count; i++) {
		const struct sdr_own_address *own = &links->owns[i];
		if (own->gone != SDR_NS_NONE && own->public.prefix.addr.version == version &&
			(!latest || own->gone > latest->gone))
			latest = own;
	}
	return latest;
}

bool sdr_link_in_trouble(const struct sdr_link *link, sdr_ns from, sdr_ns to)
{
	return link->latest != SDR_LINK_FINE && link->since <= to &&
		(link->until == SDR_NS_NONE || link->until >= from);
}

bool sdr_links_any_trouble(const struct sdr_links *links, sdr_ns from, sdr_ns to)
{
	for (size_t i = 0; links && i < links->link_count; i++)
		if (sdr_link_in_trouble(&links->links[i], from, to))
			return true;
	return false;
}

const char *sdr_link_format(char out[static SDR_LINK_TEXT], const struct sdr_link *link, bool over)
{
	static const char *const now[] = {[SDR_LINK_FINE] = "is fine",
		[SDR_LINK_NO_CARRIER] = "has no carrier",
		[SDR_LINK_DOWN] = "is down",
		[SDR_LINK_GONE] = "is gone"};
	static const char *const then[] = {[SDR_LINK_FINE] = "was fine",
		[SDR_LINK_NO_CARRIER] = "had no carrier",
		[SDR_LINK_DOWN] = "was down",
		[SDR_LINK_GONE] = "was gone"};
	snprintf(out, SDR_LINK_TEXT, "%s %s", link->public.name,
		over ? then[link->latest] : now[link->trouble]);
	return out;
}
