/* mask.c - `mask ADDRESS[/LENGTH | MASK]`: the network an address is in, and all that follows from
 * its mask. RFC 4632 (lengths), RFC 791 sec. 3.2 (classes, for the default mask). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/about.h"
#include "cmd/options.h"

/* How the mask was given. */
static const char *given_by(const struct sdr_reading *reading)
{
	if (reading->kind == SDR_READING_WILDCARD)
		return "wildcard";
	return reading->kind == SDR_READING_NETMASK ? "netmask" : "length";
}

/* No mask: use the class's, as for 127.0.0.1. */
static enum sdr_status take_default(struct sdr_reading *reading, struct sdr_error *error)
{
	char text[SDR_ADDR_TEXT], letter = 0;
	size_t end = reading->offset + reading->size;
	sdr_addr_format(text, &reading->addr);
	if (reading->last.version != 0) {
		sdr_error_set(error, reading->offset,
			"a range has no mask; \"sounder subnet cover\" "
			"gives the networks that it is made of");
		return SDR_EINVAL;
	}
	if (reading->addr.version == 6) {
		sdr_error_set(error, end,
			"%s: an IPv6 address has no default mask; give its length, as in %s/64",
			text, text);
		return SDR_EINVAL;
	}
	unsigned length = sdr_about_class(&reading->addr, &letter);
	uint8_t own;
	bool wildcard;
	if (length == 0 && sdr_prefix_from_mask(&reading->addr, &own, &wildcard, NULL) == SDR_OK) {
		sdr_error_set(error, end,
			"%s is a netmask itself, /%u; put the address that it "
			"belongs to before it, as in 10.1.2.3/%u",
			text, own, own);
		return SDR_EINVAL;
	}
	if (length == 0) {
		sdr_error_set(error, end,
			"%s: class %c (%s) has no default mask; give a length, as in %s/%d", text,
			letter, letter == 'D' ? "multicast" : "reserved", text, 4);
		return SDR_EINVAL;
	}
	reading->length = (uint8_t)length;
	return SDR_OK;
}

/* The second word is always read as a mask. */
static enum sdr_status join(
	const struct sdr_call *call, char *out, size_t size, struct sdr_error *error)
{
	const char *first = sdr_call_word(call, 0), *second = sdr_call_word(call, 1);
	if (strchr(first, '/')) {
		sdr_error_set(error, 0, "\"%.80s\" and \"%.40s\" are two masks; give one of them",
			first, second);
		return SDR_EINVAL;
	}
	if (strlen(first) + strlen(second) + 2 > size) {
		sdr_error_set(
			error, 0, "\"%.40s...\" is too long for an address and a mask", first);
		return SDR_EINVAL;
	}
	snprintf(out, size, "%s/%s", first, second + (second[0] == '/'));
	return SDR_OK;
}

static enum sdr_status read_question(const struct sdr_call *call, const char *text,
	struct sdr_reading *reading, struct sdr_error *error)
{
	char both[256];
	if (!text && sdr_call_words(call) == 2) {
		enum sdr_status status = join(call, both, sizeof(both), error);
		if (status != SDR_OK)
			return status;
		text = both;
	}
	enum sdr_status status = sdr_recognise(
		text ? text : sdr_call_word(call, 0), sdr_about_how(call), reading, error);
	return status == SDR_OK && !reading->has_length ? take_default(reading, error) : status;
}

static void fill(struct sdr_item *root, const char *text, const struct sdr_reading *reading)
{
	struct sdr_prefix prefix = {.addr = reading->addr, .length = reading->length};
	sdr_about_forms(root, &reading->addr);
	sdr_about_reading(root, text, reading);
	sdr_item_text(root, "mask_given", "Mask given as",
		reading->has_length ? given_by(reading) : "class");
	sdr_about_network(root, &prefix);
	sdr_about_embedded(root, &reading->addr);
	sdr_about_add(root, &prefix);
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_reading reading = {0};
	if (read_question(call, word, &reading, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet)
		fill(sdr_sheet_root(sheet), word ? word : sdr_call_word(call, 0), &reading);
	return sdr_answers_emit(answers, sheet, error) ? SDR_EXIT_YES : SDR_EXIT_FAIL;
}

static bool is_stream(const struct sdr_call *call)
{
	return strcmp(sdr_call_word(call, 0), "-") == 0;
}

/* For a list, a line each: the network, and its range. */
static void print_brief(struct sdr_out *out, const struct sdr_item *root)
{
	char count[64];
	sdr_item_format_value(count, sizeof(count), sdr_item_find(root, "usable_hosts"));
	sdr_out_put(out, SDR_TONE_STRONG, "%s/%" PRId64,
		sdr_item_find(root, "network")->value.bytes,
		sdr_item_find(root, "prefix_length")->value.integer);
	sdr_out_line(out, SDR_TONE_PLAIN, "  %s  %s - %s  %s",
		sdr_item_find(root, "address")->value.bytes,
		sdr_item_find(root, "first_host")->value.bytes,
		sdr_item_find(root, "last_host")->value.bytes, count);
}

/* 0.0.0.255 alone is an address by its form, and hardly meant as one. */
static void print_mask(struct sdr_out *out, const struct sdr_item *root)
{
	struct sdr_addr addr;
	uint8_t length;
	bool wildcard;
	const char *text = sdr_item_find(root, "address")->value.bytes;
	if (sdr_addr_parse(text, &addr, NULL) != SDR_OK || sdr_addr_is_any(&addr) ||
		sdr_prefix_from_mask(&addr, &length, &wildcard, NULL) != SDR_OK || !wildcard)
		return;
	sdr_out_line(out, SDR_TONE_WARNING,
		"%s is a wildcard (inverse) mask itself, /%u; put the "
		"address that it belongs to before it.",
		text, length);
}

static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	int64_t length = sdr_item_find(root, "prefix_length")->value.integer;
	const char *given = sdr_item_find(root, "mask_given")->value.bytes;
	if (sdr_call_has(call, "shell")) {
		sdr_about_shell(out, root);
		return;
	}
	if (is_stream(call)) {
		print_brief(out, root);
		return;
	}
	sdr_about_print(out, root);
	if (strcmp(given, "wildcard") == 0)
		sdr_out_line(out, SDR_TONE_WARNING,
			"What was given is a wildcard (inverse) mask; it stands for /%" PRId64 ".",
			length);
	if (strcmp(given, "class") == 0)
		sdr_out_line(out, SDR_TONE_DIM,
			"No mask was given: /%" PRId64 " is the class's default.", length);
	if (strcmp(given, "class") == 0)
		print_mask(out, root);
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	if (is_stream(call) && sdr_call_words(call) > 1) {
		sdr_error_set(error, 1,
			"with \"-\" each line of standard input has "
			"its own mask; leave \"%.40s\" out",
			sdr_call_word(call, 1));
		return SDR_EINVAL;
	}
	request->lookup.each_word = is_stream(call);
	return SDR_OK;
}

static const struct sdr_option mask_options[] = {
	{.name = "shell",
		.letter = 's',
		.kind = SDR_OPTION_FLAG,
		.where = SDR_WHERE_SHELL,
		.excludes = "json csv",
		.sentence = "write KEY=value lines with ipcalc's keys, for a shell's eval"},
	{NULL},
};

static const char *const examples[] = {
	"mask 10.1.2.3/23",
	"network 10.1.2.0, broadcast 10.1.3.255, 510 hosts",
	"mask 10.1.2.3 255.255.254.0",
	"the same, with the mask in dotted form",
	"mask 127.0.0.1",
	"the default mask of the address's class, 255.0.0.0",
	"mask --json 2001:db8::17/64",
	"an IPv6 network, as a JSON object",
	"mask --shell 10.1.2.3/23",
	"NETWORK=10.1.2.0, PREFIX=23 and so on, with the keys of ipcalc",
	"mask -",
	"reads standard input, an address with its mask a line, and answers with a line each",
	NULL,
};

const struct sdr_command cmd_mask = {
	.name = "mask",
	.arguments = "ADDRESS[/LENGTH | MASK]",
	.sentence = "show the network, host part and range that a mask gives",
	.details = "The mask is a length (10.1.2.3/23), a netmask (10.1.2.3 255.255.254.0, or "
		   "fffffe00) or a wildcard (0.0.1.255), after a slash or a blank. "
		   "Without one, an IPv4 address of class A, B or C has its class's default; "
		   "IPv6 and classes D and E need one. 0.0.0.0 and 255.255.255.255, which "
		   "are valid as both, count as netmasks, with a note.\n\n"
		   "A /31 has no broadcast address and two usable ones (RFC 3021), a /32 one. "
		   "A mask whose ones are not in one piece is refused.",
	.examples = examples,
	.options = {mask_options, sdr_about_options, sdr_options_output},
	.words_min = 1,
	.words_max = 2,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_NONE,
	.lookup = {.answer = answer, .print = print},
	.make = make,
};
