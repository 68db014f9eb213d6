/* test_shell_lookups.c - what lookups print in a shell, whole, as shell_lookups.inc has it; in a
 * network namespace of the test's own with a cable from ea to eb. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/own_net.h"
#include "lib/skip.h"
#include "shell_run.h"

static void test_whole_answers(void **state)
{
	static const struct {
		const char *line;
		enum sdr_exit exit;
		const char *out, *err;
	} cases[] = {
#include "shell_lookups.inc"
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
		struct sdr_app *app = sdr_app_new(&privilege, sdr_commands);
		assert_non_null(app);
		struct printed printed = run(app, cases[i].line);
		assert_string_equal(printed.out, cases[i].out);
		assert_string_equal(printed.err, cases[i].err);
		assert_int_equal(printed.exit, cases[i].exit);
		printed_free(&printed);
		sdr_app_free(app);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole_answers)};
	if (!own_net_enter())
		SKIP_ALL_BECAUSE(tests, "no network namespaces here");
	if (system("ip link add ea type veth peer name eb && ip link set ea address "
		   "02:00:00:00:00:0a && ip link set eb address 02:00:00:00:00:0b && ip link set "
		   "ea addrgenmode none up && ip link set eb addrgenmode none up && ip addr add "
		   "10.9.0.1/16 dev ea && ip route add blackhole 10.8.0.0/24 && ip route add "
		   "10.6.0.0/24 via 10.9.0.6") != 0)
		SKIP_ALL_BECAUSE(tests, "no pairs of links (veth) here, or no ip");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
