/* series.c - slots of 12 bits in a ring, and the windows over it. */
#include "model/series.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define CAPACITY_MIN 64 /* enough for a sparkline when probes are rare */
#define SLACK 4         /* slots beyond the window, for unscheduled probes */

/* ---- marks ---- A mark is stored as its distance in slots before the head, modulo 2^8 or 2^16.
 * For marks that are too old this would wrap to 0, so whenever the head passes a multiple of
 * MARKS_CHECK, those older than the capacity are moved along. */

#define MARKS_CHECK 64
#define MARKS (SDR_SERIES_WINDOWS * SDR_SERIES_TENTHS)

/* Whether marks have a byte each, not two. */
static bool is_narrow(uint32_t capacity)
{
	return capacity + MARKS_CHECK <= UINT8_MAX;
}

static uint32_t marks_bytes(uint32_t capacity)
{
	return is_narrow(capacity) ? MARKS : 2 * MARKS;
}

static uint32_t mark_place(unsigned window, int32_t tenth)
{
	return window * SDR_SERIES_TENTHS + (uint32_t)tenth % SDR_SERIES_TENTHS;
}

/* How many slots back from the head a mark is; beyond the capacity, too. */
static uint32_t mark_back(const struct sdr_series *series, uint32_t place)
{
	const uint8_t *marks = series->memory;
	if (is_narrow(series->capacity))
		return (uint8_t)(series->head - marks[place]);
	return (uint16_t)(series->head - (marks[2 * place] | (unsigned)marks[2 * place + 1] << 8));
}

static void mark_set(struct sdr_series *series, uint32_t place, uint64_t slot)
{
	uint8_t *marks = series->memory;
	if (is_narrow(series->capacity)) {
		marks[place] = (uint8_t)slot;
		return;
	}
	marks[2 * place] = (uint8_t)slot;
	marks[2 * place + 1] = (uint8_t)(slot >> 8);
}

/* How many slots back from the head a tenth began. */
static uint32_t mark_age(const struct sdr_series *series, unsigned window, int32_t tenth)
{
	uint32_t back = mark_back(series, mark_place(window, tenth));
	return back < series->capacity ? back : series->capacity;
}

static void head_to(struct sdr_series *series, uint64_t head)
{
	uint64_t step = head - series->head;
	for (uint32_t place = 0; place < MARKS && series->head / MARKS_CHECK != head / MARKS_CHECK;
		place++)
		if (mark_back(series, place) + step > series->capacity)
			mark_set(series, place, head - series->capacity);
	series->head = head;
}

/* ---- slots ---- */

/* Where in the ring a slot lies. What was initialised has room for two slots at least. */
static uint32_t place(const struct sdr_series *series, uint64_t slot)
{
	assert(series->capacity > 0);
	return (uint32_t)(slot % series->capacity);
}

uint16_t sdr_series_slot(const struct sdr_series *series, uint64_t slot)
{
	return sdr_pack_get(series->memory + marks_bytes(series->capacity), place(series, slot));
}

static void slot_set(struct sdr_series *series, uint64_t slot, uint16_t code)
{
	sdr_pack_set(series->memory + marks_bytes(series->capacity), place(series, slot), code);
}

size_t sdr_series_bytes(uint32_t capacity)
{
	return marks_bytes(capacity) + SDR_PACK_BYTES((size_t)capacity);
}

void sdr_series_reset(struct sdr_series *series)
{
	series->newest = SDR_SERIES_NEVER;
	for (uint32_t i = 0; i < series->capacity; i++)
		slot_set(series, i, SDR_SLOT_GAP);
}

void sdr_series_init(struct sdr_series *series, uint16_t capacity)
{
	series->capacity = capacity;
	series->head = 1;
	memset(series->memory, 0, marks_bytes(capacity));
	sdr_series_reset(series);
}

void sdr_series_follow(struct sdr_series *series, const struct sdr_series *from)
{
	assert(from->capacity <= series->capacity);
	sdr_series_reset(series);
	series->head = from->head;
	series->newest = from->newest;
	for (uint32_t i = 0; i < MARKS; i++)
		mark_set(series, i,
			from->head -
				(mark_back(from, i) < from->capacity ? mark_back(from, i)
								     : from->capacity));
	for (uint64_t slot = from->head > from->capacity ? from->head - from->capacity : 0;
		slot < from->head; slot++)
		slot_set(series, slot, sdr_series_slot(from, slot));
}

uint16_t sdr_series_want(const struct sdr_spec *spec, sdr_ns time)
{
	int64_t want = (int64_t)spec->count;
	if (spec->count == 0 || spec->count > CAPACITY_MIN) {
		want = spec->interval > 0 ? (time + spec->timeout) / spec->interval + SLACK : 0;
		want = want < CAPACITY_MIN               ? CAPACITY_MIN
			: want > SDR_SERIES_CAPACITY_MAX ? SDR_SERIES_CAPACITY_MAX
							 : want;
	}
	return (uint16_t)(want < 2 ? 2 : want + want % 2);
}

/* ---- filling ---- */

static int32_t tenth_of(unsigned window, int32_t second)
{
	return window == SDR_WINDOW_10S ? second : second / 6;
}

/* A slot newer than all before begins the tenths up to its own. */
static void marks_go_on(struct sdr_series *series, uint64_t slot, int32_t second)
{
	for (unsigned w = 0; w < SDR_SERIES_WINDOWS; w++) {
		int32_t to = tenth_of(w, second), from = to - SDR_SERIES_TENTHS + 1;
		if (series->newest != SDR_SERIES_NEVER && tenth_of(w, series->newest) >= from)
			from = tenth_of(w, series->newest) + 1;
		for (int32_t tenth = from < 0 ? 0 : from; tenth <= to; tenth++)
			mark_set(series, mark_place(w, tenth), slot);
	}
	series->newest = second;
}

/* An older slot that was passed over belongs to its tenth, and to those before it that were taken
 * to be empty. */
static void marks_go_back(struct sdr_series *series, uint64_t slot, int32_t second)
{
	uint64_t age = series->head - slot;
	for (unsigned w = 0; w < SDR_SERIES_WINDOWS; w++) {
		int32_t oldest = tenth_of(w, series->newest) - SDR_SERIES_TENTHS + 1;
		for (int32_t tenth = tenth_of(w, second);
			tenth >= oldest && tenth >= 0 && mark_age(series, w, tenth) < age; tenth--)
			mark_set(series, mark_place(w, tenth), slot);
	}
}

void sdr_series_put(struct sdr_series *series, uint64_t slot, int32_t second, uint16_t code)
{
	if (slot + series->capacity < series->head)
		return;
	if (slot >= series->head) {
		uint64_t from = slot - series->head > series->capacity ? slot - series->capacity
								       : series->head;
		for (; from < slot; from++)
			slot_set(series, from, SDR_SLOT_PENDING);
		head_to(series, slot + 1);
	}
	slot_set(series, slot, code);
	if (second > series->newest)
		marks_go_on(series, slot, second);
	else
		marks_go_back(series, slot, second);
}

void sdr_series_gap(struct sdr_series *series, uint32_t n)
{
	for (uint32_t i = 0; i < n && i < series->capacity; i++)
		slot_set(series, series->head + i, SDR_SLOT_GAP);
	head_to(series, series->head + (n < series->capacity ? n : series->capacity));
}

/* ---- reading ---- */

uint32_t sdr_series_last(
	const struct sdr_series *series, const sdr_ns *values, sdr_ns *samples, uint32_t n)
{
	uint32_t have = n < series->capacity ? n : series->capacity;
	if (have >= series->head) /* the first slot is none */
		have = series->head ? (uint32_t)series->head - 1 : 0;
	for (uint32_t i = 0; i < n - have; i++)
		samples[i] = SDR_SAMPLE_GAP;
	for (uint32_t i = 0; i < have; i++) {
		uint16_t code = sdr_series_slot(series, series->head - have + i);
		samples[n - have + i] = code <= SDR_CODE_MAX ? values[code]
			: code == SDR_SLOT_LOST              ? SDR_SAMPLE_LOST
							     : SDR_SAMPLE_GAP;
	}
	return have;
}

/* How many of the newest slots the window takes in. */
static uint32_t window_slots(const struct sdr_series *series, enum sdr_window window, sdr_ns now)
{
	if (series->newest == SDR_SERIES_NEVER)
		return 0;
	int32_t newest = tenth_of(window, series->newest),
		last = tenth_of(window, (int32_t)(now / SDR_SECOND));
	int32_t first = (last > newest ? last : newest) - SDR_SERIES_TENTHS + 2;
	return first > newest ? 0 : mark_age(series, window, first < 0 ? 0 : first);
}

/* A scan up the codes, from percentile to higher percentile. */
struct scan {
	const uint16_t *counts; /* by code */
	const sdr_ns *values;   /* by code */
	uint64_t total, below;  /* all counts; those of codes below `code` */
	uint16_t code;          /* present code; at first no higher than the least code seen */
};

/* Nearest rank: the value at which a share of all lies at or below. */
static sdr_ns scan_to(struct scan *scan, double part)
{
	double rank = ceil(part * (double)scan->total);
	if (scan->total == 0)
		return SDR_NS_NONE;
	while ((double)(scan->below + scan->counts[scan->code]) < rank)
		scan->below += scan->counts[scan->code++];
	return scan->values[scan->code];
}

void sdr_series_figures(const struct sdr_series *series, const sdr_ns *values,
	enum sdr_window window, sdr_ns now, struct sdr_figures *figures)
{
	uint16_t counts[SDR_CODE_MAX + 1] = {0};
	struct sdr_stats stats = {0};
	struct scan scan = {.counts = counts, .values = values, .code = SDR_CODE_MAX};
	uint64_t lost = 0;
	for (uint32_t age = window_slots(series, window, now); age > 0; age--) {
		uint16_t code = sdr_series_slot(series, series->head - age);
		lost += code == SDR_SLOT_LOST;
		if (code > SDR_CODE_MAX)
			continue;
		counts[code]++;
		scan.total++;
		scan.code = code < scan.code ? code : scan.code;
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
	figures->p50 = scan_to(&scan, 0.50);
	figures->p95 = scan_to(&scan, 0.95);
	figures->p99 = scan_to(&scan, 0.99);
}
