/* buf.c - the bounded reader: one place that checks against the end. */
#include "base/buf.h"

#include <string.h>

void sdr_buf_init(struct sdr_buf *buf, const void *bytes, size_t length)
{
	*buf = (struct sdr_buf){.bytes = bytes, .length = length};
}

size_t sdr_buf_left(const struct sdr_buf *buf)
{
	return buf->length - buf->at;
}

const uint8_t *sdr_buf_bytes(struct sdr_buf *buf, size_t n)
{
	if (n > sdr_buf_left(buf)) {
		buf->failed = true;
		return NULL;
	}
	const uint8_t *here = buf->bytes + buf->at;
	buf->at += n;
	return here;
}

static uint64_t big_endian(struct sdr_buf *buf, size_t n)
{
	const uint8_t *p = sdr_buf_bytes(buf, n);
	uint64_t value = 0;
	for (size_t i = 0; p && i < n; i++)
		value = value << 8 | p[i];
	return value;
}

uint8_t sdr_buf_u8(struct sdr_buf *buf)
{
	return (uint8_t)big_endian(buf, 1);
}

uint16_t sdr_buf_be16(struct sdr_buf *buf)
{
	return (uint16_t)big_endian(buf, 2);
}

uint32_t sdr_buf_be32(struct sdr_buf *buf)
{
	return (uint32_t)big_endian(buf, 4);
}

uint64_t sdr_buf_be64(struct sdr_buf *buf)
{
	return big_endian(buf, 8);
}

const char *sdr_buf_line(struct sdr_buf *buf, size_t *length)
{
	size_t left = sdr_buf_left(buf);
	const uint8_t *line = buf->bytes + buf->at;
	const uint8_t *end = left ? memchr(line, '\n', left) : NULL;
	if (!end)
		return NULL;
	size_t n = (size_t)(end - line);
	buf->at += n + 1;
	*length = n > 0 && line[n - 1] == '\r' ? n - 1 : n;
	return (const char *)line;
}
