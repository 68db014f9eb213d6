/* Answers of name servers: what passes the check on the wire is decoded, followed through its
 * CNAMEs, and each name read back from its text. What does not pass has a reason. Both are held
 * back from c-ares unchanged. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dns/held.h"
#include "dns/message.h"
#include "dns/rdata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x7f || (unsigned char)*text < 0x20)
			abort(); /* printable ASCII */
}

static void check_record(const struct sdr_message *message, const struct sdr_record *record)
{
	uint8_t wire[SDR_MESSAGE_QUESTION], name[WIRE_NAME_MAX];
	struct sdr_chain chain;
	const struct sdr_message_question question = {
		.name = record->name, .type = record->type, .edns = true};
	if (sdr_message_encode(wire, &question) == 0)
		abort(); /* a name that came can be asked for */
	if (sdr_wire_name_parse(name, record->name) == 0 ||
		!sdr_wire_name_same(name, 0, message->wire, record->owner_at) ||
		!sdr_wire_name_holds(message->wire, record->owner_at, name, 0))
		abort(); /* and is the same again */
	check_text(record->name);
	check_text(record->data);
	check_text(record->type_text);
	sdr_message_chain(message, record->name, record->type, &chain);
	if (chain.steps > SDR_MESSAGE_CHAIN || chain.ttl > INT32_MAX)
		abort();
}

/* What is kept from c-ares comes back as it was, and what c-ares reads in its place is an answer
 * to the stand-in that it was given, without records. */
static void check_held(const uint8_t *data, size_t size)
{
	struct held_list held = {.serial = 0};
	uint8_t question[] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'x', 0, 0, 1, 0, 1},
		stand_in[HELD_STAND_IN], bytes[4096];
	if (size < 2 || size > sizeof(bytes))
		return;
	TAILQ_INIT(&held.list);
	memcpy(question, data, 2);
	memcpy(bytes, data, size);
	struct held *entry = sdr_held_ask(&held, question, sizeof(question), stand_in);
	if (!entry || sdr_held_keep(&held, bytes, size) != 0)
		abort(); /* it was not asked yet */
	if (sdr_held_meant(&held, stand_in, sizeof(stand_in)) != entry)
		abort();
	entry->sent = true;
	size_t left = sdr_held_keep(&held, bytes, size);
	const uint8_t *kept = sdr_held_answer(entry);
	if (left == 0 && (kept || memcmp(bytes, data, size) != 0))
		abort();
	if (left != 0 &&
		(left != sizeof(stand_in) || !kept || entry->answer != size ||
			memcmp(kept, data, size) != 0 ||
			memcmp(bytes + 12, stand_in + 12, left - 12) != 0 || bytes[2] != 0x81 ||
			bytes[7] != 0))
		abort();
	sdr_held_drop(&held, entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_held(data, size);
	struct sdr_message *message = NULL;
	struct sdr_error why = {0};
	if (sdr_message_decode(data, size, NULL, &message, &why) != SDR_OK) {
		if (why.text[0] == '\0')
			abort();
		check_text(why.text);
		return 0;
	}
	char edes[64];
	sdr_edns_format_edes(edes, sizeof(edes), &message->edns);
	for (unsigned i = 0; i < message->count && i < 64; i++)
		check_record(message, &message->records[i]);
	sdr_message_free(message);
	return 0;
}
