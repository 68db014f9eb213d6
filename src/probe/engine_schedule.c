/* engine_schedule.c - the phases of targets, and when the engine has its next turn: what the engine
 * and the address groups do alike. */
#include "probe/engine_schedule.h"

#include "probe/engine_owner.h"

static void on_tick(uv_timer_t *timer)
{
	struct sdr_engine *engine = timer->data;
	engine->turn(engine);
}

static void on_now(uv_idle_t *idle)
{
	struct sdr_engine *engine = idle->data;
	engine->turn(engine);
}

/* Schedules the next tick at once, or after `wait`; SDR_NS_NONE: not at all. */
static void set_tick(struct sdr_engine *engine, sdr_ns wait)
{
	if (wait == 0 && uv_is_active((uv_handle_t *)&engine->now))
		return;
	uv_idle_stop(&engine->now);
	uv_timer_stop(&engine->timer);
	if (wait == 0) {
		uv_idle_start(&engine->now, on_now);
	} else if (wait != SDR_NS_NONE) {
		uv_update_time(engine->env.loop);
		uv_timer_start(&engine->timer, on_tick, (uint64_t)(wait + SDR_MS - 1) / SDR_MS, 0);
	}
}

void sdr_engine_arm(struct sdr_engine *engine)
{
	if (engine->changed_first || engine->again_count > 0) {
		set_tick(engine, 0);
		return;
	}
	sdr_ns now = sdr_clock_now();
	sdr_ns wake = sdr_pace_wake(&engine->pace, now);
	set_tick(engine, wake == SDR_NS_NONE ? wake : wake > now ? wake - now : 0);
}

void sdr_engine_notify(
	struct sdr_engine *engine, struct engine_target *target, enum sdr_target_event event)
{
	target->changes |= (uint8_t)(1u << event);
	if (!target->in_changed) {
		target->in_changed = true;
		target->next_changed = NULL;
		*(engine->changed_last ? &engine->changed_last->next_changed
				       : &engine->changed_first) = target;
		engine->changed_last = target;
	}
	bool live = !target->removed && target->public->phase != SDR_PHASE_FINISHED &&
		!(target->public->phase == SDR_PHASE_FAILED && target->public->spec->count != 0);
	engine->running += (uint32_t)live - (uint32_t)target->live;
	target->live = live;
	if (!live)
		sdr_owner_begun(target);
}

void sdr_engine_set_phase(
	struct sdr_engine *engine, struct engine_target *target, enum sdr_phase phase)
{
	if (phase != SDR_PHASE_FAILED)
		target->public->why = "";
	target->public->phase = phase;
	sdr_engine_notify(engine, target,
		phase == SDR_PHASE_FINISHED ? SDR_TARGET_FINISHED : SDR_TARGET_CHANGED);
}

void sdr_engine_set_again(struct sdr_engine *engine, struct engine_target *target, bool again)
{
	engine->again_count += (uint32_t)again - (uint32_t)target->again;
	target->again = again;
}

void sdr_engine_set_going(struct sdr_engine *engine, struct engine_target *target)
{
	sdr_engine_set_phase(engine, target, target->paused ? SDR_PHASE_PAUSED : SDR_PHASE_RUNNING);
	if (target->paused || sdr_engine_all_begun(target) ||
		sdr_pace_has(&engine->pace, target->public->id))
		return;
	if (sdr_pace_add(&engine->pace, target->public->id, target->public->spec->interval,
		    target->public->owned) != SDR_OK) {
		sdr_resolve_fail(target, SDR_OUTCOME_LOCAL, sdr_status_text(SDR_ENOMEM));
		sdr_engine_notify(engine, target, SDR_TARGET_CHANGED);
	}
}

void sdr_engine_resolved(struct sdr_engine *engine, struct engine_target *target)
{
	if (target->public->phase != SDR_PHASE_FAILED) {
		sdr_engine_set_going(engine, target);
	} else {
		sdr_pace_remove(&engine->pace,
			target->public->id); /* it may have been probed at another address */
		sdr_engine_notify(engine, target, SDR_TARGET_CHANGED);
		if (target->public->spec->count == 0 && !target->hopeless)
			(void)sdr_resolve_add(
				&engine->resolver, target, sdr_resolve_backoff(target));
	}
	sdr_engine_arm(engine);
}

enum sdr_status sdr_engine_place(struct sdr_engine *engine, struct engine_target *target)
{
	uint32_t taken = 0;
	if (sdr_targets_take(&engine->targets, &taken) != SDR_OK) {
		sdr_targets_free(target);
		return SDR_ENOMEM;
	}
	target->public->id = taken;
	engine->targets.by_id[taken] = target;
	sdr_set_placed(target);
	return SDR_OK;
}

struct engine_target *sdr_engine_add_like(struct sdr_engine *engine, struct engine_set *set,
	const struct engine_target *like, const char *role)
{
	struct sdr_spec spec = *like->public->spec;
	spec.target = like->public->typed;
	spec.host = like->public->host;
	spec.port = like->public->port;
	struct engine_target *target = sdr_targets_make(&spec, sdr_target_share(like->public));
	if (!target)
		return NULL;
	enum sdr_status status = sdr_set_enter(set, target);
	if (status == SDR_OK)
		sdr_target_set_role(target->public, role);
	if (status != SDR_OK || (role && !sdr_target_role(target->public))) {
		sdr_targets_free(target);
		return NULL;
	}
	if (sdr_engine_place(engine, target) != SDR_OK)
		return NULL;
	target->type = like->type;
	target->paused = like->paused;
	sdr_owner_take(target, like->owner);
	return target;
}

void sdr_engine_stop(struct sdr_engine *engine, struct engine_target *target)
{
	const struct probe_type *type = sdr_engine_type_of(target);
	bool begun = target->public->begun > 0 && !target->fed;
	sdr_target_keep_summary(target->public, target->public);
	if (begun && (type->state_size == 0 || sdr_target_state(target->public)))
		type->stop(engine->shared[target->type], target->public);
	sdr_target_free_state(target->public);
}

void sdr_engine_drop(struct sdr_engine *engine, struct engine_target *target, const char *why)
{
	sdr_pace_remove(&engine->pace, target->public->id);
	sdr_resolve_remove(&engine->resolver, target);
	sdr_engine_set_again(engine, target, false);
	sdr_engine_stop(engine, target);
	target->removed = true;
	target->public->why = why;
	/* Other pending changes are dropped, unless its ADDED was not reported yet. */
	target->changes &= 1u << SDR_TARGET_ADDED;
	sdr_engine_notify(engine, target, SDR_TARGET_REMOVED);
	sdr_set_leave(target);
	sdr_engine_arm(engine);
}
