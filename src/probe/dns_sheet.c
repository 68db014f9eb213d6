/* dns_sheet.c - the result of a DNS question as a sheet: the records of all types together, a row
 * each, and the answer to each type. */
#include "probe/dns_sheet.h"

#include <stdio.h>
#include <string.h>

static const char *const section_words[] = {[SDR_SECTION_ANSWER] = "answer",
	[SDR_SECTION_AUTHORITY] = "authority",
	[SDR_SECTION_ADDITIONAL] = "additional"};

static void add_server(struct sdr_item *parent, const struct sdr_reply *reply)
{
	char text[SDR_ENDPOINT_TEXT];
	sdr_item_text(parent, "server", "Server",
		reply->server.addr.version != 0 ? sdr_endpoint_format(text, &reply->server) : NULL);
}

static void add_rcode(struct sdr_item *parent, const struct sdr_reply *reply)
{
	char text[SDR_MESSAGE_WORD];
	sdr_item_text(parent, "rcode", "Answer",
		reply->rcode >= 0 ? sdr_message_rcode_format(text, reply->rcode) : NULL);
}

/* Case counts: in TXT it is data, and of a name it is what the server wrote. */
static bool same_record(const struct sdr_record *a, const struct sdr_record *b)
{
	return a->section == b->section && a->type == b->type && strcmp(a->klass, b->klass) == 0 &&
		strcmp(a->name, b->name) == 0 && strcmp(a->data, b->data) == 0;
}

/* Whether an earlier reply holds the record already: the CNAMEs and authority records that A and
 * AAAA have in common. */
static bool shown_before(
	const struct sdr_questions_result *result, unsigned reply, const struct sdr_record *record)
{
	for (unsigned i = 0; i < reply; i++) {
		const struct sdr_message *message = result->replies[i].message;
		for (unsigned j = 0; message && j < message->count; j++)
			if (same_record(&message->records[j], record))
				return true;
	}
	return false;
}

static void add_record(struct sdr_item *records, const struct sdr_record *record)
{
	struct sdr_item *row = sdr_item_object(records, NULL, NULL);
	sdr_item_text(row, "section", "Section", section_words[record->section]);
	sdr_item_text(row, "name", "Name", record->name);
	sdr_item_text(row, "type", "Type", record->type_text);
	sdr_item_text(row, "class", "Class", record->klass);
	sdr_item_integer(row, "ttl", "TTL", record->ttl)->unit = "s";
	sdr_item_text(row, "data", "Data", record->data);
}

static void add_records(struct sdr_item *parent, const struct sdr_questions_result *result)
{
	struct sdr_item *records = sdr_item_list(parent, "records", "Records");
	records->show = SDR_SHOW_TABLE;
	for (int section = SDR_SECTION_ANSWER; section <= SDR_SECTION_ADDITIONAL; section++)
		for (unsigned i = 0; i < result->count; i++) {
			const struct sdr_message *message = result->replies[i].message;
			for (unsigned j = 0; message && j < message->count; j++)
				if ((int)message->records[j].section == section &&
					!shown_before(result, i, &message->records[j]))
					add_record(records, &message->records[j]);
		}
}

static void add_flags(struct sdr_item *parent, const struct sdr_message *message)
{
	struct sdr_item *flags = sdr_item_list(parent, "flags", "Flags");
	flags->show = SDR_SHOW_HIDDEN;
	if (!message)
		return;
	const struct flag {
		bool set;
		const char *word;
	} all[] = {{message->authoritative, "aa"}, {message->truncated, "tc"},
		{message->recursion_desired, "rd"}, {message->recursion_available, "ra"},
		{message->authentic, "ad"}, {message->checking_disabled, "cd"}};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].set)
			sdr_item_text(flags, NULL, NULL, all[i].word);
}

static const struct sdr_edns *edns_of(const struct sdr_reply *reply)
{
	return reply->message ? &reply->message->edns : NULL;
}

static void add_nsid(struct sdr_item *parent, const struct sdr_edns *edns)
{
	struct sdr_item *item = edns && edns->has_nsid
		? sdr_item_bytes(
			  parent, "nsid", "NSID", (const char *)edns->nsid, edns->nsid_length)
		: sdr_item_null(parent, "nsid", "NSID");
	item->show = SDR_SHOW_HIDDEN;
}

/* The subnet that an answer is for, and whether the server takes cookies. */
static void add_options(struct sdr_item *parent, const struct sdr_edns *edns)
{
	char subnet[SDR_EDNS_SUBNET];
	bool named = edns && edns->subnet.addr.version != 0;
	sdr_item_text(
		parent, "subnet", "Subnet", named ? sdr_edns_format_subnet(subnet, edns) : NULL);
	sdr_item_text(
		parent, "cookie", "Cookie", edns && sdr_edns_has_cookie(edns) ? "good" : NULL);
}

/* The servers' extended errors. RFC 8914 */
static void add_edes(struct sdr_item *parent, const struct sdr_edns *edns)
{
	struct sdr_item *list = sdr_item_list(parent, "ede", "Extended errors");
	list->show = SDR_SHOW_HIDDEN;
	for (unsigned i = 0; edns && i < edns->ede_count; i++) {
		const struct sdr_ede *ede = &edns->edes[i];
		struct sdr_item *row = sdr_item_object(list, NULL, NULL);
		sdr_item_integer(row, "code", "Code", ede->code);
		if (ede->length > 0)
			sdr_item_bytes(row, "text", "Text", ede->text, ede->length);
		else
			sdr_item_text(row, "text", "Text", NULL);
	}
}

static void add_ttl(struct sdr_item *parent, const struct sdr_reply *reply)
{
	if (reply->message && reply->chain.ttl >= 0)
		sdr_item_integer(parent, "ttl", "TTL", reply->chain.ttl)->unit = "s";
	else
		sdr_item_null(parent, "ttl", "TTL");
}

/* For each type: the server, its answer, and how it was asked. */
static void add_questions(struct sdr_item *parent, const struct sdr_questions_result *result)
{
	struct sdr_item *questions = sdr_item_list(parent, "questions", "Questions");
	questions->show = SDR_SHOW_HIDDEN;
	for (unsigned i = 0; i < result->count; i++) {
		const struct sdr_reply *reply = &result->replies[i];
		char type[SDR_MESSAGE_WORD];
		struct sdr_item *row = sdr_item_object(questions, NULL, NULL);
		sdr_item_text(row, "type", "Type", sdr_message_type_format(type, reply->type));
		sdr_item_text(row, "outcome", "Outcome", sdr_outcome_word(reply->outcome));
		add_rcode(row, reply);
		sdr_item_text(row, "why", "Why", reply->why[0] != '\0' ? reply->why : NULL);
		add_server(row, reply);
		sdr_item_text(row, "transport", "Transport", reply->tcp ? "tcp" : "udp");
		sdr_item_boolean(row, "truncated", "Truncated", reply->truncated);
		sdr_item_boolean(
			row, "edns", "EDNS", reply->message && reply->message->edns.present);
		sdr_item_boolean(row, "without_edns", "Asked without EDNS", reply->plain);
		sdr_item_integer(row, "tries", "Tries", reply->tries);
		sdr_item_integer(row, "rejected", "Rejected", (int64_t)reply->rejected);
		sdr_item_integer(row, "records_omitted", "Records omitted",
			reply->message ? reply->message->omitted : 0);
		sdr_item_duration(row, "query_seconds", "Time",
			reply->message ? reply->elapsed : SDR_NS_NONE);
		sdr_item_duration(row, "waited_seconds", "Waited",
			reply->message ? reply->waited : reply->elapsed);
		add_ttl(row, reply);
		add_flags(row, reply->message);
		add_edes(row, edns_of(reply));
		add_nsid(row, edns_of(reply));
		add_options(row, edns_of(reply));
		sdr_attempts_write(row, "server", reply->attempts, reply->attempt_count);
	}
}

/* A line that is present only if it has content. */
static struct sdr_item *add_note(
	struct sdr_item *root, const char *key, const char *label, const char *text)
{
	struct sdr_item *item = sdr_item_text(root, key, label, text[0] != '\0' ? text : NULL);
	item->show = text[0] != '\0' ? SDR_SHOW_FIELD : SDR_SHOW_HIDDEN;
	return item;
}

/* The types without a usable answer, if others were answered; else the servers without one. */
static void add_missing(struct sdr_item *root, const struct sdr_questions_result *result)
{
	char text[SDR_NAMES_NOTE] = "", failed[SDR_NAMES_NOTE], type[SDR_MESSAGE_WORD];
	size_t length = 0;
	for (unsigned i = 0; i < result->count && length < sizeof(text); i++) {
		const struct sdr_reply *reply = &result->replies[i];
		bool answered = reply->outcome == SDR_OUTCOME_OK ||
			reply->outcome == SDR_OUTCOME_NODATA ||
			reply->outcome == SDR_OUTCOME_NXDOMAIN;
		if (!answered && reply->outcome != result->deciding->outcome)
			length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s: %s",
				length > 0 ? "; " : "", sdr_message_type_format(type, reply->type),
				reply->why);
	}
	sdr_attempts_failed(failed, sizeof(failed), result->attempts, result->attempt_count);
	struct sdr_item *tries = add_note(root, "failed", "Failed", failed);
	if (text[0] != '\0')
		tries->show = SDR_SHOW_HIDDEN; /* it has no more than the line that follows */
	add_note(root, "missing", "Missing", text);
}

struct sdr_sheet *sdr_dns_sheet_new(const struct sdr_questions_result *result, const char *fault)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	const struct sdr_reply *deciding = result->deciding;
	sdr_item_text(root, "name", "Name", result->name);
	struct sdr_item *types = sdr_item_list(root, "types", "Types");
	types->show = SDR_SHOW_HIDDEN;
	for (unsigned i = 0; i < result->count; i++) {
		char type[SDR_MESSAGE_WORD];
		sdr_item_text(
			types, NULL, NULL, sdr_message_type_format(type, result->replies[i].type));
	}
	add_rcode(root, deciding);
	add_server(root, deciding);
	sdr_item_duration(
		root, "query_seconds", "Time", deciding->message ? result->elapsed : SDR_NS_NONE);
	sdr_item_duration(root, "waited_seconds", "Waited",
		deciding->message ? result->waited : result->elapsed + result->waited)
		->show = SDR_SHOW_HIDDEN;
	add_missing(root, result);
	const char *why = fault ? fault : deciding->why;
	bool apart = why[0] == '\0' || fault ||
		deciding->outcome != SDR_OUTCOME_OK; /* a failure is shown elsewhere */
	sdr_item_text(root, "why", "Note", why[0] != '\0' ? why : NULL)->show =
		apart ? SDR_SHOW_HIDDEN : SDR_SHOW_FIELD;
	add_flags(root, deciding->message);
	add_edes(root, edns_of(deciding));
	add_nsid(root, edns_of(deciding));
	add_records(root, result);
	add_questions(root, result);
	sdr_attempts_write(root, "server", result->attempts, result->attempt_count);
	if (!sdr_sheet_failed(sheet))
		return sheet;
	sdr_sheet_free(sheet);
	return NULL;
}
