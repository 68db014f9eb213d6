/* call.c - reading a call: words by position, options by name. */
#include "sounder/call.h"

#include <string.h>

#include "sounder/command.h"

static const struct sdr_arg *last_of(const struct sdr_call *call, const char *option)
{
	for (size_t i = call->count; i-- > 0;)
		if (call->args[i].option && strcmp(call->args[i].option->name, option) == 0)
			return &call->args[i];
	return NULL;
}

size_t sdr_call_words(const struct sdr_call *call)
{
	size_t words = 0;
	for (size_t i = 0; i < call->count; i++)
		words += !call->args[i].option;
	return words;
}

const char *sdr_call_word(const struct sdr_call *call, size_t index)
{
	for (size_t i = 0; i < call->count; i++)
		if (!call->args[i].option && index-- == 0)
			return call->args[i].text;
	return NULL;
}

bool sdr_call_has(const struct sdr_call *call, const char *option)
{
	return last_of(call, option);
}

const char *sdr_call_any(const struct sdr_call *call, const char *const *options)
{
	while (*options && !sdr_call_has(call, *options))
		options++;
	return *options;
}

const char *sdr_call_text(const struct sdr_call *call, const char *option)
{
	const struct sdr_arg *arg = last_of(call, option);
	return arg ? arg->text : NULL;
}

int64_t sdr_call_number(const struct sdr_call *call, const char *option, int64_t fallback)
{
	const struct sdr_arg *arg = last_of(call, option);
	return arg ? arg->number : fallback;
}

enum sdr_status sdr_call_check_where(
	const struct sdr_call *call, unsigned where, struct sdr_error *error)
{
	for (size_t i = 0; i < call->count; i++) {
		const struct sdr_option *option = call->args[i].option;
		if (!option || !option->where || option->where & where)
			continue;
		sdr_error_set(error, 0,
			"--%s works in a shell only: sounder %s --%s ...; leave it out here",
			option->name, call->command->name, option->name);
		return SDR_ENOTSUP;
	}
	return SDR_OK;
}
