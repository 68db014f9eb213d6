/* held.c - answers held back from c-ares. The idea: c-ares drops an answer without its question,
 * 1.34 also what it can't parse, and rewrites the rest; to report every fault as it is, the bytes
 * stay here and c-ares gets an empty answer. RFC 5452 sec. 9.1: c-ares still drops what does not
 * match a question's id, name and type. */
#include "dns/held.h"

#include <stdlib.h>
#include <string.h>

#include "dns/wire.h"

#define HELD_MAX 512 /* questions known at once, including abandoned ones */

struct held {
	TAILQ_ENTRY(held) link;
	uint8_t id[2];   /* as it was sent */
	size_t question; /* bytes of `bytes` that are the question; behind it the answer */
	size_t answer;   /* bytes of the answer; 0: none has come */
	uint8_t *bytes;  /* [question + answer], owned */
};

static struct held *find(const struct held_list *held, const uint8_t *id)
{
	struct held *entry;
	TAILQ_FOREACH_REVERSE(entry, &held->list, held_queue, link)
	if (memcmp(entry->id, id, 2) == 0)
		return entry;
	return NULL;
}

static void drop(struct held_list *held, struct held *entry)
{
	TAILQ_REMOVE(&held->list, entry, link);
	held->count--;
	free(entry->bytes);
	free(entry);
}

void sdr_held_asked(struct held_list *held, const uint8_t *bytes, size_t length)
{
	struct wire walk = {bytes, length, WIRE_HEADER};
	if (length < WIRE_HEADER || sdr_wire_questions(&walk, 1))
		return;
	struct held *entry = find(held, bytes);
	if (entry)
		drop(held, entry);
	if (held->count == HELD_MAX)
		drop(held, TAILQ_FIRST(&held->list));
	entry = calloc(1, sizeof(*entry));
	uint8_t *copy = malloc(walk.at - WIRE_HEADER);
	if (!entry || !copy) {
		free(entry);
		free(copy);
		return;
	}
	memcpy(copy, bytes + WIRE_HEADER, walk.at - WIRE_HEADER);
	memcpy(entry->id, bytes, 2);
	entry->bytes = copy;
	entry->question = walk.at - WIRE_HEADER;
	TAILQ_INSERT_TAIL(&held->list, entry, link);
	held->count++;
}

/* Whether the message is about the question, but for its class; or about none, or about one that
 * can't be read: then it is no other's either. */
static bool is_about(const struct held *entry, const uint8_t *bytes, size_t length)
{
	struct wire walk = {bytes, length, WIRE_HEADER};
	if (length < WIRE_HEADER || sdr_wire_u16(bytes + 4) == 0 || sdr_wire_questions(&walk, 1))
		return true;
	return sdr_wire_name_same(bytes, WIRE_HEADER, entry->bytes, 0) &&
		memcmp(bytes + walk.at - 4, entry->bytes + entry->question - 4, 2) == 0;
}

size_t sdr_held_keep(struct held_list *held, uint8_t *bytes, size_t length, size_t size)
{
	struct held *entry = length >= sizeof(entry->id) ? find(held, bytes) : NULL;
	if (!entry || !is_about(entry, bytes, length) || WIRE_HEADER + entry->question > size)
		return length;
	uint8_t *grown = realloc(entry->bytes, entry->question + length);
	if (!grown)
		return length;
	memcpy(grown + entry->question, bytes, length);
	entry->bytes = grown;
	entry->answer = length;
	static const uint8_t rest[] = {0x81, 0x80, 0, 1, 0, 0, 0, 0, 0,
		0}; /* an answer, recursion done, one question, no records */
	memcpy(bytes + 2, rest, sizeof(rest));
	memcpy(bytes + WIRE_HEADER, grown, entry->question);
	return WIRE_HEADER + entry->question;
}

const uint8_t *sdr_held_answer(const struct held_list *held, const uint8_t *bytes, size_t *length)
{
	const struct held *entry = *length >= 2 ? find(held, bytes) : NULL;
	if (!entry || entry->answer == 0)
		return NULL;
	*length = entry->answer;
	return entry->bytes + entry->question;
}

void sdr_held_forget(struct held_list *held, const uint8_t *bytes)
{
	struct held *entry = find(held, bytes);
	if (entry)
		drop(held, entry);
}

void sdr_held_clear(struct held_list *held)
{
	while (!TAILQ_EMPTY(&held->list))
		drop(held, TAILQ_FIRST(&held->list));
}
