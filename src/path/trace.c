/* trace.c - rounds over the hops of one flow. */
#include "path/trace.h"

#define BEYOND 2 /* hops after the last that answered */

void path_trace_init(struct path_trace *trace, uint8_t first, uint8_t max)
{
	*trace = (struct path_trace){.first = first, .max = max, .next = first};
}

uint8_t path_trace_hops(const struct path_trace *trace)
{
	return trace->length ? trace->length : trace->ended ? trace->ended : trace->highest;
}

/* Has the round go on until the target answers. */
static void discover(struct path_trace *trace)
{
	trace->discovers = true;
	trace->last = trace->max;
	trace->far = false;
}

static void set_bounds(struct path_trace *trace)
{
	uint8_t known = trace->length ? trace->length : trace->ended;
	trace->next = trace->first;
	trace->under_way = false;
	trace->far = false;
	trace->discovers = false;
	trace->target_first = trace->serial && trace->length != 0;
	if (known) {
		trace->last = trace->target_first ? (uint8_t)(known - 1) : known;
	} else if (trace->highest == 0) {
		discover(trace);
		trace->far = trace->serial;
	} else {
		unsigned last = trace->highest + (unsigned)BEYOND;
		trace->last = last < trace->max ? (uint8_t)last : trace->max;
		trace->far = trace->last < trace->max;
	}
}

void path_trace_begin(struct path_trace *trace, uint32_t round)
{
	trace->round = round;
	set_bounds(trace);
}

void path_trace_go_serial(struct path_trace *trace)
{
	trace->serial = true;
	trace->length = trace->ended = trace->highest = 0;
	set_bounds(trace);
}

bool path_trace_is_sent(const struct path_trace *trace)
{
	return trace->next > trace->last && !trace->far && !trace->target_first;
}

bool path_trace_next(struct path_trace *trace, struct hop_tag *tag)
{
	if (path_trace_is_sent(trace) || trace->under_way)
		return false;
	if (trace->next == trace->sparse && trace->next < trace->last && trace->round % 2 == 1)
		trace->next++;
	tag->far = trace->far && (trace->serial || trace->next > trace->last);
	tag->ttl = tag->far ? trace->max : trace->target_first ? trace->length : trace->next++;
	trace->target_first = false;
	tag->round = trace->round;
	trace->far = trace->far && !tag->far;
	trace->under_way = trace->serial;
	return true;
}

void path_trace_give_up(struct path_trace *trace)
{
	trace->next = trace->max + 1;
	trace->far = trace->under_way = trace->target_first = false;
}

bool path_trace_is_busy(const struct path_trace *trace)
{
	bool sent = path_trace_is_sent(trace);
	return (trace->serial && (trace->under_way || !sent)) || (trace->discovers && !sent);
}

static void settle(struct path_trace *trace, const struct hop_tag *tag)
{
	if (tag->round == trace->round)
		trace->under_way = false;
}

/* Nothing beyond needs to be probed. */
static void stop_at(struct path_trace *trace, uint8_t ttl)
{
	if (trace->last > ttl)
		trace->last = ttl;
	trace->far = false;
}

void path_trace_end(struct path_trace *trace, uint8_t ttl)
{
	trace->length = 0;
	trace->ended = ttl;
	stop_at(trace, ttl);
}

static bool take_target(struct path_trace *trace, const struct hop_tag *tag)
{
	if (tag->far) { /* how far it is is to be found out */
		if (trace->length == 0 && tag->round == trace->round)
			discover(trace);
		return false;
	}
	if (trace->length == 0 || tag->ttl < trace->length)
		trace->length = tag->ttl;
	trace->ended = 0;
	stop_at(trace, trace->length);
	return tag->ttl == trace->length;
}

static bool take_router(struct path_trace *trace, const struct hop_tag *tag)
{
	bool now = tag->round == trace->round;
	uint8_t end = trace->length ? trace->length : trace->ended;
	if (tag->far)
		return false;
	if (tag->ttl > trace->highest)
		trace->highest = tag->ttl;
	if (end == 0 || tag->ttl < end)
		return true;
	if (tag->ttl > end || !now)
		return false; /* of before it became shorter */
	trace->length = trace->ended = 0;
	discover(trace);
	return true;
}

static bool take_end(struct path_trace *trace, const struct hop_tag *tag)
{
	if (tag->far ||
		(trace->length != 0 && (tag->ttl > trace->length || tag->round != trace->round)))
		return false;
	trace->length = 0;
	if (trace->ended == 0 || tag->ttl < trace->ended)
		trace->ended = tag->ttl;
	stop_at(trace, trace->ended);
	return tag->ttl == trace->ended;
}

bool path_trace_answer(
	struct path_trace *trace, const struct hop_tag *tag, enum hop_answer_kind kind)
{
	settle(trace, tag);
	switch (kind) {
	case HOP_REACHED:
		return take_target(trace, tag);
	case HOP_EXCEEDED:
		return take_router(trace, tag);
	case HOP_REFUSED:
		return take_end(trace, tag);
	default:
		return false;
	}
}

bool path_trace_lost(struct path_trace *trace, const struct hop_tag *tag)
{
	settle(trace, tag);
	return !tag->far && tag->ttl <= path_trace_hops(trace);
}
