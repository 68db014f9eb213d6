/* tcp_stream.h (internal) - a TCP connection to a name server: what c-ares writes and reads are
 * stand-ins (held.h), here for messages with two bytes of length before each. RFC 1035 sec. 4.2.2,
 * RFC 7766 sec. 8. */
#ifndef SOUNDER_DNS_TCP_STREAM_H
#define SOUNDER_DNS_TCP_STREAM_H

#include <sys/types.h>
#include <sys/uio.h>

#include "dns/held.h"

/* Bytes on their way: [at .. length], owned. */
struct stream_bytes {
	uint8_t *bytes;
	size_t at, length;
};

/* Zero it. */
struct stream {
	int fd;                  /* the connection that these bytes are from, if any */
	struct stream_bytes out; /* questions that have yet to leave */
	uint8_t *in;             /* [in_length] bytes of an answer that is not whole yet; owned */
	size_t in_length;
	struct stream_bytes answers; /* what c-ares has yet to read */
};

/* Takes what c-ares writes, always all of it, and sends the questions meant, each once. Returns its
 * length; -1 with errno. What did not leave waits for sdr_stream_flush. */
ssize_t sdr_stream_write(
	struct stream *stream, const struct held_list *held, int fd, const struct iovec *part);

/* Sends what waits. Returns 0, or an errno other than EAGAIN: then nothing waits any more. */
int sdr_stream_flush(struct stream *stream, int fd);

/* Reads as recv does. */
ssize_t sdr_stream_read(
	struct stream *stream, const struct held_list *held, int fd, void *bytes, size_t size);

/* Returns the number of buffered bytes, which no poll reports. */
size_t sdr_stream_pending(const struct stream *stream, int fd);

bool sdr_stream_waits(const struct stream *stream, int fd); /* for room to send */

void sdr_stream_closed(struct stream *stream, int fd); /* forgets what came or was to go by it */

#endif
