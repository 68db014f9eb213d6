/* sheet_rows.h - a sheet's lines, and how a table draws them. For sheet_view.c only; panels see
 * sheet_view.h. */
#ifndef SOUNDER_UI_SHEET_ROWS_H
#define SOUNDER_UI_SHEET_ROWS_H

#include "sheet_view.h"

#define UI_SHEET_COLUMNS 10 /* of a table within a sheet; what goes beyond is left out */
#define UI_SHEET_TEXT 1024  /* bytes of a formatted scalar */

enum ui_line_kind {
	UI_LINE_HEADLINE,
	UI_LINE_FIELD,
	UI_LINE_MORE,
	UI_LINE_TITLE,
	UI_LINE_HEAD,
	UI_LINE_ROW,
	UI_LINE_PAIR,
	UI_LINE_BLANK
};

struct ui_sheet_line {
	enum ui_line_kind kind;
	const struct sdr_item *item;    /* FIELD, MORE, HEADLINE: the scalar; ROW, PAIR: the object;
					   HEAD: the first row; TITLE: what it heads */
	const char *label;              /* FIELD, TITLE */
	size_t head;                    /* ROW: the line of its HEAD */
	short widths[UI_SHEET_COLUMNS]; /* HEAD: cells of each column */
};

/* The lines as rows; the context is the sheet. */
extern const struct ui_rows ui_sheet_rows;

/* Writes a scalar for display, sanitised. Returns `out`. */
const char *ui_sheet_format(const struct sdr_item *item, char out[static UI_SHEET_TEXT]);

/* Writes the text of the line under the cursor where that line has no room for all of it; returns
 * whether it does. */
bool ui_sheet_format_cut(const struct ui_sheet *sheet, int width, char text[static UI_SHEET_TEXT]);

#endif
