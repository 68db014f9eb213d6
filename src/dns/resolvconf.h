/* resolvconf.h (internal) - what /etc/resolv.conf and /etc/nsswitch.conf say. Pure parsers of their text. resolv.conf(5), nsswitch.conf(5). */
#ifndef SOUNDER_DNS_RESOLVCONF_H
#define SOUNDER_DNS_RESOLVCONF_H

#include <stdbool.h>

#include "dns/message.h"

#define SDR_RESOLVCONF_SERVERS 8
#define SDR_RESOLVCONF_SEARCH 8
#define SDR_RESOLVCONF_PORT 53

struct sdr_resolvconf {
	struct sdr_endpoint servers[SDR_RESOLVCONF_SERVERS]; /* [server_count], in the file's order */
	unsigned server_count;
	char search[SDR_RESOLVCONF_SEARCH][SDR_HOST_TEXT]; /* [search_count]; "." is left out */
	unsigned search_count;
	unsigned ndots; /* dots from which a name is tried as it is first; 0..15 */
};

/* Parses the file's text; what it does not know it skips. A NULL text is an empty file. */
void sdr_resolvconf_parse(const char *text, struct sdr_resolvconf *conf);

/* Whether both say the same. */
bool sdr_resolvconf_same(const struct sdr_resolvconf *a, const struct sdr_resolvconf *b);

/* The names to ask for, in order: as it is, with each search domain, as ndots has it. A name with a trailing dot is asked as it is.
 * Returns how many of names[SDR_RESOLVCONF_SEARCH + 1]. */
unsigned sdr_resolvconf_candidates(const struct sdr_resolvconf *conf, const char *name, char names[][SDR_MESSAGE_NAME]);

/* What nsswitch.conf's line for hosts says of the two sources we have. */
struct sdr_nsswitch {
	bool files, dns;  /* whether each is asked */
	bool files_first; /* when both are */
};

/* Parses the file's text; without a line "hosts:" files, then dns. */
void sdr_nsswitch_parse(const char *text, struct sdr_nsswitch *order);

#endif
