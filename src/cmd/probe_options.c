/* probe_options.c - options of a probe type, from a call into the type's own struct. */
#include "cmd/probe_options.h"

#include <string.h>

#include "cmd/cmd.h"

/* Writes one option to its place. False when out of memory. */
static bool put(const struct sdr_call *call, struct sdr_request *request,
	const struct sdr_option *option, char *place)
{
	bool given = sdr_call_has(call, option->name);
	int64_t number = sdr_call_number(call, option->name, option->otherwise);
	const char *text = sdr_call_text(call, option->name);
	if (option->kind == SDR_OPTION_FLAG) {
		memcpy(place, &given, sizeof(given));
	} else if (option->kind != SDR_OPTION_TEXT) {
		memcpy(place, &number, sizeof(number));
	} else if (!option->repeats) {
		memcpy(place, &text, sizeof(text));
	} else if (given) {
		const char *const *list = sdr_request_list(request, call, option->name);
		memcpy(place, &list, sizeof(list));
		return list;
	}
	return true;
}

enum sdr_status sdr_probe_options(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_spec *spec)
{
	const struct sdr_probe_type *type = spec->type;
	if (!type->options)
		return SDR_OK;
	char *options = sdr_request_alloc(request, type->options_size);
	if (!options)
		return SDR_ENOMEM;
	memset(options, 0, type->options_size);
	for (const struct sdr_option *option = type->options; option->name; option++)
		if (!put(call, request, option, options + option->place - 1))
			return SDR_ENOMEM;
	spec->options = options;
	return SDR_OK;
}
