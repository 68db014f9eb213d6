/* fuzz_inflight.c - any order of sending, answers, failures and time against a list that is
 * searched from end to end: the same probes are known, time out and are forgotten, and none later
 * than the wheel announces. */
#include <string.h>

#include "input.h"
#include "net/inflight.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROBES 128
#define TARGETS 4
#define SLACK (8 * SDR_MS) /* of the wheel: its slots are half of that */

struct plain {
	bool there, late;
	uint32_t target;
	uint64_t sequence;
	sdr_ns due;
};

struct world {
	struct inflight table;
	struct plain list[PROBES];
	uint64_t last[TARGETS]; /* sequence */
	sdr_ns now;
};

static struct plain *plain_find(struct world *world, uint32_t target, uint64_t sequence)
{
	for (int i = 0; i < PROBES; i++)
		if (world->list[i].there && world->list[i].target == target &&
			world->list[i].sequence == sequence)
			return &world->list[i];
	return NULL;
}

static void add(struct world *world, uint32_t target, sdr_ns timeout)
{
	struct plain *slot = world->list;
	while (slot < world->list + PROBES && slot->there)
		slot++;
	if (slot == world->list + PROBES)
		return;
	*slot = (struct plain){true, false, target, ++world->last[target], world->now + timeout};
	must(sdr_inflight_reserve(&world->table, 1) == SDR_OK);
	uint32_t index =
		sdr_inflight_add(&world->table, target, slot->sequence, world->now, timeout);
	must(index != SDR_INFLIGHT_NONE && world->table.entries[index].sent == world->now);
}

/* Asks for a probe; what is known of it is what the list has. */
static void look(struct world *world, uint32_t target, uint64_t sequence, uint8_t what)
{
	struct plain *plain = plain_find(world, target, sequence);
	uint32_t index = sdr_inflight_find(&world->table, target, sequence);
	must((index != SDR_INFLIGHT_NONE) == (plain != NULL));
	if (!plain)
		return;
	must(world->table.entries[index].late == plain->late &&
		world->table.entries[index].due == plain->due);
	if (what % 3 == 1) {
		sdr_inflight_remove(&world->table, index);
		sdr_inflight_release(&world->table, 1);
		plain->there = false;
	} else if (what % 3 == 2 && !plain->late) {
		sdr_inflight_fail(&world->table, index);
		plain->late = true;
		plain->due += world->table.late_window;
	}
}

/* Time goes on; what is due then, and nothing else, is reported once, and what was late is gone. */
static void wait(struct world *world, sdr_ns more)
{
	uint32_t index;
	world->now += more;
	while ((index = sdr_inflight_expire(&world->table, world->now)) != SDR_INFLIGHT_NONE) {
		struct inflight_entry *entry = &world->table.entries[index];
		struct plain *plain = plain_find(world, entry->target, entry->sequence);
		must(plain && !plain->late && plain->due <= world->now && entry->late);
		plain->late = true;
		plain->due += world->table.late_window;
	}
	for (int i = 0; i < PROBES; i++) {
		struct plain *plain = &world->list[i];
		if (!plain->there || plain->due > world->now)
			continue;
		must(plain->late);
		plain->there = false;
		sdr_inflight_release(&world->table, 1);
	}
}

static void check(struct world *world)
{
	uint32_t count = 0, late = 0;
	sdr_ns first = SDR_NS_NONE;
	for (int i = 0; i < PROBES; i++) {
		const struct plain *plain = &world->list[i];
		count += plain->there;
		late += plain->there && plain->late;
		if (plain->there && (first == SDR_NS_NONE || plain->due < first))
			first = plain->due;
	}
	must(world->table.count == count && world->table.late == late);
	sdr_ns next = sdr_inflight_next(&world->table);
	must((next == SDR_NS_NONE) == (count == 0));
	must(count == 0 || next <= (first > world->now ? first : world->now) + SLACK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const sdr_ns units[] = {1, SDR_US, SDR_MS, SDR_SECOND / 10};
	struct input input = {data, size < 4096 ? size : 4096};
	struct world world = {.now = (sdr_ns)take_number(&input, 5)};
	sdr_ns window = (sdr_ns)take_byte(&input) * SDR_SECOND / 10;
	must(sdr_inflight_init(&world.table, window, world.now) == SDR_OK);
	while (input.left > 0) {
		uint8_t what = take_byte(&input), target = what >> 2 & 3;
		sdr_ns unit = units[what >> 4 & 3];
		if (what % 4 == 0)
			add(&world, target, (sdr_ns)take_number(&input, 2) * unit);
		else if (what % 4 == 1)
			wait(&world, (sdr_ns)take_number(&input, 2) * unit);
		else
			look(&world, target, world.last[target] - take_byte(&input) % PROBES,
				what >> 4);
		check(&world);
	}
	sdr_inflight_done(&world.table);
	return 0;
}
