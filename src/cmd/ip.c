/* ip.c - `ip ADDRESS...`: an address in its canonical form, and what kind it is. RFC 5952, RFC 6890. */
#include <stdio.h>
#include <string.h>

#include "cmd/about.h"
#include "sounder/addr.h"
#include "sounder/command.h"
#include "sounder/out.h"
#include "sounder/registry.h"

static bool is_mapped(const struct sdr_addr *addr)
{
	static const struct sdr_prefix mapped = {.addr = {.version = 6, .bytes = {[10] = 0xff, [11] = 0xff}}, .length = 96};
	return sdr_prefix_contains(&mapped, addr);
}

/* All eight groups with all their digits, or the four bytes as one hexadecimal number. */
static void add_expanded(struct sdr_item *root, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	size_t used = 0;
	for (unsigned i = 0; i < sdr_addr_bits(addr) / 8; i++)
		used += (size_t)snprintf(
			text + used, sizeof text - used, "%s%02x", addr->version == 6 && i > 0 && i % 2 == 0 ? ":" : "", addr->bytes[i]);
	sdr_item_text(root, "expanded", addr->version == 6 ? "Expanded" : "Hexadecimal", text);
}

static void fill(struct sdr_item *root, const char *word, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	struct sdr_addr four = {.version = 4};
	sdr_item_text(root, "address", "Address", sdr_addr_format(text, addr));
	sdr_item_integer(root, "version", "Version", addr->version);
	sdr_item_text(root, "input", "Typed", word)->show = SDR_SHOW_HIDDEN;
	add_expanded(root, addr);
	if (addr->scope_id != 0)
		sdr_item_integer(root, "zone", "Zone", addr->scope_id);
	else
		sdr_item_null(root, "zone", "Zone")->show = SDR_SHOW_HIDDEN;
	if (is_mapped(addr)) {
		memcpy(four.bytes, addr->bytes + 12, 4);
		sdr_item_text(root, "ipv4", "IPv4 within", sdr_addr_format(text, &four));
	} else {
		sdr_item_null(root, "ipv4", "IPv4 within")->show = SDR_SHOW_HIDDEN;
	}
	sdr_about_add(root, addr);
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word, const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_addr addr;
	enum sdr_exit exit = SDR_EXIT_FAIL;
	(void)call;
	if (sdr_addr_parse(word, &addr, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet != NULL)
		fill(sdr_sheet_root(sheet), word, &addr);
	if (sheet == NULL || sdr_sheet_failed(sheet)) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	} else {
		answers->emit(answers->context, sheet);
		exit = SDR_EXIT_YES;
	}
	sdr_sheet_free(sheet);
	return exit;
}

/* One line an address, so that a list of them stays a list: the address first, for cut and awk. */
static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	const struct sdr_item *special = sdr_item_find(root, "special_purpose");
	const struct sdr_item *rfc = sdr_item_find(special, "rfc");
	const char *address = sdr_item_find(root, "address")->value.bytes;
	(void)call;
	sdr_out_put(out, SDR_TONE_STRONG, "%-15s", address);
	sdr_out_put(out, SDR_TONE_PLAIN, "  IPv%lld  %s", (long long)sdr_item_find(root, "version")->value.integer,
		sdr_item_find(root, "kind")->value.bytes);
	if (rfc != NULL)
		sdr_out_put(out, SDR_TONE_DIM, " (%s)", rfc->value.bytes);
	sdr_out_end(out);
}

static enum sdr_status make(const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_LOOKUP;
	request->lookup = (struct sdr_lookup){.each_word = true, .answer = answer, .print = print};
	return SDR_OK;
}

static const char *const examples[] = {
	"ip 2001:DB8:0:0:0:0:0:1",
	"the canonical form, 2001:db8::1, and what the block is for",
	"ip --json 10.1.2.3",
	"the same as a JSON object, with the block's flags and who holds it",
	"ip -",
	"reads addresses from standard input, one a line",
	NULL,
};

const struct sdr_command cmd_ip = {
	.name = "ip",
	.arguments = "ADDRESS...",
	.sentence = "check addresses and write them in canonical form",
	.details = "Reads IPv4 and IPv6 addresses strictly and writes them as RFC 5952 wants them, with what IANA's registries say about "
		   "the block. "
		   "Old IPv4 spellings (127.1, 0x7f.1, 010.0.0.1), which programs read differently, are refused and explained. "
		   "An IPv6 address may carry a zone: fe80::1%eth0.\n\n"
		   "\"-\" reads addresses from standard input, one a line. Text that is no address ends in exit code 2; the rest is still "
		   "answered.",
	.examples = examples,
	.options = {sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_NONE,
	.make = make,
};
