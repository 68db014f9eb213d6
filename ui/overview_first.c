/* overview_first.c - gateways of default routes, and configured resolvers, each once. */
#include "overview_first.h"

#include <stdio.h>
#include <string.h>

#include "panel.h"
#include "sounder/app.h"

#define MOST 8 /* of each */

struct addresses {
	struct sdr_addr list[MOST];
	unsigned count;
};

static void add(struct addresses *addresses, const struct sdr_addr *addr)
{
	for (unsigned i = 0; i < addresses->count; i++)
		if (sdr_addr_compare(&addresses->list[i], addr) == 0)
			return;
	if (addresses->count < MOST)
		addresses->list[addresses->count++] = *addr;
}

static struct addresses gateways(struct ui *ui)
{
	const struct sdr_host *host = sdr_app_host(ui_app(ui));
	struct addresses found = {.count = 0};
	const struct sdr_route *route;
	for (unsigned i = 0; (route = sdr_host_gateway(host, i)); i++) {
		struct sdr_addr via = route->via;
		if (sdr_addr_is_link_local(&via) && via.scope_id == 0)
			via.scope_id = route->index;
		add(&found, &via);
	}
	return found;
}

static struct addresses resolvers(struct ui *ui)
{
	struct sdr_names *names = sdr_app_names(ui_app(ui));
	struct addresses found = {.count = 0};
	for (unsigned i = 0; i < sdr_names_server_count(names); i++) {
		struct sdr_names_server server;
		sdr_names_server(names, i, &server);
		if (server.endpoint.port == 53)
			add(&found, &server.endpoint.addr);
	}
	return found;
}

static void append(char *out, size_t size, const char *what, const struct addresses *addresses)
{
	for (unsigned i = 0; i < addresses->count; i++) {
		char text[SDR_ADDR_TEXT];
		size_t used = strlen(out);
		snprintf(out + used, size - used, "%s%s %s", used ? ", " : "", what,
			sdr_addr_format(text, &addresses->list[i]));
	}
}

bool ui_overview_first_format(struct ui *ui, char *out, size_t size)
{
	char list[512] = "";
	const struct addresses via = gateways(ui), servers = resolvers(ui);
	append(list, sizeof(list), "gateway", &via);
	append(list, sizeof(list), "resolver", &servers);
	snprintf(out, size, "Enter watches what this host depends on: %s", list);
	return *list;
}

/* The line has %address. */
static void run_for_each(struct ui *ui, const char *line, const struct addresses *addresses)
{
	for (unsigned i = 0; i < addresses->count; i++) {
		struct ui_subject words = {.id = UI_NO_TARGET};
		char text[SDR_ADDR_TEXT + 64];
		sdr_addr_format(words.address, &addresses->list[i]);
		if (ui_expand_line(ui, line, &words, text, sizeof(text)))
			ui_do(ui, text);
	}
}

bool ui_overview_first_watch(struct ui *ui)
{
	const struct addresses via = gateways(ui), servers = resolvers(ui);
	run_for_each(ui, "ping %address --group gateway", &via);
	run_for_each(ui, "dns . NS @%address --interval 10s --group resolvers", &servers);
	return via.count + servers.count > 0;
}
