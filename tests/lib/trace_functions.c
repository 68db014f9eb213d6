/* trace_functions.c - notes which functions a test executes: for the traced build of mutate.py,
 * made with -finstrument-functions. Each process appends "object offset" to the file
 * $SOUNDER_TRACE, once a function; so a process that is killed has recorded what it did. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNTRACED __attribute__((no_instrument_function))
#define SEEN (1u << 20)

static char file[4096];
static uint8_t seen[SEEN];

UNTRACED __attribute__((constructor)) static void trace_start(void)
{
	const char *name = getenv("SOUNDER_TRACE");

	if (name)
		snprintf(file, sizeof(file), "%s", name);
}

void __cyg_profile_func_enter(void *function, void *site);
void __cyg_profile_func_exit(void *function, void *site);

UNTRACED void __cyg_profile_func_enter(void *function, void *site)
{
	uint32_t place = ((uintptr_t)function * 2654435761u) >> 3 & (SEEN - 1);
	char line[4200];
	Dl_info object;

	(void)site;
	/* Two functions of one place cost a line at most. */
	if (!file[0] || __atomic_exchange_n(&seen[place], 1, __ATOMIC_RELAXED) ||
		!dladdr(function, &object))
		return;
	int length = snprintf(line, sizeof(line), "%s %lx\n", object.dli_fname,
		(unsigned long)((uintptr_t)function - (uintptr_t)object.dli_fbase));
	int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0) {
		if (write(fd, line, length) != length)
			file[0] = '\0';
		close(fd);
	}
}

UNTRACED void __cyg_profile_func_exit(void *function, void *site)
{
	(void)function;
	(void)site;
}
