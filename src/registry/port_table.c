/* port_table.c - ports and services: rows by position, number and name. RFC 6335. */
#include "registry/index.h"
#include "registry/registry.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const transport_names[SDR_TRANSPORT_COUNT] = {
	[SDR_TCP] = "tcp",
	[SDR_UDP] = "udp",
	[SDR_SCTP] = "sctp",
	[SDR_DCCP] = "dccp",
	[SDR_DDP] = "ddp",
};

const char *sdr_transport_name(enum sdr_transport transport)
{
	return transport_names[transport];
}

bool sdr_transport_find(const char *name, enum sdr_transport *transport)
{
	for (int i = 0; i < SDR_TRANSPORT_COUNT; i++) {
		if (strcasecmp(name, transport_names[i]) == 0) {
			*transport = (enum sdr_transport)i;
			return true;
		}
	}
	return false;
}

const char *sdr_source_name(enum sdr_source source)
{
	static const char *const names[] = {[SDR_SOURCE_USER] = "user",
		[SDR_SOURCE_SYSTEM] = "system",
		[SDR_SOURCE_IANA] = "iana"};
	return names[source];
}

const char *sdr_port_range_name(uint16_t port)
{
	return port == 0       ? "reserved"
		: port < 1024  ? "well-known"
		: port < 49152 ? "registered"
			       : "dynamic";
}

enum sdr_status sdr_port_range_parse(
	const char *text, struct sdr_port_range *range, struct sdr_error *error)
{
	struct sdr_port_range parsed;
	char first[16];
	const char *dash = strchr(text, '-');
	size_t length = dash ? (size_t)(dash - text) : strlen(text);
	/* A longer one is no port, as its first sixteen digits already show. */
	snprintf(first, sizeof(first), "%.*s",
		(int)(length < sizeof(first) ? length : sizeof(first)), text);
	enum sdr_status status = sdr_port_parse(dash ? first : text, &parsed.first, error);
	parsed.last = parsed.first;
	if (status == SDR_OK && dash)
		status = sdr_port_parse(dash + 1, &parsed.last, error);
	if (status != SDR_OK)
		return status;
	if (parsed.last < parsed.first) {
		sdr_error_set(error, 0, "the range \"%.40s\" ends before it starts; %u-%u is right",
			text, parsed.last, parsed.first);
		return SDR_EINVAL;
	}
	*range = parsed;
	return SDR_OK;
}

/* "tcp", "UDP", "tcp+udp", "tcp,udp" */
static unsigned take(const struct etc_entry *entry)
{
	struct etc_span rest = entry->kind;
	unsigned transports = 0;
	while (rest.length > 0) {
		char kind[8];
		enum sdr_transport found;
		size_t length = 0;
		while (length < rest.length && rest.at[length] != '+' && rest.at[length] != ',' &&
			rest.at[length] != '/')
			length++;
		if (length == 0 || length >= sizeof(kind))
			return 0;
		snprintf(kind, sizeof(kind), "%.*s", (int)length, rest.at);
		if (!sdr_transport_find(kind, &found))
			return 0;
		transports |= 1U << found;
		length += length < rest.length;
		rest = (struct etc_span){rest.at + length, rest.length - length};
	}
	return transports;
}

struct registry_set *sdr_registry_ports(struct sdr_registry *registry)
{
	struct registry_load load = {
		.user = registry->user_path, .system = registry->services_path, .take = take};
	if (registry->ports.loaded)
		return &registry->ports;
	sdr_registry_stamp(&registry->stamps[REGISTRY_USER], registry->user_path);
	sdr_registry_stamp(&registry->stamps[REGISTRY_SERVICES], registry->services_path);
	sdr_registry_load(&registry->ports, &load);
	return &registry->ports;
}

size_t sdr_registry_port_count(struct sdr_registry *registry)
{
	return sdr_registry_rows(sdr_registry_ports(registry));
}

bool sdr_registry_port(struct sdr_registry *registry, size_t index, struct sdr_port_row *row)
{
	const struct registry_set *set = sdr_registry_ports(registry);
	if (index >= sdr_registry_rows(set))
		return false;
	struct registry_view view = sdr_registry_view(set, index);
	*row = (struct sdr_port_row){
		.port = view.row->first,
		.port_last = view.row->last,
		.transport = (enum sdr_transport)view.row->transport,
		.source = view.source,
		.name = view.name,
		.aliases = view.aliases,
		.own_aliases = view.own_aliases,
		.description = view.description,
	};
	return true;
}

/* First index whose port is not below `port`. */
static size_t lower_bound(const struct registry_set *set, uint16_t port)
{
	size_t low = 0, high = sdr_registry_rows(set);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sdr_registry_view(set, middle).row->first < port)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The indexes found so far, of which the array may hold only the first. */
struct list {
	size_t *indexes; /* [n], the caller's */
	size_t n;        /* room */
	size_t count;    /* found in all */
};

static void list_add(struct list *list, size_t index)
{
	if (list->count < list->n)
		list->indexes[list->count] = index;
	list->count++;
}

static bool wanted(const struct registry_view *view, unsigned transports, enum sdr_source source)
{
	return view->source == source && (transports >> view->row->transport & 1) != 0;
}

/* Ranges begin below the ports they hold; there are a dozen, so each is looked at. */
static void add_ranges(
	const struct registry_set *set, uint16_t port, unsigned transports, struct list *list)
{
	for (unsigned i = 0; i < registry_service_ranges_count; i++) {
		const struct registry_row *row = &registry_services[registry_service_ranges[i]];
		if (row->first >= port || row->last < port ||
			(transports >> row->transport & 1) == 0)
			continue;
		size_t index = lower_bound(set, row->first);
		while (sdr_registry_view(set, index).row != row)
			index++;
		list_add(list, index);
	}
}

size_t sdr_registry_port_by_number(struct sdr_registry *registry, uint16_t port,
	unsigned transports, size_t *indexes, size_t n)
{
	const struct registry_set *set = sdr_registry_ports(registry);
	struct list list = {.indexes = indexes, .n = n};
	size_t start = lower_bound(set, port), rows = sdr_registry_rows(set);
	for (int source = SDR_SOURCE_USER; source <= SDR_SOURCE_IANA; source++) {
		for (size_t i = start; i < rows; i++) {
			struct registry_view view = sdr_registry_view(set, i);
			if (view.row->first != port)
				break;
			if (wanted(&view, transports, (enum sdr_source)source))
				list_add(&list, i);
		}
	}
	add_ranges(set, port, transports, &list);
	return list.count;
}

size_t sdr_registry_port_by_range(struct sdr_registry *registry, const struct sdr_port_range *range,
	unsigned transports, size_t *indexes, size_t n)
{
	const struct registry_set *set = sdr_registry_ports(registry);
	struct list list = {.indexes = indexes, .n = n};
	size_t rows = sdr_registry_rows(set);
	add_ranges(set, range->first, transports, &list);
	for (size_t i = lower_bound(set, range->first); i < rows; i++) {
		struct registry_view view = sdr_registry_view(set, i);
		if (view.row->first > range->last)
			break;
		if (wanted(&view, transports, view.source))
			list_add(&list, i);
	}
	return list.count;
}

/* Looking at all rows is quick enough for a few names; then an index pays. */
#define NAMES_BEFORE_INDEX 4

static void add_named(const struct registry_set *set, const char *name, unsigned transports,
	enum sdr_source source, struct list *list)
{
	size_t rows = sdr_registry_rows(set), row = 0;
	uint32_t cursor = 0;
	while (set->index ? sdr_index_next(set->index, name, &cursor, &row) : cursor < rows) {
		row = set->index ? row : cursor++;
		struct registry_view view = sdr_registry_view(set, row);
		if (wanted(&view, transports, source) &&
			sdr_registry_named(view.name, view.aliases, name))
			list_add(list, row);
	}
}

size_t sdr_registry_port_by_name(struct sdr_registry *registry, const char *name,
	unsigned transports, size_t *indexes, size_t n)
{
	struct registry_set *set = sdr_registry_ports(registry);
	struct list list = {.indexes = indexes, .n = n};
	if (!set->index && ++set->asked > NAMES_BEFORE_INDEX)
		set->index = sdr_index_new(set);
	for (int source = SDR_SOURCE_USER; source <= SDR_SOURCE_IANA; source++)
		add_named(set, name, transports, (enum sdr_source)source, &list);
	return list.count;
}

/* Writes why a name has no port with `transport`: it may have one with another. */
static enum sdr_status no_service(struct sdr_registry *registry, const char *service,
	enum sdr_transport transport, struct sdr_error *error)
{
	size_t index;
	struct sdr_port_row row;
	const char *name = sdr_transport_name(transport);
	if (sdr_registry_port_by_name(registry, service, SDR_TRANSPORTS_ALL, &index, 1) > 0 &&
		sdr_registry_port(registry, index, &row))
		sdr_error_set(error, 0,
			"service \"%.64s\" has no %s port, only %s (%u); give the port as a number",
			service, name, sdr_transport_name(row.transport), row.port);
	else
		sdr_error_set(error, 0,
			"\"%.64s\" is no service known by name with %s; give a "
			"port from 0 to 65535, or a name such as http",
			service, name);
	return SDR_ENOENT;
}

static enum sdr_status name_port(struct sdr_registry *registry, const char *service,
	enum sdr_transport transport, uint16_t *port, struct sdr_error *error)
{
	size_t index;
	struct sdr_port_row row;
	bool found = sdr_registry_port_by_name(registry, service, 1U << transport, &index, 1) > 0 &&
		sdr_registry_port(registry, index, &row);
	if (sdr_registry_ports_why(registry)[0] != '\0') { /* it may have another port than IANA */
		sdr_error_set(error, 0, "%s; give the port of %.64s as a number",
			sdr_registry_ports_why(registry), service);
		return SDR_ESYSTEM;
	}
	if (!found)
		return no_service(registry, service, transport, error);
	*port = row.port;
	return SDR_OK;
}

enum sdr_status sdr_registry_service_port(struct sdr_registry *registry, const char *service,
	enum sdr_transport transport, uint16_t *port, struct sdr_error *error)
{
	if (service[0] == '\0' || service[strspn(service, "0123456789")] == '\0')
		return sdr_port_parse(service, port, error);
	if (registry)
		return name_port(registry, service, transport, port, error);
	struct sdr_registry *own = sdr_registry_new();
	if (!own) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	enum sdr_status status = name_port(own, service, transport, port, error);
	sdr_registry_free(own);
	return status;
}
