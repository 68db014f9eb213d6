/* addr.h - addresses, prefixes and endpoints as values: no sockets, no allocation. RFC 791, RFC
 * 4291, RFC 5952, RFC 4632. */
#ifndef SOUNDER_ADDR_H
#define SOUNDER_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/status.h"

struct sockaddr;
struct sockaddr_storage;

#define SDR_ADDR_TEXT 64     /* the longest address with a numeric zone, and its NUL */
#define SDR_PREFIX_TEXT 72   /* with /128 */
#define SDR_ENDPOINT_TEXT 80 /* with brackets and :65535 */
#define SDR_HOST_TEXT 256    /* a host name as typed: 253 characters and a trailing dot */
#define SDR_SERVICE_TEXT 64

/* An address of either family. All zero bytes is "none" (version 0). */
struct sdr_addr {
	uint8_t version;   /* 4, 6, or 0 for none */
	uint8_t bytes[16]; /* network byte order; IPv4 uses the first four, the rest are 0 */
	uint32_t scope_id; /* IPv6 zone (interface index), 0 for none; RFC 4007 */
};

/* An address with a mask length; the host bits may be set (then it names a host within a
 * network). */
struct sdr_prefix {
	struct sdr_addr addr;
	uint8_t length; /* 0..32 or 0..128 */
};

/* The transports that have ports. */
enum sdr_transport {
	SDR_TCP,
	SDR_UDP,
	SDR_SCTP,
	SDR_DCCP,
	SDR_DDP, /* AppleTalk; only in system files */
	SDR_TRANSPORT_COUNT
};

struct sdr_endpoint {
	struct sdr_addr addr;
	uint16_t port; /* host byte order */
};

/* `host:port`, `[::1]:23`, `:80`, `www.x:http`, taken apart but not resolved. */
struct sdr_hostport {
	char host[SDR_HOST_TEXT];       /* without brackets; empty for `:80` */
	char service[SDR_SERVICE_TEXT]; /* a number or a service name; empty if there was none */
	bool has_service;
	bool bracketed; /* the host stood in brackets, so it must be an IPv6 address */
};

/* Parses one address, IPv4 dotted quad or IPv6 text with an optional %zone (number or interface
 * name). Old IPv4 spellings (127.1, 0x7f.1, 010.0.0.1) are refused, with the reason. EINVAL;
 * ESYSTEM: whether there is an interface of that name could not be looked at. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_addr_parse(
	const char *text, struct sdr_addr *addr, struct sdr_error *error);

/* The index of this host's interface of that name. 0 on failure, with errno: ENODEV if there is no
 * such interface, else it could not be looked up. */
unsigned sdr_interface_index(const char *name);

/* Writes the canonical form (RFC 5952; IPv4-mapped as ::ffff:1.2.3.4; a zone as %name, or as
 * %number where this host has no such interface); "" for version 0. Returns `out`. */
const char *sdr_addr_format(char out[static SDR_ADDR_TEXT], const struct sdr_addr *addr);

/* Orders by version, then bytes, then zone: below 0, 0, above 0. */
int sdr_addr_compare(const struct sdr_addr *a, const struct sdr_addr *b);

/* Whether they are the same but for their zones. */
bool sdr_addr_same(const struct sdr_addr *a, const struct sdr_addr *b);

/* Whether it is in 127/8 or ::1 (RFC 1122 sec. 3.2.1.3, RFC 4291 sec. 2.5.3). Not for IPv4-mapped
 * addresses: see sdr_addr_unmap. */
bool sdr_addr_is_loopback(const struct sdr_addr *addr);

/* Whether it is 0.0.0.0 or ::, which name no host (RFC 4291 sec. 2.5.2). */
bool sdr_addr_is_any(const struct sdr_addr *addr);

/* Whether it is in 224/4 or ff00::/8 (RFC 5771, RFC 4291 sec. 2.7). */
bool sdr_addr_is_multicast(const struct sdr_addr *addr);

/* Whether it is in fe80::/10, which needs a zone to be reached (RFC 4291 sec. 2.5.6). */
bool sdr_addr_is_link_local(const struct sdr_addr *addr);

/* Returns how many bits an address of its version has: 32 or 128. */
unsigned sdr_addr_bits(const struct sdr_addr *addr);

/* Converts from and to the kernel's form. ENOTSUP: neither AF_INET nor AF_INET6. `to` is filled
 * with zeros first; the length that bind(2) and the like want is returned. */
SDR_MUST_CHECK enum sdr_status sdr_endpoint_from_sockaddr(
	const struct sockaddr *from, struct sdr_endpoint *endpoint);
unsigned sdr_endpoint_to_sockaddr(const struct sdr_endpoint *endpoint, struct sockaddr_storage *to);

/* Writes 127.0.0.1:80 or [::1]:80. Returns `out`. */
const char *sdr_endpoint_format(
	char out[static SDR_ENDPOINT_TEXT], const struct sdr_endpoint *endpoint);

/* Takes `text` apart. A bare IPv6 address (two colons or more, no brackets) is a host without a
 * port. EINVAL: empty text, a URL, a bracket without its twin or round anything but an IPv6
 * address, nothing after the colon, what sdr_host_check refuses, a character that no service's name
 * has. ESYSTEM as sdr_addr_parse. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_hostport_parse(
	const char *text, struct sdr_hostport *out, struct sdr_error *error);

/* Validates a host before it goes to DNS or the network: whether `text` can be an address or a
 * name. Everything that is resolved, connected to or pinged is checked here first, once as typed
 * and once as IDNA maps it. EINVAL: control, blank, invisible, shell or URL characters, empty or
 * long labels, more than 253 characters, an unknown zone, and what ends in a number without being
 * an address (010.0.0.1, 127.1, 0x7f.1, 256.0.0.1), which programs read in different ways. ESYSTEM
 * as sdr_addr_parse. With `error`. RFC 6943 sec. 3.1.1, RFC 1123 sec. 2.1. */
SDR_MUST_CHECK enum sdr_status sdr_host_check(const char *text, struct sdr_error *error);

/* The same gate for `dns`, which asks for names of any kind (RFC 2181 sec. 11) written as RFC 1035
 * sec. 5.1 has them: refuses URLs, networks, brackets, old spellings of addresses, what a shell
 * would act on, and raw control bytes. EINVAL; ESYSTEM as sdr_addr_parse. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_domain_check(const char *text, struct sdr_error *error);

/* Whether the last part of a name is a number, decimal or 0x...: then it is an address or
 * nothing. */
bool sdr_host_ends_in_number(const char *text);

/* An IPv4-mapped address (RFC 4291 sec. 2.5.5.2) as the IPv4 address that it stands for; others as
 * they are. */
struct sdr_addr sdr_addr_unmap(const struct sdr_addr *addr);

/* Parses a port number 0..65535 written in decimal. EINVAL: not digits alone; ERANGE: above 65535.
 * With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_port_parse(
	const char *text, uint16_t *port, struct sdr_error *error);

/* Parses "address/length" (RFC 4632, RFC 4291 sec. 2.3); host bits may be set and are kept. EINVAL;
 * ERANGE: a length above 32 or 128; ESYSTEM as sdr_addr_parse. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_prefix_parse(
	const char *text, struct sdr_prefix *prefix, struct sdr_error *error);

/* Writes "address/length", the address as sdr_addr_format has it. Returns `out`. */
const char *sdr_prefix_format(char out[static SDR_PREFIX_TEXT], const struct sdr_prefix *prefix);

/* Orders by address, then length: below 0, 0, above 0. */
int sdr_prefix_compare(const struct sdr_prefix *a, const struct sdr_prefix *b);

/* Return an address of the same version: the mask; address AND mask; address AND NOT mask; address
 * OR NOT mask, which is the IPv4 broadcast address. Network and last keep the zone. */
struct sdr_addr sdr_prefix_netmask(const struct sdr_prefix *prefix);
struct sdr_addr sdr_prefix_network(const struct sdr_prefix *prefix);
struct sdr_addr sdr_prefix_host_part(const struct sdr_prefix *prefix);
struct sdr_addr sdr_prefix_last(const struct sdr_prefix *prefix);

/* Whether the network holds `addr`, which is of its version. Zones are not compared. */
bool sdr_prefix_contains(const struct sdr_prefix *prefix, const struct sdr_addr *addr);

/* Reads a mask written as an address: contiguous ones then zeros is a netmask, zeros then ones a
 * wildcard (0.0.0.255 is /24). 0.0.0.0 is the netmask /0, and 255.255.255.255 the netmask /32.
 * EINVAL with `error` (offset 0): the bits are mixed. */
SDR_MUST_CHECK enum sdr_status sdr_prefix_from_mask(
	const struct sdr_addr *mask, uint8_t *length, bool *wildcard, struct sdr_error *error);

/* Returns the address `step` further on, or back where `step` is negative, as a number of its width
 * that wraps at the ends. The zone stays. */
struct sdr_addr sdr_addr_add(const struct sdr_addr *addr, int64_t step);

/* Writes 2 to the power `bits` (0..128), less `minus`, in decimal; 0 where that is negative.
 * Returns `out`. */
#define SDR_COUNT_TEXT 48
const char *sdr_count_format(char out[static SDR_COUNT_TEXT], unsigned bits, unsigned minus);

/* Writes how many addresses there are from `first` to `last` (of one version, in order), in
 * decimal: 1 .. 2^128. Returns `out`. */
const char *sdr_range_count(
	char out[static SDR_COUNT_TEXT], const struct sdr_addr *first, const struct sdr_addr *last);

/* Writes the address as a number of its width, in decimal. Returns `out`. */
const char *sdr_addr_decimal(char out[static SDR_COUNT_TEXT], const struct sdr_addr *addr);

/* Returns the smallest network that holds both addresses, which are of one version. */
struct sdr_prefix sdr_range_network(const struct sdr_addr *first, const struct sdr_addr *last);

/* Whether routers, or this host, may take a packet apart. */
enum sdr_fragment {
	SDR_FRAGMENT_DEFAULT,
	SDR_FRAGMENT_NEVER,
	SDR_FRAGMENT_MAY,
	SDR_FRAGMENT_HERE,
	SDR_FRAGMENT_PROBE
};

#endif
