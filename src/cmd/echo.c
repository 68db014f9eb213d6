/* echo.c - `echo`: sends bytes to an echo service and checks that the very same come back. */
#include "cmd/options.h"
#include "cmd/peer.h"
#include "sounder/app.h"

static const char *const examples[] = {
	"echo db1",
	"64 bytes over TCP to port 7, checked one by one",
	"echo --udp 127.0.0.1:10007",
	"a datagram to `sounder serve`",
	"echo --udp --size 1472 db1 --interval 1s",
	"full frames until stopped: do large datagrams get through?",
	NULL,
};

static const struct sdr_option options[] = {
	{"udp", 0, SDR_OPTION_FLAG, NULL, "use UDP, a datagram a probe", 0, 0},
	{NULL},
};

const struct sdr_command cmd_echo = {
	.name = "echo",
	.arguments = "HOST[:PORT]...",
	.sentence = "send bytes to an echo service and check what comes back",
	.details =
		"Speaks RFC 862, on port 7 by default.  "
		"Every byte is compared; the first that differs, "
		"is missing or is too many is named.  "
		"Over TCP our side is closed after the last byte, and the server must close too.  "
		"Over UDP a closed port (ICMP) is distinguished from one that does not answer.  "
		"By TCP the first of a name's addresses that answers counts, by UDP the next is "
		"asked where one can't be (ICMP, no route); dead ones are named.  "
		"Asks once, unless --interval or --count is given.  "
		"On the dashboard - opens a field for a list of peers.\n\n"
		"Exit status: 0 all came back; 1 something else did, "
		"or no answer; 2 for everything else.",
	.examples = examples,
	.probe = "echo",
	.options = {options, sdr_options_addresses, sdr_options_repeat, sdr_options_names,
		sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.parts = SDR_PART_REGISTRY,
	.complete = SDR_COMPLETE_HOST,
	.takes_targets = true,
	.make = sdr_peer_make,
};
