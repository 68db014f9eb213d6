/* about_print.c - the sheet of one address or network as text: one table of lines, the most wanted
 * first. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/about.h"

/* A line: the item, and what is printed beside it. */
struct line {
	const char *key;
	const char *bits; /* key of its bits, or NULL */
	void (*report)(struct sdr_out *out,
		const struct sdr_item *root); /* writes what follows the value; or NULL */
};

/* Writes dotted bits with a bar where the network ends: between two bits, or in place of the dot
 * between two bytes. */
static void print_bits(struct sdr_out *out, const char *bits, const struct sdr_item *root)
{
	const struct sdr_item *item = sdr_item_present(root, "prefix_length");
	int64_t length = item ? item->value.integer : 0;
	int before = (int)(length + length / 8);
	if (length == 0 || length == 32)
		sdr_out_put(out, SDR_TONE_DIM, "%s", bits);
	else if (length % 8 == 0)
		sdr_out_put(out, SDR_TONE_DIM, "%.*s|%s", before - 1, bits, bits + before);
	else
		sdr_out_put(out, SDR_TONE_DIM, "%.*s|%s", before, bits, bits + before);
}

static void print_class(struct sdr_out *out, const struct sdr_item *root)
{
	const struct sdr_item *length = sdr_item_present(root, "class_prefix_length"),
			      *mask = sdr_item_present(root, "class_netmask");
	if (length && mask)
		sdr_out_put(out, SDR_TONE_DIM, ", default mask %s (/%" PRId64 ")",
			mask->value.bytes, length->value.integer);
}

static void print_zones(struct sdr_out *out, const struct sdr_item *root)
{
	const struct sdr_item *count = sdr_item_present(root, "reverse_zones"),
			      *last = sdr_item_present(root, "reverse_zone_last");
	const struct sdr_item *length = sdr_item_present(root, "prefix_length"),
			      *version = sdr_item_present(root, "version");
	if (count && last && count->value.integer > 1)
		sdr_out_put(out, SDR_TONE_PLAIN, " to %s (%" PRId64 " zones)", last->value.bytes,
			count->value.integer);
	if (version && version->value.integer == 4 && length && length->value.integer > 24)
		sdr_out_put(out, SDR_TONE_DIM, " (part of it: RFC 2317)");
}

static void print_embedded(struct sdr_out *out, const struct sdr_item *root)
{
	const struct sdr_item *embedded = sdr_item_present(root, "embedded"),
			      *server = sdr_item_present(embedded, "server"),
			      *port = sdr_item_present(embedded, "port");
	sdr_out_put(out, SDR_TONE_DIM, " (%s, %s)", sdr_item_present(embedded, "by")->value.bytes,
		sdr_item_present(embedded, "rfc")->value.bytes);
	if (server)
		sdr_out_put(out, SDR_TONE_PLAIN, " UDP port %" PRId64 ", server %s",
			port->value.integer, server->value.bytes);
}

static void print_addresses(struct sdr_out *out, const struct sdr_item *root)
{
	const struct sdr_item *all = sdr_item_present(root, "addresses");
	char text[64];
	sdr_item_format_value(text, sizeof(text), all);
	sdr_out_put(
		out, SDR_TONE_DIM, " of %s address%s", text, strcmp(text, "1") == 0 ? "" : "es");
}

static const struct line lines[] = {
	{"address", "address_binary", NULL},
	{"read_as", NULL, NULL},
	{"port", NULL, NULL},
	{"hardware", NULL, NULL},
	{"prefix_length", NULL, NULL},
	{"netmask", "netmask_binary", NULL},
	{"netmask_hex", NULL, NULL},
	{"wildcard", NULL, NULL},
	{"network", NULL, NULL},
	{"host_part", NULL, NULL},
	{"broadcast", NULL, NULL},
	{"router_anycast", NULL, NULL},
	{"first_host", NULL, NULL},
	{"last_host", NULL, NULL},
	{"usable_hosts", NULL, print_addresses},
	{"class", NULL, print_class},
	{"description", NULL, NULL},
	{"scope", NULL, NULL},
	{"ipv4", NULL, print_embedded},
	{"hardware_address", NULL, NULL},
	{"solicited_node", NULL, NULL},
	{"reverse_name", NULL, NULL},
	{"reverse_zone", NULL, print_zones},
	{"expanded", NULL, NULL},
	{"hexadecimal", NULL, NULL},
	{"decimal", NULL, NULL},
};

/* IPv4's hexadecimal form has 0x, and IPv6's expanded one colons; for IPv6 the length replaces the
 * netmask. */
static bool is_shown(const struct sdr_item *root, const struct sdr_item *item)
{
	static const char *const only4[] = {"hexadecimal", "wildcard", "netmask_hex", "netmask"},
				 *const only6[] = {"expanded"};
	bool six = sdr_item_present(root, "version")->value.integer == 6;
	const char *const *keys = six ? only4 : only6;
	size_t count = six ? sizeof(only4) / sizeof(only4[0]) : sizeof(only6) / sizeof(only6[0]);
	for (size_t i = 0; i < count; i++)
		if (strcmp(item->key, keys[i]) == 0)
			return false;
	return true;
}

static void print_line(struct sdr_out *out, const struct sdr_item *root, const struct line *line)
{
	char value[SDR_READING_TEXT + 64];
	const struct sdr_item *item = sdr_item_present(root, line->key),
			      *bits = line->bits ? sdr_item_present(root, line->bits) : NULL;
	if (!item || !is_shown(root, item))
		return;
	if (bits && bits->value.length > 40)
		bits = NULL;
	sdr_item_format_value(value, sizeof(value), item);
	sdr_out_put(out, SDR_TONE_DIM, "%-15s", item->label);
	sdr_out_put(out, SDR_TONE_PLAIN, bits ? "%-18s" : "%s", value);
	if (bits)
		print_bits(out, bits->value.bytes, root);
	if (line->report)
		line->report(out, root);
	sdr_out_end(out);
}

static void print_range(struct sdr_out *out, const struct sdr_item *range)
{
	char count[64];
	if (!range)
		return;
	sdr_item_format_value(count, sizeof(count), sdr_item_present(range, "addresses"));
	sdr_out_put(out, SDR_TONE_DIM, "%-15s", "Range");
	sdr_out_line(out, SDR_TONE_PLAIN, "%s to %s, %s addresses, within %s",
		sdr_item_present(range, "first")->value.bytes,
		sdr_item_present(range, "last")->value.bytes, count,
		sdr_item_present(range, "within")->value.bytes);
}

static void print_group(struct sdr_out *out, const struct sdr_item *group)
{
	if (!group)
		return;
	sdr_out_put(out, SDR_TONE_DIM, "%-15s", "Group");
	sdr_out_put(out, SDR_TONE_PLAIN, "%s", sdr_item_present(group, "name")->value.bytes);
	sdr_out_line(out, SDR_TONE_DIM, " (%s, %s; of a selection of groups)",
		sdr_item_present(group, "prefix")->value.bytes,
		sdr_item_present(group, "rfc")->value.bytes);
}

static void print_holder(struct sdr_out *out, const struct sdr_item *holder)
{
	if (!holder)
		return;
	sdr_out_put(out, SDR_TONE_DIM, "%-15s", "Holder");
	sdr_out_put(out, SDR_TONE_PLAIN, "%s, %s since %s",
		sdr_item_present(holder, "name")->value.bytes,
		sdr_item_present(holder, "prefix")->value.bytes,
		sdr_item_present(holder, "date") ? sdr_item_present(holder, "date")->value.bytes
						 : "-");
	sdr_out_line(out, SDR_TONE_DIM, " (%s)", sdr_item_present(holder, "registry")->value.bytes);
}

void sdr_about_print(struct sdr_out *out, const struct sdr_item *root)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		print_line(out, root, &lines[i]);
	print_range(out, sdr_item_present(root, "range"));
	print_group(out, sdr_item_present(root, "multicast_group"));
	print_holder(out, sdr_item_present(root, "holder"));
}

void sdr_about_shell(struct sdr_out *out, const struct sdr_item *root)
{
	/* As ipcalc has it: of IPv6 all addresses are hosts', the routers' anycast one too. */
	bool six = sdr_item_find(root, "version")->value.integer == 6;
	const char *const keys[][2] = {{"ADDRESS", "address"}, {"PREFIX", "prefix_length"},
		{"NETMASK", "netmask"}, {"BROADCAST", "broadcast"}, {"NETWORK", "network"},
		{"MINADDR", six ? "network" : "first_host"}, {"MAXADDR", "last_host"},
		{"ADDRESSES", six ? "addresses" : "usable_hosts"}};
	char value[64];
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct sdr_item *item = sdr_item_present(root, keys[i][1]);
		if (!item)
			continue;
		sdr_item_format_value(value, sizeof(value), item);
		sdr_out_line(out, SDR_TONE_PLAIN, "%s=%s", keys[i][0], value);
	}
	/* A registry's text: quoted, and without what a shell would look into. */
	const struct sdr_item *kind = sdr_item_present(root, "kind");
	if (kind && !strpbrk(kind->value.bytes, "\"$`\\"))
		sdr_out_line(out, SDR_TONE_PLAIN, "ADDRSPACE=\"%s\"", kind->value.bytes);
}
