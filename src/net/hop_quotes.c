/* hop_quotes.c - the socket and the latest of what it brought. */
#include "net/hop_quotes.h"

#include <netinet/in.h> /* before what the kernel has of the same */

#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/icmp_in.h"
#include "sounder/privilege.h"

#define KEPT 512         /* quotes; a power of 2 */
#define READS 64         /* batches read in one turn */
#define BUFFER (1 << 20) /* of errors, while the loop is busy elsewhere */

struct hop_quotes {
	int fd;
	uint8_t version;
	bool failed;
	struct icmp_in in;
	uint32_t count; /* of all that were kept */
	struct hop_quote kept[KEPT];
};

static int set_filter(int fd, uint8_t version)
{
	const uint32_t types =
		1u << ICMP_DEST_UNREACH | 1u << ICMP_TIME_EXCEEDED | 1u << ICMP_PARAMETERPROB;
	struct icmp_filter filter4 = {.data = ~types};
	struct icmp6_filter filter6;
	ICMP6_FILTER_SETBLOCKALL(&filter6);
	for (int type = ICMP6_DST_UNREACH; type <= ICMP6_PARAM_PROB; type++)
		ICMP6_FILTER_SETPASS(type, &filter6);
	int done = version == 4
		? setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter4, sizeof(filter4))
		: setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter6, sizeof(filter6));
	return done == 0 ? 0 : errno;
}

/* IPv6's raw sockets leave the header out: whom an error came to is passed beside it. */
static int configure(int fd, uint8_t version)
{
	int size = BUFFER, on = 1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (version == 6 && setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) != 0)
		return errno;
	return set_filter(fd, version);
}

int sdr_hop_quotes_open(
	const struct sdr_privilege *privilege, uint8_t version, struct hop_quotes **opened)
{
	bool v4 = version == 4;
	struct hop_quotes *quotes = calloc(1, sizeof(*quotes));
	if (!quotes)
		return ENOMEM;
	sdr_privilege_begin(privilege, SDR_PRIVILEGE_RAW);
	quotes->fd = socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
		v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	int error = quotes->fd < 0 ? errno : 0;
	sdr_privilege_end(privilege, SDR_PRIVILEGE_RAW);
	if (error == 0)
		error = configure(quotes->fd, version);
	if (error != 0) {
		sdr_hop_quotes_close(quotes);
		return error;
	}
	quotes->version = version;
	sdr_icmp_in_init(&quotes->in);
	*opened = quotes;
	return 0;
}

void sdr_hop_quotes_close(struct hop_quotes *quotes)
{
	if (!quotes)
		return;
	if (quotes->fd >= 0)
		close(quotes->fd);
	free(quotes);
}

/* ---- reading ---- */

/* Fills in what IPv6 has beside the message. */
static void take_addresses(struct hop_quotes *quotes, unsigned i, struct hop_quote *quote)
{
	static const struct control_kind kind = {IPPROTO_IPV6, IPV6_PKTINFO};
	struct msghdr *header = &quotes->in.messages[i].msg_hdr;
	struct in6_pktinfo info;
	quote->from = sdr_icmp_in_addr(&quotes->in.from[i]);
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(header); cmsg; cmsg = CMSG_NXTHDR(header, cmsg))
		if (sdr_control_take(header, cmsg, kind, &info, sizeof(info))) {
			quote->own.version = 6;
			memcpy(quote->own.bytes, &info.ipi6_addr, sizeof(info.ipi6_addr));
		}
}

static void keep(struct hop_quotes *quotes, unsigned i)
{
	struct hop_quote *quote = &quotes->kept[quotes->count % KEPT];
	memset(quote, 0, sizeof(*quote));
	if (!sdr_hop_quote_parse(quotes->in.slots[i], sdr_icmp_in_length(&quotes->in, i),
		    quotes->version, quote))
		return;
	if (quotes->version == 6)
		take_addresses(quotes, i, quote);
	quotes->count++;
}

void sdr_hop_quotes_read(struct hop_quotes *quotes)
{
	int n = SDR_ICMP_IN;
	for (unsigned reads = 0; quotes && n == SDR_ICMP_IN && reads < READS; reads++) {
		n = sdr_icmp_in_read(&quotes->in, quotes->fd, 0);
		quotes->failed |= n < 0 && errno != EAGAIN && errno != EINTR;
		for (int i = 0; i < n; i++)
			keep(quotes, (unsigned)i);
	}
}

void sdr_hop_quotes_fail(struct hop_quotes *quotes)
{
	if (quotes)
		quotes->failed = true;
}

bool sdr_hop_quotes_failed(const struct hop_quotes *quotes)
{
	return quotes && quotes->failed;
}

const struct hop_quote *sdr_hop_quotes_find(
	const struct hop_quotes *quotes, const struct hop_quote_wanted *wanted)
{
	for (uint32_t back = 1; quotes && back <= KEPT && back <= quotes->count; back++) {
		const struct hop_quote *quote = &quotes->kept[(quotes->count - back) % KEPT];
		if (sdr_hop_quote_is(quote, wanted))
			return quote;
	}
	return NULL;
}
