/* repeat.c - the options that probing commands share: how often, until when. */
#include "cmd/repeat.h"

#include <string.h>

#include "sounder/app.h"

sdr_ns sdr_repeat_interval(const struct sdr_call *call)
{
	bool again = sdr_call_has(call, "interval") || sdr_call_has(call, "until") ||
		sdr_call_number(call, "count", 0) > 1;
	return again ? sdr_call_number(call, "interval", SDR_SECOND) : 0;
}

static enum sdr_status take_until(
	const struct sdr_call *call, struct sdr_watch *watch, struct sdr_error *error)
{
	const char *word = sdr_call_text(call, "until");
	if (!word && sdr_call_has(call, "losses")) {
		sdr_error_set(error, 0,
			"--losses says when --until is reached; without that, "
			"\"set losses\" in the configuration file is what counts");
		return SDR_EINVAL;
	}
	if (!word)
		return SDR_OK;
	bool up = strcmp(word, "up") == 0;
	if (!up && strcmp(word, "down") != 0) {
		sdr_error_set(error, 0, "--until %.40s: up or down is right, see \"help %s\"", word,
			call->command->name);
		return SDR_EINVAL;
	}
	watch->until = up ? SDR_UNTIL_UP : SDR_UNTIL_DOWN;
	return SDR_OK;
}

enum sdr_status sdr_repeat_take(
	const struct sdr_call *call, struct sdr_watch *watch, struct sdr_error *error)
{
	const struct sdr_settings *settings = sdr_app_settings(call->app);
	watch->deadline = sdr_call_number(call, "deadline", 0);
	watch->losses = (unsigned)sdr_call_number(
		call, "losses", sdr_settings_number(settings, SDR_SET_LOSSES));
	watch->replies = (unsigned)sdr_settings_number(settings, SDR_SET_REPLIES);
	return take_until(call, watch, error);
}
