/* chain.c - evaluates an answer's records: where the CNAMEs lead, what is there, the TTL, or a
 * referral. Names are compared in wire form, label by label: as text, one name has many spellings.
 * RFC 1034 sec. 3.6.2, RFC 2308, RFC 4343. */
#include <string.h>

#include "dns/message.h"
#include "dns/wire.h"

/* The chain's name at `step`, on the wire. */
static const uint8_t *bytes_of(
	const struct sdr_message *message, const struct sdr_chain *chain, unsigned step)
{
	return chain->ends[step] == 0 ? chain->asked : message->wire;
}

/* Whether the name at `at` of the message is the chain's at `step`. */
static bool is_name(
	const struct sdr_message *message, size_t at, const struct sdr_chain *chain, unsigned step)
{
	return sdr_wire_name_same(
		message->wire, at, bytes_of(message, chain, step), chain->ends[step]);
}

/* Whether the name at `at` of the message is the chain's end, or above it. */
static bool is_above(const struct sdr_message *message, size_t at, const struct sdr_chain *chain)
{
	return sdr_wire_name_holds(message->wire, at, bytes_of(message, chain, chain->steps),
		chain->ends[chain->steps]);
}

const struct sdr_record *sdr_message_next(const struct sdr_message *message,
	const struct sdr_chain *chain, uint16_t type, const struct sdr_record *previous)
{
	if (chain->loop || chain->too_long)
		return NULL;
	for (unsigned i = !previous ? 0 : (unsigned)(previous - message->records) + 1;
		i < message->count; i++) {
		const struct sdr_record *record = &message->records[i];
		bool wanted = record->type == type || type == WIRE_ANY;
		if (record->section == SDR_SECTION_ANSWER && wanted &&
			is_name(message, record->owner_at, chain, chain->steps))
			return record;
	}
	return NULL;
}

/* The CNAME to follow from the chain's end; NULL where the type asked is there, or none is to be
 * followed. */
static const struct sdr_record *cname_of(
	const struct sdr_message *message, const struct sdr_chain *chain, uint16_t type)
{
	if (type == WIRE_CNAME || type == WIRE_ANY || sdr_message_next(message, chain, type, NULL))
		return NULL;
	return sdr_message_next(message, chain, WIRE_CNAME, NULL);
}

static bool passed(const struct sdr_message *message, const struct sdr_chain *chain)
{
	for (unsigned step = 0; step < chain->steps; step++)
		if (is_name(message, chain->ends[chain->steps], chain, step))
			return true;
	return false;
}

static void least(int64_t *ttl, uint32_t other)
{
	if (*ttl < 0 || other < *ttl)
		*ttl = other;
}

static void follow(const struct sdr_message *message, uint16_t type, struct sdr_chain *chain)
{
	const struct sdr_record *next;
	while ((next = cname_of(message, chain, type))) {
		chain->too_long = chain->steps == SDR_MESSAGE_CHAIN;
		if (chain->too_long)
			return;
		least(&chain->ttl, next->ttl);
		chain->names[chain->steps++] = chain->end;
		chain->ends[chain->steps] = next->data_at;
		chain->loop = passed(message, chain);
		if (chain->loop)
			return;
		chain->end = next->data;
	}
}

/* Sets the TTL of a negative answer, if an SOA gives it: RFC 2308 sec. 5. Detects a referral: NS
 * records of the name's ancestors and no SOA, from a server that is not authoritative, or at the
 * end of a CNAME: sec. 2.2. A server that does not recurse need not follow a CNAME at all. */
static void nothing_there(const struct sdr_message *message, struct sdr_chain *chain)
{
	const struct sdr_record *soa = NULL, *ns = NULL;
	for (unsigned i = message->count; i-- > 0;) {
		const struct sdr_record *record = &message->records[i];
		if (record->section != SDR_SECTION_AUTHORITY ||
			(record->type != WIRE_SOA && record->type != WIRE_NS) ||
			!is_above(message, record->owner_at, chain))
			continue;
		if (record->type == WIRE_SOA)
			soa = record;
		else
			ns = record;
	}
	if (!soa) {
		chain->ttl = -1;
		if (message->rcode == 0 && (!message->authoritative || chain->steps > 0))
			chain->referral = ns;
		chain->unknown = chain->referral ||
			(message->rcode == 0 && chain->steps > 0 && !message->recursion_available);
		return;
	}
	uint32_t minimum = sdr_wire_u32(message->wire + soa->data_at + soa->data_length - 4);
	least(&chain->ttl, soa->ttl);
	least(&chain->ttl, minimum > INT32_MAX ? 0 : minimum);
}

void sdr_message_chain(
	const struct sdr_message *message, const char *name, uint16_t type, struct sdr_chain *chain)
{
	memset(chain, 0, sizeof(*chain));
	chain->end = name;
	chain->ttl = -1;
	if (sdr_wire_name_parse(chain->asked, name) == 0)
		return; /* cannot be: it was asked for */
	follow(message, type, chain);
	const struct sdr_record *record = NULL;
	while ((record = sdr_message_next(message, chain, type, record))) {
		chain->records++;
		least(&chain->ttl, record->ttl);
	}
	if (chain->loop || chain->too_long)
		chain->ttl = -1;
	else if (chain->records == 0)
		nothing_there(message, chain);
}
