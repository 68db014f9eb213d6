/* subnet_near.c - `subnet next`, `previous`, `random`: networks beside one, addresses inside
 * one. */
#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

#include "cmd/options.h"
#include "cmd/subnet.h"

/* ---- neighbours ---- */

static enum sdr_exit step(const struct sdr_call *call, const struct sdr_answers *answers,
	int64_t step, struct sdr_error *error)
{
	struct sdr_prefix at;
	char text[SDR_PREFIX_TEXT];
	int64_t count = sdr_call_number(call, "count", 1);
	enum sdr_status status = sdr_subnet_one(sdr_call_word(call, 0), &at, error);
	for (int64_t i = 0; status == SDR_OK && i < count; i++) {
		struct sdr_prefix next;
		if (!sdr_prefix_step(&at, step, &next)) {
			sdr_error_set(error, 0, "%s is the %s network of its length",
				sdr_prefix_format(text, &at), step > 0 ? "last" : "first");
			return SDR_EXIT_NO;
		}
		at = next;
		struct sdr_range range = sdr_range_of(&at);
		status = sdr_subnet_emit(answers, &range, NULL, NULL);
	}
	return sdr_subnet_exit(status, error);
}

static enum sdr_exit answer_next(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	(void)word;
	return step(call, answers, 1, error);
}

static enum sdr_exit answer_previous(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	(void)word;
	return step(call, answers, -1, error);
}

static const struct sdr_option options[] = {
	{"count", 'n', SDR_OPTION_INTEGER, "N", "give N, not one", 1, 1 << 24},
	{NULL},
};

static const char *const next_examples[] = {
	"subnet next 10.0.255.0/24",
	"10.1.0.0/24",
	NULL,
};

static const char *const previous_examples[] = {
	"subnet previous 10.1.0.0/24 --count 3",
	"10.0.255.0/24, 10.0.254.0/24, 10.0.253.0/24",
	NULL,
};

const struct sdr_command subnet_next = {
	.name = "subnet next",
	.arguments = "NET",
	.sentence = "give the network of the same length that follows",
	.details = "At the end of the address space there is none: exit code 1.",
	.examples = next_examples,
	.options = {sdr_options_output, options},
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.lookup = {.answer = answer_next, .print = sdr_subnet_print},
};

const struct sdr_command subnet_previous = {
	.name = "subnet previous",
	.arguments = "NET",
	.sentence = "give the network of the same length that precedes",
	.details = "At the beginning of the address space there is none: exit code 1.",
	.examples = previous_examples,
	.options = {sdr_options_output, options},
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.lookup = {.answer = answer_previous, .print = sdr_subnet_print},
};

/* ---- random addresses ---- */

static bool emit_address(const struct sdr_answers *answers, const struct sdr_addr *addr,
	const struct sdr_prefix *net, struct sdr_error *error)
{
	char text[SDR_PREFIX_TEXT];
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet) {
		struct sdr_item *root = sdr_sheet_root(sheet);
		sdr_item_text(root, "address", "Address", sdr_addr_format(text, addr));
		sdr_item_integer(root, "version", "Version", addr->version)->show = SDR_SHOW_HIDDEN;
		sdr_item_text(root, "prefix", "In", sdr_prefix_format(text, net));
	}
	return sdr_answers_emit(answers, sheet, error);
}

/* All host parts are equally likely: each bit is the kernel's. */
static enum sdr_exit answer_random(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_prefix net;
	int64_t count = sdr_call_number(call, "count", 1);
	(void)word;
	if (sdr_subnet_one(sdr_call_word(call, 0), &net, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	struct sdr_addr mask = sdr_prefix_netmask(&net);
	for (int64_t i = 0; i < count; i++) {
		struct sdr_addr addr = net.addr;
		uint8_t bits[16];
		if (getrandom(bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
			return sdr_subnet_exit(SDR_ESYSTEM, error);
		for (unsigned byte = 0; byte < sdr_addr_bits(&addr) / 8; byte++)
			addr.bytes[byte] = (uint8_t)((addr.bytes[byte] & mask.bytes[byte]) |
				(bits[byte] & (uint8_t)~mask.bytes[byte]));
		if (!emit_address(answers, &addr, &net, error))
			return SDR_EXIT_FAIL;
	}
	return SDR_EXIT_YES;
}

static void print_random(
	struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	(void)call;
	sdr_out_line(out, SDR_TONE_PLAIN, "%s", sdr_item_find(root, "address")->value.bytes);
}

static const char *const random_examples[] = {
	"subnet random 2001:db8::/32 --count 3",
	"three addresses of the network",
	NULL,
};

const struct sdr_command subnet_random = {
	.name = "subnet random",
	.arguments = "NET",
	.sentence = "give random addresses of a network",
	.details = "Every address is equally likely, network and broadcast "
		   "address among them, and one may come twice.",
	.examples = random_examples,
	.options = {sdr_options_output, options},
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.lookup = {.answer = answer_random, .print = print_random},
};
