/* test_host_faults.c - what the views of this host show when netlink fails, or changes while it is
 * read: libmnl's calls fail as the script has it. In a network namespace of the test's own. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "host/machine.h"
#include "host/socket_owners.h"
#include "lib/given.h"
#include "lib/own_net.h"
#include "lib/skip.h"
#include "sounder/listeners.h"

#define NEVER UINT32_MAX

/* Which calls of each fail, counted from 0, and with what. */
struct fault {
	unsigned from, until; /* calls in [from, until) */
	int number;
};

static struct {
	struct fault open, bind, send, receive;
	unsigned opens, binds, sends, receives;
	unsigned interrupted; /* how many dumps' ends are still to be marked so */
	int end;              /* instead of a dump's end: this errno, once */
} script;

static bool fails(const struct fault *fault, unsigned call)
{
	errno = fault->number;
	return fault->number != 0 && call >= fault->from && call < fault->until;
}

static void *next(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);
	assert_non_null(function);
	return function;
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	union {
		void *address;
		struct mnl_socket *(*call)(int bus, int flags);
	} real = {next("mnl_socket_open2")};
	return fails(&script.open, script.opens++) ? NULL : real.call(bus, flags);
}

int mnl_socket_bind(struct mnl_socket *socket, unsigned groups, pid_t pid)
{
	union {
		void *address;
		int (*call)(struct mnl_socket *socket, unsigned groups, pid_t pid);
	} real = {next("mnl_socket_bind")};
	return fails(&script.bind, script.binds++) ? -1 : real.call(socket, groups, pid);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *socket, const void *bytes, size_t size)
{
	union {
		void *address;
		ssize_t (*call)(const struct mnl_socket *socket, const void *bytes, size_t size);
	} real = {next("mnl_socket_sendto")};
	return fails(&script.send, script.sends++) ? -1 : real.call(socket, bytes, size);
}

/* Marks a dump's end as that of one that was interrupted, or that failed. */
static void change_end(struct nlmsghdr *message)
{
	if (message->nlmsg_type != NLMSG_DONE)
		return;
	if (script.interrupted > 0) {
		message->nlmsg_flags |= NLM_F_DUMP_INTR;
		script.interrupted--;
	}
	if (script.end != 0)
		*(int *)mnl_nlmsg_get_payload(message) = -script.end;
	script.end = 0;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *socket, void *bytes, size_t size)
{
	union {
		void *address;
		ssize_t (*call)(const struct mnl_socket *socket, void *bytes, size_t size);
	} real = {next("mnl_socket_recvfrom")};
	if (fails(&script.receive, script.receives++))
		return -1;
	ssize_t got = real.call(socket, bytes, size);
	int left = (int)got;
	for (struct nlmsghdr *message = bytes; got > 0 && mnl_nlmsg_ok(message, left);
		message = mnl_nlmsg_next(message, &left))
		change_end(message);
	return got;
}

static int set_up(void **state)
{
	(void)state;
	memset(&script, 0, sizeof(script));
	return 0;
}

/* ---- who listens ---- */

#define BOTH (1U << SDR_TCP | 1U << SDR_UDP)
#define LOOKED "who listens here could not be looked at (sock_diag): "

static int bound(uint16_t *port)
{
	*port = 0;
	return loopback_socket(SOCK_DGRAM | SOCK_CLOEXEC, 1, port);
}

static unsigned rows(const struct sdr_listeners *listeners, uint16_t port)
{
	unsigned count = 0;
	for (size_t i = 0; sdr_listeners_at(listeners, i); i++)
		count += sdr_listeners_at(listeners, i)->endpoint.port == port;
	return count;
}

/* The dumps are of TCP by IPv4 and IPv6, then UDP. */
static void test_what_of_the_listeners_is_missing(void **state)
{
	static const struct {
		struct fault open, send;
		enum sdr_status status;
		unsigned found;
		const char *tcp, *both;
	} cases[] = {
		{{0}, {0}, SDR_OK, 1, NULL, NULL},
		{{0, 1, EACCES}, {0}, SDR_ESYSTEM, 1, "tcp4: Permission denied",
			"tcp4: Permission denied"},
		{{0, 2, EACCES}, {0}, SDR_ESYSTEM, 1, "tcp4, tcp6: Permission denied",
			"tcp4, tcp6: Permission denied"},
		{{1, 2, EACCES}, {0, 1, ENOBUFS}, SDR_ESYSTEM, 1,
			"tcp4: No buffer space available, tcp6: Permission denied",
			"tcp4: No buffer space available, tcp6: Permission denied"},
		{{1, 3, EACCES}, {0}, SDR_ENOTSUP, 0, "tcp6: Permission denied",
			"tcp6, udp4: Permission denied"},
		{{3, 4, EMFILE}, {0}, SDR_ESYSTEM, 1, NULL, "udp6: Too many open files"},
		{{0, NEVER, EACCES}, {0}, SDR_ENOTSUP, 0, "tcp4, tcp6: Permission denied",
			"tcp4, tcp6, udp4, udp6: Permission denied"},
	};
	uint16_t port;
	int fd = bound(&port);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_listeners *listeners = sdr_listeners_new(NULL);
		struct sdr_error tcp = {0}, both = {0};
		char wanted[256] = "";
		set_up(state);
		script.open = cases[i].open;
		script.send = cases[i].send;
		assert_int_equal(sdr_listeners_refresh(listeners, 1, 0), cases[i].status);
		assert_int_equal(rows(listeners, port), cases[i].found);
		assert_int_equal(sdr_listeners_look(listeners, 1U << SDR_TCP, &tcp),
			cases[i].tcp ? SDR_ESYSTEM : SDR_OK);
		assert_int_equal(sdr_listeners_look(listeners, BOTH, &both),
			cases[i].both ? SDR_ESYSTEM : SDR_OK);
		if (cases[i].tcp)
			snprintf(wanted, sizeof(wanted), "%s%s", LOOKED, cases[i].tcp);
		assert_string_equal(tcp.text, wanted);
		wanted[0] = '\0';
		if (cases[i].both)
			snprintf(wanted, sizeof(wanted), "%s%s", LOOKED, cases[i].both);
		assert_string_equal(both.text, wanted);
		sdr_listeners_free(listeners);
	}
	close(fd);
}

/* An interrupted dump is made again, four times at most, and nothing of it is there twice. */
static void test_listeners_that_change_meanwhile(void **state)
{
	uint16_t port;
	int fd = bound(&port);
	for (unsigned times = 1; times <= 4; times++) {
		struct sdr_listeners *listeners = sdr_listeners_new(NULL);
		set_up(state);
		script.interrupted = times;
		assert_int_equal(
			sdr_listeners_refresh(listeners, 1, 0), times < 4 ? SDR_OK : SDR_ESYSTEM);
		assert_int_equal(rows(listeners, port), 1);
		assert_int_equal(sdr_listeners_look(listeners, 1U << SDR_UDP, NULL), SDR_OK);
		sdr_listeners_free(listeners);
	}
	struct sdr_listeners *listeners = sdr_listeners_new(NULL);
	set_up(state);
	script.interrupted = NEVER;
	assert_int_equal(sdr_listeners_refresh(listeners, 1, 0), SDR_ESYSTEM);
	assert_int_equal(rows(listeners, port), 1);
	sdr_listeners_free(listeners);
	close(fd);
}

/* ---- the owners of sockets ---- */

static struct {
	int32_t last, stop_at;
	unsigned own, wrong;
} walk_seen;

static bool on_found(void *context, uint32_t inode, int32_t pid, const char *process)
{
	(void)context;
	walk_seen.wrong += inode == 0 || pid < walk_seen.last || process[0] == '\0';
	walk_seen.last = pid;
	if (pid == getpid()) {
		walk_seen.own++;
		walk_seen.wrong += strcmp(process, "the walker") != 0;
	}
	return pid != walk_seen.stop_at;
}

/* By rising id, each socket of each process, with the name of that process. */
static void test_who_holds_sockets(void **state)
{
	struct socket_owners_walk walk = {0};
	uint16_t port;
	int fds[] = {bound(&port), bound(&port), bound(&port)}, pipes[2];
	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(prctl(PR_SET_NAME, "the walker"), 0);
	memset(&walk_seen, 0, sizeof(walk_seen));
	assert_true(sdr_socket_owners_walk(&walk, SDR_HOUR, on_found, NULL));
	assert_true(walk_seen.own >= 3);
	assert_int_equal(walk_seen.wrong, 0);
	assert_int_equal(walk.failed, 0);
	assert_true(walk.after >= getpid());
	/* It ends where no more is wanted. */
	unsigned all = walk_seen.own;
	memset(&walk_seen, 0, sizeof(walk_seen));
	memset(&walk, 0, sizeof(walk));
	walk_seen.stop_at = getpid();
	assert_true(sdr_socket_owners_walk(&walk, SDR_HOUR, on_found, NULL));
	assert_int_equal(walk_seen.own, 1);
	assert_int_equal(walk_seen.last, getpid());
	/* Without time it looks into one process at a time, and goes on behind it. */
	unsigned rounds = 0;
	memset(&walk_seen, 0, sizeof(walk_seen));
	memset(&walk, 0, sizeof(walk));
	for (int32_t after = -1; !sdr_socket_owners_walk(&walk, 0, on_found, NULL); rounds++) {
		assert_true(walk.after > after);
		after = walk.after;
	}
	assert_true(rounds >= 1);
	assert_int_equal(walk_seen.own, all);
	assert_int_equal(walk_seen.wrong, 0);
	for (size_t i = 0; i < 3; i++)
		close(fds[i]);
	close(pipes[0]);
	close(pipes[1]);
}

/* Who was looked for among all processes is not looked for again until something changes. */
static void test_a_walk_is_made_once(void **state)
{
	uint16_t port;
	int fd = bound(&port);
	(void)state;
	struct sdr_listeners *listeners = sdr_listeners_new(NULL);
	assert_int_equal(sdr_listeners_refresh(listeners, 1, 0), SDR_OK);
	while (!sdr_listeners_name(listeners, SDR_SECOND))
		continue;
	uint64_t version = sdr_listeners_version(listeners);
	assert_true(sdr_listeners_name(listeners, SDR_SECOND));
	assert_int_equal(sdr_listeners_version(listeners), version);
	sdr_listeners_free(listeners);
	close(fd);
	/* Where nobody listens nobody is looked for. */
	listeners = sdr_listeners_new(NULL);
	script.open = (struct fault){0, NEVER, EACCES};
	assert_int_equal(sdr_listeners_refresh(listeners, 1, 0), SDR_ENOTSUP);
	version = sdr_listeners_version(listeners);
	assert_true(sdr_listeners_name(listeners, SDR_SECOND));
	assert_int_equal(sdr_listeners_version(listeners), version);
	sdr_listeners_free(listeners);
}

/* ---- this machine ---- */

struct rig {
	uv_loop_t loop;
	struct sdr_host *host;
};

static void begin(struct rig *rig)
{
	assert_int_equal(uv_loop_init(&rig->loop), 0);
	rig->host = sdr_host_new(&rig->loop);
	assert_non_null(rig->host);
}

static void end(struct rig *rig)
{
	sdr_host_free(rig->host);
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&rig->loop), 0);
}

/* The three tables: NULL where one is whole, else netlink's words. */
static void looks(
	const struct rig *rig, const char *interfaces, const char *addresses, const char *routes)
{
	const char *const wanted[] = {interfaces, addresses, routes};
	static const char *const names[] = {"interfaces", "addresses", "routes"};
	for (int i = SDR_HOST_INTERFACES; i <= SDR_HOST_ROUTES; i++) {
		struct sdr_error error = {0};
		char text[200] = "";
		assert_int_equal(sdr_host_look(rig->host, (enum sdr_host_table)i, &error),
			wanted[i] ? SDR_ESYSTEM : SDR_OK);
		if (wanted[i])
			snprintf(text, sizeof(text),
				"this host's %s could not be looked at: netlink: %s", names[i],
				wanted[i]);
		assert_string_equal(error.text, text);
	}
}

static void on_tick(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

static void run_for(struct rig *rig, unsigned ms)
{
	bool over = false;
	uv_timer_t timer;
	uv_timer_init(&rig->loop, &timer);
	timer.data = &over;
	uv_timer_start(&timer, on_tick, ms, 0);
	while (!over)
		uv_run(&rig->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&rig->loop, UV_RUN_NOWAIT);
}

static void whole(const struct rig *rig)
{
	looks(rig, NULL, NULL, NULL);
	assert_int_equal(sdr_host_interface_count(rig->host), 1);
	assert_true(sdr_host_address_count(rig->host) >= 1);
}

#define CHANGING "they change faster than they can be read"

static void test_no_netlink(void **state)
{
	struct rig rig;
	script.open = (struct fault){0, 1, EPROTONOSUPPORT};
	begin(&rig);
	looks(&rig, "Protocol not supported", "Protocol not supported", "Protocol not supported");
	end(&rig);
	set_up(state);
	script.bind = (struct fault){0, 1, EPERM};
	begin(&rig);
	looks(&rig, "Operation not permitted", "Operation not permitted",
		"Operation not permitted");
	end(&rig);
	set_up(state);
	script.receive = (struct fault){0, NEVER, EAGAIN};
	begin(&rig);
	looks(&rig, "the kernel did not answer", "the kernel did not answer",
		"the kernel did not answer");
	end(&rig);
	set_up(state);
	script.receive = (struct fault){0, NEVER, EIO};
	begin(&rig);
	looks(&rig, "Input/output error", "Input/output error", "Input/output error");
	end(&rig);
}

/* One that could not be asked for leaves the others as they are. */
static void test_one_dump_is_refused(void **state)
{
	static const char why[] = "No buffer space available";
	for (unsigned i = 0; i < 4; i++) {
		struct rig rig;
		set_up(state);
		script.send = (struct fault){i, i + 1, ENOBUFS};
		begin(&rig);
		looks(&rig, i == 0 ? why : NULL, i == 1 ? why : NULL, i >= 2 ? why : NULL);
		assert_int_equal(script.sends, 4);
		end(&rig);
	}
}

/* Before the loop runs an interrupted dump is made again. */
static void test_dumps_that_are_interrupted(void **state)
{
	for (unsigned times = 1; times <= 5; times++) {
		struct rig rig;
		set_up(state);
		script.interrupted = times;
		begin(&rig);
		whole(&rig);
		assert_int_equal(script.sends, 4 + times);
		end(&rig);
	}
}

static void add_address(void)
{
	struct ifreq request = {.ifr_name = "lo:1"};
	struct sockaddr_in *addr = (struct sockaddr_in *)(void *)&request.ifr_addr;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	addr->sin_family = AF_INET;
	addr->sin_addr.s_addr = htonl(0x0a090001);
	assert_int_equal(ioctl(fd, SIOCSIFADDR, &request), 0);
	close(fd);
}

/* If it never ends, what there is is shown as it is, and asked for again after a while. */
static void test_dumps_that_are_interrupted_without_end(void **state)
{
	struct rig rig;
	(void)state;
	script.interrupted = NEVER;
	sdr_ns begun = sdr_clock_now();
	begin(&rig);
	unsigned before = sdr_host_address_count(rig.host);
	looks(&rig, CHANGING, CHANGING, CHANGING);
	assert_int_equal(sdr_host_interface_count(rig.host), 1);
	assert_true(sdr_host_address_count(rig.host) >= 1);
	assert_int_equal(script.sends, 16 * 4);
	script.interrupted = 0;
	script.sends = 0;
	/* News come at once, dumps 100 ms later at the earliest. */
	add_address();
	run_for(&rig, 1);
	if (sdr_clock_now() - begun < 100 * SDR_MS) {
		assert_int_equal(script.sends, 0);
		assert_int_equal(sdr_host_address_count(rig.host), before + 1);
	}
	run_for(&rig, 300);
	assert_true(script.sends >= 4);
	whole(&rig);
	assert_int_equal(sdr_host_address_count(rig.host), before + 1);
	end(&rig);
	assert_int_equal(system("ip addr del 10.9.0.1/8 dev lo"), 0);
}

/* The kernel had to drop news, or is busy with another dump: all, or that, is asked for again. */
static void test_dumps_that_are_lost(void **state)
{
	static const int numbers[] = {ENOBUFS, ENOMEM, ENOSPC};
	struct rig rig;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		set_up(state);
		script.receive = (struct fault){0, 1, numbers[i]};
		begin(&rig);
		whole(&rig);
		end(&rig);
	}
	set_up(state);
	script.receive = (struct fault){0, 3, EINTR};
	begin(&rig);
	whole(&rig);
	assert_int_equal(script.sends, 4);
	end(&rig);
	set_up(state);
	script.end = EBUSY;
	begin(&rig);
	whole(&rig);
	assert_int_equal(script.sends, 5);
	end(&rig);
	set_up(state);
	script.end = EINVAL; /* for good */
	begin(&rig);
	looks(&rig, "Invalid argument", NULL, NULL);
	assert_int_equal(script.sends, 4);
	end(&rig);
}

/* An IPv4 route may lead by an IPv6 gateway. RFC 5549 */
static void test_a_gateway_of_the_other_family(void **state)
{
	struct rig rig;
	unsigned found = 0;
	(void)state;
	if (system("ip link add ea type veth peer name eb && ip link set ea up && ip link set eb "
		   "up && ip route add 10.5.0.0/24 via inet6 fe80::5 dev ea && ip route add "
		   "10.4.0.0/24 dev ea") != 0)
		SKIP_BECAUSE("no such routes here");
	begin(&rig);
	for (unsigned i = 0; i < sdr_host_route_count(rig.host); i++) {
		const struct sdr_route *route = sdr_host_route(rig.host, i);
		char via[SDR_ADDR_TEXT] = "";
		if (route->to.addr.version != 4 || route->to.addr.bytes[0] != 10)
			continue;
		struct sdr_addr gateway = route->via;
		gateway.scope_id = 0;
		if (gateway.version)
			sdr_addr_format(via, &gateway);
		assert_string_equal(via, route->to.addr.bytes[1] == 5 ? "fe80::5" : "");
		found++;
	}
	assert_int_equal(found, 2);
	end(&rig);
	assert_int_equal(system("ip link del ea"), 0);
}

#define CASE(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_what_of_the_listeners_is_missing),
		CASE(test_listeners_that_change_meanwhile),
		CASE(test_who_holds_sockets),
		CASE(test_a_walk_is_made_once),
		CASE(test_no_netlink),
		CASE(test_one_dump_is_refused),
		CASE(test_dumps_that_are_interrupted),
		CASE(test_dumps_that_are_interrupted_without_end),
		CASE(test_dumps_that_are_lost),
		CASE(test_a_gateway_of_the_other_family),
	};
	if (!own_net_enter() || system("ip link show lo >/dev/null 2>&1") != 0)
		SKIP_ALL_BECAUSE(tests, "no network namespaces here, or no ip");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
