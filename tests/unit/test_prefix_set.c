/* test_prefix_set.c - longest match, sets of addresses, pools, neighbours and the scanner of text,
 * each beside a slow plain implementation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/plain_scan.h"
#include "net/prefix_set.h"
#include "net/space.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A small generator with a fixed seed, so that a failure is found again. */
static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static struct sdr_addr random_addr(uint64_t *state, unsigned version)
{
	struct sdr_addr addr = {.version = (uint8_t)version};
	for (unsigned i = 0; i < (version == 4 ? 4 : 16); i++)
		addr.bytes[i] = (uint8_t)(random_next(state) >> 11);
	return addr;
}

/* Lengths in the middle of the range are likelier, and a few leading bytes, so that networks
 * nest. */
static struct sdr_prefix random_prefix(uint64_t *state, unsigned version, bool dense)
{
	struct sdr_prefix prefix = {.addr = random_addr(state, version)};
	unsigned bits = sdr_addr_bits(&prefix.addr);
	prefix.length = (uint8_t)(dense ? random_next(state) % (bits + 1)
					: bits / 4 + random_next(state) % (bits / 2));
	for (unsigned i = 0; dense && i < bits / 8; i++)
		prefix.addr.bytes[i] &= 0x81;
	return sdr_prefix_cut(&prefix);
}

static struct sdr_prefix prefix_of(const char *text)
{
	struct sdr_prefix prefix;
	assert_int_equal(sdr_prefix_parse(text, &prefix, NULL), SDR_OK);
	return prefix;
}

static int longest(const struct sdr_prefix *list, size_t count, const struct sdr_addr *addr)
{
	int best = -1;
	for (size_t i = 0; i < count; i++)
		if (sdr_prefix_contains(&list[i], addr) && list[i].length > best)
			best = list[i].length;
	return best;
}

/* Every address near the bounds of each network, and random ones. */
static void check_set(const struct sdr_prefix *list, size_t count, uint64_t *seed)
{
	struct sdr_prefix_set *set = sdr_prefix_set_new(list, count);
	assert_non_null(set);
	for (size_t i = 0; i < 2000; i++) {
		const struct sdr_prefix *near = &list[i % count];
		struct sdr_addr edge = i & 1 ? sdr_prefix_last(near) : near->addr;
		struct sdr_addr addr = i < 1600 ? sdr_addr_add(&edge, (int64_t)(i % 5) - 2)
						: random_addr(seed, near->addr.version);
		struct sdr_prefix match = {.length = 255};
		int wanted = longest(list, count, &addr);
		assert_int_equal(sdr_prefix_set_find(set, &addr, &match), wanted >= 0);
		if (wanted >= 0) {
			assert_int_equal(match.length, wanted);
			assert_true(sdr_prefix_contains(&match, &addr));
		}
	}
	sdr_prefix_set_free(set);
}

static void test_longest_match(void **state)
{
	uint64_t seed = 7;
	static struct sdr_prefix list[400];
	(void)state;
	for (unsigned round = 0; round < 120; round++) {
		size_t count = round < 60 ? 1 + random_next(&seed) % COUNT(list) : 1 + round % 6;
		for (size_t i = 0; i < count; i++)
			list[i] = random_prefix(&seed,
				round % 3 == 2      ? 4 + 2 * (unsigned)(i & 1)
					: round % 3 ? 4
						    : 6,
				round % 2);
		check_set(list, count, &seed);
	}
}

static void test_set_edges(void **state)
{
	static const struct sdr_addr four = {.version = 4}, six = {.version = 6}, none;
	struct sdr_prefix match;
	(void)state;
	struct sdr_prefix_set *set = sdr_prefix_set_new(NULL, 0);
	assert_false(sdr_prefix_set_find(set, &four, &match));
	assert_false(sdr_prefix_set_find(set, &none, &match));
	sdr_prefix_set_free(set);

	struct sdr_prefix list[] = {prefix_of("0.0.0.0/0"), prefix_of("255.255.255.255/32"),
		prefix_of("::/0"), prefix_of("0.0.0.0/0"), prefix_of("10.9.9.9/8"),
		prefix_of("fe80::1/128")};
	set = sdr_prefix_set_new(list, COUNT(list));
	assert_int_equal(sdr_prefix_set_count(set, 4), 3);
	assert_int_equal(sdr_prefix_set_count(set, 6), 2);
	assert_true(sdr_prefix_set_find(set, &four, &match) && match.length == 0);
	assert_true(sdr_prefix_set_find(set, &six, &match) && match.addr.version == 6);
	struct sdr_prefix asked = prefix_of("10.0.0.0/7");
	assert_true(sdr_prefix_set_holds(set, &asked, &match) && match.length == 0);
	asked = prefix_of("10.3.0.0/16");
	assert_true(sdr_prefix_set_holds(set, &asked, &match) && match.length == 8);
	sdr_prefix_set_free(set);
}

/* 10,000 networks take at most three times their own bytes; printed, so that the figures' run can
 * show them. */
static void test_set_size(void **state)
{
	uint64_t seed = 11;
	static struct sdr_prefix list[10000];
	(void)state;
	for (unsigned version = 4; version <= 6; version += 2) {
		for (size_t i = 0; i < COUNT(list); i++) {
			list[i] = (struct sdr_prefix){.addr = random_addr(&seed, version),
				.length = version == 4 ? 24 : 48};
			list[i].addr.bytes[0] &= version == 4 ? 0xff : 0x3f;
		}
		struct sdr_prefix_set *set = sdr_prefix_set_new(list, COUNT(list));
		size_t count = sdr_prefix_set_count(set, version),
		       own = count * (version == 4 ? 5 : 17), bytes = sdr_prefix_set_bytes(set);
		printf("{\"version\":%u,\"count\":%zu,\"own\":%zu,\"bytes\":%zu}\n", version, count,
			own, bytes);
		assert_true(count > 9900 && bytes <= 3 * own);
		sdr_prefix_set_free(set);
	}
}

/* Networks side by side, where the table's stretches and buckets are single addresses or less; and
 * wide ones over many stretches. */
static void test_close_networks(void **state)
{
	static struct sdr_prefix list[200];
	uint64_t seed = 17;
	(void)state;
	for (unsigned round = 0; round < 60; round++) {
		struct sdr_prefix base = random_prefix(&seed, round & 1 ? 4 : 6, false);
		unsigned bits = sdr_addr_bits(&base.addr);
		size_t count = 1 + random_next(&seed) % COUNT(list);
		for (size_t i = 0; i < count; i++) {
			list[i].addr = sdr_addr_add(&base.addr,
				(int64_t)(random_next(&seed) % (round % 3 ? 300 : 1 << 20)));
			list[i].length =
				(uint8_t)(bits - random_next(&seed) % (round % 4 ? 5 : 20));
			list[i] = sdr_prefix_cut(&list[i]);
		}
		check_set(list, count, &seed);
	}
}

/* However many there are: the table grows by doubling. */
static void test_set_sizes(void **state)
{
	uint64_t seed = 19;
	static struct sdr_prefix list[16384];
	(void)state;
	for (size_t i = 0; i < COUNT(list); i++)
		list[i] = (struct sdr_prefix){.addr = random_addr(&seed, 4), .length = 32};
	for (size_t count = 1000; count <= COUNT(list); count += 769) {
		struct sdr_prefix_set *set = sdr_prefix_set_new(list, count);
		assert_true(sdr_prefix_set_bytes(set) <= 3 * 5 * sdr_prefix_set_count(set, 4));
		sdr_prefix_set_free(set);
	}
	struct sdr_prefix_set *set = sdr_prefix_set_new(list, COUNT(list));
	assert_true(sdr_prefix_set_bytes(set) <= 3 * 5 * sdr_prefix_set_count(set, 4));
	sdr_prefix_set_free(set);
}

/* ---- sets of addresses, on a small part of the address space that a bitmap can hold ---- */

#define SMALL 512

static struct sdr_addr small_addr(unsigned value, unsigned version)
{
	struct sdr_addr base = {.version = (uint8_t)version};
	base.bytes[0] = 0xfe;
	return sdr_addr_add(&base, value);
}

static void random_space(struct sdr_space *space, bool *map, uint64_t *seed, unsigned version)
{
	memset(map, 0, SMALL);
	for (unsigned i = 0, n = (unsigned)(random_next(seed) % 12); i < n; i++) {
		unsigned first = (unsigned)(random_next(seed) % SMALL),
			 last = first + (unsigned)(random_next(seed) % 70);
		last = last < SMALL ? last : SMALL - 1;
		struct sdr_range range = {small_addr(first, version), small_addr(last, version)};
		assert_int_equal(sdr_space_add(space, &range), SDR_OK);
		memset(map + first, 1, last - first + 1);
	}
	sdr_space_join(space);
}

/* The least number of networks: fold a tree of halves; a node that is full is one network, else the
 * sum of its halves. */
static unsigned least(const bool *map, unsigned size)
{
	unsigned full = 0;
	for (unsigned i = 0; i < size; i++)
		full += map[i];
	if (full == size || full == 0)
		return full == size;
	return least(map, size / 2) + least(map + size / 2, size / 2);
}

static void check_space(const struct sdr_space *space, const bool *map, unsigned version)
{
	bool seen[SMALL] = {false};
	unsigned networks = 0;
	for (size_t i = 0; i < space->count; i++) {
		struct sdr_range rest = space->ranges[i];
		struct sdr_prefix prefix;
		for (; sdr_range_take(&rest, &prefix); networks++)
			for (unsigned at = 0; at < SMALL; at++) {
				struct sdr_addr addr = small_addr(at, version);
				if (sdr_prefix_contains(&prefix, &addr)) {
					assert_false(seen[at]);
					seen[at] = true;
				}
			}
	}
	assert_memory_equal(seen, map, SMALL);
	assert_int_equal(networks, least(map, SMALL));
}

static void test_spaces(void **state)
{
	uint64_t seed = 5;
	(void)state;
	for (unsigned round = 0; round < 400; round++) {
		unsigned version = round & 1 ? 4 : 6, total = 0;
		struct sdr_space space = {0}, less = {0};
		bool map[SMALL], taken[SMALL];
		char text[SDR_COUNT_TEXT];
		random_space(&space, map, &seed, version);
		random_space(&less, taken, &seed, version);
		check_space(&space, map, version);
		assert_int_equal(sdr_space_subtract(&space, &less), SDR_OK);
		for (unsigned i = 0; i < SMALL; i++)
			total += map[i] = map[i] && !taken[i];
		check_space(&space, map, version);
		assert_int_equal(strtoul(sdr_space_count(text, &space, version), NULL, 10), total);
		sdr_space_done(&space);
		sdr_space_done(&less);
	}
}

static void test_whole_spaces(void **state)
{
	struct sdr_space space = {0}, less = {0};
	char text[SDR_COUNT_TEXT];
	struct sdr_prefix all = prefix_of("::/0"), one = prefix_of("::/128"),
			  last = prefix_of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
	struct sdr_range range = sdr_range_of(&all);
	(void)state;
	assert_int_equal(sdr_space_add(&space, &range), SDR_OK);
	assert_string_equal(
		sdr_space_count(text, &space, 6), "340282366920938463463374607431768211456");
	assert_string_equal(sdr_space_count(text, &space, 4), "0");
	range = sdr_range_of(&one);
	assert_int_equal(sdr_space_add(&less, &range), SDR_OK);
	range = sdr_range_of(&last);
	assert_int_equal(sdr_space_add(&less, &range), SDR_OK);
	sdr_space_join(&less);
	assert_int_equal(sdr_space_subtract(&space, &less), SDR_OK);
	assert_string_equal(
		sdr_space_count(text, &space, 6), "340282366920938463463374607431768211454");
	assert_int_equal(sdr_space_subtract(&space, &space), SDR_OK);
	assert_int_equal(space.count, 0);
	sdr_space_done(&space);
	sdr_space_done(&less);
}

/* What is taken never overlaps, lies on its own bounds, and together with what is free makes up the
 * whole. */
static void test_pool(void **state)
{
	uint64_t seed = 3;
	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct sdr_pool pool = {0};
		struct sdr_space space = {0};
		struct sdr_prefix net = prefix_of(round & 1 ? "10.0.0.0/20" : "2001:db8::/108"),
				  taken;
		unsigned bits = sdr_addr_bits(&net.addr);
		char before[SDR_COUNT_TEXT], after[SDR_COUNT_TEXT];
		assert_int_equal(sdr_pool_add(&pool, &net), SDR_OK);
		sdr_count_format(before, bits - net.length, 0);
		for (unsigned i = 0; i < 40; i++) {
			unsigned length = net.length +
				(unsigned)(random_next(&seed) % (bits - net.length + 1));
			if (sdr_pool_take(&pool, length, &taken) != SDR_OK)
				continue;
			assert_int_equal(taken.length, length);
			struct sdr_prefix cut = sdr_prefix_cut(&taken);
			assert_int_equal(sdr_prefix_compare(&cut, &taken), 0);
			struct sdr_range range = sdr_range_of(&taken);
			assert_int_equal(sdr_space_add(&space, &range), SDR_OK);
		}
		for (size_t i = 0; i < pool.count; i++) {
			struct sdr_range range = sdr_range_of(&pool.free[i]);
			assert_int_equal(sdr_space_add(&space, &range), SDR_OK);
		}
		/* Were two to overlap, the sum before joining would be larger than after. */
		sdr_space_count(after, &space, net.addr.version);
		assert_string_equal(after, before);
		sdr_space_join(&space);
		assert_int_equal(space.count, 1);
		assert_string_equal(sdr_space_count(after, &space, net.addr.version), before);
		sdr_space_done(&space);
		sdr_pool_done(&pool);
	}
}

static void test_neighbours(void **state)
{
	static const struct {
		const char *net;
		int64_t step;
		const char *wanted; /* NULL: none */
	} rows[] = {{"10.0.255.0/24", 1, "10.1.0.0/24"}, {"10.1.0.0/24", -1, "10.0.255.0/24"},
		{"255.255.255.0/24", 1, NULL}, {"0.0.0.0/24", -1, NULL}, {"0.0.0.0/0", 1, NULL},
		{"::/0", -1, NULL}, {"::/1", 1, "8000::/1"}, {"8000::/1", 1, NULL},
		{"255.255.255.255/32", 1, NULL},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", -1,
			"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/128"},
		{"0.0.0.0/1", 2, NULL}, {"10.0.0.0/31", 3, "10.0.0.6/31"},
		{"0.0.0.0/32", INT64_MIN, NULL}, {"10.0.0.7/31", 0, "10.0.0.6/31"}};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sdr_prefix net = prefix_of(rows[i].net), next;
		char text[SDR_PREFIX_TEXT];
		assert_int_equal(
			sdr_prefix_step(&net, rows[i].step, &next), rows[i].wanted != NULL);
		if (rows[i].wanted)
			assert_string_equal(sdr_prefix_format(text, &next), rows[i].wanted);
	}
}

/* ---- text ---- */

/* Every address of the line as the scanner sees it, with commas between. */
static void scan_all(const char *line, char *out, size_t size)
{
	struct sdr_prefix everything[] = {prefix_of("0.0.0.0/0"), prefix_of("::/0")};
	struct sdr_prefix_set *set = sdr_prefix_set_new(everything, 2);
	struct sdr_scan scan = sdr_scan_of(set, false);
	struct sdr_scan_hit hit;
	size_t length = strlen(line);
	char *exact = malloc(
		length ? length : 1); /* so that a read past the end is seen by the sanitizer */
	memcpy(exact, line, length);
	scan.bytes = exact;
	scan.end = length;
	snprintf(out, size, "%s", sdr_scan_find(&scan, &hit) ? "" : "-");
	if (out[0] == '\0') {
		char text[SDR_ADDR_TEXT];
		snprintf(out, size, "%s", sdr_addr_format(text, &hit.addr));
		assert_true(hit.start < hit.end && hit.end <= length);
	}
	free(exact);
	sdr_prefix_set_free(set);
}

static void test_scan(void **state)
{
	static const char *const rows[][2] = {{"1.2.3.4", "1.2.3.4"}, {"x1.2.3.4", "1.2.3.4"},
		{"ip=1.2.3.4;", "1.2.3.4"}, {"1.2.3.4x", "-"}, {"1.2.3.4.5", "-"},
		{"0.1.2.3.4", "-"}, {".1.2.3.4", "1.2.3.4"}, {"from 1.2.3.4.", "1.2.3.4"},
		{"1.2.3.4.example.net", "-"}, {"1.2.3.4:80", "1.2.3.4"}, {"[1.2.3.4]", "1.2.3.4"},
		{"01.2.3.4", "-"}, {"1.2.3.04", "-"}, {"1.2.3.256", "-"}, {"301.2.3.4", "-"},
		{"1.2.3", "-"}, {"1.2.3.", "-"}, {"1.2..3.4", "-"},
		{"999.1.2.3.4 5.6.7.8", "5.6.7.8"}, {"12345.1.2.3", "-"}, {"", "-"}, {".", "-"},
		{"HTTP/1.1 10.2.3.4", "10.2.3.4"}, {"2001:db8::1", "2001:db8::1"},
		{"[2001:db8::1]:443", "2001:db8::1"}, {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
		{"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"}, {"fe80::1%eth0", "fe80::1"},
		{"2001:db8::1: refused", "2001:db8::1"}, {"at 2001:db8::1.", "2001:db8::1"},
		{"ip:2001:db8::1", "2001:db8::1"}, {"std::vector", "-"}, {"mod::f(x)", "-"},
		{"12:34:56", "-"}, {"2026:10:01:01", "-"}, {"aa:bb:cc:dd:ee:ff", "-"},
		{"2001:db8::1x", "-"}, {"::", "::"}, {"::ffff:1.2.3.4", "::ffff:1.2.3.4"},
		{"1:2:3:4:5:6:7:8:9", "-"}, {"12345::", "-"}, {"a::b::c", "-"},
		{":1.2.3.4", "1.2.3.4"}, {"src:1.2.3.4", "1.2.3.4"},
		{"2001:db8::/32", "2001:db8::"}, {"1.2.3.4/24", "1.2.3.4"},
		{"1.2.3.4-1.2.3.9", "1.2.3.4"},
		{"2001:0db8:1111:2222:3333:4444:5555:6666",
			"2001:db8:1111:2222:3333:4444:5555:6666"},
		{"1111:2222:3333:4444:5555:6666:100.200.100.200",
			"1111:2222:3333:4444:5555:6666:64c8:64c8"}};
	char got[128], line[512];
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		/* At every place in the blocks of 64, and in a text that ends at once or goes
		 * on. */
		for (unsigned before = 0; before < 140; before++)
			for (unsigned after = 0; after < 130; after += 43) {
				snprintf(line, sizeof(line), "%*s%s%*s", (int)before, "",
					rows[i][0], (int)after, "");
				scan_all(line, got, sizeof(got));
				if (strcmp(got, rows[i][1]) != 0)
					fail_msg("\"%s\" at %u: %s, wanted %s", rows[i][0], before,
						got, rows[i][1]);
			}
}

/* Text of pieces that addresses are made of, and of some that they are not. */
static size_t random_text(char *out, size_t size, uint64_t *seed)
{
	static const char *const pieces[] = {".", ".", ".", ":", "::", "\n", " ", "x", "fe80", "0",
		"00", "7", "25", "255", "256", "1000", "10.1.2.3", "10.20.30.40", "255.255.255.255",
		"192.0.2.99", "fe80::1", "2001:db8::", "1:2:3:4:5:6:7:8", "::ffff:", "G",
		"fe80:0db8:1111:2222:3333:4444:5555:6666", "/",
		"                                        "};
	size_t length = 0;
	for (size_t wanted = 1 + random_next(seed) % 60; wanted > 0; wanted--) {
		const char *piece = pieces[random_next(seed) % COUNT(pieces)];
		if (length + strlen(piece) > size)
			break;
		memcpy(out + length, piece, strlen(piece));
		length += strlen(piece);
	}
	if (length > 0 && random_next(seed) % 8 == 0)
		out[random_next(seed) % length] = "\0\377\r"[random_next(seed) % 3];
	return length;
}

static void test_scan_beside_the_plain_search(void **state)
{
	struct sdr_prefix some[] = {
		prefix_of("10.0.0.0/8"), prefix_of("192.0.2.96/29"), prefix_of("fe80::/16")};
	struct sdr_prefix_set *four = sdr_prefix_set_new(some, 2),
			      *both = sdr_prefix_set_new(some, COUNT(some));
	uint64_t seed = 23;
	char text[1000];
	(void)state;
	for (unsigned round = 0; round < 40000; round++) {
		size_t length = random_text(text, sizeof(text), &seed);
		char *exact = malloc(length
				? length
				: 1); /* so that a read past an end is seen by the sanitizer */
		memcpy(exact, text, length);
		if (!plain_agrees(round & 1 ? four : both, round & 2, exact, 0, length))
			fail_msg("round %u: \"%.*s\"", round, (int)length, exact);
		free(exact);
	}
	sdr_prefix_set_free(four);
	sdr_prefix_set_free(both);
}

/* Every length of every number, at every place in the blocks. */
static void test_scan_of_every_shape(void **state)
{
	static const char *const numbers[] = {"0", "9", "00", "01", "10", "99", "000", "010", "100",
		"199", "200", "249", "250", "255", "256", "260", "300", "999", "0000", "1000"};
	struct sdr_prefix everything = prefix_of("0.0.0.0/0");
	struct sdr_prefix_set *set = sdr_prefix_set_new(&everything, 1);
	char text[128];
	unsigned round = 0;
	(void)state;
	for (size_t a = 0; a < COUNT(numbers); a++)
		for (size_t b = 0; b < COUNT(numbers); b++)
			for (size_t c = 0; c < COUNT(numbers); c++)
				for (size_t d = 0; d < COUNT(numbers); d++, round++) {
					int length = snprintf(text, sizeof(text),
						"%*s%s.%s.%s.%s%c%*s", (int)(round % 67), "",
						numbers[a], numbers[b], numbers[c], numbers[d],
						" .x:"[round % 4], (int)(round % 5 * 10), "");
					if (!plain_agrees(set, false, text, 0, (size_t)length))
						fail_msg("\"%s\"", text);
				}
	sdr_prefix_set_free(set);
}

static void test_ranges(void **state)
{
	static const struct {
		const char *text, *first, *last,
			*why; /* why: a part of the message, where it is wrong */
	} rows[] = {{"10.1.2.3/8", "10.0.0.0", "10.255.255.255", NULL},
		{" 10.0.0.1 - 10.0.0.9 # two", "10.0.0.1", "10.0.0.9", NULL},
		{"::1", "::1", "::1", NULL}, {"fe80::1-fe80::2", "fe80::1", "fe80::2", NULL},
		{"10.0.0.9-10.0.0.1", NULL, NULL, "10.0.0.1-10.0.0.9 is right"},
		{"10.0.0.1-::1", NULL, NULL, "both ends"}, {"10.0.0.1-", NULL, NULL, "missing"},
		{"-10.0.0.1", NULL, NULL, "missing"},
		{"10.0.0.0/8-10.0.0.1", NULL, NULL, "without a length"},
		{"10.0.0.0/33", NULL, NULL, "0 to 32"}, {"x", NULL, NULL, "not an address"},
		{"", NULL, NULL, "missing"}};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sdr_range range;
		struct sdr_error error = {0};
		char text[SDR_ADDR_TEXT];
		if (rows[i].why) {
			assert_int_not_equal(sdr_range_parse(rows[i].text, &range, &error), SDR_OK);
			if (!strstr(error.text, rows[i].why))
				fail_msg("\"%s\": %s", rows[i].text, error.text);
			continue;
		}
		assert_int_equal(sdr_range_parse(rows[i].text, &range, &error), SDR_OK);
		assert_string_equal(sdr_addr_format(text, &range.first), rows[i].first);
		assert_string_equal(sdr_addr_format(text, &range.last), rows[i].last);
	}
	for (size_t length = SDR_PREFIX_TEXT - 2; length < SDR_PREFIX_TEXT + 2; length++) {
		char long_text[SDR_PREFIX_TEXT + 4] = " ";
		struct sdr_range range;
		struct sdr_error error = {0};
		memset(long_text + 1, 'a', length);
		strcpy(long_text + 1 + length, " ");
		assert_int_equal(sdr_range_parse(long_text, &range, &error), SDR_EINVAL);
		assert_int_equal(strstr(error.text, "too long") != NULL, length >= SDR_PREFIX_TEXT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_longest_match),
		cmocka_unit_test(test_close_networks),
		cmocka_unit_test(test_set_edges),
		cmocka_unit_test(test_set_size),
		cmocka_unit_test(test_set_sizes),
		cmocka_unit_test(test_spaces),
		cmocka_unit_test(test_whole_spaces),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_scan_beside_the_plain_search),
		cmocka_unit_test(test_scan_of_every_shape),
		cmocka_unit_test(test_ranges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
