/* filter.c - runs a filter over files or standard input, a stretch of whole lines at a time, in
 * constant memory. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shell/shell.h"
#include "sounder/file.h"

/* What is gathered before it is written: half of what a pipe holds, so that its reader has
 * something while we fill the other half. */
#define GATHER_MAX ((size_t)32 << 10)

/* A filter in progress. */
struct filtering {
	struct shell_run *run;
	struct shell_body body;
	struct sdr_outlet sink;
	size_t gathered;
	char gather[GATHER_MAX]; /* [gathered], not for a terminal */
};

static void write_gathered(struct filtering *filtering)
{
	sdr_out_raw(filtering->run->out, filtering->gather, filtering->gathered);
	filtering->gathered = 0;
}

static void on_put(void *context, const void *bytes, size_t length)
{
	struct filtering *filtering = context;
	if (filtering->run->out->is_terminal) {
		(void)sdr_body_put(&filtering->body, bytes, length);
		return;
	}
	if (length > GATHER_MAX - filtering->gathered)
		write_gathered(filtering);
	if (length > GATHER_MAX) {
		sdr_out_raw(filtering->run->out, bytes, length);
		return;
	}
	memcpy(filtering->gather + filtering->gathered, bytes, length);
	filtering->gathered += length;
}

static void on_emit(void *context, const struct sdr_sheet *sheet)
{
	struct shell_run *run = ((struct filtering *)context)->run;
	if (!run->out->failed)
		run->report.format->sheet(&run->report, sdr_sheet_view(sheet));
}

static void fail(struct filtering *filtering, const char *message)
{
	sdr_shell_complain(filtering->run, "%s", message);
	sdr_shell_exit_raise(filtering->run, SDR_EXIT_FAIL);
}

static const char *name_of(const struct filtering *filtering)
{
	return strcmp(filtering->sink.name, "-") == 0 ? "standard input" : filtering->sink.name;
}

/* Output is flushed before each wait for input, so what is piped in slowly comes out at once. */
static void filter_descriptor(struct filtering *filtering, int fd)
{
	struct shell_run *run = filtering->run;
	struct shell_lines lines;
	const char *bytes = NULL;
	size_t length = 0;
	enum sdr_status status = sdr_lines_open(&lines, fd, NULL);
	while (status == SDR_OK && !run->out->failed) {
		status = sdr_lines_next(&lines, &bytes, &length);
		if (status != SDR_OK || length == 0)
			break;
		sdr_out_hold(run->out, true);
		run->request->filter.lines(run->request->state, bytes, length, &filtering->sink);
		write_gathered(filtering);
		sdr_out_hold(run->out, false);
	}
	if (status != SDR_OK) {
		struct sdr_error error;
		sdr_error_set(
			&error, 0, "%s: %s", name_of(filtering), sdr_lines_why(&lines, status));
		fail(filtering, error.text);
	}
	sdr_lines_close(&lines);
}

static void filter_word(struct filtering *filtering, const char *word)
{
	filtering->sink.name = word;
	if (strcmp(word, "-") == 0) {
		filter_descriptor(filtering, STDIN_FILENO);
		return;
	}
	struct sdr_error error = {0};
	int fd;
	if (sdr_file_open(word, &fd, &error) != SDR_OK) {
		fail(filtering, error.text);
		return;
	}
	filter_descriptor(filtering, fd);
	close(fd);
}

void sdr_filter_run(struct shell_run *run)
{
	const struct sdr_filter *filter = &run->request->filter;
	size_t words = sdr_call_words(run->call), first = filter->words_first;
	struct filtering filtering = {.run = run, .body = {.out = run->out}};
	filtering.sink = (struct sdr_outlet){.context = &filtering,
		.put = on_put,
		.emit = on_emit,
		.sheets = run->report.format != &sdr_report_text,
		.several = words > first + 1,
		.name = "-"};
	if (words <= first)
		filter_word(&filtering, "-");
	for (size_t i = first; i < words && !run->out->failed; i++)
		filter_word(&filtering, sdr_call_word(run->call, i));
	enum sdr_exit exit = filter->finish(run->request->state, &filtering.sink);
	write_gathered(&filtering);
	if (run->out->is_terminal)
		sdr_body_end(&filtering.body);
	sdr_shell_exit_raise(run, exit);
}
