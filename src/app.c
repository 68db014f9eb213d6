/* app.c - the wiring. Each part is opened by the code that needs it, so that `mask` or `port` open
 * no socket and start no library. */
#include "sounder/app.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#include "app.h"
#include "base/arena.h"
#include "dns/names.h"
#include "host/machine.h"
#include "probe/engine.h"
#include "probe/probe_type.h"
#include "serve/serving.h"
#include "sounder/session.h"

struct sdr_app {
	const struct sdr_privilege *privilege;       /* borrowed */
	const struct sdr_command *const *commands;   /* the core's; borrowed */
	const struct sdr_command *const *registered; /* the screen's; borrowed, may be NULL */
	struct sdr_settings *settings;
	struct sdr_arena *scratch; /* the last completion's candidates */
	uv_loop_t loop;
	unsigned open;           /* of enum sdr_part */
	struct sdr_names *names; /* this and below: NULL until opened */
	struct sdr_engine *engine;
	struct sdr_services *services;
	struct sdr_host *host;
	struct sdr_registry *registry;
	struct sdr_listeners *listeners;
	struct sdr_session *session;
};

#define DESCRIPTORS 16 /* what the loop and one probe take */

/* libuv aborts where the pipe of its signals can't be made, so whether there is room is tried
 * before. */
static bool has_descriptors(struct sdr_error *error)
{
	int kept[DESCRIPTORS], count = 0;
	while (count < DESCRIPTORS && (kept[count] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) >= 0)
		count++;
	bool enough = count == DESCRIPTORS;
	while (count > 0)
		close(kept[--count]);
	if (!enough)
		sdr_error_set(error, 0,
			"too few files may be open here (%ld); "
			"\"ulimit -n 64\" or more would be right",
			sysconf(_SC_OPEN_MAX));
	return enough;
}

struct sdr_app *sdr_app_new(
	const struct sdr_privilege *privilege, const struct sdr_command *const *commands)
{
	struct sdr_app *app = calloc(1, sizeof(*app));
	if (!app)
		return NULL;
	app->privilege = privilege;
	app->commands = commands;
	app->settings = sdr_settings_new();
	if (!app->settings) {
		free(app);
		return NULL;
	}
	return app;
}

void sdr_app_free(struct sdr_app *app)
{
	if (!app)
		return;
	/* Who uses a part goes before it; a session notes what its servers do to their end. */
	if (app->services)
		sdr_services_free(app->services);
	sdr_session_free(app->session);
	if (app->engine)
		sdr_engine_free(app->engine);
	if (app->host)
		sdr_host_free(app->host);
	if (app->names)
		sdr_names_free(app->names);
	if (app->open & SDR_PART_LOOP) {
		uv_run(&app->loop, UV_RUN_DEFAULT);
		uv_loop_close(&app->loop);
	}
	sdr_registry_free(app->registry);
	sdr_listeners_free(app->listeners);
	sdr_settings_free(app->settings);
	sdr_arena_free(app->scratch);
	free(app);
}

static bool open_loop(struct sdr_app *app)
{
	return uv_loop_init(&app->loop) == 0;
}

static bool open_names(struct sdr_app *app)
{
	return (app->names = sdr_names_new(&app->loop));
}

static bool open_engine(struct sdr_app *app)
{
	return (app->engine = sdr_engine_new(&app->loop, app->names, app->privilege));
}

/* Its servers' events are noted by the session, whichever comes first. */
static bool connect_services(struct sdr_app *app)
{
	return !app->session || !app->services ||
		sdr_session_note_services(app->session, app->services) == SDR_OK;
}

static bool open_services(struct sdr_app *app)
{
	app->services = sdr_services_new(&app->loop, app->privilege);
	if (!app->services || connect_services(app))
		return app->services;
	sdr_services_free(app->services);
	app->services = NULL;
	return false;
}

static bool open_session(struct sdr_app *app)
{
	struct sdr_session_source source = sdr_engine_source(app->engine);
	app->session = sdr_session_new(&app->loop, &source, app->settings);
	if (!app->session || connect_services(app))
		return app->session;
	sdr_session_free(app->session);
	app->session = NULL;
	return false;
}

static bool open_host(struct sdr_app *app)
{
	return (app->host = sdr_host_new(&app->loop));
}

static bool open_registry(struct sdr_app *app)
{
	return (app->registry = sdr_registry_new());
}

static bool open_listeners(struct sdr_app *app)
{
	return (app->listeners = sdr_listeners_new(app->privilege));
}

/* In the order in which they need each other. */
static const struct {
	enum sdr_part part;
	unsigned needs; /* parts before it */
	bool (*open)(struct sdr_app *app);
	const char *name;
} openers[] = {
	{SDR_PART_LOOP, 0, open_loop, "the event loop"},
	{SDR_PART_NAMES, SDR_PART_LOOP, open_names, "the resolver"},
	{SDR_PART_ENGINE, SDR_PART_LOOP | SDR_PART_NAMES, open_engine, "the probes' engine"},
	{SDR_PART_SESSION, SDR_PART_LOOP | SDR_PART_NAMES | SDR_PART_ENGINE, open_session,
		"the session"},
	{SDR_PART_SERVICES, SDR_PART_LOOP, open_services, "the servers"},
	{SDR_PART_HOST, SDR_PART_LOOP, open_host, "the view of this host"},
	{SDR_PART_REGISTRY, 0, open_registry, "the registry of ports"},
	{SDR_PART_LISTENERS, 0, open_listeners, "the view of who listens"},
};
#define OPENERS (sizeof(openers) / sizeof(*openers))

enum sdr_status sdr_app_open(struct sdr_app *app, unsigned parts, struct sdr_error *error)
{
	for (size_t i = OPENERS; i-- > 0;)
		if (parts & openers[i].part)
			parts |= openers[i].needs;
	parts &= ~app->open;
	if (!parts)
		return SDR_OK;
	if (parts & SDR_PART_LOOP && !has_descriptors(error))
		return SDR_ESYSTEM;
	for (size_t i = 0; i < OPENERS; i++) {
		if (!(parts & openers[i].part))
			continue;
		if (!openers[i].open(app)) {
			sdr_error_set(error, 0, "%s can't be set up: out of memory or descriptors",
				openers[i].name);
			return SDR_ESYSTEM;
		}
		app->open |= openers[i].part;
	}
	if (parts & (SDR_PART_ENGINE | SDR_PART_SESSION))
		sdr_app_settle(app);
	return SDR_OK;
}

struct uv_loop_s *sdr_app_loop(struct sdr_app *app)
{
	return app->open & SDR_PART_LOOP ? &app->loop : NULL;
}

struct sdr_names *sdr_app_names(struct sdr_app *app)
{
	return app->names;
}

struct sdr_engine *sdr_app_engine(struct sdr_app *app)
{
	return app->engine;
}

struct sdr_session *sdr_app_session(struct sdr_app *app)
{
	return app->session;
}

struct sdr_model *sdr_app_model(struct sdr_app *app)
{
	return app->session ? sdr_session_model(app->session) : NULL;
}

struct sdr_services *sdr_app_services(struct sdr_app *app)
{
	return app->services;
}

struct sdr_host *sdr_app_host(struct sdr_app *app)
{
	return app->host;
}

struct sdr_registry *sdr_app_registry(struct sdr_app *app)
{
	return app->registry;
}

struct sdr_listeners *sdr_app_listeners(struct sdr_app *app)
{
	return app->listeners;
}

struct sdr_settings *sdr_app_settings(struct sdr_app *app)
{
	return app->settings;
}

const struct sdr_privilege *sdr_app_privilege(const struct sdr_app *app)
{
	return app->privilege;
}

void sdr_app_settle(struct sdr_app *app)
{
	const struct sdr_settings *settings = app->settings;
	if (app->engine)
		sdr_engine_set_rate(
			app->engine, (uint32_t)sdr_settings_number(settings, SDR_SET_RATE));
	if (app->session)
		sdr_session_settle(app->session);
}

void sdr_app_register(struct sdr_app *app, const struct sdr_command *const *commands)
{
	app->registered = commands;
}

const struct sdr_command *const *sdr_app_registered(const struct sdr_app *app)
{
	return app->registered;
}

const struct sdr_command *const *sdr_app_commands(const struct sdr_app *app)
{
	return app->commands;
}

struct sdr_arena **sdr_app_scratch(struct sdr_app *app)
{
	return &app->scratch;
}
