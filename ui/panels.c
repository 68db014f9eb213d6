/* panels.c - the table of panels, from panels.def. */
#include "panels.h"

#define PANEL(name) extern const struct ui_panel ui_panel_##name;
#include "panels.def"
#undef PANEL

static const struct ui_panel *const panels[] = {
#define PANEL(name) &ui_panel_##name,
#include "panels.def"
#undef PANEL
};

const struct ui_panel *ui_panel_at(unsigned index)
{
	return index < ui_panel_count() ? panels[index] : NULL;
}

unsigned ui_panel_count(void)
{
	return sizeof(panels) / sizeof(*panels);
}
