/* dial.c - the race of RFC 8305: tries begun one after the other, each with a socket of its own,
 * until one is connected.
 *
 * Whether a socket is connected its TCP state says, not an errno: an error that was queued is gone
 * from SO_ERROR once it was read, and an ICMP error need not be the end. Linux goes on with its SYN
 * (RFC 1122 sec. 4.2.3.9) where the error comes while connect still runs, as between namespaces,
 * and else gives up, with IP_RECVERR or without (6.18). What it does is looked at, not assumed. */
#include "net/dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "net/dial_words.h"

enum try_state {
	TRY_OPEN,   /* nothing is known yet */
	TRY_HINTED, /* an ICMP error came for it, its SYN goes on: the attempt says what the error was */
	TRY_DEAD,
	TRY_WON,
};

struct
try {
	struct sdr_dial *dial;
	uv_poll_t poll; /* an open handle while `fd` is one */
	int fd;         /* -1: closed */
	enum try_state state;
	int hint;    /* errno of the ICMP error that came for it; 0: none */
	sdr_ns left; /* monotonic: when the SYN went out */
};

struct sdr_dial {
	struct uv_loop_s *loop;
	uv_timer_t stagger, deadline;
	unsigned handles; /* open uv handles; the memory goes with the last */
	sdr_ns start;     /* monotonic */
	struct sdr_dial_spec spec;
	char source[SDR_ADDR_TEXT];     /* spec.interface; "": none */
	unsigned count, begun;          /* endpoints; tries */
	struct sdr_endpoint *to;        /* [count], families interleaved */
	struct sdr_attempt *attempts;   /* [begun] */
	struct try *tries;              /* [begun] */
	char (*words)[SDR_FAULT_WORDS]; /* [begun]: why each failed */
};

/* ---- memory and handles ---- */

static void free_dial(struct sdr_dial *dial)
{
	free(dial->to);
	free(dial->attempts);
	free(dial->tries);
	free(dial->words);
	free(dial);
}

static void on_closed(uv_handle_t *handle)
{
	struct sdr_dial *dial = handle->data;
	if (--dial->handles == 0)
		free_dial(dial);
}

/* Takes the descriptor out of the loop's hands. Returns it. */
static int release(struct try *try)
{
	int fd = try->fd;
	if (fd < 0)
		return -1;
	try->fd = -1;
	uv_close((uv_handle_t *)&try->poll, on_closed);
	return fd;
}

static void drop(struct try *try)
{
	int fd = release(try);
	if (fd >= 0)
		close(fd);
}

static void retire(struct sdr_dial *dial)
{
	for (unsigned i = 0; i < dial->begun; i++)
		drop(&dial->tries[i]);
	uv_close((uv_handle_t *)&dial->stagger, on_closed);
	uv_close((uv_handle_t *)&dial->deadline, on_closed);
}

void sdr_dial_cancel(struct sdr_dial *dial)
{
	if (dial)
		retire(dial);
}

/* ---- the end ---- */

static struct sdr_dial_story story_of(const struct sdr_dial *dial)
{
	return (struct sdr_dial_story){.attempts = dial->attempts,
		.words = (const char(*)[SDR_FAULT_WORDS])dial->words,
		.begun = dial->begun,
		.count = dial->count,
		.elapsed = sdr_clock_now() - dial->start};
}

static void tell(struct sdr_dial *dial, struct sdr_dial_result *result)
{
	result->attempts = dial->attempts;
	result->count = dial->begun;
	retire(dial);
	dial->spec.done(dial->spec.context, result);
}

static void finish_failed(struct sdr_dial *dial)
{
	const struct sdr_dial_story story = story_of(dial);
	struct sdr_dial_result result = {.fd = -1,
		.outcome = sdr_dial_outcome(&story),
		.handshake = SDR_NS_NONE,
		.waited = SDR_NS_NONE,
		.connected_at = SDR_NS_NONE};
	sdr_dial_say_failed(result.why, &story);
	tell(dial, &result);
}

static void finish_won(struct sdr_dial *dial, unsigned winner, sdr_ns connected_at)
{
	const struct sdr_attempt *attempt = &dial->attempts[winner];
	const struct sdr_dial_story story = story_of(dial);
	struct sdr_dial_result result = {.winner = winner, .outcome = SDR_OUTCOME_OK, .connected_at = connected_at};
	result.handshake = attempt->took;
	result.waited = attempt->began;
	sdr_dial_say_warning(result.why, &story, winner);
	result.fd = release(&dial->tries[winner]);
	tell(dial, &result);
}

static bool any_open(const struct sdr_dial *dial)
{
	for (unsigned i = 0; i < dial->begun; i++)
		if (dial->tries[i].state == TRY_OPEN)
			return true;
	return false;
}

/* ---- one try ---- */

static unsigned index_of(const struct try *try)
{
	return (unsigned)(try - try->dial->tries);
}

static struct sdr_fault_about about_of(const struct sdr_dial *dial, unsigned index)
{
	return (struct sdr_fault_about){.to = dial->to[index], .source = dial->source[0] ? dial->source : NULL};
}

/* Notes why a try failed, or is likely to. */
static void take_fault(struct try *try, const struct sdr_fault *fault, sdr_ns now)
{
	struct sdr_attempt *attempt = &try->dial->attempts[index_of(try)];
	attempt->open = false;
	attempt->took = now - try->dial->start - attempt->began;
	attempt->outcome = fault->outcome;
	attempt->error_name = fault->error_name;
	attempt->icmp_type = fault->icmp_type;
	attempt->icmp_code = fault->icmp_code;
	attempt->router = fault->router;
	memcpy(try->dial->words[index_of(try)], fault->words, sizeof fault->words);
}

static void kill_try(struct try *try, const struct sdr_fault *fault, sdr_ns now)
{
	take_fault(try, fault, now);
	try->state = TRY_DEAD;
	drop(try);
}

/* Whether it was the peer that ended it, with a RST, and not an ICMP error of which the same errno
 * is left. */
static bool is_peers(const struct try *try, int number)
{
	return number != try->hint && (number == ECONNREFUSED || number == ECONNRESET || number == EPIPE);
}

/* Makes an ordinary socket of it. What an ICMP error left behind is cleared; returns what is more
 * than that, as an errno. */
static int make_ordinary(const struct try *try)
{
	(void)sdr_fault_queue(try->fd, try->dial->to[index_of(try)].addr.version, false);
	int number = sdr_fault_pending(try->fd);
	return is_peers(try, number) ? number : 0;
}

/* The kernel's own measure of a handshake whose first SYN was answered; else by our clock. */
static sdr_ns handshake_of(const struct tcp_info *info, sdr_ns by_clock)
{
	sdr_ns kernels = info->tcpi_rtt * SDR_US;
	return info->tcpi_total_retrans == 0 && kernels > 0 && kernels < by_clock ? kernels : by_clock;
}

static void win(struct try *try, const struct tcp_info *info, sdr_ns now)
{
	struct sdr_dial *dial = try->dial;
	struct sdr_attempt *attempt = &dial->attempts[index_of(try)];
	sdr_ns by_clock = now - dial->start - attempt->began, handshake = handshake_of(info, by_clock);
	attempt->open = false;
	attempt->outcome = SDR_OUTCOME_OK;
	attempt->error_name = NULL;
	attempt->took = handshake;
	try->state = TRY_WON;
	sdr_ns over = try->left + handshake;
	finish_won(dial, index_of(try), handshake < by_clock && over < now ? over : now);
}

/* A socket that is closed without having been connected. */
static void take_end(struct try *try, bool hinted, const struct sdr_fault *hint, sdr_ns now)
{
	struct sdr_fault_about about = about_of(try->dial, index_of(try));
	struct sdr_fault fault;
	int number = sdr_fault_pending(try->fd);
	bool peers = is_peers(try, number);
	if (try->state == TRY_HINTED && !peers) { /* the kernel gave up; the cause is known since the first error */
		try->state = TRY_DEAD;
		drop(try);
	} else if (hinted && !peers) {
		kill_try(try, hint, now);
	} else {
		sdr_fault_of_errno(&about, SDR_FAULT_WAIT, number ? number : ECONNABORTED, &fault);
		kill_try(try, &fault, now);
	}
}

static bool has_peer(int fd)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof peer;
	return getpeername(fd, (struct sockaddr *)&peer, &length) == 0;
}

/* Looks how a try stands. Returns whether it won, which ends the dial. */
static bool look(struct try *try, sdr_ns now)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof info;
	struct sdr_fault_about about = about_of(try->dial, index_of(try));
	struct sdr_fault hint, fault;
	bool hinted = sdr_fault_read(try->fd, &about, &hint);
	if (hinted)
		try->hint = hint.number;
	if (getsockopt(try->fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) /* in a sandbox: then it has a peer or not */
		info.tcpi_state = has_peer(try->fd) ? TCP_ESTABLISHED : TCP_CLOSE;
	if (info.tcpi_state == TCP_CLOSE) {
		take_end(try, hinted, &hint, now);
	} else if (info.tcpi_state != TCP_SYN_SENT && info.tcpi_state != TCP_SYN_RECV) {
		int number = make_ordinary(try);
		if (number == 0) {
			win(try, &info, now);
			return true;
		}
		sdr_fault_of_errno(&about, SDR_FAULT_WAIT, number, &fault);
		kill_try(try, &fault, now);
	} else if (hinted && try->state == TRY_OPEN) {
		take_fault(try, &hint, now);
		try->state = TRY_HINTED;
	} else if (!hinted && is_peers(try, sdr_fault_pending(try->fd))) { /* cleared, else the loop would wake up for it for ever */
		sdr_fault_of_errno(&about, SDR_FAULT_WAIT, ECONNREFUSED, &fault);
		kill_try(try, &fault, now);
	}
	return false;
}

/* ---- the race ---- */

static void on_poll(uv_poll_t *poll, int status, int events);
static void on_stagger(uv_timer_t *timer);
static void on_deadline(uv_timer_t *timer);

static uint64_t ms_of(sdr_ns time)
{
	return (uint64_t)((time + SDR_MS - 1) / SDR_MS);
}

/* Returns 0 or an errno, and where it came. */
static int open_socket(struct try *try, const struct sdr_endpoint *to, enum sdr_fault_stage *stage)
{
	struct sdr_dial *dial = try->dial;
	struct sockaddr_storage address;
	socklen_t length = sdr_endpoint_to_sockaddr(to, &address);
	const struct sdr_leave leave = {dial->source[0] ? dial->source : NULL, dial->spec.hop_limit, dial->spec.tos};
	*stage = SDR_FAULT_OPEN;
	int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	if (uv_poll_init(dial->loop, &try->poll, fd) != 0) {
		close(fd);
		return ENOMEM;
	}
	dial->handles++;
	try->poll.data = dial;
	try->fd = fd;
	int number = sdr_leave_set(fd, to->addr.version, &leave, stage);
	if (number)
		return number;
	(void)sdr_fault_queue(fd, to->addr.version, true); /* without it the errno is known at least */
	*stage = SDR_FAULT_BEGIN;
	sdr_ns before = sdr_clock_now();
	number = connect(fd, (struct sockaddr *)&address, length) == 0 || errno == EINPROGRESS ? 0 : errno;
	/* The SYN leaves within the call; to this host itself its answer comes within the call, too. */
	try->left = before + (sdr_clock_now() - before) / 2;
	return number;
}

/* Returns whether the next try is under way. */
static bool begin_try(struct sdr_dial *dial)
{
	unsigned index = dial->begun++;
	struct try *try = &dial->tries[index];
	struct sdr_attempt *attempt = &dial->attempts[index];
	sdr_ns now = index == 0 ? dial->start : sdr_clock_now();
	enum sdr_fault_stage stage;
	*try = (struct try){.dial = dial, .fd = -1, .state = TRY_OPEN};
	*attempt = (struct sdr_attempt){.to = dial->to[index], .transport = "tcp", .open = true, .icmp_type = -1, .icmp_code = -1};
	attempt->began = now - dial->start;
	attempt->took = SDR_NS_NONE;
	int number = open_socket(try, &attempt->to, &stage);
	if (number == 0 && uv_poll_start(&try->poll, UV_WRITABLE, on_poll) == 0)
		return true;
	struct sdr_fault_about about = about_of(dial, index);
	struct sdr_fault fault;
	sdr_fault_of_errno(&about, stage, number ? number : ENOMEM, &fault);
	kill_try(try, &fault, sdr_clock_now());
	return false;
}

/* Begins the next try, and those after it as long as they fail on the spot. */
static void go_on(struct sdr_dial *dial)
{
	while (dial->begun < dial->count && !begin_try(dial))
		continue;
	if (dial->begun < dial->count)
		uv_timer_start(&dial->stagger, on_stagger, ms_of(SDR_DIAL_STAGGER), 0);
	else
		uv_timer_stop(&dial->stagger);
}

/* The next try begins. Where none is left that may yet answer, that is the end. */
static void carry_on(struct sdr_dial *dial)
{
	uv_update_time(dial->loop);
	go_on(dial);
	if (dial->begun == dial->count && !any_open(dial))
		finish_failed(dial);
}

static struct try *try_of(uv_poll_t *poll)
{
	return (struct try *)((char *)poll - offsetof(struct try, poll));
}

/* libuv 1.44 stops watching at POLLERR, which an ICMP error makes: it is watched anew once the
 * queue is empty. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
	sdr_ns now = sdr_clock_now();
	struct sdr_dial *dial = poll->data;
	struct try *try = try_of(poll);
	enum try_state before = try->state;
	(void)events;
	if (look(try, now))
		return;
	if (try->state != TRY_DEAD && status < 0)
		(void)uv_poll_start(poll, UV_WRITABLE, on_poll);
	if (try->state != before)
		carry_on(dial);
}

static void on_stagger(uv_timer_t *timer)
{
	carry_on(timer->data);
}

/* What has come but was not read, since this program stood still, counts as come in time. */
static void on_deadline(uv_timer_t *timer)
{
	struct sdr_dial *dial = timer->data;
	sdr_ns now = sdr_clock_now();
	for (unsigned i = 0; i < dial->begun; i++)
		if ((dial->tries[i].state == TRY_OPEN || dial->tries[i].state == TRY_HINTED) && look(&dial->tries[i], now))
			return;
	const struct sdr_fault silence = {.outcome = SDR_OUTCOME_TIMEOUT, .icmp_type = -1, .icmp_code = -1};
	for (unsigned i = 0; i < dial->begun; i++)
		if (dial->tries[i].state == TRY_OPEN)
			kill_try(&dial->tries[i], &silence, now);
	finish_failed(dial);
}

/* ---- the beginning ---- */

/* RFC 8305 sec. 4: one of each family in turn, the first one's first. */
static void interleave(struct sdr_endpoint *out, const struct sdr_endpoint *in, unsigned count)
{
	unsigned at[2] = {0, 0}, n = 0; /* next of the first one's family; of the other */
	uint8_t first = in[0].addr.version;
	for (unsigned which = 0; n < count; which ^= 1) {
		while (at[which] < count && (in[at[which]].addr.version == first) != (which == 0))
			at[which]++;
		if (at[which] < count)
			out[n++] = in[at[which]++];
	}
}

/* What is mapped goes out as IPv4, and that is where errors are queued. From an address of one family
 * only addresses of that family can be reached: others are not tried, unless there are no others. */
static void choose(struct sdr_dial *dial, const struct sdr_dial_spec *spec)
{
	struct sdr_endpoint all[SDR_ATTEMPTS_MAX] = {0}, fit[SDR_ATTEMPTS_MAX] = {0};
	struct sdr_addr source;
	bool is_addr = dial->source[0] && sdr_addr_parse(dial->source, &source, NULL) == SDR_OK;
	for (unsigned i = 0; i < spec->count; i++) {
		all[i] = (struct sdr_endpoint){sdr_addr_unmap(&spec->endpoints[i].addr), spec->endpoints[i].port};
		if (is_addr && all[i].addr.version == source.version)
			fit[dial->count++] = all[i];
	}
	if (dial->count > 0) {
		interleave(dial->to, fit, dial->count);
		return;
	}
	dial->count = spec->count;
	interleave(dial->to, all, dial->count);
}

static struct sdr_dial *make(const struct sdr_dial_spec *spec)
{
	struct sdr_dial *dial = calloc(1, sizeof *dial);
	if (!dial)
		return NULL;
	dial->to = malloc(spec->count * sizeof *dial->to);
	dial->attempts = calloc(spec->count, sizeof *dial->attempts);
	dial->tries = calloc(spec->count, sizeof *dial->tries);
	dial->words = calloc(spec->count, sizeof *dial->words);
	if (dial->to && dial->attempts && dial->tries && dial->words)
		return dial;
	free_dial(dial);
	return NULL;
}

enum sdr_status sdr_dial_begin(struct uv_loop_s *loop, const struct sdr_dial_spec *spec, struct sdr_dial **made)
{
	struct sdr_dial *dial = make(spec);
	if (!dial)
		return SDR_ENOMEM;
	dial->start = sdr_clock_now();
	dial->loop = loop;
	dial->spec = *spec;
	if (spec->interface)
		snprintf(dial->source, sizeof dial->source, "%s", spec->interface);
	choose(dial, spec);
	uv_timer_init(loop, &dial->stagger);
	uv_timer_init(loop, &dial->deadline);
	dial->stagger.data = dial->deadline.data = dial;
	dial->handles = 2;
	uv_update_time(loop);
	go_on(dial);
	bool over = dial->begun == dial->count && !any_open(dial);
	uv_timer_start(&dial->deadline, on_deadline, over ? 0 : ms_of(spec->timeout), 0);
	*made = dial;
	return SDR_OK;
}
