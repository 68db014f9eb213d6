/* mask.c - `mask ADDRESS[/LENGTH | MASK]`: the network an address is in, and all that follows from its mask.
 * RFC 4632 (lengths), RFC 791 sec. 3.2 (classes, for the default mask), RFC 3021 (/31), RFC 4291 (IPv6: no broadcast address). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/about.h"
#include "sounder/addr.h"
#include "sounder/command.h"
#include "sounder/out.h"

/* How the mask was given. */
enum given { GIVEN_LENGTH, GIVEN_NETMASK, GIVEN_WILDCARD, GIVEN_CLASS };

static const char *const given_names[] = {"length", "netmask", "wildcard", "class"};

struct question {
	struct sdr_prefix prefix; /* the address with the mask's length */
	enum given given;
};

/* An IPv4 address's class by its leading bits; the length is 0 where a class has no default mask. */
struct address_class {
	char name;
	uint8_t below;  /* the first byte is below this; 0: no bound */
	uint8_t length; /* default mask */
};

static const struct address_class *class_of(const struct sdr_addr *addr)
{
	static const struct address_class classes[] = {{'A', 128, 8}, {'B', 192, 16}, {'C', 224, 24}, {'D', 240, 0}, {'E', 0, 0}};
	const struct address_class *found = classes;
	while (found->below != 0 && addr->bytes[0] >= found->below)
		found++;
	return found;
}

/* Reads fffffe00 or 0xfffffe00, as ifconfig and this command write a mask. */
static bool parse_hex_mask(const char *text, struct sdr_addr *mask)
{
	const char *digits = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? text + 2 : text;
	if (strlen(digits) != 8 || digits[strspn(digits, "0123456789abcdefABCDEF")] != '\0')
		return false;
	uint32_t value = (uint32_t)strtoul(digits, NULL, 16);
	*mask = (struct sdr_addr){
		.version = 4, .bytes = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value}};
	return true;
}

static enum sdr_status take_mask(const char *text, struct question *question, struct sdr_error *error)
{
	struct sdr_addr mask;
	struct sdr_error why;
	bool wildcard = false; /* stays so where the mask is none */
	if (!parse_hex_mask(text, &mask) && sdr_addr_parse(text, &mask, &why) != SDR_OK) {
		sdr_error_set(error, 0, "\"%.80s\" is no mask; one is a length such as /23, or looks like %s", text,
			question->prefix.addr.version == 4 ? "255.255.254.0, 0.0.1.255 or fffffe00" : "ffff:ffff::");
		return SDR_EINVAL;
	}
	if (mask.version != question->prefix.addr.version) {
		sdr_error_set(error, 0, "\"%.80s\" is an IPv%u mask, but the address is IPv%u; give a length, such as /%d", text,
			mask.version, question->prefix.addr.version, question->prefix.addr.version == 4 ? 24 : 64);
		return SDR_EINVAL;
	}
	enum sdr_status status = sdr_prefix_from_mask(&mask, &question->prefix.length, &wildcard, error);
	question->given = wildcard ? GIVEN_WILDCARD : GIVEN_NETMASK;
	return status;
}

/* Reads what follows the address: 23, /23, 255.255.254.0, 0.0.1.255. */
static enum sdr_status take_length(const char *text, struct question *question, struct sdr_error *error)
{
	const char *digits = text[0] == '/' ? text + 1 : text;
	char both[SDR_ADDR_TEXT + 16], addr[SDR_ADDR_TEXT];
	size_t count = strspn(digits, "0123456789");
	if (digits[count] != '\0' || (count > 3 && digits == text))
		return take_mask(digits, question, error);
	snprintf(both, sizeof both, "%s/%.10s", sdr_addr_format(addr, &question->prefix.addr), digits);
	question->given = GIVEN_LENGTH;
	return sdr_prefix_parse(both, &question->prefix, error);
}

/* No mask: the class says it, as for 127.0.0.1. */
static enum sdr_status take_default(struct question *question, struct sdr_error *error)
{
	char text[SDR_ADDR_TEXT];
	const struct sdr_addr *addr = &question->prefix.addr;
	sdr_addr_format(text, addr);
	if (addr->version == 6) {
		sdr_error_set(error, strlen(text), "%s: an IPv6 address has no default mask; give its length, as in %s/64", text, text);
		return SDR_EINVAL;
	}
	const struct address_class *found = class_of(addr);
	if (found->length == 0) {
		sdr_error_set(error, strlen(text), "%s: class %c (%s) has no default mask; give a length, as in %s/%d", text, found->name,
			found->name == 'D' ? "multicast" : "reserved", text, 4);
		return SDR_EINVAL;
	}
	question->prefix.length = found->length;
	question->given = GIVEN_CLASS;
	return SDR_OK;
}

static enum sdr_status read_question(const struct sdr_call *call, struct question *question, struct sdr_error *error)
{
	const char *first = sdr_call_word(call, 0), *second = sdr_call_word(call, 1);
	const char *slash = strchr(first, '/');
	char head[SDR_ADDR_TEXT];
	enum sdr_status status;
	*question = (struct question){0};
	if (slash == NULL || (size_t)(slash - first) >= sizeof head) {
		status = sdr_addr_parse(first, &question->prefix.addr, error);
	} else {
		snprintf(head, sizeof head, "%.*s", (int)(slash - first), first);
		status = sdr_addr_parse(head, &question->prefix.addr, error);
	}
	if (status != SDR_OK)
		return status;
	if (slash != NULL && second != NULL) {
		sdr_error_set(error, 0, "\"%.80s\" and \"%.40s\" are two masks; give one of them", first, second);
		return SDR_EINVAL;
	}
	if (slash != NULL)
		return take_length(slash, question, error);
	return second != NULL ? take_length(second, question, error) : take_default(question, error);
}

static struct sdr_item *add_addr(struct sdr_item *root, const char *key, const char *label, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	return sdr_item_text(root, key, label, sdr_addr_format(text, addr));
}

static void add_hex(struct sdr_item *root, const struct sdr_addr *mask)
{
	char text[40];
	for (unsigned i = 0; i < sdr_addr_bits(mask) / 8; i++)
		snprintf(text + 2 * i, sizeof text - 2 * i, "%02x", mask->bytes[i]);
	sdr_item_text(root, "netmask_hex", "Netmask (hex)", text);
}

/* The bits of an IPv4 address, a dot between bytes; the text form sets a bar where the network ends. */
static void add_binary(struct sdr_item *root, const char *key, const char *label, const struct sdr_addr *addr)
{
	char text[40];
	size_t used = 0;
	if (addr->version == 6) {
		sdr_item_null(root, key, label)->show = SDR_SHOW_HIDDEN;
		return;
	}
	for (unsigned bit = 0; bit < 32; bit++) {
		if (bit > 0 && bit % 8 == 0)
			text[used++] = '.';
		text[used++] = (char)('0' + (addr->bytes[bit / 8] >> (7 - bit % 8) & 1));
	}
	text[used] = '\0';
	sdr_item_text(root, key, label, text);
}

/* 2^bits less two: to 2^53 a number, above a decimal string, since JSON readers lose digits there. */
static void add_count(struct sdr_item *root, const char *key, const char *label, unsigned bits, unsigned minus)
{
	char text[SDR_COUNT_TEXT];
	if (bits <= 53)
		sdr_item_integer(root, key, label, (INT64_C(1) << bits) - (int64_t)minus);
	else
		sdr_item_text(root, key, label, sdr_count_format(text, bits, minus));
}

/* What can be given to hosts. IPv4 keeps the first and last for network and broadcast, but /31 (RFC 3021) and /32; IPv6 has no broadcast. */
static void add_hosts(struct sdr_item *root, const struct sdr_prefix *prefix)
{
	struct sdr_addr first = sdr_prefix_network(prefix), last = sdr_prefix_last(prefix);
	unsigned bits = sdr_addr_bits(&prefix->addr) - prefix->length;
	bool reserved = prefix->addr.version == 4 && bits >= 2;
	if (reserved)
		add_addr(root, "broadcast", "Broadcast", &last);
	else
		sdr_item_null(root, "broadcast", "Broadcast");
	if (reserved) {
		first = sdr_addr_add(&first, 1);
		last = sdr_addr_add(&last, -1);
	}
	add_addr(root, "first_host", "First host", &first);
	add_addr(root, "last_host", "Last host", &last);
	add_count(root, "usable_hosts", "Usable hosts", bits, reserved ? 2 : 0);
	add_count(root, "addresses", "Addresses", bits, 0);
}

static void add_class(struct sdr_item *root, const struct sdr_addr *addr)
{
	if (addr->version == 6) {
		sdr_item_null(root, "class", "Class")->show = SDR_SHOW_HIDDEN;
		sdr_item_null(root, "class_prefix_length", "Default length")->show = SDR_SHOW_HIDDEN;
		return;
	}
	const struct address_class *found = class_of(addr);
	sdr_item_format(root, "class", "Class", "%c", found->name);
	if (found->length != 0)
		sdr_item_integer(root, "class_prefix_length", "Default length", found->length);
	else
		sdr_item_null(root, "class_prefix_length", "Default length");
}

static void fill(struct sdr_item *root, const struct question *question)
{
	const struct sdr_prefix *prefix = &question->prefix;
	struct sdr_addr netmask = sdr_prefix_netmask(prefix), network = sdr_prefix_network(prefix),
			host_part = sdr_prefix_host_part(prefix);
	struct sdr_prefix none = {.addr = {.version = prefix->addr.version}, .length = prefix->length};
	struct sdr_addr wildcard = sdr_prefix_last(&none);
	add_addr(root, "address", "Address", &prefix->addr);
	add_binary(root, "address_binary", "Address (bits)", &prefix->addr);
	sdr_item_integer(root, "version", "Version", prefix->addr.version)->show = SDR_SHOW_HIDDEN;
	sdr_item_integer(root, "prefix_length", "Length", prefix->length);
	sdr_item_text(root, "mask_given", "Mask given as", given_names[question->given]);
	add_addr(root, "netmask", "Netmask", &netmask);
	add_binary(root, "netmask_binary", "Netmask (bits)", &netmask);
	add_hex(root, &netmask);
	add_addr(root, "wildcard", "Wildcard", &wildcard);
	add_addr(root, "network", "Network", &network);
	add_addr(root, "host_part", "Host part", &host_part);
	add_hosts(root, prefix);
	add_class(root, &prefix->addr);
	sdr_about_add(root, &prefix->addr);
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word, const struct sdr_answers *answers, struct sdr_error *error)
{
	struct question question;
	enum sdr_exit exit = SDR_EXIT_FAIL;
	(void)word;
	if (read_question(call, &question, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet != NULL)
		fill(sdr_sheet_root(sheet), &question);
	if (sheet == NULL || sdr_sheet_failed(sheet)) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	} else {
		answers->emit(answers->context, sheet);
		exit = SDR_EXIT_YES;
	}
	sdr_sheet_free(sheet);
	return exit;
}

/* ---- text ---- */

static void say(char *out, size_t size, const struct sdr_item *root, const char *key)
{
	const struct sdr_item *item = sdr_item_find(root, key);
	out[0] = '\0';
	if (item != NULL)
		sdr_item_say(out, size, item);
}

/* Writes dotted bits with a bar where the network ends: between two bits, or in place of the dot between two bytes. */
static void print_bits(struct sdr_out *out, const char *bits, int64_t length)
{
	int before = (int)(length + length / 8);
	if (length == 0 || length == 32)
		sdr_out_put(out, SDR_TONE_DIM, "%s", bits);
	else if (length % 8 == 0)
		sdr_out_put(out, SDR_TONE_DIM, "%.*s|%s", before - 1, bits, bits + before);
	else
		sdr_out_put(out, SDR_TONE_DIM, "%.*s|%s", before, bits, bits + before);
}

static void print_line(struct sdr_out *out, const struct sdr_item *root, const char *const keys[2], int64_t length)
{
	char value[128], bits[48];
	const struct sdr_item *item = sdr_item_find(root, keys[0]);
	if (item == NULL || item->kind == SDR_ITEM_NULL)
		return;
	say(value, sizeof value, root, keys[0]);
	say(bits, sizeof bits, root, keys[1] != NULL ? keys[1] : "");
	sdr_out_put(out, SDR_TONE_DIM, "%-14s", item->label);
	sdr_out_put(out, SDR_TONE_PLAIN, bits[0] != '\0' && bits[0] != '-' ? "%-18s" : "%s", value);
	if (bits[0] == '0' || bits[0] == '1')
		print_bits(out, bits, length);
	sdr_out_end(out);
}

static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	static const char *const lines[][2] = {{"address", "address_binary"}, {"prefix_length"}, {"netmask", "netmask_binary"},
		{"netmask_hex"}, {"wildcard"}, {"network"}, {"host_part"}, {"broadcast"}, {"first_host"}, {"last_host"}, {"usable_hosts"},
		{"class"}, {"kind"}};
	int64_t length = sdr_item_find(root, "prefix_length")->value.integer;
	const char *given = sdr_item_find(root, "mask_given")->value.bytes;
	(void)call;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		print_line(out, root, lines[i], length);
	if (strcmp(given, given_names[GIVEN_WILDCARD]) == 0)
		sdr_out_line(out, SDR_TONE_WARNING, "What was given is a wildcard (inverse) mask; it stands for /%" PRId64 ".", length);
	if (strcmp(given, given_names[GIVEN_CLASS]) == 0)
		sdr_out_line(out, SDR_TONE_DIM, "No mask was given: /%" PRId64 " is the class's default.", length);
}

static enum sdr_status make(const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_LOOKUP;
	request->lookup = (struct sdr_lookup){.answer = answer, .print = print};
	return SDR_OK;
}

static const char *const examples[] = {
	"mask 10.1.2.3/23",
	"network 10.1.2.0, broadcast 10.1.3.255, 510 hosts",
	"mask 10.1.2.3 255.255.254.0",
	"the same, with the mask in dotted form",
	"mask 127.0.0.1",
	"the default mask of the address's class, 255.0.0.0",
	"mask --json 2001:db8::17/64",
	"an IPv6 network, as a JSON object",
	NULL,
};

const struct sdr_command cmd_mask = {
	.name = "mask",
	.arguments = "ADDRESS[/LENGTH | MASK]",
	.sentence = "show the network, host part and range that a mask gives",
	.details = "The mask is a length (10.1.2.3/23), a netmask (10.1.2.3 255.255.254.0, or fffffe00) or a wildcard (0.0.1.255), after a "
		   "slash or a "
		   "blank. Without one, an IPv4 address of class A, B or C has its class's default; IPv6 and classes D and E need one.\n\n"
		   "A /31 has no broadcast address and two usable ones (RFC 3021), a /32 one. A mask whose ones are not in one piece is "
		   "refused.",
	.examples = examples,
	.options = {sdr_options_output},
	.words_min = 1,
	.words_max = 2,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_NONE,
	.make = make,
};
