/* channel.c - c-ares on the loop. The idea: one channel per server and transport, so that who answered, and whether a port was closed or
 * silent, is known; fail-over, time-outs and the way from UDP to TCP are exchange.c's. Sockets come through ARES_OPT_SOCK_STATE_CB, never
 * ares_fds (its fd_set ends at 1023). Raw answers through ares_send: the same in c-ares 1.18 and 1.34. */
#include "dns/channel.h"

#include <ares.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

#include "dns/message.h"

/* ares_send is deprecated since 1.28 in favour of functions that 1.18 lacks. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* When c-ares itself gives a question up: only housekeeping, the time-outs that people see are exchange.c's. */
#define GIVE_UP_MS 30000

#define CARES_ZONES 0x011400    /* 1.20: takes link-local servers with their zone, and only so */
#define CARES_ADAPTIVE 0x011c00 /* 1.28: time-outs follow the server's history, 250 ms and up */

struct watched;

struct sdr_channel {
	uv_loop_t *loop;  /* borrowed */
	uv_timer_t timer; /* c-ares's own time-outs */
	ares_channel ares;
	uint32_t scope_id;     /* interface that sockets are bound to; 0: none */
	struct watched *first; /* its sockets, owned */
};

/* A socket of the channel's, watched. */
struct watched {
	uv_poll_t poll;
	struct sdr_channel *channel;
	ares_socket_t fd;
	int events; /* what c-ares waits for */
	struct watched *next;
};

/* A question under way, c-ares's argument. */
struct sent {
	sdr_channel_done *done;
	void *context;
};

static void on_timer(uv_timer_t *timer);

/* Time-outs only grow with the questions sent, so a timer that runs already need not be moved. */
static void timer_arm(struct sdr_channel *channel)
{
	struct timeval left;
	if (uv_is_active((uv_handle_t *)&channel->timer) || ares_timeout(channel->ares, NULL, &left) == NULL)
		return;
	uint64_t ms = (uint64_t)left.tv_sec * 1000 + (uint64_t)left.tv_usec / 1000 + 1;
	uv_timer_start(&channel->timer, on_timer, ms, 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct sdr_channel *channel = timer->data;
	ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	timer_arm(channel);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct watched *watched = poll->data;
	struct sdr_channel *channel = watched->channel;
	ares_socket_t fd = watched->fd;
	/* libuv stops a poll at POLLERR (an ICMP error): c-ares reads the error from the socket, then watching goes on if it keeps the socket */
	bool readable = status < 0 || (events & UV_READABLE) != 0, writable = status < 0 || (events & UV_WRITABLE) != 0;
	ares_process_fd(channel->ares, readable ? fd : ARES_SOCKET_BAD, writable ? fd : ARES_SOCKET_BAD);
	if (status < 0 && !uv_is_closing((uv_handle_t *)poll))
		uv_poll_start(poll, watched->events, on_poll);
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
	if (watched == NULL || uv_poll_init(channel->loop, &watched->poll, fd) != 0) {
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

static void on_socket(void *data, ares_socket_t fd, int readable, int writable)
{
	struct sdr_channel *channel = data;
	struct watched **at = &channel->first;
	while (*at != NULL && (*at)->fd != fd)
		at = &(*at)->next;
	struct watched *watched = *at;
	if (!readable && !writable) {
		if (watched == NULL)
			return;
		*at = watched->next;
		uv_close((uv_handle_t *)&watched->poll, on_poll_closed);
		return;
	}
	if (watched == NULL)
		watched = watch_add(channel, fd);
	if (watched == NULL)
		return; /* out of memory: the question ends by its time-out */
	watched->events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);
	uv_poll_start(&watched->poll, watched->events, on_poll);
}

/* c-ares 1.18 knows no zones: a socket bound to the interface can connect to fe80:: without one. */
static int on_socket_made(ares_socket_t fd, int type, void *data)
{
	const struct sdr_channel *channel = data;
	char name[IF_NAMESIZE];
	(void)type;
	if (channel->scope_id != 0 && if_indextoname(channel->scope_id, name) != NULL)
		return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name));
	return 0;
}

static int channel_init(struct sdr_channel *channel, const struct sdr_endpoint *server, bool tcp)
{
	int version = 0,
	    optmask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB | ARES_OPT_NOROTATE;
	ares_version(&version);
	/* UDP: truncated answers come to us, who then ask by TCP and can tell when that fails */
	struct ares_options options = {.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_EDNS | (tcp ? ARES_FLAG_USEVC : ARES_FLAG_IGNTC),
		.timeout = GIVE_UP_MS,
		.tries = version >= CARES_ADAPTIVE ? 5 : 1,
		.ednspsz = SDR_MESSAGE_UDP_SIZE,
		.sock_state_cb = on_socket,
		.sock_state_cb_data = channel};
#ifdef ARES_OPT_QUERY_CACHE
	options.qcache_max_ttl = 0; /* an answer from a cache of our own is no measurement */
	optmask |= ARES_OPT_QUERY_CACHE;
#endif
	int status = ares_init_options(&channel->ares, &options, optmask);
	if (status != ARES_SUCCESS)
		return status;
	struct sdr_endpoint plain = *server;
	char text[SDR_ENDPOINT_TEXT];
	if (version >= CARES_ZONES)
		channel->scope_id = 0;
	else
		plain.addr.scope_id = 0;
	status = ares_set_servers_ports_csv(channel->ares, sdr_endpoint_format(text, &plain));
	if (status != ARES_SUCCESS)
		ares_destroy(channel->ares);
	else
		ares_set_socket_configure_callback(channel->ares, on_socket_made, channel);
	return status;
}

struct sdr_channel *sdr_channel_new(struct uv_loop_s *loop, const struct sdr_endpoint *server, bool tcp)
{
	struct sdr_channel *channel = calloc(1, sizeof(*channel));
	if (channel == NULL)
		return NULL;
	channel->loop = loop;
	channel->scope_id = server->addr.scope_id;
	if (channel_init(channel, server, tcp) != ARES_SUCCESS) {
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
	if (channel == NULL)
		return;
	ares_destroy(channel->ares);
	uv_close((uv_handle_t *)&channel->timer, on_timer_closed);
}

static void on_answer(void *argument, int status, int timeouts, unsigned char *bytes, int length)
{
	struct sent sent = *(struct sent *)argument;
	enum sdr_channel_end end = SDR_CHANNEL_LOCAL;
	(void)timeouts;
	free(argument);
	if (bytes != NULL && length > 0)
		end = SDR_CHANNEL_ANSWER; /* whatever c-ares thinks of its rcode */
	else if (status == ARES_ECONNREFUSED || status == ARES_ESERVFAIL)
		end = SDR_CHANNEL_REFUSED;
	else if (status == ARES_ETIMEOUT)
		end = SDR_CHANNEL_TIMEOUT;
	else if (status == ARES_EBADRESP)
		end = SDR_CHANNEL_MALFORMED;
	else if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED)
		end = SDR_CHANNEL_CLOSED;
	sent.done(sent.context, end, bytes, end == SDR_CHANNEL_ANSWER ? (size_t)length : 0);
}

void sdr_channel_send(struct sdr_channel *channel, const uint8_t *wire, size_t length, sdr_channel_done *done, void *context)
{
	struct sent *sent = malloc(sizeof(*sent));
	if (sent == NULL) {
		done(context, SDR_CHANNEL_LOCAL, NULL, 0);
		return;
	}
	*sent = (struct sent){done, context};
	ares_send(channel->ares, wire, (int)length, on_answer, sent);
	timer_arm(channel);
}
