/* daytime.c - the daytime service, RFC 867: one line with the local time, then the connection
 * closes; a line for any datagram. */
#include "serve/serving.h"

static void on_open(struct serve_client *client)
{
	size_t length;
	const char *line = sdr_service_line(client->listener->services, &length);
	sdr_stream_send(client, line, length);
	sdr_stream_finish(client);
}

static size_t on_datagram(struct sdr_services *services, const void **bytes, size_t length)
{
	*bytes = sdr_service_line(services, &length);
	return length;
}

const struct serve_type serve_daytime = {
	.public = {.name = "daytime",
		.sentence = "sends the time as one line of text (RFC 867)",
		.port = 13,
		.fallback_port = 10013},
	.on_open = on_open,
	.on_datagram = on_datagram,
};
