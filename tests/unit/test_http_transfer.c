/* test_http_transfer.c - what a transfer sends and what it makes of the answer, with a peer in a
 * thread of the test's own that answers as its script has it. */
#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "http/multi.h"
#include "http/transfer.h"
#include "lib/given.h"

#define ROOM 4096

/* What the peer waits for, answers, and then does. */
struct peer {
	int listener;
	const char *answer;   /* what each request gets, up to two, one after another */
	const char *second;   /* NULL: no second request is waited for */
	const char *greeting; /* before any request; or NULL */
	bool stays;           /* open until we close */
	char request[ROOM];   /* all that came */
	char after;           /* how our side ended: 'c'losed, or 't' for none within 10 s */
};

/* Reads up to the end of one request's headers. */
static void read_request(struct peer *peer, int fd)
{
	size_t used = strlen(peer->request), start = used;
	while (used < ROOM - 1 && !strstr(peer->request + start, "\r\n\r\n")) {
		ssize_t length = recv(fd, peer->request + used, ROOM - 1 - used, 0);
		if (length <= 0)
			return;
		used += (size_t)length;
		peer->request[used] = '\0';
	}
}

static void speak(int fd, const char *text)
{
	if (text)
		(void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void run_peer(void *context)
{
	struct peer *peer = context;
	struct pollfd ready = {.fd = peer->listener, .events = POLLIN};
	int fd = poll(&ready, 1, 10000) == 1 ? accept(peer->listener, NULL, NULL) : -1;
	if (fd < 0)
		return;
	speak(fd, peer->greeting);
	read_request(peer, fd);
	speak(fd, peer->answer);
	if (peer->second) {
		read_request(peer, fd);
		speak(fd, peer->second);
	}
	if (!peer->stays)
		shutdown(fd, SHUT_WR);
	char byte;
	ready = (struct pollfd){.fd = fd, .events = POLLIN};
	peer->after = poll(&ready, 1, 10000) == 1 && recv(fd, &byte, 1, 0) <= 0 ? 'c' : 't';
	close(fd);
}

/* What came of one transfer. */
struct seen {
	struct sdr_multi *multi;
	struct sdr_transfer_answer answer; /* without what it owns */
	unsigned count, attempts;
	char head[ROOM], body[ROOM];
	size_t body_length, enough_at; /* 0: never enough */
	sdr_ns begun, took;
};

static bool on_body(void *context, const void *bytes, size_t length)
{
	struct seen *seen = context;
	assert_true(seen->body_length + length < ROOM);
	memcpy(seen->body + seen->body_length, bytes, length);
	seen->body_length += length;
	return seen->enough_at == 0 || seen->body_length < seen->enough_at;
}

static void on_done(void *context, const struct sdr_transfer_answer *answer)
{
	struct seen *seen = context;
	seen->count++;
	seen->took = sdr_clock_now() - seen->begun;
	seen->answer = *answer;
	seen->attempts = answer->attempt_count;
	seen->answer.attempts = NULL;
	assert_true(answer->headers.used < ROOM);
	if (answer->headers.used)
		memcpy(seen->head, answer->headers.bytes, answer->headers.used);
	sdr_multi_free(seen->multi);
}

/* Runs one transfer against the peer. */
static void transfer(struct seen *seen, struct peer *peer, struct sdr_transfer_spec spec)
{
	struct sdr_endpoint endpoint;
	struct sdr_transfer *made;
	uv_loop_t loop;
	uv_thread_t thread;
	size_t enough_at = seen->enough_at;
	char proxy[64];
	memset(seen, 0, sizeof(*seen));
	seen->enough_at = enough_at;
	peer->listener = loopback_listener(4, &endpoint);
	peer->request[0] = peer->after = '\0';
	spec.url = spec.url ? spec.url : "http://host.test/x?y";
	spec.method = spec.method ? spec.method : "GET";
	spec.timeout = spec.timeout ? spec.timeout : 10 * SDR_SECOND;
	spec.connect_timeout = spec.timeout;
	spec.body_max = spec.body_max ? spec.body_max : ROOM - 1;
	if (spec.proxy) { /* the listener is it: libcurl has the address for this port alone */
		snprintf(proxy, sizeof(proxy), "http://proxy.test:%u", endpoint.port);
		spec.proxy = proxy;
		spec.proxy_host = "proxy.test";
	}
	spec.peers = &endpoint;
	spec.peer_count = 1;
	spec.done = on_done;
	spec.on_body = on_body;
	spec.context = spec.on_body_context = seen;
	assert_int_equal(uv_thread_create(&thread, run_peer, peer), 0);
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_int_equal(sdr_multi_new(&loop, &seen->multi), SDR_OK);
	seen->begun = sdr_clock_now();
	assert_int_equal(sdr_transfer_start(seen->multi, &spec, &made), SDR_OK);
	assert_int_equal(seen->count, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	uv_thread_join(&thread);
	close(peer->listener);
	assert_int_equal(seen->count, 1);
	assert_int_equal(peer->after, 'c'); /* our side never stays open */
	assert_int_equal(seen->attempts, 1);
	assert_int_equal(seen->answer.remote.port, endpoint.port);
}

#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

static void test_what_is_sent(void **state)
{
	static const char *const two[] = {"X-One: 1", "Accept: text/plain", NULL};
	static const struct {
		struct sdr_transfer_spec spec;
		const char *request;
	} cases[] = {
		{{0}, "GET /x?y HTTP/1.1\r\nHost: host.test\r\nAccept: */*\r\n\r\n"},
		{{.method = "HEAD"},
			"HEAD /x?y HTTP/1.1\r\nHost: host.test\r\nAccept: */*\r\n\r\n"},
		{{.user_agent = "me/1"},
			"GET /x?y HTTP/1.1\r\nHost: host.test\r\nUser-Agent: me/1\r\n"
			"Accept: */*\r\n\r\n"},
		{{.bare = true}, "GET /x?y HTTP/1.1\r\n\r\n"},
		{{.bare = true, .user_agent = "me/1"}, "GET /x?y HTTP/1.1\r\n\r\n"},
		{{.http10 = true}, "GET /x?y HTTP/1.0\r\nHost: host.test\r\nAccept: */*\r\n\r\n"},
		{{.headers = two},
			"GET /x?y HTTP/1.1\r\nHost: host.test\r\nX-One: 1\r\n"
			"Accept: text/plain\r\n\r\n"},
		{{.user = "me", .password = "key"},
			"GET /x?y HTTP/1.1\r\nHost: host.test\r\nAuthorization: Basic bWU6a2V5\r\n"
			"Accept: */*\r\n\r\n"},
		{{.user = "me"},
			"GET /x?y HTTP/1.1\r\nHost: host.test\r\nAuthorization: Basic bWU6\r\n"
			"Accept: */*\r\n\r\n"},
		{{.url = "http://other.test:81/"},
			"GET / HTTP/1.1\r\nHost: other.test:81\r\nAccept: */*\r\n\r\n"},
		{{.proxy = "the peer"},
			"GET http://host.test/x?y HTTP/1.1\r\nHost: host.test\r\nAccept: */*\r\n"
			"Proxy-Connection: Keep-Alive\r\n\r\n"},
		{{.proxy = "the peer", .proxy_user = "p"},
			"GET http://host.test/x?y HTTP/1.1\r\nHost: host.test\r\n"
			"Proxy-Authorization: Basic cDo=\r\nAccept: */*\r\n"
			"Proxy-Connection: Keep-Alive\r\n\r\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct seen seen = {0};
		struct peer peer = {.answer = OK_EMPTY};
		transfer(&seen, &peer, cases[i].spec);
		assert_string_equal(peer.request, cases[i].request);
		assert_int_equal(seen.answer.end, SDR_TRANSFER_DONE);
		assert_int_equal(seen.answer.status_code, 200);
		assert_int_equal(seen.answer.proxied, cases[i].spec.proxy != NULL);
		assert_int_equal(seen.answer.tunnel, -1);
		assert_int_equal(seen.answer.remote.addr.version, 4);
	}
}

#define TWO_LENGTHS "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"

static void test_what_came(void **state)
{
	static const struct {
		struct sdr_transfer_spec spec;
		struct peer peer;
		enum sdr_transfer_end end;
		int status;
		const char *version, *head, *body;
		bool cut, open;
	} cases[] = {
		{{0}, {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
			SDR_TRANSFER_DONE, 200, "1.1", "HTTP/1.1 200 OK\nContent-Length: 5\n",
			"hello"},
		{{0}, {.answer = "HTTP/1.0 404 Not\r\nA: b\r\n\r\nuntil the end"},
			SDR_TRANSFER_DONE, 404, "1.0", "HTTP/1.0 404 Not\nA: b\n", "until the end"},
		{{0},
			{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
				.stays = true},
			SDR_TRANSFER_DONE, 200, "1.1", "HTTP/1.1 200 OK\nContent-Length: 5\n",
			"hello"},
		{{.body_max = 5}, {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
			SDR_TRANSFER_DONE, 200, "1.1", NULL, "hello"},
		{{.body_max = 4},
			{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
				.stays = true},
			SDR_TRANSFER_DONE, 200, "1.1", NULL, "hell", .cut = true},
		{{0}, {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello"},
			SDR_TRANSFER_CLOSED_EARLY, 200, "1.1", NULL, "hello"},
		{{0}, {.answer = "HTTP/1.1 200 OK\r\nContent-"}, SDR_TRANSFER_CLOSED_EARLY, 200,
			"1.1", "HTTP/1.1 200 OK\n", ""},
		{{0}, {.answer = ""}, SDR_TRANSFER_CLOSED_EMPTY, 0, NULL, "", ""},
		{{.timeout = SDR_SECOND}, {.answer = "", .stays = true}, SDR_TRANSFER_TIMEOUT, 0,
			NULL, "", ""},
		{{.timeout = SDR_SECOND},
			{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
				.stays = true},
			SDR_TRANSFER_TIMEOUT, 200, "1.1", NULL, "hello"},
		{{.method = "HEAD"},
			{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .stays = true},
			SDR_TRANSFER_DONE, 200, "1.1", "HTTP/1.1 200 OK\nContent-Length: 5\n", ""},
		{{.method = "HEAD", .to_the_end = true},
			{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello"},
			SDR_TRANSFER_DONE, 200, "1.1", NULL, "hello"},
		{{.method = "HEAD", .to_the_end = true, .timeout = SDR_SECOND},
			{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .stays = true},
			SDR_TRANSFER_DONE, 200, "1.1", NULL, "", .open = true},
		{{0}, {.answer = "SSH-2.0-x\r\n"}, SDR_TRANSFER_NOT_HTTP, 0, NULL, NULL, ""},
		{{0}, {.greeting = "220 mail\r\n", .answer = "", .stays = true},
			SDR_TRANSFER_NOT_HTTP, 0, NULL, NULL, ""},
		{{0}, {.answer = TWO_LENGTHS}, SDR_TRANSFER_HEADER_BAD, 200, "1.1", NULL, ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct seen seen = {0};
		struct peer peer = cases[i].peer;
		transfer(&seen, &peer, cases[i].spec);
		const struct sdr_transfer_answer *answer = &seen.answer;
		assert_int_equal(answer->end, cases[i].end);
		assert_int_equal(answer->status_code, cases[i].status);
		assert_string_equal(answer->http_version ? answer->http_version : "-",
			cases[i].version ? cases[i].version : "-");
		if (cases[i].head)
			assert_string_equal(seen.head, cases[i].head);
		assert_string_equal(seen.body, cases[i].body);
		assert_int_equal(answer->body_bytes, strlen(cases[i].body));
		assert_int_equal(answer->body_cut, cases[i].cut);
		assert_int_equal(answer->left_open, cases[i].open);
		bool whole = answer->end == SDR_TRANSFER_DONE;
		assert_int_equal(answer->text[0] == '\0' && answer->curl_code == 0, whole);
		const struct sdr_transfer_times *times = &answer->times;
		assert_int_equal(times->appconnect, SDR_NS_NONE);
		assert_true(times->connect > 0 && times->connect <= times->total);
		assert_true(times->total <= seen.took);
		if (answer->status_code)
			assert_true(times->starttransfer >= times->connect &&
				times->starttransfer <= times->total);
		else if (answer->end != SDR_TRANSFER_NOT_HTTP)
			assert_int_equal(times->starttransfer, SDR_NS_NONE);
	}
}

/* What is no HTTP is kept as it came, whether it was asked for or not. */
static void test_first_bytes(void **state)
{
	struct seen seen = {0};
	struct peer peer = {.greeting = "220 mail of mine\r\n", .answer = ""};
	(void)state;
	transfer(&seen, &peer, (struct sdr_transfer_spec){0});
	assert_int_equal(seen.answer.end, SDR_TRANSFER_NOT_HTTP);
	assert_int_equal(seen.answer.first_length, 18);
	assert_memory_equal(seen.answer.first_bytes, "220 mail of mine\r\n", 18);
	assert_false(seen.answer.first_cut);
	char *many = calloc(1, 3000);
	memset(many, 'z', 2999);
	peer = (struct peer){.answer = many};
	transfer(&seen, &peer, (struct sdr_transfer_spec){0});
	assert_int_equal(seen.answer.end, SDR_TRANSFER_NOT_HTTP);
	assert_int_equal(seen.answer.first_length, SDR_TRANSFER_FIRST);
	assert_memory_equal(seen.answer.first_bytes, many, SDR_TRANSFER_FIRST);
	assert_true(seen.answer.first_cut);
	free(many);
}

/* Whoever takes the body may have enough. */
static void test_enough_of_a_body(void **state)
{
	struct seen seen = {.enough_at = 3};
	struct peer peer = {.answer = "HTTP/1.1 200 OK\r\n\r\nhello", .stays = true};
	(void)state;
	transfer(&seen, &peer, (struct sdr_transfer_spec){0});
	assert_int_equal(seen.answer.end, SDR_TRANSFER_DONE);
	assert_int_equal(seen.answer.body_bytes, 5);
	assert_false(seen.answer.body_cut);
}

/* Through a tunnel the proxy is asked first; what it answers is kept apart. */
static void test_tunnels(void **state)
{
	static const struct {
		const char *answer, *second;
		enum sdr_transfer_end end;
		int tunnel, status;
		bool stays;
	} cases[] = {
		{"HTTP/1.1 200 Go\r\n\r\n", OK_EMPTY, SDR_TRANSFER_DONE, 200, 200, false},
		{"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", NULL, SDR_TRANSFER_PROXY, 403, 0,
			false},
		{"", NULL, SDR_TRANSFER_TIMEOUT, 0, 0, true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct seen seen = {0};
		struct peer peer = {.answer = cases[i].answer,
			.second = cases[i].second,
			.stays = cases[i].stays};
		transfer(&seen, &peer,
			(struct sdr_transfer_spec){.proxy = "the peer",
				.connect_to = "host.test:80:other.test:81",
				.timeout = cases[i].stays ? SDR_SECOND : 0});
		assert_int_equal(seen.answer.end, cases[i].end);
		assert_int_equal(seen.answer.tunnel, cases[i].tunnel);
		assert_int_equal(seen.answer.status_code, cases[i].status);
		assert_true(seen.answer.proxied);
		assert_string_equal(strtok(peer.request, "\r\n"), "CONNECT other.test:81 HTTP/1.1");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_sent),
		cmocka_unit_test(test_what_came),
		cmocka_unit_test(test_first_bytes),
		cmocka_unit_test(test_enough_of_a_body),
		cmocka_unit_test(test_tunnels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
