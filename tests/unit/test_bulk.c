/* Many names, asked of a name server of our own on the same loop, which answers as each name
 * wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "dns/names.h"
#include "sounder/bulk.h"
#include "sounder/sheet.h"

#define NAMES_MAX 400

struct fixture {
	uv_loop_t loop;
	uv_udp_t udp;
	uv_tcp_t tcp;
	struct sdr_names *names;
	struct sdr_bulk *bulk;
	char folder[64], resolv[96], server[32];
	unsigned asked, asked_tcp, plain;
	bool no_edns; /* FORMERR to questions with EDNS */
	unsigned ends, outcomes[SDR_OUTCOME_COUNT], sheets;
	char text[4096]; /* of all answers */
	size_t length;
};

/* Writes the answer to a question for NAME.test; 0: silence. "silent" the first time, "gone"
 * NXDOMAIN, "no" REFUSED, "bad" malformed, "cut" truncated by UDP, "other" the answer to something
 * else first. */
static size_t respond(struct fixture *f, const uint8_t *question, uint8_t *out, bool tcp)
{
	size_t end = 12;
	while (question[end] != 0)
		end += question[end] + 1u;
	end += 5;
	const char *label = (const char *)question + 13;
	memcpy(out, question, end);
	memcpy(out + 2, "\x81\x80\0\1\0\1\0\0\0\0", 10);
	f->plain += question[11] == 0;
	if (f->no_edns && question[11] != 0) {
		memcpy(out + 2, "\x81\x81\0\1\0\0\0\0\0\0", 10);
		return end;
	}
	if (strncmp(label, "silent", 6) == 0 && f->asked == 1)
		return 0;
	if (strncmp(label, "gone", 4) == 0 || strncmp(label, "no\4", 3) == 0) {
		out[3] = label[0] == 'g' ? 0x83 : 0x85;
		out[7] = 0;
		return end;
	}
	if (strncmp(label, "cut", 3) == 0 && !tcp)
		out[2] |= 2;
	const uint8_t record[] = {
		0xc0, 12, 0, question[end - 3], 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1};
	memcpy(out + end, record, sizeof(record));
	if (question[end - 3] == 28) /* no AAAA here */
		return out[7] = 0, end;
	return end + sizeof(record) - (strncmp(label, "bad", 3) == 0);
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buffer)
{
	static char bytes[2048];
	(void)handle;
	*buffer = uv_buf_init(bytes, (unsigned)(size < sizeof(bytes) ? size : sizeof(bytes)));
}

static void on_datagram(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer,
	const struct sockaddr *from, unsigned flags)
{
	struct fixture *f = udp->data;
	uint8_t out[512];
	(void)flags;
	if (length < 17 || !from)
		return;
	f->asked++;
	size_t size = respond(f, (uint8_t *)buffer->base, out, false);
	uv_buf_t answer = uv_buf_init((char *)out, (unsigned)size);
	if (size > 0 && strncmp(buffer->base + 13, "other", 5) == 0) {
		out[3] ^= 3;  /* no such name: who takes one of these is found out */
		out[14] ^= 1; /* another name; then another id; then a question */
		assert_true(uv_udp_try_send(udp, &answer, 1, from) > 0);
		out[14] ^= 1;
		out[1] ^= 1;
		assert_true(uv_udp_try_send(udp, &answer, 1, from) > 0);
		out[1] ^= 1;
		out[2] ^= 0x80;
		assert_true(uv_udp_try_send(udp, &answer, 1, from) > 0);
		out[2] ^= 0x80;
		out[25] ^= 2; /* and another type */
		assert_true(uv_udp_try_send(udp, &answer, 1, from) > 0);
		out[25] ^= 2;
		out[3] ^= 3;
	}
	if (size > 0)
		assert_true(uv_udp_try_send(udp, &answer, 1, from) > 0);
}

static void on_closed_client(uv_handle_t *handle)
{
	free(handle);
}

static void on_stream(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
	struct fixture *f = stream->data;
	uint8_t out[514];
	if (length < 19) {
		uv_close((uv_handle_t *)stream, on_closed_client);
		return;
	}
	f->asked_tcp++;
	size_t size = respond(f, (uint8_t *)buffer->base + 2, out + 2, true);
	out[0] = (uint8_t)(size >> 8);
	out[1] = (uint8_t)size;
	uv_buf_t answer = uv_buf_init((char *)out, (unsigned)size + 2);
	assert_true(uv_try_write(stream, &answer, 1) > 0);
}

static void on_client(uv_stream_t *server, int status)
{
	struct fixture *f = server->data;
	uv_tcp_t *client = calloc(1, sizeof(*client));
	assert_int_equal(status, 0);
	uv_tcp_init(&f->loop, client);
	client->data = f;
	uv_accept(server, (uv_stream_t *)client);
	uv_read_start((uv_stream_t *)client, on_alloc, on_stream);
	uv_unref((uv_handle_t *)client);
}

static void serve(struct fixture *f)
{
	struct sockaddr_in address;
	int size = sizeof(address), status = -1;
	for (int i = 0; i < 50 && status != 0; i++) {
		uv_ip4_addr("127.0.0.1", 0, &address);
		uv_udp_init(&f->loop, &f->udp);
		uv_tcp_init(&f->loop, &f->tcp);
		f->udp.data = f->tcp.data = f;
		uv_udp_bind(&f->udp, (struct sockaddr *)&address, 0);
		uv_udp_getsockname(&f->udp, (struct sockaddr *)&address, &size);
		status = uv_tcp_bind(&f->tcp, (struct sockaddr *)&address, 0) != 0
			? -1
			: uv_listen((uv_stream_t *)&f->tcp, 8, on_client);
		if (status == 0)
			break;
		uv_close((uv_handle_t *)&f->udp, NULL);
		uv_close((uv_handle_t *)&f->tcp, NULL);
		uv_run(&f->loop, UV_RUN_DEFAULT);
	}
	assert_int_equal(status, 0);
	snprintf(f->server, sizeof(f->server), "127.0.0.1:%u", ntohs(address.sin_port));
	uv_udp_recv_start(&f->udp, on_alloc, on_datagram);
	uv_unref((uv_handle_t *)&f->udp);
	uv_unref((uv_handle_t *)&f->tcp);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	assert_int_equal(uv_loop_init(&f->loop), 0);
	snprintf(f->folder, sizeof(f->folder), "/tmp/sounder-bulk-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->resolv, sizeof(f->resolv), "%s/resolv.conf", f->folder);
	f->names = sdr_names_new_at(
		&f->loop, &(struct sdr_names_files){f->resolv, f->resolv, f->resolv, NULL});
	assert_non_null(f->names);
	serve(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	sdr_bulk_free(f->bulk);
	sdr_names_free(f->names);
	uv_close((uv_handle_t *)&f->udp, NULL);
	uv_close((uv_handle_t *)&f->tcp, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&f->loop); /* a connection of the server's may be left */
	rmdir(f->folder);
	free(f);
	return 0;
}

static const char *const a[] = {"A", NULL};
static const struct sdr_dns_options plain = {.types = a};

static void open_bulk(
	struct fixture *f, const struct sdr_dns_options *options, enum sdr_bulk_form form)
{
	struct sdr_error error;
	static struct sdr_bulk_spec spec;
	spec = (struct sdr_bulk_spec){
		.options = options, .server = f->server, .form = form, .timeout = SDR_SECOND};
	assert_int_equal(sdr_bulk_new(f->names, &spec, &f->bulk, &error), SDR_OK);
}

static void on_answer(void *context, const struct sdr_bulk_answer *answer)
{
	struct fixture *f = context;
	f->ends++;
	f->outcomes[answer->outcome]++;
	assert_true(answer->outcome == SDR_OUTCOME_OK || answer->why[0] != '\0');
	if (answer->sheet) {
		f->sheets++;
		sdr_sheet_free(answer->sheet);
	} else if (f->length + answer->length < sizeof(f->text)) {
		memcpy(f->text + f->length, answer->text, answer->length);
		f->length += answer->length;
	}
}

static struct sdr_bulk_call *ask(struct fixture *f, const char *name)
{
	struct sdr_bulk_call *call;
	struct sdr_error error;
	const struct sdr_bulk_question question = {name, on_answer, f};
	unsigned before = f->ends;
	assert_int_equal(sdr_bulk_ask(f->bulk, &question, &call, &error), SDR_OK);
	assert_int_equal(f->ends, before);
	return call;
}

static void run_until(struct fixture *f, unsigned ends)
{
	while (f->ends < ends)
		uv_run(&f->loop, UV_RUN_ONCE);
}

static void test_lines(void **state)
{
	struct fixture *f = *state;
	open_bulk(f, &plain, SDR_BULK_LINES);
	ask(f, "www.test");
	run_until(f, 1);
	assert_string_equal(f->text, "www.test.  60  IN  A  10.0.0.1\n");
	assert_int_equal(f->asked, 1);
}

static void test_both_families(void **state)
{
	struct fixture *f = *state;
	static const struct sdr_dns_options both;
	open_bulk(f, &both, SDR_BULK_SHORT);
	ask(f, "www.test");
	run_until(f, 1);
	assert_string_equal(f->text, "10.0.0.1\n");
	assert_int_equal(f->outcomes[SDR_OUTCOME_OK], 1);
	assert_int_equal(f->asked, 2);
}

static void test_sheets(void **state)
{
	struct fixture *f = *state;
	open_bulk(f, &plain, SDR_BULK_SHEETS);
	ask(f, "www.test");
	ask(f, "silent.test"); /* the second question: answered */
	run_until(f, 2);
	assert_int_equal(f->sheets, 2);
	assert_int_equal(f->length, 0);
}

/* More than a server has places for: the rest goes the long way, which queues; each is asked
 * once. */
static void test_many(void **state)
{
	struct fixture *f = *state;
	char name[32];
	open_bulk(f, &plain, SDR_BULK_SHORT);
	for (int i = 0; i < NAMES_MAX; i++) {
		snprintf(name, sizeof(name), i % 4 == 3 ? "gone%d.test" : "n%d.test", i);
		ask(f, name);
	}
	run_until(f, NAMES_MAX);
	assert_int_equal(f->outcomes[SDR_OUTCOME_OK], NAMES_MAX * 3 / 4);
	assert_int_equal(f->outcomes[SDR_OUTCOME_NXDOMAIN], NAMES_MAX / 4);
	assert_int_equal(f->asked, NAMES_MAX);
}

/* What one datagram does not answer is asked again by whatever means it takes. */
static void test_the_long_way(void **state)
{
	static const struct row {
		const char *name;
		enum sdr_outcome outcome;
		unsigned asked, asked_tcp;
	} rows[] = {
		{"silent.test", SDR_OUTCOME_OK, 2, 0}, {"cut.test", SDR_OUTCOME_OK, 2, 1},
		{"no.test", SDR_OUTCOME_REFUSED, 1, 0}, /* nobody else can be asked */
		{"other.test", SDR_OUTCOME_OK, 1,
			0}, /* what answers something else is passed over */
	};
	struct fixture *f = *state;
	open_bulk(f, &plain, SDR_BULK_SHORT);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		f->asked = f->asked_tcp = f->ends = 0;
		memset(f->outcomes, 0, sizeof(f->outcomes));
		ask(f, rows[i].name);
		run_until(f, 1);
		assert_int_equal(f->outcomes[rows[i].outcome], 1);
		assert_int_equal(f->asked, rows[i].asked);
		assert_int_equal(f->asked_tcp, rows[i].asked_tcp);
	}
	ask(f, "bad.test");
	run_until(f, 2);
	assert_int_equal(f->outcomes[SDR_OUTCOME_MALFORMED], 1);
}

/* A server without EDNS is found out once. */
static void test_without_edns(void **state)
{
	struct fixture *f = *state;
	char name[32];
	open_bulk(f, &plain, SDR_BULK_SHORT);
	f->no_edns = true;
	ask(f, "first.test");
	run_until(f, 1);
	f->asked = f->plain = 0;
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "n%d.test", i);
		ask(f, name);
	}
	run_until(f, 21);
	assert_int_equal(f->outcomes[SDR_OUTCOME_OK], 21);
	assert_int_equal(f->asked, 20);
	assert_int_equal(f->plain, 20);
}

/* Nobody is at home: each name has an end, and none waits for it. */
static void test_a_closed_port(void **state)
{
	struct fixture *f = *state;
	char name[32];
	uv_udp_recv_stop(&f->udp);
	snprintf(f->server, sizeof(f->server), "127.0.0.1:1");
	open_bulk(f, &plain, SDR_BULK_SHORT);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "n%d.test", i);
		ask(f, name);
	}
	run_until(f, 200);
	assert_int_equal(f->outcomes[SDR_OUTCOME_REFUSED], 200);
}

static void test_given_up(void **state)
{
	struct fixture *f = *state;
	struct sdr_bulk_call *calls[200];
	char name[32];
	open_bulk(f, &plain, SDR_BULK_SHORT);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "n%d.test", i);
		calls[i] = ask(f, name);
	}
	for (int i = 0; i < 200; i += 2)
		sdr_bulk_cancel(calls[i]);
	run_until(f, 100);
	assert_int_equal(f->outcomes[SDR_OUTCOME_OK], 100);
	ask(f, "silent.test");
	uv_run(&f->loop, UV_RUN_NOWAIT);
	sdr_bulk_free(f->bulk);
	f->bulk = NULL;
	assert_int_equal(f->ends, 100);
}

static void test_bad_text(void **state)
{
	struct fixture *f = *state;
	struct sdr_bulk_call *call;
	struct sdr_error error = {0};
	char name[400];
	static const char *const bad[] = {"", "a..b", "http://x/", "[::1]", "10.0.0.0/8", NULL};
	open_bulk(f, &plain, SDR_BULK_SHORT);
	for (size_t i = 0; bad[i]; i++)
		assert_int_not_equal(
			sdr_bulk_ask(f->bulk, &(struct sdr_bulk_question){bad[i], on_answer, f},
				&call, &error),
			SDR_OK);
	memset(name, 'a', 300);
	name[300] = '\0';
	assert_int_not_equal(sdr_bulk_ask(f->bulk, &(struct sdr_bulk_question){name, on_answer, f},
				     &call, &error),
		SDR_OK);
	assert_true(error.text[0] != '\0');
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lines),
		TEST(test_both_families),
		TEST(test_sheets),
		TEST(test_many),
		TEST(test_the_long_way),
		TEST(test_without_edns),
		TEST(test_a_closed_port),
		TEST(test_given_up),
		TEST(test_bad_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
