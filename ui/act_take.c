/* act_take.c - taking away what the screen shows: to the clipboard. */
#include "act.h"
#include "sounder/line.h"
#include "sounder/sanitize.h"
#include "ui_copy.h"
#include <stdlib.h>
#include <string.h>

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
	enum {
		AUTO,
		NATIVE,
		OSC52
	} by = (unsigned)sdr_settings_number(sdr_app_settings(ui->app), SDR_SET_CLIPBOARD);
	if (by != OSC52 && ui_copy_native(ui, clean, length, by == AUTO))
		return SDR_OK;
	if (by == NATIVE) {
		sdr_error_set(error, 0,
			"neither wl-copy nor xclip nor xsel works here; set clipboard auto asks "
			"the terminal");
		return SDR_ENOENT;
	}
	ui_copy_terminal(ui, clean, length);
	return SDR_OK;
}
UI_ACTION(copy)

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
const struct sdr_command *const ui_act_take[] = {&copy, NULL};
