/* group_facts.c - counts and availability are read at once; spreads are computed between frames,
 * every few seconds. */
#include "group_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVERY (5 * SDR_SECOND) /* from one pass to the next */
#define PART 8192              /* positions that are looked at in one go */

/* ---- which groups ---- */

static bool is_wrong(const struct sdr_target_group *group)
{
	return group->tally[SDR_STATE_DOWN] + group->tally[SDR_STATE_SLOW] > 0;
}

/* Takes those that are wrong, or those that are not, as long as there is room. */
static void choose(
	struct ui_group_facts *facts, const struct sdr_model *model, unsigned room, bool wrong)
{
	struct sdr_target_group group;
	for (uint32_t number = 0; number < sdr_model_groups(model); number++) {
		if (!sdr_model_group(model, number, &group) || is_wrong(&group) != wrong)
			continue;
		if (facts->count < room) {
			struct ui_group_fact *fact = &facts->facts[facts->count++];
			*fact = (struct ui_group_fact){.number = number, .group = group};
			snprintf(fact->name, sizeof(fact->name), "%s", group.name);
			fact->group.name = NULL;
			continue;
		}
		facts->more++;
		facts->more_wrong += wrong;
	}
}

static int by_number(const void *one, const void *other)
{
	const struct ui_group_fact *a = one, *b = other;
	return (a->number > b->number) - (a->number < b->number);
}

static struct ui_spread spread_of(const struct ui_group_facts *facts, uint32_t number)
{
	for (unsigned i = 0; i < facts->pass_count; i++)
		if (facts->passes[i].number == number)
			return facts->passes[i].spread;
	return (struct ui_spread){SDR_NS_NONE, SDR_NS_NONE, SDR_NS_NONE};
}

void ui_group_facts_update(
	struct ui_group_facts *facts, const struct sdr_model *model, unsigned room, sdr_ns now)
{
	facts->count = 0;
	facts->more = facts->more_wrong = 0;
	room = room < UI_FACTS_GROUPS ? room : UI_FACTS_GROUPS;
	choose(facts, model, room, true);
	choose(facts, model, room, false);
	qsort(facts->facts, facts->count, sizeof(*facts->facts), by_number);
	for (unsigned i = 0; i < facts->count; i++) {
		struct ui_group_fact *fact = &facts->facts[i];
		fact->up = sdr_model_uptime(model, fact->number, now, fact->shares);
		fact->spread = spread_of(facts, fact->number);
	}
}

bool ui_group_facts_still(const struct ui_group_fact *fact, const struct sdr_model *model)
{
	struct sdr_target_group group;
	return sdr_model_group(model, fact->number, &group) &&
		strncmp(group.name, fact->name, sizeof(fact->name) - 1) == 0;
}

/* ---- spreads ---- */

static void begin_pass(struct ui_group_facts *facts, const struct sdr_model *model)
{
	facts->member_version = sdr_model_member_version(model);
	facts->next = 0;
	facts->pooled = 0;
	facts->pass_count = facts->count;
	for (unsigned i = 0; i < facts->count; i++) {
		struct ui_group_pass *pass = &facts->passes[i];
		pass->number = facts->facts[i].number;
		pass->spread = facts->facts[i].spread;
		pass->seen = pass->taken = 0;
	}
}

/* Takes a member into the sum of its group: every so many of a large one. */
static void take(struct ui_group_facts *facts, const struct sdr_model *model, uint32_t position)
{
	uint32_t number = sdr_model_group_of(model, position);
	struct sdr_target_group group;
	unsigned i = 0;
	while (i < facts->pass_count && facts->passes[i].number != number)
		i++;
	if (i == facts->pass_count || !sdr_model_group(model, number, &group))
		return;
	struct ui_group_pass *pass = &facts->passes[i];
	uint32_t step = group.members / UI_FACTS_MEMBERS + 1;
	if (pass->seen++ % step == 0 && pass->taken < UI_FACTS_MEMBERS)
		pass->members[pass->taken++] = position;
}

static void pool(struct ui_group_pass *pass, const struct sdr_model *model, sdr_ns now)
{
	struct sdr_figures figures;
	sdr_model_pool(model, pass->members, pass->taken, now, &figures);
	pass->spread = (struct ui_spread){figures.p50, figures.p95, figures.p99};
}

bool ui_group_facts_work(struct ui_group_facts *facts, const struct sdr_model *model, sdr_ns now)
{
	bool resting = facts->pooled == facts->pass_count;
	if (facts->count == 0 || (resting && facts->pass_count > 0 && now - facts->passed < EVERY))
		return false;
	if (resting || facts->member_version != sdr_model_member_version(model))
		begin_pass(facts, model);
	uint32_t count = sdr_model_count(model),
		 end = count - facts->next < PART ? count : facts->next + PART;
	if (facts->next < count) {
		while (facts->next < end)
			take(facts, model, facts->next++);
		return true;
	}
	pool(&facts->passes[facts->pooled++], model, now);
	if (facts->pooled == facts->pass_count)
		facts->passed = now;
	return facts->pooled < facts->pass_count;
}
