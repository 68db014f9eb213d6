/* tables.h - the shape of the tables that assets/iana/generate.py makes of IANA's registries. */
#ifndef SOUNDER_REGISTRY_TABLES_H
#define SOUNDER_REGISTRY_TABLES_H

#include <stdint.h>

/* A service or a protocol. Its three strings lie side by side in the pool, each with its NUL. */
struct registry_row {
	uint32_t text;               /* offset of the name */
	uint16_t first, last;        /* ports; of a protocol its number, twice */
	uint16_t aliases_length;     /* bytes */
	uint16_t description_length; /* bytes */
	uint8_t name_length;         /* bytes */
	uint8_t transport;           /* enum sdr_transport; 0 for a protocol */
};

/* An address block, longest prefixes first. */
struct registry_block {
	uint8_t version;   /* 4 or 6 */
	uint8_t length;    /* of the prefix */
	uint8_t bytes[16]; /* network order */
	uint32_t text[3];  /* offsets: name, rfc, ""; or name, date, status */
	uint8_t flag[5];   /* enum sdr_known: source, destination, forwardable, globally reachable,
			      reserved by protocol */
};

extern const struct registry_row registry_services[]; /* by first port, then transport */
extern const unsigned registry_services_count;
extern const char registry_services_text[];
extern const uint16_t registry_service_ranges[]; /* rows with more than one port */
extern const unsigned registry_service_ranges_count;

extern const struct registry_row registry_protocols[]; /* by number */
extern const unsigned registry_protocols_count;
extern const char registry_protocols_text[];

extern const struct registry_block registry_specials[];
extern const unsigned registry_specials_count;
extern const struct registry_block registry_holders[];
extern const unsigned registry_holders_count;
extern const char registry_blocks_text[];

extern const char *const registry_about[]; /* [SDR_TABLE_COUNT] */

#endif
