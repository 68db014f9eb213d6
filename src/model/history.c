/* history.c - slots are folded into digests, digests into 21 bits. */
#include "model/history.h"

#include <math.h>
#include <string.h>

#include "model/bits.h"
#include "model/digest.h"

/* Answers per minute beyond what the interval gives, for pacing and unscheduled probes. */
#define SPARE 4
#define BYGONE_MINUTES (SDR_HISTORY_HOUR - SDR_HISTORY_MINUTES)
#define BYGONE_BITS 21
#define BYGONE_BYTES ((BYGONE_MINUTES * BYGONE_BITS + 7) / 8)
#define MINUTE_SECONDS 60
#define NO_MINUTE (-1)

/* ---- where things are ---- */

static size_t minutes_bytes(uint8_t digest_bytes)
{
	return (size_t)SDR_HISTORY_MINUTES * digest_bytes + BYGONE_BYTES;
}

size_t sdr_history_bytes(const struct sdr_reach *reach)
{
	return sdr_series_bytes(reach->capacity) + minutes_bytes(reach->digest_bytes);
}

static uint8_t *minutes_of(const struct sdr_series *series)
{
	return (uint8_t *)(uintptr_t)series->memory + sdr_series_bytes(series->capacity);
}

static uint8_t *digest_of(const struct sdr_series *series, int32_t minute)
{
	return minutes_of(series) + minute % SDR_HISTORY_MINUTES * series->digest_bytes;
}

static struct sdr_bits bygone_of(const struct sdr_series *series, int32_t minute)
{
	return (struct sdr_bits){
		.bytes = minutes_of(series) + SDR_HISTORY_MINUTES * series->digest_bytes,
		.at = (uint32_t)(minute % BYGONE_MINUTES * BYGONE_BITS),
		.size = BYGONE_BYTES * 8};
}

static int32_t newest_minute(const struct sdr_series *series)
{
	return series->newest == SDR_SERIES_NEVER ? NO_MINUTE : series->newest / MINUTE_SECONDS;
}

/* The first slot that is in no digest. */
static uint64_t unfolded(const struct sdr_series *series)
{
	return series->head - (uint16_t)(series->head - series->folded);
}

/* ---- beginning ---- */

struct sdr_reach sdr_history_want(const struct sdr_spec *spec, sdr_ns time)
{
	uint32_t probes = spec->interval > 0 ? (uint32_t)(SDR_MINUTE / spec->interval) + SPARE : 0;
	return (struct sdr_reach){.capacity = sdr_series_want(spec, time),
		.digest_bytes = sdr_digest_size(probes, time > SDR_SERIES_TIME)};
}

static void forget_minutes(struct sdr_series *series)
{
	series->folded = (uint16_t)series->head;
	memset(minutes_of(series), 0, minutes_bytes(series->digest_bytes));
}

void sdr_history_init(struct sdr_series *series, const struct sdr_reach *reach)
{
	series->digest_bytes = reach->digest_bytes;
	sdr_series_init(series, reach->capacity);
	forget_minutes(series);
}

void sdr_history_reset(struct sdr_series *series)
{
	sdr_series_reset(series);
	forget_minutes(series);
}

void sdr_history_follow(struct sdr_series *series, const struct sdr_series *from)
{
	sdr_series_follow(series, from);
	series->folded = from->folded;
	/* A digest marks its own end. */
	for (int32_t i = 0; i < SDR_HISTORY_MINUTES; i++)
		memcpy(digest_of(series, i), digest_of(from, i), from->digest_bytes);
	memcpy(bygone_of(series, 0).bytes, bygone_of(from, 0).bytes, BYGONE_BYTES);
}

/* ---- minutes of long ago ---- */

/* A minute's figures are one number: 0, nothing was sent; 1, all was lost; from 2 on, the pair of
 * middle and worst, and the level of losses. */
/* 0; 1 to 19 in 1200ths, for losses of less than one in 60; then 60ths, of which 60 would be
 * all. */
#define LEVELS 79
#define FINE_LEVELS 19
#define FINE 1200.0
#define COARSE 60.0

static uint32_t level_of(uint32_t lost, uint32_t sent)
{
	double share = (double)lost / sent;
	double level = share * COARSE < 1 ? ceil(share * FINE)
					  : FINE_LEVELS + fmin(round(share * COARSE), COARSE - 1);
	return (uint32_t)level;
}

static double level_loss(uint32_t level)
{
	return level <= FINE_LEVELS ? 100 * level / FINE : 100 * (level - FINE_LEVELS) / COARSE;
}

static uint32_t pair_of(uint32_t middle, uint32_t worst)
{
	return worst * (worst + 1) / 2 + middle;
}

static uint32_t pair_worst(uint32_t pair)
{
	return (uint32_t)((sqrt(8.0 * pair + 1) - 1) / 2);
}

static uint32_t sum_up(const struct sdr_counts *counts)
{
	if (counts->received == 0)
		return counts->lost > 0;
	uint32_t pair = pair_of(
		(uint32_t)sdr_counts_ranked(counts, 0.5), (uint32_t)sdr_counts_ranked(counts, 1));
	return 2 + pair * LEVELS + level_of(counts->lost, counts->lost + counts->received);
}

static struct sdr_minute bygone_minute(uint32_t sum)
{
	if (sum < 2)
		return (struct sdr_minute){
			.typical = SDR_NS_NONE, .worst = SDR_NS_NONE, .loss = sum ? 100 : NAN};
	uint32_t pair = (sum - 2) / LEVELS, worst = pair_worst(pair);
	return (struct sdr_minute){.typical = sdr_bucket_middle((int)(pair - pair_of(0, worst))),
		.worst = sdr_bucket_middle((int)worst),
		.loss = level_loss((sum - 2) % LEVELS)};
}

/* ---- filling ---- */

static void count(struct sdr_counts *counts, uint16_t code)
{
	counts->lost += code == SDR_SLOT_LOST;
	if (code > SDR_CODE_MAX)
		return;
	counts->received++;
	counts->by[sdr_bucket_of(code)]++;
}

/* Adds what is known of a minute, from digest and slots. */
static void add_minute(const struct sdr_series *series, int32_t minute, struct sdr_counts *counts)
{
	sdr_digest_add(digest_of(series, minute), series->digest_bytes, counts);
	for (uint64_t slot = unfolded(series);
		minute == newest_minute(series) && slot < series->head; slot++)
		count(counts, sdr_series_slot(series, slot));
}

/* Puts the slots up to the head into the digest of their minute, the newest; the first in no digest
 * is now `next`, which is no less. */
static void fold(struct sdr_series *series, uint64_t next)
{
	struct sdr_counts counts = {0};
	int32_t minute = newest_minute(series);
	if (minute != NO_MINUTE) {
		add_minute(series, minute, &counts);
		sdr_digest_write(digest_of(series, minute), series->digest_bytes, &counts);
	}
	series->folded = (uint16_t)next;
}

/* Slots that the head will run over are folded before. */
static void make_room(struct sdr_series *series, uint64_t head)
{
	if (head > unfolded(series) + series->capacity)
		fold(series,
			series->head + series->capacity < head ? head - series->capacity
							       : series->head);
}

static void keep_sum(struct sdr_series *series, int32_t minute)
{
	struct sdr_counts counts = {0};
	struct sdr_bits bygone = bygone_of(series, minute);
	sdr_digest_add(digest_of(series, minute), series->digest_bytes, &counts);
	sdr_bits_put(&bygone, BYGONE_BITS, sum_up(&counts));
}

/* Makes place for the minutes up to `minute`. */
static void go_on(struct sdr_series *series, int32_t minute)
{
	int32_t newest = newest_minute(series);
	if (newest == NO_MINUTE)
		return;
	if (minute - newest > SDR_HISTORY_HOUR) {
		memset(minutes_of(series), 0, minutes_bytes(series->digest_bytes));
		return;
	}
	for (int32_t m = newest + 1; m <= minute; m++) {
		if (m >= SDR_HISTORY_MINUTES)
			keep_sum(series, m - SDR_HISTORY_MINUTES);
		memset(digest_of(series, m), 0, series->digest_bytes);
	}
}

static void add_late(struct sdr_series *series, int32_t minute, uint16_t code)
{
	struct sdr_counts counts = {0};
	if (minute + SDR_HISTORY_MINUTES <= newest_minute(series))
		return;
	sdr_digest_add(digest_of(series, minute), series->digest_bytes, &counts);
	count(&counts, code);
	sdr_digest_write(digest_of(series, minute), series->digest_bytes, &counts);
}

/* Slots from the first of a minute on were sent no earlier than that, so what is in no digest is of
 * the newest minute. */
void sdr_history_put(struct sdr_series *series, uint64_t slot, int32_t second, uint16_t code)
{
	int32_t minute = second / MINUTE_SECONDS;
	bool begins = minute > newest_minute(series);
	if (begins) {
		uint64_t next = slot > series->head ? slot : series->head;
		fold(series, next);
		go_on(series, minute);
	} else if (slot >= series->head) {
		make_room(series, slot + 1);
	}
	bool late = slot < (begins ? series->head : unfolded(series));
	sdr_series_put(series, slot, second, code);
	if (late)
		add_late(series, minute, code);
}

void sdr_history_amend(struct sdr_series *series, uint64_t slot, int32_t second, uint16_t code)
{
	struct sdr_counts counts = {0};
	int32_t minute = second / MINUTE_SECONDS;
	bool folded = slot < unfolded(series);
	sdr_series_put(series, slot, second, code);
	if (!folded || minute + SDR_HISTORY_MINUTES <= newest_minute(series))
		return;
	sdr_digest_add(digest_of(series, minute), series->digest_bytes, &counts);
	counts.lost -= counts.lost > 0;
	count(&counts, code);
	sdr_digest_write(digest_of(series, minute), series->digest_bytes, &counts);
}

void sdr_history_gap(struct sdr_series *series, uint32_t n)
{
	n = n < series->capacity ? n : series->capacity;
	make_room(series, series->head + n);
	sdr_series_gap(series, n);
}

/* ---- reading ---- */

static void fill_times(struct sdr_figures *figures, const struct sdr_counts *counts)
{
	double sum = 0, squares = 0, total = counts->received;
	for (int i = 0; i < SDR_BUCKET_COUNT; i++) {
		double value = counts->by[i] ? (double)sdr_bucket_middle(i) : 0;
		sum += value * counts->by[i];
		squares += value * value * counts->by[i];
	}
	double mean = sum / total;
	figures->avg = llround(mean);
	figures->mdev = llround(sqrt(fmax(squares / total - mean * mean, 0)));
	figures->min = sdr_bucket_middle(sdr_counts_ranked(counts, 0));
	figures->max = sdr_bucket_middle(sdr_counts_ranked(counts, 1));
	figures->p50 = sdr_bucket_middle(sdr_counts_ranked(counts, 0.50));
	figures->p95 = sdr_bucket_middle(sdr_counts_ranked(counts, 0.95));
	figures->p99 = sdr_bucket_middle(sdr_counts_ranked(counts, 0.99));
}

void sdr_history_add(const struct sdr_series *series, sdr_ns now, struct sdr_counts *counts)
{
	int32_t last = (int32_t)(now / SDR_MINUTE), newest = newest_minute(series);
	last = last > newest ? last : newest;
	for (int32_t m = last - SDR_HISTORY_MINUTES + 1; m <= newest; m++)
		if (m >= 0)
			add_minute(series, m, counts);
}

void sdr_history_sum_up(const struct sdr_counts *counts, struct sdr_figures *figures)
{
	*figures = (struct sdr_figures){.min = SDR_NS_NONE,
		.avg = SDR_NS_NONE,
		.max = SDR_NS_NONE,
		.mdev = SDR_NS_NONE,
		.jitter = SDR_NS_NONE,
		.p50 = SDR_NS_NONE,
		.p95 = SDR_NS_NONE,
		.p99 = SDR_NS_NONE};
	figures->lost = counts->lost;
	figures->received = counts->received;
	figures->sent = figures->received + figures->lost;
	if (counts->received)
		fill_times(figures, counts);
}

void sdr_history_figures(const struct sdr_series *series, sdr_ns now, struct sdr_figures *figures)
{
	struct sdr_counts counts = {0};
	sdr_history_add(series, now, &counts);
	sdr_history_sum_up(&counts, figures);
}

static struct sdr_minute recent_minute(const struct sdr_series *series, int32_t minute)
{
	struct sdr_counts counts = {0};
	add_minute(series, minute, &counts);
	struct sdr_minute public = bygone_minute(sum_up(&counts));
	if (counts.received)
	public.loss = 100.0 * counts.lost / (counts.lost + counts.received);
	return public;
}

static struct sdr_minute minute_at(const struct sdr_series *series, int32_t minute)
{
	int32_t newest = newest_minute(series);
	if (minute < 0 || minute > newest || minute + SDR_HISTORY_HOUR <= newest)
		return bygone_minute(0);
	if (minute + SDR_HISTORY_MINUTES > newest)
		return recent_minute(series, minute);
	struct sdr_bits bygone = bygone_of(series, minute);
	return bygone_minute(sdr_bits_get(&bygone, BYGONE_BITS));
}

void sdr_history_minutes(
	const struct sdr_series *series, sdr_ns now, struct sdr_minute *minutes, uint32_t n)
{
	int32_t last = (int32_t)(now / SDR_MINUTE);
	for (uint32_t i = 0; i < n; i++)
		minutes[i] = minute_at(series, last - (int32_t)(n - 1 - i));
}
