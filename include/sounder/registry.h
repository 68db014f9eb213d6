/* registry.h - what numbers mean: ports, protocols, address blocks. IANA's tables are compiled in;
 * the system's own /etc/services and /etc/protocols, read when first needed, come before them, and
 * the user's own labels ($XDG_CONFIG_HOME/sounder/services, in the form of /etc/services) before
 * those. RFC 6335 (services), RFC 5237 (protocols), RFC 6890 (special-purpose). */
#ifndef SOUNDER_REGISTRY_H
#define SOUNDER_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/addr.h"
#include "sounder/address_block.h"

/* ---- the transports that have ports ---- */

#define SDR_TRANSPORTS_ALL ((1U << SDR_TRANSPORT_COUNT) - 1)

/* Returns its word in lower case: "tcp". Static. */
const char *sdr_transport_name(enum sdr_transport transport);

/* Finds a transport by its word, in any case; false if there is none. */
bool sdr_transport_find(const char *name, enum sdr_transport *transport);

/* ---- the object: holds the system's rows and a merged order ---- */

struct sdr_registry;

/* Reads no file yet. NULL when out of memory. */
struct sdr_registry *sdr_registry_new(void);

/* Frees it with all rows and their texts. NULL is allowed. */
void sdr_registry_free(struct sdr_registry *registry);

/* Checks whether the files changed, or could not be read, and drops what was read from those, so
 * that the next query reads them again. Returns true if so: indexes and texts returned earlier are
 * then invalid. A few stat calls; once a second is enough. */
bool sdr_registry_refresh(struct sdr_registry *registry);

/* Return why rows of the system's or the user's file are missing: it is there and can't be read, or
 * is no text, or there is no memory; a sentence. "" where all were read, or no file is there. Read
 * the rows first: the files are looked at when they are needed. */
const char *sdr_registry_ports_why(const struct sdr_registry *registry);
const char *sdr_registry_protocols_why(const struct sdr_registry *registry);

/* ---- ports ---- */

enum sdr_source { SDR_SOURCE_USER, SDR_SOURCE_SYSTEM, SDR_SOURCE_IANA };

/* Returns "user", "system" or "iana". Static. */
const char *sdr_source_name(enum sdr_source source);

/* Returns "reserved" (0), "well-known" (to 1023, IANA's System Ports), "registered" (to 49151, User
 * Ports) or "dynamic" (Private Ports). Static. RFC 6335 sec. 6. */
const char *sdr_port_range_name(uint16_t port);

struct sdr_port_range {
	uint16_t first, last; /* first <= last */
};

/* Parses "6000-6010" or one number. EINVAL (no number, or the end below the start), ERANGE (above
 * 65535) with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_port_range_parse(
	const char *text, struct sdr_port_range *range, struct sdr_error *error);

/* One row. Text lives until sdr_registry_refresh returns true; it may hold any bytes (a file's), so
 * sinks sanitise it. */
struct sdr_port_row {
	uint16_t port;      /* the first */
	uint16_t port_last; /* the same, or the last of a range */
	enum sdr_transport transport;
	enum sdr_source source;
	const char *name; /* "" where IANA gives a port but no name */
	const char
		*aliases; /* comma separated; "" if none; IANA's where the system's row has none */
	const char *own_aliases; /* those of the row's own source alone, which is what libc gives */
	const char *description; /* IANA's, or the comment in the system's file; "" if none */
};

/* Rows in order of port, then transport, the user's before the system's before IANA's: how many,
 * and one by its index; false past the end. A row of IANA's that repeats a system row (same port,
 * transport and name) is left out; its description is used where the system's row has none. */
size_t sdr_registry_port_count(struct sdr_registry *registry);
bool sdr_registry_port(struct sdr_registry *registry, size_t index, struct sdr_port_row *row);

/* Fill up to `n` indexes of rows that hold a port, or have a name or alias (case does not count):
 * the user's first, then the system's, each by port; of a range in order of port. A registry that
 * is asked for names often makes itself an index of them. `transports` is a set of bits 1 << enum
 * sdr_transport. Return how many there are in all. */
size_t sdr_registry_port_by_number(struct sdr_registry *registry, uint16_t port,
	unsigned transports, size_t *indexes, size_t n);
size_t sdr_registry_port_by_range(struct sdr_registry *registry, const struct sdr_port_range *range,
	unsigned transports, size_t *indexes, size_t n);
size_t sdr_registry_port_by_name(struct sdr_registry *registry, const char *name,
	unsigned transports, size_t *indexes, size_t n);

/* Returns the port of a service: a number as it is, a name by the system's file, then IANA's.
 * EINVAL (empty), ERANGE (number above 65535), ENOENT (no such name with that transport; `error`
 * names those it exists with), ESYSTEM (a file that may name it can't be read), ENOMEM with
 * `error`. `registry` NULL: one is made for the call (the file is read again each time). */
SDR_MUST_CHECK enum sdr_status sdr_registry_service_port(struct sdr_registry *registry,
	const char *service, enum sdr_transport transport, uint16_t *port, struct sdr_error *error);

/* ---- live filter ---- */

enum sdr_port_field {
	SDR_PORT_FIELD_NONE,
	SDR_PORT_FIELD_PORT,
	SDR_PORT_FIELD_NAME,
	SDR_PORT_FIELD_ALIASES,
	SDR_PORT_FIELD_DESCRIPTION
};

/* What is looked for. */
struct sdr_port_query {
	const char *text;    /* words; borrowed for the call */
	unsigned transports; /* bits 1 << enum sdr_transport */
	bool fuzzy; /* also names with one slip of the finger ("htpps"), or with the letters in this
		       order ("pgsql" in postgresql) */
};

/* A row that matched, and what to highlight in it. */
struct sdr_port_match {
	uint32_t index;            /* of the row */
	enum sdr_port_field field; /* where the first word was found; NONE for an empty query */
	uint16_t start,
		length; /* bytes within that field's text (PORT: within the decimal number) */
	uint64_t marks; /* letters found apart: bit i is byte start + i; 0: all of them */
};

/* Filters all rows by the query's words, all of which must be in the name, an alias, the
 * description, or (digits) begin the port, or be a range of ports ("6000-6010"); upper case counts
 * as lower. Of several words, one that names a transport ("ssh udp") restricts to it. Best first:
 * exact, then beginnings of names, then substrings of names, then typing errors, descriptions,
 * letters apart; by port within each. Fills up to `n` of `matches`, returns how many matched in
 * all; SIZE_MAX without memory. Allocates once; takes a fraction of a millisecond over all rows. */
size_t sdr_registry_port_search(struct sdr_registry *registry, const struct sdr_port_query *query,
	struct sdr_port_match *matches, size_t n);

/* ---- protocols ---- */

struct sdr_protocol_row {
	uint16_t number; /* 0..255; the system's file may hold larger ones of its own (mptcp 262) */
	enum sdr_source source;
	const char *name;        /* IANA's keyword or the system's name; "" where IANA gives none */
	const char *aliases;     /* comma separated; IANA's where the system's row has none */
	const char *own_aliases; /* those of the row's own source alone */
	const char *description;
};

/* Rows in order of number, the system's before IANA's, merged like ports: how many, and one by its
 * index; false past the end. */
size_t sdr_registry_protocol_count(struct sdr_registry *registry);
bool sdr_registry_protocol(
	struct sdr_registry *registry, size_t index, struct sdr_protocol_row *row);

/* Whether the row has that name or alias; case does not count. */
bool sdr_registry_protocol_is(const struct sdr_protocol_row *row, const char *name);

#endif
