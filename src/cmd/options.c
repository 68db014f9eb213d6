/* options.c - options: the sets that commands share, finding one, checking its value. */
#include "cmd/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct sdr_option sdr_options_common[] = {
	{"help", 'h', SDR_OPTION_FLAG, NULL, "show this help", 0, 0},
	{"color", 0, SDR_OPTION_TEXT, "WHEN", "colours: auto, always or never", 0, 0,
		.where = SDR_WHERE_SHELL},
	{NULL},
};

const struct sdr_option sdr_options_output[] = {
	{"json", 0, SDR_OPTION_FLAG, NULL, "print JSON, one object a line", 0, 0,
		.where = SDR_WHERE_SHELL, .excludes = "csv"},
	{"csv", 0, SDR_OPTION_FLAG, NULL, "print comma-separated values (RFC 4180)", 0, 0,
		.where = SDR_WHERE_SHELL},
	{NULL},
};

const struct sdr_option sdr_options_names[] = {
	{"server", 0, SDR_OPTION_TEXT, "ADDR[:PORT]",
		"ask this name server instead of the system's", 0, 0},
	{"ipv4", '4', SDR_OPTION_FLAG, NULL, "use IPv4 only", 0, 0, .excludes = "ipv6"},
	{"ipv6", '6', SDR_OPTION_FLAG, NULL, "use IPv6 only", 0, 0},
	{NULL},
};

const struct sdr_option sdr_options_addresses[] = {
	{"all-addresses", 0, SDR_OPTION_FLAG, NULL,
		"follow every address of each name, each as a target of its own, as they come and "
		"go",
		0, 0},
	{NULL},
};

const struct sdr_option sdr_options_many[] = {
	{"window", 0, SDR_OPTION_INTEGER, "N",
		"of the names of -, ask for N at a time; 100 unless given", 1, 10000,
		.where = SDR_WHERE_SHELL},
	{"rate", 0, SDR_OPTION_INTEGER, "N", "of the names of -, ask for N a second at most", 1,
		1000000, .where = SDR_WHERE_SHELL},
	{"ordered", 0, SDR_OPTION_FLAG, NULL,
		"answer the names of - in their order, not as the answers come", 0, 0,
		.where = SDR_WHERE_SHELL},
	{NULL},
};

const struct sdr_option sdr_options_search[] = {
	{"like", 'l', SDR_OPTION_FLAG, NULL,
		"look for the text within names, aliases and descriptions", 0, 0},
	{"fuzzy", 'z', SDR_OPTION_FLAG, NULL,
		"as --like, and take slips and letters left out as well", 0, 0},
	{"getent", 0, SDR_OPTION_FLAG, NULL, "print rows as getent does, but all that match", 0, 0,
		.where = SDR_WHERE_SHELL, .excludes = "json csv"},
	{NULL},
};

const struct sdr_option sdr_options_repeat[] = {
	{"interval", 'i', SDR_OPTION_DURATION, "TIME", "wait this long from one probe to the next",
		10 * SDR_MS, SDR_HOUR},
	{"count", 'c', SDR_OPTION_INTEGER, "N", "stop after N probes", 1, INT64_C(1000000000000)},
	{"timeout", 'W', SDR_OPTION_DURATION, "TIME", "take a probe for lost after this long",
		SDR_MS, SDR_HOUR},
	{"deadline", 'w', SDR_OPTION_DURATION, "TIME",
		"stop after this long, however many probes were sent", SDR_MS, 8760 * SDR_HOUR},
	{"until", 0, SDR_OPTION_TEXT, "up|down",
		"go on until each target is up, or DOWN: what `set losses` and `set replies` say",
		0, 0},
	{"losses", 0, SDR_OPTION_INTEGER, "N",
		"with --until: so many probes lost in a row are DOWN; else `set losses`", 1, 1000},
	{"group", 0, SDR_OPTION_TEXT, "NAME",
		"label the targets: on the dashboard they stand and count together, data has the "
		"label as a key",
		0, 0},
	{NULL},
};

static const struct sdr_option *find(
	const struct sdr_command *command, const char *name, size_t length, char letter)
{
	for (unsigned set = 0; set <= SDR_OPTION_SETS_ALL; set++) {
		const struct sdr_option *option = set < SDR_OPTION_SETS_ALL
			? sdr_command_options(command, set)
			: sdr_options_common;
		for (; option && option->name; option++) {
			if (letter && option->letter == letter)
				return option;
			if (name && strlen(option->name) == length &&
				memcmp(option->name, name, length) == 0)
				return option;
		}
	}
	return NULL;
}

const struct sdr_option *sdr_option_long(
	const struct sdr_command *command, const char *name, size_t length)
{
	return find(command, name, length, 0);
}

const struct sdr_option *sdr_option_letter(const struct sdr_command *command, char letter)
{
	return letter ? find(command, NULL, 0, letter) : NULL;
}

static enum sdr_status parse_integer(
	const struct sdr_option *option, const char *text, int64_t *number, struct sdr_error *error)
{
	char *end;
	errno = 0;
	long long value = strtoll(text, &end, 10);
	/* strtoll takes leading blanks and a plus; a person who types those made a slip. */
	bool starts = (text[0] >= '0' && text[0] <= '9') ||
		(text[0] == '-' && text[1] >= '0' && text[1] <= '9');
	if (!starts || *end) {
		sdr_error_set(error, 0,
			"--%s %s: not a whole number; something like %s %" PRId64 " is right",
			option->name, text, option->name, option->min ? option->min : 1);
		return SDR_EINVAL;
	}
	if (errno == ERANGE ||
		((option->min || option->max) && (value < option->min || value > option->max))) {
		sdr_error_set(error, 0,
			"--%s %s: outside the range; %" PRId64 " to %" PRId64 " is right",
			option->name, text, option->min, option->max);
		return SDR_ERANGE;
	}
	*number = value;
	return SDR_OK;
}

static enum sdr_status parse_duration(
	const struct sdr_option *option, const char *text, int64_t *number, struct sdr_error *error)
{
	struct sdr_error inner;
	sdr_ns value;
	enum sdr_status status = sdr_duration_parse(text, &value, &inner);
	if (status != SDR_OK) {
		sdr_error_set(error, 0, "--%s: %s", option->name, inner.text);
		return status;
	}
	if ((option->min || option->max) && (value < option->min || value > option->max)) {
		char low[SDR_DURATION_TEXT], high[SDR_DURATION_TEXT];
		sdr_error_set(error, 0,
			"--%s %s: outside the range; %s to %s is right (a bare number is seconds)",
			option->name, text, sdr_duration_format(low, option->min),
			sdr_duration_format(high, option->max));
		return SDR_ERANGE;
	}
	*number = value;
	return SDR_OK;
}

enum sdr_status sdr_option_value(
	const struct sdr_option *option, const char *text, int64_t *number, struct sdr_error *error)
{
	if (option->kind == SDR_OPTION_INTEGER)
		return parse_integer(option, text, number, error);
	if (option->kind == SDR_OPTION_DURATION)
		return parse_duration(option, text, number, error);
	*number = 0;
	return SDR_OK;
}

/* ---- what goes together ---- */

static bool names_it(const char *list, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = list; at && (at = strstr(at, name)); at++)
		if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

/* Whether option arguments a (first) and b can stand in one call. */
static enum sdr_status check_pair(
	const struct sdr_option *a, const struct sdr_arg *b, struct sdr_error *error)
{
	if (a == b->option && b->text && !a->repeats) {
		sdr_error_set(error, 0, "--%s is given twice; which of the two is meant?", a->name);
		return SDR_EINVAL;
	}
	if (names_it(a->excludes, b->option->name) || names_it(b->option->excludes, a->name)) {
		sdr_error_set(error, 0, "--%s and --%s exclude each other; give one of them",
			a->name, b->option->name);
		return SDR_EINVAL;
	}
	return SDR_OK;
}

enum sdr_status sdr_options_check(const struct sdr_call *call, struct sdr_error *error)
{
	for (size_t i = 0; i < call->count; i++)
		for (size_t j = i + 1; call->args[i].option && j < call->count; j++)
			if (call->args[j].option &&
				check_pair(call->args[i].option, &call->args[j], error) != SDR_OK)
				return SDR_EINVAL;
	return SDR_OK;
}
