/* app.h - the wiring: one loop and the parts on it. Functions below take the part they need, not
 * the app. */
#ifndef SOUNDER_APP_H
#define SOUNDER_APP_H

#include <stdbool.h>

#include "sounder/command.h"
#include "sounder/engine.h"
#include "sounder/host.h"
#include "sounder/listeners.h"
#include "sounder/model.h"
#include "sounder/names.h"
#include "sounder/privilege.h"
#include "sounder/registry.h"
#include "sounder/service.h"
#include "sounder/settings.h"

struct uv_loop_s;
struct sdr_app;

/* Makes the app; the loop and each part are made when first asked for, so that a pure lookup opens
 * nothing. `privilege` is borrowed for the app's life. NULL when out of memory. */
struct sdr_app *sdr_app_new(const struct sdr_privilege *privilege);

/* Closes everything and runs the loop until it is empty. */
void sdr_app_free(struct sdr_app *app);

/* The parts. Never NULL: without memory or descriptors for one, the process prints an error and
 * exits with 2. */
struct uv_loop_s *sdr_app_loop(struct sdr_app *app);
struct sdr_engine *sdr_app_engine(struct sdr_app *app);
struct sdr_model *sdr_app_model(
	struct sdr_app *app); /* fed by the engine once sdr_app_watch_model was called */
struct sdr_names *sdr_app_names(struct sdr_app *app);
struct sdr_services *sdr_app_services(struct sdr_app *app);
struct sdr_host *sdr_app_host(struct sdr_app *app);
struct sdr_registry *sdr_app_registry(struct sdr_app *app);
struct sdr_listeners *sdr_app_listeners(
	struct sdr_app *app); /* asks the kernel only when refreshed */
struct sdr_settings *sdr_app_settings(struct sdr_app *app);
const struct sdr_privilege *sdr_app_privilege(const struct sdr_app *app);

/* Feeds the model from engine and services (the dashboard wants it; subcommands do not). */
SDR_MUST_CHECK enum sdr_status sdr_app_watch_model(struct sdr_app *app);

/* Carries the settings to the parts that exist (the engine's ceiling and the like); `set` calls
 * it. */
void sdr_app_settle(struct sdr_app *app);

/* Adds the screen's commands to the table; `commands` ends with NULL and is borrowed for the app's
 * life. */
void sdr_app_register(struct sdr_app *app, const struct sdr_command *const *commands);
const struct sdr_command *const *sdr_app_registered(const struct sdr_app *app);

/* The shell's front: runs a call to its end on the loop, printing, and returns the exit code. */
enum sdr_exit sdr_shell_run(
	struct sdr_app *app, const struct sdr_call *call, struct sdr_out *out, struct sdr_out *err);

/* How to read a config file. */
struct sdr_config {
	const char *file;   /* NULL: /etc/sounder.conf, then the user's, where they exist */
	bool only_settings; /* just the `set` lines (subcommands) */
	enum sdr_status (*run)(void *context, const struct sdr_call *call, struct sdr_error *error);
	void (*complain)(void *context,
		const char *message); /* "FILE:LINE:COLUMN: the error; what would be right" */
	void *context;
};

/* Runs a config's lines in order; each bad line goes to `complain`, and the rest still runs.
 * ESYSTEM if a named file can't be read. */
SDR_MUST_CHECK enum sdr_status sdr_config_run(
	struct sdr_app *app, const struct sdr_config *config, struct sdr_error *error);

#endif
