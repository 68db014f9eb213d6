/* icmp_out.c - echo requests as the kernel wants them: no allocation, no copy of the payload. */
#include "net/icmp_out.h"

#include <stdlib.h>
#include <string.h>

socklen_t sdr_icmp_out_address(union icmp_address *to, const struct sdr_addr *addr)
{
	if (addr->version == 4) {
		to->v4 = (struct sockaddr_in){.sin_family = AF_INET};
		memcpy(&to->v4.sin_addr, addr->bytes, 4);
		return sizeof(to->v4);
	}
	to->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_scope_id = addr->scope_id};
	memcpy(&to->v6.sin6_addr, addr->bytes, 16);
	return sizeof(to->v6);
}

/* The kernel fills in the checksum of a ping socket's and of every ICMPv6 packet. The pattern's sum
 * is kept from packet to packet. */
static void put_checksum(struct icmp_out *out, uint8_t *head, uint32_t size)
{
	if (!out->sum)
		return;
	size_t own = SDR_ICMP_HEAD - SDR_ICMP_HEADER;
	if (out->summed_size != size) {
		out->summed_size = size;
		out->pattern_sum = size > own ? sdr_icmp_sum(0, out->pattern + own, size - own) : 0;
	}
	size_t length = SDR_ICMP_HEADER + (size < own ? size : own);
	uint16_t sum = sdr_icmp_fold(sdr_icmp_sum(out->pattern_sum, head, length));
	head[2] = (uint8_t)(sum >> 8);
	head[3] = (uint8_t)sum;
}

void sdr_icmp_out_drop(struct icmp_out *out, unsigned first, unsigned count)
{
	out->count -= count;
	for (unsigned i = first; i < out->count; i++) {
		unsigned from = i + count;
		struct msghdr *header = &out->messages[i].msg_hdr;
		memcpy(out->heads[i], out->heads[from], sizeof(out->heads[i]));
		memcpy(out->control[i], out->control[from], sizeof(out->control[i]));
		out->to[i] = out->to[from];
		out->tags[i] = out->tags[from];
		out->parts[i][0].iov_len = out->parts[from][0].iov_len;
		out->parts[i][1] = out->parts[from][1];
		header->msg_iovlen = out->messages[from].msg_hdr.msg_iovlen;
		header->msg_namelen = out->messages[from].msg_hdr.msg_namelen;
		header->msg_control =
			out->messages[from].msg_hdr.msg_control ? out->control[i] : NULL;
		header->msg_controllen = out->messages[from].msg_hdr.msg_controllen;
	}
}

void sdr_icmp_out_put(struct icmp_out *out, const struct icmp_request *request)
{
	unsigned i = out->count++;
	struct msghdr *header = &out->messages[i].msg_hdr;
	struct icmp_echo echo = {out->identifier, (uint16_t)request->tag.sequence, request->size,
		true, request->token, true, out->magic};
	size_t head = sdr_icmp_encode(out->heads[i], out->version, &echo);
	size_t own = SDR_ICMP_HEAD - SDR_ICMP_HEADER;
	if (request->size <
		own) { /* too short for token and magic, or for the magic: the pattern fills up */
		size_t begun = head - SDR_ICMP_HEADER;
		memcpy(out->heads[i] + head, out->pattern + begun, request->size - begun);
		head = SDR_ICMP_HEADER + request->size;
	}
	put_checksum(out, out->heads[i], request->size);
	size_t rest = request->size > own ? request->size - own : 0;
	bool small = head + rest <= SDR_ICMP_SMALL;
	if (small)
		memcpy(out->heads[i] + head, out->pattern + own, rest);
	out->parts[i][0] = (struct iovec){out->heads[i], small ? head + rest : head};
	out->parts[i][1] = (struct iovec){out->pattern + own, rest};
	*header = (struct msghdr){.msg_name = &out->to[i],
		.msg_iov = out->parts[i],
		.msg_iovlen = small ? 1 : 2,
		.msg_control = out->control[i]};
	header->msg_namelen = sdr_icmp_out_address(&out->to[i], &request->to);
	const struct control_leave leave = {.version = request->to.version,
		.hop_limit = request->hop_limit,
		.tos = request->tos,
		.source = request->source,
		.interface = request->interface};
	sdr_control_put_leave(header, &leave);
	if (header->msg_controllen == 0)
		header->msg_control = NULL;
	out->tags[i] = request->tag;
}

enum sdr_status sdr_icmp_out_init(
	struct icmp_out *out, uint8_t version, uint16_t identifier, uint32_t magic)
{
	out->version = version;
	out->identifier = identifier;
	out->magic = magic;
	out->count = 0;
	out->summed_size = UINT32_MAX;
	out->pattern = malloc(SDR_ICMP_PAYLOAD_MAX + 1);
	if (!out->pattern)
		return SDR_ENOMEM;
	sdr_icmp_pattern(out->pattern, SDR_ICMP_PAYLOAD_MAX + 1);
	return SDR_OK;
}

void sdr_icmp_out_done(struct icmp_out *out)
{
	free(out->pattern);
	out->pattern = NULL;
}
