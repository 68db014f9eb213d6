/* dns_sheet.c - what came of a DNS question, as a sheet: the records of all types together, a row each, and what was said to each type. */
#include "probe/dns_sheet.h"

#include <stdio.h>
#include <strings.h>

static const char *const section_words[] = {
	[SDR_SECTION_ANSWER] = "answer", [SDR_SECTION_AUTHORITY] = "authority", [SDR_SECTION_ADDITIONAL] = "additional"};

static void add_server(struct sdr_item *parent, const struct sdr_reply *reply)
{
	char text[SDR_ENDPOINT_TEXT];
	sdr_item_text(parent, "server", "Server", reply->server.addr.version != 0 ? sdr_endpoint_format(text, &reply->server) : NULL);
}

static void add_rcode(struct sdr_item *parent, const struct sdr_reply *reply)
{
	char text[SDR_MESSAGE_WORD];
	sdr_item_text(parent, "rcode", "Answer", reply->rcode >= 0 ? sdr_message_rcode_format(text, reply->rcode) : NULL);
}

static bool same_record(const struct sdr_record *a, const struct sdr_record *b)
{
	return a->section == b->section && a->type == b->type && strcasecmp(a->name, b->name) == 0 && strcasecmp(a->data, b->data) == 0;
}

/* Whether an earlier reply holds the record already: the CNAMEs and authority records that A and AAAA have in common. */
static bool shown_before(const struct sdr_inquiry_result *result, unsigned reply, const struct sdr_record *record)
{
	for (unsigned i = 0; i < reply; i++) {
		const struct sdr_message *message = result->replies[i].message;
		for (unsigned j = 0; message != NULL && j < message->count; j++)
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

static void add_records(struct sdr_item *parent, const struct sdr_inquiry_result *result)
{
	struct sdr_item *records = sdr_item_list(parent, "records", "Records");
	records->show = SDR_SHOW_TABLE;
	for (int section = SDR_SECTION_ANSWER; section <= SDR_SECTION_ADDITIONAL; section++)
		for (unsigned i = 0; i < result->count; i++) {
			const struct sdr_message *message = result->replies[i].message;
			for (unsigned j = 0; message != NULL && j < message->count; j++)
				if ((int)message->records[j].section == section && !shown_before(result, i, &message->records[j]))
					add_record(records, &message->records[j]);
		}
}

static void add_flags(struct sdr_item *parent, const struct sdr_message *message)
{
	struct sdr_item *flags = sdr_item_list(parent, "flags", "Flags");
	flags->show = SDR_SHOW_HIDDEN;
	if (message == NULL)
		return;
	const struct flag {
		bool set;
		const char *word;
	} all[] = {{message->authoritative, "aa"}, {message->truncated, "tc"}, {message->recursion_desired, "rd"},
		{message->recursion_available, "ra"}, {message->authentic, "ad"}, {message->checking_disabled, "cd"}};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].set)
			sdr_item_text(flags, NULL, NULL, all[i].word);
}

/* Who said what to each type, and how it was asked. */
static void add_questions(struct sdr_item *parent, const struct sdr_inquiry_result *result)
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
		sdr_item_boolean(row, "edns", "EDNS", reply->message != NULL && reply->message->edns);
		sdr_item_boolean(row, "without_edns", "Asked without EDNS", reply->plain);
		sdr_item_integer(row, "tries", "Tries", reply->tries);
		sdr_item_integer(row, "records_omitted", "Records omitted", reply->message != NULL ? reply->message->omitted : 0);
		sdr_item_duration(row, "query_seconds", "Time", reply->message != NULL ? reply->elapsed : SDR_NS_NONE);
		sdr_item_duration(row, "waited_seconds", "Waited", reply->message != NULL ? reply->waited : reply->elapsed);
		add_flags(row, reply->message);
		sdr_attempts_write(row, "server", reply->attempts, reply->attempt_count);
	}
}

struct sdr_sheet *sdr_dns_sheet_new(const struct sdr_inquiry_result *result)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet == NULL)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	const struct sdr_reply *telling = result->telling;
	sdr_item_text(root, "name", "Name", result->name);
	struct sdr_item *types = sdr_item_list(root, "types", "Types");
	types->show = SDR_SHOW_HIDDEN;
	for (unsigned i = 0; i < result->count; i++) {
		char type[SDR_MESSAGE_WORD];
		sdr_item_text(types, NULL, NULL, sdr_message_type_format(type, result->replies[i].type));
	}
	add_rcode(root, telling);
	add_server(root, telling);
	sdr_item_duration(root, "query_seconds", "Time", telling->message != NULL ? result->elapsed : SDR_NS_NONE);
	sdr_item_duration(root, "waited_seconds", "Waited", telling->message != NULL ? result->waited : result->elapsed + result->waited)
		->show = SDR_SHOW_HIDDEN;
	char failed[SDR_NAMES_NOTE];
	sdr_attempts_failed(failed, sizeof(failed), result->attempts, result->attempt_count);
	sdr_item_text(root, "failed", "Failed", failed[0] != '\0' ? failed : NULL)->show = SDR_SHOW_HIDDEN;
	sdr_item_text(root, "why", "Note", telling->why[0] != '\0' ? telling->why : NULL)->show = SDR_SHOW_HIDDEN;
	add_flags(root, telling->message);
	add_records(root, result);
	add_questions(root, result);
	sdr_attempts_write(root, "server", result->attempts, result->attempt_count);
	if (!sdr_sheet_failed(sheet))
		return sheet;
	sdr_sheet_free(sheet);
	return NULL;
}
