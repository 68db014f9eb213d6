/* socket_owners.c - which process holds a socket: the links of /proc/PID/fd read "socket:[INODE]".
 * Those of other users' processes can't be read without CAP_SYS_PTRACE, and are then skipped.
 * proc(5). The idea: /proc lists processes by rising id, so a walk that ran out of time continues
 * after the last one it read. */
#include "host/socket_owners.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The callback, and the present process's name. */
struct look {
	struct socket_owners_walk *walk;
	bool (*found)(void *context, uint32_t inode, int32_t pid, const char *process);
	void *context;
	int32_t pid;
	char process[SDR_PROCESS_TEXT]; /* "" until it is needed */
};

/* Whether a process is our user's, by its owner, which is root for one that may not be inspected (a
 * setuid program, an agent with keys). For root it proves nothing: root's other processes may hold
 * more capabilities. */
static bool is_ours(int32_t pid)
{
	char path[32];
	struct stat is;
	snprintf(path, sizeof(path), "/proc/%d", pid);
	return geteuid() != 0 && stat(path, &is) == 0 && is.st_uid == geteuid();
}

/* Notes why something could not be read. A process may end, or close a file, meanwhile. */
static void note(struct look *look, int number)
{
	if ((number == EACCES || number == EPERM) && !is_ours(look->pid))
		look->walk->refused = true;
	else if (number != ENOENT && number != ESRCH)
		look->walk->failed = number;
}

void sdr_process_name(char *text, size_t length)
{
	length -= length > 0 && text[length - 1] == '\n';
	text[length] = '\0';
}

/* False: it has none that can be read. */
static bool read_name(struct look *look)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/%d/comm", look->pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, look->process, sizeof(look->process) - 1) : -1;
	if (n < 0)
		note(look, errno);
	if (fd >= 0)
		close(fd);
	sdr_process_name(look->process, n > 0 ? (size_t)n : 0);
	return n >= 0;
}

uint32_t sdr_socket_inode(const char *link)
{
	static const char start[] = "socket:[";
	const char *digits = link + sizeof(start) - 1;
	if (strncmp(link, start, sizeof(start) - 1) != 0)
		return 0;
	size_t count = strspn(digits, "0123456789");
	uint64_t inode = count > 0 && count <= 10 ? strtoull(digits, NULL, 10) : 0;
	return strcmp(digits + count, "]") == 0 && inode <= UINT32_MAX ? (uint32_t)inode : 0;
}

/* Returns the inode of the socket that a descriptor is, or 0. */
static uint32_t socket_of(struct look *look, int folder, const char *name)
{
	char text[64];
	ssize_t n = readlinkat(folder, name, text, sizeof(text) - 1);
	if (n < 0)
		note(look, errno);
	text[n > 0 ? n : 0] = '\0';
	return sdr_socket_inode(text);
}

/* Returns the next entry, NULL at the end or where it can't be read. */
static const struct dirent *next(struct look *look, DIR *folder)
{
	errno = 0;
	const struct dirent *entry = readdir(folder);
	if (!entry && errno != 0)
		note(look, errno);
	return entry;
}

/* Returns false when nothing more is wanted. */
static bool look_into(struct look *look)
{
	char path[32];
	bool more = true;
	const struct dirent *entry;
	snprintf(path, sizeof(path), "/proc/%d/fd", look->pid);
	DIR *folder = opendir(path);
	if (!folder) {
		note(look, errno);
		return true;
	}
	look->process[0] = '\0';
	while (more && (entry = next(look, folder))) {
		uint32_t inode =
			entry->d_name[0] != '.' ? socket_of(look, dirfd(folder), entry->d_name) : 0;
		if (inode != 0 && (look->process[0] != '\0' || read_name(look)))
			more = look->found(look->context, inode, look->pid, look->process);
	}
	closedir(folder);
	return more;
}

/* A budget is of this thread's work: on a busy machine most of it would pass in waiting, and the
 * walk would never come to its end. */
static sdr_ns cpu_now(void)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (sdr_ns)now.tv_sec * SDR_SECOND + now.tv_nsec;
}

bool sdr_socket_owners_walk(struct socket_owners_walk *walk, sdr_ns budget,
	bool (*found)(void *context, uint32_t inode, int32_t pid, const char *process),
	void *context)
{
	struct look look = {.walk = walk, .found = found, .context = context};
	sdr_ns end = cpu_now() + budget;
	const struct dirent *entry;
	DIR *folder = opendir("/proc");
	if (!folder) {
		walk->failed = errno;
		return true;
	}
	bool more = true, in_time = true, any = false;
	while (more && in_time && (entry = next(&look, folder))) {
		look.pid = (int32_t)strtol(entry->d_name, NULL, 10);
		any = any || look.pid > 0;
		if (look.pid <= walk->after)
			continue;
		more = look_into(&look);
		walk->after = look.pid;
		in_time = cpu_now() < end;
	}
	closedir(folder);
	if (!any && walk->failed == 0) /* an empty folder where /proc would be */
		walk->failed = ENOENT;
	return in_time || !more;
}
