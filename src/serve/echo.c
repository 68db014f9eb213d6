/* echo.c - the echo service, RFC 862: what comes goes back, until the client closes; a datagram for
 * a datagram. */
#include "serve/serving.h"

static size_t on_datagram(struct sdr_services *services, const void **bytes, size_t length)
{
	(void)services;
	(void)bytes;
	return length;
}

const struct serve_type serve_echo = {
	.public = {.name = "echo",
		.sentence = "sends back what it gets (RFC 862)",
		.port = 7,
		.fallback_port = 10007},
	.answers_empty = true,
	.on_data = sdr_stream_send,
	.on_datagram = on_datagram,
};
