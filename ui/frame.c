/* frame.c - draws the screen: header with tabs, the focused panel, footer, and overlays. Changes
 * only the positions of what was drawn; the caller compares versions first. */
#include "frame.h"

#include <string.h>

#include "act_columns.h"
#include "filter_field.h"
#include "places.h"
#include "sounder/host.h"
#include "sounder/line.h"
#include "sounder/model.h"
#include "sounder/names.h"
#include "sounder/privilege.h"
#include "sounder/sanitize.h"
#include "state_line.h"
#include "ui_job.h"

#define FOOTER_OWN 5    /* how many of a panel's own keys the footer shows */
#define FOOTER_GLOBAL 4 /* and of those that work everywhere, beside : and ? */
#define KEY_GAP 3       /* cells between keys */

void ui_frame_versions(const struct ui *ui, struct ui_versions *versions)
{
	*versions = (struct ui_versions){
		.model = sdr_model_version(ui->frozen ? ui->frozen : sdr_app_model(ui->app)),
		.order = sdr_model_order_version(sdr_app_model(ui->app)),
		.services = sdr_services_version(sdr_app_services(ui->app)),
		.host = sdr_host_version(sdr_app_host(ui->app)),
		.names = sdr_names_version(sdr_app_names(ui->app)),
		.listeners = sdr_listeners_version(sdr_app_listeners(ui->app)),
		.settings = sdr_settings_version(sdr_app_settings(ui->app)),
		.second = ui->wall / SDR_SECOND,
		.message = ui->message_until > ui->now};
}

/* ---- header ---- */

/* Variants of the header, from the most informative to the shortest. */
static const struct heading {
	bool host, clock, titles;
	int gap; /* cells between tabs */
} headings[] = {{true, true, true, 2}, {false, true, true, 2}, {false, false, true, 2},
	{false, false, true, 1}, {false, true, false, 2}};

/* Cells of all tabs; without titles but for the focused one's. */
static int tabs_width(struct ui *ui, const struct heading *heading)
{
	int width = 1 - heading->gap;
	for (unsigned i = 0; i < ui->tab_count; i++) {
		width += 1 + heading->gap + ui_alert_alarm(ui, &ui->slots[i]);
		if (heading->titles || i == ui_tab(ui))
			width += 1 + (int)strlen(ui->slots[i].panel->title);
	}
	return width;
}

static void draw_tabs(struct ui *ui, const struct ui_surface *s, const struct heading *heading)
{
	int at = 1;
	for (unsigned i = 0; i < ui->tab_count; i++) {
		struct ui_slot *slot = &ui->slots[i];
		bool focused = i == ui_tab(ui);
		slot->tab_from = at + s->column;
		at += ui_draw_printf(s, 0, at, focused ? UI_ACCENT : UI_DIM, "%u", i + 1);
		enum ui_style style = focused ? UI_TAB : UI_DIM;
		if (heading->titles || focused)
			at += 1 + ui_draw_text(s, 0, at + 1, style, slot->panel->title);
		if (ui_alert_alarm(ui, slot))
			at += ui_draw_text(s, 0, at, UI_BAD, "!");
		slot->tab_to = at + s->column;
		at += heading->gap;
	}
}

static void draw_header(struct ui *ui, const struct ui_surface *s)
{
	char clock[SDR_WALL_TEXT], running[40] = "", right[SDR_HOST_TEXT + SDR_WALL_TEXT + 24];
	bool reduced = ui->layout.kind == UI_LAYOUT_REDUCED;
	const struct heading *heading = headings,
			     *last = headings + sizeof(headings) / sizeof(*headings) - 1;
	unsigned jobs = ui_job_running(ui);
	int still = ui->frozen ? (int)sizeof("still 00:00:00 ") : 0;
	sdr_wall_clock(clock, ui->wall);
	if (jobs > 0)
		snprintf(running, sizeof(running), "%u job%s  ", jobs, jobs > 1 ? "s" : "");
	if (ui->read_only)
		snprintf(running + strlen(running), sizeof(running) - strlen(running),
			"read-only  ");
	for (heading = reduced ? last : headings; true; heading++) {
		snprintf(right, sizeof(right), "%s%s%s%s%s", running,
			heading->host ? sdr_host_name(sdr_app_host(ui->app)) : "",
			heading->host ? "  " : "", heading->clock ? clock : "",
			heading->clock ? " " : "");
		if (heading == last ||
			sdr_text_cells(right) + still + heading->clock + tabs_width(ui, heading) <=
				s->width)
			break;
	}
	int used = s->width > 30 ? ui_draw_right(s, 0, UI_DIM, right) : 0;
	if (ui->frozen) {
		/* The frozen contents are old; the clock is not. */
		char then[SDR_WALL_TEXT];
		snprintf(right, sizeof(right), "still %s ", sdr_wall_clock(then, ui->frozen_wall));
		struct ui_surface rest = ui_surface_part(s, 0, 0, 1, s->width - used);
		used += ui_draw_right(&rest, 0, UI_WARNING, right);
	}
	struct ui_surface tabs = ui_surface_part(s, 0, 0, 1, s->width - used);
	if (reduced) {
		struct ui_slot *slot = ui_focused(ui);
		ui_draw_printf(&tabs, 0, 0, UI_TAB, "%u/%u %s%s", ui_tab(ui) + 1, ui->tab_count,
			slot->panel->title, ui_alert_alarm(ui, slot) ? "!" : "");
	} else {
		draw_tabs(ui, &tabs, heading);
	}
}

/* ---- footer ---- */

static int key_width(const struct ui_binding *binding)
{
	char name[UI_KEY_TEXT];
	return sdr_text_cells(ui_key_format(name, binding->key)) + 1 +
		sdr_text_cells(binding->note);
}

static int draw_key(const struct ui_surface *s, int at, const struct ui_binding *binding)
{
	char name[UI_KEY_TEXT];
	int wanted = key_width(binding);
	if (at + wanted > s->width)
		return 0;
	int used = ui_draw_text(s, 0, at, UI_ACCENT, ui_key_format(name, binding->key));
	ui_draw_text(s, 0, at + used + 1, UI_DIM, binding->note);
	return wanted + KEY_GAP;
}

static bool is_same_line(const struct ui *ui, const struct ui_binding *binding, size_t before)
{
	const struct ui_binding *other;
	for (size_t i = 0; i < before && (other = ui_keymap_at(ui->keymap, i)); i++)
		if (!strcmp(other->text, binding->text) &&
			ui_keymap_is_live(ui->keymap, (int)ui->focus, other))
			return true;
	return false;
}

/* Whether a key is never left out: to the command line, to the help. */
static bool is_kept(const struct ui_binding *binding)
{
	const struct sdr_command *command = sdr_line_call(binding->line)->command;
	return !strchr(binding->text, ' ') &&
		(!strcmp(command->name, "prompt") || !strcmp(command->name, "keys"));
}

/* Whether the index-th key works everywhere, here too, and is the first one for its line. */
static bool is_everywhere(const struct ui *ui, const struct ui_binding *binding, size_t index)
{
	return binding->panel == UI_KEYMAP_GLOBAL &&
		ui_keymap_is_live(ui->keymap, (int)ui->focus, binding) &&
		!is_same_line(ui, binding, index);
}

/* The panel's own keys first, then the global ones, as many as fit; those that are never left out
 * come last. */
static void draw_keys(struct ui *ui, const struct ui_surface *s)
{
	const struct ui_binding *binding;
	int at = 1, own = 0, global = 0, used = 1, kept = 0;
	for (size_t i = 0; (binding = ui_keymap_at(ui->keymap, i)); i++)
		if (is_kept(binding) && is_everywhere(ui, binding, i))
			kept += key_width(binding) + KEY_GAP;
	struct ui_surface rest = ui_surface_part(s, 0, 0, 1, s->width > kept ? s->width - kept : 0);
	for (size_t i = 0; used && (binding = ui_keymap_at(ui->keymap, i)); i++) {
		if (binding->panel != (int)ui->focus || own == FOOTER_OWN)
			continue;
		used = draw_key(&rest, at, binding);
		at += used;
		own++;
	}
	for (size_t i = 0;
		used && global < FOOTER_GLOBAL && (binding = ui_keymap_at(ui->keymap, i)); i++) {
		if (is_kept(binding) || !is_everywhere(ui, binding, i))
			continue;
		used = draw_key(&rest, at, binding);
		at += used;
		global++;
	}
	for (size_t i = 0; (binding = ui_keymap_at(ui->keymap, i)); i++)
		if (is_kept(binding) && is_everywhere(ui, binding, i))
			at += draw_key(s, at, binding);
}

/* "icmp" with a sign: what the privileges gave. */
static int draw_privilege(struct ui *ui, const struct ui_surface *s)
{
	const struct sdr_privilege *privilege = sdr_app_privilege(ui->app);
	bool can = privilege->kind4 != SDR_ICMP_NONE || privilege->kind6 != SDR_ICMP_NONE;
	char text[32];
	snprintf(text, sizeof(text), "icmp %s ",
		ui_draw_glyph(s, can ? UI_GLYPH_OK : UI_GLYPH_DOWN));
	return s->width > 40 ? ui_draw_right(s, 0, can ? UI_DIM : UI_WARNING, text) : 0;
}

static void draw_footer(struct ui *ui, const struct ui_surface *s)
{
	if (ui->message_until > ui->now) {
		ui_draw_text(s, 0, 1, (enum ui_style)ui->message_tone, ui->message);
		return;
	}
	const char *hint = ui_overlay_hint(&ui->overlay);
	if (!hint && ui_filter_field_is_open(ui)) {
		ui_filter_field_draw(ui, s);
		return;
	}
	if (!hint && ui_focused(ui)->input.active) {
		ui_draw_text(s, 0, 1, UI_DIM, "Enter look it up   Esc back to the panel");
		return;
	}
	int used = draw_privilege(ui, s);
	struct ui_surface keys = ui_surface_part(s, 0, 0, 1, s->width - used - 2);
	if (hint)
		ui_draw_text(&keys, 0, 1, UI_PLAIN, hint);
	else
		draw_keys(ui, &keys);
}

/* ---- the panel ---- */

static void draw_input(struct ui *ui, const struct ui_surface *s)
{
	struct ui_slot *slot = ui_focused(ui);
	struct ui_surface field = *s;
	char duration[SDR_DURATION_TEXT], text[SDR_DURATION_TEXT + 32];
	sdr_ns waited = slot->job ? ui->now - ui_job_since(slot->job) : 0;
	if (waited > SDR_SECOND) {
		/* Whole seconds, so that nothing flickers. */
		snprintf(text, sizeof(text), "asking, %s; Esc drops it",
			sdr_duration_display(duration, waited / SDR_SECOND * SDR_SECOND));
		int used = ui_draw_right(s, 0, UI_WARNING, text);
		field = ui_surface_part(s, 0, 0, 1, s->width - used - 1);
	}
	ui_input_draw(&slot->input, &field, slot->panel->input->label, slot->panel->input->hint);
}

void ui_frame_draw(struct ui *ui, const struct ui_surface *screen)
{
	struct ui_slot *slot = ui_focused(ui);
	ui_columns_settle(ui);
	bool prompting = ui_prompt_is_open(ui->prompt),
	     typing = prompting || ui_filter_field_is_open(ui);
	int field = slot->panel->input
		? ui_input_rows(&slot->input, screen->width - 2, slot->panel->input->label)
		: 0;
	ui_layout_divide(
		&ui->layout, screen, ui->zoom, field, typing || ui->message_until > ui->now);
	if (ui->layout.kind == UI_LAYOUT_LINE)
		ui_state_line_draw(ui, screen);
	else if (slot->panel->draw)
		slot->panel->draw(ui, slot->state, &ui->layout.body);
	if (ui->layout.header.height > 0)
		draw_header(ui, &ui->layout.header);
	if (ui->layout.input.height > 0 && field > 0)
		draw_input(ui, &ui->layout.input);
	if (ui->layout.kind != UI_LAYOUT_LINE && ui->layout.footer.height > 0 && !prompting)
		draw_footer(ui, &ui->layout.footer);
	ui_overlay_draw(&ui->overlay, screen);
	if (prompting && ui->message_until > ui->now &&
		screen->height > 1) { /* the line below is the prompt's */
		struct ui_surface above = ui_surface_line(screen, screen->height - 2);
		ui_draw_fill(&above, UI_PLAIN);
		ui_draw_text(&above, 0, 1, (enum ui_style)ui->message_tone, ui->message);
	}
	if (prompting)
		ui_prompt_draw(ui->prompt, screen);
}
