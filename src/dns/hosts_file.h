/* hosts_file.h (internal) - a hosts file, parsed once and searched by name and by address.
 * hosts(5). */
#ifndef SOUNDER_DNS_HOSTS_FILE_H
#define SOUNDER_DNS_HOSTS_FILE_H

#include "sounder/addr.h"

/* Addresses of a name, or names of an address, at most: one above SDR_NAMES_ADDRESSES_MAX, which
 * shows a cut. */
#define SDR_HOSTS_MATCHES 65

struct sdr_hosts;

/* Parses the text of a hosts file, which it copies; lines that are not understood are skipped. NULL
 * text: an empty file. NULL: out of memory. */
struct sdr_hosts *sdr_hosts_new(const char *text);
void sdr_hosts_free(struct sdr_hosts *hosts);

/* What was found; text is borrowed from the hosts. */
struct sdr_hosts_match {
	unsigned count;                           /* addresses */
	struct sdr_addr addrs[SDR_HOSTS_MATCHES]; /* [count], in the file's order */
	unsigned more;                            /* addresses beyond */
	const char *canonical; /* the first name of the first line that matched */
	unsigned name_count;
	const char *names[SDR_HOSTS_MATCHES]; /* [name_count] the other names of those lines */
	unsigned line;                        /* of the first that matched, from 1 */
};

/* Looks a name up, without regard to case, letter by letter as libc does: a trailing dot counts.
 * Family 4, 6 or 0. Returns whether there is a match. */
bool sdr_hosts_find(const struct sdr_hosts *hosts, const char *name, uint8_t family,
	struct sdr_hosts_match *match);

/* Looks an address up. Returns whether there is a match. */
bool sdr_hosts_find_addr(
	const struct sdr_hosts *hosts, const struct sdr_addr *addr, struct sdr_hosts_match *match);

#endif
