/* look.c - the view of this host: rows by position, what holds an address, and what could not be
 * read. */
#include <errno.h>
#include <string.h>

#include "host/kinds.h"
#include "host/machine_state.h"

uint64_t sdr_host_version(const struct sdr_host *host)
{
	return host->version;
}

unsigned sdr_host_interface_count(const struct sdr_host *host)
{
	return (unsigned)host->interfaces.count;
}

const struct sdr_interface *sdr_host_interface(const struct sdr_host *host, unsigned index)
{
	return sdr_table_at(&host->interfaces, index);
}

unsigned sdr_host_address_count(const struct sdr_host *host)
{
	return (unsigned)host->addresses.count;
}

const struct sdr_interface_address *sdr_host_address(const struct sdr_host *host, unsigned index)
{
	return sdr_table_at(&host->addresses, index);
}

unsigned sdr_host_route_count(const struct sdr_host *host)
{
	return (unsigned)host->routes.count;
}

const struct sdr_route *sdr_host_route(const struct sdr_host *host, unsigned index)
{
	return sdr_table_at(&host->routes, index);
}

const struct sdr_route *sdr_host_gateway(const struct sdr_host *host, unsigned index)
{
	const struct sdr_route *route;
	for (unsigned i = 0; (route = sdr_host_route(host, i)); i++)
		if (route->to.length == 0 && route->via.version != 0 && index-- == 0)
			break;
	return route;
}

const char *sdr_host_name(const struct sdr_host *host)
{
	return host->name;
}

/* IPv4 and IPv6 routes share a table. */
static int failure_of(const struct sdr_host *host, enum sdr_host_table table)
{
	static const enum dump first[] = {DUMP_LINKS, DUMP_ADDRESSES, DUMP_ROUTES4};
	const struct table *const tables[] = {&host->interfaces, &host->addresses, &host->routes};
	int number = host->failed[first[table]];
	if (number == 0 && table == SDR_HOST_ROUTES)
		number = host->failed[DUMP_ROUTES6];
	return number != 0 ? number : tables[table]->lacking;
}

enum sdr_status sdr_host_look(
	const struct sdr_host *host, enum sdr_host_table table, struct sdr_error *error)
{
	static const char *const names[] = {"interfaces", "addresses", "routes"};
	int number = failure_of(host, table);
	if (number == 0)
		return SDR_OK;
	if (number == E2BIG)
		sdr_error_set(error, 0,
			"this host has more than %zu %s; those beyond are not looked at",
			sdr_kind_routes.most, names[table]);
	else
		sdr_error_set(error, 0, "this host's %s could not be looked at: netlink: %s",
			names[table],
			number == HOST_NOT_YET    ? "the kernel did not answer"
				: number == EINTR ? "they change faster than they can be read"
						  : strerror(number));
	return number == E2BIG ? SDR_ERANGE : number == ENOMEM ? SDR_ENOMEM : SDR_ESYSTEM;
}

const struct sdr_interface *sdr_host_interface_find(const struct sdr_host *host, uint32_t index)
{
	for (size_t i = 0; i < host->interfaces.count; i++) {
		const struct sdr_interface *interface = sdr_table_at(&host->interfaces, i);
		if (interface->index == index)
			return interface;
	}
	return NULL;
}

const struct sdr_interface_address *sdr_host_network_find(
	const struct sdr_host *host, const struct sdr_addr *addr)
{
	const struct sdr_interface_address *best = NULL;
	for (size_t i = 0; i < host->addresses.count; i++) {
		const struct sdr_interface_address *local = sdr_table_at(&host->addresses, i);
		bool zone = addr->scope_id == 0 || addr->scope_id == local->index;
		if (zone && sdr_prefix_contains(&local->prefix, addr) &&
			(!best || local->prefix.length > best->prefix.length))
			best = local;
	}
	return best;
}
