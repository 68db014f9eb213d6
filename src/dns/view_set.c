/* view_set.c - views compared. The idea: data is brought into one form and sorted as it is added,
 * so that two sets are compared in one pass. RFC 2308 sec. 2, RFC 4034 sec. 6.2. */
#include "dns/view_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/rdata.h"
#include "sounder/addr.h"

/* ---- a set ---- */

/* Returns data in the form that is compared: an address as addresses are written, names in lower
 * case. NULL: out of memory. */
static char *canonical(uint16_t type, const char *data)
{
	struct sdr_addr addr;
	char text[SDR_ADDR_TEXT];
	if ((type == WIRE_A || type == WIRE_AAAA) && sdr_addr_parse(data, &addr, NULL) == SDR_OK)
		return strdup(sdr_addr_format(text, &addr));
	char *copy = strdup(data);
	if (copy)
		sdr_rdata_fold(type, copy);
	return copy;
}

enum sdr_status sdr_view_add(struct view_set *set, unsigned index, uint16_t type, const char *data)
{
	struct view_data *of = &set->of[index];
	char *made = canonical(type, data),
	     **grown = made ? realloc(of->data, (of->count + 1) * sizeof(*grown)) : NULL;
	if (!grown) {
		free(made);
		return SDR_ENOMEM;
	}
	of->data = grown;
	of->kind = VIEW_DATA;
	unsigned at = of->count;
	while (at > 0 && strcmp(of->data[at - 1], made) > 0)
		at--;
	if (at > 0 && strcmp(of->data[at - 1], made) == 0) {
		free(made);
		return SDR_OK;
	}
	memmove(&of->data[at + 1], &of->data[at], (of->count - at) * sizeof(*of->data));
	of->data[at] = made;
	of->count++;
	return SDR_OK;
}

void sdr_view_set_free(struct view_set *set)
{
	for (unsigned i = 0; i < set->types; i++) {
		for (unsigned j = 0; j < set->of[i].count; j++)
			free(set->of[i].data[j]);
		free(set->of[i].data);
		set->of[i] = (struct view_data){.kind = VIEW_NONE};
	}
}

/* The kinds are in the order of what they make of the whole: a name that has any record exists. */
static enum view_kind more(enum view_kind a, enum view_kind b)
{
	return a > b ? a : b;
}

enum view_kind sdr_view_kind(const struct view_set *set)
{
	enum view_kind kind = VIEW_NONE;
	for (unsigned i = 0; i < set->types; i++)
		kind = more(kind, set->of[i].kind);
	return kind;
}

const char *sdr_view_kind_word(enum view_kind kind)
{
	static const char *const words[] = {NULL, "NXDOMAIN", "NODATA", "referral", NULL};
	return words[kind];
}

/* ---- two of them ---- */

/* What one has and the other has not. */
struct difference {
	bool first, second;
};

static void compare(const struct view_data *a, const struct view_data *b, struct difference *found)
{
	unsigned i = 0, j = 0;
	while (i < a->count || j < b->count) {
		int order = i == a->count ? 1 : j == b->count ? -1 : strcmp(a->data[i], b->data[j]);
		found->first = found->first || order < 0;
		found->second = found->second || order > 0;
		i += order <= 0;
		j += order >= 0;
	}
}

enum view_relation sdr_view_relate(const struct view_set *a, const struct view_set *b)
{
	struct difference found = {false, false};
	enum view_kind first = VIEW_NONE, second = VIEW_NONE;
	for (unsigned i = 0; i < a->types; i++) {
		if (a->of[i].kind == VIEW_NONE || b->of[i].kind == VIEW_NONE)
			continue;
		first = more(first, a->of[i].kind);
		second = more(second, b->of[i].kind);
		compare(&a->of[i], &b->of[i], &found);
	}
	if (first == VIEW_NONE)
		return VIEW_UNRELATED;
	if (first != second || (found.first && found.second))
		return VIEW_DIFFERS;
	return found.first || found.second ? VIEW_SUBSET : VIEW_SAME;
}

const char *sdr_view_relation_word(enum view_relation relation)
{
	static const char *const words[] = {"none", "same", "subset", "differs"};
	return words[relation];
}

/* ---- all of them ---- */

static unsigned equals(const struct view_set *const sets[], unsigned count, unsigned index)
{
	unsigned equal = 0;
	for (unsigned i = 0; i < count; i++)
		equal += sdr_view_relate(sets[i], sets[index]) == VIEW_SAME;
	return equal;
}

/* The first group that a view belongs to; -1: none. */
static int group_of(const struct view_set *const sets[], unsigned index, const unsigned leaders[],
	unsigned groups, enum view_relation *relation)
{
	for (unsigned i = 0; i < groups; i++) {
		*relation = sdr_view_relate(sets[index], sets[leaders[i]]);
		if (*relation == VIEW_SAME || *relation == VIEW_SUBSET)
			return (int)i;
	}
	return -1;
}

/* Those that most others equal first, else in their order. */
static void sort_by_equals(
	const struct view_set *const sets[], unsigned count, unsigned order[static SDR_VIEWS_MAX])
{
	unsigned weights[SDR_VIEWS_MAX];
	for (unsigned i = 0; i < count; i++) {
		unsigned weight = equals(sets, count, i), at = i;
		for (; at > 0 && weights[at - 1] < weight; at--) {
			weights[at] = weights[at - 1];
			order[at] = order[at - 1];
		}
		weights[at] = weight;
		order[at] = i;
	}
}

unsigned sdr_views_group(const struct view_set *const sets[], unsigned count,
	struct view_place places[], unsigned leaders[])
{
	unsigned order[SDR_VIEWS_MAX], groups = 0;
	sort_by_equals(sets, count, order);
	for (unsigned i = 0; i < count; i++) {
		unsigned view = order[i];
		struct view_place *place = &places[view];
		*place = (struct view_place){.group = -1, .relation = VIEW_UNRELATED};
		if (sdr_view_kind(sets[view]) == VIEW_NONE)
			continue;
		place->group = group_of(sets, view, leaders, groups, &place->relation);
		if (place->group > 0)
			place->relation = VIEW_DIFFERS;
		if (place->group >= 0)
			continue;
		place->group = (int)groups;
		place->relation = groups == 0 ? VIEW_SAME : VIEW_DIFFERS;
		leaders[groups++] = view;
	}
	return groups;
}

/* ---- what is expected ---- */

static bool is_data(const char *data, uint16_t type, const char *expected)
{
	char *made = canonical(type, expected);
	size_t length = made ? strlen(made) : 0, whole = strlen(data);
	bool same = made && strcmp(made, data) == 0;
	bool dotted = made && whole == length + 1 && data[length] == '.' &&
		strncmp(made, data, length) == 0;
	bool quoted = made && whole == length + 2 && data[0] == '"' &&
		strncmp(made, data + 1, length) == 0;
	free(made);
	return same || dotted || quoted;
}

static bool has(const struct view_set *set, const uint16_t types[], const char *expected)
{
	for (unsigned i = 0; i < set->types; i++)
		for (unsigned j = 0; j < set->of[i].count; j++)
			if (is_data(set->of[i].data[j], types[i], expected))
				return true;
	return false;
}

static bool wanted(const char *data, uint16_t type, const char *const *expected)
{
	for (; *expected; expected++)
		if (is_data(data, type, *expected))
			return true;
	return false;
}

bool sdr_view_is_expected(
	const struct view_set *set, const uint16_t types[], const char *const *expected)
{
	for (const char *const *one = expected; *one; one++)
		if (!has(set, types, *one))
			return false;
	for (unsigned i = 0; i < set->types; i++)
		for (unsigned j = 0; j < set->of[i].count; j++)
			if (!wanted(set->of[i].data[j], types[i], expected))
				return false;
	return true;
}
