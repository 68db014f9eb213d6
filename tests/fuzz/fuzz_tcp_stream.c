/* fuzz_tcp_stream.c - what a name server sends by TCP, arriving in pieces of any size and read in
 * others: the same comes out as when all of it comes at once, and what is kept from c-ares is the
 * answer as it was. RFC 1035 sec. 4.2.2 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dns/tcp_stream.h"
#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 4096u
#define QUESTION 19u

/* How c-ares and the network cut the bytes. */
struct cuts {
	const uint8_t *sizes; /* [count] */
	size_t count;         /* 0: all at once */
};

static const uint8_t question[] = {
	0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'x', 0, 0, 1, 0, 1}; /* id 0: x A */

static void read_all(struct stream *stream, struct held_list *held, const struct cuts *cuts, int fd,
	uint8_t *out, size_t *length)
{
	for (size_t i = 0;; i++) {
		size_t room = cuts->count ? 1u + cuts->sizes[i % cuts->count] % 64 : 8 * MOST;
		ssize_t got = sdr_stream_read(stream, held, fd, out + *length, room);
		if (got < 0) {
			must(errno == EAGAIN && sdr_stream_pending(stream, fd) == 0);
			return;
		}
		must(got > 0 && (size_t)got <= room);
		*length += (size_t)got;
	}
}

/* Asks the question through a socket, sends bytes back, and returns how many came out of the
 * stream; `held` has what was kept. */
static size_t pass(const uint8_t *bytes, size_t size, const struct cuts *cuts,
	struct held_list *held, uint8_t out[static 8 * MOST])
{
	int ends[2];
	struct stream stream = {0};
	uint8_t asked[2 + HELD_STAND_IN] = {0, HELD_STAND_IN}, left[64];
	const struct iovec part = {asked, sizeof(asked)};
	size_t length = 0, at = 0;
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
	must(sdr_held_ask(held, question, QUESTION, asked + 2) != NULL);
	must(sdr_stream_write(&stream, held, ends[1], &part) == (ssize_t)sizeof(asked));
	must(read(ends[0], left, sizeof(left)) == 2 + QUESTION && left[1] == QUESTION &&
		memcmp(left + 2, question, QUESTION) == 0);
	for (size_t i = 0; at < size; i++) {
		size_t piece = cuts->count ? 1u + cuts->sizes[i % cuts->count] : size;
		piece = piece < size - at ? piece : size - at;
		must(write(ends[0], bytes + at, piece) == (ssize_t)piece);
		at += piece;
		read_all(&stream, held, cuts, ends[1], out, &length);
	}
	sdr_stream_closed(&stream, ends[1]);
	close(ends[0]);
	close(ends[1]);
	return length;
}

/* Whether the message is, by its id and its question if it has one that can be read, an answer to
 * ours; those that only differ in how the name is written are none of this. */
static bool is_plain_answer(const uint8_t *message, size_t length)
{
	return length >= QUESTION && message[0] == 0 && message[1] == 0 && message[4] == 0 &&
		message[5] == 1 && memcmp(message + 12, question + 12, QUESTION - 12) == 0;
}

/* What is kept is one of the whole messages that came, with our id, and none behind the first that
 * is an answer for certain. */
static void check(const uint8_t *in, size_t in_length, const struct held *held)
{
	const uint8_t *kept = sdr_held_answer(held);
	bool found = false, answered = false;
	while (in_length >= 2 && !answered) {
		size_t length = (size_t)in[0] << 8 | in[1];
		if (length > in_length - 2)
			break;
		found = found ||
			(kept && length == held->answer && in[2] == 0 && in[3] == 0 &&
				memcmp(in + 2, kept, length) == 0);
		answered = is_plain_answer(in + 2, length);
		in += 2 + length;
		in_length -= 2 + length;
	}
	must(found == (kept != NULL));
	must(!answered || kept);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t whole[8 * MOST], pieces[8 * MOST];
	struct input input = {data, size < MOST ? size : MOST};
	struct held_list held = {.serial = 7}, again = {.serial = 7};
	struct cuts cuts, none = {NULL, 0};
	cuts.sizes = take_bytes(&input, take_byte(&input) % 16, &cuts.count);
	TAILQ_INIT(&held.list);
	TAILQ_INIT(&again.list);
	size_t at_once = pass(input.at, input.left, &none, &held, whole);
	size_t in_pieces = pass(input.at, input.left, &cuts, &again, pieces);
	must(at_once == in_pieces && memcmp(whole, pieces, at_once) == 0);
	struct held *first = TAILQ_FIRST(&held.list), *second = TAILQ_FIRST(&again.list);
	must(at_once == (first->answer ? 2 + HELD_STAND_IN : 0));
	must(first->answer == second->answer);
	must(!first->answer ||
		memcmp(sdr_held_answer(first), sdr_held_answer(second), first->answer) == 0);
	check(input.at, input.left, first);
	sdr_held_drop(&held, first);
	sdr_held_drop(&again, second);
	return 0;
}
