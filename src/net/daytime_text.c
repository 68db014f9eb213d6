/* daytime_text.c - reads and writes the text of the daytime protocol (RFC 867).
 *
 * Each form is one function over a cursor that takes numbers, words and marks and remembers the
 * first mismatch; the forms are tried in turn. Days are counted by arithmetic, not by libc, so
 * neither zone nor locale nor the range of time_t matters. */
#include "net/daytime_text.h"

#define NANOSECONDS INT64_C(1000000000)
#define LINE_MAX_READ 1024 /* bytes of a line that are searched */

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char months[12][10] = {"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December"};
static const char weekdays[7][10] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

/* Abbreviations that mean one thing only (RFC 5322 sec. 4.3 and the common ones); minutes east of
 * UTC. */
static const struct {
	char name[6];
	int16_t minutes;
} zones[] = {{"UTC", 0}, {"GMT", 0}, {"UT", 0}, {"Z", 0}, {"WET", 0}, {"WEST", 60}, {"BST", 60},
	{"CET", 60}, {"CEST", 120}, {"EET", 120}, {"EEST", 180}, {"MSK", 180}, {"JST", 540},
	{"KST", 540}, {"AEST", 600}, {"AEDT", 660}, {"NZST", 720}, {"NZDT", 780}, {"EST", -300},
	{"EDT", -240}, {"CST", -360}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480},
	{"PDT", -420}, {"AKST", -540}, {"AKDT", -480}, {"HST", -600}};

/* Text not read yet. After the first mismatch everything fails. */
struct cursor {
	const char *at, *end;
	bool ok;
};

/* Date and time as written. */
struct stamp {
	int year, month, day, hour, minute, second; /* month 1..12 */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char peek(const struct cursor *cursor)
{
	return cursor->at < cursor->end ? *cursor->at : '\0';
}

static void blanks(struct cursor *cursor)
{
	while (peek(cursor) == ' ' || peek(cursor) == '\t')
		cursor->at++;
}

static void mark(struct cursor *cursor, char c)
{
	if (peek(cursor) == c && cursor->at < cursor->end)
		cursor->at++;
	else
		cursor->ok = false;
}

static int number(struct cursor *cursor, int digits_min, int digits_max)
{
	int value = 0, digits = 0;
	while (digits < digits_max && is_digit(peek(cursor))) {
		value = value * 10 + (*cursor->at++ - '0');
		digits++;
	}
	if (digits < digits_min || is_digit(peek(cursor)))
		cursor->ok = false;
	return value;
}

static size_t word(struct cursor *cursor, char *out, size_t size)
{
	size_t length = 0;
	while (is_letter(peek(cursor))) {
		if (length + 1 < size)
			out[length++] = *cursor->at;
		cursor->at++;
	}
	out[length] = '\0';
	if (length == 0)
		cursor->ok = false;
	return length;
}

/* Takes a name of `table`, whole or its first three letters; returns its index. */
static int name_of(struct cursor *cursor, const char table[][10], int count)
{
	char text[12];
	size_t length = word(cursor, text, sizeof(text));
	for (int i = 0; i < count; i++)
		if (length >= 3 &&
			(strcasecmp(text, table[i]) == 0 ||
				(length == 3 && strncasecmp(text, table[i], 3) == 0)))
			return i;
	cursor->ok = false;
	return 0;
}

static void clock_time(struct cursor *cursor, struct stamp *stamp)
{
	stamp->hour = number(cursor, 1, 2);
	mark(cursor, ':');
	stamp->minute = number(cursor, 2, 2);
	mark(cursor, ':');
	stamp->second = number(cursor, 2, 2);
}

static int year_of_two(int year)
{
	return year < 70 ? 2000 + year : 1900 + year;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t days_of(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int year_of_era = y - era * 400;
	int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int64_t day_of_era =
		(int64_t)year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return (int64_t)era * 146097 + day_of_era - 719468;
}

static bool stamp_valid(const struct stamp *stamp)
{
	static const uint8_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (stamp->month < 1 || stamp->month > 12 || stamp->day < 1)
		return false;
	bool leap = (stamp->year % 4 == 0 && stamp->year % 100 != 0) || stamp->year % 400 == 0;
	int last = lengths[stamp->month - 1] + (stamp->month == 2 && leap ? 1 : 0);
	return stamp->day <= last && stamp->hour <= 23 && stamp->minute <= 59 &&
		stamp->second <= 60; /* 60: a leap second */
}

static bool seconds_of(const struct stamp *stamp, int64_t *seconds)
{
	if (!stamp_valid(stamp))
		return false;
	*seconds = days_of(stamp->year, stamp->month, stamp->day) * 86400 + stamp->hour * 3600 +
		stamp->minute * 60 + stamp->second;
	return true;
}

/* "+0100", "-05:30", "+03". */
static void zone_number(struct cursor *cursor, struct sdr_daytime *out)
{
	const char *start = cursor->at;
	int sign = *cursor->at++ == '-' ? -1 : 1;
	int hours = 0, minutes = 0, digits = 0;
	for (; digits < 2 && is_digit(peek(cursor)); digits++)
		hours = hours * 10 + (*cursor->at++ - '0');
	if (peek(cursor) == ':')
		cursor->at++;
	if (is_digit(peek(cursor)))
		minutes = number(cursor, 2, 2);
	size_t length = (size_t)(cursor->at - start);
	if (digits != 2 || hours > 14 || minutes > 59 || length >= sizeof(out->zone)) {
		cursor->ok = false;
		return;
	}
	memcpy(out->zone, start, length);
	out->zone[length] = '\0';
	out->zone_known = true;
	out->zone_offset = sign * (hours * 3600 + minutes * 60);
}

/* A zone as a name or a number; an unknown name is kept but not known. */
static void zone(struct cursor *cursor, struct sdr_daytime *out)
{
	char c = peek(cursor);
	if (c == '-' && cursor->at + 1 < cursor->end &&
		is_letter(cursor->at[1])) /* RFC 867: "17:37:43-PST" */
		cursor->at++;
	else if (c == '+' || c == '-') {
		zone_number(cursor, out);
		return;
	}
	word(cursor, out->zone, sizeof(out->zone));
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (strcasecmp(out->zone, zones[i].name) == 0) {
			out->zone_known = true;
			out->zone_offset = zones[i].minutes * 60;
		}
}

static void read_ctime(struct cursor *cursor, struct stamp *stamp, struct sdr_daytime *out)
{
	name_of(cursor, weekdays, 7);
	blanks(cursor);
	stamp->month = name_of(cursor, months, 12) + 1;
	blanks(cursor);
	stamp->day = number(cursor, 1, 2);
	blanks(cursor);
	clock_time(cursor, stamp);
	blanks(cursor);
	if (cursor->ok && !is_digit(peek(cursor)))
		zone(cursor, out);
	blanks(cursor);
	stamp->year = number(cursor, 4, 4);
}

/* "2006 15:04:05", the year with two or four digits, and a zone if there is one. */
static void year_and_clock(struct cursor *cursor, struct stamp *stamp, struct sdr_daytime *out)
{
	const char *start = cursor->at;
	stamp->year = number(cursor, 2, 4);
	if (cursor->at - start == 2)
		stamp->year = year_of_two(stamp->year);
	blanks(cursor);
	clock_time(cursor, stamp);
	blanks(cursor);
	if (cursor->at < cursor->end)
		zone(cursor, out);
}

static void read_xinetd(struct cursor *cursor, struct stamp *stamp, struct sdr_daytime *out)
{
	stamp->day = number(cursor, 1, 2);
	blanks(cursor);
	stamp->month = name_of(cursor, months, 12) + 1;
	blanks(cursor);
	year_and_clock(cursor, stamp, out);
}

static void read_rfc867(struct cursor *cursor, struct stamp *stamp, struct sdr_daytime *out)
{
	name_of(cursor, weekdays, 7);
	mark(cursor, ',');
	blanks(cursor);
	stamp->month = name_of(cursor, months, 12) + 1;
	blanks(cursor);
	stamp->day = number(cursor, 1, 2);
	mark(cursor, ',');
	blanks(cursor);
	stamp->year = number(cursor, 4, 4);
	blanks(cursor);
	clock_time(cursor, stamp);
	blanks(cursor);
	if (cursor->at < cursor->end)
		zone(cursor, out);
}

/* "50.0" as a number. */
static double decimal(struct cursor *cursor)
{
	double value = number(cursor, 1, 6), place = 0.1;
	if (peek(cursor) != '.')
		return value;
	cursor->at++;
	for (int digits = 0; digits < 6 && is_digit(peek(cursor)); digits++, place /= 10)
		value += place * (*cursor->at++ - '0');
	return value;
}

/* JJJJJ YR-MO-DA HH:MM:SS TT L H msADV UTC(NIST) OTM: the day number gives the century that the
 * year lacks. */
static void read_nist(struct cursor *cursor, struct stamp *stamp, struct sdr_daytime *out)
{
	int julian = number(cursor, 5, 5); /* modified Julian day; 40587 is 1970-01-01 */
	blanks(cursor);
	stamp->year = number(cursor, 2, 2);
	mark(cursor, '-');
	stamp->month = number(cursor, 2, 2);
	mark(cursor, '-');
	stamp->day = number(cursor, 2, 2);
	blanks(cursor);
	clock_time(cursor, stamp);
	blanks(cursor);
	number(cursor, 2, 2); /* daylight saving state of the United States */
	blanks(cursor);
	number(cursor, 1, 1); /* leap second announced */
	blanks(cursor);
	out->health = number(cursor, 1, 1);
	blanks(cursor);
	out->advance_ms = decimal(cursor);
	blanks(cursor);
	static const char label[] = "UTC(NIST)";
	if ((size_t)(cursor->end - cursor->at) < sizeof(label) - 1 ||
		memcmp(cursor->at, label, sizeof(label) - 1) != 0) {
		cursor->ok = false;
		return;
	}
	cursor->at += sizeof(label) - 1;
	blanks(cursor);
	if (cursor->at < cursor->end) /* the on-time marker: '*', '#' or another sign */
		cursor->at++;
	memcpy(out->zone, "UTC", 4);
	out->zone_known = true;
	stamp->year = year_of_two(stamp->year);
	if (stamp_valid(stamp) && days_of(stamp->year, stamp->month, stamp->day) + 40587 != julian)
		stamp->year = days_of(stamp->year - 100, stamp->month, stamp->day) + 40587 == julian
			? stamp->year - 100
			: stamp->year + 100;
	if (stamp_valid(stamp) && days_of(stamp->year, stamp->month, stamp->day) + 40587 != julian)
		cursor->ok = false;
}

/* ".123456789"; without one the text counts whole seconds. Digits beyond nanoseconds are passed
 * over. */
static void fraction(struct cursor *cursor, struct sdr_daytime *out)
{
	char c = peek(cursor);
	if ((c != '.' && c != ',') || cursor->at + 1 >= cursor->end || !is_digit(cursor->at[1]))
		return;
	int64_t place = NANOSECONDS;
	for (cursor->at++; is_digit(peek(cursor)); cursor->at++) {
		if (place == 1)
			continue;
		place /= 10;
		out->nanoseconds += (*cursor->at - '0') * place;
	}
	out->resolution = place;
}

static void iso_date(struct cursor *cursor, struct stamp *stamp)
{
	stamp->year = number(cursor, 4, 4);
	mark(cursor, '-');
	stamp->month = number(cursor, 2, 2);
	mark(cursor, '-');
	stamp->day = number(cursor, 2, 2);
}

/* RFC 3339 sec. 5.6, a blank for the T as its note allows. */
static void read_iso(struct cursor *cursor, struct stamp *stamp, struct sdr_daytime *out)
{
	iso_date(cursor, stamp);
	if (peek(cursor) == 'T' || peek(cursor) == 't' || peek(cursor) == '_')
		cursor->at++;
	else if (peek(cursor) == ' ')
		blanks(cursor);
	else
		cursor->ok = false;
	clock_time(cursor, stamp);
	fraction(cursor, out);
	blanks(cursor);
	if (cursor->at < cursor->end)
		zone(cursor, out);
}

/* Package time: "2006-01-02 15:04:05.999999999 -0700 MST", then perhaps the monotonic clock's
 * reading. The number is the zone's offset. */
static void read_go(struct cursor *cursor, struct stamp *stamp, struct sdr_daytime *out)
{
	iso_date(cursor, stamp);
	blanks(cursor);
	clock_time(cursor, stamp);
	fraction(cursor, out);
	blanks(cursor);
	if (peek(cursor) != '+' && peek(cursor) != '-') {
		cursor->ok = false;
		return;
	}
	zone_number(cursor, out);
	blanks(cursor);
	char name[SDR_DAYTIME_ZONE];
	if (peek(cursor) == '+' ||
		peek(cursor) == '-') { /* a zone without a name: its number once more */
		struct sdr_daytime again = {0};
		zone_number(cursor, &again);
	} else {
		word(cursor, name, sizeof(name));
		if (cursor->ok)
			memcpy(out->zone, name, sizeof(name));
	}
	blanks(cursor);
	if ((size_t)(cursor->end - cursor->at) > 3 && memcmp(cursor->at, "m=", 2) == 0 &&
		(cursor->at[2] == '+' || cursor->at[2] == '-')) {
		cursor->at += 3;
		while (is_digit(peek(cursor)) || peek(cursor) == '.')
			cursor->at++;
	}
}

/* RFC 5322 sec. 3.3; RFC 850's and RFC 1123's are kin. */
static void read_mail(struct cursor *cursor, struct stamp *stamp, struct sdr_daytime *out)
{
	name_of(cursor, weekdays, 7);
	mark(cursor, ',');
	blanks(cursor);
	stamp->day = number(cursor, 1, 2);
	bool dashes = peek(cursor) == '-';
	if (dashes)
		cursor->at++;
	blanks(cursor);
	stamp->month = name_of(cursor, months, 12) + 1;
	if (dashes)
		mark(cursor, '-');
	blanks(cursor);
	year_and_clock(cursor, stamp, out);
}

static const struct {
	const char *name;
	void (*read)(struct cursor *, struct stamp *, struct sdr_daytime *);
} forms[SDR_DAYTIME_FORMS] = {
	[SDR_DAYTIME_CTIME] = {"ctime", read_ctime},
	[SDR_DAYTIME_XINETD] = {"xinetd", read_xinetd},
	[SDR_DAYTIME_RFC867] = {"rfc867", read_rfc867},
	[SDR_DAYTIME_NIST] = {"nist", read_nist},
	[SDR_DAYTIME_ISO] = {"iso", read_iso},
	[SDR_DAYTIME_GO] = {"go", read_go},
	[SDR_DAYTIME_MAIL] = {"mail", read_mail},
};

static bool is_edge(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

/* Whether a form fits all from `start` to `end`. */
static bool parse_from(const char *start, const char *end, struct sdr_daytime *out)
{
	for (int form = 0; form < SDR_DAYTIME_FORMS; form++) {
		struct cursor cursor = {start, end, true};
		struct stamp stamp = {0};
		struct sdr_daytime found = {
			.form = (enum sdr_daytime_form)form, .resolution = NANOSECONDS};
		forms[form].read(&cursor, &stamp, &found);
		if (cursor.ok && cursor.at == cursor.end && seconds_of(&stamp, &found.seconds)) {
			*out = found;
			return true;
		}
	}
	return false;
}

/* Whether a word begins there: behind a blank, or behind a label's colon or equals sign, but not
 * behind the colon of a time. */
static bool begins_word(const char *start, const char *at)
{
	if (at == start || at[-1] == ' ' || at[-1] == '\t')
		return true;
	return (at[-1] == ':' || at[-1] == '=') && at - start >= 2 && is_letter(at[-2]);
}

/* The time is at the line's end; the text before it is skipped word by word. */
bool sdr_daytime_parse(const void *bytes, size_t length, struct sdr_daytime *out)
{
	const char *start = bytes, *end = start + length;
	while (start < end && is_edge(*start))
		start++;
	while (start < end && is_edge(end[-1]))
		end--;
	if (end - start > LINE_MAX_READ)
		return false;
	for (const char *at = start; at < end; at++) {
		if (begins_word(start, at) && (is_digit(*at) || is_letter(*at)) &&
			parse_from(at, end, out))
			return true;
	}
	return false;
}

const char *sdr_daytime_form_name(enum sdr_daytime_form form)
{
	return forms[form].name;
}

static int within(int value, int min, int max)
{
	return value < min ? min : value > max ? max : value;
}

size_t sdr_daytime_format(char out[static SDR_DAYTIME_TEXT], const struct tm *tm)
{
	int length = snprintf(out, SDR_DAYTIME_TEXT, "%.3s %.3s %2d %02d:%02d:%02d %04d\r\n",
		weekdays[within(tm->tm_wday, 0, 6)], months[within(tm->tm_mon, 0, 11)],
		within(tm->tm_mday, 1, 31), within(tm->tm_hour, 0, 23), within(tm->tm_min, 0, 59),
		within(tm->tm_sec, 0, 60), within(tm->tm_year, -1900, 8099) + 1900);
	return (size_t)length;
}
