/* address_order.c - destination address selection. The idea: each destination gets one number per
 * rule, and an insertion sort (stable, and the lists are short) compares them rule by rule. The
 * tables are libc's. RFC 6724 sec. 6, gai.conf(5). */
#include "dns/address_order.h"

#define RULES 6

/* Rule 9. Of IPv4 addresses common bits count within the source's own network alone, as libc has
 * it. */
static unsigned matching_bits(const struct sdr_order_item *item)
{
	const struct sdr_addr *to = &item->address.addr, *from = &item->source;
	if (from->version == 0)
		return 0;
	if (to->version == 6)
		return sdr_gaiconf_common_bits(to->bytes, from->bytes, 128);
	unsigned bits = sdr_gaiconf_common_bits(to->bytes, from->bytes, 32);
	return bits >= item->source_length && item->source_length > 0 ? bits : 0;
}

/* Fills in the criterion of each rule; the larger is better. */
static void rank(const struct sdr_gaiconf *conf, const struct sdr_order_item *item,
	int64_t ranks[static RULES])
{
	const struct sdr_addr *to = &item->address.addr, *from = &item->source;
	bool usable = from->version != 0;
	uint32_t scope = sdr_gaiconf_scope(conf, to);
	ranks[0] = usable;                                           /* rule 1 */
	ranks[1] = usable && scope == sdr_gaiconf_scope(conf, from); /* rule 2 */
	ranks[2] =
		usable && sdr_gaiconf_label(conf, to) == sdr_gaiconf_label(conf, from); /* rule 5 */
	ranks[3] = sdr_gaiconf_precedence(conf, to);                                    /* rule 6 */
	ranks[4] = -(int64_t)scope;                                                     /* rule 8 */
	ranks[5] = matching_bits(item); /* rule 9, within one address family only */
}

static bool better(const struct sdr_gaiconf *conf, const struct sdr_order_item *a,
	const struct sdr_order_item *b)
{
	int64_t of_a[RULES], of_b[RULES];
	rank(conf, a, of_a);
	rank(conf, b, of_b);
	int rules = a->address.addr.version == b->address.addr.version ? RULES : RULES - 1;
	for (int i = 0; i < rules; i++)
		if (of_a[i] != of_b[i])
			return of_a[i] > of_b[i];
	return false;
}

void sdr_order_sort(const struct sdr_gaiconf *conf, struct sdr_order_item *items, unsigned count)
{
	for (unsigned i = 1; i < count; i++) {
		struct sdr_order_item item = items[i];
		unsigned at = i;
		for (; at > 0 && better(conf, &item, &items[at - 1]); at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}
