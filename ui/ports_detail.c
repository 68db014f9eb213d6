/* ports_detail.c - details of one row of the ports panel. RFC 6335 sec. 6 (ranges). */
#include "ports_detail.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SMALL 12 /* lines of a panel below which the detail is one line */
/* For a row about a port, with any protocol. */
#define ANY_TRANSPORT SDR_TRANSPORT_COUNT
#define NAMES_TEXT 768 /* of all that listen on a row's ports */

/* Goes over the listeners of a row's ports; `index` starts at 0 and is kept by the caller. NULL at
 * the end. */
static const struct sdr_listener *next(
	const struct ui_ports_here *here, const struct sdr_port_row *row, size_t *index)
{
	const struct sdr_listener *listener;
	if (*index == 0)
		*index = sdr_listeners_find(here->listeners, row->port);
	while ((listener = sdr_listeners_at(here->listeners, *index)) &&
		listener->endpoint.port <= row->port_last) {
		++*index;
		if (row->transport == ANY_TRANSPORT || listener->transport == row->transport)
			return listener;
	}
	return NULL;
}

static void append(char *out, size_t size, const char *format, ...) SDR_PRINTF(3, 4);

static void append(char *out, size_t size, const char *format, ...)
{
	size_t used = strlen(out);
	va_list args;
	va_start(args, format);
	vsnprintf(out + used, size - used, format, args);
	va_end(args);
}

const char *ui_ports_who(
	const struct ui_ports_here *here, const struct sdr_port_row *row, char *out, size_t size)
{
	const struct sdr_listener *listener, *before = NULL;
	size_t index = 0;
	out[0] = '\0';
	while ((listener = next(here, row, &index))) {
		/* A program may listen on IPv4 and IPv6, and on several addresses. */
		if (before && before->pid == listener->pid && before->uid == listener->uid)
			continue;
		if (listener->pid != 0)
			append(out, size, "%s%s", before ? ", " : "", listener->process);
		else
			append(out, size, "%suid %u", before ? ", " : "", listener->uid);
		before = listener;
	}
	return out;
}

/* Whether all sockets that a row may have could be read; shows the reason if not. */
static bool looked(
	const struct ui_ports_here *here, const struct sdr_port_row *row, char *out, size_t size)
{
	struct sdr_error error = {0};
	unsigned transports =
		row->transport == ANY_TRANSPORT ? SDR_TRANSPORTS_ALL : 1U << row->transport;
	if (sdr_listeners_look(here->listeners, transports, &error) == SDR_OK)
		return true;
	snprintf(out, size, "%c%s", toupper((unsigned char)error.text[0]), error.text + 1);
	return false;
}

/* "Listening here: 0.0.0.0 nginx (pid 812), :: nginx (pid 812)" */
static void format_listeners(
	const struct ui_ports_here *here, const struct sdr_port_row *row, char *out, size_t size)
{
	char address[SDR_ADDR_TEXT], why[SDR_LISTENER_WHY] = "";
	uint32_t uid = 0;
	const struct sdr_listener *listener;
	size_t index = 0;
	unsigned count = 0;
	bool all = looked(here, row, out, size);
	if (all)
		snprintf(out, size, "Nobody listens here.");
	while ((listener = next(here, row, &index))) {
		if (count++ == 0)
			snprintf(out, size,
				all ? "Listening here: "
				    : "Listening here, as far as could be looked: ");
		append(out, size, "%s", count > 1 ? ", " : "");
		if (row->port_last != row->port)
			append(out, size, "%u ", listener->endpoint.port);
		if (row->transport == ANY_TRANSPORT)
			append(out, size, "%s ", sdr_transport_name(listener->transport));
		append(out, size, "%s", sdr_addr_format(address, &listener->endpoint.addr));
		if (listener->pid != 0)
			append(out, size, " %s (pid %d)", listener->process, listener->pid);
		else
			(void)sdr_listener_why(here->listeners, listener, why);
		uid = listener->pid != 0 ? uid : listener->uid;
	}
	if (why[0] != '\0')
		append(out, size, "; its program belongs to uid %u; %s", uid, why);
}

static void format_range(
	const struct ui_ports_here *here, const struct sdr_port_row *row, char *out, size_t size)
{
	bool within = here->ephemeral == SDR_OK && row->port <= here->last &&
		row->port_last >= here->first;
	snprintf(out, size, "A %s port", sdr_port_range_name(row->port));
	if (within)
		append(out, size, ", one of %u-%u that this host gives to outgoing connections",
			here->first, here->last);
	if (here->ephemeral != SDR_OK && here->ephemeral != SDR_ENOENT)
		append(out, size,
			"; which ones this host gives to outgoing connections could not be read");
}

static enum ui_style style_of(const char *text)
{
	return strncmp(text, "Listening", 9) == 0 ? UI_OK
		: strncmp(text, "Who", 3) == 0    ? UI_WARNING
						  : UI_DIM;
}

int ui_ports_detail_height(int height)
{
	return height < SMALL ? 1 : 5;
}

static void format_port(const struct sdr_port_row *row, char *out, size_t size)
{
	if (row->port_last != row->port)
		snprintf(out, size, "%u-%u/%s", row->port, row->port_last,
			sdr_transport_name(row->transport));
	else
		snprintf(out, size, "%u/%s", row->port, sdr_transport_name(row->transport));
}

void ui_ports_detail(const struct ui_surface *surface, const struct ui_ports_here *here,
	const struct sdr_port_row *row)
{
	char port[32], text[NAMES_TEXT], title[320];
	format_port(row, port, sizeof(port));
	if (surface->height < 2) {
		bool all = looked(here, row, text, sizeof(text));
		ui_ports_who(here, row, text, sizeof(text));
		ui_draw_printf(surface, 0, 0,
			text[0]       ? UI_OK
				: all ? UI_DIM
				      : UI_WARNING,
			"%s %s%s", port,
			text[0]       ? "listening here: "
				: all ? "nobody listens here"
				      : "listeners: could not look",
			text);
		return;
	}
	snprintf(title, sizeof(title), "%s %s", port, row->name);
	ui_draw_rule(surface, 0, title, sdr_source_name(row->source));
	ui_draw_text(surface, 1, 0, UI_PLAIN,
		row->description[0] ? row->description : "No description.");
	if (row->aliases[0])
		ui_draw_printf(surface, 2, 0, UI_DIM, "Also %s", row->aliases);
	format_range(here, row, text, sizeof(text));
	ui_draw_text(surface, row->aliases[0] ? 3 : 2, 0, UI_DIM, text);
	format_listeners(here, row, text, sizeof(text));
	struct ui_surface rest = ui_surface_part(surface, row->aliases[0] ? 4 : 3, 0, -1, -1);
	ui_draw_words(&rest, 0, style_of(text), text);
}

void ui_ports_unassigned(
	const struct ui_surface *surface, const struct ui_ports_here *here, uint16_t port)
{
	char text[NAMES_TEXT], range[160];
	struct sdr_port_row row = {.port = port, .port_last = port, .transport = ANY_TRANSPORT};
	format_range(here, &row, range, sizeof(range));
	snprintf(text, sizeof(text), "%u is assigned to no service. %s", port, range);
	int used = ui_draw_words(surface, 0, UI_PLAIN, text);
	format_listeners(here, &row, text, sizeof(text));
	struct ui_surface rest = ui_surface_part(surface, used, 0, -1, -1);
	ui_draw_words(&rest, 0, style_of(text), text);
}
