/* extension.c - RFC 4884 sec. 7, RFC 4950 sec. 3, RFC 5837 sec. 4; see extension.h. */
#include "path/extension.h"

#include <string.h>

#include "net/icmp.h"

#define HEADER 4
#define VERSION 2
#define CLASS_LABELS 1
#define TYPE_LABELS 1
#define CLASS_INTERFACE 2

/* Bits of an interface's C-Type below its role. */
#define HAS_INDEX 8
#define HAS_ADDRESS 4
#define HAS_NAME 2
#define HAS_MTU 1

struct rest {
	const uint8_t *at;
	size_t left;
};

/* The next `count` bytes, or NULL where there are fewer. */
static const uint8_t *take(struct rest *rest, size_t count)
{
	if (rest->left < count)
		return NULL;
	const uint8_t *bytes = rest->at;
	rest->at += count;
	rest->left -= count;
	return bytes;
}

static uint32_t number(const uint8_t bytes[static 4])
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
		bytes[3];
}

static void take_labels(struct rest rest, struct path_extension *extension)
{
	for (const uint8_t *entry; (entry = take(&rest, 4)) != NULL; extension->label_count++)
		if (extension->label_count < PATH_LABELS_MAX)
			extension->labels[extension->label_count] = (struct path_label){
				.label = number(entry) >> 12,
				.class = entry[2] >> 1 & 7,
				.bottom = entry[2] & 1,
				.ttl = entry[3],
			};
}

static bool take_number(struct rest *rest, uint32_t *value)
{
	const uint8_t *bytes = take(rest, 4);
	if (bytes)
		*value = number(bytes);
	return bytes;
}

/* An address family number (IANA: 1 or 2), two bytes for nothing, the address. */
static bool take_address(struct rest *rest, struct sdr_addr *addr)
{
	const uint8_t *head = take(rest, 4);
	if (!head)
		return false;
	unsigned family = (unsigned)(head[0] << 8 | head[1]);
	if (family != 1 && family != 2)
		return false;
	size_t size = family == 1 ? 4 : 16;
	const uint8_t *bytes = take(rest, size);
	if (!bytes)
		return false;
	addr->version = family == 1 ? 4 : 6;
	memcpy(addr->bytes, bytes, size);
	return true;
}

/* A length with itself, a multiple of 4 and at most 64, and the name, filled up with zeros. */
static bool take_name(struct rest *rest, char name[static PATH_INTERFACE_NAME])
{
	const uint8_t *size = take(rest, 1);
	if (!size || *size % 4 != 0 || *size - 1U >= PATH_INTERFACE_NAME)
		return false;
	const uint8_t *bytes = take(rest, *size - 1U);
	if (bytes)
		memcpy(name, bytes, *size - 1U);
	return bytes;
}

static void take_interface(struct rest rest, uint8_t type, struct path_extension *extension)
{
	struct path_interface interface = {
		.role = type >> 6, .has_index = type & HAS_INDEX, .has_mtu = type & HAS_MTU};
	if (interface.has_index && !take_number(&rest, &interface.index))
		return;
	if (type & HAS_ADDRESS && !take_address(&rest, &interface.addr))
		return;
	if (type & HAS_NAME && !take_name(&rest, interface.name))
		return;
	if (interface.has_mtu && !take_number(&rest, &interface.mtu))
		return;
	if (extension->interface_count < PATH_INTERFACES_MAX)
		extension->interfaces[extension->interface_count] = interface;
	extension->interface_count++;
}

bool sdr_path_extension_parse(const uint8_t *bytes, size_t length, struct path_extension *extension)
{
	struct rest rest = {bytes, length};
	memset(extension, 0, sizeof(*extension));
	const uint8_t *head = take(&rest, HEADER);
	if (!head || head[0] >> 4 != VERSION)
		return false;
	if ((head[2] | head[3]) != 0 && sdr_icmp_fold(sdr_icmp_sum(0, bytes, length)) != 0)
		return false;
	for (const uint8_t *object; (object = take(&rest, HEADER)) != NULL;) {
		size_t size = (size_t)object[0] << 8 | object[1];
		struct rest inside = {rest.at, size - HEADER};
		if (size < HEADER || !take(&rest, inside.left))
			break;
		if (object[2] == CLASS_LABELS && object[3] == TYPE_LABELS)
			take_labels(inside, extension);
		else if (object[2] == CLASS_INTERFACE)
			take_interface(inside, object[3], extension);
	}
	return true;
}
