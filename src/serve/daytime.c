/* daytime.c - the daytime service, RFC 867: one line with the local time, then the connection
 * closes; a line for any datagram. */
#include <time.h>

#include "serve/serving.h"

/* Returns the present time's text, CR LF included. */
static const char *line_now(struct sdr_services *services, size_t *length)
{
	time_t second = (time_t)(sdr_clock_wall() / SDR_SECOND);
	if (second != services->line_second || services->line_length == 0) {
		struct tm tm = {0};
		localtime_r(&second, &tm);
		services->line_length = sdr_daytime_format(services->line, &tm);
		services->line_second = second;
	}
	*length = services->line_length;
	return services->line;
}

static void on_open(struct serve_client *client)
{
	size_t length;
	const char *line = line_now(client->listener->services, &length);
	sdr_stream_send(client, line, length);
	sdr_stream_finish(client);
}

static size_t on_datagram(struct sdr_services *services, const void **bytes, size_t length)
{
	*bytes = line_now(services, &length);
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
