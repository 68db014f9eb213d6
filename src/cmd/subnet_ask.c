/* subnet_ask.c - `subnet contains` and `subnet overlap`: yes or no, and by which network. */
#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "cmd/subnet.h"

/* ---- contains ---- */

static void release_set(void *set)
{
	sdr_prefix_set_free(set);
}

static enum sdr_exit answer_contains(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_prefix asked, match;
	char text[SDR_PREFIX_TEXT];
	(void)call;
	if (sdr_subnet_one(word, &asked, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	bool found = sdr_prefix_set_holds(answers->state, &asked, &match);
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet) {
		struct sdr_item *root = sdr_sheet_root(sheet);
		bool alone = asked.length == sdr_addr_bits(&asked.addr);
		sdr_item_text(root, "address", "Address",
			alone ? sdr_addr_format(text, &asked.addr)
			      : sdr_prefix_format(text, &asked));
		sdr_item_boolean(root, "contained", "Contained", found);
		sdr_item_text(root, "prefix", "In", found ? sdr_prefix_format(text, &match) : NULL);
	}
	if (!sdr_answers_emit(answers, sheet, error))
		return SDR_EXIT_FAIL;
	return found ? SDR_EXIT_YES : SDR_EXIT_NO;
}

static void print_contains(
	struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	const struct sdr_item *prefix = sdr_item_find(root, "prefix");
	(void)call;
	sdr_out_put(out, SDR_TONE_STRONG, "%s", sdr_item_find(root, "address")->value.bytes);
	if (prefix->kind == SDR_ITEM_TEXT)
		sdr_out_put(out, SDR_TONE_PLAIN, "  in %s", prefix->value.bytes);
	else
		sdr_out_put(out, SDR_TONE_DIM, "  in none");
	sdr_out_end(out);
}

static enum sdr_status make_contains(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct sdr_space space = {0};
	struct sdr_prefix_set *set = NULL;
	enum sdr_status status = sdr_subnet_read(sdr_call_word(call, 0), &space, error);
	if (status == SDR_OK)
		status = sdr_subnet_set(&space, &set, error);
	sdr_space_done(&space);
	request->state = set;
	request->release = release_set;
	return status;
}

static const char *const contains_examples[] = {
	"subnet contains 10.0.0.0/8 10.1.2.3 11.0.0.1",
	"the first is in it, the second is not: exit code 1",
	"subnet contains nets -",
	"for each address of standard input the longest network of a file that holds it",
	NULL,
};

const struct sdr_command subnet_contains = {
	.name = "subnet contains",
	.arguments = "NET|FILE ADDRESS...",
	.sentence = "check whether addresses or networks are inside a "
		    "network, or which of several holds them",
	.details = "The first word is a network, several with commas "
		   "between, or the name of a file with one a line. "
		   "Of several that hold an address the longest is named. "
		   "Exits with 0 if all are inside, 1 if one is not. "
		   "\"-\" reads addresses from standard input.",
	.examples = contains_examples,
	.options = {sdr_options_output},
	.words_min = 2,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_FILE,
	.lookup = {.each_word = true,
		.words_first = 1,
		.answer = answer_contains,
		.print = print_contains},
	.make = make_contains,
};

/* ---- overlap ---- */

static void release_space(void *space)
{
	sdr_space_done(space);
}

static enum sdr_exit gather(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	(void)call;
	return sdr_subnet_exit(sdr_subnet_read(word, answers->state, error), error);
}

/* `first` begins no later than `second`, and they share an address. */
static enum sdr_exit emit_pair(const struct sdr_answers *answers, const struct sdr_range *first,
	const struct sdr_range *second, struct sdr_error *error)
{
	char text[SDR_RANGE_TEXT];
	bool nested = sdr_addr_compare(&second->last, &first->last) <= 0;
	struct sdr_range shared = {second->first, nested ? second->last : first->last};
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet) {
		struct sdr_item *root = sdr_sheet_root(sheet);
		sdr_item_text(root, "first", "First", sdr_subnet_format(text, first));
		sdr_item_text(root, "second", "Second", sdr_subnet_format(text, second));
		sdr_item_text(root, "relation", "Relation",
			!nested                                           ? "overlaps"
				: sdr_subnet_by_place(first, second) == 0 ? "equals"
									  : "holds");
		sdr_item_text(root, "shared", "Shared", sdr_subnet_format(text, &shared));
	}
	return sdr_answers_emit(answers, sheet, error) ? SDR_EXIT_YES : SDR_EXIT_FAIL;
}

/* In order of their first address; those that reach the present one are kept in front of it, in
 * open[0..count). */
static enum sdr_exit finish(
	const struct sdr_call *call, const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_space *space = answers->state;
	struct sdr_range *all = space->ranges,
			 *open = space->count ? calloc(space->count, sizeof(*open)) : NULL;
	size_t count = 0;
	enum sdr_exit exit = SDR_EXIT_NO;
	(void)call;
	if (!open)
		return space->count ? sdr_subnet_exit(SDR_ENOMEM, error) : SDR_EXIT_NO;
	qsort(all, space->count, sizeof(*all), sdr_subnet_by_place);
	for (size_t i = 0; exit != SDR_EXIT_FAIL && i < space->count; i++) {
		size_t kept = 0;
		for (size_t j = 0; exit != SDR_EXIT_FAIL && j < count; j++) {
			if (sdr_addr_compare(&open[j].last, &all[i].first) < 0)
				continue;
			open[kept++] = open[j];
			exit = emit_pair(answers, &open[j], &all[i], error);
		}
		count = kept;
		open[count++] = all[i];
	}
	free(open);
	return exit;
}

static void print_overlap(
	struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	const char *relation = sdr_item_find(root, "relation")->value.bytes;
	(void)call;
	sdr_out_put(out, SDR_TONE_PLAIN, "%s %s %s", sdr_item_find(root, "first")->value.bytes,
		relation, sdr_item_find(root, "second")->value.bytes);
	if (strcmp(relation, "overlaps") == 0)
		sdr_out_put(
			out, SDR_TONE_PLAIN, " in %s", sdr_item_find(root, "shared")->value.bytes);
	sdr_out_end(out);
}

static enum sdr_status make_overlap(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct sdr_space *space = sdr_request_alloc(request, sizeof(*space));
	(void)call;
	if (!space) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	request->state = space;
	request->release = release_space;
	return SDR_OK;
}

static const char *const overlap_examples[] = {
	"subnet overlap 10.0.0.0/8 10.1.0.0/16 192.0.2.0/24",
	"10.0.0.0/8 holds 10.1.0.0/16",
	NULL,
};

const struct sdr_command subnet_overlap = {
	.name = "subnet overlap",
	.arguments = "NET|FILE...",
	.sentence = "list pairs of networks that share addresses",
	.details = "One holds the other, equals it, or (ranges only) overlaps a part of it. "
		   "Exits with 0 if there is such a pair, 1 if there is none. "
		   "Files and standard input as for cover.",
	.examples = overlap_examples,
	.options = {sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_FILE,
	.lookup = {.each_word = true, .answer = gather, .finish = finish, .print = print_overlap},
	.make = make_overlap,
};
