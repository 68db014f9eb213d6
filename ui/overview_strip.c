/* overview_strip.c - counts by state at the left, what they come to at the right. */
#include "overview_strip.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "sounder/flaps.h"
#include "sounder/uptime.h"
#include "state_look.h"

#define APART 3   /* cells between two facts */
#define NARROW 90 /* columns below which words are shorter */
#define SIGNS 58  /* below which there are none */

/* Draws "x3"; of what is well the sign alone is green. */
static int draw_sign(const struct ui_surface *s, int at, enum sdr_state state, const char *number)
{
	bool up = state == SDR_STATE_UP;
	int used = ui_draw_text(s, 0, at, up ? UI_OK : ui_state_style(state),
		ui_draw_glyph(s, ui_state_sign(state)));
	return 1 + used +
		ui_draw_text(s, 0, at + used, up ? UI_PLAIN : ui_state_style(state), number);
}

static int draw_state(struct ui *ui, const struct ui_surface *s, int at, enum sdr_state state)
{
	char number[UI_NUMBER_TEXT];
	uint32_t count = sdr_model_tally(ui_model(ui), state);
	enum ui_style style = ui_state_style(state);
	if (count == 0)
		return 0;
	if (s->width < SIGNS)
		return draw_sign(s, at, state, ui_number_count(number, count));
	if (state == SDR_STATE_UP) {
		int used = ui_draw_text(s, 0, at, UI_OK, ui_draw_glyph(s, ui_state_sign(state)));
		return APART + used +
			ui_draw_printf(s, 0, at + used, UI_PLAIN, " %s up",
				ui_number_count(number, count));
	}
	return APART +
		ui_draw_printf(s, 0, at, style, "%s %s %s", ui_draw_glyph(s, ui_state_sign(state)),
			ui_number_count(number, count), ui_state_counted(state));
}

/* Which are counted by their states, too. */
static int draw_flapping(struct ui *ui, const struct ui_surface *s, int at)
{
	char number[UI_NUMBER_TEXT];
	uint32_t count = sdr_model_flapping(ui_model(ui));
	bool signs = s->width < SIGNS;
	return count == 0 ? 0
			  : (signs ? 1 : APART) +
			ui_draw_printf(s, 0, at, UI_WARNING, signs ? "%s%s" : "%s %s flapping",
				ui_draw_glyph(s, UI_GLYPH_FLAPS), ui_number_count(number, count));
}

static void append(char *text, size_t size, const char *more)
{
	size_t used = strlen(text);
	if (more[0])
		snprintf(text + used, size - used, "%s%s", used ? "   " : "", more);
}

static void format_up(struct ui *ui, bool narrow, char *out, size_t size)
{
	double shares[SDR_UPTIME_CELLS];
	char number[UI_NUMBER_TEXT];
	double up = sdr_model_uptime(ui_model(ui), SDR_GROUP_NONE, ui_now(ui), shares);
	if (!isnan(up))
		snprintf(out, size, "%s %% %s", ui_number_share(number, up),
			narrow ? "of 1 h" : "up in 1 h");
}

static void format_rate(struct ui *ui, bool narrow, char *out, size_t size)
{
	const struct sdr_engine *engine = sdr_app_engine(ui_app(ui));
	double demand = sdr_engine_demand(engine), rate = sdr_engine_rate(engine);
	if (demand > rate)
		snprintf(out, size, "paced to %.0f/s of %.0f/s, see rate", rate, demand);
	else
		snprintf(out, size, narrow ? "%.1f/s" : "%.1f probes/s", demand);
}

void ui_overview_strip_draw(struct ui *ui, const struct ui_surface *s)
{
	char number[UI_NUMBER_TEXT], up[32] = "", rate[64] = "", right[128] = "";
	bool narrow = s->width < NARROW;
	int at = ui_draw_text(
		s, 0, 0, UI_STRONG, ui_number_count(number, sdr_model_count(ui_model(ui))));
	at += (s->width < SIGNS ? 1 : APART) +
		ui_draw_text(s, 0, at, UI_DIM, narrow ? "" : " watched");
	at += draw_flapping(ui, s, at);
	for (unsigned rank = 0; rank < SDR_STATES; rank++)
		at += draw_state(ui, s, at, sdr_state_ranked(rank));
	format_up(ui, narrow, up, sizeof(up));
	format_rate(ui, narrow, rate, sizeof(rate));
	append(right, sizeof(right), up);
	append(right, sizeof(right), rate);
	struct ui_surface room = ui_surface_part(s, 0, at, 1, s->width - at - 1);
	if ((int)strlen(right) <= room.width)
		ui_draw_right(&room, 0, UI_DIM, right);
}
