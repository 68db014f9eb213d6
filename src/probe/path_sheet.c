/* path_sheet.c - a path as data: fields of a hop's answer, sums, and a table of the hops with what
 * is made of their losses. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "probe/path.h"
#include "probe/path_sheet.h"
#include "sounder/path.h"

const struct sdr_field sdr_path_fields[PATH_FIELDS] = {
	[PATH_ROUND] = {"round", "Round", NULL, "number of the round", SDR_FIELD_INTEGER},
	[PATH_FLOW] = {"flow", "Flow", NULL, "which flow's probe it was, from 1",
		SDR_FIELD_INTEGER},
	[PATH_HOP] = {"hop", "Hop", NULL, "how many hops the probe could go", SDR_FIELD_INTEGER},
	[PATH_TYPE] = {"icmp_type", "Type", NULL, "type of the ICMP message", SDR_FIELD_INTEGER},
	[PATH_CODE] = {"icmp_code", "Code", NULL, "code of the ICMP message", SDR_FIELD_INTEGER},
	[PATH_HOP_LIMIT] = {"ttl", "TTL", NULL, "hops the answer had left", SDR_FIELD_INTEGER},
	[PATH_LABELS_TEXT] = {"labels", "Labels", NULL,
		"the MPLS labels that the probe had (RFC 4950)", SDR_FIELD_TEXT},
	[PATH_MTU] = {"mtu", "MTU", "bytes", "what the next hop can carry", SDR_FIELD_INTEGER},
	[PATH_QUOTED_TTL] = {"quoted_ttl", "Quoted TTL", NULL,
		"hops the probe had left there (with CAP_NET_RAW)", SDR_FIELD_INTEGER},
	[PATH_QUOTED_TOS] = {"quoted_tos", "Quoted TOS", NULL,
		"type of service that the probe had there (with CAP_NET_RAW)", SDR_FIELD_INTEGER},
	[PATH_NAT] = {"nat", "NAT", NULL,
		"whether the probe's addresses or checksum were others there (with CAP_NET_RAW)",
		SDR_FIELD_BOOLEAN},
};

const struct sdr_field sdr_path_summary_fields[PATH_SUMMARY_FIELDS] = {
	[PATH_SUMMARY_REACHED] = {"reached", "Reached", NULL, "whether the target has answered",
		SDR_FIELD_BOOLEAN},
	[PATH_SUMMARY_AFTER] = {"loss_after_hop", "Loss after hop", NULL,
		"loss begins after this hop (0: this host)", SDR_FIELD_INTEGER},
	[PATH_SUMMARY_BY] = {"loss_by_hop", "Loss by hop", NULL,
		"and by this hop at the latest, there or on the way back", SDR_FIELD_INTEGER},
	[PATH_SUMMARY_EPOCHS] = {"epochs", "Epochs", NULL,
		"paths so far: figures are those of the latest", SDR_FIELD_INTEGER},
	[PATH_SUMMARY_PROTOCOL] = {"protocol", "Protocol", NULL, "what probes are", SDR_FIELD_TEXT},
};

/* A type's functions have the state alone. */
static const struct path_target *target_of(const void *state)
{
	return ((const struct path_own *)state)->own;
}

void sdr_path_summarise(const void *state, struct sdr_value *values)
{
	const struct path_target *target = target_of(state);
	struct sdr_path path;
	if (!target || !sdr_path_view(target->public, &path))
		return;
	values[PATH_SUMMARY_REACHED] = (struct sdr_value){.present = true, .number = path.reached};
	values[PATH_SUMMARY_AFTER] =
		(struct sdr_value){.present = path.placed, .number = path.after};
	values[PATH_SUMMARY_BY] = (struct sdr_value){.present = path.placed, .number = path.by};
	values[PATH_SUMMARY_EPOCHS] = (struct sdr_value){.present = true, .number = path.epoch};
	values[PATH_SUMMARY_PROTOCOL] = (struct sdr_value){.present = true, .text = path.protocol};
}

/* ---- the table ---- */

static void write_router(struct sdr_item *row, const struct path_record *record)
{
	char text[SDR_ADDR_TEXT];
	if (record->known_count == 0)
		sdr_item_text(row, "router", "Router", "no answer");
	else if (record->known_count == 1 && record->more == 0)
		sdr_item_text(row, "router", "Router", sdr_addr_format(text, &record->known[0]));
	else
		sdr_item_format(row, "router", "Router", "%s +%u%s",
			sdr_addr_format(text, &record->known[0]), record->known_count - 1u,
			record->more > 0 ? " and more" : "");
	struct sdr_item *list = sdr_item_list(row, "addresses", "Addresses");
	list->show = SDR_SHOW_HIDDEN;
	for (unsigned i = 0; i < record->known_count; i++)
		sdr_item_text(list, NULL, NULL, sdr_addr_format(text, &record->known[i]));
}

static void write_labels(struct sdr_item *row, const struct path_record *record)
{
	struct sdr_item *list = sdr_item_list(row, "mpls", "MPLS");
	list->show = SDR_SHOW_HIDDEN;
	for (unsigned i = 0; i < record->label_count; i++) {
		struct sdr_item *label = sdr_item_object(list, NULL, NULL);
		sdr_item_integer(label, "label", "Label", record->labels[i].label);
		sdr_item_integer(label, "class", "Class", record->labels[i].class);
		sdr_item_boolean(label, "bottom", "Bottom", record->labels[i].bottom);
		sdr_item_integer(label, "ttl", "TTL", record->labels[i].ttl);
	}
}

static void write_quoted(struct sdr_item *row, const struct sdr_path_hop *hop)
{
	struct sdr_item *items[] = {hop->quoted_ttl >= 0
			? sdr_item_integer(row, "quoted_ttl", "Quoted TTL", hop->quoted_ttl)
			: sdr_item_null(row, "quoted_ttl", "Quoted TTL"),
		hop->quoted_tos >= 0
			? sdr_item_integer(row, "quoted_tos", "Quoted TOS", hop->quoted_tos)
			: sdr_item_null(row, "quoted_tos", "Quoted TOS"),
		hop->nat >= 0 ? sdr_item_boolean(row, "nat", "NAT", hop->nat)
			      : sdr_item_null(row, "nat", "NAT")};
	for (size_t i = 0; i < sizeof(items) / sizeof(*items); i++)
		items[i]->show = SDR_SHOW_HIDDEN;
}

/* Rounded to what text has room for. */
static double percent_of(uint64_t part, uint64_t whole)
{
	return whole > 0 ? round(1000.0 * (double)part / (double)whole) / 10 : NAN;
}

static double known_percent(double percent)
{
	return percent < 0 ? NAN : round(percent * 10) / 10;
}

static void write_hop(struct sdr_item *list, const struct path_record *record,
	const struct sdr_path_hop *hop, unsigned number, bool names)
{
	struct sdr_item *row = sdr_item_object(list, NULL, NULL);
	bool silent = hop->addr.version == 0;
	sdr_item_integer(row, "hop", "#", number);
	write_router(row, record);
	struct sdr_item *name = sdr_item_text(row, "name", "Name", hop->name[0] ? hop->name : NULL);
	if (!names)
		name->show = SDR_SHOW_HIDDEN;
	if (hop->as != 0)
		sdr_item_integer(row, "asn", "AS", hop->as);
	else
		sdr_item_null(row, "asn", "AS")->show = SDR_SHOW_HIDDEN;
	sdr_item_integer(row, "sent", "Sent", (int64_t)hop->sent);
	sdr_item_integer(row, "received", "Answers", (int64_t)hop->received);
	sdr_item_real(row, "loss_percent", "Unanswered",
		silent && hop->sent > 0 ? 100 : percent_of(hop->lost, hop->received + hop->lost))
		->unit = "%";
	sdr_item_real(row, "path_loss_percent", "Path loss", known_percent(hop->path_loss))->unit =
		"%";
	sdr_item_duration(row, "p50_seconds", "p50", hop->p50);
	sdr_item_duration(row, "p95_seconds", "p95", hop->p95);
	sdr_item_duration(row, "jitter_seconds", "Jitter", hop->jitter);
	write_labels(row, record);
	write_quoted(row, hop);
	sdr_item_text(row, "half_rate", "Half rate", hop->half_rate)->show = SDR_SHOW_HIDDEN;
	sdr_item_text(row, "state", "State", hop->state);
	sdr_item_text(row, "why", "", hop->why[0] ? hop->why : NULL);
}

static void write_second(struct sdr_item *root, const struct sdr_path *path)
{
	uint64_t lost = path->second_sent - path->second_received;
	sdr_item_text(root, "second_protocol", "Second protocol", path->second);
	if (path->second_port)
		sdr_item_integer(root, "second_port", "Second port", path->second_port);
	sdr_item_integer(root, "second_sent", "Second sent", (int64_t)path->second_sent)->show =
		SDR_SHOW_HIDDEN;
	sdr_item_integer(root, "second_received", "Second received", (int64_t)path->second_received)
		->show = SDR_SHOW_HIDDEN;
	sdr_item_real(
		root, "second_loss_percent", "Second loss", percent_of(lost, path->second_sent))
		->unit = "%";
}

void sdr_path_sheet(const void *state, struct sdr_item *root)
{
	const struct path_target *target = target_of(state);
	struct sdr_path path;
	if (!target || !sdr_path_view(target->public, &path))
		return;
	const struct path_options *options = target->public->spec->options;
	sdr_item_text(root, "why", "Path", path.why[0] ? path.why : "no loss to be seen")->show =
		SDR_SHOW_HEADLINE;
	sdr_item_real(root, "path_loss_percent", "Path loss", known_percent(path.loss))->unit = "%";
	if (path.second)
		write_second(root, &path);
	if (path.mtu > 0) {
		sdr_item_integer(root, "path_mtu", "Path MTU", path.mtu)->unit = "bytes";
		sdr_item_text(root, "mtu_why", "", path.mtu_why);
		sdr_item_integer(root, "mtu_hop", "MTU hop", path.mtu_hop)->show = SDR_SHOW_HIDDEN;
		sdr_item_boolean(root, "mtu_black_hole", "Black hole", path.mtu_hole)->show =
			SDR_SHOW_HIDDEN;
	}
	struct sdr_item *list = sdr_item_list(root, "hops", "Hops");
	list->show = SDR_SHOW_TABLE;
	for (unsigned i = 0; i < path.count; i++)
		write_hop(list, path_hops_at(&target->hops, (uint8_t)(i + 1)), &path.hops[i], i + 1,
			options->names);
}
