/* app.h (internal) - what the command line's files have of the app beyond sounder/app.h. */
#ifndef SOUNDER_SRC_APP_H
#define SOUNDER_SRC_APP_H

struct sdr_app;
struct sdr_arena;
struct sdr_command;

/* The core's commands, as sdr_app_new got them. */
const struct sdr_command *const *sdr_app_commands(const struct sdr_app *app);

/* The last completion, owned by the app. */
struct sdr_arena **sdr_app_scratch(struct sdr_app *app);

#endif
