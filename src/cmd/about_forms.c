/* about_forms.c - one address in all its forms, what it was read from, and what it carries within.
 * RFC 5952, RFC 4291, RFC 791 sec. 3.2. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/about.h"
#include "sounder/addr_embedded.h"
#include "sounder/registry.h"

#define BINARY_TEXT 140 /* 128 bits, seven colons, a NUL */

const struct sdr_option sdr_about_options[] = {
	{.name = "integer",
		.kind = SDR_OPTION_FLAG,
		.sentence =
			"read any decimal or 0x number as an address, not only those above 65535"},
	{.name = "inet-aton",
		.kind = SDR_OPTION_FLAG,
		.sentence = "read old spellings (127.1, 0x7f.1, 010.0.0.1) as inet_aton() does"},
	{NULL},
};

struct sdr_item *sdr_about_addr(
	struct sdr_item *parent, const char *key, const char *label, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	return sdr_item_text(
		parent, key, label, addr->version != 0 ? sdr_addr_format(text, addr) : NULL);
}

unsigned sdr_about_how(const struct sdr_call *call)
{
	return (sdr_call_has(call, "integer") ? SDR_RECOGNISE_INTEGER : 0) |
		(sdr_call_has(call, "inet-aton") ? SDR_RECOGNISE_INET_ATON : 0);
}

static void hide(struct sdr_item *item)
{
	item->show = SDR_SHOW_HIDDEN;
}

/* Readers of JSON lose digits above 2^53. */
static void add_number(
	struct sdr_item *parent, const char *key, const char *label, const char *decimal)
{
	static const char most[] = "9007199254740992";
	size_t length = strlen(decimal);
	if (length < sizeof(most) - 1 || (length == sizeof(most) - 1 && strcmp(decimal, most) <= 0))
		sdr_item_integer(parent, key, label, strtoll(decimal, NULL, 10));
	else
		sdr_item_text(parent, key, label, decimal);
}

/* ---- what was read ---- */

static void add_range(struct sdr_item *parent, const struct sdr_reading *reading)
{
	char count[SDR_COUNT_TEXT], prefix[SDR_PREFIX_TEXT];
	struct sdr_prefix network = sdr_range_network(&reading->addr, &reading->last);
	sdr_range_count(count, &reading->addr, &reading->last);
	struct sdr_item *item = sdr_item_object(parent, "range", "Range");
	sdr_about_addr(item, "first", "First", &reading->addr);
	sdr_about_addr(item, "last", "Last", &reading->last);
	add_number(item, "addresses", "Addresses", count);
	sdr_item_text(item, "within", "Within", sdr_prefix_format(prefix, &network));
	hide(item);
}

static void add_hardware(struct sdr_item *parent, const char *key, const char *label,
	const uint8_t *bytes, size_t length)
{
	char text[24] = "";
	size_t used = 0;
	for (size_t i = 0; i < length; i++)
		used += (size_t)snprintf(
			text + used, sizeof(text) - used, "%s%02x", i > 0 ? ":" : "", bytes[i]);
	sdr_item_text(parent, key, label, text);
}

void sdr_about_reading(struct sdr_item *parent, const char *word, const struct sdr_reading *reading)
{
	char text[SDR_READING_TEXT];
	hide(sdr_item_text(parent, "input", "Typed", word));
	sdr_item_text(parent, "read_as", "Read as", sdr_reading_format(text, reading));
	if (reading->kind == SDR_READING_LINE || reading->kind == SDR_READING_URL)
		hide(sdr_item_bytes(
			parent, "found", "Found", word + reading->offset, reading->size));
	if (reading->service[0] != '\0')
		sdr_item_text(parent, "port", "Port", reading->service);
	if (reading->zone[0] != '\0')
		hide(sdr_item_text(parent, "zone_elsewhere", "Zone", reading->zone));
	if (reading->last.version != 0)
		add_range(parent, reading);
	if (reading->hardware_length != 0)
		add_hardware(parent, "hardware", "Hardware", reading->hardware,
			reading->hardware_length);
}

/* ---- forms ---- */

/* The bits with a dot between bytes, a colon between IPv6's groups. */
static void add_binary(struct sdr_item *parent, const struct sdr_addr *addr)
{
	char text[BINARY_TEXT];
	size_t used = 0;
	unsigned unit = addr->version == 4 ? 8 : 16;
	for (unsigned bit = 0; bit < sdr_addr_bits(addr); bit++) {
		if (bit > 0 && bit % unit == 0)
			text[used++] = addr->version == 4 ? '.' : ':';
		text[used++] = (char)('0' + (addr->bytes[bit / 8] >> (7 - bit % 8) & 1));
	}
	text[used] = '\0';
	struct sdr_item *item = sdr_item_text(parent, "address_binary", "Address (bits)", text);
	if (addr->version == 6)
		hide(item);
}

/* All eight groups with all their digits, or the four bytes as one hexadecimal number. */
static void add_expanded(struct sdr_item *parent, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT], hex[SDR_ADDR_TEXT] = "0x";
	size_t used = 0, hex_used = 2;
	for (unsigned i = 0; i < sdr_addr_bits(addr) / 8; i++) {
		const char *colon = addr->version == 6 && i > 0 && i % 2 == 0 ? ":" : "";
		used += (size_t)snprintf(
			text + used, sizeof(text) - used, "%s%02x", colon, addr->bytes[i]);
		hex_used += (size_t)snprintf(
			hex + hex_used, sizeof(hex) - hex_used, "%02x", addr->bytes[i]);
	}
	struct sdr_item *expanded = sdr_item_text(parent, "expanded", "Expanded", text);
	struct sdr_item *hexadecimal = sdr_item_text(parent, "hexadecimal", "Hexadecimal", hex);
	/* Of the two, text shows the one with the colons, or with the 0x. */
	hide(addr->version == 6 ? hexadecimal : expanded);
}

static void add_decimal(struct sdr_item *parent, const struct sdr_addr *addr)
{
	char text[SDR_COUNT_TEXT];
	add_number(parent, "decimal", "Decimal", sdr_addr_decimal(text, addr));
}

unsigned sdr_about_class(const struct sdr_addr *addr, char *letter)
{
	/* By the leading bits: the first byte is below this. */
	static const struct {
		uint8_t below;
		char letter;
		uint8_t length;
	} classes[] = {{128, 'A', 8}, {192, 'B', 16}, {224, 'C', 24}, {240, 'D', 0}};
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (addr->bytes[0] >= classes[i].below)
			continue;
		*letter = classes[i].letter;
		return classes[i].length;
	}
	*letter = 'E';
	return 0;
}

static void add_class(struct sdr_item *parent, const struct sdr_addr *addr)
{
	char letter;
	if (addr->version == 6) {
		hide(sdr_item_null(parent, "class", "Class"));
		hide(sdr_item_null(parent, "class_prefix_length", "Default length"));
		hide(sdr_item_null(parent, "class_netmask", "Default mask"));
		return;
	}
	struct sdr_prefix prefix = {
		.addr = *addr, .length = (uint8_t)sdr_about_class(addr, &letter)};
	sdr_item_format(parent, "class", "Class", "%c", letter);
	if (prefix.length == 0) {
		hide(sdr_item_null(parent, "class_prefix_length", "Default length"));
		hide(sdr_item_null(parent, "class_netmask", "Default mask"));
		return;
	}
	struct sdr_addr netmask = sdr_prefix_netmask(&prefix);
	sdr_item_integer(parent, "class_prefix_length", "Default length", prefix.length);
	hide(sdr_about_addr(parent, "class_netmask", "Default mask", &netmask));
}

void sdr_about_forms(struct sdr_item *parent, const struct sdr_addr *addr)
{
	sdr_about_addr(parent, "address", "Address", addr);
	hide(sdr_item_integer(parent, "version", "Version", addr->version));
	add_binary(parent, addr);
	add_expanded(parent, addr);
	add_decimal(parent, addr);
	if (addr->scope_id != 0)
		sdr_item_integer(parent, "zone", "Zone", addr->scope_id);
	else
		hide(sdr_item_null(parent, "zone", "Zone"));
	add_class(parent, addr);
}

/* ---- within ---- */

static void add_group(struct sdr_item *parent, const struct sdr_addr *addr)
{
	struct sdr_group group;
	char prefix[SDR_PREFIX_TEXT];
	if (!sdr_registry_group_find(addr, &group)) {
		hide(sdr_item_null(parent, "multicast_group", "Group"));
		return;
	}
	struct sdr_item *item =
		sdr_item_object(parent, "multicast_group", "Multicast group (selection)");
	item->show = SDR_SHOW_SECTION;
	sdr_item_text(item, "name", "Group", group.name);
	sdr_item_text(item, "prefix", "Block", sdr_prefix_format(prefix, &group.prefix));
	sdr_item_text(item, "rfc", "By", group.rfc);
}

static void add_embedded(struct sdr_item *parent, const struct sdr_addr *addr)
{
	struct sdr_embedded embedded;
	if (!sdr_addr_embedded_ipv4(addr, &embedded)) {
		hide(sdr_item_null(parent, "ipv4", "IPv4 within"));
		hide(sdr_item_null(parent, "embedded", "Embedded"));
		return;
	}
	sdr_about_addr(parent, "ipv4", "IPv4 within", &embedded.addr);
	struct sdr_item *item = sdr_item_object(parent, "embedded", "IPv4 within");
	item->show = SDR_SHOW_SECTION;
	sdr_item_text(item, "by", "By", embedded.by);
	sdr_item_text(item, "rfc", "Defined in", embedded.rfc);
	sdr_about_addr(item, "address", "Address", &embedded.addr);
	if (embedded.server.version == 0)
		return;
	sdr_item_integer(item, "port", "UDP port", embedded.port);
	sdr_about_addr(item, "server", "Teredo server", &embedded.server);
}

void sdr_about_embedded(struct sdr_item *parent, const struct sdr_addr *addr)
{
	uint8_t hardware[6];
	struct sdr_addr group;
	sdr_item_text(parent, "scope", "Scope", sdr_addr_scope(addr));
	add_group(parent, addr);
	if (sdr_addr_solicited_node(addr, &group))
		sdr_about_addr(parent, "solicited_node", "Solicited-node", &group);
	else
		hide(sdr_item_null(parent, "solicited_node", "Solicited-node"));
	if (sdr_addr_embedded_eui48(addr, hardware))
		add_hardware(
			parent, "hardware_address", "MAC (EUI-64)", hardware, sizeof(hardware));
	else
		hide(sdr_item_null(parent, "hardware_address", "MAC (EUI-64)"));
	add_embedded(parent, addr);
}
