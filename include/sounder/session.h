/* session.h - what watches, with or without a screen: targets of a source, the model that is fed
 * with their results, and what is done when one of them changes its state.
 *
 * Fronts, recorders and exporters hold a session. All is called from the loop's thread, and nothing
 * of a session from within a sink of its source. */
#ifndef SOUNDER_SESSION_H
#define SOUNDER_SESSION_H

#include "sounder/engine.h"
#include "sounder/model.h"
#include "sounder/service.h"
#include "sounder/settings.h"

struct uv_loop_s;
struct sdr_session;

/* Where targets and results come from. Its verbs do what the engine's of that name do; all
 * mandatory. */
struct sdr_session_source {
	void *context;
	enum sdr_status (*add)(
		void *context, const struct sdr_spec *spec, uint32_t *id, struct sdr_error *error);
	enum sdr_status (*remove)(void *context, uint32_t id);
	enum sdr_status (*pause)(void *context, uint32_t id, bool pause);
	enum sdr_status (*again)(void *context, uint32_t id);
	enum sdr_status (*set_group)(void *context, uint32_t id, const char *group);
	enum sdr_status (*sink_add)(void *context, const struct sdr_sink *sink);
	void (*sink_remove)(void *context, void *sink_context);
};

/* Returns the engine as a source; it is borrowed. */
struct sdr_session_source sdr_engine_source(struct sdr_engine *engine);

/* Who hears of a session. Callbacks come from the loop only; each may be NULL. They may do anything
 * but free the session. */
struct sdr_session_listener {
	void *context;
	/* A target went DOWN or came up again; borrowed for the call. Once for each, in order. */
	void (*state)(void *context, const struct sdr_target *target, enum sdr_state state);
	/* Something of the session's own does not work, and was tried: one line. */
	void (*complaint)(void *context, const char *text);
};

/* Makes a session of a source with the present settings, which is borrowed, as `loop` is. NULL when
 * out of memory. It keeps no loop from ending. */
struct sdr_session *sdr_session_new(struct uv_loop_s *loop, const struct sdr_session_source *source,
	const struct sdr_settings *settings);

/* Writes what is still to be written, stops hearing of the source, and frees; programs that run are
 * left alone. Before the source; the memory goes when the loop goes on. NULL is allowed. */
void sdr_session_free(struct sdr_session *session);

/* Returns its model, which is as old as the session. */
struct sdr_model *sdr_session_model(struct sdr_session *session);

/* Returns what makes a state, as the settings have it. */
struct sdr_limits sdr_session_limits(const struct sdr_settings *settings);

/* Takes the settings over: thresholds now, the rest when it is used. */
void sdr_session_settle(struct sdr_session *session);

/* Has the events of servers noted in the journal, but for answered requests, which would flood it.
 * Once. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_session_note_services(
	struct sdr_session *session, struct sdr_services *services);

/* Pass on to the source, and return what it does: see sdr_engine_add and the others. */
SDR_MUST_CHECK enum sdr_status sdr_session_add(struct sdr_session *session,
	const struct sdr_spec *spec, uint32_t *id, struct sdr_error *error);
enum sdr_status sdr_session_remove(struct sdr_session *session, uint32_t id);
enum sdr_status sdr_session_pause(struct sdr_session *session, uint32_t id, bool pause);
enum sdr_status sdr_session_again(struct sdr_session *session, uint32_t id);
SDR_MUST_CHECK enum sdr_status sdr_session_set_group(
	struct sdr_session *session, uint32_t id, const char *group);

/* Forgets the figures of one target, or of all (UINT32_MAX). ENOENT. */
enum sdr_status sdr_session_reset(struct sdr_session *session, uint32_t id);

/* Adds a listener; it is copied. ENOMEM: there are four already. */
SDR_MUST_CHECK enum sdr_status sdr_session_listen(
	struct sdr_session *session, const struct sdr_session_listener *listener);

/* Takes all listeners with that context away; none is called any more. */
void sdr_session_ignore(struct sdr_session *session, void *context);

/* Has each entry of the journal from now on appended to a file, with those that are there already;
 * it is made with mode 0600. What can't be written is kept, up to 64 KiB, and tried again; the
 * listeners hear of it once. Errors as sdr_file_open_append's; ENOMEM; EINVAL: there is one
 * already. */
SDR_MUST_CHECK enum sdr_status sdr_session_log(
	struct sdr_session *session, const char *path, struct sdr_error *error);

/* Whether there is such a file. */
bool sdr_session_logs(const struct sdr_session *session);

/* Opens that file again, since the old one was moved away. ENOENT: there is none. Else, with
 * `error`, the old one stays in use. */
SDR_MUST_CHECK enum sdr_status sdr_session_log_reopen(
	struct sdr_session *session, struct sdr_error *error);

#endif
