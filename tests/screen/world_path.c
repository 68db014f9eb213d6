/* world_path.c - rounds as the probe type counts them, from what a script has of each hop. */
#include "world_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/path.h"
#include "sounder/path.h"

#define ROUNDS 300
#define CHANGED 100
#define PATHS 8

struct made_hop {
	bool silent, changed, nat, tos;
	sdr_ns rtt;
	unsigned loss;
};

static struct path_target *made[PATHS];
static unsigned made_count;

static unsigned read_hops(const char *text, struct made_hop *hops)
{
	char word[32];
	unsigned count = 0;
	int used = 0;
	for (; sscanf(text, "%31s%n", word, &used) == 1; text += used) {
		char *slash = strchr(word, '/');
		if (strcmp(word, "change") == 0 && count > 0) {
			hops[count - 1].changed = true;
			continue;
		}
		if (strcmp(word, "nat") == 0 || strcmp(word, "tos") == 0) {
			*(word[0] == 'n' ? &hops[count - 1].nat : &hops[count - 1].tos) = true;
			continue;
		}
		if (slash)
			*slash = '\0';
		hops[count] = (struct made_hop){.silent = strcmp(word, "-") == 0,
			.loss = slash ? (unsigned)atoi(slash + 1) : 0};
		(void)!sdr_duration_parse(word, &hops[count].rtt, NULL);
		count++;
	}
	return count;
}

/* Losses by chance, the same in each picture. */
static bool is_lost(const struct made_hop *hop)
{
	static uint32_t seed = 11;
	seed = seed * 1103515245u + 12345;
	return hop->silent || (seed >> 16) % 100 < hop->loss;
}

/* What the hops quote, if any of them has something to show. */
static void quote(struct path_target *target, const struct made_hop *hops, unsigned count)
{
	struct hop_quoted quoted = {.known = true, .ttl = 1, .tos = 0, .nat = HOP_NAT_NONE};
	bool any = false;
	for (unsigned i = 0; i < count; i++)
		any |= hops[i].nat || hops[i].tos;
	for (unsigned i = 0; any && i + 1 < count; i++) {
		quoted.nat = hops[i].nat ? HOP_NAT_SEEN : quoted.nat;
		quoted.tos = hops[i].tos ? 0x28 : quoted.tos;
		if (!hops[i].silent)
			path_hops_at(&target->hops, (uint8_t)(i + 1))->quoted = quoted;
	}
}

static void probe(
	struct path_target *target, const struct made_hop *hop, struct hop_tag tag, bool last)
{
	struct path_change change;
	struct hop_answer answer = {.tag = tag,
		.kind = last ? HOP_REACHED : HOP_EXCEEDED,
		.rtt = hop->rtt + (tag.round * 7919 % 13) * hop->rtt / 40};
	bool before = hop->changed && tag.round <= CHANGED;
	answer.from = last
		? target->addr
		: (struct sdr_addr){.version = 4, .bytes = {10, 77, tag.ttl, before ? 6 : 2}};
	path_hops_sent(&target->hops, tag.ttl, tag.round);
	if (is_lost(hop)) {
		(void)path_trace_lost(&target->traces[0], &tag);
		path_hops_lost(&target->hops, tag.ttl, tag.round);
	} else if (path_trace_answer(&target->traces[0], &tag, answer.kind)) {
		(void)path_hops_answer(&target->hops, &answer,
			sdr_clock_wall() - (ROUNDS - tag.round) * SDR_SECOND, &change);
	}
}

void world_path_fill(struct sdr_target *public, const char *text)
{
	struct made_hop hops[SDR_PATH_HOPS];
	unsigned count = read_hops(text, hops);
	struct path_target *target = calloc(1, sizeof(*target));
	struct hop_tag tag = {0};
	if (!target || made_count == PATHS || count == 0 ||
		sdr_target_make_state(public, sizeof(struct path_own)) != SDR_OK ||
		path_hops_init(&target->hops, 30) != SDR_OK)
		abort();
	made[made_count++] = target;
	((struct path_own *)sdr_target_state(public))->own = target;
	*target = (struct path_target){.public = public,
		.addr = {.version = 4, .bytes = {10, 77, 100, 2}},
		.hops = target->hops,
		.traces = calloc(1, sizeof(struct path_trace)),
		.flow_count = 1,
		.flow_limit = 1,
		.round = ROUNDS,
		.ever_reached = true};
	path_trace_init(target->traces, 1, 30);
	for (uint32_t round = 1; round <= ROUNDS; round++) {
		path_trace_begin(target->traces, round);
		while (path_trace_next(target->traces, &tag) && tag.ttl <= count)
			probe(target, &hops[tag.ttl - 1], tag, tag.ttl == count);
	}
	quote(target, hops, count);
}

void world_path_end(void)
{
	while (made_count > 0) {
		struct path_target *target = made[--made_count];
		path_hops_done(&target->hops);
		free(target->traces);
		free(target);
	}
}
