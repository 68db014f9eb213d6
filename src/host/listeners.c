/* listeners.c - the view of who listens: dumps of each transport and family gathered in one sorted table, named by and by from /proc. */
#include "sounder/listeners.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/diag.h"
#include "host/owners.h"
#include "host/table.h"
#include "sounder/privilege.h"

struct sdr_listeners {
	struct table table;     /* of struct sdr_listener */
	struct table fresh;     /* being gathered */
	enum sdr_status status; /* of the last dump */
	sdr_ns taken;           /* when; SDR_NS_NONE: never */
	uint64_t version;       /* grows with each change */
	int32_t after;          /* the process looked at last */
	const struct sdr_privilege *privilege;
	bool walked; /* all processes were looked at since the last change */
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

static const struct table_kind kind = {sizeof(struct sdr_listener), same, order};

struct sdr_listeners *sdr_listeners_new(const struct sdr_privilege *privilege)
{
	struct sdr_listeners *listeners = calloc(1, sizeof *listeners);
	if (listeners == NULL)
		return NULL;
	sdr_table_init(&listeners->table, &kind);
	sdr_table_init(&listeners->fresh, &kind);
	listeners->taken = SDR_NS_NONE;
	listeners->privilege = privilege;
	return listeners;
}

void sdr_listeners_free(struct sdr_listeners *listeners)
{
	if (listeners == NULL)
		return;
	sdr_table_done(&listeners->table);
	sdr_table_done(&listeners->fresh);
	free(listeners);
}

/* Gives a fresh listener the name that its like has in the view already. */
static void keep_name(const struct sdr_listeners *listeners, struct sdr_listener *listener)
{
	const struct sdr_listener *old;
	for (size_t i = sdr_listeners_find(listeners, listener->endpoint.port); (old = sdr_listeners_at(listeners, i)) != NULL; i++) {
		if (old->endpoint.port != listener->endpoint.port)
			return;
		if (old->inode != listener->inode || old->transport != listener->transport)
			continue;
		listener->pid = old->pid;
		memcpy(listener->process, old->process, sizeof listener->process);
		return;
	}
}

static void take(void *context, const struct sdr_listener *listener)
{
	struct sdr_listeners *listeners = context;
	struct sdr_listener copy;
	memcpy(&copy, listener, sizeof copy);
	keep_name(listeners, &copy);
	(void)sdr_table_append(&listeners->fresh, &copy);
}

/* Asking for SCTP where nobody uses it would make the kernel load its module. */
static bool is_there(enum sdr_transport transport)
{
	return transport == SDR_TCP || transport == SDR_UDP || (transport == SDR_SCTP && access("/proc/net/sctp/eps", F_OK) == 0);
}

static enum sdr_status gather(struct sdr_listeners *listeners)
{
	static const int families[] = {AF_INET, AF_INET6};
	enum sdr_status first = SDR_OK;
	for (int transport = SDR_TCP; transport <= SDR_SCTP; transport++) {
		for (size_t i = 0; i < sizeof families / sizeof *families && is_there((enum sdr_transport)transport); i++) {
			enum sdr_status status = sdr_diag_dump((enum sdr_transport)transport, families[i], take, listeners);
			first = first != SDR_OK ? first : status;
		}
	}
	/* A host without IPv6 has no dump of it; that is no failure. */
	return listeners->fresh.count > 0 ? SDR_OK : first;
}

enum sdr_status sdr_listeners_refresh(struct sdr_listeners *listeners, sdr_ns now, sdr_ns age)
{
	if (listeners->taken != SDR_NS_NONE && age > 0 && now - listeners->taken < age)
		return listeners->status;
	listeners->taken = now;
	listeners->status = gather(listeners);
	sdr_table_sort(&listeners->fresh);
	if (sdr_table_take(&listeners->table, &listeners->fresh)) {
		listeners->version++;
		listeners->walked = false;
		listeners->after = 0;
	}
	return listeners->status;
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
		snprintf(all[i].process, sizeof all[i].process, "%s", process);
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
		sdr_privilege_begin(listeners->privilege, SDR_PRIVILEGE_OWNERS);
		listeners->walked = sdr_owners_walk(&listeners->after, budget, on_found, &naming);
		sdr_privilege_end(listeners->privilege, SDR_PRIVILEGE_OWNERS);
	}
	return listeners->walked || naming.nameless == 0;
}

const char *sdr_listener_why(const struct sdr_listener *listener, char *out, size_t size)
{
	if (listener->pid != 0)
		out[0] = '\0';
	else if (listener->inode == 0)
		snprintf(out, size, "it belongs to the kernel");
	else
		snprintf(out, size, "its program belongs to uid %" PRIu32 "; naming it needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH",
			listener->uid);
	return out;
}

bool sdr_listeners_ephemeral(uint16_t *first, uint16_t *last)
{
	char text[64];
	unsigned low, high;
	int fd = open("/proc/sys/net/ipv4/ip_local_port_range", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	if (sscanf(text, "%u %u", &low, &high) != 2 || low > high || high > UINT16_MAX)
		return false;
	*first = (uint16_t)low;
	*last = (uint16_t)high;
	return true;
}
