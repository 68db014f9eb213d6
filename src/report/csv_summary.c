/* csv_summary.c - what a summary has beyond a probe: totals, percentiles, the last stretches of
 * time a group of columns each, the outages in one column. */
#include "report/csv_summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/figure_fields.h"

static const char *const totals_heads[] = {"transmitted", "received", "lost", "local", "in_flight",
	"duplicates", "late", "corrupt", "loss_percent", "unsent_percent", "rtt_min_seconds",
	"rtt_avg_seconds", "rtt_max_seconds", "rtt_mdev_seconds", "elapsed_seconds"};
static const char *const windows[] = {
	[SDR_WINDOW_10S] = "10s", [SDR_WINDOW_1MIN] = "1min", [SDR_WINDOW_10MIN] = "10min"};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))
/* Columns of the whole run's figures, of all windows', and the outages. */
#define RECORD_CELLS (SDR_FIGURES - SDR_FIGURES_WHOLE + COUNT(windows) * SDR_FIGURES + 1)
#define OUTAGE_TEXT (2 * SDR_WALL_TEXT + 160) /* of one */

void sdr_csv_summary_heads(struct csv_row *row)
{
	char head[64];
	for (size_t i = 0; i < COUNT(totals_heads); i++)
		sdr_csv_word(row, totals_heads[i]);
	for (size_t i = SDR_FIGURES_WHOLE; i < SDR_FIGURES; i++)
		sdr_csv_word(row, sdr_figure_fields[i].name);
	for (size_t i = 0; i < COUNT(windows) * SDR_FIGURES; i++) {
		snprintf(head, sizeof(head), "%s_%s", sdr_figure_fields[i % SDR_FIGURES].name,
			windows[i / SDR_FIGURES]);
		sdr_csv_word(row, head);
	}
	sdr_csv_word(row, "outages");
}

static void put_nothing(struct csv_row *row, size_t cells)
{
	while (cells-- > 0)
		sdr_csv_word(row, NULL);
}

void sdr_csv_summary_none(struct csv_row *row)
{
	put_nothing(row, COUNT(totals_heads) + RECORD_CELLS);
}

/* A count that the type can't know is empty, not 0. */
static void put_count(
	struct csv_row *row, const struct sdr_target *target, enum sdr_count which, uint64_t count)
{
	if (target->spec->type->counts & which)
		sdr_csv_integer(row, (int64_t)count);
	else
		sdr_csv_word(row, NULL);
}

static void put_totals(
	struct csv_row *row, const struct sdr_target *target, const struct sdr_totals *totals)
{
	sdr_csv_integer(row, (int64_t)totals->transmitted);
	sdr_csv_integer(row, (int64_t)totals->received);
	sdr_csv_integer(row, (int64_t)totals->lost);
	sdr_csv_integer(row, (int64_t)totals->local);
	sdr_csv_integer(row, (int64_t)totals->in_flight);
	put_count(row, target, SDR_COUNT_DUPLICATES, totals->duplicates);
	put_count(row, target, SDR_COUNT_LATE, totals->late);
	put_count(row, target, SDR_COUNT_CORRUPT, totals->corrupt);
	sdr_csv_real(row, sdr_report_loss(totals));
	sdr_csv_real(row, sdr_report_unsent(totals));
	sdr_csv_seconds(row, totals->rtt_min);
	sdr_csv_seconds(row, totals->rtt_avg);
	sdr_csv_seconds(row, totals->rtt_max);
	sdr_csv_seconds(row, totals->rtt_mdev);
	sdr_csv_seconds(row, totals->elapsed);
}

static void put_figures(struct csv_row *row, const struct sdr_figures *figures, size_t from)
{
	for (size_t i = from; i < SDR_FIGURES; i++) {
		const struct figure_field *field = &sdr_figure_fields[i];
		if (field->kind == FIGURE_COUNT)
			sdr_csv_integer(row, (int64_t)sdr_figure_count(figures, field));
		else if (field->kind == FIGURE_PERCENT)
			sdr_csv_real(row, sdr_figure_percent(figures, field));
		else
			sdr_csv_seconds(row, sdr_figure_time(figures, field));
	}
}

/* "FROM TO SECONDS WHY", oldest first, a semicolon between; TO of one that goes on is a dash. */
static void put_outages(struct csv_row *row, const struct sdr_report_record *record)
{
	size_t size = record->outage_count * (size_t)OUTAGE_TEXT + 1, used = 0;
	char *text = malloc(size), from[SDR_WALL_TEXT], to[SDR_WALL_TEXT];
	if (!text) {
		sdr_out_fail(row->out, ENOMEM);
		return;
	}
	text[0] = '\0';
	for (uint32_t i = record->outage_count; i-- > 0;) {
		const struct sdr_outage *outage = &record->outages[i];
		int length = snprintf(text + used, size - used, "%s%s %s %.9g %s",
			used > 0 ? "; " : "", sdr_report_time(from, outage->from),
			outage->to ? sdr_report_time(to, outage->to) : "-",
			(double)outage->lasted / 1e9, outage->why);
		used += length > 0 && (size_t)length < size - used ? (size_t)length : 0;
	}
	sdr_csv_text(row, text, used);
	free(text);
}

void sdr_csv_summary_cells(struct csv_row *row, const struct sdr_target *target,
	const struct sdr_totals *totals, const struct sdr_report_record *record)
{
	put_totals(row, target, totals);
	if (!record) {
		put_nothing(row, RECORD_CELLS);
		return;
	}
	put_figures(row, &record->windows[SDR_WINDOW_ALL], SDR_FIGURES_WHOLE);
	for (size_t i = 0; i < COUNT(windows); i++)
		put_figures(row, &record->windows[i], 0);
	put_outages(row, record);
}
