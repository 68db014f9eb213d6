/* icmp_socket.c - batches of up to 64 in both directions, kernel time stamps in both directions,
 * the error queue always drained.
 *
 * A send's time stamp comes back on the error queue under a number that counts the socket's sends
 * (SOF_TIMESTAMPING_OPT_ID). Stamps are wall time; each is turned into monotonic time as it is
 * read, so a step of the wall clock spoils at most those read right then, and these are dropped as
 * implausible. Linux: Documentation/networking/timestamping.rst, ip(7), icmp(7). */
#include "net/icmp_socket.h"

#include <errno.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

#include "net/dial_error.h"
#include "net/icmp_filter.h"
#include "net/icmp_in.h"
#include "net/icmp_out.h"

#define BATCH SDR_ICMP_BATCH
#define READ_BATCHES 4   /* of replies before the loop continues */
#define READ_ROUNDS 64   /* of these, where all is wanted: more than a receive buffer holds */
#define QUEUE_BATCHES 32 /* of the error queue: more than a batch of sends and its errors make */
#define STAMPS 1024      /* sends whose time stamp may be outstanding; a power of 2 */
#define HEAD SDR_ICMP_HEAD
/* Two readings of the clocks' distance differ by less unless one of them was set. */
#define OFFSET_NOISE (5 * SDR_US)

struct icmp_socket {
	uv_poll_t poll;   /* wakes when there is something to read */
	uv_idle_t busy;   /* reads between full batches, instead of `poll`: that spares the kernel a
			     wake-up a packet */
	bool sent_more;   /* a batch went out since `busy` last read */
	unsigned closing; /* handles that are closing */
	struct icmp_socket_config config;
	uint32_t sends;                  /* the number of the next send's time stamp */
	uint8_t fragment;                /* what the socket is set to, enum sdr_fragment */
	bool stamping;                   /* the kernel stamps sends */
	bool miscounted;                 /* a send failed: whether it was numbered is unknown */
	sdr_ns offset;                   /* wall clock less monotonic clock */
	struct icmp_tag stamped[STAMPS]; /* by number */
	sdr_ns stamped_at[STAMPS];       /* when it was handed over: a stamp can't be older */
	struct icmp_out out;
	struct icmp_in in;
};

/* ---- clocks ---- */

static void check_offset(struct icmp_socket *socket)
{
	sdr_ns offset = sdr_clock_offset();
	if (llabs(offset - socket->offset) > OFFSET_NOISE)
		socket->offset = offset;
}

/* ---- setting up ---- */

static void set_flag(int fd, int level, int name)
{
	int on = 1;
	(void)setsockopt(
		fd, level, name, &on, sizeof(on)); /* what the kernel lacks, we do without */
}

static bool set_stamping(int fd, unsigned more)
{
	unsigned flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | more;
	return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags)) == 0;
}

/* (Re)starts the numbering of sends at 0: the kernel does that when OPT_ID is newly set. */
static void restart_numbers(struct icmp_socket *socket)
{
	socket->miscounted = false;
	socket->sends = 0;
	memset(socket->stamped_at, 0, sizeof(socket->stamped_at));
	(void)set_stamping(socket->config.fd, 0);
	socket->stamping = set_stamping(socket->config.fd,
		SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
			SOF_TIMESTAMPING_OPT_TSONLY);
}

static enum sdr_status configure(struct icmp_socket *socket)
{
	const struct icmp_socket_config *config = &socket->config;
	bool v4 = config->version == 4;
	int on = 1;
	set_flag(config->fd, SOL_SOCKET, SO_SELECT_ERR_QUEUE);
	set_flag(config->fd, SOL_SOCKET,
		SO_BROADCAST); /* the caller decides whether a target is a broadcast address */
	/* Without these, answers would lack their hop limit and errors. */
	if (sdr_fault_queue(config->fd, config->version, true) != 0 ||
		setsockopt(config->fd, v4 ? IPPROTO_IP : IPPROTO_IPV6,
			v4 ? IP_RECVTTL : IPV6_RECVHOPLIMIT, &on, sizeof(on)) != 0)
		return SDR_ESYSTEM;
	restart_numbers(socket);
	return config->kind == SDR_ICMP_RAW ? sdr_icmp_filter_set(config->fd, config->version,
						      config->identifier, config->magic)
					    : SDR_OK;
}

/* ---- receiving ---- */

/* Compares what came back behind token and magic with what was sent; a ping socket's and IPv6's
 * checksum the kernel has verified. */
static bool is_damaged(
	const struct icmp_socket *socket, const uint8_t *bytes, size_t length, size_t size)
{
	if (length > HEAD &&
		memcmp(bytes + HEAD, socket->out.pattern + HEAD - SDR_ICMP_HEADER, length - HEAD) !=
			0)
		return true;
	bool verified = socket->config.version == 6 || socket->config.kind == SDR_ICMP_PING;
	return !verified && length == size && sdr_icmp_fold(sdr_icmp_sum(0, bytes, length)) != 0;
}

static void take_reply(struct icmp_socket *socket, unsigned i, sdr_ns now)
{
	const uint8_t *bytes = socket->in.slots[i];
	size_t size = sdr_icmp_in_size(&socket->in, i), skip = 0;
	size_t length = sdr_icmp_in_length(&socket->in, i);
	if (socket->config.version == 4 && socket->config.kind == SDR_ICMP_RAW &&
		(skip = sdr_icmp_ipv4_header(bytes, length)) == 0)
		return;
	struct icmp_reply reply = {.from = sdr_icmp_in_addr(&socket->in.from[i])};
	sdr_icmp_decode(
		socket->config.version, bytes + skip, length - skip, size - skip, &reply.message);
	if (reply.message.kind != ICMP_KIND_REPLY)
		return;
	struct icmp_extras extras;
	sdr_icmp_in_extras(&socket->in, i, &extras);
	reply.hop_limit = extras.hop_limit;
	sdr_ns stamp = sdr_icmp_in_stamp(&extras, socket->offset);
	reply.kernel = stamp != SDR_NS_NONE && stamp <= now + SDR_MS;
	reply.received = reply.kernel ? stamp : now;
	reply.read = now;
	reply.damaged = is_damaged(socket, bytes + skip, length - skip, size - skip);
	socket->config.events.on_reply(socket->config.events.context, &reply);
}

static void take_stamp(struct icmp_socket *socket, const struct icmp_extras *extras, sdr_ns now)
{
	uint32_t number = extras->error.what.ee_data;
	uint32_t place = number % STAMPS;
	sdr_ns stamp = sdr_icmp_in_stamp(extras, socket->offset);
	sdr_ns handed = socket->stamped_at[place];
	/* Agrees with the monotonic clock: not before the packet was handed over, not after now. */
	if (socket->sends - 1 - number >= STAMPS || handed == 0 || stamp == SDR_NS_NONE ||
		stamp + SDR_US < handed || stamp > now + SDR_MS)
		return;
	socket->stamped_at[place] = 0;
	socket->config.events.on_stamp(
		socket->config.events.context, &socket->stamped[place], stamp);
}

static void take_fault(struct icmp_socket *socket, unsigned i, const struct icmp_extras *extras)
{
	const struct sock_extended_err *error = &extras->error.what;
	size_t length = sdr_icmp_in_length(&socket->in, i);
	struct icmp_message quoted;
	sdr_icmp_decode(socket->config.version, socket->in.slots[i], length, length, &quoted);
	bool ours = socket->config.kind == SDR_ICMP_PING ||
		(quoted.echo.identifier & 0xff00) == (socket->config.identifier & 0xff00);
	if (quoted.kind != ICMP_KIND_REQUEST || !ours)
		return;
	struct icmp_fault fault = {.to = sdr_icmp_in_addr(&socket->in.from[i]),
		.echo = quoted.echo,
		.number = (int)error->ee_errno,
		.mtu = error->ee_info,
		.type = error->ee_type,
		.code = error->ee_code,
		.local = error->ee_origin == SO_EE_ORIGIN_LOCAL};
	if (!fault.local)
		fault.offender = extras->error.offender;
	socket->config.events.on_fault(socket->config.events.context, &fault);
}

/* Reads time stamps and errors. A pending error of the socket itself only repeats what is in the
 * queue: reading clears it. */
static void drain_queue(struct icmp_socket *socket)
{
	for (int round = 0; round < QUEUE_BATCHES; round++) {
		int n = sdr_icmp_in_read(&socket->in, socket->config.fd, MSG_ERRQUEUE);
		sdr_ns now = sdr_clock_now();
		for (int i = 0; i < n; i++) {
			struct icmp_extras extras;
			sdr_icmp_in_extras(&socket->in, (unsigned)i, &extras);
			if (!extras.has_error)
				continue;
			if (extras.error.what.ee_origin == SO_EE_ORIGIN_TIMESTAMPING)
				take_stamp(socket, &extras, now);
			else
				take_fault(socket, (unsigned)i, &extras);
		}
		if (n < SDR_ICMP_IN)
			return;
	}
}

/* Returns whether there may be more. */
static bool read_replies(struct icmp_socket *socket)
{
	for (int round = 0; round < READ_BATCHES; round++) {
		int n = sdr_icmp_in_read(&socket->in, socket->config.fd, 0);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			continue; /* the socket's pending error, now cleared */
		sdr_ns now = sdr_clock_now();
		for (int i = 0; i < n; i++)
			take_reply(socket, (unsigned)i, now);
		if (n < SDR_ICMP_IN)
			return false;
	}
	return true;
}

static void on_readable(uv_poll_t *poll, int status, int events);

static void read_busily(uv_idle_t *busy)
{
	struct icmp_socket *socket = busy->data;
	if (!socket->sent_more) { /* nothing new for one loop iteration: worth polling for */
		uv_idle_stop(busy);
		uv_poll_start(&socket->poll, UV_READABLE | UV_PRIORITIZED, on_readable);
		return;
	}
	socket->sent_more = false;
	check_offset(socket);
	drain_queue(socket);
	(void)read_replies(socket);
	socket->config.events.on_drained(socket->config.events.context);
}

/* A full batch is rarely the last: from now on each loop iteration reads. */
static void get_busy(struct icmp_socket *socket)
{
	socket->sent_more = true;
	if (uv_is_active((uv_handle_t *)&socket->busy))
		return;
	uv_poll_stop(&socket->poll);
	uv_idle_start(&socket->busy, read_busily);
}

/* Time stamps first: a reply's round trip wants its request's. libuv 1.44 stops watching on an
 * error without a queue entry (UV_EBADF). */
static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct icmp_socket *socket = poll->data;
	(void)events;
	check_offset(socket);
	drain_queue(socket);
	(void)read_replies(socket);
	if (status < 0) {
		int pending;
		socklen_t size = sizeof(pending);
		(void)getsockopt(socket->config.fd, SOL_SOCKET, SO_ERROR, &pending, &size);
		uv_poll_start(poll, UV_READABLE | UV_PRIORITIZED, on_readable);
	}
	socket->config.events.on_drained(socket->config.events.context);
}

void sdr_icmp_socket_read(struct icmp_socket *socket)
{
	check_offset(socket);
	for (int round = 0; round < READ_ROUNDS; round++) {
		drain_queue(socket);
		if (!read_replies(socket))
			return;
	}
}

/* ---- sending ---- */

static void note_sent(struct icmp_socket *socket, unsigned first, unsigned count, sdr_ns when)
{
	for (unsigned i = first; i < first + count; i++) {
		uint32_t place = socket->sends++ % STAMPS;
		socket->stamped[place] = socket->out.tags[i];
		socket->stamped_at[place] = socket->stamping ? when : 0;
		socket->config.events.on_sent(
			socket->config.events.context, &socket->out.tags[i], when, 0);
	}
}

enum retry { SEND_LATER, SEND_AGAIN, SEND_NEVER };

/* The kernel reports an unreachable of an earlier packet to the next send: send twice to know which
 * packet it is about. */
static enum retry retry_after(int error, bool second)
{
	if (error == EAGAIN || error == ENOBUFS || error == ENOMEM)
		return SEND_LATER;
	if (error == EINTR)
		return SEND_AGAIN;
	return second || error == EPERM ? SEND_NEVER : SEND_AGAIN;
}

/* Sends the batch; what the kernel has no room for stays in it. The full queue may be one link's:
 * later packets may use another. */
static bool send_batch(struct icmp_socket *socket)
{
	struct icmp_out *out = &socket->out;
	unsigned at = 0;
	bool second = false;
	while (at < out->count) {
		sdr_ns when = sdr_clock_now();
		int n = sendmmsg(
			socket->config.fd, out->messages + at, out->count - at, MSG_DONTWAIT);
		if (n > 0) {
			note_sent(socket, at, (unsigned)n, when);
			sdr_icmp_out_drop(out, at, (unsigned)n);
			second = false;
			continue;
		}
		int error = errno;
		socket->miscounted = true;
		enum retry retry = retry_after(error, second);
		second = retry == SEND_AGAIN;
		if (retry == SEND_NEVER) {
			socket->config.events.on_sent(
				socket->config.events.context, &out->tags[at], when, error);
			sdr_icmp_out_drop(out, at, 1);
		} else if (retry == SEND_LATER && error == ENOBUFS) {
			at++;
		} else if (retry == SEND_LATER) {
			return false; /* this socket's own room is used up */
		}
	}
	return at == 0;
}

void sdr_icmp_socket_withdraw(struct icmp_socket *socket, uint32_t target, uint64_t sequence)
{
	for (unsigned i = 0; i < socket->out.count; i++) {
		const struct icmp_tag *tag = &socket->out.tags[i];
		if (tag->target != target || tag->sequence != sequence)
			continue;
		sdr_icmp_out_drop(&socket->out, i, 1);
		return;
	}
}

void sdr_icmp_socket_renew(struct icmp_socket *socket)
{
	struct sockaddr nobody = {.sa_family = AF_UNSPEC};
	if (socket->out.count > 0)
		return;
	if (socket->config.kind ==
		SDR_ICMP_PING) /* unbinds it: the next send binds it again, to another number */
		(void)connect(socket->config.fd, &nobody, sizeof(nobody));
	else
		socket->out.identifier = (uint16_t)((socket->out.identifier & 0xff00) |
			((socket->out.identifier + 1) & 0xff));
}

void sdr_icmp_socket_set_pattern(struct icmp_socket *socket, const uint8_t *bytes, size_t size)
{
	size_t own = HEAD -
		SDR_ICMP_HEADER; /* what ping(8) has there is the time; we have token and magic */
	for (size_t i = 0; i + own <= SDR_ICMP_PAYLOAD_MAX; i++)
		socket->out.pattern[own + i] = bytes[i % size];
	socket->out.summed_size = UINT32_MAX;
}

/* It is the socket's, not a packet's: what is in the batch goes first. */
static bool set_fragment(struct icmp_socket *socket, uint8_t fragment)
{
	static const int values[] = {
		[SDR_FRAGMENT_DEFAULT] = IP_PMTUDISC_WANT,
		[SDR_FRAGMENT_NEVER] = IP_PMTUDISC_DO,
		[SDR_FRAGMENT_MAY] = IP_PMTUDISC_DONT,
		[SDR_FRAGMENT_HERE] = IP_PMTUDISC_WANT,
		[SDR_FRAGMENT_PROBE] = IP_PMTUDISC_PROBE,
	};
	bool v4 = socket->config.version == 4;
	if (!sdr_icmp_socket_flush(socket) && socket->out.count > 0)
		return false;
	socket->fragment = fragment;
	(void)setsockopt(socket->config.fd, v4 ? IPPROTO_IP : IPPROTO_IPV6,
		v4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER, &values[fragment],
		sizeof(values[fragment]));
	return true;
}

/* A packet that fits every link needs no number in case it is taken apart (RFC 6864 sec. 4.1), and
 * forbidding that spares the kernel one: a twentieth of what a probe costs where there are many
 * targets. */
static uint8_t fragment_of(const struct icmp_socket *socket, const struct icmp_request *request)
{
	bool small =
		socket->config.version == 4 && request->size <= SDR_ICMP_SMALL - SDR_ICMP_HEADER;
	return request->fragment == SDR_FRAGMENT_DEFAULT && small ? SDR_FRAGMENT_NEVER
								  : request->fragment;
}

bool sdr_icmp_socket_queue(struct icmp_socket *socket, const struct icmp_request *request)
{
	uint8_t fragment = fragment_of(socket, request);
	if (socket->fragment != fragment && !set_fragment(socket, fragment))
		return false;
	if (request->size > SDR_ICMP_SLOT / 2 && sdr_icmp_in_enlarge(&socket->in) != SDR_OK)
		return false;
	if (socket->out.count == SDR_ICMP_BATCH && !sdr_icmp_socket_flush(socket) &&
		socket->out.count == SDR_ICMP_BATCH)
		return false;
	sdr_icmp_out_put(&socket->out, request);
	return true;
}

bool sdr_icmp_socket_flush(struct icmp_socket *socket)
{
	if (socket->out.count == 0)
		return true;
	if (socket->out.count == SDR_ICMP_BATCH)
		get_busy(socket);
	bool room = send_batch(socket);
	if (socket->miscounted)
		restart_numbers(socket); /* stamps under the old numbers are older than the sends
					    they would match, and so dropped */
	return room;
}

/* ---- life ---- */

enum sdr_status sdr_icmp_socket_open(
	const struct icmp_socket_config *config, struct icmp_socket **opened)
{
	struct icmp_socket *socket = calloc(1, sizeof(*socket));
	if (!socket ||
		sdr_icmp_out_init(&socket->out, config->version, config->identifier,
			config->magic) != SDR_OK) {
		free(socket);
		return SDR_ENOMEM;
	}
	socket->config = *config;
	sdr_icmp_in_init(&socket->in);
	socket->out.sum = config->version == 4 && config->kind == SDR_ICMP_RAW;
	socket->offset = sdr_clock_offset();
	if (configure(socket) != SDR_OK ||
		uv_poll_init(config->loop, &socket->poll, config->fd) != 0) {
		sdr_icmp_out_done(&socket->out);
		free(socket);
		return SDR_ESYSTEM;
	}
	socket->poll.data = socket;
	uv_idle_init(config->loop, &socket->busy);
	socket->busy.data = socket;
	uv_poll_start(&socket->poll, UV_READABLE | UV_PRIORITIZED, on_readable);
	*opened = socket;
	return SDR_OK;
}

static void on_closed(uv_handle_t *handle)
{
	struct icmp_socket *socket = handle->data;
	if (--socket->closing > 0)
		return;
	sdr_icmp_out_done(&socket->out);
	sdr_icmp_in_done(&socket->in);
	free(socket);
}

void sdr_icmp_socket_close(struct icmp_socket *socket)
{
	if (!socket)
		return;
	uv_poll_stop(&socket->poll);
	socket->closing = 2;
	uv_close((uv_handle_t *)&socket->poll, on_closed);
	uv_close((uv_handle_t *)&socket->busy, on_closed);
}
