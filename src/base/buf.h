/* buf.h - a bounded reader: parsers of outside bytes fetch through it and do no pointer arithmetic of their own.
 *
 * A fetch past the end yields 0 (or NULL), takes nothing and marks the reader as failed; a parser may fetch several fields and ask once. */
#ifndef SOUNDER_BASE_BUF_H
#define SOUNDER_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sdr_buf {
	const uint8_t *bytes; /* [length], borrowed */
	size_t length;        /* of `bytes` */
	size_t at;            /* what was taken; <= length */
	bool failed;          /* something was fetched that was not there */
};

/* Starts reading bytes[length]. */
void sdr_buf_init(struct sdr_buf *buf, const void *bytes, size_t length);

/* Returns how many bytes are left. */
size_t sdr_buf_left(const struct sdr_buf *buf);

uint8_t sdr_buf_u8(struct sdr_buf *buf);
uint16_t sdr_buf_be16(struct sdr_buf *buf); /* big-endian, as on the wire */
uint32_t sdr_buf_be32(struct sdr_buf *buf);
uint64_t sdr_buf_be64(struct sdr_buf *buf);

/* Takes n bytes and returns where they are, or NULL. */
const uint8_t *sdr_buf_bytes(struct sdr_buf *buf, size_t n);

/* Takes a line that ends in LF, and returns it without LF or CR LF; `*length` its bytes. Without an LF: NULL, and nothing is marked as failed,
 * for more may come. */
const char *sdr_buf_line(struct sdr_buf *buf, size_t *length);

#endif
