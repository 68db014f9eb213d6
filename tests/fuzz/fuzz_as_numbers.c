/* fuzz_as_numbers.c - any text as a file of networks and AS numbers: what is refused has its line
 * in the error, and of what is taken each address near a network's edge has the AS that a plain
 * walk over the lines finds. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "path/as_numbers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES_MAX 64

#define WORD 4160 /* longer than any input */

struct line {
	struct sdr_prefix prefix;
	uint32_t number;
};

/* The words of a line up to a comment, one blank between them; how many there are. */
static int words_of(const char *line, size_t length, char words[3][WORD])
{
	int count = 0;
	for (size_t i = 0; i < length && count < 3;) {
		size_t from = i;
		while (i < length && !strchr(" \t\r\v\f", line[i]))
			i++;
		if (i > from && line[from] == '#')
			break;
		if (i > from) {
			size_t most = i - from < WORD - 1 ? i - from : WORD - 1;
			memcpy(words[count], line + from, most);
			words[count++][most] = '\0';
		}
		i++;
	}
	return count;
}

/* A line that was taken: its network and the first number. False: it has none. */
static bool plain_line(const char *text, size_t length, struct line *line)
{
	static char words[3][WORD];
	char network[2 * WORD + 2];
	int count = words_of(text, length, words);
	bool slash = count > 0 && strchr(words[0], '/');
	if (count == 0)
		return false;
	snprintf(network, sizeof(network), slash ? "%s" : "%s/%s", words[0], words[1]);
	must(count >= (slash ? 2 : 3));
	must(sdr_prefix_parse(network, &line->prefix, NULL) == SDR_OK);
	const char *number = words[slash ? 1 : 2];
	line->number =
		(uint32_t)strtoull(number + (isalpha((unsigned char)*number) ? 2 : 0), NULL, 10);
	return true;
}

static void check(const struct sdr_as_numbers *numbers, const struct line *lines, size_t count,
	struct sdr_addr addr)
{
	const struct line *best = NULL;
	struct sdr_as as;
	addr.scope_id = 0;
	struct sdr_addr asked = sdr_addr_unmap(&addr);
	for (size_t i = 0; i < count; i++)
		if (lines[i].prefix.addr.version == asked.version &&
			sdr_prefix_contains(&lines[i].prefix, &asked) &&
			(!best || lines[i].prefix.length >= best->prefix.length))
			best = &lines[i];
	must(sdr_as_numbers_find(numbers, &addr, &as) == (best != NULL));
	if (best) {
		must(as.number == best->number && as.match.length == best->prefix.length);
		must(sdr_prefix_contains(&as.match, &asked));
		must(as.name_length == 0 ||
			(!isspace((unsigned char)as.name[0]) && as.name[0] != '#'));
		must(as.name_length == 0 || !isspace((unsigned char)as.name[as.name_length - 1]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct line lines[LINES_MAX];
	struct sdr_as_numbers *numbers = NULL;
	struct sdr_error error = {0};
	size_t count = 0;
	if (memchr(data, '\0', size))
		return 0;
	char *text = malloc(size + 1);
	must(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (sdr_as_numbers_parse("F", text, &numbers, &error) != SDR_OK) {
		must(!numbers && strncmp(error.text, "F, line ", 8) == 0);
		return 0;
	}
	for (const char *at = (const char *)data, *end = at + size, *next; at < end;
		at = next + 1) {
		next = memchr(at, '\n', (size_t)(end - at));
		next = next ? next : end;
		if (count < LINES_MAX)
			count += plain_line(at, (size_t)(next - at), &lines[count]);
	}
	must(sdr_as_numbers_count(numbers) <= count || count == LINES_MAX);
	for (size_t i = 0; i < count && count < LINES_MAX; i++) {
		struct sdr_addr first = sdr_prefix_network(&lines[i].prefix);
		struct sdr_addr last = sdr_prefix_last(&lines[i].prefix);
		check(numbers, lines, count, first);
		check(numbers, lines, count, last);
		check(numbers, lines, count, sdr_addr_add(&first, -1));
		check(numbers, lines, count, sdr_addr_add(&last, 1));
	}
	sdr_as_numbers_free(numbers);
	return 0;
}
