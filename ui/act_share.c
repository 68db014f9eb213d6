/* act_share.c - `share`: what the screen shows or knows, as a file for others. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "act.h"
#include "incident.h"
#include "sounder/file.h"
#include "sounder/line.h"
#include "sounder/model.h"
#include "sounder/user_path.h"
#include "table_write.h"

#define NAMES_PER_SECOND 99
#define SCREEN_MOST ((size_t)512 * 1024)

/* Writes one; false with `error` where there is nothing of that kind, or without memory. */
typedef bool (*writer)(struct ui *ui, FILE *file, struct sdr_error *error);

static bool write_report(struct ui *ui, FILE *file, struct sdr_error *error)
{
	struct ui_subject subject;
	uint32_t position = UINT32_MAX;
	if (ui_subject(ui, &subject) && subject.id != UI_NO_TARGET)
		position = sdr_model_position(ui_model(ui), subject.id);
	if (position == UINT32_MAX) {
		sdr_error_set(error, 0, "there is no watched target on this line to report on");
		return false;
	}
	ui_incident_write(ui, position, file);
	return true;
}

static bool write_table(struct ui *ui, enum ui_form form, FILE *file, struct sdr_error *error)
{
	struct ui_table *table = ui_table_now(ui);
	if (!table || !table->rows || table->line_count == 0) {
		sdr_error_set(error, 0, "there is no table here to write");
		return false;
	}
	return ui_table_write(table, form, file);
}

static bool write_csv(struct ui *ui, FILE *file, struct sdr_error *error)
{
	return write_table(ui, UI_FORM_CSV, file, error);
}

static bool write_json(struct ui *ui, FILE *file, struct sdr_error *error)
{
	return write_table(ui, UI_FORM_JSON, file, error);
}

static bool write_markdown(struct ui *ui, FILE *file, struct sdr_error *error)
{
	return write_table(ui, UI_FORM_MARKDOWN, file, error);
}

static bool write_screen(struct ui *ui, FILE *file, struct sdr_error *error)
{
	char *text = ui->canvas ? malloc(SCREEN_MOST) : NULL;
	(void)error;
	if (text)
		fwrite(text, 1, ui_canvas_text(ui->canvas, text, SCREEN_MOST), file);
	free(text);
	return text;
}

static const struct kind {
	const char *name, *note, *ending;
	writer write;
	bool of_target, of_table;
} kinds[] = {
	{"report", "report on ", "md", write_report, .of_target = true},
	{"csv", "the whole table as CSV", "csv", write_csv, .of_table = true},
	{"json", "the whole table as JSON", "json", write_json, .of_table = true},
	{"markdown", "the whole table as Markdown", "md", write_markdown, .of_table = true},
	{"screen", "the screen as text", "txt", write_screen},
};
#define KINDS (sizeof(kinds) / sizeof(*kinds))

/* Offers what there is to share here. */
static void offer(struct ui *ui)
{
	struct ui_subject subject;
	const struct ui_table *table = ui_table_now(ui);
	bool target = ui_subject(ui, &subject) && subject.id != UI_NO_TARGET,
	     rows = table && table->rows && table->line_count > 0;
	ui_overlay_list(&ui->overlay, "Share: a file of its own", false);
	for (size_t i = 0; i < KINDS; i++) {
		char text[sizeof(subject.target) + 32], line[32];
		if ((kinds[i].of_target && !target) || (kinds[i].of_table && !rows))
			continue;
		snprintf(text, sizeof(text), "%s%s", kinds[i].note,
			kinds[i].of_target ? subject.target : "");
		snprintf(line, sizeof(line), "share %s", kinds[i].name);
		ui_overlay_add(&ui->overlay, &(struct ui_entry){.text = text, .line = line});
	}
}

struct written {
	char *text; /* owned */
	size_t length;
};

/* Writes under a name of its own: the time, and a number where that second has one already. */
static enum sdr_status create_somewhere(struct ui *ui, const struct kind *kind,
	const struct written *written, char path[static SDR_USER_PATH], struct sdr_error *error)
{
	char stamp[32], name[96];
	struct tm parts;
	time_t seconds = (time_t)(ui->wall / SDR_SECOND);
	enum sdr_status status = SDR_EEXIST;
	localtime_r(&seconds, &parts);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &parts);
	for (int i = 1; i <= NAMES_PER_SECOND && status == SDR_EEXIST; i++) {
		char number[8] = "";
		if (i > 1)
			snprintf(number, sizeof(number), "-%d", i);
		snprintf(name, sizeof(name), "%s-%s%s.%s",
			kind->of_table ? ui_focused(ui)->panel->name : kind->name, stamp, number,
			kind->ending);
		if (!sdr_user_path(SDR_USER_STATE, name, path, SDR_USER_PATH)) {
			sdr_error_set(error, 0,
				"there is no home to write to; share %s FILE names a place",
				kind->name);
			return SDR_ENOENT;
		}
		(void)sdr_user_make_folders(path); /* what is missing then is in the file's error */
		status = sdr_file_create(path, written->text, written->length, error);
	}
	return status;
}

static enum sdr_status share(
	struct ui *ui, const struct kind *kind, const char *named, struct sdr_error *error)
{
	char path[SDR_USER_PATH], *whole = NULL;
	struct written made = {0};
	FILE *file = open_memstream(&made.text, &made.length);
	bool written = file && kind->write(ui, file, error);
	if (file)
		written = fclose(file) == 0 && written;
	enum sdr_status status = !written ? (error && error->text[0] ? SDR_ENOENT : SDR_ENOMEM)
		: named                   ? sdr_file_create(named, made.text, made.length, error)
					  : create_somewhere(ui, kind, &made, path, error);
	free(made.text);
	if (status != SDR_OK)
		return status;
	whole = named ? realpath(named, NULL) : NULL;
	ui_notify(ui, SDR_TONE_PLAIN, "saved to %s", whole ? whole : named ? named : path);
	free(whole);
	return SDR_OK;
}

static enum sdr_status perform_share(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	const char *name = sdr_call_word(call, 0);
	if (!name) {
		offer(screen);
		return SDR_OK;
	}
	for (size_t i = 0; i < KINDS; i++)
		if (!strcmp(kinds[i].name, name))
			return share(screen, &kinds[i], sdr_call_word(call, 1), error);
	sdr_error_set(
		error, 0, "\"%s\": one of report, csv, json, markdown, screen is right", name);
	return SDR_EINVAL;
}
UI_ACTION(share)

static enum sdr_status perform_save(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	return share(screen, &kinds[KINDS - 1], sdr_call_word(call, 0), error);
}
UI_ACTION(save)

static const struct sdr_command share_command = {.name = "share",
	.topic = UI_TOPIC_SCREEN,
	.arguments = "[report|csv|json|markdown|screen [FILE]]",
	.sentence = "write a report on this line's target, the whole table or the screen to a file",
	.details = "Without a word a menu offers them. The file is a new one in "
		   "$XDG_STATE_HOME/sounder (~/.local/state/sounder), where its path is shown, or "
		   "FILE. Of a table all rows are written that the filter leaves; durations are in "
		   "seconds.",
	.words_max = 2,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_FILE,
	.make = make_share};
static const struct sdr_command save = {.name = "save",
	.topic = UI_TOPIC_SCREEN,
	.arguments = "[FILE]",
	.sentence = "write what the screen shows to a new file: share screen",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_FILE,
	.make = make_save};

const struct sdr_command *const ui_act_share[] = {&share_command, &save, NULL};
