/* ping_receive.c - matches a reply or an error to its probe, by token, then by source, and sets the
 * probe's result. Pure but for the reports. */
#include <stdio.h>
#include <string.h>

#include "probe/ping_receive.h"
#include "probe/ping_report.h"
#include "probe/ping_state.h"

#define RESPONDER_PLACES 8 /* in which an answer may be kept */

/* Where a reply or error belongs. */
struct match {
	struct ping_target *target;
	uint64_t sequence;
	bool token; /* by its token, not only by address */
};

static bool match_token(const struct ping *ping, const struct icmp_echo *echo, struct match *match)
{
	uint32_t key, low;
	if (!echo->has_token)
		return false;
	sdr_token_open(&ping->token, echo->token, &key, &low);
	struct ping_target *target = sdr_ping_table_by_key(&ping->table, key);
	if (!target || sdr_ping_size(target->public->spec) < SDR_ICMP_TOKEN ||
		(uint16_t)low != echo->sequence)
		return false;
	uint64_t sequence = sdr_ping_widen(target->public->begun, low, 32);
	*match = (struct match){target, sequence, true};
	return sequence > 0;
}

/* By address and the 16 bits of the sequence; rather one that is still in flight. Returns whether
 * the address is one of ours at all. */
static bool match_address(const struct ping *ping, const struct sdr_addr *addr,
	const struct icmp_echo *echo, struct match *match)
{
	*match = (struct match){0};
	for (uint32_t id = sdr_ping_table_first(&ping->table, addr); id != SDR_PING_NONE;
		id = sdr_ping_table_next(&ping->table, id, addr)) {
		struct ping_target *target = sdr_ping_table_by_id(&ping->table, id);
		uint64_t sequence = sdr_ping_widen(target->public->begun, echo->sequence, 16);
		bool flying =
			sdr_inflight_find(&ping->inflight, sdr_ping_table_key(&ping->table, id),
				sequence) != SDR_INFLIGHT_NONE;
		if (!match->target || flying)
			*match = (struct match){target, sequence, false};
		if (flying)
			break;
	}
	return match->target;
}

/* Whether it has a token, though not that of the target found by address, whose probes have one: it
 * is about somebody else's request, or about one of a target that has ended. */
static bool lacks_token(const struct match *match, const struct icmp_echo *echo)
{
	bool bare = sdr_ping_size(match->target->public->spec) < SDR_ICMP_TOKEN;
	return !match->token && !bare && echo->has_token;
}

static void emit_extra(struct ping *ping, const struct match *match, const struct icmp_reply *reply,
	enum sdr_result_kind kind)
{
	struct ping_result result = {.public = {.kind = kind,
					     .outcome = SDR_OUTCOME_MALFORMED,
					     .sequence = match->sequence,
					     .sent = reply->read,
					     .rtt = SDR_NS_NONE,
					     .from.addr = reply->from}};
	sdr_ping_set_number(
		&result, PING_BYTES, (int64_t)reply->message.echo.size + SDR_ICMP_HEADER);
	sdr_ping_emit_values(ping, match->target, &result);
}

/* A round trip and how it was had. */
static sdr_ns round_trip(
	const struct icmp_reply *reply, sdr_ns sent, sdr_ns stamp, const char **clock)
{
	if (reply->kernel && stamp != SDR_NS_NONE && reply->received >= stamp) {
		*clock = "kernel";
		return reply->received - stamp;
	}
	bool received = reply->kernel && reply->received >= sent;
	*clock = received ? "receive" : "clock";
	return (received ? reply->received : reply->read) - sent;
}

static void emit_reply(struct ping *ping, const struct match *match, const struct icmp_reply *reply,
	struct ping_result *with, sdr_ns stamp)
{
	const char *clock = "clock";
	struct sdr_result *result = &with->public;
	if (result->sent == SDR_NS_NONE) {
		result->rtt = SDR_NS_NONE;
		result->sent = reply->read;
	} else {
		result->rtt = round_trip(reply, result->sent, stamp, &clock);
	}
	result->sequence = match->sequence;
	result->from.addr = reply->from;
	if (reply->hop_limit >= 0)
		sdr_ping_set_number(with, PING_TTL, reply->hop_limit);
	sdr_ping_set_number(with, PING_BYTES, (int64_t)reply->message.echo.size + SDR_ICMP_HEADER);
	sdr_ping_set_text(with, PING_CLOCK, clock);
	sdr_ping_emit_values(ping, match->target, with);
}

/* Whether that host has answered this probe before; from now on it has. Places are taken over by
 * others in time. */
static bool has_answered(
	const struct ping *ping, const struct match *match, const struct sdr_addr *from)
{
	uint64_t a, b, tag = match->sequence * 0x9e3779b97f4a7c15u ^ match->target->public->id;
	if (!ping->responders)
		return true;
	memcpy(&a, from->bytes, 8);
	memcpy(&b, from->bytes + 8, 8);
	tag = (tag ^ a) * 0xff51afd7ed558ccdu;
	tag = (tag ^ tag >> 32 ^ b ^ match->target->generation) * 0xc4ceb9fe1a85ec53u;
	for (uint64_t i = 0; i < RESPONDER_PLACES; i++)
		if (ping->responders[(tag + i) % SDR_PING_RESPONDERS] == tag)
			return true;
	ping->responders[(tag + match->sequence % RESPONDER_PLACES) % SDR_PING_RESPONDERS] = tag;
	return false;
}

/* The reply to a probe that is no longer in the table: answered before, or far too late. */
static void take_repeated(
	struct ping *ping, const struct match *match, const struct icmp_reply *reply)
{
	struct ping_target *target = match->target;
	sdr_ns interval = target->public->spec->interval;
	sdr_ns age = (sdr_ns)(target->public->begun - match->sequence) *
		(interval > 0 ? interval : SDR_PING_LATE_WINDOW);
	bool known = target->answered == (uint32_t)match->sequence;
	bool answered = known || age <= target->public->spec->timeout;
	bool again = !target->public->spec->broadcast || has_answered(ping, match, &reply->from);
	struct ping_result result = {.public = {.kind = !answered ? SDR_RESULT_LATE
						     : again      ? SDR_RESULT_DUPLICATE
								  : SDR_RESULT_FURTHER}};
	result.public.sent = known ? target->answered_at : SDR_NS_NONE;
	emit_reply(ping, match, reply, &result,
		known && target->answered_stamped ? target->answered_at : SDR_NS_NONE);
}

static void take_first(struct ping *ping, const struct match *match, const struct icmp_reply *reply,
	uint32_t index)
{
	const struct inflight_entry *entry = &ping->inflight.entries[index];
	bool in_time =
		entry->failed && reply->read - entry->sent <= match->target->public->spec->timeout;
	struct ping_result result = {.public = {.kind = in_time    ? SDR_RESULT_AMENDED
						     : entry->late ? SDR_RESULT_LATE
								   : SDR_RESULT_ANSWER,
					     .sent = entry->sent}};
	sdr_ns stamp = entry->stamp;
	if (match->target->public->spec->broadcast)
		(void)has_answered(ping, match, &reply->from);
	ping->heard_at = reply->read;
	match->target->answered = (uint32_t)match->sequence;
	match->target->answered_stamped = stamp != SDR_NS_NONE;
	match->target->answered_at = stamp != SDR_NS_NONE ? stamp : entry->sent;
	sdr_inflight_remove(&ping->inflight, index);
	emit_reply(ping, match, reply, &result, stamp);
}

/* A broadcast target (-b) is answered by many hosts; one whose name has got another address, also
 * from the old one if it was probed there. */
static bool may_answer(const struct match *match, const struct sdr_addr *from)
{
	const struct ping_target *target = match->target;
	bool before = match->token && target->moved != 0 &&
		(int32_t)((uint32_t)match->sequence - target->moved) < 0;
	return target->public->spec->broadcast || before ||
		sdr_ping_same_address(from, &target->addr);
}

void sdr_ping_on_reply(void *context, const struct icmp_reply *reply)
{
	struct ping *ping = context;
	const struct icmp_echo *echo = &reply->message.echo;
	struct match match;
	bool known =
		match_token(ping, echo, &match) || match_address(ping, &reply->from, echo, &match);
	if (!known) {
		ping->foreign++;
		return;
	}
	uint32_t size = sdr_ping_size(match.target->public->spec);
	if (lacks_token(&match, echo) || !may_answer(&match, &reply->from)) {
		ping->foreign++;
		emit_extra(ping, &match, reply, SDR_RESULT_FOREIGN);
		return;
	}
	if (reply->damaged || echo->size != size || match.sequence == 0) {
		emit_extra(ping, &match, reply, SDR_RESULT_CORRUPT);
		return;
	}
	uint32_t key = sdr_ping_table_key(&ping->table, match.target->public->id);
	uint32_t index = sdr_inflight_find(&ping->inflight, key, match.sequence);
	if (index == SDR_INFLIGHT_NONE)
		take_repeated(ping, &match, reply);
	else
		take_first(ping, &match, reply, index);
}

/* Reports an ICMP error. One from our own address is not a router's: a neighbour does not answer,
 * or this host's firewall rejects. */
static void emit_fault(
	struct ping *ping, const struct match *match, const struct icmp_fault *fault, sdr_ns sent)
{
	char words[SDR_ICMP_WORDS], why[SDR_ICMP_WORDS + SDR_PING_CAUSE_TEXT + 2];
	uint8_t version = match->target->addr.version;
	struct ping_result with = {
		.public = {.outcome = sdr_icmp_outcome(version, fault->type, fault->code),
			.sequence = match->sequence,
			.sent = sent,
			.rtt = SDR_NS_NONE}};
	struct sdr_result *result = &with.public;
	const struct sdr_own_address *own = sdr_links_own(ping->links, &fault->offender);
	struct ping_failure failure = sdr_ping_failure(ping, match->target, fault->number);
	struct ping_cause cause;
	result->from.addr = fault->offender;
	result->why = sdr_icmp_words(words, version, fault->type, fault->code, fault->mtu);
	if (own && sdr_ping_neighbour(&failure, fault, &cause)) {
		snprintf(why, sizeof(why), "%s: %s", words, cause.why);
		result->why = why;
	}
	sdr_ping_set_number(&with, PING_ICMP_TYPE, fault->type);
	sdr_ping_set_number(&with, PING_ICMP_CODE, fault->code);
	with.values[PING_ROUTER] = (struct sdr_value){
		.present = fault->offender.version != 0 && !own, .addr = &fault->offender};
	if (result->outcome == SDR_OUTCOME_TOO_BIG)
		sdr_ping_set_number(&with, PING_MTU, fault->mtu);
	sdr_ping_emit_values(ping, match->target, &with);
}

/* One error per probe: later errors don't find it in the table any more. */
void sdr_ping_on_fault(void *context, const struct icmp_fault *fault)
{
	struct ping *ping = context;
	struct match match;
	if (!match_token(ping, &fault->echo, &match) &&
		(!match_address(ping, &fault->to, &fault->echo, &match) ||
			lacks_token(&match, &fault->echo)))
		return;
	uint32_t key = sdr_ping_table_key(&ping->table, match.target->public->id);
	uint32_t index = sdr_inflight_find(&ping->inflight, key, match.sequence);
	if (index == SDR_INFLIGHT_NONE || ping->inflight.entries[index].late)
		return;
	sdr_ns sent = ping->inflight.entries[index].sent;
	struct deferred failure = {
		match.target->public->id, key, match.sequence, sent, fault->number};
	if (fault->local) {
		sdr_inflight_remove(&ping->inflight, index);
		sdr_ping_report_local(ping, &failure);
		return;
	}
	sdr_inflight_fail(&ping->inflight, index);
	emit_fault(ping, &match, fault, sent);
}
