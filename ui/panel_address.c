/* panel_address.c - addresses and masks: what is typed is taken apart at once, and set beside this host's own networks. */
#include <stdio.h>
#include <string.h>

#include "input.h"
#include "sheet.h"
#include "sounder/host.h"

extern const struct ui_panel ui_panel_address;

struct address_state {
	struct ui_sheet sheet;
	char line[256]; /* the question on show, as asked */
};

static enum sdr_status address_open(struct ui *ui, void *state)
{
	(void)ui;
	(void)state;
	return SDR_OK;
}

static void address_close(struct ui *ui, void *state)
{
	struct address_state *address = state;
	(void)ui;
	ui_sheet_done(&address->sheet);
}

static void address_answer(struct ui *ui, void *state, const struct ui_answer *answer)
{
	struct address_state *address = state;
	(void)ui;
	if (answer->stage == UI_STAGE_BEGIN)
		snprintf(address->line, sizeof(address->line), "%s", answer->line);
	ui_sheet_answer(&address->sheet, answer);
}

/* Every keystroke asks: the answer is pure arithmetic. */
static void address_typed(struct ui *ui, void *state, const char *text, bool enter)
{
	struct address_state *address = state;
	char line[UI_INPUT_TEXT + 8] = "";
	(void)enter;
	while (*text == ' ')
		text++;
	if (*text)
		snprintf(line, sizeof(line), "mask %s", text);
	else
		ui_sheet_clear(&address->sheet);
	ui_ask(ui, &ui_panel_address, line);
}

/* ---- this host ---- */

static const char *interface_name(const struct sdr_host *host, uint32_t index)
{
	for (unsigned i = 0; i < sdr_host_interface_count(host); i++)
		if (sdr_host_interface(host, i)->index == index)
			return sdr_host_interface(host, i)->name;
	return "?";
}

/* Finds the local network that holds an address, the longest prefix first; NULL if none does. */
static const struct sdr_interface_address *find_local(const struct sdr_host *host, const struct sdr_addr *addr)
{
	const struct sdr_interface_address *best = NULL;
	for (unsigned i = 0; i < sdr_host_address_count(host); i++) {
		const struct sdr_interface_address *local = sdr_host_address(host, i);
		if (sdr_prefix_contains(&local->prefix, addr) && (!best || local->prefix.length > best->prefix.length))
			best = local;
	}
	return best;
}

static void draw_here(const struct sdr_host *host, const struct sdr_addr *addr, const struct ui_surface *s)
{
	const struct sdr_interface_address *local = find_local(host, addr);
	char text[SDR_PREFIX_TEXT];
	ui_draw_text(s, 0, 0, UI_DIM, "Here");
	if (local)
		ui_draw_printf(s, 0, 11, UI_PLAIN, "in the network of %s, %s", interface_name(host, local->index),
			sdr_prefix_format(text, &local->prefix));
	else
		ui_draw_text(s, 0, 11, UI_PLAIN, "in no network of this host");
}

static void draw_networks(const struct sdr_host *host, const struct ui_surface *s)
{
	char text[SDR_PREFIX_TEXT], first[SDR_ADDR_TEXT];
	int line = 1;
	ui_draw_rule(s, 0, "This host's networks", NULL);
	for (unsigned i = 0; i < sdr_host_address_count(host) && line < s->height; i++, line++) {
		const struct sdr_interface_address *local = sdr_host_address(host, i);
		struct sdr_addr network = sdr_prefix_network(&local->prefix);
		ui_draw_text(s, line, 0, UI_PLAIN, interface_name(host, local->index));
		ui_draw_text(s, line, 11, UI_PLAIN, sdr_prefix_format(text, &local->prefix));
		ui_draw_printf(s, line, 11 + 32, UI_DIM, "net %s", sdr_addr_format(first, &network));
	}
}

/* The address on show, from the answer. */
static bool shown_address(const struct address_state *address, struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	if (!address->sheet.sheet_count)
		return false;
	const struct sdr_item *item = sdr_item_find(sdr_sheet_view(address->sheet.sheets[0]), "address");
	if (!item || item->kind != SDR_ITEM_TEXT)
		return false;
	snprintf(text, sizeof(text), "%s", item->value.bytes);
	return sdr_addr_parse(text, addr, NULL) == SDR_OK;
}

static void address_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct address_state *address = state;
	const struct sdr_host *host = sdr_app_host(ui_app(ui));
	struct sdr_addr addr;
	bool known = shown_address(address, &addr);
	int networks = (int)sdr_host_address_count(host) + 1;
	if (networks > surface->height / 3)
		networks = surface->height / 3;
	ui_draw_rule(surface, 0, known ? address->line : "Address", NULL);
	struct ui_surface top = ui_surface_part(surface, 1, 0, surface->height - 1 - networks - known, -1);
	struct ui_surface here = ui_surface_part(surface, 1 + top.height, 0, known, -1);
	struct ui_surface bottom = ui_surface_part(surface, surface->height - networks, 0, networks, -1);
	if (address->sheet.sheet_count)
		ui_sheet_draw(&address->sheet, &top);
	else
		ui_draw_empty(&top, &ui_panel_address);
	if (known)
		draw_here(host, &addr, &here);
	draw_networks(host, &bottom);
}

static struct ui_table *address_table(struct ui *ui, void *state)
{
	struct address_state *address = state;
	(void)ui;
	return &address->sheet.table;
}

static bool address_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct address_state *address = state;
	struct sdr_addr addr;
	(void)ui;
	bool found = ui_sheet_subject(&address->sheet, subject);
	if (shown_address(address, &addr) && !subject->address[0])
		sdr_addr_format(subject->address, &addr);
	snprintf(subject->command, sizeof(subject->command), "%s", address->line);
	return found || subject->address[0];
}

static const struct ui_input_spec input = {.label = "Address", .hint = "172.16.75.200/23, or an address and a mask"};
static const char *const shows[] = {"ip", "mask", NULL};

const struct ui_panel ui_panel_address = {
	.name = "address",
	.title = "Address",
	.sentence = "what an address and its mask come to: network, host part, broadcast, class, and where it lies from here",
	.empty = {"Takes an address or a network apart as you type: mask, network, host part, broadcast, hosts, what it is for.",
		"Press i and type, for example, 172.16.75.200/23"},
	.size = sizeof(struct address_state),
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
