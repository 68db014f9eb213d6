/* judge.c - what an answer, or none, means. The idea: the transport's end and the message's content are looked at apart, so that neither can
 * pass for success: an answer that can't be decoded, or holds no record of the type asked, is never OK. RFC 1035 sec. 4.1.1, RFC 2308. */
#include <ldns/ldns.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dns/inquiry.h"

enum rcode { NOERROR = 0, NXDOMAIN = 3 };

static void say(struct sdr_reply *reply, enum sdr_outcome outcome, const char *format, ...) SDR_PRINTF(3, 4);

static void say(struct sdr_reply *reply, enum sdr_outcome outcome, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(reply->why, sizeof(reply->why), format, args);
	va_end(args);
	reply->outcome = outcome;
}

/* "in 4.0 s, 2 tries" */
static const char *effort(char out[static 64], const struct sdr_exchange_result *result)
{
	snprintf(out, 64, "in %.1f s, %u %s", (double)result->elapsed / (double)SDR_SECOND, result->tries,
		result->tries == 1 ? "try" : "tries");
	return out;
}

/* "10.0.0.1:53", "3 servers, 10.0.0.1:53 first" */
static const char *whom(char out[static 128], const struct sdr_exchange_result *result)
{
	char text[SDR_ENDPOINT_TEXT];
	sdr_endpoint_format(text, &result->server);
	if (result->servers > 1)
		snprintf(out, 128, "%u servers, among them %s", result->servers, text);
	else
		snprintf(out, 128, "%s", text);
	return out;
}

static void judge_silence(const struct sdr_exchange_result *result, struct sdr_reply *reply)
{
	char server[128], tries[64];
	const char *cut = result->truncated ? "the answer was truncated, and TCP failed: " : "";
	whom(server, result);
	switch (result->end) {
	case SDR_EXCHANGE_ANSWER:
		return;
	case SDR_EXCHANGE_TIMEOUT_END:
		say(reply, SDR_OUTCOME_TIMEOUT, "%sno answer from %s %s", cut, server, effort(tries, result));
		return;
	case SDR_EXCHANGE_CLOSED:
		say(reply, SDR_OUTCOME_REFUSED, "%sport closed: no name server at %s", cut, server);
		return;
	case SDR_EXCHANGE_HUNG_UP:
		say(reply, SDR_OUTCOME_RESET, "%s%s ended the TCP connection without an answer", cut, server);
		return;
	case SDR_EXCHANGE_MALFORMED:
		say(reply, SDR_OUTCOME_MALFORMED, "malformed answer from %s", server);
		return;
	case SDR_EXCHANGE_NO_SERVER:
		say(reply, SDR_OUTCOME_LOCAL,
			"no resolver: /etc/resolv.conf names none, and none answers on 127.0.0.1; give one with --server ADDRESS");
		return;
	case SDR_EXCHANGE_NO_ROUTE:
		say(reply, SDR_OUTCOME_LOCAL, "no resolver can be reached: %s: %s", server, strerror(result->error));
		return;
	case SDR_EXCHANGE_BROKEN:
		say(reply, SDR_OUTCOME_LOCAL, "the question could not be sent: out of memory or descriptors");
		return;
	}
}

/* The rcodes that tell a failure, each in its own words. */
static void judge_rcode(struct sdr_reply *reply, const char *name)
{
	static const struct words {
		int rcode;
		enum sdr_outcome outcome;
		const char *text;
	} table[] = {
		{1, SDR_OUTCOME_SERVFAIL, "did not understand the question"},
		{2, SDR_OUTCOME_SERVFAIL, "failed to find the answer"},
		{NXDOMAIN, SDR_OUTCOME_NXDOMAIN, NULL},
		{4, SDR_OUTCOME_SERVFAIL, "does not do this kind of question"},
		{5, SDR_OUTCOME_REFUSED, "refuses to answer this question"},
	};
	char server[SDR_ENDPOINT_TEXT], rcode[SDR_MESSAGE_WORD];
	sdr_endpoint_format(server, &reply->server);
	sdr_message_rcode_format(rcode, reply->rcode);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (table[i].rcode != reply->rcode)
			continue;
		if (table[i].text != NULL)
			say(reply, table[i].outcome, "%s: %s %s", rcode, server, table[i].text);
		else
			say(reply, table[i].outcome, "%s: no such name: %.150s", rcode, name);
		return;
	}
	say(reply, SDR_OUTCOME_SERVFAIL, "%s from %s", rcode, server);
}

static void judge_records(struct sdr_reply *reply, const char *name)
{
	char type[SDR_MESSAGE_WORD];
	sdr_message_type_format(type, reply->type);
	sdr_message_chain(reply->message, name, reply->type, &reply->chain);
	if (reply->chain.loop)
		say(reply, SDR_OUTCOME_NODATA, "CNAME loop: %.150s leads back to itself", name);
	else if (reply->chain.too_long)
		say(reply, SDR_OUTCOME_NODATA, "the chain of CNAMEs is longer than %d", SDR_MESSAGE_CHAIN);
	else if (reply->chain.records == 0)
		say(reply, SDR_OUTCOME_NODATA, "NODATA: %.150s has no %s record", reply->chain.end, type);
	else
		reply->outcome = SDR_OUTCOME_OK;
}

void sdr_inquiry_judge(const struct sdr_exchange_result *result, const char *name, struct sdr_reply *reply)
{
	char server[128];
	reply->rcode = -1;
	reply->server = result->server;
	reply->elapsed = result->elapsed;
	reply->tries = result->tries;
	reply->tcp = result->tcp;
	reply->truncated = result->truncated;
	reply->plain = result->plain;
	reply->why[0] = '\0';
	if (result->end != SDR_EXCHANGE_ANSWER) {
		judge_silence(result, reply);
		return;
	}
	enum sdr_status status = sdr_message_decode(result->bytes, result->length, &reply->message);
	if (status == SDR_ENOMEM) {
		say(reply, SDR_OUTCOME_LOCAL, "out of memory");
		return;
	}
	if (status != SDR_OK) {
		say(reply, SDR_OUTCOME_MALFORMED, "malformed answer from %s (%zu bytes)", whom(server, result), result->length);
		return;
	}
	reply->rcode = reply->message->rcode;
	if (reply->rcode == NOERROR)
		judge_records(reply, name);
	else
		judge_rcode(reply, name);
}
