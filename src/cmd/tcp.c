/* tcp.c - `tcp`: does something listen there, and how long does the handshake take. */
#include "cmd/options.h"
#include "cmd/peer.h"
#include "sounder/app.h"

static const char *const examples[] = {
	"tcp db1:5432",
	"one connection, opened and closed",
	"tcp www.example.com:https [::1]:ssh",
	"several, by the names of their services",
	"tcp --all-addresses www.example.com:https",
	"each address of the name by itself: which one is it?",
	"tcp db1:5432 --interval 5s",
	"go on until stopped",
	NULL,
};

const struct sdr_command cmd_tcp = {
	.name = "tcp",
	.arguments = "HOST:PORT...",
	.sentence = "open a TCP connection and time its handshake",
	.details =
		"Connects, notes how long that took, and closes again; nothing is sent.  "
		"Refused, unreachable, prohibited, reset and no answer are "
		"distinguished, with the ICMP message and the router that sent it.  "
		"Connects once, unless --interval or --count is given.  "
		"On the dashboard - opens a field for a list of peers.\n\n"
		"All addresses of a name are tried, IPv6 and IPv4 in turn, the next one "
		"after a quarter of a second or as soon as one fails (RFC 8305); the "
		"first that answers counts, and dead ones before it are named.  "
		"The time is that of its own handshake; the time before it is waited_seconds.\n\n"
		"Exit status: 0 connected; 1 refused, unreachable, "
		"reset or no answer; 2 for everything else.",
	.examples = examples,
	.options = {sdr_options_addresses, sdr_options_repeat, sdr_options_names,
		sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.parts = SDR_PART_REGISTRY,
	.complete = SDR_COMPLETE_HOST,
	.takes_targets = true,
	.make = sdr_peer_make,
};
