/* address_order.h (internal) - destination address selection as this host's libc does it. RFC 6724
 * sec. 6, gai.conf(5). */
#ifndef SOUNDER_DNS_ADDRESS_ORDER_H
#define SOUNDER_DNS_ADDRESS_ORDER_H

#include "dns/gaiconf.h"
#include "sounder/names.h"

/* A destination and the source address that the system would use for it (version 0: none, it can't
 * be reached). */
struct sdr_order_item {
	struct sdr_names_address address;
	struct sdr_addr source;
	uint8_t source_length; /* of the IPv4 source's network; 0: unknown */
};

/* Sorts items[count], best first; equals keep their order. Rules 1, 2, 5, 6, 8, 9 and 10; 3, 4 and
 * 7 need what only the kernel knows. */
void sdr_order_sort(const struct sdr_gaiconf *conf, struct sdr_order_item *items, unsigned count);

#endif
