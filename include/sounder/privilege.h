/* privilege.h - what we may do, and why not. ICMP sockets are opened first, then every capability goes for good but
 * CAP_NET_BIND_SERVICE (in the permitted set only, raised around bind), before our code reads argv, environment or config. */
#ifndef SOUNDER_PRIVILEGE_H
#define SOUNDER_PRIVILEGE_H

#include <stdbool.h>

#include "sounder/sheet.h"

enum sdr_icmp_kind { SDR_ICMP_NONE, SDR_ICMP_PING, SDR_ICMP_RAW };

/* Made once by main, then read-only. */
struct sdr_privilege {
	int icmp4, icmp6; /* descriptors, -1 if not to be had */
	enum sdr_icmp_kind kind4, kind6;
	int ping4_errno, raw4_errno; /* why each kind could not be opened; 0 if it could or was not tried */
	int ping6_errno, raw6_errno;
	bool had_net_raw;
	bool may_bind_low; /* CAP_NET_BIND_SERVICE is in the permitted set */
};

/* Opens the ICMP sockets (ping socket, else raw), forces their receive buffers up, drops what is held, sets no_new_privs.
 * Reads nothing from argv, environment or files. Exits the process with 2 if it runs setuid or the drop fails. */
void sdr_privilege_take(struct sdr_privilege *privilege);

/* Raises CAP_NET_BIND_SERVICE around a bind; no-ops without it. */
void sdr_privilege_bind_begin(const struct sdr_privilege *privilege);
void sdr_privilege_bind_end(const struct sdr_privilege *privilege);

/* Returns one line: "ICMP is not permitted: ..." with the cause; "" when some kind of socket is there for `version` (4 or 6). */
const char *sdr_privilege_why(const struct sdr_privilege *privilege, int version, char *out, size_t size);

/* Fills a sheet with cause and exact fixes: sysctl with its present value, setcap with this binary's path, container flag, TCP instead. */
void sdr_privilege_explain(const struct sdr_privilege *privilege, struct sdr_sheet *sheet);

#endif
