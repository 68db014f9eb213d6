/* table_write.h - a whole table as text for other programs: all its rows, in the order that is
 * shown, and what its columns have. */
#ifndef SOUNDER_UI_TABLE_WRITE_H
#define SOUNDER_UI_TABLE_WRITE_H

#include <stdio.h>

#include "table.h"

enum ui_form {
	UI_FORM_CSV,     /* a head, then a line a row (RFC 4180, but for its line ends) */
	UI_FORM_JSON,    /* an object a line */
	UI_FORM_MARKDOWN /* a table */
};

/* Writes it into a file, whose failure stays with the file. Durations are in seconds, what a row
 * has nothing of is null or empty. False: there is no memory. */
bool ui_table_write(struct ui_table *table, enum ui_form form, FILE *file);

#endif
