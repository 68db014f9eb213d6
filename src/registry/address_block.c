/* address_block.c - address blocks: what is special about one (RFC 6890), who holds it, and of
 * when the tables are. The tables are sorted longest prefix first, so the first block that holds
 * an address is the longest. */
#include <string.h>

#include "registry/registry.h"

static struct sdr_prefix prefix_of(const struct registry_block *block)
{
	struct sdr_prefix prefix = {.addr.version = block->version, .length = block->length};
	memcpy(prefix.addr.bytes, block->bytes, sizeof(prefix.addr.bytes));
	return prefix;
}

/* The first byte rules nearly all blocks out. */
static bool may_hold(const struct registry_block *block, const struct sdr_addr *addr)
{
	unsigned mask = block->length < 8 ? 0xff00u >> block->length : 0xffu;
	return block->version == addr->version &&
		((block->bytes[0] ^ addr->bytes[0]) & mask & 0xff) == 0;
}

static const struct registry_block *find(
	const struct registry_block *blocks, unsigned count, const struct sdr_addr *addr)
{
	for (unsigned i = 0; i < count; i++) {
		if (!may_hold(&blocks[i], addr))
			continue;
		struct sdr_prefix prefix = prefix_of(&blocks[i]);
		if (sdr_prefix_contains(&prefix, addr))
			return &blocks[i];
	}
	return NULL;
}

static void fill_special(const struct registry_block *block, struct sdr_special *special)
{
	*special = (struct sdr_special){
		.prefix = prefix_of(block),
		.name = registry_blocks_text + block->text[0],
		.rfc = registry_blocks_text + block->text[1],
		.source = (enum sdr_known)block->flag[0],
		.destination = (enum sdr_known)block->flag[1],
		.forwardable = (enum sdr_known)block->flag[2],
		.globally_reachable = (enum sdr_known)block->flag[3],
		.reserved_by_protocol = (enum sdr_known)block->flag[4],
	};
}

bool sdr_registry_special_find(const struct sdr_addr *addr, struct sdr_special *special)
{
	const struct registry_block *block = find(registry_specials, registry_specials_count, addr);
	if (block)
		fill_special(block, special);
	return block;
}

bool sdr_registry_holder_find(const struct sdr_addr *addr, struct sdr_holder *holder)
{
	const struct registry_block *block = find(registry_holders, registry_holders_count, addr);
	if (!block)
		return false;
	*holder = (struct sdr_holder){
		.prefix = prefix_of(block),
		.name = registry_blocks_text + block->text[0],
		.date = registry_blocks_text + block->text[1],
		.status = registry_blocks_text + block->text[2],
	};
	return true;
}

const char *sdr_registry_kind(const struct sdr_addr *addr)
{
	struct sdr_special special;
	if (sdr_registry_special_find(addr, &special))
		return special.name;
	if (sdr_addr_is_multicast(addr))
		return "Multicast";
	/* RFC 4291 sec. 2.4 as IANA applies it: only 2000::/3 is given out. */
	if (addr->version == 6 && addr->bytes[0] >> 5 != 1)
		return "Unassigned";
	return "Global Unicast";
}

const char *sdr_registry_about(enum sdr_table table)
{
	return registry_about[table];
}
