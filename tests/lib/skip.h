/* skip.h - a test that can't run here gives the reason: the summary prints it. */
#ifndef SOUNDER_TESTS_SKIP_H
#define SOUNDER_TESTS_SKIP_H

#define SKIP_BECAUSE(...) \
	do { \
		print_message(__VA_ARGS__); \
		print_message("\n"); \
		skip(); \
	} while (0)

/* For main: each test of an array by its name, in cmocka's form. Returns what meson takes for
 * skipped. */
#define SKIP_ALL_BECAUSE(tests, why) \
	do { \
		for (size_t i = 0; i < sizeof(tests) / sizeof(*(tests)); i++) \
			print_message("[ RUN      ] %s\n%s\n[  SKIPPED ] %s\n", (tests)[i].name, \
				why, (tests)[i].name); \
		return 77; \
	} while (0)

#endif
