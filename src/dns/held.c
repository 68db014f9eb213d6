/* held.c - questions and answers kept from c-ares. The idea: c-ares 1.34 refuses names that no host
 * has, adds options of its own, drops answers that it can't parse and rewrites the rest; 1.18
 * does none of that. So c-ares only gets to see that something was asked, under a name that is a
 * number, and that an answer came, which has nothing in it. */
#include "dns/held.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/wire.h"

#define DIGITS 8 /* of a stand-in's name */

/* Writes what stands for a question or for its answer. That is SERVFAIL: c-ares from 1.28 on learns
 * from good answers how quick the server is, and would let go of a socket after a multiple of that,
 * and of the answer on its way there. */
static void stand_in_write(const struct held *entry, bool answer, uint8_t *out)
{
	static const uint8_t counts[8] = {0, 1}, end[5] = {0, 0, WIRE_A, 0, WIRE_IN};
	char digits[DIGITS + 1];
	snprintf(digits, sizeof(digits), "%08x", (unsigned)entry->serial);
	memcpy(out, entry->bytes, 2);
	out[2] = answer ? 0x81 : 0x01;
	out[3] = answer ? 0x82 : 0;
	memcpy(out + 4, counts, sizeof(counts));
	out[WIRE_HEADER] = DIGITS;
	memcpy(out + WIRE_HEADER + 1, digits, DIGITS);
	memcpy(out + WIRE_HEADER + 1 + DIGITS, end, sizeof(end));
}

struct held *sdr_held_ask(struct held_list *held, const uint8_t *message, size_t length,
	uint8_t stand_in[static HELD_STAND_IN])
{
	struct held *entry = calloc(1, sizeof(*entry));
	uint8_t *copy = malloc(length);
	if (!entry || !copy) {
		free(entry);
		free(copy);
		return NULL;
	}
	memcpy(copy, message, length);
	*entry = (struct held){.serial = held->serial++, .length = length, .bytes = copy};
	TAILQ_INSERT_TAIL(&held->list, entry, link);
	stand_in_write(entry, false, stand_in);
	return entry;
}

struct held *sdr_held_meant(const struct held_list *held, const uint8_t *stand_in, size_t length)
{
	uint8_t own[HELD_STAND_IN];
	struct held *entry;
	if (length < HELD_STAND_IN)
		return NULL;
	TAILQ_FOREACH(entry, &held->list, link)
	{
		stand_in_write(entry, false, own);
		if (memcmp(own + WIRE_HEADER, stand_in + WIRE_HEADER, 1 + DIGITS) == 0) {
			memcpy(entry->bytes, stand_in, 2);
			return entry;
		}
	}
	return NULL;
}

bool sdr_held_unsent(const struct held_list *held)
{
	const struct held *entry;
	TAILQ_FOREACH(entry, &held->list, link)
	if (!entry->sent)
		return true;
	return false;
}

/* Whether the message is about the question, but for its class; or about none, or about one that
 * can't be read: then it is no other's either. */
static bool is_about(const struct held *entry, const uint8_t *bytes, size_t length)
{
	struct wire came = {bytes, length, WIRE_HEADER},
		    asked = {entry->bytes, entry->length, WIRE_HEADER};
	if (length < WIRE_HEADER || sdr_wire_u16(bytes + 4) == 0 || sdr_wire_questions(&came, 1) ||
		sdr_wire_questions(&asked, 1))
		return true;
	return sdr_wire_name_same(bytes, WIRE_HEADER, entry->bytes, WIRE_HEADER) &&
		memcmp(bytes + came.at - 4, entry->bytes + asked.at - 4, 2) == 0;
}

static struct held *answered_by(
	const struct held_list *held, bool ended, const uint8_t *bytes, size_t length)
{
	struct held *entry;
	if (length < 2)
		return NULL;
	TAILQ_FOREACH(entry, &held->list, link)
	if (entry->sent && entry->ended == ended && entry->answer == 0 &&
		memcmp(entry->bytes, bytes, 2) == 0 && is_about(entry, bytes, length))
		return entry;
	return NULL;
}

size_t sdr_held_keep(const struct held_list *held, uint8_t *bytes, size_t length)
{
	struct held *entry = answered_by(held, false, bytes, length);
	if (!entry)
		return 0;
	uint8_t *grown = realloc(entry->bytes, entry->length + length);
	if (grown) {
		memcpy(grown + entry->length, bytes, length);
		entry->bytes = grown;
		entry->answer = length;
	}
	stand_in_write(entry, true, bytes);
	return HELD_STAND_IN;
}

const uint8_t *sdr_held_answer(const struct held *held)
{
	return held->answer > 0 ? held->bytes + held->length : NULL;
}

bool sdr_held_late(struct held_list *held, const uint8_t *bytes, size_t length)
{
	struct held *entry = answered_by(held, true, bytes, length);
	if (entry)
		sdr_held_drop(held, entry);
	return entry;
}

void sdr_held_end(struct held_list *held, struct held *entry)
{
	struct held *oldest = TAILQ_FIRST(&held->list);
	if (!entry->sent || entry->answer > 0) {
		sdr_held_drop(held, entry);
		return;
	}
	entry->ended = true;
	if (++held->ended <= HELD_ENDED)
		return;
	while (!oldest->ended)
		oldest = TAILQ_NEXT(oldest, link);
	sdr_held_drop(held, oldest);
}

void sdr_held_drop(struct held_list *held, struct held *entry)
{
	held->ended -= entry->ended;
	TAILQ_REMOVE(&held->list, entry, link);
	free(entry->bytes);
	free(entry);
}

void sdr_held_clear(struct held_list *held)
{
	while (!TAILQ_EMPTY(&held->list))
		sdr_held_drop(held, TAILQ_FIRST(&held->list));
}
