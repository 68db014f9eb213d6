/* test_probe.c - the probe types: what they declare, and tcp, echo and daytime on a real loop
 * against peers that behave, misbehave or are not there. */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
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

#include <cmocka.h>

#include "probe/connection.h"
#include "probe/daytime_clock.h"
#include "sounder/probe_options.h"

extern const struct probe_type probe_tcp, probe_echo, probe_daytime, probe_dns;

/* What came of the last probe. */
struct seen {
	unsigned count;
	enum sdr_outcome outcome;
	sdr_ns rtt;
	char why[160], text[600], form[16], error_name[32];
	int64_t mismatch_at;
	sdr_ns offset;
	bool has_offset, has_detail;
};

struct stage {
	struct probe_env env; /* first */
	uv_loop_t loop;
	struct seen seen;
	const struct probe_type *type;
};

static const struct sdr_value *value_of(
	const struct stage *stage, const struct sdr_result *result, const char *name)
{
	static const struct sdr_value none;
	for (unsigned i = 0; i < stage->type->public.field_count; i++)
		if (strcmp(stage->type->public.fields[i].name, name) == 0)
			return sdr_result_value(result, i);
	return &none;
}

static void copy_text(char *out, size_t size, const struct sdr_value *value)
{
	snprintf(out, size, "%s", value->present ? value->text : "");
}

static void on_emit(struct probe_env *env, uint32_t target_id, struct sdr_result *result)
{
	struct stage *stage = (struct stage *)env;
	struct seen *seen = &stage->seen;
	assert_int_equal(target_id, 7);
	assert_int_equal(result->kind, SDR_RESULT_ANSWER);
	seen->count++;
	seen->outcome = result->outcome;
	seen->rtt = result->rtt;
	snprintf(seen->why, sizeof(seen->why), "%s", result->why ? result->why : "");
	copy_text(seen->text, sizeof(seen->text), value_of(stage, result, "text"));
	copy_text(seen->form, sizeof(seen->form), value_of(stage, result, "form"));
	copy_text(seen->error_name, sizeof(seen->error_name), value_of(stage, result, "errno"));
	seen->mismatch_at = value_of(stage, result, "mismatch_at")->present
		? value_of(stage, result, "mismatch_at")->number
		: -1;
	seen->offset = value_of(stage, result, "clock_offset_seconds")->number;
	seen->has_offset = value_of(stage, result, "clock_offset_seconds")->present;
	seen->has_detail = result->detail;
	uv_stop(&stage->loop);
}

/* ---- peers ---- */

#define PAUSE 150000 /* microseconds */

/* A socket with a thread that serves one client by a script. */
struct peer {
	int fd;
	uint16_t port;
	pthread_t thread;
	void (*script)(int);
	bool udp;
};

static void *run_peer(void *argument)
{
	struct peer *peer = argument;
	int fd = peer->udp ? peer->fd : accept(peer->fd, NULL, NULL);
	if (fd < 0)
		return NULL;
	peer->script(fd);
	if (!peer->udp)
		close(fd);
	return NULL;
}

static uint16_t bind_any(int fd, uint32_t address)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
	socklen_t length = sizeof(at);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &length), 0);
	return ntohs(at.sin_port);
}

static struct peer *peer_new(void (*script)(int), bool udp)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	assert_non_null(peer);
	peer->script = script;
	peer->udp = udp;
	peer->fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	const struct timeval patience = {.tv_sec = 5};
	setsockopt(peer->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	peer->port = bind_any(peer->fd, INADDR_LOOPBACK);
	if (!udp)
		assert_int_equal(listen(peer->fd, 8), 0);
	assert_int_equal(pthread_create(&peer->thread, NULL, run_peer, peer), 0);
	return peer;
}

static void peer_free(struct peer *peer)
{
	pthread_join(peer->thread, NULL);
	close(peer->fd);
	free(peer);
}

static uint16_t closed_port(int kind)
{
	int fd = socket(AF_INET, kind, 0);
	uint16_t port = bind_any(fd, INADDR_LOOPBACK);
	close(fd);
	return port;
}

/* ---- probes ---- */

static struct sdr_spec spec_of(const struct probe_type *type, bool udp)
{
	return (struct sdr_spec){.type = &type->public, .timeout = 600 * SDR_MS, .udp = udp};
}

static struct sdr_target target_at(const struct sdr_spec *spec, uint16_t port)
{
	return (struct sdr_target){.id = 7,
		.spec = spec,
		.typed = "t",
		.host = "127.0.0.1",
		.port = port,
		.addr = {4, {127, 0, 0, 1}, 0}};
}

static struct seen ask_target(const struct probe_type *type, const struct sdr_target *target)
{
	struct stage stage = {.type = type};
	struct sdr_error error;
	void *shared = NULL;
	assert_int_equal(uv_loop_init(&stage.loop), 0);
	stage.env = (struct probe_env){.loop = &stage.loop, .emit = on_emit};
	assert_int_equal(type->open(&stage.env, &shared, &error), SDR_OK);
	assert_int_equal(type->start(shared, target, 3, sdr_clock_now()), SDR_OK);
	assert_int_equal(stage.seen.count, 0); /* never before the starting call returns */
	uv_run(&stage.loop, UV_RUN_DEFAULT);
	for (int i = 0; i < 5; i++)
		uv_run(&stage.loop, UV_RUN_NOWAIT);
	type->close(shared);
	uv_run(&stage.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&stage.loop), 0);
	assert_int_equal(stage.seen.count, 1);
	return stage.seen;
}

static struct seen ask(const struct probe_type *type, uint16_t port, bool udp)
{
	const struct sdr_spec spec = spec_of(type, udp);
	struct sdr_target target = target_at(&spec, port);
	return ask_target(type, &target);
}

static struct seen ask_peer(
	const struct probe_type *type, void (*script)(int), bool udp, uint32_t size)
{
	struct peer *peer = peer_new(script, udp);
	struct sdr_spec spec = spec_of(type, udp);
	struct sdr_target target = target_at(&spec, peer->port);
	const int64_t options = size ? size : 64; /* as echo has them */
	if (type == &probe_echo)
		spec.options = &options;
	struct seen seen = ask_target(type, &target);
	peer_free(peer);
	return seen;
}

/* ---- scripts ---- */

static void send_text(int fd, const char *text)
{
	(void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void accept_only(int fd)
{
	(void)fd;
}

static void be_silent(int fd)
{
	char c;
	(void)!recv(fd, &c, 1, 0);
}

static void send_and_close(int fd)
{
	send_text(fd, "20 NOV 2026 13:29:25 UTC\r\n");
}

static void send_and_stay(int fd)
{
	send_and_close(fd);
	be_silent(fd);
}

static void send_in_bytes(int fd)
{
	static const char text[] = "Fri Nov 20 13:29:25 2026\r\n";
	for (const char *c = text; *c; c++) {
		(void)!send(fd, c, 1, MSG_NOSIGNAL);
		usleep(1000);
	}
}

static void flood(int fd)
{
	static char block[65536];
	memset(block, 'x', sizeof(block));
	while (send(fd, block, sizeof(block), MSG_NOSIGNAL) > 0)
		continue;
}

static void reset(int fd)
{
	const struct linger linger = {.l_onoff = 1};
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

static void send_strange(int fd)
{
	send_text(fd, "half past \x1b[31mnine\n");
}

static void echo_spoilt(int fd, size_t spoil, size_t extra, size_t cut)
{
	unsigned char block[4096];
	size_t length = 0;
	for (ssize_t got;
		length < 64 && (got = recv(fd, block + length, sizeof(block) - length, 0)) > 0;)
		length += (size_t)got;
	if (spoil < length)
		block[spoil] ^= 1;
	(void)!send(fd, block, length + extra - cut, MSG_NOSIGNAL);
}

static void echo_right(int fd)
{
	echo_spoilt(fd, SIZE_MAX, 0, 0);
	be_silent(fd);
}

static void echo_wrong(int fd)
{
	echo_spoilt(fd, 17, 0, 0);
}

static void echo_extra(int fd)
{
	echo_spoilt(fd, SIZE_MAX, 3, 0);
}

static void echo_partial(int fd)
{
	echo_spoilt(fd, SIZE_MAX, 0, 24);
	usleep(PAUSE * 6);
}

static void echo_closed_early(int fd)
{
	echo_spoilt(fd, SIZE_MAX, 0, 10);
}

static void echo_reordered(int fd)
{
	unsigned char block[64];
	if (recv(fd, block, sizeof(block), MSG_WAITALL) == sizeof(block)) {
		(void)!send(fd, block + 32, 32, MSG_NOSIGNAL);
		(void)!send(fd, block, 32, MSG_NOSIGNAL);
	}
}

static void echo_on(int fd)
{
	static char block[65536];
	for (ssize_t got; (got = recv(fd, block, sizeof(block), 0)) > 0;)
		for (ssize_t done = 0, out; done < got; done += out)
			if ((out = send(fd, block + done, (size_t)(got - done), MSG_NOSIGNAL)) < 0)
				return;
}

/* UDP: answers as `change` has it. */
static void answer_datagram(int fd, int change)
{
	char block[65536];
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	ssize_t got = recvfrom(fd, block, sizeof(block), 0, (struct sockaddr *)&from, &length);
	if (got < 0)
		return;
	if (change == 2) { /* from another port, which a connected socket must not take */
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		(void)bind_any(fd, INADDR_LOOPBACK);
	}
	(void)!sendto(
		fd, block, (size_t)(got - (change == 1)), 0, (struct sockaddr *)&from, length);
	if (change == 2)
		close(fd);
}

static void datagram_right(int fd)
{
	answer_datagram(fd, 0);
}

static void datagram_short(int fd)
{
	answer_datagram(fd, 1);
}

static void datagram_foreign(int fd)
{
	answer_datagram(fd, 2);
}

/* ---- tests ---- */

static void tcp_connects(void **state)
{
	(void)state;
	struct seen seen = ask_peer(&probe_tcp, accept_only, false, 0);
	assert_int_equal(seen.outcome, SDR_OUTCOME_OK);
	assert_true(seen.rtt > 0);
	for (int i = 0; i < 4 && seen.rtt >= 100 * SDR_MS; i++) /* late now and then */
		seen = ask_peer(&probe_tcp, accept_only, false, 0);
	assert_true(seen.rtt < 100 * SDR_MS);
}

static void test_E1_daytime_that_never_ends(void **state)
{
	(void)state;
	sdr_ns before = sdr_clock_now();
	struct seen seen = ask_peer(&probe_daytime, be_silent, false, 0);
	assert_int_equal(seen.outcome, SDR_OUTCOME_TIMEOUT);
	assert_string_equal(seen.why, "connected, but no word in time");
	seen = ask_peer(&probe_daytime, send_and_stay, false, 0);
	assert_int_equal(seen.outcome, SDR_OUTCOME_OK);
	assert_string_equal(seen.why, "the server did not close the connection in time");
	assert_string_equal(seen.text, "20 NOV 2026 13:29:25 UTC");
	assert_true(seen.rtt < 300 * SDR_MS); /* when it came, not the time-out's 600 ms */
	seen = ask_peer(&probe_daytime, flood, false, 0);
	assert_int_equal(seen.outcome, SDR_OUTCOME_MALFORMED);
	assert_int_equal(strlen(seen.text), 512);
	seen = ask_peer(&probe_daytime, accept_only, false, 0);
	assert_int_equal(seen.outcome, SDR_OUTCOME_MALFORMED);
	assert_string_equal(seen.why, "closed without a word");
	assert_true(sdr_clock_now() - before < 2 * (600 + 500) * SDR_MS);
}

static void daytime_is_read(void **state)
{
	(void)state;
	struct seen seen = ask_peer(&probe_daytime, send_and_close, false, 0);
	assert_int_equal(seen.outcome, SDR_OUTCOME_OK);
	assert_string_equal(seen.form, "xinetd");
	assert_true(seen.has_offset && seen.has_detail);
	sdr_ns expected = 1795181365 * SDR_SECOND - sdr_clock_wall();
	assert_true(llabs(seen.offset - expected) < 2 * SDR_SECOND);
	seen = ask_peer(&probe_daytime, send_in_bytes, false, 0);
	assert_int_equal(seen.outcome, SDR_OUTCOME_OK);
	assert_string_equal(seen.form, "ctime");
	seen = ask_peer(&probe_daytime, send_strange, false, 0);
	assert_int_equal(seen.outcome, SDR_OUTCOME_OK);
	assert_string_equal(seen.form, "");
	assert_false(seen.has_offset);
	assert_string_equal(seen.text, "half past \x1b[31mnine");
}

static void daytime_offset_is_the_middle(void **state)
{
	(void)state;
	struct sdr_daytime text = {.seconds = 1000000, .zone = "UTC", .zone_known = true};
	struct daytime_clock clock = sdr_daytime_clock_compare(
		&text, 1000000 * SDR_SECOND + 700 * SDR_MS, 400 * SDR_MS, 3600, "CET");
	char meaning[DAYTIME_MEANING];
	assert_true(clock.known && !clock.assumed);
	assert_int_equal(clock.offset, 0); /* asked at .3, read at .7: the middle of -0.7 .. +0.7 */
	assert_int_equal(clock.uncertainty, 700 * SDR_MS);
	assert_non_null(strstr(sdr_daytime_clock_format(meaning, &clock), "agree"));
	text.zone_known = false;
	clock = sdr_daytime_clock_compare(&text, (1000000 - 2 * 3600) * SDR_SECOND, 0, 3600, "CET");
	assert_true(clock.known && clock.assumed);
	assert_string_equal(clock.zone, "CET");
	assert_int_equal(clock.offset, SDR_HOUR + SDR_SECOND / 2);
	assert_non_null(strstr(sdr_daytime_clock_format(meaning, &clock), "another time zone"));
	clock = sdr_daytime_clock_compare(
		&text, (1000000 - 3600 + 100) * SDR_SECOND, 0, 3600, "CET");
	assert_non_null(strstr(sdr_daytime_clock_format(meaning, &clock), "behind"));
	text.seconds = -5000000000;
	clock = sdr_daytime_clock_compare(&text, 0, 0, 0, "UTC");
	assert_false(clock.known);
}

static void test_E2_echo_finds_every_difference(void **state)
{
	(void)state;
	static const struct {
		void (*script)(int);
		int64_t at;
	} cases[] = {{echo_wrong, 17}, {echo_extra, 64}, {echo_partial, 40},
		{echo_closed_early, 54}, {echo_reordered, 0}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen seen = ask_peer(&probe_echo, cases[i].script, false, 0);
		char why[32];
		assert_int_equal(seen.outcome, SDR_OUTCOME_MISMATCH);
		/* What is reordered may have the right byte in the first place or two by chance. */
		int64_t late = cases[i].script == echo_reordered ? 2 : 0;
		assert_in_range(seen.mismatch_at, cases[i].at, cases[i].at + late);
		snprintf(why, sizeof(why), "mismatch at byte %d: ", (int)seen.mismatch_at);
		assert_memory_equal(seen.why, why, strlen(why));
	}
	struct seen seen = ask_peer(&probe_echo, datagram_short, true, 64);
	assert_int_equal(seen.outcome, SDR_OUTCOME_MISMATCH);
	assert_int_equal(seen.mismatch_at, 63);
}

static void echo_verifies_what_is_right(void **state)
{
	(void)state;
	static const uint32_t sizes[] = {1, 15, 64, 65537, 1 << 20};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct seen seen = ask_peer(&probe_echo, echo_on, false, sizes[i]);
		assert_int_equal(seen.outcome, SDR_OUTCOME_OK);
		assert_string_equal(seen.why, "");
	}
	static const uint32_t datagrams[] = {1, 64, 1472, 65507};
	for (size_t i = 0; i < sizeof(datagrams) / sizeof(datagrams[0]); i++)
		assert_int_equal(ask_peer(&probe_echo, datagram_right, true, datagrams[i]).outcome,
			SDR_OUTCOME_OK);
	struct seen seen = ask_peer(&probe_echo, echo_right, false, 64);
	assert_int_equal(seen.outcome, SDR_OUTCOME_OK);
}

static void test_E3_answer_from_elsewhere_is_not_taken(void **state)
{
	(void)state;
	assert_int_equal(
		ask_peer(&probe_echo, datagram_foreign, true, 64).outcome, SDR_OUTCOME_TIMEOUT);
}

static void test_E4_closed_udp_port_differs_from_silence(void **state)
{
	(void)state;
	struct seen seen = ask(&probe_echo, closed_port(SOCK_DGRAM), true);
	assert_int_equal(seen.outcome, SDR_OUTCOME_REFUSED);
	assert_string_equal(seen.why, "ICMP port unreachable");
	seen = ask(&probe_daytime, closed_port(SOCK_DGRAM), true);
	assert_int_equal(seen.outcome, SDR_OUTCOME_REFUSED);
	seen = ask_peer(&probe_echo, be_silent, true, 64);
	assert_int_equal(seen.outcome, SDR_OUTCOME_TIMEOUT);
}

static void test_E5_out_of_files_is_a_local_fault(void **state)
{
	(void)state;
	struct rlimit limit, low;
	struct stage stage = {.type = &probe_tcp};
	struct sdr_error error;
	void *shared = NULL;
	const struct sdr_spec spec = spec_of(&probe_tcp, false);
	struct sdr_target target = target_at(&spec, closed_port(SOCK_STREAM));
	assert_int_equal(uv_loop_init(&stage.loop), 0);
	stage.env = (struct probe_env){.loop = &stage.loop, .emit = on_emit};
	assert_int_equal(probe_tcp.open(&stage.env, &shared, &error), SDR_OK);
	int next = dup(0);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	low = limit;
	low.rlim_cur = (rlim_t)next;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	probe_tcp.start(shared, &target, 1, sdr_clock_now());
	assert_int_equal(stage.seen.count, 0);
	uv_run(&stage.loop, UV_RUN_DEFAULT);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(stage.seen.outcome, SDR_OUTCOME_LOCAL);
	assert_string_equal(stage.seen.why, "out of files");
	assert_string_equal(stage.seen.error_name, "EMFILE");
	probe_tcp.start(
		shared, &target, 2, sdr_clock_now()); /* and goes on when there are some again */
	uv_run(&stage.loop, UV_RUN_DEFAULT);
	assert_int_equal(stage.seen.outcome, SDR_OUTCOME_REFUSED);
	probe_tcp.close(shared);
	uv_run(&stage.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&stage.loop), 0);
}

static void test_E6_peer_that_is_gone_kills_nobody(void **state)
{
	(void)state;
	struct seen seen = ask_peer(&probe_echo, reset, false, 1 << 20);
	assert_int_equal(seen.outcome, SDR_OUTCOME_RESET);
}

static void test_E7_failures_of_connect_are_distinguished(void **state)
{
	(void)state;
	struct seen seen = ask(&probe_tcp, closed_port(SOCK_STREAM), false);
	assert_int_equal(seen.outcome, SDR_OUTCOME_REFUSED);
	assert_string_equal(seen.error_name, "ECONNREFUSED");
	seen = ask_peer(&probe_daytime, reset, false, 0);
	assert_int_equal(seen.outcome, SDR_OUTCOME_RESET);
	/* A backlog that is full takes no more: SYNs go unanswered. */
	int full = socket(AF_INET, SOCK_STREAM, 0), fillers[8];
	uint16_t port = bind_any(full, INADDR_LOOPBACK);
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(port)};
	assert_int_equal(listen(full, 0), 0);
	for (int i = 0; i < 8; i++) {
		fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)!connect(fillers[i], (struct sockaddr *)&at, sizeof(at));
	}
	usleep(PAUSE);
	seen = ask(&probe_tcp, port, false);
	assert_int_equal(seen.outcome, SDR_OUTCOME_TIMEOUT);
	for (int i = 0; i < 8; i++)
		close(fillers[i]);
	close(full);
}

static void stop_forgets(void **state)
{
	(void)state;
	struct stage stage = {.type = &probe_tcp};
	struct sdr_error error;
	void *shared = NULL;
	const struct sdr_spec spec = spec_of(&probe_tcp, false);
	struct sdr_target target = target_at(&spec, closed_port(SOCK_STREAM)), other = target;
	assert_int_equal(uv_loop_init(&stage.loop), 0);
	stage.env = (struct probe_env){.loop = &stage.loop, .emit = on_emit};
	assert_int_equal(probe_tcp.open(&stage.env, &shared, &error), SDR_OK);
	for (uint64_t i = 1; i <= 50; i++)
		probe_tcp.start(shared, i % 2 ? &target : &other, i, sdr_clock_now());
	probe_tcp.stop(shared, &target);
	while (stage.seen.count < 25)
		uv_run(&stage.loop, UV_RUN_ONCE);
	probe_tcp.close(shared);
	uv_run(&stage.loop, UV_RUN_DEFAULT);
	assert_int_equal(stage.seen.count, 25);
	assert_int_equal(uv_loop_close(&stage.loop), 0);
}

static void check_wants_ports_and_sizes(void **state)
{
	(void)state;
	struct sdr_error error;
	struct sdr_spec spec = spec_of(&probe_echo, true);
	spec.port = 7;
	int64_t size = 65508; /* echo's options */
	spec.options = &size;
	assert_int_equal(probe_echo.check(&spec, &error), SDR_ERANGE);
	size = 65507;
	assert_int_equal(probe_echo.check(&spec, &error), SDR_OK);
	spec.port = 0;
	assert_int_equal(probe_echo.check(&spec, &error), SDR_EINVAL);
	assert_int_equal(probe_tcp.check(&spec, &error), SDR_EINVAL);
	assert_int_equal(probe_daytime.check(&spec, &error), SDR_EINVAL);
}

static void dns_is_asked_for_types_that_there_are(void **state)
{
	static const char *const good[] = {"A", "mx", "TYPE65281", NULL},
				 *const wrong[] = {"A", "MXX", NULL}, *const none[] = {NULL},
				 *const many[] = {"A", "A", "A", "A", "A", "A", "A", "A", "A", "A",
					 "A", "A", "A", "A", "A", "A", "A", NULL};
	struct sdr_error error = {0};
	struct sdr_spec spec = {.type = &probe_dns.public, .host = "db1.test"};
	(void)state;
	struct sdr_dns_options options = {.types = good};
	assert_int_equal(probe_dns.check(&spec, &error), SDR_OK);
	spec.options = &options;
	assert_int_equal(probe_dns.check(&spec, &error), SDR_OK);
	options.types = wrong;
	assert_int_equal(probe_dns.check(&spec, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "MXX"));
	options.types = none;
	assert_int_equal(probe_dns.check(&spec, &error), SDR_EINVAL);
	options.types = many;
	assert_int_equal(probe_dns.check(&spec, &error), SDR_ERANGE);
	options.types = good;
	spec.server = "127.0.0.1:x";
	assert_int_not_equal(probe_dns.check(&spec, &error), SDR_OK);
	spec.server = "127.0.0.1:5353";
	assert_int_equal(probe_dns.check(&spec, &error), SDR_OK);
	spec.host = "a..b";
	assert_int_not_equal(probe_dns.check(&spec, &error), SDR_OK);
	spec.host = NULL;
	assert_int_equal(probe_dns.check(&spec, &error), SDR_EINVAL);
}

/* What a type adds is on one line with what all have: no name stands twice, none is a total's. */
static void names_of_fields_differ(void **state)
{
	static const char *const taken[] = {"type", "probe", "target", "address", "port", "group",
		"partial", "role", "sequence", "outcome", "rtt_seconds", "when", "from", "why",
		"attempts", "transmitted", "received", "lost", "local", "in_flight", "duplicates",
		"late", "corrupt", "errors", "windows", "outages"};
	const struct sdr_probe_type *type;
	(void)state;
	for (unsigned i = 0; (type = sdr_probe_at(i)); i++) {
		const char *names[64];
		size_t count = 0;
		for (unsigned k = 0; k < type->field_count; k++)
			names[count++] = type->fields[k].name;
		for (unsigned k = 0; k < type->summary_field_count; k++)
			names[count++] = type->summary_fields[k].name;
		for (size_t k = 0; k < count; k++) {
			for (size_t other = 0; other < k; other++)
				assert_string_not_equal(names[k], names[other]);
			for (size_t other = 0; other < sizeof(taken) / sizeof(taken[0]); other++)
				assert_string_not_equal(names[k], taken[other]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_fields_differ),
		cmocka_unit_test(tcp_connects),
		cmocka_unit_test(test_E1_daytime_that_never_ends),
		cmocka_unit_test(daytime_is_read),
		cmocka_unit_test(daytime_offset_is_the_middle),
		cmocka_unit_test(test_E2_echo_finds_every_difference),
		cmocka_unit_test(echo_verifies_what_is_right),
		cmocka_unit_test(test_E3_answer_from_elsewhere_is_not_taken),
		cmocka_unit_test(test_E4_closed_udp_port_differs_from_silence),
		cmocka_unit_test(test_E5_out_of_files_is_a_local_fault),
		cmocka_unit_test(test_E6_peer_that_is_gone_kills_nobody),
		cmocka_unit_test(test_E7_failures_of_connect_are_distinguished),
		cmocka_unit_test(stop_forgets),
		cmocka_unit_test(check_wants_ports_and_sizes),
		cmocka_unit_test(dns_is_asked_for_types_that_there_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
