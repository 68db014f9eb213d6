/* What views have, compared: a second computation of the relation by counting, on random sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dns/view_set.h"
#include "lib/random.h"

enum { A = 1, MX = 15, TXT = 16, NAPTR = 35, SOA = 6 };

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void add(struct view_set *set, unsigned index, uint16_t type, const char *data)
{
	assert_int_equal(sdr_view_add(set, index, type, data), SDR_OK);
}

/* A set of one type, of words parted by blanks; "!" NODATA, "?" NXDOMAIN, "^" a referral, ""
 * none. */
static struct view_set set_of(const char *words)
{
	struct view_set set = {.types = 1};
	char copy[200], *rest = NULL;
	snprintf(copy, sizeof(copy), "%s", words);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		if (strchr("!?^", word[0]))
			set.of[0].kind = word[0] == '!' ? VIEW_NODATA
				: word[0] == '?'        ? VIEW_NXDOMAIN
							: VIEW_REFERRAL;
		else
			add(&set, 0, A, word);
	return set;
}

static void test_relations(void **state)
{
	static const struct row {
		const char *a, *b;
		enum view_relation relation;
	} rows[] = {
		{"1.1.1.1", "1.1.1.1", VIEW_SAME},
		{"1.1.1.1 2.2.2.2", "2.2.2.2 1.1.1.1", VIEW_SAME},
		{"1.1.1.1 1.1.1.1", "1.1.1.1", VIEW_SAME},
		{"1.1.1.1 2.2.2.2", "2.2.2.2", VIEW_SUBSET},
		{"1.1.1.1 2.2.2.2", "2.2.2.2 3.3.3.3", VIEW_DIFFERS},
		{"1.1.1.1", "2.2.2.2", VIEW_DIFFERS},
		{"1.1.1.1", "!", VIEW_DIFFERS},
		{"!", "!", VIEW_SAME},
		{"?", "?", VIEW_SAME},
		{"^", "^", VIEW_SAME},
		{"!", "?", VIEW_DIFFERS},
		{"!", "^", VIEW_DIFFERS},
		{"?", "^", VIEW_DIFFERS},
		{"?", "", VIEW_UNRELATED},
		{"1.1.1.1", "", VIEW_UNRELATED},
		{"", "", VIEW_UNRELATED},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct view_set a = set_of(rows[i].a), b = set_of(rows[i].b);
		assert_int_equal(sdr_view_relate(&a, &b), rows[i].relation);
		assert_int_equal(sdr_view_relate(&b, &a), rows[i].relation);
		sdr_view_set_free(&a);
		sdr_view_set_free(&b);
	}
}

/* Names are in lower case where a type has names; nothing else is. */
static void test_letter_case(void **state)
{
	static const struct row {
		uint16_t type;
		const char *a, *b;
		bool same;
	} rows[] = {
		{5, "WWW.Example.", "www.example.", true},
		{MX, "10 Mail.example.", "10 mail.EXAMPLE.", true},
		{MX, "10 mail.example.", "20 mail.example.", false},
		{TXT, "\"Case\"", "\"case\"", false},
		{33, "5 10 80 A.example.", "5 10 80 a.example.", true},
		{SOA, "NS.a. Me.a. 1 2 3 4 5", "ns.a. me.a. 1 2 3 4 5", true},
		{NAPTR, "1 2 \"U\" \"A b\" \"!x!Y!\" R.a.", "1 2 \"U\" \"A b\" \"!x!y!\" R.a.",
			false},
		{46, "A 8 2 60 20260101000000 20250101000000 1 A.example. QUJD",
			"A 8 2 60 20260101000000 20250101000000 1 a.example. QUJD", true},
		{46, "A 8 2 60 20260101000000 20250101000000 1 a.example. QUJD",
			"A 8 2 60 20260101000000 20250101000000 1 a.example. QUJd", false},
		{64, "1 Svc.a. alpn=h2", "1 svc.A. alpn=h2", true},
		{64, "1 svc.a. alpn=H2", "1 svc.a. alpn=h2", false},
		{47, "B.a. A NS", "b.a. A NS", true},
		{65280, "\\# 2 ABCD", "\\# 2 abcd", false},
		{2, "a\\032B.example.", "a\\032b.example.", true},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct view_set a = {.types = 1}, b = {.types = 1};
		add(&a, 0, rows[i].type, rows[i].a);
		add(&b, 0, rows[i].type, rows[i].b);
		assert_int_equal(sdr_view_relate(&a, &b) == VIEW_SAME, rows[i].same);
		sdr_view_set_free(&a);
		sdr_view_set_free(&b);
	}
}

/* A type that one of them has no answer to does not count; a name with any record exists. */
static void test_several_types(void **state)
{
	struct view_set both = {.types = 2}, first = {.types = 2}, lacks = {.types = 2},
			gone = {.types = 2}, second = {.types = 2};
	(void)state;
	add(&both, 0, A, "1.1.1.1");
	add(&both, 1, 28, "::1");
	add(&first, 0, A, "1.1.1.1"); /* and no answer to the other */
	add(&lacks, 0, A, "1.1.1.1");
	lacks.of[1].kind = VIEW_NODATA;
	gone.of[0].kind = gone.of[1].kind = VIEW_NXDOMAIN;
	add(&second, 1, 28, "::2");
	assert_int_equal(sdr_view_relate(&both, &first), VIEW_SAME);
	assert_int_equal(sdr_view_relate(&both, &lacks), VIEW_SUBSET);
	assert_int_equal(sdr_view_relate(&first, &lacks), VIEW_SAME);
	assert_int_equal(sdr_view_relate(&both, &gone), VIEW_DIFFERS);
	assert_int_equal(sdr_view_relate(&both, &second), VIEW_DIFFERS);
	assert_int_equal(sdr_view_relate(&first, &second), VIEW_UNRELATED);
	assert_int_equal(sdr_view_kind(&lacks), VIEW_DATA);
	assert_int_equal(sdr_view_kind(&gone), VIEW_NXDOMAIN);
	sdr_view_set_free(&both);
	sdr_view_set_free(&first);
	sdr_view_set_free(&lacks);
	sdr_view_set_free(&second);
	assert_int_equal(sdr_view_kind(&lacks), VIEW_NONE);
}

static void groups_are(const char *const views[], unsigned count, const char *groups,
	const enum view_relation relations[])
{
	struct view_set sets[SDR_VIEWS_MAX];
	const struct view_set *list[SDR_VIEWS_MAX] = {0};
	struct view_place places[SDR_VIEWS_MAX];
	unsigned leaders[SDR_VIEWS_MAX], most = 0;
	for (unsigned i = 0; i < count; i++) {
		sets[i] = set_of(views[i]);
		list[i] = &sets[i];
	}
	unsigned found = sdr_views_group(list, count, places, leaders);
	for (unsigned i = 0; i < count; i++) {
		char group = places[i].group < 0 ? '-' : (char)('A' + places[i].group);
		assert_int_equal(group, groups[i]);
		assert_int_equal(places[i].relation, relations[i]);
		most = group != '-' && group - 'A' + 1u > most ? group - 'A' + 1u : most;
		sdr_view_set_free(&sets[i]);
	}
	assert_int_equal(found, most);
}

static void test_groups(void **state)
{
	(void)state;
	groups_are((const char *const[]){"1.1.1.1", "2.2.2.2", "2.2.2.2"}, 3, "BAA",
		(const enum view_relation[]){VIEW_DIFFERS, VIEW_SAME, VIEW_SAME});
	groups_are((const char *const[]){"1.1.1.1", "2.2.2.2"}, 2, "AB",
		(const enum view_relation[]){VIEW_SAME, VIEW_DIFFERS});
	groups_are((const char *const[]){"", "1.1.1.1 2.2.2.2", "1.1.1.1", "?"}, 4, "-AAB",
		(const enum view_relation[]){VIEW_UNRELATED, VIEW_SAME, VIEW_SUBSET, VIEW_DIFFERS});
	groups_are((const char *const[]){"1.1.1.1 2.2.2.2", "3.3.3.3", "3.3.3.3", "1.1.1.1"}, 4,
		"BAAB",
		(const enum view_relation[]){VIEW_DIFFERS, VIEW_SAME, VIEW_SAME, VIEW_DIFFERS});
	groups_are((const char *const[]){"", ""}, 2, "--",
		(const enum view_relation[]){VIEW_UNRELATED, VIEW_UNRELATED});
	groups_are((const char *const[]){""}, 0, "", NULL);
}

/* ---- random sets against bits ---- */

#define BITS 4

/* A set as bits: which of a few addresses it has; 0: NODATA; -1: no answer. */
static struct view_set set_of_bits(int bits, uint64_t *seed)
{
	struct view_set set = {.types = 1};
	char text[16];
	if (bits == 0)
		set.of[0].kind = VIEW_NODATA;
	unsigned from = random_below(seed, BITS); /* in any order, and twice */
	for (unsigned i = 0; bits > 0 && i < 2 * BITS; i++) {
		unsigned bit = (from + i) % BITS;
		snprintf(text, sizeof(text), "10.0.0.%u", bit);
		if (bits >> bit & 1)
			add(&set, 0, A, text);
	}
	return set;
}

static enum view_relation relation_of_bits(int a, int b)
{
	if (a < 0 || b < 0)
		return VIEW_UNRELATED;
	if (a == b)
		return VIEW_SAME;
	if (a == 0 || b == 0)
		return VIEW_DIFFERS;
	return (a & b) == a || (a & b) == b ? VIEW_SUBSET : VIEW_DIFFERS;
}

static unsigned most_equal(const int bits[], unsigned count)
{
	unsigned most = 0;
	for (unsigned i = 0; i < count; i++) {
		unsigned equal = 0;
		for (unsigned j = 0; j < count; j++)
			equal += bits[i] >= 0 && bits[i] == bits[j];
		most = equal > most ? equal : most;
	}
	return most;
}

static void check_places(const int bits[], unsigned count, const struct view_place places[],
	const unsigned leaders[], unsigned groups)
{
	unsigned same = 0, bound = 0;
	for (unsigned i = 0; i < count; i++) {
		bound = places[i].group >= (int)bound ? (unsigned)places[i].group + 1 : bound;
		same += places[i].relation == VIEW_SAME;
		assert_int_equal(places[i].group < 0, bits[i] < 0);
		if (places[i].group < 0)
			continue;
		enum view_relation own = relation_of_bits(bits[i], bits[leaders[places[i].group]]);
		assert_true(own == VIEW_SAME || own == VIEW_SUBSET);
		assert_int_equal(places[i].relation, places[i].group > 0 ? VIEW_DIFFERS : own);
		for (int g = 0; g < places[i].group; g++) /* it fits into none before */
			assert_int_equal(relation_of_bits(bits[i], bits[leaders[g]]), VIEW_DIFFERS);
	}
	assert_int_equal(bound, groups);
	assert_int_equal(same, most_equal(bits, count)); /* in whatever order they were asked */
}

static void test_random_sets(void **state)
{
	uint64_t seed = 20;
	(void)state;
	for (int round = 0; round < 3000; round++) {
		unsigned count = random_below(&seed, 9);
		int bits[9];
		struct view_set sets[9];
		const struct view_set *list[9];
		struct view_place places[9];
		unsigned leaders[9];
		for (unsigned i = 0; i < count; i++) {
			bits[i] = (int)random_below(&seed, 1 << BITS) - 1;
			sets[i] = set_of_bits(bits[i], &seed);
			list[i] = &sets[i];
		}
		for (unsigned i = 0; i < count * count; i++)
			assert_int_equal(sdr_view_relate(list[i / count], list[i % count]),
				relation_of_bits(bits[i / count], bits[i % count]));
		unsigned groups = sdr_views_group(list, count, places, leaders);
		check_places(bits, count, places, leaders, groups);
		for (unsigned i = 0; i < count; i++)
			sdr_view_set_free(&sets[i]);
	}
}

static void test_expected(void **state)
{
	static const uint16_t types[] = {A, TXT, MX};
	struct view_set set = {.types = 3};
	(void)state;
	add(&set, 0, A, "10.0.0.1");
	add(&set, 1, TXT, "\"a b\"");
	add(&set, 2, MX, "10 mail.example.");
	assert_true(sdr_view_is_expected(
		&set, types, (const char *const[]){"10 MAIL.example", "a b", "10.0.0.1", NULL}));
	assert_true(sdr_view_is_expected(&set, types,
		(const char *const[]){
			"10 mail.example.", "\"a b\"", "10.0.0.1", "10.0.0.1", NULL}));
	assert_false(
		sdr_view_is_expected(&set, types, (const char *const[]){"a b", "10.0.0.1", NULL}));
	assert_false(sdr_view_is_expected(
		&set, types, (const char *const[]){"10 mail.example", "a B", "10.0.0.1", NULL}));
	assert_false(sdr_view_is_expected(&set, types,
		(const char *const[]){"10 mail.example", "a b", "10.0.0.1", "10.0.0.2", NULL}));
	assert_false(sdr_view_is_expected(&set, types, (const char *const[]){NULL}));
	sdr_view_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relations),
		cmocka_unit_test(test_letter_case),
		cmocka_unit_test(test_several_types),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_random_sets),
		cmocka_unit_test(test_expected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
