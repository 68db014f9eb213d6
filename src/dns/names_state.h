/* names_state.h (internal) - the name lookups' own state, shared by names.c (configuration) and
 * names_lookup.c (one lookup). */
#ifndef SOUNDER_DNS_NAMES_STATE_H
#define SOUNDER_DNS_NAMES_STATE_H

#include <sys/queue.h>

#include "dns/filewatch.h"
#include "dns/gaiconf.h"
#include "dns/hosts_file.h"
#include "dns/nsswitch.h"
#include "dns/resolver.h"

struct sdr_names {
	struct uv_loop_s *loop; /* borrowed */
	struct sdr_servers *servers;
	struct sdr_filewatch *watch;
	char *paths[4];             /* resolv.conf, hosts, nsswitch.conf, gai.conf; owned */
	struct sdr_error unread[4]; /* why each is there and could not be read; "": it could, or is
				       not there */
	struct sdr_resolvconf conf;
	struct sdr_nsswitch services;
	struct sdr_gaiconf tables;
	char unfollowed[SDR_RESOLVCONF_UNFOLLOWED + SDR_NSSWITCH_SKIPPED + 40];
	struct sdr_hosts *hosts;                            /* NULL until needed */
	TAILQ_HEAD(sdr_names_calls, sdr_names_call) calls;  /* pending */
	char search[SDR_RESOLVCONF_SEARCH * SDR_HOST_TEXT]; /* blank-separated */
	uint32_t reloads;
	uint64_t version; /* of the configuration; the servers have their own */
};

/* Returns the hosts file, read when first wanted; NULL when out of memory. */
const struct sdr_hosts *sdr_names_hosts(struct sdr_names *names);

#endif
