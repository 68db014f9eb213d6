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
#include "sounder/session.h"
#include "sounder/settings.h"

struct uv_loop_s;
struct sdr_app;

/* Makes the app, with no part open. `privilege` and `commands` (sdr_commands) are borrowed for the
 * app's life. NULL when out of memory. */
struct sdr_app *sdr_app_new(
	const struct sdr_privilege *privilege, const struct sdr_command *const *commands);

/* Closes everything and runs the loop until it is empty. NULL is allowed. */
void sdr_app_free(struct sdr_app *app);

/* The parts, as bits. */
enum sdr_part {
	SDR_PART_LOOP = 1,
	SDR_PART_NAMES = 2,
	SDR_PART_ENGINE = 4,
	SDR_PART_SESSION = 8, /* and its model */
	SDR_PART_SERVICES = 16,
	SDR_PART_HOST = 32,
	SDR_PART_REGISTRY = 64,
	SDR_PART_LISTENERS = 128,
	SDR_PARTS_ALL = 255
};

/* Opens parts, those that they need before them; what is open already stays as it is. A pure lookup
 * opens nothing, the dashboard everything. ESYSTEM with `error`: without memory or descriptors;
 * what was opened before the one that failed stays open. */
SDR_MUST_CHECK enum sdr_status sdr_app_open(
	struct sdr_app *app, unsigned parts, struct sdr_error *error);

/* Return a part, NULL while it is not open; asking never opens it. It is the app's, and goes with
 * it. The model is the session's; listeners ask the kernel only when they are refreshed. */
struct uv_loop_s *sdr_app_loop(struct sdr_app *app);
struct sdr_engine *sdr_app_engine(struct sdr_app *app);
struct sdr_session *sdr_app_session(struct sdr_app *app);
struct sdr_model *sdr_app_model(struct sdr_app *app);
struct sdr_names *sdr_app_names(struct sdr_app *app);
struct sdr_services *sdr_app_services(struct sdr_app *app);
struct sdr_host *sdr_app_host(struct sdr_app *app);
struct sdr_registry *sdr_app_registry(struct sdr_app *app);
struct sdr_listeners *sdr_app_listeners(struct sdr_app *app);

/* Return what the app has from its start: never NULL, but for privileges that sdr_app_new got as
 * NULL. */
struct sdr_settings *sdr_app_settings(struct sdr_app *app);
const struct sdr_privilege *sdr_app_privilege(const struct sdr_app *app);

/* Carries the settings to the parts that are open: rate to the engine, limits to the session. `set`
 * calls it, and sdr_app_open. */
void sdr_app_settle(struct sdr_app *app);

/* Adds the screen's commands to the table, in place of those added before; `commands` ends with
 * NULL and is borrowed for the app's life. */
void sdr_app_register(struct sdr_app *app, const struct sdr_command *const *commands);

/* Returns the commands that were added; NULL: none were. */
const struct sdr_command *const *sdr_app_registered(const struct sdr_app *app);

#endif
