/* engine.c - targets, their schedule and their results.
 *
 * One timer drives everything: on each tick the pending changes are reported to the sinks, then the
 * probes that are due are started, a batch at a time, and the timer is set for when the pacing has
 * the next ones. */
#include "probe/engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "probe/address_group.h"
#include "probe/engine_internal.h"
#include "probe/engine_notify.h"
#include "probe/engine_owner.h"
#include "probe/engine_schedule.h"
#include "probe/fed_members.h"

#define RATE_DEFAULT 1000
/* Probes per tick; then the loop reads: a receive buffer holds 256 small packets by default, and a
 * probe makes two. */
#define BATCH 64

static void after_resolving(void *context, struct engine_target *target)
{
	sdr_engine_resolved(context, target);
	sdr_fed_follow(context, target);
}

static void on_group_answer(
	void *context, struct engine_target *target, const struct sdr_names_answer *answer)
{
	sdr_address_group_take(context, target, answer);
}

static void start_probe(struct sdr_engine *engine, struct engine_target *target, sdr_ns now)
{
	target->public->begun++;
	target->pending++;
	sdr_owner_begun(target);
	const struct probe_type *type = sdr_engine_type_of(target);
	enum sdr_status status = sdr_target_make_state(target->public, type->state_size);
	if (status == SDR_OK)
		status = type->start(
			engine->shared[target->type], target->public, target->public->begun, now);
	target->unbegun = status != SDR_OK;
	engine->unbegun_count += target->unbegun;
}

/* Reports the probes that could not be begun, after the whole batch: a sink may remove targets. */
static void report_unbegun(struct sdr_engine *engine, sdr_ns now)
{
	for (uint32_t id = 0; id < engine->targets.limit && engine->unbegun_count > 0; id++) {
		struct engine_target *target = engine->targets.by_id[id];
		if (!target || !target->unbegun)
			continue;
		target->unbegun = false;
		engine->unbegun_count--;
		struct sdr_result result = {.kind = SDR_RESULT_ANSWER,
			.outcome = SDR_OUTCOME_LOCAL,
			.sent = now,
			.rtt = SDR_NS_NONE};
		result.sequence = target->public->begun;
		result.why = sdr_status_text(SDR_ENOMEM);
		engine->env.emit(&engine->env, id, &result);
	}
}

static void flush_types(struct sdr_engine *engine, unsigned types, sdr_ns now)
{
	for (unsigned i = 0; types != 0; i++, types >>= 1) {
		if (types & 1 && engine->types[i]->flush)
			engine->types[i]->flush(engine->shared[i], now);
	}
}

static void start_again(struct sdr_engine *engine, sdr_ns now)
{
	unsigned types = 0;
	for (uint32_t id = 0; id < engine->targets.limit && engine->again_count > 0; id++) {
		struct engine_target *target = engine->targets.by_id[id];
		if (!target || !target->again)
			continue;
		sdr_engine_set_again(engine, target, false);
		start_probe(engine, target, now);
		types |= 1u << target->type;
	}
	flush_types(engine, types, now);
	report_unbegun(engine, now);
}

/* Whether its type wants no probe yet. */
static bool is_early(struct engine_target *target, sdr_ns now)
{
	target->later = target->later && now < sdr_target_found(target->public)->again_at;
	return target->later;
}

static void start_due(struct sdr_engine *engine, sdr_ns now)
{
	uint32_t ids[BATCH];
	uint32_t n = sdr_pace_pull(&engine->pace, now, ids, BATCH);
	unsigned types = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct engine_target *target = engine->targets.by_id[ids[i]];
		if (is_early(target, now))
			continue;
		start_probe(engine, target, now);
		types |= 1u << target->type;
		if (sdr_engine_all_begun(target))
			sdr_pace_remove(&engine->pace, ids[i]);
	}
	flush_types(engine, types, now);
	report_unbegun(engine, now);
}

static void tick(struct sdr_engine *engine)
{
	sdr_engine_notify_changes(engine);
	sdr_resolve_pump(&engine->resolver);
	sdr_ns now = sdr_clock_now();
	engine->wall_less_clock = sdr_clock_wall() - now;
	start_again(engine, now);
	start_due(engine, now);
	sdr_engine_arm(engine);
}

/* Of a name's addresses the target shows the one that answered. */
static void show_winner(struct engine_target *target, const struct sdr_result *result)
{
	const struct sdr_addr *addresses;
	unsigned count = sdr_target_addresses(target->public, &addresses);
	for (unsigned i = 0; count > 1 && i < count; i++)
		if (sdr_addr_compare(&addresses[i], &result->from.addr) == 0)
			target->public->addr = addresses[i];
}

static void on_emit(struct probe_env *env, uint32_t id, struct sdr_result *result)
{
	struct sdr_engine *engine = (struct sdr_engine *)env;
	struct engine_target *target = sdr_targets_find(&engine->targets, id);
	if (!target)
		return;
	show_winner(target, result);
	sdr_engine_deliver(engine, target, result);
	if (result->kind != SDR_RESULT_ANSWER)
		return;
	assert(target->pending > 0);
	target->pending--;
	if (target->pending == 0 && sdr_engine_all_begun(target) &&
		target->public->phase != SDR_PHASE_FINISHED) {
		sdr_engine_set_phase(engine, target, SDR_PHASE_FINISHED);
		sdr_fed_follow(engine, target);
		sdr_engine_arm(engine);
	}
}

static void on_again_at(struct probe_env *env, uint32_t id, sdr_ns when)
{
	struct engine_target *target = sdr_targets_find(&((struct sdr_engine *)env)->targets, id);
	struct target_known *known = target ? sdr_target_find(target->public) : NULL;
	if (known) /* without memory it is probed sooner */
		known->again_at = when;
	if (known)
		target->later = true;
}

static void on_rescope(struct probe_env *env, uint32_t id, uint32_t scope_id)
{
	struct engine_target *target = sdr_targets_find(&((struct sdr_engine *)env)->targets, id);
	if (target)
		target->public->addr.scope_id = scope_id;
}

struct sdr_engine *sdr_engine_new(
	uv_loop_t *loop, struct sdr_names *names, const struct sdr_privilege *privilege)
{
	struct sdr_engine *engine = calloc(1, sizeof(*engine));
	if (!engine)
		return NULL;
	engine->env = (struct probe_env){.loop = loop,
		.names = names,
		.privilege = privilege,
		.emit = on_emit,
		.emit_member = sdr_fed_emit,
		.remove_member = sdr_fed_remove,
		.again_at = on_again_at,
		.pace = &engine->pace,
		.rescope = on_rescope};
	uv_timer_init(loop, &engine->timer);
	engine->timer.data = engine;
	uv_idle_init(loop, &engine->now);
	engine->now.data = engine;
	engine->turn = tick;
	sdr_pace_init(&engine->pace, RATE_DEFAULT);
	sdr_resolve_init(&engine->resolver, loop, names);
	engine->resolver.done = after_resolving;
	engine->resolver.on_group_answer = on_group_answer;
	engine->resolver.context = engine;
	return engine;
}

static void on_closed(uv_handle_t *handle)
{
	struct sdr_engine *engine = handle->data;
	if (--engine->closing == 0)
		free(engine);
}

void sdr_engine_free(struct sdr_engine *engine)
{
	if (!engine)
		return;
	for (uint32_t id = 0; id < engine->targets.limit; id++) {
		struct engine_target *target = engine->targets.by_id[id];
		if (!target)
			continue;
		sdr_resolve_remove(&engine->resolver, target);
		if (!target->removed)
			sdr_engine_stop(engine, target);
		sdr_targets_free(target);
	}
	for (unsigned i = 0; i < engine->type_count; i++)
		if (engine->types[i]->close)
			engine->types[i]->close(engine->shared[i]);
	sdr_targets_done(&engine->targets);
	sdr_spec_release(engine->latest);
	sdr_pace_done(&engine->pace);
	engine->resolver.timer.data = engine;
	uv_handle_t *handles[] = {(uv_handle_t *)&engine->timer, (uv_handle_t *)&engine->now,
		(uv_handle_t *)&engine->resolver.timer};
	engine->closing = sizeof(handles) / sizeof(*handles);
	for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++)
		uv_close(handles[i], on_closed);
}

/* Finds the type's number in the engine; a new one is opened. */
static enum sdr_status open_type(struct sdr_engine *engine, const struct probe_type *type,
	unsigned *number, struct sdr_error *error)
{
	unsigned i = 0;
	while (i < engine->type_count && engine->types[i] != type)
		i++;
	*number = i;
	if (i < engine->type_count)
		return SDR_OK;
	assert(i < TYPES_MAX);
	enum sdr_status status =
		type->open ? type->open(&engine->env, &engine->shared[i], error) : SDR_OK;
	if (status != SDR_OK)
		return status;
	engine->types[engine->type_count++] = type;
	return SDR_OK;
}

static void begin(struct sdr_engine *engine, struct engine_target *target)
{
	target->public->phase = SDR_PHASE_RESOLVING;
	sdr_engine_notify(engine, target, SDR_TARGET_ADDED);
	if (!target->public->spec->type->by_address) {
		sdr_engine_set_going(engine, target);
	} else if (sdr_resolve_literal(&engine->resolver, target)) {
		if (target->public->phase == SDR_PHASE_FAILED)
			sdr_engine_notify(engine, target, SDR_TARGET_CHANGED);
		else
			sdr_engine_set_going(engine, target);
	} else if (sdr_resolve_add(&engine->resolver, target, 0) != SDR_OK) {
		sdr_resolve_fail(target, SDR_OUTCOME_LOCAL, sdr_status_text(SDR_ENOMEM));
		sdr_engine_notify(engine, target, SDR_TARGET_CHANGED);
	}
}

enum sdr_status sdr_engine_add_owned(struct sdr_engine *engine, const struct sdr_spec *spec,
	struct sdr_owner *owner, uint32_t *id, struct sdr_error *error)
{
	enum sdr_status status = sdr_spec_check(spec, error);
	const struct probe_type *type = (const struct probe_type *)spec->type;
	if (status == SDR_OK && type->check)
		status = type->check(spec, error);
	unsigned index = 0;
	if (status == SDR_OK)
		status = open_type(engine, type, &index, error);
	if (status == SDR_ENOMEM)
		sdr_error_set(error, 0, "%s", sdr_status_text(status));
	if (status)
		return status;
	struct engine_target *target = sdr_targets_make(spec, engine->latest);
	if (target && sdr_address_group_begin(engine, target) != SDR_OK) {
		sdr_targets_free(target);
		target = NULL;
	}
	if (!target || sdr_engine_place(engine, target) != SDR_OK) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	target->type = (uint8_t)index;
	sdr_owner_take(target, owner);
	sdr_spec_hold(&engine->latest, sdr_target_share(target->public));
	begin(engine, target);
	sdr_engine_arm(engine);
	if (id)
		*id = target->public->id;
	return SDR_OK;
}

enum sdr_status sdr_engine_add(struct sdr_engine *engine, const struct sdr_spec *spec, uint32_t *id,
	struct sdr_error *error)
{
	return sdr_engine_add_owned(engine, spec, NULL, id, error);
}

void sdr_engine_release(struct sdr_engine *engine, struct sdr_owner *owner)
{
	for (uint32_t id = 0; id < engine->targets.limit; id++) {
		struct engine_target *target = engine->targets.by_id[id];
		if (!target || target->owner != owner)
			continue;
		if (!target->removed)
			sdr_engine_drop(engine, target, "");
		target->owner = NULL;
		target->orphan = true;
	}
}

enum sdr_status sdr_engine_remove(struct sdr_engine *engine, uint32_t id)
{
	struct engine_target *target = sdr_targets_find(&engine->targets, id), *other;
	if (!target)
		return SDR_ENOENT;
	while ((other = sdr_set_other(target)))
		sdr_engine_drop(engine, other, "");
	sdr_engine_drop(engine, target, "");
	return SDR_OK;
}

enum sdr_status sdr_engine_again(struct sdr_engine *engine, uint32_t id)
{
	struct engine_target *target = sdr_fed_driver(sdr_targets_find(&engine->targets, id));
	if (!target)
		return SDR_ENOENT;
	if (target->public->phase == SDR_PHASE_FAILED && !target->hopeless) {
		if (sdr_resolve_add(&engine->resolver, target, 0) != SDR_OK)
			return SDR_ENOMEM;
		target->lookup->failures = 0;
		sdr_engine_set_phase(engine, target, SDR_PHASE_RESOLVING);
	} else if (target->public->phase == SDR_PHASE_FINISHED) {
		sdr_engine_set_phase(engine, target, SDR_PHASE_RUNNING);
		sdr_fed_follow(engine, target);
		sdr_engine_set_again(engine, target, true);
	} else if (target->public->phase == SDR_PHASE_RUNNING ||
		target->public->phase == SDR_PHASE_PAUSED) {
		sdr_engine_set_again(engine, target, true);
	}
	sdr_engine_arm(engine);
	return SDR_OK;
}

enum sdr_status sdr_engine_pause(struct sdr_engine *engine, uint32_t id, bool pause)
{
	struct engine_target *target = sdr_fed_driver(sdr_targets_find(&engine->targets, id));
	if (!target)
		return SDR_ENOENT;
	target->paused = pause;
	if (pause && target->public->phase == SDR_PHASE_RUNNING) {
		sdr_pace_remove(&engine->pace, target->public->id);
		sdr_engine_set_phase(engine, target, SDR_PHASE_PAUSED);
	} else if (!pause && target->public->phase == SDR_PHASE_PAUSED) {
		sdr_engine_set_going(engine, target);
	}
	sdr_fed_follow(engine, target);
	sdr_engine_arm(engine);
	return SDR_OK;
}

static enum sdr_status set_group(
	struct sdr_engine *engine, struct engine_target *target, const char *group)
{
	struct sdr_spec spec = *target->public->spec;
	struct spec_share *old = sdr_target_share(target->public);
	spec.group = group;
	struct spec_share *share = sdr_spec_share(&spec, engine->latest);
	if (!share)
		return SDR_ENOMEM;
	target->public->spec = &share->spec;
	sdr_spec_hold(&engine->latest, share); /* the next one may get the same label */
	sdr_spec_release(old);
	sdr_engine_notify(engine, target, SDR_TARGET_CHANGED);
	return SDR_OK;
}

enum sdr_status sdr_engine_set_group(struct sdr_engine *engine, uint32_t id, const char *group)
{
	struct engine_target *target = sdr_targets_find(&engine->targets, id);
	if (!target)
		return SDR_ENOENT;
	const struct engine_set *all = sdr_set_of(target);
	enum sdr_status status = SDR_OK;
	for (struct engine_target *at = all ? all->first : target; at && status == SDR_OK;
		at = all ? sdr_set_next(at) : NULL)
		status = set_group(engine, at, group);
	sdr_engine_arm(engine);
	return status;
}

void sdr_engine_set_rate(struct sdr_engine *engine, uint32_t per_second)
{
	sdr_pace_set_rate(&engine->pace, per_second);
	sdr_engine_arm(engine);
}
