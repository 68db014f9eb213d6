/* test_probe_options.c - a spec's copy has options of its own: every text and list of each type's,
 * by a list of them that is not the types' own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/spec_share.h"
#include "sounder/probe_options.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEXTS 9

/* What there is to copy, and a number that two may differ in. */
static const struct known {
	const char *type;
	size_t size;
	unsigned texts[TEXTS + 1], list, number; /* places; 0: none, or the end */
} knowns[] = {
	{"ping", sizeof(struct sdr_ping_options), {SDR_PLACE(struct sdr_ping_options, pattern)}, 0,
		SDR_PLACE(struct sdr_ping_options, size)},
	{"http", sizeof(struct sdr_http_options),
		{SDR_PLACE(struct sdr_http_options, url),
			SDR_PLACE(struct sdr_http_options, method),
			SDR_PLACE(struct sdr_http_options, cacert),
			SDR_PLACE(struct sdr_http_options, connect_to),
			SDR_PLACE(struct sdr_http_options, proxy),
			SDR_PLACE(struct sdr_http_options, user),
			SDR_PLACE(struct sdr_http_options, password),
			SDR_PLACE(struct sdr_http_options, proxy_user),
			SDR_PLACE(struct sdr_http_options, proxy_password)},
		SDR_PLACE(struct sdr_http_options, headers),
		SDR_PLACE(struct sdr_http_options, body_max)},
	{"dns", sizeof(struct sdr_dns_options), {SDR_PLACE(struct sdr_dns_options, subnet)},
		SDR_PLACE(struct sdr_dns_options, types), SDR_PLACE(struct sdr_dns_options, tcp)},
};

/* Options with every text and list, all in memory of the caller's. */
struct full {
	_Alignas(void *) char options[256];
	char texts[TEXTS][16], item[16];
	const char *list[2];
};

static const char **text_at(void *options, unsigned place)
{
	return (const char **)(void *)((char *)options + place - 1);
}

static const char *const **list_at(void *options, unsigned place)
{
	return (const char *const **)(void *)((char *)options + place - 1);
}

static struct full *full_new(const struct known *known)
{
	struct full *full = calloc(1, sizeof(*full));
	assert_true(known->size <= sizeof(full->options));
	for (size_t i = 0; known->texts[i]; i++) {
		memcpy(full->texts[i], "text A", 7);
		full->texts[i][5] = (char)('A' + i);
		*text_at(full->options, known->texts[i]) = full->texts[i];
	}
	memcpy(full->item, "X-A: 1", 7);
	full->list[0] = full->item;
	if (known->list)
		*list_at(full->options, known->list) = full->list;
	return full;
}

static struct sdr_spec spec_of(const struct known *known, const struct full *full)
{
	return (struct sdr_spec){.type = sdr_probe_find(known->type),
		.target = "db1",
		.host = "db1",
		.options = full->options};
}

static void check_copy(const struct known *known)
{
	struct full *full = full_new(known);
	struct sdr_spec spec = spec_of(known, full);
	struct spec_share *share = sdr_spec_share(&spec, NULL);
	void *copy = (void *)(uintptr_t)share->spec.options;
	assert_int_equal(spec.type->options_size, known->size);
	memset(full, 'x', sizeof(*full));
	free(full);
	for (size_t i = 0; known->texts[i]; i++) {
		assert_memory_equal(*text_at(copy, known->texts[i]), "text ", 5);
		assert_int_equal((*text_at(copy, known->texts[i]))[5], 'A' + i);
	}
	if (known->list) {
		assert_string_equal((*list_at(copy, known->list))[0], "X-A: 1");
		assert_null((*list_at(copy, known->list))[1]);
	}
	sdr_spec_release(share);
}

static void test_the_copy_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(knowns); i++)
		check_copy(&knowns[i]);
}

/* What differs is not shared; what is the same elsewhere in memory is shared. */
static void expect_shared(const struct sdr_spec *spec, struct spec_share *share, bool shared)
{
	struct spec_share *other = sdr_spec_share(spec, share);
	assert_int_equal(other == share, shared);
	sdr_spec_release(other);
}

static void check_shared(const struct known *known)
{
	struct full *one = full_new(known), *two = full_new(known);
	struct sdr_spec first = spec_of(known, one), second = spec_of(known, two);
	struct spec_share *share = sdr_spec_share(&first, NULL);
	expect_shared(&second, share, true);
	for (size_t i = 0; known->texts[i]; i++) {
		const char *kept = *text_at(two->options, known->texts[i]);
		for (int none = 0; none < 2; none++) {
			*text_at(two->options, known->texts[i]) = none ? NULL : "another";
			expect_shared(&second, share, false);
		}
		*text_at(two->options, known->texts[i]) = kept;
	}
	two->item[0]++;
	expect_shared(&second, share, !known->list);
	two->item[0]--;
	two->options[known->number - 1] ^= 1;
	expect_shared(&second, share, false);
	two->options[known->number - 1] ^= 1;
	expect_shared(&second, share, true);
	sdr_spec_release(share);
	free(one);
	free(two);
}

static void test_what_is_shared(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(knowns); i++)
		check_shared(&knowns[i]);
}

/* Who gives none gets the table's defaults: a type may always read its own. */
static void test_options_that_none_were_given(void **state)
{
	const struct sdr_probe_type *type;
	(void)state;
	for (unsigned i = 0; (type = sdr_probe_at(i)); i++) {
		const struct sdr_spec spec = {.type = type, .target = "db1", .host = "db1"};
		struct spec_share *share = sdr_spec_share(&spec, NULL);
		const char *options = share->spec.options;
		assert_int_equal(options != NULL, type->options_size > 0);
		for (const struct sdr_option *o = type->options; o && o->name; o++) {
			assert_in_range(o->place, 1, type->options_size);
			if (o->kind == SDR_OPTION_INTEGER || o->kind == SDR_OPTION_DURATION)
				assert_memory_equal(options + o->place - 1, &o->otherwise,
					sizeof(o->otherwise));
		}
		expect_shared(&spec, share, true);
		sdr_spec_release(share);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_copy_is_whole),
		cmocka_unit_test(test_what_is_shared),
		cmocka_unit_test(test_options_that_none_were_given),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
