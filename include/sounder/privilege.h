/* privilege.h - what we may do, and why not. ICMP sockets are opened first; then all capabilities
 * are dropped but a few, which stay in the permitted set only and are raised around one call each,
 * before our code reads argv, environment or config. Once the command is known, those that it does
 * not use are dropped, too. */
#ifndef SOUNDER_PRIVILEGE_H
#define SOUNDER_PRIVILEGE_H

#include <errno.h>
#include <stdbool.h>

#include "sounder/sheet.h"

/* errno before an abort(3) whose cause is reported already. */
#define SDR_REPORTED ECANCELED

/* What is kept for, as bits. */
enum sdr_privilege_use {
	SDR_PRIVILEGE_BIND = 1, /* ports below 1024: CAP_NET_BIND_SERVICE */
	SDR_PRIVILEGE_SOCKET_OWNERS =
		2, /* other users' sockets in /proc: CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH */
	SDR_PRIVILEGE_RAW = 4, /* a raw socket, for what ICMP errors quote: CAP_NET_RAW */
	SDR_PRIVILEGE_ALL = SDR_PRIVILEGE_BIND | SDR_PRIVILEGE_SOCKET_OWNERS | SDR_PRIVILEGE_RAW
};

enum sdr_icmp_kind { SDR_ICMP_NONE, SDR_ICMP_PING, SDR_ICMP_RAW };

/* Made once by main; read-only once the command is known. */
struct sdr_privilege {
	int icmp4, icmp6; /* descriptors, -1 if unavailable */
	enum sdr_icmp_kind kind4, kind6;
	int ping4_errno,
		raw4_errno; /* why each kind could not be opened; 0 if it could or was not tried */
	int ping6_errno, raw6_errno;
	bool had_net_raw;
	void (*give_up)(const char *why); /* main's: ends the process, since what is held can't be
					     lowered again; set where something is held */
	unsigned held; /* of enum sdr_privilege_use: whose capabilities are in the permitted set,
			  all of them */
};

/* Opens the ICMP sockets (ping socket, else raw), forces their receive buffers up, drops what is
 * held, sets no_new_privs. Reads nothing from argv, environment or files. EPERM with `error`, and
 * nothing may go on: it runs setuid, or the drop failed. */
SDR_MUST_CHECK enum sdr_status sdr_privilege_take(
	struct sdr_privilege *privilege, struct sdr_error *error);

/* Gives away for good what is held for other uses than these. EPERM with `error`, likewise. */
SDR_MUST_CHECK enum sdr_status sdr_privilege_keep(
	struct sdr_privilege *privilege, unsigned uses, struct sdr_error *error);

/* Raise what one use needs before a call, and lower it after; nothing happens where it is not held,
 * or `privilege` is NULL. Where it can't be lowered again, `give_up` is called. */
void sdr_privilege_begin(const struct sdr_privilege *privilege, enum sdr_privilege_use use);
void sdr_privilege_end(const struct sdr_privilege *privilege, enum sdr_privilege_use use);

/* Writes one line into out[size]: "ICMP is not permitted: ..." with the cause; "" when some kind of
 * socket is there for `version` (4 or 6). Returns `out`. */
const char *sdr_privilege_why(
	const struct sdr_privilege *privilege, int version, char *out, size_t size);

/* Fills a sheet with cause and exact fixes: sysctl with its present value, setcap with this
 * binary's path, container flag, TCP instead. It is about IPv6 where IPv4 has its socket; an empty
 * cause alone where both have one. */
void sdr_privilege_explain(const struct sdr_privilege *privilege, struct sdr_sheet *sheet);

#endif
