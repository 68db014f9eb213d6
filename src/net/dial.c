/* dial.c - the race of RFC 8305: tries begun one after the other, each with a socket of its own,
 * until one is connected. */
#include "net/dial.h"

#include <stddef.h>
#include <stdio.h>

#include "net/dial_try.h"
#include "net/dial_words.h"

/* ---- handles ---- */

static void retire(struct sdr_dial *dial)
{
	for (unsigned i = 0; i < dial->begun; i++)
		dial_try_drop(&dial->tries[i]);
	uv_close((uv_handle_t *)&dial->stagger, dial_state_on_closed);
	uv_close((uv_handle_t *)&dial->deadline, dial_state_on_closed);
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

static void report(struct sdr_dial *dial, struct sdr_dial_result *result)
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
	sdr_dial_format_failed(result.why, &story);
	report(dial, &result);
}

static void finish_won(struct sdr_dial *dial, unsigned winner, sdr_ns connected_at)
{
	const struct sdr_attempt *attempt = &dial->attempts[winner];
	const struct sdr_dial_story story = story_of(dial);
	struct sdr_dial_result result = {
		.winner = winner, .outcome = SDR_OUTCOME_OK, .connected_at = connected_at};
	result.handshake = attempt->took;
	result.waited = attempt->began;
	sdr_dial_format_warning(result.why, &story, winner);
	result.fd = dial_try_release(&dial->tries[winner]);
	report(dial, &result);
}

static bool any_open(const struct sdr_dial *dial)
{
	for (unsigned i = 0; i < dial->begun; i++)
		if (dial->tries[i].state == TRY_OPEN)
			return true;
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

/* Returns whether the next try was started. */
static bool begin_try(struct sdr_dial *dial)
{
	unsigned index = dial->begun++;
	struct dial_try *one = &dial->tries[index];
	struct sdr_attempt *attempt = &dial->attempts[index];
	sdr_ns now = index == 0 ? dial->start : sdr_clock_now();
	enum sdr_fault_stage stage;
	*one = (struct dial_try){.dial = dial, .fd = -1, .state = TRY_OPEN};
	*attempt = (struct sdr_attempt){.to = dial->to[index],
		.transport = "tcp",
		.open = true,
		.icmp_type = -1,
		.icmp_code = -1};
	attempt->began = now - dial->start;
	attempt->took = SDR_NS_NONE;
	int number = dial_try_open(one, &attempt->to, &stage);
	if (number == 0 && uv_poll_start(&one->poll, UV_WRITABLE, on_poll) == 0)
		return true;
	struct sdr_fault_about about = dial_try_about(dial, index);
	struct sdr_fault fault;
	sdr_fault_of_errno(&about, stage, number ? number : ENOMEM, &fault);
	attempt->unopened = stage == SDR_FAULT_OPEN && number != EAFNOSUPPORT;
	dial_try_kill(one, &fault, sdr_clock_now());
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

static struct dial_try *try_of(uv_poll_t *poll)
{
	return (struct dial_try *)((char *)poll - offsetof(struct dial_try, poll));
}

/* libuv 1.44 stops the poll at POLLERR, which an ICMP error causes: restart it once the queue is
 * empty. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
	sdr_ns now = sdr_clock_now(), connected_at;
	struct sdr_dial *dial = poll->data;
	struct dial_try *one = try_of(poll);
	enum dial_try_state before = one->state;
	(void)events;
	if (dial_try_look(one, now, &connected_at)) {
		finish_won(dial, dial_try_index(one), connected_at);
		return;
	}
	if (one->state != TRY_DEAD && status < 0)
		(void)uv_poll_start(poll, UV_WRITABLE, on_poll);
	if (one->state != before)
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
	sdr_ns now = sdr_clock_now(), connected_at;
	for (unsigned i = 0; i < dial->begun; i++)
		if ((dial->tries[i].state == TRY_OPEN || dial->tries[i].state == TRY_HINTED) &&
			dial_try_look(&dial->tries[i], now, &connected_at)) {
			finish_won(dial, i, connected_at);
			return;
		}
	const struct sdr_fault silence = {
		.outcome = SDR_OUTCOME_TIMEOUT, .icmp_type = -1, .icmp_code = -1};
	for (unsigned i = 0; i < dial->begun; i++)
		if (dial->tries[i].state == TRY_OPEN)
			dial_try_kill(&dial->tries[i], &silence, now);
	finish_failed(dial);
}

/* ---- the beginning ---- */

/* RFC 8305 sec. 4: address families alternate, the first endpoint's first. */
static void interleave(struct sdr_endpoint *out, const struct sdr_endpoint *in, unsigned count)
{
	unsigned at[2] = {0, 0}, n = 0; /* next of the first one's address family; of the other */
	uint8_t first = in[0].addr.version;
	for (unsigned which = 0; n < count; which ^= 1) {
		while (at[which] < count && (in[at[which]].addr.version == first) != (which == 0))
			at[which]++;
		if (at[which] < count)
			out[n++] = in[at[which]++];
	}
}

/* Mapped addresses go out as IPv4, so errors are queued there. From a source address of one family
 * only that family can be reached: the others are not tried, unless there is nothing else. */
static void choose(struct sdr_dial *dial, const struct sdr_dial_spec *spec)
{
	struct sdr_endpoint all[SDR_ATTEMPTS_MAX] = {0}, fit[SDR_ATTEMPTS_MAX] = {0};
	struct sdr_addr source;
	bool is_addr = dial->source[0] && sdr_addr_parse(dial->source, &source, NULL) == SDR_OK;
	for (unsigned i = 0; i < spec->count; i++) {
		all[i] = (struct sdr_endpoint){
			sdr_addr_unmap(&spec->endpoints[i].addr), spec->endpoints[i].port};
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

enum sdr_status sdr_dial_begin(
	struct uv_loop_s *loop, const struct sdr_dial_spec *spec, struct sdr_dial **made)
{
	struct sdr_dial *dial = dial_state_new(spec);
	if (!dial)
		return SDR_ENOMEM;
	dial->start = sdr_clock_now();
	dial->loop = loop;
	dial->spec = *spec;
	if (spec->interface)
		snprintf(dial->source, sizeof(dial->source), "%s", spec->interface);
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
