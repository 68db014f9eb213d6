/* filter_field.c - the field in which a table's filter is typed. */
#include "filter_field.h"

#include <stdio.h>
#include <string.h>

#include "number.h"

struct ui_table *ui_filter_table(struct ui *ui)
{
	struct ui_table *table = ui_table_now(ui);
	return table && table->rows && table->rows->holds ? table : NULL;
}

void ui_filter_field_open(struct ui *ui, struct ui_table *table)
{
	ui_input_set(&ui->filter, ui_table_filter_text(table));
	ui->filter.active = true;
}

void ui_filter_field_close(struct ui *ui)
{
	ui->filter.active = false;
	ui->filter.error[0] = '\0';
}

bool ui_filter_field_is_open(const struct ui *ui)
{
	return ui->filter.active;
}

static void apply(struct ui *ui)
{
	struct ui_table *table = ui_filter_table(ui);
	struct sdr_error error = {0};
	ui->filter.error[0] = '\0';
	if (table && ui_table_set_filter(table, ui->filter.text, &error) != SDR_OK)
		snprintf(ui->filter.error, sizeof(ui->filter.error), "%s",
			error.text[0] ? error.text : sdr_status_text(SDR_ENOMEM));
}

bool ui_filter_field_clear(struct ui *ui)
{
	struct ui_table *table = ui_filter_table(ui);
	if (!table || !table->filter)
		return false;
	return ui_table_set_filter(table, "", NULL) == SDR_OK;
}

enum ui_input_result ui_filter_field_key(struct ui *ui, uint32_t key)
{
	enum ui_input_result result = ui_input_key(&ui->filter, key);
	if (result == UI_INPUT_CHANGED)
		apply(ui);
	if (result == UI_INPUT_LEFT)
		(void)ui_filter_field_clear(ui);
	/* A filter that is wrong stays open to be mended. */
	if (result == UI_INPUT_LEFT || (result == UI_INPUT_ENTERED && !ui->filter.error[0]))
		ui_filter_field_close(ui);
	return result;
}

void ui_filter_field_paste(struct ui *ui, const char *bytes, size_t length)
{
	if (ui_input_insert(&ui->filter, bytes, length))
		apply(ui);
}

void ui_filter_field_draw(struct ui *ui, const struct ui_surface *s)
{
	const struct ui_table *table = ui_filter_table(ui);
	char found[UI_NUMBER_TEXT], all[UI_NUMBER_TEXT], text[2 * UI_NUMBER_TEXT + 64];
	struct ui_surface field = ui_surface_part(s, 0, 1, 1, -1);
	if (table && !ui->filter.error[0] && s->width >= 30) {
		snprintf(text, sizeof(text), "%s of %s%s", ui_number_count(found, table->found),
			ui_number_count(all, table->count),
			s->width >= 60 ? "   Enter keeps it   Esc shows all " : " ");
		int used = ui_draw_right(&field, 0, UI_DIM, text);
		field = ui_surface_part(s, 0, 1, 1, field.width - used - 1);
	}
	ui_input_draw(&ui->filter, &field, "Filter", "text  !text  is:down  probe:http  p95>100");
}
