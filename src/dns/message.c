/* message.c - answers from wire to presentation form. The idea: wire_check.c has gone through all
 * of it before, so that decoding only copies and writes. RFC 1035 sec. 4.1 and 5.1, RFC 6891
 * sec. 6.1.3, RFC 3597 sec. 5. */
#include "dns/message.h"

#include <stdlib.h>
#include <string.h>

#include "dns/rdata.h"

static void record_address(struct sdr_record *record, const uint8_t *data)
{
	if (record->type == WIRE_A)
		record->addr.version = 4;
	else if (record->type == WIRE_AAAA)
		record->addr.version = 6;
	else
		return;
	memcpy(record->addr.bytes, data, record->data_length);
}

/* RFC 2181 sec. 8: a time to live is positive, in 31 bits. */
static uint32_t ttl_of(uint32_t ttl)
{
	return ttl > INT32_MAX ? 0 : ttl;
}

/* Writes the record's words one after the other, each with its NUL, and keeps a copy. False when
 * out of memory. */
static bool record_text(struct sdr_record *record, const struct wire *wire,
	const struct wire_record *frame, struct rdata_text *text)
{
	const struct rdata_type *type = sdr_rdata_type(record->type);
	size_t starts[4];
	text->length = 0;
	sdr_rdata_put_name(text, wire->bytes, frame->start);
	sdr_rdata_put(text, "", 1);
	starts[1] = text->length;
	sdr_rdata_write(text, wire, frame);
	sdr_rdata_put(text, "", 1);
	starts[2] = text->length;
	if (!type)
		sdr_rdata_put_type(text, frame->type);
	sdr_rdata_put(text, "", 1);
	starts[3] = text->length;
	if (frame->klass != WIRE_IN)
		sdr_rdata_put_class(text, frame->klass);
	record->line = text->failed ? NULL : malloc(text->length + 1);
	if (!record->line)
		return false;
	memcpy(record->line, text->bytes, text->length + 1);
	record->name = record->line;
	record->data = record->line + starts[1];
	record->type_text = type ? type->name : record->line + starts[2];
	record->klass = frame->klass == WIRE_IN ? "IN" : record->line + starts[3];
	return true;
}

static bool record_decode(const struct wire *wire, const struct wire_record *frame,
	struct rdata_text *text, struct sdr_record *record)
{
	record->type = frame->type;
	record->ttl = ttl_of(frame->ttl);
	record->owner_at = frame->start;
	record->data_at = frame->data;
	record->data_length = frame->length;
	record_address(record, wire->bytes + frame->data);
	return record_text(record, wire, frame, text);
}

/* RFC 6891 sec. 6.1.3: the high 8 bits of 12 of the rcode. */
static void take_opt(struct sdr_message *message, const struct wire_record *opt)
{
	message->rcode |= (int)(opt->ttl >> 24) << 4;
	sdr_edns_take(&message->edns, message->wire + opt->data, opt->length);
}

/* Decodes the `counts` records of each section; `message->records` has room for SDR_MESSAGE_RECORDS
 * or all that fit, whichever is less. */
static enum sdr_status decode_records(
	struct wire *wire, const unsigned counts[3], struct sdr_message *message)
{
	enum sdr_status status = SDR_OK;
	struct rdata_text text = {0};
	for (unsigned section = 0; section < 3; section++)
		for (unsigned i = 0; i < counts[section] && status == SDR_OK; i++) {
			struct wire_record frame;
			struct sdr_record *record = &message->records[message->count];
			if (sdr_wire_record(wire, &frame)) {
				status = SDR_EMALFORMED; /* cannot be: it was checked */
			} else if (frame.type == WIRE_OPT) {
				take_opt(message, &frame);
			} else if (message->count == SDR_MESSAGE_RECORDS) {
				message->omitted++;
			} else if (record_decode(wire, &frame, &text, record)) {
				record->section = (enum sdr_section)section;
				message->count++;
			} else {
				status = SDR_ENOMEM;
			}
		}
	free(text.bytes);
	return status;
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

static enum sdr_status check(const uint8_t *wire, size_t length,
	const struct sdr_message_asked *asked, struct sdr_error *why)
{
	uint8_t question[WIRE_QUESTION_MAX];
	struct wire_fault fault = {""};
	struct wire_asked ours = {.question = question, .id = -1, .tcp = asked && asked->tcp};
	size_t name = asked ? sdr_wire_name_parse(question, asked->name) : 0;
	if (name > 0) {
		const uint8_t fixed[] = {
			(uint8_t)(asked->type >> 8), (uint8_t)asked->type, 0, WIRE_IN};
		memcpy(question + name, fixed, sizeof(fixed));
		ours.length = name + sizeof(fixed);
	} else {
		ours.question = NULL;
	}
	if (sdr_wire_check(wire, length, &ours, &fault))
		return SDR_OK;
	sdr_error_set(why, 0, "%s", fault.text);
	return SDR_EMALFORMED;
}

static enum sdr_status decode_checked(const uint8_t *bytes, size_t length, struct sdr_message *made)
{
	const unsigned counts[3] = {
		sdr_wire_u16(bytes + 6), sdr_wire_u16(bytes + 8), sdr_wire_u16(bytes + 10)};
	size_t records = (size_t)counts[0] + counts[1] + counts[2];
	if (records > SDR_MESSAGE_RECORDS)
		records = SDR_MESSAGE_RECORDS;
	made->records = calloc(
		records + 1, sizeof(*made->records)); /* one more: where an OPT record would go */
	made->wire = malloc(length);
	if (!made->records || !made->wire)
		return SDR_ENOMEM;
	memcpy(made->wire, bytes, length);
	header_decode(bytes, made);
	struct wire walk = {made->wire, length, WIRE_HEADER};
	return !sdr_wire_questions(&walk, sdr_wire_u16(bytes + 4))
		? decode_records(&walk, counts, made)
		: SDR_EMALFORMED;
}

static enum sdr_status check_edns(
	const struct sdr_edns *edns, const struct sdr_message_asked *asked, struct sdr_error *why)
{
	const char *foreign = asked ? sdr_edns_foreign(edns, asked->cookie, asked->subnet) : NULL;
	if (!foreign)
		return SDR_OK;
	sdr_error_set(why, 0, "%s", foreign);
	return SDR_EMALFORMED;
}

enum sdr_status sdr_message_decode(const uint8_t *wire, size_t length,
	const struct sdr_message_asked *asked, struct sdr_message **message, struct sdr_error *why)
{
	enum sdr_status status = check(wire, length, asked, why);
	if (status != SDR_OK)
		return status;
	struct sdr_message *made = calloc(1, sizeof(*made));
	if (!made)
		return SDR_ENOMEM;
	status = decode_checked(wire, length, made);
	if (status == SDR_OK)
		status = check_edns(&made->edns, asked, why);
	if (status != SDR_OK) {
		sdr_message_free(made);
		return status;
	}
	*message = made;
	return SDR_OK;
}

void sdr_message_free(struct sdr_message *message)
{
	if (!message)
		return;
	for (unsigned i = 0; i < message->count; i++)
		free(message->records[i].line);
	free(message->records);
	free(message->wire);
	free(message);
}
