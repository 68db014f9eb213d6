/* Many transfers at once: the ceiling on sockets holds, each ends once and in time, and the loop
 * stays free meanwhile. */
#include <arpa/inet.h>
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "http/multi.h"
#include "http/transfer.h"
#include "lib/given.h"

#define TARGETS 1000
#define TIMEOUT (400 * SDR_MS)
#define TICK_MS 5

/* What the run saw. */
struct seen {
	struct sdr_multi *multi;
	unsigned ends[SDR_TRANSFER_END_COUNT];
	unsigned done;
	unsigned sockets_before, sockets_most;
	sdr_ns begun, last_tick, worst_tick, latest;
	uv_timer_t tick;
};

static unsigned open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void on_done(void *context, const struct sdr_transfer_answer *answer)
{
	struct seen *seen = context;
	seen->ends[answer->end]++;
	seen->latest = sdr_clock_now() - seen->begun;
	if (++seen->done == TARGETS) {
		uv_close((uv_handle_t *)&seen->tick, NULL);
		sdr_multi_free(seen->multi);
	}
}

static void on_tick(uv_timer_t *timer)
{
	struct seen *seen = timer->data;
	sdr_ns now = sdr_clock_now();
	unsigned count = open_descriptors();
	if (seen->last_tick && now - seen->last_tick > seen->worst_tick)
		seen->worst_tick = now - seen->last_tick;
	seen->last_tick = now;
	if (count > seen->sockets_most)
		seen->sockets_most = count;
}

/* A listening socket that completes no handshake: its queue of one is full. */
static int dead_peer(struct sdr_endpoint *endpoint, int *fillers, size_t n)
{
	struct sockaddr_storage address;
	int listener = loopback_listener(0, endpoint);
	socklen_t length = sdr_endpoint_to_sockaddr(endpoint, &address);
	for (size_t i = 0; i < n; i++) {
		fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		(void)!connect(fillers[i], (struct sockaddr *)&address, length);
	}
	return listener;
}

static void test_C12_dead_targets(void **state)
{
	struct seen seen = {0};
	struct sdr_endpoint peer;
	struct sdr_transfer_spec spec = {.url = "http://dead.test/",
		.method = "HEAD",
		.timeout = TIMEOUT,
		.connect_timeout = TIMEOUT,
		.body_max = 1,
		.done = on_done,
		.context = &seen,
		.peers = &peer,
		.peer_count = 1};
	int fillers[4];
	int listener = dead_peer(&peer, fillers, 4);
	uv_loop_t loop;
	(void)state;
	uv_loop_init(&loop);
	assert_int_equal(sdr_multi_new(&loop, &seen.multi), SDR_OK);
	assert_non_null(seen.multi);
	uv_timer_init(&loop, &seen.tick);
	seen.tick.data = &seen;
	seen.sockets_before = open_descriptors();
	seen.begun = sdr_clock_now();
	for (unsigned i = 0; i < TARGETS; i++) {
		struct sdr_transfer *transfer;

		assert_int_equal(sdr_transfer_start(seen.multi, &spec, &transfer), SDR_OK);
	}
	assert_int_equal(seen.done, 0);
	uv_timer_start(&seen.tick, on_tick, TICK_MS, TICK_MS);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	print_message("sockets %u, worst tick %.1f ms, last answer after %.0f ms\n",
		seen.sockets_most - seen.sockets_before, (double)seen.worst_tick / 1e6,
		(double)seen.latest / 1e6);
	assert_int_equal(seen.done, TARGETS);
	assert_int_equal(
		seen.ends[SDR_TRANSFER_TIMEOUT] + seen.ends[SDR_TRANSFER_NOT_STARTED], TARGETS);
	assert_true(seen.ends[SDR_TRANSFER_TIMEOUT] >= SDR_MULTI_JOBS_MAX);
	/* One descriptor above is libcurl's own, for waking it. */
	assert_true(seen.sockets_most - seen.sockets_before <= SDR_MULTI_JOBS_MAX + 2);
	assert_true(seen.latest < 10 * TIMEOUT);
	for (unsigned i = 0; i < 4; i++)
		close(fillers[i]);
	close(listener);
}

/* Stopping at any moment leaves nothing behind and calls nothing back. */
static void test_stop(void **state)
{
	struct seen seen = {0};
	struct sdr_endpoint peer;
	struct sdr_transfer_spec spec = {.url = "http://dead.test/",
		.method = "HEAD",
		.timeout = TIMEOUT,
		.connect_timeout = TIMEOUT,
		.body_max = 1,
		.done = on_done,
		.context = &seen,
		.peers = &peer,
		.peer_count = 1};
	struct sdr_transfer *transfers[100];
	int fillers[4];
	int listener = dead_peer(&peer, fillers, 4);
	uv_loop_t loop;
	(void)state;
	uv_loop_init(&loop);
	assert_int_equal(sdr_multi_new(&loop, &seen.multi), SDR_OK);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 100; i++)
			assert_int_equal(
				sdr_transfer_start(seen.multi, &spec, &transfers[i]), SDR_OK);
		for (unsigned i = 0; i < round; i++)
			uv_run(&loop, UV_RUN_NOWAIT);
		for (unsigned i = 0; i < 100; i++)
			sdr_transfer_stop(transfers[(i * 37) % 100]);
	}
	sdr_multi_free(seen.multi);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	assert_int_equal(seen.done, 0);
	for (unsigned i = 0; i < 4; i++)
		close(fillers[i]);
	close(listener);
}

static void on_only_done(void *context, const struct sdr_transfer_answer *answer)
{
	struct seen *seen = context;
	seen->ends[answer->end]++;
	if (answer->end == SDR_TRANSFER_LOCAL)
		assert_string_equal(answer->text, "libcurl was not loaded in time");
	sdr_multi_free(seen->multi);
}

/* Who gives up before libcurl is there has waited for no connection; unless the loop was late. */
static void test_not_loaded_in_time(void **state)
{
	struct seen seen = {0};
	struct sdr_endpoint peer;
	struct sdr_transfer_spec spec = {.url = "http://dead.test/",
		.method = "HEAD",
		.timeout = 1,
		.connect_timeout = TIMEOUT,
		.body_max = 1,
		.done = on_only_done,
		.context = &seen,
		.peers = &peer,
		.peer_count = 1};
	struct sdr_transfer *transfer;
	int fillers[4];
	int listener = dead_peer(&peer, fillers, 4);
	(void)state;
	for (unsigned tries = 0; tries < 20 && seen.ends[SDR_TRANSFER_LOCAL] == 0; tries++) {
		uv_loop_t loop;
		uv_loop_init(&loop);
		assert_int_equal(sdr_multi_new(&loop, &seen.multi), SDR_OK);
		assert_int_equal(sdr_transfer_start(seen.multi, &spec, &transfer), SDR_OK);
		uv_run(&loop, UV_RUN_DEFAULT);
		assert_int_equal(uv_loop_close(&loop), 0);
	}
	assert_int_equal(seen.ends[SDR_TRANSFER_LOCAL], 1);
	assert_int_equal(seen.ends[SDR_TRANSFER_NOT_STARTED], 0);
	for (unsigned i = 0; i < 4; i++)
		close(fillers[i]);
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_loaded_in_time),
		cmocka_unit_test(test_C12_dead_targets),
		cmocka_unit_test(test_stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
