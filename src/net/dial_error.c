/* dial_error.c - errno and the error queue of a socket, as outcome and message. ip(7), ipv6(7), RFC
 * 792, RFC 4443.
 *
 * An ICMP error that this host's own stack made up, since a neighbour didn't answer, looks like a
 * router's but for its sender. */
#include "net/dial_error.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "net/control.h"
#include "net/icmp.h"
#include "sounder/addr.h"

/* Errors read at once: an endless stream of them must not hold the loop up. */
#define QUEUE_MAX 64

/* One row an errno. */
struct row {
	int number;
	enum sdr_outcome outcome; /* when the network or the peer answered so */
	const char *words;        /* NULL: the outcome is enough */
	const char *own_words;    /* before anything left, where the cause is this host's; NULL: as
				     above, and not a local fault */
};

static const struct row rows[] = {
	{ECONNREFUSED, SDR_OUTCOME_REFUSED, NULL, NULL},
	{ECONNRESET, SDR_OUTCOME_RESET, NULL, NULL},
	{EPIPE, SDR_OUTCOME_RESET, NULL, NULL},
	{ECONNABORTED, SDR_OUTCOME_RESET, NULL, NULL},
	{EHOSTUNREACH, SDR_OUTCOME_UNREACHABLE, "host unreachable", "no route to this host"},
	{ENETUNREACH, SDR_OUTCOME_UNREACHABLE, "network unreachable", "no route to this network"},
	{ENETDOWN, SDR_OUTCOME_LOCAL, "the interface is down", "the interface is down"},
	{EHOSTDOWN, SDR_OUTCOME_UNREACHABLE, "host down", NULL},
	{ENOPROTOOPT, SDR_OUTCOME_UNREACHABLE, "protocol unreachable", NULL},
	{EPROTO, SDR_OUTCOME_UNREACHABLE, "ICMP parameter problem", NULL},
	{ETIMEDOUT, SDR_OUTCOME_TIMEOUT, "the system gave up", NULL},
	{EMSGSIZE, SDR_OUTCOME_TOO_BIG, NULL, NULL},
	{EACCES, SDR_OUTCOME_PROHIBITED, NULL,
		"not permitted by this host: a prohibit route, or a broadcast address"},
	{EPERM, SDR_OUTCOME_LOCAL, "blocked by the local firewall", NULL},
	{EADDRNOTAVAIL, SDR_OUTCOME_LOCAL, "no such address here", "out of local ports"},
	{EADDRINUSE, SDR_OUTCOME_LOCAL, "out of local ports", NULL},
	{EAGAIN, SDR_OUTCOME_LOCAL, "out of local ports", NULL}, /* connect(2) */
	{EMFILE, SDR_OUTCOME_LOCAL, "out of files", NULL},
	{ENFILE, SDR_OUTCOME_LOCAL, "out of files", NULL},
	{ENOBUFS, SDR_OUTCOME_LOCAL, "local queue full", NULL},
	{ENOMEM, SDR_OUTCOME_LOCAL, "out of memory", NULL},
	{ENODEV, SDR_OUTCOME_LOCAL, "no such interface", NULL},
	{EAFNOSUPPORT, SDR_OUTCOME_LOCAL, "this host does not have that address family", NULL},
	{EINVAL, SDR_OUTCOME_LOCAL, "refused by this system: invalid argument", NULL},
};

static const struct row *row_of(int number)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].number == number)
			return &rows[i];
	return NULL;
}

/* What was wrong with the address or interface that was asked for. */
static void format_source(
	const struct sdr_fault_about *about, int number, char words[static SDR_FAULT_WORDS])
{
	struct sdr_addr source;
	bool is_addr = sdr_addr_parse(about->source, &source, NULL) == SDR_OK;
	if (number == ENODEV)
		snprintf(words, SDR_FAULT_WORDS, "%.64s: no such interface", about->source);
	else if (number == EAFNOSUPPORT && is_addr)
		snprintf(words, SDR_FAULT_WORDS,
			"%.64s is an IPv%u address, this one an IPv%u address", about->source,
			source.version, about->to.addr.version);
	else if (number == EADDRNOTAVAIL || (number == EINVAL && is_addr))
		snprintf(words, SDR_FAULT_WORDS, "%.64s is no address of this host", about->source);
	else if (number == EPERM)
		snprintf(words, SDR_FAULT_WORDS, "%.64s: no permission to choose an interface",
			about->source);
	else
		snprintf(words, SDR_FAULT_WORDS, "can't leave from %.64s: %s", about->source,
			strerror(number));
}

/* The message for a connect that failed at once, where the errno alone is not enough. Returns
 * whether there is one. */
static bool format_begin(
	const struct sdr_fault_about *about, int number, char words[static SDR_FAULT_WORDS])
{
	if (number == EINVAL && sdr_addr_is_link_local(&about->to.addr) &&
		about->to.addr.scope_id == 0)
		snprintf(words, SDR_FAULT_WORDS,
			"a link-local address needs its interface, as in %%eth0");
	else if (number == EINVAL && about->source)
		snprintf(words, SDR_FAULT_WORDS,
			"nothing goes there from %.64s, or a blackhole route takes it",
			about->source);
	else if (number == EINVAL)
		snprintf(words, SDR_FAULT_WORDS,
			"a blackhole route takes it, or it is no address to connect to");
	else if (number == EADDRNOTAVAIL && about->to.addr.version == 6 && !about->source)
		snprintf(words, SDR_FAULT_WORDS,
			"this host has no IPv6 address to leave from, or is out of local ports");
	else
		return false;
	return true;
}

void sdr_fault_of_errno(const struct sdr_fault_about *about, enum sdr_fault_stage stage, int number,
	struct sdr_fault *fault)
{
	const struct row *row = row_of(number);
	bool begins = stage != SDR_FAULT_WAIT;
	bool local = !row || (begins && row->own_words);
	const char *words = !row ? strerror(number) : local ? row->own_words : row->words;
	*fault = (struct sdr_fault){.number = number,
		.icmp_type = -1,
		.icmp_code = -1,
		.error_name = sdr_errno_name(number)};
	fault->outcome = local || stage == SDR_FAULT_OPEN || stage == SDR_FAULT_SOURCE
		? SDR_OUTCOME_LOCAL
		: row->outcome;
	if (about->udp && number == ECONNREFUSED)
		words = "ICMP port unreachable";
	if (stage == SDR_FAULT_OPEN && (number == EACCES || number == EPERM))
		words = "this host permits no socket for it";
	if (stage == SDR_FAULT_SOURCE && about->source)
		format_source(about, number, fault->words);
	else if (!begins || !format_begin(about, number, fault->words))
		snprintf(fault->words, sizeof(fault->words), "%s", words ? words : "");
}

/* ---- the error queue ---- */

int sdr_fault_queue(int fd, uint8_t version, bool on)
{
	int value = on, level = version == 4 ? IPPROTO_IP : IPPROTO_IPV6,
	    name = version == 4 ? IP_RECVERR : IPV6_RECVERR;
	return setsockopt(fd, level, name, &value, sizeof(value)) == 0 ? 0 : errno;
}

int sdr_fault_pending(int fd)
{
	int number = 0;
	socklen_t length = sizeof(number);
	/* What it failed with is no word of the peer's. */
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &length) == 0 ? number : EIO;
}

static bool within(
	const struct sdr_addr *addr, const struct sdr_addr *network, const struct sockaddr *mask)
{
	struct sdr_endpoint bits;
	if (!mask || sdr_endpoint_from_sockaddr(mask, &bits) != SDR_OK ||
		bits.addr.version != addr->version)
		return false;
	for (size_t i = 0; i < sizeof(addr->bytes); i++)
		if ((addr->bytes[i] ^ network->bytes[i]) & bits.addr.bytes[i])
			return false;
	return true;
}

/* Whether the socket itself has that address: needs no memory. */
static bool is_sockets_own(int fd, const struct sdr_addr *addr)
{
	struct sockaddr_storage address;
	struct sdr_endpoint own;
	socklen_t length = sizeof(address);
	return getsockname(fd, (struct sockaddr *)&address, &length) == 0 &&
		sdr_endpoint_from_sockaddr((struct sockaddr *)&address, &own) == SDR_OK &&
		sdr_addr_same(&own.addr, addr);
}

/* Whether an address is this host's own; then writes the interface that has it, that with `to` in
 * its network before others. */
static bool find_own(
	const struct sdr_addr *addr, const struct sdr_addr *to, char interface[static IF_NAMESIZE])
{
	struct ifaddrs *list = NULL;
	bool found = false, near = false;
	interface[0] = '\0';
	if (getifaddrs(&list) != 0)
		return false;
	for (const struct ifaddrs *at = list; at && !near; at = at->ifa_next) {
		struct sdr_endpoint own;
		if (!at->ifa_addr || sdr_endpoint_from_sockaddr(at->ifa_addr, &own) != SDR_OK ||
			!sdr_addr_same(&own.addr, addr))
			continue;
		if (addr->scope_id != 0 && addr->scope_id != own.addr.scope_id)
			continue;
		near = within(to, &own.addr, at->ifa_netmask);
		if (!found || near)
			snprintf(interface, IF_NAMESIZE, "%s", at->ifa_name);
		found = true;
	}
	freeifaddrs(list);
	return found;
}

static bool is_port_unreachable(uint8_t version, uint8_t type, uint8_t code)
{
	return version == 4 ? type == 3 && code == 3 : type == 1 && code == 4;
}

static bool is_host_unreachable(uint8_t version, uint8_t type, uint8_t code)
{
	return version == 4 ? type == 3 && code == 1 : type == 1 && code == 3;
}

/* An ICMP error as it was queued. */
struct queued {
	const struct sock_extended_err *error;
	struct sdr_addr sender;
	bool own;                    /* the sender is this host */
	char interface[IF_NAMESIZE]; /* that has the address; "": unknown */
};

static void format_icmp(
	const struct sdr_fault_about *about, const struct queued *queued, struct sdr_fault *fault)
{
	char words[SDR_ICMP_WORDS], from[SDR_ADDR_TEXT];
	uint8_t version = about->to.addr.version, type = queued->error->ee_type,
		code = queued->error->ee_code;
	bool target = sdr_addr_same(&queued->sender, &about->to.addr);
	sdr_icmp_words(words, version, type, code, queued->error->ee_info);
	if (is_port_unreachable(version, type, code) && target)
		snprintf(fault->words, sizeof(fault->words), "ICMP port unreachable");
	else if (queued->own && !target && is_host_unreachable(version, type, code))
		snprintf(fault->words, sizeof(fault->words), "no %s%s%s",
			version == 4 ? "ARP answer" : "neighbour advertisement",
			queued->interface[0] ? " on " : "", queued->interface);
	else if (queued->own)
		snprintf(fault->words, sizeof(fault->words),
			"%s (ICMP type %u code %u), from this host itself", words, type, code);
	else
		snprintf(fault->words, sizeof(fault->words), "%s (ICMP type %u code %u) from %s",
			words, type, code, sdr_addr_format(from, &queued->sender));
}

static void take_icmp(int fd, const struct sdr_fault_about *about,
	const struct control_error *found, struct sdr_fault *fault)
{
	const struct sock_extended_err *error = &found->what;
	struct queued queued = {.error = error, .sender = found->offender};
	uint8_t version = about->to.addr.version;
	queued.own = find_own(&queued.sender, &about->to.addr, queued.interface) ||
		is_sockets_own(fd, &queued.sender);
	*fault = (struct sdr_fault){.number = (int)error->ee_errno,
		.icmp_type = error->ee_type,
		.icmp_code = error->ee_code};
	fault->error_name = sdr_errno_name(fault->number);
	fault->outcome = sdr_icmp_outcome(version, error->ee_type, error->ee_code);
	if (is_port_unreachable(version, error->ee_type, error->ee_code) &&
		sdr_addr_same(&queued.sender, &about->to.addr))
		fault->outcome = SDR_OUTCOME_REFUSED;
	if (!queued.own)
		fault->router = queued.sender;
	format_icmp(about, &queued, fault);
}

/* Reads one entry. Returns whether there was one; `took` is set where it was an ICMP error. */
static bool read_entry(
	int fd, const struct sdr_fault_about *about, struct sdr_fault *fault, bool *took)
{
	union {
		char bytes[512];
		struct cmsghdr aligned;
	} control;
	char quoted[1];
	struct iovec part = {quoted, sizeof(quoted)};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control)};
	if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&message); cmsg;
		cmsg = CMSG_NXTHDR(&message, cmsg)) {
		struct control_error error;
		if (!sdr_control_error(&message, cmsg, &error))
			continue;
		uint8_t origin = error.what.ee_origin;
		if (origin == SO_EE_ORIGIN_ICMP || origin == SO_EE_ORIGIN_ICMP6) {
			take_icmp(fd, about, &error, fault);
			*took = true;
		} else if (origin == SO_EE_ORIGIN_LOCAL) { /* a datagram too long for the path */
			sdr_fault_of_errno(about, SDR_FAULT_WAIT, (int)error.what.ee_errno, fault);
			*took = true;
		}
	}
	return true;
}

bool sdr_fault_read(int fd, const struct sdr_fault_about *about, struct sdr_fault *fault)
{
	bool first = false;
	for (int i = 0; i < QUEUE_MAX; i++) {
		struct sdr_fault another;
		bool took = false;
		if (!read_entry(fd, about, first ? &another : fault, &took))
			break;
		first = first || took;
	}
	return first;
}

/* ---- where from ---- */

static int take_interface(int fd, uint8_t version, const char *name)
{
	unsigned index = sdr_interface_index(name);
	uint32_t in_network_order = htonl(index);
	if (index == 0)
		return errno;
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name) + 1) == 0)
		return 0;
	if (errno != EPERM) /* before Linux 5.7 only with CAP_NET_RAW */
		return errno;
	return setsockopt(fd, version == 4 ? IPPROTO_IP : IPPROTO_IPV6,
		       version == 4 ? IP_UNICAST_IF : IPV6_UNICAST_IF, &in_network_order,
		       sizeof(in_network_order)) == 0
		? 0
		: errno;
}

static int take_source(int fd, uint8_t version, const char *source)
{
	struct sdr_endpoint from = {0};
	struct sockaddr_storage address;
	int on = 1;
	if (sdr_addr_parse(source, &from.addr, NULL) != SDR_OK)
		return take_interface(fd, version, source);
	if (from.addr.version != version)
		return EAFNOSUPPORT;
	/* The port is chosen on connect, by the pair of addresses: else 28,000 ports are all there
	 * are. */
	(void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	socklen_t length = sdr_endpoint_to_sockaddr(&from, &address);
	return bind(fd, (struct sockaddr *)&address, length) == 0 ? 0 : errno;
}

static int set_number(int fd, int level, int name, int value)
{
	return value == 0 || setsockopt(fd, level, name, &value, sizeof(value)) == 0 ? 0 : errno;
}

int sdr_leave_set(
	int fd, uint8_t version, const struct sdr_leave *leave, enum sdr_fault_stage *stage)
{
	int level = version == 4 ? IPPROTO_IP : IPPROTO_IPV6;
	*stage = SDR_FAULT_OPEN;
	int number =
		set_number(fd, level, version == 4 ? IP_TTL : IPV6_UNICAST_HOPS, leave->hop_limit);
	if (number == 0)
		number = set_number(fd, level, version == 4 ? IP_TOS : IPV6_TCLASS, leave->tos);
	if (number != 0 || !leave->source)
		return number;
	*stage = SDR_FAULT_SOURCE;
	return take_source(fd, version, leave->source);
}
