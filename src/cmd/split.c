/* split.c - a line into words as POSIX sh splits it (XCU 2.2, 2.3): quotes, backslash, comments.
 * Nothing is expanded. */
#include "cmd/cmd.h"

#include <string.h>

/* Where the splitter is. */
struct reader {
	const char *text; /* [length] */
	size_t length;
	size_t at; /* next byte */
	char *out; /* where the next byte of a word goes */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A backslash before a line feed (or CR LF) joins two lines. Returns the bytes of it, or 0. */
static size_t join_length(const char *text, size_t length)
{
	if (length >= 2 && text[0] == '\\' && text[1] == '\n')
		return 2;
	return length >= 3 && text[0] == '\\' && text[1] == '\r' && text[2] == '\n' ? 3 : 0;
}

static void skip_blanks(struct reader *r)
{
	while (r->at < r->length) {
		size_t join = join_length(r->text + r->at, r->length - r->at);
		if (!join && !is_blank(r->text[r->at]))
			return;
		r->at += join ? join : 1;
	}
}

static enum sdr_status quoted_single(struct reader *r, struct sdr_error *error)
{
	size_t open = r->at++;
	while (r->at < r->length && r->text[r->at] != '\'')
		*r->out++ = r->text[r->at++];
	if (r->at == r->length) {
		sdr_error_set(error, open,
			"a quote ' is opened and never closed; close it, "
			"or write \\' for the character itself");
		return SDR_EINVAL;
	}
	r->at++;
	return SDR_OK;
}

static enum sdr_status quoted_double(struct reader *r, struct sdr_error *error)
{
	size_t open = r->at++;
	while (r->at < r->length && r->text[r->at] != '"') {
		size_t join = join_length(r->text + r->at, r->length - r->at);
		if (join) {
			r->at += join;
			continue;
		}
		/* Inside double quotes a backslash is special before these only (XCU 2.2.3). */
		if (r->text[r->at] == '\\' && r->at + 1 < r->length && r->text[r->at + 1] &&
			strchr("\"\\$`", r->text[r->at + 1]))
			r->at++;
		*r->out++ = r->text[r->at++];
	}
	if (r->at >= r->length) {
		sdr_error_set(error, open,
			"a quote \" is opened and never closed; close it, "
			"or write \\\" for the character itself");
		return SDR_EINVAL;
	}
	r->at++;
	return SDR_OK;
}

static enum sdr_status escaped(struct reader *r, struct sdr_error *error)
{
	size_t join = join_length(r->text + r->at, r->length - r->at);
	if (join) {
		r->at += join;
		return SDR_OK;
	}
	if (r->at + 1 == r->length) {
		sdr_error_set(error, r->at,
			"nothing follows the backslash; write \\\\ for the character itself");
		return SDR_EINVAL;
	}
	*r->out++ = r->text[r->at + 1];
	r->at += 2;
	return SDR_OK;
}

static enum sdr_status read_word(struct reader *r, struct sdr_error *error)
{
	while (r->at < r->length && !is_blank(r->text[r->at])) {
		enum sdr_status status = SDR_OK;
		switch (r->text[r->at]) {
		case '\'':
			status = quoted_single(r, error);
			break;
		case '"':
			status = quoted_double(r, error);
			break;
		case '\\':
			status = escaped(r, error);
			break;
		default:
			*r->out++ = r->text[r->at++];
		}
		if (status != SDR_OK)
			return status;
	}
	*r->out++ = '\0';
	return SDR_OK;
}

enum sdr_status sdr_split_line(struct sdr_arena *arena, const char *text, size_t length,
	struct sdr_split *split, struct sdr_error *error)
{
	const char *nul = length ? memchr(text, '\0', length) : NULL;
	if (nul) {
		sdr_error_set(
			error, (size_t)(nul - text), "a NUL byte has no place in a line of text");
		return SDR_EINVAL;
	}
	if (length > SDR_LINE_MAX) {
		sdr_error_set(error, SDR_LINE_MAX, "the line has %zu bytes; at most %d are taken",
			length, SDR_LINE_MAX);
		return SDR_ERANGE;
	}
	/* Two words have a blank between them, so a word's NUL always fits where that blank was. */
	size_t most = length / 2 + 1;
	struct reader r = {
		.text = text, .length = length, .out = sdr_arena_alloc(arena, length + 1)};
	struct sdr_split made = {.words = sdr_arena_alloc(arena, most * sizeof(char *)),
		.starts = sdr_arena_alloc(arena, most * sizeof(size_t))};
	if (!r.out || !made.words || !made.starts)
		return SDR_ENOMEM;
	for (skip_blanks(&r); r.at < length && text[r.at] != '#'; skip_blanks(&r)) {
		made.starts[made.count] = r.at;
		made.words[made.count++] = r.out;
		enum sdr_status status = read_word(&r, error);
		if (status != SDR_OK)
			return status;
	}
	*split = made;
	return SDR_OK;
}

size_t sdr_split_logical(const char *text, size_t length)
{
	size_t at = 0;
	while (at < length && (text[at] == ' ' || text[at] == '\t'))
		at++;
	bool comment = at < length && text[at] == '#'; /* a comment is never continued */
	for (; at < length && text[at] != '\n'; at++) {
		size_t join = comment ? 0 : join_length(text + at, length - at);
		if (join)
			at += join - 1;
		else if (!comment && text[at] == '\\' && at + 1 < length)
			at++;
	}
	return at;
}
