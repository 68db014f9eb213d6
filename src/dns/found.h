/* found.h (internal) - what a lookup found, while it is put together from one service after
 * another. */
#ifndef SOUNDER_DNS_FOUND_H
#define SOUNDER_DNS_FOUND_H

#include "dns/address_order.h"
#include "dns/gaiconf.h"
#include "dns/hosts_file.h"
#include "dns/questions.h"

#define FOUND_TEXTS (SDR_NAMES_ADDRESSES_MAX + 2)

struct found {
	struct sdr_order_item items[SDR_NAMES_ADDRESSES_MAX];
	unsigned count;
	unsigned more;            /* addresses for which there was no room */
	char *texts[FOUND_TEXTS]; /* canonical name, then aliases; owned; NULL-terminated */
	unsigned text_count;
	unsigned more_texts; /* names for which there was no room */
	int unseen; /* errno of what this host could not look at or keep, so that names are missing
		       or the order is a guess; 0: nothing */
	bool no_memory; /* a name is missing */
};

void found_clear(struct found *found);

/* Adds an address unless it is there already. `ttl` -1: unknown. */
void found_address(struct found *found, const struct sdr_addr *addr, int32_t ttl);

/* Adds a name without its trailing dot. */
void found_text(struct found *found, const char *text);

void found_match(struct found *found, const struct sdr_hosts_match *match);

/* Adds the records of an answer that is OK. */
void found_reply(struct found *found, const struct sdr_reply *reply);

/* 127.0.0.1 and ::1, or only the one of that family. RFC 6761 sec. 6.3. */
void found_localhost(struct found *found, const char *name, uint8_t family);

/* If `name` is this host's own: its addresses, else those of the loopback that stand for it.
 * nss-myhostname(8). */
bool found_own(struct found *found, const char *name, uint8_t family);

/* Brings IPv4 addresses into the order of resolv.conf's sortlist; equals keep theirs. */
void found_sort(struct found *found, const struct sdr_resolvconf *conf);

/* Brings the addresses into the order in which this host's libc would try them. */
void found_order(struct found *found, const struct sdr_gaiconf *tables);

/* Whether a name is localhost or ends in it. */
bool sdr_is_localhost(const char *name);

#endif
