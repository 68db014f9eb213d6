/* fuzz_diag.c - any bytes as a message of sock_diag: nothing outside it is read, and a listener has
 * a port and an address family. */
#include <linux/netlink.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/diag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sdr_listener listener;
	char address[SDR_ADDR_TEXT];
	/* Just as large as the message, so that a byte too far is seen. */
	struct nlmsghdr *message = malloc(sizeof(*message) + size);
	if (!message)
		return 0;
	memset(message, 0, sizeof(*message));
	message->nlmsg_len = (uint32_t)(sizeof(*message) + size);
	if (size > 0)
		memcpy(message + 1, data, size);
	if (sdr_diag_decode(message, SDR_TCP, &listener)) {
		if (listener.endpoint.port == 0 ||
			(listener.endpoint.addr.version != 4 &&
				listener.endpoint.addr.version != 6))
			abort();
		if (sdr_addr_format(address, &listener.endpoint.addr)[0] == '\0')
			abort();
	}
	free(message);
	return 0;
}
