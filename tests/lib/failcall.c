/* failcall.c - failcall CALL ERRNO NTH FILE COMMAND...: runs a command whose NTH system call of
 * that number, counted in each thread since its start, fails with that errno. FAILCALL_PRELOAD is
 * the command's LD_PRELOAD. FILE gets a line of that call: its arguments, and of what the second
 * points to the first byte.
 *
 * The kernel asks here about that one call alone (seccomp's notifications), which costs a fifth of
 * a tracer's stops, and a program of this size starts at once. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5) /* Linux 5.19 */
#endif

enum { THREADS_MAX = 64, UNKNOWN = -1, NONE = -2, FAILED = 98 };

struct job {
	int call, error;
	unsigned long nth;
	const char *file;
	char **command;
	int *listener; /* shared with the child: what the kernel asks by */
};

static struct {
	pid_t id;
	unsigned long calls;
} threads[THREADS_MAX];

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "failcall: %s: %s\n", what, strerror(errno));
	_exit(FAILED);
}

/* A call that a signal interrupts would be made, and counted, twice. */
static int listen_to(int call)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof(code) / sizeof(*code), .filter = code};
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	long listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
	if (listener < 0)
		listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	return (int)listener;
}

/* The descriptor appears in the table that both share until exec, at whose end it is closed here.
 * From the filter on no call that may be asked about is made but by the command. */
static int begin(void *context)
{
	const struct job *job = context;
	const char *preload = getenv("FAILCALL_PRELOAD");
	if (preload)
		setenv("LD_PRELOAD", preload, 1);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	int listener = listen_to(job->call);
	__atomic_store_n(job->listener, listener < 0 ? NONE : listener, __ATOMIC_RELEASE);
	syscall(SYS_futex, job->listener, FUTEX_WAKE, 1, NULL, NULL, 0);
	if (listener >= 0)
		execvp(job->command[0], job->command);
	_exit(FAILED);
}

static bool is_due(const struct job *job, pid_t id)
{
	size_t at = 0;
	while (at < THREADS_MAX - 1 && threads[at].id && threads[at].id != id)
		at++;
	threads[at].id = id;
	return ++threads[at].calls == job->nth;
}

static void record(const struct job *job, const struct seccomp_notif *asked)
{
	char line[256], byte = '?';
	struct iovec here = {&byte, 1}, there = {(void *)(uintptr_t)asked->data.args[1], 1};
	process_vm_readv((pid_t)asked->pid, &here, 1, &there, 1, 0);
	int file = open(job->file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	int length = snprintf(line, sizeof(line), "%lld, \"%c\", %lld (INJECTED)\n",
		(long long)asked->data.args[0], byte, (long long)asked->data.args[2]);
	if (file < 0 || write(file, line, (size_t)length) != length)
		give_up(job->file);
	close(file);
}

/* Who was killed meanwhile needs no answer. */
static void answer(const struct job *job, int listener)
{
	struct seccomp_notif asked;
	memset(&asked, 0, sizeof(asked));
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0)
		return;
	struct seccomp_notif_resp reply = {.id = asked.id};
	if (is_due(job, (pid_t)asked.pid)) {
		record(job, &asked);
		reply.error = -job->error;
	} else {
		reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	}
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply) != 0 && errno != ENOENT)
		give_up("the kernel takes no answer");
}

static void serve(const struct job *job)
{
	int listener;
	while ((listener = __atomic_load_n(job->listener, __ATOMIC_ACQUIRE)) == UNKNOWN)
		syscall(SYS_futex, job->listener, FUTEX_WAIT, UNKNOWN, NULL, NULL, 0);
	if (listener == NONE)
		give_up("no seccomp notifications here");
	for (;;) {
		struct pollfd wait = {.fd = listener, .events = POLLIN};
		if (poll(&wait, 1, -1) < 0 && errno != EINTR)
			give_up("poll");
		if (wait.revents & POLLIN)
			answer(job, listener);
		else if (wait.revents & (POLLHUP | POLLERR))
			return; /* nobody is left who could ask */
	}
}

/* Ends as the command did. */
static _Noreturn void end_as(pid_t child)
{
	int status = 0;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	_exit(FAILED);
}

int main(int count, char **words)
{
	static _Alignas(16) char stack[65536];
	if (count < 6) {
		fprintf(stderr, "usage: failcall CALL ERRNO NTH FILE COMMAND...\n");
		return FAILED;
	}
	struct job job = {.call = atoi(words[1]),
		.error = atoi(words[2]),
		.nth = strtoul(words[3], NULL, 10),
		.file = words[4],
		.command = words + 5};
	job.listener =
		mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (job.listener == MAP_FAILED)
		give_up("mmap");
	*job.listener = UNKNOWN;
	pid_t child = clone(begin, stack + sizeof(stack), CLONE_FILES | SIGCHLD, &job);
	if (child < 0)
		give_up("clone");
	serve(&job);
	end_as(child);
}
