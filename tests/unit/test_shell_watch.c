/* test_shell_watch.c - what watches print in a shell: headers, lines and summaries, of what answers
 * and what does not, in each format. On the loopback interface of a network namespace of the test's
 * own. */
#include <ctype.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/own_net.h"
#include "lib/skip.h"
#include "sounder/app.h"
#include "sounder/line.h"
#include "sounder/shell.h"

#define PORT 40007 /* in a namespace of our own nobody else has it */

static struct sdr_privilege privilege;

static int set_up(void **state)
{
	int type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
	privilege = (struct sdr_privilege){.kind4 = SDR_ICMP_PING, .kind6 = SDR_ICMP_PING};
	privilege.icmp4 = socket(AF_INET, type, IPPROTO_ICMP);
	privilege.icmp6 = socket(AF_INET6, type, IPPROTO_ICMPV6);
	*state = sdr_app_new(&privilege, sdr_commands);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	sdr_app_free(*state);
	close(privilege.icmp4);
	close(privilege.icmp6);
	return 0;
}

/* Measured numbers become T: those with one point, as no address has, and those before "ms" or
 * after "From port". */
static void mask(char *text)
{
	char *to = text;
	for (const char *from = text; *from;) {
		size_t length = isdigit((unsigned char)*from) ? strspn(from, "0123456789.") : 0;
		unsigned points = 0;
		for (size_t i = 0; i < length; i++)
			points += from[i] == '.';
		bool measured = points == 1 || strncmp(from + length, "ms", 2) == 0 ||
			(to - text >= 10 && strncmp(to - 10, "From port ", 10) == 0);
		if (length > 0 && measured) {
			*to++ = 'T';
			from += length;
			continue;
		}
		for (length = length > 0 ? length : 1; length > 0; length--)
			*to++ = *from++;
	}
	*to = '\0';
}

struct printed {
	char *out, *err;
	enum sdr_exit exit;
};

static struct printed run(struct sdr_app *app, const char *text)
{
	struct printed printed = {0};
	struct sdr_line *line = NULL;
	struct sdr_error error = {0};
	struct sdr_out to_out, to_err;
	size_t sizes[2];
	FILE *out = open_memstream(&printed.out, &sizes[0]),
	     *err = open_memstream(&printed.err, &sizes[1]);
	if (sdr_line_parse(app, text, &line, &error) != SDR_OK)
		fail_msg("%s: %s", text, error.text);
	sdr_out_init(&to_out, out, SDR_COLOUR_NEVER);
	sdr_out_init(&to_err, err, SDR_COLOUR_NEVER);
	printed.exit = sdr_shell_run(app, sdr_line_call(line), &to_out, &to_err);
	sdr_line_free(line);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(fclose(err), 0);
	return printed;
}

static void printed_free(struct printed *printed)
{
	free(printed->out);
	free(printed->err);
}

static void test_text(void **state)
{
	static const struct {
		const char *line;
		enum sdr_exit exit;
		const char *out, *err;
	} cases[] = {
		{"tcp 127.0.0.1:40007", SDR_EXIT_YES, "127.0.0.1:40007: ok  T ms  From port T\n",
			""},
		{"tcp -c 2 -i 0.02 127.0.0.1:40007", SDR_EXIT_YES,
			"127.0.0.1:40007 1: ok  T ms  From port T\n"
			"127.0.0.1:40007 2: ok  T ms  From port T\n"
			"\n--- 127.0.0.1:40007 tcp statistics ---\n"
			"2 probes, 2 answered, 0 lost, 0% lost, time Tms\n"
			"rtt min/avg/max/mdev = T/T/T/T ms\n",
			""},
		{"tcp 127.0.0.1:1", SDR_EXIT_NO, "127.0.0.1:1: refused  Error ECONNREFUSED\n", ""},
		{"tcp -c 1 127.0.0.1:1 127.0.0.2:1", SDR_EXIT_NO,
			"127.0.0.1:1: refused  Error ECONNREFUSED\n"
			"127.0.0.2:1: refused  Error ECONNREFUSED\n",
			""},
		{"tcp -c 2 -i 0.02 127.0.0.1:1", SDR_EXIT_NO,
			"127.0.0.1:1 1: refused  Error ECONNREFUSED\n"
			"127.0.0.1:1 2: refused  Error ECONNREFUSED\n"
			"\n--- 127.0.0.1:1 tcp statistics ---\n"
			"2 probes, 0 answered, 2 lost (+2 errors), 100% lost, time Tms\n",
			""},
		{"tcp -4 [::1]:80", SDR_EXIT_FAIL, "",
			"sounder: [::1]:80: an IPv6 address, but IPv4 was asked for\n"},
		{"ping -c 2 -i 0.02 127.0.0.1", SDR_EXIT_YES,
			"PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.\n"
			"64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=T ms\n"
			"64 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=T ms\n"
			"\n--- 127.0.0.1 ping statistics ---\n"
			"2 packets transmitted, 2 received, 0% packet loss, time Tms\n"
			"rtt min/avg/max/mdev = T/T/T/T ms\n",
			""},
		{"ping -c 2 -i 0.02 -q 127.0.0.1 127.0.0.2", SDR_EXIT_YES,
			"PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.\n"
			"PING 127.0.0.2 (127.0.0.2) 56(84) bytes of data.\n"
			"\n--- 127.0.0.1 ping statistics ---\n"
			"2 packets transmitted, 2 received, 0% packet loss, time Tms\n"
			"rtt min/avg/max/mdev = T/T/T/T ms\n"
			"\n--- 127.0.0.2 ping statistics ---\n"
			"2 packets transmitted, 2 received, 0% packet loss, time Tms\n"
			"rtt min/avg/max/mdev = T/T/T/T ms\n",
			""},
		{"ping -c 1 10.1.1.1", SDR_EXIT_FAIL,
			"PING 10.1.1.1 (10.1.1.1) 56(84) bytes of data.\n"
			"ping: sendmsg: icmp_seq=1 no route to this network\n"
			"\n--- 10.1.1.1 ping statistics ---\n"
			"1 packets transmitted, 0 received, 100% packet loss, time Tms\n",
			"sounder: 10.1.1.1: no route to this network\n"},
		{"ping -q -c 1 -4 ::1", SDR_EXIT_FAIL, "",
			"sounder: ::1: an IPv6 address, but IPv4 was asked for\n"},
		{"ping -C 2 -i 0.02 -q 127.0.0.1 127.0.0.100", SDR_EXIT_YES, "",
			"127.0.0.1   : T T\n127.0.0.100 : T T\n"},
		{"ping --fping -c 1 -4 127.0.0.1 ::1", SDR_EXIT_FAIL,
			"127.0.0.1 : [0], 64 bytes, T ms (T avg, 0% loss)\n",
			"sounder: ::1: an IPv6 address, but IPv4 was asked for\n\n"
			"127.0.0.1 : xmt/rcv/%loss = 1/1/0%, min/avg/max = T/T/T\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct printed printed = run(*state, cases[i].line);
		mask(printed.out);
		mask(printed.err);
		assert_string_equal(printed.out, cases[i].out);
		assert_string_equal(printed.err, cases[i].err);
		assert_int_equal(printed.exit, cases[i].exit);
		printed_free(&printed);
	}
}

/* What comes of each line of data, in a letter: p(robe), s(ummary), h(ead of a table); what it was
 * of; and how many fields a table's lines have more or less than its head. */
static void shape(const char *text, char *shapes)
{
	size_t fields = 0;
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		bool json = *line == '{';
		size_t length = strcspn(line, "\n"), commas = 0;
		for (size_t i = 0; i < length; i++)
			commas += line[i] == ',';
		*shapes++ = strncmp(line, json ? "{\"type\":\"probe" : "probe,", 6) != 0 ? 'h'
			: json                                                           ? line[9]
											 : 'p';
		if (!json && strncmp(line, "summary,", 8) == 0)
			shapes[-1] = 's';
		if (!json && fields == 0)
			fields = commas;
		if (!json && commas != fields)
			*shapes++ = '!';
	}
	*shapes = '\0';
}

static void test_data(void **state)
{
	static const struct {
		const char *line;
		enum sdr_exit exit;
		const char *shapes, *held, *err;
	} cases[] = {
		{"tcp --json 127.0.0.1:40007", SDR_EXIT_YES, "p", "\"outcome\":\"ok\"", ""},
		{"tcp --json -c 2 -i 0.02 127.0.0.1:40007", SDR_EXIT_YES, "pps",
			"\"transmitted\":2,\"received\":2,\"lost\":0", ""},
		{"tcp --json -c 2 -i 0.02 127.0.0.1:40007", SDR_EXIT_YES, "pps",
			"\"windows\":[{\"window_seconds\":10.0,\"received\":2", ""},
		{"tcp --json 127.0.0.1:1", SDR_EXIT_NO, "p", "\"errno\":\"ECONNREFUSED\"", ""},
		{"tcp --csv 127.0.0.1:40007 127.0.0.1:1", SDR_EXIT_NO, "hpp", ",refused,", ""},
		{"tcp --csv -c 2 -i 0.02 127.0.0.1:40007", SDR_EXIT_YES, "hpps",
			"summary,tcp,127.0.0.1:40007,127.0.0.1,", ""},
		{"ping --json -c 1 127.0.0.1", SDR_EXIT_YES, "ps", "\"ttl\":64", ""},
		{"ping --json -q -c 2 -i 0.02 127.0.0.1 127.0.0.2", SDR_EXIT_YES, "ss",
			"\"target\":\"127.0.0.2\"", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct printed printed = run(*state, cases[i].line);
		char shapes[64];
		assert_true(strlen(printed.out) < 60000);
		shape(printed.out, shapes);
		assert_string_equal(shapes, cases[i].shapes);
		if (!strstr(printed.out, cases[i].held))
			fail_msg("%s: no %s in %s", cases[i].line, cases[i].held, printed.out);
		assert_string_equal(printed.err, cases[i].err);
		assert_int_equal(printed.exit, cases[i].exit);
		printed_free(&printed);
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(test_text), CASE(test_data)};
	struct sockaddr_in own = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(PORT)};
	if (!own_net_enter())
		SKIP_ALL_BECAUSE(tests, "no network namespaces here");
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&own, sizeof(own)), 0);
	assert_int_equal(listen(listener, 100), 0);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	close(listener);
	return failed;
}
