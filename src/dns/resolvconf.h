/* resolvconf.h (internal) - /etc/resolv.conf. A pure parser of its text, as glibc reads it.
 * resolv.conf(5). */
#ifndef SOUNDER_DNS_RESOLVCONF_H
#define SOUNDER_DNS_RESOLVCONF_H

#include <stdbool.h>

#include "dns/message.h"

#define SDR_RESOLVCONF_SERVERS 3 /* MAXNS: libc asks no more */
#define SDR_RESOLVCONF_SEARCH 64 /* libc has no limit, Kubernetes one of 32 */
#define SDR_RESOLVCONF_PORT 53
#define SDR_RESOLVCONF_SORT 10 /* MAXRESOLVSORT */
#define SDR_RESOLVCONF_UNFOLLOWED 96

struct sdr_resolvconf {
	struct sdr_endpoint
		servers[SDR_RESOLVCONF_SERVERS]; /* [server_count], in the file's order */
	unsigned server_count;
	char search[SDR_RESOLVCONF_SEARCH][SDR_HOST_TEXT]; /* [search_count]; "." is left out */
	unsigned search_count;
	unsigned ndots;    /* dots from which a name is tried as it is first; 0..15 */
	unsigned timeout;  /* seconds per try, 1..30; 0: unset */
	unsigned attempts; /* tries per server, 1..5; 0: unset */
	bool rotate;       /* another server is the first each time */
	bool tcp;          /* use-vc */
	bool authentic;    /* trust-ad */
	bool no_aaaa;      /* no IPv6 address is asked for */
	bool no_tld_query; /* a name without dots is asked for only with the search list */
	struct sdr_resolvconf_net {
		uint32_t address, mask; /* host byte order */
	} sort[SDR_RESOLVCONF_SORT];    /* [sort_count] sortlist: networks whose IPv4 addresses come
					   first, where only IPv4 is asked for */
	unsigned sort_count;
	char unfollowed[SDR_RESOLVCONF_UNFOLLOWED]; /* settings in it that libc follows and we
						       don't; "" if none */
};

/* Parses the file's text; what it does not know it skips. A NULL text is an empty file. */
void sdr_resolvconf_parse(const char *text, struct sdr_resolvconf *conf);

/* Environment variables that override it: RES_OPTIONS for options, LOCALDOMAIN for the search list.
 * NULL: unset. */
void sdr_resolvconf_override(struct sdr_resolvconf *conf, const char *options, const char *search);

/* Whether both are equal. */
bool sdr_resolvconf_same(const struct sdr_resolvconf *a, const struct sdr_resolvconf *b);

/* Returns an IPv4 address's place by the sortlist: the smaller comes first. */
unsigned sdr_resolvconf_rank(const struct sdr_resolvconf *conf, const struct sdr_addr *addr);

/* The names to ask for, in order: as it is, with each search domain, as ndots has it. A name with a
 * trailing dot is asked as it is. What would be no name or too long is left out. Returns how many
 * of names[SDR_RESOLVCONF_SEARCH + 1]. */
unsigned sdr_resolvconf_candidates(
	const struct sdr_resolvconf *conf, const char *name, char names[][SDR_MESSAGE_NAME]);

#endif
