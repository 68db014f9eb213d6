/* kinds.c - which interfaces, addresses and routes are the same, and the order in which they are
 * shown. */
#include "host/kinds.h"

#include "sounder/host.h"

static bool same_interface(const void *a, const void *b)
{
	return ((const struct sdr_interface *)a)->index == ((const struct sdr_interface *)b)->index;
}

static int order_interfaces(const void *a, const void *b)
{
	uint32_t left = ((const struct sdr_interface *)a)->index,
		 right = ((const struct sdr_interface *)b)->index;
	return (left > right) - (left < right);
}

static int order_addresses(const void *left, const void *right)
{
	const struct sdr_interface_address *a = left, *b = right;
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return sdr_prefix_compare(&a->prefix, &b->prefix);
}

static bool same_address(const void *a, const void *b)
{
	return order_addresses(a, b) == 0;
}

/* The default routes come first, of one destination the one that is preferred. */
static int order_routes(const void *left, const void *right)
{
	const struct sdr_route *a = left, *b = right;
	if (a->to.addr.version != b->to.addr.version)
		return a->to.addr.version - b->to.addr.version;
	int order = sdr_prefix_compare(&a->to, &b->to);
	if (order != 0)
		return order;
	if (a->metric != b->metric)
		return a->metric < b->metric ? -1 : 1;
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return sdr_addr_compare(&a->via, &b->via);
}

static bool same_route(const void *a, const void *b)
{
	return order_routes(a, b) == 0;
}

#define MOST 4096 /* what a screen shows is far less, and a router may hold a million routes */

const struct table_kind sdr_kind_interfaces = {
	sizeof(struct sdr_interface), same_interface, order_interfaces, MOST};
const struct table_kind sdr_kind_addresses = {
	sizeof(struct sdr_interface_address), same_address, order_addresses, MOST};
const struct table_kind sdr_kind_routes = {
	sizeof(struct sdr_route), same_route, order_routes, MOST};
