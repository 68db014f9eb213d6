/* address_here.c - where an address lies from this host: our network that holds it, and the route a
 * packet would take. */
#include "address_here.h"

#include <stdio.h>

const char *ui_address_interface(const struct sdr_host *host, uint32_t index)
{
	const struct sdr_interface *interface = sdr_host_interface_find(host, index);
	return interface ? interface->name : "?";
}

static void format_network(
	char *out, size_t size, const struct sdr_host *host, const struct sdr_addr *addr)
{
	const struct sdr_interface_address *local = sdr_host_network_find(host, addr);
	char text[SDR_PREFIX_TEXT];
	if (sdr_host_look(host, SDR_HOST_ADDRESSES, NULL) != SDR_OK && !local) {
		snprintf(out, size, "in which network of this host could not be looked at");
		return;
	}
	if (!local) {
		snprintf(out, size, "in no network of this host");
		return;
	}
	struct sdr_prefix network = {
		.addr = sdr_prefix_network(&local->prefix), .length = local->prefix.length};
	network.addr.scope_id = 0;
	snprintf(out, size, "in %s of %s", sdr_prefix_format(text, &network),
		ui_address_interface(host, local->index));
}

const char *ui_address_here(
	char out[static UI_ADDRESS_HERE], const struct sdr_host *host, const struct sdr_addr *addr)
{
	char network[SDR_PREFIX_TEXT + 40], text[SDR_ROUTE_CHOICE_TEXT];
	struct sdr_route_choice choice;
	struct sdr_error error = {0};
	format_network(network, sizeof(network), host, addr);
	if (sdr_host_route_lookup(addr, &choice, &error) != SDR_OK)
		snprintf(out, UI_ADDRESS_HERE, "%s; %s", network, error.text);
	else
		snprintf(out, UI_ADDRESS_HERE, "%s; %s%s", network,
			choice.interface[0] && choice.kind != SDR_ROUTE_CHOICE_LOCAL
				? "would leave "
				: "",
			sdr_route_choice_format(text, &choice));
	return out;
}

const char *ui_address_unseen(const struct sdr_host *host, char out[static SDR_ERROR_TEXT])
{
	struct sdr_error error = {0};
	(void)!sdr_host_look(host, SDR_HOST_ADDRESSES, &error);
	snprintf(out, SDR_ERROR_TEXT, "%s", error.text);
	return out;
}

unsigned ui_address_ours(const struct sdr_host *host)
{
	return sdr_host_address_count(host) +
		(sdr_host_look(host, SDR_HOST_ADDRESSES, NULL) != SDR_OK);
}
