/* subnet_split.c - `subnet split`: a network into equal ones, or into ones for so many hosts each.
 * Those for hosts are cut largest first, each from the smallest free network that holds it; powers
 * of two cut in that order leave no gap. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "cmd/subnet.h"

#define LIST_MAX (1 << 24) /* networks in an answer; more would not end */
#define HOSTS_MAX 65536    /* numbers after --hosts */

/* One requested network, or a free one. */
struct part {
	int64_t hosts;   /* asked for; 0 with --count */
	unsigned length; /* of the network that holds them */
};

/* The arguments of a split. */
struct state {
	struct sdr_prefix net;
	unsigned length;    /* of each; for the plain form */
	struct part *parts; /* [count], largest first; or NULL */
	size_t count;
	struct sdr_pool pool;
};

static void release(void *memory)
{
	struct state *state = memory;
	free(state->parts);
	sdr_pool_done(&state->pool);
}

/* ---- the plain form ---- */

static enum sdr_exit answer_equal(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	const struct state *state = answers->state;
	struct sdr_prefix at = {
		.addr = sdr_prefix_network(&state->net), .length = (uint8_t)state->length};
	enum sdr_status status = SDR_OK;
	(void)call;
	(void)word;
	do {
		struct sdr_range range = sdr_range_of(&at);
		status = sdr_subnet_emit(answers, &range, NULL, NULL);
	} while (status == SDR_OK && sdr_prefix_step(&at, 1, &at) &&
		sdr_prefix_contains(&state->net, &at.addr));
	return sdr_subnet_exit(status, error);
}

static enum sdr_status take_length(const char *word, struct state *state, struct sdr_error *error)
{
	unsigned bits = sdr_addr_bits(&state->net.addr), least = state->net.length;
	unsigned most = least + 24 < bits ? least + 24 : bits;
	const char *digits = word[0] == '/' ? word + 1 : word;
	size_t count = strspn(digits, "0123456789");
	unsigned long length =
		count > 0 && count <= 3 && digits[count] == '\0' ? strtoul(digits, NULL, 10) : 1000;
	char text[SDR_PREFIX_TEXT], many[SDR_COUNT_TEXT];
	sdr_prefix_format(text, &state->net);
	if (length == 1000) {
		sdr_error_set(error, 1,
			"\"%.40s\" is no length; %s splits into lengths %u "
			"to %u, as in \"subnet split %s %u\"",
			word, text, least, bits, text, least < bits ? least + 1 : least);
		return SDR_EINVAL;
	}
	if (length < least || length > bits) {
		sdr_error_set(error, 1, "/%lu: %s splits into networks of length %u to %u", length,
			text, least, bits);
		return SDR_ERANGE;
	}
	if (length > most) {
		sdr_error_set(error, 1,
			"/%lu would be %s networks, and %d is the "
			"most; up to /%u is right, or --count",
			length, sdr_count_format(many, (unsigned)length - least, 0), LIST_MAX,
			most);
		return SDR_ERANGE;
	}
	state->length = (unsigned)length;
	return SDR_OK;
}

/* ---- by hosts or count, with the rest ---- */

/* What the sheet of a part has beside the network. */
struct reported {
	int64_t hosts; /* asked for; -1: free */
	unsigned bits; /* of the host part */
	bool four;
};

static void report(struct sdr_item *root, const void *what)
{
	const struct reported *reported = what;
	sdr_item_boolean(root, "free", "Free", reported->hosts < 0);
	if (reported->hosts > 0)
		sdr_item_integer(root, "hosts_asked", "Hosts asked", reported->hosts);
	else
		sdr_item_null(root, "hosts_asked", "Hosts asked")->show = SDR_SHOW_HIDDEN;
	if (reported->four && reported->bits >= 2)
		sdr_item_integer(
			root, "usable_hosts", "Usable hosts", (INT64_C(1) << reported->bits) - 2);
	else
		sdr_subnet_count(root, "usable_hosts", "Usable hosts", reported->bits);
}

static enum sdr_status emit_part(
	const struct sdr_answers *answers, const struct sdr_prefix *prefix, int64_t hosts)
{
	struct sdr_range range = sdr_range_of(prefix);
	struct reported reported = {
		hosts, sdr_addr_bits(&prefix->addr) - prefix->length, prefix->addr.version == 4};
	return sdr_subnet_emit(answers, &range, report, &reported);
}

static enum sdr_exit answer_parts(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct state *state = answers->state;
	enum sdr_status status = sdr_pool_add(&state->pool, &state->net);
	(void)call;
	(void)word;
	for (size_t i = 0; status == SDR_OK && i < state->count; i++) {
		struct sdr_prefix taken;
		status = sdr_pool_take(&state->pool, state->parts[i].length, &taken);
		if (status == SDR_OK)
			status = emit_part(answers, &taken, state->parts[i].hosts);
	}
	sdr_pool_sort(&state->pool);
	for (size_t i = 0; status == SDR_OK && i < state->pool.count; i++)
		status = emit_part(answers, &state->pool.free[i], -1);
	return sdr_subnet_exit(status, error);
}

static void print_part(
	struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	bool is_free = sdr_item_find(root, "free")->value.integer != 0;
	const struct sdr_item *asked = sdr_item_find(root, "hosts_asked");
	char usable[SDR_COUNT_TEXT];
	(void)call;
	sdr_item_format_value(usable, sizeof(usable), sdr_item_find(root, "usable_hosts"));
	sdr_out_put(out, is_free ? SDR_TONE_DIM : SDR_TONE_STRONG, "%-18s",
		sdr_item_find(root, "prefix")->value.bytes);
	sdr_out_put(out, SDR_TONE_PLAIN, "  %s-%s  %s host%s",
		sdr_item_find(root, "first")->value.bytes, sdr_item_find(root, "last")->value.bytes,
		usable, strcmp(usable, "1") == 0 ? "" : "s");
	if (is_free)
		sdr_out_put(out, SDR_TONE_DIM, "  free");
	else if (asked->kind == SDR_ITEM_INTEGER)
		sdr_out_put(out, SDR_TONE_PLAIN, "  for %" PRId64, asked->value.integer);
	sdr_out_end(out);
}

/* The length of the smallest network with room for so many hosts: IPv4 keeps its first and last
 * address for itself. -1: none has. */
static int length_for(int64_t hosts, unsigned version)
{
	unsigned bits = version == 4 ? 32 : 128;
	uint64_t need = (uint64_t)hosts + (version == 4 ? 2 : 0);
	unsigned host = 0;
	while (host < 63 && UINT64_C(1) << host < need)
		host++;
	return host > bits ? -1 : (int)(bits - host);
}

static int by_length(const void *a, const void *b)
{
	const struct part *one = a, *other = b;
	if (one->length != other->length)
		return one->length < other->length ? -1 : 1;
	return one->hosts > other->hosts ? -1 : one->hosts < other->hosts;
}

/* Reads one number of --hosts and steps over it and its comma. */
static enum sdr_status take_hosts(const char **text, struct state *state, struct sdr_error *error)
{
	size_t digits = strspn(*text, "0123456789");
	int64_t hosts = digits > 0 && digits <= 18 ? strtoll(*text, NULL, 10) : 0;
	char after = (*text)[digits];
	if (hosts == 0 || (after != ',' && after != '\0') ||
		(after == ',' && (*text)[digits + 1] == '\0')) {
		sdr_error_set(error, 0,
			"--hosts: \"%.40s\" is no number of hosts; numbers from 1 on "
			"with commas between are right, as in --hosts 50,20,10",
			*text);
		return SDR_EINVAL;
	}
	int length = length_for(hosts, state->net.addr.version);
	if (length < (int)state->net.length) {
		char net[SDR_PREFIX_TEXT], need[32] = "no IPv4 network has it";
		if (length >= 0)
			snprintf(need, sizeof(need), "a /%d has it", length);
		sdr_error_set(error, 0, "--hosts %" PRId64 ": more than %s has room for; %s", hosts,
			sdr_prefix_format(net, &state->net), need);
		return SDR_ERANGE;
	}
	state->parts[state->count++] = (struct part){hosts, (unsigned)length};
	*text += digits + (after == ',');
	return SDR_OK;
}

/* All parts together must fit. Each is at most the network, and there are at most 2^16, of at most
 * 2^60 addresses: the sum is exact. */
static enum sdr_status check_room(const struct state *state, struct sdr_error *error)
{
	unsigned __int128 sum = 0;
	unsigned bits = sdr_addr_bits(&state->net.addr), wanted = 0;
	char net[SDR_PREFIX_TEXT];
	for (size_t i = 0; i < state->count; i++)
		sum += (unsigned __int128)1 << (bits - state->parts[i].length);
	while (wanted < 127 && (unsigned __int128)1 << wanted < sum)
		wanted++;
	if (wanted <= bits - state->net.length)
		return SDR_OK;
	sdr_prefix_format(net, &state->net);
	if (wanted > bits)
		sdr_error_set(error, 0,
			"--hosts: together more than %s has room for, and more than all of IPv4",
			net);
	else
		sdr_error_set(error, 0,
			"--hosts: together more than %s has room for; a /%u holds them all", net,
			bits - wanted);
	return SDR_ERANGE;
}

static enum sdr_status plan_hosts(const char *text, struct state *state, struct sdr_error *error)
{
	size_t count = 1;
	for (const char *at = text; *at; at++)
		count += *at == ',';
	if (count > HOSTS_MAX) {
		sdr_error_set(
			error, 0, "--hosts: %zu numbers, and %d is the most", count, HOSTS_MAX);
		return SDR_ERANGE;
	}
	state->parts = calloc(count, sizeof(*state->parts));
	if (!state->parts)
		return SDR_ENOMEM;
	enum sdr_status status = SDR_OK;
	do
		status = take_hosts(&text, state, error);
	while (status == SDR_OK && *text);
	if (status != SDR_OK)
		return status;
	qsort(state->parts, state->count, sizeof(*state->parts), by_length);
	return check_room(state, error);
}

static enum sdr_status plan_count(int64_t count, struct state *state, struct sdr_error *error)
{
	unsigned bits = sdr_addr_bits(&state->net.addr), more = 0;
	char net[SDR_PREFIX_TEXT];
	while (INT64_C(1) << more < count)
		more++;
	if (state->net.length + more > bits) {
		sdr_error_set(error, 0,
			"--count %" PRId64 ": %s has only %" PRId64
			" addresses; at most that many networks are right",
			count, sdr_prefix_format(net, &state->net),
			INT64_C(1) << (bits - state->net.length));
		return SDR_ERANGE;
	}
	state->parts = calloc((size_t)count, sizeof(*state->parts));
	if (!state->parts)
		return SDR_ENOMEM;
	state->count = (size_t)count;
	for (size_t i = 0; i < state->count; i++)
		state->parts[i].length = state->net.length + more;
	return SDR_OK;
}

static enum sdr_status plan(
	const struct sdr_call *call, struct state *state, struct sdr_error *error)
{
	const char *length = sdr_call_word(call, 1), *hosts = sdr_call_text(call, "hosts");
	int64_t count = sdr_call_number(call, "count", 0);
	if ((length != NULL) + (hosts != NULL) + (count != 0) != 1) {
		sdr_error_set(error, 0,
			"subnet split needs one of a length, --count N and --hosts "
			"N,N...; for example: subnet split 10.0.0.0/24 26");
		return SDR_EINVAL;
	}
	enum sdr_status status = sdr_subnet_one(sdr_call_word(call, 0), &state->net, error);
	if (status != SDR_OK)
		return status;
	if (length)
		return take_length(length, state, error);
	return hosts ? plan_hosts(hosts, state, error) : plan_count(count, state, error);
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct state *state = sdr_request_alloc(request, sizeof(*state));
	sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	if (!state)
		return SDR_ENOMEM;
	request->state = state;
	request->release = release;
	enum sdr_status status = plan(call, state, error);
	if (state->parts)
		request->lookup = (struct sdr_lookup){.answer = answer_parts, .print = print_part};
	return status;
}

static const struct sdr_option options[] = {
	{"count", 'n', SDR_OPTION_INTEGER, "N",
		"into N networks of the same size, as large as can be; the rest is free", 1,
		LIST_MAX},
	{"hosts", 'H', SDR_OPTION_TEXT, "N,N...",
		"into a network for each number of hosts, the largest first; the rest is free", 0,
		0},
	{NULL},
};

static const char *const examples[] = {
	"subnet split 10.0.0.0/24 26",
	"the four networks of length 26",
	"subnet split 10.0.0.0/24 --hosts 50,20,10",
	"a /26, a /27 and a /28, and what is still free",
	"subnet split 2001:db8::/48 --count 3",
	"three /50, and the free fourth",
	NULL,
};

const struct sdr_command subnet_split = {
	.name = "subnet split",
	.arguments = "NET LENGTH | NET --count N | NET --hosts N,N...",
	.sentence = "split a network by length, number of networks, or numbers of hosts",
	.details =
		"With --hosts each network is the smallest with room for that many hosts: an IPv4 "
		"network keeps its first and last address for itself, so 50 hosts get a /26. "
		"The largest is placed first, each in the smallest free space "
		"that holds it, and what is left over is shown as free.",
	.examples = examples,
	.options = {sdr_options_output, options},
	.words_min = 1,
	.words_max = 2,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_NONE,
	.lookup = {.answer = answer_equal, .print = sdr_subnet_print},
	.make = make,
};
