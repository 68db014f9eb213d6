/* order.c - destination address selection. The idea: each destination gets one number per rule, and an insertion sort (stable, and the
 * lists are short) compares them rule by rule. RFC 6724 sec. 2.1, 3.1, 6. */
#include "dns/order.h"

#include <string.h>

/* RFC 6724 sec. 2.1, the default policy table, longest prefix first. */
static const struct policy {
	uint8_t prefix[16];
	uint8_t length, precedence, label;
} policies[] = {
	{{[15] = 1}, 128, 50, 0},
	{{[10] = 0xff, 0xff}, 96, 35, 4},
	{{0}, 96, 1, 3},
	{{0x20, 0x01}, 32, 5, 5},
	{{0x20, 0x02}, 16, 30, 2},
	{{0x3f, 0xfe}, 16, 1, 12},
	{{0xfe, 0xc0}, 10, 1, 11},
	{{0xfc}, 7, 3, 13},
	{{0}, 0, 40, 1},
};

static unsigned common_bits(const uint8_t *a, const uint8_t *b)
{
	unsigned bits = 0;
	while (bits < 128 && ((a[bits / 8] ^ b[bits / 8]) & (0x80 >> bits % 8)) == 0)
		bits++;
	return bits;
}

/* Every address as IPv6: IPv4 as ::ffff:a.b.c.d. */
static void as_v6(const struct sdr_addr *addr, uint8_t out[static 16])
{
	memcpy(out, addr->bytes, 16);
	if (addr->version != 4)
		return;
	memset(out, 0, 10);
	memset(out + 10, 0xff, 2);
	memcpy(out + 12, addr->bytes, 4);
}

static const struct policy *policy_of(const struct sdr_addr *addr)
{
	uint8_t bytes[16];
	as_v6(addr, bytes);
	const struct policy *policy = policies;
	while (common_bits(policy->prefix, bytes) < policy->length)
		policy++;
	return policy;
}

/* RFC 6724 sec. 3.1 and 3.2: 2 link-local, 5 site-local, 14 global. */
static int scope_of(const struct sdr_addr *addr)
{
	const uint8_t *b = addr->bytes;
	if (addr->version == 4)
		return b[0] == 127 || (b[0] == 169 && b[1] == 254) ? 2 : 14;
	if (b[0] == 0xff)
		return b[1] & 15;
	if (sdr_addr_is_loopback(addr) || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80))
		return 2;
	return b[0] == 0xfe && (b[1] & 0xc0) == 0xc0 ? 5 : 14;
}

#define RULES 6

/* Fills what each rule looks at; the larger is better. */
static void rank(const struct sdr_order_item *item, int ranks[static RULES])
{
	const struct sdr_addr *to = &item->address.addr, *from = &item->source;
	bool usable = from->version != 0;
	const struct policy *policy = policy_of(to);
	ranks[0] = usable;                                                                    /* rule 1 */
	ranks[1] = usable && scope_of(to) == scope_of(from);                                  /* rule 2 */
	ranks[2] = usable && policy->label == policy_of(from)->label;                         /* rule 5 */
	ranks[3] = policy->precedence;                                                        /* rule 6 */
	ranks[4] = -scope_of(to);                                                             /* rule 8 */
	ranks[5] = usable && to->version == 6 ? (int)common_bits(to->bytes, from->bytes) : 0; /* rule 9, of one family only */
}

static bool better(const struct sdr_order_item *a, const struct sdr_order_item *b)
{
	int of_a[RULES], of_b[RULES];
	rank(a, of_a);
	rank(b, of_b);
	int rules = a->address.addr.version == b->address.addr.version ? RULES : RULES - 1;
	for (int i = 0; i < rules; i++)
		if (of_a[i] != of_b[i])
			return of_a[i] > of_b[i];
	return false;
}

void sdr_order_sort(struct sdr_order_item *items, unsigned count)
{
	for (unsigned i = 1; i < count; i++) {
		struct sdr_order_item item = items[i];
		unsigned at = i;
		for (; at > 0 && better(&item, &items[at - 1]); at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}
