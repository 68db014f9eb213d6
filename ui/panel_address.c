/* panel_address.c - addresses and networks: what is typed or pasted is taken apart at once, set beside this host's routes and networks, and
 * kept in a scratch list. One table holds it all: the sheet's lines, the list's, this host's networks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address_here.h"
#include "address_rows.h"
#include "input.h"
#include "panel.h"
#include "scratch.h"
#include "sounder/host.h"
#include "sounder/recognise.h"
#include "sounder/text.h"
#include "table.h"

extern const struct ui_panel ui_panel_address;

#define LABEL "Address"

struct address_state {
	struct ui_table table;
	struct sdr_sheet *sheet; /* the latest answer, owned; NULL: none */
	bool stale;              /* a new question is under way */
	char line[UI_INPUT_TEXT * 2];
	struct ui_address_row rows[UI_ADDRESS_ROWS];
	unsigned row_count;
	int width;                /* that the rows are made for */
	struct sdr_prefix prefix; /* of the sheet; version 0: none */
	bool whole;               /* a length was given: the network is meant, not the address alone */
	struct sdr_error error;   /* of what is typed; "" if nothing is wrong */
	size_t typed;             /* cells of the text before the fault */
	struct ui_scratch scratch;
	char here[UI_ADDRESS_HERE];  /* where the address lies from here */
	uint64_t here_version;       /* of the host's tables, when that was asked */
	uint64_t version;            /* grows with every change of the rows */
	const struct sdr_host *host; /* borrowed */
};

/* ---- the rows of the table ---- */

enum part { PART_SHEET, PART_HERE, PART_LIST_TITLE, PART_LIST, PART_LIST_EMPTY, PART_OURS_TITLE, PART_OURS };

/* Which part a row belongs to, and which of its own lines it is. */
static enum part part_of(const struct address_state *address, uint32_t row, unsigned *index)
{
	unsigned list = address->scratch.count;
	const struct {
		enum part part;
		unsigned count;
	} parts[] = {{PART_SHEET, address->row_count}, {PART_HERE, address->row_count > 0}, {PART_LIST_TITLE, 1}, {PART_LIST, list},
		{PART_LIST_EMPTY, list == 0}, {PART_OURS_TITLE, ui_address_ours(address->host) > 0}};
	*index = row;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (*index < parts[i].count)
			return parts[i].part;
		*index -= parts[i].count;
	}
	return PART_OURS;
}

static uint32_t row_count(const struct address_state *address)
{
	unsigned list = address->scratch.count;
	unsigned ours = ui_address_ours(address->host);
	return address->row_count + (address->row_count > 0) + 1 + (list > 0 ? list : 1) + ours + (ours > 0);
}

/* Finds the network on a row; false for rows of the sheet. */
static bool network_at(const struct address_state *address, uint32_t row, struct sdr_prefix *network)
{
	unsigned index;
	enum part part = part_of(address, row, &index);
	if (part == PART_LIST)
		*network = address->scratch.networks[index];
	else if (part == PART_OURS && index < sdr_host_address_count(address->host))
		*network = sdr_host_address(address->host, index)->prefix;
	else
		return false;
	return true;
}

/* ---- drawing ---- */

static void draw_ours(const struct address_state *address, const struct ui_surface *s, unsigned index)
{
	char text[SDR_ERROR_TEXT], net[SDR_ADDR_TEXT];
	if (index >= sdr_host_address_count(address->host)) {
		ui_draw_text(s, 0, 4, UI_WARNING, ui_address_unseen(address->host, text));
		return;
	}
	const struct sdr_interface_address *own = sdr_host_address(address->host, index);
	struct sdr_prefix shown = own->prefix;
	shown.addr.scope_id = 0;
	struct sdr_addr network = sdr_prefix_network(&shown);
	if (address->prefix.addr.version && sdr_prefix_contains(&shown, &address->prefix.addr))
		ui_draw_text(s, 0, 2, UI_OK, ui_draw_glyph(s, UI_GLYPH_OK));
	int used = 4 + ui_draw_text(s, 0, 4, UI_PLAIN, sdr_prefix_format(text, &shown)) + 2;
	ui_draw_printf(s, 0, used > 24 ? used : 24, UI_DIM, "%s, net %s", ui_address_interface(address->host, own->index),
		sdr_addr_format(net, &network));
}

static void draw_row(void *context, uint32_t row, unsigned column, const struct ui_surface *s)
{
	const struct address_state *address = context;
	unsigned index;
	(void)column;
	switch (part_of(address, row, &index)) {
	case PART_SHEET:
		ui_address_row_draw(s, &address->rows[index], address->whole ? address->prefix.length : -1);
		break;
	case PART_HERE:
		ui_draw_text(s, 0, 0, UI_DIM, "Here");
		ui_draw_text(s, 0, 11, UI_PLAIN, address->here);
		break;
	case PART_LIST_TITLE:
		ui_draw_rule(s, 0, "Scratch list", s->width >= 70 ? "a add  s split  M merge  d remove" : NULL);
		break;
	case PART_LIST:
		ui_address_network_draw(s, &address->scratch.networks[index],
			address->prefix.addr.version && sdr_prefix_contains(&address->scratch.networks[index], &address->prefix.addr));
		break;
	case PART_LIST_EMPTY:
		ui_draw_text(s, 0, 4, UI_DIM, "a puts a network here");
		break;
	case PART_OURS_TITLE:
		ui_draw_rule(s, 0, "Networks of this host", NULL);
		break;
	case PART_OURS:
		draw_ours(address, s, index);
		break;
	}
}

/* A network is known by itself, other lines by their places, so that the cursor stays where it is as the list grows above it. */
static uint64_t key_of(void *context, uint32_t row)
{
	const struct address_state *address = context;
	struct sdr_prefix network;
	unsigned index;
	uint64_t key = (uint64_t)part_of(address, row, &index) << 56;
	if (!network_at(address, row, &network))
		return key | index;
	uint64_t hash = network.length * 31U + network.addr.scope_id;
	for (unsigned i = 0; i < sizeof(network.addr.bytes); i++)
		hash = (hash ^ network.addr.bytes[i]) * UINT64_C(0x100000001b3);
	return key | hash >> 8;
}

static bool is_title(void *context, uint32_t row)
{
	unsigned index;
	enum part part = part_of(context, row, &index);
	return part == PART_LIST_TITLE || part == PART_LIST_EMPTY || part == PART_OURS_TITLE;
}

static const struct ui_rows rows = {.cell = draw_row, .key = key_of, .heading = is_title};

/* Looks from here, where the address or the host's tables are new. */
static void look_here(struct address_state *address)
{
	uint64_t version = sdr_host_version(address->host);
	if (!address->prefix.addr.version || (address->here[0] && address->here_version == version))
		return;
	address->here_version = version;
	ui_address_here(address->here, address->host, &address->prefix.addr);
}

/* The fault under the character that is wrong: the field stands one line higher, behind its label and its edge. */
static int draw_fault(const struct address_state *address, const struct ui_surface *s)
{
	int at = (int)sizeof(LABEL) + 1 + (int)address->typed;
	if (!address->error.text[0])
		return 0;
	if (at > s->width - 20)
		at = s->width > 20 ? s->width - 20 : 0;
	ui_draw_text(s, 0, at, UI_BAD, "^");
	int cells = sdr_text_cells(address->error.text);
	if (at + 2 + cells <= s->width) {
		ui_draw_text(s, 0, at + 2, UI_BAD, address->error.text);
		return 1;
	}
	struct ui_surface below = ui_surface_part(s, 1, 0, s->height > 8 ? 3 : 2, -1);
	return 1 + ui_draw_words(&below, 0, UI_BAD, address->error.text);
}

static void address_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct address_state *address = state;
	address->host = sdr_app_host(ui_app(ui));
	int top = draw_fault(address, surface);
	if (address->sheet && address->width != surface->width) {
		address->row_count = ui_address_rows(address->rows, sdr_sheet_view(address->sheet), surface->width);
		address->width = surface->width;
		address->version++;
	}
	look_here(address);
	const struct sdr_item *read_as = address->sheet ? sdr_item_find(sdr_sheet_view(address->sheet), "read_as") : NULL;
	char say[SDR_READING_TEXT + 16] = "";
	if (read_as && read_as->kind == SDR_ITEM_TEXT)
		snprintf(say, sizeof(say), "%s%s", surface->width >= 60 ? "read as: " : "", read_as->value.bytes);
	ui_draw_rule(surface, top, surface->width >= 60 || !say[0] ? LABEL : NULL, say[0] ? say : NULL);
	struct ui_surface body = ui_surface_part(surface, top + 1, 0, -1, -1);
	if (!address->sheet && !address->error.text[0]) {
		ui_draw_empty(&body, &ui_panel_address);
		body = ui_surface_part(&body, body.height > 8 ? 5 : 3, 0, -1, -1);
	}
	address->table.rows = &rows;
	ui_table_update(&address->table, address, row_count(address),
		address->version + address->scratch.version + sdr_host_version(address->host));
	ui_table_draw(&address->table, &body);
}

/* ---- questions and answers ---- */

static void forget(struct address_state *address)
{
	sdr_sheet_free(address->sheet);
	address->sheet = NULL;
	address->row_count = 0;
	address->width = 0;
	address->prefix = (struct sdr_prefix){0};
	address->whole = false;
	address->here[0] = '\0';
	address->version++;
}

static void take(struct address_state *address, const struct sdr_sheet *sheet)
{
	forget(address);
	address->sheet = sdr_sheet_copy(sheet);
	if (!address->sheet)
		return;
	const struct sdr_item *root = sdr_sheet_view(address->sheet);
	const struct sdr_item *text = sdr_item_find(root, "address"), *length = sdr_item_find(root, "prefix_length");
	if (!text || text->kind != SDR_ITEM_TEXT || sdr_addr_parse(text->value.bytes, &address->prefix.addr, NULL) != SDR_OK)
		return;
	address->whole = length && length->kind == SDR_ITEM_INTEGER;
	address->prefix.length = address->whole ? (uint8_t)length->value.integer : (uint8_t)sdr_addr_bits(&address->prefix.addr);
}

static void address_answer(struct ui *ui, void *state, const struct ui_answer *answer)
{
	struct address_state *address = state;
	(void)ui;
	if (answer->stage == UI_STAGE_BEGIN) {
		snprintf(address->line, sizeof(address->line), "%s", answer->line);
		address->stale = true;
	} else if (address->stale && answer->stage == UI_STAGE_SHEET) {
		/* Of several the first; `ip -` has no place here. */
		take(address, answer->sheet);
		address->stale = false;
		address->error.text[0] = '\0';
	}
}

/* Every keystroke asks: the answer is pure arithmetic. What is wrong is told in place, and the last good sheet stays. */
static void address_typed(struct ui *ui, void *state, const char *text, bool enter)
{
	struct address_state *address = state;
	char line[UI_INPUT_TEXT * 2 + 16] = "ip -- ", before[UI_INPUT_TEXT];
	struct sdr_reading reading;
	(void)enter;
	address->error = (struct sdr_error){0};
	if (text[strspn(text, " ")] == '\0') {
		forget(address);
		ui_ask(ui, &ui_panel_address, "");
		return;
	}
	if (sdr_recognise(text, 0, &reading, &address->error) != SDR_OK) {
		size_t offset = address->error.offset < sizeof(before) - 1 ? address->error.offset : sizeof(before) - 1;
		snprintf(before, sizeof(before), "%.*s", (int)offset, text);
		address->typed = (size_t)sdr_text_cells(before);
		ui_ask(ui, &ui_panel_address, "");
		return;
	}
	address->error.text[0] = '\0';
	size_t used = strlen(line);
	if (used + sdr_word_quote(line + used, sizeof(line) - used, text) < sizeof(line))
		ui_ask(ui, &ui_panel_address, line);
}

static enum sdr_status address_open(struct ui *ui, void *state)
{
	struct address_state *address = state;
	address->host = sdr_app_host(ui_app(ui));
	return SDR_OK;
}

static void address_close(struct ui *ui, void *state)
{
	struct address_state *address = state;
	(void)ui;
	ui_table_done(&address->table);
	sdr_sheet_free(address->sheet);
}

static struct ui_table *address_table(struct ui *ui, void *state)
{
	(void)ui;
	return &((struct address_state *)state)->table;
}

/* What the sheet's line is about: the address in it, else the one that was asked for. */
static void subject_of_sheet(const struct address_state *address, unsigned index, struct ui_subject *subject)
{
	const struct ui_address_row *row = &address->rows[index];
	struct sdr_addr addr;
	static const char *const none[] = {"Mask", "Wildcard", "Host part"}; /* written as addresses, but nobody's */
	bool is_one = sdr_addr_parse(row->value, &addr, NULL) == SDR_OK;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		is_one = is_one && strcmp(row->label, none[i]) != 0;
	if (!is_one)
		addr = address->prefix.addr;
	sdr_addr_format(subject->address, &addr);
	snprintf(subject->value, sizeof(subject->value), "%s", row->value[0] ? row->value : row->bits);
	snprintf(subject->command, sizeof(subject->command), "%.511s", address->line);
}

static bool address_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct address_state *address = state;
	uint32_t row = ui_table_row(&address->table);
	struct sdr_prefix network;
	unsigned index;
	(void)ui;
	subject->id = UI_NO_TARGET;
	if (row == UINT32_MAX)
		return false;
	enum part part = part_of(address, row, &index);
	if (network_at(address, row, &network)) {
		sdr_addr_format(subject->address, &network.addr); /* with the zone, so that a link-local one can be pinged */
		network.addr.scope_id = 0;
		char text[SDR_PREFIX_TEXT];
		snprintf(subject->value, sizeof(subject->value), "%s", sdr_prefix_format(text, &network));
		snprintf(subject->command, sizeof(subject->command), "mask %s", text);
	} else if (part == PART_SHEET) {
		subject_of_sheet(address, index, subject);
	} else if (part == PART_HERE) {
		sdr_addr_format(subject->address, &address->prefix.addr);
		snprintf(subject->value, sizeof(subject->value), "%s", address->here);
		snprintf(subject->command, sizeof(subject->command), "route %s", subject->address);
	}
	snprintf(subject->target, sizeof(subject->target), "%s", subject->address);
	return subject->address[0] != '\0';
}

/* ---- the list's commands ---- */

typedef enum sdr_status (*scratch_verb)(struct address_state *address, const char *word, struct sdr_error *error);

static enum sdr_status list_add(struct address_state *address, const char *word, struct sdr_error *error)
{
	struct sdr_prefix network = address->prefix;
	struct sdr_reading reading;
	if (word) {
		enum sdr_status status = sdr_recognise(word, 0, &reading, error);
		if (status != SDR_OK)
			return status;
		network = sdr_reading_prefix(&reading);
	} else if (!network_at(address, ui_table_row(&address->table), &network) && !network.addr.version) {
		sdr_error_set(error, 0, "there is no network to add yet; press i and type one");
		return SDR_ENOENT;
	}
	return ui_scratch_add(&address->scratch, &network, error);
}

/* Returns the place in the list of the line under the cursor; -1 with `error` where that is none of it. */
static int listed(const struct address_state *address, struct sdr_error *error)
{
	unsigned index;
	uint32_t row = ui_table_row(&address->table);
	if (row != UINT32_MAX && part_of(address, row, &index) == PART_LIST)
		return (int)index;
	sdr_error_set(error, 0, "the cursor is on no network of the scratch list; G goes down there");
	return -1;
}

/* What was under the cursor is gone: the cursor goes to what came in its place, not to whatever has its line now. */
static void stay_in_list(struct address_state *address, unsigned index)
{
	if (address->scratch.count == 0)
		return;
	uint32_t row = address->row_count + (address->row_count > 0) + 1; /* the list's first */
	index = index < address->scratch.count ? index : address->scratch.count - 1;
	ui_table_update(&address->table, address, row_count(address),
		address->version + address->scratch.version + sdr_host_version(address->host));
	ui_table_go(&address->table, row + index);
}

static enum sdr_status list_split(struct address_state *address, const char *word, struct sdr_error *error)
{
	int index = listed(address, error);
	if (index < 0)
		return SDR_ENOENT;
	unsigned length = address->scratch.networks[index].length + 1U;
	if (word) {
		char *end;
		unsigned long number = strtoul(word + (word[0] == '/'), &end, 10);
		if (*end || number > 128) {
			sdr_error_set(error, 0, "\"%.20s\" is no length to split into; one is a number such as %u", word, length);
			return SDR_EINVAL;
		}
		length = (unsigned)number;
	}
	enum sdr_status status = ui_scratch_split(&address->scratch, (unsigned)index, length, error);
	if (status == SDR_OK)
		stay_in_list(address, (unsigned)index);
	return status;
}

static enum sdr_status list_merge(struct address_state *address, const char *word, struct sdr_error *error)
{
	(void)word;
	if (ui_scratch_merge(&address->scratch) > 0)
		return SDR_OK;
	sdr_error_set(error, 0, "no two networks of the list lie within each other or make a whole");
	return SDR_ENOENT;
}

static enum sdr_status list_remove(struct address_state *address, const char *word, struct sdr_error *error)
{
	int index = listed(address, error);
	(void)word;
	if (index < 0)
		return SDR_ENOENT;
	ui_scratch_remove(&address->scratch, (unsigned)index);
	stay_in_list(address, (unsigned)index);
	return SDR_OK;
}

static enum sdr_status perform_scratch(void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const struct {
		const char *name;
		scratch_verb verb;
	} verbs[] = {{"add", list_add}, {"split", list_split}, {"merge", list_merge}, {"remove", list_remove}};
	struct address_state *address = ui_state(screen, &ui_panel_address);
	const char *name = sdr_call_word(call, 0);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(name, verbs[i].name) == 0)
			return verbs[i].verb(address, sdr_call_word(call, 1), error);
	sdr_error_set(error, 0, "scratch %.40s: add, split, merge or remove is right", name);
	return SDR_EINVAL;
}

static enum sdr_status make_scratch(const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_ACTION;
	request->action.perform = perform_scratch;
	return SDR_OK;
}

static const struct sdr_command command_scratch = {
	.name = "scratch",
	.arguments = "add [NETWORK]|split [LENGTH]|merge|remove",
	.sentence = "keep networks in the address panel's list, split and join them",
	.words_min = 1,
	.words_max = 2,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES,
	.make = make_scratch,
};

static const struct sdr_command *const commands[] = {&command_scratch, NULL};

static const struct ui_key keys[] = {
	{"a", "scratch add", "add to list"},
	{"s", "scratch split", "split"},
	{"M", "scratch merge", "merge"},
	{"d", "scratch remove", "remove"},
	{0},
};

static const struct ui_input_spec input = {
	.label = LABEL, .hint = "any text with an address: 172.16.75.200/23, a range, a MAC, a URL, a line of a log"};
static const char *const shows[] = {"ip", "mask", NULL};

const struct ui_panel ui_panel_address = {
	.name = "address",
	.title = "Address",
	.sentence =
		"what an address and its mask come to: network, host part, broadcast, class, what it is for, and where it lies from here",
	.empty = {"Takes an address or a network apart as you type: mask, network, host part, broadcast, hosts, what it is for.",
		"Press i and type, for example, 172.16.75.200/23"},
	.size = sizeof(struct address_state),
	.keys = keys,
	.commands = commands,
	.shows = shows,
	.input = &input,
	.open = address_open,
	.close = address_close,
	.draw = address_draw,
	.table = address_table,
	.subject = address_subject,
	.answer = address_answer,
	.typed = address_typed,
};
