/* control.c - ancillary data. CMSG_NXTHDR looks at the header alone: how much of a message lies
 * within the buffer is worked out here. */
#include "net/control.h"

#include <netinet/in.h>
#include <string.h>

/* Returns the bytes behind the header that are there. */
static size_t size_of(const struct msghdr *message, const struct cmsghdr *control)
{
	size_t at = (size_t)((const char *)control - (const char *)message->msg_control);
	size_t there = message->msg_controllen - at;
	size_t length = control->cmsg_len < there ? control->cmsg_len : there;
	return length > CMSG_LEN(0) ? length - CMSG_LEN(0) : 0;
}

bool sdr_control_take(const struct msghdr *message, const struct cmsghdr *control,
	struct control_kind kind, void *bytes, size_t size)
{
	if (control->cmsg_level != kind.level || control->cmsg_type != kind.type ||
		size_of(message, control) < size)
		return false;
	memcpy(bytes, CMSG_DATA(control), size);
	return true;
}

/* The sender's address lies behind the error, as much of it as its family has. */
static struct sdr_addr offender_of(const unsigned char *bytes, size_t there)
{
	struct sockaddr_storage copy = {.ss_family = AF_UNSPEC};
	struct sdr_endpoint sender = {0};
	if (there < sizeof(copy.ss_family))
		return sender.addr;
	memcpy(&copy.ss_family, bytes, sizeof(copy.ss_family));
	size_t size = copy.ss_family == AF_INET ? sizeof(struct sockaddr_in)
		: copy.ss_family == AF_INET6    ? sizeof(struct sockaddr_in6)
						: 0;
	if (size == 0 || there < size)
		return sender.addr;
	memcpy(&copy, bytes, size);
	(void)!sdr_endpoint_from_sockaddr((const struct sockaddr *)&copy, &sender);
	return sender.addr;
}

bool sdr_control_error(
	const struct msghdr *message, const struct cmsghdr *control, struct control_error *error)
{
	static const struct control_kind kinds[] = {
		{IPPROTO_IP, IP_RECVERR}, {IPPROTO_IPV6, IPV6_RECVERR}};
	const size_t size = sizeof(error->what);
	if (!sdr_control_take(message, control, kinds[0], &error->what, size) &&
		!sdr_control_take(message, control, kinds[1], &error->what, size))
		return false;
	error->offender = offender_of(CMSG_DATA(control) + size, size_of(message, control) - size);
	return true;
}

static void put(struct msghdr *message, struct control_kind kind, const void *data, size_t size)
{
	struct cmsghdr *cmsg =
		(struct cmsghdr *)((char *)message->msg_control + message->msg_controllen);
	cmsg->cmsg_level = kind.level;
	cmsg->cmsg_type = kind.type;
	cmsg->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(cmsg), data, size);
	message->msg_controllen += CMSG_SPACE(size);
}

static void put_source(struct msghdr *message, const struct control_leave *leave)
{
	if (leave->version == 4) {
		struct in_pktinfo info = {.ipi_ifindex = (int)leave->interface};
		memcpy(&info.ipi_spec_dst, leave->source.bytes, 4);
		put(message, (struct control_kind){IPPROTO_IP, IP_PKTINFO}, &info, sizeof(info));
	} else {
		struct in6_pktinfo info = {.ipi6_ifindex = leave->interface};
		memcpy(&info.ipi6_addr, leave->source.bytes, 16);
		put(message, (struct control_kind){IPPROTO_IPV6, IPV6_PKTINFO}, &info,
			sizeof(info));
	}
}

void sdr_control_put_leave(struct msghdr *message, const struct control_leave *leave)
{
	bool v4 = leave->version == 4;
	int level = v4 ? IPPROTO_IP : IPPROTO_IPV6, value;
	if ((value = leave->hop_limit) != 0)
		put(message, (struct control_kind){level, v4 ? IP_TTL : IPV6_HOPLIMIT}, &value,
			sizeof(value));
	if ((value = leave->tos) != 0)
		put(message, (struct control_kind){level, v4 ? IP_TOS : IPV6_TCLASS}, &value,
			sizeof(value));
	if (leave->source.version != 0 || leave->interface != 0)
		put_source(message, leave);
}
