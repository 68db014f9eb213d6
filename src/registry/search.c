/* search.c - the live filter over all ports: each keystroke looks at every row.
 * The idea: one pass gives each row a rank (0 is best), then a counting sort by rank keeps the order of ports within each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/registry.h"

#define WORDS_MAX 8
#define WORD_TEXT 48

/* What a rank stands for, best first. */
enum rank {
	EXACT,
	EXACT_ALIAS,
	NAME_START,
	ALIAS_START,
	NAME_INSIDE,
	ALIAS_INSIDE,
	DESCRIPTION_WORD,
	DESCRIPTION_INSIDE,
	NONE = REGISTRY_RANKS
};

struct word {
	char text[WORD_TEXT]; /* lower case */
	size_t length;        /* bytes */
	bool digits;          /* may be the beginning of a port */
	uint32_t number;      /* its value where digits */
};

struct query {
	struct word words[WORDS_MAX]; /* all must match */
	unsigned count;               /* of words */
	unsigned transports;          /* bits that pass */
};

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static void word_init(struct word *word, const char *text, size_t length)
{
	word->length = length < WORD_TEXT - 1 ? length : WORD_TEXT - 1;
	for (size_t i = 0; i < word->length; i++)
		word->text[i] = (char)lower(text[i]);
	word->text[word->length] = '\0';
	word->digits = word->length <= 5 && strspn(word->text, "0123456789") == word->length;
	word->number = word->digits ? (uint32_t)strtoul(word->text, NULL, 10) : 0;
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

static void query_init(struct query *query, const char *text, unsigned transports)
{
	query->count = 0;
	query->transports = transports;
	for (text += strspn(text, " \t"); text[0] != '\0' && query->count < WORDS_MAX; text += strspn(text, " \t")) {
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
		if (lower(text[i]) != first)
			continue;
		size_t n = 1;
		while (n < word->length && lower(text[i + n]) == (unsigned char)word->text[n])
			n++;
		if (n == word->length)
			return (int)i;
	}
	return -1;
}

static void set_found(struct registry_found *found, int rank, enum sdr_port_field field, int start, size_t length)
{
	if (rank < found->rank)
		*found = (struct registry_found){(uint16_t)start, (uint16_t)length, (uint8_t)field, (uint8_t)rank};
}

static void look_in_port(const struct registry_row *row, const struct word *word, struct registry_found *found)
{
	char port[8];
	snprintf(port, sizeof port, "%u", row->first);
	size_t length = strlen(port);
	if (strncmp(port, word->text, word->length) == 0)
		set_found(found, length == word->length ? EXACT : NAME_START, SDR_PORT_FIELD_PORT, 0, word->length);
	else if (word->number >= row->first && word->number <= row->last)
		set_found(found, EXACT_ALIAS, SDR_PORT_FIELD_PORT, 0, length);
}

static void look_in_aliases(const struct registry_view *view, const struct word *word, struct registry_found *found)
{
	size_t length = view->row->aliases_length != 0 ? view->row->aliases_length : strlen(view->aliases);
	int at = find(view->aliases, length, word);
	if (at < 0)
		return;
	char after = view->aliases[(size_t)at + word->length];
	bool starts = at == 0 || view->aliases[at - 1] == ',';
	int rank = !starts ? ALIAS_INSIDE : after == ',' || after == '\0' ? EXACT_ALIAS : ALIAS_START;
	set_found(found, rank, SDR_PORT_FIELD_ALIASES, at, word->length);
}

static void look_in_description(const struct registry_view *view, const struct word *word, struct registry_found *found)
{
	size_t length = view->row->description_length != 0 ? view->row->description_length : strlen(view->description);
	int at = find(view->description, length, word);
	if (at < 0)
		return;
	bool starts = at == 0 || view->description[at - 1] == ' ' || view->description[at - 1] == '(';
	set_found(found, starts ? DESCRIPTION_WORD : DESCRIPTION_INSIDE, SDR_PORT_FIELD_DESCRIPTION, at, word->length);
}

/* The best place of a word in a row. */
static struct registry_found look(const struct registry_view *view, const struct word *word)
{
	struct registry_found found = {.rank = NONE};
	if (word->digits)
		look_in_port(view->row, word, &found);
	int at = find(view->name, view->row->name_length, word);
	if (at >= 0)
		set_found(&found,
			at > 0                                           ? NAME_INSIDE
				: view->row->name_length == word->length ? EXACT
									 : NAME_START,
			SDR_PORT_FIELD_NAME, at, word->length);
	if (found.rank > EXACT_ALIAS)
		look_in_aliases(view, word, &found);
	if (found.rank > ALIAS_INSIDE)
		look_in_description(view, word, &found);
	return found;
}

/* A row is as good as its worst word; what is shown is where the first was found. */
static struct registry_found judge(const struct registry_view *view, const struct query *query)
{
	struct registry_found found = {.rank = EXACT, .field = SDR_PORT_FIELD_NONE};
	if ((query->transports >> view->row->transport & 1) == 0)
		found.rank = NONE;
	for (unsigned i = 0; i < query->count && found.rank < NONE; i++) {
		struct registry_found one = look(view, &query->words[i]);
		if (i == 0)
			found = one;
		else if (one.rank > found.rank)
			found.rank = one.rank;
	}
	return found;
}

size_t sdr_registry_port_search(
	struct sdr_registry *registry, const char *text, unsigned transports, struct sdr_port_match *matches, size_t n)
{
	const struct registry_set *set = sdr_registry_ports(registry);
	size_t rows = sdr_registry_rows(set), place[REGISTRY_RANKS + 1] = {0}, next[REGISTRY_RANKS + 1] = {0};
	struct query query;
	if (registry->found == NULL)
		registry->found = calloc(rows, sizeof *registry->found);
	if (registry->found == NULL)
		return 0;
	query_init(&query, text, transports);
	for (size_t i = 0; i < rows; i++) {
		struct registry_view view = sdr_registry_view(set, i);
		registry->found[i] = judge(&view, &query);
		place[registry->found[i].rank]++;
	}
	for (int rank = 1; rank <= REGISTRY_RANKS; rank++)
		next[rank] = next[rank - 1] + place[rank - 1];
	for (size_t i = 0; i < rows; i++) {
		const struct registry_found *found = &registry->found[i];
		size_t at = next[found->rank]++;
		if (found->rank < REGISTRY_RANKS && at < n)
			matches[at] = (struct sdr_port_match){(uint32_t)i, (enum sdr_port_field)found->field, found->start, found->length};
	}
	return rows - place[REGISTRY_RANKS];
}
