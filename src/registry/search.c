/* search.c - the live filter over all ports: each keystroke looks at every row. The idea: one pass
 * gives each row a rank (0 is best), then a counting sort by rank keeps the order of ports within
 * each. Most rows lack some character of what was typed; a set of 64 bits per row shows that before
 * any text is compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/fuzzy.h"
#include "registry/registry.h"

#define WORDS_MAX 8
#define WORD_TEXT 48

/* What a rank stands for, best first. */
enum rank {
	EXACT,
	EXACT_ALIAS,
	NAME_START,
	ALIAS_START,
	NAME_SUBSTRING,
	ALIAS_SUBSTRING,
	SLIP, /* of a whole name or alias */
	DESCRIPTION_WORD,
	DESCRIPTION_SUBSTRING,
	CLOSE, /* letters apart, but few others between them */
	APART,
	NONE = REGISTRY_RANKS
};

struct word {
	uint64_t letters;            /* see letter_bit */
	char text[WORD_TEXT];        /* lower case */
	size_t length;               /* bytes */
	bool digits;                 /* may be the beginning of a port */
	bool range;                  /* "6000-6010" */
	struct sdr_port_range ports; /* where digits or range */
};

struct query {
	struct word words[WORDS_MAX]; /* all must match */
	unsigned count;               /* of words */
	unsigned transports;          /* bits that pass */
	bool fuzzy;                   /* slips and letters apart count */
};

/* Which bit stands for a character: each letter and digit has its own, the others share. */
static uint64_t letter_bit(char c)
{
	unsigned char low = sdr_fuzzy_lower(c);
	if (low >= 'a' && low <= 'z')
		return UINT64_C(1) << (low - 'a');
	if (low >= '0' && low <= '9')
		return UINT64_C(1) << (26 + low - '0');
	return UINT64_C(1) << (36 + low % 28);
}

static uint64_t letters_of(const char *text, size_t length)
{
	uint64_t letters = 0;
	for (size_t i = 0; i < length; i++)
		letters |= letter_bit(text[i]);
	return letters;
}

static void word_init(struct word *word, const char *text, size_t length)
{
	word->length = length < WORD_TEXT - 1 ? length : WORD_TEXT - 1;
	for (size_t i = 0; i < word->length; i++)
		word->text[i] = (char)sdr_fuzzy_lower(text[i]);
	word->text[word->length] = '\0';
	word->letters = letters_of(word->text, word->length);
	word->digits = word->length <= 5 && strspn(word->text, "0123456789") == word->length;
	word->range = !word->digits && word->text[strspn(word->text, "0123456789-")] == '\0';
	/* A number above 65535 is in no row's range. */
	struct sdr_port_range ports = {UINT16_MAX, 0};
	if ((word->digits || word->range) &&
		sdr_port_range_parse(word->text, &ports, NULL) != SDR_OK)
		ports = (struct sdr_port_range){UINT16_MAX, 0};
	word->ports = ports;
}

/* Of several words, one that names a transport is no text to look for. */
static void take_transports(struct query *query)
{
	unsigned kept = 0, named = 0;
	enum sdr_transport transport;
	if (query->count < 2)
		return;
	for (unsigned i = 0; i < query->count; i++) {
		if (sdr_transport_find(query->words[i].text, &transport))
			named |= 1U << transport;
		else
			query->words[kept++] = query->words[i];
	}
	query->count = kept;
	if (named != 0)
		query->transports &= named;
}

static void query_init(struct query *query, const struct sdr_port_query *asked)
{
	const char *text = asked->text;
	query->count = 0;
	query->transports = asked->transports;
	query->fuzzy = asked->fuzzy;
	for (text += strspn(text, " \t"); text[0] != '\0' && query->count < WORDS_MAX;
		text += strspn(text, " \t")) {
		size_t length = strcspn(text, " \t");
		word_init(&query->words[query->count++], text, length);
		text += length;
	}
	take_transports(query);
}

/* Returns where `word` begins in text[length], or -1. */
static int find(const char *text, size_t length, const struct word *word)
{
	unsigned char first = (unsigned char)word->text[0];
	for (size_t i = 0; i + word->length <= length; i++) {
		if (sdr_fuzzy_lower(text[i]) != first)
			continue;
		size_t n = 1;
		while (n < word->length &&
			sdr_fuzzy_lower(text[i + n]) == (unsigned char)word->text[n])
			n++;
		if (n == word->length)
			return (int)i;
	}
	return -1;
}

static void set_found(
	struct registry_found *found, int rank, enum sdr_port_field field, int start, size_t length)
{
	if (rank < found->rank)
		*found = (struct registry_found){
			(uint16_t)start, (uint16_t)length, (uint8_t)field, (uint8_t)rank};
}

/* Whether the digits of `number` begin those of `port`. */
static bool begins(uint32_t number, uint32_t port, size_t digits, const char *text)
{
	if (text[0] == '0')
		return port == 0 && digits == 1;
	while (port > number)
		port /= 10;
	return port == number;
}

static size_t digits_of(uint32_t port)
{
	return port < 10 ? 1 : port < 100 ? 2 : port < 1000 ? 3 : port < 10000 ? 4 : 5;
}

static void look_in_port(
	const struct registry_row *row, const struct word *word, struct registry_found *found)
{
	if (word->digits && word->ports.last >= word->ports.first &&
		begins(word->ports.first, row->first, word->length, word->text))
		set_found(found, row->first == word->ports.first ? EXACT : NAME_START,
			SDR_PORT_FIELD_PORT, 0, word->length);
	else if (word->ports.first <= row->last && word->ports.last >= row->first)
		set_found(found, EXACT_ALIAS, SDR_PORT_FIELD_PORT, 0, digits_of(row->first));
}

static void look_in_aliases(
	const struct registry_view *view, const struct word *word, struct registry_found *found)
{
	size_t length =
		view->row->aliases_length != 0 ? view->row->aliases_length : strlen(view->aliases);
	int at = find(view->aliases, length, word);
	if (at < 0)
		return;
	char after = view->aliases[(size_t)at + word->length];
	bool starts = at == 0 || view->aliases[at - 1] == ',';
	int rank = !starts                      ? ALIAS_SUBSTRING
		: after == ',' || after == '\0' ? EXACT_ALIAS
						: ALIAS_START;
	set_found(found, rank, SDR_PORT_FIELD_ALIASES, at, word->length);
}

static void look_in_description(
	const struct registry_view *view, const struct word *word, struct registry_found *found)
{
	size_t length = view->row->description_length != 0 ? view->row->description_length
							   : strlen(view->description);
	int at = find(view->description, length, word);
	if (at < 0)
		return;
	bool starts =
		at == 0 || view->description[at - 1] == ' ' || view->description[at - 1] == '(';
	set_found(found, starts ? DESCRIPTION_WORD : DESCRIPTION_SUBSTRING,
		SDR_PORT_FIELD_DESCRIPTION, at, word->length);
}

/* A slip, or letters apart, in text[length] of a field at `offset`. Two letters apart are in nearly
 * every name. */
static void look_alike(struct fuzzy_text text, const struct word *word, enum sdr_port_field field,
	size_t offset, struct registry_found *found)
{
	struct fuzzy_text wanted = {word->text, word->length};
	struct fuzzy_span span;
	if (word->length >= 4 && sdr_fuzzy_slips(text, wanted, 1) == 1)
		set_found(found, SLIP, field, (int)offset, text.length);
	else if (word->length >= 3 && sdr_fuzzy_find(text, wanted, &span))
		set_found(found, span.start == 0 || span.length <= word->length + 2 ? CLOSE : APART,
			field, (int)(offset + span.start), span.length);
}

static void look_for_likes(
	const struct registry_view *view, const struct word *word, struct registry_found *found)
{
	size_t name_length = view->row->name_length;
	look_alike(
		(struct fuzzy_text){view->name, name_length}, word, SDR_PORT_FIELD_NAME, 0, found);
	for (size_t at = 0; view->aliases[at] != '\0';) {
		size_t n = strcspn(view->aliases + at, ",");
		look_alike((struct fuzzy_text){view->aliases + at, n}, word, SDR_PORT_FIELD_ALIASES,
			at, found);
		at += n + (view->aliases[at + n] == ',');
	}
}

static int name_rank(int at, size_t name_length, size_t word_length)
{
	if (at > 0)
		return NAME_SUBSTRING;
	return name_length == word_length ? EXACT : NAME_START;
}

/* Whether a row can't have a word, by its characters alone. A slip may be one character that the
 * row lacks. */
static bool is_out(uint64_t row, const struct word *word, bool fuzzy)
{
	uint64_t missing = word->letters & ~row;
	return missing != 0 && !(fuzzy && (missing & (missing - 1)) == 0);
}

/* The best place of a word in a row. */
static struct registry_found look(
	const struct registry_view *view, const struct word *word, bool fuzzy, uint64_t letters)
{
	struct registry_found found = {.rank = NONE};
	if (word->digits || word->range)
		look_in_port(view->row, word, &found);
	if (is_out(letters, word, fuzzy))
		return found;
	int at = find(view->name, view->row->name_length, word);
	if (at >= 0)
		set_found(&found, name_rank(at, view->row->name_length, word->length),
			SDR_PORT_FIELD_NAME, at, word->length);
	if (found.rank > EXACT_ALIAS)
		look_in_aliases(view, word, &found);
	if (found.rank > ALIAS_SUBSTRING)
		look_in_description(view, word, &found);
	if (fuzzy && found.rank > SLIP)
		look_for_likes(view, word, &found);
	return found;
}

/* A row is as good as its worst word; what is shown is where the first was found. */
static struct registry_found rank_row(
	const struct registry_set *set, size_t index, uint64_t letters, const struct query *query)
{
	struct registry_found found = {.rank = EXACT, .field = SDR_PORT_FIELD_NONE};
	for (unsigned i = 0; i < query->count; i++)
		if (!query->words[i].digits && !query->words[i].range &&
			is_out(letters, &query->words[i], query->fuzzy))
			return (struct registry_found){.rank = NONE};
	struct registry_view view = sdr_registry_view(set, index);
	if ((query->transports >> view.row->transport & 1) == 0)
		found.rank = NONE;
	for (unsigned i = 0; i < query->count && found.rank < NONE; i++) {
		struct registry_found one = look(&view, &query->words[i], query->fuzzy, letters);
		if (i == 0)
			found = one;
		else if (one.rank > found.rank)
			found.rank = one.rank;
	}
	return found;
}

/* The letters of the first word within a stretch where they stand apart. */
static uint64_t marks_of(const struct registry_view *view, const struct registry_found *found,
	const struct word *word)
{
	struct fuzzy_span span;
	const char *field = found->field == SDR_PORT_FIELD_NAME ? view->name : view->aliases;
	if (found->field != SDR_PORT_FIELD_NAME && found->field != SDR_PORT_FIELD_ALIASES)
		return 0;
	struct fuzzy_text text = {field + found->start, found->length};
	return sdr_fuzzy_find(text, (struct fuzzy_text){word->text, word->length}, &span)
		? span.marks
		: 0;
}

static struct sdr_port_match match_of(const struct registry_set *set, size_t index,
	const struct registry_found *found, const struct query *query)
{
	struct sdr_port_match match = {
		(uint32_t)index, (enum sdr_port_field)found->field, found->start, found->length, 0};
	if (query->count > 0 && found->length > query->words[0].length) {
		struct registry_view view = sdr_registry_view(set, index);
		match.marks = marks_of(&view, found, &query->words[0]);
	}
	return match;
}

/* Makes room, and notes which characters are in each row; once. */
static bool prepare(struct sdr_registry *registry, const struct registry_set *set, size_t rows)
{
	if (registry->found && registry->letters)
		return true;
	free(registry->found);
	free(registry->letters);
	registry->found = calloc(rows, sizeof(*registry->found));
	registry->letters = calloc(rows, sizeof(*registry->letters));
	if (!registry->found || !registry->letters)
		return false;
	for (size_t i = 0; i < rows; i++) {
		struct registry_view view = sdr_registry_view(set, i);
		registry->letters[i] = letters_of(view.name, strlen(view.name)) |
			letters_of(view.aliases, strlen(view.aliases)) |
			letters_of(view.description, strlen(view.description));
	}
	return true;
}

size_t sdr_registry_port_search(struct sdr_registry *registry, const struct sdr_port_query *query,
	struct sdr_port_match *matches, size_t n)
{
	const struct registry_set *set = sdr_registry_ports(registry);
	size_t rows = sdr_registry_rows(set), place[REGISTRY_RANKS + 1] = {0},
	       next[REGISTRY_RANKS + 1] = {0};
	struct query words;
	registry->searchless = !prepare(registry, set, rows);
	if (registry->searchless)
		return SIZE_MAX;
	query_init(&words, query);
	for (size_t i = 0; i < rows; i++) {
		registry->found[i] = rank_row(set, i, registry->letters[i], &words);
		place[registry->found[i].rank]++;
	}
	for (int rank = 1; rank <= REGISTRY_RANKS; rank++)
		next[rank] = next[rank - 1] + place[rank - 1];
	for (size_t i = 0; i < rows; i++) {
		const struct registry_found *found = &registry->found[i];
		size_t at = next[found->rank]++;
		if (found->rank < REGISTRY_RANKS && at < n)
			matches[at] = match_of(set, i, found, &words);
	}
	return rows - place[REGISTRY_RANKS];
}
