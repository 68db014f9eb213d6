/* datagram.c - UDP clients: datagrams are taken and answered in batches (recvmmsg, sendmmsg), each
 * after the guard's consent.
 *
 * An answer to a wildcard socket leaves from the very address that was asked (the IP_PKTINFO of the
 * question goes back with the answer), else a client on a connected socket would not take it. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/control.h"
#include "serve/serving.h"

#define BATCH 32
#define BATCHES_PER_WAKEUP 8 /* per wakeup, so that other work is not delayed */
/* Bytes a slot; touched, and so resident, only as far as datagrams reach. */
#define DATAGRAM_ROOM 65536

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

/* Messages of one system call, shared by all UDP sockets. */
struct serve_batch {
	struct mmsghdr in[BATCH], out[BATCH];
	struct iovec in_bytes[BATCH], out_bytes[BATCH];
	struct sockaddr_storage from[BATCH];
	union control control[BATCH];
	struct guard_source *source[BATCH]; /* of out[i] */
	char room[BATCH][DATAGRAM_ROOM];
};

enum sdr_status sdr_datagram_prepare(struct serve_listener *listener)
{
	struct sdr_services *services = listener->services;
	if (!services->batch)
		services->batch =
			malloc(sizeof(*services->batch)); /* not calloc: its pages stay untouched */
	listener->sources = sdr_guard_sources_new(listener->limits.per_source_max);
	return services->batch && listener->sources ? SDR_OK : SDR_ENOMEM;
}

static void ready(struct serve_batch *batch, bool wildcard)
{
	for (unsigned i = 0; i < BATCH; i++) {
		batch->in_bytes[i] = (struct iovec){batch->room[i], DATAGRAM_ROOM};
		batch->in[i].msg_hdr = (struct msghdr){.msg_name = &batch->from[i],
			.msg_namelen = sizeof(batch->from[i]),
			.msg_iov = &batch->in_bytes[i],
			.msg_iovlen = 1,
			.msg_control = wildcard ? &batch->control[i] : NULL,
			.msg_controllen = wildcard ? sizeof(batch->control[i]) : 0};
	}
}

/* Reads the datagram's destination address, and turns the control message into the answer's: source
 * address, and no interface except for a v6 zone. */
static void read_packet_info(struct msghdr *message, struct guard_datagram *datagram)
{
	static const struct control_kind v4 = {IPPROTO_IP, IP_PKTINFO},
					 v6 = {IPPROTO_IPV6, IPV6_PKTINFO};
	struct cmsghdr *control = CMSG_FIRSTHDR(message);
	if (!control)
		return;
	struct in_pktinfo info;
	struct in6_pktinfo info6;
	if (sdr_control_take(message, control, v4, &info, sizeof(info))) {
		datagram->to.version = 4;
		memcpy(datagram->to.bytes, &info.ipi_addr, 4);
		/* The kernel's choice of our own address differs from the header's only for
		 * broadcast and multicast (ip(7)). */
		datagram->to_broadcast = info.ipi_addr.s_addr != info.ipi_spec_dst.s_addr;
		info.ipi_ifindex = 0;
		memcpy(CMSG_DATA(control), &info, sizeof(info));
	} else if (sdr_control_take(message, control, v6, &info6, sizeof(info6))) {
		datagram->to.version = 6;
		memcpy(datagram->to.bytes, &info6.ipi6_addr, 16);
		if (!IN6_IS_ADDR_LINKLOCAL(&info6.ipi6_addr))
			info6.ipi6_ifindex = 0;
		memcpy(CMSG_DATA(control), &info6, sizeof(info6));
	}
}

static enum guard_decision decide(struct serve_listener *listener,
	const struct guard_datagram *datagram, struct guard_source **source)
{
	const struct sdr_services *services = listener->services;
	const struct guard_rules rules = {.own = services->own,
		.own_count = services->own_count,
		.ports = services->ports,
		.port_count = services->port_count,
		.port = listener->local.port,
		.is_public = listener->is_public,
		.answers_empty = listener->type->answers_empty};
	enum guard_decision decision = sdr_guard_check(&rules, datagram);
	if (decision != GUARD_ANSWER)
		return decision;
	sdr_ns now = sdr_clock_now();
	*source = sdr_guard_sources_touch(listener->sources, &datagram->from, now);
	(*source)->bytes_in += datagram->length;
	if (!sdr_guard_pace_ready(&(*source)->pace, now))
		return GUARD_SOURCE_RATE;
	if (!sdr_guard_pace_ready(listener->pace, now))
		return GUARD_TOTAL_RATE;
	sdr_guard_pace_take(&(*source)->pace, now);
	sdr_guard_pace_take(listener->pace, now);
	return GUARD_ANSWER;
}

static void drop(struct serve_listener *listener, const struct sdr_endpoint *from, const char *why)
{
	listener->dropped++;
	const struct serve_notice notice = {.kind = SDR_SERVICE_DROPPED, .peer = from, .why = why};
	sdr_service_notify(listener, &notice);
}

/* Puts the answer to in[index] into out[count]; returns whether there is one. */
static bool consider(struct serve_listener *listener, unsigned index, unsigned count)
{
	struct serve_batch *batch = listener->services->batch;
	struct msghdr *message = &batch->in[index].msg_hdr;
	struct guard_datagram datagram = {.length = batch->in[index].msg_len};
	if (sdr_endpoint_from_sockaddr((struct sockaddr *)&batch->from[index], &datagram.from) !=
		SDR_OK)
		return false;
	listener->bytes_in += datagram.length;
	if (listener->wildcard)
		read_packet_info(message, &datagram);
	struct guard_source *source = NULL;
	enum guard_decision decision = decide(listener, &datagram, &source);
	if (decision != GUARD_ANSWER) {
		drop(listener, &datagram.from, sdr_guard_text(decision));
		return false;
	}
	const void *bytes = batch->room[index];
	size_t length = listener->type->on_datagram(listener->services, &bytes, datagram.length);
	batch->source[count] = source;
	batch->out_bytes[count] = (struct iovec){(void *)(uintptr_t)bytes, length};
	batch->out[count].msg_hdr = *message;
	batch->out[count].msg_hdr.msg_iov = &batch->out_bytes[count];
	batch->out[count].msg_hdr.msg_flags = 0;
	const struct serve_notice notice = {
		SDR_SERVICE_ANSWERED, &datagram.from, datagram.length, length, NULL};
	sdr_service_notify(listener, &notice);
	return true;
}

/* What the socket does not take is lost, as datagrams may be. */
static void send_all(struct serve_listener *listener, unsigned count)
{
	struct serve_batch *batch = listener->services->batch;
	for (unsigned done = 0; done < count;) {
		int sent = sendmmsg(
			listener->fd, &batch->out[done], count - done, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent <= 0) {
			listener->dropped++;
			done++;
			continue;
		}
		for (unsigned i = done; i < done + (unsigned)sent; i++) {
			batch->source[i]->bytes_out += batch->out_bytes[i].iov_len;
			listener->bytes_out += batch->out_bytes[i].iov_len;
		}
		listener->served += (unsigned)sent;
		done += (unsigned)sent;
	}
}

void sdr_datagram_on_readable(uv_poll_t *poll, int status, int events)
{
	(void)events;
	struct serve_listener *listener = poll->data;
	struct serve_batch *batch = listener->services->batch;
	if (status < 0) { /* libuv stopped the watch at a POLLERR; reading the error clears it */
		int number;
		socklen_t length = sizeof(number);
		(void)getsockopt(listener->fd, SOL_SOCKET, SO_ERROR, &number, &length);
		uv_poll_start(&listener->poll, UV_READABLE, sdr_datagram_on_readable);
		return;
	}
	for (int round = 0; round < BATCHES_PER_WAKEUP; round++) {
		ready(batch, listener->wildcard);
		int got = recvmmsg(listener->fd, batch->in, BATCH, MSG_DONTWAIT, NULL);
		if (got <= 0)
			return;
		unsigned count = 0;
		for (unsigned i = 0; i < (unsigned)got && !listener->closing; i++)
			count += consider(listener, i, count);
		if (listener->closing) /* a sink stopped it */
			return;
		send_all(listener, count);
		listener->services->version++;
		if (got < BATCH)
			return;
	}
}
