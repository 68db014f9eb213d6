/* wire.c - is a DNS message whole? The idea: every count, length and compression pointer is checked here, within fixed bounds,
 * so that the decoder behind (ldns, which follows up to 65,535 pointers a name) gets only messages that cost it little. RFC 1035 sec. 4.1. */
#include "dns/wire.h"

#include <ldns/ldns.h>

uint16_t sdr_wire_u16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static uint32_t u32(const uint8_t *bytes)
{
	return (uint32_t)sdr_wire_u16(bytes) << 16 | sdr_wire_u16(bytes + 2);
}

bool sdr_wire_name(struct wire *wire)
{
	size_t at = wire->at, end = 0, size = 0;
	for (unsigned hops = 0; at < wire->length;) {
		uint8_t label = wire->bytes[at];
		if (label >= 0xc0) { /* RFC 1035 sec. 4.1.4: two high bits set: a pointer of 14 bits */
			if (at + 2 > wire->length || ++hops > WIRE_HOPS_MAX)
				return false;
			if (end == 0)
				end = at + 2;
			at = sdr_wire_u16(wire->bytes + at) & 0x3fff;
			continue;
		}
		size += (size_t)label + 1;
		if (label > 63 || size > WIRE_NAME_MAX)
			return false;
		at += (size_t)label + 1;
		if (label == 0) {
			wire->at = end == 0 ? at : end;
			return true;
		}
	}
	return false;
}

bool sdr_wire_questions(struct wire *wire, unsigned count)
{
	for (; count > 0; count--) {
		if (!sdr_wire_name(wire) || wire->length - wire->at < 4)
			return false;
		wire->at += 4; /* QTYPE, QCLASS */
	}
	return true;
}

/* Bytes of a field of fixed size; 0 for the rest. */
static size_t field_size(ldns_rdf_type type)
{
	switch (type) {
	case LDNS_RDF_TYPE_INT8:
	case LDNS_RDF_TYPE_ALG:
	case LDNS_RDF_TYPE_CERTIFICATE_USAGE:
	case LDNS_RDF_TYPE_SELECTOR:
	case LDNS_RDF_TYPE_MATCHING_TYPE:
		return 1;
	case LDNS_RDF_TYPE_INT16:
	case LDNS_RDF_TYPE_TYPE:
	case LDNS_RDF_TYPE_CLASS:
	case LDNS_RDF_TYPE_CERT_ALG:
		return 2;
	case LDNS_RDF_TYPE_INT32:
	case LDNS_RDF_TYPE_TIME:
	case LDNS_RDF_TYPE_PERIOD:
	case LDNS_RDF_TYPE_A:
		return 4;
	case LDNS_RDF_TYPE_TSIGTIME:
		return 6;
	case LDNS_RDF_TYPE_AAAA:
		return 16;
	default:
		return 0;
	}
}

/* Checks the names in RDATA as far as they stand behind fields whose size can be told: in all types that may hold compressed ones. */
static bool data_is_whole(const struct wire *wire, const struct wire_record *record)
{
	const ldns_rr_descriptor *type = ldns_rr_descript(record->type);
	struct wire data = {wire->bytes, record->data + record->length, record->data};
	if (type == NULL)
		return true;
	for (size_t i = 0; i < ldns_rr_descriptor_maximum(type) && data.at < data.length; i++) {
		ldns_rdf_type field = ldns_rr_descriptor_field_type(type, i);
		size_t size = field_size(field);
		if (field == LDNS_RDF_TYPE_DNAME) {
			if (!sdr_wire_name(&data))
				return false;
			continue;
		}
		if (field == LDNS_RDF_TYPE_STR)
			size = (size_t)data.bytes[data.at] + 1;
		if (size == 0)
			return true;
		if (size > data.length - data.at)
			return false;
		data.at += size;
	}
	return true;
}

bool sdr_wire_record(struct wire *wire, struct wire_record *record)
{
	size_t start = wire->at;
	if (!sdr_wire_name(wire) || wire->length - wire->at < 10)
		return false;
	const uint8_t *fixed = wire->bytes + wire->at;
	struct wire_record found = {.start = start,
		.data = wire->at + 10,
		.type = sdr_wire_u16(fixed),
		.klass = sdr_wire_u16(fixed + 2),
		.ttl = u32(fixed + 4),
		.length = sdr_wire_u16(fixed + 8)};
	if (found.length > wire->length - found.data || !data_is_whole(wire, &found))
		return false;
	wire->at = found.data + found.length;
	*record = found;
	return true;
}
