/* act_keys.c - keys and config: bind, unbind, offer, source, write-config. */
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "act_columns.h"
#include "front.h"
#include "places.h"
#include "sounder/config.h"
#include "sounder/file.h"
#include "sounder/line.h"
#include "sounder/sanitize.h"
#include "sounder/user_path.h"

/* ---- binding ---- */

static enum sdr_status panel_of(
	struct ui *ui, const struct sdr_call *call, int *panel, struct sdr_error *error)
{
	const char *name = sdr_call_text(call, "panel");
	*panel = UI_KEYMAP_GLOBAL;
	for (unsigned i = 0; name && i < ui->slot_count; i++) {
		if (!strcmp(ui->slots[i].panel->name, name)) {
			*panel = (int)i;
			return SDR_OK;
		}
	}
	if (!name)
		return SDR_OK;
	sdr_error_set(error, 0, "there is no panel \"%s\"", name);
	return SDR_ENOENT;
}

static enum sdr_status perform_bind(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_bind bind = {.line = sdr_call_word(call, 1),
		.note = sdr_call_word(call, 2),
		.standard = ui->standard};
	enum sdr_status status = ui_key_parse(sdr_call_word(call, 0), &bind.key, error);
	if (status == SDR_OK)
		status = panel_of(ui, call, &bind.panel, error);
	return status ? status : ui_keymap_bind(ui->keymap, ui->app, &bind, error);
}
UI_ACTION(bind)

static enum sdr_status perform_unbind(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	uint32_t key;
	int panel;
	enum sdr_status status = ui_key_parse(sdr_call_word(call, 0), &key, error);
	if (status == SDR_OK)
		status = panel_of(ui, call, &panel, error);
	if (status)
		return status;
	status = ui_keymap_unbind(ui->keymap, panel, key);
	if (status)
		sdr_error_set(error, 0, "%s is bound to nothing there", sdr_call_word(call, 0));
	return status;
}
UI_ACTION(unbind)

static enum sdr_status perform_offer(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_bind bind = {.panel = UI_KEYMAP_OFFER,
		.line = sdr_call_word(call, 0),
		.note = sdr_call_word(call, 1),
		.standard = ui->standard};
	return ui_keymap_bind(ui->keymap, ui->app, &bind, error);
}
UI_ACTION(offer)

/* ---- config ---- */

static void on_complaint(void *context, const char *message)
{
	ui_notify(context, SDR_TONE_BAD, "%s", message);
}

static enum sdr_status perform_source(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct sdr_config config = {.file = sdr_call_word(call, 0),
		.run = ui_front_config,
		.complain = on_complaint,
		.context = ui};
	if (ui->sourcing >= 8) {
		sdr_error_set(error, 0, "%s: files that source one another go no deeper than 8",
			config.file);
		return SDR_ERANGE;
	}
	ui->sourcing++;
	enum sdr_status status = sdr_config_run(ui->app, &config, error);
	ui->sourcing--;
	return status;
}
UI_ACTION(source)

static void write_settings(struct ui *ui, struct sdr_out *out)
{
	const struct sdr_settings *settings = sdr_app_settings(ui->app);
	const struct sdr_setting *setting;
	for (unsigned i = 0; (setting = sdr_setting_at(i)); i++) {
		char word[512];
		const char *value = sdr_settings_text(settings, (enum sdr_setting_id)i);
		if (!strcmp(value, setting->fallback))
			continue;
		sdr_word_quote(word, sizeof(word), value);
		sdr_out_line(out, SDR_TONE_PLAIN, "set %s %s", setting->name, word);
	}
}

static void write_services(struct ui *ui, struct sdr_out *out)
{
	struct sdr_service_view view;
	for (unsigned i = 0; sdr_services_view(sdr_app_services(ui->app), i, &view); i++) {
		char text[SDR_ENDPOINT_TEXT];
		sdr_out_line(out, SDR_TONE_PLAIN, "serve %s --%s %s", view.type->name,
			view.transport == SDR_TCP ? "tcp" : "udp",
			sdr_endpoint_format(text, &view.local));
	}
}

/* Whether the config adds it: one line adds all of a set. */
static bool is_written(const struct sdr_target *target)
{
	return target && !target->owned && target->spec->interval > 0 && sdr_target_leads(target);
}

/* Lines that follow are of that group, or of none. */
static void write_group(struct sdr_out *out, const char *group)
{
	char word[SDR_GROUP_TEXT * 4 + 8] = "";
	if (group)
		sdr_word_quote(word, sizeof(word), group);
	sdr_out_line(out, SDR_TONE_PLAIN, "group%s%s", group ? " " : "", word);
}

static bool same_group(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Text goes out whole: a target's line may be longer than what a screen shows. Returns whether none
 * is missing. */
static bool write_targets(struct ui *ui, struct sdr_out *out)
{
	const struct sdr_engine *engine = sdr_app_engine(ui->app);
	const char *group = NULL;
	bool whole = true;
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		bool wanted = is_written(target);
		char *line = wanted ? sdr_target_line(target, false) : NULL;
		whole = whole && (line || !wanted || !target->spec->line);
		if (!line)
			continue;
		if (!same_group(group, target->spec->group))
			write_group(out, target->spec->group);
		group = target->spec->group;
		sdr_out_bytes(out, SDR_TONE_PLAIN, line, strlen(line), -1);
		sdr_out_end(out);
		free(line);
	}
	return whole;
}

static bool write_config(struct ui *ui, FILE *file)
{
	struct sdr_out out;
	sdr_out_init(&out, file, SDR_COLOUR_NEVER);
	sdr_out_line(&out, SDR_TONE_PLAIN,
		"# sounder: what the dashboard showed. "
		"Each line is a command; \"sounder help\" lists them.");
	write_settings(ui, &out);
	ui_keymap_write(ui->keymap, &out);
	ui_columns_write(ui, &out);
	write_services(ui, &out);
	bool whole = write_targets(ui, &out);
	sdr_out_line(&out, SDR_TONE_PLAIN, "panel %s", ui->slots[ui_tab(ui)].panel->name);
	return whole && !out.failed;
}

/* The user's own file. */
static bool own_path(char *out, size_t size)
{
	return sdr_user_path(SDR_USER_CONFIG, "sounder.conf", out, size) &&
		sdr_user_make_folders(out);
}

static enum sdr_status perform_write_config(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	char path[1024], *text = NULL;
	size_t length = 0;
	const char *named = sdr_call_word(call, 0);
	if (named ? snprintf(path, sizeof(path), "%s", named) >= (int)sizeof(path)
		  : !own_path(path, sizeof(path))) {
		sdr_error_set(
			error, 0, "there is no place for the config; write-config FILE names one");
		return SDR_ENOENT;
	}
	FILE *file = open_memstream(&text, &length);
	bool written = file && write_config(ui, file);
	if (file)
		written = fclose(file) == 0 && written;
	enum sdr_status status = written ? sdr_file_replace(path, text, length, error) : SDR_ENOMEM;
	free(text);
	if (status == SDR_OK)
		ui_notify(ui, SDR_TONE_PLAIN, "written to %s", path);
	return status;
}
UI_ACTION(write_config)

static const struct sdr_option panel_options[] = {
	{.name = "panel",
		.letter = 'p',
		.kind = SDR_OPTION_TEXT,
		.metavar = "PANEL",
		.sentence = "in that panel only"},
	{0},
};

static const struct sdr_command bind = {.name = "bind",
	.arguments = "KEY LINE [NOTE]",
	.sentence = "let a key run a command line",
	.details = "Keys are written p, G, ?, Space, Enter, Up, PgDn, F5, C-r (with Ctrl), M-x "
		   "(with Alt), S-Tab (with Shift).  In LINE, %target, %address, %port, %name and "
		   "%endpoint (address and port) stand for what is under the cursor.",
	.options = {panel_options},
	.words_min = 2,
	.words_max = 3,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_KEY,
	.make = make_bind};
static const struct sdr_command unbind = {.name = "unbind",
	.arguments = "KEY",
	.sentence = "take a key's command away",
	.options = {panel_options},
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_KEY,
	.make = make_unbind};
static const struct sdr_command offer = {.name = "offer",
	.arguments = "LINE NOTE",
	.sentence = "add an entry to the menu that Enter opens on a line",
	.words_min = 2,
	.words_max = 2,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES,
	.make = make_offer};
static const struct sdr_command source = {.name = "source",
	.arguments = "FILE",
	.sentence = "run the lines of a file",
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_FILE,
	.make = make_source};
static const struct sdr_command write_config_command = {.name = "write-config",
	.arguments = "[FILE]",
	.sentence = "write settings, keys, servers and targets as lines of a config file",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_FILE,
	.make = make_write_config};

const struct sdr_command *const ui_act_keys[] = {
	&bind, &unbind, &offer, &source, &write_config_command, NULL};
