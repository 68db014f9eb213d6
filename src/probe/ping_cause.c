/* ping_cause.c - from an errno to its cause. The kernel gives only the errno; the cause is looked
 * up in recent changes of links and own addresses, in the route, in the path's MTU. */
#include "probe/ping_cause.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/route_try.h"
#include "probe/ping_text.h"
#include "sounder/host.h"

#define ROUTE_KEPT SDR_SECOND

/* What a send is refused for: faults of this host, not losses. */
static const struct {
	int number;
	const char *why;
} errors[] = {
	{EPERM, "blocked by local firewall"},
	{EACCES, "not permitted: a broadcast address?"},
	{ENETUNREACH, "no route to this network"},
	{EHOSTUNREACH, "no route to this host"},
	{ENETDOWN, "the interface is down"},
	{ENOBUFS, "local queue full"},
	{EMSGSIZE, "message too long"},
	{EADDRNOTAVAIL, "source address not available"},
	{ENODEV, "no such interface"},
	{ENXIO, "no such interface"},
	{ENOMEM, "out of memory"},
	{EINTR, "this host was suspended meanwhile"},
	{EINVAL, "refused by this system: invalid argument"},
};

static void put_error(struct ping_cause *cause, int number, const char *detail)
{
	const char *why = strerror(number);
	cause->error = sdr_errno_name(number);
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (errors[i].number == number)
			why = errors[i].why;
	snprintf(cause->why, sizeof(cause->why), "%s%s%s", why, *detail ? ": " : "", detail);
}

/* ---- too long ---- */

bool sdr_ping_source(const struct sdr_addr *to, const char *name, struct sdr_addr *source)
{
	const struct sdr_route_try route = {.to = {*to, 0}, .interface = name, .broadcast = true};
	return sdr_route_source(&route, source).number == 0;
}

/* The kernel's path MTU to an address, which includes what routers reported. */
static uint32_t path_mtu(const struct ping_failure *failure)
{
	bool v4 = failure->to->version == 4;
	const struct sdr_route_try route = {
		.to = {*failure->to, 0}, .interface = failure->source->name, .broadcast = true};
	int mtu = 0, fd = sdr_route_try(&route).fd;
	socklen_t size = sizeof(mtu);
	if (fd < 0)
		return 0;
	if (getsockopt(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_MTU : IPV6_MTU, &mtu, &size) !=
		0)
		mtu = 0;
	close(fd);
	return mtu > 0 ? (uint32_t)mtu : 0;
}

static const struct sdr_link *link_to(
	const struct ping_failure *failure, struct sdr_route_choice *choice)
{
	*choice = (struct sdr_route_choice){0};
	if (*failure->source->name)
		return sdr_links_named(failure->links, failure->source->name);
	if (sdr_host_route_lookup(failure->to, choice, NULL) != SDR_OK || choice->index == 0)
		return NULL;
	return sdr_links_find(failure->links, choice->index);
}

static void put_too_long(const struct ping_failure *failure, struct ping_cause *cause)
{
	struct sdr_route_choice choice;
	const struct sdr_link *link = link_to(failure, &choice);
	uint32_t path = path_mtu(failure), own = link ? link->public.mtu : 0;
	bool narrow = path > 0 && (own == 0 || path < own) &&
		sdr_ping_options(failure->spec)->fragment != SDR_FRAGMENT_PROBE;
	cause->mtu = narrow ? path : own;
	put_error(cause, EMSGSIZE, "");
	size_t used = strlen(cause->why);
	if (narrow)
		snprintf(
			cause->why + used, sizeof(cause->why) - used, ", mtu=%u of the path", path);
	else if (own > 0)
		snprintf(cause->why + used, sizeof(cause->why) - used, ", mtu=%u of %s", own,
			link->public.name);
}

/* ---- no route ---- */

static const char *family_name(uint8_t version)
{
	return version == 4 ? "IPv4" : "IPv6";
}

/* What is wrong with the interface of -I. */
static int blame_interface(const struct ping_failure *failure, char *detail, size_t size)
{
	const char *name = failure->source->name;
	const struct sdr_link *link = sdr_links_named(failure->links, name);
	char text[SDR_LINK_TEXT];
	if (!link)
		snprintf(detail, size, "%s", name);
	else if (link->trouble != SDR_LINK_FINE)
		snprintf(detail, size, "%s", sdr_link_format(text, link, false));
	else if (!sdr_links_has(failure->links, link->public.index, failure->to->version))
		snprintf(detail, size, "%s has no %s address", name,
			family_name(failure->to->version));
	else
		snprintf(detail, size, "no route by %s", name);
	return failure->links && (!link || link->trouble == SDR_LINK_GONE) ? ENODEV
									   : failure->error;
}

/* What is wrong with the address of -I. */
static int blame_source(const struct ping_failure *failure, char *detail, size_t size)
{
	const struct sdr_addr *source = &failure->source->addr;
	const struct sdr_own_address *own = sdr_links_own(failure->links, source);
	const struct sdr_link *link =
		own ? sdr_links_find(failure->links, own->public.index) : NULL;
	char address[SDR_ADDR_TEXT], text[SDR_LINK_TEXT];
	sdr_addr_format(address, source);
	if (source->version != failure->to->version) {
		snprintf(detail, size, "%s is no %s address", address,
			family_name(failure->to->version));
		return EADDRNOTAVAIL;
	}
	if (!own && failure->links) {
		snprintf(detail, size, "%s is no address of this host", address);
		return EADDRNOTAVAIL;
	}
	if (own && own->gone != SDR_NS_NONE) {
		bool fell = link && link->trouble != SDR_LINK_FINE;
		snprintf(detail, size, "%s is no address of this host any more%s%s", address,
			fell ? ": " : "", fell ? sdr_link_format(text, link, false) : "");
		return EADDRNOTAVAIL;
	}
	if (link && link->trouble != SDR_LINK_FINE)
		snprintf(detail, size, "%s", sdr_link_format(text, link, false));
	return failure->error;
}

/* The link, or the address of ours, that a target's network went with; else what got lost last. */
static void blame_links(const struct ping_failure *failure, char *detail, size_t size)
{
	char address[SDR_ADDR_TEXT], text[SDR_LINK_TEXT],
		name[SDR_INTERFACE_NAME + 16] = "this host";
	const struct sdr_own_address *own = sdr_links_network(failure->links, failure->to);
	const struct sdr_link *link =
		own ? sdr_links_find(failure->links, own->public.index) : NULL;
	bool zone = failure->to->scope_id != 0;
	if (zone && !link)
		link = sdr_links_find(failure->links, failure->to->scope_id);
	if (!own && !zone) {
		link = sdr_links_latest(failure->links);
		own = sdr_links_latest_gone(failure->links, failure->to->version);
	}
	if (link && link->trouble != SDR_LINK_FINE) {
		snprintf(detail, size, "%s", sdr_link_format(text, link, false));
		return;
	}
	if (!own || own->gone == SDR_NS_NONE)
		return;
	link = sdr_links_find(failure->links, own->public.index);
	if (link)
		snprintf(name, sizeof(name), "%s", link->public.name);
	snprintf(detail, size, "the address %s was taken from %s",
		sdr_addr_format(address, &own->public.prefix.addr), name);
}

/* Routes of type unreachable, prohibit, blackhole; false if it is another one. */
static bool blame_route(const struct ping_failure *failure, char *detail, size_t size)
{
	struct sdr_route_choice choice;
	char text[SDR_ROUTE_CHOICE_TEXT];
	if (sdr_host_route_lookup(failure->to, &choice, NULL) != SDR_OK)
		return false;
	if (choice.kind != SDR_ROUTE_CHOICE_BLACKHOLE &&
		choice.kind != SDR_ROUTE_CHOICE_PROHIBITED &&
		choice.kind != SDR_ROUTE_CHOICE_UNREACHABLE)
		return false;
	snprintf(detail, size, "%s", sdr_route_choice_format(text, &choice));
	return true;
}

/* The cached route to a target's network, looked up again if it is old. NULL: there is no cache. */
static const struct ping_route *route_of_network(const struct ping_failure *failure)
{
	struct sdr_route_choice choice;
	uint64_t network = 0;
	if (!failure->routes)
		return NULL;
	for (unsigned i = 0; i < (failure->to->version == 4 ? 3 : 7); i++)
		network = network << 8 | failure->to->bytes[i];
	network = network << 8 | failure->to->version;
	struct ping_route *place = &failure->routes->places[(network * 0x9e3779b97f4a7c15u) >> 56];
	sdr_ns now = sdr_clock_now();
	if (place->network == network && now - place->asked <= ROUTE_KEPT)
		return place;
	(void)link_to(failure, &choice);
	bool silent =
		choice.via.version != 0 && sdr_host_neighbour_silent(&choice.via, choice.index);
	*place = (struct ping_route){.network = network,
		.index = choice.index,
		.asked = now,
		.router = choice.via,
		.silent = silent};
	return place;
}

/* Whether the link used a moment ago for a target's network is free of trouble; a target rarely has
 * a different route from its network. */
static bool is_well(const struct ping_failure *failure, sdr_ns from, sdr_ns to)
{
	const struct ping_route *route = route_of_network(failure);
	const struct sdr_link *link = route ? sdr_links_find(failure->links, route->index) : NULL;
	return link && !sdr_link_in_trouble(link, from, to);
}

/* The link that a target is behind, if it was in trouble at some time from `from` to `to`. */
static const struct sdr_link *link_in_trouble(
	const struct ping_failure *failure, sdr_ns from, sdr_ns to)
{
	struct sdr_route_choice choice;
	if (!sdr_links_any_trouble(failure->links, from, to))
		return NULL;
	const struct sdr_own_address *own = sdr_links_network(failure->links, failure->to);
	if (!*failure->source->name && !own && is_well(failure, from, to))
		return NULL;
	const struct sdr_link *link = *failure->source->name
		? sdr_links_named(failure->links, failure->source->name)
		: own ? sdr_links_find(failure->links, own->public.index)
		      : link_to(failure, &choice);
	return link && sdr_link_in_trouble(link, from, to) ? link : NULL;
}

/* What can't go on piles up before a link that has nothing at its other end. */
static void blame_queue(const struct ping_failure *failure, char *detail, size_t size)
{
	char text[SDR_LINK_TEXT];
	sdr_ns now = sdr_clock_now();
	const struct sdr_link *link = link_in_trouble(failure, now, now);
	if (link && link->trouble != SDR_LINK_FINE)
		snprintf(detail, size, "%s", sdr_link_format(text, link, false));
}

void sdr_ping_cause(const struct ping_failure *failure, struct ping_cause *cause)
{
	char detail[SDR_ROUTE_CHOICE_TEXT] = "";
	int error = failure->error;
	bool nowhere = error == ENETUNREACH || error == EHOSTUNREACH || error == ENETDOWN ||
		error == EINVAL || error == EACCES || error == EADDRNOTAVAIL || error == ENODEV ||
		error == ENXIO;
	cause->mtu = 0;
	if (error == EMSGSIZE) {
		put_too_long(failure, cause);
		return;
	}
	if (error == ENOBUFS)
		blame_queue(failure, detail, sizeof(detail));
	if (nowhere && failure->links && *failure->source->name)
		error = blame_interface(failure, detail, sizeof(detail));
	else if (nowhere && failure->source->addr.version != 0)
		error = blame_source(failure, detail, sizeof(detail));
	bool route = nowhere && !*detail && blame_route(failure, detail, sizeof(detail));
	if (nowhere && !*detail)
		blame_links(failure, detail, sizeof(detail));
	put_error(cause, error, detail);
	if (route)
		snprintf(cause->why, sizeof(cause->why), "%s", detail);
}

/* ---- no answer ---- */

/* Writes that a neighbour does not answer, the target itself or the router to it. */
static void put_neighbour(const struct ping_failure *failure, const struct sdr_link *link,
	const struct sdr_addr *router, struct ping_cause *cause)
{
	const char *protocol = failure->to->version == 4 ? "ARP" : "neighbour";
	char address[SDR_ADDR_TEXT], text[SDR_LINK_TEXT];
	if (link->trouble != SDR_LINK_FINE) {
		snprintf(cause->why, sizeof(cause->why), "no %s answer: %s", protocol,
			sdr_link_format(text, link, false));
		return;
	}
	snprintf(cause->why, sizeof(cause->why), "no %s answer on %s%s%s", protocol,
		link->public.name, router->version ? " from the router " : "",
		router->version ? sdr_addr_format(address, router) : "");
}

/* A target on a link of ours, or the router to it, may not have answered ARP or neighbour
 * discovery. Not checked in a sweep. */
static bool is_neighbour_silent(const struct ping_failure *failure, struct ping_cause *cause)
{
	static const struct sdr_addr none = {0};
	const struct sdr_own_address *own = sdr_links_network(failure->links, failure->to);
	const struct sdr_link *link;
	if (!failure->links || failure->spec->interval == 0)
		return false;
	if (own && own->gone == SDR_NS_NONE) {
		link = sdr_links_find(failure->links, own->public.index);
		if (!link || !sdr_host_neighbour_silent(failure->to, link->public.index))
			return false;
		put_neighbour(failure, link, &none, cause);
		return true;
	}
	const struct ping_route *route = route_of_network(failure);
	link = route ? sdr_links_find(failure->links, route->index) : NULL;
	if (!link || !route->silent)
		return false;
	put_neighbour(failure, link, &route->router, cause);
	return true;
}

bool sdr_ping_silence(
	const struct ping_failure *failure, sdr_ns sent, sdr_ns until, struct ping_cause *cause)
{
	char text[SDR_LINK_TEXT];
	const struct sdr_link *link = link_in_trouble(failure, sent, until);
	if (!link)
		return is_neighbour_silent(failure, cause);
	snprintf(cause->why, sizeof(cause->why), "%s",
		sdr_link_format(text, link, link->trouble == SDR_LINK_FINE));
	return true;
}

bool sdr_ping_neighbour(const struct ping_failure *failure, const struct icmp_fault *fault,
	struct ping_cause *cause)
{
	struct sdr_route_choice choice;
	bool v4 = failure->to->version == 4;
	bool unresolved =
		v4 ? fault->type == 3 && fault->code == 1 : fault->type == 1 && fault->code == 3;
	if (!unresolved || sdr_host_route_lookup(failure->to, &choice, NULL) != SDR_OK)
		return false;
	const char *name = failure->source->name;
	const struct sdr_link *link = *name ? sdr_links_named(failure->links, name)
					    : sdr_links_find(failure->links, choice.index);
	if (link && link->public.index != choice.index)
		choice.via.version = 0; /* another link's */
	/* An error from this host may be a firewall's, too. */
	if (!link ||
		!sdr_host_neighbour_silent(
			choice.via.version ? &choice.via : failure->to, link->public.index))
		return false;
	put_neighbour(failure, link, &choice.via, cause);
	return true;
}
