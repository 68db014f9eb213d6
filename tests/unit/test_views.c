/* A name as several see it: the hosts file and a name server of our own on the same loop; asked
 * once, watched, given up. */
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
#include "dns/view_words.h"
#include "dns/views_again.h"
#include "sounder/sheet.h"
#include "sounder/views.h"

/* A name server of one answer: an address whose last byte is `last`, for `ttl` seconds. */
struct server {
	uv_udp_t udp;
	char word[32];
	uint8_t last, ttl;
	unsigned asked;
	uint64_t asked_at[8]; /* ms */
};

struct fixture {
	uv_loop_t loop;
	struct server servers[2];
	struct sdr_names *names;
	struct sdr_views *views;
	char folder[64], hosts[96], resolv[96], nsswitch[96];
	unsigned sheets, ends;
	struct sdr_sheet *first, *latest; /* owned */
	enum sdr_exit exit;
	unsigned stop_after; /* sheets, then it is given up */
};

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buffer)
{
	static char bytes[2048];
	(void)handle;
	*buffer = uv_buf_init(bytes, (unsigned)(size < sizeof(bytes) ? size : sizeof(bytes)));
}

static void on_question(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer,
	const struct sockaddr *from, unsigned flags)
{
	struct server *server = udp->data;
	uint8_t out[512];
	(void)flags;
	if (length < 17 || !from)
		return;
	size_t end = 12;
	while (buffer->base[end] != 0)
		end += (uint8_t)buffer->base[end] + 1u;
	end += 5;
	memcpy(out, buffer->base, end);
	memcpy(out + 2, "\x81\x80\0\1\0\1\0\0\0\0", 10);
	const uint8_t record[] = {
		0xc0, 12, 0, 1, 0, 1, 0, 0, 0, server->ttl, 0, 4, 10, 0, 0, server->last};
	memcpy(out + end, record, sizeof(record));
	uv_buf_t answer = uv_buf_init((char *)out, (unsigned)(end + sizeof(record)));
	if (server->asked < 8)
		server->asked_at[server->asked] = uv_hrtime() / 1000000;
	server->asked++;
	assert_true(uv_udp_try_send(udp, &answer, 1, from) > 0);
}

static void serve(struct fixture *f, struct server *server, uint8_t last)
{
	struct sockaddr_in address;
	int size = sizeof(address);
	*server = (struct server){.last = last, .ttl = 60};
	uv_ip4_addr("127.0.0.1", 0, &address);
	uv_udp_init(&f->loop, &server->udp);
	server->udp.data = server;
	assert_int_equal(uv_udp_bind(&server->udp, (struct sockaddr *)&address, 0), 0);
	uv_udp_getsockname(&server->udp, (struct sockaddr *)&address, &size);
	snprintf(server->word, sizeof(server->word), "@127.0.0.1:%u", ntohs(address.sin_port));
	uv_udp_recv_start(&server->udp, on_alloc, on_question);
	uv_unref((uv_handle_t *)&server->udp);
}

static void put_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	assert_int_equal(uv_loop_init(&f->loop), 0);
	snprintf(f->folder, sizeof(f->folder), "/tmp/sounder-views-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->hosts, sizeof(f->hosts), "%s/hosts", f->folder);
	snprintf(f->resolv, sizeof(f->resolv), "%s/resolv.conf", f->folder);
	snprintf(f->nsswitch, sizeof(f->nsswitch), "%s/nsswitch.conf", f->folder);
	put_file(f->hosts, "127.0.0.1 localhost\n\n10.0.0.1 a.test\n");
	put_file(f->resolv, "nameserver 127.0.0.1\n");
	put_file(f->nsswitch, "hosts: files dns\n");
	serve(f, &f->servers[0], 1);
	serve(f, &f->servers[1], 1);
	f->names = sdr_names_new_at(
		&f->loop, &(struct sdr_names_files){f->resolv, f->hosts, f->nsswitch, NULL});
	assert_non_null(f->names);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	sdr_names_free(f->names);
	for (int i = 0; i < 2; i++)
		uv_close((uv_handle_t *)&f->servers[i].udp, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	sdr_sheet_free(f->first);
	sdr_sheet_free(f->latest);
	unlink(f->hosts);
	unlink(f->resolv);
	unlink(f->nsswitch);
	rmdir(f->folder);
	free(f);
	return 0;
}

static void on_emit(void *context, struct sdr_sheet *sheet)
{
	struct fixture *f = context;
	assert_non_null(sheet);
	sdr_sheet_free(f->latest);
	f->latest = sheet;
	if (f->sheets++ == 0)
		f->first = sdr_sheet_copy(sheet);
}

static void on_done(void *context, enum sdr_exit exit, const char *why)
{
	struct fixture *f = context;
	assert_int_equal(why != NULL, exit == SDR_EXIT_FAIL);
	f->exit = exit;
	f->ends++;
}

static struct sdr_views_spec spec_of(
	struct fixture *f, const struct sdr_dns_options *options, const char *const *words)
{
	return (struct sdr_views_spec){.name = "a.test",
		.options = options,
		.views = words,
		.emit = on_emit,
		.done = on_done,
		.context = f};
}

static const char *const a[] = {"A", NULL};
static const struct sdr_dns_options plain = {.types = a};

static void ask(struct fixture *f, const struct sdr_views_spec *spec)
{
	struct sdr_error error;
	assert_int_equal(sdr_views_start(f->names, spec, &f->views, &error), SDR_OK);
	assert_int_equal(f->ends + f->sheets, 0); /* not before the start has returned */
	while (f->ends == 0 && (f->stop_after == 0 || f->sheets < f->stop_after))
		uv_run(&f->loop, UV_RUN_ONCE);
	if (f->ends == 0)
		sdr_views_cancel(f->views);
}

static const char *relation(const struct fixture *f, unsigned index)
{
	const struct sdr_item *view = sdr_item_find(sdr_sheet_view(f->first), "views")->first;
	while (index-- > 0)
		view = view->next;
	return sdr_item_string(view, "relation", "?");
}

static void test_side_by_side(void **state)
{
	struct fixture *f = *state;
	const char *const words[] = {f->servers[0].word, "@hosts", f->servers[1].word, NULL};
	struct sdr_views_spec spec = spec_of(f, &plain, words);
	f->servers[1].last = 7;
	ask(f, &spec);
	assert_int_equal(f->sheets, 1);
	assert_int_equal(f->exit, SDR_EXIT_NO);
	assert_string_equal(relation(f, 0), "same");
	assert_string_equal(relation(f, 1), "same");
	assert_string_equal(relation(f, 2), "differs");
	const struct sdr_item *hosts =
		sdr_item_find(sdr_sheet_view(f->first), "views")->first->next;
	const char *server = sdr_item_string(hosts, "server", "");
	assert_string_equal(server + strlen(f->hosts), ":3"); /* the line */
}

static void test_all_the_same(void **state)
{
	struct fixture *f = *state;
	const char *const words[] = {f->servers[0].word, f->servers[1].word, NULL},
			  *const expected[] = {"10.0.0.1", NULL};
	const struct sdr_dns_options options = {.types = a, .expect = expected};
	struct sdr_views_spec spec = spec_of(f, &options, words);
	ask(f, &spec);
	assert_int_equal(f->exit, SDR_EXIT_YES);
	assert_int_equal(sdr_item_find(sdr_sheet_view(f->first), "expected")->value.integer, 1);
}

static void test_not_listed_is_no_answer(void **state)
{
	struct fixture *f = *state;
	const char *const words[] = {"@hosts", NULL};
	struct sdr_views_spec spec = spec_of(f, &plain, words);
	spec.name = "b.test";
	ask(f, &spec);
	assert_int_equal(f->exit, SDR_EXIT_FAIL);
	assert_string_equal(relation(f, 0), "none");
}

/* A server is asked again when its answer's second is over, no sooner; what is new is a change. */
static void test_watched(void **state)
{
	struct fixture *f = *state;
	const char *const words[] = {f->servers[0].word, f->servers[1].word, NULL};
	struct sdr_views_spec spec = spec_of(f, &plain, words);
	spec.watch = true;
	f->servers[0].ttl = 1;
	f->stop_after = 1;
	struct sdr_error error;
	assert_int_equal(sdr_views_start(f->names, &spec, &f->views, &error), SDR_OK);
	while (f->sheets < 1)
		uv_run(&f->loop, UV_RUN_ONCE);
	f->servers[0].last = 9;
	while (f->sheets < 2)
		uv_run(&f->loop, UV_RUN_ONCE);
	const struct sdr_item *root = sdr_sheet_view(f->latest);
	assert_string_equal(sdr_item_string(root, "type", ""), "change");
	assert_string_equal(sdr_item_find(root, "was")->first->value.bytes, "10.0.0.1");
	assert_string_equal(sdr_item_find(root, "now")->first->value.bytes, "10.0.0.9");
	assert_string_equal(sdr_item_string(root, "view", "") + 0, f->servers[0].word + 1);
	assert_true(sdr_item_find(root, "held_seconds")->value.integer >= SDR_SECOND);
	assert_int_equal(f->servers[0].asked, 2);
	assert_true(f->servers[0].asked_at[1] - f->servers[0].asked_at[0] >= 999);
	assert_int_equal(f->servers[1].asked, 1); /* its minute is not over */
	assert_int_equal(sdr_views_exit(f->views), SDR_EXIT_NO);
	sdr_views_cancel(f->views);
	assert_int_equal(f->ends, 0);
}

/* Never before the time is over, and at most a twentieth or half a second later; 1 s to an hour. */
static void test_when_it_is_due(void **state)
{
	static const struct row {
		int64_t ttl, least;
	} rows[] = {{-1, 5}, {0, 1}, {1, 1}, {7, 7}, {60, 60}, {3600, 3600}, {3601, 3600},
		{INT32_MAX, 3600}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows) * 50; i++) {
		const struct row *row = &rows[i / 50];
		struct view view = {.answered = 1, .asking = {2}, .ttls = {0, 0, row->ttl}};
		sdr_ns before = sdr_clock_now(), least = row->least * SDR_SECOND;
		sdr_view_note_due(&view);
		sdr_ns after = sdr_clock_now(), spread = least / 20;
		spread = spread < SDR_SECOND / 2 ? spread : SDR_SECOND / 2;
		assert_true(view.due[2] >= before + least);
		assert_true(view.due[2] <= after + least + spread);
		assert_int_equal(view.due[0], 0);
	}
}

/* The hosts file has no times: a line that changes is seen within seconds. */
static void test_hosts_watched(void **state)
{
	struct fixture *f = *state;
	const char *const words[] = {"@hosts", NULL};
	struct sdr_views_spec spec = spec_of(f, &plain, words);
	struct sdr_error error;
	spec.watch = true;
	assert_int_equal(sdr_views_start(f->names, &spec, &f->views, &error), SDR_OK);
	while (f->sheets < 1)
		uv_run(&f->loop, UV_RUN_ONCE);
	put_file(f->hosts, "10.0.0.2 a.test\n");
	while (f->sheets < 2)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_string_equal(
		sdr_item_find(sdr_sheet_view(f->latest), "now")->first->value.bytes, "10.0.0.2");
	put_file(f->hosts, "10.0.0.2 b.test\n");
	while (f->sheets < 3)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_string_equal(
		sdr_item_find(sdr_sheet_view(f->latest), "now")->first->value.bytes, "nxdomain");
	sdr_views_cancel(f->views);
}

static void test_the_deadline_ends_it(void **state)
{
	struct fixture *f = *state;
	const char *const words[] = {f->servers[0].word, NULL};
	struct sdr_views_spec spec = spec_of(f, &plain, words);
	spec.watch = true;
	spec.deadline = 50 * SDR_MS;
	ask(f, &spec);
	assert_int_equal(f->ends, 1);
	assert_int_equal(f->sheets, 1);
	assert_int_equal(f->exit, SDR_EXIT_YES);
}

static void test_given_up(void **state)
{
	struct fixture *f = *state;
	const char *const words[] = {f->servers[0].word, f->servers[1].word, "@libc", "@hosts",
		"@localhost", "@system", NULL};
	struct sdr_views_spec spec = spec_of(f, &plain, words);
	struct sdr_error error;
	uv_udp_recv_stop(&f->servers[1].udp); /* silent */
	for (int turns = 0; turns < 4; turns++) {
		assert_int_equal(sdr_views_start(f->names, &spec, &f->views, &error), SDR_OK);
		for (int i = 0; i < turns; i++)
			uv_run(&f->loop, UV_RUN_NOWAIT);
		if (f->ends == 0)
			sdr_views_cancel(f->views);
		assert_int_equal(f->ends, 0);
	}
}

static void test_what_can_be_asked(void **state)
{
	static const char *const good[] = {"@1.2.3.4", "@1.2.3.4:5353", "@::1", "@[::1]:53",
		"@ns.test", "@ns.test:53", "@system", "@hosts", "@libc", "@tcp://1.2.3.4",
		"@TCP://[::1]:53", "@beef", NULL},
				 *const bad[] = {"@", "@1.2.3.4:0x", "@1.2.3", "@tls://1.2.3.4",
					 "@https://x/", "@auth", "@fe80::1", "@a b", "@1.2.3.4/8",
					 "@ns.test:99999", "@[::1", NULL};
	struct sdr_error error;
	(void)state;
	struct sdr_views_spec spec = {.name = "a.test", .options = &plain, .views = good};
	assert_int_equal(sdr_views_check(&spec, &error), SDR_OK);
	for (size_t i = 0; bad[i]; i++) {
		const char *const one[] = {bad[i], NULL};
		error.text[0] = '\0';
		spec.views = one;
		assert_int_not_equal(sdr_views_check(&spec, &error), SDR_OK);
		assert_true(error.text[0] != '\0');
	}
	const char *const mx[] = {"MX", NULL}, *const hosts[] = {"@hosts", NULL};
	const struct sdr_dns_options other = {.types = mx};
	spec = (struct sdr_views_spec){.name = "a.test", .options = &other, .views = hosts};
	assert_int_equal(sdr_views_check(&spec, &error), SDR_EINVAL);
	spec.name = "a..test";
	assert_int_equal(sdr_views_check(&spec, &error), SDR_EINVAL);
}

static void test_words(void **state)
{
	struct view_word word;
	(void)state;
	assert_int_equal(sdr_view_word_parse("@tcp://[::1]:5353", &word, NULL), SDR_OK);
	assert_true(word.tcp && word.source == VIEW_SERVER && word.server.port == 5353 &&
		word.server.addr.version == 6);
	assert_int_equal(sdr_view_word_parse("@ns1.test:54", &word, NULL), SDR_OK);
	assert_true(!word.tcp && word.source == VIEW_NAMED && word.server.port == 54);
	assert_string_equal(word.host, "ns1.test");
	assert_int_equal(sdr_view_word_parse("@tcp://hosts", &word, NULL), SDR_OK);
	assert_int_equal(word.source, VIEW_NAMED); /* a transport has a name of a host behind it */
	assert_int_equal(sdr_view_word_parse("@libc", &word, NULL), SDR_OK);
	assert_int_equal(word.source, VIEW_LIBC);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_side_by_side),
		TEST(test_all_the_same),
		TEST(test_not_listed_is_no_answer),
		TEST(test_watched),
		TEST(test_hosts_watched),
		cmocka_unit_test(test_when_it_is_due),
		TEST(test_the_deadline_ends_it),
		TEST(test_given_up),
		cmocka_unit_test(test_what_can_be_asked),
		cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
