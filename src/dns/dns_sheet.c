/* dns_sheet.c - the result of a DNS question as a sheet: the records of all types together, a row
 * each, and the answer to each type. */
#include "dns/dns_sheet.h"

#include <stdio.h>
#include <string.h>

#include "dns/reply_sheet.h"

static void add_records(struct sdr_item *parent, const struct sdr_questions_result *result)
{
	struct sdr_item *records = sdr_item_list(parent, "records", "Records");
	records->show = SDR_SHOW_TABLE;
	for (int section = SDR_SECTION_ANSWER; section <= SDR_SECTION_ADDITIONAL; section++)
		for (unsigned i = 0; i < result->count; i++) {
			const struct sdr_message *message = result->replies[i].message;
			for (unsigned j = 0; message && j < message->count; j++)
				if ((int)message->records[j].section == section &&
					!sdr_reply_shown_before(result, i, &message->records[j]))
					sdr_reply_put_record(records, &message->records[j]);
		}
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
		sdr_reply_put_rcode(row, reply);
		sdr_item_text(row, "why", "Why", reply->why[0] != '\0' ? reply->why : NULL);
		sdr_reply_put_server(row, reply);
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
		sdr_reply_put_ttl(row, reply);
		sdr_reply_put_flags(row, reply->message);
		sdr_reply_put_edes(row, sdr_reply_edns(reply));
		sdr_reply_put_nsid(row, sdr_reply_edns(reply));
		sdr_reply_put_options(row, sdr_reply_edns(reply));
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
	sdr_reply_put_rcode(root, deciding);
	sdr_reply_put_server(root, deciding);
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
	sdr_reply_put_flags(root, deciding->message);
	sdr_reply_put_edes(root, sdr_reply_edns(deciding));
	sdr_reply_put_nsid(root, sdr_reply_edns(deciding));
	add_records(root, result);
	add_questions(root, result);
	sdr_attempts_write(root, "server", result->attempts, result->attempt_count);
	if (!sdr_sheet_failed(sheet))
		return sheet;
	sdr_sheet_free(sheet);
	return NULL;
}
