/* rdata_text.c - records in presentation form. The idea: the functions that checked the fields give
 * their extents again, and each is written as RFC 1035 sec. 5.1 and the type's own RFC have it, so
 * that a zone file's parser reads back the same bytes. */
#include <string.h>
#include <time.h>

#include "dns/rdata.h"
#include "sounder/addr.h"

static void put_strings(struct rdata_text *text, const uint8_t *at, const uint8_t *end)
{
	for (; at < end; at += (size_t)at[0] + 1) {
		sdr_rdata_put_quoted(text, at + 1, at[0]);
		if (at + at[0] + 1 < end)
			sdr_rdata_put_word(text, " ");
	}
}

/* The types of a bitmap, its windows being checked. */
static void put_bitmap(struct rdata_text *text, const uint8_t *at, const uint8_t *end)
{
	for (const char *blank = ""; at < end; at += (size_t)at[1] + 2)
		for (unsigned bit = 0; bit < 8u * at[1]; bit++) {
			if ((at[2 + bit / 8] & 0x80 >> bit % 8) == 0)
				continue;
			sdr_rdata_put_word(text, blank);
			sdr_rdata_put_type(text, (uint16_t)(at[0] * 256 + bit));
			blank = " ";
		}
}

/* RFC 4034 sec. 3.2, as an unsigned number of seconds since 1970: until 2106. */
static void put_time(struct rdata_text *text, uint32_t seconds)
{
	struct tm parts;
	time_t when = seconds;
	char out[32] = "";
	if (gmtime_r(&when, &parts))
		strftime(out, sizeof(out), "%Y%m%d%H%M%S", &parts);
	sdr_rdata_put_word(text, out);
}

static void put_address(struct rdata_text *text, uint8_t version, const uint8_t *bytes)
{
	struct sdr_addr addr = {.version = version};
	char out[SDR_ADDR_TEXT];
	memcpy(addr.bytes, bytes, version == 4 ? 4 : 16);
	sdr_rdata_put_word(text, sdr_addr_format(out, &addr));
}

/* RFC 4398 sec. 2.1 */
static void put_certificate_type(struct rdata_text *text, unsigned number)
{
	static const char *const words[] = {
		NULL, "PKIX", "SPKI", "PGP", "IPKIX", "ISPKI", "IPGP", "ACPKIX", "IACPKIX"};
	if (number > 0 && number < sizeof(words) / sizeof(*words))
		sdr_rdata_put_word(text, words[number]);
	else if (number == 253 || number == 254)
		sdr_rdata_put_word(text, number == 253 ? "URI" : "OID");
	else
		sdr_rdata_put_number(text, number);
}

/* As BIND and RFC 4398 sec. 2.2 have it: the mnemonics of DNSSEC's algorithms. */
static void put_algorithm(struct rdata_text *text, unsigned number)
{
	static const char *const words[] = {[1] = "RSAMD5",
		[2] = "DH",
		[3] = "DSA",
		[5] = "RSASHA1",
		[6] = "NSEC3DSA",
		[7] = "NSEC3RSASHA1",
		[8] = "RSASHA256",
		[10] = "RSASHA512",
		[12] = "ECCGOST",
		[13] = "ECDSAP256SHA256",
		[14] = "ECDSAP384SHA384",
		[15] = "ED25519",
		[16] = "ED448"};
	if (number < sizeof(words) / sizeof(*words) && words[number])
		sdr_rdata_put_word(text, words[number]);
	else
		sdr_rdata_put_number(text, number);
}

/* A field of bytes. */
static void put_bytes(struct rdata_text *text, char field, const uint8_t *at, size_t size)
{
	switch (field) {
	case 'D':
	case 'Z':
		for (unsigned i = 0; i < (field == 'D' ? 1 : 2); i++, at++, size--) {
			sdr_rdata_put_number(text, at[0]);
			sdr_rdata_put_word(text, " ");
		}
		sdr_rdata_put_hex(text, at, size);
		return;
	case 'z':
		if (at[0] == 0)
			sdr_rdata_put_word(text, "-");
		sdr_rdata_put_hex(text, at + 1, at[0]);
		return;
	case 'h':
		sdr_rdata_put_base32(text, at + 1, at[0]);
		return;
	case 'X':
		sdr_rdata_put_hex(text, at, size);
		return;
	case 'i':
		sdr_rdata_print(text, "%x:%x:%x:%x", sdr_wire_u16(at), sdr_wire_u16(at + 2),
			sdr_wire_u16(at + 4), sdr_wire_u16(at + 6));
		return;
	default: /* e E */
		for (size_t i = 0; i < size; i++)
			sdr_rdata_print(text, "%s%02x", i > 0 ? "-" : "", at[i]);
	}
}

/* A field of numbers. False: it is another kind. */
static bool put_numbers(struct rdata_text *text, char field, const uint8_t *at)
{
	switch (field) {
	case '1':
		sdr_rdata_put_number(text, at[0]);
		return true;
	case 'G':
		put_algorithm(text, at[0]);
		return true;
	case 'Q': /* RFC 9859 sec. 2.2 */
		if (at[0] == 1)
			sdr_rdata_put_word(text, "NOTIFY");
		else
			sdr_rdata_put_number(text, at[0]);
		return true;
	case '2':
		sdr_rdata_put_number(text, sdr_wire_u16(at));
		return true;
	case '4':
		sdr_rdata_put_number(text, sdr_wire_u32(at));
		return true;
	case '8':
		sdr_rdata_put_number(text, (uint64_t)sdr_wire_u32(at) << 32 | sdr_wire_u32(at + 4));
		return true;
	case 'T':
		sdr_rdata_put_type(text, sdr_wire_u16(at));
		return true;
	case 'C':
		put_certificate_type(text, sdr_wire_u16(at));
		return true;
	case 't':
		put_time(text, sdr_wire_u32(at));
		return true;
	case 'A':
	case '6':
		put_address(text, field == 'A' ? 4 : 6, at);
		return true;
	default:
		return false;
	}
}

static void put_field(struct rdata_text *text, char field, const struct wire *extent)
{
	const uint8_t *at = extent->bytes + extent->at;
	size_t size = extent->length - extent->at;
	if (put_numbers(text, field, at))
		return;
	if (field == 'n' || field == 'N')
		sdr_rdata_put_name(text, extent->bytes, extent->at);
	else if (strchr("soS", field))
		put_strings(text, at, at + size);
	else if (strchr("Mm", field))
		put_bitmap(text, at, at + size);
	else if (strchr("Bb", field))
		sdr_rdata_put_base64(text, at, size);
	else if (field == 'g')
		sdr_rdata_put(text, (const char *)at + 1, at[0]);
	else if (strchr("cu", field))
		sdr_rdata_put_quoted(text, at, size);
	else if (strchr("DZzhXieE", field))
		put_bytes(text, field, at, size);
	else
		sdr_rdata_write_form(text, field, extent);
}

/* RFC 3597 sec. 5 */
static void put_opaque(struct rdata_text *text, const uint8_t *bytes, size_t length)
{
	sdr_rdata_print(text, length > 0 ? "\\# %zu " : "\\# %zu", length);
	sdr_rdata_put_hex(text, bytes, length);
}

void sdr_rdata_write(
	struct rdata_text *text, const struct wire *wire, const struct wire_record *record)
{
	const struct rdata_type *type = sdr_rdata_type(record->type);
	struct wire data = {wire->bytes, record->data + record->length, record->data};
	if (!type || record->length == 0 ||
		sdr_rdata_is_opaque(type->fields[0], wire->bytes + record->data, record->length)) {
		put_opaque(text, wire->bytes + record->data, record->length);
		return;
	}
	size_t start = text->length;
	for (const char *field = type->fields; *field != '\0'; field++) {
		struct wire extent = {.bytes = data.bytes, .at = data.at};
		if (sdr_rdata_field(&data, *field))
			return; /* cannot be: it was checked */
		extent.length = data.at;
		if (extent.length == extent.at &&
			*field != 'c') /* empty; only CAA's value is written even then */
			continue;
		if (text->length > start)
			sdr_rdata_put_word(text, " ");
		put_field(text, *field, &extent);
	}
}

/* Returns the end of a word, which may be quoted. */
static char *word_end(char *at)
{
	bool quoted = *at == '"';
	for (at += quoted; *at != '\0' && (quoted ? *at != '"' : *at != ' '); at++)
		if (*at == '\\' && at[1] != '\0')
			at++;
	return at + (quoted && *at == '"');
}

void sdr_rdata_fold(uint16_t number, char *text)
{
	const struct rdata_type *type = sdr_rdata_type(number);
	if (!type || strncmp(text, "\\# ", 3) == 0)
		return;
	for (const char *field = type->fields; *text != '\0' && strchr("124nNsTtA6", *field);
		field++) {
		char *end = word_end(text);
		for (; text < end && strchr("nN", *field); text++)
			if (*text >= 'A' && *text <= 'Z')
				*text = (char)(*text - 'A' + 'a');
		text = end + strspn(end, " ");
	}
}
