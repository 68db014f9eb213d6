/* fuzz_ping_match.c - probes, replies, errors and time in any order, and replies that are forged or
 * damaged, against a list of what was sent: each probe is answered once at most, nothing is
 * reported of another, and what is not ours changes nothing. */
#include <string.h>

#include "input.h"
#include "probe/ping_receive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TARGETS 3
#define PROBES 96

enum fate { FLYING, FAILED, LATE, ANSWERED };

/* A probe that was sent. */
struct sent {
	unsigned target;
	uint32_t key; /* of the target as it was then */
	uint64_t sequence;
	sdr_ns when;
	enum fate fate;
};

static struct world {
	struct probe_env env; /* first: what emit gets */
	struct ping ping;
	struct sdr_spec spec;
	struct sdr_target targets[TARGETS];
	struct sent list[PROBES];
	unsigned count;
	sdr_ns now;
	/* How many results the last event emitted, and what they held. */
	unsigned emitted;
	uint32_t id;
	struct sdr_result result;
} world;

static void on_emit(struct probe_env *env, uint32_t id, struct sdr_result *result)
{
	struct world *at = (struct world *)env;
	at->emitted++;
	at->id = id;
	at->result = *result;
}

static void set_up(void)
{
	static const uint32_t key[4] = {1, 2, 3, 4};
	memset(&world, 0, sizeof(world));
	world.env.emit = on_emit;
	world.ping.env = &world.env;
	world.spec = (struct sdr_spec){.timeout = SDR_SECOND, .interval = 100 * SDR_MS};
	world.now = SDR_SECOND;
	sdr_token_init(&world.ping.token, key);
	must(sdr_inflight_init(&world.ping.inflight, SDR_PING_LATE_WINDOW, world.now) == SDR_OK);
	for (unsigned i = 0; i < TARGETS; i++) { /* the last two have the same address */
		world.targets[i] = (struct sdr_target){.id = i,
			.spec = &world.spec,
			.addr = {.version = 4, .bytes = {127, 0, 0, (uint8_t)(i < 2 ? i : 1)}}};
		must(sdr_ping_table_add(&world.ping.table, &world.targets[i]) != NULL);
	}
}

static void send_probe(unsigned target)
{
	struct sdr_target *public = &world.targets[target];
	uint32_t key = sdr_ping_table_key(&world.ping.table, target);
	if (world.count == PROBES)
		return;
	world.list[world.count++] = (struct sent){target, key, ++public->begun, world.now, FLYING};
	must(sdr_inflight_add(&world.ping.inflight, key, public->begun, world.now,
		     world.spec.timeout) != SDR_INFLIGHT_NONE);
}

/* A target ends, and another gets its id and address. */
static void replace(unsigned target)
{
	sdr_ping_table_remove(&world.ping.table, target);
	world.targets[target].begun = 0;
	must(sdr_ping_table_add(&world.ping.table, &world.targets[target]) != NULL);
}

static struct icmp_echo echo_of(const struct sent *probe)
{
	return (struct icmp_echo){.sequence = (uint16_t)probe->sequence,
		.size = sdr_ping_size(&world.spec),
		.has_token = true,
		.token = sdr_token_seal(&world.ping.token, probe->key, (uint32_t)probe->sequence)};
}

/* What has to be reported of a good reply. Once the late window is over it is a question of
 * intervals whether one has been answered: either word is right. */
static bool fits(const struct sent *probe, enum sdr_result_kind kind)
{
	sdr_ns age = world.now - probe->when;
	bool in_time = age <= world.spec.timeout;
	bool forgotten = age > world.spec.timeout + SDR_PING_LATE_WINDOW - SDR_SECOND;
	switch (probe->fate) {
	case FLYING:
		return kind == SDR_RESULT_ANSWER;
	case FAILED:
		if (kind == SDR_RESULT_AMENDED)
			return in_time;
		break;
	case LATE:
		break;
	case ANSWERED:
		return kind == SDR_RESULT_DUPLICATE || kind == SDR_RESULT_LATE;
	}
	return kind == SDR_RESULT_LATE ? probe->fate == LATE || !in_time || forgotten
				       : kind == SDR_RESULT_DUPLICATE && forgotten;
}

static void reply(struct sent *probe, uint8_t how, uint8_t much)
{
	struct icmp_reply reply = {.from = world.targets[probe->target].addr,
		.hop_limit = 64,
		.received = world.now,
		.read = world.now};
	reply.message.kind = ICMP_KIND_REPLY;
	reply.message.echo = echo_of(probe);
	bool gone = probe->key != sdr_ping_table_key(&world.ping.table, probe->target);
	if (how == 1)
		reply.from.bytes[2] = (uint8_t)(1 + much % 255);
	else if (how == 2)
		reply.message.echo.token ^= (uint64_t)1 << much % 64;
	else if (how == 3)
		reply.message.echo.sequence ^= (uint16_t)(1u << much % 16);
	else if (how == 4)
		reply.damaged = true;
	else if (how == 5)
		reply.message.echo.size += 1 + much;
	sdr_ping_on_reply(&world.ping, &reply);
	must(world.emitted <= 1);
	if (gone || how == 2 || how == 3) { /* by its token it is none of ours */
		must(world.emitted == 0 || world.result.kind == SDR_RESULT_FOREIGN);
		return;
	}
	must(world.emitted == 1 && world.id == probe->target &&
		world.result.sequence == probe->sequence);
	if (how == 1) {
		must(world.result.kind == SDR_RESULT_FOREIGN);
	} else if (how == 4 || how == 5) {
		must(world.result.kind == SDR_RESULT_CORRUPT);
	} else {
		must(fits(probe, world.result.kind) &&
			(world.result.rtt == SDR_NS_NONE || world.result.rtt >= 0));
		if (probe->fate != ANSWERED && world.result.kind != SDR_RESULT_DUPLICATE)
			must(world.result.rtt == SDR_NS_NONE ||
				world.result.rtt == world.now - probe->when);
		probe->fate = ANSWERED;
	}
}

/* An ICMP error about a probe: with its token, with another, or quoting too little for one. Then it
 * is matched by address and sequence alone, which several may have. */
static void fail(struct sent *probe, uint8_t how)
{
	struct icmp_fault fault = {.to = world.targets[probe->target].addr,
		.offender = {.version = 4, .bytes = {10, 0, 0, 1}},
		.echo = echo_of(probe),
		.number = 113,
		.type = 3,
		.code = 1};
	bool gone = probe->key != sdr_ping_table_key(&world.ping.table, probe->target);
	bool other = how % 4 == 1, short_quote = how % 4 == 2;
	if (short_quote && (probe->target > 0 || gone))
		return;
	fault.echo.token ^= other ? 2 : 0;
	fault.echo.has_token = !short_quote;
	sdr_ping_on_fault(&world.ping, &fault);
	must(world.emitted == (probe->fate == FLYING && !gone && !other ? 1 : 0));
	if (world.emitted == 0)
		return;
	must(world.id == probe->target && world.result.sequence == probe->sequence &&
		world.result.kind == SDR_RESULT_ANSWER &&
		world.result.outcome == SDR_OUTCOME_UNREACHABLE);
	probe->fate = FAILED;
}

static void wait(sdr_ns more)
{
	uint32_t index;
	world.now += more;
	while ((index = sdr_inflight_expire(&world.ping.inflight, world.now)) !=
		SDR_INFLIGHT_NONE) {
		const struct inflight_entry *entry = &world.ping.inflight.entries[index];
		struct sent *probe = world.list;
		while (probe < world.list + world.count &&
			(probe->key != entry->target || probe->sequence != entry->sequence))
			probe++;
		must(probe < world.list + world.count && probe->fate == FLYING &&
			world.now - probe->when >= world.spec.timeout);
		probe->fate = LATE;
	}
	for (unsigned i = 0; i < world.count; i++)
		must(world.list[i].fate != FLYING ||
			world.now - world.list[i].when < world.spec.timeout);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size < 1024 ? size : 1024};
	set_up();
	while (input.left > 0) {
		uint8_t what = take_byte(&input);
		unsigned target = (what >> 3) % TARGETS;
		struct sent *probe =
			world.count ? &world.list[take_byte(&input) % world.count] : NULL;
		world.emitted = 0;
		if (what % 8 < 2)
			send_probe(target);
		else if (what % 8 == 2)
			wait((sdr_ns)take_number(&input, 2) * (SDR_SECOND / 1000));
		else if (what % 8 == 3 && what >> 6 == 3)
			replace(target);
		else if (what % 8 == 4 && probe)
			fail(probe, what >> 3);
		else if (probe)
			reply(probe, (what >> 3) % 6, take_byte(&input));
	}
	sdr_inflight_done(&world.ping.inflight);
	sdr_ping_table_done(&world.ping.table);
	return 0;
}
