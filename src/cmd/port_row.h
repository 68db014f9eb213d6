/* port_row.h (internal) - a row of the ports' registry as a sheet, with who listens there, and its
 * lines of text: `port` and `listeners`. */
#ifndef SOUNDER_CMD_PORT_ROW_H
#define SOUNDER_CMD_PORT_ROW_H

#include "sounder/app.h"
#include "sounder/command.h"
#include "sounder/listeners.h"
#include "sounder/out.h"
#include "sounder/registry.h"

/* Adds all that is known of a row, including who listens. `app` NULL: only libc's part, with the
 * row's own aliases. Returns false, with `error`, if a part could not be read: its item is null
 * then. */
bool sdr_port_row_fill(struct sdr_item *root, struct sdr_app *app, const struct sdr_port_row *row,
	struct sdr_error *error);

/* Adds one listener's items to an object. Returns the same. */
bool sdr_port_row_listener(struct sdr_item *object, const struct sdr_listeners *listeners,
	const struct sdr_listener *listener, struct sdr_error *error);

/* Asks the kernel again, if it was not asked within the last second, and names the programs of a
 * port's sockets (every port's: 0). sdr_listeners_look returns whether all could be read. */
struct sdr_listeners *sdr_port_row_listeners(struct sdr_app *app, uint16_t port);

/* A line like those of /etc/services, and one that shows who listens, if any. */
void sdr_port_row_print(struct sdr_out *out, const struct sdr_item *root);

/* As getent(1) prints a row. */
void sdr_port_row_getent(struct sdr_out *out, const struct sdr_item *root);

#define SDR_PROGRAM_TEXT 256
/* Writes "nginx (pid 812)" or why there is no name, unsanitised. */
const char *sdr_port_row_program(const struct sdr_item *listener, char *out, size_t size);

#endif
