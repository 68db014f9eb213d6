/* connection_udp.c - a connected socket for each address in turn, so that the kernel drops what
 * comes from other senders. */
#include "probe/connection_udp.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/dial_words.h"
#include "probe/connection_socket.h"

static struct sdr_attempt *last_of(const struct connection *connection)
{
	return &connection->attempts[connection->attempt_count - 1];
}

static struct sdr_dial_story story_of(const struct connection *connection)
{
	return (struct sdr_dial_story){.attempts = connection->attempts,
		.words = (const char(*)[SDR_FAULT_WORDS])connection->words,
		.begun = connection->attempt_count,
		.count = connection->address_count,
		.elapsed = sdr_clock_now() - connection->sent};
}

/* Returns 0 or an errno. */
static int open_socket(struct connection *connection)
{
	struct sockaddr_storage address;
	const struct sdr_spec *asked = connection->target->spec;
	const struct sdr_leave leave = {asked->source, asked->hop_limit, asked->tos};
	socklen_t length = sdr_endpoint_to_sockaddr(&connection->peer, &address);
	connection->stage = SDR_FAULT_OPEN;
	connection->fd = socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (connection->fd < 0)
		return errno;
	int number = sdr_connection_poll(connection);
	if (number == 0)
		number = sdr_leave_set(
			connection->fd, connection->peer.addr.version, &leave, &connection->stage);
	if (number)
		return number;
	(void)sdr_fault_queue(connection->fd, connection->peer.addr.version, true);
	connection->stage = SDR_FAULT_BEGIN;
	if (connect(connection->fd, (struct sockaddr *)&address, length) != 0)
		return errno;
	sdr_connection_watch(
		connection, UV_WRITABLE); /* at once: on_open then comes from the loop as well */
	return 0;
}

void sdr_datagrams_begin(struct connection *connection)
{
	struct sdr_attempt *attempt = &connection->attempts[connection->attempt_count++];
	connection->peer = attempt->to;
	*attempt = (struct sdr_attempt){.to = connection->peer,
		.transport = "udp",
		.took = SDR_NS_NONE,
		.icmp_type = -1,
		.icmp_code = -1};
	attempt->began = connection->attempt_count > 1 ? sdr_clock_now() - connection->sent : 0;
	if (connection->attempt_count > 1) {
		const struct sdr_dial_story story = story_of(connection);
		connection->waited = attempt->began;
		connection->warning[0] = '\0';
		sdr_dial_format_warning(connection->warning, &story, connection->attempt_count - 1);
	}
	connection->number = open_socket(connection);
	connection->failed = connection->number != 0;
	sdr_connection_deadline(
		connection, connection->failed ? 0 : sdr_connection_left(connection));
}

static void on_moved(uv_handle_t *handle)
{
	struct connection *connection = handle->data;
	if (connection->ended) {
		sdr_connection_closed(handle);
		return;
	}
	connection->handles--;
	connection->moving = false;
	sdr_datagrams_begin(connection);
}

bool sdr_datagrams_move(struct connection *connection, const struct sdr_fault *fault)
{
	struct sdr_attempt *attempt = last_of(connection);
	attempt->outcome = fault->outcome;
	attempt->error_name = fault->error_name;
	attempt->icmp_type = fault->icmp_type;
	attempt->icmp_code = fault->icmp_code;
	attempt->router = fault->router;
	if (connection->words)
		memcpy(connection->words[connection->attempt_count - 1], fault->words,
			sizeof(fault->words));
	if (connection->attempt_count == connection->address_count ||
		sdr_connection_left(connection) <= 0)
		return false;
	attempt->took = sdr_clock_now() - connection->sent - attempt->began;
	connection->connected = connection->failed = false;
	uv_timer_stop(&connection->deadline);
	int fd = connection->fd;
	connection->fd = -1;
	connection->moving = connection->handles == 2;
	if (connection->moving)
		uv_close((uv_handle_t *)&connection->poll, on_moved);
	if (fd >= 0)
		close(fd);
	if (!connection->moving)
		sdr_datagrams_begin(connection);
	return true;
}

/* Each address that can't be asked or is silent is reported, and the most informative one is the
 * result. */
static void conclude_failed(struct connection *connection, struct sdr_result *result)
{
	const struct sdr_dial_story story = story_of(connection);
	const struct sdr_attempt *attempt = connection->attempts;
	result->outcome = sdr_dial_outcome(&story);
	while (attempt < last_of(connection) && attempt->outcome != result->outcome)
		attempt++;
	connection->winner = (unsigned)(attempt - connection->attempts);
	connection->peer = attempt->to;
	connection->error_name = attempt->error_name;
	connection->router = attempt->router;
	connection->waited = SDR_NS_NONE;
	connection->warning[0] = '\0';
	sdr_dial_format_failed(connection->warning, &story);
	result->why = connection->warning;
	connection->warned = true;
}

void sdr_datagrams_conclude(struct connection *connection, struct sdr_result *result)
{
	struct sdr_attempt *attempt = last_of(connection);
	bool dead = attempt->error_name || attempt->icmp_type >= 0 ||
		result->outcome == SDR_OUTCOME_TIMEOUT || result->outcome == SDR_OUTCOME_LOCAL;
	attempt->outcome = result->outcome;
	attempt->took = sdr_clock_now() - connection->sent - attempt->began;
	connection->winner = connection->attempt_count - 1;
	if (dead && connection->address_count > 1)
		conclude_failed(connection, result);
}
