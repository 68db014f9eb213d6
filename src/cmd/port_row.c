/* port_row.c - a row of the ports' registry as a sheet and as text, with who listens there. RFC
 * 6335. */
#include "cmd/port_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/about.h"

#define AGE SDR_SECOND /* how long the kernel's answer is used */
/* For looking through /proc: a hundred times what most hosts take; the next question goes on
 * from there. */
#define BUDGET SDR_SECOND

struct sdr_listeners *sdr_port_row_listeners(struct sdr_app *app, uint16_t port)
{
	struct sdr_listeners *listeners = sdr_app_listeners(app);
	(void)!sdr_listeners_refresh(listeners, sdr_clock_now(), AGE);
	const struct sdr_listener *first =
		sdr_listeners_at(listeners, sdr_listeners_find(listeners, port));
	if (first && (port == 0 || first->endpoint.port == port))
		(void)sdr_listeners_name(listeners, BUDGET);
	return listeners;
}

bool sdr_port_row_listener(struct sdr_item *object, const struct sdr_listeners *listeners,
	const struct sdr_listener *listener, struct sdr_error *error)
{
	char text[SDR_ADDR_TEXT], why[SDR_LISTENER_WHY];
	bool looked = sdr_listener_why(listeners, listener, why);
	sdr_item_text(object, "transport", "Protocol", sdr_transport_name(listener->transport));
	sdr_item_text(
		object, "address", "Address", sdr_addr_format(text, &listener->endpoint.addr));
	sdr_item_integer(object, "port", "Port", listener->endpoint.port);
	sdr_item_boolean(object, "dual", "IPv4 too", listener->dual);
	sdr_item_text(object, "process", "Program", listener->pid != 0 ? listener->process : NULL);
	sdr_item_text(object, "process_why", "Why not", why[0] != '\0' ? why : NULL)->show =
		SDR_SHOW_HIDDEN;
	if (listener->pid != 0)
		sdr_item_integer(object, "pid", "Process", listener->pid);
	else
		sdr_item_null(object, "pid", "Process");
	sdr_item_integer(object, "uid", "User", listener->uid);
	sdr_item_integer(object, "inode", "Socket", listener->inode)->show = SDR_SHOW_HIDDEN;
	if (!looked)
		sdr_error_set(error, 0, "the program that listens on port %u with %s: %s",
			listener->endpoint.port, sdr_transport_name(listener->transport), why);
	return looked;
}

static bool add_listeners(struct sdr_item *root, struct sdr_app *app,
	const struct sdr_port_row *row, struct sdr_error *error)
{
	struct sdr_listeners *listeners = sdr_port_row_listeners(app, row->port);
	const struct sdr_listener *listener;
	if (sdr_listeners_look(listeners, 1U << row->transport, error) != SDR_OK) {
		sdr_item_null(root, "listeners", "Listening here");
		return false;
	}
	struct sdr_item *list = sdr_item_list(root, "listeners", "Listening here");
	bool looked = true;
	list->show = SDR_SHOW_TABLE;
	for (size_t i = sdr_listeners_find(listeners, row->port);
		(listener = sdr_listeners_at(listeners, i)); i++) {
		if (listener->endpoint.port > row->port_last)
			break;
		if (listener->transport == row->transport)
			looked = sdr_port_row_listener(sdr_item_object(list, NULL, NULL), listeners,
					 listener, error) &&
				looked;
	}
	return looked;
}

static bool add_range(
	struct sdr_item *root, const struct sdr_port_row *row, struct sdr_error *error)
{
	uint16_t first, last;
	sdr_item_text(root, "range", "Range", sdr_port_range_name(row->port));
	enum sdr_status status = sdr_listeners_ephemeral(&first, &last, error);
	if (status == SDR_OK)
		sdr_item_boolean(root, "ephemeral", "Ephemeral here",
			row->port <= last && row->port_last >= first);
	else
		sdr_item_null(root, "ephemeral", "Ephemeral here");
	return status == SDR_OK || status == SDR_ENOENT;
}

bool sdr_port_row_fill(struct sdr_item *root, struct sdr_app *app, const struct sdr_port_row *row,
	struct sdr_error *error)
{
	sdr_item_integer(root, "port", "Port", row->port);
	if (row->port_last > row->port)
		sdr_item_integer(root, "port_last", "Last port", row->port_last);
	else
		sdr_item_null(root, "port_last", "Last port")->show = SDR_SHOW_HIDDEN;
	sdr_item_text(root, "protocol", "Protocol", sdr_transport_name(row->transport));
	sdr_about_text(root, "name", "Name", row->name);
	sdr_about_aliases(root, app ? row->aliases : row->own_aliases);
	sdr_about_text(root, "description", "Description", row->description);
	sdr_item_text(root, "source", "Source", sdr_source_name(row->source));
	if (!app)
		return true;
	bool range = add_range(root, row, error);
	return add_listeners(root, app, row, error) && range;
}

static int number_of(const struct sdr_item *root, const char *key)
{
	const struct sdr_item *item = sdr_item_find(root, key);
	return item && item->kind == SDR_ITEM_INTEGER ? (int)item->value.integer : 0;
}

const char *sdr_port_row_program(const struct sdr_item *listener, char *out, size_t size)
{
	int64_t uid = sdr_item_find(listener, "uid")->value.integer;
	if (number_of(listener, "pid") != 0)
		snprintf(out, size, "%s (pid %d)", sdr_item_string(listener, "process", ""),
			number_of(listener, "pid"));
	else if (number_of(listener, "inode") == 0)
		snprintf(out, size, "the kernel");
	else
		snprintf(out, size, "a program of uid %" PRId64 " (%s)", uid,
			sdr_item_string(listener, "process_why", ""));
	return out;
}

/* "0.0.0.0 nginx (pid 812), :: nginx (pid 812)"; in a row of several ports with the port before
 * each. */
static void print_listeners(struct sdr_out *out, const struct sdr_item *listeners, bool several)
{
	char program[SDR_PROGRAM_TEXT], port[8] = "";
	if (listeners && listeners->kind == SDR_ITEM_NULL)
		sdr_out_line(
			out, SDR_TONE_WARNING, "%-13s  listening here: could not be looked at", "");
	if (!listeners || !listeners->first)
		return;
	sdr_out_put(out, SDR_TONE_OK, "%-13s  listening here: ", "");
	for (const struct sdr_item *listener = listeners->first; listener;
		listener = listener->next) {
		if (several)
			snprintf(port, sizeof(port), "%d ", number_of(listener, "port"));
		sdr_out_put(out, SDR_TONE_PLAIN, "%s%s%s %s",
			listener == listeners->first ? "" : ", ", port,
			sdr_item_string(listener, "address", ""),
			sdr_port_row_program(listener, program, sizeof(program)));
	}
	sdr_out_end(out);
}

/* Columns are the same whatever the order: 23/tcp  telnet  ... */
void sdr_port_row_print(struct sdr_out *out, const struct sdr_item *root)
{
	char port[32];
	const struct sdr_item *aliases = sdr_item_find(root, "aliases"),
			      *ephemeral = sdr_item_find(root, "ephemeral");
	int first = number_of(root, "port"), last = number_of(root, "port_last");
	bool is_ephemeral =
		ephemeral && ephemeral->kind == SDR_ITEM_BOOLEAN && ephemeral->value.integer != 0;
	if (last > first)
		snprintf(port, sizeof(port), "%d-%d/%s", first, last,
			sdr_item_string(root, "protocol", ""));
	else
		snprintf(port, sizeof(port), "%d/%s", first, sdr_item_string(root, "protocol", ""));
	const char *name = sdr_item_string(root, "name", "");
	sdr_out_put(out, SDR_TONE_STRONG, "%-13s  %-18s", port, name[0] != '\0' ? name : "-");
	sdr_out_put(out, SDR_TONE_PLAIN, "  %s", sdr_item_string(root, "description", ""));
	for (const struct sdr_item *alias = aliases->first; alias; alias = alias->next)
		sdr_out_put(out, SDR_TONE_PLAIN, "%s%s", alias == aliases->first ? "  also " : ", ",
			alias->value.bytes);
	sdr_out_line(out, SDR_TONE_DIM, "  (%s, %s%s)", sdr_item_string(root, "source", ""),
		sdr_item_string(root, "range", ""), is_ephemeral ? ", ephemeral here" : "");
	print_listeners(out, sdr_item_find(root, "listeners"), last > first);
}

void sdr_port_row_getent(struct sdr_out *out, const struct sdr_item *root)
{
	const struct sdr_item *aliases = sdr_item_find(root, "aliases");
	int first = number_of(root, "port"), last = number_of(root, "port_last");
	sdr_out_put(out, SDR_TONE_PLAIN, "%-21s %d", sdr_item_string(root, "name", ""), first);
	if (last > first)
		sdr_out_put(out, SDR_TONE_PLAIN, "-%d", last);
	sdr_out_put(out, SDR_TONE_PLAIN, "/%s", sdr_item_string(root, "protocol", ""));
	for (const struct sdr_item *alias = aliases->first; alias; alias = alias->next)
		sdr_out_put(out, SDR_TONE_PLAIN, " %s", alias->value.bytes);
	sdr_out_end(out);
}
