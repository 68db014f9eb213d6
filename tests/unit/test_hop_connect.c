/* test_hop_connect.c - handshakes with a port of this host, with a loop that does not run: what
 * came meanwhile is there to be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "net/hop_connect.h"
#include "net/icmp_in.h"

static struct icmp_in in;
static struct hop_answer answer;
static unsigned answers;

static void on_answer(void *context, const struct hop_answer *given)
{
	assert_ptr_equal(context, &answers);
	answer = *given;
	answers++;
}

/* Listens at a port of 127.0.0.1, or only binds it. */
static int listener(bool listens, uint16_t *port)
{
	struct sockaddr_in name = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(name);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &size), 0);
	assert_true(!listens || listen(fd, 4) == 0);
	*port = ntohs(name.sin_port);
	return fd;
}

/* Answers on loopback are there when connect() returns. Returns how many were reported. */
static unsigned read_one(uv_loop_t *loop, uint16_t port, bool drop_first)
{
	const struct hop_connect_config config = {
		.loop = loop, .in = &in, .events = {.context = &answers, .on_answer = on_answer}};
	const struct hop_probe probe = {.tag = {.trace = 7, .round = 9, .ttl = 64, .second = true},
		.to = {.version = 4, .bytes = {127, 0, 0, 1}},
		.port = port};
	struct hop_connect *made = NULL;
	answers = 0;
	assert_int_equal(sdr_hop_connect_begin(&config, &probe, &made), 0);
	assert_int_equal(answers, 0);
	if (drop_first)
		sdr_hop_connect_drop(made);
	sdr_hop_connect_read(made); /* it is there until the loop runs */
	sdr_hop_connect_read(made);
	uv_run(loop, UV_RUN_NOWAIT);
	return answers;
}

static void test_read_without_the_loop(void **state)
{
	uv_loop_t loop;
	uint16_t open_port, closed_port;
	(void)state;
	int open_fd = listener(true, &open_port), closed_fd = listener(false, &closed_port);
	assert_int_equal(uv_loop_init(&loop), 0);
	sdr_icmp_in_init(&in);
	sdr_hop_connect_read(NULL);
	assert_int_equal(read_one(&loop, open_port, false), 1);
	assert_int_equal(answer.kind, HOP_REACHED);
	assert_int_equal(answer.number, 0);
	assert_int_equal(answer.tag.round, 9);
	assert_true(answer.tag.second);
	assert_true(answer.rtt >= 0 && answer.rtt < 10 * SDR_SECOND);
	assert_int_equal(read_one(&loop, closed_port, false), 1);
	assert_int_equal(answer.kind, HOP_REACHED);
	assert_int_equal(answer.number, ECONNREFUSED);
	assert_int_equal(read_one(&loop, open_port, true), 0);
	assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&loop), 0);
	sdr_icmp_in_done(&in);
	close(open_fd);
	close(closed_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_without_the_loop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
