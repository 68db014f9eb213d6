/* test_target_filter.c - addresses that are no targets: those of nobody or of many, and the two
 * ends of the networks that this host is on, as they come and go. Row D19. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "lib/own_net.h"
#include "lib/skip.h"
#include "probe/target_filter.h"

static struct target_filter filter;

/* A part of the reason; NULL: it is a target. */
static void assert_reason(const char *text, const char *part)
{
	struct sdr_addr addr;
	assert_int_equal(sdr_addr_parse(text, &addr, NULL), SDR_OK);
	const char *reason = sdr_target_filter_reason(&filter, &addr);
	if (!reason != !part || (part && !strstr(reason, part)))
		fail_msg("%s: %s", text, reason ? reason : "is a target");
}

static void test_D19_on_any_network(void **state)
{
	static const struct {
		const char *addr, *part;
	} cases[] = {{"0.0.0.0", "unspecified"}, {"::", "unspecified"}, {"224.0.0.1", "multicast"},
		{"239.255.255.255", "multicast"}, {"ff02::1", "multicast"},
		{"255.255.255.255", "the broadcast address"}, {"0.0.0.1", "240.0.0.0/4"},
		{"0.255.255.255", "240.0.0.0/4"}, {"240.0.0.0", "240.0.0.0/4"},
		{"255.255.255.254", "240.0.0.0/4"}, {"1.0.0.0", NULL}, {"223.255.255.255", NULL},
		{"127.0.0.1", NULL}, {"::1", NULL}, {"f0::1", NULL}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_reason(cases[i].addr, cases[i].part);
}

static void run(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

/* Networks are read again after a second. */
static void let_time_pass(void)
{
	nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 100000000}, NULL);
}

static void test_D19_ends_of_own_networks(void **state)
{
	if (!*(bool *)*state)
		SKIP_BECAUSE("no network namespaces here");
	let_time_pass();
	assert_reason("10.9.8.0", NULL);
	run("ip link add v0 type veth peer name v1 && ip link set v0 up");
	run("ip addr add 10.9.8.3/29 brd + dev v0");
	run("ip addr add 10.9.7.1/31 dev v0");
	run("ip addr add 10.9.6.1/30 brd + dev v0");
	run("ip addr add fd12:9::1/64 dev v0");
	let_time_pass();
	assert_reason("10.9.8.0", "network's own address");
	assert_reason("10.9.8.7", "network's broadcast address");
	assert_reason("10.9.6.0", "network's own address");
	assert_reason("10.9.6.3", "network's broadcast address");
	static const char *const targets[] = {"10.9.8.1", "10.9.8.6", "10.9.8.8", "10.9.7.0",
		"10.9.7.1", "10.9.6.2", "127.0.0.0", "127.255.255.255", "fd12:9::"};
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++)
		assert_reason(targets[i], NULL);
	run("ip link del v0");
	let_time_pass();
	assert_reason("10.9.8.0", NULL);
}

int main(void)
{
	static bool namespaced;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_D19_on_any_network),
		cmocka_unit_test_prestate(test_D19_ends_of_own_networks, &namespaced),
	};
	namespaced = own_net_enter() && system("ip link show lo >/dev/null 2>&1") == 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
