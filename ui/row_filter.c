/* row_filter.c - reads and compares filters. A row is looked at in some ten nanoseconds, since all
 * of 65,536 are with each key. */
#include "row_filter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const states[UI_FILTER_STATES] = {[UI_FILTER_IS_DOWN] = "down",
	[UI_FILTER_IS_SLOW] = "slow",
	[UI_FILTER_IS_UP] = "up",
	[UI_FILTER_IS_NEW] = "new",
	[UI_FILTER_IS_PAUSED] = "paused",
	[UI_FILTER_IS_WRONG] = "wrong",
	[UI_FILTER_IS_FLAPPING] = "flapping",
	[UI_FILTER_IS_MARKED] = "marked"};

static const char *const figures[UI_FILTER_FIGURES] = {[UI_FILTER_LOSS] = "loss",
	[UI_FILTER_LAST] = "last",
	[UI_FILTER_P50] = "p50",
	[UI_FILTER_P95] = "p95",
	[UI_FILTER_JITTER] = "jitter",
	[UI_FILTER_SENT] = "sent"};

static const char *const facts_named[] = {
	[UI_FILTER_IS] = "is", [UI_FILTER_PROBE] = "probe", [UI_FILTER_GROUP] = "group"};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool has_upper(const char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			return true;
	return false;
}

/* Whether `in` begins with the text; where upper case does not count, the text has none. */
static bool begins(const char *in, const char *text, bool exact)
{
	while (*text && (*in == *text || (!exact && lower(*in) == *text))) {
		in++;
		text++;
	}
	return !*text;
}

static bool contains(const char *in, const char *text, bool exact)
{
	char first = exact || *text < 'a' || *text > 'z' ? *text : (char)(*text - 'a' + 'A');
	for (; *in; in++)
		if ((*in == *text || *in == first) && begins(in, text, exact))
			return true;
	return !*text;
}

static bool is_same(const char *in, const char *text, bool exact)
{
	return strlen(in) == strlen(text) && begins(in, text, exact);
}

/* ---- reading ---- */

/* A word of the text: where it is, without its "!" and, of a text, its quotes. */
struct piece {
	const char *at;
	size_t length;
	bool inverted, quoted; /* quoted: a text */
};

/* Which of some names a piece begins with, before one of `behind`; -1: none. */
static int name_of(
	const struct piece *piece, const char *const *names, unsigned count, const char *behind)
{
	for (unsigned i = 0; i < count; i++) {
		size_t length = names[i] ? strlen(names[i]) : 0;
		if (length && piece->length > length && begins(piece->at, names[i], true) &&
			strchr(behind, piece->at[length]))
			return (int)i;
	}
	return -1;
}

/* The fact that a piece begins with; -1: none. */
static int fact_of(const struct piece *piece)
{
	return name_of(piece, facts_named, sizeof(facts_named) / sizeof(*facts_named), ":=");
}

/* The bytes of its name and of the sign behind it. */
static size_t fact_length(int fact)
{
	return strlen(facts_named[fact]) + 1;
}

/* Finds the next word from *at on, which goes behind it. False: there is none. */
static bool next_piece(const char **at, struct piece *piece)
{
	const char *from = *at + strspn(*at, " ");
	if (!*from)
		return false;
	*piece = (struct piece){.inverted = *from == '!'};
	from += piece->inverted;
	piece->quoted = *from == '"';
	piece->at = from + piece->quoted;
	/* Where the quotes are, there is no end at a blank. */
	piece->length = strlen(piece->at);
	int fact = piece->quoted ? -1 : fact_of(piece);
	size_t before = fact >= 0 ? fact_length(fact) : 0;
	bool value = fact >= 0 && from[before] == '"', quotes = piece->quoted || value;
	before += value;
	piece->length = before + strcspn(piece->at + before, quotes ? "\"" : " ");
	*at = piece->at + piece->length;
	*at += quotes && **at;
	return true;
}

/* Keeps a word's text; upper case counts where it has any. */
static void keep_text(struct ui_filter_word *word, const char *text, size_t length)
{
	snprintf(word->text, sizeof(word->text), "%.*s", (int)length, text);
	word->exact = has_upper(word->text);
}

/* The states that a value is, or begins like. False: none. */
static bool read_states(struct ui_filter_word *word)
{
	char value[UI_FILTER_TEXT];
	snprintf(value, sizeof(value), "%s", word->text);
	for (char *c = value; *c; c++)
		*c = lower(*c);
	for (unsigned i = 0; i < UI_FILTER_STATES; i++)
		if (word->whole ? !strcmp(states[i], value) : begins(states[i], value, true))
			word->is |= 1u << i;
	return word->is != 0;
}

/* Reads `is:down` and the like; *holds: it is typed to its end. */
static bool read_fact(struct ui_filter_word *word, const struct piece *piece, bool *holds)
{
	int fact = fact_of(piece);
	size_t skipped = fact_length(fact);
	word->kind = (enum ui_filter_kind)fact;
	word->whole = piece->at[skipped - 1] == '=';
	skipped += skipped < piece->length && piece->at[skipped] == '"';
	keep_text(word, piece->at + skipped, piece->length - skipped);
	*holds = word->text[0];
	return !*holds || word->kind != UI_FILTER_IS || read_states(word);
}

/* Reads what a figure is compared with: a number, and a unit that its kind has. */
static bool read_number(struct ui_filter_word *word, const char *text)
{
	static const struct {
		const char *unit;
		double factor;
		bool time, percent;
	} units[] = {{"", 1, true, true}, {"%", 1, false, true}, {"ms", 1, true, false},
		{"s", 1000, true, false}, {"us", 1e-3, true, false}};
	bool loss = word->figure == UI_FILTER_LOSS, count = word->figure == UI_FILTER_SENT;
	size_t digits = strspn(text, "0123456789"), length = digits;
	if (text[length] == '.') {
		size_t behind = strspn(text + length + 1, "0123456789");
		digits += behind;
		length += 1 + behind;
	}
	if (digits == 0 || length > 32)
		return false;
	word->number = strtod(text, NULL);
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(units[i].unit, text + length) != 0)
			continue;
		word->number *= units[i].factor;
		return i == 0 || (loss && units[i].percent) || (!loss && !count && units[i].time);
	}
	return false;
}

/* Reads `p95>100` and the like; *holds: it is typed to its end. */
static bool read_figure(struct ui_filter_word *word, const struct piece *piece, bool *holds)
{
	char number[UI_FILTER_TEXT];
	word->kind = UI_FILTER_HAS_FIGURE;
	word->figure = (enum ui_filter_figure)name_of(piece, figures, UI_FILTER_FIGURES, "<>=");
	size_t at = strlen(figures[word->figure]);
	word->more = piece->at[at] == '>';
	word->less = piece->at[at] == '<';
	word->equal = piece->at[at] == '=';
	at++;
	if (!word->equal && at < piece->length && piece->at[at] == '=') {
		word->equal = true;
		at++;
	}
	snprintf(number, sizeof(number), "%.*s", (int)(piece->length - at), piece->at + at);
	*holds = number[0];
	return !*holds || read_number(word, number);
}

/* Reads a word. False: it is wrong; *holds: it is typed to its end. */
static bool read_word(struct ui_filter_word *word, const struct piece *piece, bool *holds)
{
	*word = (struct ui_filter_word){.inverted = piece->inverted};
	if (!piece->quoted && fact_of(piece) >= 0)
		return read_fact(word, piece, holds);
	if (!piece->quoted && name_of(piece, figures, UI_FILTER_FIGURES, "<>=") >= 0)
		return read_figure(word, piece, holds);
	keep_text(word, piece->at, piece->length);
	*holds = word->text[0];
	return true;
}

static void explain(
	const struct ui_filter_word *word, const struct piece *piece, struct sdr_error *error)
{
	const char *unit = word->figure == UI_FILTER_LOSS ? "percent"
		: word->figure == UI_FILTER_SENT          ? "a count"
							  : "ms, or as 1.5s";
	if (word->kind == UI_FILTER_IS)
		sdr_error_set(error, 0, "is:%s? down slow up new paused wrong flapping marked",
			word->text);
	else
		sdr_error_set(error, 0, "%.*s? a number: %s", (int)piece->length, piece->at, unit);
}

/* Takes the word after the last one in. */
static void add_word(struct ui_filter *filter, bool holds)
{
	const struct ui_filter_word *word = &filter->words[filter->count];
	if (!holds)
		return;
	filter->count++;
	filter->kinds |= 1u << word->kind;
	filter->addresses = filter->addresses ||
		(word->kind == UI_FILTER_HAS_TEXT &&
			!word->text[strspn(word->text, "0123456789abcdefABCDEF.:")]);
}

enum sdr_status ui_filter_read(struct ui_filter *filter, const char *text, struct sdr_error *error)
{
	const char *at = text;
	struct piece piece;
	enum sdr_status status = SDR_OK;
	filter->count = filter->kinds = 0;
	filter->addresses = false;
	if (snprintf(filter->text, sizeof(filter->text), "%s", text) >= (int)sizeof(filter->text)) {
		filter->text[0] = '\0';
		sdr_error_set(error, sizeof(filter->text) - 1, "a filter has at most %zu bytes",
			sizeof(filter->text) - 1);
		return SDR_ERANGE;
	}
	while (next_piece(&at, &piece)) {
		bool holds = false;
		if (filter->count == UI_FILTER_WORDS) {
			sdr_error_set(error, (size_t)(piece.at - text),
				"a filter has at most %d words", UI_FILTER_WORDS);
			return SDR_ERANGE;
		}
		struct ui_filter_word *word = &filter->words[filter->count];
		if (read_word(word, &piece, &holds)) {
			add_word(filter, holds);
		} else if (status == SDR_OK) {
			explain(word, &piece, error);
			if (error)
				error->offset = (size_t)(piece.at - text);
			status = SDR_EINVAL;
		}
	}
	return status;
}

/* ---- comparing ---- */

static bool in_texts(const struct ui_filter_word *word, const struct ui_filter_facts *facts)
{
	for (unsigned i = 0; i < UI_FILTER_TEXTS && facts->texts[i]; i++)
		if (contains(facts->texts[i], word->text, word->exact))
			return true;
	return false;
}

static bool is_value(const struct ui_filter_word *word, const char *value)
{
	if (!value)
		return false;
	return word->whole ? is_same(value, word->text, word->exact)
			   : contains(value, word->text, word->exact);
}

static bool is_compared(const struct ui_filter_word *word, double value)
{
	return !isnan(value) &&
		((word->less && value < word->number) || (word->more && value > word->number) ||
			(word->equal && !(value < word->number) && !(value > word->number)));
}

static bool word_holds(const struct ui_filter_word *word, const struct ui_filter_facts *facts)
{
	switch (word->kind) {
	case UI_FILTER_HAS_TEXT:
		return in_texts(word, facts) != word->inverted;
	case UI_FILTER_IS:
		return ((facts->is & word->is) != 0) != word->inverted;
	case UI_FILTER_PROBE:
		return is_value(word, facts->probe) != word->inverted;
	case UI_FILTER_GROUP:
		return is_value(word, facts->group) != word->inverted;
	case UI_FILTER_HAS_FIGURE:
		break;
	}
	return is_compared(word, facts->figures[word->figure]) != word->inverted;
}

bool ui_filter_holds(const struct ui_filter *filter, const struct ui_filter_facts *facts)
{
	for (unsigned i = 0; i < filter->count; i++)
		if (filter->words[i].kind != UI_FILTER_HAS_FIGURE &&
			!word_holds(&filter->words[i], facts))
			return false;
	return true;
}

bool ui_filter_figures_hold(const struct ui_filter *filter, const struct ui_filter_facts *facts)
{
	for (unsigned i = 0; i < filter->count; i++)
		if (filter->words[i].kind == UI_FILTER_HAS_FIGURE &&
			!word_holds(&filter->words[i], facts))
			return false;
	return true;
}

bool ui_filter_holds_for(
	const struct ui_filter *filter, const char *const texts[static UI_FILTER_TEXTS])
{
	struct ui_filter_facts facts = {0};
	memcpy(facts.texts, texts, sizeof(facts.texts));
	for (unsigned i = 0; i < UI_FILTER_FIGURES; i++)
		facts.figures[i] = (double)NAN;
	return ui_filter_holds(filter, &facts) && ui_filter_figures_hold(filter, &facts);
}

static bool is_same_word(const struct ui_filter_word *a, const struct ui_filter_word *b)
{
	return a->kind == b->kind && a->inverted == b->inverted && a->whole == b->whole &&
		!strcmp(a->text, b->text) && a->is == b->is && a->figure == b->figure &&
		a->less == b->less && a->more == b->more && a->equal == b->equal &&
		!(a->number < b->number) && !(a->number > b->number);
}

/* Whether a word that is not inverted was typed on. */
static bool goes_on(const struct ui_filter_word *from, const struct ui_filter_word *to)
{
	return from->kind == UI_FILTER_HAS_TEXT && to->kind == UI_FILTER_HAS_TEXT &&
		!from->inverted && !to->inverted && begins(to->text, from->text, true);
}

bool ui_filter_narrows(const struct ui_filter *from, const struct ui_filter *to)
{
	if (from->count > to->count)
		return false;
	for (unsigned i = 0; i < from->count; i++)
		if (!is_same_word(&from->words[i], &to->words[i]) &&
			(i + 1 < from->count || !goes_on(&from->words[i], &to->words[i])))
			return false;
	return true;
}
