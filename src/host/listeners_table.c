/* listener_table.c - the view of listening sockets: dumps of each transport and address family in
 * one sorted table, with programs added from /proc step by step. */
#include "sounder/listeners.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/diag.h"
#include "host/row_table.h"
#include "host/socket_owners.h"
#include "sounder/privilege.h"
#include "sounder/registry.h"

#define FAMILIES 2      /* IPv4 and IPv6 */
#define MOST (1U << 18) /* sockets; a large name server has one a query */
#define TRIES 4         /* of a dump that the kernel's own changes interrupt */
#define LACKING_TEXT 200

struct sdr_listeners {
	struct table table;     /* of struct sdr_listener */
	struct table fresh;     /* being gathered */
	enum sdr_status status; /* of the last dump */
	sdr_ns taken;           /* when; SDR_NS_NONE: never */
	uint64_t version;       /* grows with each change */
	struct socket_owners_walk walk;
	bool walked; /* all processes were looked at since the last change */
	const struct sdr_privilege *privilege;
	int failed[SDR_TRANSPORT_COUNT][FAMILIES]; /* errno of each dump; 0: it was whole */
};

static int order(const void *left, const void *right)
{
	const struct sdr_listener *a = left, *b = right;
	if (a->endpoint.port != b->endpoint.port)
		return a->endpoint.port < b->endpoint.port ? -1 : 1;
	if (a->transport != b->transport)
		return a->transport < b->transport ? -1 : 1;
	int addresses = sdr_addr_compare(&a->endpoint.addr, &b->endpoint.addr);
	return addresses != 0 ? addresses : (a->inode > b->inode) - (a->inode < b->inode);
}

static bool same(const void *left, const void *right)
{
	return order(left, right) == 0;
}

static const struct table_kind kind = {sizeof(struct sdr_listener), same, order, MOST};

struct sdr_listeners *sdr_listeners_new(const struct sdr_privilege *privilege)
{
	struct sdr_listeners *listeners = calloc(1, sizeof(*listeners));
	if (!listeners)
		return NULL;
	sdr_table_init(&listeners->table, &kind);
	sdr_table_init(&listeners->fresh, &kind);
	listeners->taken = SDR_NS_NONE;
	listeners->privilege = privilege;
	return listeners;
}

void sdr_listeners_free(struct sdr_listeners *listeners)
{
	if (!listeners)
		return;
	sdr_table_done(&listeners->table);
	sdr_table_done(&listeners->fresh);
	free(listeners);
}

/* Gives a fresh listener the name that its like has in the view already. */
static void keep_name(const struct sdr_listeners *listeners, struct sdr_listener *listener)
{
	const struct sdr_listener *old;
	for (size_t i = sdr_listeners_find(listeners, listener->endpoint.port);
		(old = sdr_listeners_at(listeners, i)); i++) {
		if (old->endpoint.port != listener->endpoint.port)
			return;
		if (old->inode != listener->inode || old->transport != listener->transport)
			continue;
		listener->pid = old->pid;
		memcpy(listener->process, old->process, sizeof(listener->process));
		return;
	}
}

static void take(void *context, const struct sdr_listener *listener)
{
	struct sdr_listeners *listeners = context;
	struct sdr_listener copy;
	memcpy(&copy, listener, sizeof(copy));
	keep_name(listeners, &copy);
	(void)sdr_table_append(&listeners->fresh, &copy);
}

/* A dump of SCTP sockets would make the kernel load its module. Returns 0: it is loaded; ENOENT:
 * not, so no dump is needed; or the errno of the check. */
static int find_sctp(void)
{
	return access("/proc/net/sctp/eps", F_OK) == 0 ? 0 : errno;
}

/* A host without IPv6 has no sockets of it. */
static bool has_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool has = fd >= 0 || errno != EAFNOSUPPORT;
	if (fd >= 0)
		close(fd);
	return has;
}

/* Returns 0, or an errno value. What an interrupted try found is forgotten. */
static int dump(struct sdr_listeners *listeners, enum sdr_transport transport, int family)
{
	size_t before = listeners->fresh.count;
	int number = EINTR;
	for (int i = 0; i < TRIES && number == EINTR; i++) {
		listeners->fresh.count = before;
		listeners->fresh.lacking = 0;
		number = sdr_diag_dump(transport, family, take, listeners);
	}
	number = number != 0 ? number : listeners->fresh.lacking;
	return number != 0 && family == AF_INET6 && !has_ipv6() ? 0 : number;
}

static enum sdr_status gather(struct sdr_listeners *listeners)
{
	static const int families[FAMILIES] = {AF_INET, AF_INET6};
	int sctp = find_sctp();
	unsigned failed = 0;
	for (int transport = SDR_TCP; transport <= SDR_SCTP; transport++) {
		for (size_t i = 0; i < FAMILIES; i++) {
			int *number = &listeners->failed[transport][i];
			*number = transport == SDR_SCTP && sctp != 0
				? (sctp != ENOENT ? sctp : 0)
				: dump(listeners, (enum sdr_transport)transport, families[i]);
			failed += *number != 0;
		}
	}
	return failed == 0 ? SDR_OK : listeners->fresh.count > 0 ? SDR_ESYSTEM : SDR_ENOTSUP;
}

/* What may not be looked into is a failure where the right to it is held. */
static int failure_of(const struct sdr_listeners *listeners)
{
	bool held = listeners->privilege &&
		(listeners->privilege->held & SDR_PRIVILEGE_SOCKET_OWNERS) != 0;
	return listeners->walk.failed != 0        ? listeners->walk.failed
		: listeners->walk.refused && held ? EACCES
						  : 0;
}

enum sdr_status sdr_listeners_refresh(struct sdr_listeners *listeners, sdr_ns now, sdr_ns age)
{
	if (listeners->taken != SDR_NS_NONE && age > 0 && now - listeners->taken < age)
		return listeners->status;
	listeners->taken = now;
	listeners->status = gather(listeners);
	sdr_table_sort(&listeners->fresh);
	bool changed = sdr_table_take(&listeners->table, &listeners->fresh);
	listeners->version += changed;
	/* What could not be looked into may be open by now: a program that was just starting. */
	if (changed || (listeners->walked && failure_of(listeners) != 0)) {
		listeners->walked = false;
		listeners->walk = (struct socket_owners_walk){0};
	}
	return listeners->status;
}

/* Appends ": why" to the dumps named so far, which all failed with `number`. */
static size_t put_reason(char *out, size_t used, int number)
{
	const char *why = number == E2BIG ? "more sockets than are kept" : strerror(number);
	return number == 0 || used >= LACKING_TEXT
		? used
		: used + (size_t)snprintf(out + used, LACKING_TEXT - used, ": %s", why);
}

/* "tcp4, udp4: Permission denied, udp6: Out of memory" */
enum sdr_status sdr_listeners_look(
	const struct sdr_listeners *listeners, unsigned transports, struct sdr_error *error)
{
	char lacking[LACKING_TEXT] = "";
	size_t used = 0;
	int last = 0;
	for (int at = 0; at < (SDR_SCTP + 1) * FAMILIES && used < sizeof(lacking); at++) {
		int number = listeners->failed[at / FAMILIES][at % FAMILIES];
		if (number == 0 || (transports >> at / FAMILIES & 1) == 0)
			continue;
		if (number != last)
			used = put_reason(lacking, used, last);
		if (used < sizeof(lacking))
			used += (size_t)snprintf(lacking + used, sizeof(lacking) - used, "%s%s%d",
				used > 0 ? ", " : "",
				sdr_transport_name((enum sdr_transport)(at / FAMILIES)),
				at % FAMILIES == 0 ? 4 : 6);
		last = number;
	}
	(void)put_reason(lacking, used, last);
	if (lacking[0] == '\0')
		return SDR_OK;
	sdr_error_set(error, 0, "who listens here could not be looked at (sock_diag): %s", lacking);
	return SDR_ESYSTEM;
}

const struct sdr_listener *sdr_listeners_at(const struct sdr_listeners *listeners, size_t index)
{
	return sdr_table_at(&listeners->table, index);
}

uint64_t sdr_listeners_version(const struct sdr_listeners *listeners)
{
	return listeners->version;
}

size_t sdr_listeners_find(const struct sdr_listeners *listeners, uint16_t port)
{
	size_t low = 0, high = listeners->table.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sdr_listeners_at(listeners, middle)->endpoint.port < port)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How many sockets have no name yet, and the view that they are in. */
struct naming {
	struct sdr_listeners *listeners;
	size_t nameless;
};

static bool on_found(void *context, uint32_t inode, int32_t pid, const char *process)
{
	struct naming *naming = context;
	struct sdr_listener *all = (struct sdr_listener *)(void *)naming->listeners->table.values;
	for (size_t i = 0; i < naming->listeners->table.count; i++) {
		if (all[i].inode != inode || all[i].pid != 0)
			continue;
		all[i].pid = pid;
		snprintf(all[i].process, sizeof(all[i].process), "%s", process);
		naming->listeners->version++;
		naming->nameless--;
	}
	return naming->nameless > 0;
}

bool sdr_listeners_name(struct sdr_listeners *listeners, sdr_ns budget)
{
	struct naming naming = {.listeners = listeners};
	for (size_t i = 0; i < listeners->table.count; i++)
		naming.nameless += sdr_listeners_at(listeners, i)->pid == 0;
	if (!listeners->walked && naming.nameless > 0) {
		sdr_privilege_begin(listeners->privilege, SDR_PRIVILEGE_SOCKET_OWNERS);
		listeners->walked =
			sdr_socket_owners_walk(&listeners->walk, budget, on_found, &naming);
		listeners->version += listeners->walked; /* the reasons are others */
		sdr_privilege_end(listeners->privilege, SDR_PRIVILEGE_SOCKET_OWNERS);
	}
	return listeners->walked || naming.nameless == 0;
}

bool sdr_listener_why(const struct sdr_listeners *listeners, const struct sdr_listener *listener,
	char out[static SDR_LISTENER_WHY])
{
	int failed = failure_of(listeners);
	bool ours = listener->pid == 0 && listener->inode != 0;
	if (listener->pid != 0)
		out[0] = '\0';
	else if (listener->inode == 0)
		snprintf(out, SDR_LISTENER_WHY, "it belongs to the kernel");
	else if (!listeners->walked && listeners->walk.failed == 0)
		/* One process that may not be looked into shows nothing about those to come. */
		snprintf(out, SDR_LISTENER_WHY, "it is not found yet: there are many processes");
	else if (failed != 0)
		snprintf(out, SDR_LISTENER_WHY, "it could not be looked for in /proc: %s",
			strerror(failed));
	else if (listeners->walk.refused || listener->uid != geteuid())
		snprintf(out, SDR_LISTENER_WHY,
			"naming it needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH");
	else
		snprintf(out, SDR_LISTENER_WHY,
			"no process that /proc shows holds it (hidepid, or another container's)");
	return !ours || (failed == 0 && listeners->walked);
}

enum sdr_status sdr_listeners_ephemeral(uint16_t *first, uint16_t *last, struct sdr_error *error)
{
	static const char path[] = "/proc/sys/net/ipv4/ip_local_port_range";
	char text[64];
	unsigned low, high;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
	int number = errno;
	if (fd >= 0)
		close(fd);
	if (fd < 0 && number == ENOENT)
		return SDR_ENOENT;
	text[n > 0 ? n : 0] = '\0';
	if (n < 0 || sscanf(text, "%u %u", &low, &high) != 2 || low > high || high > UINT16_MAX) {
		sdr_error_set(error, 0, "%s can't be read: %s", path,
			n < 0 ? strerror(number) : "no two ports");
		return SDR_ESYSTEM;
	}
	*first = (uint16_t)low;
	*last = (uint16_t)high;
	return SDR_OK;
}
