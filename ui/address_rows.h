/* address_rows.h - the sheet of an address as lines of the address panel: label, value, bits, and
 * what stands beside them where there is room. */
#ifndef SOUNDER_UI_ADDRESS_ROWS_H
#define SOUNDER_UI_ADDRESS_ROWS_H

#include "draw.h"
#include "sounder/addr.h"
#include "sounder/sheet.h"

#define UI_ADDRESS_ROWS 48 /* lines of a sheet at most */

struct ui_address_row {
	char label[16];  /* "" if none */
	char value[200]; /* what y copies; "" if the line has only bits */
	char tail[16];   /* directly after the value: a mask's length; "" if none */
	char bits[144];  /* ones and zeros; "" if none */
	char note[200];  /* beside it, dim */
};

/* Makes the lines of a sheet of `ip` or `mask`, for a surface of `width` cells: the narrower it is,
 * the more lines of their own. Returns how many. */
unsigned ui_address_rows(
	struct ui_address_row rows[static UI_ADDRESS_ROWS], const struct sdr_item *root, int width);

/* Draws a line; `length` is where the bits are split, -1: not. */
void ui_address_row_draw(const struct ui_surface *s, const struct ui_address_row *row, int length);

/* Draws a network of a list, with the sign that it `holds` what was asked for. */
void ui_address_network_draw(
	const struct ui_surface *s, const struct sdr_prefix *network, bool holds);

#endif
