/* path_answer.c - what answers, losses and rounds make of a path, and what of that sinks hear. A
 * report may have the target removed: it is looked up again after each. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "net/dial_error.h"
#include "probe/path.h"
#include "probe/path_flows.h"
#include "probe/path_members.h"
#include "probe/path_mtu.h"
#include "probe/path_names.h"
#include "probe/path_sheet.h"

static void report_change(struct path_target *target, const struct path_change *change, sdr_ns now)
{
	char before[SDR_ADDR_TEXT], after[SDR_ADDR_TEXT], why[SDR_ADDR_TEXT * 2 + 48];
	struct sdr_result result = {
		.kind = SDR_RESULT_EVENT, .sent = now, .rtt = SDR_NS_NONE, .why = why};
	snprintf(why, sizeof(why), "path changed at hop %u: %s -> %s", change->ttl,
		sdr_addr_format(before, &change->before), sdr_addr_format(after, &change->now));
	target->path->env->emit(target->path->env, target->public->id, &result);
}

void sdr_path_report_trouble(struct path_target *target)
{
	struct sdr_result result = {.kind = SDR_RESULT_EVENT,
		.outcome = SDR_OUTCOME_LOCAL,
		.sent = sdr_clock_now(),
		.rtt = SDR_NS_NONE,
		.why = target->trouble};
	target->reported = target->trouble;
	target->trouble = NULL;
	target->path->env->emit(target->path->env, target->public->id, &result);
}

/* ---- the target's own result ---- */

static const char *words_of(const struct hop_answer *answer, uint8_t version, char *out)
{
	char words[SDR_ICMP_WORDS], from[SDR_ADDR_TEXT];
	snprintf(out, PATH_WORDS, "%s, told by %s",
		sdr_icmp_words(words, version, answer->type, answer->code, answer->mtu),
		sdr_addr_format(from, &answer->from));
	return out;
}

/* Takes a round for reported. False: it was already. */
static bool end_round(struct path_target *target, uint32_t round, struct path_report *report)
{
	const struct hop_tag whole = {.trace = target->key, .round = round};
	struct inflight *inflight = &target->path->inflight;
	uint32_t index = sdr_inflight_find(inflight, target->key, sdr_path_sequence(&whole));
	if (index == SDR_INFLIGHT_NONE)
		return false;
	sdr_path_report_begin(report, &whole);
	report->result.sent = inflight->entries[index].sent;
	report->result.sequence = round;
	sdr_inflight_remove(inflight, index);
	return true;
}

/* What is not as it should be comes before what may be the last. */
static void emit_round(struct path_target *target, struct path_report *report)
{
	struct path *path = target->path;
	uint32_t key = target->key;
	if (target->trouble)
		sdr_path_report_trouble(target);
	if (sdr_path_target(path, key) == target)
		path->env->emit(path->env, target->public->id, &report->result);
}

/* Emits the answer that ended a round; the target may be gone after that. */
static void report_round(struct path_target *target)
{
	const struct hop_answer *answer = &target->answer;
	struct path_report report;
	target->ended = false;
	if (!end_round(target, answer->tag.round, &report))
		return;
	report.result.from.addr = answer->from;
	if (answer->kind == HOP_REACHED) {
		report.result.sent = answer->sent;
		report.result.rtt = answer->rtt;
	} else {
		report.result.outcome =
			sdr_icmp_outcome(target->addr.version, answer->type, answer->code);
		report.result.why = words_of(answer, target->addr.version, report.why);
		sdr_path_set(&report, PATH_TYPE, answer->type);
		sdr_path_set(&report, PATH_CODE, answer->code);
	}
	emit_round(target, &report);
}

/* Whether all routers that may still answer in the round have done so. */
static bool is_complete(struct path_target *target, uint32_t round)
{
	struct inflight *inflight = &target->path->inflight;
	for (unsigned i = 0; i < target->flow_count; i++) {
		const struct path_trace *trace = &target->traces[i];
		struct hop_tag tag = {.round = round, .flow = (uint8_t)i};
		if (trace->round == round && !path_trace_is_sent(trace))
			return false;
		for (tag.ttl = trace->first; tag.ttl <= path_trace_hops(trace); tag.ttl++) {
			uint32_t index =
				sdr_inflight_find(inflight, target->key, sdr_path_sequence(&tag));
			if (index != SDR_INFLIGHT_NONE && !inflight->entries[index].late)
				return false;
		}
	}
	return true;
}

/* How long a round waits for routers once its target answered: some are slow to, most silent. */
static sdr_ns linger(sdr_ns rtt)
{
	return rtt / 2 < PATH_LINGER_LEAST ? PATH_LINGER_LEAST
		: rtt / 2 > PATH_LINGER    ? PATH_LINGER
					   : rtt / 2;
}

/* The target's answer is there: the round ends with the last router's, or soon. */
static void note_end(struct path_target *target, const struct hop_answer *answer)
{
	uint32_t key = target->key;
	struct path *path = target->path;
	target->ever_reached |= answer->kind == HOP_REACHED;
	if (target->ended && target->answer.tag.round == answer->tag.round)
		return;
	if (target->ended)
		report_round(target);
	if (sdr_path_target(path, key) != target)
		return;
	target->ended = true;
	target->answer = *answer;
	target->answer.extension = NULL;
	target->report_at = sdr_clock_now() + linger(answer->rtt);
}

/* Some mean other things of a probe than of a connection. */
static const char *own_words(const struct sdr_fault *fault)
{
	if (fault->number == EADDRNOTAVAIL) /* another port was tried */
		return "no address of this host's to leave from";
	if (fault->number == EAGAIN) /* a full queue; IPv6 has it of routes that come and go, too */
		return "this host can't send now";
	return fault->words[0] ? fault->words : fault->error_name;
}

void sdr_path_report_error(struct path_target *target)
{
	const struct sdr_fault_about about = {.to = {target->addr, target->public->port},
		.source = target->public->spec->source,
		.udp = target->protocol != HOP_TCP};
	struct sdr_fault fault;
	struct path_report report;
	sdr_fault_of_errno(&about, SDR_FAULT_BEGIN, target->error, &fault);
	target->error = 0;
	if (!end_round(target, target->round, &report))
		return;
	report.result.outcome = SDR_OUTCOME_LOCAL;
	report.result.why = own_words(&fault);
	emit_round(target, &report);
}

/* ---- answers ---- */

/* A SYN that this host's own firewall answered. */
static void take_local(struct path_target *target, const struct hop_answer *answer)
{
	path_trace_give_up(&target->traces[answer->tag.flow]);
	if (!answer->tag.far)
		path_hops_unsent(&target->hops, answer->tag.ttl, answer->tag.round);
	sdr_path_hold(target);
	target->error = answer->number;
	sdr_path_report_error(target);
}

/* Hops beyond the target are none, though they seemed to be. */
static void cut_to(struct path_target *target)
{
	uint8_t count = sdr_path_hops(target);
	uint64_t beyond = 0;
	for (uint8_t ttl = (uint8_t)(count + 1); ttl <= target->hops.max; ttl++)
		if (path_hops_at(&target->hops, ttl)->known_count > 0)
			beyond |= (uint64_t)1 << (ttl - 1);
	path_hops_cut(&target->hops, count);
	sdr_path_remove_hops(target, beyond);
}

/* A router that was passed before: what comes behind it is known. */
static void look_for_loop(struct path_target *target, const struct hop_tag *tag)
{
	uint8_t from = path_hops_loop(&target->hops, tag->ttl);
	if (from == 0)
		return;
	target->loop_from = from;
	target->loop_to = (uint8_t)((from + tag->ttl - 1) / 2);
	path_trace_end(&target->traces[tag->flow], tag->ttl);
	cut_to(target);
}

static void note_outcome(struct path_target *target, const struct hop_tag *tag, bool answered)
{
	sdr_path_second_note(target, tag, answered);
	sdr_path_half_rate_note(target, tag, answered);
}

static void take_hop(struct path_target *target, const struct hop_answer *answer)
{
	struct path_change change;
	struct path *path = target->path;
	uint32_t key = target->key;
	bool changed = path_hops_answer(&target->hops, answer, sdr_clock_wall(), &change);
	note_outcome(target, &answer->tag, true);
	sdr_path_name_ask(target, &answer->from);
	sdr_path_keep(target, answer);
	sdr_path_check_quotes(target);
	if (answer->rtt > target->slowest)
		target->slowest = answer->rtt;
	if (changed) {
		sdr_path_remove_hops(target, change.hops);
		report_change(target, &change, answer->sent);
	}
	if (sdr_path_target(path, key) != target)
		return; /* it was removed on that */
	if (answer->kind == HOP_REACHED) {
		target->loop_from = 0;
		cut_to(target);
	} else {
		look_for_loop(target, &answer->tag);
	}
	sdr_path_report_hop(target, answer);
}

/* What follows an answer to a flow's probe. */
static void go_on(struct path_target *target, const struct hop_tag *tag)
{
	if (!path_trace_is_sent(&target->traces[tag->flow]))
		sdr_path_wake(target);
	sdr_path_hold(target);
}

void sdr_path_on_answer(void *context, const struct hop_answer *answer)
{
	struct path *path = context;
	uint32_t key = answer->tag.trace;
	struct path_target *target = sdr_path_target(path, key);
	uint32_t index = target
		? sdr_inflight_find(&path->inflight, key, sdr_path_sequence(&answer->tag))
		: SDR_INFLIGHT_NONE;
	if (target && target->connects && !answer->tag.second)
		target->connects[answer->tag.flow] = NULL; /* it is gone by itself */
	if (target && answer->tag.second)
		target->second.connect = NULL; /* the same */
	if (index == SDR_INFLIGHT_NONE || path->inflight.entries[index].late)
		return;
	sdr_inflight_remove(&path->inflight, index);
	if (answer->tag.mtu) {
		sdr_path_mtu_take(target, answer);
		return;
	}
	if (answer->tag.second) {
		sdr_path_second_take(target, &answer->tag, answer);
		sdr_path_arm(path);
		return;
	}
	if (answer->kind == HOP_LOCAL) {
		take_local(target, answer);
		return;
	}
	bool counts =
		path_trace_answer(&target->traces[answer->tag.flow], &answer->tag, answer->kind);
	bool ends = answer->kind == HOP_REACHED || (answer->kind == HOP_REFUSED && counts);
	if (counts)
		take_hop(target, answer);
	target = sdr_path_target(path, key);
	if (target && ends)
		note_end(target, answer);
	if (target && ends)
		target = sdr_path_target(path, key);
	if (target && target->ended && sdr_path_may_report(target) &&
		is_complete(target, target->answer.tag.round))
		report_round(target);
	target = sdr_path_target(path, key);
	if (target)
		go_on(target, &answer->tag);
	sdr_path_arm(path);
}

/* Drops what is under way of a flow, as if it had not been sent. */
static void forget_round(struct path_target *target, const struct hop_tag *of)
{
	struct inflight *inflight = &target->path->inflight;
	struct hop_tag tag = *of;
	for (tag.ttl = 1; tag.ttl <= target->hops.max; tag.ttl++) {
		uint32_t index = sdr_inflight_find(inflight, target->key, sdr_path_sequence(&tag));
		if (index == SDR_INFLIGHT_NONE)
			continue;
		sdr_inflight_remove(inflight, index);
		sdr_path_forget(target, &tag);
		path_hops_unsent(&target->hops, tag.ttl, tag.round);
	}
}

static bool is_awaited(const struct path_target *target, uint32_t round)
{
	const struct hop_tag whole = {.round = round};
	return sdr_inflight_find(&target->path->inflight, target->key, sdr_path_sequence(&whole)) !=
		SDR_INFLIGHT_NONE;
}

void sdr_path_on_ambiguous(void *context, const struct hop_tag *tag)
{
	struct path_target *target = sdr_path_target(context, tag->trace);
	if (!target || tag->second || tag->round != target->round ||
		target->traces[tag->flow].serial)
		return;
	forget_round(target, tag);
	path_trace_go_serial(&target->traces[tag->flow]);
	if (is_awaited(target, tag->round))
		(void)!sdr_path_await(target, sdr_clock_now()); /* without memory it ends sooner */
	sdr_path_hold(target);
	sdr_path_wake(target);
}

/* ---- time ---- */

static void take_loss(struct path_target *target, const struct hop_tag *tag, sdr_ns sent)
{
	struct path_report report;
	struct path_trace *trace = &target->traces[tag->flow];
	bool counts = path_trace_lost(trace, tag);
	if (trace->serial) {
		sdr_path_forget(target, tag);
		sdr_path_wake(target);
	}
	if (!counts)
		return;
	path_hops_lost(&target->hops, tag->ttl, tag->round);
	note_outcome(target, tag, false);
	if (path_hops_at(&target->hops, tag->ttl)->known_count == 0)
		return; /* it is silent: nobody is there to be a member */
	sdr_path_report_begin(&report, tag);
	report.result.sent = sent;
	report.result.outcome = SDR_OUTCOME_TIMEOUT;
	sdr_path_report_member(target, tag->ttl, &report);
}

/* The target has not answered in time, or not all is known yet that is wanted. */
static void take_silence(struct path_target *target, uint32_t round)
{
	struct path_report report;
	if (sdr_path_awaits_names(target, round))
		return;
	if (target->ended && target->answer.tag.round == round) {
		report_round(target);
		return;
	}
	if (!end_round(target, round, &report))
		return;
	report.result.outcome = SDR_OUTCOME_TIMEOUT;
	emit_round(target, &report);
}

/* A round of one probe at a time ends with its last one. */
static void take_lost(struct path_target *target, const struct hop_tag *tag, sdr_ns sent)
{
	struct path *path = target->path;
	uint32_t key = target->key;
	bool serial = target->traces[tag->flow].serial;
	take_loss(target, tag, sent);
	if (sdr_path_target(path, key) != target)
		return;
	sdr_path_hold(target);
	if (serial && tag->round == target->round && !sdr_path_is_busy(target))
		take_silence(target, tag->round);
}

static void take_due(struct path *path, uint32_t index)
{
	const struct inflight_entry *entry = &path->inflight.entries[index];
	struct path_target *target = sdr_path_target(path, entry->target);
	struct hop_tag tag = {.trace = entry->target,
		.round = (uint32_t)(entry->sequence >> 13),
		.flow = entry->sequence >> 7 & (PATH_FLOWS - 1),
		.ttl = entry->sequence & PATH_TTL_FAR};
	if (!target)
		return;
	tag.far = tag.ttl == PATH_TTL_FAR;
	tag.second = tag.ttl == PATH_TTL_SECOND;
	if (tag.ttl == PATH_TTL_MTU)
		sdr_path_mtu_take(target, NULL);
	else if (tag.second)
		sdr_path_second_take(target, &tag, NULL);
	else if (tag.ttl != 0)
		take_lost(target, &tag, entry->sent);
	else
		take_silence(target, tag.round);
}

void sdr_path_expire(struct path *path, sdr_ns now)
{
	uint32_t index;
	while ((index = sdr_inflight_expire(&path->inflight, now)) != SDR_INFLIGHT_NONE)
		take_due(path, index);
	for (uint32_t i = 0; i < path->capacity; i++) {
		struct path_target *target = path->targets[i];
		if (target && target->ended && target->report_at <= now &&
			sdr_path_may_report(target))
			report_round(target);
	}
}
