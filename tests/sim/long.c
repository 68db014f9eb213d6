/* long.c - a long run on a made-up clock: `long SAMPLES [TARGETS]` gives that many results, spread
 * over 5,000 targets at 1 s, to the model, with losses, late answers, outages and a suspension, and
 * fails if memory grows once all targets have seen each of them. Prints cost and memory. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "model/model.h"

#define TARGETS 5000
#define LONG_SERIES 1024 /* the model keeps a minute probe by probe of those after */
#define WARM_UP 200      /* rounds until everything has happened once */

static const struct sdr_probe_type type = {.name = "made-up"};

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005 + 1442695040888963407;
	return *seed >> 33;
}

struct population {
	struct sdr_target *targets; /* [count] */
	uint32_t count;
	uint64_t seed;
};

static size_t bytes_used(void)
{
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

static void round_of(
	struct sdr_sink *sink, uint64_t sequence, sdr_ns now, struct population *population)
{
	for (uint32_t i = 0; i < population->count; i++) {
		uint64_t luck = next_random(&population->seed);
		bool outage = (sequence + i) % 600 < 5, lost = outage || luck % 97 == 0;
		struct sdr_result result = {.sequence = sequence,
			.sent = now,
			.when = now + SDR_SECOND,
			.outcome = lost ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK,
			.rtt = lost ? SDR_NS_NONE
				    : (sdr_ns)(200000 + luck % 65536 * (luck % 11 ? 3 : 900)),
			.why = lost ? "no answer" : NULL};
		sink->on_result(sink->context, &population->targets[i], &result);
		result.kind = luck % 2 ? SDR_RESULT_LATE : SDR_RESULT_DUPLICATE;
		if (luck % 89 == 0 || sequence == 7)
			sink->on_result(sink->context, &population->targets[i], &result);
	}
}

static void clocks_go_on(struct sdr_model *model, sdr_ns now, sdr_ns slept)
{
	struct sdr_clocks clocks = {
		.now = now, .boot = now + slept, .wall = now + slept + SDR_SECOND};
	sdr_model_advance(model, &clocks);
}

/* Returns the bytes in use when those had come that have long series. */
static size_t add_all(struct sdr_sink *sink, struct population *population)
{
	static const struct sdr_spec spec = {
		.type = &type, .interval = SDR_SECOND, .timeout = 2 * SDR_SECOND};
	size_t bytes = 0;
	for (uint32_t i = 0; i < population->count; i++) {
		struct sdr_target *target = &population->targets[i];
		bytes = i <= LONG_SERIES ? bytes_used() : bytes;
		*target = (struct sdr_target){.id = i,
			.phase = SDR_PHASE_RUNNING,
			.spec = &spec,
			.typed = "t",
			.why = "",
			.name = "t"};
		sink->on_target(sink->context, target, SDR_TARGET_ADDED);
	}
	return bytes;
}

int main(int argc, char **argv)
{
	struct population population = {
		.count = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : TARGETS, .seed = 1};
	uint64_t rounds = (argc > 1 ? strtoull(argv[1], NULL, 10) : 2000000) / population.count;
	size_t warm = 0;
	struct sdr_model *model = sdr_model_new();
	population.targets = calloc(population.count, sizeof(*population.targets));
	if (!model || !population.targets || rounds <= WARM_UP || population.count <= LONG_SERIES)
		return 2;
	struct sdr_sink sink = sdr_model_sink(model);
	size_t empty = bytes_used(), some = add_all(&sink, &population), added = bytes_used();
	clock_t begun = clock();
	for (uint64_t n = 1; n <= rounds; n++) {
		sdr_ns now = (sdr_ns)n * SDR_SECOND;
		clocks_go_on(model, now, n < 100 ? SDR_SECOND : 3 * SDR_HOUR);
		round_of(&sink, n, now, &population);
		warm = n == WARM_UP ? bytes_used() : warm;
	}
	double ns = (double)(clock() - begun) / CLOCKS_PER_SEC * 1e9 /
		((double)rounds * population.count);
	struct sdr_figures figures;
	sdr_model_figures(model, 0, SDR_WINDOW_ALL, (sdr_ns)rounds * SDR_SECOND, &figures);
	size_t end = bytes_used();
	printf("%llu samples, %.0f ns each; p50 %.3f ms p99 %.3f ms\n",
		(unsigned long long)rounds * population.count, ns, (double)figures.p50 / 1e6,
		(double)figures.p99 / 1e6);
	printf("%zu bytes a target, %zu after the first %d; %zu with all "
	       "that happened, grown by %lld in all since\n",
		(added - empty) / population.count,
		(added - some) / (population.count - LONG_SERIES), LONG_SERIES,
		(end - empty) / population.count, (long long)end - (long long)warm);
	sdr_model_free(model);
	free(population.targets);
	return figures.sent == rounds && end <= warm + 65536 ? 0 : 1;
}
