/* lookup.c - runs a lookup: once, or once a word; the word `-` stands for the lines of stdin, read as they come in constant memory. */
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "shell/shell.h"

#define LINE_MAX_BYTES 65536 /* longer lines of stdin are refused */

/* One question under way. */
struct asking {
	struct shell_run *run;
	bool done; /* its last word was said */
};

static void on_emit(void *context, const struct sdr_sheet *sheet)
{
	struct asking *asking = context;
	struct shell_run *run = asking->run;
	const struct sdr_lookup *lookup = &run->request->lookup;
	if (run->out->failed)
		return;
	if (lookup->print && run->report.format == &sdr_report_people)
		lookup->print(run->out, run->call, sdr_sheet_view(sheet));
	else
		run->report.format->sheet(&run->report, sdr_sheet_view(sheet));
}

static void finish(struct shell_run *run, enum sdr_exit exit, const struct sdr_error *error)
{
	if (error && error->text[0])
		sdr_shell_complain(run, "%s", error->text);
	else if (exit == SDR_EXIT_FAIL)
		sdr_shell_complain(run, "%s: %s", run->call->command->name, sdr_status_text(SDR_ENOMEM));
	sdr_shell_worsen(run, exit);
}

static void on_done(void *context, enum sdr_exit exit, const struct sdr_error *error)
{
	struct asking *asking = context;
	finish(asking->run, exit, error);
	asking->done = true;
	uv_stop(sdr_app_loop(asking->run->app)); /* called from a timer, UV_RUN_ONCE would go on to wait */
}

static void ask(struct shell_run *run, const char *word)
{
	struct asking asking = {.run = run};
	struct sdr_answers answers = {&asking, on_emit, on_done};
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

/* Reads one line without its end. Returns false at the end of input; an overlong line is skipped, and said. */
static bool read_line(struct shell_run *run, char *line, size_t size)
{
	while (fgets(line, (int)size, stdin)) {
		size_t length = strlen(line);
		if (length && line[length - 1] == '\n') {
			line[--length] = '\0';
		} else if (length + 1 == size) {
			for (int c = getchar(); c != '\n' && c != EOF;)
				c = getchar();
			sdr_shell_complain(run, "standard input: a line of more than %zu bytes; it is left out", size - 2);
			sdr_shell_worsen(run, SDR_EXIT_FAIL);
			continue;
		}
		if (length && line[length - 1] == '\r')
			line[length - 1] = '\0';
		return true;
	}
	return false;
}

static void ask_lines(struct shell_run *run)
{
	char line[LINE_MAX_BYTES];
	while (!run->out->failed && read_line(run, line, sizeof line)) {
		const char *word = line + strspn(line, " \t");
		if (*word && *word != '#')
			ask(run, word);
	}
}

void sdr_lookup_run(struct shell_run *run)
{
	if (!run->request->lookup.each_word) {
		ask(run, NULL);
		return;
	}
	size_t words = sdr_call_words(run->call);
	for (size_t i = 0; i < words && !run->out->failed; i++) {
		const char *word = sdr_call_word(run->call, i);
		if (strcmp(word, "-") == 0)
			ask_lines(run);
		else
			ask(run, word);
	}
}
