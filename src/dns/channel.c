/* channel.c - c-ares on the loop. The idea: one channel per server and transport, so that who
 * answered, and whether a port was closed or silent, is known; fail-over, time-outs and the way
 * from UDP to TCP are exchange.c's, and what is asked and answered is held.c's: the same bytes with
 * c-ares 1.18 and 1.34. Sockets come through ARES_OPT_SOCK_STATE_CB, never ares_fds (its fd_set
 * ends at 1023). */
#include "dns/channel.h"

#include <ares.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <uv.h>

#include "dns/tcp_stream.h"
#include "dns/wire.h"
#include "sounder/clock.h"

/* ares_send is deprecated since 1.28, ares_set_socket_functions since 1.34, in favour of functions
 * that 1.18 lacks. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* When c-ares itself gives a question up: only housekeeping; exchange.c has the time-outs that
 * users see. */
#define GIVE_UP_MS 30000

#define CARES_ADAPTIVE 0x011c00 /* 1.28: no time-out is over 5 s unless another limit is set */
#define ADAPTIVE_TRIES 8        /* so that these add up to more than GIVE_UP_MS */

/* The server address that c-ares gets, whatever the real one is: the sockets are made here, and
 * c-ares 1.18 knows no zones, 1.34.5 drops fe80:: with one. */
#define STAND_IN "127.0.0.1"

struct watched;

struct sdr_channel {
	uv_loop_t *loop;  /* borrowed */
	uv_timer_t timer; /* c-ares's own time-outs */
	ares_channel ares;
	struct sdr_endpoint server;
	struct watched *first; /* its sockets, owned */
	bool tcp;
	uint64_t rejected;     /* datagrams that came and answered no question */
	int unwatched;         /* errno: a socket could not be watched in this call; 0: all are */
	bool hung_up;          /* the server closed the connection in this call */
	int fault;             /* errno of a system call in this call; 0: none */
	struct held_list held; /* questions and answers that c-ares does not get to see */
	struct stream stream;  /* by TCP */
};

/* A socket of the channel's, watched. */
struct watched {
	uv_poll_t poll;
	struct sdr_channel *channel;
	ares_socket_t fd;
	int events;   /* what c-ares waits for */
	int watching; /* what libuv was asked to wait for; 0: nothing */
	struct watched *next;
};

/* A pending question, c-ares's argument. */
struct sent {
	struct sdr_channel *channel;
	struct held *held; /* the channel's list owns it */
	sdr_channel_done *done;
	void *context;
	sdr_ns at;
};

static void on_timer(uv_timer_t *timer);
static void on_poll(uv_poll_t *poll, int status, int events);

/* Time-outs only grow with the questions sent, so a timer that runs already need not be moved. */
static void timer_arm(struct sdr_channel *channel)
{
	struct timeval left;
	if (uv_is_active((uv_handle_t *)&channel->timer) ||
		!ares_timeout(channel->ares, NULL, &left))
		return;
	uint64_t ms = (uint64_t)left.tv_sec * 1000 + (uint64_t)left.tv_usec / 1000 + 1;
	uv_timer_start(&channel->timer, on_timer, ms, 0);
}

/* The questions of a socket that is not watched would wait for their time-outs, which would blame
 * the server. c-ares can't end a single one earlier: all get this error. */
static void give_up_unwatched(struct sdr_channel *channel)
{
	if (channel->unwatched == 0)
		return;
	channel->fault = channel->unwatched;
	ares_cancel(channel->ares);
	channel->unwatched = 0;
}

/* Runs c-ares once. */
static void process(struct sdr_channel *channel, ares_socket_t readable, ares_socket_t writable)
{
	channel->fault = 0;
	channel->hung_up = false;
	ares_process_fd(channel->ares, readable, writable);
	for (size_t left, before = 0;
		(left = sdr_stream_pending(&channel->stream, readable)) != 0 && left != before;
		before = left)
		ares_process_fd(
			channel->ares, readable, ARES_SOCKET_BAD); /* 1.18 reads a piece at a time,
								      and no poll reports these */
	give_up_unwatched(channel);
}

static void on_timer(uv_timer_t *timer)
{
	struct sdr_channel *channel = timer->data;
	process(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	timer_arm(channel);
}

/* Watches for what c-ares waits for, and for room where questions wait that it takes for sent. */
static void watch(struct watched *watched)
{
	int events = watched->events;
	if (sdr_stream_waits(&watched->channel->stream, watched->fd))
		events |= UV_WRITABLE;
	if (events != watched->watching)
		uv_poll_start(&watched->poll, events, on_poll);
	watched->watching = events;
}

static struct watched **find_watched(struct sdr_channel *channel, ares_socket_t fd)
{
	struct watched **at = &channel->first;
	while (*at && (*at)->fd != fd)
		at = &(*at)->next;
	return at;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct watched *watched = poll->data;
	struct sdr_channel *channel = watched->channel;
	ares_socket_t fd = watched->fd;
	if (status < 0)
		watched->watching = 0;
	/* libuv stops a poll at POLLERR (an ICMP error): c-ares reads the error from the socket,
	 * then watching goes on if it keeps the socket */
	bool readable = status < 0 || (events & UV_READABLE) != 0,
	     writable = status < 0 || (events & UV_WRITABLE) != 0;
	if (writable)
		(void)sdr_stream_flush(&channel->stream, fd); /* c-ares reads what was wrong */
	process(channel, readable ? fd : ARES_SOCKET_BAD, writable ? fd : ARES_SOCKET_BAD);
	if (!uv_is_closing((uv_handle_t *)poll))
		watch(watched);
	timer_arm(channel);
}

static void on_poll_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_timer_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static struct watched *watch_add(struct sdr_channel *channel, ares_socket_t fd)
{
	struct watched *watched = calloc(1, sizeof(*watched));
	int status = watched ? uv_poll_init(channel->loop, &watched->poll, fd) : UV_ENOMEM;
	if (status != 0) {
		channel->unwatched = -status;
		free(watched);
		return NULL;
	}
	uv_unref((uv_handle_t *)&watched->poll);
	watched->poll.data = watched;
	watched->channel = channel;
	watched->fd = fd;
	watched->next = channel->first;
	channel->first = watched;
	return watched;
}

static void watch_end(struct sdr_channel *channel, ares_socket_t fd)
{
	struct watched **at = find_watched(channel, fd), *watched = *at;
	if (!watched)
		return;
	*at = watched->next;
	uv_close((uv_handle_t *)&watched->poll, on_poll_closed);
}

static void on_socket(void *data, ares_socket_t fd, int readable, int writable)
{
	struct sdr_channel *channel = data;
	struct watched *watched = *find_watched(channel, fd);
	if (!readable && !writable) {
		watch_end(channel, fd);
		return;
	}
	if (!watched)
		watched = watch_add(channel, fd);
	if (!watched)
		return;
	watched->events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);
	watch(watched);
}

/* After an error c-ares 1.34 connects again, if only to give up: nobody is to see that, unless
 * there is a question that has yet to leave. */
static ares_socket_t socket_make(int family, int type, int protocol, void *data)
{
	struct sdr_channel *channel = data;
	(void)family;
	if ((channel->fault != 0 || channel->hung_up) && !sdr_held_unsent(&channel->held)) {
		errno = channel->fault != 0 ? channel->fault : ECONNRESET;
		return -1;
	}
	int fd = socket(channel->server.addr.version == 4 ? AF_INET : AF_INET6,
		type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		channel->fault = errno;
	return fd;
}

/* Without memory 1.34.9 closes sockets and does not say so by on_socket. */
static int socket_close(ares_socket_t fd, void *data)
{
	struct sdr_channel *channel = data;
	watch_end(channel, fd);
	sdr_stream_closed(&channel->stream, fd);
	return close(fd);
}

static int socket_connect(
	ares_socket_t fd, const struct sockaddr *to, ares_socklen_t length, void *data)
{
	struct sdr_channel *channel = data;
	struct sockaddr_storage server;
	(void)to;
	(void)length;
	int result = connect(fd, (struct sockaddr *)&server,
		sdr_endpoint_to_sockaddr(&channel->server, &server));
	if (result != 0 && errno != EINPROGRESS && errno != EINTR)
		channel->fault = errno;
	return result;
}

static bool is_stream(int fd)
{
	int type = SOCK_STREAM;
	socklen_t length = sizeof(type);
	(void)getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length);
	return type == SOCK_STREAM;
}

/* Reads a datagram whole, whatever size the question named: c-ares has room for 4 KiB, and what is
 * cut here is not malformed. Returns 0 for one that answers nothing. */
static ares_ssize_t datagram_read(
	struct sdr_channel *channel, int fd, void *bytes, size_t size, int flags)
{
	uint8_t whole[WIRE_MESSAGE_MAX];
	ares_ssize_t got = recv(fd, whole, sizeof(whole), flags);
	if (got < 0)
		return got;
	size_t length = got == 0 ? 0 : sdr_held_keep(&channel->held, whole, (size_t)got);
	channel->rejected += length == 0 && !sdr_held_late(&channel->held, whole, (size_t)got);
	length = length < size ? length : size;
	memcpy(bytes, whole, length);
	return (ares_ssize_t)length;
}

/* A datagram that answers nothing is passed over, be it empty (CVE-2023-32067): c-ares 1.34 takes
 * that for the end of a connection and drops the question's socket. */
static ares_ssize_t socket_receive(ares_socket_t fd, void *bytes, size_t size, int flags,
	struct sockaddr *from, ares_socklen_t *length, void *data)
{
	struct sdr_channel *channel = data;
	ares_ssize_t got;
	do
		got = channel->tcp
			? sdr_stream_read(&channel->stream, &channel->held, fd, bytes, size)
			: datagram_read(channel, fd, bytes, size, flags);
	while ((got == 0 && size > 0 && !is_stream(fd)) || (got < 0 && errno == EINTR));
	if (from && *length >= sizeof(struct sockaddr_in)) {
		/* the socket is connected: only the server's datagrams arrive */
		*(struct sockaddr_in *)(void *)from = (struct sockaddr_in){.sin_family = AF_INET,
			.sin_addr = {htonl(INADDR_LOOPBACK)},
			.sin_port = htons(53)};
		*length = sizeof(struct sockaddr_in);
	}
	if (got < 0 && errno != EAGAIN && errno != EINTR)
		channel->fault = errno;
	channel->hung_up = channel->hung_up || (channel->tcp && got == 0 && size > 0);
	return got;
}

/* Sends the question that c-ares means, once: when and how often to ask is exchange.c's to say.
 * After an error nothing is sent that would only meet it again. */
static ares_ssize_t datagram_send(struct sdr_channel *channel, int fd, const struct iovec *part)
{
	struct held *meant = sdr_held_meant(&channel->held, part->iov_base, part->iov_len);
	if (meant && !meant->sent) {
		if (send(fd, meant->bytes, meant->length, MSG_NOSIGNAL) < 0)
			return -1;
		meant->sent = true;
	} else if (channel->fault != 0) {
		errno = channel->fault;
		return -1;
	}
	return (ares_ssize_t)part->iov_len;
}

/* c-ares writes messages as a whole, several at once by TCP. */
static ares_ssize_t socket_send(ares_socket_t fd, const struct iovec *parts, int count, void *data)
{
	struct sdr_channel *channel = data;
	ares_ssize_t taken = 0;
	for (int i = 0; i < count; i++) {
		ares_ssize_t some = channel->tcp
			? sdr_stream_write(&channel->stream, &channel->held, fd, &parts[i])
			: datagram_send(channel, fd, &parts[i]);
		if (some < 0) {
			if (errno != EAGAIN && errno != EINTR)
				channel->fault = errno;
			return -1;
		}
		taken += some;
	}
	struct watched *watched = *find_watched(channel, fd);
	if (watched)
		watch(watched);
	return taken;
}

static const struct ares_socket_functions socket_functions = {
	socket_make, socket_close, socket_connect, socket_receive, socket_send};

static int channel_init(struct sdr_channel *channel, bool tcp)
{
	int version = 0,
	    optmask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
		ARES_OPT_SOCK_STATE_CB | ARES_OPT_NOROTATE;
	ares_version(&version);
	/* UDP: truncated answers come to us; we then ask by TCP and can report when that fails */
	struct ares_options options = {
		.flags = ARES_FLAG_NOCHECKRESP | (tcp ? ARES_FLAG_USEVC : ARES_FLAG_IGNTC),
		.timeout = GIVE_UP_MS,
		.tries = version >= CARES_ADAPTIVE ? ADAPTIVE_TRIES : 1,
		.sock_state_cb = on_socket,
		.sock_state_cb_data = channel};
#ifdef ARES_OPT_MAXTIMEOUTMS
	options.maxtimeout = GIVE_UP_MS;
	options.tries = 1;
	optmask |= ARES_OPT_MAXTIMEOUTMS;
#endif
#ifdef ARES_OPT_QUERY_CACHE
	options.qcache_max_ttl = 0; /* an answer from a cache of our own is no measurement */
	optmask |= ARES_OPT_QUERY_CACHE;
#endif
	int status = ares_init_options(&channel->ares, &options, optmask);
	if (status != ARES_SUCCESS)
		return status;
	status = ares_set_servers_csv(channel->ares, STAND_IN);
	if (status != ARES_SUCCESS) {
		ares_destroy(channel->ares);
		return status;
	}
	ares_set_socket_functions(channel->ares, &socket_functions, channel);
	return ARES_SUCCESS;
}

struct sdr_channel *sdr_channel_new(
	struct uv_loop_s *loop, const struct sdr_endpoint *server, bool tcp)
{
	struct sdr_channel *channel = calloc(1, sizeof(*channel));
	if (!channel)
		return NULL;
	channel->loop = loop;
	channel->server = *server;
	channel->tcp = tcp;
	TAILQ_INIT(&channel->held.list);
	if (channel_init(channel, tcp) != ARES_SUCCESS) {
		free(channel);
		return NULL;
	}
	uv_timer_init(loop, &channel->timer);
	uv_unref((uv_handle_t *)&channel->timer);
	channel->timer.data = channel;
	return channel;
}

void sdr_channel_free(struct sdr_channel *channel)
{
	if (!channel)
		return;
	ares_destroy(channel->ares);
	sdr_held_clear(&channel->held);
	sdr_stream_closed(&channel->stream, channel->stream.fd);
	uv_close((uv_handle_t *)&channel->timer, on_timer_closed);
}

/* The rest is c-ares's lack of memory. It can read every stand-in, so a bad answer is none; and
 * from 1.34 on a time-out that comes early is none either. */
static enum sdr_channel_end end_of(const struct sent *sent, int status)
{
	const struct sdr_channel *channel = sent->channel;
	switch (status) {
	case ARES_ECONNREFUSED:
	case ARES_ESERVFAIL:
		if (channel->tcp &&
			(channel->hung_up || channel->fault == ECONNRESET ||
				channel->fault == EPIPE))
			return SDR_CHANNEL_HUNG_UP;
		/* 1.34 lets go of a connection that it has no memory for */
		return channel->fault != 0 ? SDR_CHANNEL_REFUSED : SDR_CHANNEL_LOCAL;
	case ARES_ETIMEOUT:
		return sdr_clock_now() - sent->at < GIVE_UP_MS / 2 * SDR_MS ? SDR_CHANNEL_LOCAL
									    : SDR_CHANNEL_TIMEOUT;
	case ARES_EDESTRUCTION:
	case ARES_ECANCELLED:
		return channel->unwatched != 0 ? SDR_CHANNEL_LOCAL : SDR_CHANNEL_CLOSED;
	default:
		return SDR_CHANNEL_LOCAL;
	}
}

/* c-ares calls this once for each question, whatever the status. */
static void on_answer(void *argument, int status, int timeouts, unsigned char *bytes, int length)
{
	struct sent sent = *(struct sent *)argument;
	struct sdr_channel_result result = {
		.end = end_of(&sent, status), .error = sent.channel->fault};
	const uint8_t *kept = sdr_held_answer(sent.held);
	(void)timeouts;
	free(argument);
	if (kept || (bytes && length > 0))
		result = (struct sdr_channel_result){
			.end = kept ? SDR_CHANNEL_ANSWER : SDR_CHANNEL_LOCAL,
			.bytes = kept,
			.length = sent.held->answer};
	sent.done(sent.context, &result);
	sdr_held_end(&sent.channel->held, sent.held);
}

void sdr_channel_send(struct sdr_channel *channel, const uint8_t *wire, size_t length,
	sdr_channel_done *done, void *context)
{
	uint8_t stand_in[HELD_STAND_IN];
	struct sent *sent = malloc(sizeof(*sent));
	struct held *held = sent ? sdr_held_ask(&channel->held, wire, length, stand_in) : NULL;
	if (!held) {
		free(sent);
		done(context, &(struct sdr_channel_result){.end = SDR_CHANNEL_LOCAL});
		return;
	}
	*sent = (struct sent){channel, held, done, context, sdr_clock_now()};
	channel->fault = 0;
	channel->hung_up = false;
	ares_send(channel->ares, stand_in, sizeof(stand_in), on_answer, sent);
	give_up_unwatched(channel);
	timer_arm(channel);
}

uint64_t sdr_channel_rejected(const struct sdr_channel *channel)
{
	return channel->rejected;
}
