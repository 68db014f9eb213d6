/* held.h (internal) - what c-ares never sees: the questions as they leave and the answers as they
 * come. It is given stand-ins for both, so that none of its versions decides which name can be
 * asked for, what rides along in a question, or what is an answer. */
#ifndef SOUNDER_DNS_HELD_H
#define SOUNDER_DNS_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define HELD_STAND_IN 26 /* bytes of a stand-in: header, a name of one label, type, class */
#define HELD_ENDED 16    /* questions that ended without an answer and are still known */

/* A question that c-ares was given a stand-in for. */
struct held {
	TAILQ_ENTRY(held) link;
	uint32_t serial; /* the stand-in's name, as 8 hexadecimal digits */
	bool sent;       /* it has left: whether it leaves again is not c-ares's to say */
	bool ended;      /* without an answer, which may come all the same */
	size_t length;   /* bytes of `bytes` that are the question; behind them the answer */
	size_t answer;   /* bytes of the answer; 0: none has come, or there was no memory for it */
	uint8_t *bytes;  /* [length + answer], owned */
};

/* The questions of a channel, in the order in which they were asked. Zero it, then
 * TAILQ_INIT(&held.list). */
struct held_list {
	TAILQ_HEAD(held_queue, held) list;
	uint32_t serial;
	unsigned ended; /* how many of them are */
};

/* Keeps a question's message, with its header and one question, and writes what c-ares is to be
 * given for it. NULL when out of memory. */
struct held *sdr_held_ask(struct held_list *held, const uint8_t *message, size_t length,
	uint8_t stand_in[static HELD_STAND_IN]);

/* Returns the question that c-ares means by what it sends, which takes over the id there; NULL:
 * none. */
struct held *sdr_held_meant(const struct held_list *held, const uint8_t *stand_in, size_t length);

bool sdr_held_unsent(const struct held_list *held); /* whether a question has yet to leave */

/* Keeps a message that came, if it has the id of a question that was sent and is about its name and
 * type or about nothing, and writes in its place what c-ares is to read: HELD_STAND_IN bytes, for
 * which there must be room. Returns their number; 0: it answers nothing that was asked, and c-ares
 * must not see it. RFC 5452 sec. 9.1 */
size_t sdr_held_keep(const struct held_list *held, uint8_t *bytes, size_t length);

/* Returns the answer kept, of held->answer bytes; NULL: none. Valid until the question is
 * dropped. */
const uint8_t *sdr_held_answer(const struct held *held);

/* Whether a message that came is the answer to a question that has ended, which is then gone. */
bool sdr_held_late(struct held_list *held, const uint8_t *bytes, size_t length);

/* Ends a question. One that left and has no answer is still known, as the latest of HELD_ENDED. */
void sdr_held_end(struct held_list *held, struct held *entry);

void sdr_held_drop(struct held_list *held, struct held *entry);
void sdr_held_clear(struct held_list *held); /* drops all */

#endif
