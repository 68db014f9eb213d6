/* session.c - targets of a source, their model, and what follows from it.
 *
 * A source calls in the middle of its work, where nothing may be added or removed: what changed is
 * queued there, and handled when the loop goes on. */
#include "sounder/session.h"

#include <stdlib.h>
#include <uv.h>

#include "model/model.h"
#include "session/journal_writer.h"
#include "session/model_clock.h"
#include "session/reactions.h"

#define LISTENERS_MAX 4

/* A target that went DOWN or came up. */
struct change {
	const struct sdr_target *target; /* held */
	enum sdr_state state;
};

struct sdr_session {
	struct sdr_session_source source;
	const struct sdr_settings *settings; /* borrowed */
	struct sdr_model *model;
	struct sdr_session_listener listeners[LISTENERS_MAX]; /* [listener_count] */
	unsigned listener_count;
	struct change *changes; /* [change_count] that nobody heard of yet; owned */
	uint32_t change_count, change_room;
	struct reactions reactions;
	struct journal_writer writer;
	struct model_clock clock;
	uv_timer_t quiet; /* moves the model on while no results come */
	uv_idle_t turn;   /* handles what is queued */
	unsigned closing; /* handles that are closing */
	bool services;    /* are noted */
};

/* ---- what changed ---- */

static void complain(void *context, const char *text)
{
	struct sdr_session *session = context;
	for (unsigned i = 0; i < session->listener_count; i++)
		if (session->listeners[i].complaint)
			session->listeners[i].complaint(session->listeners[i].context, text);
}

static void report(struct sdr_session *session, const struct change *change)
{
	const char *program = sdr_settings_text(session->settings,
		change->state == SDR_STATE_DOWN ? SDR_SET_DOWN_COMMAND : SDR_SET_UP_COMMAND);
	if (*program)
		sdr_reactions_run(&session->reactions, program, change->target);
	for (unsigned i = 0; i < session->listener_count; i++)
		if (session->listeners[i].state)
			session->listeners[i].state(
				session->listeners[i].context, change->target, change->state);
}

/* Listeners may cause changes: those have a turn of their own. */
static void report_changes(struct sdr_session *session)
{
	struct change *changes = session->changes;
	uint32_t count = session->change_count;
	session->changes = NULL;
	session->change_count = session->change_room = 0;
	for (uint32_t i = 0; i < count; i++) {
		report(session, &changes[i]);
		sdr_target_release(changes[i].target);
	}
	free(changes);
}

static void on_turn(uv_idle_t *turn)
{
	struct sdr_session *session = turn->data;
	uv_idle_stop(turn);
	report_changes(session);
	sdr_journal_writer_write(&session->writer, session->model);
}

static void wake(struct sdr_session *session)
{
	uv_idle_start(&session->turn, on_turn);
}

static bool make_room(struct sdr_session *session)
{
	if (session->change_count < session->change_room)
		return true;
	uint32_t room = session->change_room ? 2 * session->change_room : 16;
	struct change *changes = realloc(session->changes, room * sizeof(*changes));
	if (!changes)
		return false;
	session->changes = changes;
	session->change_room = room;
	return true;
}

static void on_state(
	void *context, const struct sdr_target *target, enum sdr_state from, enum sdr_state to)
{
	struct sdr_session *session = context;
	bool came = from == SDR_STATE_DOWN && to == SDR_STATE_UP; /* SLOW comes after it */
	wake(session); /* each change is an entry of the journal */
	if (to != SDR_STATE_DOWN && !came)
		return;
	if (!make_room(session)) {
		sdr_model_note(session->model, sdr_clock_wall(), SDR_TONE_BAD, target->typed,
			"nobody could be told: %s", sdr_status_text(SDR_ENOMEM));
		return;
	}
	session->changes[session->change_count++] = (struct change){sdr_target_hold(target), to};
	wake(session);
}

/* ---- the source's results ---- */

static void on_quiet(uv_timer_t *timer);

/* About once a second: along with results, so that a timer of its own need not wake the program,
 * and by the timer where none come. */
static void advance(struct sdr_session *session)
{
	sdr_model_clock_advance(&session->clock);
	if (sdr_journal_writer_has_work(&session->writer, session->model))
		wake(session);
	uv_timer_start(&session->quiet, on_quiet, 1500, 0);
}

static void on_quiet(uv_timer_t *timer)
{
	advance(timer->data);
}

static void before_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_session *session = context;
	(void)target;
	(void)result;
	if (sdr_model_clock_is_due(&session->clock))
		advance(session);
}

static enum sdr_status subscribe(struct sdr_session *session)
{
	struct sdr_sink first = {.context = session, .on_result = before_result},
			sink = sdr_model_sink(session->model);
	enum sdr_status status = session->source.sink_add(session->source.context, &first);
	if (status == SDR_OK)
		status = session->source.sink_add(session->source.context, &sink);
	return status;
}

/* ---- its life ---- */

static void on_closed(uv_handle_t *handle)
{
	struct sdr_session *session = handle->data;
	if (--session->closing == 0)
		free(session);
}

static void open_handles(struct sdr_session *session, uv_loop_t *loop)
{
	uv_timer_init(loop, &session->quiet);
	uv_idle_init(loop, &session->turn);
	session->quiet.data = session->turn.data = session;
	uv_unref((uv_handle_t *)&session->quiet);
}

struct sdr_session *sdr_session_new(struct uv_loop_s *loop, const struct sdr_session_source *source,
	const struct sdr_settings *settings)
{
	struct sdr_session *session = calloc(1, sizeof(*session));
	struct sdr_model *model = session ? sdr_model_new() : NULL;
	if (!model) {
		free(session);
		return NULL;
	}
	session->source = *source;
	session->settings = settings;
	session->model = model;
	session->clock.model = model;
	session->reactions = (struct reactions){.loop = loop, .model = model};
	session->writer = (struct journal_writer){.complain = complain, .context = session};
	open_handles(session, loop);
	sdr_model_listen(model, &(struct sdr_model_listener){session, on_state});
	sdr_session_settle(session);
	advance(session);
	if (subscribe(session) == SDR_OK)
		return session;
	sdr_session_free(session);
	return NULL;
}

void sdr_session_free(struct sdr_session *session)
{
	if (!session)
		return;
	session->source.sink_remove(session->source.context, session);
	session->source.sink_remove(session->source.context, session->model);
	sdr_journal_writer_close(&session->writer, session->model);
	sdr_reactions_close(&session->reactions);
	for (uint32_t i = 0; i < session->change_count; i++)
		sdr_target_release(session->changes[i].target);
	free(session->changes);
	sdr_model_free(session->model);
	session->closing = 2;
	uv_close((uv_handle_t *)&session->quiet, on_closed);
	uv_close((uv_handle_t *)&session->turn, on_closed);
}

struct sdr_model *sdr_session_model(struct sdr_session *session)
{
	return session->model;
}

struct sdr_limits sdr_session_limits(const struct sdr_settings *settings)
{
	return (struct sdr_limits){
		.losses = (unsigned)sdr_settings_number(settings, SDR_SET_LOSSES),
		.replies = (unsigned)sdr_settings_number(settings, SDR_SET_REPLIES),
		.slow = sdr_settings_number(settings, SDR_SET_SLOW),
		.loss = (unsigned)sdr_settings_number(settings, SDR_SET_LOSS),
	};
}

void sdr_session_settle(struct sdr_session *session)
{
	struct sdr_limits limits = sdr_session_limits(session->settings);
	sdr_model_set_limits(session->model, &limits);
}

enum sdr_status sdr_session_note_services(
	struct sdr_session *session, struct sdr_services *services)
{
	if (session->services)
		return SDR_OK;
	enum sdr_status status =
		sdr_services_sink_add(services, sdr_journal_note_service, session->model);
	session->services = status == SDR_OK;
	return status;
}

/* ---- commands ---- */

enum sdr_status sdr_session_add(struct sdr_session *session, const struct sdr_spec *spec,
	uint32_t *id, struct sdr_error *error)
{
	return session->source.add(session->source.context, spec, id, error);
}

enum sdr_status sdr_session_remove(struct sdr_session *session, uint32_t id)
{
	return session->source.remove(session->source.context, id);
}

enum sdr_status sdr_session_pause(struct sdr_session *session, uint32_t id, bool pause)
{
	return session->source.pause(session->source.context, id, pause);
}

enum sdr_status sdr_session_again(struct sdr_session *session, uint32_t id)
{
	return session->source.again(session->source.context, id);
}

enum sdr_status sdr_session_set_group(struct sdr_session *session, uint32_t id, const char *group)
{
	return session->source.set_group(session->source.context, id, group);
}

enum sdr_status sdr_session_reset(struct sdr_session *session, uint32_t id)
{
	uint32_t position = id == UINT32_MAX ? UINT32_MAX : sdr_model_position(session->model, id);
	if (id != UINT32_MAX && position == UINT32_MAX)
		return SDR_ENOENT;
	sdr_model_reset(session->model, position);
	return SDR_OK;
}

/* ---- who hears ---- */

enum sdr_status sdr_session_listen(
	struct sdr_session *session, const struct sdr_session_listener *listener)
{
	if (session->listener_count == LISTENERS_MAX)
		return SDR_ENOMEM;
	session->listeners[session->listener_count++] = *listener;
	return SDR_OK;
}

void sdr_session_ignore(struct sdr_session *session, void *context)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < session->listener_count; i++)
		if (session->listeners[i].context != context)
			session->listeners[kept++] = session->listeners[i];
	session->listener_count = kept;
}

enum sdr_status sdr_session_log(
	struct sdr_session *session, const char *path, struct sdr_error *error)
{
	enum sdr_status status = sdr_journal_writer_open(&session->writer, path, error);
	if (status == SDR_OK)
		wake(session);
	return status;
}

bool sdr_session_logs(const struct sdr_session *session)
{
	return session->writer.file;
}

enum sdr_status sdr_session_log_reopen(struct sdr_session *session, struct sdr_error *error)
{
	return sdr_journal_writer_reopen(&session->writer, error);
}
