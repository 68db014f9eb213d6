/* address_rows.c - the sheet of an address as lines: a table lists the pieces, their places and how
 * they are formatted. */
#include "address_rows.h"
#include "number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WIDE 96 /* cells from which on pieces share a line */
#define VALUE_AT 11
#define BITS_AT 32 /* after 255.255.255.255  /32 */

enum piece_kind {
	PIECE_LINE, /* begins a line */
	PIECE_NOTE, /* on the line before; on a line of its own if that is too narrow */
	PIECE_BITS, /* likewise */
	PIECE_TAIL, /* always after the value before */
};

typedef void (*piece_format)(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root);

struct piece {
	enum piece_kind kind;
	const char *label, *key;
	piece_format format; /* NULL: the item as it is */
	uint8_t version;     /* only of this; 0: of both */
};

/* ---- formatting the pieces ---- */

static void format_length(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	(void)root;
	snprintf(out, size, "/%" PRId64, item->value.integer);
}

static void format_class(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	const struct sdr_item *length = sdr_item_present(root, "class_prefix_length");
	if (length)
		snprintf(out, size, "%s (default mask /%" PRId64 ")", item->value.bytes,
			length->value.integer);
	else
		snprintf(out, size, "%s", item->value.bytes);
}

/* Thousands apart, where the number is a number. */
static void format_number(char out[static UI_NUMBER_TEXT + 16], const struct sdr_item *item)
{
	char text[UI_NUMBER_TEXT];
	if (item->kind == SDR_ITEM_INTEGER)
		snprintf(out, UI_NUMBER_TEXT + 16, "%s",
			ui_number_count(text, (uint64_t)item->value.integer));
	else
		sdr_item_format_value(out, UI_NUMBER_TEXT + 16, item);
}

static void format_hosts(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	const struct sdr_item *all = sdr_item_present(root, "addresses"),
			      *length = sdr_item_present(root, "prefix_length");
	if (item->kind == SDR_ITEM_TEXT && length) {
		snprintf(out, size, "2^%" PRId64 " hosts", 128 - length->value.integer);
		return;
	}
	char usable[UI_NUMBER_TEXT + 16], total[UI_NUMBER_TEXT + 16] = "-";
	format_number(usable, item);
	if (all)
		format_number(total, all);
	if (strcmp(usable, total) == 0)
		snprintf(out, size, "%s host%s", usable, strcmp(usable, "1") == 0 ? "" : "s");
	else
		snprintf(out, size, "%s hosts of %s", usable, total);
}

static void format_zone(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	const struct sdr_item *count = sdr_item_present(root, "reverse_zones");
	if (count && count->value.integer > 1)
		snprintf(out, size, "%s (and %" PRId64 " more)", item->value.bytes,
			count->value.integer - 1);
	else
		snprintf(out, size, "%s", item->value.bytes);
}

static void format_range(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	char count[UI_NUMBER_TEXT + 16] = "-";
	(void)root;
	if (sdr_item_present(item, "addresses"))
		format_number(count, sdr_item_present(item, "addresses"));
	snprintf(out, size, "%s - %s, %s addresses, within %s", sdr_item_string(item, "first", "-"),
		sdr_item_string(item, "last", "-"), count, sdr_item_string(item, "within", "-"));
}

static void format_by(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	(void)root;
	snprintf(out, size, "%s (%s)", sdr_item_string(item, "by", "-"),
		sdr_item_string(item, "rfc", "-"));
	size_t used = strlen(out);
	if (sdr_item_present(item, "server") && used < size)
		snprintf(out + used, size - used, ", port %" PRId64 ", server %s",
			sdr_item_present(item, "port")->value.integer,
			sdr_item_string(item, "server", "-"));
}

static void format_group(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	(void)root;
	snprintf(out, size, "%s (%s, %s)", sdr_item_string(item, "name", "-"),
		sdr_item_string(item, "prefix", "-"), sdr_item_string(item, "rfc", "-"));
}

static void format_holder(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	(void)root;
	snprintf(out, size, "%s, %s since %s", sdr_item_string(item, "name", "-"),
		sdr_item_string(item, "prefix", "-"), sdr_item_string(item, "date", "-"));
}

/* The registry's name ends in its date, in parentheses. */
static void format_date(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	const char *date = strrchr(sdr_item_string(item, "registry", "-"), '(');
	(void)root;
	if (date)
		snprintf(out, size, "registry of %.*s", (int)strcspn(date + 1, ")"), date + 1);
}

/* "Private-Use (RFC 1918): source, destination": before the colon, and after. */
static void format_name(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	const char *colon = strstr(item->value.bytes, ": ");
	(void)root;
	snprintf(out, size, "%.*s",
		colon ? (int)(colon - item->value.bytes) : (int)item->value.length,
		item->value.bytes);
}

static void format_flags(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	const char *colon = strstr(item->value.bytes, ": ");
	(void)root;
	snprintf(out, size, "%s", colon ? colon + 2 : "");
}

/* A private address has global scope by RFC 6724; for unicast addresses "Is" is more
 * informative. */
static void format_scope(
	char *out, size_t size, const struct sdr_item *item, const struct sdr_item *root)
{
	bool plain = strcmp(item->value.bytes, "global") == 0 &&
		!sdr_item_present(root, "multicast_group");
	snprintf(out, size, "%s", plain ? "" : item->value.bytes);
}

static const struct piece pieces[] = {
	{PIECE_LINE, "Address", "address", NULL, 0},
	{PIECE_BITS, "", "address_binary", NULL, 4},
	{PIECE_NOTE, "class", "class", format_class, 0},
	{PIECE_LINE, "Range", "range", format_range, 0},
	{PIECE_LINE, "Port", "port", NULL, 0},
	{PIECE_LINE, "Hardware", "hardware", NULL, 0},
	{PIECE_LINE, "Mask", "netmask", NULL, 4},
	{PIECE_TAIL, "", "prefix_length", format_length, 4},
	{PIECE_BITS, "", "netmask_binary", NULL, 4},
	{PIECE_NOTE, "", "netmask_hex", NULL, 4},
	{PIECE_NOTE, "wildcard", "wildcard", NULL, 4},
	{PIECE_LINE, "Length", "prefix_length", format_length, 6},
	{PIECE_LINE, "Network", "network", NULL, 0},
	{PIECE_NOTE, "first", "first_host", NULL, 0},
	{PIECE_NOTE, "last", "last_host", NULL, 0},
	{PIECE_NOTE, "", "usable_hosts", format_hosts, 0},
	{PIECE_LINE, "Host part", "host_part", NULL, 0},
	{PIECE_NOTE, "broadcast", "broadcast", NULL, 0},
	{PIECE_LINE, "Reverse", "reverse_name", NULL, 0},
	{PIECE_NOTE, "zone", "reverse_zone", format_zone, 0},
	{PIECE_LINE, "Is", "description", format_name, 0},
	{PIECE_NOTE, "", "description", format_flags, 0},
	{PIECE_LINE, "Scope", "scope", format_scope, 0},
	{PIECE_NOTE, "group", "multicast_group", format_group, 0},
	{PIECE_LINE, "IPv4 in it", "ipv4", NULL, 0},
	{PIECE_NOTE, "by", "embedded", format_by, 0},
	{PIECE_LINE, "MAC in it", "hardware_address", NULL, 0},
	{PIECE_LINE, "Solicited", "solicited_node", NULL, 0},
	{PIECE_LINE, "Number", "hexadecimal", NULL, 4},
	{PIECE_NOTE, "", "decimal", NULL, 4},
	{PIECE_LINE, "Expanded", "expanded", NULL, 6},
	{PIECE_LINE, "Holder", "holder", format_holder, 0},
	{PIECE_NOTE, "", "holder", format_date, 0},
};

/* A line's label begins with a capital letter: "First" where there is no room for it beside. */
static void set_label(struct ui_address_row *row, const char *label)
{
	snprintf(row->label, sizeof(row->label), "%s", label);
	if (row->label[0] >= 'a' && row->label[0] <= 'z')
		row->label[0] = (char)(row->label[0] - 'a' + 'A');
}

static void add_note(struct ui_address_row *row, const struct piece *piece, const char *text)
{
	size_t used = strlen(row->note);
	bool named = piece->label[0] >= 'a'; /* other labels are for lines only */
	snprintf(row->note + used, sizeof(row->note) - used, "%s%s%s%s", used ? "  " : "",
		named ? piece->label : "", named ? " " : "", text);
}

static void put(struct ui_address_row *row, const struct piece *piece, const char *text, bool own)
{
	if (own)
		set_label(row, piece->label);
	if (piece->kind == PIECE_BITS)
		snprintf(row->bits, sizeof(row->bits), "%.143s", text);
	else if (piece->kind == PIECE_TAIL)
		snprintf(row->tail, sizeof(row->tail), "%.15s", text);
	else if (own)
		snprintf(row->value, sizeof(row->value), "%s", text);
	else
		add_note(row, piece, text);
}

/* Whether a note fits on the line. */
static bool fits(
	const struct ui_address_row *row, const struct piece *piece, const char *text, int width)
{
	size_t at = VALUE_AT + strlen(row->value) + 2 + strlen(row->tail), note = strlen(row->note);
	if (width < WIDE)
		return false;
	if (at < BITS_AT)
		at = BITS_AT;
	at += row->bits[0] ? strlen(row->bits) + 3 : 0;
	return at + note + (note ? 2 : 0) + strlen(piece->label) + 1 + strlen(text) <=
		(size_t)width + (piece->label[0] == '\0');
}

unsigned ui_address_rows(
	struct ui_address_row rows[static UI_ADDRESS_ROWS], const struct sdr_item *root, int width)
{
	const struct sdr_item *version = sdr_item_present(root, "version");
	unsigned count = 0;
	char text[200] = "";
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		const struct piece *piece = &pieces[i];
		const struct sdr_item *item = sdr_item_present(root, piece->key);
		if (!item ||
			(piece->version && version && piece->version != version->value.integer))
			continue;
		if (piece->format)
			piece->format(text, sizeof(text), item, root);
		else
			sdr_item_format_value(text, sizeof(text), item);
		if (!text[0])
			continue;
		bool own = piece->kind == PIECE_LINE || count == 0 ||
			(piece->kind == PIECE_BITS && width < WIDE) ||
			(piece->kind == PIECE_NOTE && !fits(&rows[count - 1], piece, text, width));
		if (own && count == UI_ADDRESS_ROWS)
			break;
		if (own)
			rows[count++] = (struct ui_address_row){0};
		put(&rows[count - 1], piece, text, own);
	}
	return count;
}

/* ---- drawing ---- */

/* The bits of the network, a bar, those of the host. The bar takes a dot's place, or a place of its
 * own. */
static int draw_bits(const struct ui_surface *s, int at, const char *bits, int length)
{
	int before = length + length / 8, total = (int)strlen(bits);
	bool dot = length % 8 == 0;
	if (length <= 0 || length >= 32 || before > total)
		return ui_draw_text(s, 0, at, UI_PLAIN, bits);
	int used = ui_draw_printf(s, 0, at, UI_PLAIN, "%.*s", dot ? before - 1 : before, bits);
	used += ui_draw_text(s, 0, at + used, UI_STRONG, "|");
	return used + ui_draw_text(s, 0, at + used, UI_DIM, bits + before);
}

void ui_address_row_draw(const struct ui_surface *s, const struct ui_address_row *row, int length)
{
	bool wide = s->width >= WIDE;
	int at = VALUE_AT;
	ui_draw_text(s, 0, 0, UI_DIM, row->label);
	if (row->value[0])
		at += ui_draw_text(s, 0, at, UI_PLAIN, row->value) + 2;
	if (row->tail[0])
		at += ui_draw_text(s, 0, at, UI_PLAIN, row->tail) + 2;
	if (row->bits[0] && wide && row->value[0])
		at = BITS_AT;
	else if (row->bits[0])
		at = s->width < VALUE_AT + 36 ? 3 : VALUE_AT;
	if (row->bits[0])
		at += draw_bits(s, at, row->bits, length) + 2;
	/* Notes stand below each other where values are short. */
	if (row->note[0])
		ui_draw_text(s, 0, wide && at < BITS_AT ? BITS_AT : at, UI_DIM, row->note);
}

/* A small count in full, a large one as a power. */
static void draw_count(const struct ui_surface *s, int column, const struct sdr_prefix *network)
{
	char text[UI_NUMBER_TEXT];
	unsigned bits = sdr_addr_bits(&network->addr) - network->length;
	if (bits > 32)
		snprintf(text, sizeof(text), "2^%u", bits);
	else
		ui_number_count(text, UINT64_C(1) << bits);
	ui_draw_printf(s, 0, column, UI_DIM, column > 22 ? "%s address%s" : "%13s address%s", text,
		bits == 0 ? "" : "es");
}

/* Short networks line up their counts; a long one pushes its own aside. */
void ui_address_network_draw(
	const struct ui_surface *s, const struct sdr_prefix *network, bool holds)
{
	char text[SDR_PREFIX_TEXT];
	if (holds)
		ui_draw_text(s, 0, 2, UI_OK, ui_draw_glyph(s, UI_GLYPH_OK));
	int used = 4 + ui_draw_text(s, 0, 4, UI_PLAIN, sdr_prefix_format(text, network)) + 2;
	draw_count(s, used > 24 ? used : 22, network);
}
