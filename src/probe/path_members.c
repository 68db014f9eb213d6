/* path_members.c - the fields of a hop's answer, and the members of a path's set. */
#include "probe/path_members.h"

#include <stdio.h>
#include <string.h>

void sdr_path_set(struct path_report *report, unsigned field, int64_t number)
{
	report->values[field] = (struct sdr_value){.present = true, .number = number};
}

void sdr_path_report_begin(struct path_report *report, const struct hop_tag *tag)
{
	memset(report, 0, sizeof(*report));
	report->result = (struct sdr_result){
		.rtt = SDR_NS_NONE, .values = report->values, .value_count = PATH_FIELDS};
	sdr_path_set(report, PATH_ROUND, tag->round);
	if (tag->ttl == 0)
		return;
	sdr_path_set(report, PATH_FLOW, tag->flow + 1);
	sdr_path_set(report, PATH_HOP, tag->ttl);
}

/* ---- what an answer has ---- */

/* "label 16001, TTL 1; label 42, TTL 1": the top of the stack first. */
static void write_labels(const struct path_record *hop, char *out, size_t size)
{
	size_t at = 0;
	out[0] = '\0';
	for (unsigned i = 0; i < hop->label_count && at < size; i++)
		at += (size_t)snprintf(out + at, size - at, "%slabel %u, TTL %u", i > 0 ? "; " : "",
			hop->labels[i].label, hop->labels[i].ttl);
}

/* Reads what came behind the quote. */
static void keep_extension(struct path_record *hop, const struct hop_answer *answer)
{
	struct path_extension extension;
	hop->label_count = 0;
	if (!answer->extension ||
		!sdr_path_extension_parse(answer->extension, answer->extension_length, &extension))
		return;
	for (; hop->label_count < extension.label_count && hop->label_count < PATH_LABELS_MAX;
		hop->label_count++)
		hop->labels[hop->label_count] = extension.labels[hop->label_count];
}

/* A quote that is not known, since it was lost, leaves what was known before. */
void sdr_path_keep(struct path_target *target, const struct hop_answer *answer)
{
	struct path_record *hop = path_hops_at(&target->hops, answer->tag.ttl);
	keep_extension(hop, answer);
	if (!answer->quoted.known)
		return;
	enum hop_nat nat =
		answer->quoted.nat != HOP_NAT_UNKNOWN ? answer->quoted.nat : hop->quoted.nat;
	hop->quoted = answer->quoted;
	hop->quoted.nat = nat;
	hop->quoted_exceeded = answer->kind == HOP_EXCEEDED;
}

/* ---- members ---- */

static const char *role_of(char out[static PATH_ROLE], uint8_t ttl)
{
	snprintf(out, PATH_ROLE, "hop %u", ttl);
	return out;
}

void sdr_path_report_member(struct path_target *target, uint8_t ttl, struct path_report *report)
{
	char role[PATH_ROLE];
	struct path *path = target->path;
	uint32_t key = target->key;
	enum sdr_status status = path->env->emit_member(
		path->env, target->public->id, role_of(role, ttl), &report->result);
	if (status != SDR_OK && sdr_path_target(path, key) == target)
		sdr_path_note_trouble(target, "a hop is not shown: out of memory");
}

static void set_quoted(struct path_report *report, const struct hop_quoted *quoted)
{
	if (!quoted->known)
		return;
	sdr_path_set(report, PATH_QUOTED_TTL, quoted->ttl);
	sdr_path_set(report, PATH_QUOTED_TOS, quoted->tos);
	if (quoted->nat != HOP_NAT_UNKNOWN)
		sdr_path_set(report, PATH_NAT, quoted->nat == HOP_NAT_SEEN);
}

/* A router that answers is well: that it does not pass the probe on is what it was asked for. */
void sdr_path_report_hop(struct path_target *target, const struct hop_answer *answer)
{
	struct path_record *hop = path_hops_at(&target->hops, answer->tag.ttl);
	struct path_report report;
	sdr_path_report_begin(&report, &answer->tag);
	report.result.sent = answer->sent;
	report.result.rtt = answer->rtt;
	report.result.from.addr = answer->from;
	if (answer->kind != HOP_REACHED || answer->type != 0) {
		sdr_path_set(&report, PATH_TYPE, answer->type);
		sdr_path_set(&report, PATH_CODE, answer->code);
	}
	if (answer->hop_limit >= 0)
		sdr_path_set(&report, PATH_HOP_LIMIT, answer->hop_limit);
	set_quoted(&report, &answer->quoted);
	write_labels(hop, report.labels, sizeof(report.labels));
	if (report.labels[0])
		report.values[PATH_LABELS_TEXT] =
			(struct sdr_value){.present = true, .text = report.labels};
	sdr_path_report_member(target, answer->tag.ttl, &report);
}

void sdr_path_remove_hops(struct path_target *target, uint64_t which)
{
	char role[PATH_ROLE];
	struct path *path = target->path;
	uint32_t id = target->public->id;
	for (uint8_t ttl = 1; ttl <= PATH_TTL_MAX; ttl++)
		if (which >> (ttl - 1) & 1)
			path->env->remove_member(path->env, id, role_of(role, ttl), "");
}
