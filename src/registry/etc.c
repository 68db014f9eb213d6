/* etc.c - the lines of /etc/services and /etc/protocols, as services(5) and protocols(5) describe
 * them. Pure over bytes: nothing is copied, spans point into the file. What is no entry is skipped,
 * as libc does. */
#include "registry/etc.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static struct etc_span trim(struct etc_span span)
{
	while (span.length > 0 && is_blank(span.at[0])) {
		span.at++;
		span.length--;
	}
	while (span.length > 0 && is_blank(span.at[span.length - 1]))
		span.length--;
	return span;
}

bool sdr_etc_word(struct etc_span *rest, struct etc_span *word)
{
	struct etc_span left = trim(*rest);
	size_t n = 0;
	while (n < left.length && !is_blank(left.at[n]))
		n++;
	*word = (struct etc_span){left.at, n};
	*rest = (struct etc_span){left.at + n, left.length - n};
	return n > 0;
}

/* "23/tcp" or "6": a decimal number and, after a slash, what it is a number of. */
static bool parse_number(struct etc_span word, struct etc_entry *entry)
{
	size_t n = 0;
	uint32_t number = 0;
	while (n < word.length && word.at[n] >= '0' && word.at[n] <= '9' && number <= 65535)
		number = number * 10 + (uint32_t)(word.at[n++] - '0');
	if (n == 0 || number > 65535)
		return false;
	entry->number = number;
	if (n == word.length)
		return true;
	/* Some files write a comma: services(5) takes both. */
	if (word.at[n] != '/' && word.at[n] != ',')
		return false;
	entry->kind = (struct etc_span){word.at + n + 1, word.length - n - 1};
	return entry->kind.length > 0;
}

static bool parse_line(struct etc_span line, struct etc_entry *entry)
{
	struct etc_span number;
	memset(entry, 0, sizeof(*entry));
	if (memchr(line.at, '\0', line.length))
		return false;
	const char *hash = memchr(line.at, '#', line.length);
	if (hash) {
		entry->comment = trim(
			(struct etc_span){hash + 1, line.length - (size_t)(hash - line.at) - 1});
		line.length = (size_t)(hash - line.at);
	}
	if (!sdr_etc_word(&line, &entry->name) || !sdr_etc_word(&line, &number) ||
		!parse_number(number, entry))
		return false;
	entry->aliases = trim(line);
	return true;
}

bool sdr_etc_next(const char *bytes, size_t length, size_t *offset, struct etc_entry *entry)
{
	while (*offset < length) {
		const char *line = bytes + *offset;
		const char *end = memchr(line, '\n', length - *offset);
		size_t n = end ? (size_t)(end - line) : length - *offset;
		*offset += n + (end != NULL);
		if (parse_line((struct etc_span){line, n}, entry))
			return true;
	}
	return false;
}
