/* dial.c - sockets of the tcp, echo and daytime probes: connected without blocking, failures told apart, the deadline kept.
 *
 * The addresses are known already. Each probe has a socket of its own, so nothing of an earlier probe can be taken for its answer. Records
 * are reused. */
#include "probe/dial.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

/* All probes of one type. */
struct dialer {
	struct probe_env *env; /* borrowed */
	const struct dial_verbs *verbs;
	struct dial *first; /* under way */
	struct dial *spare; /* for reuse */
	unsigned open;      /* records whose handles are not closed yet */
	bool closing;
	uint64_t secret;
	unsigned char buffer[DIAL_BUFFER];
};

enum sdr_status sdr_dial_open(struct probe_env *env, const struct dial_verbs *verbs, struct dialer **dialer)
{
	struct dialer *made = calloc(1, sizeof *made);
	if (!made)
		return SDR_ENOMEM;
	made->env = env;
	made->verbs = verbs;
	if (getrandom(&made->secret, sizeof made->secret, 0) != sizeof made->secret)
		made->secret = (uint64_t)sdr_clock_now();
	*dialer = made;
	return SDR_OK;
}

static void free_if_done(struct dialer *dialer)
{
	if (!dialer->closing || dialer->open > 0)
		return;
	while (dialer->spare) {
		struct dial *dial = dialer->spare;
		dialer->spare = dial->next;
		free(dial);
	}
	free(dialer);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct dial *dial = handle->data;
	struct dialer *dialer = dial->dialer;
	if (--dial->handles > 0)
		return;
	if (dial->attempts != &dial->one)
		free(dial->attempts);
	free(dial->warning);
	dial->next = dialer->spare;
	dialer->spare = dial;
	dialer->open--;
	free_if_done(dialer);
}

/* Takes the dial off the list and closes it; the record stays readable until the loop's next turn. */
static void retire(struct dial *dial)
{
	if (dial->previous)
		dial->previous->next = dial->next;
	else
		dial->dialer->first = dial->next;
	if (dial->next)
		dial->next->previous = dial->previous;
	sdr_dial_cancel(dial->race);
	dial->race = NULL;
	uv_close((uv_handle_t *)&dial->deadline, on_handle_closed);
	if (dial->fd >= 0) {
		if (dial->handles == 2)
			uv_close((uv_handle_t *)&dial->poll, on_handle_closed);
		close(dial->fd);
	}
}

/* ---- how it ended ---- */

static void set_number(struct sdr_value *value, bool present, int64_t number)
{
	*value = (struct sdr_value){.present = present, .number = number};
}

/* The try that a result is about: the winner, else the first that ended so. */
static const struct sdr_attempt *attempt_of(const struct dial *dial, enum sdr_outcome outcome)
{
	if (!dial->attempts || dial->connected)
		return dial->attempts ? &dial->attempts[dial->winner] : NULL;
	for (unsigned i = 0; i < dial->attempt_count; i++)
		if (dial->attempts[i].outcome == outcome)
			return &dial->attempts[i];
	return dial->attempts;
}

static void fill_common(struct dial *dial, struct sdr_result *result)
{
	const struct sdr_attempt *attempt = attempt_of(dial, result->outcome);
	struct sdr_value *values = result->values + dial->dialer->verbs->fields;
	bool bad = attempt && result->outcome != SDR_OUTCOME_OK;
	set_number(&values[0], !dial->udp && dial->waited != SDR_NS_NONE, dial->waited);
	values[1] = (struct sdr_value){.present = dial->error_name != NULL, .text = dial->error_name};
	set_number(&values[2], bad && attempt->icmp_type >= 0, bad ? attempt->icmp_type : 0);
	set_number(&values[3], bad && attempt->icmp_code >= 0, bad ? attempt->icmp_code : 0);
	values[4] = (struct sdr_value){.present = dial->router.version != 0, .addr = &dial->router};
}

const char *sdr_dial_why(struct dial *dial, const char *why)
{
	if (!dial->warning || dial->warned)
		return why;
	size_t size = strlen(dial->warning) + (why ? strlen(why) : 0) + 3;
	char *joined = why ? malloc(size) : NULL;
	if (joined) {
		snprintf(joined, size, "%s; %s", why, dial->warning);
		free(dial->warning);
		dial->warning = joined;
	}
	dial->warned = true;
	return dial->warning;
}

void sdr_dial_end(struct dial *dial, struct sdr_result *result)
{
	struct probe_env *env = dial->dialer->env;
	result->kind = SDR_RESULT_ANSWER;
	result->sequence = dial->sequence;
	result->sent = dial->sent;
	result->when = dial->when;
	if (dial->router.version != 0)
		result->from = (struct sdr_endpoint){.addr = dial->router};
	else if (dial->connected && result->outcome != SDR_OUTCOME_TIMEOUT && result->outcome != SDR_OUTCOME_LOCAL)
		result->from = dial->peer;
	if (dial->udp) {
		dial->one.outcome = result->outcome;
		dial->one.took = sdr_clock_now() - dial->sent;
	}
	result->attempts = dial->attempts;
	result->attempt_count = dial->attempt_count;
	result->why = sdr_dial_why(dial, result->why);
	if (dial->dialer->verbs->fill)
		dial->dialer->verbs->fill(dial, result);
	fill_common(dial, result);
	retire(dial);
	env->emit(env, dial->target->id, result);
}

/* Takes what a fault says into the dial and its one attempt, or the winning one. */
static void take_fault(struct dial *dial, const struct sdr_fault *fault)
{
	dial->error_name = fault->error_name;
	dial->router = fault->router;
	snprintf(dial->why, sizeof dial->why, "%s", fault->words);
	if (!dial->udp)
		return;
	dial->one.error_name = fault->error_name;
	dial->one.icmp_type = fault->icmp_type;
	dial->one.icmp_code = fault->icmp_code;
	dial->one.router = fault->router;
}

static void end_with_fault(struct dial *dial, const struct sdr_fault *fault)
{
	struct sdr_result result = {.outcome = fault->outcome, .rtt = SDR_NS_NONE};
	take_fault(dial, fault);
	result.why = dial->why[0] ? dial->why : NULL;
	sdr_dial_end(dial, &result);
}

static struct sdr_fault_about about_of(const struct dial *dial)
{
	return (struct sdr_fault_about){.to = dial->peer, .source = dial->target->spec->ping.interface, .udp = dial->udp};
}

/* By UDP an ICMP error says more than the errno that stands for it. */
void sdr_dial_fail(struct dial *dial, int number)
{
	struct sdr_fault fault;
	const struct sdr_fault_about about = about_of(dial);
	if (!dial->udp || !sdr_fault_read(dial->fd, &about, &fault))
		sdr_fault_of_errno(&about, dial->failed ? dial->stage : SDR_FAULT_WAIT, number, &fault);
	end_with_fault(dial, &fault);
}

static void report_error(struct dial *dial, int number)
{
	if (dial->dialer->verbs->on_error && dial->connected)
		dial->dialer->verbs->on_error(dial, number);
	else
		sdr_dial_fail(dial, number);
}

static void on_deadline(uv_timer_t *timer)
{
	struct dial *dial = timer->data;
	if (dial->failed) {
		sdr_dial_fail(dial, dial->number);
		return;
	}
	if (dial->dialer->verbs->on_deadline && dial->connected) {
		dial->dialer->verbs->on_deadline(dial);
		return;
	}
	struct sdr_result result = {.outcome = SDR_OUTCOME_TIMEOUT, .rtt = SDR_NS_NONE};
	sdr_dial_end(dial, &result);
}

static sdr_ns timeout_of(const struct dial *dial)
{
	return dial->target->spec->timeout > 0 ? dial->target->spec->timeout : DIAL_TIMEOUT;
}

static void start_deadline(struct dial *dial, sdr_ns time)
{
	uv_timer_start(&dial->deadline, on_deadline, (uint64_t)((time + SDR_MS - 1) / SDR_MS), 0);
}

static void note_local_port(struct dial *dial)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof address;
	struct sdr_endpoint local;
	if (getsockname(dial->fd, (struct sockaddr *)&address, &length) == 0 &&
		sdr_endpoint_from_sockaddr((struct sockaddr *)&address, &local) == SDR_OK)
		dial->local_port = local.port;
}

static void open_up(struct dial *dial, sdr_ns now)
{
	dial->connected = true;
	note_local_port(dial);
	dial->dialer->verbs->on_open(dial, now);
}

/* libuv reports any POLLERR as UV_EBADF and stops the watch; the socket knows the cause. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct dial *dial = poll->data;
	sdr_ns now = sdr_clock_now();
	struct sdr_fault fault;
	const struct sdr_fault_about about = about_of(dial);
	if (status >= 0) {
		if (dial->connected)
			dial->dialer->verbs->on_ready(dial, events, now);
		else
			open_up(dial, now);
		return;
	}
	if (dial->udp && sdr_fault_read(dial->fd, &about, &fault)) {
		end_with_fault(dial, &fault);
		return;
	}
	int number = sdr_fault_pending(dial->fd);
	report_error(dial, number ? number : EPIPE);
}

void sdr_dial_watch(struct dial *dial, int events)
{
	uv_poll_start(&dial->poll, events, on_poll);
}

void sdr_dial_hurry(struct dial *dial, sdr_ns timeout)
{
	uint64_t ms = (uint64_t)((timeout + SDR_MS - 1) / SDR_MS);
	if (uv_timer_get_due_in(&dial->deadline) > ms)
		uv_timer_start(&dial->deadline, on_deadline, ms, 0);
}

unsigned char *sdr_dial_buffer(const struct dial *dial)
{
	return dial->dialer->buffer;
}

uint64_t sdr_dial_secret(const struct dial *dial)
{
	return dial->dialer->secret;
}

/* A record with its bytes cleared; its place on the list is taken. */
static struct dial *take_record(struct dialer *dialer)
{
	struct dial *dial = dialer->spare;
	if (dial)
		dialer->spare = dial->next;
	else
		dial = malloc(dialer->verbs->size);
	if (!dial)
		return NULL;
	memset(dial, 0, dialer->verbs->size);
	dial->dialer = dialer;
	dial->next = dialer->first;
	if (dialer->first)
		dialer->first->previous = dial;
	dialer->first = dial;
	dialer->open++;
	return dial;
}

static int watch_socket(struct dial *dial)
{
	if (uv_poll_init(dial->dialer->env->loop, &dial->poll, dial->fd) != 0)
		return ENOMEM;
	dial->handles++;
	dial->poll.data = dial;
	return 0;
}

/* ---- UDP: a connected socket, so that the kernel drops what comes from anyone else ---- */

/* Returns 0 or an errno. */
static int connect_datagrams(struct dial *dial)
{
	struct sockaddr_storage address;
	const struct sdr_ping_options *options = &dial->target->spec->ping;
	const struct sdr_leave leave = {options->interface, options->hop_limit, options->tos};
	dial->peer = (struct sdr_endpoint){dial->target->addr, dial->target->port};
	dial->one = (struct sdr_attempt){.to = dial->peer, .transport = "udp", .took = SDR_NS_NONE, .icmp_type = -1, .icmp_code = -1};
	dial->attempts = &dial->one;
	dial->attempt_count = 1;
	socklen_t length = sdr_endpoint_to_sockaddr(&dial->peer, &address);
	dial->stage = SDR_FAULT_OPEN;
	dial->fd = socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dial->fd < 0)
		return errno;
	int number = watch_socket(dial);
	if (number == 0)
		number = sdr_leave_set(dial->fd, dial->peer.addr.version, &leave, &dial->stage);
	if (number)
		return number;
	(void)sdr_fault_queue(dial->fd, dial->peer.addr.version, true);
	dial->stage = SDR_FAULT_BEGIN;
	if (connect(dial->fd, (struct sockaddr *)&address, length) != 0)
		return errno;
	sdr_dial_watch(dial, UV_WRITABLE); /* at once: on_open then comes from the loop as well */
	return 0;
}

/* ---- TCP: the race ---- */

static void keep_attempts(struct dial *dial, const struct sdr_dial_result *result)
{
	dial->attempts = &dial->one;
	if (result->count > 1)
		dial->attempts = malloc(result->count * sizeof *dial->attempts);
	if (!dial->attempts)
		return;
	memcpy(dial->attempts, result->attempts, result->count * sizeof *dial->attempts);
	dial->attempt_count = result->count;
	dial->winner = result->winner;
}

static void on_race(void *context, const struct sdr_dial_result *result)
{
	struct dial *dial = context;
	dial->race = NULL;
	keep_attempts(dial, result);
	if (result->fd < 0) {
		const struct sdr_attempt *attempt = attempt_of(dial, result->outcome);
		struct sdr_result failed = {.outcome = result->outcome, .rtt = SDR_NS_NONE};
		dial->error_name = attempt ? attempt->error_name : NULL;
		dial->router = attempt ? attempt->router : (struct sdr_addr){0};
		failed.why = result->why[0] ? result->why : result->outcome == SDR_OUTCOME_TIMEOUT ? "not connected in time" : NULL;
		sdr_dial_end(dial, &failed);
		return;
	}
	dial->fd = result->fd;
	dial->peer = result->attempts[result->winner].to;
	dial->connect_time = result->handshake;
	dial->waited = result->waited;
	if (result->why[0])
		dial->warning = strdup(result->why);
	if (watch_socket(dial) != 0) {
		sdr_dial_fail(dial, ENOMEM);
		return;
	}
	sdr_ns now = sdr_clock_now(), left = dial->sent + timeout_of(dial) - now;
	start_deadline(dial, left > 0 ? left : 0);
	open_up(dial, now);
}

/* Without memory for a race there is no probe. */
static enum sdr_status begin_race(struct dial *dial, sdr_ns timeout)
{
	struct sdr_endpoint to[SDR_ATTEMPTS_MAX];
	const struct sdr_addr *addresses;
	const struct sdr_ping_options *options = &dial->target->spec->ping;
	unsigned count = sdr_target_addresses(dial->target, &addresses);
	if (count > SDR_ATTEMPTS_MAX)
		count = SDR_ATTEMPTS_MAX;
	for (unsigned i = 0; i < count; i++)
		to[i] = (struct sdr_endpoint){addresses[i], dial->target->port};
	const struct sdr_dial_spec spec = {.endpoints = to,
		.count = count,
		.timeout = timeout,
		.interface = options->interface,
		.hop_limit = options->hop_limit,
		.tos = options->tos,
		.done = on_race,
		.context = dial};
	return sdr_dial_begin(dial->dialer->env->loop, &spec, &dial->race);
}

enum sdr_status sdr_dial_start(void *shared, const struct sdr_target *target, uint64_t sequence, sdr_ns now)
{
	struct dialer *dialer = shared;
	(void)now;
	struct dial *dial = take_record(dialer);
	if (!dial)
		return SDR_ENOMEM;
	dial->target = target;
	sdr_ns timeout = timeout_of(dial);
	dial->sequence = sequence;
	dial->fd = -1;
	dial->sent = sdr_clock_now(); /* not the batch's: others of it were started in between */
	dial->when = sdr_clock_wall();
	dial->connect_time = dial->waited = SDR_NS_NONE;
	dial->udp = dialer->verbs->is_udp && dialer->verbs->is_udp(target);
	uv_timer_init(dialer->env->loop, &dial->deadline);
	dial->deadline.data = dial;
	dial->handles = 1;
	if (!dial->udp && begin_race(dial, timeout) != SDR_OK) {
		retire(dial);
		return SDR_ENOMEM;
	}
	dial->number = dial->udp ? connect_datagrams(dial) : 0;
	dial->failed = dial->number != 0;
	if (dial->udp) /* by TCP the race keeps the time until it is connected */
		start_deadline(dial, dial->failed ? 0 : timeout);
	return SDR_OK;
}

void sdr_dial_stop(void *shared, const struct sdr_target *target)
{
	struct dialer *dialer = shared;
	for (struct dial *dial = dialer->first, *next; dial; dial = next) {
		next = dial->next;
		if (dial->target == target)
			retire(dial);
	}
}

void sdr_dial_close(void *shared)
{
	struct dialer *dialer = shared;
	dialer->closing = true;
	while (dialer->first)
		retire(dialer->first);
	free_if_done(dialer);
}
