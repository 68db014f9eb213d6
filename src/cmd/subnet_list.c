/* subnet_list.c - networks in words and files, and networks as answers. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/subnet.h"
#include "sounder/file.h"

const char *sdr_subnet_format(char out[static SDR_RANGE_TEXT], const struct sdr_range *range)
{
	char first[SDR_ADDR_TEXT], last[SDR_ADDR_TEXT], text[SDR_PREFIX_TEXT];
	struct sdr_prefix prefix;
	if (sdr_range_prefix(range, &prefix))
		snprintf(out, SDR_RANGE_TEXT, "%s", sdr_prefix_format(text, &prefix));
	else
		snprintf(out, SDR_RANGE_TEXT, "%s-%s", sdr_addr_format(first, &range->first),
			sdr_addr_format(last, &range->last));
	return out;
}

/* ---- reading ---- */

static enum sdr_status no_memory(struct sdr_error *error)
{
	sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	return SDR_ENOMEM;
}

/* Reads what stands between commas; what follows a # is a comment. */
static enum sdr_status read_items(
	const char *text, struct sdr_space *space, struct sdr_error *error)
{
	char item[SDR_RANGE_TEXT + 64];
	size_t end = strcspn(text, "#\r\n");
	for (size_t at = 0; at < end;) {
		struct sdr_range range;
		size_t length = strcspn(text + at, ",");
		length = length < end - at ? length : end - at;
		if (length >= sizeof(item)) {
			sdr_error_set(error, at,
				"\"%.60s...\" is too long for a network or a range", text + at);
			return SDR_EINVAL;
		}
		memcpy(item, text + at, length);
		item[length] = '\0';
		at += length + 1;
		if (item[strspn(item, " \t")] == '\0')
			continue;
		enum sdr_status status = sdr_range_parse(item, &range, error);
		if (status != SDR_OK)
			return status;
		if (sdr_space_add(space, &range) != SDR_OK)
			return no_memory(error);
	}
	return SDR_OK;
}

static enum sdr_status read_file(const char *name, struct sdr_space *space, struct sdr_error *error)
{
	struct sdr_error why = {0};
	char *text = NULL;
	size_t length = 0;
	unsigned long number = 0;
	enum sdr_status status = sdr_file_read(name, SDR_FILE_LIST_MAX, &text, &length, error);
	if (status != SDR_OK)
		return status;
	for (char *rest = text, *line; status == SDR_OK && (line = strsep(&rest, "\n"));) {
		number++;
		status = read_items(line, space, &why);
	}
	if (status != SDR_OK)
		sdr_error_set(error, 0, "%.80s:%lu: %.220s", name, number, why.text);
	free(text);
	return status;
}

/* Without such a file, only text that could not be an address is read as a file name. */
static enum sdr_status neither(
	const char *word, const struct sdr_error *why, struct sdr_error *error)
{
	int number = errno;
	if (word[strspn(word, "0123456789abcdefABCDEF.:/-, ")] == '\0')
		*error = *why;
	else if (strcmp(word, "@") == 0)
		sdr_error_set(error, 0,
			"@ without a file's name; a list is named without "
			"'@' here, and - is standard input");
	else
		sdr_error_set(error, 0,
			"\"%.80s\" is no network (such as 192.0.2.0/24, "
			"2001:db8::/32 or 192.0.2.1-192.0.2.9), and as a file: %s",
			word, strerror(number));
	return SDR_EINVAL;
}

enum sdr_status sdr_subnet_read(const char *word, struct sdr_space *space, struct sdr_error *error)
{
	struct sdr_error why = {0};
	struct stat is;
	size_t before = space->count;
	enum sdr_status status = read_items(word, space, &why);
	if (status == SDR_OK && space->count > before)
		return SDR_OK;
	space->count = before;
	if (status == SDR_ESYSTEM) { /* an address whose zone could not be looked at is no file */
		sdr_error_set(error, 0, "%s", why.text);
		return status;
	}
	if (status == SDR_OK)
		sdr_error_set(&why, 0,
			"\"%.40s\" names no network; one looks like 192.0.2.0/24 or 2001:db8::/32",
			word);
	bool substitution = strncmp(word, "/dev/fd/", 8) == 0; /* the reader has the reason */
	if (word[0] == '\0' || (stat(word, &is) != 0 && !substitution))
		return neither(word, &why, error);
	return read_file(word, space, error);
}

enum sdr_status sdr_subnet_one(const char *word, struct sdr_prefix *prefix, struct sdr_error *error)
{
	struct sdr_range range;
	enum sdr_status status;
	if (!strchr(word, '/') && !strchr(word, '-') && !strpbrk(word, ".:")) {
		sdr_error_set(error, 0,
			"\"%.80s\" is no network; one looks like 192.0.2.0/24 or 2001:db8::/32",
			word);
		return SDR_EINVAL;
	}
	status = sdr_range_parse(word, &range, error);
	if (status != SDR_OK)
		return status;
	if (strchr(word, '-') && !sdr_range_prefix(&range, prefix)) {
		sdr_error_set(error, 0,
			"%.90s is a range that is no single network; \"subnet "
			"cover %.90s\" lists those it is made of",
			word, word);
		return SDR_EINVAL;
	}
	*prefix = sdr_range_holder(&range);
	return SDR_OK;
}

enum sdr_status sdr_subnet_set(
	const struct sdr_space *space, struct sdr_prefix_set **set, struct sdr_error *error)
{
	struct sdr_prefix *list = NULL;
	size_t count = 0, room = 0;
	for (size_t i = 0; i < space->count; i++) {
		struct sdr_range rest = space->ranges[i];
		struct sdr_prefix prefix;
		while (sdr_range_take(&rest, &prefix)) {
			if (count == room) {
				room = room ? 2 * room : 64;
				struct sdr_prefix *grown = reallocarray(list, room, sizeof(*list));
				if (!grown) {
					free(list);
					return no_memory(error);
				}
				list = grown;
			}
			list[count++] = prefix;
		}
	}
	*set = sdr_prefix_set_new(list, count);
	free(list);
	return *set ? SDR_OK : no_memory(error);
}

/* ---- answering ---- */

struct sdr_item *sdr_subnet_count(
	struct sdr_item *parent, const char *key, const char *label, unsigned bits)
{
	char text[SDR_COUNT_TEXT];
	if (bits <= 53)
		return sdr_item_integer(parent, key, label, INT64_C(1) << bits);
	return sdr_item_text(parent, key, label, sdr_count_format(text, bits, 0));
}

/* A range's number of addresses, whether or not that is a power of two. */
static void add_addresses(struct sdr_item *root, const struct sdr_range *range)
{
	char text[SDR_COUNT_TEXT];
	struct sdr_space alone = {.ranges = (struct sdr_range *)range, .count = 1};
	sdr_space_count(text, &alone, range->first.version);
	uint64_t value = strtoull(text, NULL, 10);
	if (strlen(text) <= 16 && value <= UINT64_C(1) << 53)
		sdr_item_integer(root, "addresses", "Addresses", (int64_t)value);
	else
		sdr_item_text(root, "addresses", "Addresses", text);
}

static void fill(struct sdr_item *root, const struct sdr_range *range)
{
	char text[SDR_PREFIX_TEXT];
	struct sdr_prefix prefix;
	bool single = sdr_range_prefix(range, &prefix);
	sdr_item_text(root, "prefix", "Network", single ? sdr_prefix_format(text, &prefix) : NULL);
	sdr_item_integer(root, "version", "Version", range->first.version)->show = SDR_SHOW_HIDDEN;
	if (single)
		sdr_item_integer(root, "prefix_length", "Length", prefix.length)->show =
			SDR_SHOW_HIDDEN;
	else
		sdr_item_null(root, "prefix_length", "Length")->show = SDR_SHOW_HIDDEN;
	sdr_item_text(root, "first", "First", sdr_addr_format(text, &range->first));
	sdr_item_text(root, "last", "Last", sdr_addr_format(text, &range->last));
	add_addresses(root, range);
}

int sdr_subnet_by_place(const void *a, const void *b)
{
	const struct sdr_range *one = a, *other = b;
	int order = sdr_addr_compare(&one->first, &other->first);
	return order != 0 ? order : sdr_addr_compare(&other->last, &one->last);
}

enum sdr_status sdr_subnet_emit(const struct sdr_answers *answers, const struct sdr_range *range,
	void (*more)(struct sdr_item *root, const void *what), const void *what)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet)
		fill(sdr_sheet_root(sheet), range);
	if (sheet && more)
		more(sdr_sheet_root(sheet), what);
	return sdr_answers_emit(answers, sheet, NULL) ? SDR_OK : SDR_ENOMEM;
}

void sdr_subnet_print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	const struct sdr_item *prefix = sdr_item_find(root, "prefix");
	(void)call;
	if (prefix->kind == SDR_ITEM_TEXT)
		sdr_out_line(out, SDR_TONE_PLAIN, "%s", prefix->value.bytes);
	else
		sdr_out_line(out, SDR_TONE_PLAIN, "%s-%s",
			sdr_item_find(root, "first")->value.bytes,
			sdr_item_find(root, "last")->value.bytes);
}

enum sdr_status sdr_subnet_emit_space(
	const struct sdr_answers *answers, const struct sdr_space *space)
{
	enum sdr_status status = SDR_OK;
	for (size_t i = 0; i < space->count; i++) {
		struct sdr_range rest = space->ranges[i];
		struct sdr_prefix prefix;
		while (status == SDR_OK && sdr_range_take(&rest, &prefix)) {
			struct sdr_range range = sdr_range_of(&prefix);
			status = sdr_subnet_emit(answers, &range, NULL, NULL);
		}
	}
	return status;
}

enum sdr_exit sdr_subnet_exit(enum sdr_status status, struct sdr_error *error)
{
	if (status == SDR_OK)
		return SDR_EXIT_YES;
	if (error && error->text[0] == '\0')
		sdr_error_set(error, 0, "%s", sdr_status_text(status));
	return SDR_EXIT_FAIL;
}
