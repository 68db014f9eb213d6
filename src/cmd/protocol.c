/* protocol.c - `protocol NAME|NUMBER`: Internet protocol numbers and their names. RFC 5237. */
#include <ctype.h>
#include <string.h>

#include "cmd/about.h"
#include "cmd/options.h"
#include "registry/fuzzy.h"
#include "sounder/app.h"
#include "sounder/command.h"
#include "sounder/out.h"
#include "sounder/registry.h"

/* Bytes of a question; no protocol's name or description is longer than that. */
#define WORD_MAX 256
#define NUMBER_MAX 65535 /* what a system's file may hold; IANA's go to 255 */

/* The query. */
struct question {
	const char *what;
	bool by_number, like, fuzzy;
	struct sdr_port_range range; /* by_number: of protocols' numbers */
};

/* Reads a number or a range; a name is neither. */
static enum sdr_status read_question(const struct sdr_call *call, const char *word,
	struct question *question, struct sdr_error *error)
{
	struct sdr_error inner;
	*question = (struct question){.what = word, .fuzzy = sdr_call_has(call, "fuzzy")};
	question->like = question->fuzzy || sdr_call_has(call, "like");
	if (word[0] == '\0') {
		sdr_error_set(error, 0,
			"a protocol is missing; give a number from 0 "
			"to 255, or a name such as icmp");
		return SDR_EINVAL;
	}
	question->by_number = !question->like && word[0] >= '0' && word[0] <= '9' &&
		word[strspn(word, "0123456789-")] == '\0';
	if (!question->by_number || sdr_port_range_parse(word, &question->range, &inner) == SDR_OK)
		return SDR_OK;
	sdr_error_set(error, 0,
		"protocol \"%.40s\" is out of range or no range; protocol "
		"numbers go from 0 to 255, a range is written 50-60",
		word);
	return SDR_ERANGE;
}

/* Nothing matched. Above 255 there are no protocols but those that a system's file adds. */
static enum sdr_exit set_nothing(const struct question *question, struct sdr_error *error)
{
	if (question->by_number && question->range.last > 255) {
		sdr_error_set(error, 0,
			"protocol %.20s is out of range; protocol numbers go from 0 to 255",
			question->what);
		return SDR_EXIT_FAIL;
	}
	if (question->like)
		sdr_error_set(error, 0,
			"no protocol has \"%.80s\" in its name, aliases or "
			"description; fewer letters find more",
			question->what);
	else
		sdr_error_set(error, 0,
			"protocol \"%.80s\" is neither in this system's "
			"protocols file nor assigned by IANA",
			question->what);
	return SDR_EXIT_NO;
}

static bool is_alike(const struct sdr_protocol_row *row, const struct question *question)
{
	struct fuzzy_text name = {row->name, strlen(row->name)};
	struct fuzzy_span span;
	char word[WORD_MAX];
	size_t length = 0;
	if (strcasestr(row->name, question->what) || strcasestr(row->aliases, question->what) ||
		strcasestr(row->description, question->what))
		return true;
	for (; length < sizeof(word) - 1 && question->what[length] != '\0'; length++)
		word[length] = (char)tolower((unsigned char)question->what[length]);
	struct fuzzy_text wanted = {word, length};
	return question->fuzzy && length >= 3 &&
		(sdr_fuzzy_slips(name, wanted, 1) == 1 || sdr_fuzzy_find(name, wanted, &span));
}

static bool matches(const struct sdr_protocol_row *row, const struct question *question)
{
	if (question->by_number)
		return row->number >= question->range.first && row->number <= question->range.last;
	return question->like ? is_alike(row, question)
			      : sdr_registry_protocol_is(row, question->what);
}

static void fill(struct sdr_item *root, const struct sdr_protocol_row *row, bool getent)
{
	sdr_item_integer(root, "number", "Number", row->number);
	sdr_about_text(root, "name", "Name", row->name);
	sdr_about_aliases(root, getent ? row->own_aliases : row->aliases);
	sdr_about_text(root, "description", "Description", row->description);
	sdr_item_text(root, "source", "Source", sdr_source_name(row->source));
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_registry *registry = sdr_app_registry(call->app);
	struct sdr_protocol_row row;
	struct question question;
	bool found = false, getent = sdr_call_has(call, "getent");
	if (read_question(call, word, &question, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	(void)sdr_registry_refresh(registry);
	for (size_t i = 0; sdr_registry_protocol(registry, i, &row); i++) {
		if (!matches(&row, &question))
			continue;
		found = true;
		if (getent && row.name[0] == '\0')
			continue;
		struct sdr_sheet *sheet = sdr_sheet_new();
		if (sheet)
			fill(sdr_sheet_root(sheet), &row, getent);
		if (!sdr_answers_emit(answers, sheet, error))
			return SDR_EXIT_FAIL;
	}
	if (sdr_registry_protocols_why(registry)[0] != '\0') {
		sdr_error_set(error, 0, "%s", sdr_registry_protocols_why(registry));
		return SDR_EXIT_FAIL;
	}
	return found ? SDR_EXIT_YES : set_nothing(&question, error);
}

/* As getent(1) prints a row. */
static void print_getent(struct sdr_out *out, const struct sdr_item *root)
{
	sdr_out_put(out, SDR_TONE_PLAIN, "%-21s %d", sdr_item_string(root, "name", ""),
		(int)sdr_item_find(root, "number")->value.integer);
	for (const struct sdr_item *alias = sdr_item_find(root, "aliases")->first; alias;
		alias = alias->next)
		sdr_out_put(out, SDR_TONE_PLAIN, " %s", alias->value.bytes);
	sdr_out_end(out);
}

static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	const struct sdr_item *aliases = sdr_item_find(root, "aliases");
	const char *name = sdr_item_string(root, "name", "");
	if (sdr_call_has(call, "getent")) {
		print_getent(out, root);
		return;
	}
	sdr_out_put(out, SDR_TONE_STRONG, "%-3d  %-16s",
		(int)sdr_item_find(root, "number")->value.integer, name[0] != '\0' ? name : "-");
	sdr_out_put(out, SDR_TONE_PLAIN, "  %s", sdr_item_string(root, "description", ""));
	for (const struct sdr_item *alias = aliases->first; alias; alias = alias->next)
		sdr_out_put(out, SDR_TONE_PLAIN, "%s%s", alias == aliases->first ? "  also " : ", ",
			alias->value.bytes);
	sdr_out_line(out, SDR_TONE_DIM, "  (%s)", sdr_item_string(root, "source", ""));
}

static const char *const examples[] = {
	"protocol tcp",
	"the number of TCP: 6",
	"protocol 47",
	"what protocol 47 is: GRE",
	"protocol --like multicast",
	"protocols with the text in their name, aliases or description",
	NULL,
};

const struct sdr_command cmd_protocol = {
	.name = "protocol",
	.arguments = "NAME|NUMBER|RANGE...",
	.sentence = "show the number of an Internet protocol, or its name",
	.details = "Looks in the system's protocols file first (source: system), then "
		   "in IANA's registry, which is compiled in (source: iana). A name "
		   "may be an alias, and upper case counts as lower. "
		   "All rows that match are shown; none ends in exit code "
		   "1, and a file that can't be read in 2.\n\n"
		   "\"-\" reads questions from standard input, one a line.",
	.examples = examples,
	.options = {sdr_options_search, sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.parts = SDR_PART_REGISTRY,
	.complete = SDR_COMPLETE_NONE,
	.lookup = {.each_word = true, .answer = answer, .print = print},
};
