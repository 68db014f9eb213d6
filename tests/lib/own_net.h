/* own_net.h - a network namespace of a test program's own, with lo up and ping sockets for
 * everybody. Enter it before the first thread is made. */
#ifndef SOUNDER_TESTS_OWN_NET_H
#define SOUNDER_TESTS_OWN_NET_H

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static inline bool own_net_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (fd >= 0)
		close(fd);
	return good;
}

static inline void own_net_map_root(unsigned uid, unsigned gid)
{
	char map[64];
	own_net_write("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	own_net_write("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	own_net_write("/proc/self/gid_map", map);
}

/* False where the kernel grants none. Root does without a user namespace where those are
 * refused. */
static inline bool own_net_enter(void)
{
	unsigned uid = getuid(), gid = getgid();
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)
		own_net_map_root(uid, gid);
	else if (uid != 0 || unshare(CLONE_NEWNET) < 0)
		return false;
	own_net_write("/proc/sys/net/ipv4/ping_group_range", "0 0");
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	close(fd);
	return up;
}

#endif
