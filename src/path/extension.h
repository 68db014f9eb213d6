/* extension.h (internal) - what routers add to ICMP errors behind the quoted datagram: RFC 4884,
 * with label stacks (RFC 4950) and interfaces (RFC 5837). Pure, allocates nothing; no length in it
 * is believed. */
#ifndef SOUNDER_PATH_EXTENSION_H
#define SOUNDER_PATH_EXTENSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/addr.h"

#define PATH_LABELS_MAX 8
#define PATH_INTERFACES_MAX 4 /* one a role */
#define PATH_INTERFACE_NAME 64

struct path_label {
	uint32_t label; /* 20 bits */
	uint8_t class;  /* 3 bits, once experimental: RFC 5462 */
	bool bottom;
	uint8_t ttl;
};

enum path_interface_role {
	PATH_INTERFACE_INCOMING,
	PATH_INTERFACE_COMPONENT, /* what the incoming one is part of, or a part of it */
	PATH_INTERFACE_OUTGOING,
	PATH_INTERFACE_NEXT_HOP
};

struct path_interface {
	enum path_interface_role role;
	bool has_index, has_mtu;
	uint32_t index, mtu;
	struct sdr_addr addr;           /* version 0: none */
	char name[PATH_INTERFACE_NAME]; /* as it came, so not clean; "": none */
};

struct path_extension {
	struct path_label labels[PATH_LABELS_MAX]; /* the outermost first */
	size_t label_count;                        /* of all that came, kept or not */
	struct path_interface interfaces[PATH_INTERFACES_MAX];
	size_t interface_count; /* the same */
};

/* Takes the extension structure bytes[length] apart, which begins right behind the quoted datagram
 * (with its padding). False, and all of *extension zero: too short, another version than 2, or the
 * checksum is wrong; one of 0 was not sent. An object that is not wholly there ends the reading; an
 * interface is taken with all it announces or not at all; other kinds are skipped. */
bool sdr_path_extension_parse(
	const uint8_t *bytes, size_t length, struct path_extension *extension);

#endif
