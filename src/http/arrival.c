/* arrival.c - MSG_PEEK with SO_TIMESTAMPNS, and TCP_INFO. */
#include "http/arrival.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "net/control.h"

void sdr_arrival_note(int fd)
{
	int on = 1;
	(void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on,
		sizeof(on)); /* without it there is the time of waking up */
}

/* The stamp is of the wall clock: its age is taken off the monotonic one. */
static sdr_ns monotonic_of(struct timespec stamp)
{
	sdr_ns age = sdr_clock_wall() - ((sdr_ns)stamp.tv_sec * SDR_SECOND + stamp.tv_nsec);
	return age >= 0 && age < SDR_SECOND ? sdr_clock_now() - age : 0;
}

ssize_t sdr_arrival_peek(int fd, void *bytes, size_t size, sdr_ns *when)
{
	union {
		struct cmsghdr aligned;
		char bytes[CMSG_SPACE(sizeof(struct timespec)) + 64];
	} control;
	struct iovec part = {bytes, size};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	static const struct control_kind kind = {SOL_SOCKET, SCM_TIMESTAMPNS};
	struct timespec stamp;

	*when = 0;
	ssize_t length = recvmsg(fd, &message, MSG_PEEK | MSG_DONTWAIT);
	for (struct cmsghdr *c = length > 0 ? CMSG_FIRSTHDR(&message) : NULL; c;
		c = CMSG_NXTHDR(&message, c))
		if (sdr_control_take(&message, c, kind, &stamp, sizeof(stamp)))
			*when = monotonic_of(stamp);
	return length;
}

uint64_t sdr_arrival_total(int fd)
{
	struct tcp_info info = {0};
	socklen_t size = sizeof(info);
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_bytes_received
									: UINT64_MAX;
}
