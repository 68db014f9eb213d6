/* privilege.c - takes what ICMP needs and gives everything else away, before any of our code has
 * looked at what others control.
 *
 * A ping socket needs no privilege where net.ipv4.ping_group_range covers our group; a raw socket
 * needs CAP_NET_RAW, best as a file capability (cap_net_raw=p). Afterwards nothing can be regained:
 * except for what `uses` lists, permitted, bounding and ambient sets are emptied, and exec gains
 * nothing. */
#include "sounder/privilege.h"

#include <errno.h>
#include <linux/icmp.h>
#include <linux/securebits.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define RECEIVE_BUFFER (4 << 20) /* bytes: 5,000 small packets as the kernel accounts for them */
#define FILES_MAX 65536
#define RANGE_FILE "/proc/sys/net/ipv4/ping_group_range"

/* What stays in the permitted set where it was held, and for what. */
static const struct {
	enum sdr_privilege_use use;
	int count;
	cap_value_t caps[2];
} uses[] = {
	{SDR_PRIVILEGE_BIND, 1, {CAP_NET_BIND_SERVICE}},
	{SDR_PRIVILEGE_SOCKET_OWNERS, 2, {CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH}},
	{SDR_PRIVILEGE_RAW, 1, {CAP_NET_RAW}},
};
#define USES (sizeof(uses) / sizeof(*uses))

static bool permitted(cap_t caps, cap_value_t which)
{
	cap_flag_value_t value = CAP_CLEAR;
	return cap_get_flag(caps, which, CAP_PERMITTED, &value) == 0 && value == CAP_SET;
}

static bool holds_any(cap_t caps)
{
	for (cap_value_t which = 0; which <= cap_max_bits() - 1; which++)
		if (permitted(caps, which))
			return true;
	return false;
}

/* Makes what opening and dropping need effective, as far as it is permitted. */
static void raise_needed(cap_t caps)
{
	static const cap_value_t needed[] = {CAP_NET_RAW, CAP_NET_ADMIN, CAP_SETPCAP};
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (permitted(caps, needed[i]))
			cap_set_flag(caps, CAP_EFFECTIVE, 1, &needed[i], CAP_SET);
	(void)cap_set_proc(caps); /* what is missing then shows in the sockets' errno */
}

static void enlarge_buffer(int fd)
{
	int size = RECEIVE_BUFFER;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size,
			sizeof(size)); /* up to net.core.rmem_max */
}

/* A raw socket gets every ICMP packet of this host: until its reader sets a filter, nothing
 * passes. */
static void shut_filter(int fd, int family)
{
	if (family == AF_INET) {
		struct icmp_filter filter = {.data = UINT32_MAX};
		(void)setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter));
	} else {
		struct icmp6_filter filter;
		ICMP6_FILTER_SETBLOCKALL(&filter);
		(void)setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter));
	}
}

static int open_icmp(int family, enum sdr_icmp_kind *kind, int *ping_errno, int *raw_errno)
{
	int protocol = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	*kind = SDR_ICMP_PING;
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (fd < 0) {
		*ping_errno = errno;
		*kind = SDR_ICMP_RAW;
		fd = socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
		if (fd >= 0)
			shut_filter(fd, family);
	}
	if (fd < 0) {
		*raw_errno = errno;
		*kind = SDR_ICMP_NONE;
		return -1;
	}
	enlarge_buffer(fd);
	return fd;
}

/* Empties the bounding set except for what we keep, and locks securebits, so that root can't regain
 * capabilities. Both need CAP_SETPCAP and are skipped without it; no_new_privs then has the same
 * effect. */
static void drop_capabilities_for_good(void)
{
	for (cap_value_t which = 0; which <= cap_max_bits() - 1; which++)
		if (which != CAP_NET_BIND_SERVICE)
			(void)prctl(PR_CAPBSET_DROP, which, 0, 0, 0);
	(void)prctl(PR_SET_SECUREBITS, SECURE_ALL_BITS | SECURE_ALL_LOCKS, 0, 0, 0);
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static unsigned held_uses(cap_t caps)
{
	unsigned held = 0;
	for (size_t i = 0; i < USES; i++) {
		bool all = true;
		for (int k = 0; k < uses[i].count; k++)
			all = all && permitted(caps, uses[i].caps[k]);
		held |= all ? uses[i].use : 0;
	}
	return held;
}

/* Leaves what these uses need permitted, and nothing effective. */
static enum sdr_status drop_rest(unsigned kept_uses, struct sdr_error *error)
{
	cap_t kept = cap_init();
	bool good = kept;
	for (size_t i = 0; good && i < USES; i++)
		if (uses[i].use & kept_uses)
			good = cap_set_flag(kept, CAP_PERMITTED, uses[i].count, uses[i].caps,
				       CAP_SET) == 0;
	good = good && cap_set_proc(kept) == 0;
	cap_t now = good ? cap_get_proc() : NULL;
	good = now && cap_compare(now, kept) == 0;
	cap_free(now);
	cap_free(kept);
	if (!good)
		sdr_error_set(error, 0, "capabilities could not be dropped");
	return good ? SDR_OK : SDR_EPERM;
}

static enum sdr_status set_limits(bool held, struct sdr_error *error)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		sdr_error_set(error, 0, "no_new_privs could not be set");
		return SDR_EPERM;
	}
	struct rlimit limit;
	if (held) {
		limit = (struct rlimit){0, 0};
		(void)setrlimit(RLIMIT_CORE, &limit);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < FILES_MAX) {
		limit.rlim_cur = limit.rlim_max < FILES_MAX ? limit.rlim_max : FILES_MAX;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	return SDR_OK;
}

enum sdr_status sdr_privilege_take(struct sdr_privilege *privilege, struct sdr_error *error)
{
	*privilege = (struct sdr_privilege){.icmp4 = -1, .icmp6 = -1};
	if (getuid() != geteuid() || getgid() != getegid()) {
		sdr_error_set(error, 0,
			"does not run setuid or setgid; give the file cap_net_raw=p instead");
		return SDR_EPERM;
	}
	cap_t caps = cap_get_proc();
	if (!caps) {
		sdr_error_set(error, 0, "capabilities could not be read");
		return SDR_EPERM;
	}
	bool held = holds_any(caps);
	privilege->had_net_raw = permitted(caps, CAP_NET_RAW);
	privilege->held = held_uses(caps);
	if (held)
		raise_needed(caps);
	privilege->icmp4 = open_icmp(
		AF_INET, &privilege->kind4, &privilege->ping4_errno, &privilege->raw4_errno);
	privilege->icmp6 = open_icmp(
		AF_INET6, &privilege->kind6, &privilege->ping6_errno, &privilege->raw6_errno);
	cap_free(caps);
	drop_capabilities_for_good();
	enum sdr_status status = drop_rest(privilege->held, error);
	return status == SDR_OK ? set_limits(held, error) : status;
}

enum sdr_status sdr_privilege_keep(
	struct sdr_privilege *privilege, unsigned kept_uses, struct sdr_error *error)
{
	if (!(privilege->held & ~kept_uses))
		return SDR_OK;
	privilege->held &= kept_uses;
	return drop_rest(privilege->held, error);
}

static void set_effective(
	const struct sdr_privilege *privilege, enum sdr_privilege_use use, cap_flag_value_t value)
{
	if (!privilege || !(privilege->held & use))
		return;
	cap_t caps = cap_get_proc();
	bool good = caps;
	for (size_t i = 0; good && i < USES; i++)
		if (uses[i].use == use)
			good = cap_set_flag(caps, CAP_EFFECTIVE, uses[i].count, uses[i].caps,
				       value) == 0 &&
				cap_set_proc(caps) == 0;
	cap_free(caps);
	if (!good && value == CAP_CLEAR)
		privilege->give_up("capabilities could not be lowered");
}

void sdr_privilege_begin(const struct sdr_privilege *privilege, enum sdr_privilege_use use)
{
	set_effective(privilege, use, CAP_SET);
}

void sdr_privilege_end(const struct sdr_privilege *privilege, enum sdr_privilege_use use)
{
	set_effective(privilege, use, CAP_CLEAR);
}

/* The range of groups that may open ping sockets, "1 0" by default: none. */
static void read_range(char *low, char *high, size_t size)
{
	char line[64] = "";
	FILE *file = fopen(RANGE_FILE, "re");
	if (file) {
		if (!fgets(line, sizeof(line), file))
			line[0] = '\0';
		fclose(file);
	}
	char *rest = line;
	const char *first = strsep(&rest, " \t\n"), *second = strsep(&rest, " \t\n");
	snprintf(low, size, "%s", first && *first ? first : "?");
	snprintf(high, size, "%s", second && *second ? second : "?");
}

const char *sdr_privilege_why(
	const struct sdr_privilege *privilege, int version, char *out, size_t size)
{
	bool v4 = version == 4;
	int ping_errno = v4 ? privilege->ping4_errno : privilege->ping6_errno;
	int raw_errno = v4 ? privilege->raw4_errno : privilege->raw6_errno;
	out[0] = '\0';
	if ((v4 ? privilege->kind4 : privilege->kind6) != SDR_ICMP_NONE)
		return out;
	if (raw_errno != EPERM && raw_errno != EACCES) {
		snprintf(out, size, "ICMP over IPv%d can't be used: %s", version,
			strerror(raw_errno));
		return out;
	}
	char low[24], high[24];
	read_range(low, high, sizeof(low));
	if (ping_errno == EACCES)
		snprintf(out, size,
			"ICMP is not permitted: group %u is outside net.ipv4.ping_group_range (%s "
			"%s), and there is no cap_net_raw; --tcp PORT times TCP instead",
			(unsigned)getegid(), low, high);
	else
		snprintf(out, size,
			"ICMP is not permitted: ping socket: %s; and there is no cap_net_raw",
			strerror(ping_errno));
	return out;
}

static void add_fix(struct sdr_item *list, const char *fix, const char *command)
{
	struct sdr_item *item = sdr_item_object(list, NULL, NULL);
	sdr_item_text(item, "fix", "Fix", fix);
	sdr_item_text(item, "command", "Command", command);
}

static void add_setcap(struct sdr_item *list)
{
	char path[512], command[600];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	snprintf(command, sizeof(command), "sudo setcap cap_net_raw=p '%s'",
		length > 0 ? path : "/usr/bin/sounder");
	struct statvfs fs;
	bool nosuid = length > 0 && statvfs(path, &fs) == 0 && fs.f_flag & ST_NOSUID;
	add_fix(list,
		nosuid ? "this program only (its file system is mounted "
			 "nosuid: copy it elsewhere first)"
		       : "this program only",
		command);
}

void sdr_privilege_explain(const struct sdr_privilege *privilege, struct sdr_sheet *sheet)
{
	struct sdr_item *root = sdr_sheet_root(sheet);
	char why[256], low[24], high[24];
	int version = privilege->kind4 == SDR_ICMP_NONE ? 4 : 6;
	struct sdr_item *cause = sdr_item_text(
		root, "cause", "Cause", sdr_privilege_why(privilege, version, why, sizeof(why)));
	cause->show = SDR_SHOW_HEADLINE;
	if (!why[0])
		return;
	read_range(low, high, sizeof(low));
	sdr_item_format(root, "ping_group_range", "net.ipv4.ping_group_range", "%s %s", low, high);
	struct sdr_item *fixes = sdr_item_list(root, "fixes", "Fixes");
	fixes->show = SDR_SHOW_TABLE;
	add_fix(fixes, "everybody on this machine",
		"sudo sysctl -w net.ipv4.ping_group_range='0 2147483647'");
	add_setcap(fixes);
	add_fix(fixes, "a container (docker, podman)",
		"--cap-add NET_RAW, or --sysctl net.ipv4.ping_group_range='0 2147483647'");
	add_fix(fixes, "no ICMP at all: time a TCP connect", "sounder ping --tcp 443 HOST");
}
