/* state_look.c - what is well is dim. */
#include "state_look.h"

#include "sounder/engine.h"

static const struct {
	enum ui_style style;
	enum ui_glyph sign;
	const char *counted;
} looks[] = {
	[SDR_STATE_UNKNOWN] = {UI_DIM, UI_GLYPH_UNKNOWN, "new"},
	[SDR_STATE_UP] = {UI_DIM, UI_GLYPH_OK, "up"},
	[SDR_STATE_SLOW] = {UI_WARNING, UI_GLYPH_SLOW, "slow"},
	[SDR_STATE_DOWN] = {UI_BAD, UI_GLYPH_DOWN, "down"},
	[SDR_STATE_PAUSED] = {UI_DIM, UI_GLYPH_PAUSED, "paused"},
};

enum ui_style ui_state_style(enum sdr_state state)
{
	return looks[state].style;
}

enum ui_glyph ui_state_sign(enum sdr_state state)
{
	return looks[state].sign;
}

enum ui_style ui_row_style(const struct sdr_row *row)
{
	return row->flaps ? UI_WARNING : ui_state_style(row->state);
}

enum ui_glyph ui_row_sign(const struct sdr_row *row)
{
	return row->flaps ? UI_GLYPH_FLAPS : ui_state_sign(row->state);
}

const char *ui_row_word(const struct sdr_row *row)
{
	return row->flaps ? "FLAPS" : sdr_state_word(row->state);
}

const char *ui_state_counted(enum sdr_state state)
{
	return looks[state].counted;
}

const char *ui_state_why(const struct sdr_row *row)
{
	if (row->target->phase == SDR_PHASE_FAILED)
		return row->target->why;
	const char *why = row->state == SDR_STATE_DOWN ? row->cause_why : row->why;
	if (why && *why)
		return why;
	return row->state == SDR_STATE_DOWN ? sdr_outcome_sentence(row->cause) : "";
}
