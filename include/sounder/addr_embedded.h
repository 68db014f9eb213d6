/* addr_embedded.h - what an address carries within itself: an IPv4 address, a hardware address, a
 * scope. Pure. RFC 4291, RFC 4007, RFC 6890. */
#ifndef SOUNDER_ADDR_EMBEDDED_H
#define SOUNDER_ADDR_EMBEDDED_H

#include "sounder/addr.h"

/* An IPv4 address within an IPv6 one. All text is static. */
struct sdr_embedded {
	const char *by;         /* "6to4" */
	const char *rfc;        /* "RFC 3056" */
	struct sdr_addr addr;   /* the IPv4 address; of Teredo the client's, as its NAT shows it */
	struct sdr_addr server; /* Teredo: its server; else version 0 */
	uint16_t port;          /* Teredo: the client's UDP port, as its NAT shows it; else 0 */
};

/* Finds the IPv4 address in a mapped, compatible, translated, 6to4, Teredo, NAT64 (64:ff9b::/96) or
 * ISATAP address. False if there is none, as in ::1: a compatible one has one of its first two
 * bytes set. */
bool sdr_addr_embedded_ipv4(const struct sdr_addr *addr, struct sdr_embedded *embedded);

/* Finds the EUI-48 (MAC) that an IPv6 interface identifier was made from: ff:fe in its middle.
 * False for multicast and for addresses that begin with 000, which have no such identifiers. RFC
 * 4291 sec. 2.5.1 and appendix A. */
bool sdr_addr_embedded_eui48(const struct sdr_addr *addr, uint8_t hardware[static 6]);

/* Gives the group that neighbour discovery asks for the address on, ff02::1:ffXX:XXXX. False for
 * IPv4, multicast and ::. RFC 4291 sec. 2.7.1. */
bool sdr_addr_solicited_node(const struct sdr_addr *addr, struct sdr_addr *group);

/* Returns the scope: "host" (loopback), "link-local", "site-local", "global", "none" (0.0.0.0, ::);
 * of multicast also the others of RFC 7346 and RFC 2365. Private IPv4 (RFC 1918) and unique local
 * IPv6 addresses are of global scope (RFC 6724 sec. 3.2, RFC 4193 sec. 3.3), though not routed
 * globally. Never NULL; static. */
const char *sdr_addr_scope(const struct sdr_addr *addr);

#endif
