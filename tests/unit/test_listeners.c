/* test_listeners.c - sockets of this test's own, found by sock_diag and named from /proc; messages
 * that are too short or of another kind. */
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
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

#include "host/diag.h"
#include "lib/skip.h"

/* Binds a socket to a free port of the address; returns its descriptor. */
static int bind_one(int type, const char *address, uint16_t *port)
{
	struct sdr_endpoint endpoint = {0};
	struct sockaddr_storage to;
	socklen_t length;
	assert_int_equal(sdr_addr_parse(address, &endpoint.addr, NULL), SDR_OK);
	length = (socklen_t)sdr_endpoint_to_sockaddr(&endpoint, &to);
	int fd = socket(endpoint.addr.version == 4 ? AF_INET : AF_INET6, type, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, length) != 0)
		return -1;
	assert_int_equal(getsockname(fd, (struct sockaddr *)&to, &length), 0);
	assert_int_equal(sdr_endpoint_from_sockaddr((struct sockaddr *)&to, &endpoint), SDR_OK);
	*port = endpoint.port;
	return fd;
}

static const struct sdr_listener *find(
	struct sdr_listeners *listeners, enum sdr_transport transport, uint16_t port)
{
	const struct sdr_listener *listener;
	for (size_t i = sdr_listeners_find(listeners, port);
		(listener = sdr_listeners_at(listeners, i)); i++)
		if (listener->endpoint.port == port && listener->transport == transport)
			return listener;
	return NULL;
}

static struct sdr_listeners *view(void)
{
	struct sdr_listeners *listeners = sdr_listeners_new(NULL);
	assert_non_null(listeners);
	if (sdr_listeners_refresh(listeners, 1, 0) != SDR_OK) {
		sdr_listeners_free(listeners);
		SKIP_BECAUSE("no sock_diag here");
	}
	return listeners;
}

static void test_own_sockets(void **state)
{
	uint16_t tcp, udp;
	char address[SDR_ADDR_TEXT];
	int stream = bind_one(SOCK_STREAM, "127.0.0.1", &tcp),
	    datagram = bind_one(SOCK_DGRAM, "127.0.0.1", &udp);
	(void)state;
	assert_true(stream >= 0 && datagram >= 0);
	struct sdr_listeners *listeners = view();
	/* Bound is not yet listening. */
	assert_null(find(listeners, SDR_TCP, tcp));
	assert_non_null(find(listeners, SDR_UDP, udp));
	uint64_t version = sdr_listeners_version(listeners);
	assert_int_equal(listen(stream, 1), 0);
	assert_int_equal(sdr_listeners_refresh(listeners, 2, SDR_SECOND), SDR_OK);
	assert_null(find(listeners, SDR_TCP, tcp));
	assert_int_equal(sdr_listeners_refresh(listeners, 2 + SDR_SECOND, SDR_SECOND), SDR_OK);
	const struct sdr_listener *listener = find(listeners, SDR_TCP, tcp);
	assert_non_null(listener);
	assert_true(sdr_listeners_version(listeners) > version);
	assert_string_equal(sdr_addr_format(address, &listener->endpoint.addr), "127.0.0.1");
	assert_int_equal(listener->uid, geteuid());
	assert_int_equal(listener->pid, 0);
	while (!sdr_listeners_name(listeners, SDR_MS))
		;
	assert_int_equal(find(listeners, SDR_TCP, tcp)->pid, getpid());
	assert_string_equal(find(listeners, SDR_UDP, udp)->process, "test_listeners");
	/* A name stays when the kernel is asked again. */
	assert_int_equal(sdr_listeners_refresh(listeners, 3 * SDR_SECOND, 0), SDR_OK);
	assert_int_equal(find(listeners, SDR_TCP, tcp)->pid, getpid());
	close(stream);
	close(datagram);
	assert_int_equal(sdr_listeners_refresh(listeners, 4 * SDR_SECOND, 0), SDR_OK);
	assert_null(find(listeners, SDR_TCP, tcp));
	assert_null(find(listeners, SDR_UDP, udp));
	sdr_listeners_free(listeners);
}

static void test_both_families_in_one(void **state)
{
	uint16_t port;
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	(void)state;
	if (fd >= 0)
		close(fd);
	else
		SKIP_BECAUSE("no IPv6 here");
	fd = bind_one(SOCK_STREAM, "::", &port);
	assert_true(fd >= 0);
	assert_int_equal(listen(fd, 1), 0);
	struct sdr_listeners *listeners = view();
	const struct sdr_listener *listener = find(listeners, SDR_TCP, port);
	assert_non_null(listener);
	assert_int_equal(listener->endpoint.addr.version, 6);
	int only = 0;
	socklen_t length = sizeof(only);
	assert_int_equal(getsockopt(fd, IPPROTO_IPV6, 26 /* IPV6_V6ONLY */, &only, &length), 0);
	assert_int_equal(listener->dual, only == 0);
	close(fd);
	sdr_listeners_free(listeners);
}

static void test_order(void **state)
{
	struct sdr_listeners *listeners = view();
	const struct sdr_listener *one, *before = NULL;
	(void)state;
	for (size_t i = 0; (one = sdr_listeners_at(listeners, i)); before = one, i++)
		assert_true(!before || before->endpoint.port <= one->endpoint.port);
	assert_int_equal(sdr_listeners_find(listeners, 0), 0);
	sdr_listeners_free(listeners);
}

static void test_decode(void **state)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_msg socket;
		struct nlattr attr;
		uint8_t only, pad[3];
	} message = {.header = {.nlmsg_type = SOCK_DIAG_BY_FAMILY}};
	struct sdr_listener listener;
	(void)state;
	message.socket.idiag_family = AF_INET6;
	message.socket.id.idiag_sport = htons(8080);
	message.socket.idiag_uid = 1000;
	message.socket.idiag_inode = 77;
	message.attr.nla_type = INET_DIAG_SKV6ONLY;
	message.attr.nla_len = sizeof(message.attr) + 1;
	message.header.nlmsg_len = sizeof(message);
	assert_true(sdr_diag_decode(&message.header, SDR_TCP, &listener));
	assert_true(listener.dual && listener.endpoint.port == 8080 && listener.uid == 1000 &&
		listener.inode == 77);
	message.only = 1;
	assert_true(sdr_diag_decode(&message.header, SDR_TCP, &listener));
	assert_false(listener.dual);
	for (uint32_t length = sizeof(message.header);
		length < sizeof(message.header) + sizeof(message.socket); length++) {
		message.header.nlmsg_len = length;
		assert_false(sdr_diag_decode(&message.header, SDR_TCP, &listener));
	}
	message.header.nlmsg_len = sizeof(message);
	message.socket.idiag_family = AF_UNIX;
	assert_false(sdr_diag_decode(&message.header, SDR_TCP, &listener));
	message.socket.idiag_family = AF_INET;
	message.socket.id.idiag_sport = 0;
	assert_false(sdr_diag_decode(&message.header, SDR_TCP, &listener));
}

static void test_why(void **state)
{
	struct sdr_listener listener = {.uid = 54321, .inode = UINT32_MAX};
	struct sdr_listeners *listeners = view();
	char text[SDR_LISTENER_WHY];
	(void)state;
	assert_false(sdr_listener_why(listeners, &listener, text)); /* not read yet */
	assert_non_null(strstr(text, "not found yet"));
	while (!sdr_listeners_name(listeners, SDR_SECOND))
		;
	if (sdr_listener_why(
		    listeners, &listener, text)) /* false if all are named and nothing was read */
		assert_non_null(strstr(text, "CAP_SYS_PTRACE"));
	listener.inode = 0;
	assert_true(sdr_listener_why(listeners, &listener, text));
	assert_non_null(strstr(text, "kernel"));
	listener.pid = 1;
	assert_true(sdr_listener_why(listeners, &listener, text));
	assert_string_equal(text, "");
	sdr_listeners_free(listeners);
}

static void test_ephemeral(void **state)
{
	uint16_t first = 1, last = 0;
	(void)state;
	if (sdr_listeners_ephemeral(&first, &last, NULL) != SDR_OK)
		SKIP_BECAUSE("ip_local_port_range cannot be read here");
	assert_true(first <= last);
}

static void test_what_was_looked_at(void **state)
{
	(void)state;
	struct sdr_listeners *listeners = sdr_listeners_new(NULL);
	struct sdr_error error = {0};
	assert_null(sdr_listeners_at(listeners, 0)); /* asks nobody yet */
	assert_int_equal(sdr_listeners_version(listeners), 0);
	sdr_listeners_free(listeners);
	sdr_listeners_free(NULL);
	listeners = view();
	assert_int_equal(
		sdr_listeners_look(listeners, 1U << SDR_TCP | 1U << SDR_UDP, &error), SDR_OK);
	for (size_t i = 1; sdr_listeners_at(listeners, i); i++)
		assert_true(sdr_listeners_at(listeners, i - 1)->endpoint.port <=
			sdr_listeners_at(listeners, i)->endpoint.port);
	sdr_listeners_free(listeners);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_looked_at),
		cmocka_unit_test(test_own_sockets),
		cmocka_unit_test(test_both_families_in_one),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_ephemeral),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
