/* cpu_time.h - what this thread has computed: other programs on its core cost nothing of it. */
#ifndef SOUNDER_TESTS_CPU_TIME_H
#define SOUNDER_TESTS_CPU_TIME_H

#include <time.h>

static inline double cpu_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

#endif
