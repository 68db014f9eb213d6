/* tcp_stream.c - answers by TCP, before they go to c-ares. The idea: bytes are gathered until an
 * answer is whole; c-ares then reads an empty answer instead, in any number of pieces. RFC 1035
 * sec. 4.2.2, RFC 7766 sec. 8. */
#include "dns/tcp_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "dns/wire.h"

#define FRAME_MAX (2 + WIRE_MESSAGE_MAX)

void sdr_stream_sent(struct held_list *held, const uint8_t *bytes, size_t length)
{
	while (length > 2 && sdr_wire_u16(bytes) <= length - 2) {
		size_t size = sdr_wire_u16(bytes);
		sdr_held_asked(held, bytes + 2, size);
		bytes += 2 + size;
		length -= 2 + size;
	}
}

size_t sdr_stream_pending(const struct stream *stream, int fd)
{
	return stream->fd == fd ? stream->out_length - stream->out_at : 0;
}

void sdr_stream_closed(struct stream *stream, int fd)
{
	if (stream->fd != fd)
		return;
	free(stream->in);
	free(stream->out);
	*stream = (struct stream){0};
}

/* Puts one answer, or the empty one for it, behind what c-ares is to read. False when out of
 * memory. */
static bool pass_on(
	struct stream *stream, struct held_list *held, const uint8_t *answer, size_t length)
{
	const size_t least = WIRE_HEADER + WIRE_QUESTION_MAX,
		     size = length > least ? length : least;
	uint8_t *out = realloc(stream->out, stream->out_length + 2 + size);
	if (!out)
		return false;
	uint8_t *at = out + stream->out_length;
	memcpy(at + 2, answer, length);
	length = sdr_held_keep(held, at + 2, length, size);
	at[0] = (uint8_t)(length >> 8);
	at[1] = (uint8_t)length;
	stream->out = out;
	stream->out_length += 2 + length;
	return true;
}

/* Passes on complete messages, except those too short to answer anything: c-ares reads an empty
 * message as the end of the connection. False when out of memory. */
static bool gather(struct stream *stream, struct held_list *held)
{
	size_t at = 0;
	for (; stream->in_length - at >= 2; at += 2 + (size_t)sdr_wire_u16(stream->in + at)) {
		size_t length = sdr_wire_u16(stream->in + at);
		if (stream->in_length - at - 2 < length)
			break;
		if (length >= sizeof(uint16_t) &&
			!pass_on(stream, held, stream->in + at + 2, length))
			return false;
	}
	memmove(stream->in, stream->in + at, stream->in_length - at);
	stream->in_length -= at;
	return true;
}

ssize_t sdr_stream_read(
	struct stream *stream, struct held_list *held, int fd, void *bytes, size_t size)
{
	if (sdr_stream_pending(stream, fd) == 0) {
		if (stream->fd != fd)
			sdr_stream_closed(stream, stream->fd);
		stream->fd = fd;
		stream->out_at = stream->out_length = 0;
		if (!stream->in)
			stream->in = malloc(FRAME_MAX);
		if (!stream->in) {
			errno = ENOMEM;
			return -1;
		}
		ssize_t got =
			recv(fd, stream->in + stream->in_length, FRAME_MAX - stream->in_length, 0);
		if (got <= 0)
			return got;
		stream->in_length += (size_t)got;
		bool good = gather(stream, held);
		if (!good || stream->out_length == 0) {
			errno = good ? EAGAIN : ENOMEM;
			return -1;
		}
	}
	size_t some = stream->out_length - stream->out_at;
	some = some < size ? some : size;
	memcpy(bytes, stream->out + stream->out_at, some);
	stream->out_at += some;
	return (ssize_t)some;
}
