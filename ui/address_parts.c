/* address_parts.c - the rows of the address panel's one table: the sheet's lines, where the address
 * lies, the scratch list, this host's networks. */
#include "address_parts.h"

/* ---- the rows of the table ---- */

enum ui_address_part ui_address_part(
	const struct ui_address *address, uint32_t row, unsigned *index)
{
	unsigned list = address->scratch.count;
	const struct {
		enum ui_address_part part;
		unsigned count;
	} parts[] = {{UI_PART_SHEET, address->row_count}, {UI_PART_HERE, address->row_count > 0},
		{UI_PART_LIST_TITLE, 1}, {UI_PART_LIST, list}, {UI_PART_LIST_EMPTY, list == 0},
		{UI_PART_OURS_TITLE, ui_address_ours(address->host) > 0}};
	*index = row;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (*index < parts[i].count)
			return parts[i].part;
		*index -= parts[i].count;
	}
	return UI_PART_OURS;
}

uint32_t ui_address_row_count(const struct ui_address *address)
{
	unsigned list = address->scratch.count;
	unsigned ours = ui_address_ours(address->host);
	return address->row_count + (address->row_count > 0) + 1 + (list > 0 ? list : 1) + ours +
		(ours > 0);
}

bool ui_address_network(const struct ui_address *address, uint32_t row, struct sdr_prefix *network)
{
	unsigned index;
	enum ui_address_part part = ui_address_part(address, row, &index);
	if (part == UI_PART_LIST)
		*network = address->scratch.networks[index];
	else if (part == UI_PART_OURS && index < sdr_host_address_count(address->host))
		*network = sdr_host_address(address->host, index)->prefix;
	else
		return false;
	return true;
}

/* ---- drawing ---- */

static void draw_ours(const struct ui_address *address, const struct ui_surface *s, unsigned index)
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
	ui_draw_printf(s, 0, used > 24 ? used : 24, UI_DIM, "%s, net %s",
		ui_address_interface(address->host, own->index), sdr_addr_format(net, &network));
}

static void draw_row(void *context, uint32_t row, unsigned column, const struct ui_surface *s)
{
	const struct ui_address *address = context;
	unsigned index;
	(void)column;
	switch (ui_address_part(address, row, &index)) {
	case UI_PART_SHEET:
		ui_address_row_draw(
			s, &address->rows[index], address->whole ? address->prefix.length : -1);
		break;
	case UI_PART_HERE:
		ui_draw_text(s, 0, 0, UI_DIM, "Here");
		ui_draw_text(s, 0, 11, UI_PLAIN, address->here);
		break;
	case UI_PART_LIST_TITLE:
		ui_draw_rule(s, 0, "Scratch list",
			s->width >= 70 ? "a add  . s split  M merge  d remove" : NULL);
		break;
	case UI_PART_LIST:
		ui_address_network_draw(s, &address->scratch.networks[index],
			address->prefix.addr.version &&
				sdr_prefix_contains(
					&address->scratch.networks[index], &address->prefix.addr));
		break;
	case UI_PART_LIST_EMPTY:
		ui_draw_text(s, 0, 4, UI_DIM, "a puts a network here");
		break;
	case UI_PART_OURS_TITLE:
		ui_draw_rule(s, 0, "Networks of this host", NULL);
		break;
	case UI_PART_OURS:
		draw_ours(address, s, index);
		break;
	}
}

/* A network is known by itself, other lines by their places, so that the cursor stays where it is
 * as the list grows above it. */
static uint64_t key_of(void *context, uint32_t row)
{
	const struct ui_address *address = context;
	struct sdr_prefix network;
	unsigned index;
	uint64_t key = (uint64_t)ui_address_part(address, row, &index) << 56;
	if (!ui_address_network(address, row, &network))
		return key | index;
	uint64_t hash = network.length * 31U + network.addr.scope_id;
	for (unsigned i = 0; i < sizeof(network.addr.bytes); i++)
		hash = (hash ^ network.addr.bytes[i]) * UINT64_C(0x100000001b3);
	return key | hash >> 8;
}

static bool is_title(void *context, uint32_t row)
{
	unsigned index;
	enum ui_address_part part = ui_address_part(context, row, &index);
	return part == UI_PART_LIST_TITLE || part == UI_PART_LIST_EMPTY ||
		part == UI_PART_OURS_TITLE;
}

static bool holds(void *context, uint32_t row, const struct ui_filter *filter)
{
	const struct ui_address *address = context;
	struct sdr_prefix network;
	unsigned index;
	char text[SDR_PREFIX_TEXT];
	const char *texts[UI_FILTER_TEXTS] = {0};
	enum ui_address_part part = ui_address_part(address, row, &index);
	if (is_title(context, row))
		return true;
	if (ui_address_network(address, row, &network)) {
		texts[0] = sdr_prefix_format(text, &network);
		texts[1] = part == UI_PART_OURS
			? ui_address_interface(
				  address->host, sdr_host_address(address->host, index)->index)
			: NULL;
	} else if (part == UI_PART_HERE) {
		texts[0] = "Here";
		texts[1] = address->here;
	} else {
		const struct ui_address_row *line = &address->rows[index];
		texts[0] = line->label;
		texts[1] = line->value;
		texts[2] = line->tail;
		texts[3] = line->bits;
		texts[4] = line->note;
	}
	return ui_filter_holds_for(filter, texts);
}

const struct ui_rows ui_address_table = {
	.cell = draw_row, .key = key_of, .heading = is_title, .holds = holds};
