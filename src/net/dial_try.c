/* dial_try.c - one try of a dial: its socket, and what becomes of it.
 *
 * The TCP state shows whether a socket is connected, not an errno: a queued error is gone from
 * SO_ERROR once it was read, and an ICMP error need not end the connect. Linux keeps sending SYNs
 * (RFC 1122 sec. 4.2.3.9) if the error comes while connect still runs, as between namespaces, and
 * otherwise gives up, with IP_RECVERR or without (6.18). So the state is read, not assumed. */
#include "net/dial_try.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int dial_try_release(struct dial_try *one)
{
	int fd = one->fd;
	if (fd < 0)
		return -1;
	one->fd = -1;
	uv_close((uv_handle_t *)&one->poll, dial_state_on_closed);
	return fd;
}

void dial_try_drop(struct dial_try *one)
{
	int fd = dial_try_release(one);
	if (fd >= 0)
		close(fd);
}

unsigned dial_try_index(const struct dial_try *one)
{
	return (unsigned)(one - one->dial->tries);
}

struct sdr_fault_about dial_try_about(const struct sdr_dial *dial, unsigned index)
{
	return (struct sdr_fault_about){
		.to = dial->to[index], .source = dial->source[0] ? dial->source : NULL};
}

/* Notes why a try failed, or is likely to. */
static void take_fault(struct dial_try *one, const struct sdr_fault *fault, sdr_ns now)
{
	struct sdr_attempt *attempt = &one->dial->attempts[dial_try_index(one)];
	attempt->open = false;
	attempt->took = now - one->dial->start - attempt->began;
	attempt->outcome = fault->outcome;
	attempt->error_name = fault->error_name;
	attempt->icmp_type = fault->icmp_type;
	attempt->icmp_code = fault->icmp_code;
	attempt->router = fault->router;
	memcpy(one->dial->words[dial_try_index(one)], fault->words, sizeof(fault->words));
}

void dial_try_kill(struct dial_try *one, const struct sdr_fault *fault, sdr_ns now)
{
	take_fault(one, fault, now);
	one->state = TRY_DEAD;
	dial_try_drop(one);
}

/* Whether it was the peer that ended it, with a RST, and not an ICMP error of which the same errno
 * is left. */
static bool is_peers(const struct dial_try *one, int number)
{
	return number != one->hint &&
		(number == ECONNREFUSED || number == ECONNRESET || number == EPIPE);
}

/* Turns it into an ordinary socket. Clears what an ICMP error left; returns any other error as an
 * errno. */
static int make_ordinary(const struct dial_try *one)
{
	(void)sdr_fault_queue(one->fd, one->dial->to[dial_try_index(one)].addr.version, false);
	int number = sdr_fault_pending(one->fd);
	return is_peers(one, number) ? number : 0;
}

/* The kernel's own measure of a handshake whose first SYN was answered; else by our clock. */
static sdr_ns handshake_of(const struct tcp_info *info, sdr_ns by_clock)
{
	sdr_ns kernels = info->tcpi_rtt * SDR_US;
	return info->tcpi_total_retrans == 0 && kernels > 0 && kernels < by_clock ? kernels
										  : by_clock;
}

/* Returns when its handshake was over. */
static sdr_ns win(struct dial_try *one, const struct tcp_info *info, sdr_ns now)
{
	struct sdr_dial *dial = one->dial;
	struct sdr_attempt *attempt = &dial->attempts[dial_try_index(one)];
	sdr_ns by_clock = now - dial->start - attempt->began,
	       handshake = handshake_of(info, by_clock);
	attempt->open = false;
	attempt->outcome = SDR_OUTCOME_OK;
	attempt->error_name = NULL;
	attempt->took = handshake;
	sdr_ns over = one->left + handshake;
	return handshake < by_clock && over < now ? over : now;
}

/* A socket that is closed without having been connected. */
static void take_end(struct dial_try *one, bool hinted, const struct sdr_fault *hint, sdr_ns now)
{
	struct sdr_fault_about about = dial_try_about(one->dial, dial_try_index(one));
	struct sdr_fault fault;
	int number = sdr_fault_pending(one->fd);
	bool peers = is_peers(one, number);
	if (one->state == TRY_HINTED &&
		!peers) { /* the kernel gave up; the cause is known since the first error */
		one->state = TRY_DEAD;
		dial_try_drop(one);
	} else if (hinted && !peers) {
		dial_try_kill(one, hint, now);
	} else {
		sdr_fault_of_errno(&about, SDR_FAULT_WAIT, number ? number : ECONNABORTED, &fault);
		dial_try_kill(one, &fault, now);
	}
}

static bool has_peer(int fd)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);
	return getpeername(fd, (struct sockaddr *)&peer, &length) == 0;
}

bool dial_try_look(struct dial_try *one, sdr_ns now, sdr_ns *connected_at)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);
	struct sdr_fault_about about = dial_try_about(one->dial, dial_try_index(one));
	struct sdr_fault hint, fault;
	bool hinted = sdr_fault_read(one->fd, &about, &hint);
	if (hinted)
		one->hint = hint.number;
	if (getsockopt(one->fd, IPPROTO_TCP, TCP_INFO, &info, &length) !=
		0) /* in a sandbox: then it has a peer or not */
		info.tcpi_state = has_peer(one->fd) ? TCP_ESTABLISHED : TCP_CLOSE;
	if (info.tcpi_state == TCP_CLOSE) {
		take_end(one, hinted, &hint, now);
	} else if (info.tcpi_state != TCP_SYN_SENT && info.tcpi_state != TCP_SYN_RECV) {
		int number = make_ordinary(one);
		if (number == 0) {
			*connected_at = win(one, &info, now);
			return true;
		}
		sdr_fault_of_errno(&about, SDR_FAULT_WAIT, number, &fault);
		dial_try_kill(one, &fault, now);
	} else if (hinted && one->state == TRY_OPEN) {
		take_fault(one, &hint, now);
		one->state = TRY_HINTED;
	} else if (!hinted &&
		is_peers(one, sdr_fault_pending(one->fd))) { /* cleared, else the loop would wake up
								for it for ever */
		sdr_fault_of_errno(&about, SDR_FAULT_WAIT, ECONNREFUSED, &fault);
		dial_try_kill(one, &fault, now);
	}
	return false;
}

int dial_try_open(struct dial_try *one, const struct sdr_endpoint *to, enum sdr_fault_stage *stage)
{
	struct sdr_dial *dial = one->dial;
	struct sockaddr_storage address;
	socklen_t length = sdr_endpoint_to_sockaddr(to, &address);
	const struct sdr_leave leave = {
		dial->source[0] ? dial->source : NULL, dial->spec.hop_limit, dial->spec.tos};
	*stage = SDR_FAULT_OPEN;
	int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	if (uv_poll_init(dial->loop, &one->poll, fd) != 0) {
		close(fd);
		return ENOMEM;
	}
	dial->handles++;
	one->poll.data = dial;
	one->fd = fd;
	int number = sdr_leave_set(fd, to->addr.version, &leave, stage);
	if (number)
		return number;
	(void)sdr_fault_queue(
		fd, to->addr.version, true); /* without it the errno is known at least */
	*stage = SDR_FAULT_BEGIN;
	sdr_ns before = sdr_clock_now();
	number = connect(fd, (struct sockaddr *)&address, length) == 0 || errno == EINPROGRESS
		? 0
		: errno;
	/* The SYN leaves within the call; to this host itself its answer comes within the call,
	 * too. */
	one->left = before + (sdr_clock_now() - before) / 2;
	return number;
}
