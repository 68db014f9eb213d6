/* test_as_numbers.c - files of networks and AS numbers: forms, faults, longest match, and a million
 * of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "path/as_numbers.h"

#define NO_AS "no AS after the network; a line looks like 192.0.2.0/24 AS64500 NAME"
#define NO_NUMBER \
	"is no AS number; " \
	"one looks like AS64500 or 64500 (0 to 4294967295), several like 64500_64501"
#define TOO_LONG "\"10.0.0.0/33\": /33 is too long for IPv4, whose lengths go from 0 to 32"
#define NO_LENGTH "\"10.0.0.0\" has no /length; a network looks like 192.0.2.0/24 or 2001:db8::/32"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct sdr_as_numbers *parse(const char *text)
{
	struct sdr_as_numbers *numbers = NULL;
	struct sdr_error error = {0};
	if (sdr_as_numbers_parse("FILE", strdup(text), &numbers, &error) != SDR_OK)
		fail_msg("%s: %s", text, error.text);
	return numbers;
}

/* "number+more network name" of an address, "-" where there is none. */
static const char *find(const struct sdr_as_numbers *numbers, const char *address)
{
	static char out[256];
	char network[SDR_PREFIX_TEXT];
	struct sdr_addr addr;
	struct sdr_as as;
	assert_int_equal(sdr_addr_parse(address, &addr, NULL), SDR_OK);
	if (!sdr_as_numbers_find(numbers, &addr, &as))
		return "-";
	snprintf(out, sizeof(out), "%u+%u %s %.*s", as.number, as.more,
		sdr_prefix_format(network, &as.match), (int)as.name_length, as.name);
	return out;
}

static void test_forms(void **state)
{
	static const struct {
		const char *line, *found;
	} forms[] = {
		{"10.0.0.0/8 AS64500", "64500+0 10.0.0.0/8 "},
		{"10.0.0.0/8 64500", "64500+0 10.0.0.0/8 "},
		{"10.0.0.0/8 as64500", "64500+0 10.0.0.0/8 "},
		{"10.0.0.0/8 aS0", "0+0 10.0.0.0/8 "},
		{"10.0.0.0/8 4294967295", "4294967295+0 10.0.0.0/8 "},
		{"10.0.0.0/8 00064500", "64500+0 10.0.0.0/8 "},
		{"  10.0.0.0/8\t \tAS64500   A name  of it \t", "64500+0 10.0.0.0/8 A name  of it"},
		{"10.0.0.0/8 64500 NAME\r", "64500+0 10.0.0.0/8 NAME"},
		{"10.0.0.0/8 64500\r", "64500+0 10.0.0.0/8 "},
		{"10.0.0.0/8 64500 # a remark", "64500+0 10.0.0.0/8 "},
		{"10.0.0.0/8 64500 N #1", "64500+0 10.0.0.0/8 N"},
		{"10.0.0.0/8 64500 N#1 x", "64500+0 10.0.0.0/8 N#1 x"},
		{"10.0.0.0\t8\t64500", "64500+0 10.0.0.0/8 "},
		{"10.0.0.0\t8\t64500_64501", "64500+1 10.0.0.0/8 "},
		{"10.0.0.0\t8\t64500,64501_64502", "64500+2 10.0.0.0/8 "},
		{" 10.0.0.0   8  \t AS64500   N", "64500+0 10.0.0.0/8 N"},
		{"10.0.0.0 8 64500 N", "64500+0 10.0.0.0/8 N"},
		{"10.1.2.3/8 64500", "64500+0 10.0.0.0/8 "},
		{"\n\n# x\n \t\n10.0.0.0/8 64500\n\n", "64500+0 10.0.0.0/8 "},
		{"0.0.0.0/0 1", "1+0 0.0.0.0/0 "},
		{"10.0.0.1/32 1", "1+0 10.0.0.1/32 "},
		{"11.0.0.0/8 64500", "-"},
		{"::/0 64500", "-"},
		{"", "-"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct sdr_as_numbers *numbers = parse(forms[i].line);
		assert_string_equal(find(numbers, "10.0.0.1"), forms[i].found);
		assert_string_equal(find(numbers, "::ffff:10.0.0.1"), forms[i].found);
		sdr_as_numbers_free(numbers);
	}
	sdr_as_numbers_free(NULL);
}

static void test_longest(void **state)
{
	struct sdr_as_numbers *n =
		parse("10.1.0.0/16 2 two\n2001:db8::/32 6\n10.0.0.0/8 1 one\n"
		      "2001:db8:1::\t48\t7\n10.1.1.0/24 3\n10.1.0.0/16 4 later\n");
	struct sdr_as as;
	(void)state;
	assert_int_equal(sdr_as_numbers_count(n), 5);
	assert_string_equal(find(n, "10.2.0.0"), "1+0 10.0.0.0/8 one");
	assert_string_equal(find(n, "10.1.0.0"), "4+0 10.1.0.0/16 later");
	assert_string_equal(find(n, "10.1.1.255"), "3+0 10.1.1.0/24 ");
	assert_string_equal(find(n, "9.255.255.255"), "-");
	assert_string_equal(find(n, "2001:db8::1"), "6+0 2001:db8::/32 ");
	assert_string_equal(find(n, "2001:db8:1::1"), "7+0 2001:db8:1::/48 ");
	assert_string_equal(find(n, "2001:db9::"), "-");
	assert_false(sdr_as_numbers_find(n, &(struct sdr_addr){.version = 0}, &as));
	sdr_as_numbers_free(n);
	n = parse("10.0.0.0/8 1\n10.0.0.0/8 2\n10.0.0.0/8 3"); /* in order, and still the last */
	assert_string_equal(find(n, "10.2.0.0"), "3+0 10.0.0.0/8 ");
	assert_int_equal(sdr_as_numbers_count(n), 1);
	sdr_as_numbers_free(n);
}

static void test_faults(void **state)
{
	static const struct {
		const char *text, *error;
		enum sdr_status status;
	} faults[] = {
		{"10.0.0.0/8", "FILE, line 1: " NO_AS, SDR_EINVAL},
		{"\n# x\n10.0.0.0/8 # 64500", "FILE, line 3: " NO_AS, SDR_EINVAL},
		{"10.0.0.0/8 1\n10.0.0.0/9 x1", "FILE, line 2: \"x1\" " NO_NUMBER, SDR_EINVAL},
		{"10.0.0.0/33 1", "FILE, line 1: " TOO_LONG, SDR_ERANGE},
		{"10.0.0.0 33 1", "FILE, line 1: " TOO_LONG, SDR_ERANGE},
		{"10.0.0.0 64500", "FILE, line 1: " NO_LENGTH, SDR_EINVAL},
		{"10.0.0.0 64500 # 8", "FILE, line 1: " NO_LENGTH, SDR_EINVAL},
		{"10.0.0.0 8 # 64500", "FILE, line 1: " NO_LENGTH, SDR_EINVAL},
		{"10.0.0.0", "FILE, line 1: " NO_LENGTH, SDR_EINVAL},
		{"10.0.0/8 1", NULL, SDR_EINVAL},
		{"x 8 1", NULL, SDR_EINVAL},
		{"10.0.0.0/8#x 1", NULL, SDR_EINVAL},
		{"10.0.0.0/8 AS", NULL, SDR_EINVAL},
		{"10.0.0.0/8 A1", NULL, SDR_EINVAL},
		{"10.0.0.0/8 XS1", NULL, SDR_EINVAL},
		{"10.0.0.0/8 AX1", NULL, SDR_EINVAL},
		{"10.0.0.0/8 -1", NULL, SDR_EINVAL},
		{"10.0.0.0/8 1x", NULL, SDR_EINVAL},
		{"10.0.0.0/8 1#", NULL, SDR_EINVAL},
		{"10.0.0.0/8 1_", NULL, SDR_EINVAL},
		{"10.0.0.0/8 1, 2", NULL, SDR_EINVAL},
		{"10.0.0.0/8 1__2", NULL, SDR_EINVAL},
		{"10.0.0.0/8 1_4294967296", NULL, SDR_EINVAL},
		{"10.0.0.0/8 4294967296", NULL, SDR_EINVAL},
		{"10.0.0.0/8 99999999999999999999999999", NULL, SDR_EINVAL},
		{"10.0.0.0/8 1234567890123456789012345678901234567890x23456",
			"FILE, line 1: \"1234567890123456789012345678901234567890\" " NO_NUMBER,
			SDR_EINVAL},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++) {
		struct sdr_as_numbers *numbers = NULL;
		struct sdr_error error = {0};
		enum sdr_status status =
			sdr_as_numbers_parse("FILE", strdup(faults[i].text), &numbers, &error);
		if (status != faults[i].status)
			fail_msg("%s: %s", faults[i].text, sdr_status_text(status));
		assert_null(numbers);
		assert_memory_equal(error.text, "FILE, line ", 11);
		if (faults[i].error)
			assert_string_equal(error.text, faults[i].error);
	}
}

static void test_file(void **state)
{
	char path[] = "/tmp/as_numbersXXXXXX";
	struct sdr_as_numbers *numbers = NULL;
	struct sdr_error error = {0};
	(void)state;
	int descriptor = mkstemp(path);
	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, "10.0.0.0/8 AS1 N\n", 17), 17);
	close(descriptor);
	assert_int_equal(sdr_as_numbers_read(path, &numbers, &error), SDR_OK);
	assert_string_equal(find(numbers, "10.9.9.9"), "1+0 10.0.0.0/8 N");
	sdr_as_numbers_free(numbers);
	unlink(path);
	numbers = NULL;
	assert_int_equal(sdr_as_numbers_read(path, &numbers, &error), SDR_ENOENT);
	assert_null(numbers);
	assert_non_null(strstr(error.text, path));
}

/* A million networks in a scattered order, as pfx2as has them; beside how long a plain pass over
 * the text takes, since no absolute time holds on a busy machine. */
static void test_a_million(void **state)
{
	enum { MANY = 1000000 };
	char *text = malloc(MANY * 32), *at = text;
	struct sdr_as_numbers *numbers = NULL;
	struct timespec begin, end;
	(void)state;
	assert_non_null(text);
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t network =
			i * 1664525U + 1013904223U; /* each another /24 for 2^24 of them */
		network = (network & 0xffffff) << 8;
		at += sprintf(at, "%u.%u.%u.0\t24\t%u\n", network >> 24, network >> 16 & 255,
			network >> 8 & 255, network >> 8);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	assert_int_equal(sdr_as_numbers_parse("FILE", text, &numbers, NULL), SDR_OK);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	double parsed =
		(double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
	assert_int_equal(sdr_as_numbers_count(numbers), MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t network = (i * 1664525U + 1013904223U) & 0xffffff;
		struct sdr_as as;
		struct sdr_addr addr = {.version = 4,
			.bytes = {(uint8_t)(network >> 16), (uint8_t)(network >> 8),
				(uint8_t)network, 77}};
		assert_true(sdr_as_numbers_find(numbers, &addr, &as));
		assert_int_equal(as.number, network);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	double found =
		(double)(begin.tv_sec - end.tv_sec) + (double)(begin.tv_nsec - end.tv_nsec) / 1e9;
	printf("a million networks: read in %.2f s, a look-up %.2f us\n", parsed, found);
	assert_true(parsed < 10 && found < 20);
	sdr_as_numbers_free(numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_a_million),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
