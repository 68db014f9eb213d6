/* registry_set.c - sets of rows: the system's file, read once, merged with IANA's compiled-in
 * table. The idea: both sides are sorted alike, so the merge is one pass that yields an order
 * (numbers, not copies) and, for each of the system's rows, its twin among IANA's. Without
 * memory or file, IANA's table alone still answers. */
#include "registry/registry_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sounder/file.h"

#define FILE_MAX (4U << 20) /* bytes; a services file of all assigned ports is below 1 MiB */

static void set_why(struct registry_set *set, const char *why)
{
	if (set->why[0] == '\0')
		snprintf(set->why, sizeof(set->why), "%s", why);
}

/* Reads a services file whole; NULL if there is none, or if it can't be read, which is reported. */
static char *read_file(struct registry_set *set, const char *path, size_t *length)
{
	struct sdr_error error = {0};
	char *bytes = NULL;
	*length = 0;
	enum sdr_status status = sdr_file_read_system(path, FILE_MAX, &bytes, length, &error);
	if (status != SDR_OK && status != SDR_ENOENT)
		set_why(set, error.text);
	return status == SDR_OK ? bytes : NULL;
}

#define NO_MEMORY "the system's files could not be read: out of memory"

static size_t at_most(size_t value, size_t limit)
{
	return value < limit ? value : limit;
}

/* Appends bytes and a NUL to the set's text. */
static size_t put_text(char *text, size_t used, struct etc_span span, size_t length)
{
	if (length > 0)
		memcpy(text + used, span.at, length);
	text[used + length] = '\0';
	return used + length + 1;
}

/* Appends the aliases, comma separated. Returns the bytes used in all; their length without NUL is
 * the difference less one. */
static size_t put_aliases(char *text, size_t used, struct etc_span aliases)
{
	struct etc_span word;
	size_t start = used;
	while (sdr_etc_word(&aliases, &word) && used - start + word.length < UINT16_MAX) {
		if (used > start)
			text[used++] = ',';
		memcpy(text + used, word.at, word.length);
		used += word.length;
	}
	text[used] = '\0';
	return used + 1;
}

/* Adds an entry; the text has room, since each piece takes at most its own bytes and a NUL. */
static void add_row(
	struct registry_set *set, size_t *used, const struct etc_entry *entry, uint8_t transport)
{
	struct registry_row *row = &set->rows[set->count++];
	size_t name = at_most(entry->name.length, UINT8_MAX);
	size_t comment = at_most(entry->comment.length, UINT16_MAX);
	*row = (struct registry_row){.text = (uint32_t)*used,
		.first = (uint16_t)entry->number,
		.last = (uint16_t)entry->number,
		.transport = transport};
	row->name_length = (uint8_t)name;
	*used = put_text(set->text, *used, entry->name, name);
	size_t before = *used;
	*used = put_aliases(set->text, *used, entry->aliases);
	row->aliases_length = (uint16_t)(*used - before - 1);
	row->description_length = (uint16_t)comment;
	*used = put_text(set->text, *used, entry->comment, comment);
}

static int compare_keys(const struct registry_row *a, const struct registry_row *b)
{
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->transport - b->transport;
}

/* Of equal keys the one that stands first in the file comes first. */
static int compare_rows(const void *left, const void *right)
{
	const struct registry_row *a = left, *b = right;
	int order = compare_keys(a, b);
	return order != 0 ? order : (a->text > b->text) - (a->text < b->text);
}

/* Both files' bytes, the user's first. */
struct sources {
	char *bytes;   /* owned */
	size_t length; /* bytes in all */
	size_t user;   /* of which the user's, with a line feed at the end */
};

static void fill_rows(struct registry_set *set, const struct sources *sources,
	unsigned (*take)(const struct etc_entry *))
{
	struct etc_entry entry;
	size_t offset = 0, entries = 0, used = 0;
	while (sdr_etc_next(sources->bytes, sources->length, &offset, &entry))
		entries += (size_t)__builtin_popcount(take(&entry));
	if (entries == 0)
		return;
	set->rows = calloc(entries, sizeof(*set->rows));
	set->text = malloc((sources->length + 3 * entries) *
		SDR_TRANSPORT_COUNT); /* an entry's text may stand once a transport */
	if (!set->rows || !set->text) {
		set_why(set, NO_MEMORY);
		return;
	}
	offset = 0;
	while (sdr_etc_next(sources->bytes, sources->length, &offset, &entry)) {
		unsigned transports = take(&entry);
		for (uint8_t transport = 0; transports >> transport; transport++)
			if (transports >> transport & 1)
				add_row(set, &used, &entry, transport);
		if (transports == 0)
			continue;
		if ((size_t)(entry.name.at - sources->bytes) < sources->user)
			set->user_text = used;
	}
	qsort(set->rows, set->count, sizeof(*set->rows), compare_rows);
}

/* Marks the system's rows that are equal to an IANA row, among those of the same key from `from`
 * on. */
static bool mark_twin(struct registry_set *set, uint32_t from, uint32_t iana)
{
	const struct registry_row *row = &set->iana[iana];
	const char *name = set->iana_text + row->text;
	bool found = false;
	if (row->first != row->last)
		return false;
	for (uint32_t i = from; i < set->count && compare_keys(&set->rows[i], row) == 0; i++) {
		if (strcasecmp(set->text + set->rows[i].text, name) != 0)
			continue;
		set->twins[i] = iana;
		found = true;
	}
	return found;
}

static void merge(struct registry_set *set)
{
	uint32_t system = 0, key_start = 0;
	for (uint32_t i = 0; i < set->iana_count; i++) {
		while (system < set->count &&
			compare_keys(&set->rows[system], &set->iana[i]) <= 0) {
			if (compare_keys(&set->rows[key_start], &set->rows[system]) != 0)
				key_start = system;
			set->order[set->order_count++] = system++;
		}
		if (set->count == 0 || !mark_twin(set, key_start, i))
			set->order[set->order_count++] = set->count + i;
	}
	while (system < set->count)
		set->order[set->order_count++] = system++;
}

/* Reads both files into one piece; without memory, or without files, none. */
static struct sources read_sources(struct registry_set *set, const struct registry_load *load)
{
	size_t user_length = 0, system_length = 0;
	char *user = load->user ? read_file(set, load->user, &user_length) : NULL;
	char *system = read_file(set, load->system, &system_length);
	struct sources sources = {system, system_length, 0};
	if (!user)
		return sources;
	char *both = malloc(user_length + 1 + system_length);
	if (!both) {
		set_why(set, NO_MEMORY);
		free(user);
		return sources;
	}
	memcpy(both, user, user_length);
	both[user_length] = '\n';
	if (system_length > 0)
		memcpy(both + user_length + 1, system, system_length);
	free(user);
	free(system);
	return (struct sources){both, user_length + 1 + system_length, user_length + 1};
}

void sdr_registry_load(struct registry_set *set, const struct registry_load *load)
{
	struct sources sources = read_sources(set, load);
	set->loaded = true;
	if (sources.bytes)
		fill_rows(set, &sources, load->take);
	free(sources.bytes);
	set->twins = malloc((set->count + 1) * sizeof(*set->twins));
	set->order = malloc((set->count + (size_t)set->iana_count) * sizeof(*set->order));
	if (!set->twins || !set->order) {
		set_why(set, NO_MEMORY);
		free(set->order);
		set->order = NULL;
		return;
	}
	for (uint32_t i = 0; i < set->count; i++)
		set->twins[i] = REGISTRY_NO_TWIN;
	merge(set);
}

size_t sdr_registry_rows(const struct registry_set *set)
{
	return set->order ? set->order_count : set->iana_count;
}

static struct registry_view view_of(
	const struct registry_row *row, const char *text, enum sdr_source source)
{
	const char *name = text + row->text;
	const char *aliases = name + row->name_length + 1;
	return (struct registry_view){
		.row = row,
		.own_aliases = aliases,
		.name = name,
		.aliases = aliases,
		.description = aliases + row->aliases_length + 1,
		.source = source,
	};
}

struct registry_view sdr_registry_view(const struct registry_set *set, size_t index)
{
	uint32_t at = set->order ? set->order[index] : (uint32_t)index + set->count;
	if (at >= set->count)
		return view_of(&set->iana[at - set->count], set->iana_text, SDR_SOURCE_IANA);
	enum sdr_source source =
		set->rows[at].text < set->user_text ? SDR_SOURCE_USER : SDR_SOURCE_SYSTEM;
	struct registry_view view = view_of(&set->rows[at], set->text, source);
	if (set->twins[at] != REGISTRY_NO_TWIN) {
		struct registry_view twin =
			view_of(&set->iana[set->twins[at]], set->iana_text, SDR_SOURCE_IANA);
		view.aliases = view.aliases[0] != '\0' ? view.aliases : twin.aliases;
		view.description =
			view.description[0] != '\0' ? view.description : twin.description;
	}
	return view;
}

bool sdr_registry_named(const char *row_name, const char *row_aliases, const char *name)
{
	size_t length = strlen(name);
	if (length == 0)
		return false;
	if (strcasecmp(row_name, name) == 0)
		return true;
	for (const char *at = row_aliases; at[0] != '\0';) {
		size_t n = strcspn(at, ",");
		if (n == length && strncasecmp(at, name, n) == 0)
			return true;
		at += n + (at[n] == ',');
	}
	return false;
}
