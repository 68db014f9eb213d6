/* ports_detail.h - the part of the ports' panel below its table: what a row is for, its range, who
 * listens there. */
#ifndef SOUNDER_UI_PORTS_DETAIL_H
#define SOUNDER_UI_PORTS_DETAIL_H

#include "draw.h"
#include "sounder/listeners.h"
#include "sounder/registry.h"

/* The sources for a row's details. */
struct ui_ports_here {
	struct sdr_listeners *listeners; /* borrowed */
	uint16_t first, last;            /* ports for outgoing connections */
	enum sdr_status ephemeral; /* OK: they are known; ENOENT: there are none; else they could
				      not be read */
};

/* Writes who listens on a row's ports, in short ("nginx", "uid 0", "" for none), into out[size].
 * Returns `out`. */
const char *ui_ports_who(
	const struct ui_ports_here *here, const struct sdr_port_row *row, char *out, size_t size);

/* Returns how many lines the detail wants of a panel that is `height` lines high. */
int ui_ports_detail_height(int height);

/* Draws the detail over the whole surface: one line, or a rule with four below. */
void ui_ports_detail(const struct ui_surface *surface, const struct ui_ports_here *here,
	const struct sdr_port_row *row);

/* Describes a port without a service: its range, and who listens on it with any protocol. */
void ui_ports_unassigned(
	const struct ui_surface *surface, const struct ui_ports_here *here, uint16_t port);

#endif
