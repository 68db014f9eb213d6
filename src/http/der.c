/* der.c - tag, length, content. Tags above 30 and indefinite lengths are not DER of
 * certificates. */
#include "http/der.h"

#include <stdio.h>
#include <string.h>

bool sdr_der_next(struct sdr_der *from, unsigned *tag, struct sdr_der *content)
{
	const unsigned char *at = from->at;
	size_t length;
	if (from->end - at < 2 || (at[0] & 0x1f) == 0x1f)
		return false;
	*tag = *at++;
	length = *at++;
	if (length & 0x80) {
		size_t bytes = length & 0x7f;

		if (bytes == 0 || bytes > 3 || (size_t)(from->end - at) < bytes)
			return false;
		for (length = 0; bytes; bytes--)
			length = length << 8 | *at++;
	}
	if ((size_t)(from->end - at) < length)
		return false;
	*content = (struct sdr_der){at, at + length};
	from->at = at + length;
	return true;
}

bool sdr_der_take(struct sdr_der *from, unsigned tag, struct sdr_der *content)
{
	struct sdr_der ahead = *from;
	unsigned found;
	if (!sdr_der_next(&ahead, &found, content) || found != tag)
		return false;
	*from = ahead;
	return true;
}

bool sdr_der_is(const struct sdr_der *content, const char *oid, size_t length)
{
	return (size_t)(content->end - content->at) == length &&
		memcmp(content->at, oid, length) == 0;
}

const char *sdr_der_oid_text(char *out, size_t size, const struct sdr_der *oid)
{
	size_t used = 0;
	unsigned long part = 0;
	bool first = true;
	out[0] = '\0';
	for (const unsigned char *at = oid->at; at < oid->end && used < size; at++) {
		part = (part & 0xffffff) << 7 | (*at & 0x7f);
		if (*at & 0x80)
			continue;
		unsigned long root = part < 80 ? part / 40 : 2;
		int wrote = first
			? snprintf(out + used, size - used, "%lu.%lu", root, part - root * 40)
			: snprintf(out + used, size - used, ".%lu", part);
		used += wrote > 0 ? (size_t)wrote : 0;
		first = false;
		part = 0;
	}
	return out;
}
