/* filter_field.h - the field at the foot of the screen in which a table's filter is typed. */
#ifndef SOUNDER_UI_FILTER_FIELD_H
#define SOUNDER_UI_FILTER_FIELD_H

#include "ui_state.h"

/* The table that the keys go to now, if it can be filtered. The panel may give them to another one
 * at any time. */
struct ui_table *ui_filter_table(struct ui *ui);

/* Opens it on a table of the focused panel, with the filter that it has. */
void ui_filter_field_open(struct ui *ui, struct ui_table *table);
void ui_filter_field_close(struct ui *ui);
bool ui_filter_field_is_open(const struct ui *ui);

/* Takes a key: the table is filtered with each. IGNORED: it edits nothing. */
enum ui_input_result ui_filter_field_key(struct ui *ui, uint32_t key);
void ui_filter_field_paste(struct ui *ui, const char *bytes, size_t length);

/* Shows all rows of a table again, as Esc does. Returns whether there was a filter. */
bool ui_filter_field_clear(struct ui *ui);

void ui_filter_field_draw(struct ui *ui, const struct ui_surface *s);

#endif
