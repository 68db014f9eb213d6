/* hop_kind.c - ICMP errors by type and code. RFC 792, RFC 4443, RFC 4884. */
#include "net/hop_kind.h"

#include <linux/icmp.h>
#include <netinet/icmp6.h>

#ifndef IP_RECVERR_RFC4884
#define IP_RECVERR_RFC4884 26
#endif
#ifndef IPV6_RECVERR_RFC4884
#define IPV6_RECVERR_RFC4884 31
#endif

void sdr_hop_extensions(int fd, uint8_t version)
{
	bool v4 = version == 4;
	int on = 1;
	(void)setsockopt(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6,
		v4 ? IP_RECVERR_RFC4884 : IPV6_RECVERR_RFC4884, &on, sizeof(on));
}

void sdr_hop_error(const struct icmp_extras *extras, const uint8_t *bytes, size_t length,
	struct hop_answer *answer)
{
	const struct sock_extended_err *what = &extras->error.what;
	size_t at = what->ee_rfc4884.len;
	*answer = (struct hop_answer){.from = extras->error.offender,
		.type = what->ee_type,
		.code = what->ee_code,
		.number = (int)what->ee_errno,
		.mtu = what->ee_info,
		.hop_limit = extras->hop_limit};
	if (at == 0 || at >= length || (what->ee_rfc4884.flags & SO_EE_RFC4884_FLAG_INVALID))
		return;
	answer->extension = bytes + at;
	answer->extension_length = length - at;
}

enum hop_answer_kind sdr_hop_kind(const struct hop_answer *answer, const struct sdr_addr *to)
{
	bool v4 = to->version == 4, targets = sdr_addr_same(&answer->from, to);
	uint8_t exceeded = v4 ? ICMP_TIME_EXCEEDED : ICMP6_TIME_EXCEEDED;
	uint8_t unreachable = v4 ? ICMP_DEST_UNREACH : ICMP6_DST_UNREACH;
	uint8_t port = v4 ? ICMP_PORT_UNREACH : ICMP6_DST_UNREACH_NOPORT;
	bool big = v4 ? answer->type == ICMP_DEST_UNREACH && answer->code == ICMP_FRAG_NEEDED
		      : answer->type == ICMP6_PACKET_TOO_BIG;
	if (answer->type == exceeded)
		return targets ? HOP_REACHED : HOP_EXCEEDED;
	if (big)
		return HOP_TOO_BIG;
	return answer->type == unreachable && answer->code == port && targets ? HOP_REACHED
									      : HOP_REFUSED;
}

sdr_ns sdr_hop_received(const struct icmp_extras *extras, sdr_ns now)
{
	sdr_ns when = sdr_icmp_in_stamp(extras, sdr_clock_offset());
	return when == SDR_NS_NONE || when > now ? now : when;
}
