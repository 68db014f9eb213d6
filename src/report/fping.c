/* fping.c - what fping 5 prints with -c and -C, to the letter, so that what reads fping (SmokePing
 * and the like) reads us: a line a probe on stdout, the summaries on stderr. Sequences are counted
 * from 0 there. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

/* What fping knows of a target. */
struct fping_row {
	float *times;            /* [capacity] ms, below 0: no answer; owned; only with all_times */
	uint64_t capacity, last; /* `last`: probes whose result is known */
	uint64_t received;
	double sum; /* ms */
};

struct fping {
	struct fping_row *rows; /* [count] by the report's row; owned */
	uint32_t count;
	bool summed; /* the blank line before the summaries is out */
};

/* Three to four digits, as fping's sprint_tm() has them. */
static const char *format_time(char out[static 24], double ms)
{
	snprintf(out, 24,
		ms < 1             ? "%.3f"
			: ms < 10  ? "%.2f"
			: ms < 100 ? "%.1f"
			: ms < 1e6 ? "%.0f"
				   : "%.3e",
		ms);
	return out;
}

/* Without memory there is no line, and what is missing would be another answer. */
static void *without_memory(struct sdr_report *report)
{
	sdr_out_fail(report->out, ENOMEM);
	return NULL;
}

static struct fping_row *row_of(struct sdr_report *report, uint32_t number)
{
	if (!report->fping && !(report->fping = calloc(1, sizeof(*report->fping))))
		return without_memory(report);
	struct fping *fping = report->fping;
	if (number >= fping->count) {
		uint32_t n = fping->count ? fping->count : 16;
		while (n <= number)
			n *= 2;
		struct fping_row *rows = realloc(fping->rows, n * sizeof(*rows));
		if (!rows)
			return without_memory(report);
		memset(rows + fping->count, 0, (n - fping->count) * sizeof(*rows));
		fping->rows = rows;
		fping->count = n;
	}
	return &fping->rows[number];
}

static void note_time(
	struct sdr_report *report, struct fping_row *row, uint64_t sequence, double ms)
{
	if (sequence > row->capacity) {
		uint64_t n = row->capacity ? row->capacity * 2 : 16;
		while (n < sequence)
			n *= 2;
		float *times = realloc(row->times, n * sizeof(*times));
		if (!times) {
			without_memory(report);
			return;
		}
		for (uint64_t i = row->capacity; i < n; i++)
			times[i] = -1;
		row->times = times;
		row->capacity = n;
	}
	row->times[sequence - 1] = (float)ms;
}

static struct fping_row *take(struct sdr_report *report, const struct sdr_result *result)
{
	struct fping_row *row = row_of(report, report->row);
	bool amended = result->kind == SDR_RESULT_AMENDED;
	if (!row || (result->kind != SDR_RESULT_ANSWER && !amended))
		return NULL;
	bool ok = result->outcome == SDR_OUTCOME_OK && result->rtt != SDR_NS_NONE;
	row->last += !amended;
	row->received += ok;
	row->sum += ok ? (double)result->rtt / 1e6 : 0;
	if (report->all_times)
		note_time(report, row, result->sequence, ok ? (double)result->rtt / 1e6 : -1);
	return row;
}

static void on_note(
	struct sdr_report *report, const struct sdr_target *target, const struct sdr_result *result)
{
	(void)target;
	(void)take(report, result);
}

static long long bytes_of(const struct sdr_target *target, const struct sdr_result *result)
{
	for (unsigned i = 0; i < target->spec->type->field_count; i++)
		if (strcmp(target->spec->type->fields[i].name, "bytes") == 0 &&
			sdr_result_value(result, i)->present)
			return sdr_result_value(result, i)->number;
	return 0;
}

static void on_probe(
	struct sdr_report *report, const struct sdr_target *target, const struct sdr_result *result)
{
	char time[24], average[24] = "NaN", label[SDR_TARGET_LABEL];
	const struct fping_row *row = take(report, result);
	if (!row)
		return;
	if (result->why && result->from.addr.version) {
		char from[SDR_ADDR_TEXT];
		sdr_out_line(report->err, SDR_TONE_PLAIN,
			"ICMP %s from %s for ICMP Echo sent to %s", result->why,
			sdr_addr_format(from, &result->from.addr), sdr_target_label(label, target));
	}
	unsigned long long number = result->sequence - 1,
			   loss = (row->last - row->received) * 100 / row->last;
	if (row->received > 0)
		format_time(average, row->sum / (double)row->received);
	sdr_out_put(report->out, SDR_TONE_PLAIN, "%-*s : [%llu], ", (int)report->width,
		sdr_target_label(label, target), number);
	if (result->outcome == SDR_OUTCOME_OK)
		sdr_out_put(report->out, SDR_TONE_PLAIN, "%lld bytes, %s ms",
			bytes_of(target, result), format_time(time, (double)result->rtt / 1e6));
	else
		sdr_out_put(report->out, SDR_TONE_PLAIN, "timed out");
	sdr_out_line(report->out, SDR_TONE_PLAIN, " (%s avg, %llu%% loss)", average, loss);
}

static void put_times(struct sdr_report *report, const struct fping_row *row, uint64_t sent)
{
	char time[24];
	for (uint64_t i = 0; i < sent; i++)
		if (i < row->capacity && row->times[i] >= 0)
			sdr_out_put(report->err, SDR_TONE_PLAIN, " %s",
				format_time(time, (double)row->times[i]));
		else
			sdr_out_put(report->err, SDR_TONE_PLAIN, " -");
}

/* How many fields -C has: one a probe, and for a target that none was begun for, as many as were
 * asked for. */
static uint64_t wanted(const struct sdr_target *target, const struct sdr_totals *totals)
{
	return totals->transmitted > 0 ? totals->transmitted : target->spec->count;
}

static void on_summary(struct sdr_report *report, const struct sdr_target *target,
	const struct sdr_totals *totals, const struct sdr_report_record *record)
{
	(void)record;
	char low[24], middle[24], high[24], label[SDR_TARGET_LABEL];
	struct fping_row *row = row_of(report, report->row);
	if (!row)
		return;
	if (!report->quiet && !report->fping->summed)
		sdr_out_end(report->err);
	report->fping->summed = true;
	sdr_out_put(report->err, SDR_TONE_PLAIN, "%-*s :", (int)report->width,
		sdr_target_label(label, target));
	if (report->all_times) {
		put_times(report, row, wanted(target, totals));
		sdr_out_end(report->err);
		return;
	}
	unsigned long long sent = totals->transmitted,
			   loss = sent > 0 ? (sent - totals->received) * 100 / sent : 0;
	sdr_out_put(report->err, SDR_TONE_PLAIN, " xmt/rcv/%%loss = %llu/%llu/%llu%%", sent,
		(unsigned long long)totals->received, loss);
	if (totals->received > 0)
		sdr_out_put(report->err, SDR_TONE_PLAIN, ", min/avg/max = %s/%s/%s",
			format_time(low, (double)totals->rtt_min / 1e6),
			format_time(middle, (double)totals->rtt_avg / 1e6),
			format_time(high, (double)totals->rtt_max / 1e6));
	sdr_out_end(report->err);
}

static void on_header(struct sdr_report *report, const struct sdr_target *target)
{
	(void)report;
	(void)target;
}

void sdr_report_done(struct sdr_report *report)
{
	for (uint32_t i = 0; report->fping && i < report->fping->count; i++)
		free(report->fping->rows[i].times);
	free(report->fping ? report->fping->rows : NULL);
	free(report->fping);
	report->fping = NULL;
}

const struct sdr_report_format sdr_report_fping = {
	.header = on_header, .probe = on_probe, .note = on_note, .summary = on_summary};
