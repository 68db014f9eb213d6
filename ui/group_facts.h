/* group_facts.h - what is known of the groups that a screen has room for: members by state,
 * availability of the last hour, the spread of round trips of the last ten minutes. */
#ifndef SOUNDER_UI_GROUP_FACTS_H
#define SOUNDER_UI_GROUP_FACTS_H

#include "sounder/engine.h"
#include "sounder/uptime.h"

#define UI_FACTS_GROUPS 24  /* at most */
#define UI_FACTS_MEMBERS 64 /* whose round trips make a group's spread; of more, evenly spaced */

/* Of round trips; SDR_NS_NONE: not known. */
struct ui_spread {
	sdr_ns p50, p95, p99;
};

struct ui_group_fact {
	uint32_t number;                 /* the model's */
	char name[SDR_HOST_TEXT];        /* a copy: the model's may go before the next update */
	struct sdr_target_group group;   /* without its name */
	double up;                       /* 0.0 to 1.0 of the last hour; NAN: not known */
	double shares[SDR_UPTIME_CELLS]; /* as sdr_model_uptime */
	struct ui_spread spread;
};

/* What is known between updates of a group that was shown, and the members of which it comes. */
struct ui_group_pass {
	uint32_t number;
	struct ui_spread spread;
	uint32_t seen, taken;
	uint32_t members[UI_FACTS_MEMBERS]; /* [taken] positions */
};

/* Zeroed is valid: nothing is known. */
struct ui_group_facts {
	struct ui_group_fact facts[UI_FACTS_GROUPS];
	unsigned count;      /* of `facts` */
	uint32_t more;       /* groups that there is no room for */
	uint32_t more_wrong; /* of these, with a member that is DOWN or SLOW */
	struct ui_group_pass passes[UI_FACTS_GROUPS];
	unsigned pass_count;
	uint64_t member_version; /* the model's that the members are of */
	uint32_t next;           /* position that is looked at next */
	unsigned pooled;         /* groups whose spread is computed, of this pass */
	sdr_ns passed;           /* when the last pass ended */
};

/* Reads at most `room` groups from the model: in the order in which they came, but where there are
 * more, those with something wrong first. */
void ui_group_facts_update(
	struct ui_group_facts *facts, const struct sdr_model *model, unsigned room, sdr_ns now);

/* Whether the model's group of that number is the one that was read. */
bool ui_group_facts_still(const struct ui_group_fact *fact, const struct sdr_model *model);

/* Computes a part of the spreads; as the panel's verb `work`. */
bool ui_group_facts_work(struct ui_group_facts *facts, const struct sdr_model *model, sdr_ns now);

#endif
