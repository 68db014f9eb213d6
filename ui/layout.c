/* layout.c - which part of the screen is what. */
#include "layout.h"

#define FULL_WIDTH 60
#define FULL_HEIGHT 16
#define LEAST_WIDTH 20
#define LEAST_HEIGHT 6

static enum ui_layout_kind kind_of(const struct ui_surface *screen)
{
	if (screen->width < LEAST_WIDTH || screen->height < LEAST_HEIGHT)
		return UI_LAYOUT_LINE;
	if (screen->width < FULL_WIDTH || screen->height < FULL_HEIGHT)
		return UI_LAYOUT_REDUCED;
	return UI_LAYOUT_FULL;
}

void ui_layout_divide(struct ui_layout *layout, const struct ui_surface *screen, bool zoom,
	int input, bool prompt)
{
	enum ui_layout_kind kind = kind_of(screen);
	bool whole = kind == UI_LAYOUT_FULL && !zoom;
	int header = kind != UI_LAYOUT_LINE && !zoom,
	    footer = whole || (prompt && screen->height > 1),
	    field = kind == UI_LAYOUT_LINE ? 0 : input;
	int foot = screen->height - footer;
	layout->kind = kind;
	layout->header = ui_surface_part(screen, 0, 0, header, -1);
	layout->input = ui_surface_part(screen, header, 0, field, -1);
	layout->body = ui_surface_part(screen, header + field, 0, foot - header - field, -1);
	layout->footer = ui_surface_part(screen, foot, 0, footer, -1);
	/* A one-column margin on the left, as long as there is room for it. */
	if (kind == UI_LAYOUT_FULL) {
		layout->body = ui_surface_part(&layout->body, 0, 1, -1, screen->width - 2);
		layout->input = ui_surface_part(&layout->input, 0, 1, -1, screen->width - 2);
	}
	/* One line of state: the whole screen is for it, or for the prompt. */
	if (kind == UI_LAYOUT_LINE && prompt)
		layout->footer = ui_surface_part(screen, screen->height - 1, 0, 1, -1);
}
