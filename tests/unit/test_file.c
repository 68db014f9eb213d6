/* test_file.c - files that a person names: what is read, what is refused, how they are written.
 * Section F: rows KF1 to KF9. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/skip.h"
#include "sounder/file.h"

static char folder[] = "/tmp/sounder_file_XXXXXX";

static int enter(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	char command[64];
	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static void put(const char *name, const char *bytes, size_t length)
{
	FILE *file = fopen(name, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	fclose(file);
}

static void assert_refused(const char *name, const char *why)
{
	char *text = NULL;
	size_t length = 0;
	struct sdr_error error = {.offset = 99}; /* it is the whole name that is wrong */
	assert_int_not_equal(sdr_file_read(name, 1 << 20, &text, &length, &error), SDR_OK);
	assert_int_equal(error.offset, 0);
	if (!strstr(error.text, why) || !strstr(error.text, name))
		fail_msg("%s: %s", name, error.text);
}

static void assert_reads(const char *name, const char *wanted)
{
	char *text = NULL;
	size_t length = 0;
	struct sdr_error error = {0};
	if (sdr_file_read(name, 1 << 20, &text, &length, &error) != SDR_OK)
		fail_msg("%s", error.text);
	assert_string_equal(text, wanted);
	assert_int_equal(length, strlen(wanted));
	free(text);
}

static unsigned leftovers(void)
{
	unsigned count = 0;
	struct dirent *entry;
	DIR *all = opendir(".");
	while ((entry = readdir(all)))
		count += strncmp(entry->d_name, ".sounder.", 9) == 0;
	closedir(all);
	return count;
}

static void test_KF1_only_regular_files_are_read(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(symlink("fifo", "link"), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_refused("fifo", "a named pipe");
	assert_refused("link", "a named pipe");
	assert_refused("folder", "a folder");
	assert_refused("/dev/zero", "a device");
	assert_refused("loop", "symbolic links");
	assert_refused("absent", "No such file");
	assert_refused("/dev/fd/63", "pipe it in instead: COMMAND | sounder ... -");
	assert_refused("/proc/self/mem", "Input/output error");
	char *text;
	size_t length;
	assert_int_equal(sdr_file_read("loop", 1 << 20, &text, &length, NULL), SDR_ESYSTEM);
	assert_int_equal(sdr_file_read("absent", 1 << 20, &text, &length, NULL), SDR_ENOENT);
	put("plain", "x", 1);
	assert_int_equal(sdr_file_read("plain/x", 1 << 20, &text, &length, NULL), SDR_ENOENT);
	assert_int_equal(sdr_file_read("fifo", 1 << 20, &text, &length, NULL), SDR_EINVAL);
	assert_int_equal(
		sdr_file_read_system("/dev/null", 1 << 20, &text, &length, NULL), SDR_ENOENT);
	assert_int_equal(
		sdr_file_read_system("/dev/zero", 1 << 20, &text, &length, NULL), SDR_EINVAL);
	put("large", "", 0);
	assert_int_equal(truncate("large", (off_t)2 << 30), 0);
	assert_refused("large", "larger than 1 MiB");
	assert_reads("/proc/sys/kernel/ostype", "Linux\n"); /* regular, of no size */
}

static void test_KF2_KF3_KF4_what_is_no_text(void **state)
{
	(void)state;
	put("bom",
		"\xef\xbb\xbf"
		"a\n",
		5);
	assert_reads("bom", "a\n");
	put("bom", "\xef\xbb\xbf", 3);
	assert_reads("bom", "");
	put("bom", "a\xef\xbb\xbf\n", 5);
	assert_reads("bom", "a\xef\xbb\xbf\n");
	put("wide",
		"\xff\xfe"
		"a\0\n\0",
		6);
	assert_refused("wide", "UTF-16");
	put("wide", "\xfe\xff\0a", 4);
	assert_refused("wide", "UTF-16");
	put("nul", "one\ntwo\nthr\0ee\n", 16);
	assert_refused("nul", "a NUL byte in line 3");
}

static void test_KF5_links_and_modes_stay(void **state)
{
	struct stat is;
	struct sdr_error error = {0};
	(void)state;
	put("config", "old", 3);
	assert_int_equal(chmod("config", 0640), 0);
	assert_int_equal(symlink("config", "mine"), 0);
	assert_int_equal(sdr_file_replace("mine", "new\n", 4, &error), SDR_OK);
	assert_int_equal(lstat("mine", &is), 0);
	assert_true(S_ISLNK(is.st_mode));
	assert_int_equal(stat("config", &is), 0);
	assert_int_equal(is.st_mode & 0777, 0640);
	assert_reads("config", "new\n");
	assert_int_equal(mkdir("sub", 0700) | symlink("own", "sub/mine"), 0); /* beside the link */
	put("sub/own", "old", 3);
	assert_int_equal(sdr_file_replace("sub/mine", "new\n", 4, &error), SDR_OK);
	assert_reads("sub/own", "new\n");
	assert_int_equal(sdr_file_replace("fresh", "x", 1, &error), SDR_OK);
	assert_int_equal(stat("fresh", &is), 0);
	assert_int_equal(is.st_mode & 0777, 0600);
	assert_int_equal(leftovers(), 0);
}

/* Where the old group may not be given, the new one gets no more than everybody. */
static void test_KF5_another_group_gets_no_rights(void **state)
{
	struct stat is;
	int ended;
	(void)state;
	if (geteuid() != 0)
		SKIP_BECAUSE("needs root, to give files away");
	put("shared", "old", 3);
	assert_int_equal(chmod("shared", 0664) | chmod(".", 0777), 0);
	pid_t child = fork();
	if (child == 0)
		_exit(setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0 ||
			sdr_file_replace("shared", "new", 3, NULL) != SDR_OK);
	assert_int_equal(waitpid(child, &ended, 0), child);
	assert_int_equal(ended, 0);
	assert_int_equal(stat("shared", &is), 0);
	assert_int_equal(is.st_gid, 65534);
	assert_int_equal(is.st_mode & 0777, 0644);
}

static void test_KF6_what_is_not_written(void **state)
{
	static const struct {
		const char *name, *why;
	} cases[] = {{"pipe", "a named pipe"}, {"dir", "a folder"}, {"dangling", "leads nowhere"},
		{"chain", "a link to another link"}, {"circle", "link"}, {"dir/", "a folder"},
		{"absent/x", "No such file"}, {"", "empty name"}};
	struct sdr_error error;
	struct stat is;
	(void)state;
	assert_int_equal(mkfifo("pipe", 0600) | mkdir("dir", 0700) |
			symlink("nowhere", "dangling") | symlink("mine", "chain") |
			symlink("circle", "circle"),
		0);
	char far[PATH_MAX + 2]; /* one more than fits, and much more */
	for (size_t i = 0; i < sizeof(far); i++)
		far[i] = i % 2 ? '/' : '.'; /* what is left of it would be this folder */
	for (size_t length = PATH_MAX; length < sizeof(far); length++) {
		far[length] = '\0';
		assert_int_equal(sdr_file_replace(far, "x", 1, &error), SDR_ESYSTEM);
		assert_non_null(strstr(error.text, "File name too long"));
		assert_int_equal(sdr_file_create(far, "x", 1, &error), SDR_ESYSTEM);
		assert_non_null(strstr(error.text, "File name too long"));
		far[length] = length % 2 ? '/' : '.';
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		error.offset = 99;
		assert_int_not_equal(sdr_file_replace(cases[i].name, "x", 1, &error), SDR_OK);
		assert_int_equal(error.offset, 0);
		if (!strstr(error.text, cases[i].why))
			fail_msg("\"%s\": %s", cases[i].name, error.text);
	}
	assert_int_equal(lstat("nowhere", &is), -1);
	assert_int_equal(lstat("pipe", &is), 0);
	assert_true(S_ISFIFO(is.st_mode));
	assert_int_equal(leftovers(), 0);
}

static void test_KF7_a_new_file_is_never_written_over_another(void **state)
{
	struct sdr_error error = {0};
	(void)state;
	assert_int_equal(sdr_file_create("picture", "1", 1, &error), SDR_OK);
	assert_int_equal(sdr_file_create("picture", "2", 1, &error), SDR_EEXIST);
	assert_int_equal(sdr_file_create("dangling", "2", 1, &error), SDR_EEXIST);
	assert_reads("picture", "1");
	assert_int_equal(leftovers(), 0);
}

/* A child writes again and again and is killed at some moment: what is there is whole, and what is
 * left is swept by the next write. */
static void test_KF8_a_kill_tears_nothing(void **state)
{
	struct sdr_error error = {0};
	enum { SIZE = 300000 };
	char *bytes = malloc(SIZE);
	(void)state;
	memset(bytes, 'a', SIZE);
	assert_int_equal(sdr_file_replace("torn", bytes, SIZE, &error), SDR_OK);
	for (int round = 0; round < 200; round++) {
		pid_t child = fork();
		if (child == 0) {
			for (char letter = 'b';;
				letter = letter == 'y' ? 'b' : (char)(letter + 1)) {
				memset(bytes, letter, SIZE);
				if (sdr_file_replace("torn", bytes, SIZE, NULL) != SDR_OK)
					_exit(1);
			}
		}
		usleep(500 + (useconds_t)(round * 37 % 5000));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		char *text = NULL;
		size_t length = 0;
		assert_int_equal(sdr_file_read("torn", 1 << 20, &text, &length, &error), SDR_OK);
		assert_int_equal(length, SIZE);
		for (size_t i = 1; i < SIZE; i++)
			if (text[i] != text[0])
				fail_msg("torn at byte %zu in round %d", i, round);
		free(text);
		assert_true(leftovers() <= 1);
	}
	put(".sounder.0123456789abcdef.mine", "x", 1); /* not ours by its name */
	assert_int_equal(sdr_file_replace("torn", "x", 1, &error), SDR_OK);
	assert_int_equal(leftovers(), 1);
	free(bytes);
}

/* Several write in one folder at once: none sweeps away what another is making. */
static void test_KF8_writers_side_by_side(void **state)
{
	enum { WRITERS = 4, ROUNDS = 300 };
	(void)state;
	for (int writer = 0; writer < WRITERS; writer++) {
		if (fork() != 0)
			continue;
		char name[] = {'w', (char)('0' + writer), '\0'};
		int failures = 0;
		for (int i = 0; i < ROUNDS; i++)
			failures += sdr_file_replace(name, "x", 1, NULL) != SDR_OK;
		_exit(failures > 0);
	}
	for (int writer = 0; writer < WRITERS; writer++) {
		int ended;
		assert_true(wait(&ended) > 0);
		assert_int_equal(ended, 0);
	}
}

/* As root with another user's HOME (sudo): the file stays that user's, and another user's link is
 * not written through. */
static void test_H14_KF5_KF6_other_users(void **state)
{
	struct sdr_error error = {0};
	struct stat is;
	int fd;
	(void)state;
	if (geteuid() != 0)
		SKIP_BECAUSE("needs root, to give files away");
	put("theirs", "x", 1);
	assert_int_equal(chown("theirs", 65534, 65534), 0);
	assert_int_equal(sdr_file_replace("theirs", "y", 1, &error), SDR_OK);
	assert_int_equal(stat("theirs", &is), 0);
	assert_int_equal(is.st_uid, 65534);
	assert_int_equal(symlink("theirs", "foreign"), 0);
	assert_int_equal(lchown("foreign", 65534, 65534), 0);
	assert_int_equal(sdr_file_replace("foreign", "z", 1, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "somebody else's link"));
	assert_int_equal(sdr_file_open_append("foreign", &fd, &error), SDR_EINVAL);
	assert_reads("theirs", "y");
}

static void test_H14_KF9_append(void **state)
{
	struct sdr_error error = {0};
	struct stat is;
	int fd;
	(void)state;
	assert_int_equal(sdr_file_open_append("log", &fd, &error), SDR_OK);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	assert_int_equal(stat("log", &is), 0);
	assert_int_equal(is.st_mode & 0777, 0600);
	assert_int_equal(sdr_file_open_append("fifo", &fd, &error), SDR_EINVAL);
	assert_string_equal(
		error.text, "fifo is a named pipe; a regular file is written, or a new one");
	assert_int_equal(sdr_file_open_append(".", &fd, &error), SDR_EINVAL);
	assert_string_equal(error.text, ". is a folder; a regular file is written, or a new one");
	assert_int_equal(sdr_file_open_append("/dev/null", &fd, &error), SDR_EINVAL);
	assert_int_equal(sdr_file_open_append("dangling", &fd, &error), SDR_EINVAL);
	assert_int_equal(lstat("nowhere", &is), -1);
}

static void test_kinds(void **state)
{
	static const struct {
		mode_t mode;
		const char *kind;
	} cases[] = {{S_IFREG, NULL}, {S_IFREG | 0644, NULL}, {S_IFDIR | 0755, "a folder"},
		{S_IFIFO, "a named pipe"}, {S_IFSOCK, "a socket"}, {S_IFLNK | 0777, "a link"},
		{S_IFCHR, "a device"}, {S_IFBLK, "a device"}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *kind = sdr_file_kind(cases[i].mode);
		assert_string_equal(kind ? kind : "", cases[i].kind ? cases[i].kind : "");
	}
}

/* The system's files need not be there, and /dev/null in their place is as good as none. */
static void test_files_of_the_system(void **state)
{
	char *text = NULL;
	size_t length = 7;
	struct sdr_error error = {0};
	(void)state;
	assert_int_equal(
		sdr_file_read_system("/nonexistent/x", 100, &text, &length, &error), SDR_ENOENT);
	assert_int_equal(
		sdr_file_read_system("/dev/null", 100, &text, &length, &error), SDR_ENOENT);
	assert_true(!text && length == 7);
	put("plain", "one\ntwo\n", 8);
	assert_int_equal(sdr_file_read_system("plain", 8, &text, &length, &error), SDR_OK);
	assert_int_equal(length, 8);
	assert_string_equal(text, "one\ntwo\n");
	free(text);
	assert_int_equal(sdr_file_read_system("plain", 7, &text, &length, &error), SDR_ERANGE);
	assert_non_null(strstr(error.text, "plain"));
}

/* A pipe that is open already, made non-blocking by another that shares it: read to its end. */
static void test_what_is_open_already(void **state)
{
	static const struct {
		const char *bytes;
		size_t length, most;
		enum sdr_status status;
		const char *text, *message;
	} cases[] = {
		{"abc\n", 4, 100, SDR_OK, "abc\n", ""},
		{"", 0, 100, SDR_OK, "", ""},
		{"\xef\xbb\xbf"
		 "abc",
			6, 100, SDR_OK, "abc", ""},
		{"abcd", 4, 4, SDR_OK, "abcd", ""},
		{"abcde", 5, 4, SDR_ERANGE, "", "a pipe"},
		{"a\nb\0c", 5, 100, SDR_EINVAL, "", "line 2"},
		{"\xff\xfe"
		 "a\0",
			4, 100, SDR_EINVAL, "", "UTF-16"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct sdr_file_source source = {"a pipe", cases[i].most, 0};
		char *text = NULL;
		size_t length = 0;
		struct sdr_error error = {0};
		int ends[2];
		assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
		pid_t child = fork();
		if (child == 0) {
			usleep(20000); /* the reader has to wait */
			(void)!write(ends[1], cases[i].bytes, cases[i].length);
			_exit(0);
		}
		close(ends[1]);
		assert_int_equal(sdr_file_read_open(ends[0], &source, &text, &length, &error),
			cases[i].status);
		if (cases[i].status == SDR_OK) {
			assert_int_equal(length, strlen(cases[i].text));
			assert_string_equal(text, cases[i].text);
			free(text);
		} else if (!strstr(error.text, cases[i].message)) {
			fail_msg("%zu: %s", i, error.text);
		}
		close(ends[0]);
		assert_int_equal(waitpid(child, NULL, 0), child);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_files_of_the_system),
		cmocka_unit_test(test_what_is_open_already),
		cmocka_unit_test(test_KF1_only_regular_files_are_read),
		cmocka_unit_test(test_KF2_KF3_KF4_what_is_no_text),
		cmocka_unit_test(test_KF5_links_and_modes_stay),
		cmocka_unit_test(test_KF5_another_group_gets_no_rights),
		cmocka_unit_test(test_KF6_what_is_not_written),
		cmocka_unit_test(test_KF7_a_new_file_is_never_written_over_another),
		cmocka_unit_test(test_KF8_a_kill_tears_nothing),
		cmocka_unit_test(test_KF8_writers_side_by_side),
		cmocka_unit_test(test_H14_KF5_KF6_other_users),
		cmocka_unit_test(test_H14_KF9_append)};
	return cmocka_run_group_tests(tests, enter, leave);
}
