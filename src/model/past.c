/* past.c - minutes as counts in unary, and older ones as three bytes.
 *
 * A record's bits are, for each bucket from its lowest on, as many ones as it counts and a zero. To count one more is to put a one in at
 * the right place; to give the lowest buckets up is to take zeros out. */
#include "model/past.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS SDR_SKETCH_BUCKETS
#define SPARE 4      /* answers a minute beyond what the interval has, for pacing and probes out of turn */
#define NOTHING 0xFF /* of an older minute: no answer; no probe */

/* A minute's record: `bits` follow. */
struct record {
	uint16_t lost;
	uint8_t base; /* number of the lowest bucket */
	uint8_t used; /* something is counted */
};

/* An older minute. */
struct bygone {
	uint8_t middle, worst; /* buckets; NOTHING: no answer */
	uint8_t loss;          /* in 254ths, but 0 only where nothing was lost; NOTHING: nothing was sent */
};

static size_t stride(const struct sdr_past *past)
{
	return sizeof(struct record) + past->bits_bytes;
}

size_t sdr_past_size(const struct sdr_past *past)
{
	return SDR_PAST_MINUTES * stride(past) + (SDR_PAST_HOUR - SDR_PAST_MINUTES) * sizeof(struct bygone);
}

static struct record *record_of(const struct sdr_past *past, int32_t minute)
{
	return (struct record *)(void *)(past->memory + (size_t)(minute % SDR_PAST_MINUTES) * stride(past));
}

static uint8_t *bits_of(struct record *record)
{
	return (uint8_t *)(record + 1);
}

static struct bygone *bygone_of(const struct sdr_past *past, int32_t minute)
{
	return (struct bygone *)(void *)(past->memory + SDR_PAST_MINUTES * stride(past)) + minute % (SDR_PAST_HOUR - SDR_PAST_MINUTES);
}

void sdr_past_reset(struct sdr_past *past)
{
	past->begun = false;
	if (!past->memory)
		return;
	memset(past->memory, 0, sdr_past_size(past));
	for (int32_t i = 0; i < SDR_PAST_HOUR - SDR_PAST_MINUTES; i++)
		*bygone_of(past, i) = (struct bygone){NOTHING, NOTHING, NOTHING};
}

enum sdr_status sdr_past_init(struct sdr_past *past, sdr_ns interval)
{
	*past = (struct sdr_past){0};
	if (interval <= 0)
		return SDR_OK;
	size_t bits = BUCKETS + SPARE + (size_t)(SDR_MINUTE / interval);
	past->bits_bytes = (uint16_t)((bits + 15) / 16 * 2); /* whole records stay aligned */
	past->memory = malloc(sdr_past_size(past));
	if (!past->memory)
		return SDR_ENOMEM;
	sdr_past_reset(past);
	return SDR_OK;
}

void sdr_past_done(struct sdr_past *past)
{
	free(past->memory);
	*past = (struct sdr_past){0};
}

enum sdr_status sdr_past_resize(struct sdr_past *past, sdr_ns interval)
{
	struct sdr_past other;
	enum sdr_status status = sdr_past_init(&other, interval);
	if (status != SDR_OK)
		return status;
	if (!past->memory || other.bits_bytes <= past->bits_bytes) {
		struct sdr_past *loser = past->memory ? &other : past;
		sdr_past_done(loser);
		if (loser == past)
			*past = other;
		return SDR_OK;
	}
	other.newest = past->newest;
	other.begun = past->begun;
	for (int32_t i = 0; i < SDR_PAST_MINUTES; i++)
		memcpy(record_of(&other, i), record_of(past, i), stride(past));
	memcpy(bygone_of(&other, 0), bygone_of(past, 0), (SDR_PAST_HOUR - SDR_PAST_MINUTES) * sizeof(struct bygone));
	sdr_past_done(past);
	*past = other;
	return SDR_OK;
}

/* ---- bits ---- */

static bool bit_get(const uint8_t *bits, size_t at)
{
	return bits[at / 8] >> at % 8 & 1;
}

static void bit_insert(uint8_t *bits, size_t bytes, size_t at, bool bit)
{
	size_t byte = at / 8;
	unsigned low = (1u << at % 8) - 1, old = bits[byte];
	for (size_t i = bytes - 1; i > byte; i--)
		bits[i] = (uint8_t)(bits[i] << 1 | bits[i - 1] >> 7);
	bits[byte] = (uint8_t)((old & low) | (unsigned)bit << at % 8 | (old & ~low) << 1);
}

static void bit_remove(uint8_t *bits, size_t bytes, size_t at)
{
	size_t byte = at / 8;
	unsigned low = (1u << at % 8) - 1, old = bits[byte];
	bits[byte] = (uint8_t)((old & low) | ((old >> 1) & ~low));
	for (size_t i = byte; i + 1 < bytes; i++) {
		bits[i] = (uint8_t)((bits[i] & 0x7F) | bits[i + 1] << 7);
		bits[i + 1] >>= 1;
	}
}

/* Where the ones of a bucket begin: behind that many zeros. */
static size_t bucket_start(const uint8_t *bits, unsigned bucket)
{
	size_t byte = 0, at;
	for (;; byte++) {
		unsigned zeros = 8 - (unsigned)__builtin_popcount(bits[byte]);
		if (zeros >= bucket)
			break;
		bucket -= zeros;
	}
	for (at = byte * 8; bucket > 0; at++)
		bucket -= !bit_get(bits, at);
	return at;
}

static unsigned answers(const struct record *record, size_t bytes)
{
	const uint8_t *bits = (const uint8_t *)(record + 1);
	unsigned count = 0;
	for (size_t i = 0; i < bytes; i++)
		count += (unsigned)__builtin_popcount(bits[i]);
	return count;
}

/* The highest bucket that counts anything. */
static unsigned highest(const struct record *record, size_t bytes)
{
	const uint8_t *bits = (const uint8_t *)(record + 1);
	unsigned zeros = 0, top = 0;
	for (size_t at = 0; at < bytes * 8 && zeros < BUCKETS; at++) {
		if (bit_get(bits, at))
			top = zeros;
		else
			zeros++;
	}
	return top;
}

/* Moves the buckets so that `bucket` is among them: up at the cost of the lowest, down as far as the highest allows. */
static void follow(struct record *record, size_t bytes, int bucket)
{
	uint8_t *bits = bits_of(record);
	for (; bucket >= record->base + BUCKETS; record->base++)
		bit_remove(bits, bytes, bucket_start(bits, 1) - 1);
	int room = BUCKETS - 1 - (int)highest(record, bytes);
	for (; bucket < record->base && room > 0; record->base--, room--)
		bit_insert(bits, bytes, 0, false);
}

/* A third below, two thirds above: slow answers matter more than fast ones. */
static int first_base(int bucket)
{
	int first = bucket - BUCKETS / 3, last = SDR_BUCKET_COUNT - BUCKETS;
	return first < 0 ? 0 : first > last ? last : first;
}

static void count_answer(struct record *record, size_t bytes, uint16_t code)
{
	int bucket = sdr_bucket_of(code);
	if (!record->used)
		record->base = (uint8_t)first_base(bucket);
	record->used = true;
	if (answers(record, bytes) + BUCKETS >= bytes * 8)
		return;
	if (bucket < record->base || bucket >= record->base + BUCKETS)
		follow(record, bytes, bucket);
	unsigned place = bucket < record->base ? 0 : (unsigned)(bucket - record->base);
	bit_insert(bits_of(record), bytes, bucket_start(bits_of(record), place), true);
}

/* ---- time ---- */

/* Adds a record's counts to those by bucket; returns how many. */
static unsigned add_counts(const struct record *record, size_t bytes, uint32_t *counts)
{
	const uint8_t *bits = (const uint8_t *)(record + 1);
	unsigned left = answers(record, bytes), sum = left;
	size_t bucket = record->base;
	for (size_t at = 0; left > 0; at++) {
		if (!bit_get(bits, at)) {
			bucket++;
			continue;
		}
		counts[bucket]++;
		left--;
	}
	return sum;
}

static int ranked(const uint32_t *counts, double part, unsigned total)
{
	double rank = fmax(ceil(part * total), 1);
	uint32_t sum = 0;
	int bucket = 0;
	while ((sum += counts[bucket]) < rank)
		bucket++;
	return bucket;
}

static struct bygone sum_up(const struct record *record, size_t bytes)
{
	uint32_t counts[SDR_BUCKET_COUNT] = {0};
	unsigned received = add_counts(record, bytes, counts), sent = received + record->lost;
	struct bygone bygone = {NOTHING, NOTHING, NOTHING};
	if (received) {
		bygone.middle = (uint8_t)ranked(counts, 0.5, received);
		bygone.worst = (uint8_t)ranked(counts, 1.0, received);
	}
	if (sent)
		bygone.loss = (uint8_t)((record->lost * 254 + sent - 1) / sent);
	return bygone;
}

static void go_on(struct sdr_past *past, int32_t minute)
{
	if (past->begun && minute - past->newest > SDR_PAST_HOUR)
		sdr_past_reset(past);
	for (int32_t m = past->begun ? past->newest + 1 : minute; m <= minute; m++) {
		struct record *record = record_of(past, m);
		if (m >= SDR_PAST_MINUTES)
			*bygone_of(past, m - SDR_PAST_MINUTES) = sum_up(record, past->bits_bytes);
		memset(record, 0, stride(past));
	}
	past->newest = minute;
	past->begun = true;
}

void sdr_past_put(struct sdr_past *past, sdr_ns sent, uint16_t code)
{
	int32_t minute = (int32_t)(sent / SDR_MINUTE);
	if (!past->memory)
		return;
	if (!past->begun || minute > past->newest)
		go_on(past, minute);
	if (minute < 0 || minute + SDR_PAST_MINUTES <= past->newest)
		return;
	struct record *record = record_of(past, minute);
	if (code <= SDR_CODE_MAX)
		count_answer(record, past->bits_bytes, code);
	else if (record->lost < UINT16_MAX)
		record->lost++;
}

/* ---- reading ---- */

static void fill_times(struct sdr_figures *figures, const uint32_t *counts, unsigned total)
{
	double sum = 0, squares = 0;
	for (int i = 0; i < SDR_BUCKET_COUNT; i++) {
		double value = counts[i] ? (double)sdr_bucket_middle(i) : 0;
		sum += value * counts[i];
		squares += value * value * counts[i];
	}
	double mean = sum / total;
	figures->avg = llround(mean);
	figures->mdev = llround(sqrt(fmax(squares / total - mean * mean, 0)));
	figures->min = sdr_bucket_middle(ranked(counts, 0, total));
	figures->max = sdr_bucket_middle(ranked(counts, 1, total));
	figures->p50 = sdr_bucket_middle(ranked(counts, 0.50, total));
	figures->p95 = sdr_bucket_middle(ranked(counts, 0.95, total));
	figures->p99 = sdr_bucket_middle(ranked(counts, 0.99, total));
}

void sdr_past_figures(const struct sdr_past *past, sdr_ns now, struct sdr_figures *figures)
{
	uint32_t counts[SDR_BUCKET_COUNT] = {0};
	unsigned received = 0;
	int32_t last = (int32_t)(now / SDR_MINUTE);
	*figures = (struct sdr_figures){.min = SDR_NS_NONE,
		.avg = SDR_NS_NONE,
		.max = SDR_NS_NONE,
		.mdev = SDR_NS_NONE,
		.jitter = SDR_NS_NONE,
		.p50 = SDR_NS_NONE,
		.p95 = SDR_NS_NONE,
		.p99 = SDR_NS_NONE};
	if (!past->begun)
		return;
	last = last > past->newest ? last : past->newest;
	for (int32_t m = last - SDR_PAST_MINUTES + 1; m <= past->newest; m++) {
		const struct record *record = m < 0 ? NULL : record_of(past, m);
		received += record ? add_counts(record, past->bits_bytes, counts) : 0;
		figures->lost += record ? record->lost : 0;
	}
	figures->received = received;
	figures->sent = figures->received + figures->lost;
	if (received)
		fill_times(figures, counts, received);
}

static struct bygone minute_at(const struct sdr_past *past, int32_t minute)
{
	const struct bygone nothing = {NOTHING, NOTHING, NOTHING};
	if (!past->begun || minute < 0 || minute > past->newest || minute + SDR_PAST_HOUR <= past->newest)
		return nothing;
	if (minute + SDR_PAST_MINUTES > past->newest)
		return sum_up(record_of(past, minute), past->bits_bytes);
	return *bygone_of(past, minute);
}

void sdr_past_history(const struct sdr_past *past, sdr_ns now, struct sdr_minute *minutes, uint32_t n)
{
	int32_t last = (int32_t)(now / SDR_MINUTE);
	for (uint32_t i = 0; i < n; i++) {
		struct bygone bygone = minute_at(past, last - (int32_t)(n - 1 - i));
		minutes[i] = (struct sdr_minute){
			.typical = bygone.middle == NOTHING ? SDR_NS_NONE : sdr_bucket_middle(bygone.middle),
			.worst = bygone.worst == NOTHING ? SDR_NS_NONE : sdr_bucket_middle(bygone.worst),
			.loss = bygone.loss == NOTHING ? NAN : 100.0 * bygone.loss / 254,
		};
	}
}
