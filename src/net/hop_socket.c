/* hop_socket.c - sending, and reading the error queue. Stamps are the kernel's in both directions
 * (SOF_TIMESTAMPING_OPT_ID numbers sends). ip(7), icmp(7), timestamping.rst of the kernel's. */
#include "net/hop_socket.h"

#include <errno.h>
#include <linux/icmp.h>
#include <linux/net_tstamp.h>
#include <netinet/icmp6.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "net/dial_error.h"
#include "net/hop_discards.h"
#include "net/hop_kind.h"
#include "net/hop_quotes.h"
#include "net/hop_ring.h"
#include "net/icmp_in.h"

#define STAMPS 1024     /* sends whose stamp may be outstanding; a power of 2 */
#define READS 64        /* batches read in one turn */
#define NUMBERS 16      /* identifiers or ports that are tried */
#define TRIES 4         /* more of a send that failed, maybe by an error of an earlier one */
#define NUMBER_STEP 101 /* from one to the next */
#define ICMP_HEAD 8     /* bytes of its header */
#define UDP_HEAD 8
#define BUFFER (1 << 20)             /* of answers, while the loop is busy elsewhere */
#define BARE_WINDOW (2 * SDR_SECOND) /* in which an answer without a number is due */
#define UNSTAMPED 9                  /* sends without a stamp: more than a burst has */
#define BARE_RATE 100                /* of them a second that are looked at: more are forged */

struct hop_socket {
	uv_poll_t poll;
	struct hop_socket_config config;
	struct hop_ring ring;
	int fd;
	bool whole;               /* the socket is set to leave probes whole */
	uint16_t port;            /* that UDP leaves from; 0: not known yet */
	uint32_t sends;           /* number of the next send's stamp */
	unsigned unstamped;       /* sends since the latest stamp */
	uint64_t stamped[STAMPS]; /* the probe's number, by the stamp's */
	sdr_ns offset;            /* wall clock less monotonic clock */
	sdr_ns bare_second;       /* when counting `bares` began */
	unsigned bares;
	uint8_t *packet; /* [ICMP_HEAD + HOP_SIZE_MAX]; owned */
};

/* ---- what a probe carries ---- */

/* Writes what the probe carries: the token, and behind it what brings ICMP's checksum, of header
 * and payload, to the same value whatever the number. Returns the bytes. */
static size_t write_packet(
	struct hop_socket *socket, const struct hop_probe *probe, uint64_t number)
{
	uint8_t *at = socket->packet;
	size_t head = socket->config.protocol == HOP_ICMP ? ICMP_HEAD : 0;
	uint64_t token = sdr_token_seal(socket->config.token, probe->tag.trace, (uint32_t)number);
	uint16_t carried = sdr_hop_ring_short(&socket->ring, number);
	memcpy(at + head, &token, sizeof(token));
	if (head == 0)
		return probe->size;
	memset(at, 0, head);
	at[0] = socket->config.version == 4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	at[6] = (uint8_t)(carried >> 8);
	at[7] = (uint8_t)carried;
	uint16_t filler =
		sdr_icmp_fold(sdr_icmp_sum(sdr_icmp_sum(0, at + 6, 2), at + head, sizeof(token)));
	at[head + sizeof(token)] = (uint8_t)(filler >> 8);
	at[head + sizeof(token) + 1] = (uint8_t)filler;
	return head + probe->size;
}

/* ---- reading ---- */

static void take_stamp(struct hop_socket *socket, const struct icmp_extras *extras, sdr_ns now)
{
	uint32_t number = extras->error.what.ee_data;
	sdr_ns stamp = sdr_icmp_in_stamp(extras, socket->offset);
	struct hop_entry *entry = sdr_hop_ring_at(&socket->ring, socket->stamped[number % STAMPS]);
	bool recent = socket->sends - 1 - number < STAMPS;
	socket->unstamped = 0;
	/* A step of the wall clock spoils those read right then. */
	if (recent && entry && stamp != SDR_NS_NONE && stamp + SDR_US >= entry->sent &&
		stamp <= now + SDR_MS)
		entry->stamp = stamp;
}

/* Reads the number of a probe from its own bytes, as far as they came back. `whole`: with the
 * token, which nobody else can make. */
static struct hop_entry *entry_of(
	const struct hop_socket *socket, const uint8_t *bytes, size_t length, bool *whole)
{
	size_t head = socket->config.protocol == HOP_ICMP ? ICMP_HEAD : 0;
	uint32_t trace, low;
	uint64_t token;
	struct hop_entry *by_short = NULL;
	*whole = length >= head + sizeof(token);
	if (head != 0 && length >= head)
		by_short =
			sdr_hop_ring_by_short(&socket->ring, (uint16_t)(bytes[6] << 8 | bytes[7]));
	if (!*whole)
		return by_short;
	memcpy(&token, bytes + head, sizeof(token));
	sdr_token_open(socket->config.token, token, &trace, &low);
	struct hop_entry *entry = sdr_hop_ring_by_low(&socket->ring, low);
	bool ours = entry && entry->tag.trace == trace && (head == 0 || entry == by_short);
	return ours ? entry : NULL;
}

static void answer(struct hop_socket *socket, struct hop_entry *entry, struct hop_answer *answer,
	const struct icmp_extras *extras, sdr_ns now)
{
	sdr_ns received = sdr_icmp_in_stamp(extras, socket->offset);
	sdr_ns sent = entry->stamp != SDR_NS_NONE ? entry->stamp : entry->sent;
	if (received == SDR_NS_NONE || received > now || received < sent)
		received = now;
	entry->open = false;
	answer->tag = entry->tag;
	answer->sent = entry->sent;
	answer->rtt = answer->kind == HOP_LOCAL ? SDR_NS_NONE : received - sent;
	answer->hop_limit = extras->hop_limit;
	socket->config.events.on_answer(socket->config.events.context, answer);
}

/* The sum over all that was sent of a probe, its checksum zero, with the identifier or ports that
 * the kernel has put in: those of the quote, which was found by them. */
static uint32_t sum_of(struct hop_socket *socket, const struct hop_entry *entry,
	const struct hop_quote *quote, size_t *size)
{
	const struct hop_probe probe = {.tag = entry->tag, .size = entry->size};
	uint8_t *at = socket->packet;
	uint64_t number = sdr_hop_ring_number(&socket->ring, entry);
	*size = write_packet(socket, &probe, number);
	if (socket->config.protocol == HOP_ICMP) {
		memcpy(at + 4, quote->bytes + 4, 2);
		return sdr_icmp_sum(0, at, *size);
	}
	uint32_t payload = sdr_icmp_sum(0, at, *size);
	*size += UDP_HEAD;
	return sdr_icmp_sum(payload, quote->bytes, 4) + (uint32_t)*size;
}

static uint16_t port_of(struct hop_socket *socket)
{
	struct sockaddr_storage name;
	struct sdr_endpoint own;
	socklen_t size = sizeof(name);
	if (socket->port != 0)
		return socket->port;
	if (getsockname(socket->fd, (struct sockaddr *)&name, &size) == 0 &&
		sdr_endpoint_from_sockaddr((struct sockaddr *)&name, &own) == SDR_OK)
		socket->port = own.port;
	else
		sdr_hop_quotes_fail(socket->config.quotes);
	return socket->port;
}

/* Looks for the whole of what an error quotes, of which bytes[length] is known. */
static void look_at_quote(struct hop_socket *socket, const struct hop_entry *entry,
	struct hop_answer *answer, const uint8_t *bytes, size_t length)
{
	if (!socket->config.quotes)
		return;
	const struct hop_quote_wanted wanted = {.answer = answer,
		.to = &entry->to,
		.protocol = socket->config.protocol,
		.ports = {port_of(socket), entry->port},
		.bytes = bytes,
		.length = length};
	size_t size;
	const struct hop_quote *quote = sdr_hop_quotes_find(socket->config.quotes, &wanted);
	if (!quote)
		return;
	uint32_t sum = sum_of(socket, entry, quote, &size);
	answer->quoted = (struct hop_quoted){.known = true,
		.ttl = quote->ttl,
		.tos = quote->tos,
		.nat = sdr_hop_quote_nat(quote, sum, size)};
}

static bool may_look(struct hop_socket *socket, sdr_ns now)
{
	if (now - socket->bare_second >= SDR_SECOND) {
		socket->bare_second = now;
		socket->bares = 0;
	}
	return socket->bares++ < BARE_RATE;
}

/* The quote has nothing of the probe but its headers, which the kernel keeps: only its destination
 * and, of UDP, its port are known. RFC 792 asks for no more. */
static void take_bare(struct hop_socket *socket, const struct sdr_endpoint *to,
	struct hop_answer *given, const struct icmp_extras *extras, sdr_ns now)
{
	const struct hop_entry *one = NULL;
	if (!may_look(socket, now))
		return;
	struct hop_entry *entry =
		sdr_hop_ring_only(&socket->ring, &to->addr, now - BARE_WINDOW, &one);
	if (!one || (socket->config.protocol == HOP_UDP && one->port != to->port))
		return;
	given->bare = true;
	if (entry && extras->has_error)
		look_at_quote(socket, entry, given, NULL, 0);
	if (entry)
		answer(socket, entry, given, extras, now);
	else
		socket->config.events.on_ambiguous(socket->config.events.context, &one->tag);
}

static void take_error(
	struct hop_socket *socket, unsigned i, const struct icmp_extras *extras, sdr_ns now)
{
	const struct sock_extended_err *what = &extras->error.what;
	const uint8_t *bytes = socket->config.in->slots[i];
	size_t length = sdr_icmp_in_length(socket->config.in, i);
	const struct sdr_endpoint to = sdr_icmp_in_peer(&socket->config.in->from[i]);
	struct hop_answer given;
	size_t at = what->ee_rfc4884.len;
	size_t quoted = at > 0 && at < length ? at : length;
	bool whole;
	if (what->ee_origin == SO_EE_ORIGIN_LOCAL)
		return; /* the send has reported it */
	sdr_hop_error(extras, bytes, length, &given);
	given.kind = sdr_hop_kind(&given, &to.addr);
	if (quoted < 8) { /* ICMP's header, or the token */
		take_bare(socket, &to, &given, extras, now);
		return;
	}
	struct hop_entry *entry = entry_of(socket, bytes, quoted, &whole);
	if (!entry || !entry->open || !sdr_addr_same(&entry->to, &to.addr) ||
		(!whole && !may_look(socket, now)))
		return;
	look_at_quote(socket, entry, &given, bytes, quoted);
	answer(socket, entry, &given, extras, now);
}

/* An echo reply; by UDP what a service there sends back, which may be anything. */
static void take_reply(struct hop_socket *socket, unsigned i, sdr_ns now)
{
	const uint8_t *bytes = socket->config.in->slots[i];
	size_t length = sdr_icmp_in_length(socket->config.in, i);
	const struct sdr_endpoint peer = sdr_icmp_in_peer(&socket->config.in->from[i]);
	struct hop_answer given = {.kind = HOP_REACHED, .from = peer.addr};
	bool icmp = socket->config.protocol == HOP_ICMP, whole;
	uint8_t reply = socket->config.version == 4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
	struct icmp_extras extras;
	sdr_icmp_in_extras(socket->config.in, i, &extras);
	if (icmp && (length < ICMP_HEAD || bytes[0] != reply))
		return;
	struct hop_entry *entry = entry_of(socket, bytes, length, &whole);
	if (!icmp && !entry) {
		take_bare(socket, &peer, &given, &extras, now);
		return;
	}
	if (entry && whole && entry->open && sdr_addr_same(&entry->to, &given.from))
		answer(socket, entry, &given, &extras, now);
}

static bool read_errors(struct hop_socket *socket)
{
	int n = sdr_icmp_in_read(socket->config.in, socket->fd, MSG_ERRQUEUE);
	sdr_ns now = sdr_clock_now();
	if (n > 0)
		sdr_hop_quotes_read(socket->config.quotes);
	for (int i = 0; i < n; i++) {
		struct icmp_extras extras;
		sdr_icmp_in_extras(socket->config.in, (unsigned)i, &extras);
		if (!extras.has_error)
			continue;
		if (extras.error.what.ee_origin == SO_EE_ORIGIN_TIMESTAMPING)
			take_stamp(socket, &extras, now);
		else
			take_error(socket, (unsigned)i, &extras, now);
	}
	return n == SDR_ICMP_IN;
}

static bool read_replies(struct hop_socket *socket)
{
	int n = sdr_icmp_in_read(socket->config.in, socket->fd, 0);
	sdr_ns now = sdr_clock_now();
	for (int i = 0; i < n; i++)
		take_reply(socket, (unsigned)i, now);
	return n == SDR_ICMP_IN || (n < 0 && errno != EAGAIN && errno != EINTR);
}

/* Stamps come before the answers that need them. */
void sdr_hop_socket_read(struct hop_socket *socket)
{
	socket->offset = sdr_clock_offset();
	for (unsigned i = 0; i < READS && read_errors(socket); i++)
		;
	for (unsigned i = 0; i < READS && read_replies(socket); i++)
		;
}

/* libuv 1.44 stops watching on an error without a queue entry. */
static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct hop_socket *socket = poll->data;
	(void)events;
	sdr_hop_socket_read(socket);
	if (status < 0 && !uv_is_closing((uv_handle_t *)poll)) {
		(void)sdr_fault_pending(socket->fd);
		uv_poll_start(poll, UV_READABLE | UV_PRIORITIZED, on_readable);
	}
}

/* ---- sending ---- */

static bool is_ping6(const struct hop_socket *socket)
{
	return socket->config.version == 6 && socket->config.protocol == HOP_ICMP;
}

/* (Re)starts the numbering of sends: the kernel begins at 0 when OPT_ID is newly set. */
static void restart_stamps(struct hop_socket *socket)
{
	unsigned flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
	const size_t size = sizeof(flags);
	(void)setsockopt(socket->fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, size);
	if (is_ping6(socket))
		flags |= SOF_TIMESTAMPING_TX_SCHED;
	flags |= SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
		SOF_TIMESTAMPING_OPT_TSONLY;
	(void)setsockopt(socket->fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, size);
	memset(socket->stamped, 0xff, sizeof(socket->stamped));
	socket->sends = 0;
}

static void set_whole(struct hop_socket *socket, bool whole)
{
	bool v4 = socket->config.version == 4;
	int value = whole ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT;
	if (whole == socket->whole)
		return;
	socket->whole = whole;
	(void)setsockopt(socket->fd, v4 ? IPPROTO_IP : IPPROTO_IPV6,
		v4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER, &value, sizeof(value));
}

static int send_once(struct hop_socket *socket, const struct hop_probe *probe, size_t size)
{
	uint64_t control[SDR_CONTROL_LEAVE / 8] = {0};
	struct sockaddr_storage to;
	const struct sdr_endpoint peer = {
		probe->to, socket->config.protocol == HOP_UDP ? probe->port : 0};
	const struct control_leave leave = {.version = probe->to.version,
		.hop_limit = probe->tag.ttl,
		.tos = probe->tos,
		.source = probe->source,
		.interface = probe->interface};
	struct iovec part = {socket->packet, size};
	struct msghdr message = {.msg_name = &to,
		.msg_namelen = sdr_endpoint_to_sockaddr(&peer, &to),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control};
	sdr_control_put_leave(&message, &leave);
	(void)sdr_fault_pending(socket->fd); /* the queue has what it is about */
	return sendmsg(socket->fd, &message, MSG_DONTWAIT) < 0 ? errno : 0;
}

/* Where no stamp comes from the queue of any device, which each has, the local firewall may be why,
 * and of IPv6's pings the kernel doesn't report that. */
static int send_watched(struct hop_socket *socket, const struct hop_probe *probe, size_t size)
{
	bool doubtful = is_ping6(socket) && socket->unstamped >= UNSTAMPED;
	uint64_t before = doubtful ? sdr_hop_discards() : HOP_DISCARDS_UNKNOWN;
	int error = send_once(socket, probe, size);
	if (error != 0 || before == HOP_DISCARDS_UNKNOWN)
		return error;
	uint64_t after = sdr_hop_discards();
	return after != HOP_DISCARDS_UNKNOWN && after > before ? EPERM : 0;
}

int sdr_hop_socket_send(struct hop_socket *socket, const struct hop_probe *probe)
{
	sdr_ns now = sdr_clock_now();
	set_whole(socket, probe->whole);
	uint64_t number = sdr_hop_ring_add(&socket->ring, probe, now);
	size_t size = write_packet(socket, probe, number);
	int error = send_watched(socket, probe, size);
	if (error == 0) {
		socket->unstamped++;
		socket->stamped[socket->sends++ % STAMPS] = number;
		return 0;
	}
	/* It may be about an earlier probe all the same, whose answer came in between; so may the
	 * next one be. */
	for (unsigned i = 0; i < TRIES && error != 0 && error != EPERM && error != EMSGSIZE; i++)
		error = send_once(socket, probe, size);
	restart_stamps(socket); /* whether a send that failed was numbered is unknown */
	if (error != 0)
		sdr_hop_ring_at(&socket->ring, number)->open = false;
	return error;
}

void sdr_hop_socket_forget(struct hop_socket *socket, const struct hop_tag *tag)
{
	sdr_hop_ring_forget(&socket->ring, tag);
}

/* ---- life ---- */

static int bind_number(struct hop_socket *socket)
{
	const struct sdr_addr any = {.version = socket->config.version};
	uint16_t wanted = socket->config.number;
	int shared = 0;
	/* ICMP's are shared as they are made, and then one socket gets the other's replies. */
	(void)setsockopt(socket->fd, SOL_SOCKET, SO_REUSEADDR, &shared, sizeof(shared));
	for (unsigned i = 0; wanted != 0 && i < NUMBERS; i++, wanted += NUMBER_STEP) {
		struct sockaddr_storage own;
		const struct sdr_endpoint from = {any, wanted};
		socklen_t size = sdr_endpoint_to_sockaddr(&from, &own);
		if (bind(socket->fd, (struct sockaddr *)&own, size) == 0)
			return 0;
	}
	return 0; /* the kernel's choice, with the first send */
}

static int configure(struct hop_socket *socket)
{
	bool v4 = socket->config.version == 4;
	int level = v4 ? IPPROTO_IP : IPPROTO_IPV6, on = 1, size = BUFFER;
	int error = sdr_fault_queue(socket->fd, socket->config.version, true);
	if (error != 0)
		return error;
	sdr_hop_extensions(socket->fd, socket->config.version);
	if (setsockopt(socket->fd, level, v4 ? IP_RECVTTL : IPV6_RECVHOPLIMIT, &on, sizeof(on)) !=
		0) /* answers would lack their hop limit */
		return errno;
	(void)setsockopt(socket->fd, SOL_SOCKET, SO_SELECT_ERR_QUEUE, &on, sizeof(on));
	(void)setsockopt(socket->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (!v4)
		(void)setsockopt(socket->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	socket->whole = true;
	set_whole(socket, false); /* what a link can't carry whole is no loss */
	restart_stamps(socket);
	return bind_number(socket);
}

static int open_descriptor(struct hop_socket *flow)
{
	bool v4 = flow->config.version == 4, icmp = flow->config.protocol == HOP_ICMP;
	int protocol = !icmp ? IPPROTO_UDP : v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	flow->fd = socket(
		v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	return flow->fd < 0 ? errno : configure(flow);
}

static void free_socket(struct hop_socket *socket)
{
	if (socket->fd >= 0)
		close(socket->fd);
	sdr_hop_ring_done(&socket->ring);
	free(socket->packet);
	free(socket);
}

int sdr_hop_socket_open(const struct hop_socket_config *config, struct hop_socket **opened)
{
	struct hop_socket *socket = calloc(1, sizeof(*socket));
	if (!socket)
		return ENOMEM;
	socket->config = *config;
	socket->fd = -1;
	socket->packet = malloc(ICMP_HEAD + HOP_SIZE_MAX);
	bool room = socket->packet && sdr_hop_ring_init(&socket->ring, config->keys) == SDR_OK;
	int error = room ? open_descriptor(socket) : ENOMEM;
	if (error == 0 && uv_poll_init(config->loop, &socket->poll, socket->fd) != 0)
		error = ENOMEM;
	if (error != 0) {
		free_socket(socket);
		return error;
	}
	for (size_t i = 0; i < ICMP_HEAD + HOP_SIZE_MAX; i++)
		socket->packet[i] = (uint8_t)i;
	socket->poll.data = socket;
	uv_poll_start(&socket->poll, UV_READABLE | UV_PRIORITIZED, on_readable);
	*opened = socket;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	free_socket(handle->data);
}

void sdr_hop_socket_close(struct hop_socket *socket)
{
	if (!socket)
		return;
	uv_poll_stop(&socket->poll);
	uv_close((uv_handle_t *)&socket->poll, on_closed);
}
