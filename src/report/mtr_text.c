/* mtr_text.c - the layout of mtr's report, with its quirks: in a narrow one all before column 33 is
 * cut there, a column that is too long is cut but for the last ("100.0" without %), further
 * addresses of a hop are filled up with blanks, and with AS numbers stand there twice. */
#include "report/mtr_text.h"

#include <stdio.h>
#include <string.h>

#include "sounder/sanitize.h"

#define NARROW 33
#define COLUMN 6
#define AS_WIDTH 9 /* "AS???    " */
#define COLUMNS_TEXT 128
#define CLEAN_TEXT 2048
#define LINE_TEXT (2 * CLEAN_TEXT)
#define NO_ANSWER "???"

/* A text, cleaned so that its cells are known. */
static const char *clean(char out[static CLEAN_TEXT], const struct sdr_out *to, const char *text)
{
	const struct sdr_text_style style = {.ascii = to->ascii};
	sdr_sanitize(out, CLEAN_TEXT, text, strlen(text), &style);
	return out;
}

/* How many blanks fill a clean text up to so many cells. */
static int blanks(const char *text, int width)
{
	int cells = sdr_text_cells(text);
	return cells < width ? width - cells : 0;
}

/* The bytes at the start of a clean text that take so many cells at most. */
static int bytes_of(const char *text, int width)
{
	int cells = 0, end = 0;
	uint32_t code;
	while (text[end] != '\0') {
		size_t step = sdr_text_decode(text + end, strlen(text + end), &code);
		cells += sdr_text_width(code);
		if (cells > width)
			break;
		end += (int)step;
	}
	return end;
}

/* Appends a column's text, cut to its width. */
static void add_column(char out[static COLUMNS_TEXT], const char *text)
{
	size_t length = strlen(out);
	snprintf(out + length, COLUMNS_TEXT - length, "%.*s", COLUMN, text);
}

/* Milliseconds of whole microseconds, as mtr keeps them. */
static double milliseconds(sdr_ns time)
{
	return time == SDR_NS_NONE ? 0 : (double)(time / SDR_US) / 1000;
}

static void format_columns(char out[static COLUMNS_TEXT], const struct sdr_mtr_row *row)
{
	const sdr_ns times[] = {row->last, row->average, row->best, row->worst};
	char text[40];
	size_t length;
	out[0] = '\0';
	snprintf(text, sizeof(text), " %4.1f%%", row->loss);
	add_column(out, text);
	snprintf(text, sizeof(text), " %5llu", (unsigned long long)row->sent);
	add_column(out, text);
	add_column(out, " ");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		snprintf(text, sizeof(text), " %5.1f", milliseconds(times[i]));
		add_column(out, text);
	}
	length = strlen(out);
	snprintf(out + length, COLUMNS_TEXT - length, " %5.1f", milliseconds(row->deviation));
}

/* What hosts are filled up to: in a wide report the longest that begins a row, or this host. */
static int host_width(const struct sdr_out *out, const struct sdr_mtr_report *report)
{
	char text[CLEAN_TEXT];
	int width = sdr_text_cells(clean(text, out, report->host));
	if (!report->wide)
		return NARROW;
	for (size_t i = 0; i < report->count; i++) {
		const struct sdr_mtr_row *row = &report->rows[i];
		int cells = sdr_text_cells(
			clean(text, out, row->host_count > 0 ? row->hosts[0].text : NO_ANSWER));
		width = cells > width ? cells : width;
	}
	return width;
}

/* A line: its clean head, in a narrow report cut, and the columns behind. */
static void put_line(struct sdr_out *out, const struct sdr_mtr_report *report,
	char head[static LINE_TEXT], int width, const char *columns)
{
	if (!report->wide) {
		head[bytes_of(head, NARROW)] = '\0';
		width = NARROW;
	}
	sdr_out_line(out, SDR_TONE_PLAIN, "%s%*s%s", head, blanks(head, width), "", columns);
}

static const char *as_text(const struct sdr_mtr_host *host)
{
	return host && host->as ? host->as : "AS???";
}

static void put_row(struct sdr_out *out, const struct sdr_mtr_report *report,
	const struct sdr_mtr_row *row, int width)
{
	char columns[COLUMNS_TEXT], text[LINE_TEXT], host[CLEAN_TEXT];
	const struct sdr_mtr_host *first = row->host_count > 0 ? &row->hosts[0] : NULL;
	clean(host, out, first ? first->text : NO_ANSWER);
	format_columns(columns, row);
	if (report->as)
		snprintf(text, sizeof(text), " %2u. %-*s%s%*s", row->hop, AS_WIDTH, as_text(first),
			host, blanks(host, width), "");
	else
		snprintf(text, sizeof(text), " %2u.|-- %s%*s", row->hop, host, blanks(host, width),
			"");
	put_line(out, report, text, 0, columns);
	for (size_t i = 1; i < row->host_count; i++) {
		clean(host, out, row->hosts[i].text);
		sdr_out_line(out, SDR_TONE_PLAIN, "        %s%*s", host, blanks(host, width), "");
		if (report->as)
			sdr_out_line(out, SDR_TONE_PLAIN, "     %-*s%s", AS_WIDTH,
				as_text(&row->hosts[i]), host);
	}
}

void sdr_mtr_text(struct sdr_out *out, const struct sdr_mtr_report *report)
{
	char start[64] = "", text[LINE_TEXT], host[CLEAN_TEXT];
	struct tm tm;
	int width = host_width(out, report), head = width + (report->as ? AS_WIDTH : 0);
	if (localtime_r(&report->start, &tm))
		strftime(start, sizeof(start), "%Y-%m-%dT%H:%M:%S%z", &tm);
	sdr_out_line(out, SDR_TONE_PLAIN, "Start: %s", start);
	snprintf(text, sizeof(text), "HOST: %s", clean(host, out, report->host));
	put_line(out, report, text, 6 + head, " Loss%   Snt   Last   Avg  Best  Wrst StDev");
	for (size_t i = 0; i < report->count; i++)
		put_row(out, report, &report->rows[i],
			report->wide && report->as ? width + 1 : width);
}
