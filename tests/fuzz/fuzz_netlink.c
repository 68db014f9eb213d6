/* fuzz_netlink.c - any bytes as a message of rtnetlink: nothing outside it is read, and what is
 * taken is within its ranges. */
#include <linux/netlink.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/rtnetlink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sdr_interface interface;
	struct sdr_interface_address address;
	struct sdr_route route;
	struct sdr_route_choice choice;
	/* Just as large as the message, so that a byte too far is seen. */
	struct nlmsghdr *message = malloc(sizeof(*message) + size);
	if (!message)
		return 0;
	memset(message, 0, sizeof(*message));
	message->nlmsg_len = (uint32_t)(sizeof(*message) + size);
	if (size > 0)
		memcpy(message + 1, data, size);
	if (sdr_decode_link(message, &interface) &&
		(interface.index == 0 || !memchr(interface.name, '\0', sizeof(interface.name))))
		abort();
	if (sdr_decode_address(message, &address) &&
		address.prefix.length > sdr_addr_bits(&address.prefix.addr))
		abort();
	if (sdr_decode_route(message, &route) && route.to.length > sdr_addr_bits(&route.to.addr))
		abort();
	if (sdr_decode_route_choice(message, &choice) &&
		(choice.to.length > sdr_addr_bits(&choice.to.addr) ||
			choice.kind >= SDR_ROUTE_CHOICE_COUNT))
		abort();
	free(message);
	return 0;
}
