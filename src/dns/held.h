/* held.h (internal) - answers held back from c-ares, which only sees that one came: wire_check.c
 * checks its content. */
#ifndef SOUNDER_DNS_HELD_H
#define SOUNDER_DNS_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct held;

/* The datagrams of a channel: questions sent, answers kept. Zero it, then
 * TAILQ_INIT(&held.list). */
struct held_list {
	TAILQ_HEAD(held_queue, held) list;
	unsigned count;
};

/* Notes a question as it leaves. When out of memory its answer goes to c-ares as it came. */
void sdr_held_asked(struct held_list *held, const uint8_t *bytes, size_t length);

/* Keeps a datagram that came, if it has the id of a question and is about its name and type or
 * about nothing, and writes in its place an empty answer to that question. Returns the bytes now in
 * `bytes`, at most `size`; others are left as they are. */
size_t sdr_held_keep(struct held_list *held, uint8_t *bytes, size_t length, size_t size);

/* Returns the answer kept for the id at bytes[0..1], *length its bytes; NULL: none. Valid until the
 * question is forgotten. */
const uint8_t *sdr_held_answer(const struct held_list *held, const uint8_t *bytes, size_t *length);

void sdr_held_forget(struct held_list *held,
	const uint8_t *bytes); /* the question of that id, which has been answered */
void sdr_held_clear(struct held_list *held);

#endif
