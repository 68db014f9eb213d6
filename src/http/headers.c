/* headers.c - the collector. libcurl's own (curl_easy_nextheader) keeps no status line, does not
 * separate several 1xx answers nor show when each came, and has no limit of ours. libcurl 7.88
 * bounds headers only at 300 kB and takes a Content-Length of 10^23 without a word, so both are
 * looked at here. A folded line (RFC 9112 sec. 5.2) joins the one before with a space. */
#include "http/headers.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void trim(const char **text, size_t *length)
{
	while (*length && is_blank(**text)) {
		(*text)++;
		(*length)--;
	}
	while (*length && is_blank((*text)[*length - 1]))
		(*length)--;
}

static bool fail(struct sdr_headers *headers, enum sdr_headers_fault fault)
{
	headers->fault = fault;
	return false;
}

static bool store(struct sdr_headers *headers, const char *line, size_t length)
{
	size_t needed = headers->used + length + 1;
	if (needed > headers->size) {
		size_t size = headers->size ? headers->size : 1024;

		while (size < needed)
			size *= 2;
		char *bytes = realloc(headers->bytes, size);
		if (!bytes)
			return fail(headers, SDR_HEADERS_NO_MEMORY);
		headers->bytes = bytes;
		headers->size = size;
	}
	memcpy(headers->bytes + headers->used, line, length);
	headers->used += length;
	headers->bytes[headers->used++] = '\n';
	return true;
}

/* Reads the code of "HTTP/1.1 200 OK": three digits from 100 on (RFC 9112 sec. 4), then a blank or
 * the end; 0 if it is anything else. */
static int status_of(const char *line, size_t length)
{
	const char *space = memchr(line, ' ', length);
	size_t at = space ? (size_t)(space - line) + 1 : length;
	int status = 0;
	for (unsigned i = 0; i < 3; i++, at++) {
		if (at >= length || line[at] < '0' || line[at] > '9')
			return 0;
		status = status * 10 + (line[at] - '0');
	}
	return status >= 100 && (at == length || line[at] == ' ') ? status : 0;
}

/* Reads digits of at most 63 bits; -1 if it is anything else. */
static int64_t length_of(const char *text, size_t length)
{
	int64_t value = 0;
	if (length == 0)
		return -1;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
			__builtin_add_overflow(value, (int64_t)(text[i] - '0'), &value))
			return -1;
	}
	return value;
}

static bool header_split(const char *line, size_t length, struct sdr_header *header)
{
	const char *colon = memchr(line, ':', length);
	*header = (struct sdr_header){.name = line, .name_length = length, .value = line + length};
	if (!colon)
		return false;
	header->name_length = (size_t)(colon - line);
	header->value = colon + 1;
	header->value_length = length - header->name_length - 1;
	trim(&header->name, &header->name_length);
	trim(&header->value, &header->value_length);
	return true;
}

static bool length_check(struct sdr_headers *headers, const char *line, size_t length)
{
	static const char name[] = "Content-Length";
	struct sdr_header header;
	if (!header_split(line, length, &header) || header.name_length != sizeof(name) - 1 ||
		strncasecmp(header.name, name, sizeof(name) - 1) != 0)
		return true;
	int64_t value = length_of(header.value, header.value_length);
	if (value < 0)
		return fail(headers, SDR_HEADERS_BAD_LENGTH);
	if (headers->has_length && headers->content_length != value)
		return fail(headers, SDR_HEADERS_TWO_LENGTHS);
	headers->has_length = true;
	headers->content_length = value;
	return true;
}

/* The lines of a 1xx answer go to its own place, and the next answer gets new room. */
static void keep_early(struct sdr_headers *headers)
{
	if (headers->interim < SDR_HEADERS_EARLY_MAX) {
		headers->early[headers->interim] = (struct sdr_headers_early){
			headers->bytes, headers->used, headers->status, headers->at};
		headers->bytes = NULL;
		headers->size = 0;
	}
	headers->interim++;
}

struct sdr_headers sdr_headers_early(const struct sdr_headers *headers, unsigned index)
{
	const struct sdr_headers_early *early = &headers->early[index];
	return (struct sdr_headers){.bytes = early->bytes,
		.used = early->used,
		.status = early->status,
		.at = early->at,
		.complete = true};
}

static void answer_begin(struct sdr_headers *headers)
{
	if (headers->used && headers->status >= 100 && headers->status < 200)
		keep_early(headers);
	headers->at = headers->now;
	headers->used = 0;
	headers->status = 0;
	headers->complete = false;
	headers->has_length = false;
	headers->content_length = -1;
}

bool sdr_headers_add(struct sdr_headers *headers, const char *line, size_t length)
{
	bool opens = length >= 5 && memcmp(line, "HTTP/", 5) == 0;
	if (headers->fault)
		return false;
	headers->bytes_seen += length;
	if (headers->bytes_seen > SDR_HEADERS_BYTES_MAX)
		return fail(headers, SDR_HEADERS_TOO_LONG);
	if (++headers->lines_seen > SDR_HEADERS_LINES_MAX)
		return fail(headers, SDR_HEADERS_TOO_MANY);
	while (length && (line[length - 1] == '\n' || is_blank(line[length - 1])))
		length--;
	if (opens && (headers->complete || headers->used == 0)) {
		answer_begin(headers);
		headers->status = status_of(line, length);
		return store(headers, line, length);
	}
	if (headers->complete ||
		headers->used == 0) /* a trailer, RFC 9112 sec. 7.1.2: counted, not kept */
		return true;
	if (length == 0) {
		headers->complete = true;
		return true;
	}
	if (line[0] == ' ' || line[0] == '\t') {
		headers->bytes[headers->used - 1] = ' ';
		trim(&line, &length);
		return store(headers, line, length);
	}
	return length_check(headers, line, length) && store(headers, line, length);
}

bool sdr_headers_final(const struct sdr_headers *headers)
{
	return headers->complete && headers->status >= 200;
}

const char *sdr_headers_status_line(const struct sdr_headers *headers, size_t *length)
{
	const char *end = headers->used ? memchr(headers->bytes, '\n', headers->used) : NULL;
	*length = end ? (size_t)(end - headers->bytes) : 0;
	return end ? headers->bytes : NULL;
}

bool sdr_headers_next(
	const struct sdr_headers *headers, size_t *position, struct sdr_header *header)
{
	size_t length;
	if (*position == 0 && sdr_headers_status_line(headers, &length))
		*position = length + 1;
	if (*position >= headers->used)
		return false;
	const char *line = headers->bytes + *position;
	const char *end = memchr(line, '\n', headers->used - *position);
	if (!end)
		return false;
	header_split(line, (size_t)(end - line), header);
	*position += (size_t)(end - line) + 1;
	return true;
}

void sdr_headers_done(struct sdr_headers *headers)
{
	for (unsigned i = 0; i < SDR_HEADERS_EARLY_MAX; i++)
		free(headers->early[i].bytes);
	free(headers->bytes);
	*headers = (struct sdr_headers){0};
}
