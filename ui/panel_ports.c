/* panel_ports.c - services and ports: all rows, filtered as one types, best matches first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "input.h"
#include "number.h"
#include "panel.h"
#include "ports_detail.h"
#include "sounder/listeners.h"
#include "sounder/registry.h"
#include "table.h"

extern const struct ui_panel ui_panel_ports;

#define CHECK SDR_SECOND    /* least time between two reads of files and kernel */
#define BUDGET (3 * SDR_MS) /* at a time for finding out programs' names */
#define OTHERS (SDR_TRANSPORTS_ALL & ~(1U << SDR_TCP | 1U << SDR_UDP))

struct ports_state {
	struct ui_table table;
	struct sdr_registry *registry;  /* owned; reads the files at the first search */
	struct sdr_port_match *matches; /* [total] */
	uint32_t count, total;          /* matches; rows in all. total 0: not read yet */
	uint64_t version;               /* grows with every search */
	struct ui_ports_here here;
	sdr_ns checked;      /* when files and kernel were last asked; 0: never */
	unsigned transports; /* bits that are shown */
	bool fuzzy;
	char query[128];
};

#define WHY_LINES 2 /* a file that can't be read, in words */
/* The port's description, and who listens, each in a line or two. */
#define UNASSIGNED_LINES 4

enum {
	PORTS_PORT,
	PORTS_TRANSPORT,
	PORTS_NAME,
	PORTS_ALIASES,
	PORTS_DESCRIPTION,
	PORTS_HERE,
	PORTS_SOURCE
};

static const struct ui_column columns[] = {
	[PORTS_PORT] = {.title = "Port", .width = 11, .right = true},
	[PORTS_TRANSPORT] = {.title = "", .key = "transport", .width = 4},
	[PORTS_NAME] = {.title = "Name", .width = 15, .grow = 1},
	[PORTS_ALIASES] = {.title = "Aliases", .width = 10, .grow = 1, .rank = 3},
	[PORTS_DESCRIPTION] = {.title = "Description", .width = 20, .grow = 3, .rank = 1},
	[PORTS_HERE] = {.title = "Here", .width = 10, .grow = 1, .rank = 2},
	[PORTS_SOURCE] = {.title = "Source", .width = 6, .rank = 4},
	{0},
};

static bool fetch(struct ports_state *ports, uint32_t number, struct sdr_port_row *row)
{
	return number < ports->count &&
		sdr_registry_port(ports->registry, ports->matches[number].index, row);
}

static void format_port(char *out, size_t size, const struct sdr_port_row *row)
{
	if (row->port_last != row->port)
		snprintf(out, size, "%u-%u", row->port, row->port_last);
	else
		snprintf(out, size, "%u", row->port);
}

/* Whether byte `at` of a field is one to stand out. */
static bool is_marked(const struct sdr_port_match *match, size_t at)
{
	if (at < match->start || at >= (size_t)match->start + match->length)
		return false;
	size_t bit = at - match->start;
	return match->marks == 0 || (bit < 64 && (match->marks >> bit & 1) != 0);
}

/* Draws a field with what matched standing out, stretch by stretch. */
static void draw_match(const struct ui_surface *cell, const char *text,
	const struct sdr_port_match *match, bool here)
{
	int column = 0;
	if (!here || match->start >= strlen(text)) {
		ui_draw_text(cell, 0, 0, UI_PLAIN, text);
		return;
	}
	for (size_t at = 0, end; text[at] != '\0' && column < cell->width; at = end) {
		bool marked = is_marked(match, at);
		for (end = at + 1; text[end] != '\0' && is_marked(match, end) == marked;)
			end++;
		/* The last stretch is drawn as it is, so that the ellipsis is where it is too
		 * long. */
		if (text[end] == '\0')
			ui_draw_text(cell, 0, column, marked ? UI_STRONG : UI_PLAIN, text + at);
		else
			column += ui_draw_printf(cell, 0, column, marked ? UI_STRONG : UI_PLAIN,
				"%.*s", (int)(end - at), text + at);
	}
}

static void draw_cell(
	void *context, uint32_t number, unsigned column, const struct ui_surface *cell)
{
	struct ports_state *ports = context;
	struct sdr_port_row row;
	char text[64];
	if (!fetch(ports, number, &row))
		return;
	const struct sdr_port_match *match = &ports->matches[number];
	switch (column) {
	case PORTS_PORT:
		format_port(text, sizeof(text), &row);
		ui_draw_right(
			cell, 0, match->field == SDR_PORT_FIELD_PORT ? UI_STRONG : UI_PLAIN, text);
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
		draw_match(
			cell, row.description, match, match->field == SDR_PORT_FIELD_DESCRIPTION);
		break;
	case PORTS_HERE:
		ui_draw_text(
			cell, 0, 0, UI_OK, ui_ports_who(&ports->here, &row, text, sizeof(text)));
		break;
	default:
		ui_draw_text(cell, 0, 0, UI_DIM, sdr_source_name(row.source));
	}
}

static bool holds(void *context, uint32_t number, const struct ui_filter *filter)
{
	struct sdr_port_row row;
	char port[32];
	if (!fetch(context, number, &row))
		return false;
	format_port(port, sizeof(port), &row);
	const char *const texts[UI_FILTER_TEXTS] = {port, sdr_transport_name(row.transport),
		row.name, row.aliases, row.description, sdr_source_name(row.source)};
	return ui_filter_holds_for(filter, texts);
}

static const struct ui_rows rows = {.cell = draw_cell, .holds = holds};

static enum sdr_status ports_open(struct ui *ui, void *state)
{
	struct ports_state *ports = state;
	(void)ui;
	ports->table.columns = columns;
	ports->table.rows = &rows;
	ports->transports = SDR_TRANSPORTS_ALL;
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
	free(ports->matches);
	ports->matches = calloc(total ? total : 1, sizeof(*ports->matches));
	if (ports->matches)
		ports->total = (uint32_t)total;
	return ports->matches;
}

static void search(struct ports_state *ports)
{
	struct sdr_port_query query = {ports->query, ports->transports, ports->fuzzy};
	size_t found = SIZE_MAX;
	if (prepare(ports))
		found = sdr_registry_port_search(
			ports->registry, &query, ports->matches, ports->total);
	ports->count = found == SIZE_MAX ? 0 : (uint32_t)found; /* no memory: draw_why reports it */
	ports->version++;
}

static void search_for(struct ports_state *ports, const char *text)
{
	snprintf(ports->query, sizeof(ports->query), "%s", text);
	search(ports);
	ui_table_move(&ports->table, UI_MOVE_TOP);
}

/* Once a second at most, and only while the panel is drawn: did the files change, who listens? */
static void look_again(struct ui *ui, struct ports_state *ports)
{
	struct sdr_listeners *listeners = sdr_app_listeners(ui_app(ui));
	sdr_ns now = ui_now(ui);
	bool due = !ports->checked || now - ports->checked >= CHECK;
	if (due && sdr_registry_refresh(ports->registry))
		ports->total = 0;
	if (due) {
		ports->checked = now;
		ports->here.ephemeral =
			sdr_listeners_ephemeral(&ports->here.first, &ports->here.last, NULL);
	}
	ports->here.listeners = listeners;
	(void)!sdr_listeners_refresh(listeners, now, CHECK); /* sdr_listeners_look has the reason */
	/* On most hosts the first frame has them all. */
	(void)sdr_listeners_name(listeners, BUDGET);
	if (!ports->total)
		search(ports);
}

/* Goes on naming the programs that listen, whether anything else would be drawn or not. */
static bool ports_work(struct ui *ui, void *state)
{
	const struct ports_state *ports = state;
	(void)ui;
	return ports->here.listeners && !sdr_listeners_name(ports->here.listeners, BUDGET);
}

static void ports_typed(struct ui *ui, void *state, const char *text, bool enter)
{
	(void)ui;
	(void)enter;
	search_for(state, text);
}

/* `port --fuzzy ssh` typed at the prompt filters by its words. */
static void ports_answer(struct ui *ui, void *state, const struct ui_answer *answer)
{
	struct ports_state *ports = state;
	char words[sizeof(ports->query)] = "";
	size_t used = 0;
	if (answer->stage != UI_STAGE_BEGIN)
		return;
	for (const char *at = answer->line + strcspn(answer->line, " "); *at;
		at += strcspn(at, " ")) {
		at += strspn(at, " ");
		int length = (int)strcspn(at, " ");
		if (strncmp(at, "--fuzzy", 7) == 0)
			ports->fuzzy = true;
		else if (at[0] != '-' && used < sizeof(words))
			used += (size_t)snprintf(words + used, sizeof(words) - used, "%s%.*s",
				used ? " " : "", length, at);
	}
	ui_input_set(ui_panel_input(ui, &ui_panel_ports), words);
	search_for(ports, words);
}

/* "Ports tcp udp others": what is shown. */
static void draw_head(const struct ports_state *ports, const struct ui_surface *surface)
{
	char some[UI_NUMBER_TEXT], all[UI_NUMBER_TEXT], summary[UI_NUMBER_TEXT * 2 + 24], title[64],
		filtered[UI_TABLE_SUMMARY];
	snprintf(summary, sizeof(summary), "%s of %s%s", ui_number_count(some, ports->count),
		ui_number_count(all, ports->total),
		surface->width < 60    ? ""
			: ports->fuzzy ? ", fuzzy"
				       : ", not fuzzy");
	snprintf(title, sizeof(title), "Ports%s%s%s",
		ports->transports & 1U << SDR_TCP ? " tcp" : "",
		ports->transports & 1U << SDR_UDP ? " udp" : "",
		ports->transports & OTHERS ? " others" : "");
	ui_draw_rule(surface, 0, title,
		ui_table_summary(&ports->table, filtered, sizeof(filtered), summary));
}

/* Shows why rows of the files are missing. Returns how many lines that takes. */
static int draw_why(const struct ports_state *ports, const struct ui_surface *surface)
{
	const char *why = sdr_registry_ports_why(ports->registry);
	char text[SDR_ERROR_TEXT + 40];
	if (!why[0] && ports->total)
		return 0;
	snprintf(text, sizeof(text), "%s%s", why[0] ? why : sdr_status_text(SDR_ENOMEM),
		ports->count ? "; without it:" : "");
	return ui_draw_words(surface, 0, UI_WARNING, text);
}

static void draw_nothing(const struct ports_state *ports, const struct ui_surface *body)
{
	char text[320];
	snprintf(text, sizeof(text),
		"No service has \"%s\" in its port, name, aliases or "
		"description%s; fewer letters%s find more.",
		ports->query,
		ports->transports == SDR_TRANSPORTS_ALL ? "" : " with the protocols chosen",
		ports->fuzzy ? "" : ", or .f for fuzzy,");
	ui_draw_words(body, 0, UI_WARNING, text);
}

/* Whether a number was typed that no service has, which may be shown for a longer number's sake. */
static bool is_unassigned(struct ports_state *ports, uint16_t *port)
{
	struct sdr_port_row row;
	if (sdr_port_parse(ports->query, port, NULL) != SDR_OK)
		return false;
	for (uint32_t i = 0; fetch(ports, i, &row); i++)
		if (*port >= row.port && *port <= row.port_last)
			return false;
	return true;
}

static void ports_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct ports_state *ports = state;
	struct sdr_port_row row;
	look_again(ui, ports);
	draw_head(ports, surface);
	uint16_t port;
	int unassigned = is_unassigned(ports, &port) ? UNASSIGNED_LINES : 0,
	    detail = ui_ports_detail_height(surface->height);
	struct ui_surface top = ui_surface_part(surface, 1, 0, WHY_LINES, -1);
	int why = draw_why(ports, &top), from = 1 + why;
	struct ui_surface number = ui_surface_part(surface, from, 0, unassigned, -1);
	if (unassigned)
		ui_ports_unassigned(&number, &ports->here, port);
	struct ui_surface body = ui_surface_part(
		surface, from + unassigned, 0, surface->height - from - unassigned - detail, -1);
	struct ui_surface below = ui_surface_part(surface, surface->height - detail, 0, -1, -1);
	ui_table_update(&ports->table, ports, ports->count, ports->version);
	if (!ports->count) {
		if (!unassigned && !why)
			draw_nothing(ports, &body);
		return;
	}
	ui_table_draw(&ports->table, &body);
	if (fetch(ports, ui_table_row(&ports->table), &row))
		ui_ports_detail(&below, &ports->here, &row);
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
	if (!fetch(ports, ui_table_row(&ports->table), &row))
		return false;
	ui_current_host(ui, subject->target, sizeof(subject->target));
	snprintf(subject->port, sizeof(subject->port), "%u", row.port);
	snprintf(subject->value, sizeof(subject->value), "%u", row.port);
	snprintf(subject->command, sizeof(subject->command), "port %s %u",
		sdr_transport_name(row.transport), row.port);
	return true;
}

/* ---- commands ---- */

/* What can be turned on and off, by name. */
static const struct {
	const char *name;
	unsigned transports; /* 0: fuzzy */
} switches[] = {
	{"tcp", 1U << SDR_TCP},
	{"udp", 1U << SDR_UDP},
	{"others", OTHERS},
	{"fuzzy", 0},
};

static enum sdr_status perform_switch(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ports_state *ports = ui_state(screen, &ui_panel_ports);
	const char *word = sdr_call_word(call, 0);
	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++) {
		if (strcmp(word, switches[i].name) != 0)
			continue;
		ports->transports ^= switches[i].transports;
		ports->fuzzy ^= switches[i].transports == 0;
		search(ports);
		ui_table_move(&ports->table, UI_MOVE_TOP);
		return SDR_OK;
	}
	sdr_error_set(error, 0, "ports-show %.40s: tcp, udp, others or fuzzy is right", word);
	return SDR_EINVAL;
}

static enum sdr_status make_switch(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_ACTION;
	request->action.perform = perform_switch;
	return SDR_OK;
}

static const struct sdr_command command_show = {
	.name = "ports-show",
	.arguments = "tcp|udp|others|fuzzy",
	.sentence = "show or hide the ports of a protocol, or find likenesses as well",
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.make = make_switch,
};

static const struct sdr_command *const commands[] = {&command_show, NULL};

static const struct ui_key verbs[] = {
	{"p", "prompt \"tcp %target:%port\"", "connect"},
	{"t", "ports-show tcp", "show or hide tcp"},
	{"u", "ports-show udp", "show or hide udp"},
	{"o", "ports-show others", "and all others"},
	{"f", "ports-show fuzzy", "likenesses, too"},
	{NULL, NULL, NULL},
};

static const struct ui_input_spec input = {
	.label = "Ports", .hint = "a name, a number, a word of the description"};
static const char *const shows[] = {"port", NULL};

const struct ui_panel ui_panel_ports = {
	.name = "ports",
	.title = "Ports",
	.sentence = "services and ports of your own file, the system's and IANA's "
		    "registry, filtered as you type; who listens here",
	.empty = {"Services and ports of this system's services file and of IANA's registry.",
		"Press i and type a name, a number or a word of the description."},
	.size = sizeof(struct ports_state),
	.verbs = verbs,
	.commands = commands,
	.shows = shows,
	.input = &input,
	.columns = columns,
	.open = ports_open,
	.close = ports_close,
	.draw = ports_draw,
	.table = ports_table,
	.subject = ports_subject,
	.answer = ports_answer,
	.typed = ports_typed,
	.work = ports_work,
};
