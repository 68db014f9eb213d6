/* panel_ports.c - services and ports: all rows, filtered as one types, best matches first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "panel.h"
#include "sheet.h"
#include "sounder/registry.h"
#include "table.h"

extern const struct ui_panel ui_panel_ports;

struct ports_state {
	struct ui_table table;
	struct sdr_registry *registry;  /* owned; reads the system's file at the first search */
	struct sdr_port_match *matches; /* [total] */
	uint32_t count, total;          /* matches; rows in all. total 0: not read yet */
	uint64_t version;               /* grows with every search */
	char query[128];
};

enum { PORTS_PORT, PORTS_TRANSPORT, PORTS_NAME, PORTS_ALIASES, PORTS_DESCRIPTION, PORTS_SOURCE };

static const struct ui_column columns[] = {
	[PORTS_PORT] = {.title = "Port", .width = 11, .right = true},
	[PORTS_TRANSPORT] = {.title = "", .width = 4},
	[PORTS_NAME] = {.title = "Name", .width = 15, .grow = 1},
	[PORTS_ALIASES] = {.title = "Aliases", .width = 10, .grow = 1, .rank = 2},
	[PORTS_DESCRIPTION] = {.title = "Description", .width = 20, .grow = 3, .rank = 1},
	[PORTS_SOURCE] = {.title = "Source", .width = 6, .rank = 3},
	{0},
};

static bool fetch(struct ports_state *ports, uint32_t number, struct sdr_port_row *row)
{
	return number < ports->count && sdr_registry_port(ports->registry, ports->matches[number].index, row);
}

static void say_port(char *out, size_t size, const struct sdr_port_row *row)
{
	if (row->port_last != row->port)
		snprintf(out, size, "%u-%u", row->port, row->port_last);
	else
		snprintf(out, size, "%u", row->port);
}

/* Draws a field with the stretch that matched standing out. */
static void draw_match(const struct ui_surface *cell, const char *text, const struct sdr_port_match *match, bool here)
{
	size_t length = strlen(text);
	if (!here || match->start >= length) {
		ui_draw_text(cell, 0, 0, UI_PLAIN, text);
		return;
	}
	size_t end = match->start + match->length < length ? match->start + match->length : length;
	int at = ui_draw_printf(cell, 0, 0, UI_PLAIN, "%.*s", (int)match->start, text);
	at += ui_draw_printf(cell, 0, at, UI_STRONG, "%.*s", (int)(end - match->start), text + match->start);
	ui_draw_text(cell, 0, at, UI_PLAIN, text + end);
}

static void draw_cell(void *context, uint32_t number, unsigned column, const struct ui_surface *cell)
{
	struct ports_state *ports = context;
	struct sdr_port_row row;
	char text[24];
	if (!fetch(ports, number, &row))
		return;
	const struct sdr_port_match *match = &ports->matches[number];
	switch (column) {
	case PORTS_PORT:
		say_port(text, sizeof(text), &row);
		ui_draw_right(cell, 0, match->field == SDR_PORT_FIELD_PORT ? UI_STRONG : UI_PLAIN, text);
		break;
	case PORTS_TRANSPORT:
		ui_draw_text(cell, 0, 0, UI_DIM, sdr_transport_name(row.transport));
		break;
	case PORTS_NAME:
		draw_match(cell, row.name, match, match->field == SDR_PORT_FIELD_NAME);
		break;
	case PORTS_ALIASES:
		draw_match(cell, row.aliases, match, match->field == SDR_PORT_FIELD_ALIASES);
		break;
	case PORTS_DESCRIPTION:
		draw_match(cell, row.description, match, match->field == SDR_PORT_FIELD_DESCRIPTION);
		break;
	default:
		ui_draw_text(cell, 0, 0, UI_DIM, sdr_source_name(row.source));
	}
}

static const struct ui_rows rows = {.cell = draw_cell};

static enum sdr_status ports_open(struct ui *ui, void *state)
{
	struct ports_state *ports = state;
	(void)ui;
	ports->table.columns = columns;
	ports->table.rows = &rows;
	ports->registry = sdr_registry_new();
	return ports->registry ? SDR_OK : SDR_ENOMEM;
}

static void ports_close(struct ui *ui, void *state)
{
	struct ports_state *ports = state;
	(void)ui;
	ui_table_done(&ports->table);
	sdr_registry_free(ports->registry);
	free(ports->matches);
}

/* Makes room for all rows, once. */
static bool prepare(struct ports_state *ports)
{
	if (ports->total)
		return true;
	size_t total = sdr_registry_port_count(ports->registry);
	ports->matches = calloc(total ? total : 1, sizeof(*ports->matches));
	if (ports->matches)
		ports->total = (uint32_t)total;
	return ports->matches != NULL;
}

static void search(struct ports_state *ports, const char *query)
{
	if (!prepare(ports))
		return;
	snprintf(ports->query, sizeof(ports->query), "%s", query);
	ports->count = (uint32_t)sdr_registry_port_search(
		ports->registry, &(struct sdr_port_query){.text = query, .transports = SDR_TRANSPORTS_ALL}, ports->matches, ports->total);
	ports->version++;
	ui_table_move(&ports->table, UI_MOVE_TOP);
}

static void ports_typed(struct ui *ui, void *state, const char *text, bool enter)
{
	(void)ui;
	(void)enter;
	search(state, text);
}

/* `port ssh` typed at the prompt filters by its last word. */
static void ports_answer(struct ui *ui, void *state, const struct ui_answer *answer)
{
	(void)ui;
	if (answer->stage != UI_STAGE_BEGIN)
		return;
	const char *rest = strchr(answer->line, ' ');
	search(state, rest ? rest + 1 : "");
}

static void ports_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct ports_state *ports = state;
	char some[UI_NUMBER_TEXT], all[UI_NUMBER_TEXT], say[UI_NUMBER_TEXT * 2 + 8];
	(void)ui;
	if (!ports->total)
		search(ports, "");
	snprintf(say, sizeof(say), "%s of %s", ui_number_count(some, ports->count), ui_number_count(all, ports->total));
	ui_draw_rule(surface, 0, "Ports", say);
	struct ui_surface body = ui_surface_part(surface, 1, 0, -1, -1);
	ui_table_update(&ports->table, ports, ports->count, ports->version);
	if (ports->count)
		ui_table_draw(&ports->table, &body);
	else
		ui_draw_printf(&body, 0, 0, UI_WARNING,
			"No service has \"%s\" in its port, name, aliases or description; fewer letters find more.", ports->query);
}

static struct ui_table *ports_table(struct ui *ui, void *state)
{
	struct ports_state *ports = state;
	(void)ui;
	return &ports->table;
}

static bool ports_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct ports_state *ports = state;
	struct sdr_port_row row;
	(void)ui;
	if (!fetch(ports, ui_table_row(&ports->table), &row))
		return false;
	snprintf(subject->port, sizeof(subject->port), "%u", row.port);
	snprintf(subject->value, sizeof(subject->value), "%u", row.port);
	snprintf(subject->command, sizeof(subject->command), "port %s %u", sdr_transport_name(row.transport), row.port);
	return true;
}

static const struct ui_input_spec input = {.label = "Ports", .hint = "a name, a number, a word of the description"};
static const char *const shows[] = {"port", NULL};

const struct ui_panel ui_panel_ports = {
	.name = "ports",
	.title = "Ports",
	.sentence = "services and ports of the system's file and IANA's registry, filtered as you type",
	.empty = {"Services and ports of this system's services file and of IANA's registry.",
		"Press i and type a name, a number or a word of the description."},
	.size = sizeof(struct ports_state),
	.shows = shows,
	.input = &input,
	.open = ports_open,
	.close = ports_close,
	.draw = ports_draw,
	.table = ports_table,
	.subject = ports_subject,
	.answer = ports_answer,
	.typed = ports_typed,
};
