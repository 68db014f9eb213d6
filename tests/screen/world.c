/* world.c - the made-up world of the pictures. */
#include "world.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "http/transfer.h"
#include "lib/set_target.h"
#include "model/model.h"
#include "world_day.h"
#include "world_path.h"

#define LANES 1024
#define CLIENTS 4
#define PATTERN 256
#define DAY 50           /* half hours */
#define PEER_DELAY 20000 /* us: the asking side's clock moves on meanwhile */
#define LOOPBACK 0x7f000001

/* ---- clocks: the core's calls come here ---- */

sdr_ns __real_sdr_clock_now(void);
sdr_ns __real_sdr_clock_boot(void);
sdr_wall __real_sdr_clock_wall(void);
sdr_ns __wrap_sdr_clock_now(void);
sdr_ns __wrap_sdr_clock_boot(void);
sdr_wall __wrap_sdr_clock_wall(void);
enum sdr_status __wrap_sdr_transfer_start(struct sdr_multi *multi,
	const struct sdr_transfer_spec *spec, struct sdr_transfer **transfer);
enum sdr_status __real_sdr_transfer_start(struct sdr_multi *multi,
	const struct sdr_transfer_spec *spec, struct sdr_transfer **transfer);

static struct ui_test *clock_of;

sdr_ns __wrap_sdr_clock_now(void)
{
	return clock_of ? clock_of->ui.now : __real_sdr_clock_now();
}

sdr_ns __wrap_sdr_clock_boot(void)
{
	return clock_of ? clock_of->ui.now : __real_sdr_clock_boot();
}

sdr_wall __wrap_sdr_clock_wall(void)
{
	return clock_of ? clock_of->ui.wall : __real_sdr_clock_wall();
}

void world_clock(struct ui_test *test)
{
	clock_of = test;
}

void world_pass(struct ui_test *test, sdr_ns time)
{
	test->ui.now += time;
	test->ui.wall += time;
}

/* A transfer's times are those of this machine: replace each measured one by a constant. */
static struct notices {
	void (*done)(void *context, const struct sdr_transfer_answer *answer);
	void *context;
} notices[64]; /* as many as may be in flight */
static unsigned notified_count;

static void same(sdr_ns *time, sdr_ns value)
{
	if (*time != SDR_NS_NONE)
		*time = value;
}

static void notify_the_same(void *context, const struct sdr_transfer_answer *answer)
{
	const struct notices *of = context;
	struct sdr_transfer_answer changed = *answer;
	same(&changed.times.connect, 12400 * SDR_US);
	same(&changed.times.pretransfer, 12500 * SDR_US);
	same(&changed.times.starttransfer, 785000 * SDR_US);
	same(&changed.times.total, 812000 * SDR_US);
	of->done(of->context, &changed);
}

enum sdr_status __wrap_sdr_transfer_start(struct sdr_multi *multi,
	const struct sdr_transfer_spec *spec, struct sdr_transfer **transfer)
{
	struct sdr_transfer_spec changed = *spec;
	struct notices *of = &notices[notified_count++ % 64];
	*of = (struct notices){spec->done, spec->context};
	changed.done = notify_the_same;
	changed.context = of;
	return __real_sdr_transfer_start(multi, &changed, transfer);
}

/* ---- the peers ---- */

static int listen_on(int type, uint16_t port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(LOOPBACK)};
	int one = 1, descriptor = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(descriptor, (struct sockaddr *)&at, sizeof(at)) ||
		(type == SOCK_STREAM && listen(descriptor, 8)))
		_exit(1);
	return descriptor;
}

/* Appends a record for the name that was asked. */
static size_t add_record(
	unsigned char *out, size_t at, unsigned type, const void *data, unsigned length)
{
	const unsigned char head[] = {
		0xc0, 12, 0, (unsigned char)type, 0, 1, 0, 0, 1, 44, 0, (unsigned char)length};
	memcpy(out + at, head, sizeof(head));
	memcpy(out + at + sizeof(head), data, length);
	return at + sizeof(head) + length;
}

/* www.example.org has two A and one AAAA; every other name does not exist, with the zone's SOA. */
static void answer_name(int descriptor)
{
	static const unsigned char six[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x10},
				   four[2][4] = {{192, 0, 2, 10}, {192, 0, 2, 11}};
	static const unsigned char
		www[] = "\3www\7example\3org",
		soa[] = "\2ns\300\14\5admin\300\14\0\0\0\1\0\0\16\20\0\0\2\130\0\1\121\200\0\0\0"
			"\74";
	unsigned char message[2048];
	usleep(PEER_DELAY);
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t length = recvfrom(descriptor, message, 512, 0, (struct sockaddr *)&from, &size);
	size_t at = 12;
	if (length < 17)
		return;
	while (at < (size_t)length && message[at])
		at += 1u + message[at];
	at += 5;
	bool known = !memcmp(message + 12, www, sizeof(www));
	unsigned type = message[at - 3], count = !known ? 0 : type == 1 ? 2 : type == 28;
	message[2] = 0x84;
	message[3] = known ? 0 : 3;
	memset(message + 6, 0, 6);
	message[7] = (unsigned char)count;
	message[9] = !known;
	for (unsigned i = 0; i < count; i++)
		at = type == 1 ? add_record(message, at, 1, four[i], 4)
			       : add_record(message, at, 28, six, 16);
	if (!known)
		at = add_record(message, at, 6, soa, sizeof(soa) - 1);
	usleep(20000); /* while the clock of the test stands: who asks has let it pass by then */
	(void)!sendto(descriptor, message, at, 0, (struct sockaddr *)&from, size);
}

static void answer_web(int descriptor)
{
	static const char well[] = "HTTP/1.1 200 OK\r\n"
				   "Server: nginx\r\n"
				   "Date: Sat, 21 Nov 2026 14:32:07 GMT\r\n"
				   "Content-Type: text/html\r\n"
				   "Content-Length: 18074\r\n"
				   "Connection: close\r\n"
				   "\r\n",
			  none[] = "HTTP/1.1 404 Not Found\r\n"
				   "Server: nginx\r\n"
				   "Date: Sat, 21 Nov 2026 14:32:07 GMT\r\n"
				   "Content-Type: text/html\r\n"
				   "Content-Length: 153\r\n"
				   "X-Note: \033[31mred\r\n"
				   "Connection: close\r\n"
				   "\r\n";
	char request[4096];
	int client = accept(descriptor, NULL, NULL);
	ssize_t length = client < 0 ? 0 : recv(client, request, sizeof(request) - 1, 0);
	if (length > 0) {
		request[length] = '\0';
		const char *answer = strstr(request, "/none") ? none : well;
		(void)!send(client, answer, strlen(answer), MSG_NOSIGNAL);
	}
	if (client >= 0)
		close(client);
}

static void serve(int ready)
{
	struct pollfd sockets[] = {
		{listen_on(SOCK_DGRAM, 53), POLLIN, 0}, {listen_on(SOCK_STREAM, 80), POLLIN, 0}};
	(void)!write(ready, "", 1);
	while (poll(sockets, 2, -1) > 0) {
		if (sockets[0].revents)
			answer_name(sockets[0].fd);
		if (sockets[1].revents)
			answer_web(sockets[1].fd);
	}
	_exit(0);
}

bool world_begin(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = ioctl(descriptor, SIOCSIFFLAGS, &lo) == 0;
	close(descriptor);
	return up;
}

static pid_t peers;

void world_peers(void)
{
	int ready[2];
	char byte;
	if (pipe(ready))
		return;
	peers = fork();
	if (peers == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(ready[1]);
	}
	close(ready[1]);
	(void)!read(ready[0], &byte, 1);
	close(ready[0]);
}

/* ---- targets with a history ---- */

struct lane {
	struct sdr_target *target; /* `own`, or that of the member */
	struct sdr_target own;
	struct engine_target *member; /* owned; NULL: it is of no set */
	struct sdr_spec spec;         /* the target's */
	char name[128], host[128];
	char *line;            /* that watches it, of one with a server */
	char pattern[PATTERN]; /* oldest first */
	char day[DAY + 1];     /* likewise, by half hours; "": none */
	sdr_ns rtt;
	uint64_t sequence;
};

static struct lane lanes[LANES];
static unsigned lane_count;

/* The line that watches a name by a server. */
static const char *line_of(const char *type, const char *server, const char *name)
{
	static char lines[LANES][384];
	snprintf(lines[lane_count], sizeof(lines[0]), "%s --server %s %s", type, server, name);
	return lines[lane_count];
}

void world_target(const char *text)
{
	char type[16], rtt[16], pattern[128];
	struct lane *lane = &lanes[lane_count];
	if (lane_count == LANES ||
		sscanf(text, "%15s %127s %15s %127s", type, lane->name, rtt, pattern) != 4 ||
		sdr_duration_parse(rtt, &lane->rtt, NULL) != SDR_OK)
		return;
	char *server = strchr(lane->name, '@');
	if (server)
		*server++ = '\0';
	/* the host of a URL or of NAME:PORT */
	const char *slashes = strstr(lane->name, "//"), *from = slashes ? slashes + 2 : lane->name;
	snprintf(lane->host, sizeof(lane->host), "%.*s",
		(int)(strstr(from, "::") ? strlen(from) : strcspn(from, ":/")), from);
	lane->spec = (struct sdr_spec){.type = sdr_probe_find(type),
		.target = lane->name,
		.host = lane->host,
		.server = server,
		.interval = SDR_SECOND,
		.timeout = SDR_SECOND};
	if (server)
		lane->spec.line = line_of(type, server, lane->name);
	const char *colon = strstr(from, "::") ? NULL : strchr(from, ':');
	lane->target = &lane->own;
	lane->own = (struct sdr_target){.id = lane_count++,
		.phase = SDR_PHASE_RUNNING,
		.spec = &lane->spec,
		.port = (uint16_t)(colon ? atoi(colon + 1) : 0),
		.typed = lane->name,
		.host = lane->host,
		.name = lane->host,
		.why = ""};
	if (sdr_addr_parse(lane->host, &lane->own.addr, NULL) != SDR_OK)
		lane->own.addr = (struct sdr_addr){0};
	world_repeat(pattern, lane->pattern, PATTERN);
}

void world_day(const char *text)
{
	if (lane_count > 0)
		world_repeat(text, lanes[lane_count - 1].day, DAY + 1);
}

/* Makes the lane's target a member: of a set of its own, which it leads, or of the leader's. */
static void make_member(struct lane *lane, struct engine_target *leader, const char *role, bool fed)
{
	static uint32_t sets;
	struct engine_target *member = set_target_plain(&lane->spec, lane->own.id);
	if (leader)
		set_target_join(leader, member);
	else
		set_target_lead(member, ++sets, fed);
	if (role)
		sdr_target_set_role(member->public, role);
	if (!role || sdr_addr_parse(role, &member->public->addr, NULL) != SDR_OK)
		member->public->addr = (struct sdr_addr){0};
	lane->member = member;
	lane->target = member->public;
}

void world_set(const char *text)
{
	struct lane *leader = lane_count > 0 ? &lanes[lane_count - 1] : NULL;
	bool fed = strcmp(text, "path") == 0;
	if (leader && !leader->member)
		make_member(leader, NULL, fed ? NULL : text, fed);
}

void world_member(const char *text)
{
	char role[64], line[512], type[16];
	int rest = 0;
	struct lane *before = lane_count > 0 ? &lanes[lane_count - 1] : NULL;
	if (!before || !before->member || lane_count == LANES ||
		sscanf(text, "%63s %n", role, &rest) != 1)
		return;
	for (char *at = role; *at; at++)
		*at = *at == '_' ? ' ' : *at;
	snprintf(type, sizeof(type), "%s", before->spec.type->name);
	snprintf(line, sizeof(line), "%s %s %s", type, before->name, text + rest);
	world_target(line);
	if (&lanes[lane_count - 1] != before)
		make_member(before + 1, before->member, role, false);
}

void world_hops(const char *text)
{
	for (unsigned i = lane_count; i-- > 0;)
		if (lanes[i].member && sdr_target_leads(lanes[i].target)) {
			world_path_fill(lanes[i].target, text);
			return;
		}
}

void world_add_many(unsigned count)
{
	static const char *const patterns[] = {"60.", "40.20u", "30.5x25.", "50.xx8."};
	for (unsigned i = 0; i < count; i++) {
		char text[128];
		unsigned kind = i % 250 == 17 ? 1 : i % 100 == 5 ? 2 : i % 40 == 11 ? 3 : 0;
		snprintf(text, sizeof(text), "ping 10.2.%u.%u %u.%02ums %s", i / 250, i % 250 + 1,
			i % 3, 10 + i * 7919 % 90, patterns[kind]);
		world_target(text);
	}
}

static const struct {
	char mark;
	enum sdr_outcome outcome;
	const char *why;
} marks[] = {{'.', SDR_OUTCOME_OK, NULL}, {'x', SDR_OUTCOME_TIMEOUT, NULL},
	{'r', SDR_OUTCOME_REFUSED, "connection refused"},
	{'u', SDR_OUTCOME_UNREACHABLE, "host unreachable from 10.2.0.1"},
	{'n', SDR_OUTCOME_HTTP_ERROR, "HTTP/1.1 404 Not Found"}};

#define FIELDS_MAX 16

/* An answer's values of each type, besides its time. */
static void fill_values(const struct sdr_target *target, struct sdr_value values[static FIELDS_MAX])
{
	const struct sdr_probe_type *type = target->spec->type;
	for (unsigned i = 0; i < type->field_count; i++) {
		struct sdr_value *value = &values[i];
		bool code = !strcmp(type->fields[i].name, "status_code"),
		     count = !strcmp(type->fields[i].name, "answers"),
		     rcode = !strcmp(type->fields[i].name, "rcode");
		value->present = code || count || rcode;
		if (type->fields[i].kind == SDR_FIELD_TEXT)
			value->text = "NOERROR";
		else
			value->number = code ? 200 : 2;
	}
}

/* The lane's probe of `back` seconds ago. */
static void notify(struct lane *lane, const struct sdr_sink *sink, const struct sdr_clocks *clocks,
	size_t back)
{
	size_t length = strlen(lane->pattern);
	if (back > length || back == 0)
		return;
	char mark = lane->pattern[length - back];
	struct sdr_value values[FIELDS_MAX] = {0};
	struct sdr_result result = {.sequence = ++lane->sequence,
		.sent = clocks->now,
		.when = clocks->wall,
		.rtt = SDR_NS_NONE};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (marks[i].mark == mark) {
			result.outcome = marks[i].outcome;
			result.why = marks[i].why;
		}
	}
	if (result.outcome == SDR_OUTCOME_OK) {
		result.rtt = lane->rtt + lane->rtt / 20 * (sdr_ns)(result.sequence * 7 % 11);
		fill_values(lane->target, values);
		result.values = values;
		result.value_count = lane->target->spec->type->field_count;
	}
	sink->on_result(sink->context, lane->target, &result);
}

/* The half hours before the seconds of the patterns. */
static void pass_days(struct ui_test *test, struct sdr_model *model, const struct sdr_sink *sink)
{
	for (size_t back = DAY * lane_count; back-- > 0;) {
		struct lane *lane = &lanes[lane_count - 1 - back % lane_count];
		size_t length = strlen(lane->day), halves = back / lane_count + 1;
		sdr_ns ago = (sdr_ns)halves * SDR_DAY_CELL + PATTERN * SDR_SECOND;
		struct sdr_clocks clocks = {
			test->ui.now - ago, test->ui.now - ago, test->ui.wall - ago};
		const struct world_watched of = {lane->target, &lane->sequence, lane->rtt};
		if (length == halves) {
			sdr_model_advance(model, &clocks);
			sink->on_target(sink->context, lane->target, SDR_TARGET_ADDED);
		}
		if (length >= halves)
			world_day_pass(&of, sink, &clocks, lane->day[length - halves]);
	}
}

void world_history(struct ui_test *test)
{
	struct sdr_model *model = sdr_app_model(test->app);
	struct sdr_sink sink = sdr_model_sink(model);
	pass_days(test, model, &sink);
	for (size_t back = PATTERN; back > 0; back--) {
		sdr_ns ago = (sdr_ns)back * SDR_SECOND;
		struct sdr_clocks clocks = {
			test->ui.now - ago, test->ui.now - ago, test->ui.wall - ago};
		sdr_model_advance(model, &clocks);
		for (unsigned i = 0; i < lane_count; i++) {
			if (strlen(lanes[i].pattern) == back && !lanes[i].day[0])
				sink.on_target(sink.context, lanes[i].target, SDR_TARGET_ADDED);
			notify(&lanes[i], &sink, &clocks, back);
		}
	}
	struct sdr_clocks clocks = {test->ui.now, test->ui.now, test->ui.wall};
	sdr_model_advance(model, &clocks);
}

/* ---- clients ---- */

static int clients[CLIENTS];
static unsigned client_count;

void world_client(struct ui_test *test, const char *text)
{
	unsigned to, from, bytes;
	char junk[4096] = {0};
	if (client_count == CLIENTS ||
		sscanf(text, "127.0.0.1:%u %u %u", &to, &from, &bytes) != 3 || bytes > sizeof(junk))
		return;
	struct sockaddr_in peer = {.sin_family = AF_INET,
				   .sin_port = htons((uint16_t)to),
				   .sin_addr.s_addr = htonl(LOOPBACK)},
			   own = peer;
	int one = 1, descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	own.sin_port = htons((uint16_t)from);
	setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	clients[client_count++] = descriptor;
	if (bind(descriptor, (struct sockaddr *)&own, sizeof(own)) ||
		connect(descriptor, (struct sockaddr *)&peer, sizeof(peer)) ||
		send(descriptor, junk, bytes, MSG_NOSIGNAL) != (ssize_t)bytes)
		return;
	for (size_t got = 0; got < bytes;) {
		uv_run(sdr_app_loop(test->app), UV_RUN_NOWAIT);
		ssize_t part = recv(descriptor, junk, sizeof(junk), MSG_DONTWAIT);
		got += part > 0 ? (size_t)part : 0;
		usleep(1000);
	}
}

void world_end(void)
{
	for (unsigned i = 0; i < client_count; i++)
		close(clients[i]);
	if (peers > 0) {
		kill(peers, SIGKILL);
		waitpid(peers, NULL, 0);
	}
	peers = 0;
	for (unsigned i = 0; i < lane_count; i++)
		if (lanes[i].member)
			set_target_free(lanes[i].member);
	world_path_end();
	client_count = lane_count = 0;
	memset(lanes, 0, sizeof(lanes));
	clock_of = NULL;
}
