/* skip.h - a test that can't run here gives the reason: the summary prints it. */
#ifndef SOUNDER_TESTS_SKIP_H
#define SOUNDER_TESTS_SKIP_H

#define SKIP_BECAUSE(...) \
	do { \
		print_message(__VA_ARGS__); \
		print_message("\n"); \
		skip(); \
	} while (0)

#endif
