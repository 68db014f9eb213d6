/* reply.c - ranks replies. The idea: an answer to the question ends the search; without one, the
 * reply that is most informative about the cause is reported: what the server itself replied before
 * what its transport did. */
#include "dns/reply.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dns/wire.h"
#include "net/route_try.h"

enum rcode { FORMERR = 1, NOTIMP = 4, BADVERS = 16 };

void sdr_reply_clear(struct sdr_reply *reply)
{
	sdr_message_free(reply->message);
	free(reply->attempts);
	reply->message = NULL;
	reply->attempts = NULL;
	reply->attempt_count = 0;
}

/* An answer without data for the question, from a server that is neither authoritative nor
 * recursive. */
static bool is_lame(const struct sdr_message *message)
{
	if (!message || message->rcode != 0 || message->authoritative ||
		message->recursion_available)
		return false;
	for (unsigned i = 0; i < message->count; i++)
		if (message->records[i].section != SDR_SECTION_AUTHORITY)
			return false;
	return true;
}

bool sdr_reply_is_final(const struct sdr_reply *reply)
{
	return reply->outcome == SDR_OUTCOME_OK || reply->outcome == SDR_OUTCOME_NXDOMAIN ||
		(reply->outcome == SDR_OUTCOME_NODATA && !is_lame(reply->message));
}

int sdr_reply_worth(const struct sdr_reply *reply)
{
	if (sdr_reply_is_final(reply))
		return 9;
	switch (reply->outcome) {
	case SDR_OUTCOME_NODATA:
		return 8;
	case SDR_OUTCOME_SERVFAIL:
		return 7;
	case SDR_OUTCOME_REFUSED:
		return reply->message ? 6 : 2; /* its port is closed */
	case SDR_OUTCOME_MALFORMED:
		return 5;
	case SDR_OUTCOME_RESET:
		return 4;
	case SDR_OUTCOME_TIMEOUT:
		return 3;
	case SDR_OUTCOME_LOCAL:
		return 1;
	default:
		return 6;
	}
}

bool sdr_reply_refuses_edns(const struct sdr_reply *reply, const struct sdr_exchange_result *result)
{
	int rcode = reply->rcode;
	if (result->end != SDR_EXCHANGE_ANSWER || result->length < WIRE_HEADER)
		return false;
	if (rcode < 0) /* what follows the header could not be read */
		rcode = result->bytes[3] & 15;
	return rcode == FORMERR || rcode == NOTIMP || rcode == BADVERS;
}

/* Why a server can't be reached, where the failed call does not show it: the errno of connect, 0 if
 * there is a route. */
static int route_error(const struct sdr_endpoint *server)
{
	const struct sdr_route_try route = {.to = *server};
	struct sdr_route_found found = sdr_route_try(&route);
	if (found.fd >= 0)
		close(found.fd);
	return found.number;
}

enum sdr_exchange_end sdr_reply_end(
	const struct sdr_channel_result *result, const struct sdr_endpoint *server, int *error)
{
	switch (result->end) {
	case SDR_CHANNEL_ANSWER:
		return SDR_EXCHANGE_ANSWER;
	case SDR_CHANNEL_REFUSED:
		if (*error == 0 || *error == ECONNREFUSED)
			*error = route_error(server);
		return *error != 0 ? SDR_EXCHANGE_NO_ROUTE : SDR_EXCHANGE_CLOSED;
	case SDR_CHANNEL_HUNG_UP:
		return SDR_EXCHANGE_HUNG_UP;
	case SDR_CHANNEL_TIMEOUT:
		return SDR_EXCHANGE_TIMEOUT_END;
	case SDR_CHANNEL_CLOSED:
	case SDR_CHANNEL_LOCAL:
		break;
	}
	return SDR_EXCHANGE_BROKEN;
}
