/* sheet.h - a typed tree: what a lookup answers and what a probe may attach as its detail.
 *
 * One tree is printed as text, written as JSON and drawn by a panel; nothing formats a lookup by
 * hand. Keys are snake_case and are the JSON keys; a duration's key ends in _seconds. A builder
 * call that runs out of memory marks the sheet; ask once, at the end, with sdr_sheet_failed. */
#ifndef SOUNDER_SHEET_H
#define SOUNDER_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/clock.h"
#include "sounder/status.h"

struct sdr_sheet;

enum sdr_item_kind {
	SDR_ITEM_NULL, /* absent: JSON null, "-" in text */
	SDR_ITEM_TEXT, /* bytes from anywhere; each sink sanitises */
	SDR_ITEM_INTEGER,
	SDR_ITEM_REAL,
	SDR_ITEM_DURATION, /* nanoseconds; JSON seconds */
	SDR_ITEM_BOOLEAN,
	SDR_ITEM_OBJECT, /* children with keys */
	SDR_ITEM_LIST,   /* children without keys: scalars or objects */
};

/* How text and panels show an item; JSON always has it. */
enum sdr_show {
	SDR_SHOW_FIELD,    /* label, value, unit on a line; a list of scalars a line each, the label
			      once */
	SDR_SHOW_HEADLINE, /* the value alone, first and emphasised (an HTTP status line) */
	SDR_SHOW_TABLE,    /* LIST of OBJECTs: a column per key, headed by the labels */
	SDR_SHOW_PAIRS,    /* LIST of OBJECTs with two texts: "name: value" */
	SDR_SHOW_SECTION,  /* OBJECT or LIST under a title of its own */
	SDR_SHOW_HIDDEN,   /* JSON only */
};

struct sdr_item {
	struct sdr_sheet *sheet; /* whose arena holds it */
	struct sdr_item *next;   /* sibling, in order of adding */
	struct sdr_item *first;  /* OBJECT, LIST: children */
	struct sdr_item *last;
	const char *key;   /* static string; NULL in a list */
	const char *label; /* static string for display; NULL: the key */
	const char *unit;  /* static string, or NULL */
	enum sdr_item_kind kind;
	enum sdr_show show;
	struct {                 /* by kind */
		int64_t integer; /* INTEGER, DURATION (nanoseconds), BOOLEAN */
		double real;
		const char *bytes; /* TEXT: owned by the sheet, NUL-terminated after `length` bytes
				      (which may hold NULs) */
		size_t length;
	} value;
};

/* Returns an empty sheet, or NULL when out of memory. */
struct sdr_sheet *sdr_sheet_new(void);

/* Frees it with all items and their text. NULL is allowed. */
void sdr_sheet_free(struct sdr_sheet *sheet);

/* Whether a builder ran out of memory: something is missing. */
bool sdr_sheet_failed(const struct sdr_sheet *sheet);

/* Return the root, an OBJECT: to build on, or to read. */
struct sdr_item *sdr_sheet_root(struct sdr_sheet *sheet);
const struct sdr_item *sdr_sheet_view(const struct sdr_sheet *sheet);

/* Builders: add a child to `parent` (an OBJECT, or a LIST: then `key` is NULL) and return it, never
 * NULL (a spare one after a failure), so that `->show` and `->unit` can be set. Text and bytes are
 * copied; keys, labels and units must be static. A text that is NULL, a duration SDR_NS_NONE and a
 * real that is not finite become a null item. */
struct sdr_item *sdr_item_null(struct sdr_item *parent, const char *key, const char *label);
struct sdr_item *sdr_item_text(
	struct sdr_item *parent, const char *key, const char *label, const char *text);
struct sdr_item *sdr_item_bytes(struct sdr_item *parent, const char *key, const char *label,
	const void *bytes, size_t length);
struct sdr_item *sdr_item_format(struct sdr_item *parent, const char *key, const char *label,
	const char *text, ...) SDR_PRINTF(4, 5);
struct sdr_item *sdr_item_integer(
	struct sdr_item *parent, const char *key, const char *label, int64_t value);
struct sdr_item *sdr_item_real(
	struct sdr_item *parent, const char *key, const char *label, double value);
struct sdr_item *sdr_item_duration(
	struct sdr_item *parent, const char *key, const char *label, sdr_ns value);
struct sdr_item *sdr_item_boolean(
	struct sdr_item *parent, const char *key, const char *label, bool value);
struct sdr_item *sdr_item_object(struct sdr_item *parent, const char *key, const char *label);
struct sdr_item *sdr_item_list(struct sdr_item *parent, const char *key, const char *label);

/* Returns the first child of `parent` with that key, or NULL; not its children's. */
const struct sdr_item *sdr_item_find(const struct sdr_item *parent, const char *key);

/* Likewise, but NULL for a null item, and `parent` may be NULL. */
const struct sdr_item *sdr_item_present(const struct sdr_item *parent, const char *key);

/* Returns the text of that child; `otherwise` where there is none, or it is no text. */
const char *sdr_item_string(const struct sdr_item *parent, const char *key, const char *otherwise);

/* Returns the duration of that child; `otherwise` where there is none, or it is none. */
sdr_ns sdr_item_time(const struct sdr_item *parent, const char *key, sdr_ns otherwise);

/* Whether it is an INTEGER, a REAL or a DURATION. */
bool sdr_item_is_number(const struct sdr_item *item);

/* Returns the label, or the key, or "". */
const char *sdr_item_name(const struct sdr_item *item);

/* Writes a scalar with its unit for display ("12.4 ms", "yes", "-"), unsanitised, into out[size];
 * "-" for an OBJECT or a LIST. Returns what snprintf would. */
size_t sdr_item_format_value(char *out, size_t size, const struct sdr_item *item);

/* Add a deep copy of an item, or of its children, of another sheet. */
struct sdr_item *sdr_item_copy(struct sdr_item *parent, const struct sdr_item *item);
void sdr_item_copy_children(struct sdr_item *parent, const struct sdr_item *from);

/* Returns a deep copy, or NULL when out of memory. */
struct sdr_sheet *sdr_sheet_copy(const struct sdr_sheet *sheet);

#endif
