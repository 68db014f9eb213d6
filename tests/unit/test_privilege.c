/* test_privilege.c - what is taken and given away, each time in a process of its own, and what is
 * said where ICMP is not to be had. Row I1 of what starts sounder is in tests/faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <errno.h>

#include "lib/own_net.h"
#include "lib/skip.h"
#include "sounder/privilege.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			_exit(1); \
		} \
	} while (0)

/* Runs a check in a process of its own, whose privileges go; returns its exit code. */
static int in_a_process(void (*check)(void))
{
	int status = -1;
	pid_t child = fork();
	if (child == 0) {
		check();
		_exit(0);
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool has(cap_value_t which, cap_flag_t set)
{
	cap_t caps = cap_get_proc();
	cap_flag_value_t value = CAP_CLEAR;
	CHECK(caps && cap_get_flag(caps, which, set, &value) == 0);
	cap_free(caps);
	return value == CAP_SET;
}

static int count_of(cap_flag_t set)
{
	int count = 0;
	for (cap_value_t which = 0; which < cap_max_bits(); which++)
		count += has(which, set);
	return count;
}

static void check_one_socket(int fd, enum sdr_icmp_kind kind, int ping_errno, int raw_errno)
{
	int type = 0;
	socklen_t length = sizeof(type);
	CHECK((fd < 0) == (kind == SDR_ICMP_NONE));
	CHECK((ping_errno == 0) == (kind == SDR_ICMP_PING));
	CHECK(raw_errno == 0 || kind == SDR_ICMP_NONE);
	if (fd < 0)
		return;
	CHECK(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0);
	CHECK(type == (kind == SDR_ICMP_PING ? SOCK_DGRAM : SOCK_RAW));
	CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK && fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void check_taken(const struct sdr_privilege *privilege)
{
	check_one_socket(
		privilege->icmp4, privilege->kind4, privilege->ping4_errno, privilege->raw4_errno);
	check_one_socket(
		privilege->icmp6, privilege->kind6, privilege->ping6_errno, privilege->raw6_errno);
	CHECK(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	CHECK(count_of(CAP_EFFECTIVE) == 0 && count_of(CAP_INHERITABLE) == 0);
}

/* With all capabilities, as the first process of a user namespace has them. */
static void take_with_all(void)
{
	struct sdr_privilege privilege;
	struct rlimit core;
	if (!own_net_enter())
		_exit(77);
	CHECK(sdr_privilege_take(&privilege, NULL) == SDR_OK);
	check_taken(&privilege);
	CHECK(privilege.had_net_raw && privilege.held == SDR_PRIVILEGE_ALL);
	CHECK(privilege.kind4 == SDR_ICMP_PING && privilege.icmp6 >= 0);
	CHECK(count_of(CAP_PERMITTED) == 4);
	CHECK(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0);
	sdr_privilege_begin(&privilege, SDR_PRIVILEGE_BIND);
	CHECK(has(CAP_NET_BIND_SERVICE, CAP_EFFECTIVE) && count_of(CAP_EFFECTIVE) == 1);
	sdr_privilege_end(&privilege, SDR_PRIVILEGE_BIND);
	sdr_privilege_begin(&privilege, SDR_PRIVILEGE_SOCKET_OWNERS);
	CHECK(has(CAP_SYS_PTRACE, CAP_EFFECTIVE) && has(CAP_DAC_READ_SEARCH, CAP_EFFECTIVE));
	CHECK(count_of(CAP_EFFECTIVE) == 2);
	sdr_privilege_end(&privilege, SDR_PRIVILEGE_SOCKET_OWNERS);
	CHECK(count_of(CAP_EFFECTIVE) == 0);
	sdr_privilege_begin(&privilege, SDR_PRIVILEGE_RAW);
	CHECK(has(CAP_NET_RAW, CAP_EFFECTIVE) && count_of(CAP_EFFECTIVE) == 1);
	sdr_privilege_end(&privilege, SDR_PRIVILEGE_RAW);
	sdr_privilege_begin(NULL, SDR_PRIVILEGE_BIND);
	CHECK(count_of(CAP_EFFECTIVE) == 0);
	CHECK(sdr_privilege_keep(&privilege, SDR_PRIVILEGE_ALL, NULL) == SDR_OK);
	CHECK(count_of(CAP_PERMITTED) == 4);
	CHECK(sdr_privilege_keep(&privilege, SDR_PRIVILEGE_BIND, NULL) == SDR_OK);
	CHECK(privilege.held == SDR_PRIVILEGE_BIND && count_of(CAP_PERMITTED) == 1);
	sdr_privilege_begin(&privilege, SDR_PRIVILEGE_SOCKET_OWNERS); /* not held any more */
	CHECK(count_of(CAP_EFFECTIVE) == 0);
	CHECK(sdr_privilege_keep(&privilege, 0, NULL) == SDR_OK);
	sdr_privilege_begin(&privilege, SDR_PRIVILEGE_BIND);
	CHECK(count_of(CAP_PERMITTED) == 0 && count_of(CAP_EFFECTIVE) == 0);
	CHECK(setresuid(0, 0, 0) != 0 || count_of(CAP_PERMITTED) == 0);
}

static void take_with_none(void)
{
	struct sdr_privilege privilege;
	cap_t none = cap_init();
	CHECK(none && cap_set_proc(none) == 0);
	cap_free(none);
	CHECK(sdr_privilege_take(&privilege, NULL) == SDR_OK);
	check_taken(&privilege);
	CHECK(!privilege.had_net_raw && privilege.held == 0 && count_of(CAP_PERMITTED) == 0);
	CHECK(privilege.kind4 != SDR_ICMP_RAW && privilege.kind6 != SDR_ICMP_RAW);
}

static void take_with_another_user(void)
{
	struct sdr_privilege privilege;
	fclose(stderr);
	if (setresuid(getuid() + 1, geteuid(), geteuid()) != 0)
		_exit(77);
	_exit(sdr_privilege_take(&privilege, NULL) == SDR_OK ? 0 : SDR_EXIT_FAIL);
}

static void test_all_goes_but_what_is_kept(void **state)
{
	(void)state;
	int code = in_a_process(take_with_all);
	if (code == 77)
		SKIP_BECAUSE("no network namespaces here");
	assert_int_equal(code, 0);
}

static void test_nothing_to_give_away(void **state)
{
	(void)state;
	assert_int_equal(in_a_process(take_with_none), 0);
}

static void test_setuid_is_refused(void **state)
{
	(void)state;
	int code = in_a_process(take_with_another_user);
	if (code == 77)
		SKIP_BECAUSE("only root can be somebody else");
	assert_int_equal(code, SDR_EXIT_FAIL);
}

static void read_range(char *out, size_t size)
{
	char low[24] = "?", high[24] = "?";
	FILE *file = fopen("/proc/sys/net/ipv4/ping_group_range", "r");
	if (file && fscanf(file, "%23s %23s", low, high) != 2)
		low[0] = '\0';
	if (file)
		fclose(file);
	snprintf(out, size, "%s %s", low, high);
}

static void test_why(void **state)
{
	static const struct {
		enum sdr_icmp_kind kind4;
		int ping_errno, raw_errno;
		const char *reasons[4]; /* [0] NULL: nothing is said */
	} cases[] = {
		{SDR_ICMP_PING, 0, 0, {NULL}},
		{SDR_ICMP_RAW, EACCES, 0, {NULL}},
		{SDR_ICMP_NONE, EACCES, EPERM,
			{"ICMP is not permitted: group", "ping_group_range (", "cap_net_raw",
				"--tcp PORT"}},
		{SDR_ICMP_NONE, EPERM, EPERM,
			{"ICMP is not permitted: ping socket: Operation not permitted",
				"cap_net_raw"}},
		{SDR_ICMP_NONE, EPROTONOSUPPORT, EAFNOSUPPORT,
			{"ICMP over IPv4 can't be used: ", "not supported"}},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char out[256] = "left over";
		const struct sdr_privilege privilege = {.icmp4 = -1,
			.icmp6 = -1,
			.kind4 = cases[i].kind4,
			.kind6 = SDR_ICMP_RAW,
			.ping4_errno = cases[i].ping_errno,
			.raw4_errno = cases[i].raw_errno};
		assert_ptr_equal(sdr_privilege_why(&privilege, 4, out, sizeof(out)), out);
		assert_int_equal(out[0] == '\0', cases[i].reasons[0] == NULL);
		for (int k = 0; k < 4 && cases[i].reasons[k]; k++)
			if (!strstr(out, cases[i].reasons[k]))
				fail_msg("%s", out);
		assert_null(strchr(out, '\n'));
		assert_string_equal(sdr_privilege_why(&privilege, 6, out, sizeof(out)), "");
	}
}

/* The fixes are exact: with this system's range and this program's own path. */
static void test_fixes(void **state)
{
	const struct sdr_privilege privilege = {
		.icmp4 = -1, .icmp6 = -1, .ping4_errno = EACCES, .raw4_errno = EPERM};
	struct sdr_sheet *sheet = sdr_sheet_new();
	char range[64], path[512], all[4096] = "";
	(void)state;
	sdr_privilege_explain(&privilege, sheet);
	assert_false(sdr_sheet_failed(sheet));
	const struct sdr_item *root = sdr_sheet_view(sheet);
	assert_int_equal(sdr_item_find(root, "cause")->show, SDR_SHOW_HEADLINE);
	read_range(range, sizeof(range));
	assert_string_equal(sdr_item_find(root, "ping_group_range")->value.bytes, range);
	unsigned count = 0;
	for (const struct sdr_item *fix = sdr_item_find(root, "fixes")->first; fix;
		fix = fix->next, count++) {
		assert_true(sdr_item_find(fix, "fix")->value.length > 0);
		const char *command = sdr_item_find(fix, "command")->value.bytes;
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s\n", command);
	}
	assert_int_equal(count, 4);
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	assert_true(length > 0);
	path[length] = '\0';
	const char *const wanted[] = {path, "setcap cap_net_raw=p '",
		"sysctl -w net.ipv4.ping_group_range=", "--cap-add NET_RAW", "--tcp"};
	for (size_t i = 0; i < COUNT(wanted); i++)
		assert_non_null(strstr(all, wanted[i]));
	sdr_sheet_free(sheet);
}

static void test_nothing_to_explain(void **state)
{
	const struct sdr_privilege privilege = {.kind4 = SDR_ICMP_RAW, .kind6 = SDR_ICMP_PING};
	struct sdr_sheet *sheet = sdr_sheet_new();
	(void)state;
	sdr_privilege_explain(&privilege, sheet);
	assert_string_equal(sdr_item_find(sdr_sheet_view(sheet), "cause")->value.bytes, "");
	assert_null(sdr_item_find(sdr_sheet_view(sheet), "fixes"));
	sdr_sheet_free(sheet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_goes_but_what_is_kept),
		cmocka_unit_test(test_nothing_to_give_away),
		cmocka_unit_test(test_setuid_is_refused),
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_fixes),
		cmocka_unit_test(test_nothing_to_explain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
