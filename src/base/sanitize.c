/* sanitize.c - the sanitizer and what goes with it: widths and cutting.
 *
 * Text is taken in units that are written whole or not at all: a run of plain ASCII (the fast
 * path), a character, an escape. Classes of code points come from assets/unicode (Unicode 14);
 * UTF-8 is taken strictly (RFC 3629). Where a cap of cells applies, the place where the cut would
 * be is remembered while going on; only when the cap is passed does the output fall back to it and
 * get its note, so that a text that just fits is left whole. */
#include "sounder/sanitize.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "unicode_tables.h"

#define ELLIPSIS "\xe2\x80\xa6"
#define MARKS_MAX 2  /* combining marks after a base */
#define UNIT_MAX 16  /* bytes of the longest escape, \u{10ffff}, and some */
#define NOTE_SIZE 64 /* bytes of the longest cut note */

static unsigned code_class(uint32_t code)
{
	if (code > 0x10FFFF)
		return CLASS_ESCAPE;
	uint32_t i = (uint32_t)class_pages[code >> 8] * 256 + (code & 255);
	return class_bits[i / 4] >> (i % 4 * 2) & 3;
}

bool sdr_text_is_plain(uint32_t code)
{
	return code_class(code) != CLASS_ESCAPE;
}

int sdr_text_width(uint32_t code)
{
	unsigned class = code_class(code);
	return class == CLASS_WIDE ? 2 : class == CLASS_COMBINING ? 0 : 1;
}

/* By the lead byte's high bits: how many bytes follow, which of its bits count, the least value
 * that needs that many. */
static size_t lead(uint8_t byte, uint32_t *bits, uint32_t *least)
{
	if (byte >= 0xC2 && byte < 0xE0)
		return *bits = byte & 0x1F, *least = 0x80, 1;
	if (byte >= 0xE0 && byte < 0xF0)
		return *bits = byte & 0x0F, *least = 0x800, 2;
	if (byte >= 0xF0 && byte < 0xF5)
		return *bits = byte & 0x07, *least = 0x10000, 3;
	return 0;
}

size_t sdr_text_decode(const void *bytes, size_t length, uint32_t *code)
{
	const uint8_t *p = bytes;
	uint32_t value, least;
	if (p[0] < 0x80) {
		*code = p[0];
		return 1;
	}
	size_t more = lead(p[0], &value, &least);
	if (more == 0 || more >= length)
		return 0;
	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (p[i] & 0x3F);
	}
	if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*code = value;
	return more + 1;
}

size_t sdr_text_encode(char out[static 4], uint32_t code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const uint8_t heads[] = {0, 0xC0, 0xE0, 0xF0};
	for (size_t i = more; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3F));
	out[0] = (char)(heads[more] | code);
	return more + 1;
}

/* Eight at a time. */
size_t sdr_text_ascii_run(const void *bytes, size_t length)
{
	const uint8_t *p = bytes;
	const uint64_t ones = 0x0101010101010101;
	size_t i = 0;
	for (uint64_t word; length - i >= 8; i += 8) {
		memcpy(&word, p + i, 8);
		if ((word | (word - ones * 0x20) | (word + ones)) & (ones * 0x80))
			break;
	}
	while (i < length && p[i] >= 0x20 && p[i] < 0x7F)
		i++;
	return i;
}

bool sdr_text_is_utf8(const void *bytes, size_t length)
{
	const uint8_t *p = bytes;
	uint32_t code;
	for (size_t i = 0, n; i < length; i += n) {
		n = sdr_text_ascii_run(p + i, length - i);
		if (n == 0)
			n = sdr_text_decode(p + i, length - i, &code);
		if (n == 0)
			return false;
	}
	return true;
}

/* Where the output stands. */
struct place {
	size_t in;      /* bytes taken */
	size_t need;    /* bytes that the output has, whether they fit or not */
	size_t written; /* bytes in `out` */
	bool full;      /* something did not fit; nothing more is written */
};

struct cleaner {
	char *out; /* [size] */
	size_t size;
	const uint8_t *bytes; /* [length], the input */
	size_t length;
	struct sdr_text_style style; /* the caller's, or the default */
	int64_t cells;               /* so far */
	int64_t cap, soft;           /* cells at most; cells at which the cut note still fits */
	int marks;                   /* combining marks since the last base; -1: there is no base */
	struct place now, cut;       /* `cut`: where to fall back to */
};

/* A unit of the output: its bytes, and the input bytes it stands for. */
struct unit {
	char text[UNIT_MAX];
	size_t length; /* of `text` */
	size_t taken;  /* input bytes */
	int cells;
};

/* Writes what fits, leaving room for the NUL: a `whole` unit entirely or not at all. */
static void write_bytes(struct cleaner *c, const void *bytes, size_t length, bool whole)
{
	size_t room = c->size ? c->size - 1 - c->now.written : 0;
	c->now.need += length;
	if (c->now.full)
		return;
	if (length > room) {
		c->now.full = true;
		length = whole ? 0 : room;
	}
	if (length)
		memcpy(c->out + c->now.written, bytes,
			length); /* NOLINT(clang-analyzer-core.NonNullParamChecker):
				    without `out` no room */
	c->now.written += length;
}

/* Makes room for something of that many cells; false where it would pass the cap. */
static bool enter(struct cleaner *c, int64_t cells)
{
	if (cells && c->cells <= c->soft)
		c->cut = c->now;
	if (c->cells + cells > c->cap)
		return false;
	c->cells += cells;
	return true;
}

static bool put_unit(struct cleaner *c, const struct unit *unit)
{
	if (!enter(c, unit->cells))
		return false;
	write_bytes(c, unit->text, unit->length, true);
	c->now.in += unit->taken;
	return true;
}

/* Writes the plain ASCII that starts here, but not across the place of the cut. */
static bool put_run(struct cleaner *c, size_t run)
{
	int64_t edge = c->cells < c->soft ? c->soft : c->cap;
	if ((uint64_t)(edge - c->cells) < run)
		run = (size_t)(edge - c->cells);
	if (!enter(c, run ? (int64_t)run : 1))
		return false;
	c->marks = 0;
	write_bytes(c, c->bytes + c->now.in, run, false);
	c->now.in += run;
	return true;
}

static void escape_byte(struct unit *unit, uint8_t byte)
{
	unit->length = (size_t)snprintf(unit->text, sizeof(unit->text), "\\x%02x", byte);
	unit->cells = (int)unit->length;
}

static void escape_code(struct unit *unit, uint32_t code)
{
	unit->length = (size_t)snprintf(unit->text, sizeof(unit->text), "\\u{%" PRIx32 "}", code);
	unit->cells = (int)unit->length;
}

static void literal(struct unit *unit, const void *bytes, size_t length, int cells)
{
	memcpy(unit->text, bytes, length);
	unit->length = length;
	unit->cells = cells;
}

/* The first two marks after a base go through, the next becomes an ellipsis, the others nothing.
 * Without a base they are escaped. */
static bool put_mark(struct cleaner *c, struct unit *unit, uint32_t code)
{
	if (c->marks < 0) {
		escape_code(unit, code);
		c->marks = 0;
		return put_unit(c, unit);
	}
	if (c->marks < MARKS_MAX)
		literal(unit, c->bytes + c->now.in, unit->taken, 0);
	else if (c->marks == MARKS_MAX)
		literal(unit, ELLIPSIS, strlen(ELLIPSIS), 1);
	if (c->marks <= MARKS_MAX)
		c->marks++;
	return put_unit(c, unit);
}

static bool step(struct cleaner *c)
{
	const uint8_t *p = c->bytes + c->now.in;
	size_t rest = c->length - c->now.in, run = sdr_text_ascii_run(p, rest);
	if (run)
		return put_run(c, run);
	struct unit unit = {0};
	uint32_t code;
	unit.taken = sdr_text_decode(p, rest, &code);
	bool plain = unit.taken && sdr_text_is_plain(code) && !c->style.ascii;
	if (plain && sdr_text_width(code) == 0)
		return put_mark(c, &unit, code);
	c->marks = 0;
	if (plain) {
		literal(&unit, p, unit.taken, sdr_text_width(code));
	} else if (c->style.keep_breaks && (p[0] == '\n' || p[0] == '\t')) {
		literal(&unit, p, 1, p[0] == '\t');
		c->marks = -1;
	} else if (unit.taken > 1) {
		escape_code(&unit, code);
	} else {
		unit.taken = 1;
		escape_byte(&unit, p[0]);
	}
	return put_unit(c, &unit);
}

/* Writes "...(+64,003 bytes)"; returns its bytes, and its cells as far as they count. */
static size_t format_note(char out[static NOTE_SIZE], size_t hidden, bool ascii, int *cells)
{
	char digits[24], *p = out;
	int n = snprintf(digits, sizeof(digits), "%zu", hidden);
	p += snprintf(p, NOTE_SIZE, "%s(+", ascii ? "..." : ELLIPSIS);
	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			*p++ = ',';
		*p++ = digits[i];
	}
	p += snprintf(p, NOTE_SIZE - (size_t)(p - out), " byte%s)", hidden == 1 ? "" : "s");
	*cells = (int)(p - out) - (ascii ? 0 : 2);
	return (size_t)(p - out);
}

/* Goes back to the place of the cut and writes what is missing, as far as the cap allows. */
static void cut_here(struct cleaner *c)
{
	char note[NOTE_SIZE];
	int cells;
	c->now = c->cut;
	size_t length = format_note(note, c->length - c->now.in, c->style.ascii, &cells);
	if (c->soft + cells <= c->cap) {
		write_bytes(c, note, length, true);
		return;
	}
	cells = c->style.ascii ? 3 : 1;
	if (c->soft + cells <= c->cap)
		write_bytes(c, note, 3, true);
}

/* The cells at which a cut note still fits under the cap, computed for the longest note that this
 * input can need. */
static int64_t soft_cap(const struct cleaner *c)
{
	char note[NOTE_SIZE];
	int cells;
	/* No byte takes more than four cells: most texts cannot pass the cap. */
	if (c->length <= (uint64_t)c->cap / 4)
		return c->cap;
	format_note(note, c->length, c->style.ascii, &cells);
	if (cells <= c->cap)
		return c->cap - cells;
	cells = c->style.ascii ? 3 : 1;
	return cells <= c->cap ? c->cap - cells : 0;
}

size_t sdr_sanitize(char *out, size_t size, const void *bytes, size_t length,
	const struct sdr_text_style *style)
{
	struct cleaner c = {
		.out = out, .size = size, .bytes = bytes, .length = length, .marks = -1};
	if (style)
		c.style = *style;
	c.marks += c.style.before;
	c.cap = c.style.cells_max < 0    ? INT64_MAX / 2
		: c.style.cells_max == 0 ? SDR_TEXT_CELLS_MAX
					 : c.style.cells_max;
	c.soft = soft_cap(&c);
	while (c.now.in < c.length)
		if (!step(&c)) {
			cut_here(&c);
			break;
		}
	if (size)
		out[c.now.written] = '\0';
	if (c.style.after)
		*c.style.after = c.marks + 1;
	return c.now.need;
}

char *sdr_sanitize_new(const void *bytes, size_t length, const struct sdr_text_style *style)
{
	size_t need = sdr_sanitize(NULL, 0, bytes, length, style);
	char *out = malloc(need + 1);
	if (out)
		sdr_sanitize(out, need + 1, bytes, length, style);
	return out;
}

/* One character of cleaned text: its bytes and cells. A byte that should not be there counts one
 * cell, a line feed none. */
static size_t next_character(const char *p, size_t rest, int *cells)
{
	uint32_t code;
	size_t n = sdr_text_decode(p, rest, &code);
	*cells = n == 0 ? 1 : code == '\n' ? 0 : sdr_text_width(code);
	return n ? n : 1;
}

static int cells_of(const char *p, size_t length)
{
	int total = 0, cells;
	for (size_t i = 0, n; i < length; i += n, total += cells) {
		n = sdr_text_ascii_run(p + i, length - i);
		cells = (int)n;
		if (n == 0)
			n = next_character(p + i, length - i, &cells);
	}
	return total;
}

int sdr_text_cells(const char *clean)
{
	return cells_of(clean, strlen(clean));
}

/* Returns the bytes of the longest start of p[length] that takes at most `cells`, marks of the last
 * base included. */
static size_t prefix(const char *p, size_t length, int cells)
{
	size_t i = 0;
	for (int width; i < length;) {
		size_t n = next_character(p + i, length - i, &width);
		if (width > cells)
			break;
		cells -= width;
		i += n;
	}
	return i;
}

/* Returns where the longest end of p[length] starts that takes at most `cells` of the `total`;
 * never at a mark. */
static size_t suffix(const char *p, size_t length, int total, int cells)
{
	size_t i = 0;
	for (int width; i < length; total -= width) {
		size_t n = next_character(p + i, length - i, &width);
		if (width > 0 && total <= cells)
			break;
		i += n;
	}
	return i;
}

/* Appends whole characters as far as they fit; returns their cells. */
static int append(char *out, size_t size, size_t *used, const char *p, size_t length)
{
	size_t n = 0;
	for (int cells; n < length;) {
		size_t more = next_character(p + n, length - n, &cells);
		if (*used + n + more >= size)
			break;
		n += more;
	}
	if (n)
		memcpy(out + *used, p, n);
	*used += n;
	return cells_of(p, n);
}

/* Where a cut goes: head, ellipsis, tail. */
struct cutting {
	int cells;       /* at most, in all */
	bool ascii;      /* "..." instead of the one character */
	bool keeps_tail; /* the tail gets half */
};

static int cut(char *out, size_t size, const char *clean, const struct cutting *how)
{
	const char *ellipsis = how->ascii ? "..." : ELLIPSIS;
	size_t length = strlen(clean), dots = strlen(ellipsis), used = 0, from = length;
	int total = cells_of(clean, length), result = 0,
	    keep = how->cells - cells_of(ellipsis, dots);
	if (size == 0)
		return 0;
	if (total <= how->cells) {
		result = append(out, size, &used, clean, length);
	} else {
		if (keep < 0)
			dots = prefix(ellipsis, dots, how->cells < 0 ? 0 : how->cells);
		int tail = keep > 0 && how->keeps_tail ? keep / 2 : 0;
		if (tail)
			from = suffix(clean, length, total, tail);
		result += append(
			out, size, &used, clean, prefix(clean, length, keep > 0 ? keep - tail : 0));
		result += append(out, size, &used, ellipsis, dots);
		result += append(out, size, &used, clean + from, length - from);
	}
	out[used] = '\0';
	return result;
}

int sdr_text_cut_middle(char *out, size_t size, const char *clean, int cells, bool ascii)
{
	return cut(out, size, clean,
		&(struct cutting){.cells = cells, .ascii = ascii, .keeps_tail = true});
}

int sdr_text_cut_end(char *out, size_t size, const char *clean, int cells, bool ascii)
{
	return cut(out, size, clean, &(struct cutting){.cells = cells, .ascii = ascii});
}

bool sdr_text_is_secret_name(const char *name, size_t length)
{
	static const char *const parts[] = {"auth", "cookie", "token", "key", "secret", "password",
		"passwd", "credential", "session"};
	for (size_t at = 0; at < length; at++)
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (strlen(parts[i]) <= length - at &&
				strncasecmp(name + at, parts[i], strlen(parts[i])) == 0)
				return true;
	return false;
}
