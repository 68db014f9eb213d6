/* fuzz_guard.c - datagrams of any kind before the guard: each rule worked out by itself, the first
 * in order is the decision; in no second more than the limit, as a list of all times has it. */
#include <string.h>

#include "input.h"
#include "serve/guard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EVENTS 256

/* Few different ones, so that they meet: at the bounds of what is distinguished, or any. */
static struct sdr_addr take_addr(struct input *input)
{
	static const uint8_t some[][4] = {{0, 0, 0, 0}, {127, 0, 0, 1}, {255, 255, 255, 255},
		{224, 0, 0, 0}, {239, 255, 255, 255}, {223, 255, 255, 255}, {240, 0, 0, 0},
		{10, 0, 0, 1}};
	uint8_t kind = take_byte(input);
	struct sdr_addr addr = {.version = kind & 1 ? 6 : 4};
	size_t have;
	if ((kind & 6) == 0) {
		memcpy(addr.bytes + (addr.version == 6 ? 12 : 0), some[kind >> 3 & 7], 4);
		if (addr.version == 6)
			addr.bytes[0] = kind & 0x40 ? 0xff : 0;
	} else if ((kind & 6) == 2) {
		addr.bytes[0] = (uint8_t)(kind >> 4);
		addr.bytes[kind >> 3 & 1 ? 3 : 2] = take_byte(input);
	} else {
		const uint8_t *bytes = take_bytes(input, addr.version == 6 ? 16 : 4, &have);
		memcpy(addr.bytes, bytes, have);
	}
	return addr;
}

static struct sdr_endpoint take_endpoint(struct input *input)
{
	static const uint16_t ports[] = {0, 1, 1023, 1024, 10007, 10013, 40000, 65535};
	struct sdr_addr addr = take_addr(input);
	uint8_t which = take_byte(input);
	uint16_t port = which & 8 ? (uint16_t)take_number(input, 2) : ports[which & 7];
	return (struct sdr_endpoint){addr, port};
}

static bool is_group(const struct sdr_addr *addr)
{
	return addr->version == 4
		? addr->bytes[0] >> 4 == 14 || memcmp(addr->bytes, "\xff\xff\xff\xff", 4) == 0
		: addr->version == 6 && addr->bytes[0] == 0xff;
}

static bool is_zero(const struct sdr_addr *addr)
{
	static const uint8_t zero[16];
	return memcmp(addr->bytes, zero, 16) == 0;
}

static enum guard_decision expected(
	const struct guard_rules *rules, const struct guard_datagram *datagram)
{
	const struct sdr_endpoint *from = &datagram->from;
	bool offends[GUARD_DECISIONS] = {0};
	offends[GUARD_NO_PORT] = from->port == 0;
	offends[GUARD_LOW_PORT] = from->port <= 1023;
	offends[GUARD_GROUP] = datagram->to_broadcast || is_group(&from->addr) ||
		is_group(&datagram->to) || is_zero(&from->addr);
	for (unsigned i = 0; i < rules->own_count; i++)
		offends[GUARD_OWN] |= rules->own[i].port == from->port &&
			rules->own[i].addr.version == from->addr.version &&
			(is_zero(&rules->own[i].addr) ||
				sdr_addr_compare(&rules->own[i].addr, &from->addr) == 0);
	for (unsigned i = 0; i < rules->port_count; i++)
		offends[GUARD_TWIN] |= rules->ports[i] == from->port;
	offends[GUARD_TWIN] |= rules->port == from->port;
	offends[GUARD_EMPTY] = rules->is_public && datagram->length == 0 && !rules->answers_empty;
	offends[GUARD_TOO_LONG] = rules->is_public && datagram->length > 1472;
	for (int decision = GUARD_ANSWER + 1; decision < GUARD_DECISIONS; decision++)
		if (offends[decision])
			return (enum guard_decision)decision;
	return GUARD_ANSWER;
}

static void check_rules(struct input *input)
{
	struct sdr_endpoint own[4];
	static const uint16_t ports[] = {10013, 10007};
	uint8_t flags = take_byte(input);
	struct guard_rules rules = {.own = own,
		.own_count = flags & 3,
		.ports = ports,
		.port_count = flags >> 2 & 1 ? 2 : 0,
		.port = (uint16_t)(flags & 8 ? 40000 : take_number(input, 2)),
		.is_public = flags & 16,
		.answers_empty = flags & 32};
	for (unsigned i = 0; i < rules.own_count; i++)
		own[i] = take_endpoint(input);
	struct guard_datagram datagram = {.from = take_endpoint(input)};
	if (flags & 64)
		datagram.to = take_addr(input);
	datagram.to_broadcast = flags & 128;
	datagram.length = take_byte(input) % 4 == 0 ? 0 : take_number(input, 2);
	enum guard_decision decision = sdr_guard_check(&rules, &datagram);
	must(decision == expected(&rules, &datagram));
	must((sdr_guard_text(decision) == NULL) == (decision == GUARD_ANSWER));
}

/* One that was answered, and when. */
struct answered {
	struct sdr_addr prefix;
	sdr_ns when;
};

static struct sdr_addr prefix_of(struct sdr_addr addr, bool limited)
{
	for (size_t i = addr.version == 4 ? 3 : 7; limited && i < 16; i++)
		addr.bytes[i] = 0;
	return addr;
}

/* Datagrams over time: an entry is the source's own; a source that has been there all along is
 * answered just as often as the limit allows. Sources are few, so none has to make room. */
static void check_sources(struct input *input)
{
	struct answered list[EVENTS];
	unsigned count = 0, limit = take_byte(input) % 6;
	sdr_ns now = SDR_SECOND;
	struct guard_sources *sources = sdr_guard_sources_new(limit);
	must(sources != NULL);
	while (input->left > 0 && count < EVENTS) {
		uint8_t what = take_byte(input);
		struct sdr_endpoint from = {{.version = what & 1 ? 6 : 4}, 40000};
		from.addr.bytes[2] = what >> 1 & 1; /* a /24 of its own, the same /56 */
		from.addr.bytes[3] = what >> 2 & 3;
		now += (what >> 4) * (SDR_SECOND / 8) + (what & 8 ? take_byte(input) : 0);
		struct sdr_addr prefix = prefix_of(from.addr, limit > 0);
		unsigned recent = 0;
		for (unsigned i = 0; i < count; i++)
			recent += sdr_addr_compare(&list[i].prefix, &prefix) == 0 &&
				now - list[i].when < SDR_SECOND;
		struct guard_source *source = sdr_guard_sources_touch(sources, &from, now);
		must(sdr_addr_compare(&source->key, &prefix) == 0 && source->seen == now &&
			sdr_addr_compare(&source->last.addr, &from.addr) == 0);
		bool ready = sdr_guard_pace_ready(&source->pace, now);
		must(ready == (limit == 0 || recent < limit));
		if (!ready)
			continue;
		sdr_guard_pace_take(&source->pace, now);
		list[count++] = (struct answered){prefix, now};
	}
	must(sdr_guard_sources_count(sources, 0) <= 16);
	sdr_guard_sources_free(sources);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size < 2048 ? size : 2048};
	check_rules(&input);
	check_sources(&input);
	return 0;
}
