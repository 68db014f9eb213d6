/* overview_tiles.c - this host's networks and routes, its resolvers, the servers that run here. */
#include "overview_tiles.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "sounder/app.h"

#define TWO_TILES 76 /* columns from which tiles stand side by side */

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
	const struct sdr_route *route;
	for (unsigned i = 0; line < s->height && (route = sdr_host_gateway(host, i)); i++) {
		char via[SDR_ADDR_TEXT];
		ui_draw_printf(s, line++, 0, UI_DIM, "default via %s dev %s",
			sdr_addr_format(via, &route->via), interface_name(host, route->index));
	}
	return draw_off(host, s, line);
}

#define REJECTED_AT 19 /* behind the longest outcome */

static void format_resolver(
	const struct sdr_names_server *server, char text[static SDR_ENDPOINT_TEXT])
{
	if (server->endpoint.port == 53)
		sdr_addr_format(text, &server->endpoint.addr);
	else
		sdr_endpoint_format(text, &server->endpoint);
}

static void draw_resolver(
	const struct ui_surface *s, int line, const struct sdr_names_server *server)
{
	char text[SDR_ENDPOINT_TEXT], number[UI_NUMBER_TEXT];
	bool well = server->outcome == SDR_OUTCOME_OK || server->outcome == SDR_OUTCOME_NXDOMAIN ||
		server->outcome == SDR_OUTCOME_NODATA;
	format_resolver(server, text);
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

static void resolver_cell(
	void *context, uint32_t row, unsigned column, const struct ui_surface *cell)
{
	const struct ui_overview_tiles *tiles = context;
	struct sdr_names_server server;
	(void)column;
	sdr_names_server(sdr_app_names(ui_app(tiles->ui)), row, &server);
	draw_resolver(cell, 0, &server);
}

static int draw_names(struct ui_overview_tiles *tiles, const struct ui_surface *s)
{
	struct sdr_names *names = sdr_app_names(ui_app(tiles->ui));
	const char *search = sdr_names_search(names);
	int servers = (int)tiles->resolvers.count, line = 1;
	ui_draw_rule(s, 0, "Names", NULL);
	struct ui_surface list = ui_surface_part(s, 1, 0, servers, -1);
	ui_table_draw(&tiles->resolvers, &list);
	line += list.height;
	if (line == 1)
		ui_draw_text(s, line++, 0, UI_WARNING, "no resolver is configured");
	if (*search && line < s->height)
		ui_draw_printf(s, line++, 0, UI_DIM, "search %s", search);
	return line + draw_files(names, s, line);
}

static void server_cell(void *context, uint32_t row, unsigned column, const struct ui_surface *cell)
{
	const struct ui_overview_tiles *tiles = context;
	char text[SDR_ENDPOINT_TEXT];
	struct sdr_service_view view;
	(void)column;
	if (!sdr_services_view(sdr_app_services(ui_app(tiles->ui)), row, &view))
		return;
	ui_draw_printf(cell, 0, 0, UI_PLAIN, "%-8s %s", view.type->name,
		view.transport == SDR_TCP ? "tcp" : "udp");
	struct ui_surface at = ui_surface_part(cell, 0, 13, 1, 24);
	ui_draw_name(&at, 0, 0, view.is_public ? UI_BAD : UI_PLAIN,
		sdr_endpoint_format(text, &view.local));
	if (cell->width < 64)
		ui_draw_printf(cell, 0, 38, UI_DIM, "%u clients", view.clients);
	else
		ui_draw_printf(cell, 0, 38, UI_DIM, "%u clients, %llu served", view.clients,
			(unsigned long long)view.served);
}

static void draw_servers(struct ui_overview_tiles *tiles, const struct ui_surface *s)
{
	struct ui_surface list = ui_surface_part(s, 1, 0, -1, -1);
	ui_draw_rule(s, 0, "Servers", NULL);
	if (tiles->servers.count == 0)
		ui_draw_text(s, 1, 0, UI_DIM, "none runs here; :serve starts one");
	else
		ui_table_draw(&tiles->servers, &list);
}

static const struct ui_rows resolver_rows = {.cell = resolver_cell},
			    server_rows = {.cell = server_cell};

void ui_overview_tiles_init(struct ui_overview_tiles *tiles, struct ui *ui)
{
	tiles->ui = ui;
	tiles->resolvers.rows = &resolver_rows;
	tiles->servers.rows = &server_rows;
	tiles->resolvers.passive = tiles->servers.passive = true;
}

void ui_overview_tiles_done(struct ui_overview_tiles *tiles)
{
	ui_table_done(&tiles->resolvers);
	ui_table_done(&tiles->servers);
}

static uint32_t service_count(struct ui *ui)
{
	struct sdr_service_view view;
	uint32_t count = 0;
	while (sdr_services_view(sdr_app_services(ui_app(ui)), count, &view))
		count++;
	return count;
}

void ui_overview_tiles_update(struct ui_overview_tiles *tiles, bool shown)
{
	uint32_t resolvers = sdr_names_server_count(sdr_app_names(ui_app(tiles->ui)));
	ui_table_update(&tiles->resolvers, tiles, shown ? resolvers : 0, 0);
	ui_table_update(&tiles->servers, tiles, shown ? service_count(tiles->ui) : 0, 0);
}

bool ui_overview_tiles_resolver(const struct ui_overview_tiles *tiles, struct ui_subject *subject)
{
	char text[SDR_ENDPOINT_TEXT];
	struct sdr_names_server server;
	struct sdr_names *names = sdr_app_names(ui_app(tiles->ui));
	uint32_t row = ui_table_row(&tiles->resolvers);
	if (row >= sdr_names_server_count(names)) /* they may be other ones than were drawn */
		return false;
	sdr_names_server(names, row, &server);
	sdr_addr_format(subject->address, &server.endpoint.addr);
	snprintf(subject->target, sizeof(subject->target), "%s", subject->address);
	snprintf(subject->port, sizeof(subject->port), "%u", server.endpoint.port);
	format_resolver(&server, text);
	snprintf(subject->value, sizeof(subject->value), "%s", text);
	return true;
}

bool ui_overview_tiles_server(const struct ui_overview_tiles *tiles, struct ui_subject *subject)
{
	char text[SDR_ENDPOINT_TEXT];
	struct sdr_service_view view;
	if (!sdr_services_view(
		    sdr_app_services(ui_app(tiles->ui)), ui_table_row(&tiles->servers), &view))
		return false;
	sdr_addr_format(subject->address, &view.local.addr);
	snprintf(subject->port, sizeof(subject->port), "%u", view.local.port);
	snprintf(subject->value, sizeof(subject->value), "%s",
		sdr_endpoint_format(text, &view.local));
	return true;
}

void ui_overview_tiles_draw(struct ui_overview_tiles *tiles, const struct ui_surface *s)
{
	bool two = s->width >= TWO_TILES;
	struct ui_surface left = ui_surface_part(s, 0, 0, -1, two ? s->width * 11 / 20 - 1 : -1);
	int used = draw_host(tiles->ui, &left);
	struct ui_surface right = two ? ui_surface_part(s, 0, s->width * 11 / 20 + 1, -1, -1)
				      : ui_surface_part(s, used, 0, -1, -1);
	used = draw_names(tiles, &right);
	struct ui_surface rest = ui_surface_part(&right, used, 0, -1, -1);
	if (rest.height > 1)
		draw_servers(tiles, &rest);
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

/* This host's, and the names' and servers' beside or below them. */
int ui_overview_tiles_want(struct ui *ui, int width)
{
	bool two = width >= TWO_TILES;
	const struct sdr_host *host = sdr_app_host(ui_app(ui));
	int rows = 3 + 3 * is_unseen(host), services = (int)service_count(ui),
	    names = (int)sdr_names_server_count(sdr_app_names(ui_app(ui))) + 2;
	rows += (int)sdr_host_address_count(host);
	for (unsigned i = 0; i < sdr_host_interface_count(host); i++)
		rows += sdr_host_interface(host, i)->up &&
			!has_address(host, sdr_host_interface(host, i)->index);
	names += services + 2 + (sdr_names_unread(sdr_app_names(ui_app(ui)), false)[0] ? 2 : 0);
	names += sdr_names_look(sdr_app_names(ui_app(ui))) ? 0 : 2;
	return two ? (rows > names ? rows : names) : rows + names;
}
