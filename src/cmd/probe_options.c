/* probe_options.c - options of a probe type, from a call into the type's own struct. */
#include "cmd/probe_options.h"

#include <string.h>

#include "cmd/options.h"

/* Writes one option to its place. ERANGE with `error` for a number that the type does not take,
 * though the command's own option of that name does. */
static enum sdr_status put(const struct sdr_call *call, struct sdr_request *request,
	const struct sdr_option *option, char *place, struct sdr_error *error)
{
	bool given = sdr_call_has(call, option->name);
	const char *text = sdr_call_text(call, option->name);
	if (option->kind == SDR_OPTION_FLAG) {
		memcpy(place, &given, sizeof(given));
	} else if (option->kind != SDR_OPTION_TEXT) {
		int64_t number = option->otherwise;
		enum sdr_status status =
			given ? sdr_option_value(option, text, &number, error) : SDR_OK;
		memcpy(place, &number, sizeof(number));
		return status;
	} else if (!option->repeats) {
		memcpy(place, &text, sizeof(text));
	} else if (given) {
		const char *const *list = sdr_request_list(request, call, option->name);
		memcpy(place, &list, sizeof(list));
		return list ? SDR_OK : SDR_ENOMEM;
	}
	return SDR_OK;
}

enum sdr_status sdr_probe_options(const struct sdr_call *call, struct sdr_request *request,
	struct sdr_spec *spec, struct sdr_error *error)
{
	const struct sdr_probe_type *type = spec->type;
	enum sdr_status status = SDR_OK;
	if (!type->options)
		return SDR_OK;
	char *options = sdr_request_alloc(request, type->options_size);
	if (!options)
		return SDR_ENOMEM;
	memset(options, 0, type->options_size);
	for (const struct sdr_option *option = type->options; status == SDR_OK && option->name;
		option++)
		status = put(call, request, option, options + option->place - 1, error);
	spec->options = options;
	return status;
}
