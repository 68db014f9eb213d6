/* panel_overview.c - everything at a glance: what is watched, worst first; recent events; this
 * host's networks and routes, its resolvers, the servers that run here. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "monitors.h"
#include "number.h"
#include "recent.h"

extern const struct ui_panel ui_panel_overview;

#define EVENTS 7     /* lines of the log that there is room for, where the screen is not low */
#define TWO_TILES 76 /* columns from which tiles stand side by side */

struct overview_state {
	struct ui_monitors monitors;
};

static const struct ui_column columns[] = {
	{.title = "", .width = 1, .sorts = true},
	{.title = "State", .width = 6},
	{.title = "Target", .width = 12, .grow = 2, .sorts = true},
	{.title = "Probe", .width = 7, .rank = 4, .sorts = true},
	{.title = "Loss %", .width = 6, .right = true, .sorts = true},
	{.title = "Last ms", .width = 7, .rank = 1, .right = true, .sorts = true},
	{.title = "Last minute", .width = 11, .grow = 2, .rank = 2, .picture = true},
	{.title = "", .key = "why", .width = 19, .grow = 4, .rank = 3},
	{0},
};

/* The state's duration is shown with the reason, so the first column has the state only. */
static const uint8_t shown[] = {UI_MONITORS_SIGN, UI_MONITORS_STATE, UI_MONITORS_TARGET,
	UI_MONITORS_KIND, UI_MONITORS_LOSS, UI_MONITORS_LAST, UI_MONITORS_SERIES, UI_MONITORS_WHY};

static enum sdr_status overview_open(struct ui *ui, void *state)
{
	struct overview_state *overview = state;
	ui_monitors_init(&overview->monitors, ui, columns, shown, NULL);
	return SDR_OK;
}

static void overview_close(struct ui *ui, void *state)
{
	struct overview_state *overview = state;
	(void)ui;
	ui_monitors_done(&overview->monitors);
}

/* ---- tiles: each draws at most `height` rows of its surface and returns how many it used ---- */

/* The network is shown only if its address fits. */
static void draw_address(
	const struct ui_surface *s, int line, const struct sdr_interface_address *address)
{
	char text[SDR_PREFIX_TEXT], network[SDR_ADDR_TEXT];
	struct sdr_prefix prefix = address->prefix;
	prefix.addr.scope_id = 0; /* the interface's name is on the line */
	struct sdr_addr first = sdr_prefix_network(&prefix);
	struct ui_surface at = ui_surface_part(s, line, 17, 1, -1);
	int used = ui_draw_name(&at, 0, 0, UI_PLAIN, sdr_prefix_format(text, &prefix));
	struct ui_surface net = ui_surface_part(&at, 0, used < 18 ? 19 : used + 1, 1, -1);
	sdr_addr_format(network, &first);
	bool one = prefix.length ==
		(prefix.addr.version == 4 ? 32 : 128); /* a network of one address is no
							  information */
	if (!one && net.width >= (int)strlen(network) + 4)
		ui_draw_printf(&net, 0, 0, UI_DIM, "net %s", network);
}

static int draw_interface(const struct sdr_host *host, const struct sdr_interface *interface,
	const struct ui_surface *s, int line)
{
	int first = line;
	ui_draw_text(s, line, 0, UI_PLAIN, interface->name);
	ui_draw_text(s, line, 9, interface->running ? UI_DIM : UI_BAD,
		interface->running ? "up" : "DOWN");
	for (unsigned i = 0; i < sdr_host_address_count(host) && line < s->height; i++)
		if (sdr_host_address(host, i)->index == interface->index)
			draw_address(s, line++, sdr_host_address(host, i));
	return line == first ? line + 1 : line;
}

static const char *interface_name(const struct sdr_host *host, uint32_t index)
{
	for (unsigned i = 0; i < sdr_host_interface_count(host); i++)
		if (sdr_host_interface(host, i)->index == index)
			return sdr_host_interface(host, i)->name;
	return "?";
}

/* Interfaces that someone turned off, in one line. */
static int draw_off(const struct sdr_host *host, const struct ui_surface *s, int line)
{
	int at = 0;
	for (unsigned i = 0; i < sdr_host_interface_count(host) && line < s->height; i++)
		if (!sdr_host_interface(host, i)->up)
			at += ui_draw_printf(s, line, at, UI_DIM, "%s%s",
				at ? ", " : "off: ", sdr_host_interface(host, i)->name);
	return line + (at > 0);
}

/* Shows on the last line that there are more than fit. */
static void draw_more(const struct ui_surface *s, unsigned left)
{
	struct ui_surface last = ui_surface_line(s, s->height - 1);
	ui_draw_fill(&last, UI_PLAIN);
	ui_draw_printf(&last, 0, 0, UI_DIM, "and %u more", left);
}

/* Shows the first of this host's tables that could not be read. Returns how many lines that
 * takes. */
static int draw_unseen(const struct sdr_host *host, const struct ui_surface *s, int line)
{
	struct sdr_error error = {0};
	struct ui_surface rest = ui_surface_part(s, line, 0, -1, -1);
	for (int table = SDR_HOST_INTERFACES; table <= SDR_HOST_ROUTES; table++)
		if (sdr_host_look(host, (enum sdr_host_table)table, &error) != SDR_OK)
			return ui_draw_words(&rest, 0, UI_WARNING, error.text);
	return 0;
}

static int draw_host(struct ui *ui, const struct ui_surface *s)
{
	const struct sdr_host *host = sdr_app_host(ui_app(ui));
	int line = 1;
	ui_draw_rule(s, 0, "This host", NULL);
	line += draw_unseen(host, s, line);
	for (unsigned i = 0; i < sdr_host_interface_count(host) && line < s->height; i++)
		if (sdr_host_interface(host, i)->up)
			line = draw_interface(host, sdr_host_interface(host, i), s, line);
	for (unsigned i = 0; i < sdr_host_route_count(host) && line < s->height; i++) {
		const struct sdr_route *route = sdr_host_route(host, i);
		char via[SDR_ADDR_TEXT];
		if (route->to.length || !route->via.version)
			continue;
		ui_draw_printf(s, line++, 0, UI_DIM, "default via %s dev %s",
			sdr_addr_format(via, &route->via), interface_name(host, route->index));
	}
	return draw_off(host, s, line);
}

#define REJECTED_AT 19 /* behind the longest outcome */

static void draw_resolver(
	const struct ui_surface *s, int line, const struct sdr_names_server *server)
{
	char text[SDR_ENDPOINT_TEXT], number[UI_NUMBER_TEXT];
	bool well = server->outcome == SDR_OUTCOME_OK || server->outcome == SDR_OUTCOME_NXDOMAIN ||
		server->outcome == SDR_OUTCOME_NODATA;
	if (server->endpoint.port == 53)
		sdr_addr_format(text, &server->endpoint.addr);
	else
		sdr_endpoint_format(text, &server->endpoint);
	int column = s->width < 42 ? 18 : 25;
	struct ui_surface at = ui_surface_part(s, line, 0, 1, column - 1);
	ui_draw_name(&at, 0, 0, UI_PLAIN, text);
	if (!server->asked)
		ui_draw_text(s, line, column, UI_DIM, "not asked yet");
	else if (well)
		ui_draw_printf(s, line, column, UI_DIM, "%s %s ms", ui_draw_glyph(s, UI_GLYPH_OK),
			ui_number_ms(number, server->last));
	else
		ui_draw_printf(s, line, column, UI_BAD, "%s %s", ui_draw_glyph(s, UI_GLYPH_DOWN),
			sdr_outcome_label(server->outcome));
	if (server->rejected && s->width > column + REJECTED_AT)
		ui_draw_printf(s, line, column + REJECTED_AT, UI_WARNING, "rejected %" PRIu64,
			server->rejected);
}

/* Shows what is wrong with the configuration files of name lookups. Returns how many lines that
 * takes. */
static int draw_files(struct sdr_names *names, const struct ui_surface *s, int line)
{
	const char *unread = sdr_names_unread(names, false);
	struct ui_surface rest = ui_surface_part(s, line, 0, -1, -1);
	int used = unread[0] && line < s->height ? ui_draw_words(&rest, 0, UI_WARNING, unread) : 0;
	rest = ui_surface_part(s, line + used, 0, -1, -1);
	if (!sdr_names_look(names) && line + used < s->height)
		used += ui_draw_words(&rest, 0, UI_DIM,
			"without inotify, files in /etc are checked by their mtime");
	return used;
}

static int draw_names(struct ui *ui, const struct ui_surface *s)
{
	struct sdr_names *names = sdr_app_names(ui_app(ui));
	const char *search = sdr_names_search(names);
	int line = 1;
	ui_draw_rule(s, 0, "Names", NULL);
	for (unsigned i = 0; i < sdr_names_server_count(names) && line < s->height; i++, line++) {
		struct sdr_names_server server;
		sdr_names_server(names, i, &server);
		draw_resolver(s, line, &server);
	}
	if (line == 1)
		ui_draw_text(s, line++, 0, UI_WARNING, "no resolver is configured");
	if (*search && line < s->height)
		ui_draw_printf(s, line++, 0, UI_DIM, "search %s", search);
	return line + draw_files(names, s, line);
}

static int draw_servers(struct ui *ui, const struct ui_surface *s)
{
	const struct sdr_services *services = sdr_app_services(ui_app(ui));
	struct sdr_service_view view;
	int line = 1;
	unsigned i;
	ui_draw_rule(s, 0, "Servers", NULL);
	for (i = 0; line < s->height && sdr_services_view(services, i, &view); i++, line++) {
		char text[SDR_ENDPOINT_TEXT];
		ui_draw_printf(s, line, 0, UI_PLAIN, "%-8s %s", view.type->name,
			view.transport == SDR_TCP ? "tcp" : "udp");
		struct ui_surface at = ui_surface_part(s, line, 13, 1, 24);
		ui_draw_name(&at, 0, 0, view.is_public ? UI_BAD : UI_PLAIN,
			sdr_endpoint_format(text, &view.local));
		if (s->width < 64)
			ui_draw_printf(s, line, 38, UI_DIM, "%u clients", view.clients);
		else
			ui_draw_printf(s, line, 38, UI_DIM, "%u clients, %llu served", view.clients,
				(unsigned long long)view.served);
	}
	unsigned shown_count = i;
	while (sdr_services_view(services, i, &view))
		i++;
	if (i > shown_count)
		draw_more(s, i - shown_count + 1);
	if (line == 1)
		ui_draw_text(s, line++, 0, UI_DIM, "none runs here; :serve starts one");
	return line;
}

/* ---- the whole ---- */

static void draw_icmp(struct ui *ui, const struct ui_surface *s)
{
	char why[SDR_ERROR_TEXT];
	if (*sdr_privilege_why(sdr_app_privilege(ui_app(ui)), 4, why, sizeof(why)))
		ui_draw_printf(s, 0, 0, UI_WARNING, "%s; see Ping", why);
}

static void draw_watching(
	struct ui *ui, struct overview_state *overview, const struct ui_surface *s)
{
	char summary[160], filtered[UI_TABLE_SUMMARY];
	const struct ui_table *table = &overview->monitors.table;
	ui_monitors_format(&overview->monitors, summary, sizeof(summary));
	ui_draw_rule(s, 0, "Watching",
		table->count ? ui_table_summary(table, filtered, sizeof(filtered), summary) : NULL);
	struct ui_surface body = ui_surface_part(s, 1, 0, -1, -1);
	if (overview->monitors.table.count) {
		ui_table_draw(&overview->monitors.table, &body);
		return;
	}
	ui_draw_empty(&body, &ui_panel_overview);
	struct ui_surface note = ui_surface_part(&body, 2, 0, 1, -1);
	draw_icmp(ui, &note);
}

static void draw_tiles(struct ui *ui, const struct ui_surface *s)
{
	bool two = s->width >= TWO_TILES;
	struct ui_surface left = ui_surface_part(s, 0, 0, -1, two ? s->width * 11 / 20 - 1 : -1);
	int used = draw_host(ui, &left);
	struct ui_surface right = two ? ui_surface_part(s, 0, s->width * 11 / 20 + 1, -1, -1)
				      : ui_surface_part(s, used, 0, -1, -1);
	used = draw_names(ui, &right);
	struct ui_surface rest = ui_surface_part(&right, used, 0, -1, -1);
	if (rest.height > 1)
		draw_servers(ui, &rest);
}

static bool has_address(const struct sdr_host *host, uint32_t index)
{
	for (unsigned i = 0; i < sdr_host_address_count(host); i++)
		if (sdr_host_address(host, i)->index == index)
			return true;
	return false;
}

static bool is_unseen(const struct sdr_host *host)
{
	for (int table = SDR_HOST_INTERFACES; table <= SDR_HOST_ROUTES; table++)
		if (sdr_host_look(host, (enum sdr_host_table)table, NULL) != SDR_OK)
			return true;
	return false;
}

/* Rows that the tiles need: this host's, and the names' and servers' beside or below them. */
static int wanted(struct ui *ui, bool two)
{
	const struct sdr_host *host = sdr_app_host(ui_app(ui));
	int rows = 3 + 3 * is_unseen(host), services = 0,
	    names = (int)sdr_names_server_count(sdr_app_names(ui_app(ui))) + 2;
	struct sdr_service_view view;
	while (sdr_services_view(sdr_app_services(ui_app(ui)), (unsigned)services, &view))
		services++;
	rows += (int)sdr_host_address_count(host);
	for (unsigned i = 0; i < sdr_host_interface_count(host); i++)
		rows += sdr_host_interface(host, i)->up &&
			!has_address(host, sdr_host_interface(host, i)->index);
	names += services + 2 + (sdr_names_unread(sdr_app_names(ui_app(ui)), false)[0] ? 2 : 0);
	names += sdr_names_look(sdr_app_names(ui_app(ui))) ? 0 : 2;
	return two ? (rows > names ? rows : names) : rows + names;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Rows for what happened: a few of them in any case, all that are free where there is more. */
static int wanted_events(uint64_t events, int height, int room)
{
	int most = room - 1 > EVENTS ? room - 1 : EVENTS;
	if (height < 18)
		return 0;
	return 1 + (events < 1 ? 1 : events > (uint64_t)most ? most : (int)events);
}

static void overview_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct overview_state *overview = state;
	ui_monitors_update(&overview->monitors);
	int height = surface->height, rows = (int)ui_table_height(&overview->monitors.table) + 2,
	    tiles = wanted(ui, surface->width >= TWO_TILES);
	uint64_t events = sdr_model_event_count(ui_model(ui));
	if (rows < 4)
		rows = 4;
	if (height < 12)
		tiles = 0;
	int room = height - rows - tiles, event_rows = wanted_events(events, height, room);
	/* Where not all fits, tiles and events keep a share of the height, and the table of targets
	 * gets what is left. */
	if (rows + event_rows + tiles > height)
		event_rows = least(event_rows, height / 6 + 1);
	if (rows + event_rows + tiles > height) {
		int share = least(tiles, height * 2 / 5);
		room = height - event_rows - rows;
		tiles = room > share ? room : share;
	}
	if (rows + event_rows + tiles > height || !tiles)
		rows = height - event_rows - tiles;
	struct ui_surface watching = ui_surface_part(surface, 0, 0, rows, -1);
	struct ui_surface middle = ui_surface_part(surface, rows, 0, height - rows - tiles, -1);
	struct ui_surface bottom = ui_surface_part(surface, height - tiles, 0, -1, -1);
	draw_watching(ui, overview, &watching);
	if (event_rows)
		ui_recent_draw(ui, &middle);
	if (tiles)
		draw_tiles(ui, &bottom);
}

static struct ui_table *overview_table(struct ui *ui, void *state)
{
	struct overview_state *overview = state;
	(void)ui;
	return ui_monitors_table(&overview->monitors);
}

static bool overview_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct overview_state *overview = state;
	(void)ui;
	return ui_monitors_subject(&overview->monitors, subject);
}

static bool overview_alarm(struct ui *ui, void *state)
{
	(void)state;
	return sdr_model_tally(ui_model(ui), SDR_STATE_DOWN) > 0;
}

static bool overview_work(struct ui *ui, void *state)
{
	struct overview_state *overview = state;
	(void)ui;
	return ui_monitors_work(&overview->monitors);
}

const struct ui_panel ui_panel_overview = {
	.name = "overview",
	.title = "Overview",
	.sentence = "everything at a glance: what is watched, recent "
		    "events, this host, its resolvers and servers",
	.empty = {"Nothing is watched yet, and nothing is sent to anyone unasked.",
		"Press a and type a host to ping it, : for any command, ? for all keys."},
	.size = sizeof(struct overview_state),
	.columns = columns,
	.open = overview_open,
	.close = overview_close,
	.draw = overview_draw,
	.table = overview_table,
	.subject = overview_subject,
	.alarm = overview_alarm,
	.work = overview_work,
};
