/* test_user_path.c - where a user's files are, by what the environment has; and the folders that
 * lead there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sounder/user_path.h"

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void test_where(void **state)
{
	static const struct {
		const char *config, *state, *home;
		enum sdr_user_folder folder;
		const char *path; /* NULL: none */
	} cases[] = {
		{NULL, NULL, "/home/u", SDR_USER_CONFIG, "/home/u/.config/sounder/x"},
		{NULL, NULL, "/home/u", SDR_USER_STATE, "/home/u/.local/state/sounder/x"},
		{"/c", "/s", "/home/u", SDR_USER_CONFIG, "/c/sounder/x"},
		{"/c", "/s", "/home/u", SDR_USER_STATE, "/s/sounder/x"},
		{"c", "", "/home/u", SDR_USER_CONFIG, "/home/u/.config/sounder/x"},
		{"c", "", "/home/u", SDR_USER_STATE, "/home/u/.local/state/sounder/x"},
		{NULL, NULL, "u", SDR_USER_CONFIG, "u/.config/sounder/x"},
		{NULL, NULL, "", SDR_USER_CONFIG, NULL},
		{"c", NULL, NULL, SDR_USER_CONFIG, NULL},
		{"/c", NULL, NULL, SDR_USER_CONFIG, "/c/sounder/x"},
		{"/c", NULL, NULL, SDR_USER_STATE, NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char path[SDR_USER_PATH] = "";
		set("XDG_CONFIG_HOME", cases[i].config);
		set("XDG_STATE_HOME", cases[i].state);
		set("HOME", cases[i].home);
		bool found = sdr_user_path(cases[i].folder, "x", path, sizeof(path));
		if (found != (cases[i].path != NULL) || (found && strcmp(path, cases[i].path) != 0))
			fail_msg("case %zu: %s", i, path);
	}
}

/* No byte more than there is room for. */
static void test_room(void **state)
{
	char path[32];
	(void)state;
	set("XDG_CONFIG_HOME", "/c");
	assert_true(sdr_user_path(SDR_USER_CONFIG, "x", path, sizeof("/c/sounder/x")));
	assert_false(sdr_user_path(SDR_USER_CONFIG, "x", path, sizeof("/c/sounder/x") - 1));
}

static void test_folders(void **state)
{
	char folder[] = "/tmp/sounder_path_XXXXXX", path[128], before[128];
	struct stat about;
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a/b/file", folder);
	memcpy(before, path, sizeof(before));
	assert_true(sdr_user_make_folders(path));
	assert_true(sdr_user_make_folders(path)); /* they are there */
	assert_string_equal(path, before);
	assert_int_not_equal(stat(path, &about), 0);
	snprintf(path, sizeof(path), "%s/a/b", folder);
	assert_int_equal(stat(path, &about), 0);
	assert_true(S_ISDIR(about.st_mode) && (about.st_mode & 077) == 0);
	assert_false(sdr_user_make_folders((char[]){"/proc/sounder/x"}));
	assert_int_equal(rmdir(path), 0);
	snprintf(path, sizeof(path), "%s/a", folder);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_folders),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
