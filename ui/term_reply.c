/* term_reply.c - takes late answers out of what the terminal sends. */
#include "term_reply.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_LENGTH 4
#define KEPT 1024 /* bytes that are put back */

struct taking {
	int descriptor;
	unsigned answers; /* still to come */
	size_t matched;   /* bytes of the next one that came */
	char digit;       /* the third of them */
	char kept[KEPT];  /* [length]: what came besides */
	size_t length;
};

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Without the right the request fails before it looks at the byte. */
static bool can_put_back(int descriptor)
{
	return ioctl(descriptor, TIOCSTI, NULL) != 0 && errno == EFAULT;
}

static size_t waiting(int descriptor)
{
	int count = 0;
	return ioctl(descriptor, FIONREAD, &count) == 0 && count > 0 ? (size_t)count : 0;
}

static void keep(struct taking *taking, char byte)
{
	if (taking->length < KEPT)
		taking->kept[taking->length++] = byte;
}

/* What was taken for the beginning of an answer is none. */
static void keep_matched(struct taking *taking)
{
	const char begun[] = {'\033', '[', taking->digit};
	for (size_t i = 0; i < taking->matched; i++)
		keep(taking, begun[i]);
	taking->matched = 0;
}

static void feed(struct taking *taking, char byte)
{
	static const char wanted[ANSWER_LENGTH] = {'\033', '[', '\0', 'n'};
	if (taking->matched == 2 && (byte == '0' || byte == '3')) {
		taking->digit = byte;
		taking->matched++;
	} else if (taking->matched != 2 && byte == wanted[taking->matched]) {
		taking->matched++;
	} else {
		keep_matched(taking);
		taking->matched = byte == '\033';
		if (!taking->matched)
			keep(taking, byte);
	}
	if (taking->matched == ANSWER_LENGTH) {
		taking->matched = 0;
		taking->answers--;
	}
}

/* What is put back stands behind what waits; so that is read first. */
static void put_back(struct taking *taking)
{
	char byte;
	keep_matched(taking);
	while (taking->length > 0 && taking->length < KEPT && waiting(taking->descriptor) > 0 &&
		read(taking->descriptor, &byte, 1) == 1)
		keep(taking, byte);
	for (size_t i = 0; i < taking->length; i++)
		(void)!ioctl(taking->descriptor, TIOCSTI, &taking->kept[i]);
}

void ui_reply_take(int descriptor, unsigned answers, size_t begun, int milliseconds)
{
	struct taking taking = {
		.descriptor = descriptor, .answers = answers, .matched = begun, .digit = '0'};
	int64_t now, until = now_ms() + milliseconds;
	bool puts_back = can_put_back(descriptor);
	char byte;
	while (taking.answers > 0 && (now = now_ms()) < until && taking.length < KEPT) {
		struct pollfd wait = {.fd = descriptor, .events = POLLIN};
		int ready = poll(&wait, 1, (int)(until - now));
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0 || !(wait.revents & POLLIN))
			break;
		if (!puts_back &&
			waiting(descriptor) > taking.answers * ANSWER_LENGTH - taking.matched)
			break;
		if (read(descriptor, &byte, 1) != 1)
			break;
		feed(&taking, byte);
	}
	if (puts_back)
		put_back(&taking);
}
