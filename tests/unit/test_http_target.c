/* What `head` and `get` make of a TARGET, a proxy and a --connect-to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/http_secret.h"
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
	{"http://[fe80::1%25lo]:8080/x@y", SDR_OK, "fe80::1%lo", 8080, true, false},
	{"127.0.0.1:8080", SDR_OK, "127.0.0.1", 8080, false, false},
	{"[::1]:80", SDR_OK, "::1", 80, false, false},
	{"::1", SDR_OK, "::1", 80, false, false},
	{"192.0.2.1", SDR_OK, "192.0.2.1", 80, false, false},
	{"localhost:http", SDR_OK, "localhost", 80, false, false},
	{"example.com", SDR_EINVAL, "neither a URL nor host:port", 0, false, false},
	{"ftp://example.com/", SDR_EINVAL, "http://", 0, false, false},
	{"http:///path", SDR_EINVAL, "host", 0, false, false},
	{"http://", SDR_EINVAL, "host", 0, false, false},
	{"http://a b/", SDR_EINVAL, "blank", 0, false, false},
	{"http://a\n/", SDR_EINVAL, "control", 0, false, false},
	{"http://a/b c\n", SDR_OK, "a", 80, true, false},
	{"http://u:p/w@host/", SDR_EINVAL, "written %2F", 0, false, false},
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
			if ((!strstr(error.text, row->text) && !strchr(row->text, '@')) ||
				!strstr(error.text, row->host))
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

/* RFC 3986 sec. 2.1, 3.3, 3.4: what is sent of a URL. */
static void test_KW4_bytes_outside_rfc_3986(void **state)
{
	static const char *const urls[][2] = {
		{"http://x/?q=gr\u00f6\u00dfe", "http://x/?q=gr%C3%B6%C3%9Fe"},
		{"http://x/a b|c\\d\"<>^`{}[]",
			"http://x/a%20b%7Cc%5Cd%22%3C%3E%5E%60%7B%7D%5B%5D"},
		{"http://x/%20%c3%b6?%zz%4", "http://x/%20%c3%b6?%25zz%254"},
		{"http://x/%", "http://x/%25"},
		{"http://x/\x1b[2J\x7f?\t#\xff", "http://x/%1B%5B2J%7F?%09"},
		{"http://x/a?b#c", "http://x/a?b"},
		{"http://x#c d", "http://x"},
		{"http://x?q=\xff", "http://x?q=%FF"},
		{"http://u:p%40w@x:1/-._~!$&'()*+,;=:@/?", "http://x:1/-._~!$&'()*+,;=:@/?"},
		{"http://@x/", "http://x/"},
		{"https://[::1]:8/", "https://[::1]:8/"},
	};
	char out[512];
	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		sdr_http_target_url(out, urls[i][0]);
		assert_string_equal(out, urls[i][1]);
	}
}

/* What outputs show instead, and what is sent. */
static void test_KW6_secrets(void **state)
{
	static const char *const shown[][2] = {
		{"http://u:p@h/x@y", "http://***@h/x@y"},
		{"http://token@h", "http://***@h"},
		{"http://h/a@b", "http://h/a@b"},
		{"u:p@h:80", "***@h:80"},
		{"http://u:p@q@h/", "http://***@h/"},
		{"http://@h/", "http://@h/"},
	};
	static const char *const headers[][2] = {
		{"Authorization: Basic abc", "Authorization: ***"},
		{"X-Api-Key:abc", "X-Api-Key: ***"},
		{"cookie: a=b", "cookie: ***"},
		{"Accept: text/html", "Accept: text/html"},
		{"Authorization:", "Authorization:"},
		{"Authorization Basic abc", "Authorization ***"},
		{"nocolon", "nocolon"},
	};
	char out[256], user[64], password[64];
	struct sdr_credentials into = {.user = user, .password = password};
	struct sdr_error error = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		assert_string_equal(sdr_secret_url(out, sizeof(out), shown[i][0]), shown[i][1]);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		assert_string_equal(
			sdr_secret_header(out, sizeof(out), headers[i][0]), headers[i][1]);
	assert_int_equal(
		sdr_credentials_decode("http://us%65r:p%40%3A:w%zz@h/", &into, &error), SDR_OK);
	assert_string_equal(user, "user");
	assert_string_equal(password, "p@::w%zz");
	assert_int_equal(sdr_credentials_decode("http://a:b%00c@h/", &into, &error), SDR_EINVAL);
	assert_int_equal(sdr_credentials_decode("http://***@h/", &into, &error), SDR_EINVAL);
	sdr_error_set(&error, 0, "\"%s\" and %s", "ftp://u:se/c#ret@h/", "http://a:b@c");
	assert_string_equal(error.text, "\"ftp://***@h/\" and http://***@c");
	sdr_error_set(&error, 0, "%0300d http://u:%0300d@h", 0, 0);
	assert_null(strstr(error.text, "http://u"));
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
		struct sdr_http_target target = {
			.is_url = true, .is_tls = true, .host = "example.com", .port = 443};
		struct sdr_error error = {0};
		enum sdr_status status =
			sdr_http_target_connect_to(NULL, tests[i].text, &target, &error);

		if (status != tests[i].status)
			fail_msg("%s: status %d, message %s", tests[i].text, (int)status,
				error.text);
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

		assert_int_equal(sdr_http_target_proxy(NULL, tests[i].text, &target, &error),
			tests[i].status);
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
		cmocka_unit_test(test_KW4_bytes_outside_rfc_3986),
		cmocka_unit_test(test_KW6_secrets),
		cmocka_unit_test(test_long_host),
		cmocka_unit_test(test_connect_to),
		cmocka_unit_test(test_proxies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
