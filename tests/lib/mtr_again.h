/* mtr_again.h - a report of mtr's read back and printed by our own code: it comes out as it went
 * in. */
#ifndef SOUNDER_TESTS_MTR_AGAIN_H
#define SOUNDER_TESTS_MTR_AGAIN_H

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/mtr_text.h"

#define AGAIN_ROWS 40
#define AGAIN_LINE 512

struct mtr_again {
	struct sdr_mtr_report report;
	struct sdr_mtr_row rows[AGAIN_ROWS];
	struct sdr_mtr_host hosts[AGAIN_ROWS][8];
	char texts[AGAIN_ROWS * 3][AGAIN_LINE];
	size_t texts_used;
};

/* A text's copy without blanks at its ends; in its place a name of `whole` that begins like it. */
static inline const char *again_keep(
	struct mtr_again *again, const char *from, size_t length, const char *const *whole)
{
	char *copy = again->texts[again->texts_used++];
	while (length > 0 && *from == ' ')
		from++, length--;
	while (length > 0 && from[length - 1] == ' ')
		length--;
	snprintf(copy, AGAIN_LINE, "%.*s", (int)length, from);
	for (; whole && *whole; whole++)
		if (length > 15 && strncmp(*whole, copy, length) == 0)
			return *whole;
	return copy;
}

/* The last word before `end`, as a number; `end` moves to its start. */
static inline double again_number(const char *line, size_t *end)
{
	while (*end > 0 && line[*end - 1] == ' ')
		--*end;
	while (*end > 0 && line[*end - 1] != ' ')
		--*end;
	return atof(line + *end);
}

static inline sdr_ns again_time(const char *line, size_t *end)
{
	return (sdr_ns)(again_number(line, end) * 1000 + 0.5) * SDR_US;
}

static inline void again_row(
	struct mtr_again *again, const char *line, size_t end, const char *const *whole)
{
	struct sdr_mtr_row *row = &again->rows[again->report.count];
	struct sdr_mtr_host *host = again->hosts[again->report.count++];
	*row = (struct sdr_mtr_row){.hop = (unsigned)atoi(line), .hosts = host};
	row->deviation = again_time(line, &end);
	row->worst = again_time(line, &end);
	row->best = again_time(line, &end);
	row->average = again_time(line, &end);
	row->last = again_time(line, &end);
	row->sent = (uint64_t)again_number(line, &end);
	row->loss = again_number(line, &end);
	size_t at = (size_t)(strchr(line, '.') - line) + 2;
	if (strncmp(line + at, "AS", 2) == 0) {
		/* A long one runs into the address. */
		const char *long_as[] = {"AS4200000000", "AS64500 23028"};
		size_t size = 9;
		for (size_t i = 0; i < 2; i++)
			if (strncmp(line + at, long_as[i], strlen(long_as[i])) == 0)
				size = strlen(long_as[i]);
		again->report.as = true;
		host->as = line[at + 2] == '?' ? NULL : again_keep(again, line + at, size, NULL);
		at += size;
	} else {
		at += 3;
	}
	host->text = again_keep(again, line + at, end - at, whole);
	row->host_count = strcmp(host->text, "?\?\?") != 0;
}

/* Reads a report; a date in UTC, as TZ has to be. `whole`: names that may be cut in it. */
static inline void again_read(
	struct mtr_again *again, const char *text, bool wide, const char *const *whole)
{
	memset(again, 0, sizeof(*again));
	again->report.rows = again->rows;
	again->report.wide = wide;
	for (const char *line = text, *next; *line != '\0'; line = next) {
		size_t length = strcspn(line, "\n");
		next = line + length + (line[length] == '\n');
		struct tm tm = {0};
		if (strncmp(line, "Start: ", 7) == 0 &&
			strptime(line + 7, "%Y-%m-%dT%H:%M:%S", &tm)) {
			again->report.start = timegm(&tm);
		} else if (strncmp(line, "HOST: ", 6) == 0) {
			const char *columns = strstr(line, " Loss%");
			again->report.host =
				again_keep(again, line + 6, (size_t)(columns - line) - 6, whole);
		} else if (again->report.count < AGAIN_ROWS && isdigit((unsigned char)line[2])) {
			again_row(again, line, length, whole);
		} else if (strncmp(line, "        ", 8) == 0 && again->report.count > 0) {
			size_t row = again->report.count - 1;
			again->hosts[row][again->rows[row].host_count++].text =
				again_keep(again, line + 8, length - 8, whole);
		}
	}
}

#endif
