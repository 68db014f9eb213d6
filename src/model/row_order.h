/* row_order.h (internal) - targets by position, in the order of adding. One that goes leaves a
 * hole, closed when somebody next asks for positions: so 65,536 of them go in no time. */
#ifndef SOUNDER_MODEL_ROW_ORDER_H
#define SOUNDER_MODEL_ROW_ORDER_H

#include "model/entry.h"

#define SDR_ORDER_HOLE UINT32_MAX

struct sdr_order {
	uint32_t *ids;        /* [count], owned, of targets; or SDR_ORDER_HOLE */
	uint32_t count, room; /* used, allocated */
	uint32_t holes;       /* of `count` */
};

struct sdr_order *sdr_order_new(void);        /* NULL when out of memory */
void sdr_order_free(struct sdr_order *order); /* NULL is allowed */

/* Returns how long an array is to be made that needs so many elements. Little is left over: what a
 * target costs counts. */
uint32_t sdr_order_room(uint32_t need);

/* Makes room for one more; returns false when out of memory. */
bool sdr_order_reserve(struct sdr_order *order);

/* Puts an entry at the end, for which there is room; takes one out. */
void sdr_order_add(struct sdr_order *order, struct sdr_entry *entry);
void sdr_order_remove(struct sdr_order *order, struct sdr_entry *entry);

/* Closes the gaps; entries found through `by_id` get their new positions. */
void sdr_order_settle(struct sdr_order *order, struct sdr_entry *const *by_id);

#endif
