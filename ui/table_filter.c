/* table_filter.c - sets the filter of a table, and writes what it is. */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>

#include "number.h"

/* Has the filter used, and the cursor on its row if that is still shown, else on the first. */
static void apply(struct ui_table *table)
{
	table->fresh = false;
	if (table->context)
		ui_table_reorder(table);
}

enum sdr_status ui_table_set_filter(
	struct ui_table *table, const char *text, struct sdr_error *error)
{
	struct ui_filter *filter = calloc(1, sizeof(*filter));
	if (!filter)
		return SDR_ENOMEM;
	enum sdr_status status = ui_filter_read(filter, text, error);
	bool was = ui_table_is_filtered(table) && table->fresh && table->held;
	table->narrows = was && ui_filter_narrows(table->filter, filter);
	free(table->filter);
	table->filter = filter->text[0] ? filter : NULL;
	if (!table->filter)
		free(filter);
	apply(table);
	return status;
}

const char *ui_table_filter_text(const struct ui_table *table)
{
	return table->filter ? table->filter->text : "";
}

const char *ui_table_summary(
	const struct ui_table *table, char *out, size_t size, const char *otherwise)
{
	char found[UI_NUMBER_TEXT], all[UI_NUMBER_TEXT];
	if (!table->filter || !table->rows->holds)
		return otherwise;
	snprintf(out, size, "/%s  %s of %s%s", table->filter->text,
		ui_number_count(found, table->found), ui_number_count(all, table->count),
		table->partial ? " so far" : "");
	return out;
}

uint32_t ui_table_height(const struct ui_table *table)
{
	return ui_table_is_filtered(table) && table->count > table->line_count ? table->count
									       : table->line_count;
}
