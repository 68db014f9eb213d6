/* tcp_stream.c - questions and answers by TCP. The idea: c-ares's bytes and the wire's are two
 * streams of messages that correspond one to one but in no byte; so all that c-ares writes is taken
 * at once, and what comes is gathered until an answer is whole; c-ares then reads what stands for
 * it, in as many pieces as it likes. */
#include "dns/tcp_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "dns/wire.h"

#define FRAME_MAX (2 + WIRE_MESSAGE_MAX)

/* Puts a message, its length before it, behind others. False when out of memory. */
static bool frame_add(struct stream_bytes *queue, const uint8_t *message, size_t length)
{
	uint8_t *grown = realloc(queue->bytes, queue->length + 2 + length);
	if (!grown)
		return false;
	queue->bytes = grown;
	grown += queue->length;
	grown[0] = (uint8_t)(length >> 8);
	grown[1] = (uint8_t)length;
	memcpy(grown + 2, message, length);
	queue->length += 2 + length;
	return true;
}

static size_t left(const struct stream_bytes *queue)
{
	return queue->length - queue->at;
}

/* Bytes of another connection are of no use to this one. */
static void belong_to(struct stream *stream, int fd)
{
	if (stream->fd != fd)
		sdr_stream_closed(stream, stream->fd);
	stream->fd = fd;
}

bool sdr_stream_waits(const struct stream *stream, int fd)
{
	return stream->fd == fd && left(&stream->out) > 0;
}

int sdr_stream_flush(struct stream *stream, int fd)
{
	struct stream_bytes *out = &stream->out;
	int error = 0;
	if (stream->fd != fd)
		return 0;
	while (left(out) > 0 && error == 0) {
		ssize_t sent = send(fd, out->bytes + out->at, left(out), MSG_NOSIGNAL);
		if (sent >= 0)
			out->at += (size_t)sent;
		else if (errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			error = errno;
	}
	out->at = out->length = 0;
	return error;
}

ssize_t sdr_stream_write(
	struct stream *stream, const struct held_list *held, int fd, const struct iovec *part)
{
	const uint8_t *bytes = part->iov_base;
	size_t at = 0;
	belong_to(stream, fd);
	while (part->iov_len - at >= 2 && part->iov_len - at - 2 >= sdr_wire_u16(bytes + at)) {
		size_t length = sdr_wire_u16(bytes + at);
		struct held *meant = sdr_held_meant(held, bytes + at + 2, length);
		at += 2 + length;
		if (!meant || meant->sent)
			continue; /* nobody waits for it, or c-ares asks again by itself */
		if (!frame_add(&stream->out, meant->bytes, meant->length)) {
			errno = ENOMEM;
			return -1;
		}
		meant->sent = true;
	}
	errno = at == part->iov_len ? sdr_stream_flush(stream, fd) : EPROTO;
	return errno == 0 ? (ssize_t)at : -1;
}

size_t sdr_stream_pending(const struct stream *stream, int fd)
{
	return stream->fd == fd ? left(&stream->answers) : 0;
}

void sdr_stream_closed(struct stream *stream, int fd)
{
	if (stream->fd != fd)
		return;
	free(stream->in);
	free(stream->out.bytes);
	free(stream->answers.bytes);
	*stream = (struct stream){0};
}

/* Passes on what is whole of the bytes that came, but for what answers nothing. False when out of
 * memory. */
static bool gather(struct stream *stream, const struct held_list *held)
{
	size_t at = 0;
	for (; stream->in_length - at >= 2; at += 2 + (size_t)sdr_wire_u16(stream->in + at)) {
		uint8_t stand_in[WIRE_MESSAGE_MAX + 1];
		size_t length = sdr_wire_u16(stream->in + at);
		if (stream->in_length - at - 2 < length)
			break;
		memcpy(stand_in, stream->in + at + 2, length);
		length = sdr_held_keep(held, stand_in, length);
		if (length > 0 && !frame_add(&stream->answers, stand_in, length))
			return false;
	}
	memmove(stream->in, stream->in + at, stream->in_length - at);
	stream->in_length -= at;
	return true;
}

ssize_t sdr_stream_read(
	struct stream *stream, const struct held_list *held, int fd, void *bytes, size_t size)
{
	struct stream_bytes *answers = &stream->answers;
	if (sdr_stream_pending(stream, fd) == 0) {
		belong_to(stream, fd);
		answers->at = answers->length = 0;
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
		if (!good || answers->length == 0) {
			errno = good ? EAGAIN : ENOMEM;
			return -1;
		}
	}
	size_t some = left(answers) < size ? left(answers) : size;
	memcpy(bytes, answers->bytes + answers->at, some);
	answers->at += some;
	return (ssize_t)some;
}
