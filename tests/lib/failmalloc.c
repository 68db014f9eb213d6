/* failmalloc.c - allocations that fail, for a program started with this preloaded: the
 * FAILMALLOC_AT-th since main, and with FAILMALLOC_ON=1 all that follow too; or, with
 * FAILMALLOC_WHILE, all as long as the file it names is there. FAILMALLOC_SPARE names, with commas
 * between, libraries and functions whose callers' memory never fails: what can't do without is no
 * fault of ours. FAILMALLOC_COUNT names a file that gets, at exit, how many there were in all. The
 * dynamic loader's own are not counted. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
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

static struct {
	bool counts;         /* once the program's own start is near */
	bool goes_on;        /* all that follow fail too */
	unsigned long at, n; /* which one fails, 0: none; how many there were */
	const char *file;    /* FAILMALLOC_WHILE */
	unsigned looked;     /* how often the callers were looked at */
} plan;

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("FAILMALLOC_AT");
	plan.at = at ? strtoul(at, NULL, 10) : 0;
	plan.goes_on = getenv("FAILMALLOC_ON");
	plan.file = getenv("FAILMALLOC_WHILE");
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

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAILMALLOC_COUNT");
	char text[32];
	plan.counts = false;
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
	if (fd < 0)
		return;
	int length = snprintf(text, sizeof(text), "%lu\n", plan.n);
	if (write(fd, text, (size_t)length) != length)
		_exit(3);
	close(fd);
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
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	return fails() ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}
