/* overview_first.c - gateways of default routes, and configured resolvers, each once. */
#include "overview_first.h"

#include <stdio.h>
#include <string.h>

#include "sounder/app.h"
#include "ui.h"

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
	for (unsigned i = 0; i < sdr_host_route_count(host); i++) {
		const struct sdr_route *route = sdr_host_route(host, i);
		struct sdr_addr via = route->via;
		if (route->to.length > 0 || via.version == 0)
			continue;
		/* Of a link's own address the link is a part. */
		bool link_local =
			via.version == 6 && via.bytes[0] == 0xfe && (via.bytes[1] & 0xc0) == 0x80;
		if (link_local && via.scope_id == 0)
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

static void run_for_each(struct ui *ui, const char *format, const struct addresses *addresses)
{
	for (unsigned i = 0; i < addresses->count; i++) {
		char line[SDR_ADDR_TEXT + 64], text[SDR_ADDR_TEXT];
		const char *at = strstr(format, "%");
		snprintf(line, sizeof(line), "%.*s%s%s", (int)(at - format), format,
			sdr_addr_format(text, &addresses->list[i]), at + 1);
		ui_do(ui, line);
	}
}

bool ui_overview_first_watch(struct ui *ui)
{
	const struct addresses via = gateways(ui), servers = resolvers(ui);
	run_for_each(ui, "ping % --group gateway", &via);
	run_for_each(ui, "dns . NS @% --interval 10s --group resolvers", &servers);
	return via.count + servers.count > 0;
}
