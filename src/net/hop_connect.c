/* hop_connect.c - what ends a handshake: the error queue, a connection, a reset. A connection is
 * reset at once, so that the same ports can be used again. */
#include "net/hop_connect.h"

#include <errno.h>
#include <linux/icmp.h>
#include <linux/net_tstamp.h>
#include <netinet/icmp6.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "net/dial_error.h"
#include "net/hop_kind.h"
#include "net/hop_quotes.h"
#include "net/icmp_in.h"

struct hop_connect {
	uv_poll_t poll;
	struct hop_connect_config config;
	struct hop_tag tag;
	struct sdr_addr to;
	sdr_ns sent;
	uint16_t port; /* of the target */
	int fd;
	bool ended;
};

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

/* The ports are free at once. */
void sdr_hop_connect_drop(struct hop_connect *connect)
{
	if (!connect || connect->ended)
		return;
	connect->ended = true;
	uv_poll_stop(&connect->poll);
	uv_close((uv_handle_t *)&connect->poll, on_closed);
	close(connect->fd);
}

static void answer(struct hop_connect *connect, struct hop_answer *given)
{
	struct hop_events events = connect->config.events;
	given->tag = connect->tag;
	given->sent = connect->sent;
	sdr_hop_connect_drop(connect);
	events.on_answer(events.context, given);
}

/* Whether this host's own firewall answered for the target. */
static bool is_from_here(const struct hop_connect *connect, const struct hop_answer *given)
{
	struct sockaddr_storage name;
	struct sdr_endpoint own;
	socklen_t size = sizeof(name);
	bool v4 = connect->to.version == 4;
	bool neighbour =
		v4 ? given->code == ICMP_HOST_UNREACH : given->code == ICMP6_DST_UNREACH_ADDR;
	return given->kind == HOP_REFUSED && !neighbour &&
		getsockname(connect->fd, (struct sockaddr *)&name, &size) == 0 &&
		sdr_endpoint_from_sockaddr((struct sockaddr *)&name, &own) == SDR_OK &&
		sdr_addr_same(&own.addr, &given->from);
}

static void look_at_quote(const struct hop_connect *connect, const uint8_t *bytes, size_t length,
	struct hop_answer *given)
{
	const struct hop_quote_wanted wanted = {.answer = given,
		.to = &connect->to,
		.protocol = HOP_TCP,
		.ports = {connect->config.port, connect->port},
		.bytes = bytes,
		.length = length - given->extension_length};
	sdr_hop_quotes_read(connect->config.quotes);
	const struct hop_quote *quote = sdr_hop_quotes_find(connect->config.quotes, &wanted);
	if (quote)
		given->quoted = (struct hop_quoted){.known = true,
			.ttl = quote->ttl,
			.tos = quote->tos,
			.nat = sdr_hop_quote_nat_tcp(quote)};
}

/* Returns whether an ICMP error was there, and handed on. */
static bool take_errors(struct hop_connect *connect, sdr_ns now)
{
	struct icmp_in *in = connect->config.in;
	int n = sdr_icmp_in_read(in, connect->fd, MSG_ERRQUEUE);
	for (int i = 0; i < n; i++) {
		struct icmp_extras extras;
		sdr_icmp_in_extras(in, (unsigned)i, &extras);
		uint8_t origin = extras.error.what.ee_origin;
		if (!extras.has_error ||
			(origin != SO_EE_ORIGIN_ICMP && origin != SO_EE_ORIGIN_ICMP6))
			continue;
		struct hop_answer given;
		size_t size = sdr_icmp_in_length(in, (unsigned)i);
		sdr_hop_error(&extras, in->slots[i], size, &given);
		given.kind = sdr_hop_kind(&given, &connect->to);
		given.rtt = sdr_hop_received(&extras, now) - connect->sent;
		look_at_quote(connect, in->slots[i], size, &given);
		if (is_from_here(connect, &given)) {
			given.kind = HOP_LOCAL;
			given.number = EPERM;
		}
		answer(connect, &given);
		return true;
	}
	return false;
}

void sdr_hop_connect_read(struct hop_connect *connect)
{
	if (!connect || connect->ended)
		return;
	sdr_ns now = sdr_clock_now();
	struct hop_answer given = {.kind = HOP_REACHED,
		.from = connect->to,
		.rtt = now - connect->sent,
		.hop_limit = -1};
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);
	if (take_errors(connect, now))
		return;
	int number = sdr_fault_pending(connect->fd);
	if (getsockopt(connect->fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
		info.tcpi_state == TCP_ESTABLISHED && info.tcpi_rtt > 0 &&
		info.tcpi_rtt * SDR_US < given.rtt)
		given.rtt = info.tcpi_rtt * SDR_US;
	if (number != 0 && number != ECONNREFUSED && number != ECONNRESET) {
		given.kind = HOP_LOCAL;
		given.from = (struct sdr_addr){0};
		given.rtt = SDR_NS_NONE;
	} else if (number == 0 && info.tcpi_state == TCP_SYN_SENT) {
		return;
	}
	given.number = number;
	answer(connect, &given);
}

static void on_event(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	sdr_hop_connect_read(poll->data);
}

/* Sets what the SYN needs before it leaves. Returns an errno. */
static int prepare(const struct hop_connect_config *config, const struct hop_probe *probe, int fd)
{
	bool v4 = probe->to.version == 4;
	int level = v4 ? IPPROTO_IP : IPPROTO_IPV6, on = 1, ttl = probe->tag.ttl;
	unsigned stamps = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
	int tos = probe->tos;
	const struct linger reset = {.l_onoff = 1};
	struct sdr_endpoint from = {probe->source, config->port};
	struct sockaddr_storage own;
	if (from.addr.version == 0)
		from.addr.version = probe->to.version;
	int error = sdr_fault_queue(fd, probe->to.version, true);
	if (error != 0)
		return error;
	sdr_hop_extensions(fd, probe->to.version);
	(void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof(stamps));
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (tos != 0)
		(void)setsockopt(fd, level, v4 ? IP_TOS : IPV6_TCLASS, &tos, sizeof(tos));
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)) != 0 ||
		setsockopt(fd, level, v4 ? IP_TTL : IPV6_UNICAST_HOPS, &ttl, sizeof(ttl)) != 0)
		return errno;
	if (probe->interface != 0) {
		int index = (int)probe->interface;
		if (setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &index, sizeof(index)) != 0)
			return errno;
	}
	return bind(fd, (struct sockaddr *)&own, sdr_endpoint_to_sockaddr(&from, &own)) == 0
		? 0
		: errno;
}

static int start(const struct hop_probe *probe, int fd)
{
	struct sockaddr_storage to;
	const struct sdr_endpoint peer = {probe->to, probe->port};
	socklen_t size = sdr_endpoint_to_sockaddr(&peer, &to);
	return connect(fd, (struct sockaddr *)&to, size) == 0 || errno == EINPROGRESS ? 0 : errno;
}

int sdr_hop_connect_begin(const struct hop_connect_config *config, const struct hop_probe *probe,
	struct hop_connect **made)
{
	bool v4 = probe->to.version == 4;
	struct hop_connect *connect = calloc(1, sizeof(*connect));
	if (!connect)
		return ENOMEM;
	connect->config = *config;
	connect->tag = probe->tag;
	connect->to = probe->to;
	connect->port = probe->port;
	connect->fd = socket(
		v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	int error = connect->fd < 0 ? errno : prepare(config, probe, connect->fd);
	connect->sent = sdr_clock_now();
	if (error == 0)
		error = start(probe, connect->fd);
	if (error == 0 && uv_poll_init(config->loop, &connect->poll, connect->fd) != 0)
		error = ENOMEM;
	if (error != 0) {
		if (connect->fd >= 0)
			close(connect->fd);
		free(connect);
		return error;
	}
	connect->poll.data = connect;
	uv_poll_start(&connect->poll, UV_READABLE | UV_WRITABLE, on_event);
	*made = connect;
	return 0;
}
