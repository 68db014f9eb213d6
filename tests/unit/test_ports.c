/* test_ports.c - ports by range and by likeness, the index of names beside looking at each row,
 * labels of the user's own that change. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "registry/fuzzy.h"
#include "registry/registry.h"

#define NONE "/nonexistent/file"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct fuzzy_text of(const char *text)
{
	return (struct fuzzy_text){text, strlen(text)};
}

static void test_one_slip(void **state)
{
	static const struct {
		const char *text, *word;
		bool near;
	} cases[] = {
		{"https", "htpps", true}, /* one letter for another */
		{"ssh", "shs", true},     /* two swapped */
		{"domain", "domian", true},
		{"HTTPS", "http", true},   /* one missing at the end */
		{"telnet", "elnet", true}, /* and at the start */
		{"telnet", "telnett", true},
		{"telnet", "xtelnet", true},
		{"telnet", "telnet", false}, /* no slip at all */
		{"telnet", "tenlte", false},
		{"telnet", "tlne", false},
		{"ab", "ba", true},
		{"abc", "cba", false},
		{"", "a", true},
		{"", "", false},
		{"abcd", "badc", false},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(sdr_fuzzy_slips(of(cases[i].text), of(cases[i].word), 1) == 1,
			cases[i].near);
}

/* The distance by its definition, a table of (a+1) x (b+1): the optimal string alignment. */
static unsigned distance(const char *a, const char *b)
{
	unsigned d[12][12];
	size_t n = strlen(a), m = strlen(b);
	for (size_t i = 0; i <= n; i++)
		d[i][0] = (unsigned)i;
	for (size_t k = 0; k <= m; k++)
		d[0][k] = (unsigned)k;
	for (size_t i = 1; i <= n; i++)
		for (size_t k = 1; k <= m; k++) {
			unsigned best = d[i - 1][k - 1] + (a[i - 1] != b[k - 1]);
			best = d[i - 1][k] + 1 < best ? d[i - 1][k] + 1 : best;
			best = d[i][k - 1] + 1 < best ? d[i][k - 1] + 1 : best;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				best = d[i - 2][k - 2] + 1 < best ? d[i - 2][k - 2] + 1 : best;
			d[i][k] = best;
		}
	return d[n][m];
}

static void random_word(char *out, size_t size)
{
	size_t length = (size_t)rand() % size;
	for (size_t i = 0; i < length; i++)
		out[i] = (char)('a' + rand() % 3);
	out[length] = '\0';
}

static void test_slips_beside_the_definition(void **state)
{
	char a[8], b[8];
	(void)state;
	srand(7);
	for (int i = 0; i < 200000; i++) {
		random_word(a, sizeof(a));
		random_word(b, sizeof(b));
		unsigned most = (unsigned)i % 4, all = distance(a, b);
		if (sdr_fuzzy_slips(of(a), of(b), most) != (all > most ? most + 1 : all))
			fail_msg("\"%s\" and \"%s\": %u", a, b, all);
	}
}

static void test_letters_apart(void **state)
{
	struct fuzzy_span span;
	(void)state;
	assert_true(sdr_fuzzy_find(of("PostgreSQL"), of("pgsql"), &span));
	assert_int_equal(span.start, 0);
	assert_int_equal(span.length, 10);
	assert_int_equal(span.marks, 1U | 1U << 4 | 1U << 7 | 1U << 8 | 1U << 9);
	/* The nearest of several first letters. */
	assert_true(sdr_fuzzy_find(of("aaxab"), of("ab"), &span));
	assert_int_equal(span.start, 3);
	assert_int_equal(span.length, 2);
	assert_false(sdr_fuzzy_find(of("abc"), of("acb"), &span));
	assert_false(sdr_fuzzy_find(of("abc"), of(""), &span));
	assert_false(sdr_fuzzy_find(of(""), of("a"), &span));
}

static void test_range_text(void **state)
{
	struct sdr_port_range range = {1, 1};
	struct sdr_error error;
	(void)state;
	assert_int_equal(sdr_port_range_parse("6000-6010", &range, &error), SDR_OK);
	assert_true(range.first == 6000 && range.last == 6010);
	assert_int_equal(sdr_port_range_parse("443", &range, &error), SDR_OK);
	assert_true(range.first == 443 && range.last == 443);
	assert_int_equal(sdr_port_range_parse("0-65535", &range, &error), SDR_OK);
	assert_int_equal(sdr_port_range_parse("9-3", &range, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "3-9 is right"));
	assert_int_equal(sdr_port_range_parse("1-65536", &range, &error), SDR_ERANGE);
	assert_int_equal(sdr_port_range_parse("1-2-3", &range, &error), SDR_EINVAL);
	assert_int_equal(sdr_port_range_parse("-5", &range, &error), SDR_EINVAL);
	assert_int_equal(sdr_port_range_parse("5-", &range, &error), SDR_EINVAL);
	assert_int_not_equal(
		sdr_port_range_parse("99999999999999999999999999-5", &range, &error), SDR_OK);
	assert_true(range.first == 0 && range.last == 65535);
	assert_string_equal(sdr_port_range_name(1023), "well-known");
	assert_string_equal(sdr_port_range_name(1024), "registered");
	assert_string_equal(sdr_port_range_name(49151), "registered");
	assert_string_equal(sdr_port_range_name(49152), "dynamic");
}

static void test_ranges_beside_each_row(void **state)
{
	static const struct sdr_port_range ranges[] = {
		{6000, 6010}, {6005, 6006}, {0, 0}, {0, 65535}, {65535, 65535}, {1000, 1100}};
	struct sdr_registry *registry = sdr_registry_new_from(NONE, NONE);
	struct sdr_port_row row;
	size_t rows = sdr_registry_port_count(registry), *indexes = calloc(rows, sizeof(*indexes));
	(void)state;
	assert_non_null(indexes);
	for (size_t r = 0; r < COUNT(ranges); r++) {
		size_t expected = 0,
		       n = sdr_registry_port_by_range(
			       registry, &ranges[r], SDR_TRANSPORTS_ALL, indexes, rows);
		for (size_t i = 0; sdr_registry_port(registry, i, &row); i++)
			expected += row.port <= ranges[r].last && row.port_last >= ranges[r].first;
		assert_int_equal(n, expected);
		for (size_t i = 0; i < n; i++) {
			assert_true(sdr_registry_port(registry, indexes[i], &row));
			assert_true(row.port <= ranges[r].last && row.port_last >= ranges[r].first);
		}
	}
	free(indexes);
	sdr_registry_free(registry);
}

/* One registry has an index after a few names, the other is new for each. */
static void test_index_beside_each_row(void **state)
{
	struct sdr_registry *registry = sdr_registry_new_from(NONE, NONE);
	struct sdr_port_row row;
	size_t with[64], without[64];
	(void)state;
	for (size_t i = 0; i < 8; i++)
		(void)sdr_registry_port_by_name(registry, "http", SDR_TRANSPORTS_ALL, with, 1);
	assert_non_null(registry->ports.index);
	for (size_t i = 0; sdr_registry_port(registry, i, &row); i += 37) {
		struct sdr_registry *fresh = sdr_registry_new_from(NONE, NONE);
		char name[256];
		snprintf(name, sizeof(name), "%s", row.aliases[0] != '\0' ? row.aliases : row.name);
		name[strcspn(name, ",")] = '\0';
		size_t n = sdr_registry_port_by_name(
			registry, name, SDR_TRANSPORTS_ALL, with, COUNT(with));
		assert_int_equal(sdr_registry_port_by_name(
					 fresh, name, SDR_TRANSPORTS_ALL, without, COUNT(without)),
			n);
		assert_null(fresh->ports.index);
		assert_memory_equal(
			with, without, (n < COUNT(with) ? n : COUNT(with)) * sizeof(*with));
		for (char *c = name; *c; c++)
			*c = (char)toupper((unsigned char)*c);
		assert_int_equal(sdr_registry_port_by_name(
					 registry, name, SDR_TRANSPORTS_ALL, with, COUNT(with)),
			n);
		assert_memory_equal(
			with, without, (n < COUNT(with) ? n : COUNT(with)) * sizeof(*with));
		sdr_registry_free(fresh);
	}
	assert_int_equal(
		sdr_registry_port_by_name(registry, "no-such", SDR_TRANSPORTS_ALL, with, 1), 0);
	assert_int_equal(sdr_registry_port_by_name(registry, "", SDR_TRANSPORTS_ALL, with, 1), 0);
	sdr_registry_free(registry);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static const char *name_at(struct sdr_registry *registry, uint16_t port, enum sdr_source source)
{
	static struct sdr_port_row row;
	size_t index;
	if (sdr_registry_port_by_number(registry, port, 1U << SDR_TCP, &index, 1) == 0 ||
		!sdr_registry_port(registry, index, &row))
		return NULL;
	assert_int_equal(row.source, source);
	return row.name;
}

static void test_own_labels(void **state)
{
	char user[] = "/tmp/test_ports.XXXXXX", system[] = "/tmp/test_ports.XXXXXX";
	struct sdr_registry *registry;
	(void)state;
	close(mkstemp(user));
	close(mkstemp(system));
	write_text(system, "first 4321/tcp\ntheirs 1234/tcp\nhttp 80/tcp www\n");
	write_text(user, "mine 1234/tcp # billing\nhttp 80/tcp");
	registry = sdr_registry_new_from(system, NONE);
	registry->user_path = strdup(user);
	assert_string_equal(name_at(registry, 1234, SDR_SOURCE_USER), "mine");
	assert_string_equal(name_at(registry, 80, SDR_SOURCE_USER), "http");
	assert_string_equal(name_at(registry, 4321, SDR_SOURCE_SYSTEM), "first");
	assert_string_equal(sdr_source_name(SDR_SOURCE_USER), "user");
	assert_false(sdr_registry_refresh(registry));
	/* Changed, gone, and there again. */
	write_text(user, "other-name 1234/tcp # billing, by another name\n");
	assert_true(sdr_registry_refresh(registry));
	assert_string_equal(name_at(registry, 1234, SDR_SOURCE_USER), "other-name");
	assert_string_equal(name_at(registry, 80, SDR_SOURCE_SYSTEM), "http");
	assert_false(sdr_registry_refresh(registry));
	unlink(user);
	assert_true(sdr_registry_refresh(registry));
	assert_string_equal(name_at(registry, 1234, SDR_SOURCE_SYSTEM), "theirs");
	write_text(user, "mine 1234/tcp\n");
	assert_true(sdr_registry_refresh(registry));
	assert_string_equal(name_at(registry, 1234, SDR_SOURCE_USER), "mine");
	write_text(system, "");
	assert_true(sdr_registry_refresh(registry));
	assert_string_equal(name_at(registry, 80, SDR_SOURCE_IANA), "http");
	sdr_registry_free(registry);
	unlink(user);
	unlink(system);
}

static size_t search(struct sdr_registry *registry, const char *text, bool fuzzy,
	struct sdr_port_row *row, struct sdr_port_match *match)
{
	size_t n = sdr_registry_port_search(
		registry, &(struct sdr_port_query){text, SDR_TRANSPORTS_ALL, fuzzy}, match, 1);
	if (n > 0)
		assert_true(sdr_registry_port(registry, match->index, row));
	return n;
}

static void test_search_by_likeness(void **state)
{
	struct sdr_registry *registry = sdr_registry_new_from(NONE, NONE);
	struct sdr_port_row row;
	struct sdr_port_match match;
	(void)state;
	assert_int_equal(search(registry, "htpps", false, &row, &match), 0);
	assert_true(search(registry, "htpps", true, &row, &match) > 0);
	assert_string_equal(row.name, "https");
	assert_true(match.field == SDR_PORT_FIELD_NAME && match.start == 0 && match.length == 5 &&
		match.marks == 0);
	assert_true(search(registry, "pgsql", true, &row, &match) > 0);
	assert_string_equal(row.name, "postgresql");
	assert_int_equal(match.marks, 1U | 1U << 4 | 1U << 7 | 1U << 8 | 1U << 9);
	/* What is found without likeness is found with it, in the same place. */
	assert_true(search(registry, "ssh", true, &row, &match) >=
		search(registry, "ssh", false, &row, &match));
	assert_true(search(registry, "6000-6010 x11", false, &row, &match) >= 2);
	assert_true(row.port <= 6010 && row.port_last >= 6000);
	assert_int_equal(match.field, SDR_PORT_FIELD_PORT);
	assert_int_equal(search(registry, "70000-80000", false, &row, &match), 0);
	assert_int_equal(search(registry, "70000", false, &row, &match), 0);
	/* Leading zeros are none of a port's digits, but the number counts. */
	assert_true(search(registry, "044", false, &row, &match) > 0);
	assert_int_equal(row.port, 44);
	sdr_registry_free(registry);
}

/* ---- the filter beside a plain second one ---- */

/* How well a word fits a row, by looking at each text as it stands: 0 is best, 9 is not at all. */
static int plain_rank(const struct sdr_port_row *row, const char *word)
{
	size_t length = strlen(word);
	char port[8];
	int rank = 9;
	snprintf(port, sizeof(port), "%u", row->port);
	bool digits = strspn(word, "0123456789") == length && length <= 5;
	struct sdr_port_range range;
	if (digits && strcmp(port, word) == 0)
		return 0;
	if (digits && strncmp(port, word, length) == 0)
		rank = 2;
	else if (strspn(word, "0123456789-") == length &&
		sdr_port_range_parse(word, &range, NULL) == SDR_OK && row->port <= range.last &&
		row->port_last >= range.first)
		rank = 1;
	const char *in = strcasestr(row->name, word);
	if (in) {
		int here = in > row->name ? 4 : strlen(row->name) == length ? 0 : 2;
		rank = here < rank ? here : rank;
	}
	if ((in = strcasestr(row->aliases, word))) {
		bool starts = in == row->aliases || in[-1] == ',';
		bool ends = in[length] == ',' || in[length] == '\0';
		int here = !starts ? 5 : ends ? 1 : 3;
		rank = here < rank ? here : rank;
	}
	if ((in = strcasestr(row->description, word))) {
		bool starts = in == row->description || in[-1] == ' ' || in[-1] == '(';
		int here = starts ? 7 : 8;
		rank = here < rank ? here : rank;
	}
	return rank;
}

/* A row is as good as its worst word; of several words one that names a transport restricts. */
static int plain_query_rank(const struct sdr_port_row *row, const char *text)
{
	char copy[128], *rest = NULL;
	const char *words[8];
	unsigned count = 0, named = 0;
	int worst = 0;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest))
		words[count++] = word;
	for (unsigned i = 0; i < count; i++) {
		enum sdr_transport transport;
		if (count > 1 && sdr_transport_find(words[i], &transport)) {
			named |= 1U << transport;
			continue;
		}
		int rank = plain_rank(row, words[i]);
		worst = rank > worst ? rank : worst;
	}
	return named && !(named >> row->transport & 1) ? 9 : worst;
}

/* What is highlighted is the word that was found, where it was found. */
static void check_place(
	const struct sdr_port_row *row, const struct sdr_port_match *match, const char *text)
{
	size_t first = strcspn(text, " \t");
	const char *field = match->field == SDR_PORT_FIELD_NAME ? row->name
		: match->field == SDR_PORT_FIELD_ALIASES        ? row->aliases
		: match->field == SDR_PORT_FIELD_DESCRIPTION    ? row->description
								: NULL;
	assert_true(match->marks == 0);
	if (!field)
		return;
	assert_int_equal(match->length, first);
	assert_int_equal(strncasecmp(field + match->start, text, first), 0);
}

static void test_search_beside_a_plain_one(void **state)
{
	static const char *const queries[] = {"http", "HTTP", "s", "44", "443", "4", "65535",
		"65536", "99999", "0", "00", "010", "x11", "x11 tcp", "tcp http", "tcp udp http",
		"www", "secure shell", "6000-6010", "6005-6006", "ntp udp", "sctp", "sctp dccp",
		"sql", "database server", "z39.50", "1-", "a b c d", "domain\ttcp", " ssh ", "alt",
		"http-alt", "8080-8090 tcp", "9 discard", "server(", "-", "mail transfer tcp",
		"www-http"};
	struct sdr_registry *registry = sdr_registry_new_from(NONE, NONE);
	size_t rows = sdr_registry_port_count(registry);
	struct sdr_port_match *matches = calloc(rows, sizeof(*matches));
	(void)state;
	for (size_t q = 0; q < COUNT(queries); q++) {
		struct sdr_port_query query = {queries[q], SDR_TRANSPORTS_ALL, false};
		size_t n = sdr_registry_port_search(registry, &query, matches, rows), wanted = 0;
		const char *text = queries[q] + strspn(queries[q], " ");
		struct sdr_port_row row;
		for (size_t i = 0; sdr_registry_port(registry, i, &row); i++)
			wanted += plain_query_rank(&row, queries[q]) < 9;
		if (n != wanted)
			fail_msg("\"%s\": %zu, not %zu", queries[q], n, wanted);
		int before = 0;
		for (size_t i = 0; i < n; i++) {
			assert_true(sdr_registry_port(registry, matches[i].index, &row));
			int rank = plain_query_rank(&row, queries[q]);
			if (rank < before || rank == 9 ||
				(i > 0 && rank == before &&
					matches[i].index <= matches[i - 1].index))
				fail_msg("\"%s\": %s of port %u, rank %d", queries[q], row.name,
					row.port, rank);
			before = rank;
			if (strncmp(text, "tcp ", 4) != 0)
				check_place(&row, &matches[i], text);
		}
	}
	/* Of all rows those of one transport; and no more than there is room for. */
	struct sdr_port_query none = {"", 1U << SDR_UDP, false};
	size_t n = sdr_registry_port_search(registry, &none, matches, 3);
	struct sdr_port_row row;
	for (size_t i = 0; sdr_registry_port(registry, i, &row); i++)
		n -= row.transport == SDR_UDP;
	assert_int_equal(n, 0);
	assert_int_equal(matches[2].field, SDR_PORT_FIELD_NONE);
	free(matches);
	sdr_registry_free(registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_slip),
		cmocka_unit_test(test_slips_beside_the_definition),
		cmocka_unit_test(test_letters_apart),
		cmocka_unit_test(test_range_text),
		cmocka_unit_test(test_ranges_beside_each_row),
		cmocka_unit_test(test_index_beside_each_row),
		cmocka_unit_test(test_own_labels),
		cmocka_unit_test(test_search_by_likeness),
		cmocka_unit_test(test_search_beside_a_plain_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
