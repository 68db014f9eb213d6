/* Questions and name lookups against a name server of our own on the same loop, which misbehaves as
 * the requested name selects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "dns/names.h"
#include "lib/skip.h"

/* One server on 127.0.0.1, UDP and TCP on the same port. */
struct server {
	uv_udp_t udp;
	uv_tcp_t tcp;
	uint16_t port;
	unsigned asked; /* UDP questions */
	unsigned asked_tcp;
	unsigned asked_silent; /* UDP questions that get no answer */
	struct forger *forger; /* of the test that wants one */
};

#define FORGED 10000

/* Forged answers, a few at each turn of the loop so that none is dropped on the way; then the true
 * one. */
struct forger {
	uv_idle_t idle;
	uv_udp_t elsewhere; /* another port */
	uv_udp_t *udp;      /* the server's */
	struct sockaddr_in to;
	uint8_t answer[512];
	size_t size;
	unsigned left; /* 0: it has not begun, or is done */
	unsigned sent;
};

struct fixture {
	uv_loop_t loop;
	struct server server;
	struct sdr_names *names;
	char folder[64], resolv[96], hosts[96], nsswitch[96];
};

/* An outcome of a lookup, copied. */
struct outcome {
	unsigned calls;
	enum sdr_outcome outcome;
	char why[SDR_ERROR_TEXT], canonical[256], alias[256], first[SDR_ADDR_TEXT];
	unsigned count, aliases;
	int32_t ttl;
	int rcode;
	uint64_t rejected;
	uint8_t last_byte;
	sdr_ns elapsed;
	char server[SDR_ENDPOINT_TEXT];
	bool tcp, truncated, edns;
};

static size_t question_end(const uint8_t *bytes, size_t length)
{
	size_t at = 12;
	while (at < length && bytes[at] != 0)
		at += bytes[at] + 1u;
	return at + 5;
}

static bool asks_for(const uint8_t *bytes, const char *label)
{
	return bytes[12] == strlen(label) &&
		strncasecmp((const char *)bytes + 13, label, bytes[12]) == 0;
}

static size_t add_record(uint8_t *out, unsigned type, const void *data, size_t length)
{
	const uint8_t head[12] = {
		0xc0, 12, 0, (uint8_t)type, 0, 1, 0, 0, 0, 60, 0, (uint8_t)length};
	memcpy(out, head, 12);
	memcpy(out + 12, data, length);
	return 12 + length;
}

/* Rcodes by name. */
static const struct {
	const char *label;
	uint8_t rcode;
} rcodes[] = {{"formerr", 1}, {"servfail", 2}, {"nxdomain", 3}, {"notimp", 4}, {"refused", 5}};

/* What servers say to EDNS that don't take it: FORMERR, SERVFAIL, NOTIMP, BADVERS. */
static const struct {
	const char *label;
	uint8_t rcode;
} edns_refused[] = {{"noedns1", 1}, {"noedns2", 2}, {"noedns4", 4}, {"noedns16", 16}};

static size_t refuse_edns(uint8_t *out, size_t at, uint8_t rcode)
{
	const uint8_t opt[11] = {0, 0, 41, 4, 208, (uint8_t)(rcode >> 4), 0, 0, 0, 0, 0};
	out[3] |= rcode & 15;
	if (rcode < 16)
		return at;
	out[11] = 1;
	memcpy(out + at, opt, sizeof(opt));
	return at + sizeof(opt);
}

/* Writes the answer to a question; 0: stay silent. */
static size_t respond(uint8_t *out, const uint8_t *question, size_t length, bool tcp)
{
	size_t end = question_end(question, length), at = end;
	uint16_t type = (uint16_t)(question[end - 4] << 8 | question[end - 3]);
	bool edns = question[11] == 1;
	if (asks_for(question, "silent") || (tcp && asks_for(question, "tcsilent")))
		return 0;
	memcpy(out, question, end);
	out[2] = 0x81;
	out[3] = 0x80;
	memset(out + 6, 0, 6);
	for (size_t i = 0; i < sizeof(rcodes) / sizeof(*rcodes); i++)
		if (asks_for(question, rcodes[i].label)) {
			out[3] |= rcodes[i].rcode;
			return at;
		}
	for (size_t i = 0; i < sizeof(edns_refused) / sizeof(*edns_refused); i++)
		if (asks_for(question, edns_refused[i].label) && edns)
			return refuse_edns(out, at, edns_refused[i].rcode);
	if (out[12] == 2 && memcmp(out + 13, "tc", 2) == 0 && !tcp) {
		out[2] |= 2;
		return at;
	}
	if (!tcp && (asks_for(question, "tcsilent") || asks_for(question, "tcreset"))) {
		out[2] |= 2;
		return at;
	}
	if (asks_for(question, "lies")) {
		out[7] = 200;
		return at;
	}
	if (asks_for(question, "loop")) {
		out[7] = 1;
		return at + add_record(out + at, 5, "\xc0\x0c", 2);
	}
	if (asks_for(question, "hostile")) {
		out[7] = 2;
		at += add_record(out + at, 5, "\5a\33[1m\0", 7);
		memcpy(out + at, "\5a\33[1m\0\0\1\0\1\0\0\0\1\0\4\1\2\3\4", 21);
		return at + 21;
	}
	if (type == 1 && !asks_for(question, "nodata") && !asks_for(question, "only6")) {
		out[7] = 1;
		return at + add_record(out + at, 1, "\x0a\1\2\3", 4);
	}
	if (type == 28 && (asks_for(question, "only6") || asks_for(question, "both"))) {
		out[7] = 1;
		return at + add_record(out + at, 28, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	}
	if (type == 12) {
		out[7] = 2;
		at += add_record(out + at, 12, "\3one\0", 5);
		return at + add_record(out + at, 12, "\3two\0", 5);
	}
	return at;
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buffer)
{
	(void)handle;
	*buffer = uv_buf_init(malloc(size), (unsigned)size);
}

/* By turns: another id, another name, another type, another source port; each with an address of
 * its own. */
static void send_forged(struct forger *forger)
{
	uint8_t bytes[sizeof(forger->answer)];
	uv_buf_t forged = uv_buf_init((char *)bytes, (unsigned)forger->size);
	const size_t end = question_end(forger->answer, forger->size);
	unsigned kind = forger->left % 4;
	memcpy(bytes, forger->answer, forger->size);
	bytes[forger->size - 1] = 66;
	if (kind == 0)
		bytes[forger->left / 4 % 2] ^= (uint8_t)(1 + forger->left % 255);
	else if (kind == 1)
		bytes[13 + forger->left / 4 % 6] ^= 1;
	else if (kind == 2)
		bytes[end - 3] ^= 16;
	assert_int_equal(uv_udp_try_send(kind == 3 ? &forger->elsewhere : forger->udp, &forged, 1,
				 (struct sockaddr *)&forger->to),
		forger->size);
	forger->sent++;
}

static void on_forge(uv_idle_t *idle)
{
	struct forger *forger = idle->data;
	uv_buf_t answer = uv_buf_init((char *)forger->answer, (unsigned)forger->size);
	for (int i = 0; i < 40 && forger->left > 0; i++, forger->left--)
		send_forged(forger);
	if (forger->left > 0)
		return;
	uv_udp_try_send(forger->udp, &answer, 1, (struct sockaddr *)&forger->to);
	uv_idle_stop(idle);
}

static void forge(
	struct forger *forger, uv_udp_t *udp, const uv_buf_t *answer, const struct sockaddr *to)
{
	if (forger->left > 0 || forger->sent > 0)
		return;
	forger->udp = udp;
	forger->size = answer->len;
	memcpy(forger->answer, answer->base, answer->len);
	memcpy(&forger->to, to, sizeof(forger->to));
	forger->left = FORGED;
	forger->idle.data = forger;
	uv_udp_init(udp->loop, &forger->elsewhere);
	uv_idle_init(udp->loop, &forger->idle);
	uv_idle_start(&forger->idle, on_forge);
}

static void on_datagram(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer,
	const struct sockaddr *from, unsigned flags)
{
	struct server *server = udp->data;
	uint8_t out[1024];
	(void)flags;
	if (length > 12 && from) {
		const uint8_t *question = (const uint8_t *)buffer->base;
		server->asked++;
		server->asked_silent += asks_for(question, "silent");
		size_t size = respond(out, question, (size_t)length, false);
		uv_buf_t answer = uv_buf_init((char *)out, (unsigned)size),
			 nothing = uv_buf_init((char *)out, 0);
		if (asks_for(question, "empty"))
			uv_udp_try_send(udp, &nothing, 1, from);
		if (asks_for(question, "forged")) {
			forge(server->forger, udp, &answer, from);
			size = 0;
		}
		if (size > 0)
			uv_udp_try_send(udp, &answer, 1, from);
	}
	free(buffer->base);
}

static void on_gone(uv_handle_t *handle)
{
	free(handle);
}

static void on_stream(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
	struct server *server = stream->data;
	uint8_t out[1026];
	if (length > 14) {
		const uint8_t *question = (const uint8_t *)buffer->base + 2;
		server->asked_tcp++;
		size_t size = respond(out + 2, question, (size_t)length - 2, true);
		out[0] = (uint8_t)(size >> 8);
		out[1] = (uint8_t)size;
		uv_buf_t answer = uv_buf_init((char *)out, (unsigned)size + 2);
		if (asks_for(question, "tcreset"))
			uv_tcp_close_reset((uv_tcp_t *)stream, on_gone);
		else if (size > 0)
			uv_try_write(stream, &answer, 1);
	} else if (length < 0 && !uv_is_closing((uv_handle_t *)stream)) {
		uv_close((uv_handle_t *)stream, on_gone);
	}
	free(buffer->base);
}

static void on_connection(uv_stream_t *listener, int status)
{
	uv_tcp_t *client = malloc(sizeof(*client));
	assert_int_equal(status, 0);
	assert_non_null(client);
	uv_tcp_init(listener->loop, client);
	client->data = listener->data;
	uv_accept(listener, (uv_stream_t *)client);
	uv_unref((uv_handle_t *)client);
	uv_read_start((uv_stream_t *)client, on_alloc, on_stream);
}

static void server_open(struct server *server, uv_loop_t *loop)
{
	struct sockaddr_in at;
	int size = sizeof(at), result = UV_EADDRINUSE;
	for (int attempt = 0; attempt < 50 && result != 0;
		attempt++) { /* a port that is free for both */
		uv_udp_init(loop, &server->udp);
		uv_tcp_init(loop, &server->tcp);
		uv_ip4_addr("127.0.0.1", 0, &at);
		uv_udp_bind(&server->udp, (struct sockaddr *)&at, 0);
		uv_udp_getsockname(&server->udp, (struct sockaddr *)&at, &size);
		result = uv_tcp_bind(&server->tcp, (struct sockaddr *)&at, 0);
		if (result == 0)
			result = uv_listen((uv_stream_t *)&server->tcp, 8, on_connection);
		if (result == 0)
			break;
		uv_close((uv_handle_t *)&server->udp, NULL);
		uv_close((uv_handle_t *)&server->tcp, NULL);
		uv_run(loop, UV_RUN_NOWAIT);
	}
	assert_int_equal(result, 0);
	server->port = ntohs(at.sin_port);
	server->udp.data = server->tcp.data = server;
	uv_udp_recv_start(&server->udp, on_alloc, on_datagram);
	uv_unref((uv_handle_t *)&server->udp);
	uv_unref((uv_handle_t *)&server->tcp);
}

static void write_file(const char *path, const char *text)
{
	char other[128];
	snprintf(other, sizeof(other), "%s.new", path);
	FILE *file = fopen(other, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(rename(other, path), 0);
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	assert_non_null(fixture);
	snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/test_dns_names.XXXXXX");
	assert_non_null(mkdtemp(fixture->folder));
	snprintf(fixture->resolv, sizeof(fixture->resolv), "%s/resolv.conf", fixture->folder);
	snprintf(fixture->hosts, sizeof(fixture->hosts), "%s/hosts", fixture->folder);
	snprintf(fixture->nsswitch, sizeof(fixture->nsswitch), "%s/nsswitch.conf", fixture->folder);
	write_file(fixture->resolv, "search corp.example\n");
	write_file(fixture->hosts, "10.9.9.9 inhosts.example inhosts\n");
	write_file(fixture->nsswitch, "hosts: files dns\n");
	uv_loop_init(&fixture->loop);
	server_open(&fixture->server, &fixture->loop);
	const struct sdr_names_files files = {fixture->resolv, fixture->hosts, fixture->nsswitch};
	fixture->names = sdr_names_new_at(&fixture->loop, &files);
	assert_non_null(fixture->names);
	*state = fixture;
	return 0;
}

static void close_all(uv_handle_t *handle, void *context)
{
	(void)context;
	if (!uv_is_closing(handle))
		uv_close(handle,
			handle->type == UV_TCP && handle->data &&
					handle !=
						(uv_handle_t *)&((struct server *)handle->data)->tcp
				? on_gone
				: NULL);
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	sdr_names_free(fixture->names);
	uv_walk(&fixture->loop, close_all, NULL);
	uv_run(&fixture->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	unlink(fixture->resolv);
	unlink(fixture->hosts);
	unlink(fixture->nsswitch);
	rmdir(fixture->folder);
	free(fixture);
	return 0;
}

static void on_names(void *context, const struct sdr_names_answer *answer)
{
	struct outcome *outcome = context;
	outcome->calls++;
	outcome->outcome = answer->outcome;
	outcome->count = answer->count;
	outcome->elapsed = answer->elapsed;
	snprintf(outcome->why, sizeof(outcome->why), "%s", answer->why);
	snprintf(outcome->canonical, sizeof(outcome->canonical), "%s", answer->canonical_name);
	while (answer->aliases[outcome->aliases])
		outcome->aliases++;
	if (outcome->aliases > 0)
		snprintf(outcome->alias, sizeof(outcome->alias), "%s", answer->aliases[0]);
	if (answer->count > 0) {
		sdr_addr_format(outcome->first, &answer->addresses[0].addr);
		outcome->ttl = answer->addresses[0].ttl;
	}
}

static void run_until(struct fixture *fixture, const unsigned *calls, unsigned wanted)
{
	sdr_ns start = sdr_clock_now();
	while (*calls < wanted && sdr_clock_now() - start < 20 * SDR_SECOND)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(*calls, wanted);
}

static const char *server_text(const struct fixture *fixture)
{
	static char text[32];
	snprintf(text, sizeof(text), "127.0.0.1:%u", fixture->server.port);
	return text;
}

static struct outcome look_up(struct fixture *fixture, const char *name, bool by_server)
{
	struct outcome outcome = {0};
	struct sdr_names_query query = {.name = name,
		.server = by_server ? server_text(fixture) : NULL,
		.timeout = 200 * SDR_MS,
		.search = !by_server,
		.done = on_names,
		.context = &outcome};
	assert_int_equal(sdr_names_addresses(fixture->names, &query, NULL, NULL), SDR_OK);
	assert_int_equal(outcome.calls, 0);
	run_until(fixture, &outcome.calls, 1);
	return outcome;
}

static void on_questions(void *context, const struct sdr_questions_result *result)
{
	struct outcome *outcome = context;
	const struct sdr_reply *reply = result->deciding;
	outcome->calls++;
	outcome->outcome = reply->outcome;
	outcome->rcode = reply->rcode;
	outcome->rejected = reply->rejected;
	if (reply->message && reply->message->count > 0 && reply->message->records[0].type == 1)
		outcome->last_byte =
			reply->message->wire[question_end(reply->message->wire, 512) + 15];
	outcome->elapsed = result->elapsed;
	outcome->tcp = reply->tcp;
	outcome->truncated = reply->truncated;
	outcome->edns = !reply->plain;
	outcome->count = reply->chain.records;
	snprintf(outcome->why, sizeof(outcome->why), "%s", reply->why);
	sdr_endpoint_format(outcome->server, &reply->server);
}

/* One question for A records of `name`.example; port 0: our server. */
static struct outcome ask(struct fixture *fixture, const char *name, uint16_t port, sdr_ns budget)
{
	struct outcome outcome = {0};
	char names[1][SDR_MESSAGE_NAME];
	const uint16_t type = 1;
	struct sdr_endpoint server = {.addr = {.version = 4, .bytes = {127, 0, 0, 1}},
		.port = port != 0 ? port : fixture->server.port};
	struct sdr_questions *questions;
	snprintf(names[0], sizeof(names[0]), "%s.example", name);
	struct sdr_questions_spec spec = {.names = (const char(*)[SDR_MESSAGE_NAME])names,
		.name_count = 1,
		.types = &type,
		.type_count = 1,
		.server = &server,
		.budget = budget,
		.done = on_questions,
		.context = &outcome};
	assert_int_equal(
		sdr_questions_start(sdr_names_servers(fixture->names), &spec, &questions), SDR_OK);
	assert_int_equal(outcome.calls, 0);
	run_until(fixture, &outcome.calls, 1);
	return outcome;
}

static void test_addresses(void **state)
{
	struct outcome outcome = look_up(*state, "www.example", true);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_OK);
	assert_int_equal(outcome.count, 1);
	assert_string_equal(outcome.first, "10.1.2.3");
	assert_string_equal(outcome.canonical, "www.example");
	assert_int_equal(outcome.ttl, 60);
	outcome = look_up(*state, "only6.example", true);
	assert_string_equal(outcome.first, "::1");
}

static void test_literal_hosts_and_localhost(void **state)
{
	struct outcome outcome = look_up(*state, "2001:db8::1", false);
	assert_string_equal(outcome.first, "2001:db8::1");
	assert_int_equal(outcome.ttl, -1);
	outcome = look_up(*state, "INHOSTS", false);
	assert_string_equal(outcome.first, "10.9.9.9");
	assert_string_equal(outcome.canonical, "inhosts.example");
	assert_string_equal(outcome.alias, "inhosts");
	outcome = look_up(*state, "localhost", false);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_OK);
	assert_string_equal(outcome.first, "::1");
	assert_int_equal(outcome.count, 2);
}

static void test_reverse(void **state)
{
	struct fixture *fixture = *state;
	struct outcome outcome = {0};
	struct sdr_names_query query = {.name = "192.0.2.1",
		.server = server_text(fixture),
		.done = on_names,
		.context = &outcome};
	assert_int_equal(sdr_names_reverse(fixture->names, &query, NULL, NULL), SDR_OK);
	run_until(fixture, &outcome.calls, 1);
	assert_string_equal(outcome.canonical, "one");
	assert_string_equal(outcome.alias, "two");
	outcome = (struct outcome){0};
	query.name = "10.9.9.9";
	query.server = NULL;
	assert_int_equal(sdr_names_reverse(fixture->names, &query, NULL, NULL), SDR_OK);
	run_until(fixture, &outcome.calls, 1);
	assert_string_equal(outcome.canonical, "inhosts.example");
}

static void test_bad_text(void **state)
{
	struct fixture *fixture = *state;
	struct sdr_error error;
	static const char *const names[] = {
		"", "a..b", "-0123456789012345678901234567890123456789012345678901234567890123.x"};
	struct sdr_names_query query = {.done = on_names};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		query.name = names[i];
		assert_int_equal(
			sdr_names_addresses(fixture->names, &query, NULL, &error), SDR_EINVAL);
	}
	query.name = "x";
	query.server = "ns.example";
	assert_int_equal(sdr_names_addresses(fixture->names, &query, NULL, &error), SDR_EINVAL);
	query.server = "127.0.0.1:99999";
	assert_int_not_equal(sdr_names_addresses(fixture->names, &query, NULL, &error), SDR_OK);
}

static void test_B1_rcodes_are_distinguished(void **state)
{
	static const struct {
		const char *name;
		int rcode;
		enum sdr_outcome outcome;
		const char *word;
	} cases[] = {{"nxdomain", 3, SDR_OUTCOME_NXDOMAIN, "NXDOMAIN"},
		{"nodata", 0, SDR_OUTCOME_NODATA, "NODATA"},
		{"servfail", 2, SDR_OUTCOME_SERVFAIL, "SERVFAIL"},
		{"refused", 5, SDR_OUTCOME_REFUSED, "REFUSED"},
		{"formerr", 1, SDR_OUTCOME_SERVFAIL, "FORMERR"},
		{"notimp", 4, SDR_OUTCOME_SERVFAIL, "NOTIMP"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct outcome outcome = ask(*state, cases[i].name, 0, SDR_SECOND);
		assert_int_equal(outcome.rcode, cases[i].rcode);
		assert_int_equal(outcome.outcome, cases[i].outcome);
		assert_non_null(strstr(outcome.why, cases[i].word));
	}
}

/* Asks until it takes no longer than that, five times at the most: a machine that has more to do is
 * late now and then. */
static struct outcome ask_within(
	struct fixture *fixture, const char *name, uint16_t port, sdr_ns budget, sdr_ns most)
{
	struct outcome outcome = ask(fixture, name, port, budget);
	for (int i = 0; i < 4 && outcome.elapsed >= most; i++)
		outcome = ask(fixture, name, port, budget);
	assert_true(outcome.elapsed < most);
	return outcome;
}

static void test_B2_silence_and_a_closed_port(void **state)
{
	struct fixture *fixture = *state;
	struct outcome outcome = ask_within(fixture, "silent", 0, SDR_SECOND, 1100 * SDR_MS);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_TIMEOUT);
	assert_non_null(strstr(outcome.why, "no answer from 127.0.0.1:"));
	assert_non_null(strstr(outcome.why, "in 1.0 s, 2 tries"));
	assert_true(outcome.elapsed > 900 * SDR_MS);
	struct server closed;
	server_open(&closed, &fixture->loop);
	uv_close((uv_handle_t *)&closed.udp, NULL);
	uv_close((uv_handle_t *)&closed.tcp, NULL);
	uv_run(&fixture->loop, UV_RUN_NOWAIT);
	outcome = ask_within(fixture, "www", closed.port, SDR_SECOND, 500 * SDR_MS);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_REFUSED);
	assert_non_null(strstr(outcome.why, "port closed"));
}

/* What leaves is what was promised, two tries, also to a server that is quick with other questions:
 * c-ares from 1.28 on would ask it again after 250 ms. */
static void test_B2_a_silent_server_sees_two_questions(void **state)
{
	struct fixture *fixture = *state;
	struct outcome silent = {0};
	struct sdr_names_query query = {.name = "silent",
		.server = server_text(fixture),
		.timeout = 3 * SDR_SECOND,
		.done = on_names,
		.context = &silent};
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(ask(fixture, "www", 0, SDR_SECOND).outcome, SDR_OUTCOME_OK);
	struct sdr_names_call *call;
	assert_int_equal(sdr_names_addresses(fixture->names, &query, &call, NULL), SDR_OK);
	while (silent.calls == 0) {
		assert_int_equal(ask(fixture, "www", 0, SDR_SECOND).outcome, SDR_OUTCOME_OK);
		usleep(10000);
	}
	assert_int_equal(silent.outcome, SDR_OUTCOME_TIMEOUT);
	assert_int_equal(fixture->server.asked_silent, 2 * 2); /* A and AAAA */
}

/* Of 10,000 none is taken, the true one behind them is, and each that the kernel let through (not
 * those from another port) is counted. */
static void test_B3_forged_answers_do_not_count(void **state)
{
	struct fixture *fixture = *state;
	struct forger forger = {.left = 0};
	fixture->server.forger = &forger;
	struct outcome outcome = ask(fixture, "forged", 0, 15 * SDR_SECOND);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_OK);
	assert_int_equal(outcome.last_byte, 3);
	assert_int_equal(forger.sent, FORGED);
	assert_int_equal(outcome.rejected, FORGED / 4 * 3);
	outcome = ask(fixture, "www", 0, SDR_SECOND);
	assert_int_equal(outcome.rejected, 0);
	uv_close((uv_handle_t *)&forger.idle, NULL);
	uv_close((uv_handle_t *)&forger.elsewhere, NULL);
	uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

static void test_B4_empty_datagram(void **state)
{
	struct outcome outcome = ask(*state, "empty", 0, SDR_SECOND);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_OK);
}

static void test_B6_truncation_leads_to_tcp(void **state)
{
	struct fixture *fixture = *state;
	struct outcome outcome = ask(fixture, "tc", 0, SDR_SECOND);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_OK);
	assert_true(outcome.tcp && outcome.truncated);
	assert_int_equal(fixture->server.asked_tcp, 1);
	outcome = ask(fixture, "tcsilent", 0, SDR_SECOND);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_TIMEOUT);
	assert_non_null(strstr(outcome.why, "truncated, and TCP failed"));
	outcome = ask(fixture, "tcreset", 0, SDR_SECOND);
	assert_int_not_equal(outcome.outcome, SDR_OUTCOME_OK);
	assert_non_null(strstr(outcome.why, "truncated, and TCP failed"));
}

static void test_B7_loop_is_never_ok(void **state)
{
	struct outcome outcome = ask(*state, "loop", 0, SDR_SECOND);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_NODATA);
	assert_non_null(strstr(outcome.why, "CNAME loop"));
}

static void test_B10_lying_counts(void **state)
{
	struct outcome outcome = ask(*state, "lies", 0, SDR_SECOND);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_MALFORMED);
}

static void test_B12_hostile_host_name(void **state)
{
	struct outcome outcome = look_up(*state, "hostile.example", true);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_MALFORMED);
	assert_non_null(strstr(outcome.why, "invalid host name"));
	assert_null(strchr(outcome.why, 27));
}

static void test_B14_edns_refused(void **state)
{
	for (size_t i = 0; i < sizeof(edns_refused) / sizeof(*edns_refused); i++) {
		teardown(state); /* what a server does not take is kept */
		assert_int_equal(setup(state), 0);
		for (unsigned again = 0; again < 3; again++) {
			struct outcome outcome =
				ask(*state, edns_refused[i].label, 0, 5 * SDR_SECOND);
			assert_int_equal(outcome.outcome, SDR_OUTCOME_OK);
			assert_false(outcome.edns);
		}
		/* SERVFAIL is no word about EDNS: that server is asked with it again. */
		assert_int_equal(((struct fixture *)*state)->server.asked,
			edns_refused[i].rcode == 2 ? 6 : 4);
	}
}

/* New servers and search list while a question to another is pending, which still ends as it
 * should. */
static void test_B15_resolv_conf_changes(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(sdr_names_server_count(fixture->names), 0);
	struct outcome under_way = {0};
	struct sdr_names_query query = {.name = "silent.example",
		.server = server_text(fixture),
		.timeout = 500 * SDR_MS,
		.done = on_names,
		.context = &under_way};
	assert_int_equal(sdr_names_addresses(fixture->names, &query, NULL, NULL), SDR_OK);
	uint64_t version = sdr_names_version(fixture->names);
	write_file(fixture->resolv, "nameserver 127.0.0.9\nnameserver ::1\nsearch other.example\n");
	run_until(fixture, &under_way.calls, 1);
	assert_int_equal(under_way.outcome, SDR_OUTCOME_TIMEOUT);
	assert_int_equal(sdr_names_server_count(fixture->names), 2);
	assert_int_equal(sdr_names_reloads(fixture->names), 1);
	assert_string_equal(sdr_names_search(fixture->names), "other.example");
	assert_true(sdr_names_version(fixture->names) > version);
	struct sdr_names_server server;
	sdr_names_server(fixture->names, 1, &server);
	assert_int_equal(server.endpoint.addr.version, 6);
	assert_int_equal(server.asked, 0);
}

static void test_B16_no_resolver(void **state)
{
	struct outcome outcome = look_up(*state, "www.example", false);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_LOCAL);
	assert_non_null(strstr(outcome.why, "no resolver"));
	assert_true(outcome.elapsed < SDR_SECOND);
}

/* Three servers whose port is closed and one that lives: it answers, and is asked first from then
 * on. Its latest answer is a good one, whichever type that is of. */
static void test_B16_three_dead_one_live(void **state)
{
	struct fixture *fixture = *state;
	struct sdr_endpoint endpoints[4];
	struct server closed[3];
	for (unsigned i = 0; i < 4; i++)
		endpoints[i] =
			(struct sdr_endpoint){.addr = {.version = 4, .bytes = {127, 0, 0, 1}},
				.port = fixture->server.port};
	for (unsigned i = 0; i < 3; i++) {
		server_open(&closed[i], &fixture->loop);
		endpoints[i].port = closed[i].port;
	}
	for (unsigned i = 0; i < 3; i++) {
		uv_close((uv_handle_t *)&closed[i].udp, NULL);
		uv_close((uv_handle_t *)&closed[i].tcp, NULL);
	}
	uv_run(&fixture->loop, UV_RUN_NOWAIT);
	assert_int_equal(
		sdr_servers_configure(sdr_names_servers(fixture->names), endpoints, 4), SDR_OK);
	struct outcome outcome = look_up(fixture, "both.example", false);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_OK);
	assert_true(outcome.elapsed < SDR_SECOND);
	struct sdr_names_server first, last;
	sdr_names_server(fixture->names, 0, &first);
	sdr_names_server(fixture->names, 3, &last);
	assert_int_equal(first.outcome, SDR_OUTCOME_REFUSED);
	assert_int_equal(first.answered, 0);
	assert_int_equal(last.outcome, SDR_OUTCOME_OK);
	uint64_t asked = first.asked;
	look_up(fixture, "both.example", false);
	sdr_names_server(fixture->names, 0, &first);
	assert_int_equal(first.asked, asked);
}

/* A silent server before one that answers; and one that fails before one that answers. */
static void test_fail_over(void **state)
{
	struct fixture *fixture = *state;
	struct server second;
	server_open(&second, &fixture->loop);
	struct sdr_endpoint endpoints[2] = {
		{.addr = {.version = 4, .bytes = {127, 0, 0, 1}}, .port = fixture->server.port},
		{.addr = {.version = 4, .bytes = {127, 0, 0, 1}}, .port = second.port}};
	assert_int_equal(
		sdr_servers_configure(sdr_names_servers(fixture->names), endpoints, 2), SDR_OK);
	struct outcome outcome = look_up(fixture, "servfail.example", false);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_SERVFAIL);
	assert_int_equal(second.asked, fixture->server.asked); /* both were asked, once per type */
	uv_udp_recv_stop(&fixture->server.udp);
	outcome = look_up(fixture, "www.example", false);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_OK);
	assert_true(outcome.elapsed >= 190 * SDR_MS && outcome.elapsed < 800 * SDR_MS);
	uv_close((uv_handle_t *)&second.udp, NULL);
	uv_close((uv_handle_t *)&second.tcp, NULL);
	uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

/* A name without dots goes through the search list; the attempts are reported. */
/* The tries in a lookup's answer, copied. */
struct tried {
	unsigned calls, attempts, good;
	sdr_ns query, waited, first_took, last_took;
	enum sdr_outcome first;
};

static void on_tried(void *context, const struct sdr_names_answer *answer)
{
	struct tried *tried = context;
	tried->calls++;
	tried->good += answer->outcome == SDR_OUTCOME_OK;
	tried->attempts = answer->attempt_count;
	tried->query = answer->query;
	tried->waited = answer->waited;
	if (answer->attempt_count == 0)
		return;
	tried->first = answer->attempts[0].outcome;
	tried->first_took = answer->attempts[0].took;
	tried->last_took = answer->attempts[answer->attempt_count - 1].took;
}

/* KC11: a server that is silent, then one that answers: each has its own time, in the answer and in
 * the servers' counters. */
static void test_KC11_each_server_its_own_time(void **state)
{
	struct fixture *fixture = *state;
	struct sdr_endpoint endpoints[2] = {{{.version = 4, .bytes = {127, 0, 0, 1}}, 0},
		{{.version = 4, .bytes = {127, 0, 0, 1}}, 0}};
	struct sockaddr_in at;
	socklen_t size = sizeof(at);
	int silent = socket(
		AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* takes questions, and never reads them */
	uv_ip4_addr("127.0.0.1", 0, &at);
	assert_int_equal(bind(silent, (struct sockaddr *)&at, size), 0);
	assert_int_equal(getsockname(silent, (struct sockaddr *)&at, &size), 0);
	endpoints[0].port = ntohs(at.sin_port);
	endpoints[1].port = fixture->server.port;
	assert_int_equal(
		sdr_servers_configure(sdr_names_servers(fixture->names), endpoints, 2), SDR_OK);
	struct tried tried = {0};
	struct sdr_names_query query = {.name = "www",
		.family = 4,
		.timeout = 300 * SDR_MS,
		.done = on_tried,
		.context = &tried};
	assert_int_equal(sdr_names_addresses(fixture->names, &query, NULL, NULL), SDR_OK);
	run_until(fixture, &tried.calls, 1);
	close(silent);
	assert_int_equal(tried.good, 1);
	assert_int_equal(tried.attempts, 2);
	assert_int_equal(tried.first, SDR_OUTCOME_TIMEOUT);
	assert_true(tried.first_took >= 298 * SDR_MS);
	assert_true(tried.query == tried.last_took);
	assert_true(tried.waited >= tried.first_took);
	struct sdr_names_server dead, live;
	sdr_names_server(fixture->names, 0, &dead);
	sdr_names_server(fixture->names, 1, &live);
	assert_int_equal(dead.answered, 0);
	assert_int_equal(dead.outcome, SDR_OUTCOME_TIMEOUT);
	assert_true(live.last == tried.query);
}

static void test_search_list(void **state)
{
	struct fixture *fixture = *state;
	struct sdr_endpoint endpoint = {
		.addr = {.version = 4, .bytes = {127, 0, 0, 1}}, .port = fixture->server.port};
	assert_int_equal(
		sdr_servers_configure(sdr_names_servers(fixture->names), &endpoint, 1), SDR_OK);
	struct outcome outcome = look_up(fixture, "www", false);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_OK);
	assert_string_equal(outcome.canonical, "www.corp.example");
	outcome = look_up(fixture, "nxdomain", false);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_NXDOMAIN);
	assert_non_null(strstr(outcome.why, "2 names tried"));
}

static void on_count(void *context, const struct sdr_questions_result *result)
{
	(void)result;
	++*(unsigned *)context;
}

/* Asks many at once: the window holds, nothing is lost, and each asks the server: there is no
 * cache. */
static void test_B17_every_question_is_asked(void **state)
{
	struct fixture *fixture = *state;
	struct sdr_endpoint server = {
		.addr = {.version = 4, .bytes = {127, 0, 0, 1}}, .port = fixture->server.port};
	static const char names[1][SDR_MESSAGE_NAME] = {"www.example"};
	const uint16_t type = 1;
	unsigned done = 0;
	struct sdr_questions_spec spec = {.names = names,
		.name_count = 1,
		.types = &type,
		.type_count = 1,
		.server = &server,
		.done = on_count,
		.context = &done};
	for (unsigned i = 0; i < 1000; i++) {
		struct sdr_questions *questions;
		assert_int_equal(
			sdr_questions_start(sdr_names_servers(fixture->names), &spec, &questions),
			SDR_OK);
	}
	run_until(fixture, &done, 1000);
	assert_int_equal(fixture->server.asked, 1000);
}

/* More questions than a silent server's window holds: the second try waits for a place longer than
 * its time allows, and still ends. */
static void test_B17_a_budget_ends_in_a_full_window(void **state)
{
	struct fixture *fixture = *state;
	struct sdr_endpoint server = {
		.addr = {.version = 4, .bytes = {127, 0, 0, 1}}, .port = fixture->server.port};
	static const char names[1][SDR_MESSAGE_NAME] = {"silent.example"};
	const uint16_t type = 1;
	unsigned done = 0;
	struct sdr_questions_spec spec = {.names = names,
		.name_count = 1,
		.types = &type,
		.type_count = 1,
		.server = &server,
		.budget = 200 * SDR_MS,
		.done = on_count,
		.context = &done};
	for (unsigned i = 0; i < 4 * SDR_SERVER_WINDOW; i++) {
		struct sdr_questions *questions;
		assert_int_equal(
			sdr_questions_start(sdr_names_servers(fixture->names), &spec, &questions),
			SDR_OK);
	}
	sdr_ns begun = sdr_clock_now();
	run_until(fixture, &done, 4 * SDR_SERVER_WINDOW);
	assert_true(sdr_clock_now() - begun <
		10 * SDR_SECOND); /* c-ares would give them up after 30 s */
}

/* Lookups given up at any moment; the sanitizers watch. */
static void test_B18_cancel(void **state)
{
	struct fixture *fixture = *state;
	static const char *const names[] = {"www.example", "silent.example", "tc.example",
		"servfail.example", "10.0.0.1", "inhosts"};
	struct outcome outcome = {0};
	srand(7);
	for (unsigned i = 0; i < 10000; i++) {
		struct sdr_names_call *call;
		struct sdr_names_query query = {.name = names[rand() % 6],
			.server = server_text(fixture),
			.timeout = SDR_SECOND,
			.done = on_names,
			.context = &outcome};
		outcome.calls = 0;
		outcome.aliases = 0;
		assert_int_equal(sdr_names_addresses(fixture->names, &query, &call, NULL), SDR_OK);
		for (int iterations = rand() % 6; iterations > 0 && outcome.calls == 0;
			iterations--)
			uv_run(&fixture->loop, UV_RUN_NOWAIT);
		if (outcome.calls == 0)
			sdr_names_cancel(fixture->names, call);
	}
	/* and one still pending when all is freed */
	struct sdr_names_query query = {.name = "silent.example",
		.server = server_text(fixture),
		.done = on_names,
		.context = &outcome};
	assert_int_equal(sdr_names_addresses(fixture->names, &query, NULL, NULL), SDR_OK);
	uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

static void test_B19_descriptors_past_1023(void **state)
{
	struct rlimit limit;
	int fds[1100];
	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max < 1300)
		SKIP_BECAUSE("needs 1,300 descriptors, the hard limit is %llu",
			(unsigned long long)limit.rlim_max);
	limit.rlim_cur = 1300;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (unsigned i = 0; i < 1100; i++)
		fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct outcome outcome = ask(*state, "www", 0, SDR_SECOND);
	assert_int_equal(outcome.outcome, SDR_OUTCOME_OK);
	for (unsigned i = 0; i < 1100; i++)
		close(fds[i]);
}

static void on_tick(uv_timer_t *timer)
{
	++*(unsigned *)timer->data;
}

/* While a server is silent the loop's 10 ms tick goes on. */
static void test_the_loop_is_never_blocked(void **state)
{
	struct fixture *fixture = *state;
	unsigned ticks = 0;
	uv_timer_t *timer = malloc(sizeof(*timer));
	uv_timer_init(&fixture->loop, timer);
	timer->data = &ticks;
	uv_timer_start(timer, on_tick, 10, 10);
	/* 40 in 400 ms, half of them on a busy machine; five tries, since others may stop it. */
	for (int i = 0; i < 5 && ticks < 20; i++) {
		ticks = 0;
		struct outcome outcome = look_up(fixture, "silent.example", true);
		assert_int_equal(outcome.outcome, SDR_OUTCOME_TIMEOUT);
	}
	assert_true(ticks >= 20);
	timer->data = NULL;
	uv_close((uv_handle_t *)timer, on_gone);
	uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void test_servers_as_text(void **state)
{
	static const struct {
		const char *text;
		enum sdr_status status;
		const char *endpoint;
	} cases[] = {
		{"127.0.0.1", SDR_OK, "127.0.0.1:53"},
		{"127.0.0.1:5353", SDR_OK, "127.0.0.1:5353"},
		{"::1", SDR_OK, "[::1]:53"},
		{"[::1]", SDR_OK, "[::1]:53"},
		{"[::1]:5353", SDR_OK, "[::1]:5353"},
		{"127.0.0.1:65536", SDR_ERANGE, NULL},
		{"127.0.0.1:", SDR_EINVAL, NULL},
		{"127.0.0.1:dns", SDR_EINVAL, NULL},
		{"", SDR_EINVAL, NULL},
		{"a.name", SDR_EINVAL, NULL},
		{"010.0.0.1", SDR_EINVAL, NULL},
		{"127.1", SDR_EINVAL, NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_endpoint server = {.port = 42};
		struct sdr_error error = {0};
		char text[SDR_ENDPOINT_TEXT];
		if (sdr_names_server_parse(cases[i].text, &server, &error) != cases[i].status)
			fail_msg("%s: %s", cases[i].text, error.text);
		if (cases[i].endpoint)
			assert_string_equal(sdr_endpoint_format(text, &server), cases[i].endpoint);
		else
			assert_true(server.port == 42 && error.text[0]);
	}
}

static void test_types_as_words(void **state)
{
	static const struct {
		const char *word;
		int type; /* -1: refused */
	} cases[] = {{"a", 1}, {"A", 1}, {"mx", 15}, {"AAAA", 28}, {"TYPE65", 65},
		{"type65535", 65535}, {"https", 65}, {"TYPE65536", -1}, {"TYPE", -1}, {"", -1},
		{"28", -1}, {"AXFR", -1}, {"nonesuch", -1}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint16_t type = 4242;
		struct sdr_error error = {0};
		enum sdr_status status = sdr_names_type_parse(cases[i].word, &type, &error);
		if ((status == SDR_OK) != (cases[i].type >= 0))
			fail_msg("%s: %s", cases[i].word, error.text);
		assert_int_equal(type, cases[i].type >= 0 ? cases[i].type : 4242);
		assert_true(status == SDR_OK || (status == SDR_EINVAL && error.text[0]));
	}
}

/* What the configuration asks that can't be followed, and what could not be read of it. */
static void test_what_is_not_followed(void **state)
{
	struct fixture *fixture = *state;
	(void)sdr_names_look(fixture->names);
	assert_string_equal(sdr_names_unfollowed(fixture->names), "");
	assert_string_equal(sdr_names_unread(fixture->names, false), "");
	assert_string_equal(sdr_names_search(fixture->names), "corp.example");
	write_file(fixture->resolv, "search corp.example\noptions single-request\n");
	unlink(fixture->hosts);
	assert_int_equal(mkdir(fixture->hosts, 0700), 0); /* is there, and can't be read */
	for (int wait = 0;
		wait < 150 && !strstr(sdr_names_unfollowed(fixture->names), "single-request");
		wait++) {
		look_up(fixture, "10.0.0.1", false);
		usleep(100000); /* without inotify they are looked at once a second */
		uv_run(&fixture->loop, UV_RUN_NOWAIT);
	}
	assert_non_null(strstr(sdr_names_unfollowed(fixture->names), "single-request"));
	(void)look_up(fixture, "silent.example", false);
	assert_non_null(strstr(sdr_names_unread(fixture->names, false), fixture->hosts));
	assert_string_equal(sdr_names_unread(fixture->names, true), "");
	rmdir(fixture->hosts);
}

/* With a word: the tests whose names it fits ("*B18*"). */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(test_servers_as_text),
		TEST(test_types_as_words),
		TEST(test_what_is_not_followed),
		TEST(test_addresses),
		TEST(test_literal_hosts_and_localhost),
		TEST(test_reverse),
		TEST(test_bad_text),
		TEST(test_B1_rcodes_are_distinguished),
		TEST(test_B2_silence_and_a_closed_port),
		TEST(test_B2_a_silent_server_sees_two_questions),
		TEST(test_B3_forged_answers_do_not_count),
		TEST(test_B4_empty_datagram),
		TEST(test_B6_truncation_leads_to_tcp),
		TEST(test_B7_loop_is_never_ok),
		TEST(test_B10_lying_counts),
		TEST(test_B12_hostile_host_name),
		TEST(test_B14_edns_refused),
		TEST(test_B15_resolv_conf_changes),
		TEST(test_B16_no_resolver),
		TEST(test_B16_three_dead_one_live),
		TEST(test_fail_over),
		TEST(test_KC11_each_server_its_own_time),
		TEST(test_search_list),
		TEST(test_B17_every_question_is_asked),
		TEST(test_B17_a_budget_ends_in_a_full_window),
		TEST(test_B18_cancel),
		TEST(test_B19_descriptors_past_1023),
		TEST(test_the_loop_is_never_blocked),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
