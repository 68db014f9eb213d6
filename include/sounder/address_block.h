/* address_block.h - what IANA's registries list for an address: special-purpose blocks, who holds a
 * block, multicast groups. No object needed. RFC 6890, RFC 5771, RFC 4291. */
#ifndef SOUNDER_ADDRESS_BLOCK_H
#define SOUNDER_ADDRESS_BLOCK_H

#include "sounder/addr.h"

enum sdr_known {
	SDR_KNOWN_NO,
	SDR_KNOWN_YES,
	SDR_KNOWN_NOT
}; /* KNOWN_NOT: the registry leaves the flag blank */

/* A row of IANA's special-purpose registries. */
struct sdr_special {
	struct sdr_prefix prefix;
	const char *name; /* "Private-Use" */
	const char *rfc;  /* "RFC 1918" */
	enum sdr_known source, destination, forwardable, globally_reachable, reserved_by_protocol;
};

/* Finds the longest special-purpose block that holds `addr`; false if none does. Text is static. */
bool sdr_registry_special_find(const struct sdr_addr *addr, struct sdr_special *special);

/* Who holds a block: a row of the IPv4 address space or of the IPv6 unicast assignments. */
struct sdr_holder {
	struct sdr_prefix prefix;
	const char *name;   /* "RIPE NCC" */
	const char *date;   /* "2009-09" */
	const char *status; /* "ALLOCATED" */
};

/* Finds who holds `addr`, by the longest row that has it; false if none does. Text is static. */
bool sdr_registry_holder_find(const struct sdr_addr *addr, struct sdr_holder *holder);

/* Returns in a word or two what kind of address it is: the special-purpose name, "Multicast",
 * "Global Unicast" or "Unassigned" (IPv6 outside 2000::/3, RFC 4291 sec. 2.4). Static. */
const char *sdr_registry_kind(const struct sdr_addr *addr);

/* A well-known multicast group, or a block of groups. The table is a small selection, not the whole
 * of IANA's registries. */
struct sdr_group {
	struct sdr_prefix prefix;
	const char *name; /* "mDNS" */
	const char *rfc;  /* "RFC 6762" */
};

/* Finds the longest row that holds a multicast address; false if none does. Where any scope will do
 * (ff0X::fb), the row has scope 0. Text is static. */
bool sdr_registry_group_find(const struct sdr_addr *addr, struct sdr_group *group);

/* Gives a row by its position, longer ones of a version before shorter ones; false past the end. */
bool sdr_registry_group_at(size_t index, struct sdr_group *group);

/* The tables that are compiled in. */
enum sdr_table {
	SDR_TABLE_SERVICES,
	SDR_TABLE_PROTOCOLS,
	SDR_TABLE_SPECIAL,
	SDR_TABLE_IPV4_SPACE,
	SDR_TABLE_IPV6_SPACE,
	SDR_TABLE_COUNT
};

/* Returns what a table is a copy of, and of when, as a phrase. Static. */
const char *sdr_registry_about(enum sdr_table table);

#endif
