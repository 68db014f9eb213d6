/* certificate.c - RFC 5280 sec. 4.1: version, serial number, signature, issuer, validity, subject,
 * key, extensions. */
#include "http/certificate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http/der.h"
#include "sounder/sanitize.h"

bool sdr_certificates_add(struct sdr_certificates *chain, const void *der, size_t length)
{
	unsigned char *copy = chain->count < SDR_CHAIN_MAX ? malloc(length + 1) : NULL;
	if (!copy)
		return false;
	memcpy(copy, der, length);
	chain->links[chain->count++] = (struct sdr_certificates_link){copy, length};
	return true;
}

void sdr_certificates_done(struct sdr_certificates *chain)
{
	while (chain->count)
		free(chain->links[--chain->count].der);
}

static int base64_of(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;
	return found ? (int)(found - digits) : -1;
}

bool sdr_certificates_add_pem(struct sdr_certificates *chain, const char *pem)
{
	static const char lead[] = "-----BEGIN CERTIFICATE-----";
	const char *at = strstr(pem, lead);
	unsigned char *der = at ? malloc(strlen(at)) : NULL;
	size_t length = 0;
	unsigned bits = 0, have = 0;
	if (!der)
		return false;
	for (at += sizeof(lead) - 1; *at && *at != '-' && *at != '='; at++) {
		int digit = base64_of(*at);

		if (digit < 0)
			continue;
		bits = (bits & 0xffff) << 6 | (unsigned)digit;
		have += 6;
		if (have >= 8)
			der[length++] = (unsigned char)(bits >> (have -= 8));
	}
	bool added = sdr_certificates_add(chain, der, length);
	free(der);
	return added;
}

/* ---- texts ---- */

struct oid_name {
	const char *oid; /* DER content */
	size_t length;
	const char *name;
};

#define OID(bytes, name) \
	{ \
		bytes, sizeof(bytes) - 1, name \
	}

static const struct oid_name attributes[] = {
	OID("\x55\x04\x03", "CN"),
	OID("\x55\x04\x05", "serialNumber"),
	OID("\x55\x04\x06", "C"),
	OID("\x55\x04\x07", "L"),
	OID("\x55\x04\x08", "ST"),
	OID("\x55\x04\x0a", "O"),
	OID("\x55\x04\x0b", "OU"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", "emailAddress"),
	OID("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", "DC"),
};

static const struct oid_name signatures[] = {
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "md5WithRSAEncryption"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", "sha1WithRSAEncryption"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "rsassaPss"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", "sha256WithRSAEncryption"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", "sha384WithRSAEncryption"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", "sha512WithRSAEncryption"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e", "sha224WithRSAEncryption"),
	OID("\x2a\x86\x48\xce\x3d\x04\x01", "ecdsa-with-SHA1"),
	OID("\x2a\x86\x48\xce\x3d\x04\x03\x02", "ecdsa-with-SHA256"),
	OID("\x2a\x86\x48\xce\x3d\x04\x03\x03", "ecdsa-with-SHA384"),
	OID("\x2a\x86\x48\xce\x3d\x04\x03\x04", "ecdsa-with-SHA512"),
	OID("\x2b\x65\x70", "Ed25519"),
	OID("\x2b\x65\x71", "Ed448"),
};

static const struct oid_name keys[] = {
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "RSA"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "RSA-PSS"),
	OID("\x2a\x86\x48\xce\x3d\x02\x01", "EC"),
	OID("\x2a\x86\x48\xce\x38\x04\x01", "DSA"),
	OID("\x2b\x65\x70", "Ed25519"),
	OID("\x2b\x65\x71", "Ed448"),
};

static const struct oid_name curves[] = {
	OID("\x2a\x86\x48\xce\x3d\x03\x01\x01", "P-192"),
	OID("\x2a\x86\x48\xce\x3d\x03\x01\x07", "P-256"),
	OID("\x2b\x81\x04\x00\x21", "P-224"),
	OID("\x2b\x81\x04\x00\x22", "P-384"),
	OID("\x2b\x81\x04\x00\x23", "P-521"),
	OID("\x2b\x81\x04\x00\x0a", "secp256k1"),
	OID("\x2b\x24\x03\x03\x02\x08\x01\x01\x07", "brainpoolP256r1"),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Returns the OID's name, or itself in figures within `out`. */
static const char *oid_name(char *out, size_t size, const struct sdr_der *oid,
	const struct oid_name *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (sdr_der_is(oid, table[i].oid, table[i].length))
			return table[i].name;
	return sdr_der_oid_text(out, size, oid);
}

/* Text that grows at its end; what does not fit is left out. */
struct text {
	char *bytes;
	size_t size, used;
};

static void put(struct text *text, const char *bytes, size_t length)
{
	if (text->used + length >= text->size)
		return;
	memcpy(text->bytes + text->used, bytes, length);
	text->used += length;
	text->bytes[text->used] = '\0';
}

/* Puts a string of a certificate: 16-bit characters of a BMPString as UTF-8, control bytes escaped,
 * so that none ends the text. */
static void put_string(struct text *text, unsigned tag, const struct sdr_der *value)
{
	char piece[8];
	for (const unsigned char *at = value->at; at < value->end; at++) {
		uint32_t code = *at;

		if (tag == SDR_DER_BMP && at + 1 < value->end) {
			code = code << 8 | *++at;
			put(text, piece, code >= 0x20 ? sdr_text_encode(piece, code) : 0);
		} else if (code < 0x20 || code == 0x7f) {
			put(text, piece,
				(size_t)snprintf(piece, sizeof(piece), "\\x%02x", (unsigned)code));
		} else {
			put(text, (const char *)at, 1);
		}
	}
}

/* Name ::= SEQUENCE OF SET OF SEQUENCE { type, value } */
static void read_name(
	struct sdr_der name, char *out, size_t size, char *common_name, size_t common_size)
{
	struct text text = {out, size, 0};
	struct sdr_der set, pair, type, value;
	unsigned tag;
	char room[64];
	while (sdr_der_take(&name, SDR_DER_SET, &set)) {
		while (sdr_der_take(&set, SDR_DER_SEQUENCE, &pair)) {
			if (!sdr_der_take(&pair, SDR_DER_OID, &type) ||
				!sdr_der_next(&pair, &tag, &value))
				continue;
			const char *label =
				oid_name(room, sizeof(room), &type, attributes, COUNT(attributes));
			if (text.used)
				put(&text, ", ", 2);
			put(&text, label, strlen(label));
			put(&text, "=", 1);
			put_string(&text, tag, &value);
			if (common_name && strcmp(label, "CN") == 0)
				put_string(
					&(struct text){common_name, common_size, 0}, tag, &value);
		}
	}
}

/* Reads so many digits; -1 if one is not a digit. */
static int figure(const char *text, size_t digits)
{
	int value = 0;
	for (size_t i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* UTCTime YYMMDDHHMMSSZ or GeneralizedTime YYYYMMDDHHMMSSZ, RFC 5280 sec. 4.1.2.5. */
static sdr_wall read_time(struct sdr_der *validity)
{
	struct sdr_der value;
	unsigned tag;
	struct tm tm = {0};
	char text[16];
	size_t length;
	if (!sdr_der_next(validity, &tag, &value))
		return 0;
	length = (size_t)(value.end - value.at);
	if ((tag != SDR_DER_UTC_TIME || length != 13) && (tag != SDR_DER_TIME || length != 15))
		return 0;
	memcpy(text, value.at, length);
	text[length] = '\0';
	size_t lead = length == 13 ? 2 : 4;
	int year = figure(text, lead);
	tm.tm_mon = figure(text + lead, 2);
	tm.tm_mday = figure(text + lead + 2, 2);
	tm.tm_hour = figure(text + lead + 4, 2);
	tm.tm_min = figure(text + lead + 6, 2);
	tm.tm_sec = figure(text + lead + 8, 2);
	if (year < 0 || tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_hour < 0 ||
		tm.tm_min < 0 || tm.tm_sec < 0)
		return 0;
	tm.tm_year = length == 13 ? year + (year < 50 ? 100 : 0) : year - 1900;
	tm.tm_mon--;
	time_t when = timegm(&tm);
	/* Beyond 2262 the clock's nanoseconds end; 9999 is RFC 5280's "never". */
	if (when > INT64_MAX / SDR_SECOND)
		return INT64_MAX;
	return when > 0 ? (sdr_wall)when * SDR_SECOND : 0;
}

/* ---- the rest ---- */

/* RSAPublicKey ::= SEQUENCE { modulus, exponent }, behind the BIT STRING's count of unused bits. */
static unsigned rsa_bits(struct sdr_der bits)
{
	struct sdr_der sequence, modulus;
	if (bits.at < bits.end)
		bits.at++;
	if (!sdr_der_take(&bits, SDR_DER_SEQUENCE, &sequence) ||
		!sdr_der_take(&sequence, SDR_DER_INTEGER, &modulus))
		return 0;
	while (modulus.at < modulus.end && *modulus.at == 0)
		modulus.at++;
	unsigned count = (unsigned)(modulus.end - modulus.at) * 8;
	for (unsigned char top = count ? *modulus.at : 0x80; !(top & 0x80);
		top = (unsigned char)(top << 1))
		count--;
	return count;
}

static void read_key(struct sdr_der info, struct sdr_certificate *certificate)
{
	struct sdr_der algorithm, oid, curve, bits;
	char room[48], curve_room[48];
	if (!sdr_der_take(&info, SDR_DER_SEQUENCE, &algorithm) ||
		!sdr_der_take(&algorithm, SDR_DER_OID, &oid) ||
		!sdr_der_take(&info, SDR_DER_BITS, &bits))
		return;
	const char *name = oid_name(room, sizeof(room), &oid, keys, COUNT(keys));
	if (strncmp(name, "RSA", 3) == 0)
		snprintf(certificate->key, sizeof(certificate->key), "%s %u", name, rsa_bits(bits));
	else if (strcmp(name, "EC") == 0 && sdr_der_take(&algorithm, SDR_DER_OID, &curve))
		snprintf(certificate->key, sizeof(certificate->key), "EC %.40s",
			oid_name(curve_room, sizeof(curve_room), &curve, curves, COUNT(curves)));
	else
		snprintf(certificate->key, sizeof(certificate->key), "%s", name);
}

/* GeneralNames, RFC 5280 sec. 4.2.1.6. */
static void read_names(struct sdr_der names, struct text *text)
{
	static const char *const labels[] = {
		NULL, "email:", "DNS:", NULL, NULL, NULL, "URI:", "IP:"};
	struct sdr_der name;
	unsigned tag;
	char address[INET6_ADDRSTRLEN];
	while (sdr_der_next(&names, &tag, &name)) {
		unsigned number = tag - SDR_DER_CONTEXT;
		size_t length = (size_t)(name.end - name.at), before = text->used;

		if (number >= COUNT(labels) || !labels[number])
			continue;
		put(text, labels[number], strlen(labels[number]));
		if (number == 7 && (length == 4 || length == 16) &&
			inet_ntop(length == 4 ? AF_INET : AF_INET6, name.at, address,
				sizeof(address)))
			put(text, address, strlen(address));
		else
			put_string(text, tag, &name);
		put(text, "\n", 1);
		if (text->used && text->bytes[text->used - 1] != '\n')
			text->bytes[text->used = before] = '\0'; /* it did not fit */
	}
}

static void read_extensions(struct sdr_der wrapper, struct sdr_certificate *certificate)
{
	struct sdr_der list, extension, oid, critical, octets, names;
	if (!sdr_der_take(&wrapper, SDR_DER_SEQUENCE, &list))
		return;
	while (sdr_der_take(&list, SDR_DER_SEQUENCE, &extension)) {
		if (!sdr_der_take(&extension, SDR_DER_OID, &oid) ||
			!sdr_der_is(&oid, "\x55\x1d\x11", 3))
			continue;
		sdr_der_take(&extension, SDR_DER_BOOLEAN, &critical);
		if (sdr_der_take(&extension, SDR_DER_OCTETS, &octets) &&
			sdr_der_take(&octets, SDR_DER_SEQUENCE, &names))
			read_names(names,
				&(struct text){certificate->names, sizeof(certificate->names), 0});
	}
}

static bool same_bytes(const struct sdr_der *a, const struct sdr_der *b)
{
	return a->end - a->at == b->end - b->at &&
		memcmp(a->at, b->at, (size_t)(a->end - a->at)) == 0;
}

bool sdr_certificate_read(const void *der, size_t length, struct sdr_certificate *certificate)
{
	struct sdr_der from = {der, (const unsigned char *)der + length}, whole, body, algorithm,
		       oid, issuer, validity, subject, key, part;
	unsigned tag;
	char room[64];
	memset(certificate, 0, sizeof(*certificate));
	if (!sdr_der_take(&from, SDR_DER_SEQUENCE, &whole) ||
		!sdr_der_take(&whole, SDR_DER_SEQUENCE, &body))
		return false;
	sdr_der_take(&body, SDR_DER_CONTEXT + 0x20, &part); /* the version; absent in version 1 */
	if (!sdr_der_take(&body, SDR_DER_INTEGER, &part) ||
		!sdr_der_take(&body, SDR_DER_SEQUENCE, &algorithm) ||
		!sdr_der_take(&algorithm, SDR_DER_OID, &oid) ||
		!sdr_der_take(&body, SDR_DER_SEQUENCE, &issuer) ||
		!sdr_der_take(&body, SDR_DER_SEQUENCE, &validity) ||
		!sdr_der_take(&body, SDR_DER_SEQUENCE, &subject) ||
		!sdr_der_take(&body, SDR_DER_SEQUENCE, &key))
		return false;
	snprintf(certificate->signature, sizeof(certificate->signature), "%s",
		oid_name(room, sizeof(room), &oid, signatures, COUNT(signatures)));
	read_name(issuer, certificate->issuer, sizeof(certificate->issuer), NULL, 0);
	read_name(subject, certificate->subject, sizeof(certificate->subject),
		certificate->common_name, sizeof(certificate->common_name));
	certificate->self_issued = same_bytes(&issuer, &subject);
	certificate->begins = read_time(&validity);
	certificate->ends = read_time(&validity);
	read_key(key, certificate);
	while (sdr_der_next(&body, &tag, &part))
		if (tag == SDR_DER_CONTEXT + 0x20 + 3)
			read_extensions(part, certificate);
	return true;
}
