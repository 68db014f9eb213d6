/* names_state.h (internal) - the name lookups' own state, shared by names_open.c and
 * names.c (configuration) and names_lookup.c (one lookup). */
#ifndef SOUNDER_DNS_NAMES_STATE_H
#define SOUNDER_DNS_NAMES_STATE_H

#include <sys/queue.h>

#include "dns/filewatch.h"
#include "dns/gaiconf.h"
#include "dns/hosts_file.h"
#include "dns/libc_view.h"
#include "dns/names.h"
#include "dns/nsswitch.h"

/* Files of the configuration. */
enum sdr_names_path {
	SDR_NAMES_RESOLV_CONF,
	SDR_NAMES_HOSTS,
	SDR_NAMES_NSSWITCH_CONF,
	SDR_NAMES_GAI_CONF,
	SDR_NAMES_PATHS
};

#define SDR_NAMES_NO_MEMORY "%.200s can't be read: out of memory"

struct sdr_names {
	struct uv_loop_s *loop; /* borrowed */
	struct sdr_servers *servers;
	struct sdr_filewatch *watch;
	char *paths[SDR_NAMES_PATHS]; /* owned */
	struct sdr_error unread
		[SDR_NAMES_PATHS]; /* why each is there and could not be read; "": it could, or is
				       not there */
	struct sdr_resolvconf conf;
	struct sdr_nsswitch services;
	struct sdr_gaiconf tables;
	char unfollowed[SDR_RESOLVCONF_UNFOLLOWED + SDR_NSSWITCH_SKIPPED + 40];
	struct sdr_hosts *hosts;                            /* NULL until needed */
	struct sdr_libc *libc;                              /* likewise */
	TAILQ_HEAD(sdr_names_calls, sdr_names_call) calls;  /* pending */
	char search[SDR_RESOLVCONF_SEARCH * SDR_HOST_TEXT]; /* blank-separated */
	uint32_t reloads;
	uint64_t version; /* of the configuration; the servers have their own */
};

#endif
