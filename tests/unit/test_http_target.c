/* What `head` and `get` make of a TARGET, a proxy and a --connect-to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/http_target.h"

struct row {
	const char *text;
	enum sdr_status status;
	const char *host; /* or, for a failure, what the message must hold beside the text */
	uint16_t port;
	bool is_url, is_tls;
};

static const struct row rows[] = {
	{"http://example.com/", SDR_OK, "example.com", 80, true, false},
	{"HTTP://example.com", SDR_OK, "example.com", 80, true, false},
	{"https://example.com?q=1", SDR_OK, "example.com", 443, true, true},
	{"https://example.com:8443/a:b@c", SDR_OK, "example.com", 8443, true, true},
	{"http://user:pw@example.com:81/", SDR_OK, "example.com", 81, true, false},
	{"http://[::1]/", SDR_OK, "::1", 80, true, false},
	{"http://[::1]:8080/", SDR_OK, "::1", 8080, true, false},
	{"http://[fe80::1%25lo]:8080/", SDR_OK, "fe80::1%lo", 8080, true, false},
	{"127.0.0.1:8080", SDR_OK, "127.0.0.1", 8080, false, false},
	{"[::1]:80", SDR_OK, "::1", 80, false, false},
	{"::1", SDR_OK, "::1", 80, false, false},
	{"192.0.2.1", SDR_OK, "192.0.2.1", 80, false, false},
	{"localhost:http", SDR_OK, "localhost", 80, false, false},
	{"example.com", SDR_EINVAL, "neither a URL nor host:port", 0, false, false},
	{"ftp://example.com/", SDR_EINVAL, "http://", 0, false, false},
	{"http:///path", SDR_EINVAL, "host", 0, false, false},
	{"http://", SDR_EINVAL, "host", 0, false, false},
	{"http://a b/", SDR_EINVAL, "%20", 0, false, false},
	{"http://a\n/", SDR_EINVAL, "%0A", 0, false, false},
	{"http://a:99999/", SDR_ERANGE, "65535", 0, false, false},
	{"http://a:0/", SDR_ERANGE, "1 to 65535", 0, false, false},
	{"a:nosuchservice", SDR_ENOENT, "nosuchservice", 0, false, false},
	{"example.com/path:80", SDR_EINVAL, "URL", 0, false, false},
	{"", SDR_EINVAL, "", 0, false, false},
	{":80", SDR_EINVAL, "host", 0, false, false},
};

static void test_targets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct sdr_http_target target = {.port = 1};
		struct sdr_error error = {0};
		enum sdr_status status = sdr_http_target_parse(NULL, row->text, &target, &error);

		if (status != row->status)
			fail_msg("%s: status %d, message %s", row->text, (int)status, error.text);
		if (status != SDR_OK) {
			if (!strstr(error.text, row->text) || !strstr(error.text, row->host))
				fail_msg("%s: message %s", row->text, error.text);
			assert_int_equal(target.port, 1);
			continue;
		}
		assert_string_equal(target.host, row->host);
		assert_int_equal(target.port, row->port);
		assert_int_equal(target.is_url, row->is_url);
		assert_int_equal(target.is_tls, row->is_tls);
	}
}

static void test_long_host(void **state)
{
	char text[2000] = "http://";
	struct sdr_http_target target;
	struct sdr_error error = {0};

	(void)state;
	memset(text + 7, 'a', sizeof(text) - 8);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(sdr_http_target_parse(NULL, text, &target, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "too long"));
}

struct connect_row {
	const char *text;
	enum sdr_status status;
	const char *host;
	uint16_t port;
};

static void test_connect_to(void **state)
{
	static const struct connect_row tests[] = {
		{"::127.0.0.1:8443", SDR_OK, "127.0.0.1", 8443},
		{"example.com:443:[::1]:8443", SDR_OK, "::1", 8443},
		{"EXAMPLE.com:443:other:", SDR_OK, "other", 443},
		{":443::8443", SDR_OK, "example.com", 8443},
		{"else.com:443:other:1", SDR_OK, "example.com", 443},
		{"example.com:80:other:1", SDR_OK, "example.com", 443},
		{"example.com:443", SDR_EINVAL, NULL, 0},
		{"a:b:c:d:e", SDR_EINVAL, NULL, 0},
		{"[::1:443:a:1", SDR_EINVAL, NULL, 0},
		{"::a:99999", SDR_ERANGE, NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		struct sdr_http_target target = {.is_url = true, .is_tls = true, .host = "example.com", .port = 443};
		struct sdr_error error = {0};
		enum sdr_status status = sdr_http_target_connect_to(NULL, tests[i].text, &target, &error);

		if (status != tests[i].status)
			fail_msg("%s: status %d, message %s", tests[i].text, (int)status, error.text);
		if (status != SDR_OK)
			continue;
		assert_string_equal(target.host, tests[i].host);
		assert_int_equal(target.port, tests[i].port);
	}
}

static void test_proxies(void **state)
{
	static const struct connect_row tests[] = {
		{"127.0.0.1:3128", SDR_OK, "127.0.0.1", 3128},
		{"http://proxy", SDR_OK, "proxy", 1080},
		{"https://u:p@proxy", SDR_OK, "proxy", 443},
		{"socks5h://[::1]:9050/", SDR_OK, "::1", 9050},
		{"socks5://proxy:1", SDR_EINVAL, NULL, 0},
		{"", SDR_EINVAL, NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		struct sdr_http_target target = {0};
		struct sdr_error error = {0};

		assert_int_equal(sdr_http_target_proxy(NULL, tests[i].text, &target, &error), tests[i].status);
		if (tests[i].status != SDR_OK)
			continue;
		assert_string_equal(target.host, tests[i].host);
		assert_int_equal(target.port, tests[i].port);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_long_host),
		cmocka_unit_test(test_connect_to),
		cmocka_unit_test(test_proxies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
