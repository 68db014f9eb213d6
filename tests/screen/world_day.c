/* world_day.c - probes in rows: what a state is made of. */
#include "world_day.h"

#include <stdlib.h>

#include "model/model.h"

/* So many probes that were all answered, or all lost. */
static void probe_row(const struct world_watched *of, const struct sdr_sink *sink,
	struct sdr_clocks *clocks, bool good)
{
	for (unsigned i = 0; i < 3; i++) {
		const struct sdr_result result = {.sequence = ++*of->sequence,
			.sent = clocks->now,
			.when = clocks->wall,
			.outcome = good ? SDR_OUTCOME_OK : SDR_OUTCOME_TIMEOUT,
			.rtt = good ? of->rtt : SDR_NS_NONE};
		sink->on_result(sink->context, of->target, &result);
		clocks->now += SDR_SECOND;
		clocks->wall += SDR_SECOND;
	}
}

void world_day_pass(const struct world_watched *of, const struct sdr_sink *sink,
	struct sdr_clocks *clocks, char mark)
{
	probe_row(of, sink, clocks, mark != 'x');
	if (mark != 'd')
		return;
	clocks->now += SDR_DAY_CELL / 3;
	clocks->wall += SDR_DAY_CELL / 3;
	probe_row(of, sink, clocks, false);
	clocks->now += SDR_DAY_CELL / 3;
	clocks->wall += SDR_DAY_CELL / 3;
	probe_row(of, sink, clocks, true);
}

void world_repeat(const char *text, char *out, size_t size)
{
	size_t used = 0;
	for (const char *at = text; *at; at++) {
		char *mark;
		unsigned long times = strtoul(at, &mark, 10);
		at = mark;
		for (times = times ? times : 1; *at && times > 0 && used + 1 < size; times--)
			out[used++] = *at;
	}
}
