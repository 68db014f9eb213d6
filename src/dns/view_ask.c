/* view_ask.c - one view, asked: what comes becomes a set that can be compared, and the first time
 * an object that can be shown. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "dns/hosts_file.h"
#include "dns/view_ask.h"
#include "dns/views_sheet.h"

enum { TYPE_A = 1, TYPE_PTR = 12, TYPE_AAAA = 28 };

#define LIBC_AGAIN 60 /* seconds: its answers have no time of their own */
#define HOSTS_AGAIN 1

static bool keep_data(struct view *view, unsigned index, const struct sdr_reply *reply)
{
	const struct sdr_record *record = NULL;
	while ((record = sdr_message_next(reply->message, &reply->chain, reply->type, record)))
		if (sdr_view_add(&view->set, index, record->type, record->data) != SDR_OK)
			return false;
	return true;
}

/* Whether there was memory. */
static bool keep_reply(struct view *view, unsigned index, const struct sdr_reply *reply)
{
	view->outcomes[index] = reply->outcome;
	switch (reply->outcome) {
	case SDR_OUTCOME_OK:
		return keep_data(view, index, reply);
	case SDR_OUTCOME_NXDOMAIN:
		view->set.of[index].kind = VIEW_NXDOMAIN;
		return true;
	case SDR_OUTCOME_NODATA:
		view->set.of[index].kind = reply->chain.unknown ? VIEW_REFERRAL : VIEW_NODATA;
		return true;
	default:
		return true;
	}
}

/* Sets aside what the view had of the types asked for: now it has nothing. */
static void set_aside(struct view *view, unsigned count)
{
	sdr_view_set_free(&view->before);
	view->before.types = view->set.types;
	for (unsigned i = 0; i < view->set.types; i++)
		view->outcomes_before[i] = view->outcomes[i];
	for (unsigned i = 0; i < count; i++) {
		unsigned type = view->asking[i];
		view->before.of[type] = view->set.of[type];
		view->set.of[type] = (struct view_data){.kind = VIEW_NONE};
	}
	view->answered = count;
}

/* The view has its answer; `good`: there was memory for it. */
static void end(struct view *view, bool good)
{
	view->busy = false;
	view->all->no_memory = view->all->no_memory || !good;
	view->all->ended(view);
}

static void on_questions(void *context, const struct sdr_questions_result *result)
{
	struct view *view = context;
	bool good = true;
	view->questions = NULL;
	set_aside(view, result->count);
	for (unsigned i = 0; i < result->count; i++) {
		const struct sdr_reply *reply = &result->replies[i];
		good = keep_reply(view, view->asking[i], reply) && good;
		view->ttls[view->asking[i]] = reply->message ? reply->chain.ttl : -1;
	}
	end(view, (view->all->shown || sdr_view_show_reply(view, result)) && good);
}

/* An answer to all types at once, without a time of its own: it is asked for again in `ttl`
 * seconds. */
static void set_all_aside(struct view *view, int64_t ttl)
{
	for (unsigned i = 0; i < view->set.types; i++) {
		view->asking[i] = i;
		view->ttls[i] = ttl;
	}
	set_aside(view, view->set.types);
}

static bool keep_address(struct view *view, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	uint16_t type = addr->version == 4 ? TYPE_A : TYPE_AAAA;
	for (unsigned i = 0; i < view->all->type_count; i++)
		if (view->all->types[i] == type &&
			sdr_view_add(&view->set, i, type, sdr_addr_format(text, addr)) != SDR_OK)
			return false;
	return true;
}

static bool keep_name(struct view *view, const char *name)
{
	char dotted[SDR_HOST_TEXT * 4 + 1];
	snprintf(dotted, sizeof(dotted), "%s.", name);
	return sdr_view_add(&view->set, 0, TYPE_PTR, dotted) == SDR_OK;
}

static void all_types(struct view *view, enum sdr_outcome outcome, enum view_kind kind)
{
	for (unsigned i = 0; i < view->all->type_count; i++) {
		view->outcomes[i] = outcome;
		if (view->set.of[i].kind == VIEW_NONE)
			view->set.of[i].kind = kind;
	}
}

/* The name is there without addresses, or it is not there, or nobody could say. */
static enum sdr_outcome libc_outcome(const struct sdr_libc_answer *answer, enum view_kind *kind)
{
	*kind = VIEW_NONE;
	switch (answer->error) {
	case 0:
		*kind = VIEW_NODATA; /* of the family that it has no address of */
		return SDR_OUTCOME_OK;
	case EAI_NONAME:
		*kind = VIEW_NXDOMAIN;
		return SDR_OUTCOME_NXDOMAIN;
	case EAI_NODATA:
	case EAI_ADDRFAMILY:
		*kind = VIEW_NODATA;
		return SDR_OUTCOME_NODATA;
	case EAI_AGAIN:
	case EAI_FAIL:
		return SDR_OUTCOME_SERVFAIL;
	default:
		return SDR_OUTCOME_LOCAL;
	}
}

void sdr_view_fail(struct view *view, enum sdr_outcome outcome, const char *why)
{
	set_all_aside(view, -1);
	all_types(view, outcome, VIEW_NONE);
	end(view, view->all->shown || sdr_view_show_failure(view, outcome, why));
}

static void on_libc(void *context, const struct sdr_libc_answer *answer)
{
	struct view *view = context;
	enum view_kind kind;
	bool good = true;
	view->libc = NULL;
	if (!answer) {
		sdr_view_fail(view, SDR_OUTCOME_LOCAL, "there is no thread to ask libc in");
		return;
	}
	set_all_aside(view, LIBC_AGAIN);
	enum sdr_outcome outcome = libc_outcome(answer, &kind);
	for (unsigned i = 0; i < answer->count; i++)
		good = keep_address(view, &answer->addrs[i]) && good;
	if (answer->error == 0 && view->all->types[0] == TYPE_PTR)
		good = keep_name(view, answer->name) && good;
	all_types(view, outcome, kind);
	end(view, (view->all->shown || sdr_view_show_libc(view, answer, outcome)) && good);
}

static bool hosts_match(const struct view *view, struct sdr_hosts_match *match)
{
	const struct sdr_hosts *hosts = sdr_names_hosts(view->all->names);
	struct sdr_addr addr;
	if (!hosts)
		return false;
	return sdr_addr_parse(view->all->spec.name, &addr, NULL) == SDR_OK
		? sdr_hosts_find_addr(hosts, &addr, match)
		: sdr_hosts_find(hosts, view->all->name, 0, match);
}

static bool keep_match(struct view *view, const struct sdr_hosts_match *match)
{
	bool good = true;
	for (unsigned i = 0; i < match->count; i++)
		good = keep_address(view, &match->addrs[i]) && good;
	if (view->all->types[0] != TYPE_PTR || !match->canonical)
		return good;
	good = keep_name(view, match->canonical) && good;
	for (unsigned i = 0; i < match->name_count; i++)
		good = keep_name(view, match->names[i]) && good;
	return good;
}

/* What is not listed is no answer: others may know more. */
static void ask_hosts(struct view *view)
{
	struct sdr_hosts_match match = {0};
	bool known = hosts_match(view, &match);
	const char *unread = sdr_names_unread_hosts(view->all->names);
	set_all_aside(view, HOSTS_AGAIN);
	bool good = !known || keep_match(view, &match);
	all_types(view,
		*unread != '\0' ? SDR_OUTCOME_LOCAL
			: known ? SDR_OUTCOME_OK
				: SDR_OUTCOME_NXDOMAIN,
		VIEW_NONE);
	end(view, (view->all->shown || sdr_view_show_hosts(view, &match, unread)) && good);
}

/* ---- asking ---- */

static unsigned take_names(const struct sdr_views *views, char names[][SDR_MESSAGE_NAME])
{
	if (views->spec.options->search)
		return sdr_resolvconf_candidates(
			sdr_names_resolvconf(views->names), views->name, names);
	memcpy(names[0], views->name, sizeof(views->name));
	return 1;
}

static enum sdr_status start_questions(struct view *view, unsigned count)
{
	struct sdr_views *views = view->all;
	char names[SDR_QUESTIONS_NAMES][SDR_MESSAGE_NAME];
	uint16_t types[SDR_VIEW_TYPES];
	for (unsigned i = 0; i < count; i++)
		types[i] = views->types[view->asking[i]];
	struct sdr_questions_spec ask = {.names = (const char(*)[SDR_MESSAGE_NAME])names,
		.name_count = take_names(views, names),
		.types = types,
		.type_count = count,
		.server = view->word.source == VIEW_SERVER ? &view->word.server : NULL,
		.budget = views->spec.timeout > 0 ? views->spec.timeout : SDR_ASK_TIMEOUT,
		.tcp = view->word.tcp,
		.manner = views->manner,
		.done = on_questions,
		.context = view};
	sdr_ask_times(views->names, &ask); /* resolv.conf's options are of its servers */
	if (view->word.source == VIEW_SYSTEM)
		ask.server = &view->word.server;
	return sdr_questions_start(sdr_names_servers(views->names), &ask, &view->questions);
}

static enum sdr_status start_libc(struct view *view)
{
	struct sdr_views *views = view->all;
	struct sdr_libc *libc = sdr_names_libc(views->names);
	bool a = false, aaaa = false, reverse = false;
	for (unsigned i = 0; i < views->type_count; i++) {
		a = a || views->types[i] == TYPE_A;
		aaaa = aaaa || views->types[i] == TYPE_AAAA;
		reverse = reverse || views->types[i] == TYPE_PTR;
	}
	const struct sdr_libc_question question = {.name = views->spec.name,
		.family = a == aaaa ? 0
			: a         ? 4
				    : 6,
		.reverse = reverse,
		.done = on_libc,
		.context = view};
	return libc ? sdr_libc_ask(libc, &question, &view->libc) : SDR_ENOMEM;
}

void sdr_view_ask(struct view *view, unsigned count)
{
	enum sdr_status status = SDR_OK;
	view->busy = true;
	view->asked = sdr_clock_now();
	if (view->word.source == VIEW_HOSTS) {
		ask_hosts(view);
		return;
	}
	if (view->word.source == VIEW_LIBC)
		status = start_libc(view);
	else if (view->word.source != VIEW_NAMED)
		status = start_questions(view, count);
	if (view->word.source == VIEW_NAMED)
		sdr_view_fail(view, SDR_OUTCOME_RESOLVE_FAILED, view->why);
	else if (status != SDR_OK)
		sdr_view_fail(view, SDR_OUTCOME_LOCAL, sdr_status_text(status));
}

void sdr_view_give_up(struct view *view)
{
	if (view->questions)
		sdr_questions_cancel(view->questions);
	if (view->libc)
		sdr_libc_cancel(view->libc);
	view->questions = NULL;
	view->libc = NULL;
}
