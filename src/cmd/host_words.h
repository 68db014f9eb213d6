/* host_words.h (internal) - the hosts that words name: names, addresses, networks, ranges,
 * lists. */
#ifndef SOUNDER_CMD_HOST_WORDS_H
#define SOUNDER_CMD_HOST_WORDS_H

#include "sounder/command.h"

#define SDR_HOSTS_MAX 1000000 /* of one call: the engine's ids have 20 bits */

/* The hosts found so far. */
struct sdr_hosts {
	struct sdr_request *request; /* which owns the list and the names */
	const char **names;          /* [count], in the request's memory or the call's */
	size_t count, capacity;
	bool whole; /* a network's first and last address are taken, too */
};

/* Adds what every word of the call names: a host; `10.0.0.0/24`; `10.0.0.1-10.0.0.9` or
 * `10.0.0.1-9`; `@FILE` and `-` (stdin), which hold any of these, blanks between them and `#`
 * before a comment. EINVAL, ERANGE (more than SDR_HOSTS_MAX), ENOENT (no such file) with
 * `error`. */
SDR_MUST_CHECK enum sdr_status sdr_hosts_take(
	const struct sdr_call *call, struct sdr_hosts *hosts, struct sdr_error *error);

#endif
