/* route.c - `route ADDRESS...`: where an address lies from here: the local network that holds it,
 * and the route a packet would take. */
#include <string.h>

#include "cmd/about.h"
#include "cmd/options.h"
#include "sounder/app.h"

/* The network of ours that holds the address, and by which interface. */
static void add_network(
	struct sdr_item *parent, const struct sdr_host *host, const struct sdr_addr *addr)
{
	const struct sdr_interface_address *local = sdr_host_network_find(host, addr);
	char text[SDR_PREFIX_TEXT];
	if (!local) {
		sdr_item_null(parent, "local_network", "Network of ours");
		return;
	}
	const struct sdr_interface *interface = sdr_host_interface_find(host, local->index);
	struct sdr_prefix network = {
		.addr = sdr_prefix_network(&local->prefix), .length = local->prefix.length};
	network.addr.scope_id = 0;
	struct sdr_item *item = sdr_item_object(parent, "local_network", "Network of ours");
	item->show = SDR_SHOW_SECTION;
	sdr_item_text(item, "network", "Network", sdr_prefix_format(text, &network));
	sdr_about_addr(item, "address", "Our address", &local->prefix.addr);
	sdr_item_text(item, "interface", "Interface", interface ? interface->name : NULL);
}

static void fill(struct sdr_item *root, const struct sdr_host *host, const struct sdr_addr *addr,
	const struct sdr_route_choice *choice)
{
	char text[SDR_ROUTE_CHOICE_TEXT], prefix[SDR_PREFIX_TEXT];
	sdr_about_addr(root, "address", "Address", addr);
	sdr_item_text(root, "way", "Way", sdr_route_choice_format(text, choice));
	sdr_item_text(root, "kind", "Kind", sdr_route_choice_name(choice->kind));
	sdr_item_text(root, "interface", "Interface",
		choice->interface[0] != '\0' ? choice->interface : NULL);
	sdr_about_addr(root, "via", "Router", &choice->via);
	sdr_about_addr(root, "source", "Source address", &choice->source);
	sdr_item_text(root, "route", "Route",
		choice->to.addr.version != 0 ? sdr_prefix_format(prefix, &choice->to) : NULL);
	if (choice->table != 0)
		sdr_item_integer(root, "table", "Table", choice->table);
	else
		sdr_item_null(root, "table", "Table");
	sdr_item_integer(root, "metric", "Metric", choice->metric);
	add_network(root, host, addr);
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_reading reading;
	struct sdr_route_choice choice;
	if (sdr_recognise(word, sdr_about_how(call), &reading, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	if (reading.zone[0] != '\0') {
		sdr_error_set(error, 0,
			"%.80s: this host has no interface %s; \"interfaces\" lists them", word,
			reading.zone);
		return SDR_EXIT_FAIL;
	}
	reading.addr = sdr_addr_unmap(&reading.addr); /* as which it goes out */
	if (sdr_host_route_lookup(&reading.addr, &choice, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	const struct sdr_host *host = sdr_app_host(call->app);
	enum sdr_status status = sdr_host_look(host, SDR_HOST_ADDRESSES, error);
	if (status == SDR_OK)
		status = sdr_host_look(host, SDR_HOST_INTERFACES, error);
	if (status != SDR_OK && status != SDR_ERANGE)
		return SDR_EXIT_FAIL;
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet)
		fill(sdr_sheet_root(sheet), host, &reading.addr, &choice);
	if (!sdr_answers_emit(answers, sheet, error))
		return SDR_EXIT_FAIL;
	return status != SDR_OK                       ? SDR_EXIT_FAIL
		: choice.kind < SDR_ROUTE_CHOICE_NONE ? SDR_EXIT_YES
						      : SDR_EXIT_NO;
}

/* "10.9.8.7  by eth0 via 10.2.0.1 from 10.2.0.17; route 0.0.0.0/0; in no network of this host" */
static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	const struct sdr_item *network = sdr_item_find(root, "local_network"),
			      *route = sdr_item_find(root, "route");
	(void)call;
	sdr_out_put(out, SDR_TONE_STRONG, "%-15s", sdr_item_find(root, "address")->value.bytes);
	sdr_out_put(out, SDR_TONE_PLAIN, "  %s", sdr_item_find(root, "way")->value.bytes);
	if (route->kind == SDR_ITEM_TEXT)
		sdr_out_put(out, SDR_TONE_DIM, "; route %s", route->value.bytes);
	if (network->kind == SDR_ITEM_OBJECT)
		sdr_out_put(out, SDR_TONE_PLAIN, "; in %s of %s",
			sdr_item_find(network, "network")->value.bytes,
			sdr_item_find(network, "interface")->kind == SDR_ITEM_TEXT
				? sdr_item_find(network, "interface")->value.bytes
				: "?");
	else
		sdr_out_put(out, SDR_TONE_DIM, "; in no network of this host");
	sdr_out_end(out);
}

static const char *const examples[] = {
	"route 192.0.2.7",
	"the interface, router and source address that a packet there would get",
	"route --json fe80::1%lo",
	"the same of a link-local address on an interface, as a JSON object",
	NULL,
};

const struct sdr_command cmd_route = {
	.name = "route",
	.arguments = "ADDRESS...",
	.sentence = "show the route a packet to an address would take from here",
	.details = "Asks the kernel, and sends nothing: the interface, the router and the "
		   "source address that a packet would get, the route they come from, "
		   "and which network of this host holds the address. "
		   "An address may be any text that ip takes; \"-\" reads standard input. "
		   "No route, or one of type unreachable, prohibit or blackhole, ends in exit code "
		   "1; where the kernel can't be asked, nothing is shown and it is 2.",
	.examples = examples,
	.options = {sdr_about_options, sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.parts = SDR_PART_HOST,
	.complete = SDR_COMPLETE_NONE,
	.lookup = {.each_word = true, .answer = answer, .print = print},
};
