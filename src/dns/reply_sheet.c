/* reply_sheet.c - what came of a question, as items of a sheet. */
#include "dns/reply_sheet.h"

#include <string.h>

static const char *const section_words[] = {[SDR_SECTION_ANSWER] = "answer",
	[SDR_SECTION_AUTHORITY] = "authority",
	[SDR_SECTION_ADDITIONAL] = "additional"};

void sdr_reply_put_server(struct sdr_item *parent, const struct sdr_reply *reply)
{
	char text[SDR_ENDPOINT_TEXT];
	sdr_item_text(parent, "server", "Server",
		reply->server.addr.version != 0 ? sdr_endpoint_format(text, &reply->server) : NULL);
}

void sdr_reply_put_rcode(struct sdr_item *parent, const struct sdr_reply *reply)
{
	char text[SDR_MESSAGE_WORD];
	sdr_item_text(parent, "rcode", "Answer",
		reply->rcode >= 0 ? sdr_message_rcode_format(text, reply->rcode) : NULL);
}

void sdr_reply_put_record(struct sdr_item *records, const struct sdr_record *record)
{
	struct sdr_item *row = sdr_item_object(records, NULL, NULL);
	sdr_item_text(row, "section", "Section", section_words[record->section]);
	sdr_item_text(row, "name", "Name", record->name);
	sdr_item_text(row, "type", "Type", record->type_text);
	sdr_item_text(row, "class", "Class", record->klass);
	sdr_item_integer(row, "ttl", "TTL", record->ttl)->unit = "s";
	sdr_item_text(row, "data", "Data", record->data);
}

void sdr_reply_put_flags(struct sdr_item *parent, const struct sdr_message *message)
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

const struct sdr_edns *sdr_reply_edns(const struct sdr_reply *reply)
{
	return reply->message ? &reply->message->edns : NULL;
}

void sdr_reply_put_nsid(struct sdr_item *parent, const struct sdr_edns *edns)
{
	struct sdr_item *item = edns && edns->has_nsid
		? sdr_item_bytes(
			  parent, "nsid", "NSID", (const char *)edns->nsid, edns->nsid_length)
		: sdr_item_null(parent, "nsid", "NSID");
	item->show = SDR_SHOW_HIDDEN;
}

void sdr_reply_put_options(struct sdr_item *parent, const struct sdr_edns *edns)
{
	char subnet[SDR_EDNS_SUBNET];
	bool named = edns && edns->subnet.addr.version != 0;
	sdr_item_text(
		parent, "subnet", "Subnet", named ? sdr_edns_format_subnet(subnet, edns) : NULL);
	sdr_item_text(
		parent, "cookie", "Cookie", edns && sdr_edns_has_cookie(edns) ? "good" : NULL);
}

void sdr_reply_put_edes(struct sdr_item *parent, const struct sdr_edns *edns)
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

void sdr_reply_put_ttl(struct sdr_item *parent, const struct sdr_reply *reply)
{
	if (reply->message && reply->chain.ttl >= 0)
		sdr_item_integer(parent, "ttl", "TTL", reply->chain.ttl)->unit = "s";
	else
		sdr_item_null(parent, "ttl", "TTL");
}

/* Case counts: in TXT it is data, and of a name it is what the server wrote. */
static bool same_record(const struct sdr_record *a, const struct sdr_record *b)
{
	return a->section == b->section && a->type == b->type && strcmp(a->klass, b->klass) == 0 &&
		strcmp(a->name, b->name) == 0 && strcmp(a->data, b->data) == 0;
}

bool sdr_reply_shown_before(
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
