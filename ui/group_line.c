/* group_line.c - a group's head: the sign in its column, all else in one cell. */
#include "group_line.h"

#include <stdio.h>
#include <string.h>

#include "monitors_labels.h"
#include "number.h"
#include "ranking.h"
#include "state_look.h"

static uint32_t tally_of(const struct ui_monitors *monitors, uint32_t block, enum sdr_state state)
{
	return monitors->groups.tally[block][sdr_state_rank(state)];
}

static enum sdr_state worst_of(const struct ui_monitors *monitors, uint32_t block)
{
	unsigned rank = ui_group_rows_worst(&monitors->groups, block);
	return sdr_state_ranked(rank < SDR_STATES ? rank : SDR_STATES - 1);
}

/* "7 of 8 up  1 down": who is slow is up. */
static void draw_counts(
	const struct ui_monitors *monitors, uint32_t block, const struct ui_surface *surface)
{
	char up[UI_NUMBER_TEXT], all[UI_NUMBER_TEXT];
	uint32_t slow = tally_of(monitors, block, SDR_STATE_SLOW);
	int at = ui_draw_printf(surface, 0, 0, UI_PLAIN, "%s of %s up",
		ui_number_count(up, tally_of(monitors, block, SDR_STATE_UP) + slow),
		ui_number_count(all, ui_group_rows_size(&monitors->groups, block)));
	for (unsigned rank = 0; rank < SDR_STATES; rank++) {
		enum sdr_state state = sdr_state_ranked(rank);
		uint32_t count = tally_of(monitors, block, state);
		if (count > 0 && state != SDR_STATE_UP)
			at += 2 +
				ui_draw_printf(surface, 0, at + 2, ui_state_style(state), "%s %s",
					ui_number_count(up, count), ui_state_counted(state));
	}
}

void ui_group_line_draw(struct ui_monitors *monitors, uint32_t block, unsigned column,
	const struct ui_surface *surface)
{
	char name[SDR_HOST_TEXT];
	enum sdr_state worst = worst_of(monitors, block);
	bool folded = monitors->groups.folded[block];
	if (monitors->shown[column] == UI_MONITORS_SIGN) {
		ui_draw_text(surface, 0, 0, worst == SDR_STATE_UP ? UI_OK : ui_state_style(worst),
			ui_draw_glyph(surface, ui_state_sign(worst)));
		return;
	}
	int width = ui_group_line_room(surface->width);
	const char *label = ui_monitors_label(monitors, monitors->table.count + block);
	ui_draw_text(surface, 0, 0, UI_DIM,
		ui_draw_glyph(surface, folded ? UI_GLYPH_FOLDED : UI_GLYPH_OPEN));
	struct ui_surface part = ui_surface_part(surface, 0, UI_MEMBER_INDENT, 1, width);
	ui_draw_name(&part, 0, 0, UI_STRONG,
		label ? label
		      : ui_group_rows_name(ui_model(monitors->ui), block, name, sizeof(name)));
	part = ui_surface_part(surface, 0, UI_MEMBER_INDENT + width + 2, 1, -1);
	draw_counts(monitors, block, &part);
}

uint64_t ui_group_line_stamp(const struct ui_monitors *monitors, uint32_t block)
{
	uint64_t stamp = ui_stamp_mix(UI_STAMP, monitors->groups.folded[block]);
	stamp = ui_stamp_text(stamp, ui_monitors_label(monitors, monitors->table.count + block));
	for (unsigned rank = 0; rank < SDR_STATES; rank++)
		stamp = ui_stamp_mix(stamp, monitors->groups.tally[block][rank]);
	return stamp;
}

unsigned ui_group_line_span(const struct ui_monitors *monitors, unsigned column)
{
	unsigned count = 0;
	if (monitors->shown[column] == UI_MONITORS_SIGN)
		return 1;
	while (monitors->table.columns[column + count].title)
		count++;
	return count;
}
