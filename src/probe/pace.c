/* pace.c - two 4-ary heaps of due times, a spreading rule for newcomers and a leaky bucket for the
 * ceiling. */
#include "probe/pace.h"

#include <assert.h>
#include <stdlib.h>

/* Without padding: there may be 65,536, and the heap is read from end to end. */
struct pace_due {
	sdr_ns due;  /* on the pacing's clock */
	uint32_t id; /* of the target */
} __attribute__((packed, aligned(4)));

struct pace_slot {
	uint32_t position; /* in its lane's heap, or one of the two below; GUEST: of the guests */
	uint32_t interval_us; /* up to an hour; 0: once */
};

#define GUEST (1u << 31)
#define ABSENT (GUEST - 1)
#define FRESH (GUEST - 2)

/* Of so many probes one is a guest's, however much is watched: the work they belong to ends, and
 * intervals are not off by more than that. */
#define GUEST_SHARE 50

#define FRESH_KEPT 1024 /* new targets, counted to place the next one */
#define TICK_MIN (5 * SDR_MS)
#define TICK_MAX (20 * SDR_MS)
#define TICK_PROBES 100       /* what a tick gathers: a wake-up costs as much as twenty probes */
#define BRISK (40 * SDR_MS)   /* below, a tick above TICK_MIN would be felt */
#define CATCH_UP (9 * SDR_MS) /* unused ceiling that may be used later: under 1 % of a second */
#define SLOW_STEP (100 * SDR_MS)
/* Probes a second that never filled a queue: who asks for less is not slowed. */
#define SLOW_LEAST 20
#define GAP SDR_SECOND     /* a pull this much later than asked for is a gap */
#define SPACING_MAX SDR_MS /* a few newcomers start nearly together */

static sdr_ns interval_of(const struct pace_slot *slot)
{
	return slot->interval_us * SDR_US;
}

static struct pace_lane *lane_of(struct pace *pace, const struct pace_slot *slot)
{
	return &pace->lanes[slot->position & GUEST ? 1 : 0];
}

static uint32_t place_of(const struct pace_slot *slot)
{
	return slot->position & ~GUEST;
}

static sdr_ns cost(const struct pace *pace)
{
	uint32_t rate = pace->slowed > 0 && pace->slowed < pace->rate ? pace->slowed : pace->rate;
	return (SDR_SECOND + rate - 1) / rate;
}

static void put(struct pace *pace, struct pace_lane *lane, uint32_t position, struct pace_due entry)
{
	struct pace_slot *slot = &pace->slots[entry.id];
	lane->heap[position] = entry;
	slot->position = (slot->position & GUEST) | position;
}

static void sift_up(
	struct pace *pace, struct pace_lane *lane, uint32_t position, struct pace_due entry)
{
	while (position > 0) {
		uint32_t parent = (position - 1) / 4;
		if (lane->heap[parent].due <= entry.due)
			break;
		put(pace, lane, position, lane->heap[parent]);
		position = parent;
	}
	put(pace, lane, position, entry);
}

static void sift_down(
	struct pace *pace, struct pace_lane *lane, uint32_t position, struct pace_due entry)
{
	for (;;) {
		uint32_t first = position * 4 + 1;
		if (first >= lane->count)
			break;
		uint32_t end = first + 4 < lane->count ? first + 4 : lane->count;
		uint32_t least = first;
		for (uint32_t child = first + 1; child < end; child++)
			if (lane->heap[child].due < lane->heap[least].due)
				least = child;
		if (entry.due <= lane->heap[least].due)
			break;
		put(pace, lane, position, lane->heap[least]);
		position = least;
	}
	put(pace, lane, position, entry);
}

static void heap_remove(struct pace *pace, struct pace_lane *lane, uint32_t position)
{
	struct pace_due last = lane->heap[--lane->count];
	if (position == lane->count)
		return;
	if (position > 0 && last.due < lane->heap[(position - 1) / 4].due)
		sift_up(pace, lane, position, last);
	else
		sift_down(pace, lane, position, last);
}

static void weigh(struct pace *pace, sdr_ns interval, int sign)
{
	if (interval == 0)
		return;
	pace->demand += sign * ((double)SDR_SECOND / (double)interval);
	pace->brisk += interval < BRISK ? (uint32_t)sign : 0;
}

static enum sdr_status reserve_slot(struct pace *pace, uint32_t id)
{
	if (id < pace->slot_count)
		return SDR_OK;
	uint32_t n = pace->slot_count ? pace->slot_count : 16;
	while (n <= id)
		n *= 2;
	struct pace_slot *slots = realloc(pace->slots, n * sizeof(*slots));
	if (!slots)
		return SDR_ENOMEM;
	for (uint32_t i = pace->slot_count; i < n; i++)
		slots[i] = (struct pace_slot){.position = ABSENT};
	pace->slots = slots;
	pace->slot_count = n;
	return SDR_OK;
}

static enum sdr_status reserve(struct pace *pace, struct pace_lane *lane)
{
	if (pace->fresh_count == pace->fresh_capacity) {
		uint32_t n = pace->fresh_capacity ? pace->fresh_capacity * 2 : 16;
		uint32_t *fresh = realloc(pace->fresh, n * sizeof(*fresh));
		if (!fresh)
			return SDR_ENOMEM;
		pace->fresh = fresh;
		pace->fresh_capacity = n;
	}
	/* The heap has room for every newcomer already, so that settling them can't fail. */
	if (lane->count + pace->fresh_count >= lane->capacity) {
		uint32_t n = lane->capacity ? lane->capacity * 2 : 16;
		struct pace_due *heap = realloc(lane->heap, n * sizeof(*heap));
		if (!heap)
			return SDR_ENOMEM;
		lane->heap = heap;
		lane->capacity = n;
	}
	return SDR_OK;
}

/* Gives new targets their first due times, in the order of adding: 1 ms apart, closer where all
 * targets together would not fit into the interval otherwise. They may be closer than the limit
 * allows: the first one due leaves first. */
static void settle(struct pace *pace, sdr_ns now)
{
	sdr_ns total = pace->lanes[0].count + pace->lanes[1].count + pace->fresh_count;
	for (uint32_t i = 0; i < pace->fresh_count; i++) {
		uint32_t id = pace->fresh[i];
		struct pace_slot *slot = &pace->slots[id];
		struct pace_lane *lane = lane_of(pace, slot);
		if (place_of(slot) != FRESH)
			continue; /* removed again, or in the list twice */
		sdr_ns spacing = interval_of(slot) / total;
		if (spacing > SPACING_MAX)
			spacing = SPACING_MAX;
		if (spacing < 1)
			spacing = 1;
		/* Targets asked once are all due by now, but in order. */
		sdr_ns earliest = slot->interval_us == 0 ? now - (pace->fresh_count - i) : now;
		lane->cursor =
			lane->cursor + spacing > earliest ? lane->cursor + spacing : earliest;
		sift_up(pace, lane, lane->count++, (struct pace_due){lane->cursor, id});
	}
	pace->fresh_count = 0;
	if (pace->fresh_capacity > FRESH_KEPT) {
		free(pace->fresh);
		pace->fresh = NULL;
		pace->fresh_capacity = 0;
	}
}

static sdr_ns tick(const struct pace *pace)
{
	if (pace->brisk > 0 || pace->demand * 2 > pace->rate ||
		pace->demand * TICK_MIN > (double)TICK_PROBES * SDR_SECOND)
		return TICK_MIN;
	if (pace->demand * TICK_MAX < (double)TICK_PROBES * SDR_SECOND)
		return TICK_MAX;
	return (sdr_ns)((double)TICK_PROBES * SDR_SECOND / pace->demand);
}

/* Moves the target at the top to its next due time after `now`, in its rhythm, or out. */
static uint32_t take_top(struct pace *pace, struct pace_lane *lane, sdr_ns now)
{
	struct pace_due top = lane->heap[0];
	sdr_ns interval = interval_of(&pace->slots[top.id]);
	if (interval == 0) {
		heap_remove(pace, lane, 0);
		pace->slots[top.id].position = ABSENT;
		return top.id;
	}
	top.due += interval;
	if (top.due <= now)
		top.due += (now - top.due) / interval * interval + interval;
	sift_down(pace, lane, 0, top);
	return top.id;
}

static bool is_due(const struct pace_lane *lane, sdr_ns now)
{
	return lane->count > 0 && lane->heap[0].due <= now;
}

/* What is watched goes first, but for the guests' share. NULL: nothing is due. */
static struct pace_lane *next_lane(struct pace *pace, sdr_ns now)
{
	struct pace_lane *watched = &pace->lanes[0], *guests = &pace->lanes[1];
	if (!is_due(guests, now))
		return is_due(watched, now) ? watched : NULL;
	if (is_due(watched, now) && pace->in_a_row < GUEST_SHARE - 1) {
		pace->in_a_row++;
		return watched;
	}
	pace->in_a_row = 0;
	return guests;
}

void sdr_pace_init(struct pace *pace, uint32_t rate)
{
	*pace = (struct pace){.promised = SDR_NS_NONE,
		.last = SDR_NS_NONE,
		.paid = INT64_MIN / 2,
		.lanes = {{.cursor = INT64_MIN / 2}, {.cursor = INT64_MIN / 2}}};
	sdr_pace_set_rate(pace, rate);
}

void sdr_pace_done(struct pace *pace)
{
	free(pace->lanes[0].heap);
	free(pace->lanes[1].heap);
	free(pace->slots);
	free(pace->fresh);
	*pace = (struct pace){.rate = 1};
}

void sdr_pace_set_rate(struct pace *pace, uint32_t rate)
{
	pace->rate = rate > 0 ? rate : 1;
}

void sdr_pace_slow(struct pace *pace, sdr_ns now)
{
	now -= pace->skipped;
	if (pace->slowed > 0 && now - pace->slowed_at < SLOW_STEP)
		return;
	double present = pace->slowed > 0                       ? pace->slowed
		: pace->demand > 0 && pace->demand < pace->rate ? pace->demand
								: pace->rate;
	pace->slowed = present > 2 * SLOW_LEAST ? (uint32_t)(present / 2) : SLOW_LEAST;
	pace->slowed_at = now;
}

enum sdr_status sdr_pace_add(struct pace *pace, uint32_t id, sdr_ns interval, bool guest)
{
	assert(!sdr_pace_has(pace, id) && id < FRESH);
	enum sdr_status status = reserve_slot(pace, id);
	if (status == SDR_OK)
		status = reserve(pace, &pace->lanes[guest]);
	if (status)
		return status;
	pace->slots[id] =
		(struct pace_slot){guest ? GUEST | FRESH : FRESH, (uint32_t)(interval / SDR_US)};
	pace->fresh[pace->fresh_count++] = id;
	weigh(pace, interval_of(&pace->slots[id]), 1);
	return SDR_OK;
}

void sdr_pace_remove(struct pace *pace, uint32_t id)
{
	if (!sdr_pace_has(pace, id))
		return;
	struct pace_slot *slot = &pace->slots[id];
	if (place_of(slot) != FRESH)
		heap_remove(pace, lane_of(pace, slot), place_of(slot));
	slot->position = ABSENT;
	weigh(pace, interval_of(slot), -1);
	if (pace->lanes[0].count + pace->lanes[1].count + pace->fresh_count == 0)
		pace->demand = 0; /* rounding doesn't pile up */
}

bool sdr_pace_has(const struct pace *pace, uint32_t id)
{
	return id < pace->slot_count && pace->slots[id].position != ABSENT;
}

static void recover(struct pace *pace, sdr_ns now)
{
	if (pace->slowed == 0 || now - pace->slowed_at < SDR_SECOND)
		return;
	pace->slowed = pace->slowed < pace->rate / 2 ? pace->slowed * 2 : 0;
	pace->slowed_at = now;
}

uint32_t sdr_pace_pull(struct pace *pace, sdr_ns now, uint32_t *ids, uint32_t n)
{
	if (pace->promised != SDR_NS_NONE && now - pace->promised > GAP)
		pace->skipped += now - pace->promised;
	pace->promised = SDR_NS_NONE;
	now -= pace->skipped;
	settle(pace, now);
	recover(pace, now);
	sdr_ns each = cost(pace);
	if (pace->paid < now - each - CATCH_UP)
		pace->paid = now - each - CATCH_UP;
	uint32_t taken = 0;
	for (; taken < n && pace->paid + each <= now; taken++, pace->paid += each) {
		struct pace_lane *lane = next_lane(pace, now);
		if (!lane)
			break;
		ids[taken] = take_top(pace, lane, now);
	}
	pace->last = now;
	return taken;
}

/* The earliest due time of all; there is one. */
static sdr_ns earliest(const struct pace *pace)
{
	const struct pace_lane *watched = &pace->lanes[0], *guests = &pace->lanes[1];
	bool guest = guests->count > 0 &&
		(watched->count == 0 || guests->heap[0].due < watched->heap[0].due);
	return guest ? guests->heap[0].due : watched->heap[0].due;
}

sdr_ns sdr_pace_wake(struct pace *pace, sdr_ns now)
{
	uint32_t count;
	now -= pace->skipped;
	settle(pace, now);
	pace->promised = SDR_NS_NONE;
	count = pace->lanes[0].count + pace->lanes[1].count;
	if (count == 0)
		return SDR_NS_NONE;
	sdr_ns at = earliest(pace);
	bool more = pace->last != SDR_NS_NONE && at <= pace->last;
	if (more && pace->paid + cost(pace) <= pace->last) {
		at = pace->last; /* the last pull was limited only by its n */
	} else {
		if (at < pace->paid + cost(pace))
			at = pace->paid + cost(pace);
		sdr_ns step = more ? TICK_MIN : tick(pace);
		if (step == TICK_MAX && count > 1 && pace->last != SDR_NS_NONE)
			at += TICK_MAX / 2; /* those that follow it closely go along */
		if (pace->last != SDR_NS_NONE && at < pace->last + step)
			at = pace->last + step;
	}
	pace->promised = (at > now ? at : now) + pace->skipped;
	return pace->promised;
}
