/* number.c - numbers as columns want them: three significant digits, the point always a point. */
#include <math.h>
#include <stdio.h>

#include "draw.h"

/* Limits are those at which rounding would carry into one digit more. */
const char *ui_number_real(char out[static UI_NUMBER_TEXT], double value)
{
	double size = fabs(value);
	if (isnan(value))
		snprintf(out, UI_NUMBER_TEXT, "-");
	else if (size >= 1e15)
		snprintf(out, UI_NUMBER_TEXT, "%.2e", value);
	else
		snprintf(out, UI_NUMBER_TEXT, "%.*f", size > 0 && size < 0.0995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0, value);
	return out;
}

const char *ui_number_ms(char out[static UI_NUMBER_TEXT], sdr_ns duration)
{
	return ui_number_real(out, duration == SDR_NS_NONE ? NAN : (double)duration / (double)SDR_MS);
}

const char *ui_number_percent(char out[static UI_NUMBER_TEXT], double percent)
{
	if (isnan(percent))
		snprintf(out, UI_NUMBER_TEXT, "-");
	else
		snprintf(out, UI_NUMBER_TEXT, "%.*f", percent < 99.95 ? 1 : 0, percent);
	return out;
}

const char *ui_number_count(char out[static UI_NUMBER_TEXT], uint64_t count)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)count);
	char *to = out;
	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return out;
}

const char *ui_number_bytes(char out[static UI_NUMBER_TEXT], double bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
	unsigned unit = 0;
	while (bytes >= 999.5 && unit + 1 < sizeof(units) / sizeof(*units)) {
		bytes /= 1000;
		unit++;
	}
	if (unit == 0)
		snprintf(out, UI_NUMBER_TEXT, "%.0f B", bytes);
	else
		snprintf(out, UI_NUMBER_TEXT, "%.*f %s", bytes < 9.995 ? 2 : bytes < 99.95 ? 1 : 0, bytes, units[unit]);
	return out;
}
