/* shell.c - the shell's front: makes a call's request and runs it to its end, printing as it
 * goes. */
#include "sounder/shell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "shell/run.h"

static const struct sdr_report_format *format_of(const struct sdr_call *call)
{
	if (sdr_call_has(call, "json"))
		return &sdr_report_json;
	if (sdr_call_has(call, "csv"))
		return &sdr_report_csv;
	return sdr_call_has(call, "fping") || sdr_call_has(call, "all-times") ? &sdr_report_fping
									      : &sdr_report_text;
}

static void run_request(struct shell_run *run)
{
	if (sdr_job_takes(run->request)) {
		sdr_shell_run_job(run);
	} else if (run->request->kind == SDR_REQUEST_ACTION) {
		sdr_shell_complain(run,
			"%s like this changes the dashboard; type it at its "
			"prompt (:) or put it into its configuration file",
			run->call->command->name);
		run->exit = SDR_EXIT_FAIL;
	}
}

/* A reader that closed the pipe (| head) is no error; a full disk is. */
static void check_output(struct shell_run *run)
{
	if (!run->out->failed && fflush(run->out->file) != 0) {
		run->out->failed = true;
		run->out->failure = errno;
	}
	if (!run->out->failed)
		return;
	if (run->out->failure == EPIPE) {
		sdr_shell_exit_raise(run, SDR_EXIT_NO);
		return;
	}
	sdr_shell_complain(run, "standard output: %s", strerror(run->out->failure));
	run->exit = SDR_EXIT_FAIL;
}

enum sdr_exit sdr_shell_run(
	struct sdr_app *app, const struct sdr_call *call, struct sdr_out *out, struct sdr_out *err)
{
	struct sdr_request request;
	struct sdr_error error = {0};
	struct shell_run run = {
		.app = app, .call = call, .request = &request, .out = out, .err = err};
	if (sdr_call_has(call, "help")) {
		sdr_command_help(out, call->command);
		check_output(&run);
		return run.exit;
	}
	if (!(call->command->where & SDR_WHERE_SHELL)) {
		sdr_shell_complain(&run,
			"%s is a command of the dashboard; type it at its prompt (:)",
			call->command->name);
		return SDR_EXIT_FAIL;
	}
	if (sdr_request_make(call, &request, &error) != SDR_OK) {
		sdr_shell_complain(&run, "%s", error.text);
		return sdr_call_has(call, "fping") ? SDR_EXIT_FPING_USAGE : SDR_EXIT_FAIL;
	}
	if (sdr_app_open(app, sdr_job_parts(call, &request), &error) != SDR_OK) {
		sdr_request_done(&request);
		sdr_shell_complain(&run, "%s", error.text);
		return SDR_EXIT_FAIL;
	}
	run.report = (struct sdr_report){.format = format_of(call),
		.out = out,
		.err = err,
		.quiet = sdr_call_has(call, "quiet")};
	run_request(&run);
	sdr_request_done(&request);
	sdr_report_done(&run.report);
	check_output(&run);
	return run.exit;
}
