/* rdata.c - the types of DNS records and the check of their RDATA. The idea: a type is a line of a
 * table, its fields characters of a string; RDATA is good if its fields take exactly RDLENGTH.
 * IANA's DNS parameters; each type's RFC. */
#include "dns/rdata.h"

#include <string.h>
#include <strings.h>

/* In the order of their numbers. */
static const struct rdata_type types[] = {
	{1, "A", "A"},
	{2, "NS", "n"},
	{3, "MD", "n"},
	{4, "MF", "n"},
	{5, "CNAME", "n"},
	{6, "SOA", "nn44444"},
	{7, "MB", "n"},
	{8, "MG", "n"},
	{9, "MR", "n"},
	{10, "NULL", "*"},
	{11, "WKS", "W"},
	{12, "PTR", "n"},
	{13, "HINFO", "ss"},
	{14, "MINFO", "nn"},
	{15, "MX", "2n"},
	{16, "TXT", "S"},
	{17, "RP", "nn"},
	{18, "AFDB", "2n"},
	{19, "X25", "s"},
	{20, "ISDN", "so"},
	{21, "RT", "2n"},
	{22, "NSAP", "Y"},
	{23, "NSAP-PTR", "N"},
	{24, "SIG", "T114tt2nB"},
	{25, "KEY", "211b"},
	{26, "PX", "2nn"},
	{27, "GPOS", "sss"},
	{28, "AAAA", "6"},
	{29, "LOC", "L"},
	{30, "NXT", "nK"},
	{31, "EID", "X"},
	{32, "NIMLOC", "X"},
	{33, "SRV", "222n"},
	{34, "ATMA", "q"},
	{35, "NAPTR", "22sssn"},
	{36, "KX", "2N"},
	{37, "CERT", "C2GB"},
	{38, "A6", "7"},
	{39, "DNAME", "N"},
	{40, "SINK", "*"},
	{41, "OPT", "*"},
	{42, "APL", "P"},
	{43, "DS", "21D"},
	{44, "SSHFP", "11X"},
	{45, "IPSECKEY", "I"},
	{46, "RRSIG", "T114tt2NB"},
	{47, "NSEC", "NM"},
	{48, "DNSKEY", "211B"},
	{49, "DHCID", "d"},
	{50, "NSEC3", "112zhm"},
	{51, "NSEC3PARAM", "112z"},
	{52, "TLSA", "111X"},
	{53, "SMIMEA", "111X"},
	{55, "HIP", "H"},
	{56, "NINFO", "S"},
	{57, "RKEY", "211B"},
	{58, "TALINK", "NN"},
	{59, "CDS", "21D"},
	{60, "CDNSKEY", "211B"},
	{61, "OPENPGPKEY", "B"},
	{62, "CSYNC", "42m"},
	{63, "ZONEMD", "4Z"},
	{64, "SVCB", "2NV"},
	{65, "HTTPS", "2NV"},
	{66, "DSYNC", "TQ2N"},
	{67, "HHIT", "B"},
	{68, "BRID", "B"},
	{99, "SPF", "S"},
	{100, "UINFO", "s"},
	{101, "UID", "4"},
	{102, "GID", "4"},
	{103, "UNSPEC", "*"},
	{104, "NID", "2i"},
	{105, "L32", "2A"},
	{106, "L64", "2i"},
	{107, "LP", "2N"},
	{108, "EUI48", "e"},
	{109, "EUI64", "E"},
	{249, "TKEY", "*"},
	{250, "TSIG", "*"},
	{251, "IXFR", "?"},
	{252, "AXFR", "?"},
	{253, "MAILB", "?"},
	{254, "MAILA", "?"},
	{255, "ANY", "?"},
	{256, "URI", "22u"},
	{257, "CAA", "1gc"},
	{258, "AVC", "S"},
	{259, "DOA", "441sb"},
	{260, "AMTRELAY", "R"},
	{261, "RESINFO", "S"},
	{262, "WALLET", "S"},
	{263, "CLA", "S"},
	{264, "IPN", "8"},
	{32768, "TA", "21D"},
	{32769, "DLV", "21D"},
};

#define TYPES (sizeof(types) / sizeof(*types))

const struct rdata_type *sdr_rdata_type(uint16_t number)
{
	size_t low = 0, high = TYPES;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (types[middle].number == number)
			return &types[middle];
		if (types[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct rdata_type *sdr_rdata_type_named(const char *name)
{
	for (size_t i = 0; i < TYPES; i++)
		if (strcasecmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

bool sdr_rdata_is_question(uint16_t number)
{
	return number == 0 || (number > WIRE_TSIG && number <= WIRE_ANY);
}

static const char *const short_ = "it ends within a field";

static const char *fixed(struct wire *data, size_t size)
{
	if (data->length - data->at < size)
		return short_;
	data->at += size;
	return NULL;
}

static const char *string(struct wire *data)
{
	if (data->at == data->length)
		return "a character string is missing";
	if (data->bytes[data->at] >= data->length - data->at)
		return "a character string runs past the end of its data";
	data->at += (size_t)data->bytes[data->at] + 1;
	return NULL;
}

static const char *strings(struct wire *data)
{
	const char *wrong;
	do
		wrong = string(data);
	while (!wrong && data->at < data->length);
	return wrong;
}

static const char *rest(struct wire *data, const char *missing)
{
	if (data->at == data->length)
		return missing;
	data->at = data->length;
	return NULL;
}

/* Windows of types in order, each of 1 to 32 bytes that end with a type. RFC 4034 sec. 4.1.2 */
static const char *bitmap(struct wire *data, bool needed)
{
	int window = -1;
	if (data->at == data->length)
		return needed ? "the list of types is empty" : NULL;
	while (data->at < data->length) {
		if (data->length - data->at < 3)
			return "the list of types ends within a window";
		uint8_t number = data->bytes[data->at], size = data->bytes[data->at + 1];
		if (number <= window)
			return "the list of types has its windows out of order";
		if (size == 0 || size > 32)
			return "the list of types has a window of a size that is not 1 to 32";
		if (size > data->length - data->at - 2)
			return "the list of types ends within a window";
		if (data->bytes[data->at + 1 + size] == 0)
			return "the list of types has a window that ends with zeros";
		window = number;
		data->at += (size_t)size + 2;
	}
	return NULL;
}

/* Digest type and digest: of the size that a known type takes. RFC 4034 sec. 5.1.4, RFC 4509, RFC
 * 5933, RFC 6605 */
static const char *digest(struct wire *data)
{
	static const uint8_t sizes[] = {0, 20, 32, 32, 48};
	if (data->length - data->at < 2)
		return data->at == data->length ? short_ : "the digest is missing";
	uint8_t type = data->bytes[data->at++];
	size_t size = data->length - data->at;
	data->at = data->length;
	if (type < sizeof(sizes) && sizes[type] != 0 && size != sizes[type])
		return "a digest of another size than its type's";
	return NULL;
}

/* Scheme, hash algorithm, digest. RFC 8976 sec. 2.2 */
static const char *zone_digest(struct wire *data)
{
	if (data->length - data->at < 2)
		return short_;
	uint8_t algorithm = data->bytes[data->at + 1];
	size_t size = data->length - data->at - 2;
	data->at = data->length;
	if (size < 12 || (algorithm == 1 && size != 48) || (algorithm == 2 && size != 64))
		return "a digest of another size than its algorithm's";
	return NULL;
}

/* Letters and digits, one at least. RFC 8659 sec. 4.1 */
static const char *tag(struct wire *data)
{
	const uint8_t *text = data->bytes + data->at + 1;
	const char *wrong = string(data);
	if (wrong)
		return data->at == data->length ? "the tag is missing"
						: "the tag runs past the end of its data";
	size_t length = text[-1];
	if (length == 0)
		return "the tag is empty";
	for (size_t i = 0; i < length; i++)
		if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'z') ||
			    (text[i] >= 'A' && text[i] <= 'Z')))
			return "the tag has characters other than letters and digits";
	return NULL;
}

static const char *text_field(struct wire *data, char field)
{
	switch (field) {
	case 's':
		return string(data);
	case 'o':
		return data->at < data->length ? string(data) : NULL;
	case 'S':
		return strings(data);
	case 'g':
		return tag(data);
	case 'u':
		return rest(data, "the URI is empty");
	case 'h':
		return data->at < data->length && data->bytes[data->at] == 0 ? "the hash is empty"
									     : string(data);
	default: /* z */
		return string(data);
	}
}

static const char *rest_field(struct wire *data, char field)
{
	switch (field) {
	case 'X':
	case 'B':
		return rest(data, "its last field is missing");
	case 'M':
	case 'm':
		return bitmap(data, field == 'M');
	case 'D':
		return digest(data);
	case 'Z':
		return zone_digest(data);
	default: /* b c *: anything or nothing */
		data->at = data->length;
		return NULL;
	}
}

const char *sdr_rdata_field(struct wire *data, char field)
{
	static const char sizes[128] = {['1'] = 1,
		['G'] = 1,
		['Q'] = 1,
		['2'] = 2,
		['T'] = 2,
		['C'] = 2,
		['4'] = 4,
		['t'] = 4,
		['A'] = 4,
		['e'] = 6,
		['i'] = 8,
		['E'] = 8,
		['8'] = 8,
		['6'] = 16};
	if (sizes[(unsigned char)field] != 0)
		return fixed(data, (size_t)sizes[(unsigned char)field]);
	if (field == 'n')
		return data->at == data->length ? "a name is missing" : sdr_wire_name(data);
	if (field == 'N')
		return data->at == data->length ? "a name is missing" : sdr_wire_name_plain(data);
	if (strchr("soSghuz", field))
		return text_field(data, field);
	if (strchr("XBbMmDZc*", field))
		return rest_field(data, field);
	return sdr_rdata_form(data, field);
}

const char *sdr_rdata_check(const struct wire *wire, const struct wire_record *record)
{
	const struct rdata_type *type = sdr_rdata_type(record->type);
	struct wire data = {wire->bytes, record->data + record->length, record->data};
	if (!type && record->type != 0)
		return NULL;
	if (sdr_rdata_is_question(record->type))
		return "no record has this type";
	for (const char *field = type->fields; *field != '\0'; field++) {
		const char *wrong = sdr_rdata_field(&data, *field);
		if (wrong)
			return wrong;
	}
	return data.at == data.length ? NULL : "it is longer than its fields";
}
