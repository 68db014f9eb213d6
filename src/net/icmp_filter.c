/* icmp_filter.c - what a raw socket lets through: a classic BPF program before the kernel copies
 * anything, then the type filter. ip(7), bpf(2). */
#include "net/icmp_filter.h"

#include <linux/filter.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/icmp.h"

#define HEAD (SDR_ICMP_HEADER + SDR_ICMP_TOKEN + SDR_ICMP_MAGIC)

/* Only our own replies wake us, whatever else this host hears: the high 8 bits of the identifier,
 * and the magic where the payload is long enough to hold it. An IPv4 raw socket sees the IP header,
 * an IPv6 one doesn't. */
enum sdr_status sdr_icmp_filter_set(int fd, uint8_t version, uint16_t identifier, uint32_t magic)
{
	struct sock_filter program[] = {
		version == 4 ? (struct sock_filter)BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0)
			     : (struct sock_filter)BPF_STMT(BPF_LDX | BPF_IMM, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff00),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, identifier & 0xff00u, 0, 6),
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, HEAD, 0, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_IND, SDR_ICMP_HEADER + SDR_ICMP_TOKEN),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, magic, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog filter = {sizeof(program) / sizeof(*program), program};
	int on = 1;
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on)) < 0)
		return SDR_ESYSTEM;
	if (version == 4) {
		struct icmp_filter types = {.data = ~(1u << ICMP_ECHOREPLY)};
		return setsockopt(fd, SOL_RAW, ICMP_FILTER, &types, sizeof(types)) < 0 ? SDR_ESYSTEM
										       : SDR_OK;
	}
	struct icmp6_filter types;
	ICMP6_FILTER_SETBLOCKALL(&types);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &types);
	return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &types, sizeof(types)) < 0 ? SDR_ESYSTEM
										       : SDR_OK;
}
