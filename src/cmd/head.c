/* head.c - `head`: status line, headers and phases of a web server's answer to HEAD. */
#include "cmd/http_request.h"
#include "cmd/options.h"
#include "sounder/app.h"

static const char *const examples[] = {
	"head http://127.0.0.1/",
	"one request, each phase timed",
	"head https://intranet.example/ --cacert ca.pem",
	"with a certificate authority of one's own",
	"head 127.0.0.1:8080 --bare",
	"\"HEAD / HTTP/1.0\" and an empty line, read to the end",
	"head https://www.example.com/ --connect-to ::127.0.0.1:8443",
	"ask another machine for that name",
	"head http://127.0.0.1/ --interval 5s",
	"go on asking",
	"head --all-addresses https://www.example.com/",
	"each address of the name by itself: do all servers answer alike?",
	NULL,
};

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	enum sdr_status status = sdr_http_request_make(call, "HEAD", request, error);
	if (status == SDR_OK)
		request->watch.print = sdr_http_request_print;
	return status;
}

const struct sdr_command cmd_head = {
	.name = "head",
	.aliases = {"http"},
	.arguments = "URL|HOST:PORT",
	.sentence = "ask a web server for a page's headers and time each phase",
	.details =
		"With a URL, HEAD is sent as HTTP/1.1 (HTTP/2 where "
		"TLS offers it) and the headers are read.  "
		"With HOST:PORT, \"HEAD / HTTP/1.0\" is sent and the answer read to its end.  "
		"Redirects are shown, not followed; proxies and .netrc "
		"files of the environment are not used.\n\n"
		"All addresses of the name are tried, the next after 250 ms or at once where one "
		"fails (RFC 8305); one that is dead while another answers is a warning.  "
		"With --json each try is in \"attempts\", 1xx answers are in \"early\", "
		"certificates in \"chain\", and what came that is no HTTP is in \"first_bytes\".  "
		"A phase that did not happen is null: of an address no name is looked up.\n\n"
		"User and password of a URL or proxy, and headers that carry a secret, are "
		"sent, and are *** in everything that is shown, copied or written.  "
		"Bytes of path and query that a URL may not hold are sent as %XX.\n\n"
		"Exit status: 0 for an answer below 400; 1 for 400 and above, and "
		"where there was no answer; 2 for everything else.",
	.examples = examples,
	.options = {sdr_http_request_options, sdr_options_addresses, sdr_options_repeat,
		sdr_options_names, sdr_options_output},
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.parts = SDR_PART_REGISTRY,
	.complete = SDR_COMPLETE_HOST,
	.make = make,
};
