/* message.c - answers from wire to presentation form. The idea: wire.c checks the frame, ldns writes each record's text, and nothing
 * that ldns allocates is kept. RFC 1035 sec. 4.1 and 5.1, RFC 6891 sec. 6.1.3, RFC 3597 sec. 5. */
#include "dns/message.h"

#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dns/wire.h"

/* Cuts "name\tttl\tclass\ttype\tdata" (ldns's line) at its tabs. False if it is not of that form. */
static bool record_split(struct sdr_record *record)
{
	char *parts[5] = {record->line};
	for (unsigned i = 1; i < 5; i++) {
		char *tab = strchr(parts[i - 1], '\t');
		if (tab == NULL && i < 4)
			return false;
		parts[i] = tab != NULL ? tab + 1 : parts[i - 1] + strlen(parts[i - 1]);
		if (tab != NULL)
			*tab = '\0';
	}
	size_t end = strlen(parts[4]);
	while (end > 0 && (parts[4][end - 1] == '\n' || parts[4][end - 1] == ' '))
		parts[4][--end] = '\0';
	record->name = parts[0];
	record->klass = parts[2];
	record->type_text = parts[3];
	record->data = parts[4];
	return true;
}

static void record_address(struct sdr_record *record, const uint8_t *data, size_t length)
{
	if (record->type == LDNS_RR_TYPE_A && length == 4)
		record->addr.version = 4;
	else if (record->type == LDNS_RR_TYPE_AAAA && length == 16)
		record->addr.version = 6;
	else
		return;
	memcpy(record->addr.bytes, data, length);
}

static enum sdr_status record_decode(
	const struct wire *wire, const struct wire_record *frame, enum sdr_section section, struct sdr_record *record)
{
	static const ldns_pkt_section sections[] = {LDNS_SECTION_ANSWER, LDNS_SECTION_AUTHORITY, LDNS_SECTION_ADDITIONAL};
	ldns_rr *rr = NULL;
	size_t at = frame->start;
	if (ldns_wire2rr(&rr, wire->bytes, wire->length, &at, sections[section]) != LDNS_STATUS_OK)
		return SDR_EMALFORMED;
	struct sdr_record made = {.section = section, .type = frame->type, .ttl = frame->ttl, .line = ldns_rr2str(rr)};
	ldns_rr_free(rr);
	if (made.line == NULL)
		return SDR_ENOMEM;
	if (!record_split(&made)) {
		free(made.line);
		return SDR_EMALFORMED;
	}
	record_address(&made, wire->bytes + frame->data, frame->length);
	*record = made;
	return SDR_OK;
}

static void take_opt(struct sdr_message *message, const struct wire_record *opt)
{
	message->edns = true;
	message->rcode |= (int)(opt->ttl >> 24) << 4; /* RFC 6891 sec. 6.1.3: the high 8 bits of 12 */
}

/* Decodes the `counts` records of each section; `message->records` has room for SDR_MESSAGE_RECORDS or all that fit, whichever is less. */
static enum sdr_status decode_records(struct wire *wire, const unsigned counts[3], struct sdr_message *message)
{
	for (unsigned section = 0; section < 3; section++)
		for (unsigned i = 0; i < counts[section]; i++) {
			struct wire_record frame;
			if (!sdr_wire_record(wire, &frame))
				return SDR_EMALFORMED;
			if (frame.type == LDNS_RR_TYPE_OPT) {
				take_opt(message, &frame);
				continue;
			}
			if (message->count == SDR_MESSAGE_RECORDS) {
				message->omitted++;
				continue;
			}
			enum sdr_status status = record_decode(wire, &frame, (enum sdr_section)section, &message->records[message->count]);
			if (status != SDR_OK)
				return status;
			message->count++;
		}
	return SDR_OK;
}

static void header_decode(const uint8_t *wire, struct sdr_message *message)
{
	message->id = sdr_wire_u16(wire);
	message->authoritative = (wire[2] & 0x04) != 0;
	message->truncated = (wire[2] & 0x02) != 0;
	message->recursion_desired = (wire[2] & 0x01) != 0;
	message->recursion_available = (wire[3] & 0x80) != 0;
	message->authentic = (wire[3] & 0x20) != 0;
	message->checking_disabled = (wire[3] & 0x10) != 0;
	message->rcode = wire[3] & 0x0f;
}

enum sdr_status sdr_message_decode(const uint8_t *wire, size_t length, struct sdr_message **message)
{
	if (length < WIRE_HEADER || length > WIRE_MESSAGE_MAX || (wire[2] & 0x80) == 0)
		return SDR_EMALFORMED;
	struct wire walk = {wire, length, WIRE_HEADER};
	const unsigned counts[3] = {sdr_wire_u16(wire + 6), sdr_wire_u16(wire + 8), sdr_wire_u16(wire + 10)};
	size_t records = (size_t)counts[0] + counts[1] + counts[2];
	if (records > (length - WIRE_HEADER) / 11) /* a record takes 11 bytes at least: the counts lie */
		return SDR_EMALFORMED;
	if (records > SDR_MESSAGE_RECORDS)
		records = SDR_MESSAGE_RECORDS;
	struct sdr_message *made = calloc(1, sizeof(*made));
	if (made == NULL)
		return SDR_ENOMEM;
	made->records = calloc(records > 0 ? records : 1, sizeof(*made->records));
	header_decode(wire, made);
	enum sdr_status status = made->records == NULL ? SDR_ENOMEM : SDR_OK;
	if (status == SDR_OK)
		status = sdr_wire_questions(&walk, sdr_wire_u16(wire + 4)) ? decode_records(&walk, counts, made) : SDR_EMALFORMED;
	if (status != SDR_OK) {
		sdr_message_free(made);
		return status;
	}
	*message = made;
	return SDR_OK;
}

void sdr_message_free(struct sdr_message *message)
{
	if (message == NULL)
		return;
	for (unsigned i = 0; i < message->count; i++)
		free(message->records[i].line);
	free(message->records);
	free(message);
}

/* Compares names without regard to case and to a trailing dot; 0x20 servers may change the former. */
static bool same_name(const char *a, const char *b)
{
	size_t a_length = strlen(a), b_length = strlen(b);
	if (a_length > 1 && a[a_length - 1] == '.')
		a_length--;
	if (b_length > 1 && b[b_length - 1] == '.')
		b_length--;
	return a_length == b_length && strncasecmp(a, b, a_length) == 0;
}

static const struct sdr_record *cname_of(const struct sdr_message *message, const char *name)
{
	for (unsigned i = 0; i < message->count; i++) {
		const struct sdr_record *record = &message->records[i];
		if (record->section == SDR_SECTION_ANSWER && record->type == LDNS_RR_TYPE_CNAME && same_name(record->name, name))
			return record;
	}
	return NULL;
}

static bool passed(const struct sdr_chain *chain, const char *name)
{
	for (unsigned i = 0; i < chain->steps; i++)
		if (same_name(chain->names[i], name))
			return true;
	return false;
}

const struct sdr_record *sdr_message_next(
	const struct sdr_message *message, const struct sdr_chain *chain, uint16_t type, const struct sdr_record *previous)
{
	if (chain->loop || chain->too_long)
		return NULL;
	for (unsigned i = previous == NULL ? 0 : (unsigned)(previous - message->records) + 1; i < message->count; i++) {
		const struct sdr_record *record = &message->records[i];
		bool wanted = record->type == type || type == LDNS_RR_TYPE_ANY;
		if (record->section == SDR_SECTION_ANSWER && wanted && same_name(record->name, chain->end))
			return record;
	}
	return NULL;
}

void sdr_message_chain(const struct sdr_message *message, const char *name, uint16_t type, struct sdr_chain *chain)
{
	*chain = (struct sdr_chain){.end = name};
	bool follows = type != LDNS_RR_TYPE_CNAME && type != LDNS_RR_TYPE_ANY;
	const struct sdr_record *next = follows ? cname_of(message, name) : NULL;
	for (; next != NULL; next = cname_of(message, chain->end)) {
		chain->too_long = chain->steps == SDR_MESSAGE_CHAIN;
		if (chain->too_long)
			return;
		chain->names[chain->steps++] = chain->end;
		chain->loop = passed(chain, next->data);
		if (chain->loop)
			return;
		chain->end = next->data;
	}
	const struct sdr_record *record = NULL;
	while ((record = sdr_message_next(message, chain, type, record)) != NULL)
		chain->records++;
}
