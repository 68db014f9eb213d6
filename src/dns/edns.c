/* edns.c - the OPT record: what it has in a question, and in an answer. RFC 6891 sec. 6.1; extended
 * errors' meanings: RFC 8914 and IANA's registry. */
#include "dns/edns.h"

#include <stdio.h>
#include <string.h>

#include "dns/wire.h"
#include "sounder/sanitize.h"

/* RFC 6891 sec. 9 */
enum { NSID = 3, SUBNET = 8, COOKIE = 10, EXTENDED_ERROR = 15 };

#define DNSSEC_OK 0x80 /* in the flags' first byte */

/* ---- questions ---- */

static uint8_t *put16(uint8_t *out, unsigned value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
	return out + 2;
}

static size_t bytes_for(unsigned bits)
{
	return (bits + 7) / 8;
}

/* No more of the address than the prefix has, and no bit behind it: RFC 7871 sec. 6. */
static uint8_t *put_subnet(uint8_t *out, const struct sdr_prefix *subnet)
{
	struct sdr_addr network = sdr_prefix_network(subnet);
	size_t length = bytes_for(subnet->length);
	out = put16(out, SUBNET);
	out = put16(out, (unsigned)length + 4);
	out = put16(out, network.version == 4 ? 1 : 2);
	*out++ = subnet->length;
	*out++ = 0;
	memcpy(out, network.bytes, length);
	return out + length;
}

uint8_t *sdr_edns_put(
	uint8_t *out, const struct sdr_manner *manner, const uint8_t *cookie, size_t cookie_length)
{
	*out++ = 0;
	out = put16(out, WIRE_OPT);
	out = put16(out, manner->size > 0 ? manner->size : SDR_EDNS_SIZE);
	out = put16(out, 0); /* extended rcode, version */
	out = put16(out, manner->dnssec ? DNSSEC_OK << 8 : 0);
	uint8_t *length = out, *at = out + 2;
	if (manner->nsid)
		at = put16(put16(at, NSID), 0);
	if (manner->subnet.addr.version != 0)
		at = put_subnet(at, &manner->subnet);
	if (manner->cookie && cookie_length > 0) {
		at = put16(put16(at, COOKIE), (unsigned)cookie_length);
		memcpy(at, cookie, cookie_length);
		at += cookie_length;
	}
	put16(length, (unsigned)(at - length - 2));
	return at;
}

/* ---- answers ---- */

/* A client subnet of a known family: RFC 7871 sec. 6. */
static const char *subnet_wrong(const uint8_t *value, size_t length)
{
	if (length < 4)
		return "a client subnet of less than four bytes";
	unsigned family = sdr_wire_u16(value), bits = value[2];
	if (family != 1 && family != 2)
		return NULL;
	unsigned most = family == 1 ? 32 : 128;
	if (bits > most || value[3] > most)
		return "a client subnet that is longer than its addresses";
	if (length - 4 != bytes_for(bits))
		return "a client subnet with another number of bytes than its length takes";
	if (bits % 8 != 0 && (value[length - 1] & (0xff >> bits % 8)) != 0)
		return "a client subnet with bits behind its length";
	return NULL;
}

static const char *option_wrong(unsigned code, const uint8_t *value, size_t length)
{
	if (code == EXTENDED_ERROR && length < 2) /* RFC 8914 sec. 2 */
		return "an extended error of less than two bytes";
	if (code == SUBNET)
		return subnet_wrong(value, length);
	if (code == COOKIE && length != SDR_COOKIE_CLIENT &&
		(length < 16 || length > SDR_COOKIE_MAX)) /* RFC 7873 sec. 5.3 */
		return "a cookie that is neither 8 nor 16 to 40 bytes long";
	return NULL;
}

const char *sdr_edns_wrong(const uint8_t *data, size_t length)
{
	for (size_t at = 0; at < length; at += 4 + (size_t)sdr_wire_u16(data + at + 2)) {
		if (length - at < 4 || sdr_wire_u16(data + at + 2) > length - at - 4)
			return "an option runs past the end of its data";
		const char *why = option_wrong(
			sdr_wire_u16(data + at), data + at + 4, sdr_wire_u16(data + at + 2));
		if (why)
			return why;
	}
	return NULL;
}

static void take_ede(struct sdr_edns *edns, const uint8_t *value, size_t length)
{
	if (edns->ede_count == SDR_EDNS_EDES)
		return;
	struct sdr_ede *ede = &edns->edes[edns->ede_count++];
	*ede = (struct sdr_ede){sdr_wire_u16(value), (const char *)value + 2, length - 2};
	if (ede->length > 0 && ede->text[ede->length - 1] == '\0')
		ede->length--; /* RFC 8914 sec. 2: the text may, but need not, end in a NUL */
}

static void take_subnet(struct sdr_edns *edns, const uint8_t *value, size_t length)
{
	unsigned family = sdr_wire_u16(value);
	if (family != 1 && family != 2)
		return;
	edns->subnet = (struct sdr_prefix){.length = value[2]};
	edns->subnet.addr.version = family == 1 ? 4 : 6;
	memcpy(edns->subnet.addr.bytes, value + 4, length - 4);
	edns->scope = value[3];
}

/* Of options that come twice the first counts. */
static void take_option(struct sdr_edns *edns, unsigned code, const uint8_t *value, size_t length)
{
	if (code == EXTENDED_ERROR) {
		take_ede(edns, value, length);
	} else if (code == NSID && !edns->has_nsid) {
		edns->has_nsid = true;
		edns->nsid = value;
		edns->nsid_length = length;
	} else if (code == COOKIE && !edns->cookie) {
		edns->cookie = value;
		edns->cookie_length = length;
	} else if (code == SUBNET && edns->subnet.addr.version == 0) {
		take_subnet(edns, value, length);
	}
}

void sdr_edns_take(struct sdr_edns *edns, const uint8_t *data, size_t length)
{
	edns->present = true;
	for (size_t at = 0; at < length; at += 4 + (size_t)sdr_wire_u16(data + at + 2))
		take_option(
			edns, sdr_wire_u16(data + at), data + at + 4, sdr_wire_u16(data + at + 2));
}

const char *sdr_edns_foreign(
	const struct sdr_edns *edns, const uint8_t *cookie, const struct sdr_prefix *subnet)
{
	if (cookie && edns->cookie && memcmp(cookie, edns->cookie, SDR_COOKIE_CLIENT) != 0)
		return "its cookie is not the question's";
	if (!subnet || subnet->addr.version == 0 || edns->subnet.addr.version == 0)
		return NULL;
	struct sdr_addr network = sdr_prefix_network(subnet);
	bool same = network.version == edns->subnet.addr.version &&
		subnet->length == edns->subnet.length &&
		memcmp(network.bytes, edns->subnet.addr.bytes, sizeof(network.bytes)) == 0;
	return same ? NULL : "its client subnet is not the question's";
}

bool sdr_edns_has_cookie(const struct sdr_edns *edns)
{
	return edns->cookie && edns->cookie_length > SDR_COOKIE_CLIENT;
}

const char *sdr_edns_format_subnet(char out[static SDR_EDNS_SUBNET], const struct sdr_edns *edns)
{
	char prefix[SDR_PREFIX_TEXT];
	snprintf(out, SDR_EDNS_SUBNET, "%s/%u", sdr_prefix_format(prefix, &edns->subnet),
		edns->scope);
	return out;
}

/* What a code means; NULL if it is not registered. */
static const char *meaning_of(uint16_t code)
{
	static const char *const meanings[] = {"Other Error", "Unsupported DNSKEY Algorithm",
		"Unsupported DS Digest Type", "Stale Answer", "Forged Answer",
		"DNSSEC Indeterminate", "DNSSEC Bogus", "Signature Expired",
		"Signature Not Yet Valid", "DNSKEY Missing", "RRSIGs Missing",
		"No Zone Key Bit Set", "NSEC Missing", "Cached Error", "Not Ready", "Blocked",
		"Censored", "Filtered", "Prohibited", "Stale NXDOMAIN Answer", "Not Authoritative",
		"Not Supported", "No Reachable Authority", "Network Error", "Invalid Data",
		"Signature Expired before Valid", "Too Early", "Unsupported NSEC3 Iterations Value",
		"Unable to conform to policy", "Synthesized", "Invalid Query Type"};
	return code < sizeof(meanings) / sizeof(*meanings) ? meanings[code] : NULL;
}

void sdr_edns_format_edes(char *out, size_t size, const struct sdr_edns *edns)
{
	size_t used = 0;
	out[0] = '\0';
	for (unsigned i = 0; i < edns->ede_count && used < size; i++) {
		const struct sdr_ede *ede = &edns->edes[i];
		const char *meaning = meaning_of(ede->code);
		char text[160] = "";
		const struct sdr_text_style style = {.cells_max = 120};
		sdr_sanitize(text, sizeof(text), ede->text, ede->length, &style);
		used += (size_t)snprintf(out + used, size - used, "%sEDE %u%s%s%s%s%s",
			i > 0 ? "; " : "", ede->code, meaning ? " (" : "", meaning ? meaning : "",
			meaning ? ")" : "", text[0] != '\0' ? ": " : "", text);
	}
}
