/* tcp_stream.h (internal) - a TCP connection to a name server as c-ares reads it: each answer is
 * kept (held.h), and c-ares gets an empty one instead. */
#ifndef SOUNDER_DNS_TCP_STREAM_H
#define SOUNDER_DNS_TCP_STREAM_H

#include <sys/types.h>

#include "dns/held.h"

/* Zero it. */
struct stream {
	int fd;       /* the connection that these bytes are from, if any */
	uint8_t *in;  /* [in_length] bytes of an answer that is not whole yet; owned */
	uint8_t *out; /* [out_at .. out_length] what c-ares has yet to read; owned */
	size_t in_length, out_at, out_length;
};

/* Notes the questions in what was sent: two bytes of length before each. RFC 1035 sec. 4.2.2 */
void sdr_stream_sent(struct held_list *held, const uint8_t *bytes, size_t length);

/* Reads as recv does. */
ssize_t sdr_stream_read(
	struct stream *stream, struct held_list *held, int fd, void *bytes, size_t size);

/* Returns the number of buffered bytes, which no poll reports. */
size_t sdr_stream_pending(const struct stream *stream, int fd);

void sdr_stream_closed(struct stream *stream, int fd); /* drops its bytes */

#endif
