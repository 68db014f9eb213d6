/* wheel.c - level 0 holds the next 64 ticks, level 1 the next 64 times 64, and so on; when level n comes round, a slot of level n + 1 is
 * spread over it. A bit a slot tells which are empty, so that idle time costs next to nothing. */
#include "base/wheel.h"

#include <stddef.h>

#define SLOTS 64
#define BITS 6

void sdr_wheel_init(struct sdr_wheel *wheel, sdr_ns now, sdr_ns tick)
{
	*wheel = (struct sdr_wheel){.origin = now, .tick = tick};
}

/* Links the timer where its tick belongs, seen from now; it must lie ahead. */
static void place(struct sdr_wheel *wheel, struct sdr_timer *timer)
{
	int64_t far = ((int64_t)1 << BITS * SDR_WHEEL_LEVELS) - 1;
	int64_t due = timer->due - wheel->now > far ? wheel->now + far : timer->due;
	unsigned level = 0;
	while (level < SDR_WHEEL_LEVELS - 1 && (due - wheel->now) >> BITS * (level + 1))
		level++;
	unsigned slot = (unsigned)(due >> BITS * level) % SLOTS;
	struct sdr_timer **head = &wheel->slots[level][slot];
	timer->next = *head;
	timer->link = head;
	if (timer->next)
		timer->next->link = &timer->next;
	*head = timer;
	wheel->used[level] |= (uint64_t)1 << slot;
}

static void unlink_timer(struct sdr_timer *timer)
{
	*timer->link = timer->next;
	if (timer->next)
		timer->next->link = timer->link;
	timer->next = NULL;
	timer->link = NULL;
}

void sdr_wheel_add(struct sdr_wheel *wheel, struct sdr_timer *timer, sdr_ns due)
{
	timer->due = due <= wheel->origin ? 0 : (due - wheel->origin + wheel->tick - 1) / wheel->tick;
	if (timer->due <= wheel->now)
		timer->due = wheel->now + 1;
	place(wheel, timer);
	wheel->count++;
}

void sdr_wheel_remove(struct sdr_wheel *wheel, struct sdr_timer *timer)
{
	struct sdr_timer **link = timer->link, **first = &wheel->slots[0][0];
	if (!link)
		return;
	unlink_timer(timer);
	wheel->count--;
	/* Its list's head may be in the wheel, or be the list that is being fired. */
	if (*link == NULL && link >= first && link < first + SDR_WHEEL_LEVELS * SLOTS) {
		size_t i = (size_t)(link - first);
		wheel->used[i / SLOTS] &= ~((uint64_t)1 << i % SLOTS);
	}
}

/* Takes a whole slot out, to be worked through in the caller's `list`. */
static void take_slot(struct sdr_wheel *wheel, unsigned level, unsigned slot, struct sdr_timer **list)
{
	*list = wheel->slots[level][slot];
	wheel->slots[level][slot] = NULL;
	wheel->used[level] &= ~((uint64_t)1 << slot);
	if (*list)
		(*list)->link = list;
}

/* Spreads what comes due within the next round of the level below. */
static void cascade(struct sdr_wheel *wheel)
{
	for (unsigned level = 1; level < SDR_WHEEL_LEVELS; level++) {
		unsigned slot = (unsigned)(wheel->now >> BITS * level) % SLOTS;
		struct sdr_timer *list;
		take_slot(wheel, level, slot, &list);
		while (list) {
			struct sdr_timer *timer = list;
			unlink_timer(timer);
			place(wheel, timer);
		}
		if (slot != 0)
			break;
	}
}

static void fire_slot(struct sdr_wheel *wheel, void (*fire)(void *, struct sdr_timer *), void *context)
{
	struct sdr_timer *list;
	take_slot(wheel, 0, (unsigned)wheel->now % SLOTS, &list);
	while (list) {
		struct sdr_timer *timer = list;
		unlink_timer(timer);
		wheel->count--;
		fire(context, timer);
	}
}

/* The next tick at which something can be to do. On each level: the next slot in use of this round; slots behind come in the next round. */
static int64_t next_tick(const struct sdr_wheel *wheel)
{
	int64_t best = INT64_MAX;
	for (unsigned level = 0; level < SDR_WHEEL_LEVELS; level++) {
		int64_t here = wheel->now >> BITS * level, tick;
		unsigned slot = (unsigned)here % SLOTS;
		uint64_t ahead = slot == SLOTS - 1 ? 0 : wheel->used[level] >> (slot + 1);
		if (wheel->used[level] == 0)
			continue;
		if (ahead)
			tick = (here + 1 + __builtin_ctzll(ahead)) << BITS * level;
		else
			tick = (here / SLOTS + 1) << BITS * (level + 1);
		if (tick < best)
			best = tick;
	}
	return best;
}

void sdr_wheel_advance(struct sdr_wheel *wheel, sdr_ns now, void (*fire)(void *context, struct sdr_timer *timer), void *context)
{
	int64_t target = now <= wheel->origin ? 0 : (now - wheel->origin) / wheel->tick;
	while (wheel->now < target) {
		int64_t next = wheel->count ? next_tick(wheel) : target;
		if (next > target) {
			wheel->now = target;
			break;
		}
		wheel->now = next;
		if (next % SLOTS == 0)
			cascade(wheel);
		fire_slot(wheel, fire, context);
	}
}

sdr_ns sdr_wheel_next(const struct sdr_wheel *wheel)
{
	if (wheel->count == 0)
		return SDR_NS_NONE;
	int64_t tick = next_tick(wheel);
	return wheel->origin + tick * wheel->tick;
}
