/* lines_asked.c - the word `-` on the screen. */
#include "lines_asked.h"

#include <stdlib.h>
#include <string.h>

#include "ui_job.h"

struct ui_asked {
	struct sdr_line *line;      /* owned */
	struct sdr_request request; /* owned; of kind NONE: the lines are targets */
};

static bool has_dash(const struct sdr_call *call, size_t first)
{
	const char *word;
	for (size_t i = first; (word = sdr_call_word(call, i)); i++)
		if (strcmp(word, "-") == 0)
			return true;
	return false;
}

bool ui_asked_wants(const struct sdr_call *call, const struct sdr_request *request)
{
	if (request->kind == SDR_REQUEST_FILTER) {
		size_t first = request->filter.words_first;
		return sdr_call_words(call) <= first || has_dash(call, first);
	}
	return request->kind == SDR_REQUEST_LOOKUP && request->lookup.each_word &&
		has_dash(call, request->lookup.words_first);
}

bool ui_asked_wants_targets(const struct sdr_call *call)
{
	return call->command->takes_targets && has_dash(call, 0);
}

enum sdr_status ui_asked_open(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error)
{
	char title[96];
	ui_asked_end(ui, false);
	struct ui_asked *asked = malloc(sizeof(*asked));
	if (!asked) {
		sdr_request_done(request);
		sdr_line_free(line);
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	*asked = (struct ui_asked){line, *request};
	snprintf(title, sizeof(title), "%s: paste or type lines, C-d runs it, Esc does not",
		sdr_line_call(line)->command->name);
	ui_overlay_lines(&ui->overlay, title);
	ui->asked = asked;
	return SDR_OK;
}

/* Hands the lines to the request. False: out of memory. */
static bool take_lines(struct ui_asked *asked, const struct ui_text_lines *lines)
{
	char *text = sdr_request_alloc(&asked->request, lines->length + 1);
	if (!text)
		return false;
	memcpy(text, lines->length > 0 ? lines->text : "", lines->length);
	asked->request.input = (struct sdr_input){text, lines->length};
	return true;
}

enum sdr_status ui_asked_line(struct ui *ui, struct sdr_line **line, struct sdr_error *error)
{
	const char *text = ui->overlay.lines.text;
	*line = NULL;
	if (!ui->asked || ui->asked->request.kind != SDR_REQUEST_NONE)
		return SDR_OK;
	return sdr_line_fill(ui->asked->line, text ? text : "", line, error);
}

void ui_asked_end(struct ui *ui, bool enter)
{
	struct ui_asked *asked = ui->asked;
	struct sdr_error error = {0};
	bool runs = asked && enter && take_lines(asked, &ui->overlay.lines);
	ui->asked = NULL;
	if (ui->overlay.kind == UI_OVERLAY_LINES)
		ui_overlay_close(&ui->overlay);
	if (!asked)
		return;
	if (runs && ui_job_start(ui, asked->line, &asked->request, &error) == SDR_OK) {
		free(asked);
		return;
	}
	if (enter)
		ui_notify(ui, SDR_TONE_BAD, "%s", sdr_status_text(SDR_ENOMEM));
	if (!runs) {
		sdr_request_done(&asked->request);
		sdr_line_free(asked->line);
	}
	free(asked);
}
