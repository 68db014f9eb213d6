/* sheet.c - the typed tree: items in an arena, linked in the order of adding.
 *
 * When memory runs out the sheet is marked and the caller gets a spare item that belongs to no
 * tree, so builders need no check. */
#include "sounder/sheet.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct sdr_sheet {
	struct sdr_arena *arena; /* all items but root and spare, all text */
	struct sdr_item root;    /* an OBJECT */
	struct sdr_item spare;   /* handed out after a failure */
	bool failed;             /* some item is missing */
};

struct sdr_sheet *sdr_sheet_new(void)
{
	struct sdr_sheet *sheet = calloc(1, sizeof(*sheet));
	struct sdr_arena *arena = sdr_arena_new();
	if (!sheet || !arena) {
		free(sheet);
		sdr_arena_free(arena);
		return NULL;
	}
	sheet->arena = arena;
	sheet->root.sheet = sheet;
	sheet->root.kind = SDR_ITEM_OBJECT;
	return sheet;
}

void sdr_sheet_free(struct sdr_sheet *sheet)
{
	if (!sheet)
		return;
	sdr_arena_free(sheet->arena);
	free(sheet);
}

bool sdr_sheet_failed(const struct sdr_sheet *sheet)
{
	return sheet->failed;
}

struct sdr_item *sdr_sheet_root(struct sdr_sheet *sheet)
{
	return &sheet->root;
}

const struct sdr_item *sdr_sheet_view(const struct sdr_sheet *sheet)
{
	return &sheet->root;
}

static struct sdr_item *take_spare(struct sdr_sheet *sheet)
{
	sheet->failed = true;
	sheet->spare = (struct sdr_item){.sheet = sheet};
	return &sheet->spare;
}

static struct sdr_item *add(
	struct sdr_item *parent, const char *key, const char *label, enum sdr_item_kind kind)
{
	struct sdr_sheet *sheet = parent->sheet;
	struct sdr_item *item =
		parent == &sheet->spare ? NULL : sdr_arena_alloc(sheet->arena, sizeof(*item));
	if (!item)
		return take_spare(sheet);
	item->sheet = sheet;
	item->key = key;
	item->label = label;
	item->kind = kind;
	if (parent->last)
		parent->last->next = item;
	else
		parent->first = item;
	parent->last = item;
	return item;
}

struct sdr_item *sdr_item_null(struct sdr_item *parent, const char *key, const char *label)
{
	return add(parent, key, label, SDR_ITEM_NULL);
}

struct sdr_item *sdr_item_bytes(struct sdr_item *parent, const char *key, const char *label,
	const void *bytes, size_t length)
{
	char *copy = sdr_arena_text(parent->sheet->arena, bytes, length);
	if (!copy)
		return take_spare(parent->sheet);
	struct sdr_item *item = add(parent, key, label, SDR_ITEM_TEXT);
	item->value.bytes = copy;
	item->value.length = length;
	return item;
}

struct sdr_item *sdr_item_text(
	struct sdr_item *parent, const char *key, const char *label, const char *text)
{
	return text ? sdr_item_bytes(parent, key, label, text, strlen(text))
		    : sdr_item_null(parent, key, label);
}

struct sdr_item *sdr_item_format(
	struct sdr_item *parent, const char *key, const char *label, const char *text, ...)
{
	char *formatted;
	va_list args;
	va_start(args, text);
	int length = vasprintf(&formatted, text, args);
	va_end(args);
	if (length < 0)
		return take_spare(parent->sheet);
	struct sdr_item *item = sdr_item_bytes(parent, key, label, formatted, (size_t)length);
	free(formatted);
	return item;
}

struct sdr_item *sdr_item_integer(
	struct sdr_item *parent, const char *key, const char *label, int64_t value)
{
	struct sdr_item *item = add(parent, key, label, SDR_ITEM_INTEGER);
	item->value.integer = value;
	return item;
}

struct sdr_item *sdr_item_real(
	struct sdr_item *parent, const char *key, const char *label, double value)
{
	struct sdr_item *item =
		add(parent, key, label, isfinite(value) ? SDR_ITEM_REAL : SDR_ITEM_NULL);
	item->value.real = isfinite(value) ? value : 0;
	return item;
}

struct sdr_item *sdr_item_duration(
	struct sdr_item *parent, const char *key, const char *label, sdr_ns value)
{
	struct sdr_item *item =
		add(parent, key, label, value == SDR_NS_NONE ? SDR_ITEM_NULL : SDR_ITEM_DURATION);
	item->value.integer = value == SDR_NS_NONE ? 0 : value;
	return item;
}

struct sdr_item *sdr_item_boolean(
	struct sdr_item *parent, const char *key, const char *label, bool value)
{
	struct sdr_item *item = add(parent, key, label, SDR_ITEM_BOOLEAN);
	item->value.integer = value;
	return item;
}

struct sdr_item *sdr_item_object(struct sdr_item *parent, const char *key, const char *label)
{
	return add(parent, key, label, SDR_ITEM_OBJECT);
}

struct sdr_item *sdr_item_list(struct sdr_item *parent, const char *key, const char *label)
{
	return add(parent, key, label, SDR_ITEM_LIST);
}

const struct sdr_item *sdr_item_find(const struct sdr_item *parent, const char *key)
{
	for (const struct sdr_item *item = parent->first; item; item = item->next)
		if (item->key && strcmp(item->key, key) == 0)
			return item;
	return NULL;
}

const struct sdr_item *sdr_item_present(const struct sdr_item *parent, const char *key)
{
	const struct sdr_item *item = parent ? sdr_item_find(parent, key) : NULL;
	return item && item->kind != SDR_ITEM_NULL ? item : NULL;
}

const char *sdr_item_string(const struct sdr_item *parent, const char *key, const char *otherwise)
{
	const struct sdr_item *item = sdr_item_present(parent, key);
	return item && item->kind == SDR_ITEM_TEXT ? item->value.bytes : otherwise;
}

sdr_ns sdr_item_time(const struct sdr_item *parent, const char *key, sdr_ns otherwise)
{
	const struct sdr_item *item = sdr_item_present(parent, key);
	return item && item->kind == SDR_ITEM_DURATION ? item->value.integer : otherwise;
}

bool sdr_item_is_number(const struct sdr_item *item)
{
	return item->kind == SDR_ITEM_INTEGER || item->kind == SDR_ITEM_REAL ||
		item->kind == SDR_ITEM_DURATION;
}

const char *sdr_item_name(const struct sdr_item *item)
{
	return item->label ? item->label : item->key ? item->key : "";
}

static size_t format_text(char *out, size_t size, const struct sdr_item *item)
{
	size_t length = item->value.length;
	if (size) {
		size_t n = length < size ? length : size - 1;
		memcpy(out, item->value.bytes, n);
		out[n] = '\0';
	}
	return length;
}

/* Milliseconds and seconds with a blank before the unit, longer ones as sdr_duration_display has
 * them. */
static int format_duration(char *out, size_t size, sdr_ns ns)
{
	char text[SDR_DURATION_TEXT];
	sdr_ns span = ns < 0 ? -ns : ns;
	if (span >= SDR_MINUTE)
		return snprintf(out, size, "%s", sdr_duration_display(text, ns));
	if (span >= SDR_SECOND)
		return snprintf(out, size, "%.3f s", (double)ns / (double)SDR_SECOND);
	int decimals = span < 10 * SDR_MS ? 3 : span < 100 * SDR_MS ? 2 : 1;
	return snprintf(out, size, "%.*f ms", decimals, (double)ns / (double)SDR_MS);
}

size_t sdr_item_format_value(char *out, size_t size, const struct sdr_item *item)
{
	const char *gap = item->unit ? " " : "", *unit = item->unit ? item->unit : "";
	int n;
	switch (item->kind) {
	case SDR_ITEM_TEXT:
		return format_text(out, size, item);
	case SDR_ITEM_INTEGER:
		n = snprintf(out, size, "%" PRId64 "%s%s", item->value.integer, gap, unit);
		break;
	case SDR_ITEM_REAL:
		n = snprintf(out, size, "%.9g%s%s", item->value.real, gap, unit);
		break;
	case SDR_ITEM_DURATION:
		n = format_duration(out, size, item->value.integer);
		break;
	case SDR_ITEM_BOOLEAN:
		n = snprintf(out, size, "%s", item->value.integer ? "yes" : "no");
		break;
	default:
		n = snprintf(out, size, "-");
		break;
	}
	return n < 0 ? 0 : (size_t)n;
}

struct sdr_item *sdr_item_copy(struct sdr_item *parent, const struct sdr_item *from)
{
	struct sdr_item *item = from->kind == SDR_ITEM_TEXT
		? sdr_item_bytes(
			  parent, from->key, from->label, from->value.bytes, from->value.length)
		: add(parent, from->key, from->label, from->kind);
	item->unit = from->unit;
	item->show = from->show;
	item->value.integer = from->value.integer;
	item->value.real = from->value.real;
	sdr_item_copy_children(item, from);
	return item;
}

void sdr_item_copy_children(struct sdr_item *parent, const struct sdr_item *from)
{
	for (const struct sdr_item *child = from->first; child; child = child->next)
		sdr_item_copy(parent, child);
}

struct sdr_sheet *sdr_sheet_copy(const struct sdr_sheet *sheet)
{
	struct sdr_sheet *copy = sdr_sheet_new();
	if (!copy)
		return NULL;
	copy->root.show = sheet->root.show;
	sdr_item_copy_children(&copy->root, &sheet->root);
	if (!copy->failed)
		return copy;
	sdr_sheet_free(copy);
	return NULL;
}
