/* tally.c - counts and exact sums of one target's results, for its summary. mdev is the population
 * standard deviation, as iputils has it. */
#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

static void add_time(struct sdr_tally_times *times, sdr_ns rtt)
{
	if (!times->count || rtt < times->min)
		times->min = rtt;
	if (!times->count || rtt > times->max)
		times->max = rtt;
	times->ewma8 = times->count ? times->ewma8 + rtt - times->ewma8 / 8 : rtt * 8;
	times->count++;
	times->sum += rtt;
	times->sum2 += (unsigned __int128)((__int128)rtt * rtt);
}

static void add_received(struct sdr_tally *tally, const struct sdr_result *result)
{
	tally->received++;
	if (result->rtt == SDR_NS_NONE)
		return;
	add_time(&tally->answers, result->rtt);
	add_time(&tally->all, result->rtt);
}

static void add_answer(struct sdr_tally *tally, const struct sdr_result *result)
{
	if (!tally->first)
		tally->first = result->sent;
	/* A fault of this host is no evidence about the network: it is no loss. */
	if (result->outcome == SDR_OUTCOME_LOCAL) {
		tally->local++;
		return;
	}
	if (result->outcome != SDR_OUTCOME_OK) {
		tally->lost++;
		tally->errors += result->outcome != SDR_OUTCOME_TIMEOUT;
		return;
	}
	add_received(tally, result);
}

uint64_t sdr_tally_ended(const struct sdr_tally *tally)
{
	return tally->received + tally->lost + tally->local;
}

void sdr_tally_add(struct sdr_tally *tally, const struct sdr_result *result)
{
	if (result->sent > tally->last)
		tally->last = result->sent;
	switch (result->kind) {
	case SDR_RESULT_ANSWER:
		add_answer(tally, result);
		break;
	case SDR_RESULT_AMENDED:
		tally->lost--;
		add_received(tally, result);
		break;
	case SDR_RESULT_LATE:
		tally->late++;
		break;
	case SDR_RESULT_DUPLICATE:
		tally->duplicates++;
		if (result->rtt != SDR_NS_NONE)
			add_time(&tally->all, result->rtt);
		break;
	case SDR_RESULT_CORRUPT:
		tally->corrupt++;
		break;
	case SDR_RESULT_FURTHER:
	case SDR_RESULT_FOREIGN:
	case SDR_RESULT_EVENT:
	case SDR_RESULT_PENDING:
		break;
	}
}

/* The root of n, rounded down: Newton's method from a double's guess. */
static sdr_ns root_of(unsigned __int128 n)
{
	unsigned __int128 guess = (unsigned __int128)sqrtl((long double)n);
	while (guess * guess > n)
		guess--;
	while ((guess + 1) * (guess + 1) <= n)
		guess++;
	return (sdr_ns)guess;
}

void sdr_tally_totals(const struct sdr_tally *tally, uint64_t begun, bool with_duplicates,
	sdr_ns now, struct sdr_totals *totals)
{
	const struct sdr_tally_times *times = with_duplicates ? &tally->all : &tally->answers;
	uint64_t ended = sdr_tally_ended(tally);
	*totals = (struct sdr_totals){
		.transmitted = begun > ended ? begun : ended,
		.received = tally->received,
		.lost = tally->lost,
		.local = tally->local,
		.in_flight = begun > ended ? begun - ended : 0,
		.duplicates = tally->duplicates,
		.late = tally->late,
		.corrupt = tally->corrupt,
		.errors = tally->errors,
		.rtt_min = SDR_NS_NONE,
		.rtt_avg = SDR_NS_NONE,
		.rtt_max = SDR_NS_NONE,
		.rtt_mdev = SDR_NS_NONE,
		.rtt_ewma = SDR_NS_NONE,
		.elapsed = tally->first && now > tally->first ? now - tally->first : 0,
	};
	if (!times->count)
		return;
	__int128 average = times->sum / times->count;
	unsigned __int128 squares = times->sum2 / times->count,
			  square = (unsigned __int128)(average * average);
	totals->rtt_min = times->min;
	totals->rtt_max = times->max;
	totals->rtt_ewma = times->ewma8 / 8;
	totals->rtt_avg = (sdr_ns)average;
	totals->rtt_mdev = squares > square ? root_of(squares - square) : 0;
}

double sdr_report_loss(const struct sdr_totals *totals)
{
	uint64_t known = totals->received + totals->lost;
	return known ? 100.0 * (double)totals->lost / (double)known : (double)NAN;
}

double sdr_report_unsent(const struct sdr_totals *totals)
{
	return totals->transmitted ? 100.0 * (double)totals->local / (double)totals->transmitted
				   : (double)NAN;
}

const char *sdr_report_kind_word(enum sdr_result_kind kind)
{
	static const char *const words[] = {
		[SDR_RESULT_ANSWER] = "probe",
		[SDR_RESULT_AMENDED] = "probe",
		[SDR_RESULT_FURTHER] = "further",
		[SDR_RESULT_LATE] = "late",
		[SDR_RESULT_DUPLICATE] = "duplicate",
		[SDR_RESULT_CORRUPT] = "corrupt",
		[SDR_RESULT_FOREIGN] = "foreign",
		[SDR_RESULT_EVENT] = "event",
		[SDR_RESULT_PENDING] = "pending",
	};
	return words[kind];
}

const char *sdr_report_time(char out[static SDR_WALL_TEXT], sdr_wall when)
{
	time_t seconds = (time_t)(when / SDR_SECOND);
	struct tm parts;
	char text[24] = "1970-01-01T00:00:00";
	if (gmtime_r(&seconds, &parts))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(out, SDR_WALL_TEXT, "%s.%06dZ", text, (int)(when % SDR_SECOND / SDR_US));
	return out;
}
