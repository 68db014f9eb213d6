/* address_group.h - the rule of a set: all addresses of one name, each a target of its own;
 * include/sounder/engine.h describes what sinks and callers see of it. Only the one that leads is
 * in the queue of lookups. */
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

#endif
