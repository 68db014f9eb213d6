/* bare.c - the minimum cost of echo requests: `bare FILE [SECONDS]`. A ping socket, batches of 64
 * in both directions, the kernel's time stamps, errors and hop limits requested, and nothing else:
 * no names, no matching, no figures. Once through the IPv4 addresses of FILE as fast as it goes, or
 * each once a second in ticks of 20 ms. Beside it, the rest is what a program adds. */
#include <arpa/inet.h>
#include <time.h> /* before errqueue.h, which needs struct timespec */

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 64
#define SLOTS (BATCH + 8) /* so that one read shows that there is no more */
#define TICKS 50          /* a second */
#define REQUEST 64        /* bytes, with 56 of payload */

struct bare {
	int fd;
	struct in_addr *to; /* [count] */
	size_t count;
	long sent, replies, stamps;
	struct mmsghdr out[BATCH], in[SLOTS];
	struct iovec out_part[BATCH], in_part[SLOTS];
	struct sockaddr_in out_to[BATCH], in_from[SLOTS];
	char request[REQUEST], slot[SLOTS][512];
	long control[SLOTS][32];
};

static int open_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP), on = 1, never = IP_PMTUDISC_DO,
	    large = 8 << 20;
	unsigned stamps = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE |
		SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &large, sizeof(large));
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof(stamps));
	setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &never, sizeof(never));
	return fd;
}

static void read_targets(struct bare *bare, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[64];
	bare->to = calloc(1 << 17, sizeof(*bare->to));
	while (file && bare->to && bare->count < 1 << 17 && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		bare->count += inet_pton(AF_INET, line, &bare->to[bare->count]) == 1;
	}
	if (file)
		fclose(file);
}

static long drain(struct bare *bare, int flags)
{
	long all = 0;
	for (int n = SLOTS; n == SLOTS; all += n > 0 ? n : 0) {
		for (int i = 0; i < SLOTS; i++) {
			bare->in_part[i] = (struct iovec){bare->slot[i], sizeof(bare->slot[i])};
			bare->in[i].msg_hdr = (struct msghdr){.msg_name = &bare->in_from[i],
				.msg_namelen = sizeof(bare->in_from[i]),
				.msg_iov = &bare->in_part[i],
				.msg_iovlen = 1,
				.msg_control = bare->control[i],
				.msg_controllen = sizeof(bare->control[i])};
		}
		n = recvmmsg(bare->fd, bare->in, SLOTS, flags | MSG_DONTWAIT, NULL);
	}
	return all;
}

static void ask(struct bare *bare, size_t from, size_t to)
{
	while (from < to) {
		unsigned n = 0;
		for (; n < BATCH && from < to; n++, from++) {
			bare->out_to[n] = (struct sockaddr_in){
				.sin_family = AF_INET, .sin_addr = bare->to[from]};
			bare->out_part[n] = (struct iovec){bare->request, sizeof(bare->request)};
			bare->out[n].msg_hdr = (struct msghdr){.msg_name = &bare->out_to[n],
				.msg_namelen = sizeof(bare->out_to[n]),
				.msg_iov = &bare->out_part[n],
				.msg_iovlen = 1};
		}
		int sent = sendmmsg(bare->fd, bare->out, n, 0);
		bare->sent += sent > 0 ? sent : 0;
		bare->stamps += drain(bare, MSG_ERRQUEUE);
		bare->replies += drain(bare, 0);
	}
}

static void ask_in_ticks(struct bare *bare, long seconds)
{
	struct timespec begun;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	for (long tick = 0; tick < TICKS * seconds; tick++) {
		long ns = begun.tv_nsec + tick % TICKS * (1000000000L / TICKS);
		struct timespec at = {
			begun.tv_sec + tick / TICKS + ns / 1000000000L, ns % 1000000000L};
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
		ask(bare, bare->count * (size_t)(tick % TICKS) / TICKS,
			bare->count * (size_t)(tick % TICKS + 1) / TICKS);
	}
}

int main(int argc, char **argv)
{
	static struct bare bare = {.request = {8}}; /* an echo request; identifier and checksum are
						       the kernel's to fill in */
	if (argc < 2 || (bare.fd = open_socket()) < 0)
		return 2;
	read_targets(&bare, argv[1]);
	if (argc > 2)
		ask_in_ticks(&bare, atol(argv[2]));
	else
		ask(&bare, 0, bare.count);
	printf("%ld sent, %ld replies, %ld stamps\n", bare.sent, bare.replies, bare.stamps);
	return bare.sent > 0 && bare.replies >= bare.sent * 99 / 100 ? 0 : 1;
}
