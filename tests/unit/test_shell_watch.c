/* test_shell_watch.c - what watches print in a shell: headers, lines and summaries, of what answers
 * and what does not, in each format. On the loopback interface of a network namespace of the test's
 * own. */
#include <ctype.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/given.h"
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

/* Measured numbers become T: those with one point, as no address has, those before "ms" or "a
 * second", and after "From port". */
static void mask(char *text)
{
	char *to = text;
	for (const char *from = text; *from;) {
		size_t length = isdigit((unsigned char)*from) ? strspn(from, "0123456789.") : 0;
		unsigned points = 0;
		for (size_t i = 0; i < length; i++)
			points += from[i] == '.';
		bool measured = points == 1 || strncmp(from + length, "ms", 2) == 0 ||
			strncmp(from + length, " a second", 9) == 0 ||
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

/* What was printed: on either side, and on both as it came. */
struct printed {
	char out[40000], err[4000], all[40000];
	enum sdr_exit exit;
	int signal; /* raised with the first line on stdout; 0: none */
};

static void append(char *text, size_t size, const char *bytes, size_t length)
{
	size_t used = strlen(text);
	assert_true(used + length < size);
	memcpy(text + used, bytes, length);
	text[used + length] = '\0';
}

static ssize_t write_out(void *cookie, const char *bytes, size_t length)
{
	struct printed *printed = cookie;
	append(printed->out, sizeof(printed->out), bytes, length);
	append(printed->all, sizeof(printed->all), bytes, length);
	if (printed->signal && strchr(printed->out, '=')) /* a probe's line */
		assert_int_equal(raise(printed->signal), 0);
	if (strchr(printed->out, '='))
		printed->signal = 0;
	return (ssize_t)length;
}

static ssize_t write_err(void *cookie, const char *bytes, size_t length)
{
	struct printed *printed = cookie;
	append(printed->err, sizeof(printed->err), bytes, length);
	append(printed->all, sizeof(printed->all), bytes, length);
	return (ssize_t)length;
}

static void run(struct sdr_app *app, const char *text, struct printed *printed)
{
	struct sdr_line *line = NULL;
	struct sdr_error error = {0};
	struct sdr_out to_out, to_err;
	FILE *out = fopencookie(printed, "w", (cookie_io_functions_t){.write = write_out}),
	     *err = fopencookie(printed, "w", (cookie_io_functions_t){.write = write_err});
	assert_true(out && err);
	printed->out[0] = printed->err[0] = printed->all[0] = '\0';
	if (sdr_line_parse(app, text, &line, &error) != SDR_OK)
		fail_msg("%s: %s", text, error.text);
	sdr_out_init(&to_out, out, SDR_COLOUR_NEVER);
	sdr_out_init(&to_err, err, SDR_COLOUR_NEVER);
	printed->exit = sdr_shell_run(app, sdr_line_call(line), &to_out, &to_err);
	sdr_line_free(line);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(fclose(err), 0);
	mask(printed->all);
}

/* ---- a server of HTTP ---- */

static void *serve(void *context)
{
	static const char answer[] = "HTTP/1.0 200 OK\r\nX: y\r\n\r\nbody\n";
	for (int fd; (fd = accept(*(int *)context, NULL, NULL)) >= 0;) {
		char request[2048] = "";
		for (size_t used = 0; !strstr(request, "\r\n\r\n");) {
			ssize_t got = recv(fd, request + used, sizeof(request) - 1 - used, 0);
			if (got <= 0)
				break;
			used += (size_t)got;
		}
		(void)!send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL);
		close(fd);
	}
	return NULL;
}

static int listen_at(uint16_t port)
{
	int listener = loopback_socket(SOCK_STREAM | SOCK_CLOEXEC, 1, &port);
	assert_int_equal(listen(listener, 100), 0);
	return listener;
}

static void begins(const char *text, const char *wanted)
{
	assert_int_equal(strncmp(text, wanted, strlen(wanted)), 0);
}

/* Of one answer all is shown, of several a line each; what is asked for a body has it alone on
 * stdout. */
static void test_http(void **state)
{
	static const char head[] = "HTTP/T 200 OK\nX: y\n\nConnect Tms  Prepare Tms  First byte ";
	static struct printed printed;
	pthread_t thread;
	int listener = listen_at(PORT + 1);
	assert_int_equal(pthread_create(&thread, NULL, serve, &listener), 0);
	run(*state, "head http://127.0.0.1:40008/", &printed);
	mask(printed.out);
	begins(printed.out, head);
	assert_string_equal(printed.err, "");
	run(*state, "get http://127.0.0.1:40008/", &printed); /* the rest is on stderr itself */
	assert_string_equal(printed.out, "body\n");
	run(*state, "get -c 2 -i 0.05 http://127.0.0.1:40008/", &printed);
	begins(printed.out, "body\nbody\n\n--- ");
	begins(printed.err, "http://127.0.0.1:40008/ 1: ok  ");
	assert_non_null(strstr(printed.err, "\nhttp://127.0.0.1:40008/ 2: ok  "));
	run(*state, "head -c 2 -i 0.05 http://127.0.0.1:40008/", &printed);
	begins(printed.out, "http://127.0.0.1:40008/ 1: ok  ");
	assert_non_null(strstr(printed.out, "\nhttp://127.0.0.1:40008/ 2: ok  "));
	assert_non_null(strstr(printed.out, " http statistics ---\n2 probes, 2 answered"));
	assert_string_equal(printed.err, "");
	shutdown(listener, SHUT_RDWR);
	pthread_join(thread, NULL);
	close(listener);
}

/* Lines that a filter lets pass, and as data. */
static void test_filter(void **state)
{
	static struct printed printed;
	char path[64], line[128];
	snprintf(path, sizeof(path), "/tmp/sounder-shell-%d", (int)getpid());
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs("a 10.1.1.1\nb 11.1.1.1\nc 10.2.2.2\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
	snprintf(line, sizeof(line), "subnet grep 10.0.0.0/8 %s", path);
	run(*state, line, &printed);
	assert_string_equal(printed.out, "a 10.1.1.1\nc 10.2.2.2\n");
	assert_int_equal(printed.exit, SDR_EXIT_YES);
	snprintf(line, sizeof(line), "subnet grep --json 10.0.0.0/8 %s", path);
	run(*state, line, &printed);
	begins(printed.out, "{\"line\":\"a 10.1.1.1\",\"file\":\"");
	assert_non_null(strstr(printed.out, "\n{\"line\":\"c 10.2.2.2\",\"file\":\""));
	snprintf(line, sizeof(line), "subnet grep 12.0.0.0/8 %s", path);
	run(*state, line, &printed);
	assert_string_equal(printed.all, "");
	assert_int_equal(printed.exit, SDR_EXIT_NO);
	unlink(path);
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
		{"ping --sweep -4 127.0.0.1 ::1", SDR_EXIT_FAIL,
			"::1 is unreachable\n127.0.0.1 is alive\n",
			"sounder: ::1: an IPv6 address, but IPv4 was asked for\n"
			"1 of 2 alive, T s, T a second\n"},
		{"ping --sweep 127.0.0.1 10.1.1.1", SDR_EXIT_FAIL,
			"127.0.0.1 is alive\n10.1.1.1 is unreachable\n",
			"sounder: 10.1.1.1: no route to this network\n"
			"1 of 2 alive, T s, T a second\n"},
		{"ping --sweep --fping -4 127.0.0.1 ::1", SDR_EXIT_FAIL, "127.0.0.1 is alive\n",
			"sounder: ::1: an IPv6 address, but IPv4 was asked for\n"},
		{"ping --sweep -q 127.0.0.1 127.0.0.2", SDR_EXIT_YES, "", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		static struct printed printed;
		run(*state, cases[i].line, &printed);
		mask(printed.out);
		mask(printed.err);
		assert_string_equal(printed.out, cases[i].out);
		assert_string_equal(printed.err, cases[i].err);
		assert_int_equal(printed.exit, cases[i].exit);
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
		/* The limits that --losses sets are those of outages. */
		{"tcp --json --until down --losses 1 -i 0.02 127.0.0.1:1", SDR_EXIT_YES, "ps",
			"\"outages\":[{\"from\":", ""},
		{"tcp --json -c 2 -i 0.02 127.0.0.1:1", SDR_EXIT_NO, "pps", "\"outages\":[]", ""},
		{"tcp --json 127.0.0.1:1", SDR_EXIT_NO, "p", "\"errno\":\"ECONNREFUSED\"", ""},
		{"tcp --csv 127.0.0.1:40007 127.0.0.1:1", SDR_EXIT_NO, "hpp", ",refused,", ""},
		{"tcp --csv -c 2 -i 0.02 127.0.0.1:40007", SDR_EXIT_YES, "hpps",
			"summary,tcp,127.0.0.1:40007,127.0.0.1,", ""},
		{"ping --json -c 1 127.0.0.1", SDR_EXIT_YES, "ps", "\"ttl\":64", ""},
		{"ping --sweep --json -4 127.0.0.1 ::1", SDR_EXIT_FAIL, "pp",
			"\"target\":\"::1\",\"address\":null",
			"sounder: ::1: an IPv6 address, but IPv4 was asked for\n"
			"1 of 2 alive, T s, T a second\n"},
		{"ping --sweep --csv 127.0.0.1", SDR_EXIT_YES, "hp", ",127.0.0.1,1,ok,",
			"1 of 1 alive, T s, T a second\n"},
		{"ping --json -q -c 2 -i 0.02 127.0.0.1 127.0.0.2", SDR_EXIT_YES, "ss",
			"\"target\":\"127.0.0.2\"", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		static struct printed printed;
		run(*state, cases[i].line, &printed);
		char shapes[64];
		shape(printed.out, shapes);
		assert_string_equal(shapes, cases[i].shapes);
		mask(printed.err);
		if (!strstr(printed.out, cases[i].held))
			fail_msg("%s: no %s in %s", cases[i].line, cases[i].held, printed.out);
		assert_string_equal(printed.err, cases[i].err);
		assert_int_equal(printed.exit, cases[i].exit);
	}
}

/* fping's summaries go to stderr, after the lines on stdout. */
static void test_lines_come_before_summaries(void **state)
{
	static struct printed printed;
	run(*state, "ping --fping -c 1 127.0.0.1", &printed);
	assert_string_equal(printed.all,
		"127.0.0.1 : [0], 64 bytes, T ms (T avg, 0% loss)\n"
		"\n127.0.0.1 : xmt/rcv/%loss = 1/1/0%, min/avg/max = T/T/T\n");
}

/* SIGQUIT asks for the state so far, SIGINT for the end; as of ping(8). */
static void test_signals(void **state)
{
	static struct printed printed;
	printed.signal = SIGQUIT;
	run(*state, "ping -c 2 -i 0.3 127.0.0.1", &printed);
	mask(printed.err);
	assert_string_equal(printed.err, "\r1/1 packets, 0% loss, min/avg/ewma/max = T/T/T/T ms\n");
	assert_non_null(strstr(printed.out, "\n2 packets transmitted, 2 received"));
	assert_int_equal(printed.exit, SDR_EXIT_YES);
	printed.signal = SIGINT;
	run(*state, "ping -c 100 -i 0.3 127.0.0.1", &printed);
	assert_string_equal(printed.err, "");
	assert_non_null(strstr(printed.out, "\n1 packets transmitted, 1 received"));
	assert_int_equal(printed.exit, SDR_EXIT_YES);
	printed.signal = SIGQUIT;
	run(*state, "tcp -c 2 -i 0.3 127.0.0.1:40007", &printed);
	assert_string_equal(printed.err, "");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(test_text), CASE(test_data),
		CASE(test_lines_come_before_summaries), CASE(test_signals), CASE(test_http),
		CASE(test_filter)};
	if (!own_net_enter())
		SKIP_ALL_BECAUSE(tests, "no network namespaces here");
	int listener = listen_at(PORT);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	close(listener);
	return failed;
}
