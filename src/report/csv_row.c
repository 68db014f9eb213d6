/* csv_row.c - a row of comma-separated values. */
#include "report/csv_row.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/sanitize.h"

static void comma(struct csv_row *row)
{
	if (row->cells++)
		sdr_out_raw(row->out, ",", 1);
}

/* Writes a cell that is sanitised already. */
static void put_clean(struct csv_row *row, const char *clean, bool formula)
{
	bool quoted = strpbrk(clean, ",\"") || formula;
	if (quoted)
		sdr_out_raw(row->out, formula ? "\"'" : "\"", formula ? 2 : 1);
	for (const char *at = clean; *at;) {
		size_t run = quoted ? strcspn(at, "\"") : strlen(at);
		sdr_out_raw(row->out, at, run);
		at += run;
		if (*at) {
			sdr_out_raw(row->out, "\"\"", 2); /* RFC 4180 sec. 2.7 */
			at++;
		}
	}
	if (quoted)
		sdr_out_raw(row->out, "\"", 1);
}

/* A cell that there is no memory for ends the output: an empty one would be another answer. */
void sdr_csv_text(struct csv_row *row, const char *bytes, size_t length)
{
	struct sdr_text_style style = {.ascii = row->out->ascii, .cells_max = -1};
	char small[1024], *large = NULL;
	size_t need = sdr_sanitize(small, sizeof(small), bytes, length, &style);
	if (need >= sizeof(small) && !(large = sdr_sanitize_new(bytes, length, &style))) {
		sdr_out_fail(row->out, ENOMEM);
		return;
	}
	comma(row);
	put_clean(row, large ? large : small, length && strchr("=+-@\t\r", bytes[0]) && bytes[0]);
	free(large);
}

void sdr_csv_word(struct csv_row *row, const char *word)
{
	sdr_csv_text(row, word ? word : "", word ? strlen(word) : 0);
}

/* Numbers need no quoting. */
static void put_number(struct csv_row *row, const char *text)
{
	comma(row);
	sdr_out_raw(row->out, text, strlen(text));
}

void sdr_csv_integer(struct csv_row *row, int64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRId64, value);
	put_number(row, text);
}

void sdr_csv_real(struct csv_row *row, double value)
{
	char text[40];
	snprintf(text, sizeof(text), "%.9g", value);
	put_number(row, isfinite(value) ? text : "");
}

void sdr_csv_seconds(struct csv_row *row, sdr_ns value)
{
	sdr_csv_real(row, value == SDR_NS_NONE ? (double)NAN : (double)value / 1e9);
}

void sdr_csv_address(struct csv_row *row, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	sdr_csv_word(row, addr->version ? sdr_addr_format(text, addr) : NULL);
}
