/* sim.c - runs scenario files against the model on a made-up clock, and checks its figures against
 * a computation from all samples.
 *
 * Usage: sim FILE...   A line is an order; `#` begins a comment. Probe n of a target leaves one
 * interval after probe n - 1.
 *   target NAME interval DURATION timeout DURATION
 *   pace NAME DURATION                   its probes leave at this distance from the next on,
 *                                        though its interval is another
 *   many on|off                         from now on targets come, and change, among so many
 *                                        others that they are kept short
 *   limits LOSSES REPLIES SLOW [LOSS]    SLOW: a duration, 0 for off; LOSS: percent
 *   reply NAME N[..M] RTT                the answer comes RTT after the probe left
 *   loss NAME N[..M]                     reported when the time-out is over
 *   local NAME N[..M]                    could not be sent
 *   late|duplicate|corrupt|foreign NAME N RTT
 *   random NAME COUNT SEED               answers, losses, reordering, duplicates
 *   at TIME                              lets everything happen up to then; checks all figures of
 *                                        all targets
 *   pause NAME | resume NAME | reset NAME
 *   suspend DURATION                     BOOTTIME and the wall clock run on, MONOTONIC stands
 *   step DURATION | back DURATION        the wall clock alone is set forth or back
 *   expect state NAME STATE [TIME]       the state, and since when
 *   expect count NAME WHAT NUMBER        sent received lost late duplicates corrupt foreign local
 *   expect series NAME PICTURE           the newest slots: `.` answered, `x` lost, `_` nothing
 *   expect event BACK TEXT               the journal's entry contains TEXT; 0 is the newest
 *   expect events COUNT                  entries in the journal so far */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

#define TARGETS 8
#define EVENTS 200000
#define MANY 1024                            /* targets beyond which others are kept short */
#define SLOTS_LEAST 60                       /* that a target at 1 s has in any case */
#define MANY_ID 1000                         /* of the first of them */
#define START (1000 * SDR_SECOND)            /* MONOTONIC at time 0 of a scenario */
#define WALL_START (1700000000 * SDR_SECOND) /* the wall clock then */

struct lane {
	struct sdr_target target;
	struct sdr_spec spec; /* the target's */
	char name[32];
	sdr_ns base_time; /* when probe `base_sequence` leaves */
	uint64_t base_sequence;
	sdr_ns pace;   /* from one probe to the next */
	bool bursts;   /* it was probed more often than its interval: slots are too few for its
			  windows, minutes made for less */
	uint64_t next; /* first sequence not yet used */
};

/* A result to come, and, once delivered, a sample. */
struct happening {
	sdr_ns arrives;
	struct lane *lane;
	struct sdr_result result;
	bool delivered, counts; /* counts: takes part in figures */
	uint64_t order;         /* of delivery */
	sdr_ns boot;            /* BOOTTIME when it was sent */
};

struct sim {
	struct sdr_model *model;
	struct sdr_sink sink;
	struct lane lanes[TARGETS];
	unsigned lane_count;
	struct happening *happenings; /* [count] */
	size_t count;
	struct sdr_target *many; /* [MANY] while there is one */
	bool thinned;            /* there was one: minutes may be thinned out */
	sdr_ns now, boot_lead, boot_lead_before, wall_lead, resumed;
	uint64_t delivered;
	const char *file;
	int line;
	int failures;
};

static const struct sdr_probe_type type = {.name = "made-up"};

static void complain(struct sim *sim, const char *what, double found, double wanted)
{
	fprintf(stderr, "%s:%d: %s is %.9g, should be %.9g\n", sim->file, sim->line, what, found,
		wanted);
	sim->failures++;
}

static void broken(struct sim *sim, const char *what, const char *word)
{
	fprintf(stderr, "%s:%d: %s: %s\n", sim->file, sim->line, what, word ? word : "(nothing)");
	sim->failures++;
}

static sdr_ns duration(struct sim *sim, const char *text)
{
	sdr_ns ns = 0;
	if (!text || sdr_duration_parse(text, &ns, NULL) != SDR_OK)
		broken(sim, "no duration", text);
	return ns;
}

static struct lane *lane_find(struct sim *sim, const char *name)
{
	for (unsigned i = 0; name && i < sim->lane_count; i++)
		if (strcmp(sim->lanes[i].name, name) == 0)
			return &sim->lanes[i];
	broken(sim, "no such target", name);
	exit(2);
}

static struct sdr_clocks clocks(const struct sim *sim)
{
	return (struct sdr_clocks){.now = sim->now,
		.boot = sim->now + sim->boot_lead,
		.wall = sim->now + sim->wall_lead};
}

static void tick(struct sim *sim)
{
	struct sdr_clocks now = clocks(sim);
	sdr_model_advance(sim->model, &now);
}

/* ---- the reference computation ---- */

static const sdr_ns lengths[] = {10 * SDR_SECOND, SDR_MINUTE, 10 * SDR_MINUTE};

static bool within(const struct sim *sim, const struct happening *h, const struct lane *lane,
	enum sdr_window window)
{
	if (h->lane != lane || !h->delivered || !h->counts)
		return false;
	if (window == SDR_WINDOW_ALL)
		return true;
	sdr_ns tenth = lengths[window] / 10;
	return h->boot / tenth > (sim->now + sim->boot_lead) / tenth - 10;
}

static int by_sequence(const void *a, const void *b)
{
	const struct happening *x = *(struct happening *const *)a,
			       *y = *(struct happening *const *)b;
	return (x->result.sequence > y->result.sequence) -
		(x->result.sequence < y->result.sequence);
}

static int by_delivery(const void *a, const void *b)
{
	const struct happening *x = *(struct happening *const *)a,
			       *y = *(struct happening *const *)b;
	return (x->order > y->order) - (x->order < y->order);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* What figures should be. */
struct computation {
	struct sdr_figures exact;
	double low[3], high[3]; /* ns; p50, p95, p99 of ranks that are off as far as is allowed */
};

/* How far ranks may be off, as a share of all, where minutes are thinned out. */
static const double parts[] = {0.50, 0.95, 0.99}, thinned_ranks[] = {0.035, 0.01, 0};

static void compute_ranks(const double *sorted, size_t n, bool thinned, struct computation *to)
{
	for (unsigned i = 0; i < 3; i++) {
		size_t rank = (size_t)ceil(parts[i] * (double)n) - 1,
		       off = thinned ? (size_t)ceil(thinned_ranks[i] * (double)n) : 0;
		to->low[i] = sorted[rank > off ? rank - off : 0];
		to->high[i] = sorted[rank + off < n ? rank + off : n - 1];
	}
}

static void compute(const double *rtts, size_t n, bool thinned, struct computation *to)
{
	struct sdr_figures *f = &to->exact;
	double sum = 0, squares = 0, jitter = 0, *sorted = malloc((n + 1) * sizeof(*sorted));
	for (size_t i = 0; i < n; i++) {
		double step = i ? fabs(rtts[i] - rtts[i - 1]) : 0;
		sum += rtts[i];
		jitter = i == 1 ? step : jitter + (step - jitter) / 16;
	}
	for (size_t i = 0; i < n; i++)
		squares += (rtts[i] - sum / (double)n) * (rtts[i] - sum / (double)n);
	memcpy(sorted, rtts, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_size);
	f->min = llround(sorted[0]);
	f->max = llround(sorted[n - 1]);
	f->avg = llround(sum / (double)n);
	f->mdev = llround(sqrt(squares / (double)n));
	f->jitter = n > 1 ? llround(jitter) : SDR_NS_NONE;
	compute_ranks(sorted, n, thinned, to);
	free(sorted);
}

static void close_to(struct sim *sim, const char *what, sdr_ns found, sdr_ns wanted, double slack)
{
	if (found == SDR_NS_NONE && wanted == SDR_NS_NONE)
		return;
	if ((found == SDR_NS_NONE) != (wanted == SDR_NS_NONE) ||
		fabs((double)found - (double)wanted) > slack + 2)
		complain(sim, what, (double)found / 1e6, (double)wanted / 1e6);
}

static void compare_ranks(struct sim *sim, const struct sdr_figures *found,
	const struct computation *wanted, double percent)
{
	const sdr_ns values[] = {found->p50, found->p95, found->p99};
	for (unsigned i = 0; i < 3; i++) {
		double value = (double)values[i], low = wanted->low[i] * (1 - percent) - 2,
		       high = wanted->high[i] * (1 + percent) + 2;
		if (wanted->exact.received == 0 ? values[i] != SDR_NS_NONE
						: value < low || value > high)
			complain(sim,
				i == 0           ? "p50"
					: i == 1 ? "p95"
						 : "p99",
				value / 1e6, (wanted->low[i] + wanted->high[i]) / 2e6);
	}
}

/* A window of more probes than there are slots holds those, except some that are in flight. */
static void compare_short(
	struct sim *sim, const struct sdr_figures *found, const struct sdr_figures *wanted)
{
	uint64_t most = wanted->sent < SLOTS_LEAST ? wanted->sent : SLOTS_LEAST;
	if (found->sent > wanted->sent || found->sent * 10 < most * 9)
		complain(sim, "sent in a short window", (double)found->sent, (double)most);
}

static void compare(struct sim *sim, enum sdr_window window, const struct sdr_figures *found,
	const struct computation *computation, bool bursts)
{
	/* As model.h promises of each window. */
	static const double by_window[] = {0.003, 0.003, 0.05, 0},
			    percents[] = {0.003, 0.003, 0.05, 0.05};
	const struct sdr_figures *wanted = &computation->exact;
	double part = by_window[window],
	       mean = window == SDR_WINDOW_10MIN && sim->thinned ? 0.1 : part;
	if (found->sent != wanted->sent || found->received != wanted->received ||
		found->lost != wanted->lost) {
		fprintf(stderr, "window %d: ", window);
		complain(sim, "sent, received or lost", (double)found->received,
			(double)wanted->received);
	}
	if (wanted->sent == 0 ? !isnan(found->loss)
			      : fabs(found->loss -
					100.0 * (double)wanted->lost / (double)wanted->sent) > 1e-9)
		complain(sim, "loss", found->loss, (double)wanted->lost);
	close_to(sim, "min", found->min, wanted->min, part * (double)wanted->min);
	close_to(sim, "max", found->max, wanted->max, part * (double)wanted->max);
	if (bursts)
		return;
	close_to(sim, "avg", found->avg, wanted->avg, mean * (double)wanted->avg);
	close_to(sim, "mdev", found->mdev, wanted->mdev, part * (double)wanted->max);
	close_to(sim, "jitter", found->jitter, wanted->jitter, 2 * part * (double)wanted->max);
	compare_ranks(sim, found, computation, percents[window]);
}

/* `whole` keeps the totals of the whole run, and is checked first. */
static void check_window(
	struct sim *sim, uint32_t position, enum sdr_window window, struct sdr_figures *whole)
{
	struct lane *lane = &sim->lanes[position];
	struct happening **taken = malloc((sim->count + 1) * sizeof(*taken));
	double *rtts = malloc((sim->count + 1) * sizeof(*rtts));
	struct sdr_figures found;
	struct computation computation = {.exact = {.min = SDR_NS_NONE,
						  .avg = SDR_NS_NONE,
						  .max = SDR_NS_NONE,
						  .mdev = SDR_NS_NONE,
						  .jitter = SDR_NS_NONE}};
	struct sdr_figures *wanted = &computation.exact;
	size_t n = 0;
	for (size_t i = 0; i < sim->count; i++)
		if (within(sim, &sim->happenings[i], lane, window))
			taken[n++] = &sim->happenings[i];
	qsort(taken, n, sizeof(struct happening *),
		window == SDR_WINDOW_ALL ? by_delivery : by_sequence);
	for (size_t i = 0; i < n; i++)
		if (taken[i]->result.outcome == SDR_OUTCOME_OK)
			rtts[wanted->received++] = (double)taken[i]->result.rtt;
	wanted->sent = n;
	wanted->lost = n - wanted->received;
	if (wanted->received)
		compute(rtts, wanted->received, sim->thinned && window == SDR_WINDOW_10MIN,
			&computation);
	if (window == SDR_WINDOW_10MIN && wanted->received > 1)
		wanted->jitter = whole->jitter;
	if (window == SDR_WINDOW_ALL)
		*whole = *wanted;
	sdr_model_figures(sim->model, position, window, sim->now, &found);
	if (lane->bursts && window < SDR_WINDOW_10MIN)
		compare_short(sim, &found, wanted);
	else
		compare(sim, window, &found, &computation,
			lane->bursts && window != SDR_WINDOW_ALL);
	free(taken);
	free(rtts);
}

static void check_figures(struct sim *sim)
{
	for (uint32_t i = 0; i < sim->lane_count; i++) {
		struct sdr_figures whole = {0};
		for (int window = SDR_WINDOW_COUNT - 1; window >= 0; window--)
			check_window(sim, i, (enum sdr_window)window, &whole);
	}
}

/* ---- what happens ---- */

static sdr_ns leaves(const struct lane *lane, uint64_t sequence)
{
	return lane->base_time + (sdr_ns)(sequence - lane->base_sequence) * lane->pace;
}

static void schedule(struct sim *sim, struct lane *lane, enum sdr_result_kind kind,
	uint64_t sequence, struct sdr_result result)
{
	if (sim->count == EVENTS) {
		broken(sim, "too many probes", lane->name);
		exit(2);
	}
	result.kind = kind;
	result.sequence = sequence;
	result.sent = leaves(lane, sequence);
	result.when = result.sent + sim->wall_lead;
	sdr_ns after = result.rtt != SDR_NS_NONE      ? result.rtt
		: result.outcome == SDR_OUTCOME_LOCAL ? 0
						      : lane->spec.timeout;
	if (sequence >= lane->next)
		lane->next = sequence + 1;
	sim->happenings[sim->count++] =
		(struct happening){.arrives = result.sent + after, .lane = lane, .result = result};
}

static int by_arrival(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;
	int delivered = y->delivered - x->delivered,
	    time = (x->arrives > y->arrives) - (x->arrives < y->arrives);
	int sequence = (x->result.sequence > y->result.sequence) -
		(x->result.sequence < y->result.sequence);
	return delivered ? delivered : time ? time : sequence;
}

static void deliver(struct sim *sim, struct happening *h)
{
	const struct sdr_result *r = &h->result;
	bool asleep = r->outcome == SDR_OUTCOME_TIMEOUT && r->sent <= sim->resumed;
	h->delivered = true;
	h->order = sim->delivered++;
	h->boot = r->sent + (r->sent > sim->resumed ? sim->boot_lead : sim->boot_lead_before);
	h->counts = r->kind == SDR_RESULT_ANSWER && r->outcome != SDR_OUTCOME_LOCAL && !asleep;
	sim->sink.on_result(sim->sink.context, &h->lane->target, r);
}

static void go_to(struct sim *sim, sdr_ns until)
{
	qsort(sim->happenings, sim->count, sizeof(*sim->happenings), by_arrival);
	size_t i = 0;
	while (i < sim->count && sim->happenings[i].delivered)
		i++;
	while (sim->now < until) {
		sdr_ns second = (sim->now / SDR_SECOND + 1) * SDR_SECOND;
		sim->now = second < until ? second : until;
		for (; i < sim->count && sim->happenings[i].arrives <= sim->now; i++)
			deliver(sim, &sim->happenings[i]);
		tick(sim);
	}
	check_figures(sim);
}

/* ---- orders ---- */

static char *word(void)
{
	return strtok(NULL, " \t\n");
}

static void range(struct sim *sim, uint64_t *from, uint64_t *to)
{
	char *text = word(), *dots = text ? strstr(text, "..") : NULL;
	*from = text ? strtoull(text, NULL, 10) : 0;
	*to = dots ? strtoull(dots + 2, NULL, 10) : *from;
	if (*from == 0 || *to < *from)
		broken(sim, "no range", text);
}

static void notify(struct sim *sim, const struct sdr_target *target, enum sdr_target_event event)
{
	for (uint32_t i = 0; sim->many && i < MANY; i++) {
		sim->many[i] = *target;
		sim->many[i].id = MANY_ID + i;
		sim->sink.on_target(sim->sink.context, &sim->many[i], SDR_TARGET_ADDED);
	}
	sim->sink.on_target(sim->sink.context, target, event);
	for (uint32_t i = 0; sim->many && i < MANY; i++)
		sim->sink.on_target(sim->sink.context, &sim->many[i], SDR_TARGET_REMOVED);
}

static void do_many(struct sim *sim)
{
	const char *what = word();
	free(sim->many);
	sim->many = what && strcmp(what, "on") == 0 ? calloc(MANY, sizeof(*sim->many)) : NULL;
	sim->thinned = sim->thinned || sim->many;
}

static void do_target(struct sim *sim)
{
	struct lane *lane = &sim->lanes[sim->lane_count];
	snprintf(lane->name, sizeof(lane->name), "%s", word());
	lane->target = (struct sdr_target){
		.id = sim->lane_count++, .phase = SDR_PHASE_RUNNING, .why = "", .name = lane->name};
	lane->target.spec = &lane->spec;
	lane->target.typed = lane->name;
	lane->spec.type = &type;
	word();
	lane->spec.interval = duration(sim, word());
	lane->pace = lane->spec.interval;
	word();
	lane->spec.timeout = duration(sim, word());
	lane->base_time = sim->now;
	lane->base_sequence = lane->next = 1;
	notify(sim, &lane->target, SDR_TARGET_ADDED);
}

static void do_pace(struct sim *sim)
{
	struct lane *lane = lane_find(sim, word());
	lane->base_time = leaves(lane, lane->next);
	lane->base_sequence = lane->next;
	lane->pace = duration(sim, word());
	lane->bursts = lane->bursts || lane->pace < lane->spec.interval;
}

static void do_limits(struct sim *sim)
{
	struct sdr_limits limits = {.losses = (unsigned)atoi(word())};
	limits.replies = (unsigned)atoi(word());
	limits.slow = duration(sim, word());
	const char *loss = word();
	limits.loss = loss ? (unsigned)atoi(loss) : 0;
	sdr_model_set_limits(sim->model, &limits);
}

static void do_probes(
	struct sim *sim, enum sdr_result_kind kind, enum sdr_outcome outcome, bool answered)
{
	struct lane *lane = lane_find(sim, word());
	uint64_t from, to;
	range(sim, &from, &to);
	struct sdr_result result = {
		.outcome = outcome, .rtt = answered ? duration(sim, word()) : SDR_NS_NONE};
	for (; from <= to; from++)
		schedule(sim, lane, kind, from, result);
}

static void do_reply(struct sim *sim)
{
	do_probes(sim, SDR_RESULT_ANSWER, SDR_OUTCOME_OK, true);
}

static void do_loss(struct sim *sim)
{
	do_probes(sim, SDR_RESULT_ANSWER, SDR_OUTCOME_TIMEOUT, false);
}

static void do_local(struct sim *sim)
{
	do_probes(sim, SDR_RESULT_ANSWER, SDR_OUTCOME_LOCAL, false);
}

static void do_late(struct sim *sim)
{
	do_probes(sim, SDR_RESULT_LATE, SDR_OUTCOME_OK, true);
}

static void do_duplicate(struct sim *sim)
{
	do_probes(sim, SDR_RESULT_DUPLICATE, SDR_OUTCOME_OK, true);
}

static void do_corrupt(struct sim *sim)
{
	do_probes(sim, SDR_RESULT_CORRUPT, SDR_OUTCOME_MALFORMED, true);
}

static void do_foreign(struct sim *sim)
{
	do_probes(sim, SDR_RESULT_FOREIGN, SDR_OUTCOME_OK, true);
}

static void do_random(struct sim *sim)
{
	struct lane *lane = lane_find(sim, word());
	uint64_t count = strtoull(word(), NULL, 10), seed = strtoull(word(), NULL, 10);
	for (uint64_t i = 0; i < count; i++) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		double u = (double)(seed >> 11) / 9007199254740992.0;
		struct sdr_result result = {
			.outcome = SDR_OUTCOME_OK, .rtt = (sdr_ns)(300e3 * exp(u * u * 8))};
		uint64_t sequence = lane->next;
		if (result.rtt >= lane->spec.timeout || seed >> 20 & 1 ? (seed >> 21 & 7) == 0
								       : false)
			result = (struct sdr_result){
				.outcome = SDR_OUTCOME_TIMEOUT, .rtt = SDR_NS_NONE};
		schedule(sim, lane, SDR_RESULT_ANSWER, sequence, result);
		if (result.rtt != SDR_NS_NONE && (seed >> 24 & 31) == 0)
			schedule(sim, lane, SDR_RESULT_DUPLICATE, sequence,
				(struct sdr_result){.rtt = result.rtt + SDR_MS});
	}
}

static void do_at(struct sim *sim)
{
	go_to(sim, START + duration(sim, word()));
}

static void set_phase(struct sim *sim, enum sdr_phase phase)
{
	struct lane *lane = lane_find(sim, word());
	lane->target.phase = phase;
	if (phase == SDR_PHASE_RUNNING) {
		lane->base_sequence = lane->next;
		lane->base_time = sim->now;
	}
	notify(sim, &lane->target, SDR_TARGET_CHANGED);
}

static void do_pause(struct sim *sim)
{
	set_phase(sim, SDR_PHASE_PAUSED);
}

static void do_resume(struct sim *sim)
{
	set_phase(sim, SDR_PHASE_RUNNING);
}

static void do_reset(struct sim *sim)
{
	struct lane *lane = lane_find(sim, word());
	sdr_model_reset(sim->model, lane->target.id);
	for (size_t i = 0; i < sim->count; i++)
		if (sim->happenings[i].lane == lane && sim->happenings[i].delivered)
			sim->happenings[i].counts = false;
}

static void do_suspend(struct sim *sim)
{
	sdr_ns length = duration(sim, word());
	sim->boot_lead_before = sim->boot_lead;
	sim->boot_lead += length;
	sim->wall_lead += length;
	sim->resumed = sim->now;
	tick(sim);
}

static void do_step(struct sim *sim)
{
	sim->wall_lead += duration(sim, word());
	tick(sim);
}

static void do_back(struct sim *sim)
{
	sim->wall_lead -= duration(sim, word());
	tick(sim);
}

/* ---- expectations ---- */

static void expect_state(struct sim *sim, const struct sdr_row *row)
{
	const char *state = word(), *since = word();
	if (!state || strcmp(sdr_state_word(row->state), state) != 0)
		broken(sim, "state is not as said but", sdr_state_word(row->state));
	if (since && row->since_mono != START + duration(sim, since))
		complain(sim, "since", (double)(row->since_mono - START) / 1e9,
			(double)duration(sim, since) / 1e9);
	uint32_t tally = 0;
	for (uint32_t i = 0; i < sim->lane_count; i++) {
		struct sdr_row other;
		sdr_model_row(sim->model, i, &other);
		tally += other.state == row->state;
	}
	if (sdr_model_tally(sim->model, row->state) != tally)
		complain(sim, "tally", sdr_model_tally(sim->model, row->state), tally);
}

static void expect_count(struct sim *sim, const struct sdr_row *row)
{
	const struct {
		const char *name;
		uint64_t value;
	} counts[] = {{"sent", row->sent}, {"received", row->received}, {"lost", row->lost},
		{"late", row->late}, {"duplicates", row->duplicates}, {"corrupt", row->corrupt},
		{"foreign", row->foreign}, {"local", row->local}};
	const char *name = word(), *number = word();
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (name && number && strcmp(counts[i].name, name) == 0) {
			if (counts[i].value != strtoull(number, NULL, 10))
				complain(sim, name, (double)counts[i].value, atof(number));
			return;
		}
	broken(sim, "no such count", name);
}

static void expect_series(struct sim *sim, uint32_t position)
{
	const char *wanted = word();
	char found[201] = "";
	sdr_ns samples[200];
	uint32_t n = wanted && strlen(wanted) <= 200 ? (uint32_t)strlen(wanted) : 0;
	sdr_model_series(sim->model, position, samples, n);
	for (uint32_t i = 0; i < n; i++)
		found[i] = samples[i] == SDR_SAMPLE_GAP ? '_'
			: samples[i] == SDR_SAMPLE_LOST ? 'x'
							: '.';
	if (!wanted || strcmp(found, wanted) != 0)
		broken(sim, "series is", found);
}

static void expect_event(struct sim *sim)
{
	const char *back = word(), *text = strtok(NULL, "\n");
	const struct sdr_event *event =
		back ? sdr_model_event(sim->model, (uint32_t)atoi(back)) : NULL;
	if (!event || !text || !strstr(event->text, text))
		broken(sim, "event is", event ? event->text : NULL);
}

static void do_expect(struct sim *sim)
{
	const char *what = word();
	if (what && strcmp(what, "event") == 0) {
		expect_event(sim);
		return;
	}
	if (what && strcmp(what, "events") == 0) {
		uint64_t wanted = strtoull(word(), NULL, 10);
		if (sdr_model_event_count(sim->model) != wanted)
			complain(sim, "events", (double)sdr_model_event_count(sim->model),
				(double)wanted);
		return;
	}
	struct lane *lane = lane_find(sim, word());
	struct sdr_row row;
	sdr_model_row(sim->model, lane->target.id, &row);
	if (what && strcmp(what, "state") == 0)
		expect_state(sim, &row);
	else if (what && strcmp(what, "count") == 0)
		expect_count(sim, &row);
	else if (what && strcmp(what, "series") == 0)
		expect_series(sim, lane->target.id);
	else
		broken(sim, "nothing to expect", what);
}

static const struct {
	const char *name;
	void (*perform)(struct sim *sim);
} orders[] = {{"target", do_target}, {"many", do_many}, {"pace", do_pace}, {"limits", do_limits},
	{"reply", do_reply}, {"loss", do_loss}, {"local", do_local}, {"late", do_late},
	{"duplicate", do_duplicate}, {"corrupt", do_corrupt}, {"foreign", do_foreign},
	{"random", do_random}, {"at", do_at}, {"pause", do_pause}, {"resume", do_resume},
	{"reset", do_reset}, {"suspend", do_suspend}, {"step", do_step}, {"back", do_back},
	{"expect", do_expect}};

static void perform(struct sim *sim, char *line)
{
	line[strcspn(line, "#")] = '\0';
	const char *name = strtok(line, " \t\n");
	for (size_t i = 0; name && i < sizeof(orders) / sizeof(*orders); i++)
		if (strcmp(orders[i].name, name) == 0) {
			orders[i].perform(sim);
			return;
		}
	if (name)
		broken(sim, "no such order", name);
}

static int run(const char *path)
{
	static struct sim sim;
	char line[512];
	FILE *file = fopen(path, "r");
	sim = (struct sim){.model = sdr_model_new(),
		.file = path,
		.now = START,
		.wall_lead = WALL_START - START,
		.resumed = SDR_NS_NONE};
	sim.happenings = calloc(EVENTS, sizeof(*sim.happenings));
	if (!file || !sim.model || !sim.happenings) {
		perror(path);
		return 1;
	}
	sim.sink = sdr_model_sink(sim.model);
	tick(&sim);
	while (fgets(line, sizeof(line), file)) {
		sim.line++;
		perform(&sim, line);
	}
	fclose(file);
	for (unsigned i = 0; i < sim.lane_count; i++)
		sim.sink.on_target(sim.sink.context, &sim.lanes[i].target, SDR_TARGET_REMOVED);
	if (sdr_model_count(sim.model) != 0)
		broken(&sim, "targets are left", NULL);
	sdr_model_free(sim.model);
	free(sim.happenings);
	free(sim.many);
	return sim.failures != 0;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;
	for (int i = 1; i < argc; i++)
		failed |= run(argv[i]);
	return failed;
}
