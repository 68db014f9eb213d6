/* series.c - slots of 12 bits in a ring, and the windows over it. */
#include "model/series.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 64 /* enough for a sparkline when probes are rare */
#define SLACK 8         /* slots beyond the window, for pacing that runs ahead */

static const sdr_ns tenths[SDR_SERIES_WINDOWS] = {
	[SDR_WINDOW_10S] = SDR_SECOND,
	[SDR_WINDOW_1MIN] = 6 * SDR_SECOND,
};

/* Where in the ring a slot lies. What was initialised has room for two slots at least. */
static uint32_t place(const struct sdr_series *series, uint64_t slot)
{
	assert(series->capacity > 0);
	return (uint32_t)(slot % series->capacity);
}

static uint16_t slot_get(const struct sdr_series *series, uint64_t slot)
{
	return sdr_pack_get(series->slots, place(series, slot));
}

static void slot_set(struct sdr_series *series, uint64_t slot, uint16_t code)
{
	sdr_pack_set(series->slots, place(series, slot), code);
}

void sdr_series_reset(struct sdr_series *series)
{
	series->newest = SDR_NS_NONE;
	for (uint32_t i = 0; i < series->capacity; i++)
		slot_set(series, i, SDR_SLOT_GAP);
}

enum sdr_status sdr_series_init(struct sdr_series *series, uint32_t capacity)
{
	capacity = capacity < 2 ? 2 : capacity + capacity % 2;
	uint8_t *slots = calloc((size_t)capacity / 2, 3);
	if (!slots)
		return SDR_ENOMEM;
	*series = (struct sdr_series){.slots = slots, .capacity = capacity, .head = 1};
	sdr_series_reset(series);
	return SDR_OK;
}

void sdr_series_done(struct sdr_series *series)
{
	free(series->slots);
	*series = (struct sdr_series){0};
}

enum sdr_status sdr_series_resize(struct sdr_series *series, uint32_t capacity)
{
	struct sdr_series other;
	enum sdr_status status = sdr_series_init(&other, capacity);
	if (status != SDR_OK)
		return status;
	uint32_t keep = series->capacity < other.capacity ? series->capacity : other.capacity;
	for (uint64_t slot = series->head > keep ? series->head - keep : 0; slot < series->head; slot++)
		slot_set(&other, slot, slot_get(series, slot));
	free(series->slots);
	series->slots = other.slots;
	series->capacity = other.capacity;
	return SDR_OK;
}

uint32_t sdr_series_want(const struct sdr_spec *spec, sdr_ns time)
{
	if (spec->count > 0 && spec->count <= CAPACITY_MIN)
		return (uint32_t)spec->count;
	if (spec->interval <= 0)
		return spec->count ? CAPACITY_MIN : 1;
	int64_t want = (time + spec->timeout) / spec->interval + SLACK;
	return want < CAPACITY_MIN ? CAPACITY_MIN : want > SDR_SERIES_CAPACITY_MAX ? SDR_SERIES_CAPACITY_MAX : (uint32_t)want;
}

/* How many slots back from the head a tenth began. */
static uint32_t mark_age(const struct sdr_series *series, unsigned window, int64_t tenth)
{
	uint16_t age = (uint16_t)((uint16_t)series->head - series->marks[window][tenth % SDR_SERIES_TENTHS]);
	return age < series->capacity ? age : series->capacity;
}

/* A slot newer than all before begins the tenths up to its own. */
static void marks_go_on(struct sdr_series *series, uint64_t slot, sdr_ns sent)
{
	for (unsigned w = 0; w < SDR_SERIES_WINDOWS; w++) {
		int64_t to = sent / tenths[w], from = to - SDR_SERIES_TENTHS + 1;
		if (series->newest != SDR_NS_NONE && series->newest / tenths[w] >= from)
			from = series->newest / tenths[w] + 1;
		for (int64_t tenth = from < 0 ? 0 : from; tenth <= to; tenth++)
			series->marks[w][tenth % SDR_SERIES_TENTHS] = (uint16_t)slot;
	}
	series->newest = sent;
}

/* An older slot that was passed over belongs to its tenth, and to those before it that were taken to be empty. */
static void marks_go_back(struct sdr_series *series, uint64_t slot, sdr_ns sent)
{
	uint64_t age = series->head - slot;
	for (unsigned w = 0; w < SDR_SERIES_WINDOWS; w++) {
		int64_t oldest = series->newest / tenths[w] - SDR_SERIES_TENTHS + 1;
		for (int64_t tenth = sent / tenths[w]; tenth >= oldest && tenth >= 0 && mark_age(series, w, tenth) < age; tenth--)
			series->marks[w][tenth % SDR_SERIES_TENTHS] = (uint16_t)slot;
	}
}

void sdr_series_put(struct sdr_series *series, uint64_t slot, sdr_ns sent, uint16_t code)
{
	if (slot + series->capacity < series->head + 1)
		return;
	if (slot >= series->head) {
		uint64_t from = slot - series->head > series->capacity ? slot - series->capacity : series->head;
		for (; from < slot; from++)
			slot_set(series, from, SDR_SLOT_PENDING);
		series->head = slot + 1;
	}
	slot_set(series, slot, code);
	if (series->newest == SDR_NS_NONE || sent > series->newest)
		marks_go_on(series, slot, sent);
	else
		marks_go_back(series, slot, sent);
}

uint32_t sdr_series_gap(struct sdr_series *series, uint64_t n)
{
	uint32_t count = n < series->capacity ? (uint32_t)n : series->capacity;
	for (uint32_t i = 0; i < count; i++)
		slot_set(series, series->head++, SDR_SLOT_GAP);
	return count;
}

uint32_t sdr_series_last(const struct sdr_series *series, const sdr_ns *values, sdr_ns *samples, uint32_t n)
{
	uint32_t known = 0, have = n < series->capacity ? n : series->capacity;
	if (have > series->head)
		have = (uint32_t)series->head;
	for (uint32_t i = 0; i < n - have; i++)
		samples[i] = SDR_SAMPLE_GAP;
	for (uint32_t i = 0; i < have; i++) {
		uint16_t code = slot_get(series, series->head - have + i);
		samples[n - have + i] = code <= SDR_CODE_MAX ? values[code] : code == SDR_SLOT_LOST ? SDR_SAMPLE_LOST : SDR_SAMPLE_GAP;
		known += code <= SDR_CODE_MAX || code == SDR_SLOT_LOST;
	}
	return known;
}

/* How many of the newest slots the window takes in. */
static uint32_t window_slots(const struct sdr_series *series, enum sdr_window window, sdr_ns now)
{
	if (series->newest == SDR_NS_NONE)
		return 0;
	int64_t newest = series->newest / tenths[window], last = now / tenths[window];
	int64_t first = (last > newest ? last : newest) - SDR_SERIES_TENTHS + 2;
	return first > newest ? 0 : mark_age(series, window, first < 0 ? 0 : first);
}

/* A walk up the codes, from percentile to higher percentile. */
struct walk {
	const uint16_t *counts; /* by code */
	const sdr_ns *values;   /* by code */
	uint64_t total, below;  /* all counts; those of codes below `code` */
	uint16_t code;          /* where the walk stands; at first no higher than the least code seen */
};

/* Nearest rank: the value at which a share of all lies at or below. */
static sdr_ns walk_to(struct walk *walk, double part)
{
	double rank = ceil(part * (double)walk->total);
	if (walk->total == 0)
		return SDR_NS_NONE;
	while ((double)(walk->below + walk->counts[walk->code]) < rank)
		walk->below += walk->counts[walk->code++];
	return walk->values[walk->code];
}

void sdr_series_figures(
	const struct sdr_series *series, const sdr_ns *values, enum sdr_window window, sdr_ns now, struct sdr_figures *figures)
{
	uint16_t counts[SDR_CODE_MAX + 1] = {0};
	struct sdr_stats stats = {0};
	struct walk walk = {.counts = counts, .values = values, .code = SDR_CODE_MAX};
	uint64_t lost = 0;
	for (uint32_t age = window_slots(series, window, now); age > 0; age--) {
		uint16_t code = slot_get(series, series->head - age);
		lost += code == SDR_SLOT_LOST;
		if (code > SDR_CODE_MAX)
			continue;
		counts[code]++;
		walk.total++;
		walk.code = code < walk.code ? code : walk.code;
		sdr_stats_add(&stats, values[code]);
	}
	*figures = (struct sdr_figures){
		.sent = stats.count + lost,
		.received = stats.count,
		.lost = lost,
		.min = sdr_stats_min(&stats),
		.avg = sdr_stats_avg(&stats),
		.max = sdr_stats_max(&stats),
		.mdev = sdr_stats_mdev(&stats),
		.jitter = sdr_stats_jitter(&stats),
	};
	figures->p50 = walk_to(&walk, 0.50);
	figures->p95 = walk_to(&walk, 0.95);
	figures->p99 = walk_to(&walk, 0.99);
}
