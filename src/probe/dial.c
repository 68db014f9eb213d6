/* dial.c - sockets of the tcp, echo and daytime probes: connect without blocking, tell the failures apart, keep the deadline.
 *
 * The address is resolved already. Each probe has a socket of its own, so nothing of an earlier probe can be taken for its answer;
 * a UDP socket is connected, so the kernel drops what comes from anyone else and reports the ICMP errors. Records are reused. */
#include "probe/dial.h"

#include <errno.h>
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

/* What an errno of a socket means. */
struct fault {
	int number;
	const char *name;
	enum sdr_outcome outcome; /* when the network answered so */
	const char *why;          /* NULL: the outcome says it all */
	const char *local_why;    /* when it came before anything was sent; NULL: as above, and not a local fault */
};

static const struct fault faults[] = {
	{ECONNREFUSED, "ECONNREFUSED", SDR_OUTCOME_REFUSED, NULL, NULL},
	{ECONNRESET, "ECONNRESET", SDR_OUTCOME_RESET, NULL, NULL},
	{EPIPE, "EPIPE", SDR_OUTCOME_RESET, NULL, NULL},
	{ECONNABORTED, "ECONNABORTED", SDR_OUTCOME_RESET, NULL, NULL},
	{EHOSTUNREACH, "EHOSTUNREACH", SDR_OUTCOME_UNREACHABLE, "host unreachable", "no route to this host"},
	{ENETUNREACH, "ENETUNREACH", SDR_OUTCOME_UNREACHABLE, "network unreachable", "no route to this network"},
	{EHOSTDOWN, "EHOSTDOWN", SDR_OUTCOME_UNREACHABLE, "host down", NULL},
	{ENOPROTOOPT, "ENOPROTOOPT", SDR_OUTCOME_UNREACHABLE, "protocol unreachable", NULL},
	{EPROTO, "EPROTO", SDR_OUTCOME_UNREACHABLE, "ICMP parameter problem", NULL},
	{ETIMEDOUT, "ETIMEDOUT", SDR_OUTCOME_TIMEOUT, "the system gave up", NULL},
	{EMSGSIZE, "EMSGSIZE", SDR_OUTCOME_TOO_BIG, NULL, NULL},
	{EACCES, "EACCES", SDR_OUTCOME_PROHIBITED, NULL, "not permitted by this host"},
	{EPERM, "EPERM", SDR_OUTCOME_LOCAL, "blocked by the local firewall", NULL},
	{EADDRNOTAVAIL, "EADDRNOTAVAIL", SDR_OUTCOME_LOCAL, "out of local ports, or no such address here", NULL},
	{EMFILE, "EMFILE", SDR_OUTCOME_LOCAL, "out of files", NULL},
	{ENFILE, "ENFILE", SDR_OUTCOME_LOCAL, "out of files", NULL},
	{ENOBUFS, "ENOBUFS", SDR_OUTCOME_LOCAL, "local queue full", NULL},
	{ENOMEM, "ENOMEM", SDR_OUTCOME_LOCAL, "out of memory", NULL},
	{EAFNOSUPPORT, "EAFNOSUPPORT", SDR_OUTCOME_LOCAL, "this host does not have that address family", NULL},
	{EINVAL, "EINVAL", SDR_OUTCOME_LOCAL, "not an address to connect to", NULL},
};

static const struct fault *fault_of(int number)
{
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		if (faults[i].number == number)
			return &faults[i];
	return NULL;
}

enum sdr_outcome sdr_dial_outcome(int number, bool starting, bool udp, const char **why)
{
	const struct fault *fault = fault_of(number);
	if (!fault) {
		*why = strerror(number);
		return SDR_OUTCOME_LOCAL;
	}
	bool local = starting && fault->local_why;
	*why = local ? fault->local_why : fault->why;
	if (udp && number == ECONNREFUSED)
		*why = "ICMP port unreachable";
	return local ? SDR_OUTCOME_LOCAL : fault->outcome;
}

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
	uv_close((uv_handle_t *)&dial->deadline, on_handle_closed);
	if (dial->fd >= 0) {
		if (dial->handles == 2)
			uv_close((uv_handle_t *)&dial->poll, on_handle_closed);
		close(dial->fd);
	}
}

void sdr_dial_end(struct dial *dial, struct sdr_result *result)
{
	struct probe_env *env = dial->dialer->env;
	result->kind = SDR_RESULT_ANSWER;
	result->sequence = dial->sequence;
	result->sent = dial->sent;
	result->when = dial->when;
	if (dial->connected && result->outcome != SDR_OUTCOME_TIMEOUT && result->outcome != SDR_OUTCOME_LOCAL)
		result->from = (struct sdr_endpoint){dial->target->addr, dial->target->port};
	if (dial->dialer->verbs->fill)
		dial->dialer->verbs->fill(dial, result);
	retire(dial);
	env->emit(env, dial->target->id, result);
}

void sdr_dial_fail(struct dial *dial, int number)
{
	const struct fault *fault = fault_of(number);
	struct sdr_result result = {.rtt = SDR_NS_NONE};
	result.outcome = sdr_dial_outcome(number, dial->failure != 0, dial->udp, &result.why);
	dial->error_name = fault ? fault->name : NULL;
	sdr_dial_end(dial, &result);
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
	if (dial->failure) {
		sdr_dial_fail(dial, dial->failure);
		return;
	}
	if (dial->dialer->verbs->on_deadline && dial->connected) {
		dial->dialer->verbs->on_deadline(dial);
		return;
	}
	struct sdr_result result = {.outcome = SDR_OUTCOME_TIMEOUT, .rtt = SDR_NS_NONE, .why = dial->udp ? NULL : "not connected in time"};
	sdr_dial_end(dial, &result);
}

static int error_of(int fd)
{
	int number = 0;
	socklen_t length = sizeof number;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &length) == 0 ? number : errno;
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

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct dial *dial = poll->data;
	sdr_ns now = sdr_clock_now();
	/* libuv reports any POLLERR as UV_EBADF and stops the watch; the socket knows the cause. */
	int number = status < 0 || !dial->connected ? error_of(dial->fd) : 0;
	if (number != 0 || status < 0) {
		report_error(dial, number ? number : EPIPE);
	} else if (dial->connected) {
		dial->dialer->verbs->on_ready(dial, events, now);
	} else {
		dial->connected = true;
		dial->connect_time = now - dial->sent;
		note_local_port(dial);
		dial->dialer->verbs->on_open(dial, now);
	}
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

/* Returns 0 or an errno. */
static int connect_socket(struct dial *dial)
{
	struct sockaddr_storage address;
	const struct sdr_endpoint to = {dial->target->addr, dial->target->port};
	socklen_t length = sdr_endpoint_to_sockaddr(&to, &address);
	dial->fd = socket(address.ss_family, (dial->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dial->fd < 0)
		return errno;
	if (uv_poll_init(dial->dialer->env->loop, &dial->poll, dial->fd) != 0)
		return ENOMEM;
	dial->handles++;
	dial->poll.data = dial;
	if (connect(dial->fd, (struct sockaddr *)&address, length) != 0 && errno != EINPROGRESS)
		return errno;
	sdr_dial_watch(dial, UV_WRITABLE); /* UDP is writable at once: on_open then comes from the loop as well */
	return 0;
}

enum sdr_status sdr_dial_start(void *shared, const struct sdr_target *target, uint64_t sequence, sdr_ns now)
{
	struct dialer *dialer = shared;
	(void)now;
	struct dial *dial = take_record(dialer);
	if (!dial)
		return SDR_ENOMEM;
	sdr_ns timeout = target->spec->timeout > 0 ? target->spec->timeout : DIAL_TIMEOUT;
	dial->target = target;
	dial->sequence = sequence;
	dial->sent = sdr_clock_now(); /* not the batch's: others of it were started in between */
	dial->when = sdr_clock_wall();
	dial->connect_time = SDR_NS_NONE;
	dial->udp = dialer->verbs->is_udp && dialer->verbs->is_udp(target);
	uv_timer_init(dialer->env->loop, &dial->deadline);
	dial->deadline.data = dial;
	dial->handles = 1;
	dial->failure = connect_socket(dial);
	uv_timer_start(&dial->deadline, on_deadline, dial->failure ? 0 : (uint64_t)((timeout + SDR_MS - 1) / SDR_MS), 0);
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
