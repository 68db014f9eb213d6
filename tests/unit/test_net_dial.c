/* The dialer against sockets of this host: who wins, what is reported of those that don't, and what
 * is handed over. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "net/dial.h"
#include "net/dial_words.h"

/* The arguments of the one callback, copied. */
struct seen {
	uv_loop_t loop;
	unsigned count; /* of callbacks */
	struct sdr_dial_result result;
	struct sdr_attempt attempts[SDR_ATTEMPTS_MAX];
	sdr_ns took; /* from begin to the callback */
};

static void on_done(void *context, const struct sdr_dial_result *result)
{
	struct seen *seen = context;
	seen->count++;
	seen->result = *result;
	memcpy(seen->attempts, result->attempts, result->count * sizeof(*result->attempts));
}

static struct sdr_endpoint at(const char *address, uint16_t port)
{
	struct sdr_endpoint endpoint = {.port = port};
	assert_int_equal(sdr_addr_parse(address, &endpoint.addr, NULL), SDR_OK);
	return endpoint;
}

static struct sdr_dial_spec spec_of(
	const struct sdr_endpoint *endpoints, unsigned count, sdr_ns timeout)
{
	return (struct sdr_dial_spec){
		.endpoints = endpoints, .count = count, .timeout = timeout, .done = on_done};
}

static void dial(struct seen *seen, const struct sdr_dial_spec *spec)
{
	struct sdr_dial *dial = NULL;
	struct sdr_dial_spec own = *spec;
	memset(seen, 0, sizeof(*seen));
	own.context = seen;
	assert_int_equal(uv_loop_init(&seen->loop), 0);
	sdr_ns before = sdr_clock_now();
	assert_int_equal(sdr_dial_begin(&seen->loop, &own, &dial), SDR_OK);
	assert_int_equal(seen->count, 0); /* never before the starting call returns */
	uv_run(&seen->loop, UV_RUN_DEFAULT);
	seen->took = sdr_clock_now() - before;
	assert_int_equal(seen->count, 1);
	assert_int_equal(uv_loop_close(&seen->loop), 0); /* nothing is left open */
}

/* A listening socket on an address of loopback; its port. */
static int listen_at(const char *address, uint16_t *port, int backlog)
{
	struct sockaddr_storage own;
	struct sdr_endpoint endpoint = at(address, *port);
	socklen_t length = sdr_endpoint_to_sockaddr(&endpoint, &own);
	int fd = socket(own.ss_family, SOCK_STREAM, 0), on = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	assert_int_equal(bind(fd, (struct sockaddr *)&own, length), 0);
	assert_int_equal(listen(fd, backlog), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &length), 0);
	assert_int_equal(sdr_endpoint_from_sockaddr((struct sockaddr *)&own, &endpoint), SDR_OK);
	*port = endpoint.port;
	return fd;
}

#define FILLERS 4

/* Fills the backlog of a listener with room for none: from now on SYNs go unanswered. */
static void fill_up(const char *address, uint16_t port, int fillers[FILLERS])
{
	struct sockaddr_storage to;
	struct sdr_endpoint endpoint = at(address, port);
	socklen_t length = sdr_endpoint_to_sockaddr(&endpoint, &to);
	for (int i = 0; i < FILLERS; i++) {
		fillers[i] = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)!connect(fillers[i], (struct sockaddr *)&to, length);
	}
	usleep(50000);
}

static void close_all(const int *fds, int count)
{
	for (int i = 0; i < count; i++)
		close(fds[i]);
}

static int option(int fd, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof(value);
	return getsockopt(fd, level, name, &value, &length) == 0 ? value : -1;
}

static void the_first_wins_and_is_handed_over(void **state)
{
	(void)state;
	uint16_t port = 0;
	struct seen seen;
	int listener = listen_at("127.0.0.1", &port, 8);
	struct sdr_endpoint to[] = {at("127.0.0.1", port), at("::1", port)};
	struct sdr_dial_spec spec = spec_of(to, 2, 2 * SDR_SECOND);
	spec.hop_limit = 7;
	spec.tos = 0xb8;
	sdr_ns before = sdr_clock_now();
	dial(&seen, &spec);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_OK);
	assert_int_equal(seen.result.count, 1);
	assert_int_equal(seen.result.winner, 0);
	assert_string_equal(seen.result.why, "");
	assert_true(seen.result.handshake > 0 && seen.result.handshake <= seen.took);
	assert_true(
		seen.result.connected_at >= before && seen.result.connected_at <= sdr_clock_now());
	assert_int_equal(seen.attempts[0].took, seen.result.handshake);
	assert_int_equal(seen.result.waited, 0);
	assert_string_equal(seen.attempts[0].transport, "tcp");
	assert_int_equal(seen.attempts[0].icmp_type, -1);
	int fd = seen.result.fd;
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(option(fd, IPPROTO_IP, IP_RECVERR),
		0); /* else any router's error ends the connection */
	assert_int_equal(option(fd, IPPROTO_IP, IP_TTL), 7);
	assert_int_equal(option(fd, IPPROTO_IP, IP_TOS), 0xb8);
	char byte = 'x';
	int peer = accept(listener, NULL, NULL);
	assert_int_equal(send(fd, &byte, 1, 0), 1);
	assert_int_equal(recv(peer, &byte, 1, 0), 1);
	close(peer);
	close(fd);
	close(listener);
}

static void refused_ones_cost_nothing(void **state)
{
	(void)state;
	uint16_t port = 0;
	struct seen seen;
	int listener = listen_at("127.0.0.4", &port, 8);
	struct sdr_endpoint to[] = {at("127.0.0.1", port), at("127.0.0.2", port),
		at("127.0.0.3", port), at("127.0.0.4", port)};
	const struct sdr_dial_spec spec = spec_of(to, 4, 3 * SDR_SECOND);
	dial(&seen, &spec);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_OK);
	assert_int_equal(seen.result.count, 4);
	assert_int_equal(seen.result.winner, 3);
	assert_true(seen.result.waited < SDR_DIAL_STAGGER); /* three refused connections, no wait
							       for any */
	for (int i = 0; i < 3; i++) {
		assert_int_equal(seen.attempts[i].outcome, SDR_OUTCOME_REFUSED);
		assert_string_equal(seen.attempts[i].error_name, "ECONNREFUSED");
		assert_int_equal(seen.attempts[i].icmp_type, -1);
		assert_int_equal(seen.attempts[i].router.version, 0);
		assert_true(seen.attempts[i].took >= 0 && !seen.attempts[i].open);
	}
	assert_string_equal(seen.result.why,
		"127.0.0.1 refused, 127.0.0.2 refused, 127.0.0.3 refused, 127.0.0.4 answered");
	close(seen.result.fd);
	close(listener);
}

static void families_are_interleaved(void **state)
{
	(void)state;
	uint16_t port = 0;
	struct seen seen;
	int listener = listen_at("127.0.0.1", &port, 8);
	close(listener);
	struct sdr_endpoint to[] = {at("::1", port), at("::1", port), at("::1", port),
		at("127.0.0.1", port), at("127.0.0.2", port)};
	static const uint8_t order[] = {6, 4, 6, 4, 6};
	const struct sdr_dial_spec spec = spec_of(to, 5, 30 * SDR_SECOND);
	dial(&seen, &spec);
	assert_int_equal(seen.result.fd, -1);
	assert_true(seen.took < 15 * SDR_SECOND); /* who is refused everywhere need not wait */
	assert_int_equal(seen.result.count, 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(seen.attempts[i].to.addr.version, order[i]);
	assert_int_equal(seen.attempts[1].to.addr.bytes[3], 1);
	assert_int_equal(seen.attempts[3].to.addr.bytes[3], 2);
}

/* A silent address keeps the next one waiting for 250 ms, not for its own time-out. */
static void silence_is_passed_by_and_reported(void **state)
{
	(void)state;
	uint16_t port = 0;
	struct seen seen;
	int fillers[FILLERS], silent = listen_at("127.0.0.1", &port, 0),
			      listener = listen_at("127.0.0.2", &port, 8);
	fill_up("127.0.0.1", port, fillers);
	struct sdr_endpoint to[] = {at("127.0.0.1", port), at("127.0.0.2", port)};
	const struct sdr_dial_spec spec = spec_of(to, 2, 20 * SDR_SECOND);
	dial(&seen, &spec);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_OK);
	assert_int_equal(seen.result.winner, 1);
	assert_true(seen.result.waited >= SDR_DIAL_STAGGER - SDR_MS);
	assert_true(seen.result.waited <
		8 * SDR_SECOND); /* a busy machine's; a try of its own length would be 20 s */
	assert_true(seen.attempts[0].open);
	assert_int_equal(seen.attempts[0].took, SDR_NS_NONE);
	assert_non_null(strstr(seen.result.why, "127.0.0.1 no answer in "));
	assert_non_null(strstr(seen.result.why, ", 127.0.0.2 answered"));
	assert_true(seen.result.handshake < seen.result.waited); /* the winner's own */
	close(seen.result.fd);
	close_all(fillers, FILLERS);
	close(silent);
	close(listener);
}

static void all_dead_each_with_its_reason(void **state)
{
	(void)state;
	uint16_t port = 0;
	struct seen seen;
	int fillers[FILLERS], silent = listen_at("127.0.0.1", &port, 0);
	fill_up("127.0.0.1", port, fillers);
	struct sdr_endpoint to[] = {
		at("127.0.0.1", port), at("127.0.0.2", port), at("255.255.255.255", port)};
	struct sdr_dial_spec spec = spec_of(to, 3, 700 * SDR_MS);
	dial(&seen, &spec);
	assert_int_equal(seen.result.fd, -1);
	assert_int_equal(seen.result.handshake, SDR_NS_NONE);
	assert_int_equal(seen.result.count, 3);
	assert_int_equal(seen.attempts[0].outcome, SDR_OUTCOME_TIMEOUT);
	assert_false(seen.attempts[0].open);
	assert_true(seen.attempts[0].took >= 690 * SDR_MS);
	assert_int_equal(seen.attempts[1].outcome, SDR_OUTCOME_REFUSED);
	assert_int_equal(seen.attempts[2].outcome, SDR_OUTCOME_LOCAL);
	assert_non_null(seen.attempts[2].error_name);
	assert_int_equal(
		seen.result.outcome, SDR_OUTCOME_REFUSED); /* the peer's own answer is the most
							      informative */
	assert_non_null(strstr(seen.result.why, "127.0.0.1 no answer"));
	assert_non_null(strstr(seen.result.why, "127.0.0.2 refused"));
	assert_non_null(strstr(seen.result.why, "255.255.255.255: "));
	spec.count = 1; /* silence has no words of its own */
	dial(&seen, &spec);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_TIMEOUT);
	assert_string_equal(seen.result.why, "");
	close_all(fillers, FILLERS);
	close(silent);
}

/* Time for the first two only: what was not tried is reported. */
static void what_was_not_tried_is_reported(void **state)
{
	(void)state;
	uint16_t port = 0;
	struct seen seen;
	int fillers[FILLERS], silent = listen_at("127.0.0.1", &port, 0);
	fill_up("127.0.0.1", port, fillers);
	struct sdr_endpoint to[SDR_ATTEMPTS_MAX];
	for (int i = 0; i < SDR_ATTEMPTS_MAX; i++)
		to[i] = at("127.0.0.1", port);
	const struct sdr_dial_spec spec = spec_of(to, SDR_ATTEMPTS_MAX, 300 * SDR_MS);
	dial(&seen, &spec);
	assert_true(seen.result.count >= 1 && seen.result.count < SDR_ATTEMPTS_MAX);
	char more[64];
	snprintf(more, sizeof(more), "%u more not tried", SDR_ATTEMPTS_MAX - seen.result.count);
	assert_non_null(strstr(seen.result.why, more));
	close_all(fillers, FILLERS);
	close(silent);
}

static void where_it_leaves_from(void **state)
{
	(void)state;
	uint16_t port = 0;
	struct seen seen;
	int listener = listen_at("127.0.0.1", &port, 8);
	struct sdr_endpoint to[] = {at("127.0.0.1", port), at("::1", port)};
	static const struct {
		const char *source, *error, *words;
	} wrong[] = {
		{"198.51.100.99", "EADDRNOTAVAIL", "198.51.100.99 is no address of this host"},
		{"nosuchif0", "ENODEV", "nosuchif0: no such interface"},
		{"::1", "EAFNOSUPPORT", "::1 is an IPv6 address, this one an IPv4 address"},
	};
	struct sdr_dial_spec spec = spec_of(to, 1, 2 * SDR_SECOND);
	spec.interface = "127.0.0.9";
	dial(&seen, &spec);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_OK);
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	assert_int_equal(getsockname(seen.result.fd, (struct sockaddr *)&from, &length), 0);
	assert_int_equal(ntohl(from.sin_addr.s_addr), 0x7f000009);
	close(seen.result.fd);
	struct sdr_endpoint both[] = {at("::1", port),
		at("127.0.0.1", port)}; /* the one that can't be reached from there is not tried */
	spec.endpoints = both;
	spec.count = 2;
	dial(&seen, &spec);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_OK);
	assert_int_equal(seen.result.count, 1);
	assert_string_equal(seen.result.why, "");
	close(seen.result.fd);
	struct sdr_endpoint mapped[] = {
		at("127.0.0.2", port), at("::ffff:127.0.0.1", port)}; /* that is IPv4 as well */
	spec.endpoints = mapped;
	dial(&seen, &spec);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_OK);
	assert_int_equal(seen.result.count, 2);
	close(seen.result.fd);
	spec.endpoints = to;
	spec.count = 1;
	spec.interface = "lo";
	dial(&seen, &spec);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_OK);
	close(seen.result.fd);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		spec.interface = wrong[i].source;
		dial(&seen, &spec);
		assert_int_equal(seen.result.outcome, SDR_OUTCOME_LOCAL);
		assert_string_equal(seen.attempts[0].error_name, wrong[i].error);
		assert_string_equal(seen.result.why, wrong[i].words);
	}
	close(listener);
}

static void a_mapped_address_goes_out_as_ipv4(void **state)
{
	(void)state;
	uint16_t port = 0;
	struct seen seen;
	int listener = listen_at("127.0.0.1", &port, 8);
	struct sdr_endpoint to[] = {at("::ffff:127.0.0.1", port)};
	const struct sdr_dial_spec spec = spec_of(to, 1, 2 * SDR_SECOND);
	dial(&seen, &spec);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_OK);
	assert_int_equal(seen.attempts[0].to.addr.version, 4);
	close(seen.result.fd);
	close(listener);
}

/* Which of several reasons counts: the peer's answer before a router's, that before silence, that
 * before this host's own. */
static void the_outcome_is_the_most_informative(void **state)
{
	(void)state;
	static const enum sdr_outcome order[] = {SDR_OUTCOME_LOCAL, SDR_OUTCOME_TIMEOUT,
		SDR_OUTCOME_UNREACHABLE, SDR_OUTCOME_REFUSED};
	static const char words[2][SDR_FAULT_WORDS] = {"", "down"};
	struct sdr_attempt attempts[2] = {{.to = at("10.0.0.1", 7)}, {.to = at("10.0.0.2", 7)}};
	const struct sdr_dial_story story = {
		.attempts = attempts, .words = words, .begun = 2, .count = 3};
	for (int less = 0; less < 4; less++)
		for (int more = less; more < 4; more++) {
			attempts[0].outcome = order[less];
			attempts[1].outcome = order[more];
			assert_int_equal(sdr_dial_outcome(&story), order[more]);
			attempts[0].outcome = order[more];
			attempts[1].outcome = order[less];
			assert_int_equal(sdr_dial_outcome(&story), order[more]);
		}
	char why[SDR_DIAL_WHY] = "";
	attempts[0].outcome = SDR_OUTCOME_REFUSED;
	attempts[1].outcome = SDR_OUTCOME_LOCAL;
	attempts[1].unopened = true; /* who was not asked may be the one that answers */
	assert_int_equal(sdr_dial_outcome(&story), SDR_OUTCOME_LOCAL);
	attempts[1].unopened = false;
	attempts[1].error_name = "EAGAIN"; /* no port left */
	assert_int_equal(sdr_dial_outcome(&story), SDR_OUTCOME_LOCAL);
	sdr_dial_format_failed(why, &story);
	assert_string_equal(why, "10.0.0.1 refused, 10.0.0.2: down, 1 more not tried in this time");
	why[0] = '\0';
	sdr_dial_format_warning(
		why, &story, 0); /* one that was begun later and is known to be dead is reported,
				    too */
	assert_string_equal(why, "10.0.0.2: down, 10.0.0.1 answered");
	why[0] = '\0';
	attempts[1].open = true; /* this one's result is unknown */
	sdr_dial_format_warning(why, &story, 0);
	assert_string_equal(why, "");
}

/* What has no room is counted, not cut: the sentence ends, and who answered is in it. */
static void test_KW1_more_than_there_is_room_for(void **state)
{
	static const char words[SDR_ATTEMPTS_MAX][SDR_FAULT_WORDS];
	struct sdr_attempt attempts[SDR_ATTEMPTS_MAX] = {{.open = false}};
	const struct sdr_dial_story story = {.attempts = attempts,
		.words = words,
		.begun = SDR_ATTEMPTS_MAX,
		.count = SDR_ATTEMPTS_MAX};
	char why[SDR_DIAL_WHY] = "", address[SDR_ADDR_TEXT];
	unsigned reported = 0, more = 0;
	(void)state;
	for (unsigned i = 0; i < SDR_ATTEMPTS_MAX; i++) {
		char text[32];
		snprintf(text, sizeof(text), "2001:db8:1:2:3:4:5:%x", 0x1000 + i);
		attempts[i] =
			(struct sdr_attempt){.to = at(text, 7), .outcome = SDR_OUTCOME_REFUSED};
	}
	sdr_dial_format_failed(why, &story);
	for (unsigned i = 0; i < SDR_ATTEMPTS_MAX; i++)
		reported += strstr(why, sdr_addr_format(address, &attempts[i].to.addr)) != NULL;
	const char *tail = strstr(why, " more failed, too");
	assert_non_null(tail);
	while (tail[-1] >= '0' && tail[-1] <= '9')
		tail--;
	more = (unsigned)strtoul(tail, NULL, 10);
	assert_int_equal(reported + more, SDR_ATTEMPTS_MAX);
	assert_string_equal(strstr(why, "too"), "too"); /* the end */
	why[0] = '\0';
	attempts[SDR_ATTEMPTS_MAX - 1].outcome = SDR_OUTCOME_OK;
	sdr_dial_format_warning(why, &story, SDR_ATTEMPTS_MAX - 1);
	assert_non_null(
		strstr(why, "more are dead or silent, too, 2001:db8:1:2:3:4:5:103f answered"));
}

static void out_of_files_is_this_hosts_fault(void **state)
{
	(void)state;
	struct seen seen;
	struct sdr_endpoint to[] = {at("127.0.0.1", 9), at("127.0.0.2", 9)};
	struct sdr_dial_spec spec = spec_of(to, 2, 2 * SDR_SECOND);
	struct sdr_dial *made = NULL;
	struct rlimit limit, low;
	memset(&seen, 0, sizeof(seen));
	spec.context = &seen;
	assert_int_equal(uv_loop_init(&seen.loop), 0);
	int next = dup(0);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	low = limit;
	low.rlim_cur = (rlim_t)next;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	assert_int_equal(sdr_dial_begin(&seen.loop, &spec, &made), SDR_OK);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(seen.count, 0);
	uv_run(&seen.loop, UV_RUN_DEFAULT);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_LOCAL);
	assert_string_equal(seen.result.why, "out of files");
	assert_int_equal(uv_loop_close(&seen.loop), 0);
}

static void given_up_it_reports_nothing(void **state)
{
	(void)state;
	struct seen seen;
	struct sdr_endpoint to[] = {at("127.0.0.1", 9), at("127.0.0.2", 9)};
	struct sdr_dial_spec spec = spec_of(to, 2, 2 * SDR_SECOND);
	struct sdr_dial *made[32];
	memset(&seen, 0, sizeof(seen));
	spec.context = &seen;
	assert_int_equal(uv_loop_init(&seen.loop), 0);
	for (int i = 0; i < 32; i++)
		assert_int_equal(sdr_dial_begin(&seen.loop, &spec, &made[i]), SDR_OK);
	for (int i = 0; i < 32; i++)
		sdr_dial_cancel(made[i]);
	uv_run(&seen.loop, UV_RUN_DEFAULT);
	assert_int_equal(seen.count, 0);
	assert_int_equal(uv_loop_close(&seen.loop), 0);
}

/* The program stood still for longer than the time-out: what had come meanwhile counts. */
static void an_answer_in_time_counts_after_a_standstill(void **state)
{
	(void)state;
	uint16_t port = 0;
	struct seen seen;
	int listener = listen_at("127.0.0.1", &port, 8);
	struct sdr_endpoint to[] = {at("127.0.0.1", port)};
	struct sdr_dial_spec spec = spec_of(to, 1, 20 * SDR_MS);
	struct sdr_dial *made = NULL;
	memset(&seen, 0, sizeof(seen));
	spec.context = &seen;
	assert_int_equal(uv_loop_init(&seen.loop), 0);
	assert_int_equal(sdr_dial_begin(&seen.loop, &spec, &made), SDR_OK);
	sdr_ns began = sdr_clock_now();
	usleep(100000);
	uv_update_time(&seen.loop);
	uv_run(&seen.loop, UV_RUN_DEFAULT);
	assert_int_equal(seen.result.outcome, SDR_OUTCOME_OK);
	assert_true(seen.result.handshake <
		90 * SDR_MS); /* the kernel's measure, not the time when we read it */
	assert_true(seen.result.connected_at < began + 90 * SDR_MS);
	close(seen.result.fd);
	close(listener);
	assert_int_equal(uv_loop_close(&seen.loop), 0);
}

static void each_errno_is_its_cause(void **state)
{
	(void)state;
	struct sdr_fault fault;
	struct sdr_fault_about about = {.to = at("10.0.0.1", 7)};
	sdr_fault_of_errno(&about, SDR_FAULT_WAIT, EHOSTUNREACH, &fault);
	assert_int_equal(fault.outcome, SDR_OUTCOME_UNREACHABLE);
	sdr_fault_of_errno(&about, SDR_FAULT_BEGIN, EHOSTUNREACH, &fault);
	assert_int_equal(fault.outcome, SDR_OUTCOME_LOCAL);
	assert_string_equal(fault.words, "no route to this host");
	sdr_fault_of_errno(&about, SDR_FAULT_BEGIN, ENETUNREACH, &fault);
	assert_string_equal(fault.words, "no route to this network");
	sdr_fault_of_errno(&about, SDR_FAULT_WAIT, ETIMEDOUT, &fault);
	assert_int_equal(fault.outcome, SDR_OUTCOME_TIMEOUT);
	sdr_fault_of_errno(&about, SDR_FAULT_BEGIN, EADDRNOTAVAIL, &fault);
	assert_string_equal(fault.words, "out of local ports");
	sdr_fault_of_errno(&about, SDR_FAULT_OPEN, EACCES, &fault);
	assert_string_equal(fault.words, "this host permits no socket for it");
	about.source = "10.9.9.9";
	sdr_fault_of_errno(&about, SDR_FAULT_SOURCE, EADDRNOTAVAIL, &fault);
	assert_string_equal(fault.words, "10.9.9.9 is no address of this host");
	sdr_fault_of_errno(&about, SDR_FAULT_BEGIN, EINVAL, &fault);
	assert_non_null(strstr(fault.words, "from 10.9.9.9"));
	about = (struct sdr_fault_about){.to = at("fe80::1", 7)};
	sdr_fault_of_errno(&about, SDR_FAULT_BEGIN, EINVAL, &fault);
	assert_non_null(strstr(fault.words, "needs its interface"));
	sdr_fault_of_errno(
		&about, SDR_FAULT_WAIT, 4095, &fault); /* unknown: ours, with the system's words */
	assert_int_equal(fault.outcome, SDR_OUTCOME_LOCAL);
	assert_true(fault.words[0] != '\0');
}

/* ---- what was tried, in words ---- */

static struct sdr_attempt attempt_of(uint8_t host, enum sdr_outcome outcome)
{
	return (struct sdr_attempt){
		.to = {.addr = {.version = 4, .bytes = {10, 0, 0, host}}, .port = 53},
		.transport = "udp",
		.began = SDR_MS,
		.took = 2 * SDR_MS,
		.outcome = outcome,
		.icmp_type = -1,
		.icmp_code = -1};
}

/* Those that failed are reported where another one answered, each server's reason once, and none
 * that answered after all or was still open. */
static void failed_ones_are_reported_where_another_answered(void **state)
{
	enum { OPEN = -1, END = -2 };
	static const struct {
		struct {
			uint8_t host;
			int outcome;
		} tries[5];
		const char *said; /* R1: host 1 refused; S2: host 2 failed */
	} rows[] = {{{{1, SDR_OUTCOME_REFUSED}, {0, END}}, ""},
		{{{1, SDR_OUTCOME_REFUSED}, {2, SDR_OUTCOME_OK}, {0, END}}, "R1"},
		{{{2, SDR_OUTCOME_OK}, {1, SDR_OUTCOME_REFUSED}, {0, END}}, "R1"},
		{{{1, SDR_OUTCOME_REFUSED}, {2, SDR_OUTCOME_NXDOMAIN}, {0, END}}, "R1"},
		{{{1, SDR_OUTCOME_REFUSED}, {2, SDR_OUTCOME_NODATA}, {0, END}}, "R1"},
		{{{1, SDR_OUTCOME_REFUSED}, {2, OPEN}, {0, END}}, ""},
		{{{1, OPEN}, {2, SDR_OUTCOME_OK}, {0, END}}, ""},
		{{{1, SDR_OUTCOME_REFUSED}, {1, SDR_OUTCOME_REFUSED}, {2, SDR_OUTCOME_OK},
			 {0, END}},
			"R1"},
		{{{1, SDR_OUTCOME_REFUSED}, {1, SDR_OUTCOME_SERVFAIL}, {2, SDR_OUTCOME_OK},
			 {0, END}},
			"R1, S1"},
		{{{1, SDR_OUTCOME_REFUSED}, {3, SDR_OUTCOME_SERVFAIL}, {2, SDR_OUTCOME_OK},
			 {0, END}},
			"R1, S3"},
		{{{1, OPEN}, {1, SDR_OUTCOME_REFUSED}, {2, SDR_OUTCOME_OK}, {0, END}}, "R1"},
		{{{1, SDR_OUTCOME_REFUSED}, {2, SDR_OUTCOME_SERVFAIL}, {1, SDR_OUTCOME_OK},
			 {0, END}},
			"S2"}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sdr_attempt attempts[5];
		unsigned count = 0;
		char said[256], wanted[256] = "", small[8];
		for (; rows[i].tries[count].outcome != END; count++) {
			attempts[count] = attempt_of(rows[i].tries[count].host,
				rows[i].tries[count].outcome == OPEN
					? SDR_OUTCOME_REFUSED
					: (enum sdr_outcome)rows[i].tries[count].outcome);
			attempts[count].open = rows[i].tries[count].outcome == OPEN;
		}
		for (const char *at = rows[i].said; *at; at += at[2] ? 4 : 2) {
			size_t used = strlen(wanted);
			snprintf(wanted + used, sizeof(wanted) - used, "%s10.0.0.%c:53: %s",
				used ? ", " : "", at[1],
				sdr_outcome_label(
					*at == 'R' ? SDR_OUTCOME_REFUSED : SDR_OUTCOME_SERVFAIL));
		}
		sdr_attempts_failed(said, sizeof(said), attempts, count);
		assert_string_equal(said, wanted);
		memset(small, '#', sizeof(small)); /* cut to its room */
		sdr_attempts_failed(small, 5, attempts, count);
		assert_int_equal(strlen(small), strlen(wanted) < 4 ? strlen(wanted) : 4);
		assert_int_equal(small[5], '#');
	}
}

static void attempts_as_json_has_them(void **state)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	struct sdr_attempt tries[3] = {attempt_of(1, SDR_OUTCOME_REFUSED),
		attempt_of(2, SDR_OUTCOME_UNREACHABLE), attempt_of(3, SDR_OUTCOME_OK)};
	(void)state;
	tries[0].error_name = "ECONNREFUSED";
	tries[1].icmp_type = 3;
	tries[1].icmp_code = 0;
	tries[1].router = (struct sdr_addr){.version = 4, .bytes = {10, 9, 9, 9}};
	tries[2].open = true;
	sdr_attempts_write(sdr_sheet_root(sheet), "server", tries, 3);
	const struct sdr_item *list = sdr_item_find(sdr_sheet_view(sheet), "attempts"),
			      *one = list->first;
	assert_int_equal(list->show, SDR_SHOW_HIDDEN);
	assert_string_equal(sdr_item_find(one, "server")->value.bytes, "10.0.0.1:53");
	assert_string_equal(sdr_item_find(one, "transport")->value.bytes, "udp");
	assert_string_equal(sdr_item_find(one, "outcome")->value.bytes, "refused");
	assert_string_equal(sdr_item_find(one, "errno")->value.bytes, "ECONNREFUSED");
	assert_int_equal(sdr_item_find(one, "icmp_type")->kind, SDR_ITEM_NULL);
	assert_int_equal(sdr_item_find(one, "router")->kind, SDR_ITEM_NULL);
	assert_true(sdr_item_find(one, "began_seconds")->value.integer == SDR_MS);
	assert_true(sdr_item_find(one, "took_seconds")->value.integer == 2 * SDR_MS);
	one = one->next;
	assert_int_equal(sdr_item_find(one, "icmp_type")->value.integer, 3);
	assert_int_equal(sdr_item_find(one, "icmp_code")->kind, SDR_ITEM_INTEGER);
	assert_int_equal(sdr_item_find(one, "icmp_code")->value.integer, 0);
	assert_string_equal(sdr_item_find(one, "router")->value.bytes, "10.9.9.9");
	assert_int_equal(sdr_item_find(one, "errno")->kind, SDR_ITEM_NULL);
	one = one->next;
	assert_int_equal(sdr_item_find(one, "outcome")->kind, SDR_ITEM_NULL);
	assert_int_equal(sdr_item_find(one, "took_seconds")->kind, SDR_ITEM_NULL);
	assert_null(one->next);
	sdr_sheet_free(sheet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_KW1_more_than_there_is_room_for),
		cmocka_unit_test(the_first_wins_and_is_handed_over),
		cmocka_unit_test(refused_ones_cost_nothing),
		cmocka_unit_test(families_are_interleaved),
		cmocka_unit_test(silence_is_passed_by_and_reported),
		cmocka_unit_test(all_dead_each_with_its_reason),
		cmocka_unit_test(what_was_not_tried_is_reported),
		cmocka_unit_test(where_it_leaves_from),
		cmocka_unit_test(a_mapped_address_goes_out_as_ipv4),
		cmocka_unit_test(the_outcome_is_the_most_informative),
		cmocka_unit_test(out_of_files_is_this_hosts_fault),
		cmocka_unit_test(given_up_it_reports_nothing),
		cmocka_unit_test(an_answer_in_time_counts_after_a_standstill),
		cmocka_unit_test(each_errno_is_its_cause),
		cmocka_unit_test(failed_ones_are_reported_where_another_answered),
		cmocka_unit_test(attempts_as_json_has_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
