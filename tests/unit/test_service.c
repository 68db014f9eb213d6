/* test_service.c - the services on a real loop, which runs in a thread of its own; the tests
 * are their clients, with plain blocking sockets. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/serving.h"

#define KINDS (SDR_SERVICE_STOPPED + 1)

/* A loop with services; `call` is run on the loop while the test waits. */
struct stage {
	uv_loop_t loop;
	uv_async_t wake;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t done;
	void (*call)(struct stage *, void *);
	void *argument;
	struct sdr_services *services;
	unsigned notified[KINDS];
	char why[SERVE_WHY];
};

static void on_event(void *context, const struct sdr_service_event *event)
{
	struct stage *stage = context;
	pthread_mutex_lock(&stage->mutex);
	stage->notified[event->kind]++;
	if (event->why)
		snprintf(stage->why, sizeof(stage->why), "%s", event->why);
	pthread_mutex_unlock(&stage->mutex);
}

static void on_wake(uv_async_t *wake)
{
	struct stage *stage = wake->data;
	pthread_mutex_lock(&stage->mutex);
	void (*call)(struct stage *, void *) = stage->call;
	pthread_mutex_unlock(&stage->mutex);
	if (!call)
		return;
	call(stage, stage->argument);
	pthread_mutex_lock(&stage->mutex);
	stage->call = NULL;
	pthread_cond_signal(&stage->done);
	pthread_mutex_unlock(&stage->mutex);
}

static void *run(void *argument)
{
	struct stage *stage = argument;
	uv_run(&stage->loop, UV_RUN_DEFAULT);
	return NULL;
}

static void on_loop(struct stage *stage, void (*call)(struct stage *, void *), void *argument)
{
	pthread_mutex_lock(&stage->mutex);
	stage->call = call;
	stage->argument = argument;
	uv_async_send(&stage->wake);
	while (stage->call)
		pthread_cond_wait(&stage->done, &stage->mutex);
	pthread_mutex_unlock(&stage->mutex);
}

/* What hangs is ended by the alarm, not by time-outs of the sockets: with those, a call that is
 * woken for io_uring's sake (libuv from 1.45 on) ends with EINTR though there was no signal;
 * without, the kernel goes on with it. */
static int set_up(void **state)
{
	alarm(60);
	struct stage *stage = calloc(1, sizeof(*stage));
	if (!stage || uv_loop_init(&stage->loop) != 0)
		return -1;
	pthread_mutex_init(&stage->mutex, NULL);
	pthread_cond_init(&stage->done, NULL);
	uv_async_init(&stage->loop, &stage->wake, on_wake);
	stage->wake.data = stage;
	stage->services = sdr_services_new(&stage->loop, NULL);
	if (!stage->services || sdr_services_sink_add(stage->services, on_event, stage) != SDR_OK)
		return -1;
	*state = stage;
	return pthread_create(&stage->thread, NULL, run, stage);
}

static void end(struct stage *stage, void *argument)
{
	(void)argument;
	sdr_services_free(stage->services);
	uv_close((uv_handle_t *)&stage->wake, NULL);
}

static int tear_down(void **state)
{
	struct stage *stage = *state;
	on_loop(stage, end, NULL);
	pthread_join(stage->thread, NULL);
	int left = uv_loop_close(&stage->loop);
	free(stage);
	return left;
}

struct start {
	struct sdr_service_spec spec;
	enum sdr_status status;
	uint32_t id;
	struct sdr_endpoint bound;
	struct sdr_error error;
};

static void do_start(struct stage *stage, void *argument)
{
	struct start *start = argument;
	start->status = sdr_services_start(
		stage->services, &start->spec, &start->id, &start->bound, &start->error);
}

static void do_stop(struct stage *stage, void *argument)
{
	(void)sdr_services_stop(stage->services, *(uint32_t *)argument);
}

static struct start start_with(struct stage *stage, const char *name, enum sdr_transport transport,
	const char *addr, const struct start *more)
{
	struct start start = more ? *more : (struct start){0};
	struct sdr_error error;
	start.spec.type = sdr_service_find(name);
	start.spec.transport = transport;
	assert_int_equal(sdr_addr_parse(addr, &start.spec.local.addr, &error), SDR_OK);
	on_loop(stage, do_start, &start);
	return start;
}

static struct sdr_endpoint start_one(
	struct stage *stage, const char *name, enum sdr_transport transport, const char *addr)
{
	struct start start = start_with(stage, name, transport, addr, NULL);
	assert_int_equal(start.status, SDR_OK);
	assert_int_not_equal(start.bound.port, 0);
	return start.bound;
}

static int dial(const struct sdr_endpoint *to, int kind)
{
	struct sockaddr_storage address;
	socklen_t length = sdr_endpoint_to_sockaddr(to, &address);
	int fd = socket(address.ss_family, kind | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	if (connect(fd, (struct sockaddr *)&address, length) != 0)
		assert_int_equal(
			errno, ECONNRESET); /* refused by a limit, before connect returned */
	return fd;
}

static unsigned notified(struct stage *stage, enum sdr_service_event_kind kind)
{
	pthread_mutex_lock(&stage->mutex);
	unsigned count = stage->notified[kind];
	pthread_mutex_unlock(&stage->mutex);
	return count;
}

static void wait_notified(struct stage *stage, enum sdr_service_event_kind kind, unsigned count)
{
	for (int i = 0; i < 1000 && notified(stage, kind) < count; i++)
		usleep(5000);
	assert_true(notified(stage, kind) >= count);
}

static size_t read_all(int fd, char *out, size_t size)
{
	size_t length = 0;
	for (ssize_t got; length < size && (got = recv(fd, out + length, size - length, 0)) > 0;)
		length += (size_t)got;
	return length;
}

static void daytime_sends_the_time_and_closes(void **state)
{
	static const char *const addrs[] = {"127.0.0.1", "::1"};
	for (int i = 0; i < 2; i++) {
		struct sdr_endpoint at = start_one(*state, "daytime", SDR_TCP, addrs[i]);
		char text[64];
		int fd = dial(&at, SOCK_STREAM);
		time_t before = time(NULL);
		assert_int_equal(read_all(fd, text, sizeof(text)), 26);
		struct sdr_daytime got;
		assert_true(sdr_daytime_parse(text, 26, &got));
		struct tm tm;
		localtime_r(&before, &tm);
		int64_t offset = got.seconds - tm.tm_gmtoff - before;
		assert_true(offset >= -1 && offset <= 10);
		close(fd);
	}
	wait_notified(*state, SDR_SERVICE_CLOSED, 2);
}

/* What the client sends is read off: no reset overtakes the line. */
static void daytime_closes_whatever_the_client_does(void **state)
{
	struct sdr_endpoint at = start_one(*state, "daytime", SDR_TCP, "127.0.0.1");
	static char junk[100000];
	for (int i = 0; i < 20; i++) {
		int fd = dial(&at, SOCK_STREAM);
		char text[64];
		send(fd, junk, sizeof(junk), MSG_NOSIGNAL);
		usleep(2000);
		assert_int_equal(read_all(fd, text, sizeof(text)), 26);
		close(fd);
	}
	int silent =
		dial(&at, SOCK_STREAM); /* never closes: the server does not wait for it for ever */
	wait_notified(*state, SDR_SERVICE_CLOSED, 21);
	close(silent);
}

static void echo_serves_many_at_once(void **state)
{
	struct sdr_endpoint at = start_one(*state, "echo", SDR_TCP, "127.0.0.1");
	int fds[200];
	for (int i = 0; i < 200; i++)
		fds[i] = dial(&at, SOCK_STREAM);
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 200; i++)
			assert_int_equal(send(fds[i], &i, sizeof(i), 0), sizeof(i));
		for (int i = 199; i >= 0; i--) {
			int got = -1;
			assert_int_equal(recv(fds[i], &got, sizeof(got), MSG_WAITALL), sizeof(got));
			assert_int_equal(got, i);
		}
	}
	for (int i = 0; i < 200; i++)
		close(fds[i]);
}

struct stream {
	int fd;
	size_t length;
};

static void *writer(void *argument)
{
	struct stream *stream = argument;
	static char block[65536];
	for (size_t sent = 0; sent < stream->length;) {
		size_t n = stream->length - sent < sizeof(block) ? stream->length - sent
								 : sizeof(block);
		for (size_t i = 0; i < n; i++)
			block[i] = (char)((sent + i) * 2654435761u >> 13);
		for (size_t done = 0; done < n;) {
			ssize_t out = send(stream->fd, block + done, n - done, MSG_NOSIGNAL);
			if (out <= 0)
				return argument;
			done += (size_t)out;
		}
		sent += n;
	}
	shutdown(stream->fd, SHUT_WR);
	return NULL;
}

static void test_F14_big_stream_is_exact_after_half_close(void **state)
{
	struct sdr_endpoint at = start_one(*state, "echo", SDR_TCP, "::1");
	struct stream stream = {dial(&at, SOCK_STREAM), 16 << 20};
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, writer, &stream), 0);
	usleep(200000); /* let everything fill up, so that the pending buffer is used */
	static char block[100000];
	size_t length = 0;
	for (ssize_t got; (got = recv(stream.fd, block, sizeof(block), 0)) > 0;
		length += (size_t)got)
		for (ssize_t i = 0; i < got; i++)
			if (block[i] != (char)((length + (size_t)i) * 2654435761u >> 13))
				fail_msg("differs at byte %zu", length + (size_t)i);
	assert_int_equal(length, stream.length);
	void *failed;
	pthread_join(thread, &failed);
	assert_null(failed);
	close(stream.fd);
}

static void do_measure(struct stage *stage, void *argument)
{
	uint32_t *most = argument;
	for (struct serve_client *client = stage->services->listeners->clients; client;
		client = client->next)
		if (client->pending_length > *most)
			*most = client->pending_length;
}

static void test_F4_client_that_never_reads_is_paused_and_closed(void **state)
{
	struct stage *stage = *state;
	const struct start idle = {.spec.limits.idle = SDR_SECOND};
	struct start start = start_with(stage, "echo", SDR_TCP, "127.0.0.1", &idle);
	assert_int_equal(start.status, SDR_OK);
	int fd = dial(&start.bound, SOCK_STREAM);
	static char junk[65536];
	size_t sent = 0;
	for (ssize_t out; sent < 512u << 20 && poll(&(struct pollfd){fd, POLLOUT, 0}, 1, 300) == 1;
		sent += (size_t)out)
		if ((out = send(fd, junk, sizeof(junk), MSG_DONTWAIT | MSG_NOSIGNAL)) < 0)
			break;
	assert_true(sent > 0 && sent < 64u << 20); /* it stopped taking */
	uint32_t most = 0;
	on_loop(stage, do_measure, &most);
	assert_true(most > 0 && most <= SERVE_BUFFER);
	wait_notified(stage, SDR_SERVICE_CLOSED, 1);
	assert_string_equal(stage->why, "idle for 1s");
	close(fd);
}

static void test_F5_silent_clients_give_their_slots_back(void **state)
{
	struct stage *stage = *state;
	const struct start limits = {.spec.limits = {.idle = SDR_SECOND, .clients_max = 50}};
	struct start start = start_with(stage, "echo", SDR_TCP, "127.0.0.1", &limits);
	int fds[60];
	for (int i = 0; i < 60; i++)
		fds[i] = dial(&start.bound, SOCK_STREAM);
	wait_notified(stage, SDR_SERVICE_REFUSED, 10);
	char c;
	for (int i = 0; i < 50; i++)
		assert_int_equal(recv(fds[i], &c, 1, 0), 0);
	for (int i = 0; i < 60; i++)
		close(fds[i]);
	int fd = dial(&start.bound, SOCK_STREAM);
	assert_int_equal(send(fd, "x", 1, 0), 1);
	assert_int_equal(recv(fd, &c, 1, 0), 1);
	close(fd);
}

static void do_nothing(struct stage *stage, void *argument)
{
	(void)stage;
	(void)argument;
}

static void test_F7_limits_refuse_and_count(void **state)
{
	struct stage *stage = *state;
	const struct start limits = {
		.spec.limits = {.accepts_per_second = 5, .per_source_max = 20}};
	struct start start = start_with(stage, "echo", SDR_TCP, "127.0.0.1", &limits);
	int fds[30];
	for (int i = 0; i < 30; i++)
		fds[i] = dial(&start.bound, SOCK_STREAM);
	wait_notified(stage, SDR_SERVICE_REFUSED, 25);
	assert_int_equal(notified(stage, SDR_SERVICE_ACCEPTED), 5);
	on_loop(stage, do_nothing, NULL);
	assert_string_equal(stage->why, "too many clients in a second");
	for (int i = 0; i < 30; i++)
		close(fds[i]);
}

static void udp_answers_each_datagram(void **state)
{
	static const char *const addrs[] = {"127.0.0.1", "::1"};
	for (int i = 0; i < 2; i++) {
		struct sdr_endpoint echo = start_one(*state, "echo", SDR_UDP, addrs[i]);
		struct sdr_endpoint daytime = start_one(*state, "daytime", SDR_UDP, addrs[i]);
		static char big[65000], back[65536];
		int fd = dial(&echo, SOCK_DGRAM);
		memset(big, 'x', sizeof(big));
		assert_int_equal(send(fd, "hello", 5, 0), 5);
		assert_int_equal(recv(fd, back, sizeof(back), 0), 5);
		assert_memory_equal(back, "hello", 5);
		assert_int_equal(send(fd, big, sizeof(big), 0), sizeof(big));
		assert_int_equal(recv(fd, back, sizeof(back), 0), sizeof(big));
		assert_int_equal(send(fd, "", 0, 0), 0);
		assert_int_equal(recv(fd, back, sizeof(back), 0), 0);
		close(fd);
		fd = dial(&daytime, SOCK_DGRAM);
		assert_int_equal(send(fd, "", 0, 0), 0);
		assert_int_equal(recv(fd, back, sizeof(back), 0), 26);
		close(fd);
	}
}

/* 127.0.0.2 asked at a wildcard socket: a connected client takes the answer only from 127.0.0.2. */
static void udp_answers_from_the_address_asked(void **state)
{
	struct sdr_endpoint at = start_one(*state, "echo", SDR_UDP, "0.0.0.0");
	at.addr.bytes[0] = 127;
	at.addr.bytes[3] = 2;
	int fd = dial(&at, SOCK_DGRAM);
	char c;
	assert_int_equal(send(fd, "x", 1, 0), 1);
	assert_int_equal(recv(fd, &c, 1, 0), 1);
	close(fd);
	struct sdr_endpoint at6 = start_one(*state, "echo", SDR_UDP, "::");
	at6.addr.bytes[15] = 1;
	fd = dial(&at6, SOCK_DGRAM);
	assert_int_equal(send(fd, "x", 1, 0), 1);
	assert_int_equal(recv(fd, &c, 1, 0), 1);
	close(fd);
}

static void test_F3_public_socket_answers_ten_a_second(void **state)
{
	struct sdr_endpoint at = start_one(*state, "echo", SDR_UDP, "0.0.0.0");
	at.addr.bytes[0] = 127;
	at.addr.bytes[3] = 1;
	int fd = dial(&at, SOCK_DGRAM), count = 0;
	char c;
	for (int i = 0; i < 100; i++)
		assert_int_equal(send(fd, "x", 1, 0), 1);
	while (poll(&(struct pollfd){fd, POLLIN, 0}, 1, 300) == 1 && recv(fd, &c, 1, 0) == 1)
		count++;
	assert_int_equal(count, 10);
	close(fd);
}

static void test_F10_port_in_use_is_reported(void **state)
{
	struct sdr_endpoint at = start_one(*state, "echo", SDR_TCP, "127.0.0.1");
	const struct start more = {.spec.local.port = at.port};
	struct start start = start_with(*state, "echo", SDR_TCP, "127.0.0.1", &more);
	assert_int_equal(start.status, SDR_EINUSE);
	assert_non_null(strstr(start.error.text, "in use by another program"));
	start_one(*state, "daytime", SDR_TCP, "127.0.0.1");
}

static void test_F12_v6_socket_takes_no_v4(void **state)
{
	struct sdr_endpoint at = start_one(*state, "echo", SDR_TCP, "::");
	const struct start more = {.spec.local.port = at.port};
	struct start start = start_with(*state, "echo", SDR_TCP, "0.0.0.0", &more);
	assert_int_equal(start.status, SDR_OK);
	assert_int_equal(start.bound.port, at.port);
}

static void test_F13_restart_with_live_clients(void **state)
{
	struct stage *stage = *state;
	struct start start = {0};
	for (int i = 0; i < 100; i++) {
		start = start_with(stage, "echo", SDR_TCP, "127.0.0.1", &start);
		assert_int_equal(start.status, SDR_OK);
		start.spec.local.port = start.bound.port; /* the same again */
		int fds[8];
		for (int k = 0; k < 8; k++) {
			char c;
			fds[k] = dial(&start.bound, SOCK_STREAM);
			assert_int_equal(send(fds[k], "x", 1, 0), 1);
			assert_int_equal(recv(fds[k], &c, 1, 0), 1);
		}
		on_loop(stage, do_stop, &start.id);
		for (int k = 0; k < 8; k++) {
			char c;
			assert_int_equal(recv(fds[k], &c, 1, 0), 0);
			close(fds[k]);
		}
	}
	wait_notified(stage, SDR_SERVICE_STOPPED, 100);
}

static void do_view(struct stage *stage, void *argument)
{
	struct sdr_service_view *views = argument;
	assert_int_equal(sdr_services_count(stage->services), 2);
	assert_true(sdr_services_view(stage->services, 0, &views[0]));
	assert_true(sdr_services_view(stage->services, 1, &views[1]));
	assert_false(sdr_services_view(stage->services, 2, &views[1]));
	struct sdr_service_client client;
	for (int i = 0; i < 2; i++) {
		assert_true(sdr_services_client(stage->services, views[i].id, 0, &client));
		assert_false(sdr_services_client(stage->services, views[i].id, 1, &client));
		assert_int_equal(client.bytes_in, 5);
		assert_int_equal(client.bytes_out, 5);
	}
}

static void views_count(void **state)
{
	struct sdr_endpoint tcp = start_one(*state, "echo", SDR_TCP, "127.0.0.1"),
			    udp = start_one(*state, "echo", SDR_UDP, "127.0.0.1");
	int a = dial(&tcp, SOCK_STREAM), b = dial(&udp, SOCK_DGRAM);
	char text[8];
	assert_int_equal(send(a, "hello", 5, 0), 5);
	assert_int_equal(recv(a, text, 5, MSG_WAITALL), 5);
	assert_int_equal(send(b, "hello", 5, 0), 5);
	assert_int_equal(recv(b, text, 5, 0), 5);
	struct sdr_service_view views[2];
	for (int wait = 0; wait < 500; wait++) { /* the counters follow the answer */
		on_loop(*state, do_view, views);
		if (views[0].bytes_out == 5 && views[1].bytes_out == 5)
			break;
		usleep(10000);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(views[i].clients, 1);
		assert_int_equal(views[i].served, 1);
		assert_int_equal(views[i].bytes_in, 5);
		assert_int_equal(views[i].bytes_out, 5);
		assert_false(views[i].is_public);
	}
	close(a);
	close(b);
	assert_int_equal(notified(*state, SDR_SERVICE_LISTENING), 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void test_types_and_words(void **state)
{
	static const char *const words[] = {"listening", "accepted", "closed", "refused", "dropped",
		"answered", "failed", "stopped"};
	(void)state;
	assert_int_equal(sizeof(words) / sizeof(*words), KINDS);
	for (int i = 0; i < KINDS; i++)
		assert_string_equal(
			sdr_service_event_word((enum sdr_service_event_kind)i), words[i]);
	const struct sdr_service_type *type;
	unsigned count = 0;
	for (; (type = sdr_service_at(count)); count++) {
		assert_ptr_equal(sdr_service_find(type->name), type);
		assert_true(type->port < 1024 && type->fallback_port > 1024 && type->sentence[0]);
	}
	assert_int_equal(count, 2);
	assert_null(sdr_service_at(UINT32_MAX));
	assert_null(sdr_service_find("chargen"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types_and_words),
		CASE(daytime_sends_the_time_and_closes),
		CASE(daytime_closes_whatever_the_client_does),
		CASE(echo_serves_many_at_once),
		CASE(test_F14_big_stream_is_exact_after_half_close),
		CASE(test_F4_client_that_never_reads_is_paused_and_closed),
		CASE(test_F5_silent_clients_give_their_slots_back),
		CASE(test_F7_limits_refuse_and_count),
		CASE(udp_answers_each_datagram),
		CASE(udp_answers_from_the_address_asked),
		CASE(test_F3_public_socket_answers_ten_a_second),
		CASE(test_F10_port_in_use_is_reported),
		CASE(test_F12_v6_socket_takes_no_v4),
		CASE(test_F13_restart_with_live_clients),
		CASE(views_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
