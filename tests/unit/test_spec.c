/* test_spec.c - what may be asked of a probe: bounds, defaults, and that the engine's copy owes the
 * caller nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/spec_share.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct sdr_spec spec_of(const char *type)
{
	return (struct sdr_spec){.type = sdr_probe_find(type), .target = "db1", .host = "db1"};
}

static void test_bounds(void **state)
{
	static const struct {
		const char *type, *host;
		sdr_ns interval, timeout;
		uint8_t family;
		bool all;
		enum sdr_status status;
		const char *message; /* of what is refused */
	} cases[] = {
		{"ping", "db1", 0, 0, 0, false, SDR_OK, ""},
		{"ping", "db1", 10 * SDR_MS, 1, 4, true, SDR_OK, ""},
		{"ping", "db1", SDR_HOUR, SDR_HOUR, 6, false, SDR_OK, ""},
		{"ping", "db1", 10 * SDR_MS - 1, 0, 0, false, SDR_ERANGE, "10ms to 1h"},
		{"ping", "db1", SDR_HOUR + 1, 0, 0, false, SDR_ERANGE, "10ms to 1h"},
		{"ping", "db1", -SDR_SECOND, 0, 0, false, SDR_ERANGE, "10ms to 1h"},
		{"ping", "db1", 0, SDR_HOUR + 1, 0, false, SDR_ERANGE, "up to 1h"},
		{"ping", "db1", 0, -1, 0, false, SDR_ERANGE, "up to 1h"},
		{"ping", "db1", 0, 0, 5, false, SDR_EINVAL, "4 or 6"},
		{"ping", "", 0, 0, 0, false, SDR_EINVAL, "names no host"},
		{"ping", NULL, 0, 0, 0, false, SDR_EINVAL, "names no host"},
		{"ping", "010.0.0.1", 0, 0, 0, false, SDR_EINVAL, "010"},
		{"dns", "db1", 0, 0, 0, true, SDR_EINVAL, "no addresses to follow"},
		{"none", "db1", 0, 0, 0, false, SDR_EINVAL, "a target and a type"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_spec spec = spec_of(cases[i].type);
		struct sdr_error error = {0};
		spec.host = cases[i].host;
		spec.interval = cases[i].interval;
		spec.timeout = cases[i].timeout;
		spec.family = cases[i].family;
		spec.all_addresses = cases[i].all;
		assert_int_equal(sdr_spec_check(&spec, &error), cases[i].status);
		if (!strstr(error.text, cases[i].message))
			fail_msg("%zu: %s", i, error.text);
		spec.target = NULL;
		assert_int_equal(sdr_spec_check(&spec, NULL), SDR_EINVAL);
	}
}

static void test_defaults(void **state)
{
	static const struct {
		sdr_ns interval;
		uint64_t count;
		bool every; /* the type's default interval comes of it */
		uint64_t wanted;
	} cases[] = {
		{0, 0, false, 1}, /* once */
		{0, 1, false, 1},
		{0, 5, true, 5},
		{SDR_SECOND, 0, false, 0}, /* for ever */
		{SDR_SECOND, 7, false, 7},
	};
	const struct sdr_probe_type *type;
	(void)state;
	for (unsigned t = 0; (type = sdr_probe_at(t)); t++)
		for (size_t i = 0; i < COUNT(cases); i++) {
			struct sdr_spec spec = spec_of(type->name);
			spec.interval = cases[i].interval;
			spec.count = cases[i].count;
			struct spec_share *share = sdr_spec_share(&spec, NULL);
			assert_true(share->spec.interval ==
				(cases[i].every ? type->default_interval : cases[i].interval));
			assert_true(share->spec.count == cases[i].wanted);
			assert_true(share->spec.timeout == type->default_timeout);
			assert_null(share->spec.target);
			sdr_spec_release(share);
			spec.timeout = 3 * SDR_SECOND;
			share = sdr_spec_share(&spec, NULL);
			assert_true(share->spec.timeout == 3 * SDR_SECOND);
			sdr_spec_release(share);
		}
}

/* Every text of a spec, in memory of the caller's that is overwritten and freed. Those of options:
 * test_probe_options.c. */
struct full {
	struct sdr_spec spec;
	char texts[4][16];
};

static const char **text_at(struct sdr_spec *spec, size_t i)
{
	const char **const all[] = {&spec->server, &spec->line, &spec->source, &spec->group};
	return i < COUNT(all) ? all[i] : NULL;
}

static struct full *full_new(void)
{
	struct full *full = calloc(1, sizeof(*full));
	full->spec = spec_of("tcp");
	for (size_t i = 0; text_at(&full->spec, i); i++) {
		memcpy(full->texts[i], "text A", 7);
		full->texts[i][5] = (char)('A' + i);
		*text_at(&full->spec, i) = full->texts[i];
	}
	return full;
}

static void test_the_copy_is_whole(void **state)
{
	struct full *full = full_new();
	struct spec_share *share = sdr_spec_share(&full->spec, NULL);
	(void)state;
	memset(full, 'x', sizeof(*full));
	free(full);
	for (size_t i = 0; text_at(&share->spec, i); i++) {
		assert_memory_equal(*text_at(&share->spec, i), "text ", 5);
		assert_int_equal((*text_at(&share->spec, i))[5], 'A' + i);
	}
	sdr_spec_release(share);
}

/* What differs in anything at all is not shared; the same words elsewhere in memory are. */
static void test_what_is_shared(void **state)
{
	struct full *one = full_new(), *two = full_new();
	struct spec_share *share = sdr_spec_share(&one->spec, NULL), *other;
	(void)state;
	two->spec.target = two->spec.host = "db2"; /* a target's own */
	two->spec.port = 81;
	assert_ptr_equal(sdr_spec_share(&two->spec, share), share);
	assert_int_equal(share->users, 2);
	for (size_t i = 0; text_at(&two->spec, i); i++) {
		const char *kept = *text_at(&two->spec, i);
		for (int none = 0; none < 2; none++) {
			*text_at(&two->spec, i) = none ? NULL : "another";
			other = sdr_spec_share(&two->spec, share);
			assert_ptr_not_equal(other, share);
			sdr_spec_release(other);
		}
		*text_at(&two->spec, i) = kept;
	}
	two->spec.tos++;
	other = sdr_spec_share(&two->spec, share);
	assert_ptr_not_equal(other, share);
	struct spec_share *held = share;
	sdr_spec_hold(&held, other); /* gives one hold of `share` up */
	assert_int_equal(share->users, 1);
	assert_int_equal(other->users, 2);
	sdr_spec_release(held);
	sdr_spec_release(other);
	sdr_spec_release(share);
	sdr_spec_release(NULL);
	free(one);
	free(two);
}

/* What may be a label: characters that print, whatever they are made of. */
static void test_group_names(void **state)
{
	static const struct {
		const char *name, *message; /* "": it is right */
	} cases[] = {
		{"rack3", ""}, {"a", ""}, {"rack 3, left", ""}, {"\xc3\xa4\xe2\x82\xac", ""},
		{"--", "begins with -"}, {"-", "begins with -"}, {" a", "begins with a blank"},
		{"", "an empty name"}, {"a\tb", "can't be shown"}, {"a\x1b[31m", "can't be shown"},
		{"a\x7f", "can't be shown"}, {"\xff", "can't be shown"},
		{"\xc2\x9b", "can't be shown"},
		{"a\xe2\x80\xae", "can't be shown"}, /* RIGHT-TO-LEFT OVERRIDE */
	};
	char name[64 * 2 + 1] = "";
	struct sdr_error error = {0};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool right = !cases[i].message[0];
		assert_int_equal(
			sdr_group_check(cases[i].name, &error), right ? SDR_OK : SDR_EINVAL);
		if (!right &&
			(!strstr(error.text, cases[i].message) ||
				!strstr(error.text, "1 to 63 characters")))
			fail_msg("%zu: %s", i, error.text);
	}
	for (size_t length = 1; length <= 64; length++) {
		memcpy(name + 2 * (length - 1), "\xc3\xa4", 2);
		assert_int_equal(sdr_group_check(name, &error), length < 64 ? SDR_OK : SDR_EINVAL);
	}
	assert_non_null(strstr(error.text, "too long"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_the_copy_is_whole),
		cmocka_unit_test(test_what_is_shared),
		cmocka_unit_test(test_group_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
