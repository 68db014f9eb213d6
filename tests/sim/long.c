/* long.c - a long run on a made-up clock: `long SAMPLES` gives that many results, spread over 5,000 targets at 1 s, to the model, with losses, late
 * answers, outages and a suspension, and fails if memory grows once all targets have seen each of them. Prints cost and memory. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "model/model.h"

#define TARGETS 5000
#define WARM_UP 200 /* rounds until everything has happened once */

static const struct sdr_probe_type type = {.name = "made-up"};
static struct sdr_target targets[TARGETS];

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005 + 1442695040888963407;
	return *seed >> 33;
}

static void round_of(struct sdr_sink *sink, uint64_t sequence, sdr_ns now, uint64_t *seed)
{
	for (uint32_t i = 0; i < TARGETS; i++) {
		uint64_t luck = next_random(seed);
		bool outage = (sequence + i) % 600 < 5, lost = outage || luck % 97 == 0;
		struct sdr_result result = {.sequence = sequence,
			.sent = now,
			.when = now + SDR_SECOND,
			.outcome = lost ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK,
			.rtt = lost ? SDR_NS_NONE : (sdr_ns)(200000 + luck % 65536 * (luck % 11 ? 3 : 900)),
			.why = lost ? "no answer" : NULL};
		sink->on_result(sink->context, &targets[i], &result);
		result.kind = luck % 2 ? SDR_RESULT_LATE : SDR_RESULT_DUPLICATE;
		if (luck % 89 == 0 || sequence == 7)
			sink->on_result(sink->context, &targets[i], &result);
	}
}

static void clocks_go_on(struct sdr_model *model, sdr_ns now, sdr_ns slept)
{
	struct sdr_clocks clocks = {.now = now, .boot = now + slept, .wall = now + slept + SDR_SECOND};
	sdr_model_advance(model, &clocks);
}

int main(int argc, char **argv)
{
	uint64_t rounds = (argc > 1 ? strtoull(argv[1], NULL, 10) : 2000000) / TARGETS, seed = 1;
	size_t empty = mallinfo2().uordblks, warm = 0;
	struct sdr_model *model = sdr_model_new();
	if (!model || rounds <= WARM_UP)
		return 2;
	struct sdr_sink sink = sdr_model_sink(model);
	static const struct sdr_spec spec = {.type = &type, .interval = SDR_SECOND, .timeout = 2 * SDR_SECOND};
	for (uint32_t i = 0; i < TARGETS; i++) {
		targets[i] = (struct sdr_target){.id = i, .phase = SDR_PHASE_RUNNING, .spec = &spec, .typed = "t", .why = "", .name = "t"};
		sink.on_target(sink.context, &targets[i], SDR_TARGET_ADDED);
	}
	for (uint64_t n = 1; n <= rounds; n++) {
		sdr_ns now = (sdr_ns)n * SDR_SECOND;
		clocks_go_on(model, now, n < 100 ? SDR_SECOND : 3 * SDR_HOUR);
		round_of(&sink, n, now, &seed);
		warm = n == WARM_UP ? mallinfo2().uordblks : warm;
	}
	struct sdr_figures figures;
	sdr_model_figures(model, 0, SDR_WINDOW_ALL, (sdr_ns)rounds * SDR_SECOND, &figures);
	size_t end = mallinfo2().uordblks;
	printf("%llu samples, %.0f ns each; %zu bytes a target, grown by %lld bytes in all; p50 %.3f ms p99 %.3f ms\n",
		(unsigned long long)rounds * TARGETS, (double)clock() / CLOCKS_PER_SEC * 1e9 / ((double)rounds * TARGETS),
		(end - empty) / TARGETS, (long long)end - (long long)warm, (double)figures.p50 / 1e6, (double)figures.p99 / 1e6);
	sdr_model_free(model);
	return figures.sent == rounds && end <= warm + 65536 ? 0 : 1;
}
