/* panel_servers.c - the embedded servers: what listens, who is connected, what was moved. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "number.h"
#include "panel.h"
#include "sounder/service.h"
#include "table.h"

extern const struct ui_panel ui_panel_servers;

/* A line: a listener, or one of its clients under it. */
struct line {
	uint32_t listener; /* position of its view */
	uint32_t client;   /* position of the client, or UINT32_MAX for the listener itself */
};

struct servers_state {
	struct ui_table table;
	struct ui *ui;
	struct line *lines;
	uint32_t count, size;
	uint64_t version; /* of the services that `lines` is of */
};

enum {
	COLUMN_SERVICE,
	COLUMN_TRANSPORT,
	COLUMN_ADDRESS,
	COLUMN_UP,
	COLUMN_CLIENTS,
	COLUMN_SERVED,
	COLUMN_DROPPED,
	COLUMN_IN,
	COLUMN_OUT,
	COLUMN_NOTE
};

static const struct ui_column columns[] = {
	[COLUMN_SERVICE] = {.title = "Service", .width = 8},
	[COLUMN_TRANSPORT] = {.title = "", .key = "transport", .width = 3},
	[COLUMN_ADDRESS] = {.title = "Address", .width = 17, .grow = 2},
	[COLUMN_UP] = {.title = "Up", .width = 8, .rank = 4},
	[COLUMN_CLIENTS] = {.title = "Clients", .width = 7, .rank = 2, .right = true},
	[COLUMN_SERVED] = {.title = "Served", .width = 7, .rank = 3, .right = true},
	[COLUMN_DROPPED] = {.title = "Dropped", .width = 7, .rank = 6, .right = true},
	[COLUMN_IN] = {.title = "In", .width = 8, .rank = 7, .right = true},
	[COLUMN_OUT] = {.title = "Out", .width = 8, .rank = 5, .right = true},
	[COLUMN_NOTE] = {.title = "", .key = "note", .width = 6, .grow = 3, .rank = 1},
	{0},
};

static const struct sdr_services *services_of(const struct servers_state *servers)
{
	return sdr_app_services(ui_app(servers->ui));
}

static void draw_age(const struct ui_surface *cell, sdr_ns age)
{
	char text[SDR_DURATION_TEXT];
	ui_draw_text(cell, 0, 0, UI_DIM, sdr_duration_display(text, age - age % SDR_SECOND));
}

static void draw_count(const struct ui_surface *cell, enum ui_style style, uint64_t count)
{
	char text[UI_NUMBER_TEXT];
	ui_draw_right(cell, 0, style, ui_number_count(text, count));
}

static void draw_bytes(const struct ui_surface *cell, uint64_t bytes)
{
	char text[UI_NUMBER_TEXT];
	ui_draw_right(cell, 0, UI_PLAIN, ui_number_bytes(text, (double)bytes));
}

static void draw_listener(const struct servers_state *servers, const struct sdr_service_view *view,
	unsigned column, const struct ui_surface *cell)
{
	char text[SDR_ENDPOINT_TEXT];
	switch (column) {
	case COLUMN_SERVICE:
		ui_draw_text(cell, 0, 0, UI_STRONG, view->type->name);
		break;
	case COLUMN_TRANSPORT:
		ui_draw_text(cell, 0, 0, UI_PLAIN, view->transport == SDR_TCP ? "tcp" : "udp");
		break;
	case COLUMN_ADDRESS:
		ui_draw_name(cell, 0, 0, view->is_public ? UI_BAD : UI_PLAIN,
			sdr_endpoint_format(text, &view->local));
		break;
	case COLUMN_UP:
		draw_age(cell, ui_now(servers->ui) - view->started);
		break;
	case COLUMN_CLIENTS:
		draw_count(cell, UI_PLAIN, view->clients);
		break;
	case COLUMN_SERVED:
		draw_count(cell, UI_PLAIN, view->served);
		break;
	case COLUMN_DROPPED:
		draw_count(cell, view->dropped + view->refused ? UI_WARNING : UI_DIM,
			view->dropped + view->refused);
		break;
	case COLUMN_IN:
		draw_bytes(cell, view->bytes_in);
		break;
	case COLUMN_OUT:
		draw_bytes(cell, view->bytes_out);
		break;
	default:
		ui_draw_printf(cell, 0, 0, view->is_public ? UI_BAD : UI_DIM, "%s%s%s",
			view->is_public ? "PUBLIC" : "", view->is_public && view->why ? "; " : "",
			view->why ? view->why : "");
	}
}

static void draw_client(const struct servers_state *servers,
	const struct sdr_service_client *client, unsigned column, const struct ui_surface *cell)
{
	char text[SDR_ENDPOINT_TEXT];
	if (column == COLUMN_ADDRESS)
		ui_draw_name(cell, 0, 2, UI_DIM, sdr_endpoint_format(text, &client->peer));
	else if (column == COLUMN_UP)
		draw_age(cell, ui_now(servers->ui) - client->since);
	else if (column == COLUMN_IN)
		draw_bytes(cell, client->bytes_in);
	else if (column == COLUMN_OUT)
		draw_bytes(cell, client->bytes_out);
}

static void draw_cell(void *context, uint32_t row, unsigned column, const struct ui_surface *cell)
{
	const struct servers_state *servers = context;
	const struct line *line = &servers->lines[row];
	struct sdr_service_view view;
	struct sdr_service_client client;
	if (!sdr_services_view(services_of(servers), line->listener, &view))
		return;
	if (line->client == UINT32_MAX)
		draw_listener(servers, &view, column, cell);
	else if (sdr_services_client(services_of(servers), view.id, line->client, &client))
		draw_client(servers, &client, column, cell);
}

/* A client stands under its listener, and is found by that one's name as well. */
static bool holds(void *context, uint32_t row, const struct ui_filter *filter)
{
	const struct servers_state *servers = context;
	const struct line *line = &servers->lines[row];
	struct sdr_service_view view;
	struct sdr_service_client client;
	char local[SDR_ENDPOINT_TEXT], peer[SDR_ENDPOINT_TEXT] = "";
	if (!sdr_services_view(services_of(servers), line->listener, &view))
		return false;
	if (line->client != UINT32_MAX &&
		sdr_services_client(services_of(servers), view.id, line->client, &client))
		sdr_endpoint_format(peer, &client.peer);
	const char *const texts[UI_FILTER_TEXTS] = {view.type->name,
		view.transport == SDR_TCP ? "tcp" : "udp", sdr_endpoint_format(local, &view.local),
		peer, view.is_public ? "PUBLIC" : "", view.why};
	return ui_filter_holds_for(filter, texts);
}

static const struct ui_rows rows = {.cell = draw_cell, .holds = holds};

static enum sdr_status servers_open(struct ui *ui, void *state)
{
	struct servers_state *servers = state;
	servers->ui = ui;
	servers->version = UINT64_MAX;
	servers->table.columns = columns;
	servers->table.rows = &rows;
	return SDR_OK;
}

static void servers_close(struct ui *ui, void *state)
{
	struct servers_state *servers = state;
	(void)ui;
	ui_table_done(&servers->table);
	free(servers->lines);
}

static void add_line(struct servers_state *servers, uint32_t listener, uint32_t client)
{
	if (servers->count == servers->size) {
		uint32_t size = servers->size ? servers->size * 2 : 32;
		struct line *grown = realloc(servers->lines, size * sizeof(*grown));
		if (!grown)
			return;
		servers->lines = grown;
		servers->size = size;
	}
	servers->lines[servers->count++] = (struct line){listener, client};
}

/* Lists listeners and their clients again if anything changed. */
static void gather(struct servers_state *servers)
{
	const struct sdr_services *services = services_of(servers);
	uint64_t version = sdr_services_version(services);
	struct sdr_service_view view;
	if (version == servers->version)
		return;
	servers->version = version;
	servers->count = 0;
	for (uint32_t i = 0; sdr_services_view(services, i, &view); i++) {
		add_line(servers, i, UINT32_MAX);
		unsigned clients = sdr_services_client_count(services, view.id);
		for (uint32_t client = 0; client < clients; client++)
			add_line(servers, i, client);
	}
}

static void servers_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	struct servers_state *servers = state;
	struct sdr_service_view view;
	char filtered[UI_TABLE_SUMMARY];
	bool is_public = false;
	gather(servers);
	for (uint32_t i = 0; sdr_services_view(services_of(servers), i, &view); i++)
		is_public |= view.is_public;
	ui_draw_rule(surface, 0, "Servers",
		ui_table_summary(&servers->table, filtered, sizeof(filtered),
			is_public ? "PUBLIC: reachable from other machines" : "loopback only"));
	struct ui_surface body = ui_surface_part(surface, 1, 0, -1, -1);
	ui_table_update(&servers->table, servers, servers->count, servers->version);
	(void)ui;
	if (servers->count)
		ui_table_draw(&servers->table, &body);
	else
		ui_draw_empty(&body, &ui_panel_servers);
}

static struct ui_table *servers_table(struct ui *ui, void *state)
{
	struct servers_state *servers = state;
	(void)ui;
	return &servers->table;
}

/* Fetches the listener of the line under the cursor. */
static bool current(
	const struct servers_state *servers, struct sdr_service_view *view, struct line *line)
{
	uint32_t row = ui_table_row(&servers->table);
	if (row >= servers->count)
		return false;
	*line = servers->lines[row];
	return sdr_services_view(services_of(servers), line->listener, view);
}

static bool servers_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	struct servers_state *servers = state;
	struct sdr_service_view view;
	struct sdr_service_client client;
	struct line line;
	(void)ui;
	if (!current(servers, &view, &line))
		return false;
	struct sdr_endpoint at = view.local;
	if (line.client != UINT32_MAX &&
		sdr_services_client(services_of(servers), view.id, line.client, &client))
		at = client.peer;
	sdr_addr_format(subject->address, &at.addr);
	sdr_endpoint_format(subject->target, &at);
	snprintf(subject->value, sizeof(subject->value), "%s", subject->target);
	snprintf(subject->port, sizeof(subject->port), "%u", at.port);
	if (line.client == UINT32_MAX)
		snprintf(subject->command, sizeof(subject->command), "serve %s --%s %s",
			view.type->name, view.transport == SDR_TCP ? "tcp" : "udp",
			subject->target);
	return true;
}

/* ---- commands ---- */

static enum sdr_status perform_stop(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct servers_state *servers = ui_state(ui, &ui_panel_servers);
	struct sdr_service_view view;
	struct line line;
	(void)call;
	if (!current(servers, &view, &line)) {
		sdr_error_set(error, 0, "no server is under the cursor; . s starts some");
		return SDR_ENOENT;
	}
	char text[SDR_ENDPOINT_TEXT];
	ui_notify(ui, SDR_TONE_PLAIN, "stopped %s on %s %s", view.type->name,
		view.transport == SDR_TCP ? "tcp" : "udp", sdr_endpoint_format(text, &view.local));
	return sdr_services_stop(sdr_app_services(ui_app(ui)), view.id);
}

static enum sdr_status make_stop(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_ACTION;
	request->action.perform = perform_stop;
	return SDR_OK;
}

static const struct sdr_command command_stop = {
	.name = "serve-stop",
	.arguments = "",
	.sentence = "stop the server under the cursor and close its clients",
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.make = make_stop,
};

static const struct sdr_command *const commands[] = {&command_stop, NULL};

static const struct ui_key verbs[] = {
	{"s", "serve", "start"},
	{NULL, NULL, NULL},
};

static const struct ui_key keys[] = {
	{"x", "serve-stop", "stop"},
	{NULL, NULL, NULL},
};

static const struct ui_input_spec input = {.label = "Serve",
	.hint = "echo --tcp 127.0.0.1:10007 daytime --udp [::1]:10013",
	.command = "serve"};

const struct ui_panel ui_panel_servers = {
	.name = "servers",
	.title = "Servers",
	.sentence = "the daytime and echo servers that run here, their clients and counters",
	.empty = {"Daytime and echo servers to test against from elsewhere, on TCP "
		  "and UDP; on loopback only unless an address is named.",
		"Press . and s to start both, or i and type, for example, "
		"echo --tcp 127.0.0.1:10007"},
	.size = sizeof(struct servers_state),
	.keys = keys,
	.verbs = verbs,
	.commands = commands,
	.input = &input,
	.columns = columns,
	.open = servers_open,
	.close = servers_close,
	.draw = servers_draw,
	.table = servers_table,
	.subject = servers_subject,
};
