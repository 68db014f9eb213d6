/* order.h (internal) - entries by position, in the order of adding. One that goes leaves a hole, closed when somebody next asks for
 * positions: so 65,536 of them go in no time. */
#ifndef SOUNDER_MODEL_ORDER_H
#define SOUNDER_MODEL_ORDER_H

#include "model/entry.h"

struct sdr_order {
	struct sdr_entry **entries; /* [count], borrowed; NULL: a hole */
	uint32_t count, room;       /* used, allocated */
	uint32_t holes;             /* of `count` */
};

struct sdr_order *sdr_order_new(void);        /* NULL when out of memory */
void sdr_order_free(struct sdr_order *order); /* NULL is allowed */

/* Makes room for one more; returns false when out of memory. */
bool sdr_order_reserve(struct sdr_order *order);

/* Puts an entry at the end, for which there is room; takes one out. */
void sdr_order_add(struct sdr_order *order, struct sdr_entry *entry);
void sdr_order_remove(struct sdr_order *order, struct sdr_entry *entry);

/* Returns the order without holes. */
const struct sdr_order *sdr_order_settled(struct sdr_order *order);

#endif
