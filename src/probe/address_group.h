/* address_group.h - all addresses of one name, each a target of its own; include/sounder/engine.h
 * describes what sinks and callers see of it.
 *
 * The oldest of them leads: only it is in the queue of lookups. */
#ifndef SOUNDER_PROBE_ADDRESS_GROUP_H
#define SOUNDER_PROBE_ADDRESS_GROUP_H

#include "sounder/names.h"

#include "probe/target.h"

struct sdr_engine;

/* Makes a new target the first of its address group, if its spec asks for one and its host is a
 * name. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_address_group_begin(
	struct sdr_engine *engine, struct engine_target *target);

/* Adds and removes targets according to the name's lookup; `asked` is the target it was made for.
 * From the loop. */
void sdr_address_group_take(struct sdr_engine *engine, struct engine_target *asked,
	const struct sdr_names_answer *answer);

/* Takes a target out of its group, if it has one; the last one frees the group. */
void sdr_address_group_leave(struct engine_target *target);

/* Returns another target of its group, NULL if there is none. */
struct engine_target *sdr_address_group_other(const struct engine_target *target);

/* As sdr_engine_address_group. */
uint32_t sdr_address_group_number(const struct engine_target *target);

#endif
