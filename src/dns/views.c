/* views.c - one name, asked of several. The idea: each view ends by itself into a set that can be
 * compared and an object that can be shown; when the last one has ended, all are. */
#include "sounder/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/view_ask.h"
#include "dns/views_again.h"
#include "dns/views_sheet.h"

enum { TYPE_A = 1, TYPE_PTR = 12, TYPE_AAAA = 28 };

/* ---- what is typed ---- */

/* The hosts file and libc know addresses of names, and names of addresses. */
static enum sdr_status check_types(
	const struct sdr_views *views, const char *text, struct sdr_error *error)
{
	struct sdr_addr addr;
	bool reverse = sdr_addr_parse(views->spec.name, &addr, NULL) == SDR_OK;
	for (unsigned i = 0; i < views->type_count; i++) {
		uint16_t type = views->types[i];
		char word[SDR_MESSAGE_WORD];
		if (reverse ? type == TYPE_PTR : type == TYPE_A || type == TYPE_AAAA)
			continue;
		sdr_error_set(error, 0,
			"%s knows addresses (A and AAAA) and the names of addresses (PTR), and no "
			"%s; only name servers have that",
			text, sdr_message_type_format(word, type));
		return SDR_EINVAL;
	}
	return reverse ? SDR_OK : sdr_host_check(views->spec.name, error);
}

static enum sdr_status take_word(struct sdr_views *views, const char *text, struct sdr_error *error)
{
	if (views->word_count == SDR_VIEWS_MAX) {
		sdr_error_set(error, 0, "%s: more than %d views", text, SDR_VIEWS_MAX);
		return SDR_ERANGE;
	}
	struct view_word *word = &views->words[views->word_count++];
	enum sdr_status status = sdr_view_word_parse(text, word, error);
	if (status == SDR_OK && (word->source == VIEW_HOSTS || word->source == VIEW_LIBC))
		status = check_types(views, text, error);
	word->tcp = word->tcp || views->spec.options->tcp;
	return status;
}

/* Takes in all that is typed; pure. */
static enum sdr_status take_spec(
	struct sdr_views *views, const struct sdr_views_spec *spec, struct sdr_error *error)
{
	views->spec = *spec;
	enum sdr_status status = sdr_ask_types(
		spec->name, spec->options->types, views->types, &views->type_count, error);
	if (status == SDR_OK)
		status = sdr_ask_name(spec->name, views->name, error);
	if (status == SDR_OK)
		status = sdr_ask_manner(spec->options, &views->manner, error);
	for (const char *const *word = spec->views; status == SDR_OK && *word; word++)
		status = take_word(views, *word, error);
	if (status == SDR_OK && views->word_count == 0)
		views->words[views->word_count++] =
			(struct view_word){.source = VIEW_RESOLVER, .tcp = spec->options->tcp};
	return status;
}

enum sdr_status sdr_views_check(const struct sdr_views_spec *spec, struct sdr_error *error)
{
	struct sdr_views *views = calloc(1, sizeof(*views));
	if (!views) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	enum sdr_status status = take_spec(views, spec, error);
	free(views);
	return status;
}

/* ---- the end ---- */

static void on_closed(uv_handle_t *handle)
{
	struct sdr_views *views = handle->data;
	for (unsigned i = 0; i < views->count; i++) {
		sdr_sheet_free(views->views[i].sheet);
		sdr_view_set_free(&views->views[i].set);
		sdr_view_set_free(&views->views[i].before);
	}
	free(views->views);
	free(views);
}

void sdr_views_cancel(struct sdr_views *views)
{
	for (unsigned i = 0; i < views->word_count; i++)
		if (views->named[i].call)
			sdr_names_cancel(views->names, views->named[i].call);
	for (unsigned i = 0; i < views->count; i++)
		sdr_view_give_up(&views->views[i]);
	uv_close((uv_handle_t *)&views->timer, on_closed);
}

enum sdr_exit sdr_views_exit(const struct sdr_views *views)
{
	struct view_place places[SDR_VIEWS_MAX];
	unsigned leaders[SDR_VIEWS_MAX], groups = sdr_views_places(views, places, leaders);
	for (unsigned i = 0; i < views->count; i++)
		if (views->views[i].outcomes[0] == SDR_OUTCOME_LOCAL)
			return SDR_EXIT_FAIL;
	if (groups == 0 || views->no_memory)
		return SDR_EXIT_FAIL;
	const struct view_set *first = &views->views[leaders[0]].set;
	if (groups > 1 || sdr_view_kind(first) != VIEW_DATA)
		return SDR_EXIT_NO;
	const char *const *expected = views->spec.options->expect;
	return !expected || sdr_view_is_expected(first, views->types, expected) ? SDR_EXIT_YES
										: SDR_EXIT_NO;
}

static void on_timer(uv_timer_t *timer);

static void wake(struct sdr_views *views, sdr_ns after)
{
	uv_timer_start(&views->timer, on_timer, (uint64_t)((after + SDR_MS - 1) / SDR_MS), 0);
}

/* Asks what is due again. */
static void again(struct sdr_views *views)
{
	sdr_ns now = sdr_clock_now();
	views->asking = true;
	sdr_ns next = sdr_views_again(views, now);
	views->asking = false;
	if (views->end_at > 0 && views->end_at - now < next)
		next = views->end_at > now ? views->end_at - now : 0;
	wake(views, next);
}

/* Why nothing is known: what this host could not do, else what the first one ended with. */
static void format_failure(const struct sdr_views *views, char why[static SDR_ERROR_TEXT])
{
	const struct view *worst = NULL;
	for (unsigned i = 0; i < views->count; i++)
		if (!worst ||
			(views->views[i].outcomes[0] == SDR_OUTCOME_LOCAL &&
				worst->outcomes[0] != SDR_OUTCOME_LOCAL))
			worst = &views->views[i];
	if (views->no_memory || !worst)
		snprintf(why, SDR_ERROR_TEXT, "%s", sdr_status_text(SDR_ENOMEM));
	else
		snprintf(why, SDR_ERROR_TEXT, "%.60s: %.60s: %.190s", views->name, worst->label,
			worst->why);
}

static void end_all(struct sdr_views *views)
{
	struct sdr_views_spec spec = views->spec;
	enum sdr_exit exit = sdr_views_exit(views);
	char why[SDR_ERROR_TEXT];
	if (exit == SDR_EXIT_FAIL)
		format_failure(views, why);
	spec.done(spec.context, exit, exit == SDR_EXIT_FAIL ? why : NULL);
	sdr_views_cancel(views);
}

static void round_end(struct sdr_views *views)
{
	struct sdr_views_spec spec = views->spec;
	views->shown = true;
	uv_timer_stop(&views->timer);
	struct sdr_sheet *sheet = views->no_memory ? NULL : sdr_views_show(views);
	views->no_memory = views->no_memory || !sheet; /* which the exit code shows */
	if (sheet)
		spec.emit(spec.context, sheet);
	if (spec.watch) {
		again(views);
		return;
	}
	end_all(views);
}

/* ---- who is asked ---- */

/* Adds a view. False: no memory, or no room. */
static struct view *view_add(struct sdr_views *views, const struct view_word *word)
{
	if (views->count == SDR_VIEWS_MAX)
		return NULL;
	if (views->count == views->room) {
		unsigned room = views->room == 0 ? 4 : views->room * 2;
		struct view *grown = realloc(views->views, room * sizeof(*grown));
		if (!grown) {
			views->no_memory = true;
			return NULL;
		}
		views->views = grown;
		views->room = room;
	}
	struct view *view = &views->views[views->count++];
	*view = (struct view){.all = views, .word = *word, .set.types = views->type_count};
	return view;
}

static void label(struct view *view, const char *name)
{
	char server[SDR_ENDPOINT_TEXT];
	static const char *const words[] = {
		[VIEW_RESOLVER] = "resolv.conf", [VIEW_HOSTS] = "@hosts", [VIEW_LIBC] = "@libc"};
	const struct sdr_endpoint *at = &view->word.server;
	if (view->word.source > VIEW_SYSTEM)
		snprintf(view->label, sizeof(view->label), "%s", words[view->word.source]);
	else if (view->word.source == VIEW_NAMED)
		snprintf(view->label, sizeof(view->label), "%s", name);
	else
		snprintf(view->label, sizeof(view->label), "%s%s%s%s",
			view->word.tcp ? "tcp://" : "",
			at->port == 53 ? sdr_addr_format(server, &at->addr)
				       : sdr_endpoint_format(server, at),
			name ? " " : "", name ? name : "");
}

/* The servers of resolv.conf; without any, this host's own, as libc has it. */
static void add_system(struct sdr_views *views, const struct view_word *word)
{
	unsigned count = sdr_names_server_count(views->names);
	for (unsigned i = 0; i < count || i == 0; i++) {
		struct sdr_names_server server = {
			.endpoint = {.addr = {.version = 4, .bytes = {127, 0, 0, 1}}, .port = 53}};
		if (count > 0)
			sdr_names_server(views->names, i, &server);
		struct view *view = view_add(views, word);
		if (!view)
			return;
		view->word.server = server.endpoint;
		label(view, "system");
	}
}

static void add_named(const struct named *named)
{
	struct sdr_views *views = named->all;
	const struct view_word *word = &views->words[named->word];
	for (unsigned i = 0; i < named->count; i++) {
		struct view *view = view_add(views, word);
		if (!view)
			return;
		view->word.source = VIEW_SERVER;
		view->word.server.addr = named->addrs[i];
		label(view, word->host);
	}
	struct view *view = named->count == 0 ? view_add(views, word) : NULL;
	if (!view)
		return;
	label(view, word->host);
	snprintf(view->why, sizeof(view->why), "%s", named->why);
}

static void ask_all(struct sdr_views *views);

/* Something that was waited for has come; nothing of the views may be used afterwards. */
static void one_less(struct sdr_views *views)
{
	if (--views->pending > 0)
		return;
	if (views->asked)
		round_end(views);
	else
		ask_all(views);
}

/* A view has its answer. Nothing of the views may be used afterwards. */
static void on_ended(struct view *view)
{
	struct sdr_views *views = view->all;
	if (!views->shown) {
		sdr_view_note_due(view);
		one_less(views);
		return;
	}
	sdr_view_compare(view);
	if (!views->asking)
		again(views);
}

/* All names of servers are resolved: the views are known. One more than there are is waited for, so
 * that none of them ends it all within. */
static void ask_all(struct sdr_views *views)
{
	views->asked = true;
	for (unsigned i = 0; i < views->word_count; i++) {
		const struct view_word *word = &views->words[i];
		struct view *view = NULL;
		if (word->source == VIEW_SYSTEM)
			add_system(views, word);
		else if (word->source == VIEW_NAMED)
			add_named(&views->named[i]);
		else if ((view = view_add(views, word)))
			label(view, NULL);
	}
	views->started = sdr_clock_now();
	views->pending = views->count + 1;
	for (unsigned i = 0; i < views->count; i++) {
		struct view *view = &views->views[i];
		view->since = views->started;
		for (unsigned j = 0; j < views->type_count; j++)
			view->asking[j] = j;
		sdr_view_ask(view, views->type_count);
	}
	wake(views, views->spec.timeout > 0 ? views->spec.timeout : SDR_ASK_TIMEOUT);
	one_less(views);
}

static void on_named(void *context, const struct sdr_names_answer *answer)
{
	struct named *named = context;
	named->call = NULL;
	for (unsigned i = 0; i < answer->count; i++)
		named->addrs[named->count++] = answer->addresses[i].addr;
	if (answer->count == 0)
		snprintf(named->why, sizeof(named->why), "%s", answer->why);
	one_less(named->all);
}

static void resolve(struct sdr_views *views, unsigned word)
{
	struct named *named = &views->named[word];
	struct sdr_error error = {0};
	struct sdr_names_query query = {.name = views->words[word].host,
		.search = true,
		.done = on_named,
		.context = named};
	*named = (struct named){.all = views, .word = word};
	if (views->words[word].source != VIEW_NAMED)
		return;
	if (sdr_names_addresses(views->names, &query, &named->call, &error) == SDR_OK)
		views->pending++;
	else
		snprintf(named->why, sizeof(named->why), "%s", error.text);
}

/* A late answer of libc's is not waited for: its thread may be held for half a minute. Returns
 * whether there was one, which may have been the last that was waited for. */
static bool give_up_libc(struct sdr_views *views)
{
	sdr_ns patience = views->spec.timeout > 0 ? views->spec.timeout : SDR_ASK_TIMEOUT;
	for (unsigned i = 0; i < views->count; i++) {
		struct view *view = &views->views[i];
		if (!view->libc || sdr_clock_now() - view->asked < patience)
			continue;
		sdr_view_give_up(view);
		sdr_view_fail(
			view, SDR_OUTCOME_TIMEOUT, "still waiting: getaddrinfo has not returned");
		return true;
	}
	return false;
}

static void on_timer(uv_timer_t *timer)
{
	struct sdr_views *views = timer->data;
	if (!views->begun) {
		views->begun = true;
		views->pending = 1;
		for (unsigned i = 0; i < views->word_count; i++)
			resolve(views, i);
		one_less(views);
	} else if (views->end_at > 0 && views->shown && sdr_clock_now() >= views->end_at) {
		end_all(views);
	} else if (views->shown) {
		if (!give_up_libc(views)) /* that asks again itself */
			again(views);
	} else {
		wake(views, SDR_MS); /* an answer that ends it stops the timer */
		(void)give_up_libc(views);
	}
}

enum sdr_status sdr_views_start(struct sdr_names *names, const struct sdr_views_spec *spec,
	struct sdr_views **views, struct sdr_error *error)
{
	struct sdr_views *made = calloc(1, sizeof(*made));
	if (!made) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	enum sdr_status status = take_spec(made, spec, error);
	if (status != SDR_OK) {
		free(made);
		return status;
	}
	made->names = names;
	made->ended = on_ended;
	made->end_at = spec->watch && spec->deadline > 0 ? sdr_clock_now() + spec->deadline : 0;
	uv_timer_init(sdr_servers_loop(sdr_names_servers(names)), &made->timer);
	made->timer.data = made;
	wake(made, 0);
	*views = made;
	return SDR_OK;
}
