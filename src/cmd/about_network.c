/* about_network.c - all that follows from a mask: network, host part, range, counts, reverse zones.
 * RFC 4632 (lengths), RFC 3021 (/31), RFC 6164 (/127), RFC 4291 (IPv6: no broadcast), RFC 2317
 * (reverse zones beyond /24). */
#include <stdio.h>
#include <string.h>

#include "cmd/about.h"

static void add_hex(struct sdr_item *parent, const struct sdr_addr *mask)
{
	char text[40];
	for (unsigned i = 0; i < sdr_addr_bits(mask) / 8; i++)
		snprintf(text + 2 * i, sizeof(text) - 2 * i, "%02x", mask->bytes[i]);
	sdr_item_text(parent, "netmask_hex", "Netmask (hex)", text);
}

/* IPv4 only: 128 bits of ones and zeros show no more than the length does. */
static void add_binary(struct sdr_item *parent, const struct sdr_addr *mask)
{
	char text[40];
	size_t used = 0;
	if (mask->version == 6) {
		sdr_item_null(parent, "netmask_binary", "Netmask (bits)")->show = SDR_SHOW_HIDDEN;
		return;
	}
	for (unsigned bit = 0; bit < 32; bit++) {
		if (bit > 0 && bit % 8 == 0)
			text[used++] = '.';
		text[used++] = (char)('0' + (mask->bytes[bit / 8] >> (7 - bit % 8) & 1));
	}
	text[used] = '\0';
	sdr_item_text(parent, "netmask_binary", "Netmask (bits)", text);
}

/* 2^bits less two: to 2^53 a number, above a decimal string, since JSON readers lose digits
 * there. */
static void add_count(
	struct sdr_item *parent, const char *key, const char *label, unsigned bits, unsigned minus)
{
	char text[SDR_COUNT_TEXT];
	if (bits <= 53)
		sdr_item_integer(parent, key, label, (INT64_C(1) << bits) - (int64_t)minus);
	else
		sdr_item_text(parent, key, label, sdr_count_format(text, bits, minus));
}

/* What can be given to hosts. IPv4 keeps the first and last for network and broadcast, but /31 (RFC
 * 3021) and /32. IPv6 has no broadcast, and keeps the first for its routers, as an anycast address
 * (RFC 4291 sec. 2.6.1), but /127 (RFC 6164) and /128. */
static void add_hosts(struct sdr_item *parent, const struct sdr_prefix *prefix)
{
	struct sdr_addr first = sdr_prefix_network(prefix), last = sdr_prefix_last(prefix);
	unsigned bits = sdr_addr_bits(&prefix->addr) - prefix->length;
	bool first_kept = bits >= 2, last_kept = prefix->addr.version == 4 && bits >= 2;
	if (last_kept)
		sdr_about_addr(parent, "broadcast", "Broadcast", &last);
	else
		sdr_item_null(parent, "broadcast", "Broadcast")->show = SDR_SHOW_HIDDEN;
	if (first_kept && prefix->addr.version == 6)
		sdr_about_addr(parent, "router_anycast", "Router anycast", &first);
	if (first_kept)
		first = sdr_addr_add(&first, 1);
	if (last_kept)
		last = sdr_addr_add(&last, -1);
	sdr_about_addr(parent, "first_host", "First host", &first);
	sdr_about_addr(parent, "last_host", "Last host", &last);
	add_count(parent, "usable_hosts", "Usable hosts", bits, (unsigned)first_kept + last_kept);
	add_count(parent, "addresses", "Addresses", bits, 0);
}

/* Writes the zone of the first `length` bits; the bits are whole labels. */
static void zone_of(char out[static SDR_REVERSE_TEXT], const struct sdr_addr *addr, unsigned length)
{
	const char *name = sdr_about_reverse(out, addr);
	unsigned per_label = addr->version == 4 ? 8 : 4,
		 skip = sdr_addr_bits(addr) / per_label - length / per_label;
	for (; skip > 0; skip--)
		name = strchr(name, '.') + 1;
	memmove(out, name, strlen(name) + 1);
}

/* Zones end at whole labels: a /23 has two, and what is longer than /24 lies in that one's (RFC
 * 2317). */
static void add_zones(struct sdr_item *parent, const struct sdr_prefix *prefix)
{
	unsigned per_label = prefix->addr.version == 4 ? 8 : 4,
		 longest = sdr_addr_bits(&prefix->addr) - per_label;
	unsigned length = (prefix->length + per_label - 1) / per_label * per_label;
	struct sdr_addr first = sdr_prefix_network(prefix), last = sdr_prefix_last(prefix);
	char zone[SDR_REVERSE_TEXT];
	if (length > longest)
		length = longest;
	zone_of(zone, &first, length);
	sdr_item_text(parent, "reverse_zone", "Reverse zone", zone);
	zone_of(zone, &last, length);
	struct sdr_item *item = sdr_item_text(parent, "reverse_zone_last", "to", zone);
	unsigned count = length > prefix->length ? 1U << (length - prefix->length) : 1;
	item->show = count > 1 ? SDR_SHOW_FIELD : SDR_SHOW_HIDDEN;
	sdr_item_integer(parent, "reverse_zones", "Zones", count)->show = SDR_SHOW_HIDDEN;
}

void sdr_about_network(struct sdr_item *parent, const struct sdr_prefix *prefix)
{
	struct sdr_addr netmask = sdr_prefix_netmask(prefix), network = sdr_prefix_network(prefix),
			host_part = sdr_prefix_host_part(prefix);
	struct sdr_prefix none = {
		.addr = {.version = prefix->addr.version}, .length = prefix->length};
	struct sdr_addr wildcard = sdr_prefix_last(&none);
	sdr_item_integer(parent, "prefix_length", "Length", prefix->length);
	sdr_about_addr(parent, "netmask", "Netmask", &netmask);
	add_binary(parent, &netmask);
	add_hex(parent, &netmask);
	sdr_about_addr(parent, "wildcard", "Wildcard", &wildcard);
	sdr_about_addr(parent, "network", "Network", &network);
	sdr_about_addr(parent, "host_part", "Host part", &host_part);
	add_hosts(parent, prefix);
	add_zones(parent, prefix);
}
