/* wire.c - names and frames of a DNS message. The idea: a name is what its labels are, whatever
 * pointers they are reached by; each pointer leads back, so following them ends. RFC 1035 sec. 4.1
 * and 5.1, RFC 4343. */
#include "dns/wire.h"

#include <string.h>

uint16_t sdr_wire_u16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

uint32_t sdr_wire_u32(const uint8_t *bytes)
{
	return (uint32_t)sdr_wire_u16(bytes) << 16 | sdr_wire_u16(bytes + 2);
}

const char *sdr_wire_name(struct wire *wire)
{
	size_t at = wire->at, end = 0, size = 0, lowest = wire->at;
	for (unsigned hops = 0; at < wire->length;) {
		uint8_t label = wire->bytes[at];
		if (label >=
			0xc0) { /* RFC 1035 sec. 4.1.4: two high bits set: a pointer of 14 bits */
			if (at + 2 > wire->length)
				return "a name that runs past the end";
			if (end == 0)
				end = at + 2;
			at = sdr_wire_u16(wire->bytes + at) & 0x3fff;
			if (at >= lowest || at < WIRE_HEADER)
				return "a compression pointer that does not lead back to a name";
			if (++hops > WIRE_HOPS_MAX)
				return "a name of too many compression pointers";
			lowest = at;
			continue;
		}
		size += (size_t)label + 1;
		if (label > WIRE_LABEL_MAX)
			return "a label of a kind that does not exist";
		if (size > WIRE_NAME_MAX)
			return "a name of more than 255 bytes";
		at += (size_t)label + 1;
		if (label == 0) {
			wire->at = end == 0 ? at : end;
			return NULL;
		}
	}
	return "a name that runs past the end";
}

const char *sdr_wire_name_plain(struct wire *wire)
{
	for (size_t at = wire->at; at < wire->length && wire->bytes[at] != 0;
		at += (size_t)wire->bytes[at] + 1)
		if (wire->bytes[at] >= 0xc0)
			return "a compressed name, which this type must not have";
	return sdr_wire_name(wire);
}

const char *sdr_wire_questions(struct wire *wire, unsigned count)
{
	for (; count > 0; count--) {
		const char *wrong = sdr_wire_name(wire);
		if (wrong)
			return wrong;
		if (wire->length - wire->at < 4)
			return "the message ends within it";
		wire->at += 4; /* QTYPE, QCLASS */
	}
	return NULL;
}

const char *sdr_wire_record(struct wire *wire, struct wire_record *record)
{
	size_t start = wire->at;
	if (start == wire->length)
		return "it is missing, though the header counts it";
	const char *wrong = sdr_wire_name(wire);
	if (wrong)
		return wrong;
	if (wire->length - wire->at < 10)
		return "the message ends within it";
	const uint8_t *fixed = wire->bytes + wire->at;
	*record = (struct wire_record){.start = start,
		.data = wire->at + 10,
		.type = sdr_wire_u16(fixed),
		.klass = sdr_wire_u16(fixed + 2),
		.ttl = sdr_wire_u32(fixed + 4),
		.length = sdr_wire_u16(fixed + 8)};
	if (record->length > wire->length - record->data)
		return "its data runs past the end of the message";
	wire->at = record->data + record->length;
	return NULL;
}

static uint8_t lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 'a' - 'A') : byte;
}

/* Where the label that stands at `at` really is. */
static size_t label_at(const uint8_t *bytes, size_t at)
{
	while (bytes[at] >= 0xc0)
		at = sdr_wire_u16(bytes + at) & 0x3fff;
	return at;
}

bool sdr_wire_name_same(const uint8_t *a, size_t a_at, const uint8_t *b, size_t b_at)
{
	for (;;) {
		a_at = label_at(a, a_at);
		b_at = label_at(b, b_at);
		if (a == b && a_at == b_at)
			return true;
		uint8_t length = a[a_at];
		if (length != b[b_at])
			return false;
		if (length == 0)
			return true;
		for (unsigned i = 1; i <= length; i++)
			if (lower(a[a_at + i]) != lower(b[b_at + i]))
				return false;
		a_at += (size_t)length + 1;
		b_at += (size_t)length + 1;
	}
}

static unsigned label_count(const uint8_t *bytes, size_t at)
{
	unsigned count = 0;
	for (at = label_at(bytes, at); bytes[at] != 0; at = label_at(bytes, at + bytes[at] + 1))
		count++;
	return count;
}

bool sdr_wire_name_holds(
	const uint8_t *ancestor, size_t ancestor_at, const uint8_t *name, size_t name_at)
{
	unsigned above = label_count(ancestor, ancestor_at), labels = label_count(name, name_at);
	for (; labels > above; labels--) {
		name_at = label_at(name, name_at);
		name_at += (size_t)name[name_at] + 1;
	}
	return labels == above && sdr_wire_name_same(ancestor, ancestor_at, name, name_at);
}

/* Reads one character of a label, escaped or not. Returns how many bytes of text it takes; 0: a bad
 * escape. */
static size_t character(const char *text, uint8_t *byte)
{
	*byte = (uint8_t)text[0];
	if (text[0] != '\\')
		return 1;
	if (text[1] < '0' || text[1] > '9') {
		*byte = (uint8_t)text[1];
		return text[1] != '\0' ? 2 : 0;
	}
	unsigned value = 0;
	for (unsigned i = 1; i <= 3; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	*byte = (uint8_t)value;
	return value <= UINT8_MAX ? 4 : 0;
}

/* Reads the label at *text into out[], its length first, and moves past it and its dot. Returns its
 * bytes; 0: no label. */
static size_t label_parse(uint8_t out[static WIRE_LABEL_MAX + 1], const char **text)
{
	size_t length = 0;
	const char *at = *text;
	while (*at != '\0' && *at != '.') {
		uint8_t byte;
		size_t step = character(at, &byte);
		if (step == 0 || length == WIRE_LABEL_MAX)
			return 0;
		out[++length] = byte;
		at += step;
	}
	out[0] = (uint8_t)length;
	*text = *at == '.' ? at + 1 : at;
	return length;
}

size_t sdr_wire_name_parse(uint8_t out[static WIRE_NAME_MAX], const char *text)
{
	size_t length = 0;
	uint8_t label[WIRE_LABEL_MAX + 1];
	if (strcmp(text, ".") == 0) {
		out[0] = 0;
		return 1;
	}
	do {
		size_t size = label_parse(label, &text);
		if (size == 0 || length + size + 2 > WIRE_NAME_MAX)
			return 0;
		memcpy(out + length, label, size + 1);
		length += size + 1;
	} while (*text != '\0');
	out[length] = 0;
	return length + 1;
}
