/* commands.c - the dashboard's own commands by position: the screen's, then each panel's. Needs no
 * screen, so that main and manual can ask. */
#include "act.h"
#include "keymap.h"
#include "panel.h"
#include "panels.h"

const char *ui_standard_keys(void)
{
	return ui_keymap_standard();
}

const struct sdr_command *ui_command_at(unsigned index)
{
	const struct sdr_command *const *const tables[] = {ui_act_screen, ui_act_chart, ui_act_line,
		ui_act_menu, ui_act_open, ui_act_take, ui_act_share, ui_act_alert, ui_act_columns,
		ui_act_group, ui_act_keys, ui_act_help, ui_act_filter, ui_act_jobs};
	unsigned sets = sizeof(tables) / sizeof(*tables);
	for (unsigned set = 0; set < sets + ui_panel_count(); set++) {
		const struct sdr_command *const *at =
			set < sets ? tables[set] : ui_panel_at(set - sets)->commands;
		for (; at && *at; at++)
			if (index-- == 0)
				return *at;
	}
	return NULL;
}
