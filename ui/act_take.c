/* act_take.c - taking away what the screen shows: to the clipboard, to a file. */
#include "act.h"
#include "sounder/file.h"
#include "sounder/line.h"
#include "sounder/model.h"
#include "sounder/sanitize.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* On the clipboard a tab is a tab; what a terminal would act on is escaped as ever. Returns the
 * length. */
static size_t clean_pieces(char *out, size_t size, const char *from)
{
	size_t used = 0;
	for (const char *at = from; used + 1 < size;) {
		size_t piece = strcspn(at, "\t"),
		       length = sdr_sanitize(out + used, size - used, at, piece, NULL);
		used += length < size - used ? length : size - used - 1;
		at += piece;
		if (*at == '\0' || used + 1 >= size)
			break;
		out[used++] = *at++;
		out[used] = '\0';
	}
	return used;
}

static enum sdr_status perform_copy(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_subject subject;
	char clean[8192], *line = NULL;
	ui_subject(ui, &subject);
	const struct sdr_target *target = subject.id == UI_NO_TARGET
		? NULL
		: sdr_engine_find(sdr_app_engine(ui->app), subject.id);
	if (sdr_call_has(call, "command") && target)
		line = sdr_target_line(target, true);
	const char *from = line                 ? line
		: sdr_call_has(call, "command") ? subject.command
		: subject.value[0]              ? subject.value
		: subject.address[0]            ? subject.address
		: subject.name[0]               ? subject.name
						: subject.target;
	if (!*from) {
		sdr_error_set(error, 0, "there is nothing on this line to copy");
		return SDR_ENOENT;
	}
	size_t length = clean_pieces(clean, sizeof(clean), from);
	free(line);
	enum sdr_status status = ui->term ? ui_term_copy(ui->term, clean, length) : SDR_OK;
	if (status == SDR_OK)
		ui_notify(ui, SDR_TONE_PLAIN, "sent to the terminal: %s", clean);
	return status;
}
UI_ACTION(copy)

#define NAMES_PER_SECOND 99

/* Writes under a name of its own: the time, and a number where that second has one already. */
static enum sdr_status save_somewhere(struct ui *ui, const char *text, size_t length,
	char name[static 64], struct sdr_error *error)
{
	char stamp[32];
	struct tm parts;
	time_t seconds = (time_t)(ui->wall / SDR_SECOND);
	enum sdr_status status = SDR_EEXIST;
	localtime_r(&seconds, &parts);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &parts);
	for (int i = 1; i <= NAMES_PER_SECOND && status == SDR_EEXIST; i++) {
		snprintf(name, 64, i == 1 ? "sounder-%s.txt" : "sounder-%s-%d.txt", stamp, i);
		status = sdr_file_create(name, text, length, error);
	}
	return status;
}

static enum sdr_status perform_save(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	char name[64];
	const char *path = sdr_call_word(call, 0);
	size_t size = 512 * 1024;
	char *text = ui->canvas ? malloc(size) : NULL;
	if (!text)
		return SDR_ENOMEM;
	size_t length = ui_canvas_text(ui->canvas, text, size);
	enum sdr_status status = path ? sdr_file_create(path, text, length, error)
				      : save_somewhere(ui, text, length, name, error);
	free(text);
	if (status == SDR_OK)
		ui_notify(ui, SDR_TONE_PLAIN, "saved to %s", path ? path : name);
	return status;
}
UI_ACTION(save)

static const struct sdr_option copy_options[] = {
	{.name = "command",
		.letter = 'c',
		.kind = SDR_OPTION_FLAG,
		.sentence = "copy the command line that gives this line"},
	{0},
};

static const struct sdr_command copy = {.name = "copy",
	.sentence = "copy what is under the cursor to the clipboard",
	.options = {copy_options},
	.where = SDR_WHERE_SCREEN,
	.make = make_copy};
static const struct sdr_command save = {.name = "save",
	.topic = UI_TOPIC_SCREEN,
	.arguments = "[FILE]",
	.sentence = "write what the screen shows to a new file",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_FILE,
	.make = make_save};

const struct sdr_command *const ui_act_take[] = {&copy, &save, NULL};
