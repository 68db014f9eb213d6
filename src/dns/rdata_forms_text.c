/* rdata_forms_text.c - presentation forms of the RDATA whose fields depend on each other; see
 * rdata_forms.c. */
#include <string.h>

#include "dns/rdata.h"
#include "sounder/addr.h"

/* Of version 0. A size or precision of zero has several encodings; only the plain one is written as
 * text. RFC 1876 sec. 3 */
static bool loc_is_plain(const uint8_t *data)
{
	for (unsigned i = 1; i <= 3; i++)
		if (data[i] >> 4 == 0 && data[i] != 0)
			return false;
	return true;
}

static bool apl_is_known(const uint8_t *data, size_t length)
{
	for (size_t at = 0; at < length; at += 4u + (data[at + 3] & 0x7f))
		if (sdr_wire_u16(data + at) != 1 && sdr_wire_u16(data + at) != 2)
			return false;
	return true;
}

bool sdr_rdata_is_opaque(char field, const uint8_t *data, size_t length)
{
	switch (field) {
	case '*':
		return true;
	case 'L':
		return data[0] != 0 || !loc_is_plain(data);
	case 'P':
		return !apl_is_known(data, length);
	case 'I':
		return data[1] > 3;
	case 'R':
		return (data[1] & 0x7f) > 3;
	case 'q':
		return data[0] > 1;
	case 'W': /* ports are listed, so zeros at the end would be lost */
		return length > 5 && data[length - 1] == 0;
	default:
		return false;
	}
}

static void put_address(
	struct rdata_text *text, uint8_t version, const uint8_t *bytes, size_t length)
{
	struct sdr_addr addr = {.version = version};
	char out[SDR_ADDR_TEXT];
	memcpy(addr.bytes, bytes, length);
	sdr_addr_format(out, &addr);
	sdr_rdata_put(text, out, strlen(out));
}

static void wks(struct rdata_text *text, const uint8_t *at, size_t size)
{
	put_address(text, 4, at, 4);
	sdr_rdata_print(text, " %u", at[4]);
	for (size_t bit = 0; bit < (size - 5) * 8; bit++)
		if ((at[5 + bit / 8] & 0x80 >> bit % 8) != 0)
			sdr_rdata_print(text, " %zu", bit);
}

static void degrees(struct rdata_text *text, uint32_t value, const char *sides)
{
	const uint32_t equator = UINT32_C(1) << 31;
	uint32_t from = value >= equator ? value - equator : equator - value;
	sdr_rdata_print(text, "%u %u %u.%03u %c ", from / 3600000, from / 60000 % 60,
		from / 1000 % 60, from % 1000, sides[value >= equator ? 0 : 1]);
}

static void loc(struct rdata_text *text, const uint8_t *at)
{
	degrees(text, sdr_wire_u32(at + 4), "NS");
	degrees(text, sdr_wire_u32(at + 8), "EW");
	const uint32_t base = 10000000; /* the height counts from 100 km below */
	uint32_t height = sdr_wire_u32(at + 12),
		 from = height >= base ? height - base : base - height;
	sdr_rdata_print(text, "%s%u.%02um", height < base ? "-" : "", from / 100, from % 100);
	for (unsigned i = 1; i <= 3; i++) {
		uint64_t size = at[i] >> 4;
		for (unsigned power = at[i] & 15; power > 0; power--)
			size *= 10;
		if ((at[i] & 15) > 1)
			sdr_rdata_print(text, " %llum", (unsigned long long)size / 100);
		else
			sdr_rdata_print(text, " 0.%02llum", (unsigned long long)size);
	}
}

static void apl(struct rdata_text *text, const uint8_t *at, const uint8_t *end)
{
	for (const char *blank = ""; at < end; at += 4u + (at[3] & 0x7f), blank = " ") {
		unsigned family = sdr_wire_u16(at);
		sdr_rdata_print(text, "%s%s%u:", blank, (at[3] & 0x80) != 0 ? "!" : "", family);
		put_address(text, family == 1 ? 4 : 6, at + 4, at[3] & 0x7f);
		sdr_rdata_print(text, "/%u", at[2]);
	}
}

/* Returns how many bytes the gateway takes. */
static size_t gateway(struct rdata_text *text, unsigned kind, const struct wire *data, size_t at)
{
	struct wire name = {data->bytes, data->length, at};
	switch (kind) {
	case 1:
	case 2:
		put_address(text, kind == 1 ? 4 : 6, data->bytes + at, kind == 1 ? 4 : 16);
		return kind == 1 ? 4 : 16;
	case 3:
		sdr_rdata_put_name(text, data->bytes, at);
		return !sdr_wire_name(&name) ? name.at - at : 0;
	default:
		sdr_rdata_put(text, ".", 1);
		return 0;
	}
}

static void ipseckey(struct rdata_text *text, const struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	sdr_rdata_print(text, "%u %u %u ", at[0], at[1], at[2]);
	size_t key = data->at + 3 + gateway(text, at[1], data, data->at + 3);
	if (key < data->length) {
		sdr_rdata_put(text, " ", 1);
		sdr_rdata_put_base64(text, data->bytes + key, data->length - key);
	}
}

static void amtrelay(struct rdata_text *text, const struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	sdr_rdata_print(text, "%u %u %u ", at[0], at[1] >> 7, at[1] & 0x7f);
	gateway(text, at[1] & 0x7f, data, data->at + 2);
}

static void hip(struct rdata_text *text, const struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	size_t tag = at[0], key = sdr_wire_u16(at + 2);
	sdr_rdata_print(text, "%u ", at[1]);
	sdr_rdata_put_hex(text, at + 4, tag);
	sdr_rdata_put(text, " ", 1);
	sdr_rdata_put_base64(text, at + 4 + tag, key);
	struct wire names = {data->bytes, data->length, data->at + 4 + tag + key};
	while (names.at < names.length) {
		sdr_rdata_put(text, " ", 1);
		sdr_rdata_put_name(text, names.bytes, names.at);
		if (sdr_wire_name(&names))
			return; /* cannot be: it was checked */
	}
}

static void put_key(struct rdata_text *text, unsigned key)
{
	static const char *const words[] = {"mandatory", "alpn", "no-default-alpn", "port",
		"ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp"};
	if (key < sizeof(words) / sizeof(*words))
		sdr_rdata_put(text, words[key], strlen(words[key]));
	else
		sdr_rdata_print(text, "key%u", key);
}

/* Protocols of a list: a comma or backslash in one is escaped for the list, and that once more for
 * the string. RFC 9460 appendix A.1 */
static void put_alpn(struct rdata_text *text, const uint8_t *at, const uint8_t *end)
{
	sdr_rdata_put(text, "\"", 1);
	for (const char *comma = ""; at < end; at += (size_t)at[0] + 1, comma = ",") {
		sdr_rdata_put(text, comma, strlen(comma));
		for (unsigned i = 1; i <= at[0]; i++) {
			if (at[i] == ',' || at[i] == '\\')
				sdr_rdata_put(text, "\\\\", 2);
			if (at[i] == '"' || at[i] == '\\')
				sdr_rdata_put(text, "\\", 1);
			if (at[i] < ' ' || at[i] >= 0x7f)
				sdr_rdata_print(text, "\\%03u", at[i]);
			else
				sdr_rdata_put(text, (const char *)at + i, 1);
		}
	}
	sdr_rdata_put(text, "\"", 1);
}

static void put_parameter(
	struct rdata_text *text, unsigned key, const uint8_t *value, size_t length)
{
	put_key(text, key);
	if (length == 0)
		return;
	sdr_rdata_put(text, "=", 1);
	switch (key) {
	case 0:
		for (size_t at = 0; at < length; at += 2) {
			sdr_rdata_put(text, ",", at > 0);
			put_key(text, sdr_wire_u16(value + at));
		}
		return;
	case 1:
		put_alpn(text, value, value + length);
		return;
	case 3:
		sdr_rdata_print(text, "%u", sdr_wire_u16(value));
		return;
	case 4:
	case 6:
		for (size_t at = 0, size = key == 4 ? 4 : 16; at < length; at += size) {
			sdr_rdata_put(text, ",", at > 0);
			put_address(text, key == 4 ? 4 : 6, value + at, size);
		}
		return;
	case 5:
		sdr_rdata_put_base64(text, value, length);
		return;
	default:
		sdr_rdata_put_quoted(text, value, length);
	}
}

static void svcparams(struct rdata_text *text, const uint8_t *at, const uint8_t *end)
{
	for (const char *blank = ""; at < end; at += 4u + sdr_wire_u16(at + 2), blank = " ") {
		sdr_rdata_put(text, blank, strlen(blank));
		put_parameter(text, sdr_wire_u16(at), at + 4, sdr_wire_u16(at + 2));
	}
}

static void a6(struct rdata_text *text, const struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	unsigned prefix = at[0], size = (128 - prefix + 7) / 8;
	uint8_t address[16] = {0};
	memcpy(address + 16 - size, at + 1, size);
	sdr_rdata_print(text, "%u", prefix);
	if (prefix < 128) {
		sdr_rdata_put(text, " ", 1);
		put_address(text, 6, address, 16);
	}
	if (prefix > 0) {
		sdr_rdata_put(text, " ", 1);
		sdr_rdata_put_name(text, data->bytes, data->at + 1 + size);
	}
}

static void nxt(struct rdata_text *text, const uint8_t *at, size_t size)
{
	const char *blank = "";
	for (unsigned bit = 0; bit < size * 8; bit++)
		if ((at[bit / 8] & 0x80 >> bit % 8) != 0) {
			sdr_rdata_put(text, blank, strlen(blank));
			sdr_rdata_put_type(text, (uint16_t)bit);
			blank = " ";
		}
}

static void lower_hex(struct rdata_text *text, const uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sdr_rdata_print(text, "%02x", at[i]);
}

static void atma(struct rdata_text *text, const uint8_t *at, size_t size)
{
	if (at[0] == 1) {
		sdr_rdata_put(text, "+", 1);
		sdr_rdata_put(text, (const char *)at + 1, size - 1);
	} else {
		lower_hex(text, at + 1, size - 1);
	}
}

void sdr_rdata_write_form(struct rdata_text *text, char field, const struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	size_t size = data->length - data->at;
	switch (field) {
	case 'W':
		wks(text, at, size);
		return;
	case 'L':
		loc(text, at);
		return;
	case 'P':
		apl(text, at, at + size);
		return;
	case 'I':
		ipseckey(text, data);
		return;
	case 'R':
		amtrelay(text, data);
		return;
	case 'H':
		hip(text, data);
		return;
	case 'V':
		svcparams(text, at, at + size);
		return;
	case '7':
		a6(text, data);
		return;
	case 'K':
		nxt(text, at, size);
		return;
	case 'q':
		atma(text, at, size);
		return;
	case 'Y':
		sdr_rdata_put(text, "0x", 2);
		lower_hex(text, at, size);
		return;
	default: /* d */
		sdr_rdata_put_base64(text, at, size);
	}
}
