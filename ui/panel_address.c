/* panel_address.c - addresses and networks: what is typed or pasted is analysed at once, with this
 * host's routes and networks, and kept in a scratch list (address_scratch.c). One table holds it
 * all: the sheet's lines, the list's, this host's networks (address_parts.c). */
#include <stdio.h>
#include <string.h>

#include "address_parts.h"
#include "address_scratch.h"
#include "panel.h"
#include "sounder/line.h"
#include "sounder/recognise.h"
#include "sounder/sanitize.h"

extern const struct ui_panel ui_panel_address;

#define LABEL "Address"

/* ---- drawing ---- */

/* Looks from here, where the address or the host's tables are new. */
static void look_here(struct ui_address *address)
{
	uint64_t version = sdr_host_version(address->host);
	if (!address->prefix.addr.version || (address->here[0] && address->here_version == version))
		return;
	address->here_version = version;
	ui_address_here(address->here, address->host, &address->prefix.addr);
}

/* The fault under the character that is wrong: the field stands one line higher, behind its label
 * and its edge. */
static int draw_fault(const struct ui_address *address, const struct ui_surface *s)
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
	struct ui_address *address = state;
	address->host = sdr_app_host(ui_app(ui));
	int top = draw_fault(address, surface);
	if (address->sheet && address->width != surface->width) {
		address->row_count = ui_address_rows(
			address->rows, sdr_sheet_view(address->sheet), surface->width);
		address->width = surface->width;
		address->version++;
	}
	look_here(address);
	const struct sdr_item *read_as =
		address->sheet ? sdr_item_find(sdr_sheet_view(address->sheet), "read_as") : NULL;
	char summary[SDR_READING_TEXT + 16] = "";
	if (read_as && read_as->kind == SDR_ITEM_TEXT)
		snprintf(summary, sizeof(summary), "%s%s", surface->width >= 60 ? "read as: " : "",
			read_as->value.bytes);
	char filtered[UI_TABLE_SUMMARY];
	ui_draw_rule(surface, top, surface->width >= 60 || !summary[0] ? LABEL : NULL,
		ui_table_summary(
			&address->table, filtered, sizeof(filtered), summary[0] ? summary : NULL));
	struct ui_surface body = ui_surface_part(surface, top + 1, 0, -1, -1);
	if (!address->sheet && !address->error.text[0]) {
		ui_draw_empty(&body, &ui_panel_address);
		body = ui_surface_part(&body, body.height > 8 ? 5 : 3, 0, -1, -1);
	}
	ui_table_update(&address->table, address, ui_address_row_count(address),
		address->version + address->scratch.version + sdr_host_version(address->host));
	ui_table_draw(&address->table, &body);
}

/* ---- questions and answers ---- */

static void forget(struct ui_address *address)
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

static void take(struct ui_address *address, const struct sdr_sheet *sheet)
{
	forget(address);
	address->sheet = sdr_sheet_copy(sheet);
	if (!address->sheet)
		return;
	const struct sdr_item *root = sdr_sheet_view(address->sheet);
	const struct sdr_item *text = sdr_item_find(root, "address"),
			      *length = sdr_item_find(root, "prefix_length");
	if (!text || text->kind != SDR_ITEM_TEXT ||
		sdr_addr_parse(text->value.bytes, &address->prefix.addr, NULL) != SDR_OK)
		return;
	address->whole = length && length->kind == SDR_ITEM_INTEGER;
	address->prefix.length = address->whole ? (uint8_t)length->value.integer
						: (uint8_t)sdr_addr_bits(&address->prefix.addr);
}

static void address_answer(struct ui *ui, void *state, const struct ui_answer *answer)
{
	struct ui_address *address = state;
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

/* Every keystroke asks: the answer is pure arithmetic. Errors are shown in place, and the last good
 * sheet stays. */
static void address_typed(struct ui *ui, void *state, const char *text, bool enter)
{
	struct ui_address *address = state;
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
		size_t offset = address->error.offset < sizeof(before) - 1 ? address->error.offset
									   : sizeof(before) - 1;
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
	struct ui_address *address = state;
	address->host = sdr_app_host(ui_app(ui));
	address->table.rows = &ui_address_table;
	return SDR_OK;
}

static void address_close(struct ui *ui, void *state)
{
	struct ui_address *address = state;
	(void)ui;
	ui_table_done(&address->table);
	sdr_sheet_free(address->sheet);
}

static struct ui_table *address_table(struct ui *ui, void *state)
{
	(void)ui;
	return &((struct ui_address *)state)->table;
}

/* What the sheet's line is about: the address in it, else the one that was asked for. */
static void subject_of_sheet(
	const struct ui_address *address, unsigned index, struct ui_subject *subject)
{
	const struct ui_address_row *row = &address->rows[index];
	struct sdr_addr addr;
	static const char *const none[] = {
		"Mask", "Wildcard", "Host part"}; /* written as addresses, but not a host's */
	bool is_one = sdr_addr_parse(row->value, &addr, NULL) == SDR_OK;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		is_one = is_one && strcmp(row->label, none[i]) != 0;
	if (!is_one)
		addr = address->prefix.addr;
	sdr_addr_format(subject->address, &addr);
	snprintf(subject->value, sizeof(subject->value), "%s",
		row->value[0] ? row->value : row->bits);
	snprintf(subject->command, sizeof(subject->command), "%.511s", address->line);
}

static bool address_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct ui_address *address = state;
	uint32_t row = ui_table_row(&address->table);
	struct sdr_prefix network;
	unsigned index;
	(void)ui;
	subject->id = UI_NO_TARGET;
	if (row == UINT32_MAX)
		return false;
	enum ui_address_part part = ui_address_part(address, row, &index);
	if (ui_address_network(address, row, &network)) {
		sdr_addr_format(subject->address,
			&network.addr); /* with the zone, so that a link-local one can be pinged */
		network.addr.scope_id = 0;
		char text[SDR_PREFIX_TEXT];
		snprintf(subject->value, sizeof(subject->value), "%s",
			sdr_prefix_format(text, &network));
		snprintf(subject->command, sizeof(subject->command), "mask %s", text);
	} else if (part == UI_PART_SHEET) {
		subject_of_sheet(address, index, subject);
	} else if (part == UI_PART_HERE) {
		sdr_addr_format(subject->address, &address->prefix.addr);
		snprintf(subject->value, sizeof(subject->value), "%s", address->here);
		snprintf(subject->command, sizeof(subject->command), "route %s", subject->address);
	}
	snprintf(subject->target, sizeof(subject->target), "%s", subject->address);
	return subject->address[0] != '\0';
}

/* ---- the list's command ---- */

static enum sdr_status perform_scratch(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	return ui_address_scratch(ui_state(screen, &ui_panel_address), call, error);
}

static enum sdr_status make_scratch(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
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

static const struct ui_key verbs[] = {
	{"s", "scratch split", "split"},
	{NULL, NULL, NULL},
};

static const struct ui_key keys[] = {
	{"a", "scratch add", "add to list"},
	{"M", "scratch merge", "merge"},
	{"d", "scratch remove", "remove"},
	{0},
};

static const struct ui_input_spec input = {.label = LABEL,
	.hint = "any text with an address: 172.16.75.200/23, a "
		"range, a MAC, a URL, a line of a log"};
static const char *const shows[] = {"ip", "mask", NULL};

const struct ui_panel ui_panel_address = {
	.name = "address",
	.title = "Address",
	.sentence = "what an address and its mask come to: network, host part, "
		    "broadcast, class, what it is for, and where it lies from here",
	.empty = {"Takes an address or a network apart as you type: mask, "
		  "network, host part, broadcast, hosts, what it is for.",
		"Press i and type, for example, 172.16.75.200/23"},
	.size = sizeof(struct ui_address),
	.keys = keys,
	.verbs = verbs,
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
