/* lookup.c - runs a lookup: once, or once a word; the word `-` stands for the lines of stdin, read
 * as they come in constant memory. */
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "shell/shell.h"

#define LINE_MAX_BYTES 65536 /* longer lines of stdin are refused */

/* One question in progress. */
struct asking {
	struct shell_run *run;
	bool done; /* it has printed its last output */
};

static void finish(struct shell_run *run, enum sdr_exit exit, const struct sdr_error *error)
{
	if (error && error->text[0])
		sdr_shell_complain(run, "%s", error->text);
	else if (exit == SDR_EXIT_FAIL)
		sdr_shell_complain(
			run, "%s: %s", run->call->command->name, sdr_status_text(SDR_ENOMEM));
	sdr_shell_exit_raise(run, exit);
}

static void on_emit(void *context, const struct sdr_sheet *sheet)
{
	struct asking *asking = context;
	struct shell_run *run = asking->run;
	const struct sdr_lookup *lookup = &run->request->lookup;
	if (run->out->failed)
		return;
	if (sdr_sheet_failed(sheet)) { /* half an answer does not count */
		finish(run, SDR_EXIT_FAIL, NULL);
		return;
	}
	if (lookup->print && run->report.format == &sdr_report_text)
		lookup->print(run->out, run->call, sdr_sheet_view(sheet));
	else
		run->report.format->sheet(&run->report, sdr_sheet_view(sheet));
}

static void on_done(void *context, enum sdr_exit exit, const struct sdr_error *error)
{
	struct asking *asking = context;
	finish(asking->run, exit, error);
	asking->done = true;
	uv_stop(sdr_app_loop(
		asking->run->app)); /* called from a timer, UV_RUN_ONCE would go on to wait */
}

static void ask(struct shell_run *run, const char *word)
{
	struct asking asking = {.run = run};
	struct sdr_answers answers = {&asking, on_emit, on_done, run->request->state};
	struct sdr_error error = {0};
	const struct sdr_lookup *lookup = &run->request->lookup;
	if (lookup->answer) {
		enum sdr_exit exit = lookup->answer(run->call, word, &answers, &error);
		finish(run, exit, &error);
		return;
	}
	if (lookup->start(run->call, word, &answers, &error) != SDR_OK) {
		finish(run, SDR_EXIT_FAIL, &error);
		return;
	}
	while (!asking.done)
		uv_run(sdr_app_loop(run->app), UV_RUN_ONCE);
}

/* Asks about one line, given without its line feed; blanks around it, blank lines and comments are
 * passed over. `line` is scratch. */
static void ask_line(
	struct shell_run *run, const char *bytes, size_t length, char line[static LINE_MAX_BYTES])
{
	while (length &&
		(bytes[length - 1] == '\r' || bytes[length - 1] == ' ' ||
			bytes[length - 1] == '\t'))
		length--;
	while (length && (*bytes == ' ' || *bytes == '\t')) {
		bytes++;
		length--;
	}
	if (!length || *bytes == '#')
		return;
	if (length >= LINE_MAX_BYTES) {
		sdr_shell_complain(run,
			"standard input: a line of more than %d bytes; it is left out",
			LINE_MAX_BYTES - 1);
		sdr_shell_exit_raise(run, SDR_EXIT_FAIL);
		return;
	}
	memcpy(line, bytes, length);
	line[length] = '\0';
	ask(run, line);
}

/* Answers to lines that were read together go out together. */
static void ask_stretch(struct shell_run *run, const char *bytes, size_t length)
{
	char scratch[LINE_MAX_BYTES];
	sdr_out_hold(run->out,
		run->request->lookup.answer); /* others have waits between their answers */
	while (length && !run->out->failed) {
		const char *end = memchr(bytes, '\n', length);
		size_t line = end ? (size_t)(end - bytes) : length, taken = end ? line + 1 : line;
		ask_line(run, bytes, line, scratch);
		bytes += taken;
		length -= taken;
	}
	sdr_out_hold(run->out, false);
}

static void ask_lines(struct shell_run *run)
{
	struct shell_lines lines;
	const char *bytes = NULL;
	size_t length = 0;
	enum sdr_status status = sdr_lines_open(&lines, STDIN_FILENO, "standard input");
	while (status == SDR_OK && !run->out->failed) {
		status = sdr_lines_next(&lines, &bytes, &length);
		if (status != SDR_OK || length == 0)
			break;
		ask_stretch(run, bytes, length);
	}
	if (status != SDR_OK) {
		sdr_shell_complain(run, "%s%s", status == SDR_EINVAL ? "" : "standard input: ",
			sdr_lines_why(&lines, status));
		sdr_shell_exit_raise(run, SDR_EXIT_FAIL);
	}
	sdr_lines_close(&lines);
}

static void finish_words(struct shell_run *run)
{
	struct asking asking = {.run = run};
	struct sdr_answers answers = {&asking, on_emit, on_done, run->request->state};
	struct sdr_error error = {0};
	finish(run, run->request->lookup.finish(run->call, &answers, &error), &error);
}

void sdr_lookup_run(struct shell_run *run)
{
	if (!run->request->lookup.each_word) {
		ask(run, NULL);
		return;
	}
	size_t words = sdr_call_words(run->call);
	for (size_t i = run->request->lookup.words_first; i < words && !run->out->failed; i++) {
		const char *word = sdr_call_word(run->call, i);
		if (strcmp(word, "-") == 0)
			ask_lines(run);
		else
			ask(run, word);
	}
	if (run->request->lookup.finish && !run->out->failed && run->exit != SDR_EXIT_FAIL)
		finish_words(run);
}
