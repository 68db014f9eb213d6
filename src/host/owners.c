/* owners.c - which process holds a socket: the links of /proc/PID/fd read "socket:[INODE]". Those of other users' processes can't be read
 * without CAP_SYS_PTRACE, and then they are passed over. proc(5).
 * The idea: /proc lists processes by rising id, so a walk that ran out of time goes on after the last one it looked at. */
#include "host/owners.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Who is told, and how a process is called. */
struct walk {
	bool (*found)(void *context, uint32_t inode, int32_t pid, const char *process);
	void *context;
	int32_t pid;
	char process[SDR_PROCESS_TEXT]; /* "" until it is needed */
};

static void read_name(struct walk *walk)
{
	char path[32];
	snprintf(path, sizeof path, "/proc/%d/comm", walk->pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, walk->process, sizeof walk->process - 1) : 0;
	if (fd >= 0)
		close(fd);
	walk->process[n > 0 ? n : 0] = '\0';
	walk->process[strcspn(walk->process, "\n")] = '\0';
}

/* Returns the inode of "socket:[123]", or 0. */
static uint32_t socket_of(int folder, const char *name)
{
	static const char start[] = "socket:[";
	char text[64];
	ssize_t n = readlinkat(folder, name, text, sizeof text - 1);
	if (n < (ssize_t)sizeof start)
		return 0;
	text[n] = '\0';
	return strncmp(text, start, sizeof start - 1) == 0 ? (uint32_t)strtoul(text + sizeof start - 1, NULL, 10) : 0;
}

/* Returns false when nothing more is wanted. */
static bool look_into(struct walk *walk)
{
	char path[32];
	bool more = true;
	const struct dirent *entry;
	snprintf(path, sizeof path, "/proc/%d/fd", walk->pid);
	DIR *folder = opendir(path);
	if (folder == NULL)
		return true;
	walk->process[0] = '\0';
	while (more && (entry = readdir(folder)) != NULL) {
		uint32_t inode = entry->d_name[0] != '.' ? socket_of(dirfd(folder), entry->d_name) : 0;
		if (inode == 0)
			continue;
		if (walk->process[0] == '\0')
			read_name(walk);
		more = walk->found(walk->context, inode, walk->pid, walk->process);
	}
	closedir(folder);
	return more;
}

bool sdr_owners_walk(
	int32_t *after, sdr_ns budget, bool (*found)(void *context, uint32_t inode, int32_t pid, const char *process), void *context)
{
	struct walk walk = {.found = found, .context = context};
	sdr_ns end = sdr_clock_now() + budget;
	const struct dirent *entry;
	DIR *folder = opendir("/proc");
	if (folder == NULL)
		return true;
	bool more = true, in_time = true;
	while (more && in_time && (entry = readdir(folder)) != NULL) {
		walk.pid = (int32_t)strtol(entry->d_name, NULL, 10);
		if (walk.pid <= *after)
			continue;
		more = look_into(&walk);
		*after = walk.pid;
		in_time = sdr_clock_now() < end;
	}
	closedir(folder);
	return in_time || !more;
}
