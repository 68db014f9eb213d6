/* The collector of status line and headers: what it keeps, where it stops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/headers.h"

static bool add(struct sdr_headers *headers, const char *line)
{
	return sdr_headers_add(headers, line, strlen(line));
}

static void check_header(
	const struct sdr_headers *headers, size_t *at, const char *name, const char *value)
{
	struct sdr_header header;
	assert_true(sdr_headers_next(headers, at, &header));
	assert_int_equal(header.name_length, strlen(name));
	assert_memory_equal(header.name, name, header.name_length);
	assert_int_equal(header.value_length, strlen(value));
	assert_memory_equal(header.value, value, header.value_length);
}

/* What libcurl makes of these differs by version: they are no status for us. */
static void test_C8_status(void **state)
{
	static const struct {
		const char *line;
		int status;
	} rows[] = {{"HTTP/1.1 200 OK\r\n", 200}, {"HTTP/1.1 200\r\n", 200},
		{"HTTP/2 204 \r\n", 204}, {"HTTP/1.0 999 x\r\n", 999},
		{"HTTP/1.1 99999 What\r\n", 0}, {"HTTP/1.1 2000\r\n", 0}, {"HTTP/1.1 20 x\r\n", 0},
		{"HTTP/1.1 099 x\r\n", 0}, {"HTTP/1.1 20x OK\r\n", 0}, {"HTTP/1.1 200x\r\n", 0},
		{"HTTP/1.1\r\n", 0}, {"HTTP/1.1  200 OK\r\n", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sdr_headers headers = {0};

		assert_true(add(&headers, rows[i].line));
		assert_int_equal(headers.status, rows[i].status);
		sdr_headers_done(&headers);
	}
}

static void test_answer(void **state)
{
	struct sdr_headers headers = {0};
	struct sdr_header header;
	size_t at = 0, length;
	(void)state;
	assert_null(sdr_headers_status_line(&headers, &length));
	assert_false(sdr_headers_next(&headers, &at, &header));
	assert_true(add(&headers, "HTTP/1.1 103 Early Hints\r\n"));
	assert_true(add(&headers, "Link: </a>\r\n"));
	assert_true(add(&headers, "\r\n"));
	assert_false(sdr_headers_final(&headers));
	assert_true(add(&headers, "HTTP/1.1 200 OK\r\n"));
	assert_true(add(&headers, "Server:  a b \r\n"));
	assert_true(add(&headers, "Folded: one\r\n"));
	assert_true(add(&headers, "   two\r\n"));
	assert_true(add(&headers, "Content-Length: 12\r\n"));
	assert_true(add(&headers, "nocolon\r\n"));
	assert_true(add(&headers, "HTTP/fake: within\r\n"));
	assert_false(sdr_headers_final(&headers));
	assert_true(add(&headers, "\r\n"));
	assert_true(sdr_headers_final(&headers));
	assert_true(add(&headers, "Trailer: x\r\n"));
	assert_int_equal(headers.status, 200);
	assert_int_equal(headers.interim, 1);
	assert_int_equal(headers.content_length, 12);
	assert_memory_equal(sdr_headers_status_line(&headers, &length), "HTTP/1.1 200 OK", 15);
	assert_int_equal(length, 15);
	at = 0;
	check_header(&headers, &at, "Server", "a b");
	check_header(&headers, &at, "Folded", "one two");
	check_header(&headers, &at, "Content-Length", "12");
	check_header(&headers, &at, "nocolon", "");
	check_header(&headers, &at, "HTTP/fake", "within");
	assert_false(sdr_headers_next(&headers, &at, &header));
	sdr_headers_done(&headers);
}

/* Without a status line before it a line is of no answer. */
static void test_lines_of_no_answer(void **state)
{
	static const char *const lines[] = {
		"X: y\r\n", " folded\r\n", "\r\n", "Content-Length: x\r\n"};
	struct sdr_headers headers = {0};
	struct sdr_header header;
	size_t at = 0;
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_true(add(&headers, lines[i]));
		assert_int_equal(headers.used, 0);
		assert_false(headers.complete);
	}
	assert_false(sdr_headers_next(&headers, &at, &header));
	assert_true(add(&headers, "HTTP/1.1 200 OK\r\n"));
	assert_true(add(&headers, "A: b\r\n"));
	assert_true(add(&headers, "\r\n"));
	assert_true(add(&headers, "X: y\r\n"));
	assert_true(sdr_headers_final(&headers));
	at = 0;
	check_header(&headers, &at, "A", "b");
	assert_false(sdr_headers_next(&headers, &at, &header));
	sdr_headers_done(&headers);
}

static void test_C9_lengths(void **state)
{
	static const struct {
		const char *first, *second;
		enum sdr_headers_fault fault;
	} rows[] = {
		{"Content-Length: 0\r\n", NULL, SDR_HEADERS_FINE},
		{"Content-Length: 9223372036854775807\r\n", NULL, SDR_HEADERS_FINE},
		{"Content-Length: 9223372036854775808\r\n", NULL, SDR_HEADERS_BAD_LENGTH},
		{"content-length: 100000000000000000000000\r\n", NULL, SDR_HEADERS_BAD_LENGTH},
		{"Content-Length: -5\r\n", NULL, SDR_HEADERS_BAD_LENGTH},
		{"Content-Length: \r\n", NULL, SDR_HEADERS_BAD_LENGTH},
		{"Content-Length: 5, 5\r\n", NULL, SDR_HEADERS_BAD_LENGTH},
		{"Content-Length: 5\r\n", "Content-Length: 5\r\n", SDR_HEADERS_FINE},
		{"Content-Length: 5\r\n", "Content-Length: 6\r\n", SDR_HEADERS_TWO_LENGTHS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sdr_headers headers = {0};

		assert_true(add(&headers, "HTTP/1.1 200 OK\r\n"));
		bool taken = add(&headers, rows[i].first) &&
			(!rows[i].second || add(&headers, rows[i].second));
		assert_int_equal(headers.fault, rows[i].fault);
		assert_int_equal(taken, rows[i].fault == SDR_HEADERS_FINE);
		sdr_headers_done(&headers);
	}
}

static void test_C1_bytes(void **state)
{
	static char line[1024];
	struct sdr_headers headers = {0};
	unsigned taken = 0;
	(void)state;
	memset(line, 'a', sizeof(line));
	line[1] = ':';
	assert_true(add(&headers, "HTTP/1.1 200 OK\r\n"));
	while (taken < 1000 && sdr_headers_add(&headers, line, sizeof(line)))
		taken++;
	assert_int_equal(taken, 63);
	assert_int_equal(headers.fault, SDR_HEADERS_TOO_LONG);
	assert_false(add(&headers, "A: b\r\n"));
	sdr_headers_done(&headers);
}

static void test_C1_interim_flood(void **state)
{
	struct sdr_headers headers = {0};
	unsigned taken = 0;
	(void)state;
	while (taken < 100000 && add(&headers, "HTTP/1.1 100 Continue\r\n") &&
		add(&headers, "\r\n"))
		taken++;
	assert_int_equal(taken, SDR_HEADERS_LINES_MAX / 2);
	assert_int_equal(headers.fault, SDR_HEADERS_TOO_MANY);
	sdr_headers_done(&headers);
}

static void test_C3_lines(void **state)
{
	struct sdr_headers headers = {0};
	unsigned taken = 1;
	(void)state;
	assert_true(add(&headers, "HTTP/1.1 200 OK\r\n"));
	while (taken < 100000 && add(&headers, "A:b\r\n"))
		taken++;
	assert_int_equal(taken, SDR_HEADERS_LINES_MAX);
	assert_int_equal(headers.fault, SDR_HEADERS_TOO_MANY);
	sdr_headers_done(&headers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_C8_status),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_lines_of_no_answer),
		cmocka_unit_test(test_C9_lengths),
		cmocka_unit_test(test_C1_bytes),
		cmocka_unit_test(test_C1_interim_flood),
		cmocka_unit_test(test_C3_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
