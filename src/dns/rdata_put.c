/* rdata_put.c - text of records under construction, and the parts that all of them are made of. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/rdata.h"

/* Makes room for `more` bytes and a NUL. False when out of memory. */
static bool room(struct rdata_text *text, size_t more)
{
	if (text->failed)
		return false;
	if (text->length + more < text->size)
		return true;
	size_t size = text->size * 2 > text->length + more + 1 ? text->size * 2
							       : text->length + more + 256;
	char *bytes = realloc(text->bytes, size);
	text->failed = !bytes;
	if (text->failed)
		return false;
	text->bytes = bytes;
	text->size = size;
	return true;
}

void sdr_rdata_put(struct rdata_text *text, const char *bytes, size_t length)
{
	if (!room(text, length))
		return;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void sdr_rdata_print(struct rdata_text *text, const char *format, ...)
{
	va_list args;
	if (!room(text, 96))
		return;
	va_start(args, format);
	text->length += (size_t)vsnprintf(text->bytes + text->length, 96, format, args);
	va_end(args);
}

void sdr_rdata_put_word(struct rdata_text *text, const char *word)
{
	sdr_rdata_put(text, word, strlen(word));
}

void sdr_rdata_put_number(struct rdata_text *text, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	do
		digits[--at] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	sdr_rdata_put(text, digits + at, sizeof(digits) - at);
}

/* Writes a byte: as it is, behind a backslash if it is one of `special`, or as \DDD. Room for four
 * is there. */
static char *put_byte(char *out, uint8_t byte, const char *special)
{
	if (byte <= ' ' || byte >= 0x7f) {
		*out++ = '\\';
		*out++ = (char)('0' + byte / 100);
		*out++ = (char)('0' + byte / 10 % 10);
		*out++ = (char)('0' + byte % 10);
		return out;
	}
	if (strchr(special, byte))
		*out++ = '\\';
	*out++ = (char)byte;
	return out;
}

void sdr_rdata_put_name(struct rdata_text *text, const uint8_t *bytes, size_t at)
{
	if (!room(text, 4 * WIRE_NAME_MAX))
		return;
	char *out = text->bytes + text->length;
	bool root = true;
	for (;;) {
		uint8_t length = bytes[at];
		if (length >= 0xc0) {
			at = sdr_wire_u16(bytes + at) & 0x3fff;
			continue;
		}
		if (length == 0)
			break;
		root = false;
		for (unsigned i = 1; i <= length; i++) {
			uint8_t byte = bytes[at + i];
			if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
				*out++ = (char)byte;
			else
				out = put_byte(out, byte, "\".;()@$\\");
		}
		*out++ = '.';
		at += (size_t)length + 1;
	}
	if (root)
		*out++ = '.';
	*out = '\0';
	text->length = (size_t)(out - text->bytes);
}

void sdr_rdata_put_type(struct rdata_text *text, uint16_t number)
{
	const struct rdata_type *type = sdr_rdata_type(number);
	if (type)
		sdr_rdata_put_word(text, type->name);
	else
		sdr_rdata_print(text, "TYPE%u", number);
}

void sdr_rdata_put_class(struct rdata_text *text, uint16_t number)
{
	if (number == WIRE_IN)
		sdr_rdata_put_word(text, "IN");
	else if (number == WIRE_CLASS_ANY)
		sdr_rdata_put_word(text, "ANY");
	else
		sdr_rdata_print(text, "CLASS%u", number);
}

void sdr_rdata_put_hex(struct rdata_text *text, const uint8_t *bytes, size_t length)
{
	static const char digits[] = "0123456789ABCDEF";
	if (!room(text, 2 * length))
		return;
	char *out = text->bytes + text->length;
	for (size_t i = 0; i < length; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
	text->length += 2 * length;
}

/* `bits` a digit, `group` bytes and digits filled up with '='. */
static void put_digits(
	struct rdata_text *text, const uint8_t *bytes, size_t length, const char *digits)
{
	bool base64 = strlen(digits) == 64;
	unsigned bits = base64 ? 6 : 5, left = 0, written = 0;
	uint32_t held = 0;
	if (!room(text, length * 8 / bits + 8))
		return;
	for (size_t i = 0; i < length; i++) {
		held = held << 8 | bytes[i];
		for (left += 8; left >= bits; left -= bits, written++)
			text->bytes[text->length++] =
				digits[held >> (left - bits) & ((1u << bits) - 1)];
	}
	if (left > 0) {
		text->bytes[text->length++] = digits[held << (bits - left) & ((1u << bits) - 1)];
		written++;
	}
	for (; base64 && written % 4 != 0; written++)
		text->bytes[text->length++] = '=';
	text->bytes[text->length] = '\0';
}

void sdr_rdata_put_base64(struct rdata_text *text, const uint8_t *bytes, size_t length)
{
	put_digits(text, bytes, length,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
}

void sdr_rdata_put_quoted(struct rdata_text *text, const uint8_t *bytes, size_t length)
{
	if (!room(text, 4 * length + 2))
		return;
	char *out = text->bytes + text->length;
	*out++ = '"';
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == ' ') /* it needs no escape between quotes */
			*out++ = ' ';
		else
			out = put_byte(out, bytes[i], "\"\\");
	*out++ = '"';
	*out = '\0';
	text->length = (size_t)(out - text->bytes);
}

void sdr_rdata_put_base32(struct rdata_text *text, const uint8_t *bytes, size_t length)
{
	put_digits(text, bytes, length, "0123456789ABCDEFGHIJKLMNOPQRSTUV");
}
