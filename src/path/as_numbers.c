/* as_numbers.c - the networks in a set for longest match, and for each where in the text its AS
 * stands: that is read again when it is asked for. See as_numbers.h. */
#include "path/as_numbers.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/prefix_set.h"
#include "net/space.h"
#include "net/wide.h"
#include "sounder/file.h"

#define BLANKS " \t\r\v\f"
#define NO_AS "no AS after the network; a line looks like 192.0.2.0/24 AS64500 NAME"
#define AS_FORM "one looks like AS64500 or 64500 (0 to 4294967295), several like 64500_64501"

struct sdr_as_numbers {
	char *text;                 /* owned */
	struct sdr_prefix_set *set; /* owned */
	uint32_t *at; /* [count] where in the text the AS of each network begins, in its order */
	size_t count;
};

/* A line that was understood. */
struct entry {
	struct sdr_prefix prefix;
	uint32_t at;
};

struct reading {
	const char *name; /* of the file */
	size_t line;
	char *text;
	struct entry *entries; /* [count], room for `room`; owned */
	size_t count, room;
	struct sdr_error *error;
};

static bool ends(char c)
{
	return c == '\0' || strchr(BLANKS, c);
}

/* Moves *at to where the next word begins. False where the line ends, or a comment begins. */
static bool find_word(char **at)
{
	*at += strspn(*at, BLANKS);
	return **at != '\0' && **at != '#';
}

/* Reads the number at *at, and moves it behind that. False: none, or above 2^32 - 1. */
static bool read_number(const char **at, uint32_t *number)
{
	uint64_t value = 0;
	const char *digit = *at;
	for (; isdigit((unsigned char)*digit) && value <= UINT32_MAX; digit++)
		value = value * 10 + (unsigned)(*digit - '0');
	if (digit == *at || value > UINT32_MAX)
		return false;
	*number = (uint32_t)value;
	*at = digit;
	return true;
}

/* Reads a word with one or several AS numbers. Returns its end, or NULL where it has another
 * form. */
static const char *read_as(const char *word, uint32_t *number, uint32_t *more)
{
	uint32_t other;
	if (toupper((unsigned char)word[0]) == 'A' && toupper((unsigned char)word[1]) == 'S')
		word += 2;
	if (!read_number(&word, number))
		return NULL;
	for (*more = 0; *word == '_' || *word == ','; ++*more) {
		word++;
		if (!read_number(&word, &other))
			return NULL;
	}
	return ends(*word) ? word : NULL;
}

static enum sdr_status fault(struct reading *reading, enum sdr_status status, const char *reason)
{
	sdr_error_set(reading->error, 0, "%.120s, line %zu: %.180s", reading->name, reading->line,
		reason);
	return status;
}

static bool add(struct reading *reading, const struct sdr_prefix *prefix, const char *as)
{
	if (reading->count == reading->room) {
		size_t room = reading->room ? 2 * reading->room : 1024;
		struct entry *entries = realloc(reading->entries, room * sizeof(*entries));
		if (!entries)
			return false;
		reading->entries = entries;
		reading->room = room;
	}
	reading->entries[reading->count++] = (struct entry){
		.prefix = sdr_prefix_cut(prefix), .at = (uint32_t)(as - reading->text)};
	return true;
}

/* The network that begins a line: one word, or address and length where a third word follows.
 * *line moves behind it. */
static enum sdr_status read_prefix(struct reading *reading, char **line, struct sdr_prefix *prefix)
{
	struct sdr_error error = {0};
	char *word = *line, *end = word + strcspn(word, BLANKS), *at = end;
	if (!memchr(word, '/', (size_t)(end - word)) && find_word(&at)) {
		size_t size = strcspn(at, BLANKS);
		char *third = at + size;
		if (find_word(&third)) {
			*end++ = '/';
			memmove(end, at, size);
			end += size;
			at = third;
		}
	}
	if (at == end && *at != '\0')
		at++;
	*end = '\0';
	enum sdr_status status = sdr_prefix_parse(word, prefix, &error);
	*line = at;
	return status == SDR_OK ? SDR_OK : fault(reading, status, error.text);
}

static enum sdr_status read_line(struct reading *reading, char *line)
{
	struct sdr_prefix prefix;
	char reason[SDR_ERROR_TEXT];
	uint32_t number, more;
	if (!find_word(&line))
		return SDR_OK;
	enum sdr_status status = read_prefix(reading, &line, &prefix);
	if (status != SDR_OK)
		return status;
	if (!find_word(&line))
		return fault(reading, SDR_EINVAL, NO_AS);
	if (!read_as(line, &number, &more)) {
		snprintf(reason, sizeof(reason), "\"%.*s\" is no AS number; " AS_FORM,
			(int)(strcspn(line, BLANKS) < 40 ? strcspn(line, BLANKS) : 40), line);
		return fault(reading, SDR_EINVAL, reason);
	}
	return add(reading, &prefix, line) ? SDR_OK : SDR_ENOMEM;
}

static enum sdr_status read_lines(struct reading *reading)
{
	enum sdr_status status = SDR_OK;
	for (char *line = reading->text, *next; line && status == SDR_OK; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		reading->line++;
		status = read_line(reading, line);
	}
	return status;
}

/* By network; of one network by place in the file. */
static int by_network(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = sdr_prefix_compare(&x->prefix, &y->prefix);
	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* In the set's order, of one network the last. */
static void sort(struct reading *reading)
{
	struct entry *entries = reading->entries;
	size_t kept = 0, sorted = 1;
	while (sorted < reading->count && by_network(&entries[sorted - 1], &entries[sorted]) < 0)
		sorted++;
	if (sorted < reading->count)
		qsort(entries, reading->count, sizeof(*entries), by_network);
	for (size_t i = 0; i < reading->count; i++) {
		if (kept > 0 &&
			sdr_prefix_compare(&entries[kept - 1].prefix, &entries[i].prefix) == 0)
			kept--;
		entries[kept++] = entries[i];
	}
	reading->count = kept;
}

static struct sdr_as_numbers *make(const struct reading *reading)
{
	size_t count = reading->count;
	struct sdr_as_numbers *numbers = calloc(1, sizeof(*numbers));
	struct sdr_prefix *prefixes = calloc(count ? count : 1, sizeof(*prefixes));
	uint32_t *at = calloc(count ? count : 1, sizeof(*at));
	for (size_t i = 0; prefixes && at && i < count; i++) {
		prefixes[i] = reading->entries[i].prefix;
		at[i] = reading->entries[i].at;
	}
	struct sdr_prefix_set *set =
		numbers && prefixes && at ? sdr_prefix_set_new(prefixes, count) : NULL;
	free(prefixes);
	if (!set) {
		free(at);
		free(numbers);
		return NULL;
	}
	*numbers = (struct sdr_as_numbers){reading->text, set, at, count};
	return numbers;
}

enum sdr_status sdr_as_numbers_parse(
	const char *name, char *text, struct sdr_as_numbers **numbers, struct sdr_error *error)
{
	struct reading reading = {.name = name, .text = text, .error = error};
	enum sdr_status status = read_lines(&reading);
	struct sdr_as_numbers *made = NULL;
	if (status == SDR_OK) {
		sort(&reading);
		made = make(&reading);
		if (!made)
			status = SDR_ENOMEM;
	}
	if (status == SDR_ENOMEM)
		sdr_error_set(error, 0, "%.120s: out of memory", name);
	free(reading.entries);
	if (made)
		*numbers = made;
	else
		free(text);
	return status;
}

enum sdr_status sdr_as_numbers_read(
	const char *path, struct sdr_as_numbers **numbers, struct sdr_error *error)
{
	char *text;
	size_t length;
	enum sdr_status status = sdr_file_read(path, SDR_FILE_LIST_MAX, &text, &length, error);
	if (status != SDR_OK)
		return status;
	return sdr_as_numbers_parse(path, text, numbers, error);
}

void sdr_as_numbers_free(struct sdr_as_numbers *numbers)
{
	if (!numbers)
		return;
	sdr_prefix_set_free(numbers->set);
	free(numbers->text);
	free(numbers->at);
	free(numbers);
}

size_t sdr_as_numbers_count(const struct sdr_as_numbers *numbers)
{
	return numbers->count;
}

/* The number of the network in the set's order, IPv4 first. */
static size_t find(const struct sdr_prefix_set *set, const struct sdr_addr *addr)
{
	uint32_t at = SDR_PREFIX_NONE;
	if (addr->version == 4)
		return sdr_prefix_set_find4(set, (uint32_t)sdr_wide_of(addr));
	if (addr->version == 6)
		at = sdr_prefix_set_find6(set, addr->bytes);
	return at == SDR_PREFIX_NONE ? at : sdr_prefix_set_count(set, 4) + at;
}

bool sdr_as_numbers_find(
	const struct sdr_as_numbers *numbers, const struct sdr_addr *addr, struct sdr_as *as)
{
	struct sdr_addr asked = sdr_addr_unmap(addr);
	size_t at = find(numbers->set, &asked);
	if (at == SDR_PREFIX_NONE)
		return false;
	const char *text = read_as(numbers->text + numbers->at[at], &as->number, &as->more);
	if (!text)
		return false;
	sdr_prefix_set_find(numbers->set, &asked, &as->match);
	as->name = text + strspn(text, BLANKS);
	const char *end = as->name;
	for (const char *c = as->name; *c != '\0' && !(*c == '#' && ends(c[-1])); c++)
		if (!ends(*c))
			end = c + 1;
	as->name_length = (size_t)(end - as->name);
	return true;
}
