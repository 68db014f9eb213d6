/* number.c - numbers as columns want them: three significant digits, the point always a point. */
#include "number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Writes the digits of a number, at least so many, and the NUL; returns the end. No printf: a
 * screen full of numbers is drawn every second, and what printf does with a double is most of the
 * cost of a line. */
static char *write_digits(char *out, uint64_t number, int least)
{
	char reversed[24];
	int count = 0;
	for (; number > 0 || count < least; number /= 10)
		reversed[count++] = (char)('0' + number % 10);
	while (count > 0)
		*out++ = reversed[--count];
	*out = '\0';
	return out;
}

/* With so many decimals, three at most, halves away from zero; below 1e15. */
static void write_fixed(char *out, int decimals, double value)
{
	static const unsigned powers[] = {1, 10, 100, 1000};
	unsigned power = powers[decimals & 3];
	uint64_t scaled = (uint64_t)llround(fabs(value) * power);
	if (signbit(value))
		*out++ = '-';
	out = write_digits(out, scaled / power, 1);
	if (decimals > 0) {
		*out++ = '.';
		write_digits(out, scaled % power, decimals);
	}
}

/* Limits are those at which rounding would carry into one digit more. */
const char *ui_number_real(char out[static UI_NUMBER_TEXT], double value)
{
	double size = fabs(value);
	if (isnan(value))
		memcpy(out, "-", 2);
	else if (size >= 1e15)
		snprintf(out, UI_NUMBER_TEXT, "%.2e", value);
	else
		write_fixed(out,
			size > 0 && size < 0.0995 ? 3
				: size < 9.995    ? 2
				: size < 99.95    ? 1
						  : 0,
			value);
	return out;
}

const char *ui_number_ms(char out[static UI_NUMBER_TEXT], sdr_ns duration)
{
	return ui_number_real(
		out, duration == SDR_NS_NONE ? NAN : (double)duration / (double)SDR_MS);
}

const char *ui_number_percent(char out[static UI_NUMBER_TEXT], double percent)
{
	if (isnan(percent) || fabs(percent) >= 1e15)
		memcpy(out, "-", 2);
	else
		write_fixed(out, percent < 99.95 ? 1 : 0, percent);
	return out;
}

const char *ui_number_share(char out[static UI_NUMBER_TEXT], double share)
{
	double percent = share * 100;
	return ui_number_percent(out, share < 1 && percent > 99.9 ? 99.9 : percent);
}

const char *ui_number_count(char out[static UI_NUMBER_TEXT], uint64_t count)
{
	char digits[24];
	int length = (int)(write_digits(digits, count, 1) - digits);
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
		snprintf(out, UI_NUMBER_TEXT, "%.*f %s",
			bytes < 9.995           ? 2
				: bytes < 99.95 ? 1
						: 0,
			bytes, units[unit]);
	return out;
}
