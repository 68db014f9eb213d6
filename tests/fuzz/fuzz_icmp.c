/* Any bytes as an ICMP or ICMPv6 message, with and without an IPv4 header before it. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "net/icmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char words[SDR_ICMP_WORDS];
	struct icmp_message message;
	for (uint8_t version = 4; version <= 6; version += 2) {
		sdr_icmp_decode(version, data, size, size, &message);
		assert(message.kind == ICMP_KIND_OTHER || size >= SDR_ICMP_HEADER);
		assert(message.kind != ICMP_KIND_REPLY ||
			message.echo.size == size - SDR_ICMP_HEADER);
		assert(!message.quotes_echo ||
			(message.kind == ICMP_KIND_ERROR && size >= 2 * SDR_ICMP_HEADER + 20));
		assert(strlen(sdr_icmp_words(words, version, message.type, message.code,
			       message.mtu)) < sizeof(words));
	}
	size_t header = sdr_icmp_ipv4_header(data, size);
	assert(header <= size);
	if (header > 0)
		sdr_icmp_decode(4, data + header, size - header, size - header, &message);
	(void)sdr_icmp_fold(sdr_icmp_sum(0, data, size));
	return 0;
}
