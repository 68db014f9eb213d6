/* subnet.c - `subnet VERB ...`: networks split, joined, compared, and lines of text filtered by
 * them. Each verb is a command of its own. */
#include "cmd/subnet.h"

static const struct sdr_command *const verbs[] = {
	&subnet_split,
	&subnet_cover,
	&subnet_merge,
	&subnet_exclude,
	&subnet_contains,
	&subnet_overlap,
	&subnet_sort,
	&subnet_next,
	&subnet_previous,
	&subnet_random,
	&subnet_grep,
	NULL,
};

/* Only reached without a verb, as by "subnet -- split". */
static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)request;
	sdr_error_set(error, 0, "\"%.40s\": subnet begins with a verb; \"help subnet\" lists them",
		sdr_call_word(call, 0));
	return SDR_EINVAL;
}

const struct sdr_command cmd_subnet = {
	.name = "subnet",
	.arguments = "VERB ARGUMENT...",
	.sentence = "calculate with networks: split, join, compare, filter text by them",
	.details = "Networks are written 192.0.2.0/24 or 2001:db8::/32; host bits are cut off. "
		   "Both versions may be mixed; numbers are exact to 2^128.",
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.verbs = verbs,
	.make = make,
};
