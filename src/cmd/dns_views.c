/* dns_views.c - `dns` with several views: a table of who has what, and who differs; with --watch a
 * line for each change. */
#include "cmd/dns_views.h"

#include <stdlib.h>
#include <string.h>

#include "sounder/app.h"
#include "sounder/sanitize.h"

/* ---- as text ---- */

#define COLUMNS 5
#define CELL 512

/* A line of the table. */
struct cells {
	char text[COLUMNS][CELL];
};

static void add_word(char cell[static CELL], const char *word)
{
	size_t length = strlen(cell);
	snprintf(cell + length, CELL - length, "%s%s", length > 0 ? " " : "", word);
}

static bool is_asked(const struct sdr_item *root, const char *type)
{
	for (const struct sdr_item *asked = sdr_item_find(root, "types")->first; asked;
		asked = asked->next)
		if (strcmp(asked->value.bytes, type) == 0 || strcmp(asked->value.bytes, "ANY") == 0)
			return true;
	return false;
}

/* The group, a minus behind it for a view that has only a part, and the data in the order in which
 * it came. */
static void put_data(
	char cell[static CELL], const struct sdr_item *root, const struct sdr_item *view)
{
	const char *group = sdr_item_string(view, "group", NULL),
		   *relation = sdr_item_string(view, "relation", "");
	bool subset = strcmp(relation, "subset") == 0;
	snprintf(cell, CELL, "%s%s", group ? group : "-", subset ? "-" : group ? " " : "");
	for (const struct sdr_item *row = sdr_item_find(view, "records")->first; row;
		row = row->next)
		if (is_asked(root, sdr_item_string(row, "type", "")))
			add_word(cell, sdr_item_string(row, "data", ""));
}

static void put_answer(char cell[static CELL], const struct sdr_item *view)
{
	const char *rcode = sdr_item_string(view, "rcode", NULL),
		   *outcome = sdr_item_string(view, "outcome", "");
	cell[0] = '\0';
	add_word(cell, rcode ? rcode : outcome);
	if (rcode && strcmp(outcome, "nodata") == 0)
		add_word(cell, "nodata");
	for (const struct sdr_item *flag = sdr_item_find(view, "flags")->first; flag;
		flag = flag->next)
		if (strcmp(flag->value.bytes, "rd") != 0 && strcmp(flag->value.bytes, "ra") != 0)
			add_word(cell, flag->value.bytes);
}

static void fill(struct cells *cells, const struct sdr_item *root, const struct sdr_item *view)
{
	const struct sdr_item *ttl = sdr_item_find(view, "ttl");
	const char *server = sdr_item_string(view, "server", NULL),
		   *transport = sdr_item_string(view, "transport", "");
	bool file = strcmp(transport, "file") == 0;
	snprintf(cells->text[0], CELL, "%s",
		file && server ? server : sdr_item_string(view, "view", ""));
	put_answer(cells->text[1], view);
	put_data(cells->text[2], root, view);
	if (ttl->kind == SDR_ITEM_INTEGER)
		snprintf(cells->text[3], CELL, "%lld", (long long)ttl->value.integer);
	else
		snprintf(cells->text[3], CELL, "-");
	sdr_item_format_value(cells->text[4], CELL, sdr_item_find(view, "query_seconds"));
}

static enum sdr_tone tone_of(const struct sdr_item *view)
{
	const char *relation = sdr_item_string(view, "relation", "none");
	return strcmp(relation, "differs") == 0 ? SDR_TONE_BAD
		: strcmp(relation, "none") == 0 ? SDR_TONE_DIM
						: SDR_TONE_PLAIN;
}

static void measure(int widths[COLUMNS], const struct cells *cells)
{
	for (int i = 0; i < COLUMNS; i++) {
		int cells_wide = sdr_text_cells(cells->text[i]);
		widths[i] = cells_wide > widths[i] ? cells_wide : widths[i];
	}
}

/* Numbers stand at the right. */
static void print_cells(struct sdr_out *out, enum sdr_tone tone, const int widths[COLUMNS],
	const struct cells *cells)
{
	for (int i = 0; i < COLUMNS; i++) {
		int room = widths[i] - sdr_text_cells(cells->text[i]);
		bool right = i >= 3;
		sdr_out_put(out, tone, "%*s%s%*s", right ? room : 0, "", cells->text[i],
			right || i == COLUMNS - 1 ? 0 : room, "");
		if (i < COLUMNS - 1)
			sdr_out_put(out, tone, "  ");
	}
	sdr_out_end(out);
}

static void print_table(struct sdr_out *out, const struct sdr_item *root)
{
	static const struct cells head = {{"View", "Answer", "Data", "TTL", "Time"}};
	int widths[COLUMNS] = {0};
	struct cells cells;
	const struct sdr_item *views = sdr_item_find(root, "views");
	measure(widths, &head);
	for (const struct sdr_item *view = views->first; view; view = view->next) {
		fill(&cells, root, view);
		measure(widths, &cells);
	}
	print_cells(out, SDR_TONE_DIM, widths, &head);
	for (const struct sdr_item *view = views->first; view; view = view->next) {
		fill(&cells, root, view);
		print_cells(out, tone_of(view), widths, &cells);
	}
}

static void print_list(struct sdr_out *out, enum sdr_tone tone, const struct sdr_item *list)
{
	for (const struct sdr_item *item = list->first; item; item = item->next)
		sdr_out_put(out, tone, "%s%s", item->value.bytes, item->next ? " " : "");
}

/* What those who differ have, beside the first group. */
static void print_differences(struct sdr_out *out, const struct sdr_item *root)
{
	const struct sdr_item *first = sdr_item_find(root, "groups")->first;
	for (const struct sdr_item *group = first ? first->next : NULL; group;
		group = group->next) {
		print_list(out, SDR_TONE_BAD, sdr_item_find(group, "views"));
		sdr_out_put(out, SDR_TONE_BAD, ": ");
		print_list(out, SDR_TONE_BAD, sdr_item_find(group, "data"));
		sdr_out_put(out, SDR_TONE_BAD, ", where ");
		print_list(out, SDR_TONE_BAD, sdr_item_find(first, "views"));
		sdr_out_put(out, SDR_TONE_BAD, ": ");
		print_list(out, SDR_TONE_BAD, sdr_item_find(first, "data"));
		sdr_out_end(out);
	}
}

static void print_notes(struct sdr_out *out, const struct sdr_item *root)
{
	const struct sdr_item *expected = sdr_item_find(root, "expected");
	for (const struct sdr_item *view = sdr_item_find(root, "views")->first; view;
		view = view->next)
		if (sdr_item_string(view, "why", NULL))
			sdr_out_line(out, SDR_TONE_WARNING, "%s: %s",
				sdr_item_string(view, "view", ""),
				sdr_item_string(view, "why", ""));
	print_differences(out, root);
	if (expected->kind == SDR_ITEM_BOOLEAN && !expected->value.integer)
		sdr_out_line(out, SDR_TONE_BAD, "not what was expected");
	if (sdr_item_string(root, "not_followed", NULL))
		sdr_out_line(out, SDR_TONE_WARNING, "not followed here: %s",
			sdr_item_string(root, "not_followed", ""));
}

static void print_summary(struct sdr_out *out, const struct sdr_item *root)
{
	unsigned groups = 0;
	for (const struct sdr_item *group = sdr_item_find(root, "groups")->first; group;
		group = group->next)
		groups++;
	if (groups == 0)
		sdr_out_line(out, SDR_TONE_BAD, "no answer");
	else
		sdr_out_line(out, groups == 1 ? SDR_TONE_DIM : SDR_TONE_BAD,
			"%u %s, %lld of %lld agree", groups, groups == 1 ? "answer" : "answers",
			(long long)sdr_item_find(root, "agree")->value.integer,
			(long long)sdr_item_find(root, "answered")->value.integer);
}

/* "14:29:51  10.2.0.53  10.9.0.9 -> 10.9.0.10 10.9.0.11  held 3d04h" */
static void print_change(struct sdr_out *out, const struct sdr_item *root)
{
	char held[SDR_DURATION_TEXT];
	const char *when = sdr_item_string(root, "when", ""), *time = strchr(when, 'T');
	sdr_out_put(out, SDR_TONE_DIM, "%.8s  ", time ? time + 1 : when);
	sdr_out_put(out, SDR_TONE_PLAIN, "%s  ", sdr_item_string(root, "view", ""));
	print_list(out, SDR_TONE_PLAIN, sdr_item_find(root, "was"));
	sdr_out_put(out, SDR_TONE_PLAIN, " -> ");
	print_list(out, SDR_TONE_STRONG, sdr_item_find(root, "now"));
	sdr_out_line(out, SDR_TONE_DIM, "  held %s",
		sdr_duration_display(held, sdr_item_find(root, "held_seconds")->value.integer));
}

static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	(void)call;
	if (strcmp(sdr_item_string(root, "type", ""), "change") == 0) {
		print_change(out, root);
		return;
	}
	print_table(out, root);
	print_notes(out, root);
	print_summary(out, root);
}

/* ---- the request ---- */

/* One lookup. */
struct run {
	struct sdr_answers answers;
	struct sdr_views *views;
};

static void on_emit(void *context, struct sdr_sheet *sheet)
{
	struct run *run = context;
	struct sdr_error error = {0};
	(void)sdr_answers_emit(&run->answers, sheet, &error); /* the end has the lack of memory */
}

static void on_done(void *context, enum sdr_exit exit, const char *why)
{
	struct run *run = context;
	struct sdr_error error = {0};
	if (why)
		sdr_error_set(&error, 0, "%s", why);
	run->answers.done(run->answers.context, exit, why ? &error : NULL);
	free(run);
}

static enum sdr_status start(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct run *run = malloc(sizeof(*run));
	(void)word;
	if (!run) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	struct sdr_views_spec spec = *(const struct sdr_views_spec *)answers->state;
	run->answers = *answers;
	spec.emit = on_emit;
	spec.done = on_done;
	spec.context = run;
	enum sdr_status status =
		sdr_views_start(sdr_app_names(call->app), &spec, &run->views, error);
	if (status == SDR_OK)
		*answers->handle = run;
	else
		free(run);
	return status;
}

static void cancel(const struct sdr_call *call, void *handle)
{
	struct run *run = handle;
	(void)call;
	sdr_views_cancel(run->views);
	free(run);
}

/* What one view alone can have. */
static enum sdr_status check_options(
	const struct sdr_call *call, const struct sdr_views_spec *spec, struct sdr_error *error)
{
	static const char *const single[] = {
		"interval", "count", "until", "losses", "group", "short", "csv", NULL};
	const char *given = sdr_call_any(call, single);
	if (given) {
		sdr_error_set(error, 0, "--%s is for one name server, @ADDR; %s", given,
			spec->watch ? "--watch has its own times"
				    : "--watch asks several views again");
		return SDR_EINVAL;
	}
	if (!spec->watch && sdr_call_has(call, "deadline")) {
		sdr_error_set(error, 0,
			"--deadline ends --watch; --timeout is how long an answer is waited for");
		return SDR_EINVAL;
	}
	return SDR_OK;
}

enum sdr_status sdr_dns_views_make(const struct sdr_call *call, struct sdr_request *request,
	const struct sdr_views_spec *spec, struct sdr_error *error)
{
	struct sdr_views_spec *kept = sdr_request_alloc(request, sizeof(*kept));
	if (!kept)
		return SDR_ENOMEM;
	*kept = *spec;
	enum sdr_status status = check_options(call, kept, error);
	if (status == SDR_OK)
		status = sdr_views_check(kept, error);
	if (status != SDR_OK)
		return status;
	request->kind = SDR_REQUEST_LOOKUP;
	request->state = kept;
	request->lookup = (struct sdr_lookup){
		.start = start, .cancel = cancel, .print = print, .lasts = kept->watch};
	return SDR_OK;
}
