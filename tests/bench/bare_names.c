/* bare_names.c - the minimum cost of DNS questions by c-ares: `bare_names FILE PORT`. The A record
 * of each name of FILE, a hundred at a time, from 127.0.0.1, and nothing else: the answers are not
 * read. Beside it, the rest is what a program adds. */
#include <ares.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

/* ares_query is deprecated since 1.28, in favour of one that 1.18 lacks. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#define WINDOW 100

static int epoll;
static long pending, answered, failed;

static void on_answer(void *context, int status, int timeouts, unsigned char *bytes, int length)
{
	(void)context;
	(void)timeouts;
	(void)bytes;
	(void)length;
	pending--;
	answered += status == ARES_SUCCESS;
	failed += status != ARES_SUCCESS;
}

static void on_socket(void *context, ares_socket_t fd, int readable, int writable)
{
	struct epoll_event event = {.data.fd = fd,
		.events = (readable ? (unsigned)EPOLLIN : 0) | (writable ? (unsigned)EPOLLOUT : 0)};
	(void)context;
	if (!readable && !writable)
		epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
	else if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}

static void wait_once(ares_channel channel)
{
	struct epoll_event events[16];
	int count = epoll_wait(epoll, events, 16, 100);
	for (int i = 0; i < count; i++)
		ares_process_fd(channel, events[i].events & EPOLLIN ? events[i].data.fd : -1,
			events[i].events & EPOLLOUT ? events[i].data.fd : -1);
	if (count == 0)
		ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

int main(int argc, char **argv)
{
	char line[300], server[64];
	ares_channel channel;
	struct ares_options options = {.sock_state_cb = on_socket};
	FILE *file = argc == 3 ? fopen(argv[1], "re") : NULL;
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!file || epoll < 0 || ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS ||
		ares_init_options(&channel, &options, ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS)
		return 2;
	snprintf(server, sizeof(server), "127.0.0.1:%s", argv[2]);
	if (ares_set_servers_ports_csv(channel, server) != ARES_SUCCESS)
		return 2;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		while (pending >= WINDOW)
			wait_once(channel);
		pending++;
		ares_query(channel, line, 1, 1, on_answer, NULL);
	}
	while (pending > 0)
		wait_once(channel);
	printf("%ld answered, %ld failed\n", answered, failed);
	ares_destroy(channel);
	ares_library_cleanup();
	fclose(file);
	return failed > 0;
}
