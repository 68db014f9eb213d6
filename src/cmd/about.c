/* about.c - what the registries list for an address: kind, special-purpose block and its flags,
 * holder. RFC 6890. */
#include "cmd/about.h"

#include <stdio.h>
#include <string.h>

#include "sounder/registry.h"

struct sdr_item *sdr_about_text(
	struct sdr_item *parent, const char *key, const char *label, const char *text)
{
	return sdr_item_text(parent, key, label, text && text[0] != '\0' ? text : NULL);
}

struct sdr_item *sdr_about_aliases(struct sdr_item *parent, const char *aliases)
{
	struct sdr_item *list = sdr_item_list(parent, "aliases", "Aliases");
	while (aliases[0] != '\0') {
		size_t n = strcspn(aliases, ",");
		sdr_item_bytes(list, NULL, NULL, aliases, n);
		aliases += n + (aliases[n] == ',');
	}
	return list;
}

const char *sdr_about_reverse(char out[static SDR_REVERSE_TEXT], const struct sdr_addr *addr)
{
	const uint8_t *bytes = addr->bytes;
	size_t used = 0;
	if (addr->version == 4) {
		snprintf(out, SDR_REVERSE_TEXT, "%u.%u.%u.%u.in-addr.arpa", bytes[3], bytes[2],
			bytes[1], bytes[0]);
		return out;
	}
	for (int i = 15; i >= 0; i--)
		used += (size_t)snprintf(out + used, SDR_REVERSE_TEXT - used, "%x.%x.",
			bytes[i] & 0xf, bytes[i] >> 4);
	snprintf(out + used, SDR_REVERSE_TEXT - used, "ip6.arpa");
	return out;
}

static void add_flag(
	struct sdr_item *parent, const char *key, const char *label, enum sdr_known known)
{
	if (known == SDR_KNOWN_NOT)
		sdr_item_null(parent, key, label);
	else
		sdr_item_boolean(parent, key, label, known == SDR_KNOWN_YES);
}

static void add_special(struct sdr_item *parent, const struct sdr_addr *addr)
{
	struct sdr_special special;
	char prefix[SDR_PREFIX_TEXT];
	if (!sdr_registry_special_find(addr, &special)) {
		sdr_item_null(parent, "special_purpose", "Special purpose")->show = SDR_SHOW_HIDDEN;
		return;
	}
	struct sdr_item *item = sdr_item_object(parent, "special_purpose", "Special purpose");
	item->show = SDR_SHOW_SECTION;
	sdr_item_text(item, "name", "Name", special.name);
	sdr_item_text(item, "prefix", "Block", sdr_prefix_format(prefix, &special.prefix));
	sdr_item_text(item, "rfc", "By", special.rfc);
	sdr_item_text(item, "registry", "Registry", sdr_registry_about(SDR_TABLE_SPECIAL))->show =
		SDR_SHOW_HIDDEN;
	add_flag(item, "source", "As source", special.source);
	add_flag(item, "destination", "As destination", special.destination);
	add_flag(item, "forwardable", "Forwardable", special.forwardable);
	add_flag(item, "globally_reachable", "Globally reachable", special.globally_reachable);
	add_flag(
		item, "reserved_by_protocol", "Reserved by protocol", special.reserved_by_protocol);
}

static void add_holder(struct sdr_item *parent, const struct sdr_addr *addr)
{
	struct sdr_holder holder;
	char prefix[SDR_PREFIX_TEXT];
	if (!sdr_registry_holder_find(addr, &holder)) {
		sdr_item_null(parent, "holder", "Holder")->show = SDR_SHOW_HIDDEN;
		return;
	}
	struct sdr_item *item = sdr_item_object(parent, "holder", "Address space");
	item->show = SDR_SHOW_SECTION;
	sdr_item_text(item, "name", "Holder", holder.name);
	sdr_item_text(item, "prefix", "Block", sdr_prefix_format(prefix, &holder.prefix));
	sdr_item_text(item, "date", "Since", holder.date);
	sdr_item_text(item, "status", "Status", holder.status);
	sdr_item_text(item, "registry", "Registry",
		sdr_registry_about(
			addr->version == 4 ? SDR_TABLE_IPV4_SPACE : SDR_TABLE_IPV6_SPACE));
}

/* "Private-Use (RFC 1918): source, destination, forwardable; not globally reachable" */
static void add_reading(struct sdr_item *parent, const struct sdr_addr *addr)
{
	struct sdr_special special;
	char text[200];
	size_t used = 0;
	if (!sdr_registry_special_find(addr, &special)) {
		sdr_item_text(parent, "description", "Is", sdr_registry_kind(addr))->show =
			SDR_SHOW_HIDDEN;
		return;
	}
	const struct {
		enum sdr_known known;
		const char *yes, *no;
	} flags[] = {{special.source, "source", "no source"},
		{special.destination, "destination", "no destination"},
		{special.forwardable, "forwardable", "not forwardable"},
		{special.globally_reachable, "globally reachable", "not globally reachable"},
		{special.reserved_by_protocol, "reserved by protocol", NULL}};
	const char *gap = ":";
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		const char *word = flags[i].known == SDR_KNOWN_YES ? flags[i].yes
			: flags[i].known == SDR_KNOWN_NO           ? flags[i].no
								   : NULL;
		if (!word)
			continue;
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %s", gap, word);
		gap = ",";
	}
	sdr_item_format(parent, "description", "Is", "%s (%s)%s", special.name, special.rfc,
		used > 0 ? text : "")
		->show = SDR_SHOW_HIDDEN;
}

/* /0 is not the network of an address but all addresses, as in a default route. RFC 4632 sec.
 * 3.1 */
static void add_readings(struct sdr_item *parent, const struct sdr_addr *addr)
{
	sdr_item_text(parent, "kind", "Kind", "default route");
	sdr_item_format(
		parent, "description", "Is", "Default route: all IPv%u addresses", addr->version)
		->show = SDR_SHOW_HIDDEN;
}

void sdr_about_add(struct sdr_item *parent, const struct sdr_prefix *prefix)
{
	const struct sdr_addr *addr = &prefix->addr;
	char reverse[SDR_REVERSE_TEXT];
	if (prefix->length == 0) {
		add_readings(parent, addr);
	} else {
		sdr_item_text(parent, "kind", "Kind", sdr_registry_kind(addr));
		add_reading(parent, addr);
	}
	sdr_item_text(parent, "reverse_name", "Reverse name", sdr_about_reverse(reverse, addr));
	add_special(parent, addr);
	add_holder(parent, addr);
}
