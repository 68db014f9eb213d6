/* views_sheet.c - views as sheets: each as an object made when its answer comes, all of them
 * together once it is known how they stand, and what changed. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/hosts_file.h"
#include "dns/reply_sheet.h"
#include "dns/views_sheet.h"

/* What each view is made of. */
struct shown {
	const char *server, *transport, *rcode, *canonical, *why;
	enum sdr_outcome outcome;
	const struct sdr_reply *reply; /* of name servers */
	const struct sdr_questions_result *result;
};

static void add_name(struct sdr_item *root, const char *name)
{
	size_t length = name ? strlen(name) : 0;
	if (length > 1 && name[length - 1] == '.')
		length--;
	if (length > 0)
		sdr_item_bytes(root, "canonical_name", "Canonical name", name, length);
	else
		sdr_item_null(root, "canonical_name", "Canonical name");
}

static void add_expires(struct sdr_item *root, int64_t ttl)
{
	char text[SDR_WALL_TEXT];
	if (ttl >= 0)
		sdr_item_integer(root, "ttl", "TTL", ttl)->unit = "s";
	else
		sdr_item_null(root, "ttl", "TTL");
	sdr_item_text(root, "expires", "Expires",
		ttl >= 0 ? sdr_wall_format(text, sdr_clock_wall() + ttl * SDR_SECOND) : NULL);
}

/* The records of the answer sections; those of several types have their CNAMEs in common. */
static void add_reply_records(struct sdr_item *records, const struct sdr_questions_result *result)
{
	for (unsigned i = 0; i < result->count; i++) {
		const struct sdr_message *message = result->replies[i].message;
		for (unsigned j = 0; message && j < message->count; j++)
			if (message->records[j].section == SDR_SECTION_ANSWER &&
				!sdr_reply_shown_before(result, i, &message->records[j]))
				sdr_reply_put_record(records, &message->records[j]);
	}
}

/* The serial number of an SOA that was asked for: RFC 1035 sec. 3.3.13. */
static void add_serial(struct sdr_item *root, const struct sdr_questions_result *result)
{
	enum { TYPE_SOA = 6, BEHIND = 20 };
	for (unsigned i = 0; result && i < result->count; i++) {
		const struct sdr_reply *reply = &result->replies[i];
		const struct sdr_record *soa =
			reply->outcome == SDR_OUTCOME_OK && reply->type == TYPE_SOA
			? sdr_message_next(reply->message, &reply->chain, TYPE_SOA, NULL)
			: NULL;
		if (!soa)
			continue;
		const uint8_t *at = reply->message->wire + soa->data_at + soa->data_length - BEHIND;
		uint32_t serial = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
			(uint32_t)at[2] << 8 | at[3];
		sdr_item_integer(root, "serial", "Serial", serial);
		return;
	}
	sdr_item_null(root, "serial", "Serial");
}

static const struct sdr_edns *edns_of(const struct shown *shown)
{
	return shown->reply ? sdr_reply_edns(shown->reply) : NULL;
}

/* Begins a view's object, up to its records; NULL: out of memory. */
static struct sdr_item *begin(struct view *view, const struct shown *shown)
{
	sdr_sheet_free(view->sheet);
	view->sheet = sdr_sheet_new();
	if (!view->sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(view->sheet);
	sdr_item_text(root, "view", "View", view->label);
	sdr_item_text(root, "server", "Server", shown->server);
	sdr_item_text(root, "transport", "Transport", shown->transport);
	sdr_item_text(root, "outcome", "Outcome", sdr_outcome_word(shown->outcome));
	sdr_item_text(root, "rcode", "Answer", shown->rcode);
	sdr_reply_put_flags(root, shown->reply ? shown->reply->message : NULL);
	return sdr_item_list(root, "records", "Records");
}

/* The rest of it. */
static bool finish(struct view *view, const struct shown *shown, sdr_ns took)
{
	struct sdr_item *root = sdr_sheet_root(view->sheet);
	const struct sdr_questions_result *result = shown->result;
	const struct sdr_reply *reply = shown->reply;
	bool answered = reply && reply->message;
	add_name(root, shown->canonical);
	add_expires(root, answered ? sdr_questions_ttl(result) : -1);
	sdr_item_duration(root, "query_seconds", "Time", took);
	sdr_item_duration(root, "waited_seconds", "Waited",
		!result            ? SDR_NS_NONE
			: answered ? result->waited
				   : result->elapsed + result->waited);
	if (result)
		sdr_attempts_write(root, "server", result->attempts, result->attempt_count);
	else
		sdr_item_list(root, "attempts", NULL);
	sdr_reply_put_nsid(root, edns_of(shown));
	sdr_reply_put_edes(root, edns_of(shown));
	sdr_reply_put_options(root, edns_of(shown));
	sdr_item_text(root, "why", "Why", shown->why && shown->why[0] != '\0' ? shown->why : NULL);
	add_serial(root, result);
	if (answered)
		sdr_item_boolean(root, "aa", "Authoritative", reply->message->authoritative);
	else
		sdr_item_null(root, "aa", "Authoritative");
	sdr_item_null(root, "dnssec", "DNSSEC");
	if (shown->why != view->why)
		snprintf(view->why, sizeof(view->why), "%s", shown->why ? shown->why : "");
	return !sdr_sheet_failed(view->sheet);
}

/* Types that ended otherwise than the whole did, with the reason: "AAAA: no answer in 4.0 s". */
static void add_troubles(char why[static SDR_ERROR_TEXT], const struct sdr_questions_result *result)
{
	size_t length = (size_t)snprintf(why, SDR_ERROR_TEXT, "%s", result->deciding->why);
	for (unsigned i = 0; i < result->count && length < SDR_ERROR_TEXT; i++) {
		const struct sdr_reply *reply = &result->replies[i];
		char type[SDR_MESSAGE_WORD];
		if (reply == result->deciding || reply->message || reply->why[0] == '\0' ||
			strcmp(reply->why, result->deciding->why) == 0)
			continue;
		length += (size_t)snprintf(why + length, SDR_ERROR_TEXT - length, "%s%s: %s",
			length > 0 ? "; " : "", sdr_message_type_format(type, reply->type),
			reply->why);
	}
}

/* Whether who was asked is a guess: resolv.conf is there and could not be read. Writes so. */
static bool is_guess(const struct view *view, char why[static SDR_ERROR_TEXT])
{
	const char *unread = sdr_names_unread(view->all->names, true);
	if (view->word.source == VIEW_SERVER || *unread == '\0')
		return false;
	snprintf(why, SDR_ERROR_TEXT, "%s", unread);
	return true;
}

bool sdr_view_show_reply(struct view *view, const struct sdr_questions_result *result)
{
	const struct sdr_reply *reply = result->deciding;
	char server[SDR_ENDPOINT_TEXT], rcode[SDR_MESSAGE_WORD], why[SDR_ERROR_TEXT];
	bool known = reply->message && reply->rcode >= 0 &&
		(reply->outcome == SDR_OUTCOME_OK || reply->outcome == SDR_OUTCOME_NODATA ||
			reply->outcome == SDR_OUTCOME_NXDOMAIN);
	struct shown shown = {.server = reply->server.addr.version != 0
			? sdr_endpoint_format(server, &reply->server)
			: NULL,
		.transport = reply->tcp ? "tcp" : "udp",
		.rcode = reply->rcode >= 0 ? sdr_message_rcode_format(rcode, reply->rcode) : NULL,
		.canonical = known ? reply->chain.end : NULL,
		.why = why,
		.outcome = reply->outcome,
		.reply = reply,
		.result = result};
	add_troubles(why, result);
	if (is_guess(view, why))
		shown.outcome = view->outcomes[0] = SDR_OUTCOME_LOCAL;
	struct sdr_item *records = begin(view, &shown);
	if (!records)
		return false;
	add_reply_records(records, result);
	return finish(view, &shown, reply->message ? result->elapsed : SDR_NS_NONE);
}

static void add_record(
	struct sdr_item *records, const char *name, const char *type, const char *data)
{
	struct sdr_item *row = sdr_item_object(records, NULL, NULL);
	sdr_item_text(row, "section", "Section", "answer");
	sdr_item_text(row, "name", "Name", name);
	sdr_item_text(row, "type", "Type", type);
	sdr_item_text(row, "class", "Class", "IN");
	sdr_item_null(row, "ttl", "TTL");
	sdr_item_text(row, "data", "Data", data);
}

/* An address, if its type was asked for. */
static void add_address(
	struct sdr_item *records, const struct view *view, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	const uint16_t type = addr->version == 4 ? 1 : 28;
	for (unsigned i = 0; i < view->set.types; i++)
		if (view->all->types[i] == type)
			add_record(records, view->all->name, type == 1 ? "A" : "AAAA",
				sdr_addr_format(text, addr));
}

bool sdr_view_show_libc(
	struct view *view, const struct sdr_libc_answer *answer, enum sdr_outcome outcome)
{
	char why[SDR_ERROR_TEXT] = "";
	if (answer->error == EAI_SYSTEM)
		snprintf(why, sizeof(why), "getaddrinfo: %s", strerror(answer->number));
	else if (answer->error != 0)
		snprintf(why, sizeof(why), "getaddrinfo: %s", gai_strerror(answer->error));
	else if (answer->more > 0)
		snprintf(why, sizeof(why), "%u more addresses, left out", answer->more);
	struct shown shown = {
		.transport = "libc", .outcome = outcome, .canonical = answer->name, .why = why};
	struct sdr_item *records = begin(view, &shown);
	if (!records)
		return false;
	for (unsigned i = 0; i < answer->count; i++)
		add_address(records, view, &answer->addrs[i]);
	for (unsigned i = 0; i < view->set.of[0].count && answer->count == 0; i++)
		add_record(records, view->all->name, "PTR", view->set.of[0].data[i]);
	return finish(view, &shown, sdr_clock_now() - view->asked);
}

bool sdr_view_show_hosts(struct view *view, const struct sdr_hosts_match *match, const char *unread)
{
	const char *path = sdr_names_hosts_path(view->all->names);
	char place[SDR_NAMES_NOTE], why[SDR_ERROR_TEXT] = "";
	bool known = match->line > 0;
	snprintf(place, sizeof(place), known ? "%s:%u" : "%s", path, match->line);
	if (*unread != '\0')
		snprintf(why, sizeof(why), "%s", unread);
	else if (!known)
		snprintf(why, sizeof(why), "%s does not list it", path);
	struct shown shown = {.server = place,
		.transport = "file",
		.outcome = view->outcomes[0],
		.canonical = match->canonical,
		.why = why};
	struct sdr_item *records = begin(view, &shown);
	if (!records)
		return false;
	for (unsigned i = 0; i < match->count; i++)
		add_address(records, view, &match->addrs[i]);
	for (unsigned i = 0; i < view->set.of[0].count && match->count == 0; i++)
		add_record(records, view->all->name, "PTR", view->set.of[0].data[i]);
	return finish(view, &shown, SDR_NS_NONE);
}

bool sdr_view_show_failure(struct view *view, enum sdr_outcome outcome, const char *why)
{
	char server[SDR_ENDPOINT_TEXT];
	bool named = view->word.source == VIEW_SERVER || view->word.source == VIEW_SYSTEM;
	struct shown shown = {
		.server = named ? sdr_endpoint_format(server, &view->word.server) : NULL,
		.outcome = outcome,
		.why = why};
	return begin(view, &shown) && finish(view, &shown, SDR_NS_NONE);
}

/* ---- all of them ---- */

unsigned sdr_views_places(const struct sdr_views *views,
	struct view_place places[static SDR_VIEWS_MAX], unsigned leaders[static SDR_VIEWS_MAX])
{
	const struct view_set *sets[SDR_VIEWS_MAX];
	for (unsigned i = 0; i < views->count; i++)
		sets[i] = &views->views[i].set;
	return sdr_views_group(sets, views->count, places, leaders);
}

/* What a set has, as texts; where it has nothing, what that is called. */
static void add_data(struct sdr_item *list, const struct view_set *set, const char *otherwise)
{
	const char *word = sdr_view_kind_word(sdr_view_kind(set));
	for (unsigned i = 0; i < set->types; i++)
		for (unsigned j = 0; j < set->of[i].count; j++)
			sdr_item_text(list, NULL, NULL, set->of[i].data[j]);
	if (!list->first)
		sdr_item_text(list, NULL, NULL, word ? word : otherwise);
}

static const char *group_word(char out[static 8], int group)
{
	if (group < 26)
		snprintf(out, 8, "%c", 'A' + group);
	else
		snprintf(out, 8, "%c%u", 'A' + group % 26, (unsigned)group / 26 % 100);
	return out;
}

static void add_groups(struct sdr_item *root, const struct sdr_views *views, unsigned groups,
	const struct view_place places[], const unsigned leaders[])
{
	struct sdr_item *list = sdr_item_list(root, "groups", "Groups");
	list->show = SDR_SHOW_HIDDEN;
	for (unsigned i = 0; i < groups; i++) {
		char word[8];
		struct sdr_item *row = sdr_item_object(list, NULL, NULL);
		sdr_item_text(row, "group", "Group", group_word(word, (int)i));
		struct sdr_item *members = sdr_item_list(row, "views", "Views");
		for (unsigned j = 0; j < views->count; j++)
			if (places[j].group == (int)i)
				sdr_item_text(members, NULL, NULL, views->views[j].label);
		add_data(sdr_item_list(row, "data", "Data"), &views->views[leaders[i]].set, NULL);
	}
}

/* The view's object, with its place before the records. */
static void add_view(struct sdr_item *list, const struct view *view, const struct view_place *place)
{
	char word[8];
	struct sdr_item *row = sdr_item_object(list, NULL, NULL);
	const struct sdr_item *from = sdr_sheet_view(view->sheet)->first;
	for (; from; from = from->next) {
		if (strcmp(from->key, "records") == 0) {
			sdr_item_text(row, "group", "Group",
				place->group >= 0 ? group_word(word, place->group) : NULL);
			sdr_item_text(row, "relation", "Relation",
				sdr_view_relation_word(place->relation));
		}
		sdr_item_copy(row, from);
	}
}

static void add_counts(
	struct sdr_item *root, const struct sdr_views *views, const struct view_place places[])
{
	int64_t agree = 0, answered = 0;
	for (unsigned i = 0; i < views->count; i++) {
		agree += places[i].relation == VIEW_SAME;
		answered += places[i].relation != VIEW_UNRELATED;
	}
	sdr_item_integer(root, "agree", "Agree", agree);
	sdr_item_integer(root, "answered", "Answered", answered);
}

static void add_expected(struct sdr_item *root, const struct sdr_views *views, unsigned groups,
	const unsigned leaders[])
{
	const char *const *expected = views->spec.options->expect;
	if (!expected || groups == 0)
		sdr_item_null(root, "expected", "As expected")->show = SDR_SHOW_HIDDEN;
	else
		sdr_item_boolean(root, "expected", "As expected",
			sdr_view_is_expected(
				&views->views[leaders[0]].set, views->types, expected));
}

/* Options of resolv.conf that asking each of its servers by itself leaves out. */
static void add_unfollowed(struct sdr_item *root, const struct sdr_views *views)
{
	const struct sdr_resolvconf *conf = sdr_names_resolvconf(views->names);
	const char *other = sdr_names_unfollowed(views->names);
	bool system = false;
	for (unsigned i = 0; i < views->count; i++)
		system = system || views->views[i].word.source == VIEW_SYSTEM;
	bool any =
		system && (conf->rotate || conf->no_aaaa || conf->sort_count > 0 || *other != '\0');
	if (any)
		sdr_item_format(root, "not_followed", "Not followed", "%s%s%s%s",
			conf->rotate ? "rotate " : "", conf->no_aaaa ? "no-aaaa " : "",
			conf->sort_count > 0 ? "sortlist " : "", other);
	else
		sdr_item_null(root, "not_followed", "Not followed")->show = SDR_SHOW_HIDDEN;
}

struct sdr_sheet *sdr_views_show(const struct sdr_views *views)
{
	struct view_place places[SDR_VIEWS_MAX];
	unsigned leaders[SDR_VIEWS_MAX], groups = sdr_views_places(views, places, leaders);
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_text(root, "type", "Type", "names")->show = SDR_SHOW_HIDDEN;
	sdr_item_text(root, "name", "Name", views->name);
	struct sdr_item *types = sdr_item_list(root, "types", "Types");
	for (unsigned i = 0; i < views->type_count; i++) {
		char type[SDR_MESSAGE_WORD];
		sdr_item_text(types, NULL, NULL, sdr_message_type_format(type, views->types[i]));
	}
	add_counts(root, views, places);
	add_expected(root, views, groups, leaders);
	add_unfollowed(root, views);
	add_groups(root, views, groups, places, leaders);
	struct sdr_item *list = sdr_item_list(root, "views", "Views");
	for (unsigned i = 0; i < views->count; i++)
		add_view(list, &views->views[i], &places[i]);
	if (!sdr_sheet_failed(sheet))
		return sheet;
	sdr_sheet_free(sheet);
	return NULL;
}

/* ---- changes ---- */

/* What it had before its latest answer. */
static struct view_set set_before(const struct view *view)
{
	struct view_set before = view->set;
	for (unsigned i = 0; i < view->answered; i++)
		before.of[view->asking[i]] = view->before.of[view->asking[i]];
	return before;
}

struct sdr_sheet *sdr_view_show_change(const struct view *view, sdr_ns held)
{
	char when[SDR_WALL_TEXT];
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	struct view_set before = set_before(view);
	unsigned first = view->asking[0];
	sdr_item_text(root, "type", "Type", "change")->show = SDR_SHOW_HIDDEN;
	sdr_item_text(root, "when", "When", sdr_wall_format(when, sdr_clock_wall()));
	sdr_item_text(root, "name", "Name", view->all->name);
	sdr_item_text(root, "view", "View", view->label);
	add_data(sdr_item_list(root, "was", "Was"), &before,
		sdr_outcome_word(view->outcomes_before[first]));
	add_data(sdr_item_list(root, "now", "Now"), &view->set,
		sdr_outcome_word(view->outcomes[first]));
	sdr_item_duration(root, "held_seconds", "Held", held);
	if (!sdr_sheet_failed(sheet))
		return sheet;
	sdr_sheet_free(sheet);
	return NULL;
}
