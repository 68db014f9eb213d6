/* ip.c - `ip TEXT...`: whatever has an address in it; its canonical form and all that is known of
 * it. RFC 5952, RFC 6890. */
#include <string.h>

#include "cmd/about.h"
#include "cmd/options.h"
#include "sounder/registry.h"

/* For a single address show the whole sheet; for a list, a line each. */
static bool is_alone(const struct sdr_call *call)
{
	return sdr_call_words(call) == 1 && strcmp(sdr_call_word(call, 0), "-") != 0;
}

/* What a line of a list needs: a million of them should not compute what is not shown. */
static bool is_brief(const struct sdr_call *call)
{
	return !is_alone(call) && !sdr_call_has(call, "json") && !sdr_call_has(call, "csv");
}

static void fill_brief(struct sdr_item *root, const struct sdr_reading *reading)
{
	char text[SDR_PREFIX_TEXT];
	struct sdr_special special;
	struct sdr_prefix prefix = sdr_reading_prefix(reading);
	if (reading->has_length)
		sdr_item_text(root, "address", "Address", sdr_prefix_format(text, &prefix));
	else
		sdr_item_text(root, "address", "Address", sdr_addr_format(text, &reading->addr));
	sdr_item_integer(root, "version", "Version", reading->addr.version);
	sdr_item_text(root, "kind", "Kind",
		prefix.length == 0 ? "default route" : sdr_registry_kind(&reading->addr));
	if (sdr_registry_special_find(&reading->addr, &special))
		sdr_item_text(
			sdr_item_object(root, "special_purpose", ""), "rfc", "By", special.rfc);
	else
		sdr_item_null(root, "special_purpose", "");
}

static void fill(struct sdr_item *root, const char *word, const struct sdr_reading *reading)
{
	struct sdr_prefix prefix = sdr_reading_prefix(reading);
	sdr_about_forms(root, &reading->addr);
	sdr_about_reading(root, word, reading);
	if (reading->has_length)
		sdr_about_network(root, &prefix);
	sdr_about_embedded(root, &reading->addr);
	sdr_about_add(root, &prefix);
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_reading reading;
	if (sdr_recognise(word, sdr_about_how(call), &reading, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet && is_brief(call))
		fill_brief(sdr_sheet_root(sheet), &reading);
	else if (sheet)
		fill(sdr_sheet_root(sheet), word, &reading);
	return sdr_answers_emit(answers, sheet, error) ? SDR_EXIT_YES : SDR_EXIT_FAIL;
}

/* The address first, for cut and awk. */
static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	if (is_alone(call)) {
		sdr_about_print(out, root);
		return;
	}
	const struct sdr_item *special = sdr_item_find(root, "special_purpose");
	const struct sdr_item *rfc = sdr_item_find(special, "rfc");
	sdr_out_put(out, SDR_TONE_STRONG, "%-15s", sdr_item_find(root, "address")->value.bytes);
	sdr_out_put(out, SDR_TONE_PLAIN, "  IPv%lld  %s",
		(long long)sdr_item_find(root, "version")->value.integer,
		sdr_item_find(root, "kind")->value.bytes);
	if (rfc)
		sdr_out_put(out, SDR_TONE_DIM, " (%s)", rfc->value.bytes);
	sdr_out_end(out);
}

static const char *const examples[] = {
	"ip 2001:DB8:0:0:0:0:0:1",
	"the canonical form, 2001:db8::1, and what the block is for",
	"ip --json 10.1.2.3/23",
	"a network as a JSON object, with all that follows from its mask",
	"ip \"Failed password for root from 192.0.2.7 port 22\"",
	"the address in a line of a log",
	"ip --inet-aton 127.1",
	"the address that programs with inet_aton() make of it, 127.0.0.1",
	"ip -",
	"reads standard input, an address a line, and answers with a line each",
	NULL,
};

const struct sdr_command cmd_ip = {
	.name = "ip",
	.arguments = "ADDRESS...",
	.sentence = "recognise any text with an address, and show all about it",
	.details =
		"Reads IPv4 and IPv6 addresses, networks (10.1.2.3/23, "
		"10.1.2.3/255.255.254.0, a wildcard), ranges (A-B), integers above 65535, "
		"hardware addresses, host:port, URLs, names of in-addr.arpa and "
		"ip6.arpa, and lines of a log, and shows what it read the text as. "
		"Old IPv4 spellings (127.1, 0x7f.1, 010.0.0.1), which programs read "
		"differently, are refused and explained, or read with --inet-aton. "
		"An IPv6 address may carry a zone: fe80::1%eth0.\n\n"
		"One address is answered with the whole sheet: its forms, class, scope, "
		"what IANA's registries have about the block, what it embeds (an IPv4 "
		"address, a MAC), and, for a network, all that mask shows. "
		"Several, or \"-\" for the lines of standard input, are "
		"answered with a line each: address, version, kind. "
		"Text with no address ends in exit code 2; the rest is still answered.\n\n"
		"JSON has all of it: address, read_as, expanded, hexadecimal, decimal, "
		"address_binary, class, scope, ipv4, embedded, solicited_node, hardware_address, "
		"kind, special_purpose with its five flags, holder, reverse_name; of a network, a "
		"range or an endpoint also network and the other keys of mask, range, port. "
		"What does not apply is null.",
	.examples = examples,
	.options = {sdr_about_options, sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_NONE,
	.lookup = {.each_word = true, .answer = answer, .print = print},
};
