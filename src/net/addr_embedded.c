/* addr_embedded.c - what an address carries within itself. Each scheme for embedding an IPv4
 * address in an IPv6 one is a row: the bytes that identify it and where the address is. RFC 4291
 * (mapped, compatible, EUI-64, solicited-node), RFC 3056, RFC 4380, RFC 6052, RFC 5214, RFC 7346,
 * RFC 2365. */
#include "sounder/addr_embedded.h"

#include <string.h>

/* An embedding scheme. */
struct scheme {
	const char *by, *rfc;
	uint8_t lead[12]; /* the bytes that identify it */
	uint8_t from, to; /* which of them count */
	uint8_t place;    /* the IPv4 address's first byte */
};

static const struct scheme schemes[] = {
	{"IPv4-mapped", "RFC 4291", {[10] = 0xff, [11] = 0xff}, 0, 12, 12},
	{"IPv4-translated", "RFC 2765", {[8] = 0xff, [9] = 0xff}, 0, 12, 12},
	{"6to4", "RFC 3056", {0x20, 0x02}, 0, 2, 2},
	{"Teredo", "RFC 4380", {0x20, 0x01}, 0, 4, 12},
	{"NAT64", "RFC 6052", {0x00, 0x64, 0xff, 0x9b}, 0, 12, 12},
	{"ISATAP", "RFC 5214", {[8] = 0x00, [10] = 0x5e, [11] = 0xfe}, 8, 12, 12},
	{"ISATAP", "RFC 5214", {[8] = 0x02, [10] = 0x5e, [11] = 0xfe}, 8, 12, 12},
	{"IPv4-compatible (deprecated)", "RFC 4291", {0}, 0, 12, 12},
};

static bool matches(const struct scheme *scheme, const struct sdr_addr *addr)
{
	return memcmp(addr->bytes + scheme->from, scheme->lead + scheme->from,
		       (size_t)(scheme->to - scheme->from)) == 0;
}

/* RFC 4380 sec. 4: server, flags, then port and client with all bits turned over. */
static void take_teredo(const struct sdr_addr *addr, struct sdr_embedded *embedded)
{
	embedded->server.version = 4;
	memcpy(embedded->server.bytes, addr->bytes + 4, 4);
	embedded->port = (uint16_t) ~(addr->bytes[10] << 8 | addr->bytes[11]);
	for (unsigned i = 0; i < 4; i++)
		embedded->addr.bytes[i] = (uint8_t)~addr->bytes[12 + i];
}

bool sdr_addr_embedded_ipv4(const struct sdr_addr *addr, struct sdr_embedded *embedded)
{
	const struct scheme *last = &schemes[sizeof(schemes) / sizeof(schemes[0]) - 1];
	if (addr->version != 6 || sdr_addr_is_multicast(addr))
		return false;
	for (const struct scheme *scheme = schemes; scheme <= last; scheme++) {
		if (!matches(scheme, addr))
			continue;
		/* :: and ::1 have meanings of their own, and ::5 is no IPv4 address to anyone. */
		if (scheme == last && addr->bytes[12] == 0 && addr->bytes[13] == 0)
			return false;
		*embedded = (struct sdr_embedded){
			.by = scheme->by, .rfc = scheme->rfc, .addr.version = 4};
		memcpy(embedded->addr.bytes, addr->bytes + scheme->place, 4);
		if (strcmp(scheme->by, "Teredo") == 0)
			take_teredo(addr, embedded);
		return true;
	}
	return false;
}

bool sdr_addr_embedded_eui48(const struct sdr_addr *addr, uint8_t hardware[static 6])
{
	/* RFC 4291 sec. 2.5.1: unicast addresses that begin with 000 have no such identifiers. */
	if (addr->version != 6 || sdr_addr_is_multicast(addr) || addr->bytes[0] >> 5 == 0 ||
		addr->bytes[11] != 0xff || addr->bytes[12] != 0xfe)
		return false;
	memcpy(hardware, addr->bytes + 8, 3);
	memcpy(hardware + 3, addr->bytes + 13, 3);
	hardware[0] ^= 2;
	return true;
}

bool sdr_addr_solicited_node(const struct sdr_addr *addr, struct sdr_addr *group)
{
	if (addr->version != 6 || sdr_addr_is_multicast(addr) || sdr_addr_is_any(addr))
		return false;
	*group = (struct sdr_addr){.version = 6, .bytes = {0xff, 0x02, [11] = 1, [12] = 0xff}};
	memcpy(group->bytes + 13, addr->bytes + 13, 3);
	return true;
}

/* RFC 7346 sec. 2. */
static const char *scope_of_group6(const struct sdr_addr *addr)
{
	static const char *const scopes[16] = {"reserved", "interface-local", "link-local",
		"realm-local", "admin-local",
		"site-local", [8] = "organization-local", [14] = "global", [15] = "reserved"};
	const char *scope = scopes[addr->bytes[1] & 15];
	return scope ? scope : "unassigned";
}

/* RFC 5771 sec. 4 for 224.0.0.0/24, RFC 2365 for 239.0.0.0/8. */
static const char *scope_of_group4(const struct sdr_addr *addr)
{
	const uint8_t *bytes = addr->bytes;
	if (bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0)
		return "link-local";
	if (bytes[0] != 239)
		return "global";
	if (bytes[1] == 255)
		return "local (administrative)";
	return bytes[1] >> 2 == 192 >> 2 ? "organization-local" : "administrative";
}

const char *sdr_addr_scope(const struct sdr_addr *addr)
{
	const uint8_t *bytes = addr->bytes;
	if (sdr_addr_is_any(addr))
		return "none"; /* RFC 4291 sec. 2.5.2: no address of any node */
	if (sdr_addr_is_multicast(addr))
		return addr->version == 4 ? scope_of_group4(addr) : scope_of_group6(addr);
	if (sdr_addr_is_loopback(addr))
		return "host";
	if (addr->version == 4)
		return bytes[0] == 169 && bytes[1] == 254 ? "link-local" : "global";
	if (bytes[0] == 0xfe && bytes[1] >> 6 == 2)
		return "link-local";
	/* Deprecated by RFC 3879, but the scope stays. */
	return bytes[0] == 0xfe && bytes[1] >> 6 == 3 ? "site-local" : "global";
}
