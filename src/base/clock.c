/* clock.c - reads the clocks; parses and writes durations and wall times.
 *
 * Durations are handled in whole nanoseconds, without floating point and without the locale's
 * decimal point. */
#include "sounder/clock.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DURATION_MAX (1000000 * SDR_HOUR)

/* Longest name first, so that "ms" is not read as "m". */
static const struct unit {
	const char *name; /* as typed and written */
	sdr_ns size;
} units[] = {
	{"ms", SDR_MS}, {"s", SDR_SECOND}, {"m", SDR_MINUTE}, {"h", SDR_HOUR}, {"", SDR_SECOND}};

static int64_t read_clock(clockid_t id)
{
	struct timespec ts = {0};
	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * SDR_SECOND + ts.tv_nsec;
}

sdr_ns sdr_clock_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

sdr_ns sdr_clock_boot(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

sdr_wall sdr_clock_wall(void)
{
	return read_clock(CLOCK_REALTIME);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const struct unit *unit_find(const char *name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(name, units[i].name) == 0)
			return &units[i];
	return NULL;
}

/* Reads digits[.digits]; returns what follows, NULL where there is no digit. `whole` stops growing
 * where it is too much for any unit; the fraction is left as text, since its unit comes later. */
static const char *read_number(const char *text, int64_t *whole, const char **fraction)
{
	const char *p = text;
	int digits = 0;
	*whole = 0;
	for (; is_digit(*p); p++, digits++)
		if (*whole < DURATION_MAX / 10)
			*whole = *whole * 10 + (*p - '0');
	*fraction = NULL;
	if (*p == '.') {
		*fraction = ++p;
		for (; is_digit(*p); p++)
			digits++;
	}
	return digits ? p : NULL;
}

enum sdr_status sdr_duration_parse(const char *text, sdr_ns *duration, struct sdr_error *error)
{
	int64_t whole;
	const char *fraction;
	const char *end = read_number(text, &whole, &fraction);
	const struct unit *unit = end ? unit_find(end) : NULL;
	if (!unit) {
		sdr_error_set(error, end ? (size_t)(end - text) : 0,
			"'%.60s' is no duration: write 200ms, 1.5s, 5m "
			"or 2h (a bare number is seconds)",
			text);
		return SDR_EINVAL;
	}
	if (whole > DURATION_MAX / unit->size) {
		sdr_error_set(error, 0, "duration '%.60s' is too long: at most 1000000h", text);
		return SDR_ERANGE;
	}
	sdr_ns total = whole * unit->size, scale = unit->size;
	for (; fraction && is_digit(*fraction); fraction++)
		total += (*fraction - '0') * (scale /= 10);
	if (total > DURATION_MAX) {
		sdr_error_set(error, 0, "duration '%.60s' is too long: at most 1000000h", text);
		return SDR_ERANGE;
	}
	*duration = total;
	return SDR_OK;
}

/* Writes value / unit with as many decimals as it takes to be exact; value >= 0. */
static void format_exact(
	char out[static SDR_DURATION_TEXT], sdr_ns value, sdr_ns unit, const char *name)
{
	int n = snprintf(out, SDR_DURATION_TEXT, "%" PRId64, value / unit);
	sdr_ns rest = value % unit, scale = unit;
	if (rest)
		out[n++] = '.';
	for (; rest && n < SDR_DURATION_TEXT - 4; rest %= scale) {
		scale /= 10;
		out[n++] = (char)('0' + rest / scale);
	}
	snprintf(out + n, SDR_DURATION_TEXT - (size_t)n, "%s", name);
}

const char *sdr_duration_format(char out[static SDR_DURATION_TEXT], sdr_ns duration)
{
	if (duration <= 0)
		snprintf(out, SDR_DURATION_TEXT, "%s", duration ? "-" : "0s");
	else if (duration % SDR_HOUR == 0)
		format_exact(out, duration, SDR_HOUR, "h");
	else if (duration % SDR_MINUTE == 0)
		format_exact(out, duration, SDR_MINUTE, "m");
	else
		format_exact(out, duration, duration < SDR_SECOND ? SDR_MS : SDR_SECOND,
			duration < SDR_SECOND ? "ms" : "s");
	return out;
}

/* Two units from a minute on: 2m16s, 3h02m, 5d07h. */
static void format_long(char *out, size_t size, const char *sign, int64_t seconds)
{
	if (seconds < 3600)
		snprintf(out, size, "%s%" PRId64 "m%02" PRId64 "s", sign, seconds / 60,
			seconds % 60);
	else if (seconds < 86400)
		snprintf(out, size, "%s%" PRId64 "h%02" PRId64 "m", sign, seconds / 3600,
			seconds / 60 % 60);
	else
		snprintf(out, size, "%s%" PRId64 "d%02" PRId64 "h", sign, seconds / 86400,
			seconds / 3600 % 24);
}

const char *sdr_duration_display(char out[static SDR_DURATION_TEXT], sdr_ns duration)
{
	const char *sign = duration < 0 ? "-" : "";
	if (duration == SDR_NS_NONE) {
		snprintf(out, SDR_DURATION_TEXT, "-");
		return out;
	}
	int64_t ns = duration < 0 ? -duration : duration, us = ns / SDR_US;
	if (ns == 0)
		snprintf(out, SDR_DURATION_TEXT, "0s");
	else if (us < 10000)
		snprintf(out, SDR_DURATION_TEXT, "%s%" PRId64 ".%02" PRId64 "ms", sign, us / 1000,
			us / 10 % 100);
	else if (us < 100000)
		snprintf(out, SDR_DURATION_TEXT, "%s%" PRId64 ".%" PRId64 "ms", sign, us / 1000,
			us / 100 % 10);
	else if (ns < SDR_SECOND)
		snprintf(out, SDR_DURATION_TEXT, "%s%" PRId64 "ms", sign, us / 1000);
	else if (ns < 10 * SDR_SECOND && ns % SDR_SECOND >= 100 * SDR_MS)
		snprintf(out, SDR_DURATION_TEXT, "%s%" PRId64 ".%" PRId64 "s", sign,
			ns / SDR_SECOND, ns / (100 * SDR_MS) % 10);
	else if (ns < SDR_MINUTE)
		snprintf(out, SDR_DURATION_TEXT, "%s%" PRId64 "s", sign, ns / SDR_SECOND);
	else
		format_long(out, SDR_DURATION_TEXT, sign, ns / SDR_SECOND);
	return out;
}

static bool local_time(sdr_wall when, struct tm *tm)
{
	time_t seconds = (time_t)(when / SDR_SECOND - (when % SDR_SECOND < 0));
	return when != 0 && localtime_r(&seconds, tm);
}

const char *sdr_wall_format(char out[static SDR_WALL_TEXT], sdr_wall when)
{
	struct tm tm;
	if (!local_time(when, &tm) || strftime(out, SDR_WALL_TEXT, "%Y-%m-%dT%H:%M:%S%z", &tm) == 0)
		snprintf(out, SDR_WALL_TEXT, "-");
	return out;
}

const char *sdr_wall_clock(char out[static SDR_WALL_TEXT], sdr_wall when)
{
	struct tm tm;
	if (!local_time(when, &tm) || strftime(out, SDR_WALL_TEXT, "%H:%M:%S", &tm) == 0)
		snprintf(out, SDR_WALL_TEXT, "-");
	return out;
}

sdr_ns sdr_clock_offset(void)
{
	sdr_ns before = 0, wall = 0, after = 0;
	for (int i = 0; i < 3; i++) { /* again where something came between two readings */
		before = sdr_clock_now();
		wall = sdr_clock_wall();
		after = sdr_clock_now();
		if (after - before < 2 * SDR_US)
			break;
	}
	return wall - before - (after - before) / 2;
}
