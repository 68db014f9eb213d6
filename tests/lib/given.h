/* given.h - what tests begin with: addresses by their text, commands, sockets on loopback. After
 * cmocka. */
#ifndef SOUNDER_TESTS_GIVEN_H
#define SOUNDER_TESTS_GIVEN_H

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "sounder/addr.h"

static inline struct sdr_addr addr_of(const char *text)
{
	struct sdr_addr addr = {0};
	assert_int_equal(sdr_addr_parse(text, &addr, NULL), SDR_OK);
	return addr;
}

/* Runs a command, which is to end well. */
static inline void sh(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

/* A socket of the type (SOCK_STREAM, with SOCK_CLOEXEC and the like), bound to 127.0.0.`last` at
 * `*port`; 0 there becomes the port that it got. */
static inline int loopback_socket(int type, unsigned last, uint16_t *port)
{
	struct sockaddr_in own = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(0x7f000000u | last),
		.sin_port = htons(*port)};
	socklen_t length = sizeof(own);
	int fd = socket(AF_INET, type, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&own, length), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &length), 0);
	*port = ntohs(own.sin_port);
	return fd;
}

/* The same by TCP on 127.0.0.1, as an endpoint, with room for so many clients. */
static inline int loopback_listener(int backlog, struct sdr_endpoint *endpoint)
{
	uint16_t port = 0;
	int fd = loopback_socket(SOCK_STREAM | SOCK_CLOEXEC, 1, &port);
	assert_int_equal(listen(fd, backlog), 0);
	*endpoint = (struct sdr_endpoint){addr_of("127.0.0.1"), port};
	return fd;
}

#endif
