/* spec_group.c - what may be a label: a few words that look the same wherever they are shown. */
#include <stdio.h>
#include <string.h>

#include "sounder/probe.h"
#include "sounder/sanitize.h"

#define CHARACTERS_MAX 63

/* Returns how many characters it has, 0 where it is empty or one of them is not to be shown. */
static size_t characters_of(const char *name)
{
	size_t count = 0, left = strlen(name);
	for (uint32_t code; left > 0; count++) {
		size_t length = sdr_text_decode(name, left, &code);
		if (length == 0 || !sdr_text_is_plain(code))
			return 0;
		name += length;
		left -= length;
	}
	return count;
}

enum sdr_status sdr_group_check(const char *name, struct sdr_error *error)
{
	char shown[128];
	size_t count = characters_of(name);
	const char *why = !name[0]       ? "an empty name"
		: count == 0             ? "it has characters that can't be shown"
		: count > CHARACTERS_MAX ? "it is too long"
		: name[0] == '-'         ? "it begins with - as options do"
		: name[0] == ' '         ? "it begins with a blank"
					 : NULL;
	if (!why)
		return SDR_OK;
	sdr_sanitize(shown, sizeof(shown), name, strlen(name) < 80 ? strlen(name) : 80, NULL);
	sdr_error_set(error, 0,
		"group \"%s\": %s; 1 to 63 characters that print are right, like rack3", shown,
		why);
	return SDR_EINVAL;
}
