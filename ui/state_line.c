/* state_line.c - in a corner of a screen a count alone does not say whom to look after. */
#include "state_line.h"

#include "state_look.h"

#define NAME_LEAST 4 /* cells that a name is any use with */

/* Returns the first target in the worst state that any is in, UINT32_MAX where nothing is wrong. */
static uint32_t find_worst(const struct sdr_model *model)
{
	bool down = sdr_model_tally(model, SDR_STATE_DOWN) > 0;
	enum sdr_state state = down ? SDR_STATE_DOWN : SDR_STATE_SLOW;
	if (sdr_model_tally(model, state) == 0)
		return UINT32_MAX;
	for (uint32_t i = 0; i < sdr_model_count(model); i++)
		if (sdr_model_state(model, i) == state)
			return i;
	return UINT32_MAX;
}

/* Returns the cells used. */
static int draw_counts(const struct sdr_model *model, const struct ui_surface *s)
{
	uint32_t down = sdr_model_tally(model, SDR_STATE_DOWN),
		 slow = sdr_model_tally(model, SDR_STATE_SLOW), count = sdr_model_count(model);
	enum ui_glyph glyph = down ? UI_GLYPH_DOWN : slow ? UI_GLYPH_SLOW : UI_GLYPH_OK;
	enum ui_style style = down ? UI_BAD : slow ? UI_WARNING : UI_PLAIN;
	if (down && slow && s->width >= 18)
		return ui_draw_printf(
			s, 0, 0, style, "%s %u down, %u slow", ui_draw_glyph(s, glyph), down, slow);
	if (down || slow)
		return ui_draw_printf(s, 0, 0, style, "%s %u %s of %u", ui_draw_glyph(s, glyph),
			down ? down : slow, down ? "down" : "slow", count);
	return ui_draw_printf(s, 0, 0, style, "%s %u up of %u", ui_draw_glyph(s, glyph),
		sdr_model_tally(model, SDR_STATE_UP), count);
}

/* Draws a message in the last line. Returns the lines that are left. */
static int draw_message(const struct ui *ui, const struct ui_surface *screen)
{
	struct ui_surface last = ui_surface_line(screen, screen->height - 1);
	if (ui->message_until <= ui->now)
		return screen->height;
	ui_draw_text(&last, 0, 0, (enum ui_style)ui->message_tone, ui->message);
	return screen->height - 1;
}

void ui_state_line_draw(struct ui *ui, const struct ui_surface *screen)
{
	const struct sdr_model *model = ui_model(ui);
	struct ui_surface s = ui_surface_part(screen, 0, 0, draw_message(ui, screen), -1);
	struct sdr_row row;
	if (s.height == 0)
		return;
	int at = draw_counts(model, &s) + 1, line = 0;
	uint32_t worst = find_worst(model);
	if (worst == UINT32_MAX)
		return;
	sdr_model_row(model, worst, &row);
	if (s.width - at < NAME_LEAST) {
		line++;
		at = 0;
	}
	struct ui_surface name = ui_surface_part(&s, line, at, 1, -1);
	int used = ui_draw_name(&name, 0, 0, UI_STRONG, row.target->typed);
	if (line > 0 || s.height > 1)
		ui_draw_text(&s, line + 1, 0, UI_PLAIN, ui_state_why(&row));
	else
		ui_draw_text(&name, 0, used + 1, UI_PLAIN, ui_state_why(&row));
}
