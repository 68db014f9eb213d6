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
