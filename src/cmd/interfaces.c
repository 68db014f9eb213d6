/* interfaces.c - `interfaces [NAME...]`: this host's interfaces with their addresses, masks and
 * networks. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/about.h"
#include "cmd/options.h"
#include "sounder/app.h"

static void add_address(struct sdr_item *list, const struct sdr_prefix *prefix)
{
	char text[SDR_PREFIX_TEXT];
	struct sdr_prefix own = *prefix,
			  network = {.addr = sdr_prefix_network(prefix), .length = prefix->length};
	struct sdr_addr netmask = sdr_prefix_netmask(prefix);
	own.addr.scope_id = network.addr.scope_id = 0;
	struct sdr_item *item = sdr_item_object(list, NULL, NULL);
	sdr_about_addr(item, "address", "Address", &own.addr);
	sdr_item_integer(item, "prefix_length", "Length", prefix->length);
	sdr_about_addr(item, "netmask", "Netmask", &netmask);
	sdr_item_text(item, "network", "Network", sdr_prefix_format(text, &network));
}

static void fill(
	struct sdr_item *root, const struct sdr_host *host, const struct sdr_interface *interface)
{
	char hardware[24] = "";
	size_t used = 0;
	for (unsigned i = 0; i < interface->hardware_length; i++)
		used += (size_t)snprintf(hardware + used, sizeof(hardware) - used, "%s%02x",
			i > 0 ? ":" : "", interface->hardware[i]);
	sdr_item_text(root, "name", "Name", interface->name)->show = SDR_SHOW_HEADLINE;
	sdr_item_integer(root, "index", "Index", interface->index);
	sdr_item_boolean(root, "up", "Up", interface->up);
	sdr_item_boolean(root, "running", "Running", interface->running);
	sdr_item_boolean(root, "loopback", "Loopback", interface->loopback);
	sdr_item_integer(root, "mtu", "MTU", interface->mtu);
	sdr_about_text(root, "hardware_address", "Hardware", hardware);
	struct sdr_item *list = sdr_item_list(root, "addresses", "Addresses");
	list->show = SDR_SHOW_TABLE;
	for (unsigned i = 0; i < sdr_host_address_count(host); i++)
		if (sdr_host_address(host, i)->index == interface->index)
			add_address(list, &sdr_host_address(host, i)->prefix);
}

static bool is_wanted(const struct sdr_call *call, const char *name)
{
	size_t words = sdr_call_words(call);
	for (size_t i = 0; i < words; i++)
		if (strcmp(sdr_call_word(call, i), name) == 0)
			return true;
	return words == 0;
}

/* Names the first word that no interface has. */
static bool is_known(
	const struct sdr_call *call, const struct sdr_host *host, struct sdr_error *error)
{
	for (size_t i = 0; i < sdr_call_words(call); i++) {
		const char *word = sdr_call_word(call, i);
		bool found = false;
		for (unsigned j = 0; j < sdr_host_interface_count(host); j++)
			found |= strcmp(sdr_host_interface(host, j)->name, word) == 0;
		if (found)
			continue;
		sdr_error_set(error, 0,
			"this host has no interface \"%.40s\"; "
			"\"sounder interfaces\" lists those it has",
			word);
		return false;
	}
	return true;
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	const struct sdr_host *host = sdr_app_host(call->app);
	enum sdr_status interfaces = sdr_host_look(host, SDR_HOST_INTERFACES, error);
	enum sdr_status addresses =
		interfaces == SDR_OK ? sdr_host_look(host, SDR_HOST_ADDRESSES, error) : interfaces;
	(void)word;
	if (addresses != SDR_OK && addresses != SDR_ERANGE)
		return SDR_EXIT_FAIL;
	for (unsigned i = 0; i < sdr_host_interface_count(host); i++) {
		const struct sdr_interface *interface = sdr_host_interface(host, i);
		if (!is_wanted(call, interface->name))
			continue;
		struct sdr_sheet *sheet = sdr_sheet_new();
		if (sheet)
			fill(sdr_sheet_root(sheet), host, interface);
		if (!sdr_answers_emit(answers, sheet, error))
			return SDR_EXIT_FAIL;
	}
	if (addresses != SDR_OK)
		return SDR_EXIT_FAIL;
	return is_known(call, host, error) ? SDR_EXIT_YES : SDR_EXIT_NO;
}

static bool is_true(const struct sdr_item *root, const char *key)
{
	return sdr_item_find(root, key)->value.integer != 0;
}

static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	const struct sdr_item *hardware = sdr_item_find(root, "hardware_address");
	bool up = is_true(root, "up");
	(void)call;
	sdr_out_put(out, SDR_TONE_STRONG, "%s", sdr_item_find(root, "name")->value.bytes);
	sdr_out_put(out, up ? SDR_TONE_PLAIN : SDR_TONE_BAD, "  %s", up ? "up" : "down");
	if (up && !is_true(root, "running"))
		sdr_out_put(out, SDR_TONE_BAD, ", no carrier");
	sdr_out_put(out, SDR_TONE_PLAIN, "  mtu %" PRId64 "%s",
		sdr_item_find(root, "mtu")->value.integer,
		is_true(root, "loopback") ? "  loopback" : "");
	sdr_out_line(out, SDR_TONE_DIM, "%s%s", hardware->kind == SDR_ITEM_TEXT ? "  " : "",
		hardware->kind == SDR_ITEM_TEXT ? hardware->value.bytes : "");
	for (const struct sdr_item *item = sdr_item_find(root, "addresses")->first; item;
		item = item->next) {
		sdr_out_put(out, SDR_TONE_PLAIN, "    %s/%" PRId64,
			sdr_item_find(item, "address")->value.bytes,
			sdr_item_find(item, "prefix_length")->value.integer);
		sdr_out_line(out, SDR_TONE_DIM, "  net %s  mask %s",
			sdr_item_find(item, "network")->value.bytes,
			sdr_item_find(item, "netmask")->value.bytes);
	}
}

static const char *const examples[] = {
	"interfaces",
	"all interfaces of this host, with their addresses, masks and networks",
	"interfaces --json lo",
	"one of them as a JSON object",
	NULL,
};

const struct sdr_command cmd_interfaces = {
	.name = "interfaces",
	.arguments = "[NAME...]",
	.sentence = "show this host's interfaces, addresses and networks",
	.details = "Each interface with its state, MTU and hardware address, and "
		   "below it its addresses with their networks and masks. "
		   "A name that no interface has ends in exit code 1; where the "
		   "kernel can't be asked, nothing is shown and it is 2.",
	.examples = examples,
	.options = {sdr_options_output},
	.words_min = 0,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.parts = SDR_PART_HOST,
	.complete = SDR_COMPLETE_NONE,
	.lookup = {.answer = answer, .print = print},
};
