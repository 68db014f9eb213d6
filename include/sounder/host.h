/* host.h - this machine: interfaces, their addresses and networks, routes (rtnetlink), live. */
#ifndef SOUNDER_HOST_H
#define SOUNDER_HOST_H

#include "sounder/addr.h"

struct sdr_host;

#define SDR_INTERFACE_NAME 16

struct sdr_interface {
	uint32_t index;
	char name[SDR_INTERFACE_NAME];
	uint32_t mtu;
	bool up, running, loopback;
	bool carrier; /* something is at the other end: known at once, where `running` may take a
			 second */
	uint8_t hardware[8];
	uint8_t hardware_length; /* 0, 6 or 8 */
};

struct sdr_interface_address {
	uint32_t index;           /* of its interface */
	struct sdr_prefix prefix; /* the address with its length */
};

struct sdr_route {
	struct sdr_prefix to;   /* length 0: default */
	struct sdr_addr via;    /* version 0: on link */
	struct sdr_addr source; /* preferred; version 0 if none */
	uint32_t index;         /* leaves by this interface */
	uint32_t metric;
};

/* Returns the version of the view below, which grows with each change. It changes in the loop
 * only. */
uint64_t sdr_host_version(const struct sdr_host *host);

/* The view: counts and, by position, rows; NULL past the end. What is pointed to is valid until the
 * version changes. Routes are those of the main table, unicast. The name is gethostname(2)'s, "" if
 * there is none. */
unsigned sdr_host_interface_count(const struct sdr_host *host);
const struct sdr_interface *sdr_host_interface(const struct sdr_host *host, unsigned index);
unsigned sdr_host_address_count(const struct sdr_host *host);
const struct sdr_interface_address *sdr_host_address(const struct sdr_host *host, unsigned index);
unsigned sdr_host_route_count(const struct sdr_host *host);
const struct sdr_route *sdr_host_route(const struct sdr_host *host, unsigned index);

/* Returns the default routes that lead through a gateway, by position; NULL past the end. Valid as
 * the view. */
const struct sdr_route *sdr_host_gateway(const struct sdr_host *host, unsigned index);

/* This host's own name. Valid as the view. */
const char *sdr_host_name(const struct sdr_host *host);

/* The tables of the view. */
enum sdr_host_table { SDR_HOST_INTERFACES, SDR_HOST_ADDRESSES, SDR_HOST_ROUTES };

/* Looks whether a table is complete. ESYSTEM: the kernel could not be asked, or refused; the table
 * is then empty or out of date. ERANGE: there are more than are kept. ENOMEM. With `error`, a
 * sentence. */
SDR_MUST_CHECK enum sdr_status sdr_host_look(
	const struct sdr_host *host, enum sdr_host_table table, struct sdr_error *error);

/* Returns the interface with that index, or NULL; valid as the view. */
const struct sdr_interface *sdr_host_interface_find(const struct sdr_host *host, uint32_t index);

/* Returns the address of ours whose network holds `addr`, that of the longest prefix; NULL if none
 * does. A zone has to be the interface's. Valid as the view. */
const struct sdr_interface_address *sdr_host_network_find(
	const struct sdr_host *host, const struct sdr_addr *addr);

/* ---- the route to an address ---- */

enum sdr_route_choice_kind {
	SDR_ROUTE_CHOICE_UNICAST, /* leaves this host, or is on a link of it */
	SDR_ROUTE_CHOICE_LOCAL,   /* an address of this host itself */
	SDR_ROUTE_CHOICE_BROADCAST,
	SDR_ROUTE_CHOICE_MULTICAST,
	SDR_ROUTE_CHOICE_ANYCAST,     /* one of this host's anycast addresses */
	SDR_ROUTE_CHOICE_NONE,        /* no route */
	SDR_ROUTE_CHOICE_UNREACHABLE, /* a route of type unreachable */
	SDR_ROUTE_CHOICE_PROHIBITED,  /* a route of type prohibited */
	SDR_ROUTE_CHOICE_BLACKHOLE,   /* a route that drops without a word */
	SDR_ROUTE_CHOICE_COUNT
};

/* What the kernel would do with a packet now. */
struct sdr_route_choice {
	enum sdr_route_choice_kind kind;
	struct sdr_prefix to; /* the chosen route; version 0 where the kernel does not report it */
	struct sdr_addr via;  /* the router; version 0: on link, or nowhere */
	struct sdr_addr source;             /* that the packet would get; version 0 if none */
	uint32_t index;                     /* of the interface; 0 if none */
	char interface[SDR_INTERFACE_NAME]; /* its name; "" if none */
	uint32_t table;                     /* that the route is in: 254 main, 255 local */
	uint32_t metric;
};

/* Asks the kernel which route a packet to `to` would take (its zone chooses the interface). Does
 * not block: netlink answers at once. That there is none is a choice. ENOTSUP: no netlink here (a
 * sandbox), or no descriptor; ESYSTEM: the kernel refused. With `error`. RTM_GETROUTE,
 * rtnetlink(7). */
SDR_MUST_CHECK enum sdr_status sdr_host_route_lookup(
	const struct sdr_addr *to, struct sdr_route_choice *choice, struct sdr_error *error);

/* Whether that neighbour has been asked for its hardware address on the link of that index, and has
 * not answered (so far). False where the kernel does not report it. RFC 826, RFC 4861 sec. 7.2. */
bool sdr_host_neighbour_silent(const struct sdr_addr *neighbour, uint32_t index);

/* Writes a route as a clause: "by eth0 via 10.2.0.1 from 10.2.0.17"; of other kinds what becomes of
 * the packet: "no route from this host". Returns `out`. */
#define SDR_ROUTE_CHOICE_TEXT 200
const char *sdr_route_choice_format(
	char out[static SDR_ROUTE_CHOICE_TEXT], const struct sdr_route_choice *choice);

/* Returns the kind in a word or two: "unicast", "no route". Static. */
const char *sdr_route_choice_name(enum sdr_route_choice_kind kind);

#endif
