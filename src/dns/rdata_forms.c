/* rdata_forms.c - checks of the RDATA whose fields depend on each other: each a function that moves
 * to the end of what it takes. */
#include <string.h>

#include "dns/rdata.h"

static const char *const cut = "it ends within a field";

/* Address, protocol, a bitmap of ports. RFC 1035 sec. 3.4.2 */
static const char *wks(struct wire *data)
{
	size_t size = data->length - data->at;
	data->at = data->length;
	return size < 5 ? cut : size > 5 + 8192 ? "a bitmap of more than 65,536 ports" : NULL;
}

/* RFC 1876 sec. 2; other versions than 0 are not checked. */
static const char *loc(struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	size_t size = data->length - data->at;
	data->at = data->length;
	if (size == 0)
		return cut;
	if (at[0] != 0)
		return NULL;
	if (size != 16)
		return size < 16 ? cut : "it is longer than its fields";
	for (unsigned i = 1; i <= 3; i++)
		if ((at[i] >> 4) > 9 || (at[i] & 15) > 9)
			return "a size or precision that is no decimal number";
	const uint32_t equator = UINT32_C(1) << 31, degree = 3600000;
	uint32_t latitude = sdr_wire_u32(at + 4), longitude = sdr_wire_u32(at + 8);
	if (latitude < equator - 90 * degree || latitude > equator + 90 * degree)
		return "a latitude beyond 90 degrees";
	if (longitude < equator - 180 * degree || longitude > equator + 180 * degree)
		return "a longitude beyond 180 degrees";
	return NULL;
}

/* Items of address family, prefix length, length, address. RFC 3123 sec. 4 */
static const char *apl(struct wire *data)
{
	while (data->at < data->length) {
		const uint8_t *item = data->bytes + data->at;
		if (data->length - data->at < 4)
			return cut;
		unsigned family = sdr_wire_u16(item), prefix = item[2], size = item[3] & 0x7f;
		if (size > data->length - data->at - 4)
			return cut;
		if (family == 1 ? prefix > 32 || size > 4
				: family == 2 && (prefix > 128 || size > 16))
			return "a prefix longer than the addresses of its family";
		if (size > 0 && item[3 + size] == 0)
			return "an address that ends with a zero byte";
		data->at += 4 + size;
	}
	return NULL;
}

/* A relay or gateway: none, IPv4, IPv6, a name. `kind` beyond 3: whatever is left. */
static const char *gateway(struct wire *data, unsigned kind)
{
	static const uint8_t sizes[] = {0, 4, 16};
	if (kind == 3)
		return data->at == data->length ? "a name is missing" : sdr_wire_name_plain(data);
	if (kind > 3) {
		data->at = data->length;
		return NULL;
	}
	if (data->length - data->at < sizes[kind])
		return cut;
	data->at += sizes[kind];
	return NULL;
}

/* Precedence, kind of gateway, algorithm, gateway, key. RFC 4025 sec. 2 */
static const char *ipseckey(struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	if (data->length - data->at < 3)
		return cut;
	data->at += 3;
	const char *wrong = gateway(data, at[1]);
	bool key = data->at < data->length;
	if (wrong || at[1] > 3)
		return wrong;
	data->at = data->length;
	if (at[2] == 0 && key)
		return "it is longer than its fields: a key, though its algorithm has none";
	return at[2] != 0 && !key ? "the key is missing" : NULL;
}

/* Precedence, a bit and the kind of relay, relay. RFC 8777 sec. 4.2 */
static const char *amtrelay(struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	if (data->length - data->at < 2)
		return cut;
	data->at += 2;
	return gateway(data, at[1] & 0x7f);
}

/* Length of the tag, algorithm, length of the key, both, names of servers. RFC 8005 sec. 5 */
static const char *hip(struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	if (data->length - data->at < 4)
		return cut;
	size_t tag = at[0], key = sdr_wire_u16(at + 2);
	if (tag == 0 || key == 0)
		return tag == 0 ? "the tag is empty" : "the key is empty";
	if (tag + key > data->length - data->at - 4)
		return cut;
	data->at += 4 + tag + key;
	while (data->at < data->length) {
		const char *wrong = sdr_wire_name_plain(data);
		if (wrong)
			return wrong;
	}
	return NULL;
}

static const char *alpn(const uint8_t *value, size_t length)
{
	if (length == 0)
		return "its parameter alpn is empty";
	for (size_t at = 0; at < length; at += (size_t)value[at] + 1)
		if (value[at] == 0 || value[at] >= length - at)
			return value[at] == 0 ? "its parameter alpn has an empty protocol"
					      : "its parameter alpn is cut";
	return NULL;
}

static const char *mandatory(const uint8_t *value, size_t length)
{
	int previous = 0; /* 0 is `mandatory` itself, which must not be in the list */
	if (length == 0 || length % 2 != 0)
		return "its parameter mandatory is no list of keys";
	for (size_t at = 0; at < length; at += 2) {
		int key = sdr_wire_u16(value + at);
		if (key <= previous)
			return key == 0 ? "its parameter mandatory names itself"
					: "its parameter mandatory has keys out of order";
		previous = key;
	}
	return NULL;
}

/* RFC 9460 sec. 7 and 8, RFC 9461, RFC 9540 */
static const char *parameter(unsigned key, const uint8_t *value, size_t length)
{
	switch (key) {
	case 0:
		return mandatory(value, length);
	case 1:
		return alpn(value, length);
	case 2:
		return length != 0 ? "its parameter no-default-alpn has a value" : NULL;
	case 3:
		return length != 2 ? "its parameter port is not of two bytes" : NULL;
	case 4:
		return length == 0 || length % 4 != 0
			? "its parameter ipv4hint is no list of IPv4 addresses"
			: NULL;
	case 5:
		return length == 0 ? "its parameter ech is empty" : NULL;
	case 6:
		return length == 0 || length % 16 != 0
			? "its parameter ipv6hint is no list of IPv6 addresses"
			: NULL;
	case 8:
		return length != 0 ? "its parameter ohttp has a value" : NULL;
	default:
		return NULL;
	}
}

/* Whether each key that must be there is: both lists are in order. */
static const char *all_present(const struct wire *data, const uint8_t *wanted, size_t length)
{
	size_t at = data->at;
	for (size_t i = 0; i < length; i += 2) {
		unsigned key = sdr_wire_u16(wanted + i);
		while (at < data->length && sdr_wire_u16(data->bytes + at) < key)
			at += 4 + (size_t)sdr_wire_u16(data->bytes + at + 2);
		if (at >= data->length || sdr_wire_u16(data->bytes + at) != key)
			return "a parameter that is mandatory is not there";
	}
	return NULL;
}

/* Key, length, value, keys strictly increasing. RFC 9460 sec. 2.2 */
static const char *svcparams(struct wire *data)
{
	struct wire all = *data;
	const uint8_t *wanted = NULL;
	size_t wanted_length = 0;
	for (int previous = -1; data->at < data->length;) {
		if (data->length - data->at < 4)
			return cut;
		const uint8_t *at = data->bytes + data->at;
		int key = sdr_wire_u16(at);
		size_t length = sdr_wire_u16(at + 2);
		if (key <= previous)
			return key == previous ? "a parameter comes twice"
					       : "its parameters are out of order";
		if (length > data->length - data->at - 4)
			return "a parameter runs past the end of its data";
		const char *wrong = parameter((unsigned)key, at + 4, length);
		if (wrong)
			return wrong;
		if (key == 0) {
			wanted = at + 4;
			wanted_length = length;
		}
		previous = key;
		data->at += 4 + length;
	}
	return all_present(&all, wanted, wanted_length);
}

/* Prefix length, the rest of the address, the name of the prefix. RFC 2874 sec. 3.1 */
static const char *a6(struct wire *data)
{
	if (data->at == data->length)
		return cut;
	unsigned prefix = data->bytes[data->at++], size = (128 - prefix + 7) / 8;
	if (prefix > 128)
		return "a prefix of more than 128 bits";
	if (data->length - data->at < size)
		return cut;
	if (size > 0 && prefix % 8 != 0 && (data->bytes[data->at] & ~(0xff >> prefix % 8)) != 0)
		return "bits of the prefix that are not zero";
	data->at += size;
	if (prefix == 0)
		return NULL;
	return data->at == data->length ? "a name is missing" : sdr_wire_name_plain(data);
}

/* Types 1 to 127 as bits; the first is never set, the last byte never 0. RFC 2535 sec. 5.2 */
static const char *nxt(struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	size_t size = data->length - data->at;
	data->at = data->length;
	if (size == 0)
		return "the list of types is empty";
	return (at[0] & 0x80) != 0 || size > 16 || at[size - 1] == 0 ? "an invalid list of types"
								     : NULL;
}

/* A format and an address, in digits for E.164. ATM Forum af-saa-0069 */
static const char *atma(struct wire *data)
{
	const uint8_t *at = data->bytes + data->at;
	size_t size = data->length - data->at;
	data->at = data->length;
	if (size < 2)
		return cut;
	for (size_t i = 1; at[0] == 1 && i < size; i++)
		if (at[i] < '0' || at[i] > '9')
			return "an address with characters other than digits";
	return NULL;
}

/* Identifier type, digest type, digest. RFC 4701 sec. 3.1 */
static const char *dhcid(struct wire *data)
{
	size_t size = data->length - data->at;
	data->at = data->length;
	return size < 4 ? cut : NULL;
}

const char *sdr_rdata_form(struct wire *data, char field)
{
	switch (field) {
	case 'W':
		return wks(data);
	case 'L':
		return loc(data);
	case 'P':
		return apl(data);
	case 'I':
		return ipseckey(data);
	case 'R':
		return amtrelay(data);
	case 'H':
		return hip(data);
	case 'V':
		return svcparams(data);
	case '7':
		return a6(data);
	case 'K':
		return nxt(data);
	case 'q':
		return atma(data);
	case 'd':
		return dhcid(data);
	case 'Y':
		if (data->at == data->length)
			return cut;
		data->at = data->length;
		return NULL;
	default:
		return "no record has this type";
	}
}
