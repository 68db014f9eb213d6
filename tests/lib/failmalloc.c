/* failmalloc.c - allocations that fail, for a program started with this preloaded: the
 * FAILMALLOC_AT-th since main, and with FAILMALLOC_ON=1 all that follow too; or, with
 * FAILMALLOC_WHILE, all as long as the file it names is there. FAILMALLOC_SPARE names, with commas
 * between, libraries and functions whose callers' memory never fails: what can't do without is no
 * fault of ours. FAILMALLOC_COUNT names a file that gets a line at exit: how many blocks are still
 * there, how many descriptors are open, and how many allocations there were in all. FAILMALLOC_LIVE
 * names one that gets the callers of each block that is still there, and before
 * them those of the first that failed. The dynamic loader's own
 * allocations are not counted. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc's own names for them: no dlsym, which allocates itself. */
void *__libc_malloc(size_t size);                     /* NOLINT: glibc's name */
void *__libc_calloc(size_t count, size_t size);       /* NOLINT: glibc's name */
void *__libc_realloc(void *memory, size_t size);      /* NOLINT: glibc's name */
void *__libc_memalign(size_t alignment, size_t size); /* NOLINT: glibc's name */
void __libc_free(void *memory);                       /* NOLINT: glibc's name */

static struct {
	bool counts;         /* once the program's own start is near */
	bool goes_on;        /* all that follow fail too */
	unsigned long at, n; /* which one fails, 0: none; how many there were */
	const char *file;    /* FAILMALLOC_WHILE */
	unsigned looked;     /* how often the callers were looked at */
	long live;           /* blocks */
	bool traces;         /* FAILMALLOC_LIVE */
	bool reported;       /* whose allocation failed */
} plan;

/* Blocks and who asked for them, for FAILMALLOC_LIVE: hashed by address, with open addressing. */
#define DEPTH 20
#define SLOTS 65536
static struct trace {
	void *block; /* NULL: never one; GONE: none any more */
	void *callers[DEPTH];
	int count;
} traces[SLOTS];
static char gone;
#define GONE ((void *)&gone)
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct trace *find(const void *block)
{
	size_t at = (size_t)block / 16 * 2654435761U % SLOTS;
	for (size_t tries = 0; traces[at].block && tries < SLOTS; at = (at + 1) % SLOTS, tries++)
		if (traces[at].block == block)
			return &traces[at];
	return traces[at].block ? NULL : &traces[at];
}

static void *made(void *block)
{
	if (!block || !plan.counts)
		return block;
	__atomic_add_fetch(&plan.live, 1, __ATOMIC_RELAXED);
	if (plan.traces) {
		void *callers[DEPTH];
		int count = backtrace(callers, DEPTH);
		pthread_mutex_lock(&lock);
		struct trace *trace = find(block);
		if (trace) {
			trace->block = block;
			trace->count = count;
			memcpy(trace->callers, callers, sizeof(callers));
		}
		pthread_mutex_unlock(&lock);
	}
	return block;
}

static void unmade(void *block)
{
	if (!block || !plan.counts)
		return;
	__atomic_sub_fetch(&plan.live, 1, __ATOMIC_RELAXED);
	if (plan.traces) {
		pthread_mutex_lock(&lock);
		struct trace *trace = find(block);
		if (trace && trace->block)
			trace->block = GONE;
		pthread_mutex_unlock(&lock);
	}
}

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("FAILMALLOC_AT");
	plan.at = at ? strtoul(at, NULL, 10) : 0;
	plan.goes_on = getenv("FAILMALLOC_ON");
	plan.file = getenv("FAILMALLOC_WHILE");
	plan.traces = getenv("FAILMALLOC_LIVE");
	void *frame;
	backtrace(&frame, 1); /* the first one allocates */
	plan.counts = true;
}

/* Whether one of the callers is to be spared. Looked at for the first failures alone: it takes
 * long, and some libraries try thousands of times. */
static bool is_spared(void)
{
	const char *spare = plan.looked++ < 3000 ? getenv("FAILMALLOC_SPARE") : NULL;
	void *frames[24];
	int count = spare ? backtrace(frames, 24) : 0;
	for (int i = 0; i < count; i++) {
		Dl_info found;
		char list[256];
		if (!dladdr(frames[i], &found))
			continue;
		snprintf(list, sizeof(list), "%s", spare);
		for (char *rest = list, *name; (name = strsep(&rest, ","));)
			if ((found.dli_fname && strstr(found.dli_fname, name)) ||
				(found.dli_sname && strcmp(found.dli_sname, name) == 0))
				return true;
	}
	return false;
}

/* A system call that a test has fail once succeeds the second time. */
static int open_report(const char *variable)
{
	const char *path = getenv(variable);
	int fd = -1;
	for (int tries = 0; path && fd < 0 && tries < 3; tries++)
		fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	return fd;
}

static void report(int fd, const char *text, int length)
{
	for (int tries = 0; tries < 3; tries++)
		if (write(fd, text, (size_t)length) == length)
			return;
	_exit(3);
}

static int open_descriptors(void)
{
	enum { MOST = 256 };
	struct pollfd looked[MOST];
	int open = 0;
	for (int i = 0; i < MOST; i++)
		looked[i] = (struct pollfd){.fd = i};
	for (int tries = 0; poll(looked, MOST, 0) < 0 && tries < 3; tries++)
		;
	for (int i = 0; i < MOST; i++)
		open += !(looked[i].revents & POLLNVAL);
	return open;
}

static void report_callers(int fd, void *const *callers, int count)
{
	for (int at = 0; at < count; at++) {
		Dl_info in = {0};
		char line[512];
		dladdr(callers[at], &in);
		const char *slash = in.dli_fname ? strrchr(in.dli_fname, '/') : NULL;
		int length = snprintf(line, sizeof(line), "%s+0x%tx %s%c", slash ? slash + 1 : "?",
			(char *)callers[at] - (char *)in.dli_fbase,
			in.dli_sname ? in.dli_sname : "", at + 1 == count ? '\n' : '\t');
		report(fd, line, length);
	}
}

static void report_live(int fd)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (traces[i].block && traces[i].block != GONE)
			report_callers(fd, traces[i].callers, traces[i].count);
	close(fd);
}

/* For the first of them alone: of "all from one on" it is the one that was asked for. */
static void report_failed(void)
{
	void *callers[DEPTH];
	int fd = __atomic_exchange_n(&plan.reported, true, __ATOMIC_RELAXED)
		? -1
		: open_report("FAILMALLOC_LIVE");
	if (fd < 0)
		return;
	report(fd, "failed\t", 7);
	report_callers(fd, callers, backtrace(callers, DEPTH));
	close(fd);
}

__attribute__((destructor)) static void end(void)
{
	char text[96];
	plan.counts = false;
	int descriptors = open_descriptors(), fd = open_report("FAILMALLOC_COUNT");
	if (fd >= 0) {
		report(fd, text,
			snprintf(text, sizeof(text), "%ld %d %lu\n", plan.live, descriptors,
				plan.n));
		close(fd);
	}
	if (plan.traces && (fd = open_report("FAILMALLOC_LIVE")) >= 0)
		report_live(fd);
}

static bool fails(void)
{
	if (!plan.counts)
		return false;
	unsigned long n = __atomic_add_fetch(&plan.n, 1, __ATOMIC_RELAXED);
	bool now = plan.at != 0 && (n == plan.at || (plan.goes_on && n > plan.at));
	now = now || (plan.file && access(plan.file, F_OK) == 0);
	if (!now || is_spared())
		return false;
	if (plan.traces)
		report_failed();
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : made(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : made(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
	if (fails())
		return NULL;
	unmade(memory);
	void *moved = __libc_realloc(memory, size);
	if (moved || size > 0)
		made(moved ? moved : memory);
	return moved;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : made(__libc_memalign(alignment, size));
}

void *memalign(size_t alignment, size_t size)
{
	return fails() ? NULL : made(__libc_memalign(alignment, size));
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
	void *block = fails() ? NULL : made(__libc_memalign(alignment, size));
	if (block)
		*memory = block;
	return block ? 0 : ENOMEM;
}

void free(void *memory)
{
	unmade(memory);
	__libc_free(memory);
}
