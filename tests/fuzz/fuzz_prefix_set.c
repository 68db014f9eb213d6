/* fuzz_prefix_set.c - any bytes as networks and addresses: the longest network that holds an
 * address is the one that trying each of them in turn finds. The first byte sets how far apart the
 * networks may be, which changes the table. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/prefix_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NETWORKS_MAX 64

/* Four bytes that differ, at the front, in the middle or at the end of an address; a fifth is the
 * length. */
static struct sdr_prefix prefix_of(uint8_t kind, const uint8_t bytes[static 5])
{
	struct sdr_prefix prefix = {.addr = {.version = kind & 1 ? 6 : 4}};
	size_t room = kind & 1 ? 13 : 1;
	memcpy(prefix.addr.bytes + (kind >> 1) % room, bytes, 4);
	prefix.length = (uint8_t)(bytes[4] % (sdr_addr_bits(&prefix.addr) + 1));
	return prefix;
}

static void check(const struct sdr_prefix_set *set, const struct sdr_prefix *list, size_t count,
	const struct sdr_addr *addr)
{
	struct sdr_prefix match = {0};
	int longest = -1;
	for (size_t i = 0; i < count; i++)
		if (sdr_prefix_contains(&list[i], addr) && list[i].length > longest)
			longest = list[i].length;
	if (sdr_prefix_set_find(set, addr, &match) != (longest >= 0))
		abort();
	if (longest >= 0 && (match.length != longest || !sdr_prefix_contains(&match, addr)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sdr_prefix list[NETWORKS_MAX] = {0};
	size_t count = 0;
	if (size < 2)
		return 0;
	uint8_t kind = data[0], wanted = data[1] % (NETWORKS_MAX + 1);
	for (data += 2, size -= 2; size >= 5 && count < wanted; data += 5, size -= 5)
		list[count++] = prefix_of(kind, data);
	struct sdr_prefix_set *set = sdr_prefix_set_new(list, count);
	if (!set)
		abort();
	for (size_t i = 0; i < count; i++) {
		struct sdr_addr first = sdr_prefix_network(&list[i]),
				last = sdr_prefix_last(&list[i]);
		struct sdr_addr before = sdr_addr_add(&first, -1), after = sdr_addr_add(&last, 1);
		check(set, list, count, &first);
		check(set, list, count, &last);
		check(set, list, count, &before);
		check(set, list, count, &after);
	}
	for (; size >= 5; data += 5, size -= 5) {
		struct sdr_prefix asked = prefix_of(kind, data);
		check(set, list, count, &asked.addr);
	}
	sdr_prefix_set_free(set);
	return 0;
}
