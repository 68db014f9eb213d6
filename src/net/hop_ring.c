/* hop_ring.c - the permutation is a Feistel network of four rounds on two bytes. */
#include "net/hop_ring.h"

#include <stdlib.h>
#include <string.h>

#define FORGET 1000 /* probes that are looked at */

enum sdr_status sdr_hop_ring_init(struct hop_ring *ring, const uint16_t keys[static 4])
{
	ring->entries = calloc(HOP_RING, sizeof(*ring->entries));
	ring->next = 0;
	memcpy(ring->keys, keys, sizeof(ring->keys));
	return ring->entries ? SDR_OK : SDR_ENOMEM;
}

void sdr_hop_ring_done(struct hop_ring *ring)
{
	free(ring->entries);
	ring->entries = NULL;
}

static uint8_t mix(uint8_t half, uint16_t key)
{
	uint32_t x = (half ^ (uint32_t)key) * 0x9e3779b1u;
	return (uint8_t)(x >> 24 ^ x >> 13);
}

static uint16_t scramble(const struct hop_ring *ring, uint16_t number)
{
	uint8_t high = (uint8_t)(number >> 8), low = (uint8_t)number;
	for (unsigned i = 0; i < 4; i++) {
		uint8_t next = high ^ mix(low, ring->keys[i]);
		high = low;
		low = next;
	}
	return (uint16_t)(high << 8 | low);
}

static uint16_t unscramble(const struct hop_ring *ring, uint16_t number)
{
	uint8_t high = (uint8_t)(number >> 8), low = (uint8_t)number;
	for (unsigned i = 4; i-- > 0;) {
		uint8_t before = low ^ mix(high, ring->keys[i]);
		low = high;
		high = before;
	}
	return (uint16_t)(high << 8 | low);
}

uint64_t sdr_hop_ring_add(struct hop_ring *ring, const struct hop_probe *probe, sdr_ns now)
{
	ring->entries[ring->next % HOP_RING] = (struct hop_entry){.tag = probe->tag,
		.to = probe->to,
		.sent = now,
		.stamp = SDR_NS_NONE,
		.size = probe->size,
		.port = probe->port,
		.open = true};
	return ring->next++;
}

struct hop_entry *sdr_hop_ring_at(const struct hop_ring *ring, uint64_t number)
{
	bool known = number < ring->next && ring->next - number <= HOP_RING;
	return known ? &ring->entries[number % HOP_RING] : NULL;
}

struct hop_entry *sdr_hop_ring_by_low(const struct hop_ring *ring, uint32_t low)
{
	return sdr_hop_ring_at(ring, ring->next - 1 - ((uint32_t)(ring->next - 1) - low));
}

struct hop_entry *sdr_hop_ring_by_short(const struct hop_ring *ring, uint16_t number)
{
	uint16_t low = unscramble(ring, number);
	return sdr_hop_ring_at(ring, ring->next - 1 - (uint16_t)((uint16_t)(ring->next - 1) - low));
}

uint64_t sdr_hop_ring_number(const struct hop_ring *ring, const struct hop_entry *entry)
{
	uint64_t place = (uint64_t)(entry - ring->entries), last = ring->next - 1;
	return last - (last - place) % HOP_RING;
}

uint16_t sdr_hop_ring_short(const struct hop_ring *ring, uint64_t number)
{
	return scramble(ring, (uint16_t)number);
}

struct hop_entry *sdr_hop_ring_only(const struct hop_ring *ring, const struct sdr_addr *to,
	sdr_ns since, const struct hop_entry **one)
{
	struct hop_entry *found = NULL;
	unsigned count = 0;
	uint64_t oldest = ring->next < HOP_RING ? 0 : ring->next - HOP_RING;
	for (uint64_t number = ring->next; number-- > oldest;) {
		struct hop_entry *entry = &ring->entries[number % HOP_RING];
		if (entry->sent < since)
			break;
		if (!entry->open || !sdr_addr_same(&entry->to, to))
			continue;
		found = found ? found : entry;
		count++;
	}
	*one = found;
	return count == 1 ? found : NULL;
}

void sdr_hop_ring_forget(struct hop_ring *ring, const struct hop_tag *tag)
{
	uint64_t oldest = ring->next < FORGET ? 0 : ring->next - FORGET;
	for (uint64_t number = ring->next; number-- > oldest;) {
		struct hop_entry *entry = &ring->entries[number % HOP_RING];
		const struct hop_tag *its = &entry->tag;
		if (its->trace != tag->trace || its->round != tag->round || its->ttl != tag->ttl ||
			its->flow != tag->flow || its->second != tag->second)
			continue;
		entry->open = false;
		return;
	}
}
