/* stream.c - TCP clients: accepting within limits, one shared receive buffer, backpressure,
 * half-close, idleness.
 *
 * The sockets are watched with uv_poll rather than uv_tcp: accept4 then returns peer and descriptor
 * at once, we handle EMFILE ourselves, and a client needs no request objects. What came is sent
 * back from the receive buffer itself; only what the socket does not take is copied, and until that
 * is gone nothing more is read, so a client that never reads costs SERVE_BUFFER at most. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/serving.h"

#define ACCEPTS_PER_WAKEUP \
	64 /* per wakeup, so that other work is not delayed; the rest is still
				 readable */
#define READS_PER_WAKEUP 16
#define ACCEPT_PAUSE SDR_SECOND
#define COMPLAIN_EVERY SDR_MINUTE

static void on_closed(uv_handle_t *handle)
{
	struct serve_client *client = handle->data;
	struct serve_listener *listener = client->listener;
	const struct serve_notice notice = {SDR_SERVICE_CLOSED, &client->peer, client->bytes_in,
		client->bytes_out, client->why};
	sdr_service_notify(listener, &notice);
	free(client);
	sdr_service_handle_closed(listener);
}

/* With `reset` nothing that is still queued is kept alive by the kernel. */
static void close_client(struct serve_client *client, const char *why, bool reset)
{
	if (client->closing)
		return;
	client->closing = true;
	client->why = why;
	*client->link = client->next;
	if (client->next)
		client->next->link = client->link;
	client->listener->client_count--;
	client->listener->services->version++;
	free(client->pending);
	client->pending = NULL;
	uv_close((uv_handle_t *)&client->poll, on_closed);
	if (reset) {
		const struct linger linger = {.l_onoff = 1};
		(void)setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	}
	close(client->fd);
}

static void account_out(struct serve_client *client, size_t bytes)
{
	client->bytes_out += bytes;
	client->listener->bytes_out += bytes;
}

/* Returns bytes taken, 0 if the socket is full, -1 if the connection is gone. */
static ssize_t push(struct serve_client *client, const void *bytes, size_t length)
{
	ssize_t sent = send(client->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -1;
	account_out(client, (size_t)sent);
	return sent;
}

static void send_fin(struct serve_client *client)
{
	(void)shutdown(client->fd, SHUT_WR);
	client->linger_until = sdr_clock_now() + SERVE_LINGER;
}

static void on_event(uv_poll_t *poll, int status, int events);

static void keep(struct serve_client *client, const char *bytes, size_t length)
{
	client->pending = malloc(length);
	if (!client->pending) {
		close_client(client, "out of memory", true);
		return;
	}
	memcpy(client->pending, bytes, length);
	client->pending_length = (uint32_t)length;
	client->pending_sent = 0;
	uv_poll_start(&client->poll, UV_WRITABLE, on_event);
}

void sdr_stream_send(struct serve_client *client, const void *bytes, size_t length)
{
	assert(!client->pending && length <= SERVE_BUFFER);
	ssize_t sent = push(client, bytes, length);
	if (sent < 0)
		close_client(client, "gone before all was sent", false);
	else if ((size_t)sent < length)
		keep(client, (const char *)bytes + sent, length - (size_t)sent);
}

void sdr_stream_finish(struct serve_client *client)
{
	if (client->closing)
		return;
	client->finishing = true;
	if (!client->pending)
		send_fin(client);
}

static void flush(struct serve_client *client)
{
	size_t left = client->pending_length - client->pending_sent;
	ssize_t sent = push(client, client->pending + client->pending_sent, left);
	if (sent < 0) {
		close_client(client, "gone before all was sent", false);
		return;
	}
	client->pending_sent += (uint32_t)sent;
	if (sent > 0)
		client->last = sdr_clock_now();
	if ((size_t)sent < left)
		return;
	free(client->pending);
	client->pending = NULL;
	if (client->finishing)
		send_fin(client);
	uv_poll_start(&client->poll, UV_READABLE, on_event);
}

static void take(struct serve_client *client, const char *bytes, size_t length)
{
	struct serve_listener *listener = client->listener;
	client->bytes_in += length;
	listener->bytes_in += length;
	if (!client->finishing && listener->type->on_data)
		listener->type->on_data(client, bytes, length);
}

static void drain(struct serve_client *client)
{
	char *buffer = client->listener->services->buffer;
	client->last = sdr_clock_now();
	for (int i = 0; i < READS_PER_WAKEUP; i++) {
		ssize_t got = recv(client->fd, buffer, SERVE_BUFFER, MSG_DONTWAIT);
		if (got == 0) {
			/* The client is done. Nothing is pending here, so all it asked for is in
			 * the kernel's hands and survives close. */
			close_client(client, NULL, false);
			return;
		}
		if (got < 0) {
			if (errno != EAGAIN && errno != EINTR)
				close_client(client,
					errno == ECONNRESET ? "reset by the client"
							    : "connection lost",
					false);
			return;
		}
		take(client, buffer, (size_t)got);
		if (client->closing || client->pending || got < SERVE_BUFFER)
			return;
	}
}

static const char *fault_of(int fd)
{
	int number = 0;
	socklen_t length = sizeof(number);
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &length) != 0 || number == 0)
		return "connection lost";
	return number == ECONNRESET || number == EPIPE ? "reset by the client"
		: number == ETIMEDOUT                  ? "client vanished"
						       : "connection lost";
}

/* libuv reports any POLLERR as UV_EBADF and stops the watch; the socket knows the cause. */
static void on_event(uv_poll_t *poll, int status, int events)
{
	struct serve_client *client = poll->data;
	if (client->closing)
		return;
	if (status < 0)
		close_client(client, fault_of(client->fd), false);
	else if (events & UV_WRITABLE)
		flush(client);
	else if (events & UV_READABLE)
		drain(client);
}

/* One source: an IPv4 address, an IPv6 /64, which is what one host has at will. */
static bool same_source(const struct sdr_addr *a, const struct sdr_addr *b)
{
	return a->version == b->version && memcmp(a->bytes, b->bytes, a->version == 4 ? 4 : 8) == 0;
}

static uint32_t count_source(const struct serve_listener *listener, const struct sdr_addr *addr)
{
	uint32_t count = 0;
	for (const struct serve_client *client = listener->clients; client; client = client->next)
		count += same_source(&client->peer.addr, addr);
	return count;
}

/* How many descriptors stay free: for probes, a part of few; and for each other TCP service so many
 * that its first clients are served, too. */
static int kept_free(const struct serve_listener *listener)
{
	int limit = listener->services->descriptor_limit,
	    kept = limit < 2 * SERVE_RESERVE ? limit / 4 : SERVE_RESERVE;
	int share = limit < 64 ? SERVE_SHARE / 2 : SERVE_SHARE;
	for (const struct serve_listener *other = listener->services->listeners; other;
		other = other->next)
		if (other != listener && other->transport == SDR_TCP && !other->closing &&
			other->client_count < (uint32_t)share)
			kept += share - (int)other->client_count;
	return kept;
}

/* Descriptors are given out lowest first: one this high means that only the reserve is left. */
static const char *refuse_why(
	const struct serve_listener *listener, int fd, const struct sdr_endpoint *peer, sdr_ns now)
{
	const struct sdr_service_limits *limits = &listener->limits;
	if (fd >= listener->services->descriptor_limit - kept_free(listener))
		return "out of descriptors: the last are kept for probes and other services";
	if (limits->clients_max > 0 && listener->client_count >= limits->clients_max)
		return "too many clients";
	if (limits->per_source_max > 0 &&
		count_source(listener, &peer->addr) >= limits->per_source_max)
		return "too many clients from this source";
	if (!sdr_guard_pace_ready(listener->pace, now))
		return "too many clients in a second";
	return NULL;
}

static void refuse(
	struct serve_listener *listener, int fd, const struct sdr_endpoint *peer, const char *why)
{
	const struct linger linger = {.l_onoff = 1}; /* no TIME_WAIT for what was never served */
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(fd);
	listener->refused++;
	listener->services->version++;
	const struct serve_notice notice = {.kind = SDR_SERVICE_REFUSED, .peer = peer, .why = why};
	sdr_service_notify(listener, &notice);
}

static struct serve_client *add_client(
	struct serve_listener *listener, int fd, const struct sdr_endpoint *peer, sdr_ns now)
{
	struct serve_client *client = calloc(1, sizeof(*client));
	if (!client || uv_poll_init(listener->services->loop, &client->poll, fd) != 0) {
		free(client);
		return NULL;
	}
	client->poll.data = client;
	client->listener = listener;
	client->fd = fd;
	client->peer = *peer;
	client->since = client->last = now;
	client->linger_until = SDR_NS_NONE;
	client->next = listener->clients;
	client->link = &listener->clients;
	if (client->next)
		client->next->link = &client->next;
	listener->clients = client;
	listener->client_count++;
	listener->handles++;
	listener->services->handles++;
	listener->served++;
	listener->services->version++;
	return client;
}

static void admit(struct serve_listener *listener, int fd, const struct sdr_endpoint *peer)
{
	sdr_ns now = sdr_clock_now();
	const char *why = refuse_why(listener, fd, peer, now);
	struct serve_client *client = why ? NULL : add_client(listener, fd, peer, now);
	if (!client) {
		refuse(listener, fd, peer, why ? why : "out of memory");
		return;
	}
	sdr_guard_pace_take(listener->pace, now);
	sdr_service_tick_start(listener->services);
	const struct serve_notice notice = {.kind = SDR_SERVICE_ACCEPTED, .peer = peer};
	sdr_service_notify(listener, &notice);
	if (client->closing) /* a sink stopped the listener */
		return;
	uv_poll_start(&client->poll, UV_READABLE, on_event);
	if (listener->type->on_open)
		listener->type->on_open(client);
}

/* Out of descriptors or memory: the connection stays in the backlog, so trying again at once would
 * spin. */
static void pause_accepting(struct serve_listener *listener, int number)
{
	sdr_ns now = sdr_clock_now();
	uv_poll_stop(&listener->poll);
	listener->accept_again = now + ACCEPT_PAUSE;
	sdr_service_tick_start(listener->services);
	if (listener->complained != SDR_NS_NONE && now - listener->complained < COMPLAIN_EVERY)
		return;
	listener->complained = now;
	const struct serve_notice notice = {.kind = SDR_SERVICE_FAILED, .why = strerror(number)};
	sdr_service_notify(listener, &notice);
}

void sdr_stream_on_readable(uv_poll_t *poll, int status, int events)
{
	(void)events;
	struct serve_listener *listener = poll->data;
	if (status < 0) {
		pause_accepting(listener, -status);
		return;
	}
	for (int i = 0; i < ACCEPTS_PER_WAKEUP && !listener->closing; i++) {
		struct sockaddr_storage address;
		socklen_t length = sizeof(address);
		struct sdr_endpoint peer;
		int fd = accept4(listener->fd, (struct sockaddr *)&address, &length,
			SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0) {
			/* Any other error is that connection's (accept(2)): the next one may be
			 * sound. */
			if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
				errno == ENOMEM)
				pause_accepting(listener, errno);
			if (errno != ECONNABORTED && errno != EINTR)
				return;
		} else if (sdr_endpoint_from_sockaddr((struct sockaddr *)&address, &peer) !=
			SDR_OK) {
			close(fd);
		} else {
			admit(listener, fd, &peer);
		}
	}
}

static void sweep_client(struct serve_client *client, sdr_ns now)
{
	const struct sdr_service_limits *limits = &client->listener->limits;
	if (client->linger_until != SDR_NS_NONE && now >= client->linger_until)
		close_client(client, NULL, false);
	else if (limits->idle > 0 && now - client->last >= limits->idle)
		close_client(client, client->listener->idle_why, client->pending);
	else if (limits->life > 0 && now - client->since >= limits->life)
		close_client(client, client->listener->life_why, client->pending);
}

void sdr_stream_sweep(struct serve_listener *listener, sdr_ns now)
{
	/* A closed client's memory stays until its handle's callback, which is not within this
	 * loop. */
	for (struct serve_client *client = listener->clients, *next; client; client = next) {
		next = client->next;
		sweep_client(client, now);
	}
	if (listener->accept_again != SDR_NS_NONE && now >= listener->accept_again) {
		listener->accept_again = SDR_NS_NONE;
		uv_poll_start(&listener->poll, UV_READABLE, sdr_stream_on_readable);
	}
}

bool sdr_stream_needs_sweep(const struct serve_listener *listener)
{
	return listener->clients || listener->accept_again != SDR_NS_NONE;
}

void sdr_stream_close_all(struct serve_listener *listener)
{
	while (listener->clients)
		close_client(listener->clients, "service stopped", false);
}
