/* bulk_socket.c - questions by UDP, many at a time. The idea: a question costs a slot of a small
 * table and a part of two system calls; time-outs are one list in the order of asking, since all
 * have the same time. */
#include "dns/bulk_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "dns/message.h"
#include "dns/wire.h"
#include "sounder/clock.h"

#define SLOTS SDR_SERVER_WINDOW
#define BATCH 32
#define ROOM 4096 /* bytes of an answer; larger ones are asked for again */
#define RANDOM 128

struct slot {
	uint16_t id;
	uint16_t length; /* of the question; 0: the slot is free */
	bool sent;
	struct bulk_asked *asked;
	uint8_t wire[SDR_MESSAGE_QUESTION];
};

struct bulk_socket {
	uv_poll_t poll; /* first: closing it frees the whole */
	uv_timer_t timer;
	uv_prepare_t flush; /* before the loop waits: what was asked leaves */
	unsigned closing;
	int fd;
	sdr_ns timeout;
	bulk_came *came;
	void *context;
	TAILQ_HEAD(bulk_list, bulk_asked) asked; /* in the order of asking */
	unsigned waiting[SLOTS], waiting_count;  /* slots whose question has yet to leave */
	unsigned unused[SLOTS], unused_count;
	struct slot slots[SLOTS];
	uint16_t random[RANDOM];
	unsigned random_left;
	uint8_t room[BATCH][ROOM];
};

/* ---- slots ---- */

static bool next_id(struct bulk_socket *socket, uint16_t *id)
{
	if (socket->random_left == 0) {
		if (getrandom(socket->random, sizeof(socket->random), GRND_NONBLOCK) !=
			sizeof(socket->random))
			return false;
		socket->random_left = RANDOM;
	}
	*id = socket->random[--socket->random_left];
	return true;
}

static void slot_free(struct bulk_socket *socket, unsigned number)
{
	struct slot *slot = &socket->slots[number];
	TAILQ_REMOVE(&socket->asked, slot->asked, link);
	*slot = (struct slot){.length = 0};
	socket->unused[socket->unused_count++] = number;
	if (TAILQ_EMPTY(&socket->asked))
		uv_unref((uv_handle_t *)&socket->poll);
}

void sdr_bulk_socket_forget(struct bulk_socket *socket, struct bulk_asked *asked)
{
	for (unsigned i = 0; i < socket->waiting_count; i++)
		if (socket->waiting[i] == asked->slot) {
			socket->waiting[i] = socket->waiting[--socket->waiting_count];
			break;
		}
	slot_free(socket, asked->slot);
}

/* Ends one without an answer. */
static void fail(struct bulk_socket *socket, struct bulk_asked *asked)
{
	sdr_bulk_socket_forget(socket, asked);
	socket->came(socket->context, asked, NULL, 0);
}

/* The socket failed: a closed port, no route. Who asks the other way finds out which. */
static void fail_all(struct bulk_socket *socket)
{
	struct bulk_asked *last = TAILQ_LAST(&socket->asked, bulk_list), *asked = NULL;
	while (asked != last && (asked = TAILQ_FIRST(&socket->asked)))
		fail(socket, asked);
}

/* ---- sending ---- */

static void on_poll(uv_poll_t *poll, int status, int events);

static void watch(struct bulk_socket *socket)
{
	int events = UV_READABLE | (socket->waiting_count > 0 ? UV_WRITABLE : 0);
	if (!uv_is_closing((uv_handle_t *)&socket->poll))
		uv_poll_start(&socket->poll, events, on_poll);
}

/* Returns how many left; -1: the socket failed. */
static int send_some(struct bulk_socket *socket)
{
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	unsigned count = socket->waiting_count < BATCH ? socket->waiting_count : BATCH;
	sdr_ns now = sdr_clock_now();
	memset(messages, 0, count * sizeof(*messages));
	for (unsigned i = 0; i < count; i++) {
		struct slot *slot = &socket->slots[socket->waiting[i]];
		parts[i] = (struct iovec){slot->wire, slot->length};
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
		slot->sent = true;
		slot->asked->sent_at = now;
	}
	int sent = sendmmsg(socket->fd, messages, count, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -1;
	socket->waiting_count -= (unsigned)sent;
	memmove(socket->waiting, socket->waiting + sent,
		socket->waiting_count * sizeof(*socket->waiting));
	return sent;
}

static void send_all(struct bulk_socket *socket)
{
	int sent = 0;
	while (socket->waiting_count > 0 && (sent = send_some(socket)) > 0)
		;
	if (sent < 0)
		fail_all(socket);
}

static void on_timer(uv_timer_t *timer)
{
	struct bulk_socket *socket = timer->data;
	struct bulk_asked *first;
	sdr_ns now = sdr_clock_now();
	while ((first = TAILQ_FIRST(&socket->asked)) && first->sent_at + socket->timeout <= now)
		fail(socket, first);
	if (first)
		uv_timer_start(timer, on_timer,
			(uint64_t)((first->sent_at + socket->timeout - now) / SDR_MS + 1), 0);
}

static void on_flush(uv_prepare_t *flush)
{
	struct bulk_socket *socket = flush->data;
	uv_prepare_stop(flush);
	send_all(socket);
	watch(socket);
	if (!TAILQ_EMPTY(&socket->asked) && !uv_is_active((uv_handle_t *)&socket->timer))
		uv_timer_start(&socket->timer, on_timer, (uint64_t)(socket->timeout / SDR_MS), 0);
}

bool sdr_bulk_socket_ask(
	struct bulk_socket *socket, uint8_t *wire, size_t length, struct bulk_asked *asked)
{
	uint16_t id;
	if (socket->unused_count == 0 || length > SDR_MESSAGE_QUESTION || !next_id(socket, &id))
		return false;
	unsigned number = socket->unused[--socket->unused_count];
	struct slot *slot = &socket->slots[number];
	*slot = (struct slot){.id = id, .length = (uint16_t)length, .asked = asked};
	memcpy(slot->wire, wire, length);
	slot->wire[0] = (uint8_t)(id >> 8);
	slot->wire[1] = (uint8_t)id;
	asked->slot = number;
	asked->sent_at = sdr_clock_now();
	if (TAILQ_EMPTY(&socket->asked))
		uv_ref((uv_handle_t *)&socket->poll);
	TAILQ_INSERT_TAIL(&socket->asked, asked, link);
	socket->waiting[socket->waiting_count++] = number;
	uv_prepare_start(&socket->flush, on_flush);
	return true;
}

/* ---- receiving ---- */

/* Whether a message is about the question: the same name (in any case), type and class. RFC 5452
 * sec. 9.1 */
static bool is_about(const struct slot *slot, const uint8_t *bytes, size_t length)
{
	struct wire came = {bytes, length, WIRE_HEADER},
		    asked = {slot->wire, slot->length, WIRE_HEADER};
	if (sdr_wire_u16(bytes + 4) != 1 || sdr_wire_questions(&came, 1) ||
		sdr_wire_questions(&asked, 1))
		return false;
	return sdr_wire_name_same(bytes, WIRE_HEADER, slot->wire, WIRE_HEADER) &&
		memcmp(bytes + came.at - 4, slot->wire + asked.at - 4, 4) == 0;
}

static void take(struct bulk_socket *socket, const uint8_t *bytes, size_t length)
{
	if (length < WIRE_HEADER || (bytes[2] & 0x80) == 0)
		return;
	uint16_t id = sdr_wire_u16(bytes);
	for (unsigned i = 0; i < SLOTS; i++) {
		struct slot *slot = &socket->slots[i];
		if (slot->id != id || slot->length == 0 || !slot->sent ||
			!is_about(slot, bytes, length))
			continue;
		struct bulk_asked *asked = slot->asked;
		slot_free(socket, i);
		socket->came(socket->context, asked, bytes, length);
		return;
	}
}

/* Returns whether there may be more. */
static bool receive_some(struct bulk_socket *socket)
{
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	memset(messages, 0, sizeof(messages));
	for (unsigned i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){socket->room[i], ROOM};
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	int count = recvmmsg(socket->fd, messages, BATCH, MSG_DONTWAIT, NULL);
	if (count < 0 && errno != EAGAIN && errno != EINTR)
		fail_all(socket);
	for (int i = 0; i < count; i++)
		if ((messages[i].msg_hdr.msg_flags & MSG_TRUNC) == 0)
			take(socket, socket->room[i], messages[i].msg_len);
	return count == BATCH;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct bulk_socket *socket = poll->data;
	if (events & UV_WRITABLE)
		send_all(socket);
	while ((status < 0 || (events & UV_READABLE)) && receive_some(socket))
		;
	watch(socket);
}

/* ---- beginning and end ---- */

struct bulk_socket *sdr_bulk_socket_new(struct uv_loop_s *loop, const struct sdr_endpoint *server,
	sdr_ns timeout, bulk_came *came, void *context)
{
	struct sockaddr_storage address;
	struct bulk_socket *made = calloc(1, sizeof(*made));
	int fd = made ? socket(server->addr.version == 4 ? AF_INET : AF_INET6,
				SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
		      : -1;
	bool good = fd >= 0 &&
		connect(fd, (struct sockaddr *)&address,
			sdr_endpoint_to_sockaddr(server, &address)) == 0 &&
		uv_poll_init(loop, &made->poll, fd) == 0;
	if (!good) {
		if (fd >= 0)
			close(fd);
		free(made);
		return NULL;
	}
	made->fd = fd;
	made->timeout = timeout;
	made->came = came;
	made->context = context;
	TAILQ_INIT(&made->asked);
	for (unsigned i = 0; i < SLOTS; i++)
		made->unused[made->unused_count++] = i;
	uv_timer_init(loop, &made->timer);
	uv_prepare_init(loop, &made->flush);
	made->poll.data = made->timer.data = made->flush.data = made;
	uv_unref((uv_handle_t *)&made->poll);
	return made;
}

static void on_closed(uv_handle_t *handle)
{
	struct bulk_socket *socket = handle->data;
	if (--socket->closing > 0)
		return;
	close(socket->fd);
	free(socket);
}

void sdr_bulk_socket_free(struct bulk_socket *socket)
{
	if (!socket)
		return;
	socket->closing = 3;
	uv_close((uv_handle_t *)&socket->poll, on_closed);
	uv_close((uv_handle_t *)&socket->timer, on_closed);
	uv_close((uv_handle_t *)&socket->flush, on_closed);
}
