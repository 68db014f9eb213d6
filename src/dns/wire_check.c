/* wire_check.c - checks that a message is a complete and well-formed answer to what was asked. The
 * idea: one pass over all of it before anything is kept; a message that passes can be decoded
 * without further checks. RFC 1035 sec. 4.1, RFC 2181 sec. 5, RFC 6891 sec. 6.1, RFC 9619. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/edns.h"
#include "dns/rdata.h"

#define NAME_SHOWN 80 /* bytes of an owner name in an error */

static bool wrong(struct wire_fault *fault, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes the reason; always false. */
static bool wrong(struct wire_fault *fault, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(fault->text, sizeof(fault->text), format, args);
	va_end(args);
	return false;
}

static bool check_header(const uint8_t *bytes, size_t length, const struct wire_asked *asked,
	struct wire_fault *fault)
{
	if (length < WIRE_HEADER)
		return wrong(fault, "%zu bytes, less than a header", length);
	if (length > WIRE_MESSAGE_MAX)
		return wrong(fault, "%zu bytes, more than a message can have", length);
	if (asked && asked->id >= 0 && sdr_wire_u16(bytes) != asked->id)
		return wrong(fault, "its id is not the question's");
	if ((bytes[2] & 0x80) == 0)
		return wrong(fault, "it is a question (QR is 0)");
	if ((bytes[2] & 0x78) != 0)
		return wrong(fault, "its opcode is %u, not 0 (QUERY)", bytes[2] >> 3 & 15);
	if (asked && asked->tcp && (bytes[2] & 0x02) != 0)
		return wrong(fault, "it says that it is truncated (TC), over TCP");
	return true;
}

/* The question is ours: the same name, type and class. An error may come without it, as from
 * servers that did not read so far. */
static bool check_question(
	struct wire *wire, const struct wire_asked *asked, struct wire_fault *fault)
{
	unsigned count = sdr_wire_u16(wire->bytes + 4), rcode = wire->bytes[3] & 15;
	size_t start = wire->at;
	if (count > 1)
		return wrong(fault, "%u questions, where one was asked", count);
	if (count == 0)
		return rcode != 0 || wrong(fault, "it has no question, and no error either");
	const char *why = sdr_wire_questions(wire, count);
	if (why)
		return wrong(fault, "the question: %s", why);
	if (!asked || !asked->question)
		return true;
	const uint8_t *fixed = wire->bytes + wire->at - 4,
		      *ours = asked->question + asked->length - 4;
	if (!sdr_wire_name_same(wire->bytes, start, asked->question, 0) ||
		sdr_wire_u16(fixed) != sdr_wire_u16(ours))
		return wrong(fault, "it answers another question");
	if (sdr_wire_u16(fixed + 2) != sdr_wire_u16(ours + 2))
		return wrong(fault, "its question is of class %u, not %u", sdr_wire_u16(fixed + 2),
			sdr_wire_u16(ours + 2));
	return true;
}

/* RFC 6891 sec. 6.1.2 */
static const char *opt_wrong(const uint8_t *bytes, const struct wire_record *opt)
{
	return bytes[opt->start] != 0 ? "its name is not the root's"
				      : sdr_edns_wrong(bytes + opt->data, opt->length);
}

static const char *class_wrong(const struct wire_record *record)
{
	bool meta = record->type == WIRE_TSIG || record->type == WIRE_TKEY ||
		record->type == 24; /* SIG(0), RFC 2931 sec. 3 */
	if (record->klass == WIRE_IN || (meta && record->klass == WIRE_CLASS_ANY))
		return NULL;
	return record->klass == 3    ? "its class is CH, not IN"
		: record->klass == 4 ? "its class is HS, not IN"
				     : "its class is not IN";
}

/* The present place: record `number` (from 1) of a section, with its name and type if they are
 * read. */
static bool record_wrong(
	struct wire_fault *fault, const struct wire *wire, const char *place, const char *why)
{
	struct rdata_text text = {0};
	struct wire frame = *wire;
	if (!sdr_wire_name(&frame)) {
		sdr_rdata_put_name(&text, wire->bytes, wire->at);
		if (text.length > NAME_SHOWN) {
			text.length = NAME_SHOWN;
			sdr_rdata_put(&text, "...", 3);
		}
		if (frame.length - frame.at >= 2) {
			sdr_rdata_put(&text, " ", 1);
			sdr_rdata_put_type(&text, sdr_wire_u16(frame.bytes + frame.at));
		}
		if (frame.length - frame.at >= 10) {
			unsigned size = sdr_wire_u16(frame.bytes + frame.at + 8);
			sdr_rdata_print(&text, " of %u byte%s", size, size == 1 ? "" : "s");
		}
	}
	bool named = !text.failed && text.length > 0;
	wrong(fault, "%s%s%.120s: %s", place, named ? ", " : "", named ? text.bytes : "", why);
	free(text.bytes);
	return false;
}

static const char *check_record(struct wire *wire, unsigned section, bool *edns)
{
	struct wire_record record;
	const char *why = sdr_wire_record(wire, &record);
	if (why)
		return why;
	if (record.type != WIRE_OPT) {
		why = class_wrong(&record);
		return why ? why : sdr_rdata_check(wire, &record);
	}
	if (section != 2)
		return "an OPT record outside the additional section";
	if (*edns)
		return "a second OPT record";
	*edns = true;
	return opt_wrong(wire->bytes, &record);
}

static bool check_sections(struct wire *wire, struct wire_fault *fault)
{
	static const char *const sections[] = {"answer", "authority", "additional"};
	bool edns = false;
	for (unsigned section = 0; section < 3; section++) {
		unsigned count = sdr_wire_u16(wire->bytes + 6 + 2 * section);
		for (unsigned i = 1; i <= count; i++) {
			struct wire before = *wire;
			const char *why = check_record(wire, section, &edns);
			if (!why)
				continue;
			char place[64];
			snprintf(place, sizeof(place), "record %u of the %s section", i,
				sections[section]);
			return record_wrong(fault, &before, place, why);
		}
	}
	if (wire->at != wire->length)
		return wrong(fault, "%zu bytes behind the last record that its header counts",
			wire->length - wire->at);
	return true;
}

bool sdr_wire_check(const uint8_t *bytes, size_t length, const struct wire_asked *asked,
	struct wire_fault *fault)
{
	struct wire wire = {bytes, length, WIRE_HEADER};
	return check_header(bytes, length, asked, fault) && check_question(&wire, asked, fault) &&
		check_sections(&wire, fault);
}
