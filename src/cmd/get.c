/* get.c - `get`: the body on stdout as it comes, what `head` shows on stderr, so that a pipe gets
 * the page and nothing else. */
#include <stdio.h>

#include "cmd/http_request.h"
#include "cmd/options.h"
#include "sounder/app.h"

static const char *const examples[] = {
	"get http://127.0.0.1/index.html",
	"the page on stdout, headers and phases on stderr",
	"get http://127.0.0.1/big.iso --max-body 1000000",
	"no more than the first million bytes",
	"get http://127.0.0.1/ --json",
	"figures only; the body is not printed",
	NULL,
};

static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *detail)
{
	struct sdr_out err;
	/* The body went out already, and its last line may be open on a terminal. */
	if (out->is_terminal)
		sdr_out_end(out);
	sdr_out_init(&err, stderr, out->colour ? SDR_COLOUR_AUTO : SDR_COLOUR_NEVER);
	sdr_http_request_print(&err, call, detail);
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	enum sdr_status status = sdr_http_request_make(call, "GET", request, error);
	if (status != SDR_OK)
		return status;
	request->watch.print = print;
	request->watch.body = true;
	return SDR_OK;
}

const struct sdr_command cmd_get = {
	.name = "get",
	.arguments = "URL|HOST:PORT",
	.sentence = "fetch a page to stdout and time each phase",
	.details = "The body goes to stdout as it comes: byte for byte into a pipe or "
		   "file, with control characters made visible on a terminal.  "
		   "Status line, headers and phases go to stderr.  "
		   "Content is not decoded, redirects are not followed.  "
		   "A body over --max-body is cut, with a note.  "
		   "Addresses, certificates, secrets and JSON are as in head.",
	.examples = examples,
	.options = {sdr_http_request_options, sdr_options_repeat, sdr_options_names,
		sdr_options_output},
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.parts = SDR_PART_REGISTRY,
	.complete = SDR_COMPLETE_HOST,
	.make = make,
};
