/* test_icmp_socket.c - what becomes of requests that the kernel refuses or has no room for: to the
 * loopback interface of a network namespace of the test's own, with a sendmmsg that fails as
 * the script has it. */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "lib/own_net.h"
#include "lib/skip.h"
#include "net/icmp_out.h"
#include "net/icmp_socket.h"
#include "probe/ping_state.h"

#define ALWAYS -1

/* What the next calls answer: an errno each, 0 for what the kernel answers. */
static struct {
	int errors[8];
	unsigned count, calls;
	int then; /* those after them: ALWAYS the last one's */
} script;

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	unsigned at = script.calls++;
	int error = at < script.count ? script.errors[at] : 0;
	if (at >= script.count && script.then == ALWAYS)
		error = script.errors[script.count - 1];
	if (error == 0)
		return (int)syscall(SYS_sendmmsg, fd, messages, count, flags);
	errno = error;
	return -1;
}

static void answer_with(unsigned count, const int *errors, int then)
{
	memset(&script, 0, sizeof(script));
	memcpy(script.errors, errors, count * sizeof(*errors));
	script.count = count;
	script.then = then;
}

/* What happened to each request, by its sequence. */
static struct {
	uv_loop_t loop;
	struct icmp_socket *socket;
	int fd;
	unsigned reports[8], replies[8];
	int errors[8];
} rig;

static void on_reply(void *context, const struct icmp_reply *reply)
{
	(void)context;
	if (reply->message.kind == ICMP_KIND_REPLY && reply->message.echo.sequence < 8)
		rig.replies[reply->message.echo.sequence]++;
}

static void on_fault(void *context, const struct icmp_fault *fault)
{
	(void)context;
	(void)fault;
}

static void on_sent(void *context, const struct icmp_tag *tag, sdr_ns when, int error)
{
	(void)context;
	assert_true(when > 0);
	rig.reports[tag->sequence]++;
	rig.errors[tag->sequence] = error;
}

static void on_stamp(void *context, const struct icmp_tag *tag, sdr_ns when)
{
	(void)context;
	(void)tag;
	(void)when;
}

static void on_drained(void *context)
{
	(void)context;
}

static int rig_open(void **state)
{
	(void)state;
	memset(&rig, 0, sizeof(rig));
	memset(&script, 0, sizeof(script));
	rig.fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (rig.fd < 0 || uv_loop_init(&rig.loop) != 0)
		return -1;
	const struct icmp_socket_config config = {.loop = &rig.loop,
		.fd = rig.fd,
		.version = 4,
		.kind = SDR_ICMP_PING,
		.magic = 7,
		.events = {NULL, on_reply, on_fault, on_sent, on_stamp, on_drained}};
	return sdr_icmp_socket_open(&config, &rig.socket) == SDR_OK ? 0 : -1;
}

static int rig_close(void **state)
{
	(void)state;
	sdr_icmp_socket_close(rig.socket);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	close(rig.fd);
	return uv_loop_close(&rig.loop);
}

static void put(uint64_t sequence)
{
	const struct icmp_request request = {.tag = {.sequence = sequence, .target = 5},
		.size = 56,
		.to = {.version = 4, .bytes = {127, 0, 0, 1}}};
	assert_true(sdr_icmp_socket_queue(rig.socket, &request));
}

static void put_three(void)
{
	for (uint64_t sequence = 1; sequence <= 3; sequence++)
		put(sequence);
}

/* Each of 1 to 3 was reported once, with that errno. */
static void reported(int first, int second, int third)
{
	const int errors[] = {first, second, third};
	for (int i = 0; i < 3; i++) {
		assert_int_equal(rig.reports[i + 1], 1);
		assert_int_equal(rig.errors[i + 1], errors[i]);
	}
}

/* The answers are there when it was sent: the loopback interface answers within the send. */
static void answered(unsigned first, unsigned second, unsigned third)
{
	sdr_icmp_socket_read(rig.socket);
	assert_int_equal(rig.replies[1], first);
	assert_int_equal(rig.replies[2], second);
	assert_int_equal(rig.replies[3], third);
}

static void test_all_go(void **state)
{
	(void)state;
	put_three();
	assert_int_equal(script.calls, 0);
	assert_true(sdr_icmp_socket_flush(rig.socket));
	assert_int_equal(script.calls, 1);
	reported(0, 0, 0);
	answered(1, 1, 1);
	assert_true(sdr_icmp_socket_flush(rig.socket)); /* nothing is left */
	assert_int_equal(script.calls, 1);
}

/* No room of its own or no memory: the batch stays, in order, and nothing is reported. */
static void test_no_room_keeps_the_batch(void **state)
{
	static const int errors[] = {EAGAIN, ENOMEM};
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		put_three();
		answer_with(1, &errors[i], 0);
		assert_false(sdr_icmp_socket_flush(rig.socket));
		assert_int_equal(script.calls, 1);
		assert_int_equal(rig.reports[1] + rig.reports[2] + rig.reports[3], 0);
		assert_true(sdr_icmp_socket_flush(rig.socket));
		reported(0, 0, 0);
		answered(1, 1, 1);
		assert_int_equal(rig_close(state), 0);
		assert_int_equal(rig_open(state), 0);
	}
}

/* One link's queue is full: those behind may leave by another. */
static void test_a_full_queue_lets_others_pass(void **state)
{
	static const int errors[] = {ENOBUFS};
	(void)state;
	put_three();
	answer_with(1, errors, 0);
	assert_false(sdr_icmp_socket_flush(rig.socket));
	assert_int_equal(rig.reports[1], 0);
	answered(0, 1, 1);
	assert_true(sdr_icmp_socket_flush(rig.socket));
	reported(0, 0, 0);
	answered(1, 1, 1);
}

/* What was given up is not sent, the others are. */
static void test_one_that_is_withdrawn(void **state)
{
	static const int errors[] = {ENOBUFS};
	(void)state;
	put_three();
	answer_with(1, errors, ALWAYS);
	assert_false(sdr_icmp_socket_flush(rig.socket));
	sdr_icmp_socket_withdraw(rig.socket, 5, 9);
	sdr_icmp_socket_withdraw(rig.socket, 6, 2);
	sdr_icmp_socket_withdraw(rig.socket, 5, 2);
	answer_with(0, errors, 0);
	assert_true(sdr_icmp_socket_flush(rig.socket));
	assert_int_equal(rig.reports[2], 0);
	answered(1, 0, 1);
}

/* An interrupted call refuses nothing, and an error may be about an earlier packet: each is sent
 * again, until it fails twice in a row. */
static void test_what_is_tried_again(void **state)
{
	static const struct {
		int errors[4];
		unsigned count;
		int reported, calls; /* of the first */
	} cases[] = {
		{{EINTR}, 1, 0, 2}, {{EINTR, EINTR, EINTR}, 3, 0, 4}, {{EHOSTUNREACH}, 1, 0, 2},
		{{EHOSTUNREACH, EHOSTUNREACH}, 2, EHOSTUNREACH, 3},
		{{ECONNREFUSED, ENETUNREACH}, 2, ENETUNREACH, 3},
		{{EPERM}, 1, EPERM, 2}, /* a firewall's, of this packet */
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put_three();
		answer_with(cases[i].count, cases[i].errors, 0);
		assert_true(sdr_icmp_socket_flush(rig.socket));
		assert_int_equal(script.calls, cases[i].calls);
		reported(cases[i].reported, 0, 0);
		answered(cases[i].reported == 0, 1, 1);
		assert_int_equal(rig_close(state), 0);
		assert_int_equal(rig_open(state), 0);
	}
}

/* Twice in a row is of one packet: what is sent in between starts the count again. */
static void test_refused_twice_in_a_row(void **state)
{
	static const int errors[] = {EHOSTUNREACH, EHOSTUNREACH, EHOSTUNREACH, EHOSTUNREACH};
	(void)state;
	put_three();
	answer_with(4, errors, 0);
	assert_true(sdr_icmp_socket_flush(rig.socket));
	reported(EHOSTUNREACH, EHOSTUNREACH, 0);
	answered(0, 0, 1);
}

/* A batch that is full is sent; while it can't be, nothing more is taken. */
static void test_a_full_batch(void **state)
{
	static const int errors[] = {EAGAIN};
	struct icmp_request request = {.tag = {.sequence = 1, .target = 5},
		.size = 56,
		.to = {.version = 4, .bytes = {127, 0, 0, 1}}};
	(void)state;
	for (unsigned i = 0; i < SDR_ICMP_BATCH; i++)
		assert_true(sdr_icmp_socket_queue(rig.socket, &request));
	assert_int_equal(script.calls, 0);
	answer_with(1, errors, ALWAYS);
	assert_false(sdr_icmp_socket_queue(rig.socket, &request));
	assert_int_equal(script.calls, 1);
	answer_with(0, errors, 0);
	request.tag.sequence = 2;
	assert_true(sdr_icmp_socket_queue(rig.socket, &request));
	assert_int_equal(rig.reports[1], SDR_ICMP_BATCH);
	assert_int_equal(rig.reports[2], 0);
	assert_true(sdr_icmp_socket_flush(rig.socket));
	assert_int_equal(rig.reports[2], 1);
	answer_with(1, errors, ALWAYS); /* the loop has nothing more to send */
}

/* ---- ping, when there is no room ---- */

extern const struct probe_type probe_ping;

static void emit(struct probe_env *env, uint32_t id, struct sdr_result *result)
{
	(void)env;
	(void)id;
	(void)result;
}

/* It waits longer each time, up to a limit, and starts over once there was room. */
static void test_the_wait_for_room(void **state)
{
	static const unsigned waits[] = {10, 20, 40, 80, 160, 160};
	static const int errors[] = {EAGAIN};
	static struct ping ping;
	struct probe_env env = {.emit = emit};
	(void)state;
	memset(&ping, 0, sizeof(ping));
	ping.env = &env;
	ping.sockets[0] = rig.socket;
	assert_int_equal(sdr_inflight_init(&ping.inflight, SDR_PING_LATE_WINDOW, 0), SDR_OK);
	uv_timer_init(&rig.loop, &ping.retry);
	uv_timer_init(&rig.loop, &ping.expiry);
	const struct probe_type *type = &probe_ping;
	put_three();
	answer_with(1, errors, ALWAYS);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
			type->flush(&ping, sdr_clock_now());
			assert_int_equal(uv_timer_get_due_in(&ping.retry), waits[i]);
			/* One that is asked for meanwhile waits no longer. */
			type->flush(&ping, sdr_clock_now());
			assert_int_equal(uv_timer_get_due_in(&ping.retry), waits[i]);
			uv_timer_stop(&ping.retry);
		}
		answer_with(0, errors, 0);
		type->flush(&ping, sdr_clock_now());
		assert_false(uv_is_active((uv_handle_t *)&ping.retry));
		put_three();
		answer_with(1, errors, ALWAYS);
	}
	uv_close((uv_handle_t *)&ping.retry, NULL);
	uv_close((uv_handle_t *)&ping.expiry, NULL);
	sdr_inflight_done(&ping.inflight);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_all_go),
		CASE(test_no_room_keeps_the_batch),
		CASE(test_a_full_queue_lets_others_pass),
		CASE(test_one_that_is_withdrawn),
		CASE(test_what_is_tried_again),
		CASE(test_refused_twice_in_a_row),
		CASE(test_a_full_batch),
		CASE(test_the_wait_for_room),
	};
	if (!own_net_enter())
		SKIP_ALL_BECAUSE(tests, "no network namespaces here");
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (fd < 0)
		SKIP_ALL_BECAUSE(tests, "no ping sockets here");
	close(fd);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
