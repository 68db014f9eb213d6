/* icmp_in.c - recvmmsg into buffers that are set up once. The kernel shortens lengths, so those of
 * the messages it filled are reset. */
#include "net/icmp_in.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static void make_ready(struct icmp_in *in, unsigned i)
{
	struct msghdr *header = &in->messages[i].msg_hdr;
	header->msg_namelen = sizeof(in->from[i]);
	header->msg_controllen = sizeof(in->control[i]);
	header->msg_flags = 0;
}

void sdr_icmp_in_init(struct icmp_in *in)
{
	for (unsigned i = 0; i < SDR_ICMP_IN; i++) {
		in->parts[i][0] = (struct iovec){in->slots[i], SDR_ICMP_SLOT};
		in->messages[i].msg_hdr = (struct msghdr){.msg_name = &in->from[i],
			.msg_iov = in->parts[i],
			.msg_iovlen = 1,
			.msg_control = in->control[i]};
		make_ready(in, i);
	}
}

void sdr_icmp_in_done(struct icmp_in *in)
{
	free(in->scrap);
	in->scrap = NULL;
}

enum sdr_status sdr_icmp_in_enlarge(struct icmp_in *in)
{
	if (in->scrap)
		return SDR_OK;
	if (!(in->scrap = malloc(SDR_ICMP_PAYLOAD_MAX + 1)))
		return SDR_ENOMEM;
	for (unsigned i = 0; i < SDR_ICMP_IN; i++) {
		in->parts[i][1] = (struct iovec){in->scrap, SDR_ICMP_PAYLOAD_MAX + 1};
		in->messages[i].msg_hdr.msg_iovlen = 2;
	}
	return SDR_OK;
}

int sdr_icmp_in_read(struct icmp_in *in, int fd, int flags)
{
	for (unsigned i = 0; i < in->used; i++)
		make_ready(in, i);
	int n = recvmmsg(fd, in->messages, SDR_ICMP_IN, flags | MSG_DONTWAIT, NULL);
	/* One more than came: the kernel may have begun on it. */
	in->used = n < 0 ? 1 : (unsigned)n < SDR_ICMP_IN ? (unsigned)n + 1 : SDR_ICMP_IN;
	return n;
}

size_t sdr_icmp_in_size(const struct icmp_in *in, unsigned i)
{
	const struct mmsghdr *message = &in->messages[i];
	return message->msg_len + ((message->msg_hdr.msg_flags & MSG_TRUNC) != 0);
}

size_t sdr_icmp_in_length(const struct icmp_in *in, unsigned i)
{
	size_t size = sdr_icmp_in_size(in, i);
	return size < SDR_ICMP_SLOT ? size : SDR_ICMP_SLOT;
}

void sdr_icmp_in_extras(struct icmp_in *in, unsigned i, struct icmp_extras *extras)
{
	static const struct control_kind stamp = {SOL_SOCKET, SO_TIMESTAMPING},
					 ttl = {IPPROTO_IP, IP_TTL},
					 hops = {IPPROTO_IPV6, IPV6_HOPLIMIT};
	struct msghdr *header = &in->messages[i].msg_hdr;
	*extras = (struct icmp_extras){.hop_limit = -1};
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(header); cmsg; cmsg = CMSG_NXTHDR(header, cmsg)) {
		const size_t size = sizeof(extras->hop_limit);
		if (!sdr_control_take(header, cmsg, stamp, &extras->stamp, sizeof(extras->stamp)) &&
			!sdr_control_take(header, cmsg, ttl, &extras->hop_limit, size) &&
			!sdr_control_take(header, cmsg, hops, &extras->hop_limit, size))
			extras->has_error |= sdr_control_error(header, cmsg, &extras->error);
	}
}

sdr_ns sdr_icmp_in_stamp(const struct icmp_extras *extras, sdr_ns offset)
{
	const struct timespec *stamp = &extras->stamp;
	return stamp->tv_sec == 0 ? SDR_NS_NONE
				  : stamp->tv_sec * SDR_SECOND + stamp->tv_nsec - offset;
}

struct sdr_addr sdr_icmp_in_addr(const union icmp_address *from)
{
	struct sdr_addr addr = {0};
	if (from->sa.sa_family == AF_INET) {
		addr.version = 4;
		memcpy(addr.bytes, &from->v4.sin_addr, 4);
	} else if (from->sa.sa_family == AF_INET6) {
		addr.version = 6;
		memcpy(addr.bytes, &from->v6.sin6_addr, 16);
		addr.scope_id = from->v6.sin6_scope_id;
	}
	return addr;
}

struct sdr_endpoint sdr_icmp_in_peer(const union icmp_address *from)
{
	bool v4 = from->sa.sa_family == AF_INET;
	return (struct sdr_endpoint){
		sdr_icmp_in_addr(from), ntohs(v4 ? from->v4.sin_port : from->v6.sin6_port)};
}
