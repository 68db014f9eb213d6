/* subnet_grep.c - `subnet grep`: the lines whose addresses are in some network, as grepcidr does.
 * net/scan.h defines what an address in text is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/options.h"
#include "cmd/subnet.h"
#include "net/scan.h"

/* A search and its results. */
struct state {
	struct sdr_prefix_set *set;
	bool invert;   /* lines with addresses, none of which is in the set */
	bool all;      /* with invert: lines without an address too */
	bool count;    /* how many lines, not which */
	bool which;    /* the network in front of each line */
	int64_t found; /* lines so far */
};

static void release(void *memory)
{
	struct state *state = memory;
	sdr_prefix_set_free(state->set);
}

/* ---- matching lines ---- */

static void emit_sheet(const struct state *state, const struct sdr_outlet *sink,
	const struct sdr_scan *line, const struct sdr_scan_hit *hit)
{
	char text[SDR_PREFIX_TEXT];
	size_t length = line->end - line->at;
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return;
	if (length > 0 && line->bytes[line->end - 1] == '\n')
		length--;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_bytes(root, "line", "Line", line->bytes + line->at, length);
	sdr_item_text(root, "file", "File", strcmp(sink->name, "-") == 0 ? NULL : sink->name);
	sdr_item_text(root, "address", "Address", hit ? sdr_addr_format(text, &hit->addr) : NULL);
	if (hit && hit->index != SDR_PREFIX_NONE) {
		struct sdr_prefix prefix =
			sdr_prefix_set_at(state->set, hit->addr.version, hit->index);
		sdr_item_text(root, "prefix", "Network", sdr_prefix_format(text, &prefix));
	} else {
		sdr_item_null(root, "prefix", "Network");
	}
	if (!sdr_sheet_failed(sheet))
		sink->emit(sink->context, sheet);
	sdr_sheet_free(sheet);
}

/* Puts the line [line->at, line->end) out; `hit` is what was found in it, or NULL. */
static void put_line(struct state *state, const struct sdr_outlet *sink,
	const struct sdr_scan *line, const struct sdr_scan_hit *hit)
{
	char front[SDR_PREFIX_TEXT + 1];
	state->found++;
	if (state->count)
		return;
	if (sink->sheets) {
		emit_sheet(state, sink, line, hit);
		return;
	}
	if (sink->several) {
		sink->put(sink->context, sink->name, strlen(sink->name));
		sink->put(sink->context, ":", 1);
	}
	if (state->which && hit && hit->index != SDR_PREFIX_NONE) {
		struct sdr_prefix prefix =
			sdr_prefix_set_at(state->set, hit->addr.version, hit->index);
		sdr_prefix_format(front, &prefix);
		sink->put(sink->context, front, strlen(front));
		sink->put(sink->context, "\t", 1);
	}
	sink->put(sink->context, line->bytes + line->at, line->end - line->at);
	if (line->bytes[line->end - 1] != '\n')
		sink->put(sink->context, "\n", 1);
}

/* ---- the search ---- */

/* Jumps from hit to hit; only lines with one are ever delimited. */
static void search(struct state *state, struct sdr_scan *scan, const struct sdr_outlet *sink)
{
	struct sdr_scan_hit hit;
	while (sdr_scan_find(scan, &hit)) {
		const char *bytes = scan->bytes;
		const char *before = memrchr(bytes + scan->at, '\n', hit.start - scan->at),
			   *after = memchr(bytes + hit.end, '\n', scan->end - hit.end);
		struct sdr_scan line = *scan;
		line.at = before ? (size_t)(before - bytes) + 1 : scan->at;
		line.end = after ? (size_t)(after - bytes) + 1 : scan->end;
		put_line(state, sink, &line, &hit);
		scan->at = line.end;
	}
}

/* A line at a time: first for an address in the set, then for any at all. */
static void search_others(struct state *state, struct sdr_scan *scan, const struct sdr_outlet *sink)
{
	size_t end = scan->end;
	while (scan->at < end) {
		struct sdr_scan_hit hit;
		const char *after = memchr(scan->bytes + scan->at, '\n', end - scan->at);
		scan->end = after ? (size_t)(after - scan->bytes) + 1 : end;
		scan->any = false;
		if (!sdr_scan_find(scan, &hit)) {
			scan->any = true;
			bool any = sdr_scan_find(scan, &hit);
			if (any || state->all)
				put_line(state, sink, scan, any ? &hit : NULL);
		}
		scan->at = scan->end;
	}
}

static void take_lines(
	void *memory, const char *bytes, size_t length, const struct sdr_outlet *sink)
{
	struct state *state = memory;
	struct sdr_scan scan = sdr_scan_of(state->set, state->invert);
	scan.bytes = bytes;
	scan.end = length;
	if (state->invert)
		search_others(state, &scan, sink);
	else
		search(state, &scan, sink);
}

static void emit_count(const struct state *state, const struct sdr_outlet *sink)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return;
	sdr_item_integer(sdr_sheet_root(sheet), "count", "Lines", state->found);
	if (!sdr_sheet_failed(sheet))
		sink->emit(sink->context, sheet);
	sdr_sheet_free(sheet);
}

static enum sdr_exit finish(void *memory, const struct sdr_outlet *sink)
{
	const struct state *state = memory;
	char text[32];
	if (state->count && sink->sheets)
		emit_count(state, sink);
	else if (state->count)
		sink->put(sink->context, text,
			(size_t)snprintf(text, sizeof(text), "%" PRId64 "\n", state->found));
	return state->found > 0 ? SDR_EXIT_YES : SDR_EXIT_NO;
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct sdr_space space = {0};
	struct state *state = sdr_request_alloc(request, sizeof(*state));
	sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	if (!state)
		return SDR_ENOMEM;
	bool all = sdr_call_has(call, "all");
	*state = (struct state){.invert = all || sdr_call_has(call, "invert"),
		.all = all,
		.count = sdr_call_has(call, "count"),
		.which = sdr_call_has(call, "which")};
	request->kind = SDR_REQUEST_FILTER;
	request->filter =
		(struct sdr_filter){.words_first = 1, .lines = take_lines, .finish = finish};
	request->state = state;
	request->release = release;
	enum sdr_status status = sdr_subnet_read(sdr_call_word(call, 0), &space, error);
	if (status == SDR_OK)
		status = sdr_subnet_set(&space, &state->set, error);
	sdr_space_done(&space);
	return status;
}

static const struct sdr_option options[] = {
	{"which", 'w', SDR_OPTION_FLAG, NULL,
		"write the longest network that matched and a tab before each line", 0, 0,
		.where = SDR_WHERE_SHELL, .excludes = "count invert all json csv"},
	{"count", 'c', SDR_OPTION_FLAG, NULL, "write how many lines match, not which", 0, 0},
	{"invert", 'v', SDR_OPTION_FLAG, NULL,
		"lines that have addresses, but none in the networks", 0, 0},
	{"all", 'i', SDR_OPTION_FLAG, NULL, "as --invert, and lines without any address too", 0, 0},
	{NULL},
};

static const char *const examples[] = {
	"subnet grep 192.0.2.0/24,2001:db8::/32 access.log",
	"lines with an address of either network",
	"subnet grep --which nets <access.log",
	"lines with an address of one of a file's networks, and which one",
	NULL,
};

const struct sdr_command subnet_grep = {
	.name = "subnet grep",
	.arguments = "NET|FILE [TEXTFILE...]",
	.sentence = "print the lines of text that hold an address of some networks",
	.details = "The first word is a network, address or range, several with commas between, or "
		   "the name of a file with one a line; what follows a # there is a comment. "
		   "The text is standard input, or files (\"-\" among them is standard "
		   "input); with several, each line has its file's name in front. "
		   "With --json each line is an object with the address and its network. "
		   "On the dashboard a field takes lines, typed or pasted.\n\n"
		   "An IPv4 address is found where four decimal numbers stand that are not "
		   "part of a longer row of numbers, or of a name such as "
		   "1.2.3.4.example.net; an IPv6 one where letters and digits end on both sides. "
		   "Of several networks that hold the address the longest is named.\n\n"
		   "Exits with 0 if a line matched, 1 if none did, 2 on trouble, as grep.",
	.examples = examples,
	.options = {sdr_options_output, options},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_FILE,
	.make = make,
};
