/* reply_classify.c - what an answer, or none, means. The idea: the transport's end and the
 * message's content are looked at apart, so that neither can pass for success: an answer that is
 * malformed anywhere, or holds no record of the type asked, is never OK. RFC 1035 sec. 4.1.1,
 * RFC 2308, RFC 6604. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dns/questions.h"
#include "dns/reply.h"

enum rcode { NOERROR = 0, NXDOMAIN = 3 };

static void set_outcome(struct sdr_reply *reply, enum sdr_outcome outcome, const char *format, ...)
	SDR_PRINTF(3, 4);

static void set_outcome(struct sdr_reply *reply, enum sdr_outcome outcome, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(reply->why, sizeof(reply->why), format, args);
	va_end(args);
	reply->outcome = outcome;
}

const char *sdr_questions_format_time(char out[static SDR_QUESTIONS_TIME], sdr_ns time)
{
	if (time < 100 * SDR_MS)
		snprintf(out, SDR_QUESTIONS_TIME, "%.1f ms", (double)time / (double)SDR_MS);
	else
		snprintf(out, SDR_QUESTIONS_TIME, "%.1f s", (double)time / (double)SDR_SECOND);
	return out;
}

/* "in 4.0 s, 2 tries" */
static const char *effort(char out[static 64], const struct sdr_exchange_result *result)
{
	char time[SDR_QUESTIONS_TIME];
	snprintf(out, 64, "in %s, %u %s", sdr_questions_format_time(time, result->elapsed),
		result->tries, result->tries == 1 ? "try" : "tries");
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

static void classify_silence(const struct sdr_exchange_result *result, struct sdr_reply *reply)
{
	char server[128], tries[64];
	const char *cut = result->truncated ? "the answer was truncated, and TCP failed: " : "";
	whom(server, result);
	switch (result->end) {
	case SDR_EXCHANGE_ANSWER:
		return;
	case SDR_EXCHANGE_TIMEOUT_END:
		set_outcome(reply, SDR_OUTCOME_TIMEOUT, "%sno answer from %s %s", cut, server,
			effort(tries, result));
		return;
	case SDR_EXCHANGE_CLOSED:
		set_outcome(reply, SDR_OUTCOME_REFUSED, "%sport closed: no name server at %s", cut,
			server);
		return;
	case SDR_EXCHANGE_HUNG_UP:
		set_outcome(reply, SDR_OUTCOME_RESET,
			"%s%s ended the TCP connection without an answer", cut, server);
		return;
	case SDR_EXCHANGE_NO_SERVER:
		set_outcome(reply, SDR_OUTCOME_LOCAL,
			"no resolver: /etc/resolv.conf names none, and none answers "
			"on 127.0.0.1; give one with --server ADDRESS");
		return;
	case SDR_EXCHANGE_NO_ROUTE:
		set_outcome(reply, SDR_OUTCOME_LOCAL, "no resolver can be reached: %s: %s", server,
			strerror(result->error));
		return;
	case SDR_EXCHANGE_BROKEN:
		set_outcome(reply, SDR_OUTCOME_LOCAL,
			"the question could not be sent: out of memory or descriptors");
		return;
	}
}

/* The rcodes that are failures, each with its message. */
static void classify_rcode(struct sdr_reply *reply, const char *name)
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
		if (table[i].text)
			set_outcome(
				reply, table[i].outcome, "%s: %s %s", rcode, server, table[i].text);
		else
			set_outcome(
				reply, table[i].outcome, "%s: no such name: %.150s", rcode, name);
		return;
	}
	set_outcome(reply, SDR_OUTCOME_SERVFAIL, "%s from %s", rcode, server);
}

/* No answer, and not known whether there is one: a referral, or an alias that the server did not
 * follow. RFC 2308 sec. 2.2 */
static void classify_unknown(struct sdr_reply *reply, const char *name)
{
	char text[SDR_ENDPOINT_TEXT];
	const struct sdr_record *ns = reply->chain.referral;
	const char *server = sdr_endpoint_format(text, &reply->server), *end = reply->chain.end;
	if (ns)
		set_outcome(reply, SDR_OUTCOME_NODATA,
			"referral to %.60s (%.60s): %s does not know %.80s itself", ns->name,
			ns->data, server, end);
	else
		set_outcome(reply, SDR_OUTCOME_NODATA,
			"%.80s is an alias of %.80s, of which %s says nothing", name, end, server);
}

static void classify_records(struct sdr_reply *reply, const char *name)
{
	char type[SDR_MESSAGE_WORD];
	sdr_message_type_format(type, reply->type);
	if (reply->chain.loop)
		set_outcome(
			reply, SDR_OUTCOME_NODATA, "CNAME loop: %.150s leads back to itself", name);
	else if (reply->chain.too_long)
		set_outcome(reply, SDR_OUTCOME_NODATA, "the chain of CNAMEs is longer than %d",
			SDR_MESSAGE_CHAIN);
	else if (reply->chain.unknown)
		classify_unknown(reply, name);
	else if (reply->chain.records == 0)
		set_outcome(reply, SDR_OUTCOME_NODATA, "NODATA: %.150s has no %s record",
			reply->chain.end, type);
	else
		reply->outcome = SDR_OUTCOME_OK;
}

void sdr_reply_add_edes(struct sdr_reply *reply)
{
	char edes[SDR_QUESTIONS_WHY];
	sdr_edns_format_edes(edes, sizeof(edes), &reply->message->edns);
	size_t length = strlen(reply->why);
	if (edes[0] != '\0')
		snprintf(reply->why + length, sizeof(reply->why) - length, "%s%s",
			length > 0 ? "; " : "", edes);
}

static void classify_answer(
	const struct sdr_exchange_result *result, const char *name, struct sdr_reply *reply)
{
	char server[128];
	struct sdr_error why = {0};
	const struct sdr_message_asked asked = {name, reply->type, result->tcp, result->cookie,
		result->manner ? &result->manner->subnet : NULL};
	enum sdr_status status =
		sdr_message_decode(result->bytes, result->length, &asked, &reply->message, &why);
	if (status == SDR_ENOMEM) {
		set_outcome(reply, SDR_OUTCOME_LOCAL, "out of memory");
		return;
	}
	if (status != SDR_OK) {
		set_outcome(reply, SDR_OUTCOME_MALFORMED, "malformed answer from %s: %s",
			whom(server, result), why.text);
		return;
	}
	reply->rcode = reply->message->rcode;
	reply->chain = (struct sdr_chain){.end = name, .ttl = -1};
	if (reply->rcode == NOERROR || reply->rcode == NXDOMAIN)
		sdr_message_chain(reply->message, name, reply->type, &reply->chain);
	if (reply->rcode == NOERROR)
		classify_records(reply, name);
	else /* an alias does exist: NXDOMAIN is about its target (RFC 6604 sec. 3) */
		classify_rcode(reply, reply->rcode == NXDOMAIN ? reply->chain.end : name);
	sdr_reply_add_edes(reply);
}

void sdr_reply_classify(
	const struct sdr_exchange_result *result, const char *name, struct sdr_reply *reply)
{
	reply->rcode = -1;
	reply->server = result->server;
	reply->elapsed = result->elapsed;
	reply->tries = result->tries;
	reply->tcp = result->tcp;
	reply->truncated = result->truncated;
	reply->plain = result->plain;
	reply->why[0] = '\0';
	if (result->end == SDR_EXCHANGE_ANSWER)
		classify_answer(result, name, reply);
	else
		classify_silence(result, reply);
}
