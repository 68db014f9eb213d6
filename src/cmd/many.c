/* many.c - lookups of many names, a line each. */
#include "cmd/many.h"

#include <string.h>

#define WINDOW 100

static bool has_lines(const struct sdr_call *call)
{
	const char *word;
	for (size_t i = 0; (word = sdr_call_word(call, i)); i++)
		if (strcmp(word, "-") == 0)
			return true;
	return false;
}

enum sdr_status sdr_many_take(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	static const char *const options[] = {"window", "rate", "ordered", NULL};
	struct sdr_lookup *lookup = &request->lookup;
	if (has_lines(call)) {
		lookup->at_a_time = (unsigned)sdr_call_number(call, "window", WINDOW);
		lookup->rate = (uint32_t)sdr_call_number(call, "rate", 0);
		lookup->as_they_come = !sdr_call_has(call, "ordered");
		lookup->counted = true;
		return SDR_OK;
	}
	const char *given = sdr_call_any(call, options);
	if (given)
		sdr_error_set(error, 0,
			"--%s is for many names, which the word - reads, a line each", given);
	return given ? SDR_EINVAL : SDR_OK;
}
